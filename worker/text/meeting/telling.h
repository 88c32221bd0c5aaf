/* telling: what one sentence of a decision tells. Pure. */
#ifndef REFERENT_TELLING_H
#define REFERENT_TELLING_H

#include "reading.h"

struct telling {
    enum outcome outcome;
    int words_before; /* words before the first hit */
    bool decided;     /* "besluttede" stands in it, whatever it was */
    bool resumed;     /* the outcome is a HIT_RESUMED */
    bool vague;       /* nothing but "besluttede at" tells it */
    bool negated, amendment, wish, subject, proposal, that, agenda, other_item;
    bool body;   /* the body is the first word, so it is the one who speaks */
    bool result; /* it begins with "Resultat" */
    bool voted;  /* before the outcome it says who voted for what */
    bool hence;  /* it begins with "Herefter" */
};

struct telling telling_read(const char *at, const char *end);
/* "Ad 1) Taget til efterretning", "2. pind: Godkendt", "At-punkt 1 godkendt": behind what numbers the answer; `at` if
 * nothing does. */
const char *telling_start(const char *at, const char *end);

#endif
