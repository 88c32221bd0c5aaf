/* Whatever happens to a build, its folder holds a whole database or none. The system calls of the builder go through
 * this file (the linker wraps them), so that each single one can fail with a full disk, or be the last one before a
 * SIGKILL; and the order of writes, syncs and the rename can be looked at. Then kills at random moments, and a limit on
 * the size of files, which any user can set. */
#define _XOPEN_SOURCE 700
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random.h"
#include "trial.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ARENA_BYTES = 256 << 20, DOCUMENTS = 700, FILES = 64, EVENTS = 4096 };

/* ---- the wrapped calls */

enum event_kind { EVENT_WRITE, EVENT_SYNC, EVENT_RENAME };

static struct {
    bool watching;
    int calls;   /* so far */
    int fail_at; /* this call fails with ENOSPC, 0: none */
    int kill_at; /* this call is not reached, 0: none */
    enum event_kind kinds[EVENTS];
    int files[EVENTS]; /* descriptors */
} wrapped;

ssize_t __real_pwrite(int file, const void *bytes, size_t size, off_t offset);
ssize_t __wrap_pwrite(int file, const void *bytes, size_t size, off_t offset);
int __real_fsync(int file);
int __wrap_fsync(int file);
int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);

static bool call_fails(enum event_kind kind, int file)
{
    if (!wrapped.watching)
        return false;
    if (wrapped.calls < EVENTS) {
        wrapped.kinds[wrapped.calls] = kind;
        wrapped.files[wrapped.calls] = file;
    }
    wrapped.calls++;
    if (wrapped.calls == wrapped.kill_at)
        raise(SIGKILL);
    if (wrapped.calls != wrapped.fail_at)
        return false;
    errno = ENOSPC;
    return true;
}

ssize_t __wrap_pwrite(int file, const void *bytes, size_t size, off_t offset)
{
    if (!call_fails(EVENT_WRITE, file))
        return __real_pwrite(file, bytes, size, offset);
    if (__real_pwrite(file, bytes, size / 2, offset) >= 0) /* a disk that fills up takes a part first */
        errno = ENOSPC;
    return -1;
}

int __wrap_fsync(int file)
{
    return call_fails(EVENT_SYNC, file) ? -1 : __real_fsync(file);
}

int __wrap_rename(const char *from, const char *to)
{
    return call_fails(EVENT_RENAME, -1) ? -1 : __real_rename(from, to);
}

/* ---- what is built */

static struct arena *arena;
static struct collection collection;
static struct trial trial;

static int start(void **state)
{
    (void)state;
    arena = arena_new(ARENA_BYTES);
    collection_minutes(&collection, arena, 3, DOCUMENTS);
    return trial_open(&trial) ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    trial_close(&trial);
    arena_free(&arena);
    return 0;
}

static bool exists(const char *folder)
{
    char path[200];
    snprintf(path, sizeof path, "%s/iamglass", folder);
    return access(path, F_OK) == 0;
}

/* A whole database, with every document, or nothing that a reader would open. */
static void expect_whole_or_none(void)
{
    if (!exists(trial.ours))
        return;
    if (!stock_check(trial.ours, trial.message) || !stock_data(trial.ours, &collection, trial.message))
        fail_msg("half a database: %s", trial.message);
}

static int build_watched(int fail_at, int kill_at)
{
    memset(&wrapped, 0, sizeof wrapped);
    wrapped.watching = true;
    wrapped.fail_at = fail_at;
    wrapped.kill_at = kill_at;
    bool built = trial_build(&trial, &collection, BUILDER_LEVEL);
    wrapped.watching = false;
    return built;
}

static void tables_are_synced_before_the_rename(void **state)
{
    bool dirty[FILES] = {false};
    int renames = 0;
    (void)state;
    assert_true(build_watched(0, 0));
    assert_true(wrapped.calls < EVENTS);
    for (int i = 0; i < wrapped.calls; i++) {
        int file = wrapped.files[i];
        assert_true(file < FILES);
        if (wrapped.kinds[i] == EVENT_WRITE)
            dirty[file] = true;
        if (wrapped.kinds[i] == EVENT_SYNC)
            dirty[file] = false;
        for (int n = 0; wrapped.kinds[i] == EVENT_RENAME && n < FILES; n++)
            assert_false(dirty[n]);
        renames += wrapped.kinds[i] == EVENT_RENAME;
    }
    assert_int_equal(renames, 1);
    /* The last two are the folder and the one above it. */
    assert_int_equal(wrapped.kinds[wrapped.calls - 3], EVENT_RENAME);
    assert_int_equal(wrapped.kinds[wrapped.calls - 2], EVENT_SYNC);
    assert_int_equal(wrapped.kinds[wrapped.calls - 1], EVENT_SYNC);
    expect_whole_or_none();
    assert_true(exists(trial.ours));
    trial_clear_ours(&trial);
}

