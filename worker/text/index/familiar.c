/* familiar: values of a record -> what is known of them, in a hash table. On the text thread, in the record's arena. */
#include "familiar.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

/* The slot of a value, or the free one where it belongs. */
static struct familiar **slot_find(const struct familiars *familiars, enum schema_prefix prefix, struct span value,
                                   uint64_t hash)
{
    for (size_t i = hash & familiars->mask;; i = (i + 1) & familiars->mask) {
        const struct familiar *known = familiars->slots[i];
        if (known == NULL || (known->hash == hash && known->prefix == prefix && span_equal(known->value, value)))
            return &familiars->slots[i];
    }
}

static bool slots_grow(struct familiars *familiars, struct arena *arena)
{
    enum { FIRST_SLOTS = 128 };
    if (familiars->slots != NULL && familiars->count * 2 <= familiars->mask)
        return true;
    struct familiars larger = {.mask = familiars->slots != NULL ? familiars->mask * 2 + 1 : FIRST_SLOTS - 1,
                               .count = familiars->count};
    larger.slots = arena_zero(arena, larger.mask + 1, sizeof *larger.slots);
    if (larger.slots == NULL)
        return false;
    for (size_t i = 0; familiars->slots != NULL && i <= familiars->mask; i++) {
        struct familiar *known = familiars->slots[i];
        if (known != NULL)
            *slot_find(&larger, known->prefix, known->value, known->hash) = known;
    }
    *familiars = larger;
    return true;
}

struct familiar *familiar_of(struct familiars *familiars, struct arena *arena, enum schema_prefix prefix,
                             struct span value)
{
    if (!slots_grow(familiars, arena))
        return NULL;
    uint64_t hash = XXH3_64bits_withSeed(value.at, value.size, (uint64_t)prefix);
    struct familiar **slot = slot_find(familiars, prefix, value, hash);
    if (*slot == NULL) {
        struct familiar *added = arena_alloc(arena, sizeof *added);
        if (added == NULL)
            return NULL;
        *added = (struct familiar){.value = value, .hash = hash, .prefix = prefix};
        *slot = added;
        familiars->count++;
    }
    return *slot;
}
