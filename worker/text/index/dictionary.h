/* The terms of one record while it is built: every different term once, and which document has it where.
 *
 * The vocabulary says what a word becomes; a term of it is entered once a record, without a look at its bytes. One sort
 * of the different terms; the rest is counting, and a bit for each term that a document has. Lives in an arena and dies
 * with it:
 *
 *   terms      |head, bytes, document, posting| ...          in the order of their arrival
 *   postings   |term, wdf, positions| ...                    document after document */
#ifndef REFERENT_DICTIONARY_H
#define REFERENT_DICTIONARY_H

#include "arena.h"
#include "error.h"
#include "posting.h"
#include "range.h"
#include "schema.h"
#include "vocabulary.h"

struct dictionary;

/* Postings, their terms and positions will live in `kept`, everything else in `arena`. NULL when that is full. One
 * record at a time uses a vocabulary; without one (NULL) there are no words. */
struct dictionary *dictionary_new(struct arena *arena, struct arena *kept, struct vocabulary *vocabulary);

/* Documents are built one behind the other: begin, add, end. All functions below add to the last one begun; they give
 * false when the arena is full. */
NODISCARD bool dictionary_begin(struct dictionary *dictionary);
/* Words of a text: stems under Z or ZS (PREFIX_TEXT, PREFIX_TITLE), or as they are (PREFIX_NAME). Positions go on from
 * what was added before under any prefix, as TermGenerator's do. Under Z a word adds its parts and dictionary forms
 * (PREFIX_PART), without positions. */
NODISCARD bool dictionary_text(struct dictionary *dictionary, enum schema_prefix prefix, struct span text);
/* A gap of FIELD_GAP positions, that no phrase spans. */
void dictionary_gap(struct dictionary *dictionary);
/* A boolean term of 1..TERM_MAX_BYTES bytes; it is copied. *fresh (may be NULL) tells whether the document did not have
 * it yet. */
NODISCARD bool dictionary_term(struct dictionary *dictionary, struct span term, bool *fresh);
/* The same in two steps, for what a record has often: the number of the term, never 0, and that the document has it. 0
 * when the arena is full. */
uint32_t dictionary_number(struct dictionary *dictionary, struct span term);
NODISCARD bool dictionary_again(struct dictionary *dictionary, uint32_t number, bool *fresh);
/* As dictionary_text, under a prefix without parts; *words is for saying the same again, in any document. */
struct dictionary_words {
    const uint32_t *terms;
    size_t count;
};
NODISCARD bool dictionary_words(struct dictionary *dictionary, enum schema_prefix prefix, struct span text,
                                struct dictionary_words *words);
NODISCARD bool dictionary_words_again(struct dictionary *dictionary, struct dictionary_words words);
/* The boolean terms of an amount or a day. */
NODISCARD bool dictionary_point(struct dictionary *dictionary, const struct range_point *point);
/* Postings so far, of all documents; and: the document has the boolean terms of postings from..to-1 as well. So what
 * all documents of a record have is made once. */
size_t dictionary_count(const struct dictionary *dictionary);
NODISCARD bool dictionary_repeat(struct dictionary *dictionary, size_t from, size_t to);
NODISCARD bool dictionary_end(struct dictionary *dictionary);

/* What a document has, terms ascending. */
struct posting_list {
    struct posting *postings;
    uint32_t *numbers; /* of their terms, as in struct index_document; NULL if none has one */
    size_t count;
    size_t bytes; /* of terms and positions, for the estimate of a record's cost */
};
/* The lists of all documents, in the order they were begun. Once, at the end. */
NODISCARD bool dictionary_finish(struct dictionary *dictionary, const struct posting_list **lists);

#endif
