/* The generation in use, as somebody reads it who makes a new one: both parts together, at their newest commits. */
#ifndef REFERENT_UPKEEP_OLD_H
#define REFERENT_UPKEEP_OLD_H

#include "generation.h"
#include "recall.h"
#include "xapian_care.h"

struct old {
    struct generation generation;
    struct database *open;
    struct database *closed; /* NULL while there is none */
};

/* Open the open part alone: its generation and what is young beside it, as one. Faults: those of the shim. */
NODISCARD enum fault old_open_part(const struct generation *generation, struct database **database, struct error *err);
/* Open both parts where they stand, whatever the stubs say later. Faults: those of the shim. */
NODISCARD enum fault old_open(struct old *old, const struct generation *generation, struct error *err);
void old_close(struct old *old);
/* Move to the newest commits. Waits a moment for the open part, if the closed one is ahead of it: the writer commits
 * them one after the other. What a crash left ahead stays so. Faults: those of the shim. */
NODISCARD enum fault old_refresh(struct old *old, struct error *err);

/* Is what was read since then so? Faults: FAULT_REOPEN database.overtaken: refresh and read again. */
NODISCARD enum fault old_whole(const struct old *old, struct error *err);

/* What a meeting stores: documents[0] is the meeting's, documents[n] item n's. */
struct old_meeting {
    struct stored_data *documents;
    size_t count; /* 0: the shard has no such meeting */
    unsigned char digest[16];
};
/* Read it. Owner: in the arena.
 * Faults: FAULT_REJECT record.gap: documents are missing; FAULT_REOPEN: refresh and read again. */
NODISCARD enum fault old_read(struct old *old, struct arena *arena, struct span id, struct old_meeting *meeting,
                              struct error *err);
/* Read it as it is indexed, to be added as it stands; record->document_count is 0 if there is none. Both are whole. */
NODISCARD enum fault old_record(struct old *old, struct arena *arena, struct span id, struct index_record *record,
                                struct error *err);

#endif
