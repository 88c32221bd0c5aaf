/* Generations: a new state of a whole shard is made beside the one in use, and taken in one step. For rebuilds, bulk
 * loads, restores and repairs.
 *
 * A generation is the open database of a shard and, if it has closed items, the closed one beside it. While it is in
 * use, young segments may come to stand beside the open one (young.h); a new generation has none. Each part has a
 * stub of its own, so moving both goes through a file that names the decision:
 *
 *   BUILT    DIR/shard-0002/gen-000004 (and DIR/closed-0002/gen-000004) are whole and synced; no stub names them
 *   DECIDED  DIR/switch-0002 names both: whatever crashes now, it happens     [rename, synced]
 *   MOVED    the stub of closed-0002, then that of shard-0002 name them
 *   DONE     DIR/switch-0002 is gone
 *
 * Invariants (1) A crash before DECIDED leaves the old generation in use; after it, generation_settle finishes the
 * move, and nobody writes to a shard before that: shard_open and shard_reopen call it first. (2) What no stub and no
 * switch names is nobody's: generation_clean removes it. (3) A reader that has the old databases open goes on reading
 * them, removed or not; it sees at the stub that there are newer ones (worker/query/view.h).
 *
 * Threads: the one that owns the shard; generation_next and generation_remove also the one that holds the writer's
 * claim (writer_claim), so that a shard has one new generation at a time. */
#ifndef REFERENT_GENERATION_H
#define REFERENT_GENERATION_H

#include "directory.h"

struct generation {
    char open[PATH_MAX];      /* DIR/shard-0002/gen-000004 */
    char closed[PATH_MAX];    /* DIR/closed-0002/gen-000004 */
    bool has_closed;          /* false: the shard has no closed database in this generation */
    struct young_names young; /* beside the open one: DIR/shard-0002/young-000007 */
};

/* Name a generation that is not there yet, one number above all that are; the folders of both parts are made, the
 * databases are the caller's to make: empty folders are no databases. has_closed is false: set it when the closed
 * database is made.
 * Faults: FAULT_REOPEN generation.folder; FAULT_STOP data.path. */
NODISCARD enum fault generation_next(const char *data_dir, uint32_t shard, struct generation *next, struct error *err);
/* The generation in use, as the stubs say. *exists is false if the shard has none. Faults: FAULT_STOP data.stub. */
NODISCARD enum fault generation_current(const char *data_dir, uint32_t shard, struct generation *current, bool *exists,
                                        struct error *err);
/* BUILT -> DONE. Both databases are synced before, folders too. shard_switch does all of it for a shard that is open.
 * Faults: FAULT_REOPEN generation.publish: it is open whether it was decided; generation_settle knows. */
NODISCARD enum fault generation_publish(const char *data_dir, uint32_t shard, const struct generation *next,
                                        struct error *err);
/* DECIDED or MOVED -> DONE, if that is where a crash left the shard. Nobody has its databases open for writing.
 * Faults: FAULT_REOPEN generation.publish; FAULT_STOP data.stub: the switch file is no such thing. */
NODISCARD enum fault generation_settle(const char *data_dir, uint32_t shard, struct error *err);
/* DIR/shard-0002/young-000007 for number i. Faults: FAULT_STOP data.path. */
NODISCARD enum fault generation_young(const struct generation *generation, size_t i, char out[static PATH_MAX],
                                      struct error *err);
/* Sync the files of a database and its folder, which compaction does not sync. Faults: FAULT_REOPEN generation.sync. */
NODISCARD enum fault generation_sync(const char *database, struct error *err);
/* Remove the databases of a generation that is not in use, with their folders; fine if there are none. */
void generation_remove(const struct generation *generation);
/* Remove every generation of the shard that is not in use. No new one may be in the making. */
void generation_clean(const char *data_dir, uint32_t shard);

#endif
