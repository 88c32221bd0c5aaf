/* A matcher beside Xapian's for the queries that people ask most: words and their other forms, all of them or any,
 * filters by terms. It finds the same documents with the same weights in the same order; totals are exact where
 * Xapian's must be, and otherwise estimates as Xapian's are. What it does not know stays with Xapian: phrases, ranges
 * of values, orders and groups by value, facets, explanations, databases on other machines.
 *
 * Its lists stand in a store that all threads share. A list is decoded when it is asked for the second time at the same
 * commit; until then Xapian answers, so that a question that comes once costs what it ever cost. */
#ifndef REFERENT_MATCH_H
#define REFERENT_MATCH_H

#include "store.h"

/* What one search thread needs of its own. */
struct matcher;

/* NULL without memory. The store outlives the matcher. */
struct matcher *matcher_new(struct store *store);
void matcher_free(struct matcher **matcher);

/* Run a search, or leave *out NULL: then it is for Xapian.
 * Faults: those of database_search. */
NODISCARD enum fault match_search(struct matcher *matcher, struct arena *arena, struct database *database,
                                  const struct search *search, struct search_result **out, struct error *err);

#endif
