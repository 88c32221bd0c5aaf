#include "gate.h"

#include "clock.h"

#include <errno.h>

void gate_init(struct gate *gate)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&gate->lock, NULL);
    pthread_cond_init(&gate->opened, &attributes);
    pthread_condattr_destroy(&attributes);
    gate->holders = 0;
}

void gate_done(struct gate *gate)
{
    pthread_cond_destroy(&gate->opened);
    pthread_mutex_destroy(&gate->lock);
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

void gate_pass(struct gate *gate, int most_ms)
{
    struct timespec deadline = clock_deadline(most_ms);
    int waited = 0;
    pthread_mutex_lock(&gate->lock);
    while (gate->holders > 0 && waited != ETIMEDOUT)
        waited = pthread_cond_timedwait(&gate->opened, &gate->lock, &deadline);
    pthread_mutex_unlock(&gate->lock);
}
