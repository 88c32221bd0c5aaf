/* Facets: how many hits have which value. */
#ifndef REFERENT_FACET_H
#define REFERENT_FACET_H

#include "search.pb-c.h"
#include "xapian_shim.h"

/* The slots of the facets asked for. Faults: FAULT_REJECT facet.name; arena.bound. */
NODISCARD enum fault facet_slots(struct arena *arena, const Referent__V1__SearchRequest *request,
                                 const uint32_t **slots, struct error *err);
/* The facets of a result, most frequent value first, at most facet_limit values each. */
NODISCARD enum fault facet_fill(struct arena *arena, const Referent__V1__SearchRequest *request,
                                struct search_result *result, Referent__V1__SearchReply *reply, struct error *err);

#endif
