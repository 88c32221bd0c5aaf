/* store: dead letters in a real SQLite file: what is kept, what goes first, what is there after the process has gone.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "roll.h"
#include "store.h"

#include "temp.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static const struct store_bounds wide = {1 << 30, 1000};

struct shelf {
    char folder[64];
    struct store *store;
    struct arena *arena;
};

static int shelf_make(void **state)
{
    struct shelf *shelf = calloc(1, sizeof *shelf);
    assert_non_null(shelf);
    assert_true(temp_make(shelf->folder));
    shelf->arena = arena_new(1 << 28);
    *state = shelf;
    return 0;
}

static int shelf_free(void **state)
{
    struct shelf *shelf = *state;
    store_close(&shelf->store);
    arena_free(&shelf->arena);
    temp_remove(shelf->folder);
    free(shelf);
    return 0;
}

static void fine(enum fault fault, const struct error *err)
{
    if (fault != FAULT_NONE)
        fail_msg("%s: %s", err->rule, err->text);
}

static void shelf_open(struct shelf *shelf, struct store_bounds bounds)
{
    struct error err;
    store_close(&shelf->store);
    fine(store_open(shelf->folder, bounds, &shelf->store, &err), &err);
}

static struct letter letter(const char *id, uint64_t version, const char *frame)
{
    return (struct letter){.time_ms = 1700000000000,
                           .kind = LETTER_SUBMIT,
                           .id = span_of(id),
                           .source = SPAN("lundsoe"),
                           .version = version,
                           .rule = SPAN("body.utf8"),
                           .reason = SPAN("byte 7 of the body is not UTF-8"),
                           .frame = span_of(frame),
                           .size = strlen(frame)};
}

static void keep(struct shelf *shelf, struct letter given)
{
    struct error err;
    fine(store_begin(shelf->store, &err), &err);
    fine(store_add(shelf->store, &given, &err), &err);
    fine(store_commit(shelf->store, &err), &err);
}

static struct letter_list list(struct shelf *shelf, uint64_t after, size_t limit, const char *rule)
{
    struct error err;
    struct letter_list found;
    fine(store_list(shelf->store, shelf->arena, after, limit, span_of(rule), &found, &err), &err);
    return found;
}

/* The ids in order of numbers: "a b c ". */
static void expect_ids(struct shelf *shelf, const char *ids)
{
    struct letter_list all = list(shelf, 0, 100, "");
    char text[256] = "";
    for (size_t i = 0; i < all.count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s ", all.items[i].id.at);
    assert_string_equal(text, ids);
    assert_int_equal(store_waiting(shelf->store), all.count);
}

static void what_is_kept_is_there_after_reopening(void **state)
{
    struct shelf *shelf = *state;
    struct letter found;
    struct error err;
    bool is_there;
    shelf_open(shelf, wide);
    keep(shelf, letter("lundsoe/1.md", UINT64_MAX, "en ramme"));
    shelf_open(shelf, wide);
    assert_int_equal(store_waiting(shelf->store), 1);
    fine(store_get(shelf->store, shelf->arena, 1, &found, &is_there, &err), &err);
    assert_true(is_there);
    assert_int_equal(found.number, 1);
    assert_int_equal(found.time_ms, 1700000000000);
    assert_int_equal(found.kind, LETTER_SUBMIT);
    assert_int_equal(found.version, UINT64_MAX);
    assert_int_equal(found.times, 1);
    assert_int_equal(found.size, 8);
    assert_string_equal(found.id.at, "lundsoe/1.md");
    assert_string_equal(found.source.at, "lundsoe");
    assert_string_equal(found.rule.at, "body.utf8");
    assert_string_equal(found.reason.at, "byte 7 of the body is not UTF-8");
    assert_true(span_equal(found.frame, SPAN("en ramme")));
    fine(store_get(shelf->store, shelf->arena, 2, &found, &is_there, &err), &err);
    assert_false(is_there);
}

static void nobody_else_may_read_it(void **state)
{
    static const char *const names[] = {"dead.sqlite", "dead.sqlite-wal", "dead.sqlite-shm"};
    struct shelf *shelf = *state;
    shelf_open(shelf, wide);
    keep(shelf, letter("a", 0, "x"));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[128];
        struct stat is;
        snprintf(path, sizeof path, "%s/%s", shelf->folder, names[i]);
        assert_int_equal(stat(path, &is), 0);
        assert_int_equal(is.st_mode & 0777, 0600);
    }
}

