/* worker: the real intake and the real writers (writing.c), with the stages' threads played as steps. The file holds
 * the intake whole, so that its loop can be turned by hand. */
#include "simulation.h"

#include "log.h"
#include "random.h"
#include "schema.h"
#include "shard_map.h"
#include "term.h"

#include "../../worker/intake/intake.c" // NOLINT(bugprone-suspicious-include): its parts are static, and are meant

enum { HELD_MAX = 256, THREADS_MAX = 2, TOGETHER = 3, LISTS = 64 };

jmp_buf worker_death;

struct parked {
    struct job *jobs[HELD_MAX];
    size_t count;
};

static struct {
    struct config config;
    struct shelf *to_text;
    struct parked hands[THREADS_MAX]; /* of the readers, the last one first */
    struct queue *done, *published;
    struct flow flow;
    struct intake *intake; /* NULL: the worker is down */
    struct parked keeper;
    uint64_t instance;
    bool letters[SIM_IDS_MAX];  /* on disk */
    bool suspects[SIM_IDS_MAX]; /* were in hand when the worker died */
    struct span frame;          /* that has come */
    char routing[4];
} at;

static void hold(struct parked *held, struct job *job)
{
    SIM_PROPERTY(held->count < HELD_MAX, "more jobs than may be in flight");
    held->jobs[held->count++] = job;
}

/* ---- the wire's frames ---- */

struct span wire_message_routing(struct wire_message *message)
{
    (void)message;
    return (struct span){at.routing, sizeof at.routing};
}

struct span wire_message_frame(struct wire_message *message)
{
    (void)message;
    return at.frame;
}

/* ---- the keeper ---- */

bool keeper_wants(struct keeper *keeper, const struct job *job)
{
    (void)keeper;
    return !job->kept && job->receipt.status == RECEIPT_REJECTED && job->kind != JOB_INVENTORY;
}

bool keeper_take(struct keeper *keeper, struct job *job)
{
    if (!keeper_wants(keeper, job))
        return false;
    job->kept = true;
    hold(&at.keeper, job);
    return true;
}

static void keeper_step(void)
{
    struct error why;
    for (size_t i = 0; i < at.keeper.count; i++) {
        struct job *job = at.keeper.jobs[i];
        if (sim_happens(sim.plan.letter_faults)) {
            error_set(&why, FAULT_RETRY, "dead.store", "no space left on device");
            job_answer(job, RECEIPT_RETRY, &why, 100);
        } else if (job->id.size > 0) {
            at.letters[sim_id(job->id)] = true;
        }
        if (!queue_push(at.done, job))
            abort();
    }
    at.keeper.count = 0;
}

bool worker_has_letter(uint32_t id)
{
    return at.letters[id];
}

/* ---- the guard: what was in hand at the last death is a suspect until it is through; instead of worker/guard ---- */

/* By its hash, which is all that the guard knows of an id. */
static bool *suspicion(const struct work *work)
{
    static bool none;
    for (uint32_t i = 0; i < sim.stream.ids; i++) {
        char id[STREAM_ID_MAX];
        stream_id(&(struct op){.id = i}, id);
        if (id_hash(span_of(id)) == work->id_hash)
            return &at.suspects[i];
    }
    none = false;
    return &none;
}

enum verdict guard_verdict(struct guard *guard, const struct work *work, uint32_t chance, struct error *why)
{
    (void)guard;
    (void)chance;
    (void)why;
    return *suspicion(work) ? VERDICT_ALONE : VERDICT_FREE;
}

void guard_alone(struct guard *guard, const struct work *work)
{
    (void)guard;
    (void)work;
}

void guard_pass(struct guard *guard, const struct work *work)
{
    (void)guard;
    *suspicion(work) = false;
}

enum fault guard_disk(struct guard *guard, struct error *err)
{
    (void)guard;
    return sim_happens(sim.plan.disk_low) ? error_set(err, FAULT_RETRY, "disk.low", "nearly full") : FAULT_NONE;
}

struct work_slot *guard_intake(struct guard *guard)
{
    (void)guard;
    return NULL;
}

/* It was in a writer's hands when the worker died. */
static void suspect(struct job *job)
{
    if (job->id.size > 0 && random_below(&sim.random, 2) == 0)
        at.suspects[sim_id(job->id)] = true;
    struct arena *arena = job->arena;
    arena_free(&arena);
}

