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

/* The rules that may want the word (want.h), by its first three and four bytes with capitals small, and its last three
 * and four. Four bytes may be read from `at` on; no branch asks for the size, as nothing foretells it. */
static inline unsigned glance_wants(const char *at, const char *stop)
{
    size_t size = (size_t)(stop - at);
    unsigned tailed = size >= 5, lengthy = size >= WANT_LONG_LEAST;
    uint32_t head = affix_load(at) | 0x20202020, tail = affix_load(at + ((size - 4) & -(size_t)tailed));
    unsigned first = head & 0xFF, krone = (size == 2) & (first == 'k');
    unsigned brief = (size == 1) & ((first == 'd') | (first == 't')); /* "d. 5", "t.kr." */
    unsigned wants = affix_kinds_of(&wanted_heads, head, 3) | affix_kinds_of(&wanted_heads, head, 4);
    unsigned ends = affix_kinds_of(&wanted_tails, tail >> 8, 3) | affix_kinds_of(&wanted_tails, tail, 4);
    wants |= (wants & WANT_LONG_LAW) / (WANT_LONG_LAW / WANT_LAW) & -lengthy;
    wants |= (brief | krone) * WANT_LED | krone * WANT_CUE;
    return (wants & ~(unsigned)WANT_LONG_LAW) | (ends & -tailed);
}

/* May another word of the same name follow behind `stop`, where the capitalised word at `at` ends? */
bool glance_follows(const char *at, const char *stop);

#endif
