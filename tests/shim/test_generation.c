/* Generations against a real Xapian: a shard moves to another one whole, wherever it is interrupted. The calls that a
 * move is made of go through the test (--wrap), which ends the process at each of them in turn. */
#define _XOPEN_SOURCE 700
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "closer.h"
#include "generation.h"
#include "schema.h"
#include "shard.h"
#include "temp.h"
#include "view.h"

/* ---- where the process ends */

enum { CRASHED = 9 };

static int calls_left = -1; /* -1: never */

static void maybe_crash(void)
{
    if (calls_left >= 0 && calls_left-- == 0)
        _exit(CRASHED);
}

int __real_rename(const char *from, const char *to);
int __real_unlink(const char *path);
int __real_fsync(int file);
int __wrap_rename(const char *from, const char *to);
int __wrap_unlink(const char *path);
int __wrap_fsync(int file);

int __wrap_rename(const char *from, const char *to)
{
    maybe_crash();
    return __real_rename(from, to);
}

int __wrap_unlink(const char *path)
{
    maybe_crash();
    return __real_unlink(path);
}

int __wrap_fsync(int file)
{
    maybe_crash();
    return __real_fsync(file);
}

/* ---- a shard with one document in each part */

struct bench {
    char folder[64];
    struct shard shard;
    struct arena *arena;
};

static void ok(enum fault fault, const struct error *err)
{
    if (fault != FAULT_NONE)
        fail_msg("%s: %s", err->rule, err->text);
}

static void document_put(struct database *database, struct span term)
{
    struct error err;
    struct posting posting = {.term = term, .wdf = 1};
    struct index_document document = {.unique = term, .postings = &posting, .posting_count = 1, .data = SPAN("id=x")};
    ok(database_begin(database, &err), &err);
    ok(database_add(database, &document, &err), &err);
    ok(database_commit(database, &err), &err);
}

static void database_make(const char *path, struct span term)
{
    struct error err;
    struct database *database;
    ok(database_open_write(path, &database, &err), &err);
    document_put(database, term);
    database_close(&database);
}

static int bench_setup(void **state)
{
    struct bench *bench = test_calloc(1, sizeof *bench);
    struct error err;
    assert_true(temp_make(bench->folder));
    bench->arena = arena_new(1 << 20);
    ok(shard_open(&bench->shard, bench->folder, 0, 1, &err), &err);
    ok(shard_open_closed(&bench->shard, &err), &err);
    document_put(bench->shard.open.database, SPAN("Zold"));
    document_put(bench->shard.closed.database, SPAN("Zold"));
    bench->shard.sequence = 41;
    *state = bench;
    return 0;
}

static int bench_teardown(void **state)
{
    struct bench *bench = *state;
    shard_close(&bench->shard);
    arena_free(&bench->arena);
    temp_remove(bench->folder);
    test_free(bench);
    return 0;
}

static void next_make(struct bench *bench, struct generation *next, bool closed)
{
    struct error err;
    ok(generation_next(bench->folder, 0, next, &err), &err);
    database_make(next->open, SPAN("Znew"));
    if (closed)
        database_make(next->closed, SPAN("Znew"));
    next->has_closed = closed;
}

static uint64_t documents_with(struct database *database, struct span term)
{
    struct error err;
    uint64_t count = 0;
    ok(database_frequency(database, term, &count, &err), &err);
    return count;
}

static uint64_t part_with(struct bench *bench, bool closed, struct span term)
{
    struct error err;
    char part[PATH_MAX];
    const char *path = part;
    struct database *reader;
    ok(directory_part(bench->folder, closed, 0, part, &err), &err);
    ok(database_open_read(&path, 1, &reader, &err), &err);
    uint64_t count = documents_with(reader, term);
    database_close(&reader);
    return count;
}

static bool exists(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0;
}

static struct span meta(struct bench *bench, struct database *database, enum schema_key key)
{
    struct error err;
    struct span value;
    ok(database_meta(database, 0, bench->arena, schema_key(key), &value, &err), &err);
    return value;
}

/* ---- the stories */

static void a_shard_moves_with_its_identity(void **state)
{
    struct bench *bench = *state;
    struct error err;
    struct generation next, old;
    unsigned char lineage[LINEAGE_BYTES];
    struct span before = meta(bench, bench->shard.open.database, KEY_LINEAGE);
    memcpy(lineage, bench->shard.lineage, sizeof lineage);
    next_make(bench, &next, true);
    ok(shard_switch(&bench->shard, &next, true, &old, &err), &err);
    assert_int_equal(bench->shard.sequence, 42);
    assert_int_equal(part_with(bench, false, SPAN("Znew")), 1);
    assert_int_equal(part_with(bench, true, SPAN("Znew")), 1);
    assert_int_equal(part_with(bench, false, SPAN("Zold")), 0);
    document_put(bench->shard.open.database, SPAN("Zlater"));
    shard_close(&bench->shard);
    ok(shard_open(&bench->shard, bench->folder, 0, 1, &err), &err);
    assert_int_equal(bench->shard.sequence, 42);
    assert_int_equal(bench->shard.analysis, ANALYSIS_VERSION);
    assert_memory_equal(bench->shard.lineage, lineage, sizeof lineage);
    assert_int_equal(part_with(bench, false, SPAN("Zlater")), 1);
    assert_true(span_equal(meta(bench, bench->shard.open.database, KEY_LINEAGE), before));
    assert_true(span_equal(meta(bench, bench->shard.closed.database, KEY_SEQUENCE), SPAN("42")));
    assert_true(span_equal(meta(bench, bench->shard.closed.database, KEY_SHARDS), SPAN("1")));
}

