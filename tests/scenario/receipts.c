/* receipts: COMMITTED means on disk and searchable, one receipt for each arrival. */
#include "clock.h"
#include "index.h"
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

SCENARIO(a_receipt_follows_the_commit)
{
    struct world *w = world_start("shards = 1\ncommit_max_docs = 2\n" PATIENT);
    feed(w, MINUTES("d1", "Godkendt."));
    expect_at_least(w, in_flight, 1);
    expect_receipts(w->feeder, 0);
    expect_found(w, "godkendt", 0);
    feed(w, MINUTES("d2", "Udsat."));
    expect_receipts(w->feeder, 2);
    expect_found(w, "godkendt", 1);
    expect_found(w, "udsat", 1);
}

SCENARIO(a_batch_is_committed_by_its_age)
{
    struct world *w = world_start("commit_max_docs = 1000\ncommit_max_age_ms = 150\ncommit_idle_ms = 60000\n");
    given(w, MINUTES("alene", "Forslaget er vedtaget."));
    expect_found(w, "vedtaget", 1);
}

SCENARIO(a_batch_is_committed_by_its_bytes)
{
    struct world *w = world_start("shards = 1\ncommit_max_bytes = 1048576\n" PATIENT);
    static char words[600000];
    for (size_t i = 0; i < sizeof words; i += 12)
        snprintf(words + i, sizeof words - i, "ord%08zu ", i);
    struct fed large = {.id = "stor", .body = {words, sizeof words - 12}};
    uint64_t first = feed(w, large);
    large.id = "større";
    uint64_t second = feed(w, large);
    expect_committed(w->feeder, first);
    large.id = "størst"; /* whatever the estimate, three of them are beyond the bound */
    feed(w, large);
    expect_committed(w->feeder, second);
}

static uint64_t committed(struct world *w)
{
    return counter(w, "committed");
}

/* Nothing is full, old or idle here; but the feeder has no credit left. */
SCENARIO(a_batch_is_committed_when_its_feeder_waits_for_it)
{
    enum { CREDIT = 40, SOON_MS = 30000 };
    struct world *w =
        world_start("shards = 2\ncredit_messages = 40\nyoung_documents = 4\ncommit_max_docs = 1000\n" PATIENT);
    int64_t begun_ms = clock_steady_ms();
    for (unsigned i = 0; i < CREDIT; i++) {
        char id[16];
        snprintf(id, sizeof id, "d%u", i);
        feed(w, (struct fed){.id = id, .body = SPAN("Om tålmodighed.")});
    }
    expect_at_least(w, committed, 4);
    assert_true(clock_steady_ms() - begun_ms < SOON_MS);
}

static uint64_t documents_of(const char *path)
{
    struct database *database;
    struct error err;
    uint64_t documents;
    assert_int_equal(database_open_known(path, &database, &err), FAULT_NONE);
    assert_int_equal(database_count(database, 0, &documents, &err), FAULT_NONE);
    database_close(&database);
    return documents;
}

/* How many batches found no room though they waited as long as they may: two seconds, which a merge takes where all
 * cores and the disk are others'. */
static uint64_t waited_in_vain(struct world *w)
{
    enum { WAIT_MS = 2000 };
    char *log = world_log(w);
    uint64_t batches = 0;
    for (const char *at = log; (at = strstr(at, "event=young.full ")) != NULL; at++, batches++) {
        const char *waited = strstr(at, "waited_ms=");
        assert_non_null(waited);
        assert_true(strtol(waited + strlen("waited_ms="), NULL, 10) >= WAIT_MS);
    }
    free(log);
    return batches;
}

/* The row of young segments is full again and again, while they are merged: what comes does not go to the big
 * database meanwhile, which would take five times as long, unless it has waited long enough. */
