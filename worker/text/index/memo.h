/* Bytes -> bytes, remembered: a hash table over one pool. Minutes use few words often, so most questions about a word
 * were answered before.
 *
 * Bounded: when full it is emptied and fills again, so that hostile input cannot make it grow. One per thread. */
#ifndef REFERENT_MEMO_H
#define REFERENT_MEMO_H

#include "error.h"
#include "span.h"

#include <stdint.h>

enum { MEMO_KEY_MAX_BYTES = 255, MEMO_VALUE_MAX_BYTES = 65535 };

struct memo_slot {
    uint32_t tag; /* upper half of the hash */
    uint32_t at;  /* entry in the pool, and one; 0 is a free slot */
};

/* Zero is an empty memo that was not made yet. */
struct memo {
    struct memo_slot *slots;
    size_t mask; /* a power of two less one; at most half of the slots are used */
    char *pool;  /* |key size 1|value size 2|key|value| ... */
    size_t room, used, count;
};

/* At most `entries` (at least 16), whose keys and values have `bytes` on average. False without memory. */
NODISCARD bool memo_make(struct memo *memo, size_t entries, size_t bytes);
void memo_done(struct memo *memo);
/* What is remembered of the key: valid until the next memo_keep. False if nothing is; *hash is for memo_keep then. */
bool memo_find(const struct memo *memo, struct span key, uint64_t *hash, struct span *value);
/* The hash of memo_find. */
uint64_t memo_hash(struct span key);
/* The same with a hash of the caller's own, which is the same for the same key. Who has several keys at hand can ask
 * memory first: for the slots of all of them, then for the entries. */
bool memo_look(const struct memo *memo, struct span key, uint64_t hash, struct span *value);
void memo_fetch_slot(const struct memo *memo, uint64_t hash);
void memo_fetch_entry(const struct memo *memo, uint64_t hash);
/* Remember a value, which must not stand in the memo itself; gives its copy. */
struct span memo_keep(struct memo *memo, struct span key, uint64_t hash, struct span value);

#endif
