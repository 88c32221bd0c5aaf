/* What was typed, and what of it was understood -> queries that the index can answer.
 *
 *   wanted     parts that weigh: every word, phrase, wildcard, group, and what may match in another way
 *   required   parts that must hold and weigh nothing: fields, and what was understood as a filter
 *   excluded   parts that must not match
 *
 * A hit must have all of `wanted`; when too few do, the caller asks again for any of it. */
#ifndef REFERENT_COMPOSE_H
#define REFERENT_COMPOSE_H

#include "search.pb-c.h"
#include "syntax.h"
#include "tree.h"
#include "understand.h"
#include "word.h"

/* A word that is nowhere in the index. */
struct lost_word {
    size_t start, end; /* bytes of the query */
    struct span stem;  /* of the nearest word that is there; empty if none is near */
};

struct composed {
    branch_list wanted, required, excluded;
    struct mark_list marks;
    LIST(struct lost_word) lost;
};

/* With `literal` no word is mended. Faults: FAULT_REJECT filter.value, filter.date, filter.amount, query.words; those
 * of the shim; arena.bound. */
NODISCARD enum fault compose_query(struct asking *asking, const struct syntax *tree,
                                   const struct understanding *understanding, bool literal, struct composed *out);

#endif
