/* The piece of a text that shows why it is a hit. */
#ifndef REFERENT_SNIPPET_H
#define REFERENT_SNIPPET_H

#include "language.h"
#include "mark.h"

/* About `bytes` of text where most different words of the query stand close together, or its beginning if none does.
 * Words light up in any inflection and inside compounds.
 * Shape   HTML: & < > " escaped, matches in <mark>; "…" where it is cut; never cut inside a character. At most `bytes`
 *         of text, which escapes and marks make longer.
 * Faults  FAULT_REJECT arena.bound. */
NODISCARD enum fault snippet_make(struct arena *arena, struct language *language, const struct mark_list *marks,
                                  struct span text, size_t bytes, struct span *snippet, struct error *err);

#endif
