/* A meeting that a case-management system delivers in parts: written out as a body, read like any other, and then held
 * to what was given. What the system says of items, access, numbers and case numbers is certain; the text only adds
 * outcomes, votes and entities. So a closed item stays closed, whatever its text looks like. */
#ifndef REFERENT_STRUCTURED_H
#define REFERENT_STRUCTURED_H

#include "document.pb-c.h"
#include "minutes.h"

/* Write it out as a Markdown body; *given is what it says for sure, to which the minutes that are read of that body are
 * held then (given_hold).
 * Owner   both live in the arena, and borrow from the meeting.
 * Faults  FAULT_REJECT frame.size: the body would be above 16 MiB; body.empty; arena.bound. */
NODISCARD enum fault structured_write(struct arena *arena, const Referent__V1__Meeting *meeting, struct span *body,
                                      struct meeting *given, struct error *err);

#endif
