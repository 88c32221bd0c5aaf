/* prove_disk: the file system fails at random: full, over quota, broken, slow, half a write; for the shards, the closed
 * parts, the dead letters or all of it, for a moment or for some time. The worker may put documents off, or end; it may
 * not promise what is not there, and afterwards all of it comes through.
 *
 * deploy/prove runs it long: REFERENT_ROUNDS faults, REFERENT_SEED. */
#include "prove.h"

#include "random.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

enum { SHARDS = 2, FEEDERS = 2, FAULTS = 10, OPS_A_FAULT = 40, LASTS_MAX_MS = 400, STALL_MS = 60000 };

static const char settings[] =
    "shards = 2\ncommit_max_docs = 20\ncommit_min_gap_ms = 5\ncommit_idle_ms = 5\nyoung_documents = 4\n";

/* Of the rows one is drawn of each column. */
static void fault_draw(uint64_t *random, char *out, size_t room)
{
    static const char *const calls[] = {"write", "fsync,fdatasync", "rename", "open", "write,fsync,fdatasync,rename"};
    static const char *const places[] = {"@/shard-*", "@/closed-*", "@/dead*", "@/*"};
    static const char *const actions[] = {"ENOSPC", "EIO", "EDQUOT", "short", "sleep=60"};
    unsigned first = 1 + (unsigned)random_below(random, 6);
    char last[16] = "-";
    if (random_below(random, 2) == 0)
        snprintf(last, sizeof last, "%u", first + (unsigned)random_below(random, 4));
    snprintf(out, room, "%s %s %u %s %s\n", calls[random_below(random, 5)], places[random_below(random, 4)], first,
             last, actions[random_below(random, 5)]);
}

/* An operator, or systemd: a worker that ended is started again. It may give up, it may not crash. */
static bool started_again(struct proof *proof)
{
    int status;
    if (!process_wait(&proof->world->daemon, 0, &status))
        return false;
    if (WIFSIGNALED(status))
        fail_msg("REFERENT_SEED=%" PRIu64 ": the worker died of signal %d", proof->stream.seed, WTERMSIG(status));
    proof_look(proof, 10);
    world_restart(proof->world);
    return true;
}

/* Until so many operations have their receipts; how often the worker was started again. */
static unsigned goes_on(struct proof *proof, uint32_t wanted)
{
    unsigned ends = 0;
    int64_t deadline = now_ms() + STALL_MS;
    for (uint32_t settled = 0, before = 0; (settled = proof_settled(proof)) < wanted; before = settled) {
        if (settled != before)
            deadline = now_ms() + STALL_MS;
        if (now_ms() > deadline)
            proof_stalled(proof, wanted);
        ends += started_again(proof);
        proof_rest_us(2000);
    }
    return ends;
}

SCENARIO(a_disk_that_fails_delays_and_breaks_no_promise)
{
    uint64_t seed = proof_seed(20260725);
    unsigned faults = proof_rounds(FAULTS), ends = 0;
    uint32_t ops = (faults + 1) * OPS_A_FAULT;
    struct world *w = world_interposed(settings);
    struct proof *proof = proof_new(w, seed, ops / 3, ops, FEEDERS, SHARDS);
    for (uint32_t i = 0; i < FEEDERS; i++)
        proof_feeder_start(proof, i);
    for (unsigned i = 1; i <= faults; i++) {
        char rule[200];
        ends += goes_on(proof, ops * i / (faults + 1));
        fault_draw(&proof->random, rule, sizeof rule);
        world_rules(w, rule);
        proof_rest_us(random_below(&proof->random, LASTS_MAX_MS) * 1000);
        world_rules(w, "");
    }
    ends += goes_on(proof, ops);
    ends += started_again(proof);
    proof_finish(proof);
    print_message("faults=%u worker_ends=%u\n", faults, ends);
    proof_free(&proof);
}

TELL(STORY(a_disk_that_fails_delays_and_breaks_no_promise))
