/* disk: full, broken, slow. What was promised is kept, nothing is promised that is not there, and when the cause is
 * gone the daemon carries on by itself. */
#include "world.h"

#include <stdlib.h>
#include <string.h>

/* Fed again until it is committed, as a feeder does; how often it was put off. */
static unsigned given_at_last(struct world *w, struct fed fed)
{
    for (unsigned retries = 0; retries < 200; retries++) {
        const Envelope *answer = peer_answer(w->feeder, feed(w, fed), DEADLINE_MS);
        assert_non_null(answer);
        assert_int_equal(answer->payload_case, REFERENT__V1__ENVELOPE__PAYLOAD_RECEIPT);
        if (answer->receipt->status == REFERENT__V1__STATUS__STATUS_COMMITTED)
            return retries;
        assert_int_equal(answer->receipt->status, REFERENT__V1__STATUS__STATUS_RETRY);
        peer_answer(w->feeder, UINT64_MAX, 100);
    }
    fail_msg("%s is never committed", fed.id);
    return 0;
}

static void put_off(struct world *w, struct fed fed)
{
    const Receipt *receipt = expect_status(w->feeder, feed(w, fed), REFERENT__V1__STATUS__STATUS_RETRY);
    assert_true(receipt->retry_after_ms > 0);
    assert_true(strlen(receipt->reason) > 10);
}

SCENARIO(a_full_disk_puts_off_and_passes)
{
    struct world *w = world_interposed("shards = 2\n");
    given(w, MINUTES("før", "Om tiden før."));
    world_rules(w, "write @/shard-* 1 - ENOSPC\n");
    put_off(w, MINUTES("under", "Om fulde diske."));
    expect_found(w, "diske", 0);
    expect_found(w, "før", 1);
    world_rules(w, "");
    given_at_last(w, MINUTES("under", "Om fulde diske."));
    expect_found(w, "diske", 1);
    expect_found(w, "før", 1);
    char *log = world_rules_log(w);
    assert_non_null(strstr(log, "error write "));
    free(log);
}

SCENARIO(a_kill_before_a_commit_is_published_promises_nothing)
{
    struct world *w = world_interposed("shards = 1\n");
    given(w, MINUTES("før", "Om tiden før."));
    world_rules(w, "rename @/shard-*iamglass 1 1 kill\n");
    uint64_t sequence = feed(w, MINUTES("under", "Om tordenvejr."));
    int status;
    assert_true(process_wait(&w->daemon, DEADLINE_MS, &status));
    assert_null(peer_answer(w->feeder, sequence, 100));
    world_rules(w, "");
    world_restart(w);
    expect_found(w, "før", 1);
    expect_found(w, "tordenvejr", 0);
    given(w, MINUTES("under", "Om tordenvejr."));
    expect_found(w, "tordenvejr", 1);
}

TELL(STORY(a_full_disk_puts_off_and_passes), STORY(a_kill_before_a_commit_is_published_promises_nothing))
