/* reader: body -> minutes -> record, on a text thread. Messages of one document id are in the hands of one reader at a
 * time (shelf.h), so they keep their order.
 *
 * What waits is read side by side (minutes.h), and goes on in the order in which it came. Nobody waits for company. */
#include "reader.h"

#include "clock.h"
#include "envelope.pb-c.h"
#include "given.h"
#include "media.h"
#include "metric.h"
#include "stemmer.h"
#include "structured.h"
#include "term.h"
#include "thread.h"
#include "utf8.h"

#include <pthread.h>
#include <stdlib.h>

struct reader {
    struct reader_setup setup;
    struct term_builder *builder;
    struct arena_pool *arenas; /* of the documents at hand, while they are read */
    struct arena *scratch;     /* of the record at hand */
    struct job *jobs[MINUTES_TOGETHER];
    struct minutes_document documents[MINUTES_TOGETHER]; /* of these jobs */
    struct meeting given[MINUTES_TOGETHER];              /* what those say for sure that came in parts */
    pthread_t thread;
};

/* Of the documents' memory that is kept for the next: enough for a full group of common ones. */
enum { ARENAS_KEPT_BYTES = MINUTES_TOGETHER * 96 * 1024 };

static enum fault source_fill(struct arena *arena, const struct job *job, const Referent__V1__Document *document,
                              struct source *source, struct error *err)
{
    struct pair *pairs = arena_zero(arena, document->n_metadata + 1, sizeof *pairs);
    if (pairs == NULL)
        return arena_full(err);
    for (size_t i = 0; i < document->n_metadata; i++)
        pairs[i] = (struct pair){span_of(document->metadata[i]->key), span_of(document->metadata[i]->value)};
    *source = (struct source){
        .id = job->id,
        .version = job->version,
        .source = span_of(document->source),
        .url = span_of(document->url),
        .media_type = span_of(document->media_type),
        .metadata = pairs,
        .metadata_count = document->n_metadata,
    };
    memcpy(source->digest, job->digest, sizeof source->digest);
    return FAULT_NONE;
}

static enum fault body_check(struct span body, struct error *err)
{
    size_t bad, blank = 0;
    if (!utf8_valid(body, &bad))
        return error_set(err, FAULT_REJECT, "body.utf8", "byte %zu of the body is not UTF-8; convert it first", bad);
    while (blank < body.size && (unsigned char)body.at[blank] <= ' ')
        blank++;
    if (blank == body.size)
        return error_set(err, FAULT_REJECT, "body.empty", "the document has no text");
    return FAULT_NONE;
}

static enum fault body_take(const Referent__V1__Document *from, struct minutes_document *document,
                            struct meeting *given)
{
    if (from->content_case == REFERENT__V1__DOCUMENT__CONTENT_MEETING) {
        document->media = MEDIA_MARKDOWN;
        return structured_write(document->arena, from->meeting, &document->body, given, &document->err);
    }
    document->media = media_type_of(span_of(from->media_type));
    document->body = (struct span){(const char *)from->body.data, from->body.len};
    return body_check(document->body, &document->err);
}

static void document_take(struct reader *reader, size_t n)
{
    struct job *job = reader->jobs[n];
    struct minutes_document *document = &reader->documents[n];
    *document = (struct minutes_document){
        .arena = arena_pool_take(reader->arenas, reader->setup.config->arena_max_bytes), .owner = job};
    reader->given[n] = (struct meeting){.given = 0};
    if (document->arena == NULL) {
        document->fault = error_set(&document->err, FAULT_RETRY, "memory", "out of memory");
        return;
    }
    const Referent__V1__Submit *submit = job->message;
    arena_heed(document->arena, work_stop(reader->setup.slot));
    document->fault = body_take(submit->document, document, &reader->given[n]);
}

/* What the minutes are made of lives in the document's arena, what else the record needs in `scratch`; the record alone
 * is the job's. */
static enum fault record_make(struct reader *reader, size_t n)
{
    struct job *job = reader->jobs[n];
    struct minutes_document *document = &reader->documents[n];
    const Referent__V1__Submit *submit = job->message;
    struct source source;
    TRY(source_fill(document->arena, job, submit->document, &source, &document->err));
    if (reader->given[n].given & GIVEN_PARTS)
        TRY(given_hold(document->arena, &reader->given[n], &document->minutes, &document->err));
    job->record = arena_zero(job->arena, 1, sizeof *job->record);
    if (job->record == NULL)
        return arena_full(&document->err);
    TRY(term_build(reader->builder, reader->scratch, job->arena, &source, &document->minutes, job->record,
                   &document->err));
    job->receipt.cpr_masked = (uint32_t)document->minutes.cpr_count;
    return FAULT_NONE;
}

/* A document that was stopped because it took too long looks as if its arena were full. */
static enum fault late(const struct reader *reader, bool meant, struct error *err)
{
    return error_set(err, meant ? FAULT_REJECT : FAULT_RETRY, "document.time",
                     "the document takes more than %llu ms of a processor to read (document_max_ms)",
                     (unsigned long long)reader->setup.config->document_max_ms);
}

