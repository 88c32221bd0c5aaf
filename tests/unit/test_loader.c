/* loader: files of a list come in its order, and no more is read ahead than may be. */
#define _GNU_SOURCE /* nftw in temp.h */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "loader.h"
#include "temp.h"

enum { FILES = 3 * READ_AHEAD_FILES, PATIENCE_MS = 20000, MOMENT_MS = 50 };

static char folder[64];
static char paths[FILES][128];
static struct read_task tasks[FILES];

static int begin(void **state)
{
    (void)state;
    if (!temp_make(folder))
        return -1;
    for (size_t i = 0; i < FILES; i++) {
        snprintf(paths[i], sizeof paths[i], "%s/%04zu.md", folder, i);
        tasks[i] = (struct read_task){i, paths[i], paths[i], ""};
        FILE *file = fopen(paths[i], "w");
        if (file == NULL || fprintf(file, "%zu", i) < 0 || fclose(file) != 0)
            return -1;
    }
    return 0;
}

static int end(void **state)
{
    (void)state;
    temp_remove(folder);
    return 0;
}

static struct loader *start(unsigned jobs, bool digests)
{
    struct loader *loader;
    struct error err;
    assert_int_equal(loader_start(tasks, FILES, jobs, digests, &loader, &err), FAULT_NONE);
    return loader;
}

static void one_thread_keeps_the_order(void **state)
{
    (void)state;
    struct loader *loader = start(1, false);
    for (size_t i = 0; i < FILES; i++) {
        struct read_file *file = loader_take(loader, PATIENCE_MS);
        assert_non_null(file);
        assert_int_equal(file->index, i);
        assert_int_equal(file->fault, FAULT_NONE);
        assert_int_equal(strtoul(file->bytes.at, NULL, 10), i);
        read_file_free(loader, &file);
    }
    assert_null(loader_take(loader, PATIENCE_MS));
    assert_true(loader_ended(loader));
    loader_stop(&loader);
}

static void no_more_is_read_ahead_than_may_be(void **state)
{
    (void)state;
    static struct read_file *taken[READ_AHEAD_FILES];
    struct loader *loader = start(1, false);
    for (size_t round = 0; round < FILES / READ_AHEAD_FILES; round++) {
        for (size_t i = 0; i < READ_AHEAD_FILES; i++)
            assert_non_null(taken[i] = loader_take(loader, PATIENCE_MS));
        assert_null(loader_take(loader, MOMENT_MS));
        for (size_t i = 0; i < READ_AHEAD_FILES; i++)
            read_file_free(loader, &taken[i]);
    }
    assert_true(loader_ended(loader));
    loader_stop(&loader);
}

/* Who waits for a file gets one as soon as there is room for it, however many it has not freed. */
static void little_room_is_room(void **state)
{
    (void)state;
    static struct read_file *taken[READ_AHEAD_FILES];
    struct loader *loader = start(1, false);
    for (size_t i = 0; i < READ_AHEAD_FILES; i++)
        assert_non_null(taken[i] = loader_take(loader, PATIENCE_MS));
    read_file_free(loader, &taken[0]);
    assert_non_null(taken[0] = loader_take(loader, PATIENCE_MS));
    for (size_t i = 0; i < READ_AHEAD_FILES; i++)
        read_file_free(loader, &taken[i]);
    loader_stop(&loader);
}

static void many_threads_leave_nothing_out(void **state)
{
    (void)state;
    static bool seen[FILES];
    struct loader *loader = start(4, true);
    for (size_t i = 0; i < FILES; i++) {
        struct read_file *file = loader_take(loader, PATIENCE_MS);
        assert_non_null(file);
        assert_false(seen[file->index]);
        seen[file->index] = true;
        assert_int_not_equal(file->stamp.size, 0);
        read_file_free(loader, &file);
    }
    assert_null(loader_take(loader, PATIENCE_MS));
    loader_stop(&loader);
}

static void it_stops_with_files_that_nobody_took(void **state)
{
    (void)state;
    struct loader *loader = start(2, false);
    struct read_file *file = loader_take(loader, PATIENCE_MS);
    assert_non_null(file);
    read_file_free(loader, &file);
    loader_stop(&loader);
    assert_null(loader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_thread_keeps_the_order),
        cmocka_unit_test(no_more_is_read_ahead_than_may_be),
        cmocka_unit_test(little_room_is_room),
        cmocka_unit_test(many_threads_leave_nothing_out),
        cmocka_unit_test(it_stops_with_files_that_nobody_took),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
