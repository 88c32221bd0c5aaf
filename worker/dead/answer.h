/* Questions about dead letters -> their answers, in the job's arena. On the keeper's thread. */
#ifndef REFERENT_DEAD_ANSWER_H
#define REFERENT_DEAD_ANSWER_H

#include "job.h"
#include "store.h"

enum { DEAD_PAGE_MAX = 1000 /* letters a page, and numbers a drop */ };

/* Answer a JOB_DEAD that only reads: job->answer is the reply.
 * Faults: those of store_list and store_get; FAULT_REJECT frame.kind. */
NODISCARD enum fault dead_answer(struct store *store, struct job *job, struct error *err);
/* A drop: change the store, and prepare the reply. It must not leave before store_commit.
 * Faults: those of store_drop; FAULT_REJECT dead.numbers: too many at once. */
NODISCARD enum fault dead_drop(struct store *store, struct job *job, struct error *err);
bool dead_is_drop(const struct job *job);
/* The answer is a Failure. False if there is no memory for it: nothing goes back, and the client asks again. */
bool dead_failure(struct job *job, enum fault fault, const struct error *why);

#endif
