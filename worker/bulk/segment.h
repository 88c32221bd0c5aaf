/* The folder of a segment: four tables being written, and the moment at which they become a database.
 *
 *   EMPTY -> TABLES [segment_begin]  -> SYNCED -> NAMED (iamglass.new) -> DATABASE (iamglass)   [segment_publish]
 *   any state before DATABASE -> no folder [segment_drop] */
#ifndef REFERENT_BULK_SEGMENT_H
#define REFERENT_BULK_SEGMENT_H

#include "error.h"
#include "iamglass.h"
#include "table.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

struct segment {
    char folder[PATH_MAX];
    unsigned char uuid[UUID_BYTES];
    struct table tables[GLASS_TABLES];
    bool unsynced; /* nothing is synced: that is left to others */
};

/* What a builder puts aside for a while has this name in the folder, as long as it has one. */
extern const char segment_scratch[];

/* False without memory. */
NODISCARD bool segment_init(struct segment *segment, uint32_t block_size);
void segment_done(struct segment *segment);
/* Make the folder, remove leftovers, begin the tables.
 * Faults: FAULT_REJECT bulk.exists, FAULT_REOPEN bulk.write, FAULT_STOP bulk.path. */
NODISCARD enum fault segment_begin(struct segment *segment, const char *folder, struct error *err);
/* End the tables and publish. Faults: FAULT_REOPEN bulk.write. */
NODISCARD enum fault segment_publish(struct segment *segment, const struct statistics *statistics, uint64_t *bytes,
                                     struct error *err);
/* Remove what was made, and the folder if nothing else is in it. */
void segment_drop(struct segment *segment);

#endif
