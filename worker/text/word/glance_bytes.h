/* glance_bytes: where a word ends, by what its bytes may be. Shared with make_lookup. */
#ifndef REFERENT_GLANCE_BYTES_H
#define REFERENT_GLANCE_BYTES_H

#include "bytes.h"

/* What a byte may be in a word. 0xC2 and 0xE2 lead signs (§, dashes, quotes), other bytes beyond ASCII letters. */
enum { BYTE_LETTER = 1, BYTE_DIGIT = 2, BYTE_HYPHEN = 4 };

#define TEN(first, what) [first] = (what), (what), (what), (what), (what), (what), (what), (what), (what), (what)
#define TWENTY_SIX(first)                                                                                              \
    TEN(first, BYTE_LETTER), TEN((first) + 10, BYTE_LETTER), BYTE_LETTER, BYTE_LETTER, BYTE_LETTER, BYTE_LETTER,       \
        BYTE_LETTER, BYTE_LETTER
#define SIXTEEN(first)                                                                                                 \
    TEN(first, BYTE_LETTER), BYTE_LETTER, BYTE_LETTER, BYTE_LETTER, BYTE_LETTER, BYTE_LETTER, BYTE_LETTER

static const unsigned char glance_bytes[256] = {
    ['-'] = BYTE_HYPHEN,    TEN('0', BYTE_DIGIT), TWENTY_SIX('A'),        TWENTY_SIX('a'),      SIXTEEN(0x80),
    SIXTEEN(0x90),          SIXTEEN(0xA0),        SIXTEEN(0xB0),          [0xC0] = BYTE_LETTER, [0xC1] = BYTE_LETTER,
    TEN(0xC3, BYTE_LETTER), [0xCD] = BYTE_LETTER, [0xCE] = BYTE_LETTER,   [0xCF] = BYTE_LETTER, SIXTEEN(0xD0),
    [0xE0] = BYTE_LETTER,   [0xE1] = BYTE_LETTER, TEN(0xE3, BYTE_LETTER), [0xED] = BYTE_LETTER, [0xEE] = BYTE_LETTER,
    [0xEF] = BYTE_LETTER,   SIXTEEN(0xF0)};

#undef TEN
#undef TWENTY_SIX
#undef SIXTEEN

/* Behind the word at `at`; a hyphen between letters is inside. */
static inline const char *glance_word(const char *at)
{
    for (;; at++) {
        unsigned char what = glance_bytes[(unsigned char)*at];
        if (what == BYTE_HYPHEN ? glance_bytes[(unsigned char)at[1]] != BYTE_LETTER : !what)
            return at;
    }
}

/* The same, sixteen bytes at a look, where so many may be read from every byte of the text on (bytes.h). */
static inline const char *glance_word_ahead(const char *at)
{
#ifdef __SSE2__
    for (;;) {
        __m128i bytes = bytes_load(at), small = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
        __m128i sign = _mm_cmpeq_epi8(small, _mm_set1_epi8((char)0xE2)); /* 0xC2 too */
        __m128i letters = _mm_or_si128(bytes_between(small, 'a', 'z'), _mm_andnot_si128(sign, bytes));
        unsigned others = ~(unsigned)_mm_movemask_epi8(letters) & 0xFFFF;
        if (!others) {
            at += 16;
            continue;
        }
        at += __builtin_ctz(others);
        unsigned char what = glance_bytes[(unsigned char)*at]; /* few words hold a figure or a hyphen */
        if (!what || (what == BYTE_HYPHEN && glance_bytes[(unsigned char)at[1]] != BYTE_LETTER))
            return at;
        at++;
    }
#else
    return glance_word(at);
#endif
}

#endif
