/* The thread that owns the feed socket: frames in, credit, receipts out.
 *
 *   SERVING   -> DRAINING  [intake_drain]        no new work: Submit and Delete are answered RETRY draining
 *   DRAINING  -> ENDED     [nothing in flight]   receipts are flushed, the thread ends
 */
#ifndef REFERENT_INTAKE_H
#define REFERENT_INTAKE_H

#include "config.h"
#include "flow.h"
#include "guard.h"
#include "job.h"
#include "keeper.h"
#include "queue.h"
#include "shelf.h"
#include "socket.h"

struct intake;

/* What an intake is made of; everything outlives it. */
struct intake_setup {
    const struct config *config;
    void *context; /* ZeroMQ's */
    uint64_t instance;
    uint64_t rules; /* for Welcome; 0: not said */
    uint32_t shards;
    struct shelf *to_text;   /* the readers take from it */
    struct queue *done;      /* jobs come back here with their receipts */
    struct queue *published; /* struct held: final receipts of what was held */
    struct guard *guard;
    struct keeper *keeper; /* has what was rejected before its receipt leaves; pushes to `done` too */
    struct flow *flow;     /* of all stages */
    /* A shard's identity and newest commit, for Welcome. */
    void (*describe)(void *self, uint32_t shard, unsigned char lineage[static LINEAGE_BYTES], uint64_t *sequence);
    /* Publish what is held. */
    void (*flush)(void *self);
    /* May the shard be written now? Else why not, and when to ask again. NULL: always. */
    enum fault (*ready)(void *self, uint32_t shard, uint32_t *wait_ms, struct error *why);
    void *self; /* of all of them */
};

/* Bind and start. Faults: FAULT_STOP socket.bind, thread.start, memory. */
NODISCARD enum fault intake_start(const struct intake_setup *setup, struct intake **out, struct error *err);
/* The endpoint that was bound, with its port. */
const char *intake_endpoint(const struct intake *intake);
/* Take no more work. Any thread. */
void intake_drain(struct intake *intake);
/* After intake_drain: wait until nothing is in flight and all receipts are out, or drain_timeout_ms has passed. Frees
 * the intake and sets *intake to NULL. True if everything was answered. */
bool intake_join(struct intake **intake);

#endif