static void record_build(struct reader *reader, size_t n)
{
    struct minutes_document *document = &reader->documents[n];
    struct work_slot *slot = reader->setup.slot;
    bool meant;
    if (document->fault != FAULT_NONE)
        return;
    work_begin(slot, &reader->jobs[n]->work);
    arena_heed(reader->scratch, work_stop(slot));
    document->fault = record_make(reader, n);
    if (document->fault != FAULT_NONE && work_is_stopped(slot, &meant))
        document->fault = late(reader, meant, &document->err);
    work_end(slot);
    arena_reset(reader->scratch);
}

static void job_pass(struct reader *reader, struct job *job, enum fault fault, const struct error *err)
{
    struct queue *next = writer_queue(reader->setup.writers[job->receipt.shard]);
    if (fault != FAULT_NONE) {
        job_answer(job, fault == FAULT_REJECT ? RECEIPT_REJECTED : RECEIPT_RETRY, err,
                   fault == FAULT_REJECT ? 0 : 1000);
        next = reader->setup.done;
    }
    if (!queue_push(next, job)) /* every queue holds all that may be in flight */
        abort();
    if (atomic_fetch_sub(&reader->setup.flow->ahead, 1) == 1)
        for (uint32_t i = 0; i < reader->setup.shards; i++)
            writer_settle(reader->setup.writers[i]);
}

static void in_hand(void *self, const struct minutes_document *document)
{
    const struct reader *reader = self;
    const struct job *job = document->owner;
    work_turn_to(reader->setup.slot, &job->work);
}

/* Read the documents of so many jobs. False: that took longer than one document may take. */
static bool documents_read(struct reader *reader, size_t first, size_t count)
{
    struct work_slot *slot = reader->setup.slot;
    const struct minutes_watch watch = {in_hand, reader};
    bool meant = false;
    work_begin(slot, &reader->jobs[first]->work);
    for (size_t n = first; n < first + count; n++) {
        work_turn_to(slot, &reader->jobs[n]->work);
        document_take(reader, n);
    }
    minutes_read_many(&reader->documents[first], count, &watch);
    bool stopped = work_is_stopped(slot, &meant);
    if (stopped && count == 1 && reader->documents[first].fault != FAULT_NONE)
        reader->documents[first].fault = late(reader, meant, &reader->documents[first].err);
    work_end(slot);
    return !stopped;
}

static void records_pass(struct reader *reader, size_t first, size_t count)
{
    int64_t begun = clock_thread_us();
    for (size_t n = first; n < first + count; n++) {
        record_build(reader, n);
        arena_free(&reader->documents[n].arena);
        job_pass(reader, reader->jobs[n], reader->documents[n].fault, &reader->documents[n].err);
    }
    metric_add(METRIC_TERMS_US, (uint64_t)(clock_thread_us() - begun));
}

/* What was stopped with others in hand is read again by itself: each may take what a document may. */
static void submits_read(struct reader *reader, size_t first, size_t count)
{
    int64_t begun = clock_thread_us();
    bool whole = documents_read(reader, first, count);
    metric_add(METRIC_EXTRACTED_US, (uint64_t)(clock_thread_us() - begun));
    if (whole || count == 1) {
        records_pass(reader, first, count);
        return;
    }
    for (size_t n = first; n < first + count; n++) {
        arena_free(&reader->documents[n].arena);
        submits_read(reader, n, 1);
    }
}

/* What waits, up to what is best read together; a job without a document is the last. 0: there will be none. */
static size_t jobs_take(struct reader *reader)
{
    return shelf_take(reader->setup.in, reader->setup.number, true, MINUTES_TOGETHER_BYTES, reader->jobs);
}

static void *run(void *opaque)
{
    struct reader *reader = opaque;
    thread_begin("read", THREAD_INDEX);
    work_enter(reader->setup.slot);
    for (size_t count; (count = jobs_take(reader)) > 0;) {
        size_t submits = reader->jobs[count - 1]->kind == JOB_SUBMIT ? count : count - 1;
        if (submits > 0)
            submits_read(reader, 0, submits);
        if (submits < count)
            job_pass(reader, reader->jobs[submits], FAULT_NONE, NULL);
    }
    work_leave(reader->setup.slot);
    return NULL;
}

static void reader_free(struct reader **reader)
{
    term_builder_free(&(*reader)->builder);
    arena_pool_free(&(*reader)->arenas);
    arena_free(&(*reader)->scratch);
    free(*reader);
    *reader = NULL;
}

enum fault reader_start(const struct reader_setup *setup, struct reader **out, struct error *err)
{
    struct reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return error_set(err, FAULT_STOP, "memory", "out of memory");
    reader->setup = *setup;
    enum fault fault = FAULT_NONE;
    reader->builder = term_builder_new(danish_stemmer(), &setup->words, 0);
    reader->arenas = arena_pool_new(ARENAS_KEPT_BYTES);
    reader->scratch = arena_new(setup->config->arena_max_bytes);
    if (reader->builder == NULL || reader->arenas == NULL || reader->scratch == NULL)
        fault = error_set(err, FAULT_STOP, "memory", "out of memory");
    if (fault == FAULT_NONE && pthread_create(&reader->thread, NULL, run, reader) != 0)
        fault = error_set(err, FAULT_STOP, "thread.start", "no thread for reading");
    if (fault != FAULT_NONE)
        reader_free(&reader);
    *out = reader;
    return fault;
}

void reader_join(struct reader **reader)
{
    if (reader == NULL || *reader == NULL)
        return;
    pthread_join((*reader)->thread, NULL);
    reader_free(reader);
}
