#include "gate.h"

#include "clock.h"

#include <errno.h>
#include <stddef.h>

void gate_init(struct gate *gate)
{
    pthread_condattr_t attributes;
    *gate = (struct gate){.holders = 0};
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&gate->lock, NULL);
    pthread_cond_init(&gate->opened, &attributes);
    pthread_condattr_destroy(&attributes);
}

void gate_done(struct gate *gate)
{
    pthread_cond_destroy(&gate->opened);
    pthread_mutex_destroy(&gate->lock);
}

void gate_enter(struct gate *gate, struct gate_reader *reader)
{
    pthread_mutex_lock(&gate->lock);
    *reader = (struct gate_reader){.since = gate->commits, .before = gate->last};
    *(gate->last != NULL ? &gate->last->behind : &gate->first) = reader;
    gate->last = reader;
    pthread_mutex_unlock(&gate->lock);
}

bool gate_leave(struct gate *gate, struct gate_reader *reader)
{
    pthread_mutex_lock(&gate->lock);
    *(reader->before != NULL ? &reader->before->behind : &gate->first) = reader->behind;
    *(reader->behind != NULL ? &reader->behind->before : &gate->last) = reader->before;
    if (gate->waiting > 0)
        pthread_cond_broadcast(&gate->opened);
    bool whole = !reader->overtaken;
    pthread_mutex_unlock(&gate->lock);
    return whole;
}

uint64_t gate_committed(struct gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    uint64_t commit = ++gate->commits;
    pthread_mutex_unlock(&gate->lock);
    return commit;
}

void gate_hold(struct gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    gate->holders++;
    pthread_mutex_unlock(&gate->lock);
}

void gate_release(struct gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    if (--gate->holders == 0)
        pthread_cond_broadcast(&gate->opened);
    pthread_mutex_unlock(&gate->lock);
}

static bool has_readers_before(const struct gate *gate, uint64_t commit)
{
    return gate->first != NULL && gate->first->since < commit;
}

void gate_pass(struct gate *gate, uint64_t commit, int most_ms)
{
    struct timespec held = clock_deadline(most_ms), read = clock_deadline(GATE_READERS_MS);
    int waited = 0;
    pthread_mutex_lock(&gate->lock);
    gate->waiting++;
    while (has_readers_before(gate, commit) && waited != ETIMEDOUT)
        waited = pthread_cond_timedwait(&gate->opened, &gate->lock, &read);
    for (struct gate_reader *reader = gate->first; reader != NULL && reader->since < commit; reader = reader->behind)
        reader->overtaken = true;
    waited = 0;
    while (gate->holders > 0 && waited != ETIMEDOUT)
        waited = pthread_cond_timedwait(&gate->opened, &gate->lock, &held);
    gate->waiting--;
    pthread_mutex_unlock(&gate->lock);
}
