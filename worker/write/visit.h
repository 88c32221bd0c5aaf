/* Visits: work of other threads that has to be done on a writer's thread, between two batches. One visitor at a time is
 * let in; he waits until he is through.
 *
 *   visitor   visit_ask ──waits──▶ visit_next [writer] ──runs it──▶ visit_end [writer] ──▶ visit_ask returns
 */
#ifndef REFERENT_VISIT_H
#define REFERENT_VISIT_H

#include "queue.h"
#include "shard.h"

#include <pthread.h>

/* From visit_ask on until its visitor has seen that it is done. */
struct visit {
    enum fault (*run)(void *self, struct shard *shard, struct error *err);
    void *self;
    struct error *err;
    enum fault fault;
    bool waits;
};

struct visits {
    pthread_mutex_t turn; /* one visitor at a time; held by the visitor */
    pthread_mutex_t lock; /* of `visit` and `ended` */
    pthread_cond_t done;
    struct visit visit;
    bool ended;
    uint32_t shard;
};

void visits_init(struct visits *visits, uint32_t shard);
void visits_done(struct visits *visits);

/* Any other thread: let `run` be run; `bell` is what the writer sleeps on. Returns what it returned, or FAULT_RETRY
 * writer.ended. */
NODISCARD enum fault visit_ask(struct visits *visits, struct queue *bell,
                               enum fault (*run)(void *self, struct shard *shard, struct error *err), void *self,
                               struct error *err);
/* Writer: who waits; NULL if nobody does. The visit is the visitor's to change, and he waits until visit_end. */
const struct visit *visit_next(struct visits *visits);
void visit_end(struct visits *visits, enum fault fault);
/* Writer: nobody comes in any more; whoever waits is told so. */
void visits_close(struct visits *visits);

#endif
