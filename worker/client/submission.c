/* submission: plain structs of referent.h -> Envelope -> bytes. */
#include "submission.h"

#include "digest.h"
#include "socket.h"
#include "utf8.h"

#include <inttypes.h>
#include <string.h>

/* What a structured meeting or much metadata may take beside the strings themselves. */
enum { PACK_ARENA_BYTES = 64 * 1024 * 1024, ENVELOPE_ROOM_BYTES = 64 * 1024 };

typedef Referent__V1__Document Document;
typedef Referent__V1__Meeting Meeting;
typedef Referent__V1__Item Item;
typedef Referent__V1__Attachment Attachment;

enum fault id_check(const char *id, struct error *err)
{
    struct span bytes = span_of(id ? id : "");
    size_t bad;
    if (bytes.size == 0 || bytes.size > ID_MAX_BYTES)
        return error_set(err, FAULT_REJECT, "id.length", "the id has %zu bytes; it may have 1 to %d", bytes.size,
                         ID_MAX_BYTES);
    if (!utf8_valid(bytes, &bad))
        return error_set(err, FAULT_REJECT, "string.utf8", "byte %zu of the id is not UTF-8; rename the document", bad);
    for (const char *at = bytes.at, *end = at + bytes.size; at < end;) {
        uint32_t character;
        at += utf8_decode(at, end, &character);
        if (character < 0x20 || (character >= 0x7F && character < 0xA0))
            return error_set(err, FAULT_REJECT, "id.character",
                             "the id holds a control character; rename the document");
    }
    return FAULT_NONE;
}

static enum fault size_fault(uint64_t bytes, uint64_t max_bytes, struct error *err)
{
    return error_set(err, FAULT_REJECT, "frame.size",
                     "the document has %" PRIu64 " bytes; a document may have %" PRIu64, bytes, max_bytes);
}

enum fault submission_check(const struct referent_document *document, uint64_t max_bytes, struct error *err)
{
    TRY(id_check(document->id, err));
    if (document->meeting == NULL && document->body_bytes > max_bytes)
        return size_fault(document->body_bytes, max_bytes, err);
    return FAULT_NONE;
}

/* protobuf-c's structs have char * even where nothing is written. */
static char *string(const char *given)
{
    return (char *)(given ? given : "");
}

/* Each step gives false when the arena is full. */
static bool strings(struct arena *arena, struct referent_strings given, size_t *count, char ***out)
{
    *count = given.count;
    *out = arena_zero(arena, given.count, sizeof **out);
    for (size_t i = 0; *out != NULL && i < given.count; i++)
        (*out)[i] = string(given.items[i]);
    return *out != NULL;
}

static bool attachments(struct arena *arena, const struct referent_item *given, Item *item)
{
    item->n_attachments = given->attachment_count;
    item->attachments = arena_zero(arena, given->attachment_count, sizeof *item->attachments);
    Attachment *all = arena_zero(arena, given->attachment_count, sizeof *all);
    if (item->attachments == NULL || all == NULL)
        return false;
    for (size_t i = 0; i < given->attachment_count; i++) {
        referent__v1__attachment__init(&all[i]);
        all[i].title = string(given->attachments[i].title);
        all[i].document = string(given->attachments[i].document);
        all[i].url = string(given->attachments[i].url);
        item->attachments[i] = &all[i];
    }
    return true;
}

static bool items(struct arena *arena, const struct referent_meeting *given, Meeting *meeting)
{
    meeting->n_items = given->item_count;
    meeting->items = arena_zero(arena, given->item_count, sizeof *meeting->items);
    Item *all = arena_zero(arena, given->item_count, sizeof *all);
    if (meeting->items == NULL || all == NULL)
        return false;
    for (size_t i = 0; i < given->item_count; i++) {
        const struct referent_item *from = &given->items[i];
        referent__v1__item__init(&all[i]);
        all[i].id = string(from->id);
        all[i].number = string(from->number);
        all[i].title = string(from->title);
        all[i].access = (Referent__V1__Access)from->access;
        all[i].case_number = string(from->case_number);
        all[i].kle = string(from->kle);
        all[i].text = string(from->text);
        if (!attachments(arena, from, &all[i]))
            return false;
        meeting->items[i] = &all[i];
    }
    return true;
}

