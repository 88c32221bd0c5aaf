/* bulk: documents are HELD, and COMMITTED all at once; whatever happens in between, the shard is the old one or the new
 * one, and nothing that was acknowledged is lost. */
#include "world.h"

#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define COMMITTED  REFERENT__V1__STATUS__STATUS_COMMITTED
#define UNCHANGED  REFERENT__V1__STATUS__STATUS_UNCHANGED
#define SUPERSEDED REFERENT__V1__STATUS__STATUS_SUPERSEDED
#define REJECTED   REFERENT__V1__STATUS__STATUS_REJECTED
#define RETRY      REFERENT__V1__STATUS__STATUS_RETRY
#define HELD       REFERENT__V1__STATUS__STATUS_HELD

/* A session under these settings ends by Flush alone. */
#define PATIENT_BULK "bulk_idle_ms = 600000\n"

static void bulk(struct world *w)
{
    w->welcome = peer_hello_load(w->feeder, REFERENT__V1__LOAD__LOAD_BULK, 0);
    assert_true(w->welcome->bulk);
}

/* Minutes number n: an open item, every third with a closed one, every fifth with a CPR number. */
static uint64_t feed_minutes(struct world *w, unsigned number, uint64_t version)
{
    char id[24], body[1400];
    snprintf(id, sizeof id, "m%u", number);
    int size = snprintf(body, sizeof body,
                        "# Teknikudvalget\n\nDato: Onsdag den %u. marts 2021\n\nMedlemmer: Rosa Lyngmose (B)\n\n"
                        "## 1. Renovering af vej nummer vej%u\n\nÅben sag\n\nDer er udkast%" PRIu64
                        " til asfalt.%s\n\n### Beslutning\n\nGodkendt.\n\n%s",
                        1 + number % 28, number, version, number % 5 == 0 ? " Borger 010180-1232 har skrevet." : "",
                        number % 3 == 0 ? "## 2. Om køb af grund\n\nLukket sag\n\nPrisen er hemmelig.\n" : "");
    return feed(w, (struct fed){.id = id, .version = version, .body = {body, (size_t)size}});
}

/* Exactly these words, as many times. */
static void expect_exactly(struct world *w, const char *words, uint64_t total)
{
    const SearchReply *reply =
        peer_search(w->searcher, (struct asked){.query = words, .literal = true, .all_words = true});
    if (reply->total != total)
        fail_msg("\"%s\" finds %" PRIu64 ", not %" PRIu64, words, reply->total, total);
}

static void feed_held(struct world *w, uint64_t sequences[], unsigned count, uint64_t version)
{
    for (unsigned i = 0; i < count; i++)
        sequences[i] = feed_minutes(w, i, version);
    for (unsigned i = 0; i < count; i++)
        expect_status(w->feeder, sequences[i], HELD);
}

SCENARIO(what_is_held_can_be_found_when_it_is_committed_and_not_before)
{
    struct world *w = world_start("shards = 2\n" PATIENT_BULK);
    enum { FED = 40 };
    uint64_t sequences[FED];
    bulk(w);
    feed_held(w, sequences, FED, 1);
    assert_int_equal(in_flight(w), 0); /* the credit is back */
    expect_found(w, "asfalt", 0);
    assert_null(peer_final(w->feeder, sequences[0], 0));
    peer_flush(w->feeder);
    for (unsigned i = 0; i < FED; i++) {
        const Receipt *receipt = expect_final(w->feeder, sequences[i], COMMITTED);
        assert_int_equal(receipt->sequence, 1);
        assert_memory_equal(receipt->lineage.data, w->welcome->map->shards[receipt->shard]->lineage.data, 16);
        assert_int_equal(receipt->cpr_masked, i % 5 == 0);
    }
    expect_found(w, "asfalt", FED);
    expect_found(w, "hemmelig", 0);
    assert_int_equal(inventory_count(w), FED);
    assert_int_equal(counter(w, "held"), FED);
    assert_int_equal(counter(w, "cpr_masked"), FED / 5);
    world_check_shards(w);
    world_kill(w);
    world_restart(w); /* what was published is on disk */
    expect_found(w, "asfalt", FED);
    given(w, MINUTES("senere", "Om asfalt."));
    expect_found(w, "asfalt", FED + 1);
}

