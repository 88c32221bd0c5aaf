/* A renewal: the old generation of a shard, in which its writer goes on, and the next one, which follows it.
 *
 * A write replaces all documents of a meeting, and documents get ever larger ids. So what was written after a moment is
 * what has ids above the greatest of that moment; and what was deleted has another tombstone than the next generation
 * knows. Nothing has to be noted down, and nothing grows while a renewal takes long.
 *
 *   MADE      the next generation holds what the old one held some time after `seen` was the newest document
 *   FOLLOWED  [renewal_follow] it holds what the old one holds at its newest commit. On the writer's thread, between
 * two batches: it holds what the shard holds. */
#ifndef REFERENT_UPKEEP_RENEWAL_H
#define REFERENT_UPKEEP_RENEWAL_H

#include "old.h"

struct renewal {
    struct old old;
    struct generation next;
    struct database *open; /* of next, for writing */
    struct database *closed;
    bool open_changed, closed_changed; /* since its batch began */
    uint32_t seen;                     /* newest document of the old open part that counts as made */
};

/* Open the databases of `next` for writing. `old` and `seen` are set by the caller. Faults: those of the shim. */
NODISCARD enum fault renewal_open(struct renewal *renewal, const struct generation *next, struct error *err);
/* Close what renewal_open opened; what is not committed is dropped. */
void renewal_close(struct renewal *renewal);
/* Put one meeting as the old generation has it now, or has not. Faults: those of the shim; FAULT_REOPEN. */
NODISCARD enum fault renewal_put(struct renewal *renewal, struct span id, struct error *err);
/* Put what has changed, committed when it returns. *changed counts meetings and tombstones. */
NODISCARD enum fault renewal_follow(struct renewal *renewal, size_t *changed, struct error *err);

#endif
