/* The code of a block of raw deflate (RFC 1951, 3.2), read from the head of the block into tables that tell several
 * letters by one look. Pure; hostile heads are refused. */
#ifndef REFERENT_SHIM_INFLATE_CODE_H
#define REFERENT_SHIM_INFLATE_CODE_H

#include "span.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    INFLATE_BITS_MAX = 15,     /* of the code of one symbol */
    INFLATE_LOOK_BITS = 13,    /* that `pair` and `used` look at */
    INFLATE_HEAD_MAX = 320,    /* bytes of a head, the longest one that can be */
    INFLATE_END_OF_BLOCK = 256 /* the symbol; lengths of repetitions follow it */
};

/* Symbols by the next bits of the input, as many as the longest of them has: symbol << 4 | bits; 0: no code. So few of
 * the cells are asked for that they stay near. */
struct inflate_table {
    uint16_t cells[1 << INFLATE_BITS_MAX];
    uint32_t mask;
};

/* `pair` and `used` are by the next thirteen: up to two letters, and the bits of all of them, above which stands how
 * many there are; 0: no letter, see `letters`. Bits stand alone because the next look waits for nothing else, and their
 * table is small enough to stay near. */
struct inflate_code {
    uint8_t used[1 << INFLATE_LOOK_BITS];
    uint8_t pair[1 << INFLATE_LOOK_BITS][2];
    struct inflate_table letters, distances;
    uint8_t head[INFLATE_HEAD_MAX]; /* as it stood at the beginning of a tag, the bit that tells the last block 0 */
    uint32_t head_bits;             /* 0: there is none */
};

static inline uint32_t inflate_symbol(const struct inflate_table *table, uint64_t bits)
{
    return table->cells[bits & table->mask];
}

/* The code of fixed blocks. */
void inflate_code_fixed(struct inflate_code *code);
/* The code that a dynamic block at the beginning of `bytes` tells. False: there is none, it is cut off, or a code in it
 * is not complete (one distance alone, and no distance at all, are). */
bool inflate_code_read(struct inflate_code *code, struct span bytes);
/* Does the tag begin with a block of this code? */
bool inflate_code_begins(const struct inflate_code *code, struct span bytes);

#endif
