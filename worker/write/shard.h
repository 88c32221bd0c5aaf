/* A shard: an open database, young segments beside it, and from the first closed item on a closed one. Owned by one
 * writer thread. */
#ifndef REFERENT_SHARD_H
#define REFERENT_SHARD_H

#include "generation.h"
#include "job.h"
#include "xapian_shim.h"
#include "young.h"

struct shard_part {
    char path[PATH_MAX];       /* DIR/shard-0002 */
    char generation[PATH_MAX]; /* DIR/shard-0002/gen-000001 */
    struct database *database; /* NULL while closed, or before the first closed item */
};

struct shard {
    char data_dir[PATH_MAX];
    uint32_t number;
    uint32_t shards;
    uint32_t schema, analysis; /* versions that its terms are made by; see schema.h */
    struct shard_part open;
    struct shard_part closed;
    struct young_row row; /* of young segments, beside the open database */
    uint64_t sequence;    /* last commit */
    unsigned char lineage[LINEAGE_BYTES];
};

/* Open shard `number` of `shards` below data_dir; it is made if it is not there. A switch that a crash interrupted is
 * finished, generations that nobody names are removed.
 * Faults  FAULT_STOP schema.newer, shards.mismatch, data.*; those of the shim. */
NODISCARD enum fault shard_open(struct shard *shard, const char *data_dir, uint32_t number, uint32_t shards,
                                struct error *err);
/* How many shards the index below data_dir was made with; 0 for a new one, or one whose making ended before the first
 * shard. Folders alone do not tell: a first start may have been killed between two of them.
 * Faults: FAULT_STOP data.*, shard.missing: a shard has no database where another one has commits; those of the shim.
 */
NODISCARD enum fault shard_count(const char *data_dir, uint32_t *shards, struct error *err);
/* The same for whoever checks: shards that are missing count, and so do folders where no shard can be read.
 * Faults: FAULT_STOP data.*. */
NODISCARD enum fault shard_census(const char *data_dir, uint32_t *shards, struct error *err);
/* Close all databases; what is not committed is dropped. */
void shard_close(struct shard *shard);
/* Close and open again, after a fault. */
NODISCARD enum fault shard_reopen(struct shard *shard, struct error *err);
/* Make the closed database if there is none. */
NODISCARD enum fault shard_open_closed(struct shard *shard, struct error *err);

/* Its terms are made by this program's rules. */
bool shard_is_current(const struct shard *shard);
/* The generation in use, with its young segments. */
void shard_generation(const struct shard *shard, struct generation *current);
/* Move to `next`, which holds every document and every tombstone (metadata `deleted:`) that the shard shall have; no
 * batch is begun in either. All other metadata (KEY_SCHEMA .. KEY_SEQUENCE) are written here: this program's versions
 * if its terms were made `anew`, otherwise the shard's own; the shard's numbers and lineage, and a sequence one above
 * the shard's. If next->has_closed is false where the shard has a closed database, an empty one is made. The old
 * generation stays for readers that have it open; its paths come back in *old (may be NULL), for generation_remove.
 * Faults  Until the decision (generation.h) the shard is as it was, and `next` the caller's to remove: those of the
 *         shim, FAULT_STOP data.*. FAULT_REOPEN generation.publish: the shard is closed; shard_reopen finds out which
 *         generation it has, and `next` must not be removed. */
NODISCARD enum fault shard_switch(struct shard *shard, struct generation *next, bool anew, struct generation *old,
                                  struct error *err);
/* The same for a shard that nobody has open, and which may not open any more: it gets a new lineage and this sequence.
 * Faults: as above. */
NODISCARD enum fault shard_replace(const char *data_dir, uint32_t number, uint32_t shards, uint64_t sequence,
                                   const struct generation *next, struct error *err);

#endif
