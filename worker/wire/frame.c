/* frame: an Envelope in and out of bytes. Pure; called by the threads that own sockets. */
#include "frame.h"

#include "wire_field.h"

#include <inttypes.h>

/* Room around a body of the largest size for the rest of the envelope: id, url and metadata. */
enum { ENVELOPE_ROOM_BYTES = 64 * 1024 };

/* Whether memory ran out is all that protobuf-c does not tell from a frame out of shape. */
struct taking {
    struct arena *arena;
    bool full;
};

static void *take(void *self, size_t size)
{
    struct taking *taking = self;
    void *memory = arena_alloc(taking->arena, size);
    taking->full = taking->full || memory == NULL;
    return memory;
}

static void give_back(void *self, void *pointer)
{
    (void)self; /* all at once, with the arena */
    (void)pointer;
}

struct frame_peek frame_peek(struct span frame)
{
    struct frame_peek seen = {0};
    struct wire_reader reader = wire_reader_of(frame);
    struct wire_field field;
    while (reader.at < reader.end) {
        if (!wire_field_next(&reader, &field))
            return (struct frame_peek){0};
        if (field.number == 2 && field.type == WIRE_VARINT)
            seen.sequence = field.varint;
        else if (field.number >= 10 && field.type == WIRE_BYTES)
            seen.payload = field.number;
    }
    return seen;
}

enum fault frame_decode(struct arena *arena, struct span frame, Envelope **out, uint64_t *sequence, struct error *err)
{
    *sequence = 0;
    if (frame.size > DOCUMENT_MAX_BYTES + ENVELOPE_ROOM_BYTES) {
        *sequence = frame_peek(frame).sequence;
        return error_set(err, FAULT_REJECT, "frame.size", "the frame has %zu bytes; a document may have %d", frame.size,
                         DOCUMENT_MAX_BYTES);
    }
    return frame_decode_answer(arena, frame, out, sequence, err);
}

enum fault frame_decode_answer(struct arena *arena, struct span frame, Envelope **out, uint64_t *sequence,
                               struct error *err)
{
    *sequence = 0;
    bool shape = true;
    bool strings = frame_check(&referent__v1__envelope__descriptor, frame, &shape);
    if (!shape)
        return error_set(err, FAULT_REJECT, "frame.decode", "the frame of %zu bytes is not a referent.v1.Envelope",
                         frame.size);
    struct frame_peek peek = frame_peek(frame);
    *sequence = peek.sequence;
    if (!strings)
        return error_set(err, FAULT_REJECT, "string.utf8", "a string in the frame is not UTF-8 or holds a NUL byte");
    struct taking taking = {arena, false};
    ProtobufCAllocator allocator = {take, give_back, &taking};
    Envelope *envelope = referent__v1__envelope__unpack(&allocator, frame.size, (const uint8_t *)frame.at);
    if (envelope == NULL && taking.full)
        return arena_full(err);
    if (envelope == NULL) {
        *sequence = 0;
        return error_set(err, FAULT_REJECT, "frame.decode", "the frame of %zu bytes is not a referent.v1.Envelope",
                         frame.size);
    }
    if (envelope->protocol != PROTOCOL_VERSION)
        return error_set(err, FAULT_REJECT, "protocol.version", "protocol %" PRIu32 " is unknown here; use %d",
                         envelope->protocol, PROTOCOL_VERSION);
    if (envelope->payload_case == REFERENT__V1__ENVELOPE__PAYLOAD__NOT_SET)
        return error_set(err, FAULT_REJECT, "frame.empty", "the envelope carries no message this worker knows");
    *out = envelope;
    return FAULT_NONE;
}

Envelope frame_envelope(uint64_t sequence)
{
    Envelope envelope = REFERENT__V1__ENVELOPE__INIT;
    envelope.protocol = PROTOCOL_VERSION;
    envelope.sequence = sequence;
    return envelope;
}

size_t frame_size(const Envelope *envelope)
{
    return referent__v1__envelope__get_packed_size(envelope);
}

void frame_pack(const Envelope *envelope, void *out)
{
    referent__v1__envelope__pack(envelope, out);
}
