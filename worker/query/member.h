/* MemberRequest -> MemberReply: attendance, votes and items of one elected member. */
#ifndef REFERENT_MEMBER_H
#define REFERENT_MEMBER_H

#include "search.pb-c.h"
#include "view.h"

/* Owner   the reply lives in the arena.
 * Faults  FAULT_REJECT filter.value, query.limit, arena.bound; those of the shim. */
NODISCARD enum fault member_answer(struct arena *arena, struct view *view, const Referent__V1__MemberRequest *request,
                                   uint32_t timeout_ms, Referent__V1__MemberReply *reply, struct error *err);

#endif
