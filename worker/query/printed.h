/* A folded value of a boolean term -> how minutes print it. */
#ifndef REFERENT_PRINTED_H
#define REFERENT_PRINTED_H

#include "schema.h"
#include "view.h"

/* The value of `term` (prefix and folded value) as the facet of a document that has it prints it; the folded value
 * itself where none does (a facet holds so much and no more).
 * Prefixes  MEMBER, COMMITTEE, MUNICIPALITY, CASE.
 * Owner     *out lives in the arena. Faults: those of the shim; arena.bound. */
NODISCARD enum fault printed_value(struct arena *arena, struct view *view, enum schema_prefix prefix, struct span term,
                                   struct span *out, struct error *err);

#endif
