/* inflater: tags out of raw deflate with codes that are known. Pure but for its memory. */
#include "inflater.h"

#include "inflate_code.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    KNOWN = 4,         /* codes that are kept: two kinds of tags, each with the code before its last */
    ALIKE_BYTES = 24,  /* of two heads that look the same, before one is read */
    MATCH_MAX = 258,   /* bytes of one repetition */
    BEHIND = 8,        /* bytes that may be read behind the input, or written behind the output */
    SYMBOL_BITS = 48,  /* that a repetition can take: 15 + 5 for its length, 15 + 13 for its distance */
    WINDOW = 32768,    /* how far back a repetition may reach */
    GROW_BYTES = 65536 /* by which input and output grow */
};

struct bytes {
    char *at;
    size_t size, room;
};

enum where { AT_BLOCK, IN_CODE, IN_STORED, AT_END };

struct inflater {
    struct bytes in, out;
    size_t bit; /* of the input, where to go on: a symbol, a stored byte or the head of a block begins here */
    enum where where;
    bool last;                         /* this block is the last one */
    size_t stored;                     /* bytes of a stored block to come */
    const struct inflate_code *code;   /* of this block */
    struct inflate_code *known[KNOWN]; /* the one that served last first; NULL: none yet */
    struct inflate_code fixed;
    uint8_t alike[ALIKE_BYTES]; /* how the tag began that was asked about last */
};

struct inflater *inflater_new(void)
{
    struct inflater *inflater = calloc(1, sizeof *inflater);
    if (inflater != NULL)
        inflate_code_fixed(&inflater->fixed);
    return inflater;
}

void inflater_free(struct inflater **inflater)
{
    for (size_t i = 0; *inflater != NULL && i < KNOWN; i++)
        free((*inflater)->known[i]);
    if (*inflater != NULL) {
        free((*inflater)->in.at);
        free((*inflater)->out.at);
    }
    free(*inflater);
    *inflater = NULL;
}

static bool bytes_reserve(struct bytes *bytes, size_t more)
{
    if (bytes->room - bytes->size >= more + BEHIND)
        return true;
    size_t room = bytes->size + more + GROW_BYTES;
    char *grown = realloc(bytes->at, room);
    if (grown == NULL)
        return false;
    bytes->at = grown;
    bytes->room = room;
    return true;
}

void inflater_begin(struct inflater *inflater)
{
    inflater->in.size = inflater->out.size = inflater->bit = 0;
    inflater->where = AT_BLOCK;
}

/* ---- bits */

static uint64_t eight_at(const char *at)
{
    uint64_t bits;
    memcpy(&bits, at, sizeof bits);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    bits = __builtin_bswap64(bits);
#endif
    return bits;
}

static uint64_t bits_at(const struct inflater *inflater, size_t bit)
{
    return eight_at(inflater->in.at + bit / 8) >> bit % 8; /* 57 of them, at least */
}

static size_t bits_left(const struct inflater *inflater)
{
    return inflater->in.size * 8 - inflater->bit;
}

/* ---- blocks */

/* The code that the tag begins with moves to the front. */
static const struct inflate_code *code_known(struct inflater *inflater)
{
    struct span bytes = {inflater->in.at, inflater->in.size};
    for (size_t i = 0; i < KNOWN && inflater->known[i] != NULL; i++) {
        struct inflate_code *code = inflater->known[i];
        if (!inflate_code_begins(code, bytes))
            continue;
        memmove(inflater->known + 1, inflater->known, i * sizeof *inflater->known);
        inflater->known[0] = code;
        return code;
    }
    return NULL;
}

static enum inflated stored_begin(struct inflater *inflater)
{
    size_t at = (inflater->bit + 3 + 7) / 8;
    if (at + 4 > inflater->in.size)
        return INFLATED_MORE;
    const uint8_t *head = (const uint8_t *)inflater->in.at + at;
    uint16_t size = (uint16_t)(head[0] | head[1] << 8), turned = (uint16_t)(head[2] | head[3] << 8);
    if ((size ^ turned) != 0xFFFF)
        return INFLATED_UNSURE;
    inflater->stored = size;
    inflater->bit = (at + 4) * 8;
    inflater->where = IN_STORED;
    return INFLATED_END;
}