static void the_same_frame_is_one_letter(void **state)
{
    struct shelf *shelf = *state;
    shelf_open(shelf, wide);
    keep(shelf, letter("a", 0, "samme"));
    keep(shelf, letter("b", 0, "anden"));
    struct letter again = letter("a", 0, "samme");
    again.time_ms++;
    again.rule = SPAN("arena.bound");
    keep(shelf, again);
    expect_ids(shelf, "a b ");
    struct letter_list all = list(shelf, 0, 10, "");
    assert_int_equal(all.items[0].number, 1);
    assert_int_equal(all.items[0].times, 2);
    assert_int_equal(all.items[0].time_ms, 1700000000001);
    assert_string_equal(all.items[0].rule.at, "arena.bound");
    shelf_open(shelf, wide);
    assert_int_equal(store_waiting(shelf->store), 2);
}

static void a_list_comes_in_pages_and_by_rule(void **state)
{
    struct shelf *shelf = *state;
    shelf_open(shelf, wide);
    for (int i = 0; i < 5; i++) {
        char id[8], frame[8];
        snprintf(id, sizeof id, "%d", i);
        snprintf(frame, sizeof frame, "r%d", i);
        struct letter one = letter(id, 0, frame);
        one.rule = i % 2 ? SPAN("id.length") : SPAN("body.empty");
        keep(shelf, one);
    }
    struct letter_list page = list(shelf, 0, 2, "");
    assert_int_equal(page.count, 2);
    assert_false(page.done);
    page = list(shelf, page.items[1].number, 3, "");
    assert_int_equal(page.count, 3);
    assert_true(page.done);
    page = list(shelf, 0, 10, "id.length");
    assert_int_equal(page.count, 2);
    assert_string_equal(page.items[1].id.at, "3");
    assert_int_equal(list(shelf, 0, 10, "id.").count, 0);
}

static void the_oldest_go_beyond_the_count(void **state)
{
    struct shelf *shelf = *state;
    shelf_open(shelf, (struct store_bounds){1 << 30, 2});
    keep(shelf, letter("a", 0, "1"));
    keep(shelf, letter("b", 0, "2"));
    assert_int_equal(store_evicted(shelf->store), 0);
    keep(shelf, letter("c", 0, "3"));
    expect_ids(shelf, "b c ");
    assert_int_equal(store_evicted(shelf->store), 1);
    shelf_open(shelf, (struct store_bounds){1 << 30, 1}); /* a smaller bound holds from the next letter on */
    keep(shelf, letter("d", 0, "4"));
    expect_ids(shelf, "d ");
}

static void frames_nobody_can_read_go_first(void **state)
{
    struct shelf *shelf = *state;
    shelf_open(shelf, (struct store_bounds){1 << 30, 3});
    keep(shelf, letter("a", 0, "1"));
    for (int i = 0; i < 20; i++) {
        char noise[16];
        snprintf(noise, sizeof noise, "støj %d", i);
        struct letter flood = letter("", 0, noise);
        flood.kind = LETTER_UNREADABLE;
        keep(shelf, flood);
    }
    keep(shelf, letter("b", 0, "2"));
    struct letter_list all = list(shelf, 0, 100, "");
    assert_int_equal(all.count, 3);
    assert_string_equal(all.items[0].id.at, "a");
    assert_string_equal(all.items[1].id.at, "");
    assert_string_equal(all.items[2].id.at, "b");
}

/* Bytes that do not compress, another row of them for each seed. */
static char *noise_new(size_t size, uint64_t seed)
{
    char *bytes = malloc(size + 1);
    assert_non_null(bytes);
    for (size_t i = 0; i < size; i++) {
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        bytes[i] = (char)(1 + (seed >> 33) % 255);
    }
    bytes[size] = '\0';
    return bytes;
}

static void the_oldest_go_beyond_the_bytes(void **state)
{
    struct shelf *shelf = *state;
    shelf_open(shelf, (struct store_bounds){100000, 1000});
    for (unsigned i = 0; i < 5; i++) {
        char id[2] = {(char)('a' + i), '\0'};
        char *noise = noise_new(40000, i + 1);
        keep(shelf, letter(id, 0, noise));
        free(noise);
    }
    expect_ids(shelf, "d e ");
    char *large = noise_new(200000, 9); /* larger than the bound: it stays, alone */
    keep(shelf, letter("f", 0, large));
    free(large);
    expect_ids(shelf, "f ");
    keep(shelf, letter("g", 0, "lille"));
    expect_ids(shelf, "g ");
}

static void settle(struct shelf *shelf, const char *id, uint64_t version, bool equal)
{
    struct error err;
    fine(store_begin(shelf->store, &err), &err);
    fine(store_settle(shelf->store, span_of(id), version, equal, &err), &err);
    fine(store_commit(shelf->store, &err), &err);
}

