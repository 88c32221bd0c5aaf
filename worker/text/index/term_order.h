/* The order of terms, which is that of their bytes: by numbers first, as bytes are compared only where those are alike.
 *
 * A head is a number made of how a term begins: five bits for its prefix, or what stands before and behind the common
 * ones, then six for each of nine bytes, so far as each of them is one that terms have often. */
#ifndef REFERENT_TERM_ORDER_H
#define REFERENT_TERM_ORDER_H

#include "arena.h"
#include "span.h"

#include <stdint.h>

/* Never larger than that of a term behind it; terms with one head may stand in any order. */
uint64_t term_head(struct span term);

struct term_key {
    uint64_t head;
    uint32_t term; /* the caller's number of it */
};

/* The bytes of a term by its number. */
typedef struct span term_bytes_function(const void *self, uint32_t term);

/* Sort the keys by the terms' bytes; `spare` has as much room. They end up in one of the two, which is returned; NULL
 * when the arena is full. */
const struct term_key *term_sort(struct arena *arena, struct term_key *keys, struct term_key *spare, size_t count,
                                 term_bytes_function *bytes, const void *self);

#endif