/* A generation without closed items leaves an empty closed part, so that nothing of the old one is found there. */
static void closed_items_that_are_gone_are_gone(void **state)
{
    struct bench *bench = *state;
    struct error err;
    struct generation next;
    next_make(bench, &next, false);
    ok(shard_switch(&bench->shard, &next, true, NULL, &err), &err);
    assert_int_equal(part_with(bench, true, SPAN("Zold")), 0);
    assert_int_equal(part_with(bench, false, SPAN("Znew")), 1);
}

static void readers_move_when_the_stub_does(void **state)
{
    struct bench *bench = *state;
    struct error err;
    struct generation next, old;
    char part[PATH_MAX];
    const char *path = part;
    struct database *held;
    struct view *view = view_new(bench->folder, 1);
    ok(directory_part(bench->folder, false, 0, part, &err), &err);
    ok(database_open_read(&path, 1, &held, &err), &err);
    ok(view_refresh(view, &err), &err);
    assert_int_equal(documents_with(view_database(view), SPAN("Zold")), 1);
    next_make(bench, &next, true);
    ok(shard_switch(&bench->shard, &next, true, &old, &err), &err);
    generation_remove(&old);
    assert_false(exists(old.open));
    assert_false(exists(old.closed));
    ok(view_refresh(view, &err), &err);
    assert_int_equal(documents_with(view_database(view), SPAN("Znew")), 1);
    assert_int_equal(documents_with(view_database(view), SPAN("Zold")), 0);
    assert_int_equal(documents_with(held, SPAN("Zold")), 1); /* what was opened before is there to the end */
    database_close(&held);
    view_free(&view);
}

static void stub_date(struct bench *bench, const struct timespec *time)
{
    char path[PATH_MAX + 16];
    struct timespec times[2] = {*time, *time};
    snprintf(path, sizeof path, "%s/XAPIANDB", bench->shard.open.path);
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static ino_t stub_number(struct bench *bench)
{
    char path[PATH_MAX + 16];
    struct stat about;
    snprintf(path, sizeof path, "%s/XAPIANDB", bench->shard.open.path);
    assert_int_equal(stat(path, &about), 0);
    return about.st_ino;
}

/* A file system gives the number of a file that is gone to another one, and a clock that was set back the same time:
 * readers see that the stub is another one all the same. */
static void a_stub_is_known_without_its_time(void **state)
{
    enum { TRIES = 60 }; /* until the number comes back, where it may */
    struct bench *bench = *state;
    struct error err;
    struct generation next, old;
    const struct timespec then = {.tv_sec = 1000000000};
    struct view *view = view_new(bench->folder, 1);
    stub_date(bench, &then);
    ok(view_refresh(view, &err), &err);
    ino_t number = stub_number(bench);
    next_make(bench, &next, false);
    ok(shard_switch(&bench->shard, &next, true, &old, &err), &err);
    for (int i = 0; i < TRIES && stub_number(bench) != number; i++)
        ok(directory_publish(bench->shard.open.path, next.open, NULL, &err), &err);
    stub_date(bench, &then);
    ok(view_refresh(view, &err), &err);
    assert_int_equal(documents_with(view_database(view), SPAN("Znew")), 1);
    view_free(&view);
}

/* Descriptors of this process that lead below a folder, deleted or not. */
static size_t descriptors_below(const char *folder)
{
    char link[64], to[PATH_MAX];
    size_t found = 0;
    for (int fd = 0; fd < 1024; fd++) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t size = readlink(link, to, sizeof to - 1);
        to[size > 0 ? size : 0] = '\0';
        found += strncmp(to, folder, strlen(folder)) == 0;
    }
    return found;
}

/* What goes with a generation is closed by whom it is left to, and not before. */
static void what_a_row_leaves_is_closed_elsewhere(void **state)
{
    struct bench *bench = *state;
    struct error err;
    struct generation next, old;
    char part[PATH_MAX];
    struct database *before, *after, *rest;
    ok(directory_part(bench->folder, false, 0, part, &err), &err);
    next_make(bench, &next, true);
    ok(shard_switch(&bench->shard, &next, true, &old, &err), &err);
    const char *const gone = old.open, *const stays = next.open;
    ok(database_open_rows(&(struct database_row){(const char *[]){stays, gone}, 2}, 1, &before, &err), &err);
    generation_remove(&old);
    ok(database_open_none(&after, &err), &err);
    ok(database_open_row(after, &(struct database_row){&stays, 1}, before, &err), &err);
    database_leave(&before, &rest);
    assert_null(before);
    assert_non_null(rest);
    assert_int_not_equal(descriptors_below(gone), 0);
    assert_int_equal(documents_with(after, SPAN("Znew")), 1);
    database_close(&rest);
    assert_int_equal(descriptors_below(gone), 0);
    assert_int_equal(documents_with(after, SPAN("Znew")), 1);
    database_leave(&after, &rest); /* nobody has taken anything over */
    assert_non_null(rest);
    database_close(&rest);
    database_leave(&after, &rest);
    assert_null(rest);
}

