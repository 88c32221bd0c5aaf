/* Calls of the file system fail while Xapian writes a batch: each of a kind in turn, once or from then on. Whatever it
 * was, what the last commit left is whole, and the batch goes through when the disk is well again.
 *
 * The calls are caught in this program, which the loader prefers to the C library. A batch frees more blocks than one
 * block of the free list names, so that the list goes on to another within it. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random.h"
#include "reference.h"
#include "temp.h"
#include "xapian_care.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/syscall.h>

enum { DOCUMENTS = 300, DATA_BYTES = 3600, BLOCK_BYTES = 2048, ARENA_BYTES = 64 << 20, DENSE = 48, STRIDE = 211 };

enum kind { KIND_PWRITE, KIND_WRITE, KIND_SYNC, KIND_RENAME, KIND_OPEN, KIND_COUNT };
static const char *const kind_names[] = {"pwrite", "write", "fdatasync", "rename", "open"};

/* ---- calls that fail */

static struct {
    bool armed, once, tripped;
    enum kind kind;
    unsigned at;   /* this call fails, from 1; 0: none */
    unsigned seen; /* of this kind, while armed */
    int file;      /* that could not be written, then the number is another's; -1: none */
} plan = {.file = -1};

static bool fails(enum kind kind)
{
    if (!plan.armed || kind != plan.kind)
        return false;
    plan.seen++;
    if (plan.at == 0 || plan.seen < plan.at || (plan.once && plan.tripped))
        return false;
    plan.tripped = true;
    errno = kind == KIND_SYNC ? EIO : ENOSPC;
    return true;
}

ssize_t pwrite(int file, const void *bytes, size_t size, off_t at)
{
    return fails(KIND_PWRITE) ? -1 : syscall(SYS_pwrite64, file, bytes, size, at);
}

ssize_t write(int file, const void *bytes, size_t size)
{
    if (!fails(KIND_WRITE))
        return syscall(SYS_write, file, bytes, size);
    plan.file = file;
    return -1;
}

int fdatasync(int file)
{
    return fails(KIND_SYNC) ? -1 : (int)syscall(SYS_fdatasync, file);
}

int rename(const char *from, const char *to)
{
    return fails(KIND_RENAME) ? -1 : (int)syscall(SYS_rename, from, to);
}

int open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return fails(KIND_OPEN) ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

/* The number of a file that could not be written is given to another one at once, as among threads. */
int close(int file)
{
    int done = (int)syscall(SYS_close, file);
    if (plan.armed && file == plan.file) {
        int other = (int)syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDONLY | O_CLOEXEC, 0);
        if (other != file) {
            syscall(SYS_dup2, other, file);
            syscall(SYS_close, other);
        }
        plan.armed = false;
    }
    return done;
}

/* ---- one index, copied for each trial */

struct bench {
    char folder[64], base[96], path[96];
    struct arena *arena;
    char noise[1 << 16];
};

static void sound(enum fault fault, const struct error *err)
{
    if (fault != FAULT_NONE)
        fail_msg("%s: %s", err->rule, err->text);
}

static struct span unique(struct bench *bench, unsigned n)
{
    struct text term = arena_format(bench->arena, "Qd/%u", n);
    return (struct span){term.at, term.size};
}

static enum fault document_add(struct bench *bench, struct database *database, unsigned n, uint64_t *random,
                               struct error *err)
{
    static const uint32_t positions[] = {1, 7, 30};
    struct posting postings[] = {
        {unique(bench, n), 0, 0, NULL}, {SPAN("Zbyggesag"), 3, 3, positions}, {SPAN("Zudvalg"), 3, 3, positions}};
    struct slot_value values[3];
    for (uint32_t i = 0; i < 3; i++)
        values[i] = (struct slot_value){i, {bench->noise + random_below(random, 1 << 15), 60}};
    struct index_document document = {.unique = postings[0].term,
                                      .postings = postings,
                                      .posting_count = 3,
                                      .values = values,
                                      .value_count = 3,
                                      .data = {bench->noise + random_below(random, 1 << 15), DATA_BYTES}};
    return database_add(database, &document, err);
}

/* Every document anew. */
static enum fault batch_apply(struct bench *bench, struct database *database, uint64_t seed, struct error *err)
{
    TRY(database_begin(database, err));
    for (unsigned n = 0; n < DOCUMENTS; n++) {
        TRY(database_delete(database, unique(bench, n), err));
        TRY(document_add(bench, database, n, &seed, err));
    }
    TRY(database_meta_set(database, SPAN("sequence"), SPAN("7"), err));
    return database_commit(database, err);
}

