/* reader: body -> minutes -> record, on a text thread. A document id always comes to the same reader, so its messages
 * keep their order. */
#include "reader.h"

#include "envelope.pb-c.h"
#include "media.h"
#include "structured.h"
#include "term.h"
#include "thread.h"
#include "utf8.h"
#include "xapian_shim.h"

#include <pthread.h>
#include <stdlib.h>

struct reader {
    struct reader_setup setup;
    struct stemming *stemming;
    struct term_builder *builder;
    struct arena *scratch; /* of the document at hand */
    pthread_t thread;
};

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

static enum fault document_read(struct arena *arena, const Referent__V1__Document *document, struct minutes *minutes,
                                struct error *err)
{
    if (document->content_case == REFERENT__V1__DOCUMENT__CONTENT_MEETING)
        return structured_read(arena, document->meeting, minutes, err);
    struct span body = {(const char *)document->body.data, document->body.len};
    TRY(body_check(body, err));
    return minutes_read(arena, body, media_type_of(span_of(document->media_type)), minutes, err);
}

/* Everything on the way to the record lives in `scratch`; only the record is the job's. */
static enum fault record_make(struct reader *reader, struct arena *scratch, struct job *job, struct error *err)
{
    const Referent__V1__Submit *submit = job->message;
    struct source source;
    struct minutes minutes;
    TRY(source_fill(scratch, job, submit->document, &source, err));
    TRY(document_read(scratch, submit->document, &minutes, err));
    job->record = arena_zero(job->arena, 1, sizeof *job->record);
    if (job->record == NULL)
        return arena_full(err);
    TRY(term_build(reader->builder, scratch, job->arena, &source, &minutes, job->record, err));
    job->receipt.cpr_masked = (uint32_t)minutes.cpr_count;
    return FAULT_NONE;
}

/* A document that was stopped because it took too long looks as if its arena were full. */
static enum fault late(struct reader *reader, enum fault fault, struct error *err)
{
    bool meant;
    if (!work_is_stopped(reader->setup.slot, &meant))
        return fault;
    return error_set(err, meant ? FAULT_REJECT : FAULT_RETRY, "document.time",
                     "the document takes more than %llu ms of a processor to read (document_max_ms)",
                     (unsigned long long)reader->setup.config->document_max_ms);
}

static enum fault job_read(struct reader *reader, struct job *job, struct error *err)
{
    struct work_slot *slot = reader->setup.slot;
    work_begin(slot, &job->work);
    arena_heed(reader->scratch, work_stop(slot));
    enum fault fault = record_make(reader, reader->scratch, job, err);
    if (fault != FAULT_NONE)
        fault = late(reader, fault, err);
    work_end(slot);
    arena_reset(reader->scratch);
    return fault;
}

static void job_pass(struct reader *reader, struct job *job)
{
    struct error err;
    enum fault fault = job->kind == JOB_SUBMIT ? job_read(reader, job, &err) : FAULT_NONE;
    struct queue *next = writer_queue(reader->setup.writers[job->receipt.shard]);
    if (fault != FAULT_NONE) {
        job_answer(job, fault == FAULT_REJECT ? RECEIPT_REJECTED : RECEIPT_RETRY, &err,
                   fault == FAULT_REJECT ? 0 : 1000);
        next = reader->setup.done;
    }
    if (!queue_push(next, job)) /* every queue holds all that may be in flight */
        abort();
    if (atomic_fetch_sub(&reader->setup.flow->ahead, 1) == 1)
        for (uint32_t i = 0; i < reader->setup.shards; i++)
            writer_settle(reader->setup.writers[i]);
}

static void *run(void *opaque)
{
    struct reader *reader = opaque;
    thread_begin("read", THREAD_INDEX);
    work_enter(reader->setup.slot);
    for (struct job *job; (job = queue_pop(reader->setup.in, -1)) != NULL;)
        job_pass(reader, job);
    work_leave(reader->setup.slot);
    return NULL;
}

static void reader_free(struct reader **reader)
{
    term_builder_free(&(*reader)->builder);
    stemming_close(&(*reader)->stemming);
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
    enum fault fault = stemming_open("danish", &reader->stemming, err);
    if (fault == FAULT_NONE) {
        struct stemmer stemmer = {reader->stemming, stemming_stem};
        reader->builder = term_builder_new(stemmer, &setup->words, 0);
        reader->scratch = arena_new(setup->config->arena_max_bytes);
        if (reader->builder == NULL || reader->scratch == NULL)
            fault = error_set(err, FAULT_STOP, "memory", "out of memory");
    }
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
