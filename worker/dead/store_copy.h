/* A copy of the dead letters, while the keeper goes on: for backups. */
#ifndef REFERENT_STORE_COPY_H
#define REFERENT_STORE_COPY_H

#include "error.h"

#include <stdbool.h>

/* Copy the store below data_dir to the new file `to`, of mode 0600, as it stands at one moment; *there is false if
 * there is no store. Not synced. Faults: FAULT_REOPEN dead.copy; FAULT_STOP data.path. */
NODISCARD enum fault store_copy(const char *data_dir, const char *to, bool *there, struct error *err);

#endif
