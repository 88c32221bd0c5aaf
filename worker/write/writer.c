/* writer: fills batches and decides when to commit.
 *
 * A batch is committed when it is full (documents or bytes) or old; when it is among the fuller ones and feeders wait
 * for commits; or when nothing is being read that could still join it and nothing has come for commit_idle_ms. But
 * unless it is full or old, not sooner than commit_min_gap_ms after the last one, because readers meet
 * DatabaseModifiedError after two commits.
 *
 * What a feeder loads in bulk goes to a session instead (session.h), which is published when its feeder says so
 * (Flush), when nothing has been added for bulk_idle_ms, when it is full, or when too many wait for its end. Batches go
 * on meanwhile, with ids that the session does not hold. */
#include "writer.h"

#include "batch.h"
#include "clock.h"
#include "condition.h"
#include "inventory.h"
#include "log.h"
#include "merger.h"
#include "metric.h"
#include "publication.h"
#include "session.h"
#include "thread.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { PAUSE_FIRST_MS = 250, PAUSE_LAST_MS = 8000 };

/* A visit, from writer_visit on until its visitor has seen that it is done. */
struct visit {
    enum fault (*run)(void *self, struct shard *shard, struct error *err);
    void *self;
    struct error *err;
    enum fault fault;
    bool waits;
};

/* Jobs that a session keeps waiting; they keep their credit. */
enum {
    ASIDE_MAX = 64,
    PUSH_AGAIN_MS = 10,
    PUSH_TIMES = 1000,
    ROOM_SLICE_MS = 50, /* a batch waits so long, so many times, until a merge makes room for it */
    ROOM_SLICES = 40,
    GATE_MOST_MS = 2000, /* a commit waits so long for searches, at most */
    QUIET_MS = 1000,     /* nothing has come for so long: young segments are merged, however few */
    QUIET_MOST = 2
};

/* What the writer met in the shard's tables:
 *
 *   NONE    -> WAITS   [a commit]           nothing is written until somebody has looked
 *   WAITS   -> NONE    [writer_mended]
 *   WAITS   -> STAYS   [writer_unmended]    each commit is tried again
 *   STAYS   -> NONE    [a commit that went through] */
enum damage { DAMAGE_NONE, DAMAGE_WAITS, DAMAGE_STAYS };

struct writer {
    struct writer_setup setup;
    struct shard shard;
    struct batch batch;
    struct session *session;
    struct merger *merger;
    struct batch aside; /* jobs that wait for the session's end */
    int64_t loaded_ms;  /* when the session last grew */
    struct queue *in;
    struct database *reader; /* for inventories */
    uint64_t reader_moves;   /* of the stub, when it was opened */
    int64_t oldest_ms;       /* when the batch's first job came */
    int64_t newest_ms;
    int64_t committed_ms;
    atomic_bool hurry;
    atomic_bool flush;
    _Atomic uint64_t sequence;
    unsigned char lineage[LINEAGE_BYTES]; /* a copy for other threads */
    bool outdated;
    atomic_bool claim;
    pthread_mutex_t visits; /* one visitor at a time; held by the visitor */
    pthread_mutex_t lock;   /* of `visit`, `ended` and `why` */
    pthread_cond_t visited;
    struct visit visit;
    bool ended;
    struct error why; /* under `lock`: why the shard could not be written */
    int64_t pause_ms; /* 0: it could */
    _Atomic enum damage damage;
    _Atomic int64_t resume_ms; /* until then whoever comes is put off */
    pthread_t thread;
};

static void job_return(struct writer *writer, struct job *job)
{
    bool room = queue_push(writer->setup.out, job);
    if (!room) /* the queue holds all that may be in flight */
        abort();
}

/* The shard could not be written: for a while nobody need try, and each time for longer. */
static void failing(struct writer *writer, const struct error *why)
{
    writer->pause_ms = writer->pause_ms == 0 ? PAUSE_FIRST_MS : writer->pause_ms * 2;
    if (writer->pause_ms > PAUSE_LAST_MS)
        writer->pause_ms = PAUSE_LAST_MS;
    pthread_mutex_lock(&writer->lock);
    writer->why = *why;
    pthread_mutex_unlock(&writer->lock);
    atomic_store(&writer->resume_ms, clock_steady_ms() + writer->pause_ms);
    struct error named;
    error_set(&named, FAULT_REOPEN, why->rule, "shard %u: %s", writer->shard.number, why->text);
    condition_begin("shard.failing", writer->shard.number, &named);
}

