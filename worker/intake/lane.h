/* The lane: what has been taken in and may not go to the text stage yet. It is empty and costs nothing, unless there
 * are suspects (worker/guard).
 *
 *   OPEN  -> HELD   [lane_push of a suspect]     what comes afterwards is held; what is ahead goes on
 *   HELD  -> ALONE  [nothing is ahead any more]  one suspect goes; nothing else does
 *   ALONE -> HELD   [lane_back, another waits]   ALONE -> OPEN  [lane_back, no suspect waits]
 *
 *   (1) While a suspect is ahead, nothing else is.
 *   (2) Jobs of one id keep their order: all of a suspect's id are suspects, and suspects go in the order they came.
 *
 * Owned by the intake's thread. */
#ifndef REFERENT_LANE_H
#define REFERENT_LANE_H

#include "job.h"

#include <stddef.h>

struct lane {
    struct job **held; /* [first, first + count) */
    size_t room, first, count;
    size_t suspects;   /* among them */
    size_t ahead;      /* jobs that went and did not come back */
    struct job *alone; /* the suspect that is ahead */
};

/* Room for so many jobs at once. False if there is no memory. */
NODISCARD bool lane_init(struct lane *lane, size_t room);
/* Frees the jobs that are held, too. */
void lane_done(struct lane *lane);
/* The lane has it; job->alone says whether it is a suspect. */
void lane_push(struct lane *lane, struct job *job);
/* The next job that may go, or NULL. Ask again until NULL, after each lane_push and lane_back. */
struct job *lane_next(struct lane *lane);
/* The job came back; true if it was the one that ran alone. */
bool lane_back(struct lane *lane, struct job *job);

#endif
