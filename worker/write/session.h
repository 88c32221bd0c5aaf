/* A bulk session of one shard: documents whose postings go to builders (worker/bulk) instead of the database, and whose
 * receipts wait until all of them appear at once, in a new generation.
 *
 *   EMPTY -> OPEN     [session_offer: PLACE_HELD]    (1) A document is held only if neither the shard nor the session
 *   OPEN  -> OPEN     [session_offer, segments       knows its id: everything else is decided on the steady path, as
 *                      are finished when memory      always. What came twice is held too, and will be UNCHANGED.
 *                      is full]                      (2) Nothing of a session can be found before session_publish, and
 *   OPEN  -> EMPTY    [session_publish: all or       all of it afterwards; a crash leaves the old generation.
 *                      nothing]                      (3) Whoever is held gets a final receipt or RETRY.
 *
 * Segments stand as load-000001, ... beside the generations; what a crash left of them is removed by session_new.
 * Owned by the shard's writer thread. */
#ifndef REFERENT_SESSION_H
#define REFERENT_SESSION_H

#include "held.h"
#include "shard.h"

struct session;

/* memory_bytes: of the postings in memory, beyond which they are put aside on disk; a quarter of it more for what is
 * remembered of those that wait. NULL without memory. */
struct session *session_new(const struct shard *shard, uint64_t memory_bytes);
/* What is held is forgotten, with its segments. Sets *session to NULL; NULL and *session NULL are fine. */
void session_free(struct session **session);

/* May documents of this shard be held at all? False where the installed Xapian writes another format, and where the
 * shard was made by other rules; the log says so, once. */
bool session_possible(struct session *session, const struct shard *shard);
/* Anything is held. */
bool session_is_open(const struct session *session);

enum place {
    PLACE_STEADY, /* not the session's: into the batch */
    PLACE_HELD,   /* taken: its receipt is HELD */
    PLACE_ASIDE   /* the session holds its id: it waits for the publication, and is decided then */
};
/* Where does a Submit or Delete go? `may_hold`: it may become part of the session.
 * Faults: the session is broken: session_fail; the job is not part of it. */
NODISCARD enum fault session_offer(struct session *session, struct shard *shard, struct job *job, bool may_hold,
                                   enum place *place, struct error *err);
/* So many wait that they should be published now. */
bool session_is_full(const struct session *session);

/* Publish: afterwards the session is empty, and *held has everybody's receipt, RETRY after a fault. The shard is open
 * and has no batch begun.
 * Faults: bulk.*, database.*, generation.*: nothing was published. The shard may be closed after them. */
NODISCARD enum fault session_publish(struct session *session, struct shard *shard, struct held **held,
                                     struct error *err);
/* Give up: *held has everybody's receipt, RETRY with the reason; NULL if nobody was held. */
void session_fail(struct session *session, const struct shard *shard, const struct error *why, struct held **held);

#endif