/* ---- reading ---- */

/* Poison comes in three kinds: the reader sees it, Xapian does at once, Xapian does at the commit. */
static struct span data_of(const struct job *job, const struct op *op)
{
    static const struct span kinds[] = {{"poison", 6}, {"poison at the commit", 20}};
    (void)job;
    return op->poison ? kinds[op->id % 2] : (struct span){"", 0};
}

static struct slot_value *values_of(struct job *job)
{
    struct slot_value *values = arena_zero(job->arena, 2, sizeof *values);
    char *version = arena_alloc(job->arena, 8);
    if (values == NULL || version == NULL)
        abort();
    for (int i = 0; i < 8; i++)
        version[i] = (char)(job->version >> (56 - 8 * i));
    values[0] = (struct slot_value){SLOT_VERSION, {version, 8}};
    values[1] = (struct slot_value){SLOT_DIGEST, {(char *)job->digest, 16}};
    return values;
}

static void record_make(struct job *job, const struct op *op)
{
    uint32_t open, closed;
    stream_documents(&sim.stream, op, &open, &closed);
    struct index_document *documents = arena_zero(job->arena, open + closed, sizeof *documents);
    job->record = arena_zero(job->arena, 1, sizeof *job->record);
    if (documents == NULL || job->record == NULL)
        abort();
    for (uint32_t i = 0; i < open + closed; i++) {
        documents[i].unique = term_unique(job->arena, job->id, i);
        documents[i].closed = i >= open;
        documents[i].data = data_of(job, op);
        if (i == 0) {
            documents[i].values = values_of(job);
            documents[i].value_count = 2;
        }
    }
    *job->record = (struct index_record){
        .id = job->id, .version = job->version, .documents = documents, .document_count = open + closed, .bytes = 100};
}

/* The edition is what stands behind the "u" of its word, in the body. */
static struct op op_of(const struct job *job)
{
    const Referent__V1__Submit *submit = job->message;
    struct op op = {.id = sim_id(job->id), .version = job->version};
    const char *body = (const char *)submit->document->body.data;
    size_t size = submit->document->body.len;
    op.poison = size == 1;
    for (size_t i = 0; i + 4 < size && op.edition == 0; i++)
        if (memcmp(body + i, " ord", 4) == 0)
            op.edition = (uint32_t)strtoul((const char *)memchr(body + i + 4, 'u', size - i - 4) + 1, NULL, 10);
    return op;
}

static void hand_take(size_t thread)
{
    struct job *jobs[TOGETHER];
    struct parked *hand = &at.hands[thread];
    for (size_t i = shelf_take(at.to_text, thread, false, SIZE_MAX, jobs); i > 0; i--)
        hold(hand, jobs[i - 1]);
}

/* A reader takes some, or passes on one of those that it has. */
static void read_step(size_t thread)
{
    struct parked *hand = &at.hands[thread];
    struct error why;
    if (hand->count == 0) {
        hand_take(thread);
        return;
    }
    struct job *job = hand->jobs[--hand->count];
    atomic_fetch_sub(&at.flow.ahead, 1);
    if (job->kind == JOB_SUBMIT) {
        struct op op = op_of(job);
        if (op.poison && op.id % 3 == 0) {
            error_set(&why, FAULT_REJECT, "body.utf8", "byte 0 of the body is not UTF-8; convert it first");
            job_answer(job, RECEIPT_REJECTED, &why, 0);
            if (!queue_push(at.done, job))
                abort();
            return;
        }
        record_make(job, &op);
    }
    writing_give(job);
}

/* ---- life and death ---- */

static void flush_held(void *self)
{
    (void)self;
    writing_flush();
}

static enum fault ready(void *self, uint32_t shard, uint32_t *wait_ms, struct error *why)
{
    (void)self;
    return writing_ready(shard, wait_ms, why);
}

static void describe(void *self, uint32_t shard, unsigned char lineage[static LINEAGE_BYTES], uint64_t *sequence)
{
    (void)self;
    disk_lineage(shard, lineage);
    *sequence = disk_sequence(shard);
}

