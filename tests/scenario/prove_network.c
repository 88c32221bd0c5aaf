/* prove_network: the network between feeders and worker is bad. Connections are slow, stand still and break in the
 * middle of a frame; whole frames are lost, come twice and out of order; and worker and feeders are stopped (SIGSTOP)
 * or killed meanwhile.
 *
 * deploy/prove runs it long: REFERENT_ROUNDS, REFERENT_SEED. */
#include "prove.h"
#include "proxy.h"

#include "random.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { SHARDS = 2, FEEDERS = 2, ROUNDS = 6, OPS_A_ROUND = 100, STOP_MAX_MS = 600 };

static const char settings[] = "shards = 2\ncommit_max_docs = 20\ncommit_min_gap_ms = 5\ncommit_idle_ms = 5\n";

/* Somebody stands still for a while, or dies. */
static void round_harm(struct proof *proof)
{
    uint32_t feeder = (uint32_t)random_below(&proof->random, FEEDERS);
    uint64_t what = random_below(&proof->random, 4);
    struct process *process = what == 0 ? &proof->world->daemon : &proof->feeders[feeder];
    if (what == 3) {
        world_kill(proof->world);
        proof_look(proof, 10);
        world_restart(proof->world);
    } else if (what == 2) {
        proof_feeder_kill(proof, feeder);
        proof_feeder_start(proof, feeder);
    } else if (process->pid != 0) {
        process_signal(process, SIGSTOP);
        proof_rest_us(random_below(&proof->random, STOP_MAX_MS) * 1000);
        process_signal(process, SIGCONT);
    }
}

static struct proxy_tally feed_through(enum proxy_kind kind, uint64_t usual_seed)
{
    uint64_t seed = proof_seed(usual_seed);
    unsigned rounds = proof_rounds(ROUNDS);
    uint32_t ops = (rounds + 1) * OPS_A_ROUND;
    struct world *w = world_start(settings);
    struct proof *proof = proof_new(w, seed, ops / 3, ops, FEEDERS, SHARDS);
    char endpoint[64];
    struct proxy *proxy = proxy_start(kind, w->feed, seed, endpoint);
    snprintf(proof->endpoint, sizeof proof->endpoint, "%s", endpoint);
    for (uint32_t i = 0; i < FEEDERS; i++)
        proof_feeder_start(proof, i);
    for (unsigned i = 1; i <= rounds; i++) {
        proof_await(proof, ops * i / (rounds + 1));
        round_harm(proof);
    }
    proof_await(proof, ops - OPS_A_ROUND / 2);
    proxy_calm(proxy);
    proof_finish(proof);
    struct proxy_tally tally = proxy_stop(&proxy);
    proof_free(&proof);
    return tally;
}

SCENARIO(connections_that_break_and_stand_still_break_no_promise)
{
    struct proxy_tally tally = feed_through(PROXY_BYTES, 20260726);
    print_message("connections=%" PRIu64 " cuts=%" PRIu64 " stalls=%" PRIu64 "\n", tally.connections, tally.cuts,
                  tally.stalls);
    assert_true(tally.cuts > 0);
}

SCENARIO(frames_that_are_lost_doubled_and_out_of_order_break_no_promise)
{
    struct proxy_tally tally = feed_through(PROXY_MESSAGES, 20260727);
    print_message("passed=%" PRIu64 " dropped=%" PRIu64 " doubled=%" PRIu64 " reordered=%" PRIu64 "\n", tally.passed,
                  tally.dropped, tally.doubled, tally.reordered);
    assert_true(tally.dropped > 0 && tally.doubled > 0 && tally.reordered > 0);
}

TELL(STORY(connections_that_break_and_stand_still_break_no_promise),
     STORY(frames_that_are_lost_doubled_and_out_of_order_break_no_promise))
