/* glance: quick looks at a word of the clean text that tell that no rule can want it. Most words are such.
 *
 * A look may be wrong only by saying that a rule could want the word; then the rules themselves are asked. All of them
 * rest on the NUL behind the text. */
#ifndef REFERENT_GLANCE_H
#define REFERENT_GLANCE_H

#include "glance_bytes.h"
#include "want.h"
#include "word_lookup.h"

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

/* The small letter may begin a particle of a name: af, von, de. */
static inline bool glance_particle(char small)
{
    const uint32_t firsts = 1u << ('a' & 31) | 1u << ('b' & 31) | 1u << ('d' & 31) | 1u << ('e' & 31) |
                            1u << ('i' & 31) | 1u << ('l' & 31) | 1u << ('t' & 31) | 1u << ('v' & 31) |
                            1u << ('z' & 31);
    return firsts >> (small & 31) & 1;
}

/* A capital, then small letters of a to å, then no sign that a name goes on with: behind the letters, NULL if the word
 * is of another shape. */
static inline const char *glance_plain(const char *at)
{
#ifdef __SSE2__
    unsigned char first = (unsigned char)at[0], second = (unsigned char)at[1];
    bool latin = first == 0xC3 && (second == 0x85 || second == 0x86 || second == 0x98);
    const char *rest = at + 1 + latin;
    if (!latin && (first < 'A' || first > 'Z'))
        return NULL;
    __m128i bytes = bytes_load(rest);
    __m128i small = _mm_or_si128(bytes_between(bytes, 'a', 'z'), bytes_between(bytes, (char)0xA5, (char)0xA6));
    small = _mm_or_si128(small, _mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)0xB8)));
    small = _mm_or_si128(small, _mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)0xC3)));
    unsigned others = ~(unsigned)_mm_movemask_epi8(small) & 0xFFFF;
    if (!(others & 0xFFFE))
        return NULL;
    const char *stop = rest + __builtin_ctz(others);
    unsigned char behind = (unsigned char)*stop;
    bool joined =
        behind >= 0x80 || behind == '-' || behind == '\'' || behind == '.' || (behind >= 'A' && behind <= 'Z');
    return joined || stop == rest || (unsigned char)stop[-1] == 0xC3 ? NULL : stop;
#else
    (void)at;
    return NULL;
#endif
}

/* May another word of the same name follow behind `stop`, where the capitalised word at `at` ends? */
bool glance_follows(const char *at, const char *stop);

/* May a person's name go on behind its first word, which ends at `stop`, and before `limit`? (name_at) */
bool glance_name(const char *stop, const char *limit);

#endif
