/* A document or a deletion as a frame, and the limits it must keep before it may be sent. Pure. */
#ifndef REFERENT_SUBMISSION_H
#define REFERENT_SUBMISSION_H

#include "arena.h"
#include "error.h"
#include "frame.h"
#include "referent.h"

#include <zmq.h>

/* Does the document keep the limits that cannot be left to the worker? A frame over MAXMSGSIZE would cut the
 * connection, and an id that the worker cannot read back would have no receipt. Faults: FAULT_REJECT id.length,
 * string.utf8, id.character, frame.size. */
NODISCARD enum fault submission_check(const struct referent_document *document, uint64_t max_bytes, struct error *err);
NODISCARD enum fault id_check(const char *id, struct error *err);

/* The digest of the document as the worker will see it. Faults: FAULT_RETRY memory. */
NODISCARD enum fault submission_digest(const struct referent_document *document, unsigned char digest[static 16],
                                       struct error *err);

/* Fill an empty ZeroMQ message with the frame.
 * Faults: FAULT_REJECT frame.size; FAULT_RETRY memory. */
NODISCARD enum fault submission_pack(const struct referent_document *document, uint64_t sequence, uint64_t max_bytes,
                                     zmq_msg_t *frame, struct error *err);
NODISCARD enum fault deletion_pack(const char *id, uint64_t version, const char *source, uint64_t sequence,
                                   zmq_msg_t *frame, struct error *err);

#endif
