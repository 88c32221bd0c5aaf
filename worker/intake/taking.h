/* What intake is made of, for its own files alone: intake.c (the thread), arriving.c (frames), flight.c (jobs).
 * Everything here is on the thread "intake". */
#ifndef REFERENT_TAKING_H
#define REFERENT_TAKING_H

#include "intake.h"
#include "lane.h"
#include "pace.h"
#include "peer.h"
#include "publishing.h"

#include <pthread.h>
#include <stdatomic.h>

struct intake {
    struct intake_setup setup;
    void *socket;
    char endpoint[ENDPOINT_MAX];
    struct peer_table *peers;
    struct arena_pool *arenas; /* of jobs */
    struct lane lane;
    struct pace pace; /* of bulk loads */
    uint64_t in_flight_bytes, in_flight_messages;
    struct publishing publishing; /* final receipts of what was held */
    atomic_bool draining;
    bool all_answered;
    pthread_t thread;
};

/* ---- arriving.c: frames */

/* What a peer has sent: answered at once, or on its way as a job. */
void frame_take(struct intake *intake, struct wire_message *message);
/* A reply could not be sent: the peer has left or does not read, will ask again, and be told again. */
void reply_sent(enum fault fault, const struct error *err);

/* ---- flight.c: jobs between their frame and their receipt */

/* From here on it is in flight, and comes back through job_back. */
void job_hold(struct intake *intake, struct peer *peer, struct job *job);
/* Hold it and send it to the readers: at once, or when it is its turn. */
void job_in(struct intake *intake, struct peer *peer, struct job *job);
/* It has its answer, or its question for the keeper: out with it. */
void job_back(struct intake *intake, struct job *job);
/* Jobs of bulk loads that may go now. */
void pace_take(struct intake *intake);
/* It is kept aside, or read with nothing beside it. Ids may be logged. */
void quarantine_log(const char *event, const struct job *job);

#endif