SCENARIO(a_batch_waits_until_a_merge_makes_room)
{
    enum { BATCH = 4, FED = 20 * BATCH };
    struct world *w = world_start("shards = 1\nyoung_segments = 2\nyoung_documents = 4\ncommit_max_docs = 4\n"
                                  "log_level = debug\n" PATIENT);
    for (unsigned i = 0; i < FED; i++) {
        char id[16];
        snprintf(id, sizeof id, "d%u", i);
        feed(w, (struct fed){.id = id, .body = SPAN("Om plads i køen.")});
    }
    expect_receipts(w->feeder, FED);
    expect_found(w, "plads", FED);
    world_terminate(w);
    world_drained(w);
    char *generation = index_generation(w->data, false, 0);
    uint64_t documents = documents_of(generation);
    free(generation);
    assert_int_equal(documents, BATCH * waited_in_vain(w));
}

static uint64_t sequence_searched(const SearchReply *reply, uint32_t shard)
{
    for (size_t i = 0; i < reply->coverage->n_sequences; i++)
        if (reply->coverage->sequences[i]->key == shard)
            return reply->coverage->sequences[i]->value;
    return 0;
}

SCENARIO(a_document_is_found_the_moment_its_receipt_is_here)
{
    struct world *w = world_start("commit_max_age_ms = 20\ncommit_min_gap_ms = 0\n");
    for (unsigned i = 0; i < 25; i++) {
        char id[32], body[64], word[32];
        snprintf(id, sizeof id, "møde/%u.md", i);
        snprintf(word, sizeof word, "kendeord%c%c", 'a' + i / 5, 'k' + i % 5);
        snprintf(body, sizeof body, "Om %s i byen.\n", word);
        const Receipt *receipt = given(w, (struct fed){.id = id, .body = span_of(body)});
        assert_string_equal(receipt->id, id);
        const SearchReply *reply = expect_found(w, word, 1);
        assert_string_equal(reply->hits[0]->id, id);
        assert_int_equal(reply->hits[0]->shard, receipt->shard);
        assert_true(sequence_searched(reply, receipt->shard) >= receipt->sequence);
    }
}

SCENARIO(every_arrival_gets_one_receipt)
{
    struct world *w = world_start("");
    enum { ARRIVALS = 400, IDS = 50 };
    for (unsigned i = 0; i < ARRIVALS; i++) {
        char id[32];
        snprintf(id, sizeof id, "sag-%u", i % IDS);
        feed(w, (struct fed){.id = id, .body = SPAN("1. Budget\n\nGodkendt.\n")});
    }
    expect_receipts(w->feeder, ARRIVALS);
    size_t committed = 0, unchanged = 0;
    for (size_t i = 0; i < ARRIVALS; i++) {
        committed += peer_receipt(w->feeder, i)->receipt->status == REFERENT__V1__STATUS__STATUS_COMMITTED;
        unchanged += peer_receipt(w->feeder, i)->receipt->status == REFERENT__V1__STATUS__STATUS_UNCHANGED;
    }
    assert_int_equal(committed, IDS);
    assert_int_equal(unchanged, ARRIVALS - IDS);
    assert_int_equal(inventory_count(w), IDS);
}

SCENARIO(minutes_without_items_are_the_meeting_alone)
{
    struct world *w = world_start("");
    given(w, MINUTES("tom", "Der var ingen punkter, kun kaffe."));
    const SearchReply *reply = expect_found(w, "kaffe", 1);
    assert_int_equal(reply->hits[0]->position, 0);
    assert_string_equal(reply->hits[0]->item, "");
}

SCENARIO(a_feeder_that_leaves_takes_nobody_with_it)
{
    struct world *w = world_start("commit_max_age_ms = 300\n");
    struct peer *other = world_feeder(w);
    peer_feed(other, MINUTES("den-andens", "Om forladte cykler."));
    peer_settle(other);
    peer_free(&other);
    given(w, MINUTES("min", "Om nye cykelstier."));
    expect_at_least(w, meetings, 2);
    expect_found(w, "forladte", 1);
}

TELL(STORY(a_receipt_follows_the_commit), STORY(a_batch_is_committed_by_its_age),
     STORY(a_batch_is_committed_by_its_bytes), STORY(a_batch_is_committed_when_its_feeder_waits_for_it),
     STORY(a_batch_waits_until_a_merge_makes_room), STORY(a_document_is_found_the_moment_its_receipt_is_here),
     STORY(every_arrival_gets_one_receipt), STORY(minutes_without_items_are_the_meeting_alone),
     STORY(a_feeder_that_leaves_takes_nobody_with_it))
