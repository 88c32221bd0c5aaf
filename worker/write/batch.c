/* batch: INDEX and COMMIT. On the shard's writer thread. */
#include "batch.h"

#include "clock.h"
#include "log.h"
#include "schema.h"
#include "term.h"
#include "version.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { RETRY_AFTER_FAULT_MS = 1000 };

bool batch_init(struct batch *batch, size_t capacity)
{
    *batch = (struct batch){.jobs = calloc(capacity, sizeof(struct job *)), .capacity = capacity};
    return batch->jobs != NULL;
}

void batch_done(struct batch *batch)
{
    free(batch->jobs);
    *batch = (struct batch){0};
}

void batch_add(struct batch *batch, struct job *job)
{
    batch->jobs[batch->count++] = job;
    batch->bytes += job->record ? job->record->bytes : 0;
}

bool batch_has(const struct batch *batch, struct span id)
{
    for (size_t i = 0; i < batch->count; i++)
        if (span_equal(batch->jobs[i]->id, id))
            return true;
    return false;
}

/* ---------------------------------------------------------------- what is there */

static enum fault tombstone_key(struct job *job, struct span *key, struct error *err)
{
    struct span prefix = schema_key(KEY_DELETED);
    struct text whole = arena_format(job->arena, "%s%.*s", prefix.at, (int)job->id.size, job->id.at);
    *key = (struct span){whole.at, whole.size};
    return whole.at ? FAULT_NONE : arena_full(err);
}

static enum fault state_read(struct shard *shard, struct job *job, struct span tombstone, struct version_state *there,
                             struct error *err)
{
    static const uint32_t slots[] = {SLOT_VERSION, SLOT_DIGEST};
    struct span unique = term_unique(job->arena, job->id, 0), values[2], deleted;
    bool found;
    if (unique.at == NULL)
        return arena_full(err);
    *there = (struct version_state){.state = STATE_ABSENT};
    TRY(database_find(shard->open.database, 0, job->arena, unique, slots, 2, values, NULL, &found, err));
    if (found) {
        there->state = STATE_PRESENT;
        there->version = version_read(values[0]);
        if (values[1].size == sizeof there->digest)
            memcpy(there->digest, values[1].at, sizeof there->digest);
        return FAULT_NONE;
    }
    TRY(database_meta(shard->open.database, 0, job->arena, tombstone, &deleted, err));
    if (deleted.size > 0) {
        there->state = STATE_DELETED;
        there->version = strtoull(deleted.at, NULL, 10);
    }
    return FAULT_NONE;
}

/* ---------------------------------------------------------------- one attempt at a batch */

struct attempt {
    struct shard *shard;
    struct work_slot *slot;
    bool closed_begun;
    bool changed; /* something is to be committed */
    size_t at;    /* the job that is being applied */
};

static enum fault closed_begin(struct attempt *attempt, struct error *err)
{
    if (attempt->closed_begun)
        return FAULT_NONE;
    TRY(shard_open_closed(attempt->shard, err));
    TRY(database_begin(attempt->shard->closed.database, err));
    attempt->closed_begun = true;
    return FAULT_NONE;
}

/* A crash between the closed commit and the open one may have left closed items of an unacknowledged version, so what
 * is closed is deleted even where the open side is new. */
static enum fault old_delete(struct attempt *attempt, struct span group, bool present, struct error *err)
{
    struct shard *shard = attempt->shard;
    uint64_t closed = 0;
    if (shard->closed.database != NULL)
        TRY(database_term_freq(shard->closed.database, 0, group, &closed, err));
    if (closed > 0) {
        TRY(closed_begin(attempt, err));
        TRY(database_delete(shard->closed.database, group, err));
    }
    return present ? database_delete(shard->open.database, group, err) : FAULT_NONE;
}

static enum fault documents_add(struct attempt *attempt, const struct index_record *record, struct error *err)
{
    for (size_t i = 0; i < record->document_count; i++) {
        const struct index_document *document = &record->documents[i];
        if (document->closed)
            TRY(closed_begin(attempt, err));
        TRY(database_add(document->closed ? attempt->shard->closed.database : attempt->shard->open.database, document,
                         err));
    }
    return FAULT_NONE;
}

static enum fault tombstone_set(struct attempt *attempt, const struct job *job, struct span key, struct error *err)
{
    char value[64];
    int size = snprintf(value, sizeof value, "%" PRIu64 " %" PRId64, job->version, clock_calendar_ms());
    return database_meta_set(attempt->shard->open.database, key, (struct span){value, (size_t)size}, err);
}

static enum fault job_write(struct attempt *attempt, struct job *job, const struct version_state *there,
                            struct span tombstone, struct error *err)
{
    struct span group = term_group(job->arena, job->id);
    if (group.at == NULL)
        return arena_full(err);
    attempt->changed = true;
    TRY(old_delete(attempt, group, there->state == STATE_PRESENT, err));
    if (job->kind == JOB_DELETE)
        return tombstone_set(attempt, job, tombstone, err);
    if (there->state == STATE_DELETED)
        TRY(database_meta_set(attempt->shard->open.database, tombstone, (struct span){0}, err));
    return documents_add(attempt, job->record, err);
}

static enum fault job_apply(struct attempt *attempt, struct job *job, struct error *err)
{
    struct version_state there;
    struct span tombstone;
    bool apply;
    TRY(tombstone_key(job, &tombstone, err));
    TRY(state_read(attempt->shard, job, tombstone, &there, err));
    job->receipt.status = version_decide(&there, job->kind, job->version, job->digest, &apply);
    if (job->receipt.status == RECEIPT_REJECTED)
        error_set(&job->receipt.why, FAULT_REJECT, "version.conflict",
                  "version %" PRIu64 " is there with other content; give the new content a larger version",
                  job->version);
    return apply ? job_write(attempt, job, &there, tombstone, err) : FAULT_NONE;
}

