/* Watches folders and everything below them: inotify, one watch a folder. It tells where something has happened, not
 * what: whoever listens looks for himself, so that no order of events can mislead. Thread: the owner's. */
#ifndef REFERENT_SENTRY_H
#define REFERENT_SENTRY_H

#include "error.h"

#include <stdbool.h>
#include <stddef.h>

struct sentry;

/* Something has happened at the path `below` of the folder `root`. `writing`: a file was made or written and is not
 * closed yet, as far as is known. */
typedef void (*sentry_saw)(void *self, size_t root, const char *below, bool writing);

/* Faults: FAULT_RETRY memory, watch.limit: the system allows no more, with the remedy. */
NODISCARD enum fault sentry_new(struct sentry **out, struct error *err);
/* Watch the folder `below` of `root` (that is at `path`) and all folders in it; those that are watched already stay.
 * Folders that go away meanwhile are passed over. Faults as above. */
NODISCARD enum fault sentry_add(struct sentry *sentry, size_t root, const char *path, const char *below,
                                struct error *err);
/* Tell what has happened since; never waits. *lost: events were lost (too many at once): look at everything. */
void sentry_read(struct sentry *sentry, sentry_saw saw, void *self, bool *lost);
/* Folders that are watched. */
size_t sentry_folders(const struct sentry *sentry);
/* NULL and *sentry NULL are fine. */
void sentry_free(struct sentry **sentry);

#endif
