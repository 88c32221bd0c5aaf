/* Mending: a shard that a writer met damage in is made anew by itself (rebuild.h), if nothing of it is lost: then only
 * what Xapian knows of free blocks is wrong, and each table can be read whole. Any other damage is the operator's
 * (repair.h): what is lost has to be named. */
#ifndef REFERENT_UPKEEP_MENDING_H
#define REFERENT_UPKEEP_MENDING_H

#include "old.h"

/* Walk every table of the generation and of what is young beside it. Nobody writes to it meanwhile.
 * Faults  FAULT_STOP mend.hopeless: a table is damaged itself, or cannot be read. */
NODISCARD enum fault mending_allowed(const struct generation *generation, struct error *err);
/* So many documents of it were read, open and closed ones. Faults: FAULT_STOP mend.hopeless: there are others. */
NODISCARD enum fault mending_whole(struct old *old, uint64_t documents, struct error *err);

#endif
