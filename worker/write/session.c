/* session: who may be held, the ids of those who are, and the builders that have their postings. */
#include "session.h"

#include "builder.h"
#include "log.h"
#include "publication.h"
#include "schema.h"
#include "term.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

enum { IDS_FIRST = 1024, RETRY_MS = 1000, HELD_PART = 4 /* of the memory */ };

/* The builder of one part; made when its first document comes. */
struct load {
    struct builder *builder;
    bool open;         /* a segment is begun */
    unsigned segments; /* with that one */
};

struct session {
    uint64_t memory_bytes;
    struct load open, closed;
    struct held *held; /* NULL: nothing is */
    uint32_t *ids;     /* open addressing: the place of an item in `held`, and one; 0: free */
    uint32_t ids_mask;
    uint64_t seed;       /* so that nobody can prepare ids that collide */
    bool blank;          /* the shard held nothing when the session was opened, */
    uint64_t sequence;   /* after this commit: as long as there is no other, there is nothing to look up */
    bool guarded, sound; /* the installed Xapian was asked, and writes our format */
};

struct session *session_new(const struct shard *shard, uint64_t memory_bytes)
{
    struct session *session = calloc(1, sizeof *session);
    if (session == NULL)
        return NULL;
    session->memory_bytes = memory_bytes;
    if (getrandom(&session->seed, sizeof session->seed, 0) != (ssize_t)sizeof session->seed) {
        free(session);
        return NULL;
    }
    segments_remove(&shard->open);
    segments_remove(&shard->closed);
    return session;
}

static void load_end(struct load *load)
{
    builder_free(&load->builder);
    *load = (struct load){0};
}

/* Memory goes back: a bulk load is rare. */
static void session_clear(struct session *session)
{
    load_end(&session->open);
    load_end(&session->closed);
    held_free(&session->held);
    free(session->ids);
    session->ids = NULL;
}

void session_free(struct session **session)
{
    if (session == NULL || *session == NULL)
        return;
    session_clear(*session);
    free(*session);
    *session = NULL;
}

bool session_is_open(const struct session *session)
{
    return session->held != NULL;
}

/* ---- may anything be held? */

/* What the installed Xapian makes now is compared with what we write. */
static enum fault format_check(const struct shard *shard, struct error *err)
{
    char path[PATH_MAX];
    struct database *stock;
    TRY(segment_path(&shard->open, 0, path, err));
    TRY(database_open_write(path, &stock, err));
    database_close(&stock);
    return builder_guard(path, err);
}

bool session_possible(struct session *session, const struct shard *shard)
{
    struct error err;
    if (!shard_is_current(shard))
        return false; /* a rebuild comes first: one generation has one set of rules */
    if (session->guarded)
        return session->sound;
    enum fault fault = format_check(shard, &err);
    segments_remove(&shard->open);
    session->guarded = fault == FAULT_NONE || fault == FAULT_RETRY; /* what failed otherwise is asked again */
    session->sound = fault == FAULT_NONE;
    if (!session->sound)
        log_event(LOG_WARN, "bulk.off", "shard=%u rule=%s text=\"%s; documents are indexed by Xapian itself\"",
                  shard->number, err.rule, err.text);
    return session->sound;
}

/* ---- ids that are held */

static uint32_t id_place(const struct session *session, struct span id)
{
    return (uint32_t)XXH3_64bits_withSeed(id.at, id.size, session->seed) & session->ids_mask;
}

/* The first item with this id, or NULL. */
static struct held_item *id_find(const struct session *session, struct span id)
{
    if (session->held == NULL)
        return NULL;
    for (uint32_t at = id_place(session, id); session->ids[at] != 0; at = (at + 1) & session->ids_mask) {
        struct held_item *item = &session->held->items[session->ids[at] - 1];
        if (span_equal(held_id(session->held, item), id))
            return item;
    }
    return NULL;
}

static void id_enter(struct session *session, uint32_t number)
{
    uint32_t at = id_place(session, held_id(session->held, &session->held->items[number]));
    while (session->ids[at] != 0)
        at = (at + 1) & session->ids_mask;
    session->ids[at] = number + 1;
}

/* At most two thirds are used. */
static bool ids_reserve(struct session *session)
{
    size_t size = session->ids != NULL ? (size_t)session->ids_mask + 1 : 0;
    if (size / 3 * 2 > session->held->count)
        return true;
    uint32_t *larger = calloc(size > 0 ? size * 2 : IDS_FIRST, sizeof *larger);
    uint32_t *old = session->ids;
    if (larger == NULL)
        return false;
    session->ids = larger;
    session->ids_mask = (uint32_t)(size > 0 ? size * 2 : IDS_FIRST) - 1;
    for (size_t i = 0; i < size; i++)
        if (old[i] != 0)
            id_enter(session, old[i] - 1);
    free(old);
    return true;
}

