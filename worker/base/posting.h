/* A document as an index takes it: sorted postings, values, data. Plain bytes, so that the steady path (Xapian through
 * the shim) and a bulk builder can both consume it, and the text stage knows neither. */
#ifndef REFERENT_POSTING_H
#define REFERENT_POSTING_H

#include "span.h"

#include <stdint.h>

/* 245 bytes is Xapian's limit for a term; with a document id behind it the encoded key must fit 255. */
enum { TERM_MAX_BYTES = 240 };

struct posting {
    struct span term;          /* 1..TERM_MAX_BYTES bytes, no NUL */
    uint32_t wdf;              /* 0 for boolean terms */
    uint32_t position_count;   /* 0 for terms without positions */
    const uint32_t *positions; /* strictly ascending, from 1 */
};

struct slot_value {
    uint32_t slot;
    struct span bytes; /* never empty */
};

struct index_document {
    struct span unique;             /* the unique term, also among the postings */
    const struct posting *postings; /* terms strictly ascending by bytes */
    size_t posting_count;
    /* A number for each posting's term, 0 for none: the same term has the same number in all documents with the same
     * `numbering`, and no other term has it. So a consumer need not look at its bytes again. NULL: none has one. */
    const uint32_t *numbers;
    uint64_t numbering;
    const struct slot_value *values; /* slots strictly ascending */
    size_t value_count;
    struct span data;
    bool closed; /* belongs to the closed database beside the shard */
};

/* All Xapian documents of one minutes document: they live and die together. */
struct index_record {
    struct span id;
    struct span group; /* the boolean term that joins them, XDOC... */
    uint64_t version;
    unsigned char digest[16];
    const struct index_document *documents; /* the first is the meeting's, open */
    size_t document_count;
    size_t bytes; /* an estimate of what they cost in memory before the commit */
};

#endif