static enum fault sequence_set(struct shard *shard, struct error *err)
{
    char value[24];
    int size = snprintf(value, sizeof value, "%" PRIu64, shard->sequence + 1);
    return database_meta_set(shard->open.database, schema_key(KEY_SEQUENCE), (struct span){value, (size_t)size}, err);
}

/* The directory is synced because Xapian does not; only then is a commit durable. */
static enum fault part_commit(struct shard_part *part, struct error *err)
{
    TRY(database_commit(part->database, err));
    return directory_sync(part->generation, err);
}

static enum fault attempt_commit(struct attempt *attempt, struct error *err)
{
    struct shard *shard = attempt->shard;
    if (!attempt->changed)
        return database_cancel(shard->open.database, err);
    TRY(sequence_set(shard, err));
    if (attempt->closed_begun) {
        char value[24];
        int size = snprintf(value, sizeof value, "%" PRIu64, shard->sequence + 1);
        TRY(database_meta_set(shard->closed.database, schema_key(KEY_SEQUENCE), (struct span){value, (size_t)size},
                              err));
        TRY(part_commit(&shard->closed, err));
    }
    TRY(part_commit(&shard->open, err));
    shard->sequence++;
    return FAULT_NONE;
}

static const struct work *work_of(const void *jobs, size_t n)
{
    struct job *const *job = jobs;
    return &job[n]->work;
}

static enum fault jobs_apply(struct attempt *attempt, struct job **jobs, size_t count, struct error *err)
{
    TRY(database_begin(attempt->shard->open.database, err));
    for (attempt->at = 0; attempt->at < count; attempt->at++) {
        work_begin(attempt->slot, &jobs[attempt->at]->work);
        enum fault fault = job_apply(attempt, jobs[attempt->at], err);
        work_end(attempt->slot);
        TRY(fault);
    }
    return FAULT_NONE;
}

static enum fault attempt_run(struct attempt *attempt, struct job **jobs, size_t count, struct error *err)
{
    TRY(jobs_apply(attempt, jobs, count, err));
    work_begin_many(attempt->slot, count, work_of, jobs);
    enum fault fault = attempt_commit(attempt, err);
    work_end(attempt->slot);
    return fault;
}

/* ---------------------------------------------------------------- until every job has its receipt */

static void jobs_committed(const struct shard *shard, struct job **jobs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        jobs[i]->receipt.settled = true;
        jobs[i]->receipt.sequence = shard->sequence;
        memcpy(jobs[i]->receipt.lineage, shard->lineage, LINEAGE_BYTES);
    }
}

static void jobs_answer(struct job **jobs, size_t count, enum receipt_status status, const struct error *why)
{
    for (size_t i = 0; i < count; i++)
        job_answer(jobs[i], status, why, status == RECEIPT_RETRY ? RETRY_AFTER_FAULT_MS : 0);
}

/* Apply jobs[0..count), whatever it takes. A fault of the surroundings (disk full, I/O) is tried once more on a fresh
 * handle, then it is the caller's, and the jobs have no receipt. */
static enum fault jobs_settle(struct shard *shard, struct work_slot *slot, struct job **jobs, size_t count, bool again,
                              struct error *err)
{
    while (count > 0) {
        struct error why;
        struct attempt attempt = {.shard = shard, .slot = slot};
        enum fault fault = attempt_run(&attempt, jobs, count, &why);
        if (fault == FAULT_NONE) {
            jobs_committed(shard, jobs, count);
            return FAULT_NONE;
        }
        log_event(LOG_DEBUG, "commit.failed", "shard=%u docs=%zu fault=%s rule=%s", shard->number, count,
                  fault_name(fault), why.rule);
        TRY(shard_reopen(shard, err));
        if (fault != FAULT_REJECT) {
            *err = why;
            if (again)
                return fault;
            again = true;
            continue;
        }
        if (count == 1) {
            jobs_answer(jobs, 1, RECEIPT_REJECTED, &why);
            return FAULT_NONE;
        }
        /* The poison is known if nothing else was applied. Otherwise it is what was being applied, or something before
         * it that Xapian wrote only now; and at the commit it can be any: halve. */
        bool known = attempt.at == 0;
        size_t first = attempt.at < count ? attempt.at : count / 2;
        if (known)
            jobs_answer(jobs, 1, RECEIPT_REJECTED, &why);
        TRY(jobs_settle(shard, slot, jobs, first, again, err));
        jobs += first + known;
        count -= first + known;
    }
    return FAULT_NONE;
}

enum fault batch_commit(struct shard *shard, struct batch *batch, struct error *err)
{
    for (size_t i = 0; i < batch->count; i++)
        batch->jobs[i]->receipt.shard = shard->number;
    enum fault fault = shard->open.database ? FAULT_NONE : shard_reopen(shard, err);
    if (fault == FAULT_NONE)
        fault = jobs_settle(shard, batch->slot, batch->jobs, batch->count, false, err);
    for (size_t i = 0; fault != FAULT_NONE && i < batch->count; i++)
        if (!batch->jobs[i]->receipt.settled)
            job_answer(batch->jobs[i], RECEIPT_RETRY, err, RETRY_AFTER_FAULT_MS);
    return fault;
}