static void syncs_may_be_left_to_others(void **state)
{
    (void)state;
    trial.unsynced = true;
    assert_true(build_watched(0, 0));
    trial.unsynced = false;
    for (int i = 0; i < wrapped.calls; i++)
        assert_int_not_equal(wrapped.kinds[i], EVENT_SYNC);
    expect_whole_or_none();
    assert_true(exists(trial.ours));
    trial_clear_ours(&trial);
}

/* Postings are put aside twice from here on, and read back. */
static void a_full_disk_leaves_nothing(void **state)
{
    (void)state;
    trial.spill = DOCUMENTS / 2 - 1;
    assert_true(build_watched(0, 0));
    int calls = wrapped.calls;
    trial_clear_ours(&trial);
    for (int at = 1; at <= calls; at++) {
        assert_false(build_watched(at, 0));
        assert_non_null(strstr(trial.message, "bulk.write"));
        assert_int_equal(access(trial.ours, F_OK), -1); /* builder_free has cancelled it */
    }
}

static void run_until_killed(int kill_at)
{
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(build_watched(0, kill_at) ? 0 : 1);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    expect_whole_or_none();
}

static void a_kill_before_any_call_leaves_all_or_nothing(void **state)
{
    (void)state;
    assert_true(build_watched(0, 0));
    int calls = wrapped.calls;
    trial_clear_ours(&trial);
    for (int at = 1; at <= calls; at++) {
        run_until_killed(at);
        assert_int_equal(exists(trial.ours), at > calls - 2);
        if (exists(trial.ours))
            trial_clear_ours(&trial);
    }
    /* What the last kill left is no obstacle. */
    run_until_killed(calls / 2);
    assert_true(build_watched(0, 0));
    expect_whole_or_none();
    trial_clear_ours(&trial);
}

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void a_kill_at_any_moment_leaves_all_or_nothing(void **state)
{
    uint64_t random = 99;
    int rounds = getenv("REFERENT_LONG") != NULL ? 300 : 12, status, whole = 0;
    (void)state;
    int64_t begun = now_ns();
    assert_true(trial_build(&trial, &collection, BUILDER_LEVEL));
    int64_t usual = (now_ns() - begun) * 5 / 4;
    trial_clear_ours(&trial);
    for (int i = 0; i < rounds; i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            _exit(!trial_build(&trial, &collection, BUILDER_LEVEL));
        long pause = (long)random_below(&random, (uint64_t)usual);
        nanosleep(&(struct timespec){pause / 1000000000, pause % 1000000000}, NULL);
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, &status, 0), child);
        expect_whole_or_none();
        whole += exists(trial.ours);
        trial_clear_ours(&trial);
    }
    print_message("%d of %d were done before the kill\n", whole, rounds);
}

static void a_limit_on_files_is_a_full_disk(void **state)
{
    int status;
    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    for (rlim_t limit = 0; limit < 6 << 20; limit = limit * 2 + 5000) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            setrlimit(RLIMIT_FSIZE, &(struct rlimit){limit, limit});
            _exit(!trial_build(&trial, &collection, BUILDER_LEVEL));
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status));
        assert_int_equal(exists(trial.ours), WEXITSTATUS(status) == 0);
        expect_whole_or_none();
        trial_clear_ours(&trial);
    }
    signal(SIGXFSZ, SIG_DFL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_are_synced_before_the_rename),
        cmocka_unit_test(syncs_may_be_left_to_others),
        cmocka_unit_test(a_full_disk_leaves_nothing),
        cmocka_unit_test(a_kill_before_any_call_leaves_all_or_nothing),
        cmocka_unit_test(a_kill_at_any_moment_leaves_all_or_nothing),
        cmocka_unit_test(a_limit_on_files_is_a_full_disk),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
