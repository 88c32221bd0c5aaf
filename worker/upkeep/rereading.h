/* Rereading: every tombstone and every meeting of the generation in use, read again by today's rules into a making. The
 * writer goes on in that generation meanwhile: a page of names, or a meeting, that a commit overtakes is read again. */
#ifndef REFERENT_UPKEEP_REREADING_H
#define REFERENT_UPKEEP_REREADING_H

#include "in_hand.h"
#include "making.h"
#include "old.h"
#include "queue.h"
#include "term.h"

/* One shard's. What is pointed to is the caller's, and outlives it. */
struct rereading {
    struct old *old;
    struct term_builder *builder;
    struct queue *bell; /* closed: stop */
    const char *data_dir;
    size_t arena_bytes; /* of each arena */
    uint32_t shard;
    bool mends; /* the shard is damaged: what cannot be read again is not taken over as it is */
    /* The rest is its own, all 0 at first. */
    struct making *making;  /* the caller's */
    struct in_hand in_hand; /* .file = -1 at first */
    LIST(struct span) left; /* ids that the making refused, in `names` */
    struct arena *names;
    struct arena *scratch;    /* of one meeting at a time */
    uint64_t meetings, total; /* read; there at the beginning */
    uint64_t documents;       /* of those meetings */
    uint64_t kept;            /* meetings taken over as they were */
    int64_t told_ms;
};

/* Count what there is. Close it even after a fault. Faults: those of the shim and of in_hand_open; FAULT_REOPEN memory.
 */
NODISCARD enum fault rereading_open(struct rereading *reading, struct error *err);
/* An orderly end: no meeting is in hand. Nothing is left of it in what the metrics show. */
void rereading_close(struct rereading *reading);
/* Read all of it into the making, tombstones first: what is deleted later has one that is not known there, so that
 * whoever follows (renewal.h) sees it.
 * Faults: those of the shim, of making_add and of term_build; FAULT_RETRY rebuild.stopped; if it mends, FAULT_REJECT of
 * a meeting that cannot be read again. */
NODISCARD enum fault rereading_all(struct rereading *reading, struct making *making, struct error *err);

/* Faults: FAULT_RETRY rebuild.stopped: the daemon ends. */
NODISCARD enum fault rereading_goes_on(const struct rereading *reading, struct error *err);

#endif
