/* keeper: jobs in, one transaction, jobs on. Thread "keeper" owns the store; the roll belongs to the intake's thread.
 */
#include "keeper.h"

#include "answer.h"
#include "clock.h"
#include "condition.h"
#include "letter.h"
#include "log.h"
#include "metric.h"
#include "roll.h"
#include "store.h"
#include "thread.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    BATCH_JOBS = 256,
    RETRY_MS = 1000, /* a full disk is not emptied sooner */
    TRIAL_MS = 4000
};

struct keeper {
    const struct config *config;
    struct queue *in, *done;
    struct store *store; /* NULL: to be opened anew */
    struct roll roll;
    uint64_t evicted; /* as counted in the metric, of this store handle */
    bool failing;     /* until it works again */
    bool bounded;     /* said in the log, once */
    struct job *jobs[BATCH_JOBS];
    size_t count;
    pthread_t thread;
};

/* ---------------------------------------------------------------- one transaction */

static bool is_rejected(const struct job *job)
{
    return job->kind != JOB_DEAD && job->receipt.status == RECEIPT_REJECTED;
}

static enum fault letter_keep(struct keeper *keeper, const struct job *job, struct error *err)
{
    struct letter letter;
    char *memory;
    TRY(letter_of(job, clock_calendar_ms(), &letter, &memory, err));
    enum fault fault = store_add(keeper->store, &letter, err);
    free(memory);
    return fault;
}

/* A drop that asks for too much is refused by itself; the others of its transaction are not harmed. */
static enum fault drop(struct keeper *keeper, struct job *job, struct error *err)
{
    enum fault fault = dead_drop(keeper->store, job, err);
    if (fault != FAULT_REJECT)
        return fault;
    (void)dead_failure(job, fault, err);
    return FAULT_NONE;
}

static enum fault change(struct keeper *keeper, struct job *job, struct error *err)
{
    if (job->kind == JOB_DEAD)
        return dead_is_drop(job) ? drop(keeper, job, err) : FAULT_NONE;
    if (is_rejected(job))
        return letter_keep(keeper, job, err);
    bool equal = job->receipt.status != RECEIPT_UNCHANGED; /* else a letter of this version has other content */
    return store_settle(keeper->store, job->id, job->version, equal, err);
}

static enum fault store_ready(struct keeper *keeper, struct error *err)
{
    if (keeper->store != NULL)
        return FAULT_NONE;
    struct store_bounds bounds = {keeper->config->dead_max_bytes, keeper->config->dead_max_count};
    keeper->evicted = 0;
    return store_open(keeper->config->data_dir, bounds, &keeper->store, err);
}

/* Questions alone need no transaction, and so work while the store cannot be written. */
static bool batch_changes(const struct keeper *keeper)
{
    bool changes = false;
    for (size_t i = 0; i < keeper->count; i++)
        changes = changes || keeper->jobs[i]->kind != JOB_DEAD || dead_is_drop(keeper->jobs[i]);
    return changes;
}

static enum fault batch_change(struct keeper *keeper, struct error *err)
{
    TRY(store_ready(keeper, err));
    if (!batch_changes(keeper))
        return FAULT_NONE;
    TRY(store_begin(keeper->store, err));
    for (size_t i = 0; i < keeper->count; i++)
        TRY(change(keeper, keeper->jobs[i], err));
    return store_commit(keeper->store, err);
}

/* ---------------------------------------------------------------- what follows from it */

/* Nothing of the transaction is there. A handle after an I/O error is not to be trusted: the next batch opens anew. */
static void store_fail(struct keeper *keeper, const struct error *why)
{
    condition_begin("dead.failing", 0, why);
    keeper->failing = true;
    if (keeper->store != NULL)
        store_undo(keeper->store);
    store_close(&keeper->store);
}

static void store_works(struct keeper *keeper)
{
    if (!keeper->failing)
        return;
    condition_end("dead.failing", 0);
    keeper->failing = false;
}

/* Where nothing is rejected, the keeper finds out by itself whether the store can be written again. */
static void store_try(struct keeper *keeper)
{
    struct error err;
    enum fault fault = store_ready(keeper, &err);
    if (fault == FAULT_NONE)
        fault = store_trial(keeper->store, &err);
    if (fault == FAULT_NONE)
        store_works(keeper);
    else
        store_fail(keeper, &err);
}

static void batch_refuse(struct keeper *keeper, const struct error *why)
{
    store_fail(keeper, why);
    for (size_t i = 0; i < keeper->count; i++) {
        struct job *job = keeper->jobs[i];
        if (job->kind == JOB_DEAD)
            (void)dead_failure(job, FAULT_RETRY, why);
        else if (is_rejected(job))
            job_answer(job, RECEIPT_RETRY, why, RETRY_MS);
    }
}

static void question_answer(struct keeper *keeper, struct job *job)
{
    struct error err;
    enum fault fault = dead_answer(keeper->store, job, &err);
    if (fault != FAULT_NONE)
        (void)dead_failure(job, fault, &err);
}

