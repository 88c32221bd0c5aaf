/* busy: searching while the index is written as fast as it can be. No question fails, and each sees one state of every
 * shard: a meeting's documents are all of one edition, in hits, snippets and counts alike, and no older than what had
 * been acknowledged when the question was sent. */
#include "clock.h"
#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEETINGS = 40, ITEMS = 3, SEARCHERS = 4, SHARDS = 2, SECONDS = 5, ROUNDS_LEAST = 3 };

struct busy {
    struct world *w;
    struct peer *searchers[SEARCHERS];
    unsigned round;     /* that is being fed */
    unsigned committed; /* that was committed as a whole */
    uint64_t seen[SEARCHERS][SHARDS];
    size_t questions;
};

static void round_feed(struct busy *busy)
{
    char body[2048], id[32];
    busy->round++;
    for (unsigned m = 0; m < MEETINGS; m++) {
        size_t at =
            (size_t)snprintf(body, sizeof body, "Referat\n\nTeknisk Udvalg\n\nMødedato: %u. maj 2012\n\n", m % 28 + 1);
        for (unsigned i = 1; i <= ITEMS; i++)
            at +=
                (size_t)snprintf(body + at, sizeof body - at,
                                 "## %u. Rundgang %u\n\nÅben sag\n\nUdgave nummer %u af %u.\n\nBeslutning\n\nGodkendt."
                                 "\n\n",
                                 i, busy->round, busy->round, m);
        snprintf(id, sizeof id, "meeting-%u", m);
        peer_feed(busy->w->feeder, (struct fed){.id = id, .version = busy->round, .body = {body, at}});
    }
}

static unsigned number_behind(const char *text, const char *words)
{
    const char *at = strstr(text, words);
    assert_non_null(at);
    return (unsigned)strtoul(at + strlen(words), NULL, 10);
}

static void expect_one_edition(const struct busy *busy, const SearchReply *reply, unsigned least)
{
    unsigned editions[MEETINGS] = {0}, items[MEETINGS] = {0};
    assert_int_equal(reply->n_hits, MEETINGS * ITEMS);
    for (size_t i = 0; i < reply->n_hits; i++) {
        const Referent__V1__Hit *hit = reply->hits[i];
        unsigned m = number_behind(hit->id, "meeting-"), edition = number_behind(hit->title, "ang ");
        assert_true(m < MEETINGS && edition >= least && edition <= busy->round);
        assert_true(editions[m] == 0 || editions[m] == edition);
        assert_int_equal(number_behind(hit->snippet, "Udgave nummer "), edition);
        editions[m] = edition;
        items[m]++;
    }
    for (unsigned m = 0; m < MEETINGS; m++)
        assert_int_equal(items[m], ITEMS);
}

/* What a searcher saw of a shard is never taken back. */
static void expect_no_step_back(struct busy *busy, size_t searcher, const Referent__V1__Coverage *coverage)
{
    assert_int_equal(coverage->answered, SHARDS);
    for (size_t i = 0; i < coverage->n_sequences; i++) {
        uint64_t *seen = &busy->seen[searcher][coverage->sequences[i]->key];
        if (coverage->sequences[i]->value < *seen)
            fail_msg("shard %u: commit %" PRIu64 " was seen, then %" PRIu64, coverage->sequences[i]->key, *seen,
                     coverage->sequences[i]->value);
        *seen = coverage->sequences[i]->value;
    }
}

/* All searchers ask at once. */
static void questions_ask(struct busy *busy)
{
    uint64_t sequences[SEARCHERS];
    for (size_t i = 0; i < SEARCHERS; i++) {
        static char committee[] = "committee", rundgang[] = "titel:rundgang";
        char *facets[] = {committee};
        Referent__V1__SearchRequest request = REFERENT__V1__SEARCH_REQUEST__INIT;
        request.query = rundgang;
        request.limit = 2 * MEETINGS * ITEMS;
        request.snippet_bytes = 2000;
        request.n_facets = 1;
        request.facets = facets;
        Envelope envelope = frame_envelope(0);
        envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_SEARCH_REQUEST;
        envelope.search_request = &request;
        sequences[i] = peer_send(busy->searchers[i], &envelope);
    }
    for (size_t i = 0; i < SEARCHERS; i++) {
        const Envelope *answer = peer_answer(busy->searchers[i], sequences[i], 10000);
        assert_non_null(answer);
        if (answer->payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_FAILURE)
            fail_msg("%s: %s", answer->failure->rule, answer->failure->reason);
        const SearchReply *reply = answer->search_reply;
        assert_int_equal(reply->total, MEETINGS * ITEMS);
        assert_int_equal(reply->facets[0]->values[0]->count, MEETINGS * ITEMS);
        expect_one_edition(busy, reply, busy->committed);
        expect_no_step_back(busy, i, reply->coverage);
        busy->questions++;
    }
}

static bool round_is_committed(struct busy *busy)
{
    peer_settle(busy->w->feeder);
    size_t receipts = peer_receipts(busy->w->feeder);
    assert_true(receipts <= (size_t)busy->round * MEETINGS);
    if (receipts < (size_t)busy->round * MEETINGS)
        return false;
    for (size_t i = receipts - MEETINGS; i < receipts; i++)
        assert_int_equal(peer_receipt(busy->w->feeder, i)->receipt->status, REFERENT__V1__STATUS__STATUS_COMMITTED);
    busy->committed = busy->round;
    return true;
}

#define SETTINGS "shards = 2\nsearch_threads = 3\ncommit_idle_ms = 0\ncommit_min_gap_ms = 0\n"

static void searches_while_feeding(const char *settings, const char *rules)
{
    struct busy busy = {.w = rules != NULL ? world_interposed(settings) : world_start(settings)};
    int64_t end;
    if (rules != NULL)
        world_rules(busy.w, rules);
    for (size_t i = 0; i < SEARCHERS; i++)
        busy.searchers[i] = world_stranger(busy.w, busy.w->search);
    round_feed(&busy);
    while (!round_is_committed(&busy))
        ;
    for (end = clock_steady_ms() + SECONDS * 1000; clock_steady_ms() < end || busy.round < ROUNDS_LEAST;) {
        round_feed(&busy);
        do
            questions_ask(&busy);
        while (!round_is_committed(&busy));
    }
    questions_ask(&busy);
    print_message("%zu questions during %u rounds\n", busy.questions, busy.round);
    for (size_t i = 0; i < SEARCHERS; i++)
        peer_free(&busy.searchers[i]);
}

SCENARIO(no_question_fails_and_each_sees_one_state)
{
    searches_while_feeding(SETTINGS "commit_max_docs = 1\n", NULL);
}

/* Meetings are replaced where they stand, and what they stand in is merged meanwhile. */
SCENARIO(nor_does_one_over_young_segments)
{
    searches_while_feeding(SETTINGS "commit_max_docs = 4\nyoung_documents = 1\nyoung_segments = 3\n", NULL);
}

/* Blocks are written while they are read, over and over, and Xapian does not notice all of it. */
SCENARIO(nor_by_blocks_that_are_half_written)
{
    searches_while_feeding(SETTINGS "commit_max_docs = 1\n", "pread @/shard-*.glass 1 - torn=1\n");
}

TELL(STORY(no_question_fails_and_each_sees_one_state), STORY(nor_does_one_over_young_segments),
     STORY(nor_by_blocks_that_are_half_written))
