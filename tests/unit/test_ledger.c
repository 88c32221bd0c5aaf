/* ledger: rows that survive, writes that are lost only in the safe direction, and files that are no ledger. Real SQLite
 * on a real file. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ledger.h"
#include "temp.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>

static char folder[64], file[96];

static int begin(void **state)
{
    (void)state;
    if (!temp_make(folder))
        return -1;
    snprintf(file, sizeof file, "%s/state/feed.ledger", folder);
    return 0;
}

static int end(void **state)
{
    (void)state;
    temp_remove(folder);
    return 0;
}

static struct ledger *opened(void)
{
    struct ledger *ledger;
    struct error error = {0};
    if (ledger_open(file, false, &ledger, &error) != FAULT_NONE)
        fail_msg("%s: %s", error.rule, error.text);
    return ledger;
}

static void refused(bool look, const char *rule, const char *says)
{
    struct ledger *ledger;
    struct error error = {0};
    assert_int_equal(ledger_open(file, look, &ledger, &error), FAULT_STOP);
    assert_null(ledger);
    assert_string_equal(error.rule, rule);
    if (strstr(error.text, says) == NULL)
        fail_msg("it does not say '%s': %s", says, error.text);
}

static struct ledger_row sample(const char *id)
{
    struct ledger_row row = {.id = id,
                             .root = "/arkiv",
                             .path = "/arkiv/a.md",
                             .stamp = {1600000000123456789, 1600000000987654321, 4711},
                             .version = UINT64_C(1) << 62,
                             .status = LEDGER_COMMITTED,
                             .shard = 3,
                             .sequence = 17};
    memset(row.digest, 0xAB, sizeof row.digest);
    memset(row.lineage, 0xCD, sizeof row.lineage);
    return row;
}

#define OK(call) assert_int_equal((call), FAULT_NONE)

static void a_row_comes_back_as_it_went_in(void **state)
{
    (void)state;
    struct ledger *ledger = opened();
    struct ledger_row in = sample("sø/å.md"), out;
    bool found;
    OK(ledger_settle(ledger, &in, NULL));
    OK(ledger_sync(ledger, NULL));
    ledger_close(&ledger);
    ledger = opened();
    OK(ledger_find(ledger, "sø/å.md", &out, &found, NULL));
    assert_true(found);
    assert_string_equal(out.id, in.id);
    assert_string_equal(out.root, in.root);
    assert_string_equal(out.path, in.path);
    assert_memory_equal(&out.stamp, &in.stamp, sizeof in.stamp);
    assert_memory_equal(out.digest, in.digest, 16);
    assert_memory_equal(out.lineage, in.lineage, 16);
    assert_true(out.version == in.version && out.sequence == 17 && out.shard == 3);
    assert_true(out.status == LEDGER_COMMITTED && !out.intended);
    OK(ledger_find(ledger, "another", &out, &found, NULL));
    assert_false(found);
    ledger_close(&ledger);
}

static void an_intention_keeps_what_was_settled(void **state)
{
    (void)state;
    struct ledger *ledger = opened();
    struct ledger_row in = sample("a"), out;
    bool found;
    OK(ledger_intend(ledger, "new", "/arkiv", "/arkiv/new.md", 5, NULL));
    OK(ledger_settle(ledger, &in, NULL));
    OK(ledger_intend(ledger, "a", "/flyttet", "/flyttet/a.md", 1, NULL));
    OK(ledger_find(ledger, "a", &out, &found, NULL));
    assert_true(found && out.intended && out.status == LEDGER_COMMITTED);
    assert_string_equal(out.root, "/flyttet");
    assert_memory_equal(out.digest, in.digest, 16);
    assert_true(out.version == in.version); /* the largest that was sent */
    OK(ledger_find(ledger, "new", &out, &found, NULL));
    assert_true(found && out.intended && out.status == LEDGER_NEW && out.version == 5);
    ledger_close(&ledger);
}

static void rows_come_in_order_of_bytes(void **state)
{
    (void)state;
    static const char *const ids[] = {"A", "a", "a/b", "ab", "z", "ø"};
    struct ledger *ledger = opened();
    struct ledger_row row;
    bool found;
    for (size_t i = 6; i-- > 0;) {
        row = sample(ids[i]);
        OK(ledger_settle(ledger, &row, NULL));
    }
    OK(ledger_next(ledger, "", &row, &found, NULL));
    for (size_t i = 0; i < 6; i++) {
        assert_true(found);
        assert_string_equal(row.id, ids[i]);
        OK(ledger_next(ledger, row.id, &row, &found, NULL));
    }
    assert_false(found);
    OK(ledger_forget(ledger, "a", NULL));
    OK(ledger_next(ledger, "A", &row, &found, NULL));
    assert_string_equal(row.id, "a/b");
    ledger_close(&ledger);
}

