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

/* body as it stands behind "body=": a zstd frame, byte 10 written ESC '1', byte 27 ESC '2'.
 * Faults  FAULT_REJECT arena.bound; FAULT_REOPEN body.pack if zstd fails for want of memory. */
NODISCARD enum fault body_pack(struct arena *arena, struct body_packer *packer, struct span body, struct span *packed,
                               struct error *err);
/* A decompressor to be used again and again, one per thread: making one costs as much as unpacking a body. NULL if
 * there is no memory; freed and set to NULL by body_unpacker_free, for which NULL is fine. */
struct body_unpacker;
struct body_unpacker *body_unpacker_new(void);
void body_unpacker_free(struct body_unpacker **unpacker);

/* The inverse; packed is the value of FIELD_BODY, whole.
 * Shape   the frame must name its size, which must not be above max_bytes: nothing is allocated before that is checked.
 * Faults  FAULT_REJECT body.size above max_bytes, body.damaged if it is no such frame, arena.bound. */
NODISCARD enum fault body_unpack(struct arena *arena, struct span packed, size_t max_bytes, struct text *body,
                                 struct error *err);
/* The same with a decompressor of the caller's. */
NODISCARD enum fault body_unpack_with(struct body_unpacker *unpacker, struct arena *arena, struct span packed,
                                      size_t max_bytes, struct text *body, struct error *err);

#endif
