/* message: DECODE. Pure but for the arena it makes; on the intake thread. */
#include "message.h"

#include "digest.h"
#include "shard_map.h"

#include <inttypes.h>

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
    return document_digest(job->arena, document, job->digest, err);
}

static enum fault take_delete(struct job *job, const Referent__V1__Delete *delete, struct error *err)
{
    job->kind = JOB_DELETE;
    job->message = delete;
    job->id = span_of(delete->id);
    job->version = delete->version;
    return message_check_id(job->id, span_of(delete->source), err);
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
    return FAULT_NONE;
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

enum fault message_decode(struct span frame, struct span routing, uint64_t arena_max_bytes, uint32_t shards,
                          struct job **out, struct error *err)
{
    *out = NULL;
    struct arena *arena = arena_new(arena_max_bytes);
    struct job *job = arena ? arena_zero(arena, 1, sizeof *job) : NULL;
    struct text peer = job ? arena_copy(arena, routing) : (struct text){0};
    if (peer.at == NULL) {
        arena_free(&arena);
        return error_set(err, FAULT_RETRY, "memory", "the worker is out of memory");
    }
    job->arena = arena;
    job->routing = (struct span){peer.at, peer.size};
    job->credit_bytes = frame.size;
    *out = job;
    Envelope *envelope;
    TRY(frame_decode(arena, frame, &envelope, &job->sequence, err));
    return take(job, envelope, shards, err);
}
