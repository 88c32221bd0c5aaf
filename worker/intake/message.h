/* DECODE: a Submit, Delete or InventoryRequest frame -> a job in an arena of its own, checked as far as that goes
 * without reading the text. */
#ifndef REFERENT_MESSAGE_H
#define REFERENT_MESSAGE_H

#include "frame.h"
#include "job.h"

/* Make a job of a frame.
 * Owner   `arena` is the job's from now on, and *out lives in it (job->arena); the caller frees it with the job. *out
 * is NULL, and the arena freed, when even that could not be made. After a fault *out is there if possible, with
 * sequence and id as far as they are known, for the receipt, and with job->frame for the dead letter if a document
 * could not be decoded. Faults  FAULT_REJECT: the rules of frame_decode, and id.length, id.character, source.prefix,
 * media.type, body.empty, frame.size; FAULT_RETRY memory. */
NODISCARD enum fault message_decode(struct span frame, struct span routing, struct arena *arena, uint32_t shards,
                                    struct job **out, struct error *err);

/* A frame that is no Envelope, for the dead letters: its first UNREADABLE_MAX_BYTES. Faults: FAULT_RETRY memory. */
enum { UNREADABLE_MAX_BYTES = 64 * 1024 };
NODISCARD enum fault message_unreadable(struct span frame, struct span routing, struct job **out, struct error *err);

/* The work that decoding the frame is, before it is decoded: by its payload, without its sequence. */
struct work message_work(struct span frame, uint32_t payload);
/* A Submit or Delete that is set aside before it is decoded, for the dead letters. Faults: FAULT_RETRY memory. */
NODISCARD enum fault message_aside(struct span frame, struct span routing, struct job **out, struct error *err);

/* A question about dead letters, whose answer may take as much as a document.
 * Faults: those of frame_decode; *out is NULL then. */
NODISCARD enum fault message_question(struct span frame, struct span routing, struct job **out, uint64_t *sequence,
                                      struct error *err);

/* The rules of an id: 1..200 bytes, no control characters, and below its source. */
NODISCARD enum fault message_check_id(struct span id, struct span source, struct error *err);

#endif
