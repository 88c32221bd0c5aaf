/* name: names as keys, so that the same person is found again however the name is spelt. Pure. */
#ifndef REFERENT_NAME_H
#define REFERENT_NAME_H

#include "arena.h"
#include "span.h"

#include <stdint.h>

/* A name folded for comparing: small letters, å and ø written out, no spaces, hyphens or points. */
enum { NAME_KEY_MAX = 64 };
struct name_key {
    char text[NAME_KEY_MAX];
    uint8_t size;
    uint64_t whole, first, last; /* hashes of the key, and of the first and the last word */
};
void name_key(struct span name, struct name_key *out);
/* Did all letters of the name fit into the key? Then name_key_stem gives `whole` without the last one, a genitive s. */
static inline bool name_key_has_all(const struct name_key *key)
{
    return key->size > 0 && key->size < NAME_KEY_MAX - 4;
}
uint64_t name_key_stem(const struct name_key *key);
/* Are the two names the same but for a slip of the pen or a missing middle name? */
bool name_close(const struct name_key *a, struct span name_a, const struct name_key *b, struct span name_b);

/* Finds people by hash: a table of chains. */
struct name_index {
    struct arena *arena;
    struct name_entry {
        uint64_t hash;
        int32_t person, next;
    } * entries;
    int32_t *heads;
    size_t count, capacity, mask;
};
NODISCARD bool name_index_add(struct name_index *index, uint64_t hash, int32_t person);
/* The first entry with the hash, then the next one; -1 at the end. */
int32_t name_index_first(const struct name_index *index, uint64_t hash);
int32_t name_index_next(const struct name_index *index, int32_t entry, uint64_t hash);

#endif
