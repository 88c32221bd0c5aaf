/* A body as document data hold it: compressed, and without line breaks, so that the data stay lines. */
#ifndef REFERENT_PACK_H
#define REFERENT_PACK_H

#include "arena.h"
#include "error.h"
#include "span.h"

/* A compressor, one per thread; NULL if there is no memory. */
struct body_packer;
struct body_packer *body_packer_new(void);
/* Free it and set *packer to NULL; NULL and *packer NULL are fine. */
void body_packer_free(struct body_packer **packer);

/* body as it stands behind "body=": zstd frames one behind the other, each of 32 KiB of the body but the last, byte 10
 * written ESC '1', byte 27 ESC '2'.
 * Faults  FAULT_REJECT arena.bound; FAULT_REOPEN body.pack if zstd fails for want of memory. */
NODISCARD enum fault body_pack(struct arena *arena, struct body_packer *packer, struct span body, struct span *packed,
                               struct error *err);
/* A decompressor to be used again and again, one per thread: making one costs as much as unpacking a body. NULL if
 * there is no memory; freed and set to NULL by body_unpacker_free, for which NULL is fine. */
struct body_unpacker;
struct body_unpacker *body_unpacker_new(void);
void body_unpacker_free(struct body_unpacker **unpacker);

/* The inverse; packed is the value of FIELD_BODY, whole.
 * Shape   every frame must name its size, the sum must not be above max_bytes: nothing is allocated before that is
 *         checked.
 * Faults  FAULT_REJECT body.size above max_bytes, body.damaged if it is no such frame, arena.bound; FAULT_REOPEN
 * memory.
 */
NODISCARD enum fault body_unpack(struct arena *arena, struct span packed, size_t max_bytes, struct text *body,
                                 struct error *err);

/* A stretch of a body. */
struct body_part {
    struct text text;
    size_t start;      /* in the body */
    size_t body_bytes; /* of all of it */
};
/* The frames that hold bytes from..to-1 of the body: what comes out may begin before and end behind, and ends earlier
 * where the body does. Shape and faults as body_unpack. */
NODISCARD enum fault body_unpack_part(struct body_unpacker *unpacker, struct arena *arena, struct span packed,
                                      size_t from, size_t to, size_t max_bytes, struct body_part *out,
                                      struct error *err);

#endif
