/* Merging young segments, in the background: a thread of its own for each merge, behind all others. The writer starts
 * merges and takes what they made, between two batches.
 *
 *   RUNNING -> READY  [the thread: compacted, counted, synced; the writer is nudged]
 *   READY   -> none   [merger_take: the merged one takes the place of the old ones; or it is void and removed]
 *
 * Invariants (1) A merge is void if one of the segments it read was changed since it began, or is there no more: the
 * writer, who makes all changes, gives each state of a segment a stamp of its own. So nothing that was written is lost.
 * (2) Merges that run have no segment in common. (3) After a void merge, or one that failed, none is started for a
 * while, each time for longer: where documents of young segments are replaced all the time, merging is work for
 * nothing. (4) When nobody feeds, few segments are merged, too (merging.c), because searching takes longer over many.
 *
 * On the writer's thread. */
#ifndef REFERENT_MERGER_H
#define REFERENT_MERGER_H

#include "queue.h"
#include "shard.h"

struct merger;

/* `bell` is nudged when a merge is ready. NULL without memory. */
struct merger *merger_new(struct queue *bell);
/* Waits for what runs, and forgets it. The next start of the shard removes what it made. Sets *merger to NULL. */
void merger_free(struct merger **merger);
/* Is anything? */
bool merger_ready(const struct merger *merger);
/* Wait until something is, for so long at most. False: nothing runs, so nothing will be. */
bool merger_await(struct merger *merger, int timeout_ms);
/* Take what is ready. *taken tells whether the row is another one.
 * Faults: those of young_replace: shard_reopen finds out what the stub names. */
NODISCARD enum fault merger_take(struct merger *merger, struct shard *shard, bool *taken, struct error *err);
/* How long until merger_start would start something: -1: there is nothing to start. */
int merger_wait_ms(const struct merger *merger, const struct shard *shard, size_t most);
/* Start what is worth it, for a row that shall have at most `most` segments. */
void merger_start(struct merger *merger, struct shard *shard, size_t most);

/* What is worth merging of segments with these sizes, oldest first, of which some are being merged: the youngest in a
 * row, so many that whatever is older has at least twice their size; none as long as the row is short. Pure. */
struct merge_choice {
    size_t first, count; /* count 0: nothing */
};
struct merge_choice merge_choose(const uint64_t *bytes, const bool *busy, size_t count, size_t most);

#endif
