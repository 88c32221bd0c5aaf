/* huffman: tags -> deflate. Pure. */
#include "huffman.h"

#include "coding.h"
#include "tag.h"

#include <assert.h>

enum {
    RENEW_FIRST = 512,
    RENEW_LAST = 1 << 20, /* bytes; then the code stays */
    PIECE = 128,          /* a tag is cut at a multiple of it */
    SAMPLED = 4,          /* of the bytes, one in so many is weighed */
    STORED_MAX = 65535,
    STORED_HEAD = 5,
    REPEAT_MIN = 4, /* bytes: shorter ones are no shorter than their bytes */
    REPEAT_MAX = 258,
    REPEAT_FIRST = 3,    /* the length of symbol 257 */
    KNOWN_HEAD = 1 << 1, /* and whether the block is the last one */
    KNOWN_HEAD_BITS = 3,
    KNOWN_TIMES = 3 /* heads: less than that gained, and the known code serves. Reading 19,000 data took 100 ms with 2
                     * in 21.9 MB, 73 with 3 in 22.8, 54 with 4 in 23.4, 42 with the known code alone in 23.7 */
};
_Static_assert(HUFFMAN_REPEAT_BYTES + TAG_ITEM_MAX_BYTES < TAG_STEP_BYTES, "see huffman.h");
_Static_assert(HUFFMAN_REPEAT_BYTES < UINT16_MAX, "places are 16 bits wide");

static void code_renew(struct huffman *huffman)
{
    huffman_code(&huffman->counts, huffman->repeats, &huffman->codes, &huffman->header);
    huffman->renewed = huffman->seen;
}

/* ---- tags */

static bool is_learning(const struct huffman *huffman)
{
    return huffman->seen < RENEW_LAST;
}

static void count_bytes(struct huffman *huffman, struct span bytes)
{
    for (size_t i = 0; i < bytes.size; i++)
        huffman->counts.symbols[(unsigned char)bytes.at[i]]++;
}

size_t huffman_bound(size_t size)
{
    return size * 2 + HUFFMAN_HEADER_MAX + 16 + (size / STORED_MAX + 1) * STORED_HEAD;
}

/* Where it is best to go over to storing: at the end, where everything gains; 0 if nothing does. *bits: what the code
 * gains, without its head. */
static size_t cut_find(const struct huffman *huffman, struct span tag, int64_t *bits)
{
    size_t best = 0;
    int64_t gained = 0, most = huffman->repeats ? 0 : huffman->header.bits;
    for (size_t at = 0; at < tag.size; at += PIECE) {
        size_t end = at + PIECE < tag.size ? at + PIECE : tag.size;
        for (size_t i = at; i < end; i += SAMPLED)
            gained += SAMPLED * (8 - (int64_t)(huffman->codes.symbols[(unsigned char)tag.at[i]] >> 16));
        int64_t here = gained - (end < tag.size ? 8 * STORED_HEAD : 0);
        if (here > most) {
            most = here;
            best = end;
        }
    }
    *bits = most;
    return best;
}

/* Four codes fit between two flushes. They are joined by twos, so that fewer have to wait for the one before. */
static inline void four_put(struct bits *bits, const uint32_t *codes, const unsigned char *at)
{
    uint32_t a = codes[at[0]], b = codes[at[1]], c = codes[at[2]], d = codes[at[3]];
    unsigned first = (a >> 16) + (b >> 16), second = (c >> 16) + (d >> 16);
    uint64_t two = (a & 0xFFFF) | (uint64_t)(b & 0xFFFF) << (a >> 16);
    uint64_t more = (c & 0xFFFF) | (uint64_t)(d & 0xFFFF) << (c >> 16);
    bits_put(bits, two | more << first, first + second);
    bits_flush(bits);
}

static void bytes_put(const struct huffman_codes *code, struct bits *out, struct span bytes)
{
    struct bits now = *out, *bits = &now; /* where no store can reach it */
    const uint32_t *codes = code->symbols;
    const unsigned char *at = (const unsigned char *)bytes.at, *end = at + bytes.size;
    for (; end - at >= 4; at += 4)
        four_put(bits, codes, at);
    for (; at < end; at++)
        code_put(bits, codes[*at]);
    bits_flush(bits);
    *out = now;
}

static void literals_put(struct huffman *huffman, const struct huffman_codes *codes, struct bits *bits,
                         struct span bytes)
{
    bytes_put(codes, bits, bytes);
    if (is_learning(huffman))
        count_bytes(huffman, bytes);
}

/* ---- repetitions */

/* Symbol and the bits behind it, for a length or a distance (RFC 1951, 3.2.5): `most` leading bits belong to the
 * symbol, which counts on from where those of one bit less end. */
struct coded {
    uint32_t symbol;
    unsigned extra, width;
};

static inline struct coded coded_of(uint32_t number, unsigned leading)
{
    unsigned bits = number == 0 ? 0 : 32 - (unsigned)__builtin_clz(number);
    unsigned width = bits > leading ? bits - leading : 0;
    return (struct coded){(width << (leading - 1)) + (number >> width), number & ((1U << width) - 1), width};
}

static inline struct coded length_coded(size_t size)
{
    if (size == REPEAT_MAX)
        return (struct coded){HUFFMAN_SYMBOLS - 1, 0, 0};
    struct coded coded = coded_of((uint32_t)size - REPEAT_FIRST, 3);
    coded.symbol += HUFFMAN_BYTES;
    return coded;
}

