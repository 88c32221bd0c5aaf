/* Lists that are kept for the searches to come, by all search threads together, in a bound of bytes: one that was
 * not asked for again for long goes first. A list belongs to one database at one commit, so it never changes; whoever
 * has taken it may read it until it is given back, whatever the store forgets meanwhile.
 *
 *   (1) A list that was taken is given back once, by store_return.
 *   (2) A list is freed when the store has forgotten it and all have given it back.
 *   (3) What the store knows counts in its bound; what is only still being read does not. */
#ifndef REFERENT_STORE_H
#define REFERENT_STORE_H

#include "labels.h"
#include "lengths.h"
#include "list.h"

struct store;

/* A store of so many bytes; with 0 it keeps nothing. NULL without memory. */
struct store *store_new(size_t bytes);
/* Everything must have been given back. Sets *store to NULL; NULL is fine. */
void store_free(struct store **store);

/* As many bytes as it may keep. */
size_t store_bound(const struct store *store);
/* The lengths of documents, within the same bound. */
struct lengths *store_lengths(struct store *store);
/* What documents are called, the same. */
struct labels *store_labels(struct store *store);

struct store_key {
    const struct segment *segment;
    struct span term;
    bool weighted;
};

struct kept; /* a list in the store */
const struct list *kept_list(const struct kept *kept);

/* What is kept under each of the keys, NULL where nothing is. */
void store_take(struct store *store, const struct store_key *keys, size_t count, struct kept **out);
/* Keep a list, which is the store's from now on, and take it. If another thread was faster, its list is taken and this
 * one freed. NULL without memory; the list is freed then. */
struct kept *store_keep(struct store *store, const struct store_key *key, struct list *list);
/* Give all of them back; NULL among them is fine. */
void store_return(struct store *store, struct kept *const *taken, size_t count);
/* Was such a list asked for before, of whatever database, a while ago at most? From now on it was. The databases of an
 * index that grows are merged all the time, and its words stay the same. */
bool store_asked(struct store *store, const struct store_key *key);

struct store_facts {
    uint64_t lists, bytes;
};
struct store_facts store_facts(struct store *store);

#endif
