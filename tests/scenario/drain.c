/* drain: SIGTERM commits what is there, sends the receipts, and ends with 0. */
#include "world.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

SCENARIO(sigterm_commits_and_sends_receipts)
{
    struct world *w = world_start("commit_max_docs = 1000\n" PATIENT);
    enum { FED = 40 };
    uint64_t sequences[FED];
    for (unsigned i = 0; i < FED; i++) {
        char id[16];
        snprintf(id, sizeof id, "d%u", i);
        sequences[i] = feed(w, (struct fed){.id = id, .body = SPAN("Om at nå det.")});
    }
    expect_at_least(w, in_flight, FED);
    world_terminate(w);
    for (unsigned i = 0; i < FED; i++)
        expect_committed(w->feeder, sequences[i]);
    world_drained(w);
    world_check_shards(w);
    world_restart(w);
    expect_found(w, "nå", FED);
    assert_int_equal(inventory_count(w), FED);
}

SCENARIO(whoever_comes_during_the_drain_is_sent_away)
{
    struct world *w = world_start("commit_max_docs = 1000\n" PATIENT);
    enum { LATE = 200 };
    uint64_t early = feed(w, MINUTES("tidlig", "Om morgenstund."));
    uint64_t late[LATE];
    expect_at_least(w, in_flight, 1);
    world_terminate(w);
    for (unsigned i = 0; i < LATE; i++) {
        char id[24];
        snprintf(id, sizeof id, "sen-%u", i);
        late[i] = feed(w, (struct fed){.id = id, .body = SPAN("Om aftenstund.")});
    }
    expect_committed(w->feeder, early);
    world_drained(w);
    peer_answer(w->feeder, UINT64_MAX, 100); /* takes in what is on its way */
    uint64_t committed = 0;
    for (unsigned i = 0; i < LATE; i++) { /* before the signal was seen: committed; behind it: RETRY or no answer */
        const Envelope *answer = peer_answer(w->feeder, late[i], 0);
        if (answer == NULL)
            continue;
        if (answer->receipt->status == REFERENT__V1__STATUS__STATUS_COMMITTED)
            committed++;
        else
            assert_string_equal(answer->receipt->rule, "draining");
    }
    world_restart(w);
    assert_true(peer_search(w->searcher, (struct asked){.query = "aftenstund"})->total >= committed);
}

SCENARIO(a_daemon_with_nothing_to_do_ends_at_once)
{
    struct world *w = world_start("");
    int64_t before = now_ms();
    world_terminate(w);
    world_drained(w);
    assert_true(now_ms() - before < 20000);
    world_restart(w);
    process_signal(&w->daemon, SIGINT);
    world_drained(w);
}

TELL(STORY(sigterm_commits_and_sends_receipts), STORY(whoever_comes_during_the_drain_is_sent_away),
     STORY(a_daemon_with_nothing_to_do_ends_at_once))
