/* Rebuilding: a shard whose terms were made by other rules is made anew from its own stored text, beside the one in
 * use. Searches and feeding go on.
 *
 *   WANTED -> READING   [the shard's versions differ from this program's, or the operator asks, or its writer met
 *                        damage that costs nothing: mending.h]
 *   READING -> FOLLOWING [every meeting read again, by the bulk builder into the next generation; checked]
 *   FOLLOWING -> DONE   [what was written meanwhile is put in, the rest of it on the writer's thread; shard_switch]
 *   any     -> WANTED   [a crash or a fault: what was made is removed, and it starts over, after a while if it was a
 *                        fault]
 *
 * Invariants (1) Until the switch nothing that counts is changed: a rebuild can be given up at any moment. (2) A
 * meeting that cannot be read again (record.damaged), or took the daemon down twice (in_hand.h), is taken over as it is
 * indexed, so no document is lost by it; of a damaged shard every document is read, or it is left to the operator. (3)
 * No write that comes in meanwhile is lost (renewal.h). (4) Lineage stays, the sequence goes on, tombstones are
 * carried. */
#ifndef REFERENT_UPKEEP_REBUILD_H
#define REFERENT_UPKEEP_REBUILD_H

#include "wordbook.h"
#include "writer.h"

struct rebuild;

/* What it is made of; everything outlives it. */
struct rebuild_setup {
    const struct config *config;
    struct writer *const *writers; /* one a shard */
    uint32_t shards;
    struct wordbook words;
    bool wanted; /* rebuild shards of this program's versions, too */
};

/* Start config->rebuild_threads threads that go through the shards and end; one stays, for shards that are damaged.
 * Faults: FAULT_STOP memory, thread.start. */
NODISCARD enum fault rebuild_start(const struct rebuild_setup *setup, struct rebuild **out, struct error *err);
/* Give up what is not done, wait for the threads, free it; sets *rebuild to NULL. Before the writers end. */
void rebuild_stop(struct rebuild **rebuild);

#endif
