/* prove_power: the power goes. Of the data folder only what was synced is left (support/power.h): a file is as at its
 * last fsync, a folder as at its own. Once before each sync, from the first start to the last commit, and then at
 * random moments, where some files are luckier than others.
 *
 * A test run takes some of them, deploy/prove all. REFERENT_ROUNDS: losses at random moments. */
#include "power.h"
#include "prove.h"

#include "random.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { SHARDS = 2, IDS = 24, OPS = 60, STRIDE = 25, LOSSES = 3, OPS_A_LOSS = 60, AFTER_MAX_US = 30000 };

static const char settings[] = "shards = 2\ncommit_max_docs = 20\ncommit_min_gap_ms = 0\ncommit_idle_ms = 5\n";

static struct world *powered(void)
{
    char path[300];
    struct world *w = world_empty(settings);
    w->interposed = w->powered = true;
    snprintf(path, sizeof path, "%s/power", w->folder);
    assert_int_equal(mkdir(path, 0700), 0);
    return w;
}

static void power_goes(struct world *w, uint64_t *random)
{
    char path[300];
    struct stat there;
    snprintf(path, sizeof path, "%s/power", w->folder);
    if (stat(w->data, &there) == 0)
        power_loss(w->data, path, random);
}

static bool goes_at(unsigned sync, uint64_t seed, uint64_t *receipts)
{
    char rules[200];
    struct world *w = powered();
    snprintf(rules, sizeof rules, "fsync,fdatasync @* %u %u kill\n", sync, sync);
    world_rules(w, rules);
    struct proof *proof = proof_new(w, seed, IDS, OPS, 1, SHARDS);
    bool ready = world_try(w);
    if (ready)
        proof_feeder_start(proof, 0);
    bool died = !ready || proof_await_death(proof);
    if (died) {
        power_goes(w, NULL);
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

SCENARIO(what_was_not_synced_was_not_promised)
{
    uint64_t seed = proof_seed(20260723), receipts = 0;
    unsigned stride = getenv("REFERENT_ROUNDS") ? 1 : STRIDE, losses = 0;
    unsigned first = 1 + (unsigned)(seed % stride);
    while (goes_at(first + losses * stride, seed, &receipts))
        losses++;
    print_message("losses=%u, at each %u. of %u syncs; receipts=%" PRIu64 " looked at\n", losses, stride,
                  first + losses * stride - 1, receipts);
    assert_true(losses > 3);
}

SCENARIO(power_goes_again_and_again)
{
    uint64_t seed = proof_seed(20260724);
    unsigned losses = proof_rounds(LOSSES);
    uint32_t ops = (losses + 1) * OPS_A_LOSS;
    struct world *w = powered();
    struct proof *proof = proof_new(w, seed, ops / 3, ops, 1, SHARDS);
    world_restart(w);
    proof_feeder_start(proof, 0);
    for (unsigned i = 1; i <= losses; i++) {
        proof_await(proof, ops * i / (losses + 1));
        proof_rest_us(random_below(&proof->random, AFTER_MAX_US));
        world_kill(w);
        proof_settled(proof);
        power_goes(w, i % 2 ? NULL : &proof->random);
        proof_look(proof, 10);
        world_restart(w);
    }
    proof_finish(proof);
    print_message("losses=%u\n", losses);
    proof_free(&proof);
}

TELL(STORY(what_was_not_synced_was_not_promised), STORY(power_goes_again_and_again))
