/* Which documents of a window match, and where their postings stand; how much they weigh is window.c's. Pure. */
#ifndef REFERENT_CHOOSE_H
#define REFERENT_CHOOSE_H

#include "window.h"

/* ---- a bit a document of the window, WINDOW_WORDS words */

/* The lowest set bit of a word is taken off and its number returned. */
static inline uint32_t bit_take(uint64_t *word)
{
    uint32_t bit = (uint32_t)__builtin_ctzll(*word);
    *word &= *word - 1;
    return bit;
}

static inline bool bits_empty(const uint64_t *bits)
{
    uint64_t all = 0;
    for (uint32_t word = 0; word < WINDOW_WORDS; word++)
        all |= bits[word];
    return all == 0;
}

static inline void bits_add(uint64_t *bits, const uint64_t *more)
{
    for (uint32_t word = 0; word < WINDOW_WORDS; word++)
        bits[word] |= more[word];
}

/* ---- choosing */

/* The part's list: which postings, and whose, of documents that are asked for by their bits, into window->chosen; how
 * many. Blocks that cannot reach the floor are passed over. */
uint32_t postings_choose(struct window *window, const struct part *part, struct only only);
/* Set the bits of the first `count` chosen of the part's list; where it has a map, of all that were asked for: what
 * was passed over matches too. */
void chosen_mark(const struct window *window, const struct part *part, uint32_t count, struct only only,
                 uint64_t *bits);
/* Set the bits of all that match, of the documents `only`; nothing is passed over. */
void part_mark(struct window *window, const struct part *part, uint64_t *bits, struct only only);

#endif
