/* CompleteRequest -> CompleteReply: what somebody who has typed so far may be about to write. */
#ifndef REFERENT_COMPLETE_H
#define REFERENT_COMPLETE_H

#include "search.pb-c.h"
#include "view.h"

/* Members, committees and municipalities of which the typed words begin words, in their order; case numbers that begin
 * so. From the terms that are there now: what was deleted, or is closed, is never offered.
 * Time    linear in the different names of the index, bounded; the case numbers with the prefix, bounded too.
 * Owner   the reply lives in the arena.
 * Faults  FAULT_REJECT filter.value, query.limit, complete.kind, arena.bound; those of the shim. */
NODISCARD enum fault complete_answer(struct arena *arena, struct view *view,
                                     const Referent__V1__CompleteRequest *request, Referent__V1__CompleteReply *reply,
                                     struct error *err);

#endif
