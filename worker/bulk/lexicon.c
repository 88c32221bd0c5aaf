/* lexicon: terms -> numbers, and back in order. Owned by one builder. */
#include "lexicon.h"

#include "mistake.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { SLOTS_MIN = 1 << 16 };

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
    lexicon_unsorted(lexicon);
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
    return (slots == have || slots_grow(lexicon, slots)) &&
           buffer_reserve(&lexicon->pool, bytes + terms * LEXICON_BYTES + LEXICON_BEHIND);
}

static uint32_t term_new(struct lexicon *lexicon, struct lexicon_slot *slot, uint64_t hash, struct span term,
                         uint32_t wdf)
{
    char *to = lexicon->pool.at + lexicon->pool.size;
    uint32_t number = lexicon->count++;
    struct lexicon_count count = {1, wdf};
    *slot = (struct lexicon_slot){(uint32_t)hash, (uint32_t)lexicon->pool.size + 1};
    memcpy(to, &number, sizeof number);
    memcpy(to + LEXICON_COUNT, &count, sizeof count);
    to[LEXICON_SIZE] = (char)term.size;
    memcpy(to + LEXICON_BYTES, term.at, term.size);
    lexicon->pool.size += LEXICON_BYTES + term.size;
    return number;
}

static void count_add(char *term, struct lexicon_count more)
{
    struct lexicon_count count;
    memcpy(&count, term + LEXICON_COUNT, sizeof count);
    count.count += more.count;
    count.wdf += more.wdf;
    memcpy(term + LEXICON_COUNT, &count, sizeof count);
}

uint32_t lexicon_number(struct lexicon *lexicon, struct span term, uint64_t hash, uint32_t wdf)
{
    for (uint32_t place = (uint32_t)hash & lexicon->mask;; place = (place + 1) & lexicon->mask) {
        struct lexicon_slot *slot = &lexicon->slots[place];
        if (slot->at == 0)
            return term_new(lexicon, slot, hash, term, wdf);
        char *known = lexicon->pool.at + slot->at - 1;
        if ((slot->hash == (uint32_t)hash || MISTAKE(HASH_TRUST)) && (unsigned char)known[LEXICON_SIZE] == term.size &&
            (bytes_equal(known + LEXICON_BYTES, term.at, term.size) || MISTAKE(HASH_TRUST))) {
            uint32_t number;
            memcpy(&number, known, sizeof number);
            count_add(known, (struct lexicon_count){1, wdf});
            return number;
        }
    }
}

void lexicon_add(struct lexicon *lexicon, const struct lexicon_count *counts)
{
    char *at = lexicon->pool.at;
    for (uint32_t number = 0; number < lexicon->count; number++) {
        count_add(at, counts[number]);
        at += LEXICON_BYTES + (unsigned char)at[LEXICON_SIZE];
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

size_t lexicon_bytes(const struct lexicon *lexicon)
{
    size_t slots = lexicon->slots != NULL ? (size_t)lexicon->mask + 1 : 0;
    return slots * sizeof *lexicon->slots + lexicon->pool.size + lexicon->count * 2 * sizeof(struct lexicon_term);
}
