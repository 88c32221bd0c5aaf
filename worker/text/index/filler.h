/* Filler for documents that stock Xapian could not read back (see tag.h): noise behind the term list or the data, so
 * that the last item of the tag is noise and inflates to less than a step. Only what repeats itself a great deal needs
 * it; nobody searches for it. A part of term.c. */
#ifndef REFERENT_FILLER_H
#define REFERENT_FILLER_H

#include "posting.h"
#include "record.h"

/* Add the terms of PREFIX_FILLER to the postings, if the term list needs them; they live in `kept` then, arena is for
 * working memory. Faults: FAULT_REJECT arena.bound. */
NODISCARD enum fault filler_terms(struct arena *arena, struct arena *kept, struct index_document *document,
                                  struct error *err);
/* Add the line FIELD_FILLER to the data, if they need it. packed and body are the sizes of the body in its line and
 * unpacked, 0 if there is none. */
void filler_line(struct data_writer *writer, size_t packed, size_t body);

/* The tag of the document's term list, as glass codes it. at is NULL when the arena is full. */
struct span filler_term_list(struct arena *arena, const struct index_document *document);

#endif
