/* Code of a deflate block (RFC 1951): from how often each symbol came to its bits, and to the head of a block that
 * tells them. Pure. */
#ifndef REFERENT_BULK_HUFFMAN_CODE_H
#define REFERENT_BULK_HUFFMAN_CODE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
    HUFFMAN_BYTES = 257, /* symbols: bytes and the end */
    HUFFMAN_END = 256,
    HUFFMAN_SYMBOLS = 286,   /* and lengths of repetitions */
    HUFFMAN_DISTANCES = 30,  /* how far back they are, coded by themselves */
    HUFFMAN_LENGTH_MIN = 3,  /* of a code; see huffman.h */
    HUFFMAN_LENGTH_MAX = 13, /* four of them and seven bits fit 64 */
    HUFFMAN_HEADER_MAX = 320
};

/* What came so far of an alphabet, and its code: bits, first one lowest; their number in the upper half. */
struct huffman_counts {
    uint64_t symbols[HUFFMAN_SYMBOLS], distances[HUFFMAN_DISTANCES];
};
struct huffman_codes {
    uint32_t symbols[HUFFMAN_SYMBOLS], distances[HUFFMAN_DISTANCES];
};

/* The code of a dynamic block, the last one, that says the code. */
struct huffman_header {
    uint8_t bytes[HUFFMAN_HEADER_MAX];
    uint32_t bits;
};

/* Every symbol gets a code; without `repeats` bytes and the end alone, and there is no distance. */
void huffman_code(const struct huffman_counts *counts, bool repeats, struct huffman_codes *codes,
                  struct huffman_header *header);
/* The code that needs no telling (RFC 1951, 3.2.6): a byte takes eight bits or nine, so only repetitions gain. */
void huffman_code_known(struct huffman_codes *codes);

/* ---- bits, lowest first; there is room for eight bytes behind what is written */

struct bits {
    char *to;
    uint64_t held; /* what is not written yet, the first bit lowest */
    unsigned count;
};

static inline void bits_put(struct bits *bits, uint64_t value, unsigned width)
{
    bits->held |= value << bits->count;
    bits->count += width;
}

/* Eight bytes at a time, of which whole ones count; the others are written again. */
static inline void bits_flush(struct bits *bits)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint64_t held = bits->held;
#else
    uint64_t held = __builtin_bswap64(bits->held);
#endif
    memcpy(bits->to, &held, sizeof held);
    bits->to += bits->count / 8;
    bits->held >>= bits->count / 8 * 8;
    bits->count %= 8;
}

static inline void code_put(struct bits *bits, uint32_t code)
{
    bits_put(bits, code & 0xFFFF, code >> 16);
}

#endif