static int bench_setup(void **state)
{
    struct bench *bench = test_calloc(1, sizeof *bench);
    struct database *database;
    struct error err;
    uint64_t random = 5;
    setenv("XAPIAN_FLUSH_THRESHOLD", "100", 1); /* writes in the middle of a batch, as the daemon does */
    assert_true(temp_make(bench->folder));
    snprintf(bench->base, sizeof bench->base, "%s/base", bench->folder);
    snprintf(bench->path, sizeof bench->path, "%s/trial", bench->folder);
    bench->arena = arena_new(ARENA_BYTES);
    for (size_t i = 0; i < sizeof bench->noise; i++)
        bench->noise[i] = (char)(1 + random_below(&random, 255));
    reference_database(bench->base, BLOCK_BYTES);
    sound(database_open_again(bench->base, &database, &err), &err);
    sound(batch_apply(bench, database, 1, &err), &err);
    sound(batch_apply(bench, database, 2, &err), &err);
    database_close(&database);
    *state = bench;
    return 0;
}

static int bench_teardown(void **state)
{
    struct bench *bench = *state;
    arena_free(&bench->arena);
    temp_remove(bench->folder);
    test_free(bench);
    return 0;
}

static void base_copy(const struct bench *bench)
{
    static const char *const names[] = {"iamglass", "postlist.glass", "docdata.glass", "termlist.glass",
                                        "position.glass"};
    static char bytes[1 << 16];
    temp_remove(bench->path);
    assert_int_equal(mkdir(bench->path, 0700), 0);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char from[128], to[128];
        ssize_t size;
        snprintf(from, sizeof from, "%s/%s", bench->base, names[i]);
        snprintf(to, sizeof to, "%s/%s", bench->path, names[i]);
        int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT, 0600);
        assert_true(in >= 0 && out >= 0);
        while ((size = read(in, bytes, sizeof bytes)) > 0)
            assert_int_equal(write(out, bytes, (size_t)size), size);
        close(in);
        close(out);
    }
}

static void whole(const struct bench *bench, const char *when)
{
    struct error err;
    char words[CHECK_WORDS_BYTES];
    uint64_t errors = 0;
    if (database_check(bench->path, &errors, words, &err) != FAULT_NONE)
        fail_msg("%s %u %s: %s %s: %s", kind_names[plan.kind], plan.at, plan.once ? "once" : "on", when, err.rule,
                 err.text);
    if (errors > 0)
        fail_msg("%s %u %s: %s Xapian finds %u errors: %s", kind_names[plan.kind], plan.at, plan.once ? "once" : "on",
                 when, (unsigned)errors, words);
}

/* False: the batch has no such call, and went through; so it does where call `told` fails (0: none is so). */
static bool trial(struct bench *bench, enum kind kind, unsigned at, bool once, unsigned told)
{
    struct database *database;
    struct error err;
    uint64_t documents;
    arena_reset(bench->arena);
    base_copy(bench);
    sound(database_open_again(bench->path, &database, &err), &err);
    plan.kind = kind, plan.at = at, plan.once = once, plan.tripped = false, plan.seen = 0, plan.file = -1;
    plan.armed = true;
    enum fault fault = batch_apply(bench, database, 3, &err);
    bool tripped = plan.tripped;
    int other = plan.armed ? -1 : plan.file;
    database_close(&database);
    plan.armed = false;
    if (other >= 0) {
        assert_true(fcntl(other, F_GETFD) >= 0); /* a file of somebody else's */
        close(other);
    }
    assert_int_equal(fault, tripped && at != told ? FAULT_REOPEN : FAULT_NONE);
    if (!tripped)
        return false;
    whole(bench, "what is left:");
    for (uint64_t seed = 3; seed < 5; seed++) {
        sound(database_open_again(bench->path, &database, &err), &err);
        sound(database_count(database, 0, &documents, &err), &err);
        assert_int_equal(documents, DOCUMENTS);
        sound(batch_apply(bench, database, seed, &err), &err);
        database_close(&database);
    }
    whole(bench, "afterwards:");
    return true;
}

/* All of the last calls, which a commit makes, and some of those before. */
static void each_call_fails(struct bench *bench, enum kind kind)
{
    assert_false(trial(bench, kind, 0, true, 0));
    unsigned calls = plan.seen, trials = 0;
    unsigned told = kind == KIND_RENAME ? calls : 0; /* behind the commit, that nobody writes any more */
    for (unsigned at = 1; at <= calls; at += at + DENSE < calls ? STRIDE : 1)
        for (int once = 0; once < 2; once++, trials++)
            assert_true(trial(bench, kind, at, once, told));
    print_message("%u calls of %s, %u trials\n", calls, kind_names[kind], trials);
}

static void a_block_that_cannot_be_written_breaks_nothing(void **state)
{
    each_call_fails(*state, KIND_PWRITE);
}

static void a_table_that_cannot_be_synced_breaks_nothing(void **state)
{
    each_call_fails(*state, KIND_SYNC);
}

static void a_revision_that_cannot_be_written_breaks_nothing(void **state)
{
    each_call_fails(*state, KIND_WRITE);
    each_call_fails(*state, KIND_OPEN);
    each_call_fails(*state, KIND_RENAME);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_block_that_cannot_be_written_breaks_nothing, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(a_table_that_cannot_be_synced_breaks_nothing, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(a_revision_that_cannot_be_written_breaks_nothing, bench_setup, bench_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
