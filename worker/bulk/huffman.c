/* huffman: counts -> code -> bits. Pure. */
#include "huffman.h"

#include "mistake.h"

#include <stdbool.h>
#include <stdlib.h>

enum {
    LENGTH_MIN = 3,    /* see huffman.h */
    LENGTH_MAX = 13,   /* four of them and seven bits fit 64 */
    META_SYMBOLS = 19, /* the lengths are coded themselves, with repetitions */
    META_MAX = 7,
    RENEW_FIRST = 512,
    RENEW_LAST = 1 << 20, /* bytes; then the code stays */
    PIECE = 128,          /* a tag is cut at a multiple of it */
    SAMPLED = 4,          /* of the bytes, one in so many is weighed */
    STORED_MAX = 65535,
    STORED_HEAD = 5
};

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
    for (unsigned length = 1; length <= LENGTH_MAX; length++, next <<= 1)
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

/* ---- bits */

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
    for (unsigned i = 0; i < 8; i++)
        bits->to[i] = (char)(bits->held >> 8 * i);
    bits->to += bits->count / 8;
    bits->held >>= bits->count / 8 * 8;
    bits->count %= 8;
}

/* ---- the head of a block: lengths of the codes, as they themselves are coded */

struct meta {
    uint8_t symbols[HUFFMAN_SYMBOLS + 1];
    uint8_t repeats[HUFFMAN_SYMBOLS + 1]; /* what follows a symbol that repeats */
    size_t count;
};

enum { META_REPEAT = 16, REPEAT_MIN = 3, REPEAT_MAX = 6, REPEAT_BITS = 2 };

/* Every byte has a code, so there are no zeros but the one at the end: the only distance, which is not used. */
static void meta_fill(struct meta *meta, const uint8_t *lengths)
{
    meta->count = 0;
    for (size_t i = 0, run; i < HUFFMAN_SYMBOLS; i += run) {
        for (run = 1; i + run < HUFFMAN_SYMBOLS && lengths[i + run] == lengths[i];)
            run++;
        meta->symbols[meta->count++] = lengths[i];
        size_t rest = run - 1;
        while (rest >= REPEAT_MIN) {
            size_t part = rest < REPEAT_MAX ? rest : REPEAT_MAX;
            meta->repeats[meta->count] = (uint8_t)(part - REPEAT_MIN);
            meta->symbols[meta->count++] = META_REPEAT;
            rest -= part;
        }
        for (; rest > 0; rest--)
            meta->symbols[meta->count++] = lengths[i];
    }
    meta->symbols[meta->count++] = 0;
}

static void header_make(struct huffman *huffman, const uint8_t *lengths)
{
    static const uint8_t order[META_SYMBOLS] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    struct meta meta;
    uint64_t counts[META_SYMBOLS] = {0};
    uint8_t meta_lengths[META_SYMBOLS];
    uint32_t codes[META_SYMBOLS] = {0};
    size_t sent = META_SYMBOLS;
    char bytes[HUFFMAN_HEADER_MAX + 8];
    struct bits bits = {.to = bytes};
    meta_fill(&meta, lengths);
    for (size_t i = 0; i < meta.count; i++)
        counts[meta.symbols[i]]++;
    lengths_find(counts, META_SYMBOLS, 1, META_MAX, meta_lengths);
    codes_find(meta_lengths, META_SYMBOLS, codes);
    while (meta_lengths[order[sent - 1]] == 0)
        sent--;
    bits_put(&bits, 1 | 2 << 1, 3); /* the last block; a code of its own */
    bits_put(&bits, 0, 5 + 5);      /* 257 lengths of bytes and end, one of distances */
    bits_put(&bits, sent - 4, 4);
    for (size_t i = 0; i < sent; i++) {
        bits_flush(&bits);
        bits_put(&bits, meta_lengths[order[i]], 3);
    }
    for (size_t i = 0; i < meta.count; i++) {
        bits_flush(&bits);
        bits_put(&bits, codes[meta.symbols[i]] & 0xFFFF, codes[meta.symbols[i]] >> 16);
        bits_put(&bits, meta.symbols[i] == META_REPEAT ? meta.repeats[i] : 0,
                 meta.symbols[i] == META_REPEAT ? REPEAT_BITS : 0);
    }
    bits_flush(&bits);
    huffman->header_bits = (uint32_t)(bits.to - bytes) * 8 + bits.count;
    memcpy(huffman->header, bytes, (size_t)(bits.to - bytes) + 1);
}

static void code_renew(struct huffman *huffman)
{
    uint8_t lengths[HUFFMAN_SYMBOLS];
    uint64_t counts[HUFFMAN_SYMBOLS], seldom = huffman->seen >> (LENGTH_MAX - 3);
    for (size_t i = 0; i < HUFFMAN_SYMBOLS; i++) /* what is seldom is alike, which makes the head short */
        counts[i] = huffman->counts[i] > seldom ? huffman->counts[i] + 1 : 1;
    lengths_find(counts, HUFFMAN_SYMBOLS, LENGTH_MIN, LENGTH_MAX, lengths);
    codes_find(lengths, HUFFMAN_SYMBOLS, huffman->codes);
    header_make(huffman, lengths);
    huffman->renewed = huffman->seen;
}

