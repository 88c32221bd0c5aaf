/* Minutes -> the record an index takes: one document for the meeting, one for each agenda item.
 *
 * Last stage of text/, on a text thread. What stands in the documents is said in schema.h and SCHEMA.md.
 *
 *   document 0       the meeting: head, roster and all text outside items; its data end with the stored body
 *   document 1, 2..  the items in reading order; text and entities of the item, committee, municipality, date and
 *                    source of the meeting
 *
 * Closed items (1) Nothing that stands in a closed item stands in an open document: its text, title, entities; nor
 * people, places and dates of the meeting that are named nowhere else; nor its title in a table of contents. (2) The
 * stored open body has the item's bytes as spaces, at equal length and with its line breaks, so every offset stays.
 * (3) The item's own document is marked closed and carries its part of the body; see record_restore. */
#ifndef REFERENT_TERM_H
#define REFERENT_TERM_H

#include "arena.h"
#include "error.h"
#include "minutes.h"
#include "posting.h"
#include "record.h"
#include "stem.h"
#include "wordbook.h"

/* What a text thread keeps between documents: vocabulary, compressor. One per thread. */
struct term_builder;

/* NULL if there is no memory. max_words bounds the vocabulary (0: 65536). Without a wordbook (NULL) there are no parts
 * of compounds. */
struct term_builder *term_builder_new(struct stemmer stemmer, const struct wordbook *words, size_t max_words);
void term_builder_free(struct term_builder **builder);

/* Build the record of one document.
 * Shape   minutes as minutes_read gives them; no two items overlap. out->documents[0] is the meeting, open;
 *         documents[n] is item n, open or closed.
 * Unit    time and memory are linear in body, items and entities (and one sort of the different terms).
 * Owner   out lives in `kept` with everything that it holds, and borrows nothing; `arena` is for working memory. They
 *         may be the same.
 * Faults  FAULT_REJECT id.length, id.character (control characters), arena.bound; FAULT_REOPEN body.pack. */
NODISCARD enum fault term_build(struct term_builder *builder, struct arena *arena, struct arena *kept,
                                const struct source *source, const struct minutes *minutes, struct index_record *out,
                                struct error *err);

/* Unique term of item n of a document (0: the meeting), and the term that joins them all. at is NULL when the arena is
 * full. The id must have 1..DOCUMENT_ID_MAX_BYTES. */
struct span term_unique(struct arena *arena, struct span id, size_t n);
struct span term_group(struct arena *arena, struct span id);

#endif
