/* Salvage: one meeting of a damaged shard read again from what is left of its documents. */
#ifndef REFERENT_UPKEEP_SALVAGE_H
#define REFERENT_UPKEEP_SALVAGE_H

#include "piece.h"
#include "term.h"

/* Where to read. */
struct salvage {
    struct database *parts[2]; /* open, closed; the closed one may be NULL */
    bool closed_holes;         /* closed documents cannot be read */
    struct term_builder *builder;
};

/* Whole, or at least what is open of it: then `why` says what is missing, and is empty else. Without its closed items
 * it has no digest, so that the feeder's own counts as another one. The record lives in the arena.
 * Faults  FAULT_REJECT check.gap, check.version, record.damaged: not enough of it is left; those of term_build. */
NODISCARD enum fault salvage_meeting(const struct salvage *salvage, struct arena *arena, const struct piece *pieces,
                                     size_t count, struct index_record *record, struct error *why);
/* The id of the meeting, in the arena; empty if it cannot be read any more. */
struct span salvage_id(const struct salvage *salvage, struct arena *arena, const struct piece *piece);

#endif
