/* A dictionary of Danish, handed in: text/ knows no spelling library. danish/ has one over Hunspell. */
#ifndef REFERENT_WORDBOOK_H
#define REFERENT_WORDBOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WORDBOOK_FORMS_MAX = 4, WORDBOOK_WORD_BYTES = 65, WORDBOOK_LENGTH_MIN = 4, WORDBOOK_LENGTH_LAST = 31 };

/* The bit of a word of so many bytes. */
static inline uint32_t wordbook_length(size_t size)
{
    return UINT32_C(1) << (size < WORDBOOK_LENGTH_LAST ? size : WORDBOOK_LENGTH_LAST);
}

struct wordbook {
    void *self;
    /* All take lower case, words with a NUL behind them, and must answer the same for the same word for ever. They may
     * be called on several threads at once. */
    bool (*knows)(void *self, const char *word);
    /* The forms under which a dictionary lists the word ("budgetter": budgettere, budget); how many. */
    size_t (*forms)(void *self, const char *word, char out[WORDBOOK_FORMS_MAX][WORDBOOK_WORD_BYTES]);
    /* How long the words can be with which these bytes begin, or with which they end, out of the wanted lengths: bit n
     * is off if no word of n bytes is known there; the last one stands for all that is longer. Lengths below
     * WORDBOOK_LENGTH_MIN must not be wanted. May be NULL. */
    uint32_t (*lengths)(void *self, const char *bytes, size_t size, uint32_t wanted);
    uint32_t (*tails)(void *self, const char *bytes, size_t size, uint32_t wanted);
    /* The word's forms, its tails and the lengths at each of its bytes will be asked for: memory can be asked for all
     * of them. May be NULL. */
    void (*fetch)(void *self, const char *word, size_t size);
};

#endif