/* A process that is killed between two syncs. */
static void a_killed_writer_leaves_what_was_synced(void **state)
{
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct ledger *ledger;
        struct ledger_row row = sample("lost");
        if (ledger_open(file, false, &ledger, NULL) == FAULT_NONE &&
            ledger_intend(ledger, "kept", "/arkiv", "/arkiv/kept.md", 1, NULL) == FAULT_NONE &&
            ledger_sync(ledger, NULL) == FAULT_NONE && ledger_settle(ledger, &row, NULL) == FAULT_NONE)
            raise(SIGKILL);
        _exit(1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    struct ledger *ledger = opened(); /* the lock went with the process */
    struct ledger_row row;
    bool found;
    OK(ledger_find(ledger, "kept", &row, &found, NULL));
    assert_true(found && row.intended);
    OK(ledger_find(ledger, "lost", &row, &found, NULL));
    assert_false(found);
    ledger_close(&ledger);
}

static void a_second_feeder_is_refused(void **state)
{
    (void)state;
    struct ledger *ledger = opened();
    refused(false, "ledger.locked", "give --ledger another file");
    refused(true, "ledger.locked", "wait for it to end");
    ledger_close(&ledger);
    ledger = opened();
    ledger_close(&ledger);
}

static void write_bytes(const char *bytes, size_t size)
{
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes, 1, size, out), size);
    assert_int_equal(fclose(out), 0);
}

