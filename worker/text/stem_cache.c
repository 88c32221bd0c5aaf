/* stem_cache: word -> stem, in a hash table over one pool of bytes. Owned by one text or search thread. */
#include "stem_cache.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <xxhash.h>

enum { WORD_MAX_BYTES = 64, STEM_MAX_BYTES = 128, POOL_BYTES_PER_WORD = 32 };

struct slot {
    uint32_t tag; /* upper half of the hash */
    uint32_t at;  /* word and stem in the pool, one behind the other */
    uint8_t word_size, stem_size;
    bool used;
};

struct stem_cache {
    struct stemmer stemmer;
    struct slot *slots;
    size_t slot_mask; /* a power of two less one; at most half of the slots are used */
    char *pool;
    size_t pool_size, pool_used;
    size_t count;
};

struct stem_cache *stem_cache_new(struct stemmer stemmer, size_t max_words)
{
    size_t slots = 32;
    while (slots < max_words * 2 && slots < SIZE_MAX / 4)
        slots *= 2;
    struct stem_cache *cache = calloc(1, sizeof *cache);
    if (cache == NULL)
        return NULL;
    *cache =
        (struct stem_cache){.stemmer = stemmer, .slot_mask = slots - 1, .pool_size = slots / 2 * POOL_BYTES_PER_WORD};
    cache->slots = calloc(slots, sizeof *cache->slots);
    cache->pool = malloc(cache->pool_size);
    if (cache->slots == NULL || cache->pool == NULL)
        stem_cache_free(&cache);
    return cache;
}

void stem_cache_free(struct stem_cache **cache)
{
    if (cache == NULL || *cache == NULL)
        return;
    free((*cache)->slots);
    free((*cache)->pool);
    free(*cache);
    *cache = NULL;
}

static void cache_clear(struct stem_cache *cache)
{
    memset(cache->slots, 0, (cache->slot_mask + 1) * sizeof *cache->slots);
    cache->count = cache->pool_used = 0;
}

static struct slot *slot_find(struct stem_cache *cache, struct span word, uint64_t hash)
{
    for (size_t i = hash & cache->slot_mask;; i = (i + 1) & cache->slot_mask) {
        struct slot *slot = &cache->slots[i];
        if (!slot->used)
            return slot;
        if (slot->tag == hash >> 32 && slot->word_size == word.size &&
            memcmp(cache->pool + slot->at, word.at, word.size) == 0)
            return slot;
    }
}

struct span stem_cache_word(struct stem_cache *cache, struct span word)
{
    assert(word.size >= 1 && word.size <= WORD_MAX_BYTES);
    uint64_t hash = XXH3_64bits(word.at, word.size);
    struct slot *slot = slot_find(cache, word, hash);
    if (!slot->used) {
        char stem[STEM_MAX_BYTES];
        size_t size = cache->stemmer.stem(cache->stemmer.self, word.at, word.size, stem);
        assert(size <= STEM_MAX_BYTES);
        if (cache->count > cache->slot_mask / 2 || cache->pool_size - cache->pool_used < word.size + size) {
            cache_clear(cache);
            slot = slot_find(cache, word, hash);
        }
        *slot = (struct slot){.tag = (uint32_t)(hash >> 32),
                              .at = (uint32_t)cache->pool_used,
                              .word_size = (uint8_t)word.size,
                              .stem_size = (uint8_t)size,
                              .used = true};
        memcpy(cache->pool + slot->at, word.at, word.size);
        memcpy(cache->pool + slot->at + word.size, stem, size);
        cache->pool_used += word.size + size;
        cache->count++;
    }
    return (struct span){cache->pool + slot->at + slot->word_size, slot->stem_size};
}
