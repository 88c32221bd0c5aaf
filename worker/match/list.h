/* The postings of a term in one database, decoded once, and read by any number of threads from then on.
 *
 *   blocks     up to LIST_BLOCK postings whose docids lie within 65,536: the first docid, where its postings begin, and
 *              the most that one of them can weigh, as a share of the term's weight
 *   postings   two bytes of docid from the block's first on, one of wdf, two of the document's length
 *   rare       what does not fit into these: LIST_WDF_RARE and LIST_LENGTH_RARE say that it stands there
 *
 * So 5 bytes a posting, 2 if it weighs nothing, and 12 a block. The share of BM25 depends on the mean length of all
 * documents, which moves with every commit anywhere; list_stretch says by how much a share may have grown since. */
#ifndef REFERENT_LIST_H
#define REFERENT_LIST_H

#include "xapian_lists.h"

enum { LIST_BLOCK = 64, LIST_WDF_RARE = UINT8_MAX, LIST_LENGTH_RARE = UINT16_MAX };

/* How a term weighs in a document, as Xapian::BM25Weight has it with k2 = k3 = 0 and its own least length. */
struct scale {
    double k1, b;
    double mean; /* length of all documents; above 0 */
};

struct list_block {
    uint32_t first; /* docid; of the one behind the last UINT32_MAX */
    uint32_t at;    /* posting */
    float most;
};

struct list {
    uint32_t count, block_count, rare_count;
    struct scale scale;              /* of `most` */
    const struct list_block *blocks; /* one more than block_count */
    const uint16_t *docs;
    const uint8_t *wdfs;     /* NULL: weighs nothing */
    const uint16_t *lengths; /* NULL with wdfs */
    const struct list_posting *rare;
    size_t bytes; /* of all of it */
};

/* A list of these, in order of docid. NULL without memory. Free it with free(). */
struct list *list_new(const struct list_posting *postings, uint32_t count, bool weighted, struct scale scale);
/* The posting whose wdf or length is rare. */
const struct list_posting *list_rare(const struct list *list, uint32_t docid);

/* Where someone stands in a list; it only moves forward. {0} is the beginning. */
struct list_place {
    uint32_t block, at; /* the block of posting `at` */
};

/* Move to the first posting whose docid is not below `docid`. */
void list_seek(const struct list *list, struct list_place *place, uint32_t docid);

static inline bool list_ended(const struct list *list, const struct list_place *place)
{
    return place->at == list->count;
}

/* Of a place that is not the end. */
static inline uint32_t list_docid(const struct list *list, const struct list_place *place)
{
    return list->blocks[place->block].first + list->docs[place->at];
}

/* The share of its weight that a term has in a document: below 1. */
static inline double scale_share(const struct scale *scale, double per_length, uint32_t wdf, uint32_t length)
{
    const double least = 0.5; /* no document counts as shorter than half the mean */
    double relative = length * per_length, count = wdf;
    relative = relative > least ? relative : least;
    return count / (scale->k1 * (relative * scale->b + (1 - scale->b)) + count);
}

/* No share is more than so many times what `most` says, now that the mean is another. */
static inline double list_stretch(const struct list *list, const struct scale *now)
{
    return now->mean > list->scale.mean ? now->mean / list->scale.mean : 1;
}

#endif
