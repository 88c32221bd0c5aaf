/* A meeting read again from what its documents store: for rebuilding a shard with other rules, and for mending one.
 *
 * What was fed comes back whole, less CPR numbers, if the closed documents are there too; so the record that term_build
 * makes of it is the one that feeding it anew would make. */
#ifndef REFERENT_RECALL_H
#define REFERENT_RECALL_H

#include "minutes.h"
#include "record.h"

/* Data of one document of the meeting. */
struct stored_data {
    struct span data;
    bool closed;
};

/* The body alone, as it was fed, less CPR numbers. Faults: as below. */
NODISCARD enum fault recall_body(struct arena *arena, const struct stored_data *documents, size_t count,
                                 size_t max_bytes, struct span *body, struct error *err);
/* Read a meeting again.
 * Shape   documents[0] is the meeting's, documents[n] item n's, none is missing. digest is what SLOT_DIGEST holds.
 * Owner   source and minutes live in the arena and borrow from documents.
 * Faults  FAULT_REJECT record.damaged, body.*: the data do not fit together; arena.bound. */
NODISCARD enum fault recall_meeting(struct arena *arena, const struct stored_data *documents, size_t count,
                                    const unsigned char digest[16], size_t max_bytes, struct source *source,
                                    struct minutes *minutes, struct error *err);

#endif
