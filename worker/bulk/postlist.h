/* Posting lists and the list of document lengths, in chunks (Xapian 1.4.22 glass, postlist), and what goes beside them
 * in the same walk over the terms: the position table.
 *
 *   list   |head of the list, chunk|chunk| ...   each under its first docid; a new one begins when 2000 bytes are full
 *   chunk  '1' if it is the last, last docid - first, wdf, then for each further posting: gap - 1, wdf */
#ifndef REFERENT_BULK_POSTLIST_H
#define REFERENT_BULK_POSTLIST_H

#include "buffer.h"
#include "inversion.h"
#include "run.h"
#include "table.h"

/* Metadata, an entry a key. */
struct metadata {
    struct span key;
    struct span value;
};

/* Keys strictly ascending, values not empty. Faults of all: those of table_add, and FAULT_REOPEN bulk.memory. */
NODISCARD enum fault metadata_write(struct table *postlist, const struct metadata *entries, size_t count,
                                    struct buffer *scratch, struct error *err);
/* Every document is in this list, also one of length 0. */
NODISCARD enum fault lengths_write(struct table *postlist, const struct inversion *inversion, struct error *err);
/* All terms, in `order`, of a sorted inversion. */
NODISCARD enum fault postings_write(struct table *postlist, struct table *position, const struct inversion *inversion,
                                    const struct lexicon_term *order, struct error *err);
/* All terms of all runs; how many there are. Faults besides: FAULT_REOPEN bulk.run. */
NODISCARD enum fault runs_write(struct table *postlist, struct table *position, struct runs *runs, uint32_t *terms,
                                struct error *err);

#endif
