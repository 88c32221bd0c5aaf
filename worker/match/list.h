/* The postings of a term in one database, decoded once, and read by any number of threads from then on.
 *
 *   blocks     up to LIST_BLOCK postings whose docids lie within 65,536: the first docid, where its postings begin, and
 *              the most that one of them can weigh, as a share of the term's weight
 *   postings   two bytes of docid from the block's first on, one of wdf, two of the document's length
 *   rare       what does not fit into these: LIST_WDF_RARE and LIST_LENGTH_RARE say that it stands there
 *   map        of a list that has one in LIST_MAP_SHARE documents between its first and its last: a bit a document, and
 *              for each 64 of them how many postings stand before, so that a document is looked up in one step
 *
 * So 5 bytes a posting, 2 if it weighs nothing, 12 a block, and 12 for 64 documents of a map. The share of BM25 depends
 * on the mean length of all documents, which moves with every commit anywhere; list_stretch says by how much a share
 * may have grown since. */
#ifndef REFERENT_LIST_H
#define REFERENT_LIST_H

#include "xapian_lists.h"

enum { LIST_BLOCK = 64, LIST_WDF_RARE = UINT8_MAX, LIST_LENGTH_RARE = UINT16_MAX, LIST_MAP_SHARE = 16 };

/* No document counts as shorter than half the mean. */
#define SCALE_LEAST 0.5

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
    uint32_t map_first, map_count; /* words of the map: the first one is of documents 64 * map_first and on; 0: none */
    const uint64_t *map;
    const uint32_t *map_before; /* postings before each word */
    size_t bytes;               /* of all of it */
};

/* A list of these, in order of docid. NULL without memory. Free it with free(). */
struct list *list_new(const struct list_posting *postings, uint32_t count, bool weighted, struct scale scale);
/* The documents of any of the lists, which are weighted, as if their terms were one: wdfs are added up, to the length
 * of the document at most. NULL without memory. */
struct list *list_union(const struct list *const *lists, size_t count, struct scale scale);
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

/* Documents 64 * word to 64 * word + 63 that the list has, of a list with a map. */
static inline uint64_t list_map_word(const struct list *list, uint32_t word)
{
    uint32_t at = word - list->map_first; /* a word before the first is far behind the last */
    return at < list->map_count ? list->map[at] : 0;
}

/* Bits that are set; the processor's own instruction is not on every machine. */
static inline uint32_t list_map_count(uint64_t bits)
{
    bits -= bits >> 1 & UINT64_C(0x5555555555555555);
    bits = (bits & UINT64_C(0x3333333333333333)) + (bits >> 2 & UINT64_C(0x3333333333333333));
    bits = (bits + (bits >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
    return (uint32_t)(bits * UINT64_C(0x0101010101010101) >> 56);
}

/* The posting of document 64 * word + bit, which the list has. */
static inline uint32_t list_map_at(const struct list *list, uint32_t word, uint32_t bit)
{
    uint32_t at = word - list->map_first;
    uint64_t below = list->map[at] & ((UINT64_C(1) << bit) - 1);
    return list->map_before[at] + list_map_count(below);
}

/* Of a place that is not the end. */
static inline uint32_t list_docid(const struct list *list, const struct list_place *place)
{
    return list->blocks[place->block].first + list->docs[place->at];
}

/* The share of its weight that a term has in a document: below 1. */
static inline double scale_share(const struct scale *scale, double per_length, uint32_t wdf, uint32_t length)
{
    double relative = length * per_length, count = wdf;
    relative = relative > SCALE_LEAST ? relative : SCALE_LEAST;
    return count / (scale->k1 * (relative * scale->b + (1 - scale->b)) + count);
}

/* No share is more than so many times what `most` says, now that the mean is another. */
static inline double list_stretch(const struct list *list, const struct scale *now)
{
    return now->mean > list->scale.mean ? now->mean / list->scale.mean : 1;
}

#endif
