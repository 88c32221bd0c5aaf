/* Word -> stem, remembered. Minutes use few words often: nine in ten calls of the stemmer are saved.
 *
 * One per thread. Bounded: when full it is emptied and fills again, so that hostile input cannot make it grow. */
#ifndef REFERENT_STEM_CACHE_H
#define REFERENT_STEM_CACHE_H

#include "span.h"
#include "stem.h"

struct stem_cache;

/* A cache of at most max_words words (at least 16; some 80 bytes each, taken at once) before the stemmer, whose self
 * must live as long. NULL if there is no memory. */
struct stem_cache *stem_cache_new(struct stemmer stemmer, size_t max_words);
/* Free it and set *cache to NULL; NULL and *cache NULL are fine. */
void stem_cache_free(struct stem_cache **cache);

/* The stem of a word of 1..64 bytes in lower case; empty if it has none. Valid until the next call. */
struct span stem_cache_word(struct stem_cache *cache, struct span word);

#endif
