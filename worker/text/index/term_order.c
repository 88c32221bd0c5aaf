/* term_order: heads of terms, and a sort by them. Pure; on the text thread. */
#include "term_order.h"

#include <stdlib.h>

/* ---- heads */

enum { BYTE_BITS = 6, CLASS_SHIFT = 59 };

/* How many terms of a record begin, in order. One of these has class 2n + 2, what stands before it 2n + 1, and what
 * stands behind the last one 2n + 3: so there is room for what begins otherwise. Class 0 is before X. */
static const struct prefix {
    char bytes[8];
    unsigned size;
} prefixes[] = {
    {"XAMT", 4}, {"XCASE", 5},  {"XDAY19", 6}, {"XDAY20", 6}, {"XKLE", 4},   {"XMEMBER", 7}, {"XNAME", 5},
    {"XORG", 4}, {"XPARTY", 6}, {"Y", 1},      {"ZS", 2},     {"ZXPART", 6}, {"Z", 1},
};
enum { YEAR = 9, TITLE, PART, TEXT, CLASS_TEXT = 2 * TEXT + 2, CLASS_BEHIND };

/* How many of those with X have a second letter before this one. */
#define BEFORE(letter, count) [(letter) - 'A'] = (count)
static const unsigned char before_letter['P' - 'A' + 1] = {
    BEFORE('B', 1), BEFORE('C', 1), BEFORE('D', 2), BEFORE('E', 4), BEFORE('F', 4),
    BEFORE('G', 4), BEFORE('H', 4), BEFORE('I', 4), BEFORE('J', 4), BEFORE('K', 4),
    BEFORE('L', 5), BEFORE('M', 5), BEFORE('N', 6), BEFORE('O', 7), BEFORE('P', 8)};

/* Eight bytes as a number of their order. */
static uint64_t eight_bytes(const char *at)
{
    uint64_t bytes;
    memcpy(&bytes, at, sizeof bytes);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    bytes = __builtin_bswap64(bytes);
#endif
    return bytes;
}

/* The first eight of a term, with zeros behind a shorter one. */
static uint64_t beginning_of(struct span term)
{
    char bytes[8] = {0};
    if (term.size >= sizeof bytes)
        return eight_bytes(term.at);
    bytes_copy(bytes, term);
    return eight_bytes(bytes);
}

/* Of a term whose first byte is that of the prefix, and whose second one is, too, or stands before it; *skip bytes of
 * the term say no more. */
static unsigned class_by(uint64_t beginning, unsigned number, size_t *skip)
{
    for (;; number++) {
        const struct prefix *prefix = &prefixes[number];
        uint64_t wanted = eight_bytes(prefix->bytes);
        if ((beginning ^ wanted) >> (64 - 8 * prefix->size) == 0) {
            *skip = prefix->size;
            return 2 * number + 2;
        }
        bool before = beginning < wanted, last = prefixes[number + 1].size < 2;
        if (before || last || prefixes[number + 1].bytes[1] != prefix->bytes[1])
            return 2 * number + (before ? 1 : 3);
    }
}

static unsigned class_of(struct span term, size_t *skip)
{
    uint64_t beginning = beginning_of(term);
    unsigned char first = (unsigned char)(beginning >> 56), second = (unsigned char)(beginning >> 48);
    *skip = first == 'X' || first == 'Y' || first == 'Z';
    if (*skip == 0)
        return first < 'X' ? 0 : CLASS_BEHIND;
    if (first == 'Y')
        return 2 * YEAR + 2;
    if (first == 'Z')
        return second > 'X' ? CLASS_TEXT : class_by(beginning, second > 'S' ? PART : TITLE, skip);
    if (second > 'P')
        return 2 * YEAR + 1;
    unsigned number = second > 'A' ? before_letter[second - 'A'] : 0;
    return class_by(beginning, number, skip);
}

/* A number for each byte, larger for larger ones. Those that share theirs are rare, and what stands behind one of them
 * says nothing about the order any more. */
#define MANY(first, last) [(first)...(last)]
static const unsigned char byte_numbers[256] = {
    MANY(0x00, 0x1F) = 1,
    [' '] = 2,
    MANY('!', '*') = 3,
    ['+'] = 4,
    [','] = 5,
    ['-'] = 6,
    ['.'] = 7,
    ['/'] = 8,
    ['0'] = 9,
    ['1'] = 10,
    ['2'] = 11,
    ['3'] = 12,
    ['4'] = 13,
    ['5'] = 14,
    ['6'] = 15,
    ['7'] = 16,
    ['8'] = 17,
    ['9'] = 18,
    MANY(':', '<') = 19,
    ['='] = 20,
    MANY('>', '`') = 21,
    ['a'] = 22,
    ['b'] = 23,
    ['c'] = 24,
    ['d'] = 25,
    ['e'] = 26,
    ['f'] = 27,
    ['g'] = 28,
    ['h'] = 29,
    ['i'] = 30,
    ['j'] = 31,
    ['k'] = 32,
    ['l'] = 33,
    ['m'] = 34,
    ['n'] = 35,
    ['o'] = 36,
    ['p'] = 37,
    ['q'] = 38,
    ['r'] = 39,
    ['s'] = 40,
    ['t'] = 41,
    ['u'] = 42,
    ['v'] = 43,
    ['w'] = 44,
    ['x'] = 45,
    ['y'] = 46,
    ['z'] = 47,
    MANY('{', 0xA4) = 48,
    [0xA5] = 49, /* å, æ and ø behind C3 */
    [0xA6] = 50,
    MANY(0xA7, 0xB7) = 51,
    [0xB8] = 52,
    MANY(0xB9, 0xC2) = 53,
    [0xC3] = 54,
    MANY(0xC4, 0xFF) = 55,
};
static const uint64_t shared_numbers = UINT64_C(1) << 1 | UINT64_C(1) << 3 | UINT64_C(1) << 19 | UINT64_C(1) << 21 |
                                       UINT64_C(1) << 48 | UINT64_C(1) << 51 | UINT64_C(1) << 53 | UINT64_C(1) << 55;

