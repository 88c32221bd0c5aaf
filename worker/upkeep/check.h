/* Checking an index, part by part: by Xapian's own check, and by what must hold of our documents.
 *
 *   finding          means                                                          a repair
 *   check.open       a database cannot be opened, or is not there                   see repair.h
 *   check.xapian     Xapian's check counts errors                                   makes it anew
 *   check.read       a meeting or a list cannot be read                             makes it anew
 *   check.metadata   a key of the metadata is missing, or another shard's           makes it anew
 *   check.gap        documents of a meeting are missing                             leaves it out and names it
 *   check.meeting    what a meeting stores does not fit together                    leaves it out and names it
 *   check.version    documents of one meeting are of different versions             leaves it out and names it
 *   check.tombstone  a meeting is there, and deleted                                keeps the meeting
 *   check.orphan     closed items without a meeting: left by a crash, never         leaves them out
 *                    acknowledged
 *   check.shard      a meeting belongs to another shard                             leaves it out and names it
 *   check.switch     a move to another generation was interrupted                   is not needed: start referentd
 *
 * Each shard is held while it is checked, so a daemon may run; its writer waits. */
#ifndef REFERENT_UPKEEP_CHECK_H
#define REFERENT_UPKEEP_CHECK_H

#include "error.h"
#include "span.h"

#include <stdbool.h>
#include <stdint.h>

struct finding {
    uint32_t shard;
    bool closed;      /* in the closed part */
    const char *rule; /* as above */
    struct span id;   /* of a document; empty if it is about the whole part */
    const char *text;
};

struct check_summary {
    uint32_t shards;
    uint64_t meetings;
    uint64_t findings;
};

/* Check every shard of the index in data_dir; `tell` is called for each finding, spans live until it returns.
 * Faults: FAULT_REJECT check.source: there is no index; FAULT_STOP data.*; FAULT_REOPEN data.hold. A finding is none.
 */
NODISCARD enum fault check_run(const char *data_dir, void (*tell)(void *self, const struct finding *finding),
                               void *self, struct check_summary *summary, struct error *err);
/* The same for one shard, which is not held here. */
NODISCARD enum fault check_shard(const char *data_dir, uint32_t shard, uint32_t shards,
                                 void (*tell)(void *self, const struct finding *finding), void *self,
                                 struct check_summary *summary, struct error *err);

#endif
