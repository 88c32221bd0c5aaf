/* feed --watch: feed folders, then what changes in them, until SIGINT or SIGTERM.
 *
 *   something happened at a path -> a look, due when it has rested for rest_ms (WRITING_RESTS times as long while a
 *   file is not closed) -> a folder: it is watched, and each file in it gets a look; a file: it is fed; nothing: what
 *   the ledger has under the path is deleted (--mirror).
 *   events were lost, the worker greeted anew, a round was stopped -> everything is looked at again. */
#ifndef REFERENT_WATCH_H
#define REFERENT_WATCH_H

#include "feeding.h"

/* paths are folders. Faults: FAULT_RETRY memory, watch.limit; FAULT_STOP of the ledger, or a worker that refuses. */
NODISCARD enum fault watch_run(struct feeding *feeding, const struct operands *paths, uint64_t rest_ms,
                               struct error *err);

#endif
