/* Which meeting a rebuild has in hand, on disk: if reading one takes the daemon down again and again, it is left as it
 * is indexed, so that no document can keep the daemon from starting.
 *
 * DIR/rebuild-0002 holds the hash of the id and how many lives have had it in hand; it is there while the shard is
 * being rebuilt. A death of the process is what it is for, so it is not synced. */
#ifndef REFERENT_UPKEEP_IN_HAND_H
#define REFERENT_UPKEEP_IN_HAND_H

#include "error.h"
#include "span.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

enum { IN_HAND_LIVES = 2 }; /* that a meeting may cost */

struct in_hand {
    int file;
    char path[PATH_MAX];
    uint64_t last; /* of the life before */
    uint64_t lives;
};

/* Faults: FAULT_REOPEN rebuild.in_hand; FAULT_STOP data.path. */
NODISCARD enum fault in_hand_open(struct in_hand *in_hand, const char *data_dir, uint32_t shard, struct error *err);
/* Take a meeting in hand. False: it has cost its lives; leave it as it is. */
bool in_hand_take(struct in_hand *in_hand, struct span id);
/* An orderly end: nothing is in hand. */
void in_hand_close(struct in_hand *in_hand);

#endif
