/* A block is written over while it is read: half of it is of one revision and half of another. Xapian may find nothing
 * then and say nothing; database_whole tells.
 *
 * The call that reads is caught in this program, which the loader prefers to the C library: between the halves of a
 * block the writer commits twice. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "temp.h"
#include "xapian_shim.h"

#include <sys/syscall.h>
#include <unistd.h>

enum { BLOCK_BYTES = 8192, STONES = 400, ROUNDS = 200, ARENA_BYTES = 1 << 20 };

static struct {
    struct database *writer;
    unsigned edition, wait; /* so many blocks are read as they are before one is torn */
    bool armed;
} scene;

/* All stones in another edition, of other lengths, so that entries come to lie elsewhere. */
static void stones_set(void)
{
    struct error err;
    char key[32], value[64];
    unsigned edition = ++scene.edition;
    assert_int_equal(database_begin(scene.writer, &err), FAULT_NONE);
    for (unsigned i = 0; i < STONES; i++) {
        snprintf(key, sizeof key, "stone-%03u", i);
        snprintf(value, sizeof value, "%u%.*s", edition, (int)((i * 7 + edition * 5) % 40),
                 "........................................");
        assert_int_equal(database_meta_set(scene.writer, span_of(key), span_of(value), &err), FAULT_NONE);
    }
    assert_int_equal(database_commit(scene.writer, &err), FAULT_NONE);
}

ssize_t pread(int file, void *bytes, size_t size, off_t at)
{
    bool tears = scene.armed && size == BLOCK_BYTES && scene.wait-- == 0;
    if (!tears)
        return syscall(SYS_pread64, file, bytes, size, at);
    scene.armed = false;
    ssize_t half = syscall(SYS_pread64, file, bytes, size / 2, at);
    stones_set();
    stones_set();
    if (half != BLOCK_BYTES / 2)
        return half;
    return half + syscall(SYS_pread64, file, (char *)bytes + half, size - (size_t)half, at + half);
}

enum sight { SEEN_TRUE, SEEN_FALSE, SEEN_FAULT };

/* One stone, torn while it is read. */
static enum sight stone_see(struct database *reader, struct arena *arena, unsigned round)
{
    struct error err;
    char key[32];
    struct span value = {0};
    unsigned edition = scene.edition;
    snprintf(key, sizeof key, "stone-%03u", round * 37 % STONES);
    arena_reset(arena);
    scene.wait = round % 3;
    scene.armed = true;
    enum fault fault = database_meta(reader, 0, arena, span_of(key), &value, &err);
    bool torn = !scene.armed;
    scene.armed = false;
    assert_int_equal(database_whole(reader, &err), torn ? FAULT_REOPEN : FAULT_NONE);
    if (fault != FAULT_NONE)
        return SEEN_FAULT;
    char wanted[16];
    int digits = snprintf(wanted, sizeof wanted, "%u", edition);
    bool same = value.size >= (size_t)digits && memcmp(value.at, wanted, (size_t)digits) == 0;
    assert_true(same || torn);
    return same ? SEEN_TRUE : SEEN_FALSE;
}

static void what_is_torn_is_told(void **state)
{
    (void)state;
    struct error err;
    char folder[64], path[96];
    const char *paths = path;
    struct database *reader;
    struct arena *arena = arena_new(ARENA_BYTES);
    unsigned seen[3] = {0};
    assert_non_null(arena);
    assert_true(temp_make(folder));
    snprintf(path, sizeof path, "%s/db", folder);
    assert_int_equal(database_open_write(path, &scene.writer, &err), FAULT_NONE);
    stones_set();
    assert_int_equal(database_open_read(&paths, 1, &reader, &err), FAULT_NONE);
    for (unsigned round = 0; round < ROUNDS; round++) {
        enum fault fault = database_refresh(reader, NULL, &err);
        if (fault == FAULT_NONE)
            seen[stone_see(reader, arena, round)]++;
    }
    print_message("right %u, wrong and nothing said %u, a fault %u\n", seen[SEEN_TRUE], seen[SEEN_FALSE],
                  seen[SEEN_FAULT]);
    assert_true(seen[SEEN_FALSE] > 0); /* else nothing was proved */
    database_close(&reader);
    database_close(&scene.writer);
    arena_free(&arena);
    temp_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_torn_is_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
