/* The query as it is to be matched: scales multiplied out to the leaves, operators of one kind joined, what weighs
 * nothing told apart. The same for every database. */
#ifndef REFERENT_SHAPE_H
#define REFERENT_SHAPE_H

#include "arena.h"
#include "xapian_shim.h"

enum shape_kind {
    SHAPE_LIST,    /* a term */
    SHAPE_SAME,    /* lists that weigh as one term */
    SHAPE_ANY,     /* the sum of those that match */
    SHAPE_ALL,     /* the sum of all, which must match, and `factor` */
    SHAPE_WITHOUT, /* the first without the second */
    SHAPE_MAYBE,   /* the first, and the second where it matches as well */
    SHAPE_KIND     /* a kind of documents, each weighing `factor` */
};

struct shape {
    enum shape_kind kind;
    uint32_t term;      /* LIST, KIND: of shape_terms; SAME: plan.c numbers them */
    double factor;      /* LIST, SAME: how much of its weight counts; 0: it only matches */
    uint64_t documents; /* that match at most; plan.c knows */
    struct shape *first, *next;
};

enum { SHAPE_TERMS_MAX = 512, SHAPE_DEPTH_MAX = 32 };

struct shape_terms {
    struct span terms[SHAPE_TERMS_MAX]; /* each once; an empty one stands for all documents */
    bool weighted[SHAPE_TERMS_MAX];
    uint32_t count;
};

/* The shape of a search; NULL in *out if it is none of those above: phrases, ranges of values, what weighs the same
 * everywhere and is not told where. Faults: FAULT_REJECT arena.bound. */
NODISCARD enum fault shape_read(struct arena *arena, const struct search *search, struct shape_terms *terms,
                                struct shape **out, struct error *err);

#endif
