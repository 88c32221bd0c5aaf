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

/* The rules that may want the word (want.h), by its first three and four bytes with capitals small (a shorter word has
 * spaces behind it), and its last three and four. Four bytes may be read from `at` on; no branch asks for the size, as
 * nothing foretells it. */
static inline unsigned glance_wants(const char *at, const char *stop)
{
    static const uint32_t masks[] = {0, 0xFF, 0xFFFF, 0xFFFFFF, 0xFFFFFFFF};
    size_t size = (size_t)(stop - at), most = size < 4 ? size : 4;
    unsigned lengthy = size >= WANT_LONG_LEAST;
    uint32_t head = (affix_load(at) & masks[most]) | 0x20202020, tail = affix_load(stop - most);
    unsigned wants = wanted_heads.kinds[want_slot(head, 3, wanted_factor)] |
                     wanted_heads.kinds[want_slot(head, 4, wanted_factor)] |
                     wanted_tails.kinds[want_slot(tail >> 8, 3, wanted_factor)] |
                     wanted_tails.kinds[want_slot(tail, 4, wanted_factor)];
    return wants & (WANT_SURE | lengthy * WANT_LONG_LAW);
}

/* May another word of the same name follow behind `stop`, where the capitalised word at `at` ends? */
bool glance_follows(const char *at, const char *stop);

/* May a person's name go on behind its first word, which ends at `stop`, and before `limit`? (name_at) */
bool glance_name(const char *stop, const char *limit);

#endif