/* A commit went through. */
static void works(struct writer *writer)
{
    if (writer->pause_ms == 0)
        return;
    writer->pause_ms = 0;
    atomic_store(&writer->damage, DAMAGE_NONE);
    atomic_store(&writer->resume_ms, 0);
    condition_end("shard.failing", writer->shard.number);
}

static enum fault batch_put_off(struct writer *writer, const struct error *why)
{
    enum { RETRY_AFTER_MS = 1000 };
    for (size_t i = 0; i < writer->batch.count; i++)
        job_answer(writer->batch.jobs[i], RECEIPT_RETRY, why, RETRY_AFTER_MS);
    return FAULT_RETRY;
}

static void damage_note(struct writer *writer, enum fault fault, const struct error *why)
{
    if (fault == FAULT_STOP && strcmp(why->rule, "database.damaged") == 0 &&
        atomic_load(&writer->damage) == DAMAGE_NONE && writer->setup.config->rebuild_threads > 0)
        atomic_store(&writer->damage, DAMAGE_WAITS);
}

/* Held, so that a backup copies what stands between two commits. */
static enum fault batch_settle(struct writer *writer, struct error *err)
{
    int hold = -1;
    if (writer_damaged(writer)) {
        *err = writer->why; /* nobody else writes it */
        return batch_put_off(writer, err);
    }
    if (directory_hold(writer->shard.open.path, &hold, err) != FAULT_NONE)
        return batch_put_off(writer, err);
    enum fault fault = batch_commit(&writer->shard, &writer->batch, err);
    directory_release(&hold);
    damage_note(writer, fault, err);
    return fault;
}

/* Where nobody feeds, the writer finds out by itself whether the shard can be written again. */
static void trial(struct writer *writer)
{
    struct error err;
    int hold = -1;
    enum fault fault = directory_hold(writer->shard.open.path, &hold, &err);
    if (fault == FAULT_NONE)
        fault = batch_trial(&writer->shard, &err);
    directory_release(&hold);
    damage_note(writer, fault, &err);
    metric_add(METRIC_COMMITS, writer->shard.sequence - atomic_exchange(&writer->sequence, writer->shard.sequence));
    if (fault != FAULT_NONE)
        failing(writer, &err);
    else
        works(writer);
}

/* When that is due, as a time to wait; -1: nothing is wrong, or it takes more than time to mend it. */
static int trial_wait_ms(const struct writer *writer)
{
    if (writer->pause_ms == 0 || writer->batch.count > 0 || atomic_load(&writer->damage) != DAMAGE_NONE ||
        session_is_open(writer->session))
        return -1;
    int64_t left = atomic_load(&writer->resume_ms) - clock_steady_ms();
    return left > 0 ? (int)left : 0;
}

static bool is_quiet(const struct writer *writer)
{
    return writer->batch.count == 0 && clock_steady_ms() - writer->newest_ms >= QUIET_MS;
}

/* Merged segments take the place of what they are made of; what stands between two commits changes as a whole, and a
 * backup waits. Where it stands open what the stub names, the next batch opens the shard anew. */
static void merges_settle(struct writer *writer)
{
    struct error err;
    int hold = -1;
    bool taken = false;
    struct shard *shard = &writer->shard;
    if (shard->open.database == NULL || shard->row.count == 0)
        return;
    if (merger_ready(writer->merger) && directory_hold(shard->open.path, &hold, &err) == FAULT_NONE) {
        enum fault fault = merger_take(writer->merger, shard, &taken, &err);
        directory_release(&hold);
        if (fault != FAULT_NONE) {
            log_error(LOG_WARN, "young.merge", &err);
            shard_close(shard);
        }
    }
    if (shard->open.database != NULL && !atomic_load(&writer->claim))
        merger_start(writer->merger, shard, is_quiet(writer) ? QUIET_MOST : writer->setup.config->young_segments);
}

