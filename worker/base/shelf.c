/* shelf: a ring, and what each reader has in hand. One mutex guards all of it. */
#include "shelf.h"

#include <pthread.h>
#include <stdlib.h>

struct hand {
    size_t count;
    uint32_t *ids;
};

struct shelf {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    struct job **jobs; /* a ring */
    size_t room, first, count;
    size_t readers, most, waiting;
    bool closed;
    uint32_t *ids; /* of all hands */
    struct hand hands[];
};

struct shelf *shelf_new(size_t room, size_t readers, size_t most)
{
    struct shelf *shelf = calloc(1, sizeof *shelf + readers * sizeof shelf->hands[0]);
    if (shelf == NULL)
        return NULL;
    pthread_mutex_init(&shelf->lock, NULL);
    pthread_cond_init(&shelf->filled, NULL);
    shelf->room = room;
    shelf->readers = readers;
    shelf->most = most;
    shelf->jobs = calloc(room, sizeof(struct job *));
    shelf->ids = calloc(readers * most, sizeof *shelf->ids);
    if (shelf->jobs == NULL || shelf->ids == NULL)
        shelf_free(&shelf);
    for (size_t i = 0; shelf != NULL && i < readers; i++)
        shelf->hands[i].ids = shelf->ids + i * most;
    return shelf;
}

void shelf_free(struct shelf **shelf)
{
    if (shelf == NULL || *shelf == NULL)
        return;
    pthread_cond_destroy(&(*shelf)->filled);
    pthread_mutex_destroy(&(*shelf)->lock);
    free((*shelf)->jobs);
    free((*shelf)->ids);
    free(*shelf);
    *shelf = NULL;
}

bool shelf_push(struct shelf *shelf, struct job *job)
{
    pthread_mutex_lock(&shelf->lock);
    bool room = shelf->count < shelf->room;
    if (room)
        shelf->jobs[(shelf->first + shelf->count++) % shelf->room] = job;
    if (room && shelf->waiting > 0)
        pthread_cond_signal(&shelf->filled);
    pthread_mutex_unlock(&shelf->lock);
    return room;
}

/* ---- taking, under the lock */

static bool hand_has(const struct hand *hand, uint32_t id)
{
    for (size_t i = 0; i < hand->count; i++)
        if (hand->ids[i] == id)
            return true;
    return false;
}

static bool is_free(const struct shelf *shelf, size_t reader, const struct job *job)
{
    for (size_t i = 0; i < shelf->readers; i++)
        if (i != reader && hand_has(&shelf->hands[i], job->work.id_hash))
            return false;
    return true;
}

static struct job **place(const struct shelf *shelf, size_t at)
{
    return &shelf->jobs[(shelf->first + at) % shelf->room];
}

/* Those before it stand aside. */
static struct job *take_at(struct shelf *shelf, size_t at)
{
    struct job *job = *place(shelf, at);
    for (; at > 0; at--)
        *place(shelf, at) = *place(shelf, at - 1);
    shelf->first = (shelf->first + 1) % shelf->room;
    shelf->count--;
    return job;
}

static size_t hand_fill(struct shelf *shelf, size_t reader, size_t bytes, struct job **out)
{
    struct hand *hand = &shelf->hands[reader];
    size_t share = (shelf->count + shelf->readers - 1) / shelf->readers, at = 0, taken = 0;
    bool full = false;
    share = share < shelf->most ? share : shelf->most;
    while (!full && hand->count < share && at < shelf->count) {
        if (!is_free(shelf, reader, *place(shelf, at))) {
            at++;
            continue;
        }
        struct job *job = take_at(shelf, at);
        out[hand->count] = job;
        hand->ids[hand->count++] = job->work.id_hash;
        taken += job->credit_bytes;
        full = job->kind != JOB_SUBMIT || taken >= bytes;
    }
    return hand->count;
}

/* ---- */

size_t shelf_take(struct shelf *shelf, size_t reader, bool wait, size_t bytes, struct job **out)
{
    size_t count;
    pthread_mutex_lock(&shelf->lock);
    shelf->hands[reader].count = 0;
    while ((count = hand_fill(shelf, reader, bytes, out)) == 0 && wait && !(shelf->closed && shelf->count == 0)) {
        shelf->waiting++;
        pthread_cond_wait(&shelf->filled, &shelf->lock);
        shelf->waiting--;
    }
    if (shelf->count > 0 && shelf->waiting > 0) /* perhaps for what this reader had in hand */
        pthread_cond_signal(&shelf->filled);
    if (shelf->closed && shelf->count == 0)
        pthread_cond_broadcast(&shelf->filled);
    pthread_mutex_unlock(&shelf->lock);
    return count;
}

void shelf_close(struct shelf *shelf)
{
    pthread_mutex_lock(&shelf->lock);
    shelf->closed = true;
    pthread_cond_broadcast(&shelf->filled);
    pthread_mutex_unlock(&shelf->lock);
}
