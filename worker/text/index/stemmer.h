/* The Snowball stemmer for Danish, as libxapian has it: the same stems at a tenth of the cost, as nothing is generic.
 *
 * An index made with it is searched with Xapian::Stem("danish") by other programs, so the two must agree for every
 * word: tests/shim/test_stemmer.c holds them against each other.
 * Source: Martin Porter's description, https://snowballstem.org/algorithms/danish/stemmer.html. */
#ifndef REFERENT_STEMMER_H
#define REFERENT_STEMMER_H

#include "stem.h"

/* Behind struct stemmer; `self` is not looked at. Any thread. */
size_t danish_stem(void *self, const char *word, size_t size, char out[static 128]);

static inline struct stemmer danish_stemmer(void)
{
    return (struct stemmer){NULL, danish_stem};
}

#endif
