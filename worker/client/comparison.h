/* What a shard holds beside what the ledger says of it: both in order of ids, merged. */
#ifndef REFERENT_COMPARISON_H
#define REFERENT_COMPARISON_H

#include "ledger.h"
#include "referent.h"

/* One id: `entry` is NULL where the shard has nothing under it, `row` where the ledger has not; never both. Strings of
 * the row live until the next ledger_find or ledger_next. A fault ends the comparison and is its result. */
typedef enum fault (*comparison_visit)(void *self, const struct referent_inventory_entry *entry,
                                       const struct ledger_row *row, struct error *err);

/* What was seen. */
struct comparison {
    unsigned char lineage[16];
    uint64_t sequence; /* of the first page: what is committed later has receipts of its own */
};

/* ledger may be NULL: then there are no rows.
 * Faults  FAULT_RETRY inventory.timeout, interrupted, inventory.lineage (the shard was made anew meanwhile);
 *         FAULT_REJECT what the worker refuses; and those of the ledger and of visit. */
NODISCARD enum fault comparison_run(struct referent_feeder *feeder, struct ledger *ledger, uint32_t shard,
                                    uint32_t shards, int patience_ms, comparison_visit visit, void *self,
                                    struct comparison *out, struct error *err);

#endif
