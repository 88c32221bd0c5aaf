/* The term list of a document, and which slots it has values in (Xapian 1.4.22 glass, termlist). */
#ifndef REFERENT_BULK_TERMLIST_H
#define REFERENT_BULK_TERMLIST_H

#include "buffer.h"
#include "error.h"
#include "posting.h"

/* What a document takes elsewhere, summed up on the way. */
struct document_size {
    uint32_t length; /* sum of wdf */
    uint32_t greatest_wdf;
    size_t term_bytes;
    size_t position_bytes;   /* bound */
    uint32_t most_positions; /* of one term */
};

/* Check a document and write its term list to `out`, which is emptied first.
 * Shape   terms 1..TERM_MAX_BYTES bytes, strictly ascending; their positions too; slots too, values not empty.
 * Faults  FAULT_REJECT document.order, document.term, document.length, document.value; FAULT_REOPEN bulk.memory. */
NODISCARD enum fault termlist_pack(struct buffer *out, const struct index_document *document,
                                   struct document_size *size, struct error *err);
/* The slots of the document's values as gaps, in `out`. Faults: FAULT_REOPEN bulk.memory. */
NODISCARD enum fault slots_pack(struct buffer *out, const struct index_document *document, struct error *err);

/* FAULT_REOPEN bulk.memory */
enum fault memory_fault(struct error *err);

#endif
