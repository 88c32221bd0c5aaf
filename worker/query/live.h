/* What is in the index now: the terms that the open documents of this moment have, in all shards of the view.
 *
 * Suggestions, mended words and wildcards come from here and nowhere else, so nothing deleted or closed is ever named.
 * It is asked through the database itself, which works over remote shards as well (Xapian's spelling table does not,
 * and keeps deleted words). Bounded by the request's deadline and by a number of terms. */
#ifndef REFERENT_LIVE_H
#define REFERENT_LIVE_H

#include "arena.h"
#include "error.h"
#include "language.h"
#include "names.h"
#include "schema.h"
#include "xapian_shim.h"

#include <stdint.h>

enum { LIVE_TERMS_MAX = 400000 }; /* looked at for one request */

/* One request while it is worked on. */
struct asking {
    struct arena *arena;
    struct database *database;
    size_t parts; /* of the database */
    struct names *names;
    struct language *language;
    int64_t deadline_ms; /* of the steady clock */
    size_t looked;       /* terms so far */
    struct error *err;
};

/* How many documents have the term. */
NODISCARD enum fault live_count(struct asking *asking, struct span term, uint64_t *documents);
/* The same for prefix and value without Omega's colon: words. A value that makes no term has none. */
NODISCARD enum fault live_word(struct asking *asking, enum schema_prefix prefix, struct span value,
                               uint64_t *documents);
/* Visit the words under the prefix that begin with `head`: without the prefix, with the documents that have them. Ends
 * early, without a fault, when the request has looked at enough or its time is over. */
NODISCARD enum fault live_visit(struct asking *asking, enum schema_prefix prefix, struct span head,
                                void (*visit)(void *self, struct span value, uint64_t documents), void *self);
/* Prefix and value in the arena; at is NULL when it is full, size 0 if that makes no term. */
struct span live_term(struct arena *arena, enum schema_prefix prefix, struct span value);

#endif