/* Is the batch worth a young segment, and the shard one that nobody makes anew just now? Whoever does follows one
 * database. */
static bool young_wanted(const struct writer *writer)
{
    const struct config *config = writer->setup.config;
    return config->young_segments > 0 && writer->batch.count >= config->young_documents &&
           !atomic_load(&writer->claim) && session_possible(writer->session, &writer->shard);
}

/* Is there room for one more? Where a merge is making some, waiting for it takes less time than the inverter would. */
static bool young_room(struct writer *writer)
{
    const struct young_row *row = &writer->shard.row;
    uint64_t most = writer->setup.config->young_segments;
    for (int i = 0; i < ROOM_SLICES && row->count >= most && !atomic_load(&writer->hurry) &&
                    merger_await(writer->merger, ROOM_SLICE_MS);
         i++)
        merges_settle(writer);
    return row->count < most;
}

static void commit(struct writer *writer)
{
    struct batch *batch = &writer->batch;
    if (batch->count == 0)
        return;
    struct error err;
    atomic_fetch_sub(&writer->setup.flow->waiting, batch->count);
    batch->young = young_wanted(writer) && young_room(writer) ? writer->setup.config->young_documents : 0;
    if (writer->setup.gate != NULL)
        gate_pass(writer->setup.gate, GATE_MOST_MS);
    int64_t begun = clock_steady_ms();
    uint64_t before = writer->shard.sequence;
    enum fault fault = batch_settle(writer, &err);
    writer->committed_ms = clock_steady_ms();
    metric_add(METRIC_COMMITS, writer->shard.sequence - atomic_exchange(&writer->sequence, writer->shard.sequence));
    log_event(LOG_DEBUG, "commit.done", "shard=%u sequence=%llu docs=%zu bytes=%zu young=%zu ms=%lld",
              writer->shard.number, (unsigned long long)writer->shard.sequence, batch->count, batch->bytes,
              writer->shard.row.count, (long long)(writer->committed_ms - begun));
    for (size_t i = 0; i < batch->count; i++)
        job_return(writer, batch->jobs[i]);
    batch->count = 0;
    batch->bytes = 0;
    if (fault != FAULT_NONE)
        failing(writer, &err);
    else if (writer->shard.sequence > before)
        works(writer);
}

static bool batch_is_full(const struct writer *writer)
{
    const struct config *config = writer->setup.config;
    return writer->batch.count >= config->commit_max_docs || writer->batch.bytes >= config->commit_max_bytes;
}

/* Feeders wait for receipts, and soon readers for feeders: more documents stand in batches than are still to be read.
 * Then the fuller batches go before they are full, a few at a time, so that reading and writing go on side by side, and
 * not in turn. A small one would not be worth it. */
static bool is_awaited(const struct writer *writer)
{
    struct flow *flow = writer->setup.flow;
    if (atomic_load(&flow->pressed) == 0 || writer->batch.count < writer->setup.config->young_documents)
        return false;
    size_t waiting = atomic_load(&flow->waiting);
    return waiting > atomic_load(&flow->ahead) && writer->batch.count * writer->setup.shards >= waiting &&
           queue_is_empty(writer->in);
}

/* When the batch is to be committed if nothing more comes, as a time to wait; -1: no batch, no hurry. */
static int commit_wait_ms(struct writer *writer)
{
    const struct config *config = writer->setup.config;
    if (writer->batch.count == 0)
        return -1;
    if (atomic_load(&writer->hurry))
        return 0;
    int64_t age_due = writer->oldest_ms + (int64_t)config->commit_max_age_ms;
    int64_t idle_due = writer->newest_ms + (int64_t)config->commit_idle_ms;
    int64_t gap_due = writer->committed_ms + (int64_t)config->commit_min_gap_ms;
    int64_t due = idle_due > gap_due ? idle_due : gap_due;
    if (is_awaited(writer))
        due = gap_due;
    else if (atomic_load(&writer->setup.flow->ahead) > 0) /* a commit now would be the first of many small ones */
        due = age_due;
    due = due < age_due ? due : age_due;
    int64_t left = due - clock_steady_ms();
    return left > 0 ? (int)left : 0;
}

