/* A meeting that came in parts from a case-management system: what the system says of items, access, numbers and case
 * numbers is certain, the text only adds outcomes, votes and entities. So a closed item stays closed, whatever its text
 * looks like. */
#ifndef REFERENT_GIVEN_H
#define REFERENT_GIVEN_H

#include "minutes.h"

enum { GIVEN_LAST = GIVEN_KLE };

/* The word for a bit of enum given in FIELD_GIVEN, such as "committee"; empty if there is none. */
struct span given_name(unsigned bit);
/* The bits for such words with spaces between; others are passed over. */
unsigned given_read(struct span words);

/* Hold what was read of a body to what was given with it.
 * Shape   out is what minutes_read made of the body that was written out of the parts. given->items say number, title,
 *         access, attachments and where they stand (start, end, heading_start, heading_end); all other facts of `given`
 *         count where their bit is set, and start, end and place of the meeting where they are not empty.
 * Owner   out->meeting.items are new, in the arena; spans and lists are borrowed from given.
 * Faults  FAULT_REJECT arena.bound. */
NODISCARD enum fault given_hold(struct arena *arena, const struct meeting *given, struct minutes *out,
                                struct error *err);

#endif
