/* simulation: the run, its feeders, and the model of the promise. See simulation.h.
 *
 * Usage: simulation [SEEDS [FIRST]]. REFERENT_SEED runs one, REFERENT_TRACE tells its steps. */
#include "simulation.h"

#include "feeder.h"
#include "random.h"
#include "submission.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
    SEEDS = 600,
    OPS_MAX = 160,
    STEP_MAX_MS = 12,
    WILD_MAX_STEPS = 6000, /* then it is calm */
    CALM_MAX_STEPS = 200000,
    DOWN_MAX_MS = 800,
    STALL_MAX_MS = 4000,
    SILENCE_MS = 1000,
    RECEIPT_MS = 2000
};

struct sim sim;

struct player {
    struct referent_feeder *client; /* NULL: it is dead */
    bool *offered;                  /* by operation, in this life */
    uint32_t next, open;
};

static struct player players[SIM_FEEDERS_MAX];
static bool settled[OPS_MAX]; /* operations with a final receipt, as the journals have it */
static uint32_t settled_count;
static uint32_t acked[SIM_IDS_MAX]; /* what won among those with a receipt */
static int64_t start_ms;            /* when a dead worker comes back */
static struct {
    uint64_t runs, steps, crashes, kills, cuts, receipts;
} tally;

/* The only clock there is. */
int clock_gettime(clockid_t clock, struct timespec *now)
{
    (void)clock;
    now->tv_sec = (time_t)(sim.now_ms / 1000);
    now->tv_nsec = (long)(sim.now_ms % 1000) * 1000000;
    return 0;
}

/* ---- what the others use ---- */

void sim_fail(const char *property, const char *format, ...)
{
    va_list arguments;
    fprintf(stderr, "REFERENT_SEED=%" PRIu64 " step=%" PRIu64 ": %s does not hold: ", sim.seed, sim.step, property);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\nrun it again: REFERENT_TRACE=1 REFERENT_SEED=%" PRIu64 " simulation\n", sim.seed);
    exit(1);
}

void sim_trace(const char *format, ...)
{
    va_list arguments;
    if (!sim.trace)
        return;
    printf("%" PRIu64 " %" PRId64 " ms: ", sim.step, sim.now_ms);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
}

bool sim_happens(uint32_t of_10000)
{
    return !sim.calm && random_below(&sim.random, 10000) < of_10000;
}

/* ---- the model ---- */

static void wanted_digest(const struct op *op, unsigned char digest[static 16])
{
    char id[STREAM_ID_MAX], body[STREAM_BODY_MAX];
    struct error err;
    stream_id(op, id);
    struct span bytes = stream_body(&sim.stream, op, body);
    struct referent_document document = {.id = id, .version = op->version, .body = bytes.at, .body_bytes = bytes.size};
    SIM_PROPERTY(submission_digest(&document, digest, &err) == FAULT_NONE, "memory");
}

/* The row is the work of this operation, whole and once. */
static bool row_is(const struct sim_row *row, const struct op *op, bool with_closed)
{
    unsigned char digest[16];
    uint32_t open, closed;
    if (op->deletion)
        return row->deleted && row->version == op->version && row->open == 0 && (!with_closed || row->closed == 0);
    stream_documents(&sim.stream, op, &open, &closed);
    wanted_digest(op, digest);
    return row->present && row->version == op->version && memcmp(row->digest, digest, sizeof digest) == 0 &&
           row->open == open && (!with_closed || row->closed == closed);
}

/* What a receipt said still holds: it, or something that comes after it, is on disk. */
static void promise_check(uint32_t id)
{
    struct sim_row row = disk_row(id);
    if (acked[id] == STREAM_NONE)
        return;
    const struct op *op = &sim.stream.ops[acked[id]];
    SIM_PROPERTY(row.present || row.deleted, "id %u was acknowledged in version %" PRIu64 " and is lost", id,
                 op->version);
    SIM_PROPERTY(row.version >= op->version, "id %u was acknowledged in version %" PRIu64 " and is in version %" PRIu64,
                 id, op->version, row.version);
    if (op->version == 0 || row.version > op->version)
        return;
    SIM_PROPERTY(row_is(&row, op, false), "id %u is not as it was acknowledged in version %" PRIu64, id, op->version);
}

