/* message: DECODE. Pure but for the arena it makes; on the intake thread. */
#include "message.h"

#include "digest.h"
#include "shard_map.h"
#include "utf8.h"
#include "wire_field.h"

#include <inttypes.h>

/* A frame beyond frame.size will never be taken, so its beginning is enough; and the answer that carries it has to keep
 * within MAXMSGSIZE. */
enum { FRAME_KEPT_MAX_BYTES = DOCUMENT_MAX_BYTES + 64 * 1024, INVENTORY_IDS_MAX = 1000 };

enum fault message_check_id(struct span id, struct span source, struct error *err)
{
    if (id.size == 0 || id.size > ID_MAX_BYTES)
        return error_set(err, FAULT_REJECT, "id.length", "the id has %zu bytes; it must have 1 to %d", id.size,
                         ID_MAX_BYTES);
    for (size_t i = 0; i < id.size; i++)
        if ((unsigned char)id.at[i] < ' ' || id.at[i] == 0x7F)
            return error_set(err, FAULT_REJECT, "id.character", "byte %zu of the id is a control character", i);
    bool below =
        source.size == 0 || (id.size > source.size + 1 && span_starts(id, source) && id.at[source.size] == '/');
    if (!below)
        return error_set(err, FAULT_REJECT, "source.prefix", "an id of this source must begin with '%.*s/'",
                         (int)(source.size < 100 ? source.size : 100), source.at);
    return FAULT_NONE;
}

static enum fault check_content(const Referent__V1__Document *document, struct error *err)
{
    static const char *const types[] = {"", "text/markdown", "text/plain", "text/html"};
    bool known = false;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        known = known || strcmp(document->media_type, types[i]) == 0;
    if (!known)
        return error_set(err, FAULT_REJECT, "media.type",
                         "the media type '%.80s' is unknown; use text/markdown, text/plain or text/html",
                         document->media_type);
    if (document->content_case == REFERENT__V1__DOCUMENT__CONTENT__NOT_SET ||
        (document->content_case == REFERENT__V1__DOCUMENT__CONTENT_BODY && document->body.len == 0))
        return error_set(err, FAULT_REJECT, "body.empty", "the document has no text");
    if (document->content_case == REFERENT__V1__DOCUMENT__CONTENT_BODY && document->body.len > DOCUMENT_MAX_BYTES)
        return error_set(err, FAULT_REJECT, "frame.size", "the body has %zu bytes; a document may have %d",
                         document->body.len, DOCUMENT_MAX_BYTES);
    return FAULT_NONE;
}

static void work_name(struct job *job)
{
    content_key(job->kind, job->id, job->version, job->digest, job->work.key);
    job->work.id_hash = id_hash(job->id);
}

static enum fault take_submit(struct job *job, const Referent__V1__Submit *submit, struct error *err)
{
    const Referent__V1__Document *document = submit->document;
    job->kind = JOB_SUBMIT;
    job->message = submit;
    if (document == NULL)
        return error_set(err, FAULT_REJECT, "frame.empty", "Submit carries no document");
    job->id = span_of(document->id);
    job->version = document->version;
    TRY(message_check_id(job->id, span_of(document->source), err));
    TRY(check_content(document, err));
    job->chance = submit->chance;
    TRY(document_digest(job->arena, document, job->digest, err));
    work_name(job);
    return FAULT_NONE;
}

static enum fault take_delete(struct job *job, const Referent__V1__Delete *delete, struct error *err)
{
    job->kind = JOB_DELETE;
    job->message = delete;
    job->id = span_of(delete->id);
    job->version = delete->version;
    work_name(job);
    return message_check_id(job->id, span_of(delete->source), err);
}

