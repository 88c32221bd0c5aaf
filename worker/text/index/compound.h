/* A Danish word -> what else it should be found by: the parts of a compound, and its dictionary form.
 *
 *   kunstgræsbanen   kunst, græs, ban; and what stands in a row: kunstgræs, græsban
 *   budgetter        budg (the stem of "budget", which the stemmer does not reach)
 *
 * A compound is a word that can be cut into words the dictionary knows, with an s or e between them. The dictionary's
 * own compounds are no help: it lists "skolebestyrelse" as one word. So the search is ours, and it asks the dictionary
 * about pieces: the fewest and longest parts first, each part cut again as far as it goes.
 *
 * Remembered by word; bounded: when full it is emptied. One per thread. Pure but for the dictionary that is handed in.
 * Source  compounding and linking letters: Retskrivningsordbogen 18-19; P. Koehn, K. Knight, Empirical methods for
 *         compound splitting, EACL 2003. */
#ifndef REFERENT_COMPOUND_H
#define REFERENT_COMPOUND_H

#include "span.h"
#include "stem.h"
#include "wordbook.h"

#include <stdint.h>

enum { COMPOUND_PARTS_MAX = 5, COMPOUND_STEMS_MAX = 28 };

enum {
    COMPOUND_FORM = 0,  /* dictionary form of the whole word */
    COMPOUND_JOIN = 255 /* several parts in a row; other numbers are the part, from 1 */
};

/* What a word has, borrowed from the cache until the next call. */
struct compound {
    struct compound_stem {
        struct span stem;
        uint8_t part; /* a part may have several stems: as it stands, and of its dictionary forms */
    } stems[COMPOUND_STEMS_MAX];
    size_t count;
    size_t parts; /* 0: no compound */
};

struct compound_cache;

/* The stemmer's self must live as long. NULL if there is no memory. max_words: at least 16; some 100 bytes each, taken
 * at once. */
struct compound_cache *compound_cache_new(struct wordbook words, struct stemmer stemmer, size_t max_words);
/* Free it and set *cache to NULL; NULL and *cache NULL are fine. */
void compound_cache_free(struct compound_cache **cache);

/* The word has 1..64 bytes in lower case. No stem is given twice for one part, and none that is the word's own. */
void compound_word(struct compound_cache *cache, struct span word, struct compound *out);

/* The same without looking whether the word is remembered, and without remembering it: for a caller that does so
 * itself, and has its stem; who has several words at hand can ask memory for what all of them need first. out is
 * borrowed until the next call. */
void compound_fetch(const struct compound_cache *cache, struct span word);
void compound_cut(struct compound_cache *cache, struct span word, struct span stem, struct compound *out);

/* Lookups that were not in the cache, for measurements. */
uint64_t compound_misses(const struct compound_cache *cache);

#endif
