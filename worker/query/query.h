/* A SearchRequest -> what to ask the index: free text as compose.h has it, and filters that weigh nothing. */
#ifndef REFERENT_QUERY_H
#define REFERENT_QUERY_H

#include "compose.h"

enum { LIMIT_DEFAULT = 10, LIMIT_MAX = 1000, OFFSET_MAX = 100000, FACETS_MAX = 16, FILTER_VALUES_MAX = 100 };

/* A filter that stands for another value than was typed. */
struct mended {
    const char *kind;
    struct span typed, value;
};

/* A request that was read. */
struct question {
    const Referent__V1__SearchRequest *request;
    struct understanding understanding;
    struct composed composed;
    LIST(struct mended) mended;
};

/* Faults: FAULT_REJECT query.empty, query.length, query.limit, query.words, query.depth, filter.value, filter.date,
 * filter.amount, query.sort, query.collapse; those of the shim; arena.bound. */
NODISCARD enum fault query_read(struct asking *asking, const Referent__V1__SearchRequest *request,
                                struct question *out);
/* Is there anything to relax? */
bool query_can_relax(const struct question *question);
/* Fill query, order, collapse, offset and limit of `search`; facets and time are the caller's. Relaxed, a hit may lack
 * words, but those that have all of them come first.
 * Owner   nodes live in the arena. Faults: FAULT_REJECT query.words, arena.bound. */
NODISCARD enum fault query_search(struct asking *asking, const struct question *question, bool relaxed,
                                  struct search *search);

#endif
