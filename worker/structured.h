/* A meeting that a case-management system delivers in parts: written out as a body, read like any other, and then held
 * to what was given. What the system says of items, access, numbers and case numbers is certain; the text only adds
 * outcomes, votes and entities. So a closed item stays closed, whatever its text looks like. */
#ifndef REFERENT_STRUCTURED_H
#define REFERENT_STRUCTURED_H

#include "document.pb-c.h"
#include "minutes.h"

/* Owner   *body and out live in the arena.
 * Faults  FAULT_REJECT frame.size: the body would be above 16 MiB; those of minutes_read. */
NODISCARD enum fault structured_read(struct arena *arena, const Referent__V1__Meeting *meeting, struct minutes *out,
                                     struct error *err);

#endif
