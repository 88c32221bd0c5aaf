/* The thread that owns one shard. Jobs come through its queue, leave with their receipts through `out`. */
#ifndef REFERENT_WRITER_H
#define REFERENT_WRITER_H

#include "config.h"
#include "flow.h"
#include "gate.h"
#include "queue.h"
#include "shard.h"
#include "work.h"

struct writer;

/* What a writer is made of; everything outlives it. */
struct writer_setup {
    const struct config *config;
    uint32_t number;
    uint32_t shards;
    struct queue *out;       /* struct job, each with its receipt */
    struct queue *published; /* struct held, of a bulk load */
    struct flow *flow;       /* of all stages */
    struct gate *gate;       /* commits wait in front of it; may be NULL */
    struct work_slot *slot;  /* what the writer has in hand; may be NULL */
};

/* Open the shard and start the thread. Faults: as shard_open; FAULT_STOP thread.start. */
NODISCARD enum fault writer_start(const struct writer_setup *setup, struct writer **out, struct error *err);
/* Where jobs go in; closing it makes the writer commit what it has and end. */
struct queue *writer_queue(struct writer *writer);
/* Nothing more is on its way: the batch need not wait for company. Any thread. */
void writer_settle(struct writer *writer);
/* No more waiting for company: commit whenever the queue is empty. Any thread. */
void writer_hurry(struct writer *writer);
/* Whoever loads in bulk sends no more for now: publish what is held as soon as the queue is empty. Any thread. */
void writer_flush(struct writer *writer);
/* Wait for the thread (its queue must be closed) and free it; sets *writer to NULL. */
void writer_join(struct writer **writer);

/* Run `visit` on the writer's thread between two batches: what came before is committed, nothing is begun, and the
 * shard is its alone until it returns. It may write to the databases in a batch of its own, or shard_switch. Waits for
 * it; any other thread; visits wait for one another. What comes back is what visit returned, or FAULT_RETRY
 * writer.ended. */
NODISCARD enum fault writer_visit(struct writer *writer,
                                  enum fault (*visit)(void *self, struct shard *shard, struct error *err), void *self,
                                  struct error *err);
/* Whoever makes a new generation of the shard holds its claim from generation_next to generation_remove or the end of
 * the switch. False: somebody else does. Any thread. */
NODISCARD bool writer_claim(struct writer *writer);
void writer_unclaim(struct writer *writer);

/* Was the shard made by other rules than this program's when it was opened? Any thread. */
bool writer_outdated(const struct writer *writer);
/* Does the shard wait to be mended, because the writer met damage in it? Nothing is written to it meanwhile. Never if
 * config->rebuild_threads is 0. Any thread. */
bool writer_damaged(const struct writer *writer);
/* The shard has another generation, which is sound (in a visit); or it cannot be mended, and the writer tries on, for
 * somebody may bring the files back (any thread). */
void writer_mended(struct writer *writer);
void writer_unmended(struct writer *writer);
/* FAULT_RETRY while the shard could not be written a moment ago: why, and how long to wait before somebody tries again.
 * It opens by itself when the cause is gone. Any thread. */
NODISCARD enum fault writer_ready(struct writer *writer, uint32_t *wait_ms, struct error *why);

/* The shard's identity, fixed at start, and its newest commit; any thread. */
const unsigned char *writer_lineage(const struct writer *writer);
uint64_t writer_sequence(struct writer *writer);

#endif
