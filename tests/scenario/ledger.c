/* ledger: a feeder that remembers sends only what changed, deletes what is gone, and comes through every interruption;
 * and a shard that was made anew is filled again. */
#define _GNU_SOURCE
#include "world.h"

#include "temp.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char minutes[260], ledger[260];

static struct world *begin(const char *settings)
{
    struct world *w = world_start(settings);
    snprintf(minutes, sizeof minutes, "%s/minutes", w->folder);
    snprintf(ledger, sizeof ledger, "%s/feed.ledger", w->folder);
    assert_int_equal(mkdir(minutes, 0700), 0);
    return w;
}

/* A file whose text is found by løb<number> and by `word`. */
static void write_minutes(unsigned number, const char *word)
{
    char path[320], body[400];
    snprintf(path, sizeof path, "%s/%04u.md", minutes, number);
    int size = snprintf(body, sizeof body, "# Teknikudvalget\n\nDato: Onsdag den %u. marts 2021\n\nOm løb%04u %s.\n",
                        1 + number % 28, number, word);
    file_write(path, body, (size_t)size);
}

static void remove_minutes(unsigned number)
{
    char path[320];
    snprintf(path, sizeof path, "%s/%04u.md", minutes, number);
    assert_int_equal(unlink(path), 0);
}

/* Run `referent feed --ledger` with one more option; its last line is `says`. */
static void expect_feed(struct world *w, const char *option, int code, const char *says)
{
    char *out, line[300];
    int status = world_referent(w, (const char *[]){"feed", "--ledger", ledger, minutes, option, NULL}, &out);
    snprintf(line, sizeof line, "%s\n", says);
    if (status != code || strstr(out, line) == NULL)
        fail_msg("exit %d: %s", status, out);
    free(out);
}

#define LINE(found, committed, unchanged, failed, deleted)                                                             \
    "found=" #found " committed=" #committed " unchanged=" #unchanged " superseded=0 rejected=0 failed=" #failed       \
    " deleted=" #deleted

SCENARIO(a_second_run_sends_only_what_changed)
{
    struct world *w = begin("");
    for (unsigned i = 0; i < 20; i++)
        write_minutes(i, "først");
    expect_feed(w, NULL, 0, LINE(20, 20, 0, 0, 0));
    uint64_t before = counter(w, "unchanged");
    write_minutes(3, "siden");
    write_minutes(20, "ny");
    write_minutes(5, "først"); /* touched, not changed */
    expect_feed(w, "--jobs=4", 0, LINE(21, 2, 19, 0, 0));
    assert_int_equal(counter(w, "unchanged"), before); /* it did not even ask */
    expect_found(w, "siden", 1);
    expect_feed(w, NULL, 0, LINE(21, 0, 21, 0, 0));
}

SCENARIO(a_mirror_deletes_what_is_gone_and_takes_it_back)
{
    struct world *w = begin("");
    for (unsigned i = 0; i < 6; i++)
        write_minutes(i, "spejl");
    expect_feed(w, "--version-from=mtime", 0, LINE(6, 6, 0, 0, 0));
    char kept[320], away[320];
    snprintf(kept, sizeof kept, "%s/0002.md", minutes);
    snprintf(away, sizeof away, "%s/away", w->folder);
    assert_int_equal(rename(kept, away), 0);
    expect_feed(w, "--version-from=mtime", 0, LINE(5, 0, 5, 0, 0)); /* not without --mirror */
    assert_int_equal(inventory_count(w), 6);
    expect_feed(w, "--mirror", 0, LINE(5, 0, 5, 0, 1));
    assert_int_equal(inventory_count(w), 5);
    assert_int_equal(rename(away, kept), 0); /* with its old time: older than the tombstone it left */
    expect_feed(w, "--version-from=mtime", 0, LINE(6, 1, 5, 0, 0));
    assert_int_equal(inventory_count(w), 6);
}

