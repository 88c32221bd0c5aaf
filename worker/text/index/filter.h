/* What a user types into a filter -> the boolean terms that stand for it. The query side ORs the terms of one filter
 * and ANDs the filters. */
#ifndef REFERENT_FILTER_H
#define REFERENT_FILTER_H

#include "range.h"
#include "schema.h"

enum filter {
    FILTER_MEMBER,
    FILTER_CASE,
    FILTER_COMMITTEE,
    FILTER_MUNICIPALITY,
    FILTER_PARTY,
    FILTER_OUTCOME,
    FILTER_KLE,
    FILTER_LAW,
    FILTER_ORG,
    FILTER_SOURCE,
    FILTER_DOCUMENT, /* a document id: all of a meeting */
    FILTER_TYPE
};
enum { FILTER_COUNT = FILTER_TYPE + 1 };

/* The filter by its English or Danish name ("member", "medlem", "sag", "udvalg" ...), any case; false if unknown. */
bool filter_parse(struct span name, enum filter *filter);
/* Its prefix. */
enum schema_prefix filter_prefix(enum filter filter);

/* The terms for one value as typed: any notation of a case number, "Lejre" for "Lejre Kommune", "udsat" for postponed.
 * Shape   at least one term. A case number in itself ambiguous gives all its forms.
 * Owner   the terms live in the arena.
 * Faults  FAULT_REJECT filter.value if nothing can be meant by it (empty, unknown outcome); arena.bound. */
NODISCARD enum fault filter_terms(struct arena *arena, enum filter filter, struct span typed, struct term_list *out,
                                  struct error *err);
/* The term of a day of meetings ("D20200205"), a month or a year, by how much of the date is given (month 0, day 0). */
NODISCARD enum fault filter_date(struct arena *arena, struct day date, struct span *term, struct error *err);

/* prefix and value as one boolean term: with a colon between where Omega's rule asks for it, control characters as
 * spaces, and beyond TERM_MAX_BYTES cut at a character with "~" and 16 hexadecimal digits of the XXH3 hash of the whole
 * uncut term behind it. at is NULL when the arena is full. */
struct span term_make(struct arena *arena, enum schema_prefix prefix, struct span value);

#endif
