/* Every different term of a segment, with a number. Open addressing over one pool of bytes; the seed of the hash is the
 * segment's own, so that nobody can prepare terms that collide.
 *
 *   slots  |hash, place in the pool|          a power of two, at most two thirds used
 *   pool   ... |number 4|count 4|wdf 4|size 1|bytes| ...
 *
 * How often a term came, and with how much wdf, stands with the bytes because those are looked at anyway, to see that
 * it is this term.
 * Invariant: numbers are 0, 1, 2, ... in the order in which terms came. */
#ifndef REFERENT_BULK_LEXICON_H
#define REFERENT_BULK_LEXICON_H

#include "buffer.h"
#include "error.h"
#include "span.h"

#include <stdint.h>
#include <string.h>

struct lexicon_slot {
    uint32_t hash; /* lower half: the slot's place begins with it, and it tells most other terms apart */
    uint32_t at;   /* place in the pool and one; 0: free */
};

/* Where things stand in the pool, from the place of a term on; and bytes behind the last one that may be read. */
enum { LEXICON_COUNT = 4, LEXICON_SIZE = 12, LEXICON_BYTES = 13, LEXICON_BEHIND = 8 };

/* How often a term came, and the sum of its wdf, which Xapian counts in 32 bits. */
struct lexicon_count {
    uint32_t count, wdf;
};

struct lexicon {
    struct lexicon_slot *slots;
    uint32_t mask;
    uint32_t count;
    uint64_t seed;
    struct buffer pool;
    struct buffer order, spare; /* of struct lexicon_term: where they are put in order; kept from run to run */
};

/* A term in order of bytes; it came `count` times. */
struct lexicon_term {
    uint64_t head;  /* eight of its bytes as a number, while they are sorted by them */
    const char *at; /* in the pool */
    uint32_t count;
    uint32_t number;
};

static inline struct span lexicon_span(const struct lexicon_term *term)
{
    return (struct span){term->at, (unsigned char)term->at[-1]};
}

static inline uint32_t lexicon_wdf(const struct lexicon_term *term)
{
    struct lexicon_count count;
    memcpy(&count, term->at - LEXICON_BYTES + LEXICON_COUNT, sizeof count);
    return count.wdf;
}

void lexicon_clear(struct lexicon *lexicon, uint64_t seed);
void lexicon_done(struct lexicon *lexicon);
/* Room for `terms` more terms of `bytes` bytes together; false without memory. */
NODISCARD bool lexicon_reserve(struct lexicon *lexicon, size_t terms, size_t bytes);
/* Ask memory early for what lexicon_number will look at; most terms are far apart there. First the slot of a term's
 * hash, some terms later the pool's bytes. */
uint64_t lexicon_hash(const struct lexicon *lexicon, struct span term);
void lexicon_fetch_slot(const struct lexicon *lexicon, uint64_t hash);
void lexicon_fetch_term(const struct lexicon *lexicon, uint64_t hash);
/* The number of a term of 1..255 bytes with its hash, which came once more with `wdf`; room was reserved. */
uint32_t lexicon_number(struct lexicon *lexicon, struct span term, uint64_t hash, uint32_t wdf);
/* Every term came counts[number] more. */
void lexicon_add(struct lexicon *lexicon, const struct lexicon_count *counts);
/* All terms in order of bytes, until the next call; NULL without memory. See lexicon_order.c. */
struct lexicon_term *lexicon_sorted(struct lexicon *lexicon);
/* Give back what that has taken. */
void lexicon_unsorted(struct lexicon *lexicon);
/* The first eight bytes of a term as a number; terms with different ones are in order by them. */
uint64_t lexicon_head(struct span term);
size_t lexicon_bytes(const struct lexicon *lexicon);

#endif
