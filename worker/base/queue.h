/* A bounded queue of pointers between stages; any number of threads on both sides.
 *
 * Whoever pushes gives the thing away. A queue never grows: a push to a full one fails at once, because what stands
 * before every queue is credit, which is smaller than the queue. queue_fd lets a thread that polls sockets wait for
 * the queue as well. */
#ifndef REFERENT_QUEUE_H
#define REFERENT_QUEUE_H

#include "error.h"

#include <stdbool.h>
#include <stddef.h>

struct queue;

/* NULL if there is no memory or no descriptor. capacity in items, at least 1. */
struct queue *queue_new(size_t capacity);
/* The queue must be empty and nobody may wait on it. Sets *queue to NULL. */
void queue_free(struct queue **queue);

/* False if the queue is full or closed; the item stays the caller's then. */
NODISCARD bool queue_push(struct queue *queue, void *item);
/* The same for several at once, in their order: all or none. */
NODISCARD bool queue_push_all(struct queue *queue, void *const *items, size_t count);
/* The oldest item, for the popper that began to wait last; waits up to timeout_ms (-1: for ever, 0: not at all). NULL
 * on timeout, or when the queue is closed and empty. */
void *queue_pop(struct queue *queue, int timeout_ms);
/* Wait until the queue holds `least` items, but no longer than `most_ms`, nor if it is nudged or closed: whoever has to
 * do with many small things need not change threads for each. One popper only. */
void queue_gather(struct queue *queue, size_t least, int most_ms);
/* A popper that waits, or the next one that would, comes back with NULL: something else has changed. One popper only.
 */
void queue_nudge(struct queue *queue);
/* No more pushes; waiting poppers wake, and get NULL once the queue is empty. */
void queue_close(struct queue *queue);
/* Does it hold nothing now? */
bool queue_is_empty(struct queue *queue);
/* Closed and empty: the popper can end. */
bool queue_ended(struct queue *queue);
/* Readable while the queue holds an item or is closed. Poll it, then queue_pop(queue, 0) until NULL. */
int queue_fd(struct queue *queue);

#endif
