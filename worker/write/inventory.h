/* What a shard holds, page by page, in order of id: documents and tombstones, as committed. */
#ifndef REFERENT_INVENTORY_H
#define REFERENT_INVENTORY_H

#include "shard.h"

enum { INVENTORY_PAGE_MAX = 1000 };

/* Fill the job's page (entries, done) and its receipt's sequence and lineage. `reader` is a handle of the writer's own
 * on the shard's committed state, opened when NULL. Faults: those of the shim; arena.bound. */
NODISCARD enum fault inventory_page(const struct shard *shard, struct database **reader, struct job *job,
                                    struct error *err);

#endif
