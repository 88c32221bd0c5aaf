/* Names of a kind (members, committees, ...) side by side in memory, so that a misspelt one is told without walking
 * through the terms of every shard: that takes a thousand times longer. One per view, on its thread.
 *
 * A list is made when it is first asked for, and again when the index has moved since, but seldom: with frequent
 * commits it is up to 1,000 times as old as making it takes, 2 s at most, so that one search in a thousand waits for
 * it. So a name of the last moment may be missing, and what is shown must be asked for again: it may be gone. */
#ifndef REFERENT_NAMES_H
#define REFERENT_NAMES_H

#include "error.h"
#include "schema.h"
#include "xapian_shim.h"

#include <stdbool.h>
#include <stdint.h>

struct names;

/* NULL without memory. */
struct names *names_new(void);
/* Free it and set *names to NULL; NULL and *names NULL are fine. */
void names_free(struct names **names);
/* The index has moved, or is another one. */
void names_moved(struct names *names);

/* What was read so far was so, says database_whole. */
void names_trust(struct names *names);
/* What was read since may not have been so. */
void names_forget(struct names *names);

/* Which letters and digits a folded name has, a bit each: an edit takes one away at most. */
uint32_t names_letters(struct span folded);
/* Visit the names under the prefix that lack at most `missing_max` of `letters`, in order of bytes, with the documents
 * that had them when the list was made, until `visit` says false. A name is the term without its prefix; it lives until
 * `visit` returns. Faults: those of the shim; FAULT_REOPEN memory. */
NODISCARD enum fault names_visit(struct names *names, struct database *database, enum schema_prefix prefix,
                                 uint32_t letters, int missing_max,
                                 bool (*visit)(void *self, struct span name, uint64_t documents), void *self,
                                 struct error *err);
/* Is it one of the names under the prefix, as of a moment ago? For kinds with few names. Faults: as names_visit. */
NODISCARD enum fault names_has(struct names *names, struct database *database, enum schema_prefix prefix,
                               struct span name, bool *has, struct error *err);

#endif