static void a_version_not_older_settles(void **state)
{
    struct shelf *shelf = *state;
    shelf_open(shelf, wide);
    keep(shelf, letter("a", 0, "1"));
    keep(shelf, letter("a", 255, "2"));
    keep(shelf, letter("a", 256, "3"));
    keep(shelf, letter("a", UINT64_MAX, "4"));
    keep(shelf, letter("b", 1, "5"));
    settle(shelf, "a", 0, false);
    expect_ids(shelf, "a a a a b ");
    settle(shelf, "a", 0, true);
    expect_ids(shelf, "a a a b ");
    settle(shelf, "a", 256, false);
    assert_int_equal(list(shelf, 0, 10, "").items[0].version, 256);
    expect_ids(shelf, "a a b ");
    settle(shelf, "a", UINT64_MAX - 1, true);
    expect_ids(shelf, "a b ");
    settle(shelf, "a", UINT64_MAX, true);
    expect_ids(shelf, "b ");
}

static void a_number_is_never_given_twice(void **state)
{
    struct shelf *shelf = *state;
    struct error err;
    uint64_t dropped = 0;
    shelf_open(shelf, wide);
    keep(shelf, letter("a", 0, "1"));
    keep(shelf, letter("b", 0, "2"));
    fine(store_begin(shelf->store, &err), &err);
    fine(store_drop(shelf->store, 2, &dropped, &err), &err);
    fine(store_drop(shelf->store, 77, &dropped, &err), &err);
    fine(store_commit(shelf->store, &err), &err);
    assert_int_equal(dropped, 1);
    shelf_open(shelf, wide);
    keep(shelf, letter("c", 0, "3"));
    assert_int_equal(list(shelf, 0, 10, "").items[1].number, 3);
}

static void what_is_undone_was_never_there(void **state)
{
    struct shelf *shelf = *state;
    struct error err;
    struct letter lost = letter("b", 0, "2");
    shelf_open(shelf, wide);
    keep(shelf, letter("a", 0, "1"));
    fine(store_begin(shelf->store, &err), &err);
    fine(store_add(shelf->store, &lost, &err), &err);
    store_undo(shelf->store);
    store_undo(shelf->store);
    expect_ids(shelf, "a ");
    keep(shelf, letter("c", 0, "3"));
    expect_ids(shelf, "a c ");
}

/* Do these bytes stand in the file, once the store is closed and its journal is in it? */
static bool file_holds(struct shelf *shelf, const char *bytes, size_t size)
{
    static char whole[1 << 20];
    char path[128];
    store_close(&shelf->store);
    snprintf(path, sizeof path, "%s/dead.sqlite", shelf->folder);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t read = fread(whole, 1, sizeof whole, file);
    fclose(file);
    return memmem(whole, read, bytes, size) != NULL;
}

static void what_is_dropped_is_gone_from_the_file(void **state)
{
    struct shelf *shelf = *state;
    struct error err;
    uint64_t dropped = 0;
    char *noise = noise_new(30000, 5);
    shelf_open(shelf, wide);
    keep(shelf, letter("a", 0, noise));
    keep(shelf, letter("b", 0, "2"));
    assert_true(file_holds(shelf, noise + 20000, 32));
    shelf_open(shelf, wide);
    fine(store_begin(shelf->store, &err), &err);
    fine(store_drop(shelf->store, 1, &dropped, &err), &err);
    fine(store_commit(shelf->store, &err), &err);
    assert_false(file_holds(shelf, noise + 20000, 32));
    free(noise);
}

/* In a process of its own, because the limit is the whole process's. */
static int full_disk_story(const char *folder)
{
    struct rlimit limit = {100000, RLIM_INFINITY};
    struct error err;
    struct store *store;
    signal(SIGXFSZ, SIG_IGN);
    if (store_open(folder, wide, &store, &err) != FAULT_NONE || setrlimit(RLIMIT_FSIZE, &limit) != 0)
        return 1;
    char *noise = noise_new(300000, 3);
    struct letter large = letter("stor", 0, noise), small = letter("lille", 0, "x");
    enum fault fault = store_begin(store, &err);
    if (fault == FAULT_NONE)
        fault = store_add(store, &large, &err);
    if (fault == FAULT_NONE)
        fault = store_commit(store, &err);
    free(noise);
    if (fault != FAULT_RETRY || strcmp(err.rule, "dead.store") != 0)
        return 2;
    store_undo(store);
    store_close(&store);
    limit.rlim_cur = RLIM_INFINITY;
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0 || store_open(folder, wide, &store, &err) != FAULT_NONE)
        return 3;
    bool kept = store_waiting(store) == 0 && store_begin(store, &err) == FAULT_NONE &&
                store_add(store, &small, &err) == FAULT_NONE && store_commit(store, &err) == FAULT_NONE &&
                store_waiting(store) == 1;
    store_close(&store);
    return kept ? 0 : 4;
}

