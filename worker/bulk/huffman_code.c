/* huffman_code: counts -> lengths -> codes -> head of a block. Pure. */
#include "huffman_code.h"

#include <stdlib.h>
#include <string.h>

/* The lengths are coded themselves, with repetitions. */
enum { META_SYMBOLS = 19, META_MAX = 7 };

/* ---- lengths */

struct leaf {
    uint64_t count;
    uint32_t symbol;
};

static int leaf_compare(const void *a, const void *b)
{
    const struct leaf *left = a, *right = b;
    if (left->count != right->count)
        return left->count < right->count ? -1 : 1;
    return (left->symbol > right->symbol) - (left->symbol < right->symbol);
}

/* Depth of every leaf in Huffman's tree; leaves ascend by count. */
static void depths_find(const struct leaf *leaves, size_t count, uint32_t *depths)
{
    uint64_t weights[HUFFMAN_SYMBOLS];
    uint32_t parents[2 * HUFFMAN_SYMBOLS] = {0}, levels[HUFFMAN_SYMBOLS] = {0};
    size_t leaf = 0, node = 0, made = 0; /* node n stands at parents[count + n] */
    for (; made + 1 < count; made++) {
        weights[made] = 0;
        for (int child = 0; child < 2; child++) {
            bool is_leaf = leaf < count && (node >= made || leaves[leaf].count <= weights[node]);
            weights[made] += is_leaf ? leaves[leaf].count : weights[node];
            parents[is_leaf ? leaf++ : count + node++] = (uint32_t)made;
        }
    }
    for (size_t i = made - 1; i-- > 0;)
        levels[i] = levels[parents[count + i]] + 1;
    for (size_t i = 0; i < count; i++)
        depths[i] = levels[parents[i]] + 1;
}

/* Lengths between least and most that use all codes there are, as decoders ask; at least two symbols have counts. */
static void lengths_find(const uint64_t *counts, size_t symbols, unsigned least, unsigned most, uint8_t *lengths)
{
    struct leaf leaves[HUFFMAN_SYMBOLS];
    uint32_t depths[HUFFMAN_SYMBOLS], used = 0, all = UINT32_C(1) << most;
    size_t count = 0;
    memset(lengths, 0, symbols);
    for (size_t i = 0; i < symbols; i++)
        if (counts[i] > 0)
            leaves[count++] = (struct leaf){counts[i], (uint32_t)i};
    qsort(leaves, count, sizeof *leaves, leaf_compare);
    depths_find(leaves, count, depths);
    for (size_t i = 0; i < count; i++) {
        depths[i] = depths[i] < least ? least : depths[i] > most ? most : depths[i];
        used += all >> depths[i];
    }
    for (size_t i = 0; used > all; i = (i + 1) % count) /* the rarest ones get longer */
        if (depths[i] < most)
            used -= all >> ++depths[i];
    for (size_t i = count; used<all; i = i> 1 ? i - 1 : count) /* the most frequent ones get shorter */
        if (depths[i - 1] > least && used + (all >> depths[i - 1]) <= all)
            used += all >> depths[i - 1]--;
    for (size_t i = 0; i < count; i++)
        lengths[leaves[i].symbol] = (uint8_t)depths[i];
}

/* Codes of one length follow one another, the shorter ones first; deflate sends their highest bit first. */
static void codes_find(const uint8_t *lengths, size_t symbols, uint32_t *codes)
{
    uint32_t next = 0;
    for (unsigned length = 1; length <= HUFFMAN_LENGTH_MAX; length++, next <<= 1)
        for (size_t i = 0; i < symbols; i++) {
            if (lengths[i] != length)
                continue;
            uint32_t code = 0;
            for (unsigned bit = 0; bit < length; bit++)
                code |= (next >> bit & 1) << (length - 1 - bit);
            codes[i] = code | (uint32_t)length << 16;
            next++;
        }
}

/* ---- the head of a block: lengths of the codes, as they themselves are coded */

enum { LENGTHS_MAX = HUFFMAN_SYMBOLS + HUFFMAN_DISTANCES };

struct meta {
    uint8_t symbols[LENGTHS_MAX];
    uint8_t repeats[LENGTHS_MAX]; /* what follows a symbol that repeats */
    size_t count;
};

enum { META_REPEAT = 16, META_REPEAT_MIN = 3, META_REPEAT_MAX = 6, META_REPEAT_BITS = 2 };

/* Everything has a code, so there are no zeros, but where there are no repetitions the one distance, at the end. */
static void meta_fill(struct meta *meta, const uint8_t *lengths, size_t count)
{
    meta->count = 0;
    for (size_t i = 0, run; i < count; i += run) {
        for (run = 1; i + run < count && lengths[i + run] == lengths[i];)
            run++;
        meta->symbols[meta->count++] = lengths[i];
        size_t rest = run - 1;
        while (rest >= META_REPEAT_MIN) {
            size_t part = rest < META_REPEAT_MAX ? rest : META_REPEAT_MAX;
            meta->repeats[meta->count] = (uint8_t)(part - META_REPEAT_MIN);
            meta->symbols[meta->count++] = META_REPEAT;
            rest -= part;
        }
        for (; rest > 0; rest--)
            meta->symbols[meta->count++] = lengths[i];
    }
}

