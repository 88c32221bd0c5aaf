/* A stretch of a word, as a part of a compound: does the dictionary know it, and may it stand first or last? Answers
 * are remembered; one per thread. */
#ifndef REFERENT_WORD_PIECE_H
#define REFERENT_WORD_PIECE_H

#include "span.h"
#include "wordbook.h"

enum {
    PIECE_MAX_BYTES = 18, /* of a part: longer words are compounds themselves */
    PIECE_LETTERS_MIN = 4 /* of one that is not listed as short */
};

/* What a piece is. */
enum { PIECE_WORD = 1, PIECE_NEVER_FIRST = 2, PIECE_NEVER_LAST = 4 };

enum { PIECES_KEPT = 1 << 14, PIECE_SHORT_SLOTS = 256 };

struct piece_book {
    struct wordbook words;
    uint64_t *answers;                  /* hash of a piece, its lowest bits say what it is */
    uint64_t shorts[PIECE_SHORT_SLOTS]; /* the short words, as numbers */
    uint8_t short_sizes[256];           /* how many bytes they can have, by their first one: a bit for each */
    uint8_t short_tails[256];           /* and by their last one */
};

/* False without memory. */
bool piece_book_make(struct piece_book *book, struct wordbook words);
void piece_book_done(struct piece_book *book);

/* Bits of a piece of PIECE_LETTERS_MIN letters or more and PIECE_MAX_BYTES bytes at most; 0 if it is no word. */
unsigned piece_of_word(struct piece_book *book, struct span piece);

/* Sizes in bytes that a short word can have that begins with this byte: bit n for n, 8 at most. */
static inline unsigned piece_short_sizes(const struct piece_book *book, char first)
{
    return book->short_sizes[(unsigned char)first];
}
/* And that ends with it. */
static inline unsigned piece_short_tails(const struct piece_book *book, char last)
{
    return book->short_tails[(unsigned char)last];
}
/* Is it a word of the list? Eight bytes can be read at piece.at. */
bool piece_is_short(const struct piece_book *book, struct span piece);

/* The dictionary's own forms of a word of at most 64 bytes; how many. */
size_t piece_forms(const struct piece_book *book, struct span word,
                   char forms[WORDBOOK_FORMS_MAX][WORDBOOK_WORD_BYTES]);

/* The stem of the singular; empty if the stem is of no irregular plural. */
struct span piece_singular(struct span stem);

/* Letters in so many bytes. */
size_t piece_letters(struct span word);

#endif
