/* commit: when a writer's batch becomes a commit, and what becomes of its jobs.
 *
 * A batch is committed when it is full (documents or bytes) or old; when it is among the fuller ones and feeders wait
 * for commits; or when nothing is being read that could still join it and nothing has come for commit_idle_ms. But
 * unless it is full or old, not sooner than commit_min_gap_ms after the last one, because readers meet
 * DatabaseModifiedError after two commits. */
#include "writing.h"

#include "clock.h"
#include "heap.h"
#include "log.h"
#include "metric.h"

static enum fault put_off(struct writer *writer, const struct error *why)
{
    enum { RETRY_AFTER_MS = 1000 };
    for (size_t i = 0; i < writer->batch.count; i++)
        job_answer(writer->batch.jobs[i], RECEIPT_RETRY, why, RETRY_AFTER_MS);
    return FAULT_RETRY;
}

/* Held, so that a backup copies what stands between two commits. */
static enum fault settle(struct writer *writer, struct error *err)
{
    int hold = -1;
    if (outage_waits(&writer->outage)) {
        *err = writer->outage.why; /* nobody else writes it */
        return put_off(writer, err);
    }
    if (directory_hold(writer->shard.open.path, &hold, err) != FAULT_NONE)
        return put_off(writer, err);
    enum fault fault = batch_commit(&writer->shard, &writer->batch, err);
    directory_release(&hold);
    outage_damage(&writer->outage, fault, err);
    return fault;
}

void commit_trial(struct writer *writer)
{
    struct error err;
    int hold = -1;
    enum fault fault = directory_hold(writer->shard.open.path, &hold, &err);
    if (fault == FAULT_NONE)
        fault = batch_trial(&writer->shard, &writer->batch, &err);
    directory_release(&hold);
    outage_damage(&writer->outage, fault, &err);
    metric_add(METRIC_COMMITS, writing_announce(writer));
    if (fault != FAULT_NONE)
        outage_begin(&writer->outage, &err);
    else
        outage_end(&writer->outage);
}

int commit_trial_ms(const struct writer *writer)
{
    if (writer->batch.count > 0 || session_is_open(writer->session))
        return -1;
    return outage_trial_ms(&writer->outage);
}

/* Is the batch worth a young segment, and the shard one that nobody makes anew just now? Whoever does follows one
 * database. */
static bool young_wanted(const struct writer *writer)
{
    const struct config *config = writer->setup.config;
    return config->young_segments > 0 && writer->batch.count >= config->young_documents &&
           !atomic_load(&writer->claim) && session_possible(writer->session, &writer->shard);
}

static void receipts_return(struct writer *writer)
{
    struct batch *batch = &writer->batch;
    for (size_t i = 0; i < batch->count; i++)
        writing_return(writer, batch->jobs[i]);
    batch->count = 0;
    batch->bytes = 0;
}

void commit_run(struct writer *writer)
{
    struct batch *batch = &writer->batch;
    if (batch->count == 0)
        return;
    struct error err;
    atomic_fetch_sub(&writer->setup.flow->waiting, batch->count);
    batch->young = young_wanted(writer) && merging_room(writer) ? writer->setup.config->young_documents : 0;
    int64_t begun = clock_steady_ms();
    uint64_t before = writer->shard.sequence;
    enum fault fault = settle(writer, &err);
    writer->committed_ms = clock_steady_ms();
    metric_add(METRIC_COMMITS, writing_announce(writer));
    log_event(LOG_DEBUG, "commit.done", "shard=%u sequence=%llu docs=%zu bytes=%zu young=%zu ms=%lld",
              writer->shard.number, (unsigned long long)writer->shard.sequence, batch->count, batch->bytes,
              writer->shard.row.count, (long long)(writer->committed_ms - begun));
    receipts_return(writer);
    if (batch->young > 0) /* what the builder took is free again, in this thread's heap */
        heap_trim();
    if (fault != FAULT_NONE)
        outage_begin(&writer->outage, &err);
    else if (writer->shard.sequence > before)
        outage_end(&writer->outage);
}

bool commit_is_full(const struct writer *writer)
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

int commit_wait_ms(const struct writer *writer)
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
