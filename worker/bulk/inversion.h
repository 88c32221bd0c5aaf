/* From postings by document to postings by term: a stream in the order of arrival, and at the end one counting sort.
 *
 *   records    doc 1: (term number, what), (term number, what), ...  doc 2: ...      8 bytes a posting
 *   places     |uint wdf|uint size|packed positions|uint wdf| ...
 *   sorted     term in order of bytes: (docid, what), (docid, what), ...             8 bytes a posting
 *
 * What a posting is begins with the bits that tell its kind:
 *
 *   00  a wdf without positions     01  a single position with wdf 1     1  a place, for all others
 *
 * The first two are the usual ones. How much wdf a term has together is counted beside the term (lexicon.h), so that
 * nothing is looked at twice. */
#ifndef REFERENT_BULK_INVERSION_H
#define REFERENT_BULK_INVERSION_H

#include "buffer.h"
#include "coding.h"
#include "known.h"
#include "lexicon.h"
#include "posting.h"

#define KIND_SINGLE (UINT32_C(1) << 30)
#define KIND_PLACE  (UINT32_C(1) << 31)
#define SMALL_MAX   (KIND_SINGLE - 1) /* of what fits beside the first two kinds */

struct record {
    uint32_t key; /* term number in the stream, docid once sorted */
    uint32_t what;
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
/* Ask memory early for what record_read will look at: records of a term come in a row, their positions lie all over
 * `places`. RECORD_AHEAD records behind the last one may be asked for. */
enum { RECORD_AHEAD = 24 };
static inline void record_fetch(const struct inversion *inversion, const struct record *record)
{
    if (record->what & KIND_PLACE)
        __builtin_prefetch(inversion->places.at + (record->what & ~KIND_PLACE));
}
/* Read a sorted record; a posting lives in registers. */
static inline void record_read(const struct inversion *inversion, const struct record *record, struct posting_out *out)
{
    *out = (struct posting_out){.docid = record->key, .wdf = record->what};
    if (record->what & KIND_PLACE) {
        const char *at = inversion->places.at + (record->what & ~KIND_PLACE);
        out->wdf = (uint32_t)get_uint(&at);
        out->positions.size = get_uint(&at);
        out->positions.at = at;
    } else if (record->what & KIND_SINGLE) {
        out->wdf = 1;
        out->positions.at = out->single;
        out->positions.size = (size_t)(put_uint(out->single, record->what & SMALL_MAX) - out->single);
    }
}
/* Memory that is taken, and that sorting will take. */
size_t inversion_bytes(const struct inversion *inversion);
/* What of it stays when the postings go. */
size_t inversion_kept_bytes(const struct inversion *inversion);

#endif
