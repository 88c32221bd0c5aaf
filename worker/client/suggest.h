/* Did you mean? */
#ifndef REFERENT_SUGGEST_H
#define REFERENT_SUGGEST_H

#include <stddef.h>

/* How many letters differ: inserted, left out, exchanged, or two neighbours swapped. Words beyond 63 bytes are far. */
unsigned word_distance(const char *a, const char *b);

/* The candidate nearest to `word`, if it is near enough to be what was meant (a third of its letters); else NULL. */
const char *suggest(const char *word, const char *const *candidates, size_t count);

#endif
