/* batch: INDEX and COMMIT. On the shard's writer thread. */
#include "batch.h"

#include "clock.h"
#include "log.h"
#include "schema.h"
#include "term.h"
#include "version.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { RETRY_AFTER_FAULT_MS = 1000 };

/* What the shard knows of a job's id. */
struct knowledge {
    struct version_state there;
    struct span tombstone; /* its key */
    bool stale;            /* it is set, although the document is there */
    bool young;            /* it stands in a young segment, */
    size_t home;           /* this one */
};

struct plan {
    struct knowledge known;
    bool fresh; /* it goes to the young segment that is made */
};

struct mark {
    uint64_t hash; /* of the id */
    size_t at;
};

bool batch_init(struct batch *batch, size_t capacity)
{
    *batch = (struct batch){.jobs = calloc(capacity, sizeof(struct job *)),
                            .plans = calloc(capacity, sizeof(struct plan)),
                            .marks = calloc(capacity, sizeof(struct mark)),
                            .capacity = capacity};
    return batch->jobs != NULL && batch->plans != NULL && batch->marks != NULL;
}

void batch_done(struct batch *batch)
{
    free(batch->jobs);
    free(batch->plans);
    free(batch->marks);
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

static void present_read(const struct span values[static 2], struct version_state *there)
{
    there->state = STATE_PRESENT;
    there->version = version_read(values[0]);
    if (values[1].size == sizeof there->digest)
        memcpy(there->digest, values[1].at, sizeof there->digest);
}

static enum fault state_read(struct shard *shard, struct job *job, struct knowledge *known, struct error *err)
{
    static const uint32_t slots[] = {SLOT_VERSION, SLOT_DIGEST};
    struct span unique = term_unique(job->arena, job->id, 0), values[2], deleted;
    bool found;
    *known = (struct knowledge){.there = {.state = STATE_ABSENT}};
    if (unique.at == NULL)
        return arena_full(err);
    TRY(tombstone_key(job, &known->tombstone, err));
    TRY(database_find(shard->open.database, 0, job->arena, unique, slots, 2, values, NULL, &found, err));
    if (!found) {
        TRY(young_find(shard, job->arena, unique, slots, 2, values, &known->home, err));
        known->young = found = known->home < shard->row.count;
    }
    if (found)
        present_read(values, &known->there);
    if (found && !known->young)
        return FAULT_NONE;
    TRY(database_meta(shard->open.database, 0, job->arena, known->tombstone, &deleted, err));
    known->stale = found && deleted.size > 0;
    if (!found && deleted.size > 0) {
        known->there.state = STATE_DELETED;
        known->there.version = strtoull(deleted.at, NULL, 10);
    }
    return FAULT_NONE;
}

/* ---------------------------------------------------------------- one attempt at a batch */

struct attempt {
    struct shard *shard;
    struct batch *batch;
    struct work_slot *slot;
    struct plan *plans; /* of each job */
    bool planned;       /* they are made, and a young segment is begun */
    bool closed_begun;
    bool stones;  /* something is deleted in a young segment */
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
 * is closed is deleted even where the open side is new (`home` is NULL). */
static enum fault old_delete(struct attempt *attempt, struct span group, struct database *home, struct error *err)
{
    struct shard *shard = attempt->shard;
    uint64_t closed = 0;
    if (shard->closed.database != NULL)
        TRY(database_term_freq(shard->closed.database, 0, group, &closed, err));
    if (closed > 0) {
        TRY(closed_begin(attempt, err));
        TRY(database_delete(shard->closed.database, group, err));
    }
    return home != NULL ? database_delete(home, group, err) : FAULT_NONE;
}

/* To `home`, or (NULL) to the young segment that is being made. */
static enum fault documents_add(struct attempt *attempt, const struct index_record *record, struct database *home,
                                struct error *err)
{
    for (size_t i = 0; i < record->document_count; i++) {
        const struct index_document *document = &record->documents[i];
        if (document->closed)
            TRY(closed_begin(attempt, err));
        struct database *to = document->closed ? attempt->shard->closed.database : home;
        TRY(to != NULL ? database_add(to, document, err) : young_add(attempt->shard, document, err));
    }
    return FAULT_NONE;
}

static enum fault tombstone_set(struct attempt *attempt, const struct job *job, struct span key, struct error *err)
{
    char value[64];
    int size = snprintf(value, sizeof value, "%" PRIu64 " %" PRId64, job->version, clock_calendar_ms());
    return database_meta_set(attempt->shard->open.database, key, (struct span){value, (size_t)size}, err);
}

static enum fault job_write(struct attempt *attempt, struct job *job, const struct knowledge *known, bool fresh,
                            struct error *err)
{
    struct span group = term_group(job->arena, job->id);
    struct database *base = attempt->shard->open.database, *home = base;
    bool present = known->there.state == STATE_PRESENT;
    if (group.at == NULL)
        return arena_full(err);
    attempt->changed = true;
    if (known->young)
        TRY(young_write(attempt->shard, known->home, &home, err));
    TRY(old_delete(attempt, group, present ? home : NULL, err));
    attempt->stones = attempt->stones || (known->young && job->kind == JOB_DELETE);
    if (job->kind == JOB_DELETE)
        return tombstone_set(attempt, job, known->tombstone, err);
    if (known->there.state == STATE_DELETED || known->stale)
        TRY(database_meta_set(base, known->tombstone, (struct span){0}, err));
    return documents_add(attempt, job->record, fresh ? NULL : home, err);
}

static enum fault job_apply(struct attempt *attempt, struct job *job, const struct knowledge *known, bool fresh,
                            struct error *err)
{
    bool apply;
    job->receipt.status = version_decide(&known->there, job->kind, job->version, job->digest, &apply);
    if (job->receipt.status == RECEIPT_REJECTED)
        error_set(&job->receipt.why, FAULT_REJECT, "version.conflict",
                  "version %" PRIu64 " is there with other content; give the new content a larger version",
                  job->version);
    return apply ? job_write(attempt, job, known, fresh, err) : FAULT_NONE;
}

static enum fault sequence_set(struct shard *shard, struct database *database, struct error *err)
{
    char value[24];
    int size = snprintf(value, sizeof value, "%" PRIu64, shard->sequence + 1);
    return database_meta_set(database, schema_key(KEY_SEQUENCE), (struct span){value, (size_t)size}, err);
}

/* The directory is synced because Xapian does not; only then is a commit durable. */
static enum fault part_commit(struct shard_part *part, struct error *err)
{
    TRY(database_commit(part->database, err));
    return directory_sync(part->generation, err);
}

/* Around whatever writes blocks, to its commit or its end: what was read at the last commit may be written over next.
 */
static void blocks_begin(struct batch *batch)
{
    enum { GATE_MOST_MS = 2000 /* a commit waits so long for searches, at most */ };
    if (batch->gate != NULL)
        gate_pass(batch->gate, batch->committed, GATE_MOST_MS);
}

static void blocks_end(struct batch *batch)
{
    if (batch->gate != NULL)
        batch->committed = gate_committed(batch->gate);
}

/* Tombstones before what they bury. */
static enum fault stones_commit(struct attempt *attempt, struct error *err)
{
    if (!attempt->stones)
        return FAULT_NONE;
    TRY(part_commit(&attempt->shard->open, err));
    blocks_end(attempt->batch);
    blocks_begin(attempt->batch);
    return database_begin(attempt->shard->open.database, err);
}

static enum fault attempt_commit(struct attempt *attempt, struct error *err)
{
    struct shard *shard = attempt->shard;
    if (!attempt->changed && !shard->row.unsure)
        return database_cancel(shard->open.database, err);
    if (attempt->planned)
        TRY(young_finish(shard, err));
    if (attempt->closed_begun) {
        TRY(sequence_set(shard, shard->closed.database, err));
        TRY(part_commit(&shard->closed, err));
    }
    TRY(stones_commit(attempt, err));
    TRY(sequence_set(shard, shard->open.database, err));
    TRY(young_commit(shard, err));
    if (attempt->planned)
        TRY(young_publish(shard, err));
    TRY(part_commit(&shard->open, err));
    shard->row.unsure = false;
    shard->sequence++;
    return FAULT_NONE;
}

/* ---- which documents are new */

/* What to do with each job, if `least` of them are new; no two have the same id, so that it stays true until it is
 * done. */
static enum fault plans_make(struct attempt *attempt, struct job **jobs, size_t count, size_t least, struct error *err)
{
    size_t fresh = 0;
    if (least == 0 || count < least || attempt->shard->row.count == YOUNG_MAX)
        return FAULT_NONE;
    for (size_t i = 0; i < count; i++) {
        struct plan *plan = &attempt->plans[i];
        work_begin(attempt->slot, &jobs[i]->work);
        enum fault fault = state_read(attempt->shard, jobs[i], &plan->known, err);
        work_end(attempt->slot);
        TRY(fault);
        plan->fresh = jobs[i]->kind == JOB_SUBMIT && plan->known.there.state == STATE_ABSENT;
        fresh += plan->fresh;
    }
    attempt->planned = fresh >= least;
    return attempt->planned ? young_begin(attempt->shard, err) : FAULT_NONE;
}

static const struct work *work_of(const void *jobs, size_t n)
{
    struct job *const *job = jobs;
    return &job[n]->work;
}

static enum fault planned_apply(struct attempt *attempt, struct job *job, struct error *err)
{
    struct plan *plan = &attempt->plans[attempt->at];
    if (attempt->planned)
        return job_apply(attempt, job, &plan->known, plan->fresh, err);
    TRY(state_read(attempt->shard, job, &plan->known, err));
    return job_apply(attempt, job, &plan->known, false, err);
}

static enum fault jobs_apply(struct attempt *attempt, struct job **jobs, size_t count, struct error *err)
{
    TRY(database_begin(attempt->shard->open.database, err));
    for (attempt->at = 0; attempt->at < count; attempt->at++) {
        work_begin(attempt->slot, &jobs[attempt->at]->work);
        enum fault fault = planned_apply(attempt, jobs[attempt->at], err);
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

static int mark_order(const void *left, const void *right)
{
    const struct mark *a = left, *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return (a->at > b->at) - (a->at < b->at);
}

/* How many of the jobs can be in one commit: all, or those before the second one with the same id. */
static size_t jobs_apart(const struct shard *shard, const struct batch *batch, struct job **jobs, size_t count)
{
    size_t first = count;
    if (batch->young == 0 && shard->row.count == 0)
        return count;
    for (size_t i = 0; i < count; i++)
        batch->marks[i] = (struct mark){XXH3_64bits(jobs[i]->id.at, jobs[i]->id.size), i};
    qsort(batch->marks, count, sizeof *batch->marks, mark_order);
    for (size_t i = 1; i < count; i++)
        if (batch->marks[i].hash == batch->marks[i - 1].hash && batch->marks[i].at < first)
            first = batch->marks[i].at;
    return first;
}

/* With a young segment, if so many documents are new. */
static enum fault attempt_begin(struct attempt *attempt, struct job **jobs, size_t count, size_t least,
                                struct error *err)
{
    TRY(plans_make(attempt, jobs, count, least, err));
    blocks_begin(attempt->batch);
    enum fault fault = attempt_run(attempt, jobs, count, err);
    if (fault != FAULT_NONE)
        young_doubt(attempt->shard);
    blocks_end(attempt->batch);
    return fault;
}

/* Apply jobs[0..count), whatever it takes. A fault of the surroundings (disk full, I/O) is tried once more on a fresh
 * handle, then it is the caller's, and the jobs have no receipt. */
static enum fault jobs_settle(struct shard *shard, struct batch *batch, struct job **jobs, size_t count, size_t least,
                              bool again, struct error *err)
{
    while (count > 0) {
        struct error why;
        struct attempt attempt = {.shard = shard, .batch = batch, .slot = batch->slot, .plans = batch->plans};
        enum fault fault = attempt_begin(&attempt, jobs, count, least, &why);
        bool young = attempt.planned;
        least = 0;
        if (fault == FAULT_NONE) {
            jobs_committed(shard, jobs, count);
            return FAULT_NONE;
        }
        log_event(LOG_DEBUG, "commit.failed", "shard=%u docs=%zu fault=%s rule=%s", shard->number, count,
                  fault_name(fault), why.rule);
        TRY(shard_reopen(shard, err));
        if (young)
            continue;
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
        TRY(jobs_settle(shard, batch, jobs, first, 0, again, err));
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
    for (size_t at = 0, count; fault == FAULT_NONE && at < batch->count; at += count) {
        count = jobs_apart(shard, batch, &batch->jobs[at], batch->count - at);
        fault = jobs_settle(shard, batch, &batch->jobs[at], count, batch->young, false, err);
    }
    for (size_t i = 0; fault != FAULT_NONE && i < batch->count; i++)
        if (!batch->jobs[i]->receipt.settled)
            job_answer(batch->jobs[i], RECEIPT_RETRY, err, RETRY_AFTER_FAULT_MS);
    return fault;
}

enum fault batch_trial(struct shard *shard, struct batch *batch, struct error *err)
{
    struct attempt attempt = {.shard = shard, .batch = batch, .changed = true};
    enum fault fault = shard->open.database ? FAULT_NONE : shard_reopen(shard, err);
    blocks_begin(batch);
    if (fault == FAULT_NONE)
        fault = database_begin(shard->open.database, err);
    if (fault == FAULT_NONE)
        fault = attempt_commit(&attempt, err);
    blocks_end(batch);
    if (fault != FAULT_NONE)
        shard_close(shard);
    return fault;
}