SCENARIO(a_load_ends_by_itself_when_nothing_more_comes)
{
    struct world *w = world_start("bulk_idle_ms = 50\n");
    bulk(w);
    uint64_t first = feed_minutes(w, 1, 1);
    expect_status(w->feeder, first, HELD);
    expect_final(w->feeder, first, COMMITTED);
    expect_exactly(w, "vej1", 1);
}

static uint64_t shard_sequence(struct world *w, uint32_t shard)
{
    return peer_status(w->searcher)->shards[shard]->sequence;
}

/* Shard 1 is published for seconds, and its documents wait; so a feeder would have no credit for shard 0 either. */
SCENARIO(a_load_does_not_end_while_another_shard_is_published)
{
    enum { FED = 16 };
    uint64_t first[FED], second[FED];
    struct world *w = world_interposed("shards = 2\nbulk_idle_ms = 300\n");
    bulk(w);
    feed_held(w, first, FED, 1);
    world_rules(w, "fsync,fdatasync @/shard-0001/* 1 8 sleep=500\n");
    peer_flush(w->feeder);
    while (shard_sequence(w, 0) == 0)
        peer_settle(w->feeder);
    for (unsigned i = 0; i < FED; i++)
        second[i] = feed_minutes(w, 100 + i, 1);
    for (const StatusReply *status; (status = peer_status(w->searcher))->shards[1]->sequence == 0;)
        assert_int_equal(status->shards[0]->sequence, 1);
    for (unsigned i = 0; i < FED; i++) {
        expect_final(w->feeder, first[i], COMMITTED);
        expect_final(w->feeder, second[i], COMMITTED);
    }
    assert_int_equal(counter(w, "publications"), 4);
}

SCENARIO(only_a_large_first_load_is_taken_in_bulk_unasked)
{
    struct world *w = world_start("bulk_from_documents = 10\n" PATIENT_BULK);
    assert_false(peer_hello_load(w->feeder, REFERENT__V1__LOAD__LOAD_UNSPECIFIED, 9)->bulk);
    assert_false(peer_hello_load(w->feeder, REFERENT__V1__LOAD__LOAD_STEADY, 1000)->bulk);
    assert_true(peer_hello_load(w->feeder, REFERENT__V1__LOAD__LOAD_UNSPECIFIED, 10)->bulk);
    uint64_t first = feed_minutes(w, 1, 1);
    expect_status(w->feeder, first, HELD);
    peer_flush(w->feeder);
    expect_final(w->feeder, first, COMMITTED);
    assert_false(peer_hello_load(w->feeder, REFERENT__V1__LOAD__LOAD_UNSPECIFIED, 1000)->bulk);
    expect_committed(w->feeder, feed_minutes(w, 2, 1));
    assert_true(peer_hello_load(w->feeder, REFERENT__V1__LOAD__LOAD_BULK, 0)->bulk);
}

SCENARIO(an_id_that_is_held_already_is_decided_after_the_publication)
{
    struct world *w = world_start("shards = 1\n" PATIENT_BULK);
    bulk(w);
    uint64_t held = feed_minutes(w, 1, 5), deleted = feed_minutes(w, 2, 5);
    expect_status(w->feeder, held, HELD);
    expect_status(w->feeder, deleted, HELD);
    uint64_t same = feed_minutes(w, 1, 5);
    expect_status(w->feeder, same, HELD);
    uint64_t older = feed_minutes(w, 1, 4), newer = feed_minutes(w, 1, 6);
    uint64_t conflict = feed(w, EDITION("m1", 6, "Andet indhold."));
    uint64_t gone = peer_delete(w->feeder, "m2", 6);
    uint64_t other = peer_delete(w->feeder, "aldrig-set", 1); /* nobody holds it: it goes the steady way */
    expect_final(w->feeder, other, COMMITTED);
    assert_null(peer_answer(w->feeder, older, 100));
    peer_flush(w->feeder);
    expect_final(w->feeder, held, COMMITTED);
    expect_final(w->feeder, deleted, COMMITTED);
    expect_final(w->feeder, same, UNCHANGED);
    expect_final(w->feeder, older, SUPERSEDED);
    expect_final(w->feeder, newer, COMMITTED);
    expect_final(w->feeder, conflict, REJECTED);
    expect_final(w->feeder, gone, COMMITTED);
    expect_exactly(w, "udkast6", 1);
    expect_exactly(w, "udkast5", 0);
    assert_int_equal(inventory_count(w), 1);
}

