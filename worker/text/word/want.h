/* want: which rules may want a word, told by a glance (glance.h). Shared with make_lookup. */
#ifndef REFERENT_WANT_H
#define REFERENT_WANT_H

#include <stddef.h>
#include <stdint.h>

enum {
    WANT_LED = 1,      /* it may lead a day or a sum */
    WANT_LAW = 2,      /* it may be part of a reference to an act, by its head */
    WANT_CUE = 4,      /* it may mark its line */
    WANT_LAW_TAIL = 8, /* as WANT_LAW, by its tail */
    WANT_SURE = 15,
    WANT_LONG_LAW = 16, /* as WANT_LAW, if the word is long */
    WANT_LONG_LEAST = 10,
    WANT_LAW_HEAD = WANT_LAW | WANT_LONG_LAW,
    WANT_ANY_LAW = WANT_LAW_HEAD | WANT_LAW_TAIL
};

/* A place in the sets of wanted heads and tails for 3 or 4 bytes. make_lookup finds a factor that keeps the usual
 * words, which nobody wants, out of the places of others. */
static inline uint32_t want_slot(uint32_t bytes, size_t size, uint32_t factor)
{
    return (((bytes << (32 - 8 * size)) + (uint32_t)size) * factor) >> 20;
}

#endif
