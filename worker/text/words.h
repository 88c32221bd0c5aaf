/* words: sorted lists of words, compiled in. */
#ifndef REFERENT_WORDS_H
#define REFERENT_WORDS_H

#include "span.h"

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

/* Does the text end with the word? */
static inline bool word_ends(struct span text, struct span word)
{
    return text.size >= word.size && text.at[text.size - 1] == word.at[word.size - 1] &&
           memcmp(text.at + text.size - word.size, word.at, word.size) == 0;
}

#endif