void worker_begin(void)
{
    memset(at.letters, 0, sizeof at.letters);
    memset(at.suspects, 0, sizeof at.suspects);
    at.instance = 0;
    if (at.done != NULL)
        return;
    log_level_set(LOG_ALWAYS);
    at.done = queue_new(HELD_MAX);
    at.published = queue_new(LISTS);
    at.to_text = shelf_new(HELD_MAX, THREADS_MAX, TOGETHER);
}

bool worker_is_up(void)
{
    return at.intake != NULL;
}

void worker_start(void)
{
    config_default(&at.config);
    at.config.credit_messages = 2 + random_below(&sim.random, 8);
    at.config.credit_bytes = 1000 + random_below(&sim.random, 8000);
    at.config.in_flight_messages = 2 + random_below(&sim.random, 20);
    at.config.in_flight_bytes = 2000 + random_below(&sim.random, 20000);
    at.config.commit_max_docs = sim.plan.batch_max;
    at.config.young_segments = sim.plan.young;
    at.config.young_documents = 1 + random_below(&sim.random, 3);
    at.config.commit_max_age_ms = random_below(&sim.random, 300);
    at.config.commit_idle_ms = random_below(&sim.random, 50);
    at.config.commit_min_gap_ms = random_below(&sim.random, 50);
    at.config.bulk_idle_ms = 1 + random_below(&sim.random, 1000);
    at.config.bulk_memory_bytes = sim.plan.shards * (20000 + random_below(&sim.random, 100000));
    struct intake_setup setup = {.config = &at.config,
                                 .instance = ++at.instance,
                                 .shards = sim.plan.shards,
                                 .to_text = at.to_text,
                                 .done = at.done,
                                 .flow = &at.flow,
                                 .published = at.published,
                                 .describe = describe,
                                 .flush = flush_held,
                                 .ready = ready};
    writing_start(&at.config, at.published, &at.flow);
    at.intake = intake_new(&setup);
    if (at.intake == NULL)
        abort();
    at.intake->pace.most_bytes = 100 + random_below(&sim.random, 4000);
    wire_worker_is(true);
}

static void jobs_free(struct parked *held)
{
    for (; held->count > 0; held->count--) {
        struct arena *arena = held->jobs[held->count - 1]->arena;
        arena_free(&arena);
    }
}

static void queue_empty(struct queue *queue)
{
    for (struct job *job; (job = queue_pop(queue, 0)) != NULL;) {
        struct arena *arena = job->arena;
        arena_free(&arena);
    }
}

static void shelf_empty(void)
{
    size_t found = 1;
    for (size_t thread = 0; found > 0 || thread % THREADS_MAX != 0; thread++) {
        struct parked *hand = &at.hands[thread % THREADS_MAX];
        found = thread % THREADS_MAX == 0 ? 0 : found;
        found += hand->count;
        jobs_free(hand);
        hand_take(thread % THREADS_MAX);
        found += hand->count;
    }
}

void worker_crash(void)
{
    if (at.intake == NULL)
        return;
    sim_trace("the worker dies");
    queue_empty(at.done);
    for (struct held *held; (held = queue_pop(at.published, 0)) != NULL;)
        held_free(&held);
    shelf_empty();
    writing_crash(suspect);
    jobs_free(&at.keeper);
    at.flow = (struct flow){0};
    intake_free(&at.intake);
    wire_worker_is(false);
    wire_cut(SIM_FEEDERS_MAX);
}

void worker_end(void)
{
    worker_crash();
}

void worker_hear(uint32_t routing, struct span bytes)
{
    struct wire_message message;
    memcpy(at.routing, &routing, sizeof routing);
    at.frame = bytes;
    frame_take(at.intake, &message);
    SIM_PROPERTY(at.intake->in_flight_messages <= at.config.in_flight_messages, "more in flight than all may have");
}

void worker_step(void)
{
    switch (random_below(&sim.random, 5)) {
    case 0: read_step(random_below(&sim.random, sim.plan.threads)); break;
    case 1:
        if (setjmp(worker_death) == 0)
            writing_step((uint32_t)random_below(&sim.random, sim.plan.shards), at.done);
        else
            worker_crash();
        break;
    case 2: keeper_step(); break;
    case 3: held_take(at.intake); break;
    default: jobs_take(at.intake);
    }
}

bool worker_is_idle(void)
{
    return at.intake != NULL && all_answered(at.intake) && at.intake->in_flight_bytes == 0;
}
