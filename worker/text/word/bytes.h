/* bytes: sixteen bytes of a text at a time, where the machine can (SSE2), one by one elsewhere.
 *
 * Looks read up to BODY_PAD bytes beyond where they end, so they are for texts that have as many bytes behind them: the
 * clean text of a document (body.h) and what is copied with such a tail. */
#ifndef REFERENT_BYTES_H
#define REFERENT_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { BODY_PAD = 32 };

/* A letter begins here: ASCII, or the lead of U+0080..U+00FF. */
static inline bool byte_is_letter(unsigned char c)
{
    return (unsigned char)((c | 0x20) - 'a') < 26 || c == 0xC2 || c == 0xC3;
}

#ifdef __SSE2__
static inline __m128i bytes_load(const char *at)
{
    return _mm_loadu_si128((const __m128i *)at);
}

static inline __m128i bytes_between(__m128i bytes, char first, char last)
{
    __m128i above = _mm_sub_epi8(bytes, _mm_set1_epi8(first));
    return _mm_cmpeq_epi8(_mm_min_epu8(above, _mm_set1_epi8((char)(last - first))), above);
}

/* The sum of the sixteen bytes. */
static inline size_t bytes_sum(__m128i bytes)
{
    __m128i halves = _mm_sad_epu8(bytes, _mm_setzero_si128());
    return (size_t)_mm_extract_epi16(halves, 0) + (size_t)_mm_extract_epi16(halves, 4);
}

/* Which of the sixteen bytes belong to letters, a bit each: ASCII, or 0x80..0xC3. */
static inline unsigned bytes_letters(const char *at)
{
    __m128i bytes = bytes_load(at), small = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    __m128i latin = _mm_cmplt_epi8(bytes, _mm_set1_epi8((char)0xC4));
    return (unsigned)_mm_movemask_epi8(_mm_or_si128(bytes_between(small, 'a', 'z'), latin));
}

/* Which of the sixteen bytes belong to letters and figures; every byte beyond ASCII counts as one. */
static inline unsigned bytes_words(const char *at)
{
    __m128i bytes = bytes_load(at), small = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    return (unsigned)_mm_movemask_epi8(
        _mm_or_si128(_mm_or_si128(bytes_between(small, 'a', 'z'), bytes_between(bytes, '0', '9')), bytes));
}

/* Which of sixteen, of thirty-two, of sixty-four bytes are `byte`, a bit each. */
static inline uint32_t bytes_same16(const char *at, char byte)
{
    return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes_load(at), _mm_set1_epi8(byte)));
}

static inline uint32_t bytes_same32(const char *at, char byte)
{
    return bytes_same16(at, byte) | bytes_same16(at + 16, byte) << 16;
}

static inline uint64_t bytes_same64(const char *at, char byte)
{
    return bytes_same32(at, byte) | (uint64_t)bytes_same32(at + 32, byte) << 32;
}

static inline unsigned bytes_digits(const char *at)
{
    return (unsigned)_mm_movemask_epi8(bytes_between(bytes_load(at), '0', '9'));
}
#endif

/* The same for one byte. */
static inline bool byte_in_letter(unsigned char c)
{
    return (unsigned char)((c | 0x20) - 'a') < 26 || (c >= 0x80 && c <= 0xC3);
}

/* Behind the letters that begin at `at`, up to U+00FF as in the scanners' [a-zA-Z\x80-\xFF]+; the tail behind the text
 * must not be all letters. */
static inline const char *letters_end(const char *at)
{
#ifdef __SSE2__
    for (;; at += 16) {
        unsigned others = ~bytes_letters(at) & 0xFFFF;
        if (others)
            return at + __builtin_ctz(others);
    }
#else
    while (byte_in_letter((unsigned char)*at))
        at++;
    return at;
#endif
}

/* Behind the letters and digits that begin at `at`. */
static inline const char *signs_end(const char *at)
{
#ifdef __SSE2__
    for (;; at += 16) {
        unsigned others = ~(bytes_letters(at) | bytes_digits(at)) & 0xFFFF;
        if (others)
            return at + __builtin_ctz(others);
    }
#else
    while (byte_in_letter((unsigned char)*at) || (*at >= '0' && *at <= '9'))
        at++;
    return at;
#endif
}

/* The first of four bytes (which may repeat) from `at` on, or `end`. */
static inline const char *bytes_find4(const char *at, const char *end, char a, char b, char c, char d)
{
#ifdef __SSE2__
    const __m128i one = _mm_set1_epi8(a), two = _mm_set1_epi8(b), three = _mm_set1_epi8(c), four = _mm_set1_epi8(d);
    for (; at < end; at += 16) {
        __m128i bytes = bytes_load(at);
        __m128i found = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, one), _mm_cmpeq_epi8(bytes, two)),
                                     _mm_or_si128(_mm_cmpeq_epi8(bytes, three), _mm_cmpeq_epi8(bytes, four)));
        unsigned places = (unsigned)_mm_movemask_epi8(found);
        if (places) {
            at += __builtin_ctz(places);
            return at < end ? at : end;
        }
    }
    return end;
#else
    while (at < end && *at != a && *at != b && *at != c && *at != d)
        at++;
    return at;
#endif
}

#endif
