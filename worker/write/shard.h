/* A shard: an open database and, from the first closed item on, a closed one beside it. Owned by one writer thread. */
#ifndef REFERENT_SHARD_H
#define REFERENT_SHARD_H

#include "directory.h"
#include "job.h"
#include "xapian_shim.h"

struct shard_part {
    char path[PATH_MAX];       /* DIR/shard-0002 */
    char generation[PATH_MAX]; /* DIR/shard-0002/gen-000001 */
    struct database *database; /* NULL while closed, or before the first closed item */
};

struct shard {
    uint32_t number;
    uint32_t shards;
    struct shard_part open;
    struct shard_part closed;
    uint64_t sequence; /* last commit */
    unsigned char lineage[LINEAGE_BYTES];
};

/* Open shard `number` of `shards` below data_dir; it is made if it is not there.
 * Faults  FAULT_STOP schema.newer, shards.mismatch, data.*; those of the shim. */
NODISCARD enum fault shard_open(struct shard *shard, const char *data_dir, uint32_t number, uint32_t shards,
                                struct error *err);
/* Close both databases; what is not committed is dropped. */
void shard_close(struct shard *shard);
/* Close and open again, after a fault. */
NODISCARD enum fault shard_reopen(struct shard *shard, struct error *err);
/* Make the closed database if there is none. */
NODISCARD enum fault shard_open_closed(struct shard *shard, struct error *err);

#endif
