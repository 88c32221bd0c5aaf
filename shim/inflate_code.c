/* inflate_code: from the head of a block to tables. */
#include "inflate_code.h"

#include <string.h>

enum {
    SYMBOLS = 288,
    SYMBOLS_SENT = 286, /* that a head may tell; 286 and 287 stand in the fixed code alone, and mean nothing */
    DISTANCES = 32,
    DISTANCES_SENT = 30,
    WIDTHS = 19, /* symbols of the code in which widths are told */
    WIDTH_BITS_MAX = 7,
    WIDTH_LAST = 16,
    WIDTH_ZEROS = 17,
    WIDTH_MANY_ZEROS = 18,
    BLOCK_DYNAMIC = 2
};

/* ---- tables from the bits of each symbol */

static uint32_t reversed(uint32_t code, unsigned bits)
{
    uint32_t turned = 0;
    for (unsigned i = 0; i < bits; i++)
        turned |= (code >> i & 1) << (bits - 1 - i);
    return turned;
}

/* False: there are more codes than bits can tell, or fewer, unless it is at most `lonely` codes of one bit. */
static bool table_make(struct inflate_table *table, const uint8_t *widths, size_t count, size_t lonely)
{
    uint32_t of_width[INFLATE_BITS_MAX + 1] = {0}, next[INFLATE_BITS_MAX + 2] = {0}, left = 1, codes = 0, size = 2;
    for (size_t i = 0; i < count; i++)
        of_width[widths[i]]++;
    of_width[0] = 0;
    for (unsigned bits = 1; bits <= INFLATE_BITS_MAX; bits++) {
        next[bits + 1] = (next[bits] + of_width[bits]) << 1;
        codes += of_width[bits];
        size = of_width[bits] > 0 ? 1U << bits : size;
        if (of_width[bits] > left << 1)
            return false;
        left = (left << 1) - of_width[bits];
    }
    if (left != 0 && (codes > lonely || of_width[1] != codes))
        return false;
    table->mask = size - 1;
    memset(table->cells, 0, size * sizeof *table->cells);
    for (size_t i = 0; i < count; i++)
        for (uint32_t at = widths[i] > 0 ? reversed(next[widths[i]]++, widths[i]) : size; at < size;
             at += 1U << widths[i])
            table->cells[at] = (uint16_t)(i << 4 | widths[i]);
    return true;
}

static void pairs_make(struct inflate_code *code)
{
    for (uint32_t bits = 0; bits < 1U << INFLATE_LOOK_BITS; bits++) {
        uint32_t used = 0, count = 0;
        for (; count < 2; count++) {
            uint32_t one = inflate_symbol(&code->letters, bits >> used);
            if ((one & 15) == 0 || one >> 4 >= INFLATE_END_OF_BLOCK || used + (one & 15) > INFLATE_LOOK_BITS)
                break;
            code->pair[bits][count] = (uint8_t)(one >> 4);
            used += one & 15;
        }
        code->used[bits] = (uint8_t)(count << 6 | used);
    }
}

static bool code_make(struct inflate_code *code, const uint8_t *symbols, size_t symbol_count, const uint8_t *distances,
                      size_t distance_count)
{
    if (!table_make(&code->letters, symbols, symbol_count, 0) ||
        !table_make(&code->distances, distances, distance_count, 1))
        return false;
    pairs_make(code);
    return true;
}

void inflate_code_fixed(struct inflate_code *code)
{
    uint8_t symbols[SYMBOLS], distances[DISTANCES];
    memset(symbols, 8, sizeof symbols);
    memset(symbols + 144, 9, 256 - 144);
    memset(symbols + 256, 7, 280 - 256);
    memset(distances, 5, sizeof distances);
    bool made = code_make(code, symbols, SYMBOLS, distances, DISTANCES);
    (void)made; /* it is complete */
    code->head_bits = 0;
}

/* ---- the head of a block */

struct head {
    struct span bytes;
    size_t at; /* bits */
    bool whole;
};

static uint32_t head_take(struct head *head, unsigned count)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < count; i++, head->at++) {
        head->whole &= head->at / 8 < head->bytes.size;
        if (head->whole)
            value |= ((uint32_t)(uint8_t)head->bytes.at[head->at / 8] >> head->at % 8 & 1) << i;
    }
    return value;
}

/* One symbol of the code of widths; WIDTHS if there is none. */
static uint32_t head_width(struct head *head, const struct inflate_table *table)
{
    struct head ahead = *head;
    uint32_t one = inflate_symbol(table, head_take(&ahead, WIDTH_BITS_MAX)); /* behind the end stand zeros */
    if ((one & 15) == 0)
        return WIDTHS;
    head_take(head, one & 15);
    return one >> 4;
}

/* The widths of all symbols and distances, each a number or a run. False: they are more or less than `count`. */
static bool widths_read(struct head *head, const struct inflate_table *table, uint8_t *widths, size_t count)
{
    size_t at = 0;
    while (at < count && head->whole) {
        uint32_t one = head_width(head, table);
        uint32_t times = one == WIDTH_LAST         ? 3 + head_take(head, 2)
                         : one == WIDTH_ZEROS      ? 3 + head_take(head, 3)
                         : one == WIDTH_MANY_ZEROS ? 11 + head_take(head, 7)
                                                   : 1;
        if (one >= WIDTHS || times > count - at || (one == WIDTH_LAST && at == 0))
            return false;
        memset(widths + at, one == WIDTH_LAST ? widths[at - 1] : one < WIDTH_LAST ? (int)one : 0, times);
        at += times;
    }
    return head->whole;
}

bool inflate_code_read(struct inflate_code *code, struct span bytes)
{
    static const uint8_t order[WIDTHS] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    struct head head = {.bytes = bytes, .whole = true};
    uint8_t widths[SYMBOLS + DISTANCES] = {0}, of_widths[WIDTHS] = {0};
    struct inflate_table *table = &code->distances; /* until those are known */
    code->head_bits = 0;
    head_take(&head, 1);
    if (head_take(&head, 2) != BLOCK_DYNAMIC)
        return false;
    size_t symbols = 257 + head_take(&head, 5), distances = 1 + head_take(&head, 5), told = 4 + head_take(&head, 4);
    for (size_t i = 0; i < told; i++)
        of_widths[order[i]] = (uint8_t)head_take(&head, 3);
    if (symbols > SYMBOLS_SENT || distances > DISTANCES_SENT || !table_make(table, of_widths, WIDTHS, 0) ||
        !widths_read(&head, table, widths, symbols + distances) || widths[INFLATE_END_OF_BLOCK] == 0 ||
        head.at > INFLATE_HEAD_MAX * 8 || !code_make(code, widths, symbols, widths + symbols, distances))
        return false;
    memcpy(code->head, bytes.at, (head.at + 7) / 8);
    code->head[0] &= 0xFE;
    code->head_bits = (uint32_t)head.at;
    return true;
}

bool inflate_code_begins(const struct inflate_code *code, struct span bytes)
{
    size_t whole = code->head_bits / 8;
    if (code->head_bits == 0 || bytes.size <= whole)
        return false;
    const uint8_t *at = (const uint8_t *)bytes.at;
    uint8_t rest = (uint8_t)((1U << code->head_bits % 8) - 1);
    return (at[0] & 0xFE) == code->head[0] && memcmp(at + 1, code->head + 1, whole - 1) == 0 &&
           ((at[whole] ^ code->head[whole]) & rest) == 0;
}
