/* A name as somebody typed it -> the elected member that it means, among those that live documents have. */
#ifndef REFERENT_RESOLVE_H
#define REFERENT_RESOLVE_H

#include "view.h"

enum { RESOLVE_OTHERS_MAX = 10, RESOLVE_NAME_MAX_BYTES = 200 };

struct resolution {
    struct span term;                       /* XMEMBER...; size 0 if nobody is near */
    bool exact;                             /* typed in full, but for case, accents and marks */
    struct span others[RESOLVE_OTHERS_MAX]; /* terms, nearest first */
    size_t other_count;
};

/* Nearest is, in this order: the same name; every typed word among the words of the name; words a few letters off (as
 * spelling_tolerance allows, an initial for its word; or the whole by a quarter, at most three, however it is cut into
 * words). Of equally near ones, who is named in most documents.
 * Time    linear in the members of the index.
 * Owner   terms live in the arena.
 * Faults  FAULT_REJECT filter.value: no name, or above RESOLVE_NAME_MAX_BYTES; those of the shim; arena.bound. */
NODISCARD enum fault resolve_member(struct arena *arena, struct view *view, struct span typed, struct resolution *out,
                                    struct error *err);

/* How far a folded name is from what was typed, folded too: 0 is the same, UINT_MAX too far. Pure; for tests. */
unsigned resolve_distance(struct span typed, struct span name);

#endif
