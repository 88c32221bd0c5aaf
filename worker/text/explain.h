/* explain: a reading made visible: the text with every entity marked and named, items and sections in the margin.
 *
 * For people who write rules. Pure; shows minutes->body, where CPR numbers are masked. */
#ifndef REFERENT_EXPLAIN_H
#define REFERENT_EXPLAIN_H

#include "minutes.h"

/* The text line by line with colours for a terminal (ANSI escapes); each entity is followed by [rule value].
 * `terms` may be empty; it is put behind the text, one term a line as given.
 * Faults  FAULT_REJECT arena.bound. */
NODISCARD enum fault explain_ansi(struct arena *arena, const struct minutes *minutes, struct span terms,
                                  struct text *out, struct error *err);

/* The same as one HTML page that needs nothing else: styles, legend and counts inside. `title` is its heading. */
NODISCARD enum fault explain_html(struct arena *arena, const struct minutes *minutes, struct span title,
                                  struct span terms, struct text *out, struct error *err);

#endif
