/* choose: parts -> matches, as bits or as postings. */
#include "choose.h"

#include <string.h>

static inline bool has(const uint64_t *bits, uint32_t n)
{
    return bits[n / 64] >> n % 64 & 1;
}

/* ---------------------------------------------------------------- postings */

/* The postings of a block whose documents are asked for. */
static uint32_t block_choose(struct window *window, const struct list *list, uint32_t at, uint32_t end, uint32_t base,
                             const uint64_t *only, uint32_t count)
{
    uint16_t *n = window->chosen.n;
    uint32_t *chosen = window->chosen.at;
    for (uint32_t i = at; i < end; i++) { /* without a jump, which would be foreseen wrongly as often as not */
        uint32_t one = base + list->docs[i];
        n[count] = (uint16_t)one;
        chosen[count] = i;
        count += has(only, one);
    }
    return count;
}

/* Blocks that are not worth it are passed over. */
static uint32_t blocks_choose(struct window *window, const struct part *part, const uint64_t *only)
{
    const struct list_block *blocks = part->list->blocks;
    const double rest = window->most - part->most;
    uint32_t count = 0;
    for (uint32_t block = part->place.block; blocks[block].at < part->end; block++) {
        const struct list_block *here = &blocks[block];
        if (rest + (double)here->most * part->reach < window->floor)
            continue;
        uint32_t at = here->at > part->place.at ? here->at : part->place.at;
        uint32_t end = here[1].at < part->end ? here[1].at : part->end;
        count = block_choose(window, part->list, at, end, here->first - window->begin, only, count);
    }
    return count;
}

/* A few documents are looked up one by one; false: none can follow. */
static bool document_choose(struct window *window, const struct part *part, struct list_place *place, uint32_t n,
                            uint32_t *count)
{
    list_seek(part->list, place, window->begin + n);
    if (place->at >= part->end)
        return false;
    window->chosen.n[*count] = (uint16_t)n;
    window->chosen.at[*count] = place->at;
    *count += list_docid(part->list, place) == window->begin + n;
    return true;
}

static uint32_t documents_choose(struct window *window, const struct part *part, struct only only)
{
    struct list_place place = part->place;
    uint32_t count = 0;
    for (uint32_t i = 0; only.n != NULL && i < only.most; i++)
        if (!document_choose(window, part, &place, only.n[i], &count))
            return count;
    for (uint32_t word = 0; only.n == NULL && word < WINDOW_WORDS; word++)
        for (uint64_t bits = only.bits[word]; bits != 0;)
            if (!document_choose(window, part, &place, word * 64 + bit_take(&bits), &count))
                return count;
    return count;
}

/* The same where the list has a map. */
__attribute__((always_inline)) static inline uint32_t listed_choose_any(struct window *window, const struct list *list,
                                                                        struct only only)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < only.most; i++) {
        uint32_t n = only.n[i], at = window->begin / 64 + n / 64 - list->map_first;
        if (at >= list->map_count)
            continue;
        uint64_t map = list->map[at], below = map & ((UINT64_C(1) << n % 64) - 1);
        window->chosen.n[count] = (uint16_t)n;
        uint32_t place = list->map_before[at] + (uint32_t)__builtin_popcountll(below);
        if (list->wdfs != NULL) { /* it will be weighed soon */
            __builtin_prefetch(&list->wdfs[place]);
            __builtin_prefetch(&list->lengths[place]);
        }
        window->chosen.at[count] = place;
        count += map >> n % 64 & 1;
    }
    return count;
}

__attribute__((always_inline)) static inline uint32_t map_choose_any(struct window *window, const struct list *list,
                                                                     struct only only)
{
    uint32_t count = 0;
    if (only.n != NULL)
        return listed_choose_any(window, list, only);
    for (uint32_t word = 0; word < WINDOW_WORDS; word++) {
        uint64_t bits = only.bits[word] & list_map_word(list, window->begin / 64 + word);
        while (bits != 0) {
            uint32_t bit = bit_take(&bits);
            window->chosen.n[count] = (uint16_t)(word * 64 + bit);
            window->chosen.at[count++] = list_map_at(list, window->begin / 64 + word, bit);
        }
    }
    return count;
}

#ifdef __SSE2__
/* With the processor's own counting of bits. */
__attribute__((target("popcnt,bmi"))) static uint32_t map_choose_bmi(struct window *window, const struct list *list,
                                                                     struct only only)
{
    return map_choose_any(window, list, only);
}
#endif

static uint32_t map_choose(struct window *window, const struct list *list, struct only only)
{
#ifdef __SSE2__
    if (__builtin_cpu_supports("popcnt") && __builtin_cpu_supports("bmi"))
        return map_choose_bmi(window, list, only);
#endif
    return map_choose_any(window, list, only);
}