/* END: the block has begun. */
static enum inflated block_begin(struct inflater *inflater)
{
    enum { STORED, FIXED, DYNAMIC };
    if (bits_left(inflater) < 3)
        return INFLATED_MORE;
    uint64_t head = bits_at(inflater, inflater->bit);
    inflater->last = head & 1;
    if ((head >> 1 & 3) == STORED)
        return stored_begin(inflater);
    inflater->code = (head >> 1 & 3) == FIXED                           ? &inflater->fixed
                     : (head >> 1 & 3) == DYNAMIC && inflater->bit == 0 ? code_known(inflater)
                                                                        : NULL;
    if (inflater->code == NULL)
        return INFLATED_UNSURE;
    inflater->bit += inflater->code == &inflater->fixed ? 3 : inflater->code->head_bits;
    inflater->where = IN_CODE;
    return INFLATED_END;
}

static void block_end(struct inflater *inflater)
{
    inflater->where = inflater->last ? AT_END : AT_BLOCK;
}

static enum inflated stored_copy(struct inflater *inflater)
{
    size_t from = inflater->bit / 8, size = inflater->in.size - from;
    if (size > inflater->stored)
        size = inflater->stored;
    if (!bytes_reserve(&inflater->out, size))
        return INFLATED_UNSURE;
    if (size > 0)
        memcpy(inflater->out.at + inflater->out.size, inflater->in.at + from, size);
    inflater->out.size += size;
    inflater->bit += size * 8;
    inflater->stored -= size;
    if (inflater->stored > 0)
        return INFLATED_MORE;
    block_end(inflater);
    return INFLATED_END;
}

/* ---- coded blocks */

/* Up to two letters by one look, which takes `used` bits; where none comes that is 0. */
static inline char *letters_look(const struct inflate_code *code, uint64_t bits, unsigned *used, char *out)
{
    uint32_t look = bits & ((1U << INFLATE_LOOK_BITS) - 1);
    memcpy(out, &code->pair[look], 2);
    *used = code->used[look] & 63;
    return out + (code->used[look] >> 6);
}

/* Many letters: as long as no symbol can be cut off, and while letters come. Four looks take less than the 56 bits that
 * are there before them. Eight bytes are read wherever `next` stands, and so before it is known how many of their bits
 * are new: those of them that are there already are the same. True: what comes is no letter. */
static bool letters_take(struct inflater *inflater)
{
    const struct inflate_code *code = inflater->code;
    const char *in = inflater->in.at, *stop = in + inflater->in.size, *next = in + inflater->bit / 8 + 7;
    char *out = inflater->out.at + inflater->out.size, *end = inflater->out.at + inflater->out.room - 4 * BEHIND;
    uint64_t bits = bits_at(inflater, inflater->bit);
    unsigned left = 56 - inflater->bit % 8, used = 1;
    while (used > 0 && next + BEHIND <= stop && out < end) {
        bits |= eight_at(next) << left;
        next += (63 - left) / 8;
        left |= 56;
        for (int i = 0; i < 4; i++) {
            out = letters_look(code, bits, &used, out);
            bits >>= used;
            left -= used;
        }
    }
    inflater->out.size = (size_t)(out - inflater->out.at);
    inflater->bit = (size_t)(next - in) * 8 - left;
    return used == 0;
}

/* The last letters of the input: as long as all that a look tells is there. */
static void letters_rest(struct inflater *inflater)
{
    char *out = inflater->out.at + inflater->out.size, *end = inflater->out.at + inflater->out.room - BEHIND;
    unsigned used = 1;
    while (used > 0 && out < end) {
        char *behind = letters_look(inflater->code, bits_at(inflater, inflater->bit), &used, out);
        if (used > bits_left(inflater))
            break;
        inflater->bit += used;
        out = behind;
    }
    inflater->out.size = (size_t)(out - inflater->out.at);
}

