/* Weights of terms, as Xapian has them to the last bit. */
#ifndef REFERENT_WEIGHT_H
#define REFERENT_WEIGHT_H

#include <stddef.h>

/* What a term that `frequency` of `documents` have weighs at most; `factor` of it counts. BM25Weight::init. */
double weight_most(double documents, double frequency, double factor, double k1);

/* How many documents have a term. */
struct guess {
    double here; /* in one database */
    double all;
};
/* Documents that have any of the terms, of `here` in the database and `all`, as OrContext::postlist and OrPostList
 * guess it: the two with the fewest become one, until there is one. count at least 1; the guesses are used up. */
double guess_any(struct guess *guesses, size_t count, double here, double all);

#endif
