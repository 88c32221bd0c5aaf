/* What an answer covers: every reply that looks at all shards says so. */
#ifndef REFERENT_COVERAGE_H
#define REFERENT_COVERAGE_H

#include "search.pb-c.h"
#include "view.h"

/* Owner   *out lives in the arena. Faults: those of the shim; arena.bound. */
NODISCARD enum fault coverage_fill(struct arena *arena, struct view *view, Referent__V1__Coverage **out,
                                   struct error *err);

#endif