static void inventory(struct writer *writer, struct job *job)
{
    struct error err;
    job->receipt.shard = writer->shard.number;
    if (writer->reader_moves != writer->shard.row.moves)
        database_close(&writer->reader);
    writer->reader_moves = writer->shard.row.moves;
    enum fault fault = inventory_page(&writer->shard, &writer->reader, job, &err);
    if (fault != FAULT_NONE)
        job_answer(job, fault == FAULT_REJECT ? RECEIPT_REJECTED : RECEIPT_RETRY, &err, 100);
    job_return(writer, job);
}

/* ---- bulk loading */

/* The intake frees the list; without a reader in time it is dropped, and the feeders ask again. */
static void held_return(struct writer *writer, struct held *held)
{
    for (int times = 0; held != NULL && times < PUSH_TIMES; times++) {
        if (queue_push(writer->setup.published, held))
            return;
        nanosleep(&(struct timespec){.tv_nsec = PUSH_AGAIN_MS * 1000000L}, NULL);
    }
    held_free(&held);
}

/* The session is over, with all its receipts. */
static void session_over(struct writer *writer, struct held *held, enum fault fault, const struct error *err)
{
    if (fault != FAULT_NONE)
        log_error(LOG_ERROR, "bulk.failed", err);
    writer_unclaim(writer);
    held_return(writer, held);
    if (fault == FAULT_STOP)
        failing(writer, err);
    else if (fault == FAULT_NONE)
        works(writer);
}

/* Nobody else may make a generation of the shard while a session is open. */
static bool session_start(struct writer *writer)
{
    return session_possible(writer->session, &writer->shard) && writer_claim(writer);
}

static enum place offer(struct writer *writer, struct job *job)
{
    struct error err;
    enum place place;
    bool open = session_is_open(writer->session);
    bool possible = job->bulk && !job->alone && writer->shard.open.database != NULL; /* a fault may have closed it */
    bool may_hold = possible && !atomic_load(&writer->hurry) && !batch_has(&writer->batch, job->id) &&
                    (open || session_start(writer));
    work_begin(writer->setup.slot, &job->work);
    enum fault fault = session_offer(writer->session, &writer->shard, job, may_hold, &place, &err);
    work_end(writer->setup.slot);
    if (fault != FAULT_NONE) {
        struct held *held;
        session_fail(writer->session, &writer->shard, &err, &held);
        session_over(writer, held, fault == FAULT_REJECT ? FAULT_RETRY : fault, &err);
        return PLACE_STEADY;
    }
    if (!open && may_hold && !session_is_open(writer->session))
        writer_unclaim(writer);
    return place;
}

static void hold(struct writer *writer, struct job *job)
{
    job->receipt = (struct receipt){.status = RECEIPT_HELD, .shard = writer->shard.number};
    writer->loaded_ms = clock_steady_ms();
    job_return(writer, job);
}

static void take(struct writer *writer, struct job *job);

/* What was set aside is decided now; a job may have to wait for the next session. */
static void aside_take(struct writer *writer)
{
    struct job *jobs[ASIDE_MAX];
    size_t count = writer->aside.count;
    for (size_t i = 0; i < count; i++)
        jobs[i] = writer->aside.jobs[i];
    writer->aside.count = writer->aside.bytes = 0;
    for (size_t i = 0; i < count; i++) {
        take(writer, jobs[i]);
        if (batch_is_full(writer))
            commit(writer);
    }
}

