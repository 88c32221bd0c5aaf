/* One Huffman code for many tags, as raw deflate (RFC 1951). A tenth of the work of finding each tag's own, and nearly
 * as small, because tags are short and alike. The code is that of the tags before, and each tag carries it.
 *
 *   |dynamic block: the code, bytes, end|               or, when the end of the tag is noise (a packed body)
 *   |dynamic block: the code, bytes, end|stored blocks: noise|
 *   |fixed block: bytes and repetitions, end|           or, when a code of its own gains little
 *
 * Of two kinds: term lists hardly tell anything twice, as their terms share beginnings already, so each byte is written
 * as its code. Data name a committee three times: what stands up to HUFFMAN_REPEAT_BYTES before the noise is looked
 * through for repetitions, too, by one look at the last place where the same four bytes stood. Where those are short,
 * the code that everybody knows serves: no head of seventy bytes, of which inflate would make tables for each tag.
 *
 * No item of a block inflates to more than stock can bear (see base/tag.h): no code is shorter than three bits, and
 * where there are repetitions, a step of inflate holds all that they can make and an item of stored bytes. */
#ifndef REFERENT_BULK_HUFFMAN_H
#define REFERENT_BULK_HUFFMAN_H

#include "huffman_code.h"
#include "span.h"

#include <stdbool.h>
#include <stdint.h>

enum { HUFFMAN_REPEAT_BYTES = 4096, HUFFMAN_SAMPLE_BYTES = 1024, HUFFMAN_PLACES_BITS = 11 };

struct huffman {
    bool repeats;
    struct huffman_counts counts;
    uint64_t seen, renewed; /* bytes; and when the code was made last */
    struct huffman_codes codes, known;
    struct huffman_header header;
    uint16_t places[1 << HUFFMAN_PLACES_BITS]; /* of four bytes with such a hash: the last one; 0: none, or the first */
};

/* As before the first tag: the code is that of `sample`, of HUFFMAN_SAMPLE_BYTES at most. `repeats`: repetitions are
 * looked for. */
void huffman_begin(struct huffman *huffman, struct span sample, bool repeats);
/* Bytes of `room` that huffman_pack needs for a tag. */
size_t huffman_bound(size_t size);
/* Raw deflate of a tag into `out`; its size, or 0 if it would not be smaller than the tag. */
size_t huffman_pack(struct huffman *huffman, struct span tag, char *out);

#endif
