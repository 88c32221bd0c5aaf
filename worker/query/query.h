/* A SearchRequest -> a query in the shim's postfix form: free text, and filters that weigh nothing. Pure. */
#ifndef REFERENT_QUERY_H
#define REFERENT_QUERY_H

#include "search.pb-c.h"
#include "xapian_shim.h"

enum { LIMIT_DEFAULT = 10, LIMIT_MAX = 1000, OFFSET_MAX = 100000, FACETS_MAX = 16 };

/* Fill `search` with query, order, offset and limit; facets are the caller's.
 * Owner   nodes live in the arena; their texts are borrowed from the request.
 * Faults  FAULT_REJECT query.empty, query.length, query.limit, filter.value, filter.date; arena.bound. */
NODISCARD enum fault query_build(struct arena *arena, const Referent__V1__SearchRequest *request, struct search *search,
                                 struct error *err);

#endif
