#include "queue.h"

#include "clock.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* A popper that waits, on its own stack. Of several the one that came last is called first: what it needs is still in
 * its caches, of the processor and of its own. */
struct waiter {
    pthread_cond_t called;
    struct waiter *next; /* came before it */
    bool waits;          /* it is in the list; under the queue's lock */
};

/* Once somebody polls it, the eventfd counts as readable exactly while `count > 0 || closed`; it is written and read
 * under the lock. Two calls of the system for each item are too many for queues that nobody polls. */
struct queue {
    pthread_mutex_t lock;
    struct waiter *waiters;
    size_t capacity;
    size_t count;
    size_t first;
    int fd;
    bool closed;
    bool nudged; /* the next popper that would wait goes away with nothing */
    bool polled;
    bool raised;   /* the eventfd is readable */
    size_t wanted; /* who waits is called when so many are there */
    void *items[];
};

struct queue *queue_new(size_t capacity)
{
    struct queue *queue = calloc(1, sizeof *queue + capacity * sizeof queue->items[0]);
    if (queue == NULL)
        return NULL;
    queue->capacity = capacity;
    queue->wanted = 1;
    queue->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (queue->fd < 0) {
        free(queue);
        return NULL;
    }
    pthread_mutex_init(&queue->lock, NULL);
    return queue;
}

void queue_free(struct queue **queue)
{
    if (queue == NULL || *queue == NULL)
        return;
    pthread_mutex_destroy(&(*queue)->lock);
    close((*queue)->fd);
    free(*queue);
    *queue = NULL;
}

static void fd_follow(struct queue *queue)
{
    bool wanted = queue->count > 0 || queue->closed;
    if (!queue->polled || wanted == queue->raised)
        return;
    uint64_t one = 1;
    ssize_t done = wanted ? write(queue->fd, &one, sizeof one) : read(queue->fd, &one, sizeof one);
    (void)done; /* a counter of 1 neither blocks nor fails */
    queue->raised = wanted;
}

/* ---- waiting, under the lock */

static void waiter_call(struct queue *queue)
{
    struct waiter *waiter = queue->waiters;
    if (waiter == NULL)
        return;
    queue->waiters = waiter->next;
    waiter->waits = false;
    pthread_cond_signal(&waiter->called);
}

static void waiter_leave(struct queue *queue, struct waiter *waiter)
{
    struct waiter **at = &queue->waiters;
    while (*at != waiter)
        at = &(*at)->next;
    *at = waiter->next;
    waiter->waits = false;
}

/* Until it is called, or (false) the deadline; NULL: there is none. */
static bool waiter_wait(struct queue *queue, const struct timespec *deadline)
{
    struct waiter waiter = {.next = queue->waiters, .waits = true};
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&waiter.called, &attributes);
    pthread_condattr_destroy(&attributes);
    queue->waiters = &waiter; /* cppcheck-suppress autoVariables; it leaves before it ends */
    int waited = 0;
    while (waiter.waits && waited != ETIMEDOUT)
        waited = deadline == NULL ? pthread_cond_wait(&waiter.called, &queue->lock)
                                  : pthread_cond_timedwait(&waiter.called, &queue->lock, deadline);
    bool called = !waiter.waits;
    if (!called)
        waiter_leave(queue, &waiter);
    pthread_cond_destroy(&waiter.called);
    return called;
}

/* ---- for everybody */

bool queue_push_all(struct queue *queue, void *const *items, size_t count)
{
    pthread_mutex_lock(&queue->lock);
    bool room = !queue->closed && queue->capacity - queue->count >= count;
    for (size_t i = 0; room && i < count; i++) {
        queue->items[(queue->first + queue->count++) % queue->capacity] = items[i];
        if (queue->count >= queue->wanted)
            waiter_call(queue);
    }
    fd_follow(queue);
    pthread_mutex_unlock(&queue->lock);
    return room;
}

bool queue_push(struct queue *queue, void *item)
{
    return queue_push_all(queue, &item, 1);
}

void queue_gather(struct queue *queue, size_t least, int most_ms)
{
    struct timespec deadline = clock_deadline(most_ms);
    bool waits = true;
    pthread_mutex_lock(&queue->lock);
    queue->wanted = least;
    while (queue->count < least && !queue->closed && !queue->nudged && waits)
        waits = waiter_wait(queue, &deadline);
    queue->wanted = 1;
    pthread_mutex_unlock(&queue->lock);
}

void *queue_pop(struct queue *queue, int timeout_ms)
{
    struct timespec deadline = {0};
    if (timeout_ms > 0)
        deadline = clock_deadline(timeout_ms);
    pthread_mutex_lock(&queue->lock);
    bool waits = timeout_ms != 0;
    while (queue->count == 0 && !queue->closed && !queue->nudged && waits)
        waits = waiter_wait(queue, timeout_ms < 0 ? NULL : &deadline);
    queue->nudged = false;
    void *item = NULL;
    if (queue->count > 0) {
        item = queue->items[queue->first];
        queue->first = (queue->first + 1) % queue->capacity;
        queue->count--;
        fd_follow(queue);
    }
    pthread_mutex_unlock(&queue->lock);
    return item;
}

void queue_nudge(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->nudged = true;
    waiter_call(queue);
    pthread_mutex_unlock(&queue->lock);
}

void queue_close(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->closed = true;
    fd_follow(queue);
    while (queue->waiters != NULL)
        waiter_call(queue);
    pthread_mutex_unlock(&queue->lock);
}

bool queue_is_empty(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    bool empty = queue->count == 0;
    pthread_mutex_unlock(&queue->lock);
    return empty;
}

bool queue_ended(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    bool ended = queue->closed && queue->count == 0;
    pthread_mutex_unlock(&queue->lock);
    return ended;
}

int queue_fd(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->polled = true;
    fd_follow(queue);
    pthread_mutex_unlock(&queue->lock);
    return queue->fd;
}
