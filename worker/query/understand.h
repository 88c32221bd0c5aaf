/* The query, read as minutes are read: amounts, dates, case numbers, acts and organisations by the extraction's own
 * scanners; names of members, committees and municipalities by what is in the index.
 *
 *   tilskud over 1 mio. kr. i 2019   tilskud, an amount from 1.000.000 kr. (filter), the year 2019 (or the word)
 *   Tormod Brinkhaug flexjob         the member tormod brinkhaug (or the words), flexjob
 *   sag 19/11679                     the case (or the words)
 *   styrelseslovens § 17             the paragraph (or the words)
 *
 * What says a range in words ("over", "mellem", "siden") must hold; anything else is a second way to match, beside the
 * words themselves, and weighs. Only words that stand free are read: not phrases, fields or what is in brackets. */
#ifndef REFERENT_UNDERSTAND_H
#define REFERENT_UNDERSTAND_H

#include "live.h"
#include "syntax.h"
#include "tree.h"

struct meaning {
    const char *kind;    /* as search.proto lists them */
    size_t start, end;   /* bytes of the query */
    struct span value;   /* for people */
    bool filter;         /* must hold; its words fall away */
    struct branch match; /* weighs nothing */
    double weight;       /* of a match that is no filter */
};

struct understanding {
    LIST(struct meaning) meanings; /* ascending, no two overlap */
};

/* Faults: those of the shim; arena.bound. */
NODISCARD enum fault understand(struct asking *asking, struct span query, const struct syntax *tree,
                                struct understanding *out);

#endif