/* A repetition whose length has been told by `symbol`, `used` bits of `bits`. END: it is out. */
static enum inflated repetition_take(struct inflater *inflater, uint32_t symbol, uint64_t bits, unsigned used)
{
    static const uint16_t lengths[] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                       31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
    static const uint8_t length_bits[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                          2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
    static const uint16_t distances[] = {1,    2,    3,    4,    5,    7,    9,    13,    17,    25,
                                         33,   49,   65,   97,   129,  193,  257,  385,   513,   769,
                                         1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
    uint32_t which = symbol - INFLATE_END_OF_BLOCK - 1;
    if (which >= sizeof lengths / sizeof *lengths)
        return INFLATED_UNSURE;
    size_t length = lengths[which] + (bits >> used & ((1U << length_bits[which]) - 1));
    used += length_bits[which];
    uint32_t far = inflate_symbol(&inflater->code->distances, bits >> used);
    used += far & 15;
    if (used > bits_left(inflater))
        return INFLATED_MORE;
    if ((far & 15) == 0 || far >> 4 >= sizeof distances / sizeof *distances)
        return INFLATED_UNSURE;
    unsigned more = far >> 4 < 2 ? 0 : (far >> 5) - 1;
    size_t distance = distances[far >> 4] + (bits >> used & ((1U << more) - 1));
    used += more;
    if (used > bits_left(inflater))
        return INFLATED_MORE;
    if (distance > inflater->out.size || distance > WINDOW || !bytes_reserve(&inflater->out, length))
        return INFLATED_UNSURE;
    char *to = inflater->out.at + inflater->out.size;
    if (distance >= BEHIND)
        for (size_t i = 0; i < length; i += BEHIND)
            memcpy(to + i, to + i - distance, BEHIND);
    else
        for (size_t i = 0; i < length; i++)
            to[i] = to[i - distance];
    inflater->out.size += length;
    inflater->bit += used;
    return INFLATED_END;
}

/* One symbol. END: it is taken, or it was the end of the block. */
static enum inflated symbol_take(struct inflater *inflater)
{
    uint64_t bits = bits_at(inflater, inflater->bit);
    uint32_t one = inflate_symbol(&inflater->code->letters, bits), symbol = one >> 4;
    unsigned used = one & 15;
    if (used > bits_left(inflater) || bits_left(inflater) == 0)
        return INFLATED_MORE;
    if (used == 0)
        return INFLATED_UNSURE;
    if (symbol > INFLATE_END_OF_BLOCK)
        return repetition_take(inflater, symbol, bits, used);
    inflater->bit += used;
    if (symbol == INFLATE_END_OF_BLOCK)
        block_end(inflater);
    else if (!bytes_reserve(&inflater->out, 1))
        return INFLATED_UNSURE;
    else
        inflater->out.at[inflater->out.size++] = (char)symbol;
    return INFLATED_END;
}

static enum inflated code_take(struct inflater *inflater)
{
    enum inflated state = INFLATED_END;
    while (state == INFLATED_END && inflater->where == IN_CODE) {
        if (!bytes_reserve(&inflater->out, 8 * MATCH_MAX))
            return INFLATED_UNSURE;
        if (!letters_take(inflater))
            letters_rest(inflater);
        state = symbol_take(inflater);
    }
    return state;
}

enum inflated inflater_feed(struct inflater *inflater, struct span bytes, struct span *out, size_t *used)
{
    size_t before = inflater->out.size, held = inflater->in.size;
    *out = (struct span){0};
    *used = 0;
    if (!bytes_reserve(&inflater->in, bytes.size))
        return INFLATED_UNSURE;
    memcpy(inflater->in.at + held, bytes.at, bytes.size);
    inflater->in.size += bytes.size;
    memset(inflater->in.at + inflater->in.size, 0, BEHIND);
    enum inflated state = INFLATED_END;
    while (state == INFLATED_END && inflater->where != AT_END)
        state = inflater->where == AT_BLOCK    ? block_begin(inflater)
                : inflater->where == IN_STORED ? stored_copy(inflater)
                                               : code_take(inflater);
    if (state == INFLATED_UNSURE)
        return state;
    *out = (struct span){inflater->out.at + before, inflater->out.size - before};
    *used = state == INFLATED_END ? (inflater->bit + 7) / 8 - held : bytes.size;
    return state;
}

struct span inflater_fed(const struct inflater *inflater)
{
    return (struct span){inflater->in.at, inflater->in.size};
}

/* ---- learning */

void inflater_learn(struct inflater *inflater, struct span bytes)
{
    enum { LAST = KNOWN - 1 };
    if (bytes.size <= ALIKE_BYTES || (bytes.at[0] >> 1 & 3) != 2)
        return;
    uint8_t alike[ALIKE_BYTES];
    memcpy(alike, bytes.at, ALIKE_BYTES);
    alike[0] &= 0xFE;
    bool again = memcmp(alike, inflater->alike, ALIKE_BYTES) == 0;
    memcpy(inflater->alike, alike, ALIKE_BYTES);
    if (!again)
        return;
    struct inflate_code *code = inflater->known[LAST] != NULL ? inflater->known[LAST] : malloc(sizeof *code);
    if (code == NULL)
        return;
    memmove(inflater->known + 1, inflater->known, LAST * sizeof *inflater->known);
    inflater->known[0] = code;
    if (!inflate_code_read(code, bytes))
        code->head_bits = 0; /* no tag begins with it */
}
