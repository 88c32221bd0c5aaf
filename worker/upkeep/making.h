/* A generation in the making: records in, both databases of a new generation out. Through the bulk builder, where the
 * installed Xapian writes the format that it knows; otherwise through Xapian itself.
 *
 * A shard above what a builder's runs can hold is made in segments, which are merged at the end:
 * DIR/shard-0002/gen-000004.1, gen-000004.2, ... -> gen-000004. A crash leaves folders that generation_clean removes.
 */
#ifndef REFERENT_UPKEEP_MAKING_H
#define REFERENT_UPKEEP_MAKING_H

#include "generation.h"
#include "posting.h"

struct making;

/* Begin the next generation of a shard, whose claim the caller holds.
 * Faults: those of generation_next and of the builder; FAULT_STOP memory. */
NODISCARD enum fault making_begin(const char *data_dir, uint32_t shard, size_t memory_bytes, struct making **out,
                                  struct error *err);
/* Add every document of a record. Nobody may have added the id before.
 * Faults: FAULT_REJECT document.*: a document is refused, others of the record may be in; the caller puts the whole
 * record in later, with Xapian. FAULT_REOPEN bulk.*, batch.*: the making is broken. */
NODISCARD enum fault making_add(struct making *making, const struct index_record *record, struct error *err);
/* Set metadata of the open database. */
NODISCARD enum fault making_meta(struct making *making, struct span key, struct span value, struct error *err);
/* The databases are whole and synced; *next is theirs. */
NODISCARD enum fault making_finish(struct making *making, struct generation *next, struct error *err);
/* Free it; what was not finished is removed. Sets *making to NULL. */
void making_free(struct making **making);

#endif
