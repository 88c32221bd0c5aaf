#include "queue.h"

#include "clock.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* The eventfd counts as readable exactly while `count > 0 || closed`; it is written and read under the lock. */
struct queue {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    size_t capacity;
    size_t count;
    size_t first;
    int fd;
    bool closed;
    bool nudged; /* the next popper that would wait goes away with nothing */
    bool raised; /* the eventfd is readable */
    void *items[];
};

struct queue *queue_new(size_t capacity)
{
    struct queue *queue = calloc(1, sizeof *queue + capacity * sizeof queue->items[0]);
    if (queue == NULL)
        return NULL;
    queue->capacity = capacity;
    queue->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (queue->fd < 0) {
        free(queue);
        return NULL;
    }
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->filled, &attributes);
    pthread_condattr_destroy(&attributes);
    return queue;
}

void queue_free(struct queue **queue)
{
    if (queue == NULL || *queue == NULL)
        return;
    pthread_cond_destroy(&(*queue)->filled);
    pthread_mutex_destroy(&(*queue)->lock);
    close((*queue)->fd);
    free(*queue);
    *queue = NULL;
}

static void fd_follow(struct queue *queue)
{
    bool wanted = queue->count > 0 || queue->closed;
    if (wanted == queue->raised)
        return;
    uint64_t one = 1;
    ssize_t done = wanted ? write(queue->fd, &one, sizeof one) : read(queue->fd, &one, sizeof one);
    (void)done; /* a counter of 1 neither blocks nor fails */
    queue->raised = wanted;
}

bool queue_push(struct queue *queue, void *item)
{
    pthread_mutex_lock(&queue->lock);
    bool room = !queue->closed && queue->count < queue->capacity;
    if (room) {
        queue->items[(queue->first + queue->count++) % queue->capacity] = item;
        fd_follow(queue);
        pthread_cond_signal(&queue->filled);
    }
    pthread_mutex_unlock(&queue->lock);
    return room;
}

void *queue_pop(struct queue *queue, int timeout_ms)
{
    struct timespec deadline = {0};
    if (timeout_ms > 0)
        deadline = clock_deadline(timeout_ms);
    pthread_mutex_lock(&queue->lock);
    int waited = 0;
    while (queue->count == 0 && !queue->closed && !queue->nudged && timeout_ms != 0 && waited != ETIMEDOUT)
        waited = timeout_ms < 0 ? pthread_cond_wait(&queue->filled, &queue->lock)
                                : pthread_cond_timedwait(&queue->filled, &queue->lock, &deadline);
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
    pthread_cond_signal(&queue->filled);
    pthread_mutex_unlock(&queue->lock);
}

void queue_close(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->closed = true;
    fd_follow(queue);
    pthread_cond_broadcast(&queue->filled);
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

int queue_fd(const struct queue *queue)
{
    return queue->fd;
}
