/* The requests that look something up instead of searching: a case, a member, a completion. */
#ifndef REFERENT_LOOKUP_H
#define REFERENT_LOOKUP_H

#include "frame.h"
#include "view.h"

/* Fill the reply's payload, which is of the kind that answers what was asked: case_request, member_request or
 * complete_request.
 * Owner   the payload lives in the arena. Faults: those of case.h, member.h and complete.h. */
NODISCARD enum fault lookup_answer(struct arena *arena, struct view *view, const Envelope *asked, uint32_t timeout_ms,
                                   Envelope *reply, struct error *err);

#endif
