/* Files: copied, hashed, synced. */
#ifndef REFERENT_UPKEEP_COPYING_H
#define REFERENT_UPKEEP_COPYING_H

#include "error.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Copy a file; where the file system can share blocks, nothing is read. `to` must not be there. Not synced.
 * Faults: FAULT_REOPEN copy.file. */
NODISCARD enum fault file_copy(const char *from, const char *to, mode_t mode, struct error *err);
/* Size and XXH3-64 of a file. Faults: FAULT_REOPEN copy.file. */
NODISCARD enum fault file_hash(const char *path, uint64_t *bytes, uint64_t *hash, struct error *err);
NODISCARD enum fault file_sync(const char *path, struct error *err);
/* Every file of a folder, then the folder. Faults: FAULT_REOPEN copy.file; FAULT_STOP data.sync. */
NODISCARD enum fault folder_sync(const char *path, struct error *err);
/* Call visit with the name of every file of a Xapian database that is data; its lock is none.
 * Faults: FAULT_REOPEN copy.file; what visit returns. */
NODISCARD enum fault folder_visit(const char *path,
                                  enum fault (*visit)(void *self, const char *name, struct error *err), void *self,
                                  struct error *err);
/* The folder is not there, or nothing is in it. */
bool folder_empty(const char *path);

#endif
