/* What words become, worked out once for each different word: its terms under every prefix, with the parts of a
 * compound. One per text thread, in front of the stemmer, the dictionary of Danish and the search for compounds.
 *
 *   slots   |hash, place|                                  of words; of terms
 *   words   ... |terms, parts, size, bytes| ...            a cell begins at a multiple of 8
 *   terms   ... |head, document, posting, size, bytes| ... a term's number is its place, in units of 8 bytes
 *
 * A cell is a cache line or less, and who has several words at hand can ask memory for all of them before it looks at
 * one. Bounded: when it is full, vocabulary_clear empties it, and all numbers are void. What was worked out stays:
 * twice as many words are remembered with the stems of their parts, far from the core, to be taken back into the
 * vocabulary. */
#ifndef REFERENT_VOCABULARY_H
#define REFERENT_VOCABULARY_H

#include "error.h"
#include "schema.h"
#include "span.h"
#include "stem.h"
#include "wordbook.h"

#include <stdint.h>

enum { VOCABULARY_WORD_BYTES = 64, VOCABULARY_STEM_BYTES = 128, VOCABULARY_PARTS_MAX = 28 };

/* A term with its prefix. */
struct vocabulary_term {
    uint64_t head;     /* term_head */
    uint32_t document; /* the reader's (dictionary.c): the last document that had it, by vocabulary_document, */
    uint32_t posting;  /* and which posting of the record that is */
    uint32_t number;   /* from 1 on; see vocabulary_numbering */
    uint8_t size;
    char bytes[];
};

/* A word's terms under one prefix, by their numbers: `own` has positions, the parts of a compound and the dictionary
 * forms have none. */
struct vocabulary_word {
    uint32_t own; /* 0: the word has no stem */
    uint32_t part_count;
    const uint32_t *parts; /* at most VOCABULARY_PARTS_MAX */
};

struct vocabulary;

/* NULL if there is no memory. At most max_words words (at least 16; some 300 bytes each with what is remembered, taken
 * as they come). Without a wordbook (NULL) words have no parts. The stemmer's self and the wordbook's must live as
 * long. */
struct vocabulary *vocabulary_new(struct stemmer stemmer, const struct wordbook *words, size_t max_words);
void vocabulary_free(struct vocabulary **vocabulary);

/* A record begins: the number that the first of its documents will have, never 0. */
uint32_t vocabulary_record(struct vocabulary *vocabulary);
/* The number of a document that begins: larger than all since the last time the vocabulary was cleared. */
uint32_t vocabulary_document(struct vocabulary *vocabulary);
/* A word on its way to its terms. Memory is far, so who has many words takes each of these steps for some of them
 * before the next one: what a step has asked memory for is there when the next one looks at it. */
struct vocabulary_asked {
    uint64_t hash, stem_hash;
    enum schema_prefix prefix; /* PREFIX_TEXT (with parts), PREFIX_TITLE or PREFIX_NAME */
    bool fresh;                /* it seems to be new: the stem is worked out */
    uint8_t size, stem_size;
    char bytes[VOCABULARY_WORD_BYTES]; /* lower case, at least one */
    char stem[VOCABULARY_STEM_BYTES];
};
/* Prefix, bytes and size are there. */
void vocabulary_ask(const struct vocabulary *vocabulary, struct vocabulary_asked *asked);
void vocabulary_fetch(const struct vocabulary *vocabulary, struct vocabulary_asked *asked);
void vocabulary_fetch_past(const struct vocabulary *vocabulary, const struct vocabulary_asked *asked);
/* The terms of the word. False if the vocabulary is full: after vocabulary_clear there is room. Valid until then. */
NODISCARD bool vocabulary_word(struct vocabulary *vocabulary, struct vocabulary_asked *asked,
                               struct vocabulary_word *out);
void vocabulary_clear(struct vocabulary *vocabulary);

/* Of the numbers that terms have now: no other vocabulary of the process ever has it, nor this one once it was cleared.
 */
uint64_t vocabulary_numbering(const struct vocabulary *vocabulary);

/* Where the terms stand: stays the same. Number 0 is none. */
uint64_t *vocabulary_terms(struct vocabulary *vocabulary);
static inline struct vocabulary_term *vocabulary_term(uint64_t *terms, uint32_t number)
{
    return (void *)(terms + number);
}

#endif