static enum fault take_ids(struct job *job, const Referent__V1__InventoryRequest *request, struct error *err)
{
    if (request->n_ids > INVENTORY_IDS_MAX)
        return error_set(err, FAULT_REJECT, "inventory.ids", "%zu ids at once; ask for at most %d", request->n_ids,
                         INVENTORY_IDS_MAX);
    struct span *ids = arena_zero(job->arena, request->n_ids, sizeof *ids);
    if (ids == NULL)
        return arena_full(err);
    for (size_t i = 0; i < request->n_ids; i++) {
        ids[i] = span_of(request->ids[i]);
        TRY(message_check_id(ids[i], (struct span){0}, err));
    }
    job->ids = ids;
    job->id_count = request->n_ids;
    return FAULT_NONE;
}

static enum fault take_inventory(struct job *job, const Referent__V1__InventoryRequest *request, uint32_t shards,
                                 struct error *err)
{
    job->kind = JOB_INVENTORY;
    job->message = request;
    job->after = span_of(request->after);
    job->limit = request->limit;
    job->receipt.shard = request->shard;
    if (request->shard >= shards)
        return error_set(err, FAULT_REJECT, "shard.unknown", "there is no shard %" PRIu32 " of %" PRIu32,
                         request->shard, shards);
    if (job->after.size > ID_MAX_BYTES)
        return error_set(err, FAULT_REJECT, "id.length", "'after' is longer than an id");
    return request->n_ids > 0 ? take_ids(job, request, err) : FAULT_NONE;
}

static enum fault take(struct job *job, const Envelope *envelope, uint32_t shards, struct error *err)
{
    switch (envelope->payload_case) {
    case REFERENT__V1__ENVELOPE__PAYLOAD_SUBMIT: TRY(take_submit(job, envelope->submit, err)); break;
    case REFERENT__V1__ENVELOPE__PAYLOAD_DELETE: TRY(take_delete(job, envelope->delete_, err)); break;
    case REFERENT__V1__ENVELOPE__PAYLOAD_INVENTORY_REQUEST:
        return take_inventory(job, envelope->inventory_request, shards, err);
    default: return error_set(err, FAULT_REJECT, "frame.kind", "this message is not for the feed socket");
    }
    job->receipt.shard = shard_of(job->id, shards);
    return FAULT_NONE;
}

/* In an arena that may be NULL, and is freed if nothing can be made. */
static enum fault job_make(struct span frame, struct span routing, struct arena *arena, struct job **out,
                           struct error *err)
{
    struct job *job = arena ? arena_zero(arena, 1, sizeof *job) : NULL;
    struct text peer = job ? arena_copy(arena, routing) : (struct text){0};
    *out = NULL;
    if (peer.at == NULL) {
        arena_free(&arena);
        return error_set(err, FAULT_RETRY, "memory", "the worker is out of memory");
    }
    job->arena = arena;
    job->routing = (struct span){peer.at, peer.size};
    job->credit_bytes = frame.size;
    *out = job;
    return FAULT_NONE;
}

/* ---------------------------------------------------------------- frames for the dead letters */

/* Id and version of a Submit or Delete that cannot be decoded, as far as its fields can be walked: 1 and 2 in Delete
 * and Document alike. */
static void identity_peek(struct job *job, struct span message)
{
    struct wire_reader reader = wire_reader_of(message);
    struct wire_field field;
    while (reader.at < reader.end && wire_field_next(&reader, &field)) {
        bool text = field.type == WIRE_BYTES && field.bytes.size <= ID_MAX_BYTES && utf8_valid(field.bytes, NULL) &&
                    (field.bytes.size == 0 || memchr(field.bytes.at, '\0', field.bytes.size) == NULL);
        if (field.number == 1 && text) {
            struct text id = arena_copy(job->arena, field.bytes);
            job->id = (struct span){id.at, id.at ? id.size : 0};
        } else if (field.number == 2 && field.type == WIRE_VARINT) {
            job->version = field.varint;
        }
    }
}

/* The field with this number, the last one as protobuf has it; empty if there is none. */
static struct span field_find(struct span message, uint32_t number)
{
    struct wire_reader reader = wire_reader_of(message);
    struct wire_field field;
    struct span found = {0};
    while (reader.at < reader.end && wire_field_next(&reader, &field))
        if (field.number == number && field.type == WIRE_BYTES)
            found = field.bytes;
    return found;
}

