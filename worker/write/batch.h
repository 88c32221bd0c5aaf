/* A batch: jobs between two commits.
 *
 *   EMPTY      -> FILLING     [batch_add]      (1) A job has a receipt COMMITTED only after the commit that holds it.
 *   FILLING    -> COMMITTING  [batch_commit]   (2) Applying a job twice leaves one document (unique id term).
 *   COMMITTING -> EMPTY       [every job has   (3) A failed commit acknowledges nothing: the batch is replayed on a
 *                              a receipt]          fresh handle, and halved until the poison stands alone.
 *                                              (4) Closed items are committed before the open documents, young
 *                                              segments before the generation (young.h).
 *
 * Documents that the shard has never heard of, if a batch has many of them, become a young segment; all else goes to
 * the database where it stands, or to the generation. Whatever goes wrong with a segment, the batch is replayed without
 * one. Where there are young segments, jobs with the same id are never in one commit.
 *
 * A document that is deleted in a young segment has its tombstone in the generation, and that is committed before: a
 * crash between the two leaves the document, which counts, and the tombstone of a deletion that nobody acknowledged,
 * which does not. So a job is done or not, whatever comes between.
 */
#ifndef REFERENT_BATCH_H
#define REFERENT_BATCH_H

#include "gate.h"
#include "shard.h"
#include "work.h"

struct plan;
struct mark;

struct batch {
    struct job **jobs;
    size_t count;
    size_t capacity;
    size_t bytes;       /* of their records, as the text stage estimates */
    size_t young;       /* so many new documents become a young segment, for which there is room; 0: none do */
    struct plan *plans; /* room for what is known of each job, and for their order by id */
    struct mark *marks;
    struct work_slot *slot; /* what the thread has in hand; NULL after batch_init */
    struct gate *gate;      /* in front of each commit; the same */
    uint64_t committed;     /* the last one, as the gate counts them */
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
/* Can a shard be written again that could not? A commit of nothing but the next sequence. Faults as batch_commit; the
 * shard is closed then. */
NODISCARD enum fault batch_trial(struct shard *shard, struct batch *batch, struct error *err);

#endif
