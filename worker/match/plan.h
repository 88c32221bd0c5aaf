/* From a shape to parts of every database: the lists, and what each term weighs over all databases together. */
#ifndef REFERENT_PLAN_H
#define REFERENT_PLAN_H

#include "part.h"
#include "store.h"

/* Terms that weigh as one; `term` of their shape is its number. */
struct group {
    const struct shape *shape;
    struct span key; /* in the store */
};

struct plan {
    struct arena *arena;
    struct store *store;
    struct database *database;
    const struct search *search;
    struct error *err;
    const struct segment *segments;
    size_t segment_count;
    struct shape_terms terms;
    const struct shape *shape;
    struct scale scale;
    uint64_t documents;
    struct kept **kept; /* of segment s and term t: s * terms.count + t */
    LIST(struct group) groups;
    struct kept **unions;  /* of segment s and group g: s * groups.count + g */
    uint64_t *frequencies; /* of each term, in all databases */
    struct part **roots;   /* of each database; NULL where nothing can match */
};

/* Fill the plan, of which what stands before `segments` is given; *ours is false if the search is not for these lists,
 * or they are not there yet. plan_done in any case. Faults: those of the shim; arena.bound. */
NODISCARD enum fault plan_make(struct plan *plan, bool *ours);
/* Give the lists back. */
void plan_done(struct plan *plan);

#endif