static bool is_few(const struct part *part, struct only only)
{
    enum { FEW = 8 }; /* looking one up takes as long as going over so many */
    return only.bits != NULL && only.most < part->likely / FEW;
}

uint32_t postings_choose(struct window *window, const struct part *part, struct only only)
{
    if (only.bits != NULL && part->list->map_count > 0 && only.most < part->likely / 2)
        return map_choose(window, part->list, only);
    return is_few(part, only) ? documents_choose(window, part, only) : blocks_choose(window, part, only.bits);
}

static void postings_mark(const struct window *window, uint32_t count, uint64_t *bits)
{
    const uint16_t *n = window->chosen.n;
    for (uint32_t i = 0; i < count;) { /* a word at a time: they are in order */
        uint32_t word = n[i] / 64U;
        uint64_t set = 0;
        for (; i < count && n[i] / 64U == word; i++)
            set |= UINT64_C(1) << n[i] % 64U;
        bits[word] |= set;
    }
}

/* ---------------------------------------------------------------- documents */

static void blocks_mark(const struct window *window, const struct part *part, uint64_t *bits, const uint64_t *only)
{
    const struct list *list = part->list;
    for (uint32_t block = part->place.block, i = part->place.at; i < part->end; block++) {
        uint32_t base = list->blocks[block].first - window->begin;
        uint32_t end = list->blocks[block + 1].at < part->end ? list->blocks[block + 1].at : part->end;
        for (; i < end; i++) {
            uint32_t n = base + list->docs[i];
            uint64_t bit = UINT64_C(1) << n % 64;
            bits[n / 64] |= only != NULL ? bit & only[n / 64] : bit;
        }
    }
}

static void map_mark(const struct window *window, const struct list *list, uint64_t *bits, const uint64_t *only)
{
    uint32_t begin = window->begin / 64, first = list->map_first, end = first + list->map_count;
    uint32_t from = first > begin ? first - begin : 0;
    uint32_t to = end > begin + WINDOW_WORDS ? WINDOW_WORDS : end > begin ? end - begin : 0;
    const uint64_t *map = list->map;
    if (only == NULL)
        for (uint32_t word = from; word < to; word++)
            bits[word] |= map[begin + word - first];
    else
        for (uint32_t word = from; word < to; word++)
            bits[word] |= map[begin + word - first] & only[word];
}

void chosen_mark(const struct window *window, const struct part *part, uint32_t count, struct only only, uint64_t *bits)
{
    if (part->list->map_count > 0 && count >= WINDOW_WORDS)
        map_mark(window, part->list, bits, only.bits);
    else
        postings_mark(window, count, bits);
}

static void list_mark(struct window *window, const struct part *part, uint64_t *bits, struct only only)
{
    if (part->list->map_count > 0)
        map_mark(window, part->list, bits, only.bits);
    else if (is_few(part, only))
        postings_mark(window, documents_choose(window, part, only), bits);
    else
        blocks_mark(window, part, bits, only.bits);
}

/* The first one says where the others need to be looked at. */
static void all_mark(struct window *window, const struct part *part, uint64_t *bits, struct only only)
{
    const struct part *least = part->first;
    uint64_t all[WINDOW_WORDS] = {0};
    part_mark(window, least, all, only);
    for (const struct part *one = least->next; one != NULL && !bits_empty(all); one = one->next) {
        uint64_t here[WINDOW_WORDS] = {0};
        part_mark(window, one, here, (struct only){.bits = all, .most = least->likely});
        memcpy(all, here, sizeof all);
    }
    bits_add(bits, all);
}

static void without_mark(struct window *window, const struct part *part, uint64_t *bits, struct only only)
{
    const struct part *right = part->first->next;
    uint64_t left[WINDOW_WORDS] = {0}, lost[WINDOW_WORDS] = {0};
    part_mark(window, part->first, left, only);
    if (right->here)
        part_mark(window, right, lost, (struct only){.bits = left, .most = part->first->likely});
    for (uint32_t word = 0; word < WINDOW_WORDS; word++)
        bits[word] |= left[word] & ~lost[word];
}

void part_mark(struct window *window, const struct part *part, uint64_t *bits, struct only only)
{
    switch (part->kind) {
    case SHAPE_LIST: list_mark(window, part, bits, only); break;
    case SHAPE_ANY:
        for (const struct part *one = part->first; one != NULL; one = one->next)
            if (one->here)
                part_mark(window, one, bits, only);
        break;
    case SHAPE_ALL: all_mark(window, part, bits, only); break;
    case SHAPE_WITHOUT: without_mark(window, part, bits, only); break;
    case SHAPE_MAYBE: part_mark(window, part->first, bits, only); break;
    case SHAPE_SAME:        /* a list by now */
    case SHAPE_KIND: break; /* of no documents of its own */
    }
}