/* What cannot be decoded is kept as it came, in a job and an arena of its own, because an arena that it was decoded
 * into may be full. */
static enum fault frame_keep(struct span frame, struct span routing, size_t most, struct job **out, struct error *err)
{
    enum { ROOM_BYTES = 64 * 1024 };
    struct job *job;
    size_t size = frame.size < most ? frame.size : most;
    *out = NULL;
    TRY(job_make(frame, routing, arena_new(size + ROOM_BYTES), &job, err));
    struct text copy = arena_copy(job->arena, span_cut(frame, 0, size));
    if (copy.at == NULL) {
        struct arena *arena = job->arena;
        arena_free(&arena);
        return error_set(err, FAULT_RETRY, "memory", "the worker is out of memory");
    }
    uint32_t payload = frame_peek(frame).payload;
    struct span message = field_find(frame, payload);
    job->frame = (struct span){copy.at, copy.size};
    job->kind = payload == FRAME_SUBMIT ? JOB_SUBMIT : payload == FRAME_DELETE ? JOB_DELETE : JOB_UNREADABLE;
    if (job->kind != JOB_UNREADABLE)
        identity_peek(job, job->kind == JOB_SUBMIT ? field_find(message, 1) : message);
    *out = job;
    return FAULT_NONE;
}

enum fault message_unreadable(struct span frame, struct span routing, struct job **out, struct error *err)
{
    return frame_keep(frame, routing, UNREADABLE_MAX_BYTES, out, err);
}

enum fault message_aside(struct span frame, struct span routing, struct job **out, struct error *err)
{
    return frame_keep(frame, routing, FRAME_KEPT_MAX_BYTES, out, err);
}

struct work message_work(struct span frame, uint32_t payload)
{
    struct work work = {{0}, 0};
    payload_key(field_find(frame, payload), work.key);
    return work;
}

/* ---------------------------------------------------------------- messages */

enum fault message_question(struct span frame, struct span routing, struct job **out, uint64_t *sequence,
                            struct error *err)
{
    enum { QUESTION_ARENA_BYTES = 4 * DOCUMENT_MAX_BYTES };
    struct job *job;
    Envelope *envelope;
    *out = NULL;
    *sequence = 0;
    TRY(job_make(frame, routing, arena_new(QUESTION_ARENA_BYTES), &job, err));
    enum fault fault = frame_decode(job->arena, frame, &envelope, sequence, err);
    if (fault != FAULT_NONE) {
        struct arena *arena = job->arena;
        arena_free(&arena);
        return fault;
    }
    job->kind = JOB_DEAD;
    job->sequence = *sequence;
    job->message = envelope;
    *out = job;
    return FAULT_NONE;
}

/* The job of a document that could not be decoded becomes one that holds its frame. */
static enum fault job_spoilt(struct span frame, struct span routing, struct job **job, struct error *err)
{
    struct job *kept;
    struct arena *arena = (*job)->arena;
    struct error full;
    enum fault fault = frame_keep(frame, routing, FRAME_KEPT_MAX_BYTES, &kept, &full);
    if (fault != FAULT_NONE) {
        *err = full;
        return fault;
    }
    kept->sequence = (*job)->sequence;
    *job = kept;
    arena_free(&arena);
    return FAULT_NONE;
}

enum fault message_decode(struct span frame, struct span routing, struct arena *arena, uint32_t shards,
                          struct job **out, struct error *err)
{
    TRY(job_make(frame, routing, arena, out, err));
    struct job *job = *out;
    Envelope *envelope;
    enum fault fault = frame_decode(job->arena, frame, &envelope, &job->sequence, err);
    if (fault == FAULT_NONE)
        return take(job, envelope, shards, err);
    if (frame_peek(frame).payload == FRAME_INVENTORY)
        job->kind = JOB_INVENTORY;
    else if (fault == FAULT_REJECT)
        TRY(job_spoilt(frame, routing, out, err));
    return fault;
}
