/* loading: a writer's part in a bulk load. What a feeder loads in bulk goes to a session (session.h), which is
 * published when its feeder says so (Flush), when nothing has been added for bulk_idle_ms, when it is full, or when too
 * many wait for its end. Batches go on meanwhile, with ids that the session does not hold. */
#include "writing.h"

#include "clock.h"
#include "log.h"
#include "metric.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PUSH_AGAIN_MS = 10, PUSH_TIMES = 1000, TOGETHER_MS = 20 };

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

/* One by one they would cost five changes of threads each. */
static void held_leave(struct writer *writer)
{
    if (writer->held_count > 0 && !queue_push_all(writer->setup.out, writer->held, writer->held_count))
        abort(); /* the queue holds all that may be in flight */
    writer->held_count = 0;
}

/* The session is over, with all its receipts. */
static void session_over(struct writer *writer, struct held *held, enum fault fault, const struct error *err)
{
    held_leave(writer); /* HELD comes before the final receipt */
    if (fault != FAULT_NONE)
        log_error(LOG_ERROR, "bulk.failed", err);
    writer_unclaim(writer);
    held_return(writer, held);
    if (fault == FAULT_STOP)
        outage_begin(&writer->outage, err);
    else if (fault == FAULT_NONE)
        outage_end(&writer->outage);
}

/* Nobody else may make a generation of the shard while a session is open. */
static bool session_start(struct writer *writer)
{
    return session_possible(writer->session, &writer->shard) && writer_claim(writer);
}

enum place loading_offer(struct writer *writer, struct job *job)
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

void loading_hold(struct writer *writer, struct job *job)
{
    job->receipt = (struct receipt){.status = RECEIPT_HELD, .shard = writer->shard.number};
    writer->loaded_ms = clock_steady_ms();
    writer->held[writer->held_count++] = job;
    if (writer->held_count == TOGETHER)
        held_leave(writer);
}

void loading_pause(struct writer *writer, int timeout_ms)
{
    held_leave(writer);
    if (session_is_open(writer->session) && writer->batch.count == 0 && timeout_ms != 0)
        queue_gather(writer->in, TOGETHER, timeout_ms > 0 && timeout_ms < TOGETHER_MS ? timeout_ms : TOGETHER_MS);
}

void loading_aside(struct writer *writer)
{
    struct job *jobs[ASIDE_MAX];
    size_t count = writer->aside.count;
    if (count > 0)
        memcpy(jobs, writer->aside.jobs, count * sizeof *jobs);
    writer->aside.count = writer->aside.bytes = 0;
    for (size_t i = 0; i < count; i++) {
        writing_take(writer, jobs[i]);
        if (commit_is_full(writer))
            commit_run(writer);
    }
}

void loading_publish(struct writer *writer)
{
    struct error err;
    struct held *held;
    commit_run(writer);
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
    metric_add(METRIC_PUBLICATIONS, writing_announce(writer));
    log_event(LOG_INFO, "bulk.done", "shard=%u sequence=%llu docs=%zu ms=%lld", shard->number,
              (unsigned long long)shard->sequence, held->count, (long long)(writer->committed_ms - begun));
    session_over(writer, held, fault, &err);
    loading_aside(writer);
}

int loading_wait_ms(struct writer *writer)
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

bool loading_must_end(const struct writer *writer)
{
    return session_is_full(writer->session) || writer->aside.count == ASIDE_MAX;
}