/* The shard was empty when the load began, and is no longer: batches go on beside a session. */
SCENARIO(what_is_committed_beside_a_load_is_known_to_it)
{
    struct world *w = world_start("shards = 1\n" PATIENT_BULK);
    bulk(w);
    uint64_t held = feed_minutes(w, 0, 1);
    expect_status(w->feeder, held, HELD);
    expect_final(w->feeder, peer_delete(w->feeder, "m1", 5), COMMITTED);
    struct peer *steady = world_feeder(w);
    expect_committed(steady, peer_feed(steady, EDITION("m2", 5, "Om asfalt.")));
    expect_final(w->feeder, feed_minutes(w, 1, 4), SUPERSEDED);
    expect_final(w->feeder, feed_minutes(w, 2, 4), SUPERSEDED);
    expect_final(w->feeder, feed_minutes(w, 2, 6), COMMITTED);
    peer_flush(w->feeder);
    expect_final(w->feeder, held, COMMITTED);
    expect_found(w, "asfalt", 2);
    assert_int_equal(inventory_count(w), 2);
    peer_free(&steady);
}

SCENARIO(a_load_joins_what_is_there)
{
    struct world *w = world_start("shards = 1\n" PATIENT_BULK);
    enum { FED = 30 };
    uint64_t sequences[FED];
    for (unsigned i = 0; i < FED; i += 2)
        expect_committed(w->feeder, feed_minutes(w, i, 1));
    expect_committed(w->feeder, peer_delete(w->feeder, "m0", 2));
    expect_committed(w->feeder, peer_delete(w->feeder, "m1", 2)); /* a tombstone of what never was there */
    bulk(w);
    for (unsigned i = 0; i < FED; i++)
        sequences[i] = feed_minutes(w, i, 1);
    for (unsigned i = 3; i < FED; i += 2)
        expect_status(w->feeder, sequences[i], HELD);
    for (unsigned i = 2; i < FED; i += 2)
        expect_final(w->feeder, sequences[i], UNCHANGED);
    expect_final(w->feeder, sequences[0], SUPERSEDED);
    expect_final(w->feeder, sequences[1], SUPERSEDED);
    peer_flush(w->feeder);
    for (unsigned i = 3; i < FED; i += 2)
        expect_final(w->feeder, sequences[i], COMMITTED);
    expect_found(w, "asfalt", FED - 2);
    assert_int_equal(inventory_count(w), FED - 2);
    bulk(w); /* tombstones have come along */
    expect_final(w->feeder, feed_minutes(w, 0, 1), SUPERSEDED);
    world_check_shards(w);
}

/* Nothing but tombstones is something, too. */
SCENARIO(tombstones_alone_come_along)
{
    struct world *w = world_start("shards = 1\n" PATIENT_BULK);
    expect_committed(w->feeder, peer_delete(w->feeder, "m0", 2));
    bulk(w);
    uint64_t held = feed_minutes(w, 1, 1);
    expect_status(w->feeder, held, HELD);
    peer_flush(w->feeder);
    expect_final(w->feeder, held, COMMITTED);
    expect_final(w->feeder, feed_minutes(w, 0, 1), SUPERSEDED);
}

