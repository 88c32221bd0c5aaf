/* lexicon: terms -> numbers, and back in order. Owned by one builder. */
#include "lexicon.h"

#include "mistake.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { AT_COUNT = 4, AT_SIZE = 8, AT_BYTES = 9, SLOTS_MIN = 1 << 16 };

void lexicon_clear(struct lexicon *lexicon, uint64_t seed)
{
    if (lexicon->slots != NULL)
        memset(lexicon->slots, 0, ((size_t)lexicon->mask + 1) * sizeof *lexicon->slots);
    lexicon->count = 0;
    lexicon->pool.size = 0;
    lexicon->seed = seed;
}

void lexicon_done(struct lexicon *lexicon)
{
    free(lexicon->slots);
    buffer_done(&lexicon->pool);
    *lexicon = (struct lexicon){0};
}

uint64_t lexicon_hash(const struct lexicon *lexicon, struct span term)
{
    return XXH3_64bits_withSeed(term.at, term.size, lexicon->seed);
}

void lexicon_fetch_slot(const struct lexicon *lexicon, uint64_t hash)
{
    __builtin_prefetch(&lexicon->slots[(uint32_t)hash & lexicon->mask]);
}

void lexicon_fetch_term(const struct lexicon *lexicon, uint64_t hash)
{
    __builtin_prefetch(lexicon->pool.at + lexicon->slots[(uint32_t)hash & lexicon->mask].at);
}

static bool slots_grow(struct lexicon *lexicon, size_t slots)
{
    struct lexicon_slot *old = lexicon->slots, *fresh = calloc(slots, sizeof *fresh);
    uint32_t used = old != NULL ? lexicon->mask + 1 : 0;
    if (fresh == NULL)
        return false;
    lexicon->slots = fresh;
    lexicon->mask = (uint32_t)(slots - 1);
    for (uint32_t i = 0; i < used; i++) {
        if (old[i].at == 0)
            continue;
        uint32_t place = old[i].hash & lexicon->mask;
        while (fresh[place].at != 0)
            place = (place + 1) & lexicon->mask;
        fresh[place] = old[i];
    }
    free(old);
    return true;
}

bool lexicon_reserve(struct lexicon *lexicon, size_t terms, size_t bytes)
{
    size_t have = lexicon->slots != NULL ? (size_t)lexicon->mask + 1 : 0, slots = have ? have : SLOTS_MIN;
    while (slots / 3 * 2 <= lexicon->count + terms)
        slots *= 2;
    return (slots == have || slots_grow(lexicon, slots)) && buffer_reserve(&lexicon->pool, bytes + terms * AT_BYTES);
}

static uint32_t term_new(struct lexicon *lexicon, struct lexicon_slot *slot, uint64_t hash, struct span term)
{
    char *to = lexicon->pool.at + lexicon->pool.size;
    uint32_t number = lexicon->count++, count = 1;
    *slot = (struct lexicon_slot){(uint32_t)hash, (uint32_t)lexicon->pool.size + 1};
    memcpy(to, &number, sizeof number);
    memcpy(to + AT_COUNT, &count, sizeof count);
    to[AT_SIZE] = (char)term.size;
    memcpy(to + AT_BYTES, term.at, term.size);
    lexicon->pool.size += AT_BYTES + term.size;
    return number;
}

uint32_t lexicon_number(struct lexicon *lexicon, struct span term, uint64_t hash)
{
    for (uint32_t place = (uint32_t)hash & lexicon->mask;; place = (place + 1) & lexicon->mask) {
        struct lexicon_slot *slot = &lexicon->slots[place];
        if (slot->at == 0)
            return term_new(lexicon, slot, hash, term);
        char *known = lexicon->pool.at + slot->at - 1;
        if ((slot->hash == (uint32_t)hash || MISTAKE(HASH_TRUST)) && (unsigned char)known[AT_SIZE] == term.size &&
            (bytes_equal(known + AT_BYTES, term.at, term.size) || MISTAKE(HASH_TRUST))) {
            uint32_t number, count;
            memcpy(&number, known, sizeof number);
            memcpy(&count, known + AT_COUNT, sizeof count);
            count++;
            memcpy(known + AT_COUNT, &count, sizeof count);
            return number;
        }
    }
}