/* 13 + 5 + 13 + 13 bits at most, and seven from before. */
static void repeat_put(struct huffman *huffman, const struct huffman_codes *codes, struct bits *bits, size_t size,
                       size_t back)
{
    struct coded length = length_coded(size), distance = coded_of((uint32_t)back - 1, 2);
    code_put(bits, codes->symbols[length.symbol]);
    bits_put(bits, length.extra, length.width);
    code_put(bits, codes->distances[distance.symbol]);
    bits_put(bits, distance.extra, distance.width);
    bits_flush(bits);
    if (is_learning(huffman)) {
        huffman->counts.symbols[length.symbol]++;
        huffman->counts.distances[distance.symbol]++;
    }
}

static inline uint64_t eight_at(const char *at)
{
    uint64_t bytes;
    memcpy(&bytes, at, sizeof bytes);
    return bytes;
}

/* How far what stands at `at` is what stood at `before`. */
static size_t repeat_size(const char *before, const char *at, const char *end)
{
    size_t size = 0, most = (size_t)(end - at) < REPEAT_MAX ? (size_t)(end - at) : REPEAT_MAX;
    for (; size + 8 <= most; size += 8) {
        uint64_t differ = eight_at(before + size) ^ eight_at(at + size);
        if (differ != 0)
            return size + first_other(differ);
    }
    while (size < most && before[size] == at[size])
        size++;
    return size;
}

static inline uint32_t four_at(const char *at)
{
    uint32_t bytes;
    memcpy(&bytes, at, sizeof bytes);
    return bytes;
}

/* A place that nobody took is 0, the first one: whether the same four bytes stand there is asked like anywhere. */
static void repeats_put(struct huffman *huffman, const struct huffman_codes *codes, struct bits *bits,
                        struct span bytes)
{
    const char *from = bytes.at, *at = from + 1, *end = from + bytes.size; /* from: what is not written yet */
    memset(huffman->places, 0, sizeof huffman->places);
    while (end - at >= 8) {
        uint32_t first = four_at(at);
        uint16_t *place = &huffman->places[first * UINT32_C(0x9E3779B1) >> (32 - HUFFMAN_PLACES_BITS)];
        const char *before = bytes.at + *place;
        *place = (uint16_t)(at - bytes.at);
        if (four_at(before) != first) {
            at++;
            continue;
        }
        size_t size = repeat_size(before, at, end);
        literals_put(huffman, codes, bits, (struct span){from, (size_t)(at - from)});
        repeat_put(huffman, codes, bits, size, (size_t)(at - before));
        from = at += size;
    }
    literals_put(huffman, codes, bits, (struct span){from, (size_t)(end - from)});
}

/* ---- */

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

/* Of a tag that was not coded its head is learnt from, because the code may be what is wrong. */
static void learn(struct huffman *huffman, size_t bytes)
{
    if (!is_learning(huffman))
        return;
    huffman->seen += bytes;
    huffman->counts.symbols[HUFFMAN_END]++;
    if (huffman->seen >= 2 * huffman->renewed && huffman->seen >= RENEW_FIRST)
        code_renew(huffman);
}

static void coded_put(struct huffman *huffman, const struct huffman_codes *codes, struct bits *bits, struct span bytes)
{
    if (huffman->repeats && bytes.size <= HUFFMAN_REPEAT_BYTES) {
        repeats_put(huffman, codes, bits, bytes);
    } else {
        literals_put(huffman, codes, bits, bytes);
    }
    code_put(bits, codes->symbols[HUFFMAN_END]);
    bits_flush(bits);
}

/* A code of its own is told in some seventy bytes, and inflate makes tables of it: it has to gain much more. */
static bool known_serves(const struct huffman *huffman, size_t cut, int64_t gained)
{
    return huffman->repeats && cut <= HUFFMAN_REPEAT_BYTES && gained < (int64_t)huffman->header.bits * KNOWN_TIMES;
}

/* The head of a coded block, which is the last one if nothing follows. */
static struct bits block_begin(const struct huffman *huffman, bool known, bool last, char *out)
{
    if (known)
        return (struct bits){.to = out, .count = KNOWN_HEAD_BITS, .held = KNOWN_HEAD | last};
    uint32_t whole = huffman->header.bits / 8;
    memcpy(out, huffman->header.bytes, whole);
    if (!last)
        out[0] &= ~1;
    return (struct bits){.to = out + whole, .count = huffman->header.bits % 8, .held = huffman->header.bytes[whole]};
}

size_t huffman_pack(struct huffman *huffman, struct span tag, char *out)
{
    int64_t gained;
    size_t cut = cut_find(huffman, tag, &gained);
    if (cut == 0) {
        struct span head = span_cut(tag, 0, tag.size < PIECE ? tag.size : PIECE);
        if (is_learning(huffman))
            count_bytes(huffman, head);
        learn(huffman, head.size);
        return 0;
    }
    bool known = known_serves(huffman, cut, gained);
    struct bits bits = block_begin(huffman, known, cut == tag.size, out);
    coded_put(huffman, known ? &huffman->known : &huffman->codes, &bits, span_cut(tag, 0, cut));
    char *end = bits.to + (bits.count > 0);
    if (cut < tag.size)
        end = stored_put(&bits, span_cut(tag, cut, tag.size));
    learn(huffman, cut);
    size_t size = (size_t)(end - out);
    return size < tag.size ? size : 0;
}

/* The sample is packed and thrown away: what is learnt from it stays. */
void huffman_begin(struct huffman *huffman, struct span sample, bool repeats)
{
    char thrown[HUFFMAN_SAMPLE_BYTES * 2 + HUFFMAN_HEADER_MAX];
    struct bits bits = {.to = thrown};
    *huffman = (struct huffman){.repeats = repeats, .seen = sample.size};
    assert(sample.size <= HUFFMAN_SAMPLE_BYTES);
    huffman_code_known(&huffman->known);
    coded_put(huffman, &huffman->codes, &bits, sample);
    huffman->counts.symbols[HUFFMAN_END]++;
    code_renew(huffman);
}
