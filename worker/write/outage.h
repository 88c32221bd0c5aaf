/* An outage: from a commit that failed until one goes through. Meanwhile whoever comes is put off, for longer each time
 * that another try fails, and the condition "shard.failing" holds.
 *
 * What was met in the shard's tables:
 *
 *   NONE    -> WAITS   [outage_damage]      nothing is written until somebody has looked
 *   WAITS   -> NONE    [outage_mended]
 *   WAITS   -> STAYS   [outage_unmended]    each commit is tried again
 *   STAYS   -> NONE    [outage_end: a commit went through]
 *
 * Begun, ended and tried by the shard's writer; asked by any thread. */
#ifndef REFERENT_OUTAGE_H
#define REFERENT_OUTAGE_H

#include "error.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum damage { DAMAGE_NONE, DAMAGE_WAITS, DAMAGE_STAYS };

struct outage {
    uint32_t shard;
    bool mended_by_others; /* damage waits for somebody */
    int64_t pause_ms;      /* 0: there is none */
    _Atomic enum damage damage;
    _Atomic int64_t resume_ms; /* until then whoever comes is put off */
    pthread_mutex_t lock;
    struct error why; /* under `lock`: written by the writer alone */
};

void outage_init(struct outage *outage, uint32_t shard, bool mended_by_others);
void outage_done(struct outage *outage);

/* Writer: a commit failed, because of `why`. */
void outage_begin(struct outage *outage, const struct error *why);
/* Writer, or its visitor: a commit went through. */
void outage_end(struct outage *outage);
/* Writer: is this fault damage in the tables? Then it waits for whoever mends it. */
void outage_damage(struct outage *outage, enum fault fault, const struct error *why);
/* Writer: how long until it is time to try by itself whether the shard can be written again; -1: nothing is wrong, or
 * it takes more than time to mend it. */
int outage_trial_ms(const struct outage *outage);

/* Any thread: damage waits to be mended; nothing is written meanwhile. */
bool outage_waits(const struct outage *outage);
/* Any thread: FAULT_RETRY until it is time to try again: why, and how long. */
NODISCARD enum fault outage_ready(struct outage *outage, uint32_t *wait_ms, struct error *why);
void outage_mended(struct outage *outage);
void outage_unmended(struct outage *outage);

#endif
