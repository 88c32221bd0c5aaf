/* prove_boundary: the worker dies before each call by which it makes something durable, one after another: fsync,
 * fdatasync, rename, unlink, mkdir; from the first start on an empty folder to the last commit. What it left is held to
 * the receipts that were given, then it starts again on that and goes on to the end.
 *
 * A test run takes some of them, deploy/prove all (REFERENT_ROUNDS=0, or every so manieth). */
#include "prove.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { SHARDS = 2, IDS = 24, OPS = 60, STRIDE = 30 /* in an ordinary test run */ };

/* Several commits, some with closed items, dead letters between them. */
static const char settings[] = "shards = 2\ncommit_max_docs = 20\ncommit_min_gap_ms = 0\ncommit_idle_ms = 5\n";
static const char calls[] = "fsync,fdatasync,rename,unlink,mkdir";

/* One life that ends at the call, and one that goes on. False: the call was never made. */
static bool dies_at(unsigned call, uint64_t seed, uint64_t *receipts)
{
    char rules[200];
    struct world *w = world_empty(settings);
    w->interposed = true;
    snprintf(rules, sizeof rules, "%s @* %u %u kill\n", calls, call, call);
    world_rules(w, rules);
    struct proof *proof = proof_new(w, seed, IDS, OPS, 1, SHARDS);
    bool ready = world_try(w);
    if (ready)
        proof_feeder_start(proof, 0);
    bool died = !ready || proof_await_death(proof);
    if (died) {
        proof_look(proof, 1);
        *receipts += proof->verdict.receipts;
        proof_feeder_kill(proof, 0); /* it would wait longer and longer for its worker */
        world_rules(w, "");
        world_restart(w);
        proof_feeder_start(proof, 0);
        proof_finish(proof);
    }
    world_rules(w, ""); /* else it might still die while it drains */
    proof_free(&proof);
    world_close(w);
    return died;
}

SCENARIO(a_death_before_any_durable_step_breaks_no_promise)
{
    uint64_t seed = proof_seed(20260722), receipts = 0;
    unsigned stride = proof_rounds(STRIDE), deaths = 0;
    stride = stride ? stride : 1;
    unsigned first = 1 + (unsigned)(seed % stride);
    while (dies_at(first + deaths * stride, seed, &receipts))
        deaths++;
    print_message("deaths=%u, at each %u. of %u durable steps; receipts=%" PRIu64 " looked at\n", deaths, stride,
                  first + deaths * stride - 1, receipts);
    assert_true(deaths > 3);
}

TELL(STORY(a_death_before_any_durable_step_breaks_no_promise))
