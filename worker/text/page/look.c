/* look: many bytes at a time, where the machine can. On a text thread, pure. */
#include "look.h"

#include "bytes.h"

#ifdef __SSE2__
#include <immintrin.h>
#endif

/* A line end that stays, before a line without a heading mark. */
static bool plain_line_end(const char *base, const char *at, const char *end)
{
    return *at == '\n' && !(at > base && at[-1] == '/') && at + 1 < end && at[1] != '#' && at[1] != '*';
}

#ifdef __SSE2__
/* A table of sixteen bytes for both halves of thirty-two. */
__attribute__((target("avx2"))) static inline __m256i halves_of(const char table[16])
{
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table));
}

/* next_look for the bytes behind the first, up to 33 before the end, on machines that look at thirty-two places at a
 * time: the halves of a byte tell whether it needs a look, five groups of bytes by their upper half. */
__attribute__((target("avx2,popcnt"))) static const char *next_wide(const char *at, const char *end, size_t *lines)
{
    static const char low[16] =
        {[0x0] = 1, [0x2] = 8 | 16, [0xA] = 2, [0xB] = 4, [0xC] = 1 | 4, [0xD] = 1 | 4, [0xF] = 16},
                      high[16] = {[0x0] = 1, [0x2] = 2, [0x5] = 4, [0xC] = 8, [0xE] = 16};
    const __m256i lows = halves_of(low), highs = halves_of(high), half = _mm256_set1_epi8(15),
                  line = _mm256_set1_epi8('\n'), back = _mm256_set1_epi8('\r'), star = _mm256_set1_epi8('*'),
                  hyphen = _mm256_set1_epi8('-'), number = _mm256_set1_epi8('#'), stroke = _mm256_set1_epi8('/'),
                  nothing = _mm256_setzero_si256();
    for (; end - at > 33; at += 32) {
        __m256i bytes = _mm256_loadu_si256((const __m256i *)at), next = _mm256_loadu_si256((const __m256i *)(at + 1)),
                before = _mm256_loadu_si256((const __m256i *)(at - 1));
        __m256i group =
            _mm256_and_si256(_mm256_shuffle_epi8(lows, _mm256_and_si256(bytes, half)),
                             _mm256_shuffle_epi8(highs, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half)));
        __m256i breaks = _mm256_cmpeq_epi8(bytes, line),
                ends = _mm256_or_si256(_mm256_cmpeq_epi8(next, line), _mm256_cmpeq_epi8(next, back));
        __m256i marked =
            _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(next, star), _mm256_cmpeq_epi8(next, number)),
                            _mm256_cmpeq_epi8(before, stroke));
        __m256i look =
            _mm256_or_si256(_mm256_and_si256(_mm256_cmpeq_epi8(bytes, hyphen), ends), _mm256_and_si256(breaks, marked));
        unsigned places = ~(unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_or_si256(group, look), nothing)),
                 stops = (unsigned)_mm256_movemask_epi8(breaks);
        while (places && !look_needed(at + __builtin_ctz(places), end))
            places &= places - 1;
        if (places) { /* what is before it counts */
            *lines += (size_t)__builtin_popcount(stops & ((places & -places) - 1));
            return at + __builtin_ctz(places);
        }
        *lines += (size_t)__builtin_popcount(stops);
    }
    return at;
}
#endif

const char *look_next(const char *base, const char *at, const char *end, size_t *lines)
{
#ifdef __SSE2__
    const __m128i nul = _mm_setzero_si128(), line = _mm_set1_epi8('\n'), back = _mm_set1_epi8('\r'),
                  low = _mm_set1_epi8(1), star = _mm_set1_epi8('*'), hyphen = _mm_set1_epi8('-'),
                  bracket = _mm_set1_epi8('['), two = _mm_set1_epi8(2), lead = _mm_set1_epi8((char)0xC2),
                  lead3 = _mm_set1_epi8((char)0xE2), mark = _mm_set1_epi8((char)0xEF), number = _mm_set1_epi8('#'),
                  stroke = _mm_set1_epi8('/');
    if (at == base && at < end) { /* nothing stands before it */
        if (plain_line_end(base, at, end))
            ++*lines;
        else if (look_needed(at, end))
            return at;
        at++;
    }
    if (__builtin_cpu_supports("avx2") && end - at > 33) {
        at = next_wide(at, end, lines);
        if (end - at > 33)
            return at;
    }
    while (end - at > 16) {
        __m128i count = nul; /* of line ends, in sixteen bytes */
        for (int looks = 0; looks < 255 && end - at > 16; looks++, at += 16) {
            __m128i bytes = bytes_load(at), next = bytes_load(at + 1);
            __m128i breaks = _mm_cmpeq_epi8(bytes, line), stars = _mm_cmpeq_epi8(next, star);
            __m128i ends = _mm_or_si128(_mm_cmpeq_epi8(next, line), _mm_cmpeq_epi8(next, back));
            __m128i from = _mm_sub_epi8(bytes, bracket);
            __m128i marked = _mm_or_si128(_mm_or_si128(stars, _mm_cmpeq_epi8(next, number)),
                                          _mm_cmpeq_epi8(bytes_load(at - 1), stroke));
            __m128i look = _mm_or_si128(_mm_cmpeq_epi8(bytes, nul), _mm_and_si128(breaks, marked));
            look = _mm_or_si128(look, _mm_cmpeq_epi8(_mm_or_si128(bytes, low), back)); /* \r and \f */
            look = _mm_or_si128(look, _mm_cmpeq_epi8(bytes, star));
            look = _mm_or_si128(look, _mm_and_si128(_mm_cmpeq_epi8(bytes, hyphen), ends));
            look = _mm_or_si128(look, _mm_cmpeq_epi8(_mm_min_epu8(from, two), from)); /* [ \ ] */
            look = _mm_or_si128(look, _mm_cmpeq_epi8(bytes, lead));
            look = _mm_or_si128(look, _mm_cmpeq_epi8(bytes, lead3));
            look = _mm_or_si128(look, _mm_cmpeq_epi8(bytes, mark));
            unsigned places = (unsigned)_mm_movemask_epi8(look);
            while (places && !look_needed(at + __builtin_ctz(places), end))
                places &= places - 1;
            if (places) { /* what is before it counts */
                unsigned before = (unsigned)_mm_movemask_epi8(breaks) & ((places & -places) - 1);
                *lines += bytes_sum(count) + (size_t)__builtin_popcount(before);
                return at + __builtin_ctz(places);
            }
            count = _mm_sub_epi8(count, breaks);
        }
        *lines += bytes_sum(count);
    }
#endif
    for (; at < end; at++) {
        if (plain_line_end(base, at, end))
            ++*lines;
        else if (look_needed(at, end))
            return at;
    }
    return end;
}
