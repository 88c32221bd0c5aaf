/* Misspelt words and names -> what is close to them in the index as it is now. */
#ifndef REFERENT_NEAR_H
#define REFERENT_NEAR_H

#include "live.h"
#include "range.h"

/* Stems of the text that begin with the same letter and are at most spelling_tolerance edits away; only the nearest
 * distance, most frequent first. Faults of both: those of the shim; arena.bound. */
NODISCARD enum fault near_stems(struct asking *asking, struct span stem, struct span *out, size_t most, size_t *count);

enum { NEAR_NAMES_MAX = 32 };
struct near_names {
    struct span names[NEAR_NAMES_MAX]; /* folded, as the terms have them */
    size_t count;
    unsigned edits; /* of all; 0: every word of it stands in the names */
};
/* Values under a prefix (members, committees, ...) that hold every word of `folded`, each as it is or a few edits away;
 * only those with the fewest edits. With `whole`, names must have as many words as folded. */
NODISCARD enum fault near_values(struct asking *asking, enum schema_prefix prefix, struct span folded, bool whole,
                                 struct near_names *out);

#endif