static void a_view_leaves_what_is_gone_to_the_closer(void **state)
{
    struct bench *bench = *state;
    struct error err;
    struct generation next, old;
    struct closer *closer = closer_new();
    struct view *view = view_new(bench->folder, 1);
    view_close_by(view, closer);
    ok(view_refresh(view, &err), &err);
    next_make(bench, &next, true);
    ok(shard_switch(&bench->shard, &next, true, &old, &err), &err);
    generation_remove(&old);
    assert_int_not_equal(descriptors_below(old.open), 0);
    ok(view_refresh(view, &err), &err);
    closer_free(&closer); /* waits for what it was given */
    assert_int_equal(descriptors_below(old.open), 0);
    assert_int_equal(documents_with(view_database(view), SPAN("Znew")), 1);
    view_free(&view);
}

static void a_move_is_whole_wherever_it_is_interrupted(void **state)
{
    struct bench *bench = *state;
    struct error err;
    bool moved[2] = {false, false};
    int ends = 0;
    for (int status = CRASHED; status == CRASHED; ends++) {
        struct generation next;
        bool ours = part_with(bench, false, SPAN("Zold")) > 0;
        ok(generation_next(bench->folder, 0, &next, &err), &err);
        shard_close(&bench->shard);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            struct shard shard;
            struct span term = ours ? SPAN("Znew") : SPAN("Zold");
            if (shard_open(&shard, bench->folder, 0, 1, &err) != FAULT_NONE)
                _exit(1);
            database_make(next.open, term);
            database_make(next.closed, term);
            next.has_closed = true;
            calls_left = ends;
            _exit(shard_switch(&shard, &next, true, NULL, &err) == FAULT_NONE ? 0 : 2);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status));
        status = WEXITSTATUS(status);
        assert_true(status == 0 || status == CRASHED);
        ok(shard_open(&bench->shard, bench->folder, 0, 1, &err), &err);
        uint64_t open = part_with(bench, false, SPAN("Zold")), closed = part_with(bench, true, SPAN("Zold"));
        assert_int_equal(open, closed);
        assert_int_equal(part_with(bench, false, SPAN("Znew")), !open);
        assert_int_equal(part_with(bench, true, SPAN("Znew")), !open);
        moved[(open > 0) != ours] = true;
        assert_int_not_equal(exists(next.open), (open > 0) == ours); /* what is not in use is gone */
    }
    assert_true(moved[0] && moved[1]);
    assert_true(ends > 8);
}

static void strays_are_removed_and_the_rest_stays(void **state)
{
    struct bench *bench = *state;
    struct error err;
    struct generation stray, current;
    char keep[PATH_MAX + 16];
    bool there;
    next_make(bench, &stray, true);
    snprintf(keep, sizeof keep, "%s/notes.txt", bench->shard.open.path);
    FILE *file = fopen(keep, "w");
    assert_non_null(file);
    fclose(file);
    generation_clean(bench->folder, 0);
    assert_false(exists(stray.open));
    assert_false(exists(stray.closed));
    assert_true(exists(keep));
    ok(generation_current(bench->folder, 0, &current, &there, &err), &err);
    assert_true(there && current.has_closed && exists(current.open) && exists(current.closed));
}

/* The number grows past everything that is there, so that a leftover is never taken for the new one. */
static void numbers_grow(void **state)
{
    struct bench *bench = *state;
    struct error err;
    struct generation first, second;
    ok(generation_next(bench->folder, 0, &first, &err), &err);
    assert_non_null(strstr(first.open, "shard-0000/gen-000002"));
    assert_non_null(strstr(first.closed, "closed-0000/gen-000002"));
    database_make(first.closed, SPAN("Zx"));
    ok(generation_next(bench->folder, 0, &second, &err), &err);
    assert_non_null(strstr(second.open, "shard-0000/gen-000003"));
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_shard_moves_with_its_identity),          STORY(closed_items_that_are_gone_are_gone),
        STORY(readers_move_when_the_stub_does),          STORY(what_a_row_leaves_is_closed_elsewhere),
        STORY(a_stub_is_known_without_its_time),         STORY(what_a_row_leaves_is_closed_elsewhere),
        STORY(a_view_leaves_what_is_gone_to_the_closer), STORY(a_move_is_whole_wherever_it_is_interrupted),
        STORY(strays_are_removed_and_the_rest_stays),    STORY(numbers_grow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