/* ---- tags */

static void count_bytes(struct huffman *huffman, struct span bytes)
{
    for (size_t i = 0; i < bytes.size; i++)
        huffman->counts[(unsigned char)bytes.at[i]]++;
    huffman->counts[HUFFMAN_END]++;
    huffman->seen += bytes.size;
}

void huffman_begin(struct huffman *huffman, struct span sample)
{
    *huffman = (struct huffman){.seen = 0};
    count_bytes(huffman, sample);
    code_renew(huffman);
}

size_t huffman_bound(size_t size)
{
    return size * 2 + HUFFMAN_HEADER_MAX + 16 + (size / STORED_MAX + 1) * STORED_HEAD;
}

/* Where it is best to go over to storing: at the end, where everything gains; 0 if nothing does. */
static size_t cut_find(const struct huffman *huffman, struct span tag)
{
    size_t best = 0;
    int64_t gained = -(int64_t)huffman->header_bits, most = 0;
    for (size_t at = 0; at < tag.size; at += PIECE) {
        size_t end = at + PIECE < tag.size ? at + PIECE : tag.size;
        for (size_t i = at; i < end; i += SAMPLED)
            gained += SAMPLED * (8 - (int64_t)(huffman->codes[(unsigned char)tag.at[i]] >> 16));
        int64_t here = gained - (end < tag.size ? 8 * STORED_HEAD : 0);
        if (here > most) {
            most = here;
            best = end;
        }
    }
    return best;
}

/* Four codes fit between two flushes. */
static void bytes_put(struct huffman *huffman, struct bits *bits, struct span bytes)
{
    const uint32_t *codes = huffman->codes;
    const unsigned char *at = (const unsigned char *)bytes.at, *end = at + bytes.size;
    for (; end - at >= 4; at += 4) {
        for (int i = 0; i < 4; i++)
            bits_put(bits, codes[at[i]] & 0xFFFF, codes[at[i]] >> 16);
        bits_flush(bits);
    }
    for (; at < end; at++) {
        bits_put(bits, codes[*at] & 0xFFFF, codes[*at] >> 16);
        bits_flush(bits);
    }
    bits_put(bits, codes[HUFFMAN_END] & 0xFFFF, codes[HUFFMAN_END] >> 16);
    bits_flush(bits);
}

static char *stored_put(struct bits *bits, struct span bytes)
{
    while (bytes.size > 0) {
        size_t size = bytes.size < STORED_MAX ? bytes.size : STORED_MAX;
        bits_put(bits, size == bytes.size, 3); /* whether it is the last; stored */
        bits_flush(bits);
        char *to = bits->to + (bits->count > 0);
        uint32_t check = ~(uint32_t)size ^ (uint32_t)MISTAKE(STORED_SIZE);
        to[0] = (char)size;
        to[1] = (char)(size >> 8);
        to[2] = (char)check;
        to[3] = (char)(check >> 8);
        memcpy(to + 4, bytes.at, size);
        *bits = (struct bits){.to = to + 4 + size};
        bytes = span_cut(bytes, size, bytes.size);
    }
    return bits->to;
}

/* Learn from what was coded; of a tag that was not, from its head, because the code may be what is wrong. */
static void learn(struct huffman *huffman, struct span tag, size_t cut)
{
    if (huffman->seen >= RENEW_LAST)
        return;
    count_bytes(huffman, span_cut(tag, 0, cut > 0 ? cut : tag.size < PIECE ? tag.size : PIECE));
    if (huffman->seen >= 2 * huffman->renewed && huffman->seen >= RENEW_FIRST)
        code_renew(huffman);
}

size_t huffman_pack(struct huffman *huffman, struct span tag, char *out)
{
    size_t cut = cut_find(huffman, tag);
    if (cut == 0) {
        learn(huffman, tag, cut);
        return 0;
    }
    struct bits bits = {.to = out + huffman->header_bits / 8, .count = huffman->header_bits % 8};
    memcpy(out, huffman->header, huffman->header_bits / 8 + 1);
    bits.held = huffman->header[huffman->header_bits / 8];
    if (cut < tag.size)
        out[0] &= ~1; /* not the last block */
    bytes_put(huffman, &bits, span_cut(tag, 0, cut));
    char *end = bits.to + (bits.count > 0);
    if (cut < tag.size)
        end = stored_put(&bits, span_cut(tag, cut, tag.size));
    learn(huffman, tag, cut);
    size_t size = (size_t)(end - out);
    return size < tag.size ? size : 0;
}
