/* What dictionary.c gathers and dictionary_lists.c puts in order. */
#ifndef REFERENT_DICTIONARY_INSIDE_H
#define REFERENT_DICTIONARY_INSIDE_H

#include "dictionary.h"

/* A term of the record. Its bytes are the vocabulary's, or in the arena. */
struct term {
    uint64_t head; /* term_head */
    const char *at;
    uint32_t size;
    uint32_t document; /* the last document that has it, and which posting that is; 0: none has */
    uint32_t posting;
    uint32_t number; /* the vocabulary's; 0: it is no word's */
};

/* Bytes -> number of a term: for terms that come from no word, and for all of them once the vocabulary was full. */
struct slot {
    uint32_t tag;  /* lower half of the hash */
    uint32_t next; /* number + 1; 0 is a free slot */
};

struct table {
    struct slot *slots;
    size_t mask, count;
};

/* From a term to the one that has a letter or two more: the terms of amounts and days share their beginnings, and so
 * few of them are asked for by their bytes. */
struct branch {
    uint64_t from; /* number of the term and the letters; 0 is a free place */
    uint32_t to;
};

struct branches {
    struct branch *places;
    size_t mask, count;
};

struct raw_posting {
    uint32_t term;
    uint32_t wdf, position_count;
    const uint32_t *positions;
};

struct occurrence {
    uint32_t posting, position;
};

struct dictionary {
    struct arena *arena, *kept;
    struct vocabulary *vocabulary; /* may be NULL */
    uint64_t *known;               /* its terms */
    uint32_t first_known;          /* the number there of our first document, */
    uint32_t document_known;       /* and of the one that is being built */
    bool detached;                 /* it was cleared under us: words find their terms by their bytes */
    struct table table;
    struct branches branches;
    LIST(struct term) terms;
    LIST(struct raw_posting) postings;
    LIST(struct occurrence) occurrences; /* of the document that is being built */
    uint32_t document;                   /* from 1, so that 0 in a term is none */
    LIST(size_t) firsts;                 /* of each document: its first posting */
    uint32_t position;
};

static inline struct span bytes_of(const struct term *term)
{
    return (struct span){term->at, term->size};
}

#endif