static void promises_check(void)
{
    for (uint32_t i = 0; i < sim.stream.ids; i++)
        promise_check(i);
}

static void commit_check(const struct referent_receipt *receipt, uint32_t number, const struct op *op)
{
    struct sim_row row = disk_row(op->id);
    SIM_PROPERTY(receipt->shard == disk_shard(op->id), "operation %u is of another shard", number);
    SIM_PROPERTY(receipt->sequence <= disk_sequence(receipt->shard),
                 "operation %u names commit %" PRIu64 ", the disk has %" PRIu64, number, receipt->sequence,
                 disk_sequence(receipt->shard));
    unsigned char lineage[LINEAGE_BYTES];
    disk_lineage(receipt->shard, lineage);
    SIM_PROPERTY(memcmp(receipt->lineage, lineage, LINEAGE_BYTES) == 0, "operation %u names another lineage", number);
    if (receipt->status == REFERENT_STATUS_SUPERSEDED) {
        SIM_PROPERTY(row.version > op->version, "operation %u is superseded by version %" PRIu64, number, row.version);
        return;
    }
    if (op->version == 0) /* the next of its id was not sent yet */
        SIM_PROPERTY(row_is(&row, op, false), "operation %u is committed and not there", number);
    if (row_is(&row, op, false))
        SIM_PROPERTY(row.written <= receipt->sequence,
                     "operation %u names commit %" PRIu64 " and is there since %" PRIu64, number, receipt->sequence,
                     row.written);
    const struct op *best = acked[op->id] == STREAM_NONE ? NULL : &sim.stream.ops[acked[op->id]];
    if (best == NULL || op->version >= best->version)
        acked[op->id] = number;
    promise_check(op->id);
}

static void receipt_check(const struct referent_receipt *receipt, uint32_t number)
{
    const struct op *op = &sim.stream.ops[number];
    bool rejected = receipt->status == REFERENT_STATUS_REJECTED;
    sim_trace("operation %u (id %u, version %" PRIu64 "%s) is %s", number, op->id, op->version,
              op->deletion ? ", deletion" : "", referent_status_name(receipt->status));
    tally.receipts++;
    SIM_PROPERTY(rejected == op->poison, "operation %u is %s by %s", number, referent_status_name(receipt->status),
                 receipt->rule);
    if (rejected)
        SIM_PROPERTY(worker_has_letter(op->id), "operation %u was rejected without a letter", number);
    else
        commit_check(receipt, number, op);
}

/* ---- feeders ---- */

static void player_start(uint32_t number)
{
    struct player *player = &players[number];
    struct referent_feeder_options options = {
        .silence_ms = SILENCE_MS, .receipt_ms = RECEIPT_MS, .bulk = (sim.plan.loaders >> number & 1) != 0};
    wire_feeder(number);
    if (referent_feeder_open("simulated", &options, &player->client, NULL) != REFERENT_OK)
        abort();
    player->client->random = random_next(&sim.random) | 1; /* the real one is the time's and the process's */
    player->next = player->open = 0;
    memset(player->offered, 0, OPS_MAX * sizeof *player->offered);
}

static void player_kill(uint32_t number)
{
    sim_trace("feeder %u dies", number);
    referent_feeder_close(&players[number].client);
}

static bool offer(struct player *player, uint32_t number)
{
    const struct op *op = &sim.stream.ops[number];
    char id[STREAM_ID_MAX], body[STREAM_BODY_MAX];
    void *tag = (void *)(uintptr_t)number; // NOLINT(performance-no-int-to-ptr): a number that only comes back
    enum referent_result result;
    stream_id(op, id);
    if (op->deletion) {
        result = referent_feeder_delete(player->client, id, op->version, NULL, tag, NULL);
    } else {
        struct span bytes = stream_body(&sim.stream, op, body);
        struct referent_document document = {
            .id = id, .version = op->version, .body = bytes.at, .body_bytes = bytes.size};
        result = referent_feeder_submit(player->client, &document, tag, NULL);
    }
    player->offered[number] = result == REFERENT_OK;
    player->open += result == REFERENT_OK;
    return result == REFERENT_OK;
}

