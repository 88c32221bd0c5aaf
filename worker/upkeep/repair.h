/* Repair: a shard that is damaged is made anew from what can still be read of its documents' data, document by
 * document, whatever has become of the other tables.
 *
 * A meeting is taken over if everything that it stores was read; any other is named, as far as its id is known, and
 * left out; so are those of a young segment that does not open, and nobody can name them. The shard gets a new lineage,
 * so feeders with a ledger compare and send what is missing. The damaged generation stays beside it as
 * DIR/shard-0002/damaged-gen-000001, for whoever wants to look; it is the operator's to remove.
 *
 * Where a stub is lost, the one generation beside it is taken with all young segments; where nothing is there, the
 * shard becomes an empty one. */
#ifndef REFERENT_UPKEEP_REPAIR_H
#define REFERENT_UPKEEP_REPAIR_H

#include "error.h"
#include "span.h"
#include "term.h"

#include <stdbool.h>
#include <stdint.h>

struct repair_setup {
    const char *data_dir; /* whose lock the caller has */
    uint32_t shard, shards;
    struct term_builder *builder;
    /* Called for every meeting that is left out, or of which a part is missing; id lives until it returns, empty if it
     * is not known. */
    void (*lost)(void *self, struct span id, bool partial, const char *why);
    void *self;
};

struct repair_summary {
    uint64_t saved;      /* meetings, whole */
    uint64_t partial;    /* without their closed items */
    uint64_t lost;       /* left out */
    uint64_t unreadable; /* documents whose data cannot be read */
    uint64_t tombstones;
    bool tombstones_whole; /* false: some could not be read, so an old feed may bring deleted documents back */
};

/* Faults: FAULT_REJECT repair.hopeless: the open database does not open, or nothing of it can be read; a backup or a
 * replica is needed. FAULT_REOPEN, FAULT_STOP of the new generation. After a fault the shard is as it was. */
NODISCARD enum fault repair_shard(const struct repair_setup *setup, struct repair_summary *summary, struct error *err);

#endif