/* Without versions the last one wins: the same content again is not the same when another came between. */
SCENARIO(what_comes_back_behind_another_waits_behind_it)
{
    struct world *w = world_start("shards = 1\n" PATIENT_BULK);
    bulk(w);
    uint64_t first = feed(w, EDITION("m1", 0, "Om grus.")), between = feed(w, EDITION("m1", 0, "Om sand."));
    uint64_t again = feed(w, EDITION("m1", 0, "Om grus."));
    expect_status(w->feeder, first, HELD);
    assert_null(peer_answer(w->feeder, again, 100));
    peer_flush(w->feeder);
    expect_final(w->feeder, first, COMMITTED);
    expect_final(w->feeder, between, COMMITTED);
    expect_final(w->feeder, again, COMMITTED);
    expect_exactly(w, "grus", 1);
    expect_exactly(w, "sand", 0);
}

/* Folders of segments, which a publication takes or removes. */
static size_t segment_folders(struct world *w)
{
    glob_t found;
    char pattern[300];
    snprintf(pattern, sizeof pattern, "%s/*/load-*", w->data);
    size_t count = glob(pattern, 0, NULL, &found) == 0 ? found.gl_pathc : 0;
    globfree(&found);
    return count;
}

SCENARIO(one_load_follows_another)
{
    struct world *w = world_start("shards = 1\n" PATIENT_BULK);
    for (unsigned load = 0; load < 3; load++) {
        bulk(w);
        uint64_t held = feed_minutes(w, 3 * load + 1, 1); /* without a closed item */
        expect_status(w->feeder, held, HELD);
        assert_int_equal(segment_folders(w), 1);
        peer_flush(w->feeder);
        expect_final(w->feeder, held, COMMITTED);
    }
    expect_found(w, "asfalt", 3);
    assert_int_equal(counter(w, "publications"), 3);
    assert_int_equal(segment_folders(w), 0);
}

static unsigned told(const char *log, const char *event)
{
    unsigned times = 0;
    for (; (log = strstr(log, event)) != NULL; log++)
        times++;
    return times;
}

/* So little takes some documents only: postings are put aside several times, and there is more than one segment. */
SCENARIO(full_memory_makes_runs_and_segments_that_become_one_shard)
{
    struct world *w = world_start("shards = 1\nbulk_memory_bytes = 1500000\nlog_level = debug\n" PATIENT_BULK);
    enum { FED = 400 };
    static uint64_t sequences[FED];
    bulk(w);
    feed_held(w, sequences, FED, 1);
    peer_flush(w->feeder);
    for (unsigned i = 0; i < FED; i++)
        expect_final(w->feeder, sequences[i], COMMITTED);
    char *log = world_log(w);
    assert_in_range(told(log, "event=bulk.spill"), 2, FED / 4);
    assert_in_range(told(log, "event=bulk.segment"), 2, FED / 4);
    free(log);
    expect_found(w, "asfalt", FED);
    assert_true(peer_get(w->searcher, "m399")->found);
    assert_int_equal(inventory_count(w), FED);
    world_check_shards(w);
}

SCENARIO(sigterm_publishes_what_is_held)
{
    struct world *w = world_start("shards = 2\n" PATIENT_BULK);
    enum { FED = 20 };
    uint64_t sequences[FED];
    bulk(w);
    feed_held(w, sequences, FED, 1);
    world_terminate(w);
    for (unsigned i = 0; i < FED; i++)
        expect_final(w->feeder, sequences[i], COMMITTED);
    world_drained(w);
    world_restart(w);
    expect_found(w, "asfalt", FED);
}

SCENARIO(a_dead_letter_goes_when_its_document_is_published)
{
    struct world *w = world_start(PATIENT_BULK);
    bulk(w);
    expect_rejected(w->feeder, feed(w, EDITION("m1", 1, "Ikke \xff UTF-8.")), "body.utf8");
    assert_int_equal(peer_status(w->searcher)->dead, 1);
    uint64_t sequence = feed_minutes(w, 1, 2);
    expect_status(w->feeder, sequence, HELD);
    peer_flush(w->feeder);
    expect_final(w->feeder, sequence, COMMITTED);
    assert_int_equal(peer_status(w->searcher)->dead, 0);
}

/* ---- crashes and disks ------------------------------------------------------------------------------------------- */

enum { LOADED = 24 };

