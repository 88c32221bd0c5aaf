/* The text of a hit, and the piece of it that shows why it is one. */
#ifndef REFERENT_SNIPPET_H
#define REFERENT_SNIPPET_H

#include "view.h"

/* The snippet of hit number `index`: cut from the body that the meeting's document carries, marks of Markdown and runs
 * of white space taken out. HTML-escaped, matches in <mark>. */
NODISCARD enum fault snippet_make(struct arena *arena, struct view *view, struct search_result *result,
                                  const struct search_hit *hit, size_t bytes, struct span *snippet, struct error *err);

#endif