static void what_is_no_ledger_is_reported_and_kept(void **state)
{
    (void)state;
    char garbage[8192], again[sizeof garbage];
    struct ledger *ledger = opened();
    ledger_close(&ledger);
    for (size_t i = 0; i < sizeof garbage; i++)
        garbage[i] = (char)(i * 2654435761U >> 7);
    write_bytes(garbage, sizeof garbage);
    refused(false, "ledger.damaged", "move it away and feed again");
    refused(true, "ledger.damaged", "move it away");
    FILE *in = fopen(file, "r");
    assert_non_null(in);
    assert_int_equal(fread(again, 1, sizeof again, in), sizeof again);
    fclose(in);
    assert_memory_equal(garbage, again, sizeof garbage);
    remove(file);
    sqlite3 *other;
    assert_int_equal(sqlite3_open(file, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "CREATE TABLE x(y)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(other);
    refused(false, "ledger.damaged", "another program");
}

/* Broken in the middle: the header is sound, a page of the table is not. */
static void a_damaged_page_is_reported_when_it_is_read(void **state)
{
    (void)state;
    struct ledger *ledger = opened();
    for (unsigned i = 0; i < 2000; i++) {
        char id[16];
        snprintf(id, sizeof id, "d%04u", i);
        struct ledger_row row = sample(id);
        OK(ledger_settle(ledger, &row, NULL));
    }
    OK(ledger_sync(ledger, NULL));
    ledger_close(&ledger);
    FILE *out = fopen(file, "r+");
    assert_non_null(out);
    char junk[4096];
    memset(junk, 0x5A, sizeof junk);
    for (long at = 4096; at < 40 * 4096L; at += 4096) {
        assert_int_equal(fseek(out, at, SEEK_SET), 0);
        assert_int_equal(fwrite(junk, 1, sizeof junk, out), sizeof junk);
    }
    fclose(out);
    struct error error = {0};
    struct ledger_row row;
    bool found;
    enum fault fault = ledger_open(file, false, &ledger, &error);
    if (fault == FAULT_NONE)
        fault = ledger_find(ledger, "d1000", &row, &found, &error);
    assert_int_equal(fault, FAULT_STOP);
    assert_string_equal(error.rule, "ledger.damaged");
    ledger_close(&ledger);
}

static void a_newer_schema_is_refused(void **state)
{
    (void)state;
    struct ledger *ledger = opened();
    ledger_close(&ledger);
    sqlite3 *newer;
    assert_int_equal(sqlite3_open(file, &newer), SQLITE_OK);
    assert_int_equal(sqlite3_exec(newer, "PRAGMA user_version = 3", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(newer);
    refused(false, "ledger.schema", "update referent");
}

/* A file as version 0.1 of this program made it before it remembered rejections. */
static void an_older_schema_is_brought_forward(void **state)
{
    (void)state;
    struct ledger *ledger = opened();
    struct ledger_row in = sample("a"), out;
    bool found;
    OK(ledger_settle(ledger, &in, NULL));
    OK(ledger_sync(ledger, NULL));
    ledger_close(&ledger);
    sqlite3 *older;
    assert_int_equal(sqlite3_open(file, &older), SQLITE_OK);
    assert_int_equal(sqlite3_exec(older,
                                  "ALTER TABLE document DROP COLUMN rule; ALTER TABLE document DROP COLUMN reason;"
                                  "ALTER TABLE document DROP COLUMN rules; PRAGMA user_version = 1",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(older);
    for (int look = 1; look >= 0; look--) { /* looked at first: it stays as it is, and can be read all the same */
        OK(ledger_open(file, look, &ledger, NULL));
        OK(ledger_find(ledger, "a", &out, &found, NULL));
        assert_true(found && out.sequence == 17 && out.rules == 0);
        assert_string_equal(out.rule, "");
        OK(ledger_next(ledger, "", &out, &found, NULL));
        assert_true(found);
        ledger_close(&ledger);
    }
    ledger = opened();
    in.status = LEDGER_REJECTED;
    in.rule = "body.empty";
    in.reason = "the document has no text";
    in.rules = UINT64_MAX - 4;
    OK(ledger_settle(ledger, &in, NULL));
    OK(ledger_find(ledger, "a", &out, &found, NULL));
    assert_string_equal(out.rule, "body.empty");
    assert_string_equal(out.reason, "the document has no text");
    assert_true(out.rules == UINT64_MAX - 4 && out.status == LEDGER_REJECTED);
    ledger_close(&ledger);
}

static void looking_makes_nothing(void **state)
{
    (void)state;
    struct ledger *ledger;
    OK(ledger_open(file, true, &ledger, NULL));
    assert_null(ledger);
    assert_int_not_equal(access(file, F_OK), 0);
    ledger = opened();
    struct ledger_row row = sample("a");
    bool found;
    OK(ledger_settle(ledger, &row, NULL));
    OK(ledger_sync(ledger, NULL));
    ledger_close(&ledger);
    struct stat state_now;
    assert_int_equal(stat(file, &state_now), 0);
    assert_int_equal(state_now.st_mode & 077, 0);
    OK(ledger_open(file, true, &ledger, NULL));
    OK(ledger_find(ledger, "a", &row, &found, NULL));
    assert_true(found);
    ledger_close(&ledger);
}

static void shards_are_remembered(void **state)
{
    (void)state;
    unsigned char lineage[16], seven[16];
    uint64_t sequence;
    bool found;
    struct ledger *ledger = opened();
    memset(seven, 7, sizeof seven);
    OK(ledger_shard(ledger, 2, lineage, &sequence, &found, NULL));
    assert_false(found);
    OK(ledger_shard_agree(ledger, 2, seven, 9, NULL));
    OK(ledger_shard(ledger, 2, lineage, &sequence, &found, NULL));
    assert_true(found && sequence == 9);
    assert_memory_equal(lineage, seven, 16);
    ledger_close(&ledger); /* not synced: gone */
    ledger = opened();
    OK(ledger_shard(ledger, 2, lineage, &sequence, &found, NULL));
    assert_false(found);
    ledger_close(&ledger);
}

static void each_folder_and_worker_has_a_place_of_its_own(void **state)
{
    (void)state;
    const char *here[] = {folder}, *slashed[] = {"/tmp/.", "/tmp"}, *gone[] = {"/no/such/folder"};
    setenv("XDG_STATE_HOME", folder, 1);
    char *a = ledger_place("tcp://127.0.0.1:1", "", here, 1), *b = ledger_place("tcp://127.0.0.1:2", "", here, 1);
    char *c = ledger_place("tcp://127.0.0.1:1", "x", here, 1), *d = ledger_place("tcp://127.0.0.1:1", "", slashed, 1);
    char *e = ledger_place("tcp://127.0.0.1:1", "", slashed + 1, 1);
    assert_non_null(a);
    assert_int_equal(strncmp(a, folder, strlen(folder)), 0);
    assert_non_null(strstr(a, "/referent/referent-"));
    assert_string_not_equal(a, b);
    assert_string_not_equal(a, c);
    assert_string_equal(d, e); /* the same folder under two names */
    assert_null(ledger_place("tcp://127.0.0.1:1", "", gone, 1));
    unsetenv("XDG_STATE_HOME");
    setenv("HOME", "/home/ingen", 1);
    free(b);
    b = ledger_place("tcp://127.0.0.1:1", "", here, 1);
    assert_int_equal(strncmp(b, "/home/ingen/.local/state/referent/", 34), 0);
    free(a);
    free(b);
    free(c);
    free(d);
    free(e);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(a_row_comes_back_as_it_went_in),
        TEST(an_intention_keeps_what_was_settled),
        TEST(rows_come_in_order_of_bytes),
        TEST(a_killed_writer_leaves_what_was_synced),
        TEST(a_second_feeder_is_refused),
        TEST(what_is_no_ledger_is_reported_and_kept),
        TEST(a_damaged_page_is_reported_when_it_is_read),
        TEST(a_newer_schema_is_refused),
        TEST(an_older_schema_is_brought_forward),
        TEST(looking_makes_nothing),
        TEST(shards_are_remembered),
        TEST(each_folder_and_worker_has_a_place_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