/* Commit the batch, publish the session. */
static void publish(struct writer *writer)
{
    struct error err;
    struct held *held;
    commit(writer);
    if (!session_is_open(writer->session))
        return;
    int64_t begun = clock_steady_ms();
    struct shard *shard = &writer->shard;
    struct flow *flow = writer->setup.flow;
    atomic_fetch_add(&flow->publishing, 1);
    enum fault fault = shard->open.database != NULL ? FAULT_NONE : shard_reopen(shard, &err);
    if (fault == FAULT_NONE)
        fault = session_publish(writer->session, shard, &held, &err);
    else
        session_fail(writer->session, shard, &err, &held);
    database_close(&writer->reader); /* its generation is another one */
    writer->committed_ms = clock_steady_ms();
    atomic_store(&flow->published_ms, writer->committed_ms);
    atomic_fetch_sub(&flow->publishing, 1);
    metric_add(METRIC_PUBLICATIONS, shard->sequence - atomic_exchange(&writer->sequence, shard->sequence));
    log_event(LOG_INFO, "bulk.done", "shard=%u sequence=%llu docs=%zu ms=%lld", shard->number,
              (unsigned long long)shard->sequence, held->count, (long long)(writer->committed_ms - begun));
    session_over(writer, held, fault, &err);
    aside_take(writer);
}

/* When the session is to be published if nothing more comes, as a time to wait; -1: there is none. */
static int publish_wait_ms(struct writer *writer)
{
    if (!session_is_open(writer->session)) {
        atomic_store(&writer->flush, false); /* it came for an earlier one */
        return -1;
    }
    if (atomic_load(&writer->hurry) || atomic_load(&writer->flush))
        return 0;
    /* While another shard is published, its documents keep the feeder's credit, and nothing comes here either. That is
     * no end of the load: each publication makes the whole shard anew. */
    struct flow *flow = writer->setup.flow;
    int64_t idle_ms = (int64_t)writer->setup.config->bulk_idle_ms, published_ms = atomic_load(&flow->published_ms);
    if (atomic_load(&flow->publishing) > 0)
        return (int)idle_ms;
    int64_t since_ms = writer->loaded_ms > published_ms ? writer->loaded_ms : published_ms;
    int64_t left = since_ms + idle_ms - clock_steady_ms();
    return left > 0 ? (int)left : 0;
}

static bool session_must_end(const struct writer *writer)
{
    return session_is_full(writer->session) || writer->aside.count == ASIDE_MAX;
}

/* ---- the loop */

static void take(struct writer *writer, struct job *job)
{
    if (job->kind == JOB_INVENTORY) {
        inventory(writer, job);
        return;
    }
    enum place place = offer(writer, job);
    if (place == PLACE_HELD) {
        hold(writer, job);
        return;
    }
    if (place == PLACE_ASIDE) {
        batch_add(&writer->aside, job);
        return;
    }
    writer->newest_ms = clock_steady_ms();
    if (writer->batch.count == 0)
        writer->oldest_ms = writer->newest_ms;
    if (job->alone) /* nobody else may come before it is through */
        writer->oldest_ms = INT64_MIN / 2;
    batch_add(&writer->batch, job);
    atomic_fetch_add(&writer->setup.flow->waiting, 1);
}

static bool visit_waits(struct writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    bool waits = writer->visit.waits;
    pthread_mutex_unlock(&writer->lock);
    return waits;
}

static void visit_end(struct writer *writer, enum fault fault)
{
    pthread_mutex_lock(&writer->lock);
    writer->visit.fault = fault;
    writer->visit.waits = false;
    pthread_cond_signal(&writer->visited);
    pthread_mutex_unlock(&writer->lock);
}

/* Let a visitor in, if one waits, once the batch is committed. The visit is the visitor's to change, and he waits. */
static void visit_receive(struct writer *writer)
{
    if (!visit_waits(writer))
        return;
    const struct visit *visit = &writer->visit;
    publish(writer);
    int hold = -1;
    enum fault fault = directory_hold(writer->shard.open.path, &hold, visit->err);
    if (fault == FAULT_NONE && writer->shard.open.database == NULL)
        fault = shard_reopen(&writer->shard, visit->err);
    if (fault == FAULT_NONE) {
        fault = visit->run(visit->self, &writer->shard, visit->err);
        database_close(&writer->reader); /* its generation may be another one */
        atomic_store(&writer->sequence, writer->shard.sequence);
    }
    directory_release(&hold);
    visit_end(writer, fault);
}

static enum fault ended_fault(const struct writer *writer, struct error *err)
{
    return error_set(err, FAULT_RETRY, "writer.ended", "the writer of shard %u has ended", writer->setup.number);
}