SCENARIO(an_empty_folder_deletes_nothing_unless_told)
{
    struct world *w = begin("");
    write_minutes(1, "tom");
    write_minutes(2, "tom");
    expect_feed(w, NULL, 0, LINE(2, 2, 0, 0, 0));
    remove_minutes(1);
    remove_minutes(2);
    expect_feed(w, "--mirror", 1, LINE(1, 0, 0, 1, 0));
    assert_int_equal(inventory_count(w), 2);
    char *out;
    const char *arguments[] = {"feed", "--ledger", ledger, "--mirror", "--allow-empty", minutes, NULL};
    assert_int_equal(world_referent(w, arguments, &out), 0);
    assert_non_null(strstr(out, LINE(0, 0, 0, 0, 2)));
    free(out);
    assert_int_equal(inventory_count(w), 0);
}

SCENARIO(a_dry_run_says_what_and_does_nothing)
{
    struct world *w = begin("");
    write_minutes(1, "en");
    write_minutes(2, "to");
    expect_feed(w, "--dry-run", 0,
                "send 0001.md\nsend 0002.md\nfound=2 send=2 unchanged=0 rejected=0 failed=0 delete=0");
    assert_int_not_equal(access(ledger, F_OK), 0);
    assert_int_equal(inventory_count(w), 0);
    expect_feed(w, NULL, 0, LINE(2, 2, 0, 0, 0));
    write_minutes(2, "tre");
    expect_feed(w, "--dry-run", 0, "send 0002.md\nfound=2 send=1 unchanged=1 rejected=0 failed=0 delete=0");
    expect_feed(w, NULL, 0, LINE(2, 1, 1, 0, 0));
}

/* The index holds file `i` as it was written in `round`; 0: it holds nothing of it. */
static void expect_stored(struct world *w, unsigned i, unsigned round)
{
    char id[32], text[32];
    snprintf(id, sizeof id, "%04u.md", i);
    snprintf(text, sizeof text, "runde%u.", round);
    const GetReply *reply = peer_get(w->searcher, id);
    assert_int_equal(reply->found, round != 0);
    if (round == 0)
        return;
    const ProtobufCBinaryData *body = &reply->document->body;
    if (memmem(body->data, body->len, text, strlen(text)) == NULL)
        fail_msg("%s is not as in round %u: %.*s", id, round, (int)body->len, (const char *)body->data);
}

/* The feeder is killed at random moments while files are written, changed and removed; in the end the index is the
 * folder. */
SCENARIO(a_killed_feeder_resumes_and_nothing_is_lost_or_left)
{
    enum { FILES = 150 };
    struct world *w = begin("commit_max_docs = 20\ncommit_min_gap_ms = 5\n");
    unsigned rounds = getenv("REFERENT_LONG") ? 60 : 8, word[FILES] = {0};
    bool there[FILES] = {false};
    srand(20260 + rounds);
    for (unsigned round = 1; round <= rounds; round++) {
        for (unsigned i = 0; i < FILES; i++) {
            int die = rand() % 4;
            char text[32];
            snprintf(text, sizeof text, "runde%u", round);
            if (die == 0 && there[i]) {
                remove_minutes(i);
                there[i] = false;
            } else if (die < 2) {
                write_minutes(i, text);
                there[i] = true;
                word[i] = round;
            }
        }
        struct process feeder;
        int status;
        const char *arguments[] = {"feed", "--ledger", ledger, "--mirror", "--jobs=2", minutes, NULL};
        world_referent_start(w, &feeder, arguments);
        process_wait(&feeder, rand() % 500, &status); /* the moment of the kill */
        process_kill(&feeder);
    }
    char *out;
    assert_int_equal(world_referent(w, (const char *[]){"feed", "--ledger", ledger, "--mirror", minutes, NULL}, &out),
                     0);
    free(out);
    size_t expected = 0;
    for (unsigned i = 0; i < FILES; i++) {
        expect_stored(w, i, there[i] ? word[i] : 0);
        expected += there[i];
    }
    assert_int_equal(inventory_count(w), expected);
}