static void a_full_disk_is_put_off_and_passes(void **state)
{
    struct shelf *shelf = *state;
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(full_disk_story(shelf->folder));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void somebody_else_who_writes_is_put_off_too(void **state)
{
    struct shelf *shelf = *state;
    struct error err;
    sqlite3 *other;
    char path[128];
    snprintf(path, sizeof path, "%s/dead.sqlite", shelf->folder);
    shelf_open(shelf, wide);
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(store_begin(shelf->store, &err), FAULT_RETRY);
    assert_string_equal(err.rule, "dead.store");
    store_undo(shelf->store);
    assert_int_equal(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(other);
    keep(shelf, letter("a", 0, "1"));
}

static void file_fill(struct shelf *shelf, const char *bytes)
{
    char path[128];
    snprintf(path, sizeof path, "%s/dead.sqlite", shelf->folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(bytes, file);
    fclose(file);
}

static void expect_refused(struct shelf *shelf, const char *words)
{
    struct error err;
    store_close(&shelf->store);
    assert_int_equal(store_open(shelf->folder, wide, &shelf->store, &err), FAULT_STOP);
    assert_null(shelf->store);
    assert_string_equal(err.rule, "dead.store");
    if (strstr(err.text, words) == NULL || strstr(err.text, "dead.sqlite") == NULL)
        fail_msg("'%s' does not say '%s'", err.text, words);
}

static void statement(struct shelf *shelf, const char *words)
{
    sqlite3 *file;
    char path[128];
    store_close(&shelf->store);
    snprintf(path, sizeof path, "%s/dead.sqlite", shelf->folder);
    assert_int_equal(sqlite3_open(path, &file), SQLITE_OK);
    assert_int_equal(sqlite3_exec(file, words, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(file);
}

static void a_file_that_is_not_ours_is_refused_with_the_remedy(void **state)
{
    struct shelf *shelf = *state;
    file_fill(shelf, "Dette er ikke en database, men et brev fra en borger, som er langt nok til at ligne noget andet. "
                     "Dette er ikke en database, men et brev fra en borger, som er langt nok til at ligne noget.");
    expect_refused(shelf, "move it away");
    file_fill(shelf, "");
    statement(shelf, "CREATE TABLE opskrift (kage TEXT)");
    expect_refused(shelf, "another program; move it away");
    file_fill(shelf, "");
    shelf_open(shelf, wide); /* an empty file is a new store */
    statement(shelf, "PRAGMA user_version = 9");
    expect_refused(shelf, "newer referent");
}

static void a_folder_that_is_not_there_may_come(void **state)
{
    struct shelf *shelf = *state;
    struct error err;
    char away[128];
    snprintf(away, sizeof away, "%s/away", shelf->folder);
    assert_int_equal(store_open(away, wide, &shelf->store, &err), FAULT_RETRY);
    assert_string_equal(err.rule, "dead.store");
}

static void a_roll_forgets_nobody(void **state)
{
    (void)state;
    static struct roll roll;
    size_t strangers = 0;
    for (int i = 0; i < 20000; i++) {
        char id[32];
        snprintf(id, sizeof id, "møde/%d.md", i);
        roll_add(&roll, span_of(id));
    }
    for (int i = 0; i < 40000; i++) {
        char id[32];
        snprintf(id, sizeof id, "møde/%d.md", i);
        if (i < 20000)
            assert_true(roll_may_have(&roll, span_of(id)));
        else
            strangers += roll_may_have(&roll, span_of(id));
    }
    assert_true(strangers < 20000 / 20);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, shelf_make, shelf_free)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_kept_is_there_after_reopening),
        TEST(nobody_else_may_read_it),
        TEST(the_same_frame_is_one_letter),
        TEST(a_list_comes_in_pages_and_by_rule),
        TEST(the_oldest_go_beyond_the_count),
        TEST(frames_nobody_can_read_go_first),
        TEST(the_oldest_go_beyond_the_bytes),
        TEST(a_version_not_older_settles),
        TEST(a_number_is_never_given_twice),
        TEST(what_is_undone_was_never_there),
        TEST(what_is_dropped_is_gone_from_the_file),
        TEST(a_full_disk_is_put_off_and_passes),
        TEST(somebody_else_who_writes_is_put_off_too),
        TEST(a_file_that_is_not_ours_is_refused_with_the_remedy),
        TEST(a_folder_that_is_not_there_may_come),
        cmocka_unit_test(a_roll_forgets_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