void lexicon_count(struct lexicon *lexicon, const uint32_t *counts)
{
    char *at = lexicon->pool.at;
    for (uint32_t number = 0; number < lexicon->count; number++, at += AT_BYTES + (unsigned char)at[AT_SIZE]) {
        uint32_t count;
        memcpy(&count, at + AT_COUNT, sizeof count);
        count += counts[number];
        memcpy(at + AT_COUNT, &count, sizeof count);
    }
}

uint64_t lexicon_head(struct span term)
{
    unsigned char first[8] = {0};
    uint64_t head = 0;
    memcpy(first, term.at, term.size < 8 ? term.size : 8);
    for (int i = 0; i < 8; i++)
        head = head << 8 | first[i];
    return head;
}

static int term_compare(const void *a, const void *b)
{
    const struct lexicon_term *left = a, *right = b;
    if (left->head != right->head)
        return left->head < right->head ? -1 : 1;
    if (MISTAKE(TERM_ORDER))
        return 0;
    return span_compare(lexicon_span(left), lexicon_span(right));
}

/* One step of a radix sort: by byte `shift` of the heads, stable. False if all have the same byte there. */
static bool heads_step(const struct lexicon_term *from, struct lexicon_term *to, size_t count, int shift)
{
    size_t starts[257] = {0};
    for (size_t i = 0; i < count; i++)
        starts[(from[i].head >> shift & 0xFF) + 1]++;
    if (starts[(from[0].head >> shift & 0xFF) + 1] == count)
        return false;
    for (int i = 0; i < 256; i++)
        starts[i + 1] += starts[i];
    for (size_t i = 0; i < count; i++)
        to[starts[from[i].head >> shift & 0xFF]++] = from[i];
    return true;
}

/* By heads, then each run of equal heads by the rest; `spare` is as long. Gives the one of the two that is in order. */
static struct lexicon_term *terms_sort(struct lexicon_term *terms, struct lexicon_term *spare, size_t count)
{
    for (int shift = 0; shift < 64 && count > 1; shift += 8) {
        if (!heads_step(terms, spare, count, shift))
            continue;
        struct lexicon_term *sorted = spare;
        spare = terms;
        terms = sorted;
    }
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && terms[end].head == terms[i].head;)
            end++;
        if (end - i > 1)
            qsort(terms + i, end - i, sizeof *terms, term_compare);
    }
    return terms;
}

struct lexicon_term *lexicon_sorted(const struct lexicon *lexicon)
{
    size_t bytes = ((size_t)lexicon->count + 1) * sizeof(struct lexicon_term);
    struct lexicon_term *terms = malloc(bytes), *spare = malloc(bytes);
    const char *at = lexicon->pool.at;
    if (terms == NULL || spare == NULL) {
        free(terms);
        free(spare);
        return NULL;
    }
    for (uint32_t number = 0; number < lexicon->count; number++) {
        struct span term = {at + AT_BYTES, (unsigned char)at[AT_SIZE]};
        uint32_t count;
        memcpy(&count, at + AT_COUNT, sizeof count);
        terms[number] = (struct lexicon_term){lexicon_head(term), term.at, count, number};
        at = term.at + term.size;
    }
    struct lexicon_term *sorted = terms_sort(terms, spare, lexicon->count);
    free(sorted == terms ? spare : terms);
    return sorted;
}

size_t lexicon_bytes(const struct lexicon *lexicon)
{
    size_t slots = lexicon->slots != NULL ? (size_t)lexicon->mask + 1 : 0;
    return slots * sizeof *lexicon->slots + lexicon->pool.size + lexicon->count * 2 * sizeof(struct lexicon_term);
}
