/* What the machine has: memory of this process and its bound, room on the disk. */
#ifndef REFERENT_LIMIT_H
#define REFERENT_LIMIT_H

#include "error.h"

#include <stdint.h>

/* Memory that this process alone has, in bytes; 0 if it cannot be told. */
uint64_t limit_memory_used(void);
/* Nine tenths of what the machine or the control group has, whichever is less. */
uint64_t limit_memory_default(void);
/* Bytes that this user can still write below the folder.
 * Faults  FAULT_RETRY disk.unknown. */
NODISCARD enum fault limit_disk_free(const char *folder, uint64_t *bytes, struct error *err);

#endif