/* ---- does the shard know the id? */

static enum fault shard_is_blank(struct shard *shard, struct arena *arena, bool *blank, struct error *err)
{
    uint64_t documents, closed = 0;
    struct span_list tombstones;
    TRY(database_count(shard->open.database, 0, &documents, err));
    if (shard->closed.database != NULL)
        TRY(database_count(shard->closed.database, 0, &closed, err));
    TRY(database_meta_keys(shard->open.database, 0, arena, schema_key(KEY_DELETED), (struct span){0}, 1, &tombstones,
                           err));
    *blank = documents == 0 && closed == 0 && tombstones.count == 0 && shard->row.count == 0;
    return FAULT_NONE;
}

/* As a document, as a tombstone, or by closed items that a crash has left. */
static enum fault shard_knows(struct shard *shard, struct job *job, bool *known, struct error *err)
{
    uint64_t documents;
    struct span group = term_group(job->arena, job->id), prefix = schema_key(KEY_DELETED), deleted;
    struct text tombstone = arena_format(job->arena, "%s%.*s", prefix.at, (int)job->id.size, job->id.at);
    if (group.at == NULL || tombstone.at == NULL)
        return arena_full(err);
    TRY(database_term_freq(shard->open.database, 0, group, &documents, err));
    *known = documents > 0;
    if (!*known) {
        TRY(young_frequency(shard, group, &documents, err));
        *known = documents > 0;
    }
    if (!*known && shard->closed.database != NULL) {
        TRY(database_term_freq(shard->closed.database, 0, group, &documents, err));
        *known = documents > 0;
    }
    if (*known)
        return FAULT_NONE;
    TRY(database_meta(shard->open.database, 0, job->arena, (struct span){tombstone.at, tombstone.size}, &deleted, err));
    *known = deleted.size > 0;
    return FAULT_NONE;
}

/* ---- taking one in */

static enum fault session_open(struct session *session, struct shard *shard, struct arena *arena, struct error *err)
{
    TRY(shard_is_blank(shard, arena, &session->blank, err));
    session->sequence = shard->sequence;
    session->held = held_new();
    if (session->held == NULL || !ids_reserve(session)) {
        held_free(&session->held);
        return error_set(err, FAULT_REOPEN, "bulk.memory", "out of memory; lower bulk_memory_bytes");
    }
    log_event(LOG_INFO, "bulk.begin", "shard=%u", shard->number);
    return FAULT_NONE;
}

static enum fault load_add(struct session *session, struct load *load, const struct shard_part *part,
                           const struct index_document *document, struct error *err)
{
    char path[PATH_MAX];
    struct builder_options options = {.memory_bytes = session->memory_bytes, .level = BUILDER_LEVEL, .unsynced = true};
    if (load->builder == NULL)
        load->builder = builder_new(&options);
    if (load->builder == NULL)
        return error_set(err, FAULT_REOPEN, "bulk.memory", "out of memory; lower bulk_memory_bytes");
    if (!load->open) {
        TRY(segment_path(part, load->segments + 1, path, err));
        TRY(builder_begin(load->builder, path, err));
        load->segments++;
        load->open = true;
    }
    return builder_add(load->builder, document, err);
}

static enum fault load_finish(struct load *load, uint32_t shard, struct error *err)
{
    struct builder_summary summary;
    if (!load->open)
        return FAULT_NONE;
    TRY(builder_finish(load->builder, &summary, err));
    load->open = false;
    log_event(LOG_DEBUG, "bulk.segment", "shard=%u docs=%u terms=%u postings=%llu bytes=%llu", shard, summary.documents,
              summary.terms, (unsigned long long)summary.postings, (unsigned long long)summary.bytes);
    return FAULT_NONE;
}

static size_t load_bytes(const struct load *load)
{
    return load->open ? builder_bytes(load->builder) : 0;
}

static bool load_is_spent(const struct load *load)
{
    return load->open && builder_is_spent(load->builder);
}

/* The closed database is there from its first document on. */
static enum fault closed_ready(struct shard *shard, struct error *err)
{
    int hold = -1;
    if (shard->closed.database != NULL)
        return FAULT_NONE;
    TRY(directory_hold(shard->open.path, &hold, err));
    enum fault fault = shard_open_closed(shard, err);
    directory_release(&hold);
    return fault;
}