static Meeting *meeting_build(struct arena *arena, const struct referent_meeting *given)
{
    Meeting *meeting = arena_alloc(arena, sizeof *meeting);
    if (meeting == NULL)
        return NULL;
    referent__v1__meeting__init(meeting);
    meeting->agenda_id = string(given->agenda_id);
    meeting->type = (Referent__V1__MeetingType)given->type;
    meeting->access = (Referent__V1__Access)given->access;
    meeting->municipality = string(given->municipality);
    meeting->committee = string(given->committee);
    meeting->date = string(given->date);
    meeting->start = string(given->start);
    meeting->end = string(given->end);
    meeting->place = string(given->place);
    bool built = strings(arena, given->present, &meeting->n_present, &meeting->present) &&
                 strings(arena, given->absent, &meeting->n_absent, &meeting->absent) &&
                 strings(arena, given->substitutes, &meeting->n_substitutes, &meeting->substitutes) &&
                 items(arena, given, meeting);
    return built ? meeting : NULL;
}

static bool metadata(struct arena *arena, const struct referent_document *given, Document *document)
{
    Referent__V1__Document__MetadataEntry *all = arena_zero(arena, given->metadata_count, sizeof *all);
    document->n_metadata = given->metadata_count;
    document->metadata = arena_zero(arena, given->metadata_count, sizeof *document->metadata);
    if (all == NULL || document->metadata == NULL)
        return false;
    for (size_t i = 0; i < given->metadata_count; i++) {
        referent__v1__document__metadata_entry__init(&all[i]);
        all[i].key = string(given->metadata[i].key);
        all[i].value = string(given->metadata[i].value);
        document->metadata[i] = &all[i];
    }
    return true;
}

static bool document_build(struct arena *arena, const struct referent_document *given, Document *document)
{
    referent__v1__document__init(document);
    document->id = string(given->id);
    document->version = given->version;
    document->source = string(given->source);
    document->media_type = string(given->media_type);
    document->url = string(given->url);
    if (given->meeting != NULL) {
        document->content_case = REFERENT__V1__DOCUMENT__CONTENT_MEETING;
        document->meeting = meeting_build(arena, given->meeting);
        if (document->meeting == NULL)
            return false;
    } else {
        document->content_case = REFERENT__V1__DOCUMENT__CONTENT_BODY;
        document->body = (ProtobufCBinaryData){given->body_bytes, (uint8_t *)given->body};
    }
    return metadata(arena, given, document);
}

static enum fault pack(const Envelope *envelope, uint64_t max_bytes, zmq_msg_t *frame, struct error *err)
{
    size_t size = frame_size(envelope);
    if (size > max_bytes + ENVELOPE_ROOM_BYTES)
        return size_fault(size, max_bytes, err);
    if (zmq_msg_init_size(frame, size) != 0) {
        zmq_msg_init(frame);
        return error_set(err, FAULT_RETRY, "memory", "out of memory for a frame of %zu bytes", size);
    }
    frame_pack(envelope, zmq_msg_data(frame));
    return FAULT_NONE;
}

enum fault submission_pack(const struct referent_document *document, uint64_t sequence, uint64_t max_bytes,
                           zmq_msg_t *frame, struct error *err)
{
    struct arena *arena = arena_new(PACK_ARENA_BYTES);
    Document built;
    enum fault fault = FAULT_NONE;
    if (arena == NULL || !document_build(arena, document, &built)) {
        fault = error_set(err, FAULT_RETRY, "memory", "out of memory for a document");
        goto out;
    }
    Referent__V1__Submit submit = REFERENT__V1__SUBMIT__INIT;
    submit.document = &built;
    submit.chance = document->chance;
    Envelope envelope = frame_envelope(sequence);
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_SUBMIT;
    envelope.submit = &submit;
    fault = pack(&envelope, max_bytes, frame, err);
out:
    arena_free(&arena);
    return fault;
}

enum fault submission_digest(const struct referent_document *document, unsigned char digest[static 16],
                             struct error *err)
{
    struct arena *arena = arena_new(PACK_ARENA_BYTES);
    Document built;
    enum fault fault = FAULT_RETRY;
    if (arena == NULL || !document_build(arena, document, &built))
        fault = error_set(err, FAULT_RETRY, "memory", "out of memory for a document");
    else
        fault = document_digest(arena, &built, digest, err);
    arena_free(&arena);
    return fault;
}

enum fault deletion_pack(const char *id, uint64_t version, const char *source, uint64_t sequence, zmq_msg_t *frame,
                         struct error *err)
{
    Referent__V1__Delete deletion = REFERENT__V1__DELETE__INIT;
    deletion.id = string(id);
    deletion.version = version;
    deletion.source = string(source);
    Envelope envelope = frame_envelope(sequence);
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_DELETE;
    envelope.delete_ = &deletion;
    return pack(&envelope, DOCUMENT_MAX_BYTES, frame, err);
}
