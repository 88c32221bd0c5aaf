/* outage: when a shard cannot be written, how long nobody need try. */
#include "outage.h"

#include "clock.h"
#include "condition.h"

#include <string.h>

enum { PAUSE_FIRST_MS = 250, PAUSE_LAST_MS = 8000 };

void outage_init(struct outage *outage, uint32_t shard, bool mended_by_others)
{
    *outage = (struct outage){.shard = shard, .mended_by_others = mended_by_others};
    pthread_mutex_init(&outage->lock, NULL);
}

void outage_done(struct outage *outage)
{
    pthread_mutex_destroy(&outage->lock);
}

void outage_begin(struct outage *outage, const struct error *why)
{
    outage->pause_ms = outage->pause_ms == 0 ? PAUSE_FIRST_MS : outage->pause_ms * 2;
    if (outage->pause_ms > PAUSE_LAST_MS)
        outage->pause_ms = PAUSE_LAST_MS;
    pthread_mutex_lock(&outage->lock);
    outage->why = *why;
    pthread_mutex_unlock(&outage->lock);
    atomic_store(&outage->resume_ms, clock_steady_ms() + outage->pause_ms);
    struct error named;
    error_set(&named, FAULT_REOPEN, why->rule, "shard %u: %s", outage->shard, why->text);
    condition_begin("shard.failing", outage->shard, &named);
}

void outage_end(struct outage *outage)
{
    if (outage->pause_ms == 0)
        return;
    outage->pause_ms = 0;
    atomic_store(&outage->damage, DAMAGE_NONE);
    atomic_store(&outage->resume_ms, 0);
    condition_end("shard.failing", outage->shard);
}

void outage_damage(struct outage *outage, enum fault fault, const struct error *why)
{
    if (fault == FAULT_STOP && strcmp(why->rule, "database.damaged") == 0 &&
        atomic_load(&outage->damage) == DAMAGE_NONE && outage->mended_by_others)
        atomic_store(&outage->damage, DAMAGE_WAITS);
}

int outage_trial_ms(const struct outage *outage)
{
    if (outage->pause_ms == 0 || atomic_load(&outage->damage) != DAMAGE_NONE)
        return -1;
    int64_t left = atomic_load(&outage->resume_ms) - clock_steady_ms();
    return left > 0 ? (int)left : 0;
}

bool outage_waits(const struct outage *outage)
{
    return atomic_load(&outage->damage) == DAMAGE_WAITS;
}

enum fault outage_ready(struct outage *outage, uint32_t *wait_ms, struct error *why)
{
    int64_t left = atomic_load(&outage->resume_ms) - clock_steady_ms();
    if (left <= 0)
        return FAULT_NONE;
    pthread_mutex_lock(&outage->lock);
    *why = outage->why;
    pthread_mutex_unlock(&outage->lock);
    *wait_ms = (uint32_t)left;
    return FAULT_RETRY;
}

void outage_mended(struct outage *outage)
{
    atomic_store(&outage->damage, DAMAGE_NONE);
    outage_end(outage);
}

void outage_unmended(struct outage *outage)
{
    atomic_store(&outage->damage, DAMAGE_STAYS);
}