static void player_step(uint32_t number)
{
    struct player *player = &players[number];
    struct referent_receipt receipt;
    for (; player->next < sim.stream.op_count; player->next++)
        if (stream_feeder(&sim.stream, player->next) == number && !settled[player->next] &&
            !offer(player, player->next))
            break;
    if (player->next == sim.stream.op_count && random_below(&sim.random, 2) == 0)
        referent_feeder_flush(player->client);
    while (referent_feeder_poll(player->client, 0, &receipt, NULL) == REFERENT_OK) {
        uint32_t op = (uint32_t)(uintptr_t)receipt.tag;
        SIM_PROPERTY(player->offered[op], "operation %u has two final receipts", op);
        player->offered[op] = false;
        player->open--;
        receipt_check(&receipt, op);
        settled_count += !settled[op];
        settled[op] = true;
    }
}

/* ---- the run ---- */

static void plan_draw(void)
{
    struct sim_plan *plan = &sim.plan;
    uint64_t *random = &sim.random;
    *plan =
        (struct sim_plan){.feeders = 1 + (uint32_t)random_below(random, SIM_FEEDERS_MAX),
                          .shards = 1 + (uint32_t)random_below(random, SIM_SHARDS_MAX),
                          .threads = 1 + (uint32_t)random_below(random, 2),
                          .batch_max = 1 + (uint32_t)random_below(random, 12),
                          .loaders = random_below(random, 2) ? (uint32_t)random_below(random, 1 << SIM_FEEDERS_MAX) : 0,
                          .segment_max = 1 + (uint32_t)random_below(random, 40),
                          .young = (uint32_t)random_below(random, YOUNG_MAX + 1)};
    uint32_t *const chances[] = {&plan->cuts,          &plan->stalls,       &plan->doubles,      &plan->drops,
                                 &plan->crashes,       &plan->crash_points, &plan->kills,        &plan->disk_faults,
                                 &plan->reopen_faults, &plan->disk_low,     &plan->letter_faults};
    static const uint32_t most[] = {60, 30, 400, 200, 30, 800, 30, 60, 2000, 1000, 2000};
    for (size_t i = 0; i < sizeof most / sizeof *most; i++) /* half of the harms a run, each more or less */
        *chances[i] = random_below(random, 2) ? (uint32_t)random_below(random, most[i]) : 0;
}

static void harm(void)
{
    uint32_t feeder = (uint32_t)random_below(&sim.random, sim.plan.feeders);
    if (sim_happens(sim.plan.crashes)) {
        worker_crash();
    }
    if (sim_happens(sim.plan.cuts)) {
        sim_trace("the connection of feeder %u breaks", feeder);
        wire_cut(feeder);
        tally.cuts++;
    }
    if (sim_happens(sim.plan.stalls))
        wire_stall(feeder, (int64_t)random_below(&sim.random, STALL_MAX_MS));
    if (sim_happens(sim.plan.kills) && players[feeder].client != NULL) {
        player_kill(feeder);
        tally.kills++;
    }
}

static void worker_watch(void)
{
    if (worker_is_up())
        return;
    if (start_ms < 0) {
        start_ms = sim.now_ms + (int64_t)random_below(&sim.random, DOWN_MAX_MS);
        tally.crashes++;
        promises_check();
    } else if (sim.now_ms >= start_ms) {
        sim_trace("the worker starts");
        worker_start();
        start_ms = -1;
    }
}

