/* The lineage of a shard: random bytes that say which life of the shard this is. Another one after a restore or a
 * repair, so that feeders compare what it holds with what they know. */
#ifndef REFERENT_LINEAGE_H
#define REFERENT_LINEAGE_H

#include "job.h"

/* A new one, as it stands in the metadata. Faults: FAULT_STOP lineage.random. */
NODISCARD enum fault lineage_make(char hex[static 2 * LINEAGE_BYTES + 1], struct error *err);
/* From the metadata and to them. */
void lineage_read(struct span hex, unsigned char out[static LINEAGE_BYTES]);
void lineage_print(const unsigned char lineage[static LINEAGE_BYTES], char hex[static 2 * LINEAGE_BYTES + 1]);

#endif
