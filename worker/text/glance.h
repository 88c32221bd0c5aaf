/* glance: quick looks at a word of the clean text that tell that no rule can want it. Most words are such.
 *
 * A look may be wrong only by saying that a rule could want the word; then the rules themselves are asked. All of them
 * rest on the NUL behind the text. */
#ifndef REFERENT_GLANCE_H
#define REFERENT_GLANCE_H

#include "glance_bytes.h"
#include "lookup.h"
#include "want.h"

#include <stdbool.h>

/* The rules that may want the word (want.h), by its first three or four bytes with capitals small, and its last three
 * or four. */
static inline unsigned glance_wants(const char *at, const char *stop)
{
    size_t size = (size_t)(stop - at);
    if (size < 3) {
        char first = (char)(at[0] | 0x20);
        bool led = size == 1 && (first == 'd' || first == 't'), krone = size == 2 && first == 'k';
        return led ? WANT_LED : krone ? WANT_LED | WANT_CUE : 0;
    }
    uint32_t head = affix_load(at) | 0x20202020;
    unsigned wants = affix_kinds_of(&wanted_heads, head, 3);
    if (wants & WANT_MORE && size >= 4)
        wants |= affix_kinds_of(&wanted_more_heads, head, 4);
    if (wants & WANT_LONG_LAW && size >= WANT_LONG_LEAST)
        wants |= WANT_LAW;
    if (size >= 5) {
        uint32_t tail = affix_load(stop - 4);
        unsigned tails = affix_kinds_of(&wanted_tails, tail >> 8, 3);
        wants |= tails & WANT_MORE ? tails | affix_kinds_of(&wanted_more_tails, tail, 4) : tails;
    }
    return wants;
}

/* May another word of the same name follow behind `stop`, where the capitalised word at `at` ends? */
bool glance_follows(const char *at, const char *stop);

#endif