static void step(void)
{
    harm();
    worker_watch();
    uint32_t feeder = (uint32_t)random_below(&sim.random, sim.plan.feeders);
    if (players[feeder].client == NULL)
        player_start(feeder);
    switch (random_below(&sim.random, 3)) {
    case 0: player_step(feeder); break;
    case 1: (void)wire_step(); break;
    default:
        if (worker_is_up())
            worker_step();
    }
    sim.now_ms += (int64_t)random_below(&sim.random, STEP_MAX_MS);
}

static void begin(uint64_t seed)
{
    sim = (struct sim){.seed = seed, .random = seed, .now_ms = 1000000, .trace = getenv("REFERENT_TRACE") != NULL};
    plan_draw();
    uint32_t ids = 3 + (uint32_t)random_below(&sim.random, SIM_IDS_MAX - 3);
    uint32_t ops = ids + (uint32_t)random_below(&sim.random, OPS_MAX - ids);
    sim.stream = stream_new(seed, ids, ops, sim.plan.feeders);
    sim.outcome = stream_outcome(&sim.stream);
    settled_count = 0;
    start_ms = 0;
    memset(settled, 0, sizeof settled);
    for (uint32_t i = 0; i < SIM_IDS_MAX; i++)
        acked[i] = STREAM_NONE;
    disk_begin();
    wire_begin();
    worker_begin();
    for (uint32_t i = 0; i < sim.plan.feeders; i++)
        player_start(i);
}

static void outcome_check(void)
{
    for (uint32_t i = 0; i < sim.stream.ids; i++) {
        struct sim_row row = disk_row(i);
        if (sim.outcome[i] == STREAM_NONE)
            SIM_PROPERTY(row.open + row.closed == 0 && !row.deleted, "id %u was rejected and is there", i);
        else
            SIM_PROPERTY(row_is(&row, &sim.stream.ops[sim.outcome[i]], true),
                         "in the end id %u has %u open and %u closed documents, %s, version %" PRIu64
                         "; operation %u should have won, version %" PRIu64,
                         i, row.open, row.closed, row.present ? "present" : "not present", row.version, sim.outcome[i],
                         sim.stream.ops[sim.outcome[i]].version);
    }
}

static void end(void)
{
    for (uint32_t i = 0; i < SIM_FEEDERS_MAX; i++)
        referent_feeder_close(&players[i].client);
    worker_end();
    wire_end();
    free(sim.stream.ops);
    free(sim.outcome);
    tally.runs++;
    tally.steps += sim.step;
}

static void run(uint64_t seed)
{
    begin(seed);
    uint64_t wild = random_below(&sim.random, WILD_MAX_STEPS);
    for (; settled_count < sim.stream.op_count || !worker_is_idle(); sim.step++) {
        sim.calm = sim.step >= wild;
        SIM_PROPERTY(sim.step < wild + CALM_MAX_STEPS, "%u of %u operations have a receipt, and nothing moves",
                     settled_count, sim.stream.op_count);
        step();
    }
    promises_check();
    outcome_check();
    end();
}

int main(int argc, char **argv)
{
    const char *given = getenv("REFERENT_SEED");
    uint64_t seeds = given ? 1 : argc > 1 ? strtoull(argv[1], NULL, 10) : SEEDS;
    uint64_t first = given ? strtoull(given, NULL, 10) : argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    for (uint32_t i = 0; i < SIM_FEEDERS_MAX; i++)
        players[i].offered = calloc(OPS_MAX, sizeof(bool));
    for (uint64_t i = 0; i < seeds; i++)
        run(first + i);
    for (uint32_t i = 0; i < SIM_FEEDERS_MAX; i++)
        free(players[i].offered);
    printf("%" PRIu64 " seeds from %" PRIu64 ": steps=%" PRIu64 " receipts=%" PRIu64 " publications=%" PRIu64
           " merges=%" PRIu64 " worker_deaths=%" PRIu64 " feeder_deaths=%" PRIu64 " cuts=%" PRIu64
           ", every promise kept\n",
           tally.runs, first, tally.steps, tally.receipts, load_publications(), disk_merges(),
           tally.crashes - tally.runs, tally.kills, tally.cuts);
    return 0;
}
