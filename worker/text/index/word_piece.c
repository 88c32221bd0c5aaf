/* word_piece: what a compound can be made of, by the dictionary and by compound.def. On text and search threads. */
#include "word_piece.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { WORD_MAX_BYTES = 64, ANSWER_BITS = 7 };

/* ---- lists */

#define LISTED(word)                                                                                                   \
    if (span_equal(piece, SPAN(word)))                                                                                 \
        return true;

static bool is_never_first(struct span piece)
{
#define COMPOUND_NEVER_FIRST(word) LISTED(word)
#include "compound.def"
    return false;
}

static bool is_never_last(struct span piece)
{
#define COMPOUND_NEVER_LAST(word) LISTED(word)
#include "compound.def"
    return false;
}

struct span piece_singular(struct span stem)
{
#define COMPOUND_PLURAL(from, to)                                                                                      \
    if (span_equal(stem, SPAN(from)))                                                                                  \
        return SPAN(to);
#include "compound.def"
    return (struct span){"", 0};
}

/* ---- short words: a table of numbers, which are their bytes */

static uint64_t short_number(const char *at, size_t size)
{
    uint64_t bytes = 0;
    memcpy(&bytes, at, sizeof bytes);
    return size < sizeof bytes ? bytes & ((UINT64_C(1) << size * 8) - 1) : bytes;
}

/* The slot of a number, or the free one where it belongs. */
static size_t short_slot(const struct piece_book *book, uint64_t number)
{
    size_t at = number * UINT64_C(0x9E3779B97F4A7C15) >> 56;
    while (book->shorts[at] != 0 && book->shorts[at] != number)
        at = (at + 1) % PIECE_SHORT_SLOTS;
    return at;
}

static void short_add(struct piece_book *book, const char *word, size_t size)
{
    char bytes[8] = {0};
    memcpy(bytes, word, size);
    uint64_t number = short_number(bytes, size);
    book->shorts[short_slot(book, number)] = number;
    book->short_sizes[(unsigned char)word[0]] |= (uint8_t)(1U << size);
    book->short_tails[(unsigned char)word[size - 1]] |= (uint8_t)(1U << size);
}

static void shorts_fill(struct piece_book *book)
{
#define COMPOUND_SHORT(word)                                                                                           \
    _Static_assert(sizeof(word) <= 8, "a short word must fit a number and a bit");                                     \
    short_add(book, (word), sizeof(word) - 1);
#include "compound.def"
}

bool piece_is_short(const struct piece_book *book, struct span piece)
{
    uint64_t number = short_number(piece.at, piece.size);
    return book->shorts[short_slot(book, number)] == number;
}

/* ---- the dictionary */

size_t piece_letters(struct span word)
{
    size_t letters = 0;
    for (size_t i = 0; i < word.size; i++)
        letters += ((unsigned char)word.at[i] & 0xC0) != 0x80;
    return letters;
}

size_t piece_forms(const struct piece_book *book, struct span word, char forms[WORDBOOK_FORMS_MAX][WORDBOOK_WORD_BYTES])
{
    char asked[WORD_MAX_BYTES + 1];
    memcpy(asked, word.at, word.size);
    asked[word.size] = '\0';
    return book->words.forms(book->words.self, asked, forms);
}

/* A word of four letters must be a dictionary form itself: "urer" and "gels" are none. */
static bool is_listed(const struct piece_book *book, struct span piece)
{
    char forms[WORDBOOK_FORMS_MAX][WORDBOOK_WORD_BYTES];
    char word[WORD_MAX_BYTES + 1];
    memcpy(word, piece.at, piece.size);
    word[piece.size] = '\0';
    if (!book->words.knows(book->words.self, word))
        return false;
    if (piece_letters(piece) > PIECE_LETTERS_MIN)
        return true;
    size_t count = piece_forms(book, piece, forms);
    for (size_t i = 0; i < count; i++)
        if (span_equal(span_of(forms[i]), piece))
            return true;
    return false;
}

static unsigned answer_make(const struct piece_book *book, struct span piece)
{
    if (!is_listed(book, piece))
        return 0;
    return PIECE_WORD | (is_never_first(piece) ? PIECE_NEVER_FIRST : 0U) |
           (is_never_last(piece) ? PIECE_NEVER_LAST : 0U);
}

unsigned piece_of_word(struct piece_book *book, struct span piece)
{
    uint64_t hash = XXH3_64bits(piece.at, piece.size) & ~(uint64_t)ANSWER_BITS;
    uint64_t *kept = &book->answers[hash >> 20 & (PIECES_KEPT - 1)];
    if ((*kept & ~(uint64_t)ANSWER_BITS) != hash)
        *kept = hash | answer_make(book, piece);
    return *kept & ANSWER_BITS;
}

bool piece_book_make(struct piece_book *book, struct wordbook words)
{
    *book = (struct piece_book){.words = words};
    book->answers = calloc(PIECES_KEPT, sizeof *book->answers);
    shorts_fill(book);
    return book->answers != NULL;
}

void piece_book_done(struct piece_book *book)
{
    free(book->answers);
    book->answers = NULL;
}
