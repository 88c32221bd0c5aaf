/* A frame is one Envelope of proto/envelope.proto. Its limits, decoding into an arena, encoding into bytes.
 *
 * What comes in is hostile until checked: size first, then shape (every length inside its message, nesting bounded),
 * then strings (UTF-8, no NUL, because protobuf-c would silently cut there), then allocation within the arena's bound.
 */
#ifndef REFERENT_FRAME_H
#define REFERENT_FRAME_H

#include "arena.h"
#include "envelope.pb-c.h"
#include "error.h"
#include "span.h"

enum {
    PROTOCOL_VERSION = 1,
    ID_MAX_BYTES = 200,
    QUERY_MAX_BYTES = 4096,
    DOCUMENT_MAX_BYTES = 16 * 1024 * 1024,
    FRAME_MAX_BYTES = 2 * DOCUMENT_MAX_BYTES /* ZeroMQ's MAXMSGSIZE: beyond it the connection is cut */
};

typedef Referent__V1__Envelope Envelope;

/* Decode `frame`.
 * Owner   *out lives in `arena`; its bytes are copies.
 * Faults  FAULT_REJECT frame.decode: not an Envelope (its sequence cannot be trusted);
 *         FAULT_REJECT string.utf8: a string is not UTF-8 or holds a NUL; protocol.version; frame.empty: no payload;
 *         frame.size: above DOCUMENT_MAX_BYTES and 64 KiB of envelope around it; arena.bound.
 *         With all but frame.decode, *sequence is that of the frame. */
NODISCARD enum fault frame_decode(struct arena *arena, struct span frame, Envelope **out, uint64_t *sequence,
                                  struct error *err);

/* The same without a bound on the frame but ZeroMQ's own, for what a worker answers: a GetReply holds a whole document
 * and all that was found in it. */
NODISCARD enum fault frame_decode_answer(struct arena *arena, struct span frame, Envelope **out, uint64_t *sequence,
                                         struct error *err);

/* What can be learnt of a frame without decoding it: its sequence and the field number of its payload (0 if none or
 * unreadable). Linear only in the number of top-level fields; bodies are skipped, not read. */
struct frame_peek {
    uint64_t sequence;
    uint32_t payload;
};
struct frame_peek frame_peek(struct span frame);

/* Field numbers of payloads that frame_peek names. */
enum {
    FRAME_HELLO = 10,
    FRAME_SUBMIT = 12,
    FRAME_DELETE = 13,
    FRAME_INVENTORY = 15,
    FRAME_DEAD_LIST = 20,
    FRAME_DEAD_GET = 22,
    FRAME_DEAD_DROP = 24
};

/* True if every string in the encoded message is UTF-8 without NUL; false also for a message out of shape, with *shape
 * set to false. Used by frame_decode. */
bool frame_check(const ProtobufCMessageDescriptor *type, struct span message, bool *shape);

/* An Envelope ready to be filled: protocol and sequence set. */
Envelope frame_envelope(uint64_t sequence);
/* Bytes that frame_pack will write. */
size_t frame_size(const Envelope *envelope);
void frame_pack(const Envelope *envelope, void *out);

#endif
