/* visit: how other threads come to a shard that a writer owns. */
#include "visit.h"

void visits_init(struct visits *visits, uint32_t shard)
{
    *visits = (struct visits){.shard = shard};
    pthread_mutex_init(&visits->turn, NULL);
    pthread_mutex_init(&visits->lock, NULL);
    pthread_cond_init(&visits->done, NULL);
}

void visits_done(struct visits *visits)
{
    pthread_cond_destroy(&visits->done);
    pthread_mutex_destroy(&visits->lock);
    pthread_mutex_destroy(&visits->turn);
}

static enum fault ended_fault(const struct visits *visits, struct error *err)
{
    return error_set(err, FAULT_RETRY, "writer.ended", "the writer of shard %u has ended", visits->shard);
}

enum fault visit_ask(struct visits *visits, struct queue *bell,
                     enum fault (*run)(void *self, struct shard *shard, struct error *err), void *self,
                     struct error *err)
{
    enum fault fault = FAULT_NONE;
    pthread_mutex_lock(&visits->turn);
    pthread_mutex_lock(&visits->lock);
    if (visits->ended) {
        fault = ended_fault(visits, err);
    } else {
        visits->visit = (struct visit){.run = run, .self = self, .err = err, .waits = true};
        queue_nudge(bell);
        while (visits->visit.waits)
            pthread_cond_wait(&visits->done, &visits->lock);
        fault = visits->visit.fault;
    }
    pthread_mutex_unlock(&visits->lock);
    pthread_mutex_unlock(&visits->turn);
    return fault;
}

const struct visit *visit_next(struct visits *visits)
{
    pthread_mutex_lock(&visits->lock);
    bool waits = visits->visit.waits;
    pthread_mutex_unlock(&visits->lock);
    return waits ? &visits->visit : NULL;
}

void visit_end(struct visits *visits, enum fault fault)
{
    pthread_mutex_lock(&visits->lock);
    visits->visit.fault = fault;
    visits->visit.waits = false;
    pthread_cond_signal(&visits->done);
    pthread_mutex_unlock(&visits->lock);
}

void visits_close(struct visits *visits)
{
    pthread_mutex_lock(&visits->lock);
    visits->ended = true;
    pthread_mutex_unlock(&visits->lock);
    const struct visit *last = visit_next(visits);
    if (last != NULL)
        visit_end(visits, ended_fault(visits, last->err));
}
