/* prove: see prove.h. */
#include "prove.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STALL_MS = 60000 };

uint64_t proof_seed(uint64_t usual)
{
    const char *given_seed = getenv("REFERENT_SEED");
    uint64_t seed = given_seed ? strtoull(given_seed, NULL, 10) : usual;
    print_message("REFERENT_SEED=%" PRIu64 "\n", seed);
    return seed;
}

void proof_rest_us(uint64_t us)
{
    struct timespec rest = {(time_t)(us / 1000000), (long)(us % 1000000) * 1000};
    nanosleep(&rest, NULL);
}

unsigned proof_rounds(unsigned usual)
{
    const char *given_rounds = getenv("REFERENT_ROUNDS");
    return given_rounds ? (unsigned)strtoul(given_rounds, NULL, 10) : usual;
}

struct proof_part proof_part(void)
{
    const char *given_part = getenv("REFERENT_PART");
    unsigned number = 1, of = 1;
    if (given_part != NULL && (sscanf(given_part, "%u/%u", &number, &of) != 2 || number < 1 || number > of))
        fail_msg("REFERENT_PART=%s is not a part such as 2/4", given_part);
    return (struct proof_part){number - 1, of};
}

struct proof *proof_new(struct world *world, uint64_t seed, uint32_t ids, uint32_t ops, uint32_t feeders,
                        uint32_t shards)
{
    struct proof *proof = calloc(1, sizeof *proof);
    assert_non_null(proof);
    assert_true(feeders <= PROVE_FEEDERS_MAX);
    proof->world = world;
    proof->stream = stream_new(seed, ids, ops, feeders);
    proof->golden = golden_new(&proof->stream);
    proof->random = seed;
    proof->shards = shards;
    return proof;
}

void proof_free(struct proof **proof)
{
    for (uint32_t i = 0; i < (*proof)->stream.feeders; i++)
        proof_feeder_kill(*proof, i);
    golden_free(&(*proof)->golden);
    free((*proof)->stream.ops);
    free(*proof);
    *proof = NULL;
}

/* ---- feeders ------------------------------------------------------------------------------------------------------
 */

static void journal_path(const struct proof *proof, uint32_t feeder, char out[static 300])
{
    snprintf(out, 300, "%s/feeder-%u.journal", proof->world->folder, feeder);
}

void proof_feeder_start(struct proof *proof, uint32_t feeder)
{
    char name[40], journal[300], numbers[5][24];
    const struct stream *stream = &proof->stream;
    const char *endpoint = proof->endpoint[0] != '\0' ? proof->endpoint : proof->world->feed;
    if (proof->done[feeder] || proof->feeders[feeder].pid != 0)
        return;
    snprintf(name, sizeof name, "feeder-%u", feeder);
    snprintf(numbers[0], sizeof numbers[0], "%" PRIu64, stream->seed);
    snprintf(numbers[1], sizeof numbers[1], "%u", stream->ids);
    snprintf(numbers[2], sizeof numbers[2], "%u", stream->op_count);
    snprintf(numbers[3], sizeof numbers[3], "%u", stream->feeders);
    snprintf(numbers[4], sizeof numbers[4], "%u", feeder);
    journal_path(proof, feeder, journal);
    process_start(&proof->feeders[feeder], proof->world->folder, name,
                  (const char *[]){PROVE_FEEDER_PATH, endpoint, numbers[0], numbers[1], numbers[2], numbers[3],
                                   numbers[4], journal, proof->bulk ? "bulk" : "mixed", NULL});
}

void proof_feeder_kill(struct proof *proof, uint32_t feeder)
{
    process_kill(&proof->feeders[feeder]);
}

uint32_t proof_settled(struct proof *proof)
{
    for (uint32_t i = 0; i < proof->stream.feeders; i++) {
        char path[300];
        struct journal_row row;
        journal_path(proof, i, path);
        int file = open(path, O_RDONLY | O_CLOEXEC);
        if (file < 0)
            continue;
        lseek(file, (off_t)(proof->read[i] * sizeof row), SEEK_SET);
        for (; read(file, &row, sizeof row) == (ssize_t)sizeof row; proof->read[i]++)
            golden_receipt(proof->golden, &row);
        close(file);
    }
    return golden_settled(proof->golden);
}

/* A feeder that has ended is done, or the proof has failed. */
static void feeders_watch(struct proof *proof)
{
    for (uint32_t i = 0; i < proof->stream.feeders; i++) {
        int status;
        if (proof->feeders[i].pid == 0 || !process_wait(&proof->feeders[i], 0, &status))
            continue;
        char *words = file_read(proof->feeders[i].complaint);
        if (status != 0)
            fail_msg("REFERENT_SEED=%" PRIu64 ": feeder %u ends with wait status 0x%x: %s", proof->stream.seed, i,
                     (unsigned)status, words);
        free(words);
        proof->done[i] = true;
    }
}