uint64_t term_head(struct span term)
{
    enum { LETTERS = CLASS_SHIFT / BYTE_BITS };
    size_t skip, count = 0;
    uint64_t class = class_of(term, &skip), letters = 0;
    size_t most = term.size - skip < LETTERS ? term.size - skip : LETTERS;
    for (bool told = true; told && count < most; count++) {
        uint64_t number = byte_numbers[(unsigned char)term.at[skip + count]];
        letters = letters << BYTE_BITS | number;
        told = (shared_numbers >> number & 1) == 0;
    }
    return class << CLASS_SHIFT | letters << (CLASS_SHIFT - BYTE_BITS * count);
}

/* ---- sorting */

/* The upper bits of the heads, from the lowest of them up. What they leave alike is a handful. */
enum { ROUND_BITS = 9, ROUNDS = 3, ROUNDS_SHIFT = 64 - ROUNDS * ROUND_BITS, VALUES = 1 << ROUND_BITS };

static size_t value_of(uint64_t head, unsigned round)
{
    return head >> (ROUNDS_SHIFT + round * ROUND_BITS) & (VALUES - 1);
}

static struct term_key *sort_heads(struct term_key *keys, struct term_key *spare, size_t count)
{
    uint32_t places[ROUNDS][VALUES] = {0};
    for (size_t i = 0; i < count; i++)
        for (unsigned round = 0; round < ROUNDS; round++)
            places[round][value_of(keys[i].head, round)]++;
    for (unsigned round = 0; round < ROUNDS; round++) {
        uint32_t *place = places[round], at = 0;
        for (size_t value = 0; value < VALUES; value++) {
            uint32_t here = place[value];
            place[value] = at;
            at += here;
        }
        for (size_t i = 0; i < count; i++)
            spare[place[value_of(keys[i].head, round)]++] = keys[i];
        struct term_key *sorted = spare;
        spare = keys;
        keys = sorted;
    }
    return keys;
}

struct tail {
    struct span bytes;
    struct term_key key;
};

static int tail_order(const struct tail *a, const struct tail *b)
{
    if (a->key.head != b->key.head)
        return a->key.head < b->key.head ? -1 : 1;
    return span_compare(a->bytes, b->bytes);
}

static int order_of_tails(const void *a, const void *b)
{
    return tail_order(a, b);
}

/* A few keys among each other. */
static void sort_few(struct term_key *keys, size_t count, term_bytes_function *bytes, const void *self)
{
    for (size_t i = 1; i < count; i++) {
        struct term_key key = keys[i];
        size_t at = i;
        for (; at > 0 && key.head <= keys[at - 1].head; at--) {
            if (key.head == keys[at - 1].head &&
                span_compare(bytes(self, key.term), bytes(self, keys[at - 1].term)) > 0)
                break;
            keys[at] = keys[at - 1];
        }
        keys[at] = key;
    }
}

/* Nothing hinders a text from having thousands of words that begin alike. */
static bool sort_many(struct arena *arena, struct term_key *keys, size_t count, term_bytes_function *bytes,
                      const void *self)
{
    struct tail *tails = arena_zero(arena, count, sizeof *tails);
    if (tails == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        tails[i] = (struct tail){bytes(self, keys[i].term), keys[i]};
    qsort(tails, count, sizeof *tails, order_of_tails);
    for (size_t i = 0; i < count; i++)
        keys[i] = tails[i].key;
    return true;
}

const struct term_key *term_sort(struct arena *arena, struct term_key *keys, struct term_key *spare, size_t count,
                                 term_bytes_function *bytes, const void *self)
{
    enum { FEW = 48 };
    keys = sort_heads(keys, spare, count);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && keys[end].head >> ROUNDS_SHIFT == keys[i].head >> ROUNDS_SHIFT;)
            end++;
        if (end - i > FEW) {
            if (!sort_many(arena, keys + i, end - i, bytes, self))
                return NULL;
        } else if (end - i > 1) {
            sort_few(keys + i, end - i, bytes, self);
        }
    }
    return keys;
}
