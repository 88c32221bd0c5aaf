/* Where requests come in and replies leave: the search socket and the requests that wait for a search thread.
 *
 * The socket belongs to whoever holds the desk's lock, which nobody keeps while waiting. So a search thread takes its
 * request from the socket itself and puts its reply there, and a question does not change threads on its way. */
#ifndef REFERENT_DESK_H
#define REFERENT_DESK_H

#include "arena.h"
#include "config.h"
#include "error.h"
#include "span.h"

#include <zmq.h>

struct desk;

/* A request and its reply on their way; both live in `arena`, the request itself too. */
struct request {
    struct arena *arena;
    struct span routing;
    struct span frame;
    zmq_msg_t reply; /* packed; an empty one is not sent */
    struct request *next;
};

/* Bind. `config` is borrowed: search_threads that will take from the desk, search_queue that may be in flight.
 * Faults: FAULT_STOP socket.bind, memory. */
NODISCARD enum fault desk_open(void *context, const struct config *config, struct desk **out, struct error *err);
const char *desk_endpoint(const struct desk *desk);

/* Send the reply of `answered`, which is freed (NULL: there is none), and wait for the oldest request. It goes to the
 * thread that began to wait last: what that needs is still in its caches, of the processor and of its own. NULL: the
 * desk is closed, and nothing waits. Search threads. */
struct request *desk_next(struct desk *desk, struct request *answered);
/* Look after the socket while all search threads are at work, until the desk closes: requests that are too many are
 * refused, not left waiting. One thread. */
void desk_watch(struct desk *desk);
/* Nothing more comes in; what is there is still given to those who take. */
void desk_close(struct desk *desk);
/* Nobody may use it any more; replies that were not sent yet get a moment. NULL is fine; sets *desk to NULL. */
void desk_free(struct desk **desk);

#endif
