/* A batch: jobs between two commits.
 *
 *   EMPTY      -> FILLING     [batch_add]      (1) A job has a receipt COMMITTED only after the commit that holds it.
 *   FILLING    -> COMMITTING  [batch_commit]   (2) Applying a job twice leaves one document (unique id term).
 *   COMMITTING -> EMPTY       [every job has   (3) A failed commit acknowledges nothing: the batch is replayed on a
 *                              a receipt]          fresh handle, and halved until the poison stands alone.
 *                                              (4) Closed items are committed before the open documents.
 */
#ifndef REFERENT_BATCH_H
#define REFERENT_BATCH_H

#include "shard.h"
#include "work.h"

struct batch {
    struct job **jobs;
    size_t count;
    size_t capacity;
    size_t bytes;           /* of their records, as the text stage estimates */
    struct work_slot *slot; /* what the thread has in hand; NULL after batch_init */
};

/* Room for `capacity` jobs; false if there is no memory. */
bool batch_init(struct batch *batch, size_t capacity);
void batch_done(struct batch *batch);
/* The batch must have room. */
void batch_add(struct batch *batch, struct job *job);
/* Is a job with this id among them? */
bool batch_has(const struct batch *batch, struct span id);
/* Apply and commit; afterwards every job has its receipt. The batch is not emptied.
 * Faults  When the shard cannot be written now, whatever the reason: all receipts are RETRY or earlier ones, the next
 *         batch opens the shard anew. What is wrong with a document alone is in its receipt. */
NODISCARD enum fault batch_commit(struct shard *shard, struct batch *batch, struct error *err);

#endif
