/* Normal forms: what two spellings of one thing have in common, so that their boolean terms meet.
 *
 * Owner   every result lives in the arena (or is borrowed from value, where noted); at is NULL when the arena is full.
 * Shape   value is valid UTF-8; what comes out is too. A value of nothing but punctuation gives an empty form. */
#ifndef REFERENT_NORMAL_H
#define REFERENT_NORMAL_H

#include "arena.h"
#include "span.h"

/* Names of people, committees, organisations: lower case; å -> aa, ø and ö -> oe, æ and ä -> ae, other accents off;
 * & -> og; everything that is neither letter nor digit is one space, none at the ends. "Åge  Müller-Bech" and
 * "Aage Muller Bech" meet in "aage muller bech". */
struct span normal_fold(struct arena *arena, struct span value);
/* A municipality: folded, without "kommune", "regionskommune", "kommunes" at the end or "kommunen" at the front. */
struct span normal_municipality(struct arena *arena, struct span value);
/* A case number: lower case; runs of anything but letters and digits are one "-". Numbers that begin with a KLE number
 * have one form whatever separators are left: "15.00.00-g01-87-19". */
struct span normal_case(struct arena *arena, struct span value);
/* A KLE number with or without facet: "00.22.04.g01", "00.22.04", "00.22", "00"; empty if value is none. Also of a case
 * number that begins with one. */
struct span normal_kle(struct arena *arena, struct span value);
/* Party letters: upper case, without white space, brackets and points. */
struct span normal_party(struct arena *arena, struct span value);
/* A reference to an act: "styrelsesloven § 17 stk 4": folded, genitive of the act off, "§" and its number kept. */
struct span normal_law(struct arena *arena, struct span value);

#endif