/* Until everything is committed, as a feeder does: Hello again and all again after each restart. */
static void load_at_last(struct world *w)
{
    uint64_t sequences[LOADED];
    bool settled[LOADED] = {false};
    for (unsigned round = 0, left = LOADED; left > 0; round++) {
        assert_true(round < 50);
        for (unsigned i = 0; i < LOADED; i++)
            sequences[i] = settled[i] ? 0 : feed_minutes(w, i, 1);
        for (unsigned i = 0; i < LOADED; i++)
            if (!settled[i])
                assert_non_null(peer_answer(w->feeder, sequences[i], DEADLINE_MS));
        peer_flush(w->feeder);
        for (unsigned i = 0; i < LOADED; i++) {
            const Receipt *receipt = settled[i] ? NULL : peer_final(w->feeder, sequences[i], DEADLINE_MS);
            assert_true(settled[i] || receipt != NULL);
            settled[i] = settled[i] || receipt->status == COMMITTED || receipt->status == UNCHANGED;
        }
        left = 0;
        for (unsigned i = 0; i < LOADED; i++)
            left += !settled[i];
        if (left > 0)
            peer_answer(w->feeder, UINT64_MAX, 100); /* RETRY says later */
    }
}

static bool has_ended(struct world *w, int64_t timeout_ms)
{
    int status;
    return process_wait(&w->daemon, timeout_ms, &status);
}

/* Load, and be killed at call number `at` of those that the rule names. False: there are not so many. */
static bool load_and_be_killed(struct world *w, const char *calls, unsigned at)
{
    char rules[80];
    uint64_t sequences[LOADED];
    snprintf(rules, sizeof rules, "%s @/* %u %u kill\n", calls, at, at);
    world_rules(w, rules);
    for (unsigned i = 0; i < LOADED; i++)
        sequences[i] = feed_minutes(w, i, 1);
    for (unsigned i = 0; i < LOADED; i++)
        while (peer_answer(w->feeder, sequences[i], 50) == NULL)
            if (has_ended(w, 0))
                return true;
    peer_flush(w->feeder);
    for (unsigned i = 0; i < LOADED; i++)
        while (peer_final(w->feeder, sequences[i], 50) == NULL)
            if (has_ended(w, 0))
                return true;
    return false;
}

/* Old or new: all of a shard's documents or none, closed items never alone. */
static void expect_all_or_nothing(struct world *w, bool *seen_old, bool *seen_new)
{
    uint64_t found = peer_search(w->searcher, (struct asked){.query = "asfalt"})->total;
    if (found != 1 && found != LOADED + 1)
        fail_msg("%" PRIu64 " of %d are there", found, LOADED + 1);
    *seen_old = *seen_old || found == 1;
    *seen_new = *seen_new || found == LOADED + 1;
    expect_found(w, "hemmelig", 0);
}

/* What a load was made of is gone, and so is each generation but one. */
static void expect_no_leftovers(struct world *w)
{
    static const struct {
        const char *names;
        size_t most;
    } parts[] = {{"shard-*/load-*", 0}, {"closed-*/load-*", 0}, {"shard-*/gen-*", 1}, {"closed-*/gen-*", 1}};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        char pattern[300];
        glob_t found = {0};
        snprintf(pattern, sizeof pattern, "%s/%s", w->data, parts[i].names);
        (void)glob(pattern, 0, NULL, &found);
        if (found.gl_pathc > parts[i].most)
            fail_msg("%s is still there", found.gl_pathv[found.gl_pathc - 1]);
        globfree(&found);
    }
}

static void killed_everywhere(const char *calls, unsigned step, unsigned least)
{
    bool seen_old = false, seen_new = false;
    unsigned kills = 0;
    for (unsigned at = 1;; at += step) {
        struct world *w = world_interposed("shards = 1\nbulk_memory_bytes = 1048576\n" PATIENT_BULK);
        given(w, MINUTES("før", "Om asfalt."));
        bulk(w);
        bool killed = load_and_be_killed(w, calls, at);
        world_rules(w, "");
        if (!killed)
            break;
        kills++;
        world_restart(w);
        expect_no_leftovers(w);
        world_check_shards(w);
        expect_all_or_nothing(w, &seen_old, &seen_new);
        bulk(w);
        load_at_last(w);
        expect_found(w, "asfalt", LOADED + 1);
        assert_int_equal(inventory_count(w), LOADED + 1);
        world_check_shards(w);
    }
    if (kills < least || !seen_old)
        fail_msg("%u kills at %s", kills, calls);
    if (strcmp(calls, "rename") == 0 && getenv("REFERENT_LONG")) /* the last ones are behind the decision */
        assert_true(seen_new);
}