/* Visitors come no more. */
static void visits_end(struct writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    writer->ended = true;
    pthread_mutex_unlock(&writer->lock);
    if (visit_waits(writer))
        visit_end(writer, ended_fault(writer, writer->visit.err));
}

/* Searching takes longer over many segments, so there are few when nobody feeds. */
static int merge_wait_ms(const struct writer *writer)
{
    const struct shard *shard = &writer->shard;
    if (writer->batch.count > 0 || shard->open.database == NULL || shard->row.count < 2 ||
        atomic_load(&writer->claim) || writer->setup.config->young_segments == 0)
        return -1;
    int start_ms = merger_wait_ms(writer->merger, shard, QUIET_MOST);
    int64_t quiet_ms = writer->newest_ms + QUIET_MS - clock_steady_ms();
    return start_ms >= 0 && quiet_ms > start_ms ? (int)quiet_ms : start_ms;
}

/* The sooner of two waits; -1: never. */
static int sooner(int a, int b)
{
    return a < 0 || (b >= 0 && b < a) ? b : a;
}

/* How long the queue may stay empty before something is due; -1: for ever. */
static int wait_ms(struct writer *writer)
{
    int work_ms = sooner(sooner(commit_wait_ms(writer), publish_wait_ms(writer)), merge_wait_ms(writer));
    return sooner(work_ms, trial_wait_ms(writer));
}

/* What is due after a job, or (NULL) with an empty queue. */
static void settle(struct writer *writer, const struct job *job)
{
    bool idle = job == NULL;
    if (session_must_end(writer) || (idle && publish_wait_ms(writer) == 0))
        publish(writer);
    else if (commit_wait_ms(writer) == 0 || (!idle && batch_is_full(writer)))
        commit(writer);
    else if (idle && trial_wait_ms(writer) == 0)
        trial(writer);
    while (writer->aside.count > 0 && !session_is_open(writer->session)) /* it has failed: nobody else will */
        aside_take(writer);
}

static void turn(struct writer *writer, int timeout_ms)
{
    struct job *job = queue_pop(writer->in, timeout_ms);
    if (job != NULL)
        take(writer, job);
    settle(writer, job);
    merges_settle(writer);
}

static void *run(void *opaque)
{
    struct writer *writer = opaque;
    thread_begin("write", THREAD_INDEX);
    work_enter(writer->setup.slot);
    while (!queue_ended(writer->in)) {
        visit_receive(writer);
        turn(writer, wait_ms(writer));
    }
    publish(writer);
    commit(writer); /* what was set aside */
    visits_end(writer);
    work_leave(writer->setup.slot);
    return NULL;
}

enum fault writer_visit(struct writer *writer, enum fault (*visit)(void *self, struct shard *shard, struct error *err),
                        void *self, struct error *err)
{
    enum fault fault = FAULT_NONE;
    pthread_mutex_lock(&writer->visits);
    pthread_mutex_lock(&writer->lock);
    if (writer->ended) {
        fault = ended_fault(writer, err);
    } else {
        writer->visit = (struct visit){.run = visit, .self = self, .err = err, .waits = true};
        queue_nudge(writer->in);
        while (writer->visit.waits)
            pthread_cond_wait(&writer->visited, &writer->lock);
        fault = writer->visit.fault;
    }
    pthread_mutex_unlock(&writer->lock);
    pthread_mutex_unlock(&writer->visits);
    return fault;
}

bool writer_claim(struct writer *writer)
{
    return !atomic_exchange(&writer->claim, true);
}

void writer_unclaim(struct writer *writer)
{
    atomic_store(&writer->claim, false);
}

static void writer_free(struct writer **writer)
{
    database_close(&(*writer)->reader);
    shard_close(&(*writer)->shard);
    session_free(&(*writer)->session);
    merger_free(&(*writer)->merger);
    batch_done(&(*writer)->batch);
    batch_done(&(*writer)->aside);
    queue_free(&(*writer)->in);
    pthread_cond_destroy(&(*writer)->visited);
    pthread_mutex_destroy(&(*writer)->lock);
    pthread_mutex_destroy(&(*writer)->visits);
    free(*writer);
    *writer = NULL;
}