SCENARIO(a_replaced_index_is_filled_again)
{
    struct world *w = begin("");
    for (unsigned i = 0; i < 12; i++)
        write_minutes(i, "genopstået");
    expect_feed(w, NULL, 0, LINE(12, 12, 0, 0, 0));
    world_terminate(w);
    world_drained(w);
    temp_remove(w->data);
    world_restart(w);
    assert_int_equal(inventory_count(w), 0);
    expect_feed(w, NULL, 0, LINE(12, 12, 0, 0, 0));
    assert_int_equal(inventory_count(w), 12);
    expect_feed(w, NULL, 0, LINE(12, 0, 12, 0, 0));
}

/* An old copy of the data folder comes back: changes and deletions since are made again. */
SCENARIO(an_index_that_was_set_back_is_brought_forward)
{
    struct world *w = begin("");
    char command[700];
    for (unsigned i = 0; i < 12; i++)
        write_minutes(i, "gammel");
    expect_feed(w, NULL, 0, LINE(12, 12, 0, 0, 0));
    world_terminate(w);
    world_drained(w);
    snprintf(command, sizeof command, "cp -r '%s' '%s/old'", w->data, w->folder);
    assert_int_equal(system(command), 0);
    world_restart(w);
    for (unsigned i = 0; i < 8; i++)
        write_minutes(i, "frisk");
    remove_minutes(11);
    expect_feed(w, "--mirror", 0, LINE(11, 8, 3, 0, 1));
    world_terminate(w);
    world_drained(w);
    temp_remove(w->data);
    snprintf(command, sizeof command, "mv '%s/old' '%s'", w->folder, w->data);
    assert_int_equal(system(command), 0);
    world_restart(w);
    expect_found(w, "gammel", 12);
    char *out;
    assert_int_equal(world_referent(w, (const char *[]){"feed", "--ledger", ledger, "--mirror", minutes, NULL}, &out),
                     0);
    free(out);
    expect_found(w, "frisk", 8);
    assert_int_equal(inventory_count(w), 11);
}

SCENARIO(two_feeders_of_one_ledger_are_refused)
{
    struct world *w = begin(PATIENT);
    struct process first;
    char *log = NULL;
    int status;
    write_minutes(1, "lås");
    world_referent_start(w, &first, (const char *[]){"feed", "--ledger", ledger, minutes, NULL});
    expect_at_least(w, in_flight, 1); /* its document waits for the commit: it has the ledger */
    struct process second;
    world_referent_start(w, &second, (const char *[]){"feed", "--ledger", ledger, minutes, NULL});
    assert_true(process_wait(&second, DEADLINE_MS, &status));
    assert_int_equal(WEXITSTATUS(status), 1);
    log = file_read(second.complaint);
    if (strstr(log, "another referent has the ledger") == NULL || strstr(log, "--ledger another file") == NULL)
        fail_msg("%s", log);
    free(log);
    process_signal(&first, SIGINT);
    assert_true(process_wait(&first, DEADLINE_MS, &status));
    assert_int_equal(WEXITSTATUS(status), 130);
}

SCENARIO(a_ledger_of_garbage_is_reported_with_the_remedy)
{
    struct world *w = begin("");
    char garbage[5000];
    struct process feeder;
    int status;
    write_minutes(1, "skrald");
    memset(garbage, 0xA7, sizeof garbage);
    file_write(ledger, garbage, sizeof garbage);
    world_referent_start(w, &feeder, (const char *[]){"feed", "--ledger", ledger, minutes, NULL});
    assert_true(process_wait(&feeder, DEADLINE_MS, &status));
    assert_int_equal(WEXITSTATUS(status), 1);
    char *log = file_read(feeder.complaint);
    if (strstr(log, "move it away and feed again") == NULL)
        fail_msg("%s", log);
    free(log);
    assert_int_equal(inventory_count(w), 0);
    assert_int_equal(unlink(ledger), 0);
    expect_feed(w, NULL, 0, LINE(1, 1, 0, 0, 0));
}

static void expect_reconcile(struct world *w, const char *option, int code, const char *says)
{
    char *out;
    int status = world_referent(w, (const char *[]){"reconcile", "--ledger", ledger, minutes, option, NULL}, &out);
    if (status != code || strcmp(out, says) != 0)
        fail_msg("exit %d: %s", status, out);
    free(out);
}