void proof_await(struct proof *proof, uint32_t wanted)
{
    uint32_t settled = proof_settled(proof), before = settled;
    for (int64_t deadline = now_ms() + STALL_MS; settled < wanted; settled = proof_settled(proof)) {
        if (settled != before)
            deadline = now_ms() + STALL_MS;
        before = settled;
        if (now_ms() > deadline)
            proof_stalled(proof, wanted);
        feeders_watch(proof);
        proof_rest_us(1000);
    }
}

bool proof_await_death(struct proof *proof)
{
    uint32_t settled = proof_settled(proof), before = settled;
    int status;
    for (int64_t deadline = now_ms() + STALL_MS; settled < proof->stream.op_count; settled = proof_settled(proof)) {
        if (settled != before)
            deadline = now_ms() + STALL_MS;
        before = settled;
        if (now_ms() > deadline)
            proof_stalled(proof, proof->stream.op_count);
        if (process_wait(&proof->world->daemon, 2, &status))
            return true;
    }
    return process_wait(&proof->world->daemon, 100, &status);
}

/* ---- the judgement ------------------------------------------------------------------------------------------------
 */

static void judge(const struct proof *proof)
{
    const struct verdict *verdict = &proof->verdict;
    if (verdict->lost + verdict->regressed + verdict->doubled + verdict->revived + verdict->strange > 0)
        fail_msg("REFERENT_SEED=%" PRIu64 ": lost=%" PRIu64 " regressed=%" PRIu64 " doubled=%" PRIu64
                 " revived=%" PRIu64 " strange=%" PRIu64 "; first: %s",
                 proof->stream.seed, verdict->lost, verdict->regressed, verdict->doubled, verdict->revived,
                 verdict->strange, verdict->first);
}

void proof_look(struct proof *proof, uint32_t sparse)
{
    proof_settled(proof);
    golden_look(proof->golden, proof->world->data, proof->shards, sparse, &proof->verdict);
    judge(proof);
}

void proof_stalled(struct proof *proof, uint32_t wanted)
{
    process_kill(&proof->world->daemon);
    proof_look(proof, 1);
    fail_msg("REFERENT_SEED=%" PRIu64 ": nothing moves at %u of %u receipts; what has one is whole", proof->stream.seed,
             proof_settled(proof), wanted);
}

static uint64_t poisons(const struct proof *proof)
{
    uint32_t *outcome = stream_outcome(&proof->stream);
    uint64_t count = 0;
    for (uint32_t i = 0; i < proof->stream.ids; i++)
        count += outcome[i] == STREAM_NONE;
    free(outcome);
    return count;
}

void proof_finish(struct proof *proof)
{
    proof_await(proof, proof->stream.op_count);
    uint64_t dead = peer_status(proof->world->searcher)->dead;
    if (dead != poisons(proof))
        fail_msg("REFERENT_SEED=%" PRIu64 ": %" PRIu64 " dead letters of %" PRIu64 " rejected documents",
                 proof->stream.seed, dead, poisons(proof));
    world_terminate(proof->world);
    world_drained(proof->world);
    golden_final(proof->golden, proof->world->data, proof->shards, &proof->verdict);
    judge(proof);
    print_message("receipts=%" PRIu64 " looked_at=%" PRIu64 " lost=0 regressed=0 doubled=0 revived=0 strange=0\n",
                  proof->verdict.receipts, proof->verdict.looked_at);
}

/* ---- deaths at every call ------------------------------------------------------------------------------------------
 */

/* False: the call was never made. */
static bool dies_at(const struct proof_deaths *deaths, unsigned call, uint64_t *receipts)
{
    char rules[200];
    struct world *w = deaths->begin();
    snprintf(rules, sizeof rules, "%s @* %u %u kill\n", deaths->calls, call, call);
    world_rules(w, rules);
    struct proof *proof = proof_new(w, deaths->seed, deaths->ids, deaths->ops, 1, deaths->shards);
    proof->bulk = deaths->bulk;
    bool ready = world_try(w);
    if (ready)
        proof_feeder_start(proof, 0);
    bool died = !ready || proof_await_death(proof);
    if (died) {
        if (deaths->harm != NULL)
            deaths->harm(w);
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

void proof_die_everywhere(const struct proof_deaths *deaths)
{
    uint64_t receipts = 0;
    struct proof_part part = proof_part();
    unsigned all = deaths->stride ? deaths->stride : 1, stride = all * part.of, count = 0;
    unsigned first = 1 + (unsigned)(deaths->seed % all) + all * part.number;
    while (dies_at(deaths, first + count * stride, &receipts))
        count++;
    print_message("deaths=%u, from the %u. at each %u. of %u calls; receipts=%" PRIu64 " looked at\n", count, first,
                  stride, first + count * stride - 1, receipts);
    assert_true(count * part.of > 3);
}
