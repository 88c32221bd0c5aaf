/* prove_kill: SIGKILL at random moments of worker and feeders, while documents come, change and go. After each death of
 * the worker what it left on disk is held to every receipt that was given, and in the end to the whole stream.
 *
 * deploy/prove runs it long: REFERENT_ROUNDS kills, REFERENT_SEED. */
#include "prove.h"

#include "random.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    FEEDERS = 3,
    SHARDS = 4,
    KILLS = 12,      /* in an ordinary test run */
    OPS_A_KILL = 60, /* so that the kills are spread over the feed */
    OPS_MIN = 1200,
    AFTER_MAX_US = 30000, /* a kill comes within so long of its turn */
    STOP_MAX_MS = 400,
    SPARSE = 40 /* of the ids with no new receipt each fortieth is looked at as well */
};

/* Small batches close to each other, so that a kill meets every part of a commit. */
static const char settings[] = "shards = 4\ncommit_max_docs = 40\ncommit_min_gap_ms = 5\ncommit_idle_ms = "
                               "5\nyoung_documents = 4\nbulk_idle_ms = 50\n";

struct toll {
    unsigned workers, feeders, stops;
};

static void worker_kill(struct proof *proof, struct toll *toll)
{
    world_kill(proof->world);
    proof_look(proof, SPARSE);
    world_restart(proof->world);
    toll->workers++;
}

static void feeder_kill(struct proof *proof, struct toll *toll)
{
    uint32_t feeder = (uint32_t)random_below(&proof->random, FEEDERS);
    proof_feeder_kill(proof, feeder);
    proof_feeder_start(proof, feeder);
    toll->feeders++;
}

/* A process that stands still is slow to everybody else: perhaps it goes on, perhaps it dies so. */
static void stop(struct proof *proof, struct toll *toll)
{
    uint32_t feeder = (uint32_t)random_below(&proof->random, FEEDERS);
    bool worker = random_below(&proof->random, 2) == 0;
    struct process *process = worker ? &proof->world->daemon : &proof->feeders[feeder];
    if (process->pid == 0)
        return;
    process_signal(process, SIGSTOP);
    proof_rest_us(random_below(&proof->random, STOP_MAX_MS) * 1000);
    process_signal(process, SIGCONT);
    toll->stops++;
}

static void harm(struct proof *proof, struct toll *toll)
{
    proof_rest_us(random_below(&proof->random, AFTER_MAX_US));
    switch (random_below(&proof->random, 10)) {
    case 0: stop(proof, toll); break;
    case 1:
    case 2:
    case 3: feeder_kill(proof, toll); break;
    case 4: /* both at once */
        feeder_kill(proof, toll);
        /* fall through */
    default: worker_kill(proof, toll);
    }
}

SCENARIO(kills_at_random_lose_double_and_revive_nothing)
{
    struct toll toll = {0};
    uint64_t seed = proof_seed(20260721);
    unsigned kills = proof_rounds(getenv("REFERENT_LONG") ? 10 * KILLS : KILLS);
    const char *given_ids = getenv("REFERENT_DOCUMENTS");
    uint32_t ops = kills * OPS_A_KILL > OPS_MIN ? kills * OPS_A_KILL : OPS_MIN;
    uint32_t ids = given_ids ? (uint32_t)strtoul(given_ids, NULL, 10) : ops / 3;
    if (ops < 3 * ids)
        ops = 3 * ids;
    int64_t begun = now_ms();
    struct proof *proof = proof_new(world_start(settings), seed, ids, ops, FEEDERS, SHARDS);
    for (uint32_t i = 0; i < FEEDERS; i++)
        proof_feeder_start(proof, i);
    for (unsigned i = 0; toll.workers + toll.feeders < kills; i++) {
        uint64_t share = (uint64_t)ops * (toll.workers + toll.feeders) / (kills + 1);
        if (proof_settled(proof) < share)
            proof_await(proof, (uint32_t)share);
        harm(proof, &toll);
        if (i % 25 == 24)
            print_message("%u kills of the worker, %u of feeders, %u stops, %u of %u receipts\n", toll.workers,
                          toll.feeders, toll.stops, proof_settled(proof), ops);
    }
    proof_finish(proof);
    print_message("documents=%u operations=%u worker_kills=%u feeder_kills=%u stops=%u seconds=%lld\n", ids, ops,
                  toll.workers, toll.feeders, toll.stops, (long long)(now_ms() - begun) / 1000);
    proof_free(&proof);
}

TELL(STORY(kills_at_random_lose_double_and_revive_nothing))