SCENARIO(reconcile_names_every_difference_and_mends_it)
{
    struct world *w = begin("");
    for (unsigned i = 0; i < 5; i++)
        write_minutes(i, "enig");
    expect_feed(w, NULL, 0, LINE(5, 5, 0, 0, 0));
    expect_reconcile(w, NULL, 0,
                     "found=5 same=5 missing=0 other=0 rejected=0 extra=0 stale=0 failed=0 mended=0 elsewhere=0\n");
    assert_int_equal(world_referent(w, (const char *[]){"delete", "0000.md", NULL}, NULL), 0);
    given(w, MINUTES("0001.md", "Forvansket indhold."));
    given(w, MINUTES("fremmed.md", "Fra et andet sted."));
    remove_minutes(2);
    write_minutes(7, "ny");
    char *out;
    const char *look[] = {"reconcile", "--ledger", ledger, minutes, NULL};
    assert_int_equal(world_referent(w, look, &out), 1);
    static const char *const lines[] = {
        "missing 0000.md\n",
        "stale 0000.md\n",
        "other 0001.md\n",
        "stale 0001.md\n",
        "extra 0002.md\n",
        "extra fremmed.md\n",
        "missing 0007.md\n",
        "\nfound=5 same=2 missing=2 other=1 rejected=0 extra=2 stale=2 failed=0 mended=0 elsewhere=0\n"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (strstr(out, lines[i]) == NULL)
            fail_msg("it does not say %s: %s", lines[i], out);
    free(out);
    assert_int_equal(inventory_count(w), 5); /* looking changed nothing */
    assert_int_equal(
        world_referent(w, (const char *[]){"reconcile", "--ledger", ledger, "--mend", minutes, NULL}, &out), 1);
    assert_non_null(strstr(out, " extra=2 stale=2 failed=0 mended=6 elsewhere=0\n")); /* all but the stranger */
    free(out);
    expect_found(w, "forvansket", 0);
    expect_reconcile(w, NULL, 1,
                     "extra fremmed.md\nfound=5 same=5 missing=0 other=0 rejected=0 extra=1 stale=0 failed=0 mended=0 "
                     "elsewhere=0\n");
    assert_int_equal(
        world_referent(w, (const char *[]){"reconcile", "--ledger", ledger, "--mend", "--mirror", minutes, NULL}, &out),
        0);
    free(out);
    expect_reconcile(w, NULL, 0,
                     "found=5 same=5 missing=0 other=0 rejected=0 extra=0 stale=0 failed=0 mended=0 elsewhere=0\n");
    expect_feed(w, NULL, 0, LINE(5, 0, 5, 0, 0));
}

/* A folder that is not mounted is empty, or not there. */
SCENARIO(reconcile_deletes_nothing_of_what_it_cannot_see)
{
    struct world *w = begin("");
    char sub[300], away[300], file[320], *out;
    snprintf(sub, sizeof sub, "%s/under.md", minutes);
    snprintf(away, sizeof away, "%s/away", w->folder);
    snprintf(file, sizeof file, "%s/fjern.md", sub);
    assert_int_equal(mkdir(sub, 0700), 0);
    file_write(file, "Fra under.\n", 11);
    for (unsigned i = 0; i < 3; i++)
        write_minutes(i, "synlig");
    expect_feed(w, NULL, 0, LINE(4, 4, 0, 0, 0));
    assert_int_equal(rename(sub, away), 0);
    assert_int_equal(symlink("under.md", sub), 0); /* it cannot be read */
    const char *mends[] = {"reconcile", "--ledger", ledger, "--mend", minutes, "--mirror", NULL};
    assert_int_equal(world_referent(w, mends, &out), 1);
    assert_non_null(strstr(out, "found=4 same=3 missing=0 other=0 rejected=0 extra=0 stale=0 failed=1 mended=0"));
    free(out);
    assert_int_equal(inventory_count(w), 4);
    assert_int_equal(unlink(sub), 0);
    for (unsigned i = 0; i < 3; i++)
        remove_minutes(i);
    assert_int_equal(world_referent(w, mends, &out), 1);
    assert_non_null(strstr(out, "found=0 same=0 missing=0 other=0 rejected=0 extra=4 stale=0 failed=0 mended=0"));
    free(out);
    assert_int_equal(rmdir(minutes), 0);
    assert_int_equal(world_referent(w, mends, &out), 1);
    free(out);
    assert_int_equal(inventory_count(w), 4);
    assert_int_equal(mkdir(minutes, 0700), 0);
    const char *empties[] = {"reconcile", "--ledger", ledger, "--mend", minutes, "--allow-empty", NULL};
    assert_int_equal(world_referent(w, empties, &out), 0);
    free(out);
    assert_int_equal(inventory_count(w), 0);
}

/* One ledger for two folders: to look at one of them is not to judge the other. */
SCENARIO(reconcile_leaves_what_came_from_other_folders)
{
    struct world *w = begin("");
    char other[300], file[320], moved[320], *out;
    snprintf(other, sizeof other, "%s/other", w->folder);
    snprintf(moved, sizeof moved, "%s/moved", w->folder);
    snprintf(file, sizeof file, "%s/nabo.md", other);
    assert_int_equal(mkdir(other, 0700), 0);
    file_write(file, "Fra naboen.\n", 12);
    write_minutes(1, "egen");
    expect_feed(w, NULL, 0, LINE(1, 1, 0, 0, 0));
    assert_int_equal(world_referent(w, (const char *[]){"feed", "--ledger", ledger, other, NULL}, NULL), 0);
    expect_reconcile(w, NULL, 0,
                     "found=1 same=1 missing=0 other=0 rejected=0 extra=0 stale=0 failed=0 mended=0 elsewhere=1\n");
    const char *mirrors[] = {"reconcile", "--ledger", ledger, "--mend", "--mirror", minutes, NULL};
    assert_int_equal(world_referent(w, mirrors, &out), 0);
    free(out);
    assert_int_equal(inventory_count(w), 2);
    assert_int_equal(rename(other, moved), 0); /* there is no such folder any more */
    expect_reconcile(
        w, NULL, 1,
        "extra nabo.md\nfound=1 same=1 missing=0 other=0 rejected=0 extra=1 stale=0 failed=0 mended=0 elsewhere=0\n");
    assert_int_equal(world_referent(w, mirrors, &out), 0);
    free(out);
    assert_int_equal(inventory_count(w), 1);
}

static const InventoryPage *looked_up(struct world *w, uint32_t shard, const char *const *ids, size_t count)
{
    Referent__V1__InventoryRequest request = REFERENT__V1__INVENTORY_REQUEST__INIT;
    Envelope envelope = frame_envelope(0);
    request.shard = shard;
    request.ids = (char **)ids;
    request.n_ids = count;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_INVENTORY_REQUEST;
    envelope.inventory_request = &request;
    const Envelope *answer = peer_ask(w->feeder, &envelope);
    assert_int_equal(answer->payload_case, REFERENT__V1__ENVELOPE__PAYLOAD_INVENTORY_PAGE);
    return answer->inventory_page;
}

SCENARIO(an_inventory_of_some_ids_has_those_that_are_known)
{
    struct world *w = begin("shards = 1\n");
    given(w, EDITION("a", 7, "Om broen."));
    given(w, MINUTES("b", "Om havnen."));
    expect_committed(w->feeder, peer_delete(w->feeder, "b", 0));
    const InventoryPage *page = looked_up(w, 0, (const char *[]){"x", "b", "a", "ab"}, 4);
    assert_true(page->done && page->n_entries == 2 && page->sequence == 3);
    assert_string_equal(page->entries[0]->id, "b");
    assert_true(page->entries[0]->deleted && page->entries[0]->digest.len == 0);
    assert_string_equal(page->entries[1]->id, "a");
    assert_true(!page->entries[1]->deleted && page->entries[1]->version == 7 && page->entries[1]->digest.len == 16);
    assert_int_equal(looked_up(w, 0, (const char *[]){"x"}, 1)->n_entries, 0);
    const char *many[1001];
    for (size_t i = 0; i < 1001; i++)
        many[i] = "a";
    assert_int_equal(looked_up(w, 0, many, 1000)->n_entries, 1000);
    Referent__V1__InventoryRequest request = REFERENT__V1__INVENTORY_REQUEST__INIT;
    Envelope envelope = frame_envelope(0);
    request.ids = (char **)many;
    request.n_ids = 1001;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_INVENTORY_REQUEST;
    envelope.inventory_request = &request;
    const Envelope *answer = peer_ask(w->feeder, &envelope);
    assert_int_equal(answer->payload_case, REFERENT__V1__ENVELOPE__PAYLOAD_RECEIPT);
    assert_string_equal(answer->receipt->rule, "inventory.ids");
}

SCENARIO(reconcile_makes_a_lost_ledger_anew)
{
    struct world *w = begin("");
    for (unsigned i = 0; i < 5; i++)
        write_minutes(i, "tabt");
    expect_feed(w, NULL, 0, LINE(5, 5, 0, 0, 0));
    assert_int_equal(unlink(ledger), 0);
    expect_reconcile(w, "--mend", 0,
                     "found=5 same=5 missing=0 other=0 rejected=0 extra=0 stale=0 failed=0 mended=0 elsewhere=0\n");
    uint64_t before = counter(w, "unchanged");
    expect_feed(w, NULL, 0, LINE(5, 0, 5, 0, 0));
    assert_int_equal(counter(w, "unchanged"), before);
}

/* ---- what was rejected ---- */

static void write_bytes(unsigned number, const char *bytes)
{
    char path[320];
    snprintf(path, sizeof path, "%s/%04u.md", minutes, number);
    file_write(path, bytes, strlen(bytes));
}

/* As expect_feed, and what stands on standard error. */
static void expect_said(struct world *w, const char *const arguments[], int code, const char *out,
                        const char *complaint)
{
    struct process process;
    int status;
    world_referent_start(w, &process, arguments);
    assert_true(process_wait(&process, DEADLINE_MS, &status));
    char *said = file_read(process.output), *complained = file_read(process.complaint);
    if (WEXITSTATUS(status) != code || strstr(said, out) == NULL || strstr(complained, complaint) == NULL ||
        strstr(complained, "null") != NULL)
        fail_msg("exit %d: %s%s", WEXITSTATUS(status), said, complained);
    free(said);
    free(complained);
}

#define REJECTING(found, committed, unchanged, rejected)                                                               \
    "found=" #found " committed=" #committed " unchanged=" #unchanged " superseded=0 rejected=" #rejected              \
    " failed=0 deleted=0"

SCENARIO(what_was_rejected_is_sent_again_only_when_it_may_be_taken)
{
    struct world *w = begin("");
    const char *look[] = {"reconcile", "--ledger", ledger, minutes, NULL};
    const char *again[] = {"feed", "--ledger", ledger, "--retry-rejected", minutes, NULL};
    const char *feed_it[] = {"feed", "--ledger", ledger, minutes, NULL};
    write_minutes(1, "god");
    write_bytes(2, " \n");
    write_bytes(3, "Br\xC3\x28");
    expect_feed(w, NULL, 1, REJECTING(3, 1, 0, 2));
    assert_int_equal(counter(w, "rejected"), 2);
    expect_said(w, feed_it, 1, REJECTING(3, 0, 1, 2), "rejected before, not sent again: 0002.md: body.empty: ");
    expect_said(w, feed_it, 1, REJECTING(3, 0, 1, 2), "--retry-rejected");
    write_bytes(2, " \n"); /* touched: read, and the same */
    expect_feed(w, NULL, 1, REJECTING(3, 0, 1, 2));
    expect_feed(w, "--dry-run", 1, "found=3 send=0 unchanged=1 rejected=2 failed=0 delete=0");
    expect_said(w, look, 1, "rejected 0002.md\n", "0003.md: body.utf8: ");
    expect_said(w, look, 1,
                "found=3 same=1 missing=0 other=0 rejected=2 extra=0 stale=0 failed=0 mended=0 elsewhere=0\n",
                "--mend --retry-rejected");
    assert_int_equal(world_referent(w, (const char *[]){"dead", "drop", "--all", NULL}, NULL), 0);
    expect_feed(w, NULL, 1, REJECTING(3, 0, 1, 2)); /* forgotten by the worker, and it stays so */
    assert_int_equal(counter(w, "rejected"), 2);
    expect_said(w, again, 1, REJECTING(3, 0, 1, 2), "rejected 0002.md: body.empty: ");
    assert_int_equal(counter(w, "rejected"), 4);
    write_minutes(2, "rettet");
    expect_feed(w, NULL, 1, REJECTING(3, 1, 1, 1));
    assert_int_equal(counter(w, "rejected"), 4);
    expect_found(w, "rettet", 1);
}

/* What no index can hold is not in the ledger either, which is walked in order of ids. */
SCENARIO(an_id_that_no_index_takes_is_rejected_every_time)
{
    struct world *w = begin("");
    char path[600], name[128];
    memset(name, 'l', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    snprintf(path, sizeof path, "%s/%s", minutes, name);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/%s/%s.md", minutes, name, name);
    file_write(path, "Tekst.", 6);
    snprintf(path, sizeof path, "%s/strid\x01.md", minutes);
    file_write(path, "Tekst.", 6);
    snprintf(path, sizeof path, "%s/kode\xFF.md", minutes);
    file_write(path, "Tekst.", 6);
    write_minutes(1, "god");
    const char *feed_it[] = {"feed", "--ledger", ledger, "--mirror", minutes, NULL};
    const char *look[] = {"reconcile", "--ledger", ledger, minutes, NULL};
    expect_said(w, feed_it, 1, REJECTING(4, 1, 0, 3), "id.character: ");
    expect_said(w, feed_it, 1, REJECTING(4, 0, 1, 3), "string.utf8: ");
    expect_feed(w, "--dry-run", 1, "found=4 send=0 unchanged=1 rejected=3 failed=0 delete=0");
    expect_said(w, look, 1, "found=4 same=1 missing=0 other=0 rejected=3 ", "id.length: ");
}

/* A worker of other limits is asked once more; and so is a new index, whose dead letters have nothing of it. */
SCENARIO(another_worker_is_asked_once_more)
{
    struct world *w = begin("");
    char path[260];
    write_minutes(1, "god");
    write_bytes(2, " \n");
    expect_feed(w, NULL, 1, REJECTING(2, 1, 0, 1));
    world_terminate(w);
    world_drained(w);
    snprintf(path, sizeof path, "%s/referent.conf", w->folder);
    char *settings = file_read(path), more[2000];
    int size = snprintf(more, sizeof more, "%s\ndocument_max_ms = 59000\n", settings);
    file_write(path, more, (size_t)size);
    free(settings);
    world_restart(w);
    expect_feed(w, NULL, 1, REJECTING(2, 0, 1, 1));
    assert_int_equal(counter(w, "rejected"), 1); /* of this process */
    expect_feed(w, NULL, 1, REJECTING(2, 0, 1, 1));
    assert_int_equal(counter(w, "rejected"), 1);
    world_terminate(w);
    world_drained(w);
    temp_remove(w->data);
    world_restart(w);
    expect_feed(w, NULL, 1, REJECTING(2, 1, 0, 1));
    assert_int_equal(counter(w, "rejected"), 1);
}

/* The shard goes on behind the greeting; it is not taken for one that was set back. */
SCENARIO(a_worker_that_dies_on_the_way_has_the_shards_of_before)
{
    struct world *w = begin("shards = 1\ncommit_idle_ms = 2000\ncommit_max_age_ms = 2000\n");
    struct process process;
    int status;
    write_minutes(1, "god");
    write_bytes(2, " \n");
    world_referent_start(w, &process, (const char *[]){"feed", "--ledger", ledger, minutes, NULL});
    expect_at_least(w, in_flight, 1);
    world_kill(w);
    world_restart(w);
    assert_true(process_wait(&process, DEADLINE_MS, &status));
    uint64_t before = counter(w, "rejected");
    expect_feed(w, NULL, 1, REJECTING(2, 0, 1, 1));
    assert_int_equal(counter(w, "rejected"), before);
}

/* Somebody else gave the version away; what the index holds may change, so it is sent every time. */
SCENARIO(a_conflict_of_versions_is_tried_every_time)
{
    struct world *w = begin("");
    write_minutes(1, "egen");
    char path[320];
    struct stat state;
    snprintf(path, sizeof path, "%s/0001.md", minutes);
    assert_int_equal(stat(path, &state), 0);
    uint64_t version = (uint64_t)state.st_mtim.tv_sec * 1000 + (uint64_t)state.st_mtim.tv_nsec / 1000000;
    struct fed other = MINUTES("0001.md", "Et andet indhold.");
    other.version = version;
    given(w, other);
    expect_feed(w, "--version-from=mtime", 1, REJECTING(1, 0, 0, 1));
    expect_feed(w, "--version-from=mtime", 1, REJECTING(1, 0, 0, 1));
    assert_int_equal(counter(w, "rejected"), 2);
}

/* Set aside, and taken when it was replayed: the ledger is told so before it is believed. */
SCENARIO(what_was_replayed_is_unchanged)
{
    struct world *w = world_poisoned("shards = 2\n");
    struct process process;
    char *out;
    int status;
    snprintf(minutes, sizeof minutes, "%s/minutes", w->folder);
    snprintf(ledger, sizeof ledger, "%s/feed.ledger", w->folder);
    assert_int_equal(mkdir(minutes, 0700), 0);
    write_minutes(1, "god");
    write_minutes(2, "giftnedbrud");
    world_referent_start(w, &process, (const char *[]){"feed", "--ledger", ledger, "--patience=80", minutes, NULL});
    assert_true(world_supervise(w, &process, 3 * (int64_t)DEADLINE_MS, &status) >= 2);
    assert_int_equal(WEXITSTATUS(status), 1);
    uint64_t before = counter(w, "rejected");
    expect_feed(w, NULL, 1, REJECTING(2, 0, 1, 1));
    assert_int_equal(counter(w, "rejected"), before); /* it was not sent */
    world_kill(w);
    w->program = world_plain_program();
    world_restart(w);
    assert_int_equal(world_referent(w, (const char *[]){"dead", "replay", "--all", NULL}, &out), 0);
    free(out);
    before = counter(w, "unchanged");
    expect_feed(w, NULL, 0, REJECTING(2, 0, 2, 0));
    assert_int_equal(counter(w, "unchanged"), before); /* nothing was sent for it */
    const char *look[] = {"reconcile", "--ledger", ledger, minutes, NULL};
    expect_said(w, look, 0, "found=2 same=2 missing=0 other=0 rejected=0 ", "");
}

TELL(STORY(a_second_run_sends_only_what_changed), STORY(a_mirror_deletes_what_is_gone_and_takes_it_back),
     STORY(an_empty_folder_deletes_nothing_unless_told), STORY(a_dry_run_says_what_and_does_nothing),
     STORY(a_killed_feeder_resumes_and_nothing_is_lost_or_left), STORY(a_replaced_index_is_filled_again),
     STORY(an_index_that_was_set_back_is_brought_forward), STORY(two_feeders_of_one_ledger_are_refused),
     STORY(a_ledger_of_garbage_is_reported_with_the_remedy), STORY(reconcile_names_every_difference_and_mends_it),
     STORY(reconcile_deletes_nothing_of_what_it_cannot_see), STORY(reconcile_leaves_what_came_from_other_folders),
     STORY(reconcile_makes_a_lost_ledger_anew), STORY(an_inventory_of_some_ids_has_those_that_are_known),
     STORY(what_was_rejected_is_sent_again_only_when_it_may_be_taken), STORY(another_worker_is_asked_once_more),
     STORY(a_worker_that_dies_on_the_way_has_the_shards_of_before),
     STORY(an_id_that_no_index_takes_is_rejected_every_time), STORY(a_conflict_of_versions_is_tried_every_time),
     STORY(what_was_replayed_is_unchanged))