SCENARIO(a_kill_at_any_rename_leaves_the_old_or_the_new)
{
    killed_everywhere("rename", getenv("REFERENT_LONG") ? 1 : 4, 2);
}

SCENARIO(a_kill_at_any_sync_leaves_the_old_or_the_new)
{
    killed_everywhere("fsync,fdatasync", getenv("REFERENT_LONG") ? 1 : 23, 2);
}

SCENARIO(a_kill_at_any_write_leaves_the_old_or_the_new)
{
    killed_everywhere("write", getenv("REFERENT_LONG") ? 3 : 59, 1);
}

/* The disk is full from the nth write on: everybody is told RETRY, and what was there stays. */
SCENARIO(a_full_disk_puts_the_whole_load_off)
{
    for (unsigned at = 1; at < 60; at += getenv("REFERENT_LONG") ? 2 : 25) {
        struct world *w = world_interposed("shards = 1\n" PATIENT_BULK);
        uint64_t sequences[LOADED];
        char rules[80];
        given(w, MINUTES("før", "Om asfalt."));
        bulk(w);
        snprintf(rules, sizeof rules, "write,open @/shard-* %u - ENOSPC\n", at);
        world_rules(w, rules);
        for (unsigned i = 0; i < LOADED; i++)
            sequences[i] = feed_minutes(w, i, 1);
        for (unsigned i = 0; i < LOADED; i++)
            assert_non_null(peer_answer(w->feeder, sequences[i], DEADLINE_MS));
        peer_flush(w->feeder);
        unsigned retried = 0;
        for (unsigned i = 0; i < LOADED; i++) {
            const Receipt *receipt = peer_final(w->feeder, sequences[i], DEADLINE_MS);
            assert_non_null(receipt);
            assert_true(receipt->status == RETRY || receipt->status == COMMITTED);
            retried += receipt->status == RETRY;
        }
        assert_true(retried == LOADED || at > 20);
        expect_found(w, "asfalt", LOADED - retried + 1);
        world_rules(w, "");
        load_at_last(w);
        expect_found(w, "asfalt", LOADED + 1);
        assert_int_equal(inventory_count(w), LOADED + 1);
    }
}

/* ---- the command ------------------------------------------------------------------------------------------------- */

/* Its session is over, and what waited for the end of it waits no more. */
/* A disk that loses a block and says nothing: no call fails, so only a look at what was made can tell. */
SCENARIO(what_the_disk_spoils_is_not_published)
{
    static const char *const tables[] = {"postlist", "position", "termlist", "docdata"};
    struct world *w = world_interposed("shards = 1\n" PATIENT_BULK);
    bulk(w);
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        char rules[80];
        snprintf(rules, sizeof rules, "write @/shard-0000/load-*/%s.glass 1 1 zeros", tables[i]);
        world_rules(w, rules);
        uint64_t sequences[LOADED];
        feed_held(w, sequences, LOADED, 1);
        peer_flush(w->feeder);
        for (unsigned n = 0; n < LOADED; n++)
            expect_final(w->feeder, sequences[n], RETRY);
        expect_found(w, "asfalt", 0);
        world_check_shards(w);
    }
    world_rules(w, "");
    load_at_last(w);
    expect_found(w, "asfalt", LOADED);
    expect_no_leftovers(w);
}

