/* CaseRequest -> CaseReply: where a case was treated, oldest first. */
#ifndef REFERENT_CASE_H
#define REFERENT_CASE_H

#include "search.pb-c.h"
#include "view.h"

/* Items that have the number as their own, and items that name it; if there are none, meetings that name it.
 * Owner   the reply lives in the arena.
 * Faults  FAULT_REJECT filter.value, query.limit, arena.bound; those of the shim. */
NODISCARD enum fault case_answer(struct arena *arena, struct view *view, const Referent__V1__CaseRequest *request,
                                 uint32_t timeout_ms, Referent__V1__CaseReply *reply, struct error *err);

#endif
