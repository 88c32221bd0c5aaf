/* From postings by document to postings by term: a stream in the order of arrival, and at the end one counting sort.
 *
 *   records    doc 1: (term number, wdf, place), ...  doc 2: ...           12 bytes a posting
 *   places     |packed positions|packed positions| ...
 *   sorted     term in order of bytes: (docid, wdf, place), ...            12 bytes a posting
 *
 * A list of a single position, the usual case, is its own place. wdf and place carry two bits that say which it is;
 * a wdf that leaves no room for them stands before the positions instead. */
#ifndef REFERENT_BULK_INVERSION_H
#define REFERENT_BULK_INVERSION_H

#include "buffer.h"
#include "known.h"
#include "lexicon.h"
#include "posting.h"

struct record {
    uint32_t key; /* term number in the stream, docid once sorted */
    uint32_t wdf; /* kind in the upper two bits */
    uint32_t place;
};

struct inversion {
    struct lexicon lexicon;
    struct buffer records; /* of struct record */
    struct buffer places;
    struct buffer documents; /* of struct inversion_document */
    struct known known;      /* terms that are found by a number that the document brings */
    struct buffer numbers;   /* of uint32_t: the terms of the document that is being added, */
    struct buffer asked;     /* of struct asked: and those of them that must be looked up */
    struct buffer sorted;    /* of struct record; kept from run to run */
    uint32_t away;           /* so many documents have no records here any more */
};

struct inversion_document {
    uint32_t length;
    uint32_t postings;
};

/* A posting of a term, as it is written. */
struct posting_out {
    uint32_t docid;
    uint32_t wdf;
    struct span positions; /* packed; nothing if there are none */
    char single[5];        /* where a single position is packed */
};

void inversion_clear(struct inversion *inversion, uint64_t seed);
/* The postings have gone elsewhere: forget them and their terms. Documents and their lengths stay. */
void inversion_part(struct inversion *inversion, uint64_t seed);
void inversion_done(struct inversion *inversion);
/* Room for a document; false without memory. */
NODISCARD bool inversion_reserve(struct inversion *inversion, size_t postings, size_t term_bytes,
                                 size_t position_bytes);
/* The next document; its room was reserved, and its postings were checked. */
void inversion_add(struct inversion *inversion, const struct index_document *document, uint32_t length);
uint32_t inversion_count(const struct inversion *inversion);
/* All terms in order of bytes, until the next call; NULL without memory. */
const struct lexicon_term *inversion_terms(struct inversion *inversion);
/* Sort by those terms; false without memory. Afterwards the postings of a term follow those of the term before it in
 * `order`. */
NODISCARD bool inversion_sort(struct inversion *inversion, const struct lexicon_term *order);
/* Read a sorted record; record_wdf gives its wdf alone. */
void record_read(const struct inversion *inversion, const struct record *record, struct posting_out *out);
uint32_t record_wdf(const struct inversion *inversion, const struct record *record);
/* Ask memory for what record_read will look at: records of a term come in a row, their positions lie all over
 * `places`. RECORD_AHEAD records behind the last one may be asked for. */
enum { RECORD_AHEAD = 24 };
void record_fetch(const struct inversion *inversion, const struct record *record);
/* Memory that is taken, and that sorting will take. */
size_t inversion_bytes(const struct inversion *inversion);
/* What of it stays when the postings go. */
size_t inversion_kept_bytes(const struct inversion *inversion);

#endif
