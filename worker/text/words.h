/* words: sorted lists of words, compiled in. */
#ifndef REFERENT_WORDS_H
#define REFERENT_WORDS_H

#include "span.h"

#include <stdint.h>

/* An element of a list, with its length, so that nobody counts it again. */
#define WORD(text)                                                                                                     \
    {                                                                                                                  \
        text, sizeof(text) - 1                                                                                         \
    }

/* Is `word` among the `count` words, which are sorted by bytes? */
static inline bool word_listed(const struct span *words, size_t count, struct span word)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = (unsigned char)*words[middle].at - (word.size ? (unsigned char)*word.at : 0);
        if (order == 0)
            order = span_compare(words[middle], word);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* The bytes that the words of a list begin with: one look tells that none of them stands at a place. */
struct first_bytes {
    uint64_t bits[4];
};

static inline struct first_bytes first_bytes_of(const struct span *words, size_t count)
{
    struct first_bytes set = {{0}};
    for (size_t i = 0; i < count; i++) {
        unsigned char first = (unsigned char)*words[i].at;
        set.bits[first >> 6] |= UINT64_C(1) << (first & 63);
    }
    return set;
}

static inline bool first_bytes_has(const struct first_bytes *set, char byte)
{
    unsigned char first = (unsigned char)byte;
    return set->bits[first >> 6] >> (first & 63) & 1;
}

/* Does the text begin with one of the words? Gives its size, 0 if with none. */
static inline size_t words_start(const struct span *words, size_t count, struct span text)
{
    for (size_t i = 0; i < count; i++)
        if (text.size >= words[i].size && *text.at == *words[i].at && memcmp(text.at, words[i].at, words[i].size) == 0)
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
