/* writer: the thread of a shard. It takes jobs from its queue and sees, after each one and when none is there, what is
 * due: a commit (commit.c), the publication of a bulk load (loading.c), a merge (merging.c), a visit (visit.h). */
#include "writing.h"

#include "clock.h"
#include "inventory.h"
#include "publication.h"
#include "thread.h"

#include <stdlib.h>
#include <string.h>

void writing_return(struct writer *writer, struct job *job)
{
    bool room = queue_push(writer->setup.out, job);
    if (!room) /* the queue holds all that may be in flight */
        abort();
}

uint64_t writing_announce(struct writer *writer)
{
    return writer->shard.sequence - atomic_exchange(&writer->sequence, writer->shard.sequence);
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
    writing_return(writer, job);
}

void writing_take(struct writer *writer, struct job *job)
{
    if (job->kind == JOB_INVENTORY) {
        inventory(writer, job);
        return;
    }
    enum place place = loading_offer(writer, job);
    if (place == PLACE_HELD) {
        loading_hold(writer, job);
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

/* Let a visitor in, if one waits, once the batch is committed. */
static void visit_receive(struct writer *writer)
{
    const struct visit *visit = visit_next(&writer->visits);
    if (visit == NULL)
        return;
    loading_publish(writer);
    int hold = -1;
    enum fault fault = directory_hold(writer->shard.open.path, &hold, visit->err);
    if (fault == FAULT_NONE && writer->shard.open.database == NULL)
        fault = shard_reopen(&writer->shard, visit->err);
    if (fault == FAULT_NONE) {
        fault = visit->run(visit->self, &writer->shard, visit->err);
        database_close(&writer->reader); /* its generation may be another one */
        (void)writing_announce(writer);
    }
    directory_release(&hold);
    visit_end(&writer->visits, fault);
}

/* The sooner of two waits; -1: never. */
static int sooner(int a, int b)
{
    return a < 0 || (b >= 0 && b < a) ? b : a;
}

/* How long the queue may stay empty before something is due; -1: for ever. */
static int wait_ms(struct writer *writer)
{
    int work_ms = sooner(sooner(commit_wait_ms(writer), loading_wait_ms(writer)), merging_wait_ms(writer));
    return sooner(work_ms, commit_trial_ms(writer));
}

/* What is due after a job, or (NULL) with an empty queue. */
static void settle(struct writer *writer, const struct job *job)
{
    bool idle = job == NULL;
    if (loading_must_end(writer) || (idle && loading_wait_ms(writer) == 0))
        loading_publish(writer);
    else if (commit_wait_ms(writer) == 0 || (!idle && commit_is_full(writer)))
        commit_run(writer);
    else if (idle && commit_trial_ms(writer) == 0)
        commit_trial(writer);
    while (writer->aside.count > 0 && !session_is_open(writer->session)) /* it has failed: nobody else will */
        loading_aside(writer);
}

static void turn(struct writer *writer, int timeout_ms)
{
    if (queue_is_empty(writer->in))
        loading_pause(writer, timeout_ms);
    struct job *job = queue_pop(writer->in, timeout_ms);
    if (job != NULL)
        writing_take(writer, job);
    settle(writer, job);
    merging_settle(writer);
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
    loading_pause(writer, 0);
    loading_publish(writer);
    commit_run(writer); /* what was set aside */
    visits_close(&writer->visits);
    work_leave(writer->setup.slot);
    return NULL;
}

enum fault writer_visit(struct writer *writer, enum fault (*visit)(void *self, struct shard *shard, struct error *err),
                        void *self, struct error *err)
{
    return visit_ask(&writer->visits, writer->in, visit, self, err);
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
    visits_done(&(*writer)->visits);
    outage_done(&(*writer)->outage);
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
    visits_init(&writer->visits, setup->number);
    outage_init(&writer->outage, setup->number, setup->config->rebuild_threads > 0);
    writer->in = queue_new(setup->config->in_flight_messages);
    enum fault fault = FAULT_NONE;
    if (writer->in == NULL || !batch_init(&writer->batch, setup->config->commit_max_docs) ||
        !batch_init(&writer->aside, ASIDE_MAX))
        fault = error_set(err, FAULT_STOP, "memory", "out of memory");
    writer->batch.slot = setup->slot;
    writer->batch.gate = setup->gate;
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
    return outage_waits(&writer->outage);
}

void writer_mended(struct writer *writer)
{
    outage_mended(&writer->outage);
}

void writer_unmended(struct writer *writer)
{
    outage_unmended(&writer->outage);
}

bool writer_outdated(const struct writer *writer)
{
    return writer->outdated;
}

enum fault writer_ready(struct writer *writer, uint32_t *wait_ms, struct error *why)
{
    return outage_ready(&writer->outage, wait_ms, why);
}

const unsigned char *writer_lineage(const struct writer *writer)
{
    return writer->lineage;
}

uint64_t writer_sequence(struct writer *writer)
{
    return atomic_load(&writer->sequence);
}
