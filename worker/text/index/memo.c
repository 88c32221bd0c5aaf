/* memo: a hash table over one pool of bytes. Owned by one text or search thread. */
#include "memo.h"

#include <assert.h>
#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { HEAD_BYTES = 3, SLOTS_MIN = 32 };

bool memo_make(struct memo *memo, size_t entries, size_t bytes)
{
    size_t slots = SLOTS_MIN;
    while (slots < entries * 2 && slots < SIZE_MAX / 64)
        slots *= 2;
    *memo = (struct memo){.mask = slots - 1,
                          .room = slots / 2 * (bytes + HEAD_BYTES) + MEMO_KEY_MAX_BYTES + MEMO_VALUE_MAX_BYTES};
    memo->slots = calloc(slots, sizeof *memo->slots);
    memo->pool = malloc(memo->room);
    if (memo->slots != NULL && memo->pool != NULL)
        return true;
    memo_done(memo);
    return false;
}

void memo_done(struct memo *memo)
{
    free(memo->slots);
    free(memo->pool);
    *memo = (struct memo){0};
}

/* The slot of a key, or the free one where it belongs. */
static struct memo_slot *slot_find(const struct memo *memo, struct span key, uint64_t hash)
{
    for (size_t i = hash & memo->mask;; i = (i + 1) & memo->mask) {
        struct memo_slot *slot = &memo->slots[i];
        const char *entry = memo->pool + slot->at - (slot->at > 0);
        if (slot->at == 0 || (slot->tag == hash >> 32 && (unsigned char)entry[0] == key.size &&
                              bytes_equal(entry + HEAD_BYTES, key.at, key.size)))
            return slot;
    }
}

static struct span value_of(const struct memo *memo, const struct memo_slot *slot)
{
    const char *entry = memo->pool + slot->at - 1;
    uint16_t size;
    memcpy(&size, entry + 1, sizeof size);
    return (struct span){entry + HEAD_BYTES + (unsigned char)entry[0], size};
}

bool memo_look(const struct memo *memo, struct span key, uint64_t hash, struct span *value)
{
    const struct memo_slot *slot = slot_find(memo, key, hash);
    if (slot->at == 0)
        return false;
    *value = value_of(memo, slot);
    return true;
}

uint64_t memo_hash(struct span key)
{
    return XXH3_64bits(key.at, key.size);
}

bool memo_find(const struct memo *memo, struct span key, uint64_t *hash, struct span *value)
{
    *hash = memo_hash(key);
    return memo_look(memo, key, *hash, value);
}

void memo_fetch_slot(const struct memo *memo, uint64_t hash)
{
    __builtin_prefetch(&memo->slots[hash & memo->mask]);
}

void memo_fetch_entry(const struct memo *memo, uint64_t hash)
{
    __builtin_prefetch(memo->pool + memo->slots[hash & memo->mask].at);
}

struct span memo_keep(struct memo *memo, struct span key, uint64_t hash, struct span value)
{
    size_t need = HEAD_BYTES + key.size + value.size;
    uint16_t size = (uint16_t)value.size;
    assert(key.size <= MEMO_KEY_MAX_BYTES && value.size <= MEMO_VALUE_MAX_BYTES);
    if (memo->count > memo->mask / 2 || memo->room - memo->used < need) {
        memset(memo->slots, 0, (memo->mask + 1) * sizeof *memo->slots);
        memo->count = memo->used = 0;
    }
    struct memo_slot *slot = slot_find(memo, key, hash);
    char *entry = memo->pool + memo->used;
    *slot = (struct memo_slot){(uint32_t)(hash >> 32), (uint32_t)memo->used + 1};
    entry[0] = (char)key.size;
    memcpy(entry + 1, &size, sizeof size);
    memcpy(entry + HEAD_BYTES, key.at, key.size);
    memcpy(entry + HEAD_BYTES + key.size, value.at, value.size);
    memo->used += need;
    memo->count++;
    return value_of(memo, slot);
}
