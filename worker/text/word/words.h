/* words: lists of words, compiled in, and quick looks that tell that a text is none of them.
 *
 * The lists are .def files. What makes them quick is computed from them when the worker is built (make_lookup gives
 * word_lookup.h): tables of slots by hash, of whole words and of their ends. */
#ifndef REFERENT_WORDS_H
#define REFERENT_WORDS_H

#include "span.h"

#include <stdint.h>

/* An element of a list, with its length, so that nobody counts it again. */
#define WORD(text)                                                                                                     \
    {                                                                                                                  \
        text, sizeof(text) - 1                                                                                         \
    }

static inline uint64_t word_load(const char *at, size_t size)
{
    uint64_t bytes = 0;
    memcpy(&bytes, at, size);
    return bytes;
}

/* A number for a word: its first and last eight bytes (four, one) and its size, mixed. */
static inline uint32_t word_hash(struct span word)
{
    const char *at = word.at;
    size_t size = word.size;
    uint64_t head = 0, tail = 0;
    if (size >= 8)
        head = word_load(at, 8), tail = word_load(at + size - 8, 8);
    else if (size >= 4)
        head = word_load(at, 4), tail = word_load(at + size - 4, 4);
    else if (size > 0)
        head = (unsigned char)at[0] | (uint64_t)(unsigned char)at[size / 2] << 8, tail = (unsigned char)at[size - 1];
    uint64_t mixed = (head ^ tail << 29 ^ tail >> 35 ^ size) * UINT64_C(0x9E3779B97F4A7C15);
    return (uint32_t)(mixed >> 32) ^ (uint32_t)mixed >> 7;
}

/* A list with its slots: the number of a word (from 1) at its hash or behind it; 0 ends the search. */
struct word_list {
    const struct span *words;
    const uint16_t *slots;
    uint32_t mask;
};

/* The number of the word on the list, from 1; 0 if it is not there. */
static inline size_t word_number(const struct word_list *list, struct span word)
{
    for (uint32_t slot = word_hash(word) & list->mask; list->slots[slot]; slot = (slot + 1) & list->mask)
        if (span_equal(list->words[list->slots[slot] - 1], word))
            return list->slots[slot];
    return 0;
}

static inline bool word_listed(const struct word_list *list, struct span word)
{
    return word_number(list, word) != 0;
}

/* What words begin or end with, by hash of two to four bytes: a bit a kind. */
enum { AFFIX_SLOTS = 4096 };
struct affix_kinds {
    unsigned char kinds[AFFIX_SLOTS];
};

/* The first four bytes at `at` as a number, the first one lowest; the compiler makes one load of it. */
static inline uint32_t affix_load(const char *at)
{
    const unsigned char *bytes = (const unsigned char *)at;
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* A place in a set for 2 to 4 bytes; those behind `size` do not count. */
static inline uint32_t affix_hash(uint32_t bytes, size_t size)
{
    return (((bytes << (32 - 8 * size)) + (uint32_t)size) * 0x9E3779B1u) >> 20;
}

static inline unsigned affix_kinds_of(const struct affix_kinds *set, uint32_t bytes, size_t size)
{
    return set->kinds[affix_hash(bytes, size)];
}

/* Lists whose words are looked for at the end of others: the number of the first word (from 1) with the same last three
 * bytes, and for each word that of the next one; all words have three bytes or more. */
enum { TAIL_SIZE = 3, TAIL_SLOTS = 1024 };
struct tail_list {
    const uint16_t *first; /* TAIL_SLOTS */
    const uint16_t *next;
};

static inline size_t tail_slot(uint32_t bytes)
{
    return affix_hash(bytes, TAIL_SIZE) % TAIL_SLOTS;
}

/* The number of the first word that may end at `end`, 0 if none can; `size` bytes stand before it. */
static inline size_t tail_first(const struct tail_list *list, const char *end, size_t size)
{
    const unsigned char *bytes = (const unsigned char *)end;
    return size < TAIL_SIZE ? 0
                            : list->first[tail_slot(bytes[-3] | (uint32_t)bytes[-2] << 8 | (uint32_t)bytes[-1] << 16)];
}

/* Lists of names that are found by their first word: the number of the first name (from 1) in the word's slot, and for
 * each name that of the next one; others may share the slot. */
enum { FIRST_SLOTS = 2048 };
struct first_list {
    const uint16_t *first; /* FIRST_SLOTS */
    const uint16_t *next;
};

static inline size_t first_slot(struct span word)
{
    return word_hash(word) % FIRST_SLOTS;
}

/* Does the text begin with one of the words? Gives its size, 0 if with none. */
static inline size_t words_start(const struct span *words, size_t count, struct span text)
{
    for (size_t i = 0; i < count; i++)
        if (text.size >= words[i].size && *text.at == *words[i].at &&
            (words[i].size == 1 || text.at[1] == words[i].at[1]) && memcmp(text.at, words[i].at, words[i].size) == 0)
            return words[i].size;
    return 0;
}

/* Does the text end with the word? */
static inline bool word_ends(struct span text, struct span word)
{
    return text.size >= word.size && text.at[text.size - 1] == word.at[word.size - 1] &&
           memcmp(text.at + text.size - word.size, word.at, word.size) == 0;
}

#endif
