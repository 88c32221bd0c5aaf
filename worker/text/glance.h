/* glance: quick looks at a word of the clean text that tell that no rule can want it. Most words are such.
 *
 * A look may be wrong only by saying that a rule could want the word; then the rules themselves are asked. All of them
 * rest on the NUL behind the text. */
#ifndef REFERENT_GLANCE_H
#define REFERENT_GLANCE_H

#include "lookup.h"
#include "want.h"

#include <stdbool.h>

/* What a byte may be in a word. 0xC2 and 0xE2 lead signs (§, dashes, quotes), other bytes beyond ASCII letters. */
enum { BYTE_LETTER = 1, BYTE_DIGIT = 2, BYTE_HYPHEN = 4 };
extern const unsigned char glance_bytes[256];

/* Behind the word at `at`; a hyphen between letters is inside. */
static inline const char *glance_word(const char *at)
{
    for (;; at++) {
        unsigned char what = glance_bytes[(unsigned char)*at];
        if (what == BYTE_HYPHEN ? glance_bytes[(unsigned char)at[1]] != BYTE_LETTER : !what)
            return at;
    }
}

/* The rules that may want the word (want.h), by its first three or four bytes with capitals small, and its last three
 * or four. */
static inline unsigned glance_wants(const char *at, const char *stop)
{
    size_t size = (size_t)(stop - at);
    char head[4] = {(char)(at[0] | 0x20), 0, 0, WANT_LONG};
    if (size < 3) {
        bool led = size == 1 && (head[0] == 'd' || head[0] == 't'), krone = size == 2 && head[0] == 'k';
        return led ? WANT_LED : krone ? WANT_LED | WANT_CUE : 0;
    }
    head[1] = (char)(at[1] | 0x20);
    head[2] = (char)(at[2] | 0x20);
    unsigned wants = affix_kinds_of(&wanted_heads, head, 3);
    if (size >= WANT_LONG_LEAST)
        wants |= affix_kinds_of(&wanted_heads, head, 4);
    if (size >= 4) {
        head[3] = (char)(at[3] | 0x20);
        wants |= affix_kinds_of(&wanted_heads, head, 4);
    }
    if (size >= 5)
        wants |= affix_kinds_of(&wanted_tails, stop - 3, 3) | affix_kinds_of(&wanted_tails, stop - 4, 4);
    return wants;
}

/* May another word of the same name follow behind `stop`, where the capitalised word at `at` ends? */
bool glance_follows(const char *at, const char *stop);

#endif
