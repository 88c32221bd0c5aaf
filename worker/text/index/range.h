/* Amounts and dates as ranges: numbers cut into a tree of buckets, each a boolean term.
 *
 * A document carries a term for every bucket on the way to each number it mentions; a query [low, high] is an OR over
 * the few buckets that make up exactly that interval. So any Xapian, local or remote, answers ranges over several
 * numbers a document, which value slots cannot.
 *
 *   amount  sign / number of digits / first digit / third / second digit / ... / the number itself, in øre
 *   date    all / millennium / century / decade / year / half / month / ten days / day
 *
 * Trailing zeros need no buckets (a number ends where its digits end), so 1.000.000 kr. costs a document five terms and
 * 1-2 mio. a query some ten. A document may mention a range itself (4-5 mio. kr.): the largest buckets inside it are
 * marked as filled ("*" behind the term), and queries ask for the filled buckets above their own as well. A document's
 * range and a query's match exactly when they meet, to the øre and to the day.
 * Source: the numeric tries of Uwe Schindler's Lucene range query (Computers & Geosciences 34, 2008); SCHEMA.md. */
#ifndef REFERENT_RANGE_H
#define REFERENT_RANGE_H

#include "arena.h"
#include "error.h"
#include "minutes.h"

#include <stdint.h>

/* Terms in the arena; ascending, each once. */
struct term_list {
    const struct span *terms;
    size_t count;
};

/* At most: 7 terms a digit, 19 digits, two sides, and the 20 numbers of digits of both signs; for a mention 11 a digit,
 * as filled buckets count twice. */
enum {
    RANGE_COVER_MAX = 360, /* terms of a query; bounds of up to four digits stay below 60 */
    RANGE_TERMS_MAX = 576, /* terms of a mention, a range in odd numbers; one amount has some 10, a day 9 */
    RANGE_TERM_BYTES = 32
};

/* The terms of a mention, in the caller's storage. */
struct range_terms {
    struct span terms[RANGE_TERMS_MAX]; /* into bytes; ascending, each once */
    size_t count;
    char bytes[RANGE_TERMS_MAX * RANGE_TERM_BYTES];
};

/* The terms of one amount or one day, nearly always what a document mentions: each is the beginning of another one,
 * with a letter behind it or without. */
struct range_point {
    char bytes[RANGE_TERM_BYTES]; /* the longest term */
    uint32_t ends;                /* bit n: its first n bytes are a term; one bit at least */
    size_t beside_count;
    struct range_beside {
        uint8_t size; /* the first so many bytes, which are a term, and the letter */
        char letter;
    } beside[20];
};
void range_amount_point(int64_t ore, struct range_point *out);
/* False for a day that has no terms. */
bool range_day_point(struct day day, struct range_point *out);

/* The terms of a document that mentions low_ore..high_ore (equal, unless it is a range; the order does not matter). */
void range_amount_terms(int64_t low_ore, int64_t high_ore, struct range_terms *out);
/* A query: the OR of these terms matches every document that mentions an amount in low_ore..high_ore, both included.
 * INT64_MIN and INT64_MAX leave a side open. No terms when low_ore > high_ore.
 * Faults  FAULT_REJECT arena.bound. */
NODISCARD enum fault range_amount_cover(struct arena *arena, int64_t low_ore, int64_t high_ore, struct term_list *out,
                                        struct error *err);

/* The same for a day; no terms for a day without a year or outside 1..9999. */
void range_day_terms(struct day day, struct range_terms *out);
/* A query for days first..last, both included. Year 0 leaves a side open; month 0 means the whole year, day 0 the whole
 * month, on either side. No terms when first is behind last.
 * Faults  FAULT_REJECT arena.bound. */
NODISCARD enum fault range_day_cover(struct arena *arena, struct day first, struct day last, struct term_list *out,
                                     struct error *err);

#endif
