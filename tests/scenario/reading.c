/* reading: searching goes on while the index is written as fast as it goes. */
#include "clock.h"
#include "world.h"

#include <stdio.h>
#include <string.h>

enum { DOCUMENTS = 300, WRITING_MS = 6000, A_ROUND = 20, ROUNDS_AHEAD = 16 }; /* in flight: less than the credit */

static uint64_t feed_one(struct world *w, unsigned number, unsigned edition)
{
    char text[512], id[32];
    snprintf(text, sizeof text,
             "Referat\n\nTeknisk Udvalg\n\nMødedato: 5. maj 2020\n\n## 1. Om cykelstier\n\nSti %u koster %u.000 kr. og "
             "gemmer tegnet edition%u.\n\nBeslutning\n\nGodkendt.\n",
             number, 1 + number, edition);
    snprintf(id, sizeof id, "sti-%u", number);
    return feed(w, (struct fed){.id = id, .version = edition + 1, .body = span_of(text)});
}

/* One question of each kind, with everything that reads the index behind it. */
static void ask_all(struct world *w)
{
    static const struct asked asked[] = {
        {.query = "cykelsti", .facets = {"year", "amount"}},
        {.query = "cyklesti koster"},
        {.query = "cyk* over 10.000 kr."},
        {.query = "\"koster\" edition1", .explain = true},
        {.query = "udvalg:tekninsk stier", .sort = "amount"},
    };
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        const SearchReply *reply = peer_search(w->searcher, asked[i]);
        assert_int_equal(reply->coverage->answered, reply->coverage->shards);
        /* a meeting is replaced in one commit: no document is ever there twice */
        for (size_t a = 0; a < reply->n_hits; a++)
            for (size_t b = 0; b < a; b++)
                assert_false(strcmp(reply->hits[a]->id, reply->hits[b]->id) == 0 &&
                             reply->hits[a]->position == reply->hits[b]->position);
    }
}

SCENARIO(no_question_fails_while_the_index_is_written)
{
    struct world *w = world_start("commit_max_docs = 10\ncommit_min_gap_ms = 0\ncommit_max_age_ms = 10\n");
    unsigned number = 0, edition = 0, rounds = 0;
    uint64_t last = feed_one(w, number++, edition), ends[ROUNDS_AHEAD];
    expect_committed(w->feeder, last);
    for (int64_t end = clock_steady_ms() + WRITING_MS; clock_steady_ms() < end; rounds++) {
        if (rounds >= ROUNDS_AHEAD)
            expect_committed(w->feeder, ends[rounds % ROUNDS_AHEAD]);
        for (int i = 0; i < A_ROUND; i++) {
            last = feed_one(w, number, edition);
            number = (number + 1) % DOCUMENTS;
            edition += number == 0;
        }
        ends[rounds % ROUNDS_AHEAD] = last;
        ask_all(w);
    }
    expect_committed(w->feeder, last);
    assert_true(rounds > 3);
    assert_true(counter(w, "commits") > 20);
}

TELL(STORY(no_question_fails_while_the_index_is_written))
