/* What a writer is made of, for its own files alone:
 *
 *   writer.c   the thread: takes jobs, sees what is due, ends        outage.c   the shard cannot be written
 *   commit.c   when the batch is committed, and how                  visit.c    other threads come in
 *   merging.c  young segments are merged between two batches         session.c  what is held of a bulk load
 *   loading.c  a bulk load: what comes to it, when it is published   batch.c    how jobs become documents
 *
 * Everything here is on the writer's thread. */
#ifndef REFERENT_WRITING_H
#define REFERENT_WRITING_H

#include "batch.h"
#include "merger.h"
#include "outage.h"
#include "session.h"
#include "visit.h"
#include "writer.h"

/* Jobs that a session keeps waiting; they keep their credit. */
enum { ASIDE_MAX = 64 };
/* Documents of a load are taken, and answered HELD, so many at a time. */
enum { TOGETHER = 16 };

struct writer {
    struct writer_setup setup;
    struct shard shard;
    struct batch batch;
    struct session *session;
    struct merger *merger;
    struct batch aside; /* jobs that wait for the session's end */
    struct queue *in;
    struct database *reader; /* for inventories */
    uint64_t reader_moves;   /* of the stub, when it was opened */
    int64_t loaded_ms;       /* when the session last grew */
    void *held[TOGETHER];    /* jobs that are HELD, on their way out */
    size_t held_count;
    int64_t oldest_ms; /* when the batch's first job came */
    int64_t newest_ms;
    int64_t committed_ms;
    struct outage outage;
    struct visits visits;
    bool outdated;
    unsigned char lineage[LINEAGE_BYTES]; /* a copy for other threads */
    /* Set or asked by other threads. */
    atomic_bool hurry;
    atomic_bool flush;
    atomic_bool claim;
    _Atomic uint64_t sequence;
    pthread_t thread;
};

/* ---- writer.c */

/* A job's way through: into the session, aside, or into the batch; an inventory is answered at once. */
void writing_take(struct writer *writer, struct job *job);
/* A job leaves with its receipt. */
void writing_return(struct writer *writer, struct job *job);
/* The shard's sequence is what other threads see from now on. Returns by how much it rose. */
uint64_t writing_announce(struct writer *writer);

/* ---- commit.c */

/* Commit the batch; it is empty afterwards, and everybody has a receipt. */
void commit_run(struct writer *writer);
bool commit_is_full(const struct writer *writer);
/* When the batch is to be committed if nothing more comes, as a time to wait; -1: no batch, no hurry. */
int commit_wait_ms(const struct writer *writer);
/* Where nobody feeds, the writer finds out by itself whether the shard can be written again: how long until then (-1:
 * never), and the trial. */
int commit_trial_ms(const struct writer *writer);
void commit_trial(struct writer *writer);

/* ---- merging.c */

/* Take what is merged, start what is worth it. */
void merging_settle(struct writer *writer);
/* Is there room in the row for one more segment? Waits a little for a merge that is making some. */
bool merging_room(struct writer *writer);
/* How long until a merge is to be started; -1: there is nothing to merge. */
int merging_wait_ms(const struct writer *writer);

/* ---- loading.c */

/* Where does a job go? */
enum place loading_offer(struct writer *writer, struct job *job);
/* It was held: its receipt says so. It leaves with others, by loading_pause at the latest. */
void loading_hold(struct writer *writer, struct job *job);
/* Nothing is there to do for so long (-1: for ever): what was held leaves, and a load's next documents may gather. */
void loading_pause(struct writer *writer, int timeout_ms);
/* What was set aside is decided now; a job may have to wait for the next session. */
void loading_aside(struct writer *writer);
/* Commit the batch, publish the session. */
void loading_publish(struct writer *writer);
/* When the session is to be published if nothing more comes, as a time to wait; -1: there is none. */
int loading_wait_ms(struct writer *writer);
bool loading_must_end(const struct writer *writer);

#endif
