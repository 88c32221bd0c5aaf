/* What a document stores beside its terms: value slots and data. A part of term.c. */
#ifndef REFERENT_STORED_H
#define REFERENT_STORED_H

#include "mention.h"
#include "posting.h"
#include "record.h"

/* What both kinds of documents are made of. */
struct stored {
    struct arena *arena, *kept; /* values and data live in the second */
    struct error *err;
    const struct source *source;
    const struct meeting *meeting; /* as the document may show it */
    struct day day;                /* of the meeting; year 0 if unknown */
    const struct mention *mention; /* of this document */
    size_t n;                      /* of the unique term */
    struct span title;
    struct span sample;    /* where the sample is taken from */
    struct span case_form; /* normalised; empty if none */
    /* On the first closed item: where the open body differs from `body` outside closed items. */
    struct span body;
    const struct byte_range *veils;
    size_t veil_count;
};

/* Fill values and data of a document. body is what the meeting's data end with, text what a closed item's end with.
 * Faults  FAULT_REJECT arena.bound; FAULT_REOPEN body.pack. */
NODISCARD enum fault stored_meeting(const struct stored *stored, struct body_packer *packer, struct span body,
                                    struct index_document *out);
NODISCARD enum fault stored_item(const struct stored *stored, struct body_packer *packer, const struct item *item,
                                 struct span text, struct index_document *out);

#endif
