/* Publishing: final receipts of what was held, thousands at once. They leave as fast as their readers take them, and
 * never block the others: a peer that does not read for long loses its own. On the intake's thread. */
#ifndef REFERENT_PUBLISHING_H
#define REFERENT_PUBLISHING_H

#include "held.h"

struct publishing {
    struct held *lists[1024]; /* a ring, the oldest first */
    size_t first, count;
    uint64_t waiting; /* receipts HELD that went out and have no final one yet */
    int64_t stuck_ms; /* since when the next receipt cannot leave; 0: it can */
    uint64_t deaf;    /* the peer that had not read for too long */
};

void publishing_done(struct publishing *publishing);
/* Take a list; it is freed when all have their receipts. */
void publishing_add(struct publishing *publishing, struct held *held);
/* Answer some: `answer` gives FAULT_RETRY if it cannot be done now; any other fault is the peer's loss. What it is
 * given lives until it returns, and has no arena. */
void publishing_run(struct publishing *publishing,
                    enum fault (*answer)(void *self, const struct job *job, struct error *err), void *self);
/* How long to wait for something else before publishing_run has something to do. */
int publishing_wait_ms(const struct publishing *publishing, int most_ms);
/* A job of its own for an answer; NULL without memory. */
struct job *publishing_job(const struct job *answer);

#endif