/* Nor is a young segment, though it opens: what is spoiled is a leaf. Its documents go to the generation. */
SCENARIO(nor_is_a_young_segment)
{
    struct world *w = world_interposed("shards = 1\ncommit_max_docs = 24\nyoung_documents = 4\n" PATIENT);
    uint64_t sequences[LOADED];
    world_rules(w, "write @/shard-0000/young-*/docdata.glass 1 1 zeros");
    for (unsigned i = 0; i < LOADED; i++)
        sequences[i] = feed_minutes(w, i, 1);
    for (unsigned i = 0; i < LOADED; i++)
        expect_committed(w->feeder, sequences[i]);
    char *done = world_rules_log(w);
    assert_non_null(strstr(done, "zeros write"));
    free(done);
    expect_found(w, "asfalt", LOADED);
    world_check_shards(w);
}

SCENARIO(a_load_that_fails_keeps_nobody_waiting)
{
    struct world *w = world_interposed("shards = 1\n" PATIENT_BULK);
    bulk(w);
    uint64_t held = feed_minutes(w, 1, 1), aside = feed_minutes(w, 1, 2);
    expect_status(w->feeder, held, HELD);
    world_rules(w, "mkdir,open @/closed-*/load-* 1 - ENOSPC");
    uint64_t closed = feed_minutes(w, 3, 1); /* the first closed item begins a segment of its own */
    expect_final(w->feeder, held, RETRY);
    expect_final(w->feeder, closed, COMMITTED);
    peer_flush(w->feeder); /* of the next session */
    expect_final(w->feeder, aside, COMMITTED);
    expect_exactly(w, "udkast2", 1);
}

SCENARIO(feed_bulk_adds_up)
{
    struct world *w = world_start("shards = 2\nbulk_idle_ms = 60000\n");
    char folder[260], path[320], *out;
    snprintf(folder, sizeof folder, "%s/minutes", w->folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    for (unsigned i = 0; i < 50; i++) {
        char body[120];
        snprintf(path, sizeof path, "%s/%02u.md", folder, i);
        int size = snprintf(body, sizeof body, i == 7 ? "\xff\xfe" : "Om asfalt på vej%u.\n", i);
        file_write(path, body, (size_t)size);
    }
    const char *words[] = {"feed", "--bulk", folder, NULL};
    int64_t before = now_ms();
    assert_int_equal(world_referent(w, words, &out), 1);
    assert_true(now_ms() - before < 50000); /* Flush, not the idle time, ends it */
    if (strstr(out, "found=50 committed=49 unchanged=0 superseded=0 rejected=1 failed=0") == NULL)
        fail_msg("%s", out);
    free(out);
    assert_int_equal(counter(w, "held"), 49);
    assert_int_equal(counter(w, "publications"), 2);
    expect_found(w, "asfalt", 49);
    assert_int_equal(world_referent(w, words, &out), 1);
    if (strstr(out, "found=50 committed=0 unchanged=49 superseded=0 rejected=1") == NULL)
        fail_msg("%s", out);
    free(out);
}

TELL(STORY(what_is_held_can_be_found_when_it_is_committed_and_not_before),
     STORY(a_load_ends_by_itself_when_nothing_more_comes), STORY(a_load_does_not_end_while_another_shard_is_published),
     STORY(only_a_large_first_load_is_taken_in_bulk_unasked),
     STORY(an_id_that_is_held_already_is_decided_after_the_publication),
     STORY(what_is_committed_beside_a_load_is_known_to_it), STORY(a_load_joins_what_is_there),
     STORY(full_memory_makes_runs_and_segments_that_become_one_shard), STORY(sigterm_publishes_what_is_held),
     STORY(a_dead_letter_goes_when_its_document_is_published), STORY(a_kill_at_any_rename_leaves_the_old_or_the_new),
     STORY(a_kill_at_any_sync_leaves_the_old_or_the_new), STORY(a_kill_at_any_write_leaves_the_old_or_the_new),
     STORY(a_full_disk_puts_the_whole_load_off), STORY(tombstones_alone_come_along),
     STORY(what_comes_back_behind_another_waits_behind_it), STORY(one_load_follows_another),
     STORY(what_the_disk_spoils_is_not_published), STORY(nor_is_a_young_segment),
     STORY(a_load_that_fails_keeps_nobody_waiting), STORY(feed_bulk_adds_up))