static void batch_done(struct keeper *keeper)
{
    if (batch_changes(keeper))
        store_works(keeper);
    uint64_t evicted = store_evicted(keeper->store);
    metric_set(METRIC_DEAD, store_waiting(keeper->store));
    metric_add(METRIC_DEAD_EVICTED, evicted - keeper->evicted);
    if (evicted > 0 && !keeper->bounded) {
        log_event(LOG_WARN, "dead.bound",
                  "waiting=%llu hint=\"the oldest dead letters go; see referent dead list, or "
                  "raise dead_max_count and dead_max_bytes\"",
                  (unsigned long long)store_waiting(keeper->store));
        keeper->bounded = true;
    }
    keeper->evicted = evicted;
    for (size_t i = 0; i < keeper->count; i++)
        if (keeper->jobs[i]->kind == JOB_DEAD && keeper->jobs[i]->answer == NULL)
            question_answer(keeper, keeper->jobs[i]);
}

static void batch_work(struct keeper *keeper)
{
    struct error err;
    if (batch_change(keeper, &err) == FAULT_NONE)
        batch_done(keeper);
    else
        batch_refuse(keeper, &err);
    for (size_t i = 0; i < keeper->count; i++)
        if (!queue_push(keeper->done, keeper->jobs[i])) /* it holds all that may be in flight */
            abort();
    keeper->count = 0;
}

static void *run(void *opaque)
{
    struct keeper *keeper = opaque;
    thread_begin("keeper", THREAD_PROMPT);
    while (!queue_ended(keeper->in)) {
        struct job *job = queue_pop(keeper->in, keeper->failing ? TRIAL_MS : -1);
        for (; job != NULL; job = keeper->count < BATCH_JOBS ? queue_pop(keeper->in, 0) : NULL)
            keeper->jobs[keeper->count++] = job;
        if (keeper->count > 0)
            batch_work(keeper);
        else if (keeper->failing)
            store_try(keeper);
    }
    return NULL;
}

/* ---------------------------------------------------------------- the intake's side */

bool keeper_wants(struct keeper *keeper, const struct job *job)
{
    if (job->kept || job->kind == JOB_INVENTORY)
        return false;
    switch (job->receipt.status) {
    case RECEIPT_REJECTED: roll_add(&keeper->roll, job->id); return true;
    case RECEIPT_COMMITTED:
    case RECEIPT_UNCHANGED:
    case RECEIPT_SUPERSEDED: return roll_may_have(&keeper->roll, job->id);
    default: return job->kind == JOB_DEAD;
    }
}

bool keeper_take(struct keeper *keeper, struct job *job)
{
    if (!keeper_wants(keeper, job))
        return false;
    job->kept = true;
    if (!queue_push(keeper->in, job)) /* it holds all that may be in flight */
        abort();
    return true;
}

/* ---------------------------------------------------------------- start and stop */

static void id_note(void *self, struct span id)
{
    roll_add(self, id);
}

/* At the start a file that must not be used is an error; what may pass is left to the jobs. */
static enum fault store_start(struct keeper *keeper, struct error *err)
{
    enum fault fault = store_ready(keeper, err);
    if (fault == FAULT_NONE)
        fault = store_ids(keeper->store, id_note, &keeper->roll, err);
    if (fault == FAULT_NONE)
        metric_set(METRIC_DEAD, store_waiting(keeper->store));
    if (fault != FAULT_RETRY)
        return fault;
    condition_begin("dead.failing", 0, err);
    keeper->failing = true;
    memset(&keeper->roll, 0xFF, sizeof keeper->roll); /* its ids are not known: every document has to ask */
    return FAULT_NONE;
}

static void keeper_free(struct keeper **keeper)
{
    store_close(&(*keeper)->store);
    queue_free(&(*keeper)->in);
    free(*keeper);
    *keeper = NULL;
}

enum fault keeper_start(const struct config *config, struct queue *done, struct keeper **out, struct error *err)
{
    struct keeper *keeper = calloc(1, sizeof *keeper);
    *out = NULL;
    if (keeper == NULL)
        return error_set(err, FAULT_STOP, "memory", "out of memory");
    keeper->config = config;
    keeper->done = done;
    keeper->in = queue_new(config->in_flight_messages + 1);
    enum fault fault = keeper->in ? store_start(keeper, err) : error_set(err, FAULT_STOP, "memory", "out of memory");
    if (fault == FAULT_NONE && pthread_create(&keeper->thread, NULL, run, keeper) != 0)
        fault = error_set(err, FAULT_STOP, "thread.start", "no thread for dead letters");
    if (fault != FAULT_NONE)
        keeper_free(&keeper);
    *out = keeper;
    return fault;
}

void keeper_stop(struct keeper **keeper)
{
    if (keeper == NULL || *keeper == NULL)
        return;
    queue_close((*keeper)->in);
    pthread_join((*keeper)->thread, NULL);
    keeper_free(keeper);
}