/* `lengths`: of so many symbols, and behind them of so many distances. */
static void header_make(const uint8_t *lengths, size_t symbols, size_t distances, struct huffman_header *header)
{
    static const uint8_t order[META_SYMBOLS] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    struct meta meta;
    uint64_t counts[META_SYMBOLS] = {0};
    uint8_t meta_lengths[META_SYMBOLS];
    uint32_t codes[META_SYMBOLS] = {0};
    size_t sent = META_SYMBOLS;
    char bytes[HUFFMAN_HEADER_MAX + 8];
    struct bits bits = {.to = bytes};
    meta_fill(&meta, lengths, symbols + distances);
    for (size_t i = 0; i < meta.count; i++)
        counts[meta.symbols[i]]++;
    lengths_find(counts, META_SYMBOLS, 1, META_MAX, meta_lengths);
    codes_find(meta_lengths, META_SYMBOLS, codes);
    while (meta_lengths[order[sent - 1]] == 0)
        sent--;
    bits_put(&bits, 1 | 2 << 1, 3); /* the last block; a code of its own */
    bits_put(&bits, symbols - HUFFMAN_BYTES, 5);
    bits_put(&bits, distances - 1, 5);
    bits_put(&bits, sent - 4, 4);
    for (size_t i = 0; i < sent; i++) {
        bits_flush(&bits);
        bits_put(&bits, meta_lengths[order[i]], 3);
    }
    for (size_t i = 0; i < meta.count; i++) {
        bits_flush(&bits);
        bits_put(&bits, codes[meta.symbols[i]] & 0xFFFF, codes[meta.symbols[i]] >> 16);
        bits_put(&bits, meta.symbols[i] == META_REPEAT ? meta.repeats[i] : 0,
                 meta.symbols[i] == META_REPEAT ? META_REPEAT_BITS : 0);
    }
    bits_flush(&bits);
    header->bits = (uint32_t)(bits.to - bytes) * 8 + bits.count;
    memcpy(header->bytes, bytes, (size_t)(bits.to - bytes) + 1);
}

/* Neighbours that differ by less than this become alike, if there are so many of them. */
enum { ALIKE_NUMERATOR = 5, ALIKE_DENOMINATOR = 2, ALIKE_MIN = 3 };

static void neighbours_level(uint64_t *counts, size_t symbols)
{
    for (size_t start = 0, end; start < symbols; start = end) {
        uint64_t least = counts[start], most = least, sum = least;
        for (end = start + 1; end < symbols; end++) {
            uint64_t low = counts[end] < least ? counts[end] : least, high = counts[end] > most ? counts[end] : most;
            if (high * ALIKE_DENOMINATOR > low * ALIKE_NUMERATOR)
                break;
            least = low;
            most = high;
            sum += counts[end];
        }
        for (size_t i = start; end - start >= ALIKE_MIN && i < end; i++)
            counts[i] = sum / (end - start);
    }
}

/* The head of a block is short where neighbours have codes of one length, and inflate is sooner done with its tables.
 * So what is seldom is all alike, and so are neighbours that hardly differ; and everything has a code. */
static void counts_level(const uint64_t *counts, size_t symbols, uint64_t *out)
{
    uint64_t seen = 0, seldom = 0, seldom_symbols = 0;
    for (size_t i = 0; i < symbols; i++)
        seen += counts[i];
    for (size_t i = 0; i < symbols; i++) {
        bool is_seldom = counts[i] <= seen >> (HUFFMAN_LENGTH_MAX - 3);
        seldom += is_seldom ? counts[i] : 0;
        seldom_symbols += is_seldom;
    }
    uint64_t mean = seldom_symbols > 0 ? seldom / seldom_symbols : 0, least = seen >> HUFFMAN_LENGTH_MAX;
    for (size_t i = 0; i < symbols; i++) {
        bool is_seldom = counts[i] <= seen >> (HUFFMAN_LENGTH_MAX - 3);
        out[i] = 1 + (!is_seldom ? counts[i] : mean > least ? mean : least);
    }
    neighbours_level(out, symbols);
}

void huffman_code(const struct huffman_counts *counts, bool repeats, struct huffman_codes *codes,
                  struct huffman_header *header)
{
    uint8_t lengths[LENGTHS_MAX];
    uint64_t leveled[HUFFMAN_SYMBOLS];
    size_t symbols = repeats ? HUFFMAN_SYMBOLS : HUFFMAN_BYTES, distances = 1;
    counts_level(counts->symbols, symbols, leveled);
    lengths_find(leveled, symbols, HUFFMAN_LENGTH_MIN, HUFFMAN_LENGTH_MAX, lengths);
    codes_find(lengths, symbols, codes->symbols);
    lengths[symbols] = 0;
    if (repeats) {
        distances = HUFFMAN_DISTANCES;
        counts_level(counts->distances, distances, leveled);
        lengths_find(leveled, distances, 1, HUFFMAN_LENGTH_MAX, lengths + symbols);
        codes_find(lengths + symbols, distances, codes->distances);
    }
    header_make(lengths, symbols, distances, header);
}

void huffman_code_known(struct huffman_codes *codes)
{
    enum { BYTES_SHORT = 144, BYTES = 256, LENGTHS_SHORT = 280, SYMBOLS = 288 /* two of them never come */ };
    uint8_t lengths[SYMBOLS];
    uint32_t all[SYMBOLS];
    for (size_t i = 0; i < SYMBOLS; i++)
        lengths[i] = i < BYTES_SHORT ? 8 : i < BYTES ? 9 : i < LENGTHS_SHORT ? 7 : 8;
    codes_find(lengths, SYMBOLS, all);
    memcpy(codes->symbols, all, sizeof codes->symbols);
    memset(lengths, 5, HUFFMAN_DISTANCES);
    codes_find(lengths, HUFFMAN_DISTANCES, codes->distances);
}