/* Both share the memory. The larger one gives way; where that would help little, both segments end. */
static enum fault room_make(struct session *session, const struct shard *shard, struct error *err)
{
    size_t open = load_bytes(&session->open), closed = load_bytes(&session->closed);
    struct load *larger = open >= closed ? &session->open : &session->closed;
    if (open + closed < session->memory_bytes && (!larger->open || !builder_full(larger->builder)))
        return FAULT_NONE;
    if (!load_is_spent(&session->open) && !load_is_spent(&session->closed)) {
        log_event(LOG_DEBUG, "bulk.spill", "shard=%u docs=%u", shard->number, builder_documents(larger->builder));
        return builder_spill(larger->builder, err);
    }
    TRY(load_finish(&session->open, shard->number, err));
    return load_finish(&session->closed, shard->number, err);
}

static enum fault record_add(struct session *session, struct shard *shard, const struct index_record *record,
                             struct error *err)
{
    for (size_t i = 0; i < record->document_count; i++) {
        const struct index_document *document = &record->documents[i];
        if (document->closed)
            TRY(closed_ready(shard, err));
        TRY(load_add(session, document->closed ? &session->closed : &session->open,
                     document->closed ? &shard->closed : &shard->open, document, err));
    }
    return room_make(session, shard, err);
}

static enum fault job_hold(struct session *session, struct shard *shard, struct job *job, struct error *err)
{
    if (session->held == NULL)
        TRY(session_open(session, shard, job->arena, err));
    if (!ids_reserve(session) || !held_add(session->held, job, RECEIPT_COMMITTED))
        return error_set(err, FAULT_REOPEN, "bulk.memory", "out of memory; lower bulk_memory_bytes");
    enum fault fault = record_add(session, shard, job->record, err);
    if (fault == FAULT_NONE)
        id_enter(session, (uint32_t)session->held->count - 1);
    else
        session->held->count--; /* the job is the caller's; half of it may be in a builder */
    return fault;
}

enum fault session_offer(struct session *session, struct shard *shard, struct job *job, bool may_hold,
                         enum place *place, struct error *err)
{
    struct held_item *there = id_find(session, job->id);
    *place = PLACE_STEADY;
    if (there != NULL) {
        bool same = may_hold && !there->overtaken && job->kind == JOB_SUBMIT && job->version == there->version &&
                    memcmp(job->digest, there->digest, sizeof there->digest) == 0;
        there->overtaken = !same;
        if (same && !held_add(session->held, job, RECEIPT_UNCHANGED))
            return error_set(err, FAULT_REOPEN, "bulk.memory", "out of memory; lower bulk_memory_bytes");
        *place = same ? PLACE_HELD : PLACE_ASIDE;
        return FAULT_NONE;
    }
    if (!may_hold || job->kind != JOB_SUBMIT || job->record == NULL)
        return FAULT_NONE;
    bool known = false, blank = session->held != NULL && session->blank && session->sequence == shard->sequence;
    if (!blank)
        TRY(shard_knows(shard, job, &known, err));
    if (known)
        return FAULT_NONE;
    TRY(job_hold(session, shard, job, err));
    *place = PLACE_HELD;
    return FAULT_NONE;
}

bool session_is_full(const struct session *session)
{
    return session->held != NULL &&
           held_bytes(session->held) + ((size_t)session->ids_mask + 1) * sizeof *session->ids >=
               session->memory_bytes / HELD_PART;
}

/* ---- giving it away */

/* The list with what became of it; the session is empty. */
static struct held *session_end(struct session *session, const struct shard *shard)
{
    struct held *held = session->held;
    session->held = NULL;
    session_clear(session);
    if (shard != NULL) {
        segments_remove(&shard->open);
        segments_remove(&shard->closed);
    }
    return held;
}

static void held_put_off(struct held *held, const struct error *why)
{
    held->outcome = (struct receipt){.status = RECEIPT_RETRY, .why = *why, .retry_after_ms = RETRY_MS};
}

enum fault session_publish(struct session *session, struct shard *shard, struct held **held, struct error *err)
{
    enum fault fault = load_finish(&session->open, shard->number, err);
    if (fault == FAULT_NONE)
        fault = load_finish(&session->closed, shard->number, err);
    unsigned open = session->open.segments, closed = session->closed.segments;
    load_end(&session->open); /* merging and checking need some memory of their own */
    load_end(&session->closed);
    if (fault == FAULT_NONE)
        fault = publication_run(shard, open, closed, err);
    *held = session_end(session, shard);
    (*held)->outcome.shard = shard->number;
    if (fault != FAULT_NONE) {
        held_put_off(*held, err);
        return fault;
    }
    (*held)->outcome.sequence = shard->sequence;
    memcpy((*held)->outcome.lineage, shard->lineage, LINEAGE_BYTES);
    return FAULT_NONE;
}

void session_fail(struct session *session, const struct shard *shard, const struct error *why, struct held **held)
{
    *held = session_end(session, shard);
    if (*held != NULL)
        held_put_off(*held, why);
}
