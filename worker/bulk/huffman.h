/* One Huffman code for many tags, as raw deflate (RFC 1951): each byte as its code, no repetitions. A tenth of the work
 * of a search for them, and nearly as small, because tags are short and tell hardly anything twice: their terms share
 * beginnings already, their texts are packed. The code is that of the tags before, and each tag carries it.
 *
 *   |dynamic block: the code, bytes, end|               or, when the end of the tag is noise (a packed body)
 *   |dynamic block: the code, bytes, end|stored blocks: noise|
 *
 * No code is shorter than three bits, so no item of a block inflates to more than stock can bear (see base/tag.h). */
#ifndef REFERENT_BULK_HUFFMAN_H
#define REFERENT_BULK_HUFFMAN_H

#include "span.h"

#include <stdint.h>

enum { HUFFMAN_SYMBOLS = 257, HUFFMAN_END = 256, HUFFMAN_HEADER_MAX = 320 };

struct huffman {
    uint64_t counts[HUFFMAN_SYMBOLS]; /* of what came so far */
    uint64_t seen, renewed;           /* bytes; and when the code was made last */
    uint32_t codes[HUFFMAN_SYMBOLS];  /* bits, first one lowest; their number in the upper half */
    uint8_t header[HUFFMAN_HEADER_MAX];
    uint32_t header_bits;
};

/* As before the first tag: the code is that of `sample`. */
void huffman_begin(struct huffman *huffman, struct span sample);
/* Bytes of `room` that huffman_pack needs for a tag. */
size_t huffman_bound(size_t size);
/* Raw deflate of a tag into `out`; its size, or 0 if it would not be smaller than the tag. */
size_t huffman_pack(struct huffman *huffman, struct span tag, char *out);

#endif
