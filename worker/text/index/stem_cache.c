/* stem_cache: word -> stem, in a memo. Owned by one text or search thread. */
#include "stem_cache.h"

#include "memo.h"

#include <assert.h>
#include <stdlib.h>

enum { WORD_MAX_BYTES = 64, STEM_MAX_BYTES = 128, BYTES_PER_WORD = 32 };

struct stem_cache {
    struct stemmer stemmer;
    struct memo memo;
};

struct stem_cache *stem_cache_new(struct stemmer stemmer, size_t max_words)
{
    struct stem_cache *cache = calloc(1, sizeof *cache);
    if (cache == NULL)
        return NULL;
    cache->stemmer = stemmer;
    if (!memo_make(&cache->memo, max_words, BYTES_PER_WORD))
        stem_cache_free(&cache);
    return cache;
}

void stem_cache_free(struct stem_cache **cache)
{
    if (cache == NULL || *cache == NULL)
        return;
    memo_done(&(*cache)->memo);
    free(*cache);
    *cache = NULL;
}

struct span stem_cache_word(struct stem_cache *cache, struct span word)
{
    uint64_t hash;
    struct span known;
    assert(word.size >= 1 && word.size <= WORD_MAX_BYTES);
    if (memo_find(&cache->memo, word, &hash, &known))
        return known;
    char stem[STEM_MAX_BYTES];
    size_t size = cache->stemmer.stem(cache->stemmer.self, word.at, word.size, stem);
    assert(size <= STEM_MAX_BYTES);
    return memo_keep(&cache->memo, word, hash, (struct span){stem, size});
}