/* All but the thread. */
static enum fault writer_new(const struct writer_setup *setup, struct writer **out, struct error *err)
{
    struct writer *writer = *out = calloc(1, sizeof *writer);
    if (writer == NULL)
        return error_set(err, FAULT_STOP, "memory", "out of memory");
    writer->setup = *setup;
    pthread_mutex_init(&writer->visits, NULL);
    pthread_mutex_init(&writer->lock, NULL);
    pthread_cond_init(&writer->visited, NULL);
    writer->in = queue_new(setup->config->in_flight_messages);
    enum fault fault = FAULT_NONE;
    if (writer->in == NULL || !batch_init(&writer->batch, setup->config->commit_max_docs) ||
        !batch_init(&writer->aside, ASIDE_MAX))
        fault = error_set(err, FAULT_STOP, "memory", "out of memory");
    writer->batch.slot = setup->slot;
    if (fault == FAULT_NONE)
        fault = shard_open(&writer->shard, setup->config->data_dir, setup->number, setup->shards, err);
    if (fault == FAULT_NONE) {
        writer->session = session_new(&writer->shard, setup->config->bulk_memory_bytes / setup->shards);
        writer->merger = merger_new(writer->in);
        if (writer->session == NULL || writer->merger == NULL)
            fault = error_set(err, FAULT_STOP, "memory", "out of memory");
    }
    if (fault == FAULT_NONE && setup->config->young_segments == 0)
        fault = writer->shard.row.count > 0 ? publication_run(&writer->shard, 0, 0, err) : FAULT_NONE;
    atomic_store(&writer->sequence, writer->shard.sequence);
    memcpy(writer->lineage, writer->shard.lineage, LINEAGE_BYTES);
    writer->outdated = !shard_is_current(&writer->shard);
    if (fault != FAULT_NONE)
        writer_free(out);
    return fault;
}

enum fault writer_start(const struct writer_setup *setup, struct writer **out, struct error *err)
{
    TRY(writer_new(setup, out, err));
    if (pthread_create(&(*out)->thread, NULL, run, *out) == 0)
        return FAULT_NONE;
    writer_free(out);
    return error_set(err, FAULT_STOP, "thread.start", "no thread for shard %u", setup->number);
}

struct queue *writer_queue(struct writer *writer)
{
    return writer->in;
}

void writer_settle(struct writer *writer)
{
    queue_nudge(writer->in);
}

void writer_hurry(struct writer *writer)
{
    atomic_store(&writer->hurry, true);
    queue_nudge(writer->in);
}

void writer_flush(struct writer *writer)
{
    atomic_store(&writer->flush, true);
    queue_nudge(writer->in);
}

void writer_join(struct writer **writer)
{
    if (writer == NULL || *writer == NULL)
        return;
    queue_close((*writer)->in);
    pthread_join((*writer)->thread, NULL);
    writer_free(writer);
}

bool writer_damaged(const struct writer *writer)
{
    return atomic_load(&writer->damage) == DAMAGE_WAITS;
}

void writer_mended(struct writer *writer)
{
    atomic_store(&writer->damage, DAMAGE_NONE);
    works(writer);
}

void writer_unmended(struct writer *writer)
{
    atomic_store(&writer->damage, DAMAGE_STAYS);
}

bool writer_outdated(const struct writer *writer)
{
    return writer->outdated;
}

enum fault writer_ready(struct writer *writer, uint32_t *wait_ms, struct error *why)
{
    int64_t left = atomic_load(&writer->resume_ms) - clock_steady_ms();
    if (left <= 0)
        return FAULT_NONE;
    pthread_mutex_lock(&writer->lock);
    *why = writer->why;
    pthread_mutex_unlock(&writer->lock);
    *wait_ms = (uint32_t)left;
    return FAULT_RETRY;
}

const unsigned char *writer_lineage(const struct writer *writer)
{
    return writer->lineage;
}

uint64_t writer_sequence(struct writer *writer)
{
    return atomic_load(&writer->sequence);
}
