/* The manifest of a backup: what is in it, down to the hash of each file. It is written last, so a backup without one
 * was interrupted.
 *
 *     referent-backup 1
 *     made 2026-11-22T01:02:03Z
 *     shards 4
 *     shard 0 sequence 812 lineage 00112233445566778899aabbccddeeff meetings 1200 documents 9000 closed 31
 *     file shard-0000/gen-000001/postlist.glass 4210688 0123456789abcdef
 *     file dead.sqlite 20480 0123456789abcdef
 *     end 0123456789abcdef
 *
 * Hashes are XXH3-64; that of `end` is over all lines before it. */
#ifndef REFERENT_UPKEEP_MANIFEST_H
#define REFERENT_UPKEEP_MANIFEST_H

#include "arena.h"
#include "error.h"

#include <stdint.h>

enum { LINEAGE_DIGITS = 32 };

struct manifest_shard {
    uint32_t number;
    uint64_t sequence;
    char lineage[LINEAGE_DIGITS + 1];
    uint64_t meetings, documents, closed;
};

struct manifest_file {
    struct text path; /* below the backup */
    uint64_t bytes;
    uint64_t hash;
};

struct manifest {
    char made[32];
    uint32_t shard_count;
    LIST(struct manifest_shard) shards;
    LIST(struct manifest_file) files;
};

/* Write FOLDER/manifest, durably and at once. Faults: FAULT_REOPEN backup.manifest. */
NODISCARD enum fault manifest_write(const char *folder, const struct manifest *manifest, struct error *err);
/* Read it. Paths lead nowhere but to parts of an index and its dead letters. Owner: in the arena.
 * Faults: FAULT_REJECT backup.unfinished: there is none; backup.damaged; backup.version: of a newer referent. */
NODISCARD enum fault manifest_read(const char *folder, struct arena *arena, struct manifest *manifest,
                                   struct error *err);

#endif
