/* A dictionary of Danish, handed in: text/ knows no spelling library. danish/ has one over Hunspell. */
#ifndef REFERENT_WORDBOOK_H
#define REFERENT_WORDBOOK_H

#include <stdbool.h>
#include <stddef.h>

enum { WORDBOOK_FORMS_MAX = 4, WORDBOOK_WORD_BYTES = 65 };

struct wordbook {
    void *self;
    /* All take lower case, words with a NUL behind them, and must answer the same for the same word for ever. They may
     * be called on several threads at once. */
    bool (*knows)(void *self, const char *word);
    /* The forms under which a dictionary lists the word ("budgetter": budgettere, budget); how many. */
    size_t (*forms)(void *self, const char *word, char out[WORDBOOK_FORMS_MAX][WORDBOOK_WORD_BYTES]);
    /* False if no word that is known begins with these bytes; true says nothing. May be NULL. */
    bool (*begins)(void *self, const char *piece, size_t size);
};

#endif
