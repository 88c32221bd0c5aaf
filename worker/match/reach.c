/* reach: bits and weights -> the documents that are wanted. As far as can be without jumps: how many bits a word has is
 * foreseen wrongly as often as not. */
#include "reach.h"

#include "choose.h"

#ifdef __SSE2__
#include <immintrin.h>
#endif

enum { STEP = REACH_MORE };

/* Which words have bits. */
static inline uint64_t any_words(const uint64_t *bits)
{
    uint64_t words = 0;
    for (uint32_t word = 0; word < WINDOW_WORDS; word++)
        words |= (uint64_t)(bits[word] != 0) << word;
    return words;
}

__attribute__((always_inline)) static inline uint32_t words_list(const uint64_t *bits, uint64_t words, uint16_t *n)
{
    uint32_t count = 0;
    while (words != 0) {
        uint32_t word = bit_take(&words);
        uint64_t left = bits[word];
        uint16_t *to = n + count;
        count += (uint32_t)__builtin_popcountll(left);
        do
            for (uint32_t i = 0; i < STEP; i++) { /* what is too many is written over by the next word */
                *to++ = (uint16_t)(word * 64 + (uint32_t)__builtin_ctzll(left | UINT64_C(1) << 63));
                left &= left - 1;
            }
        while (left != 0);
    }
    return count;
}

static uint32_t any_bits(const struct frame *frame, const uint64_t *bits, double least, uint64_t *out)
{
    uint32_t count = 0;
    for (uint32_t word = 0; word < WINDOW_WORDS; word++) {
        uint64_t enough = 0;
        for (uint64_t left = bits[word]; left != 0; left &= left - 1) {
            uint32_t n = (uint32_t)__builtin_ctzll(left);
            enough |= (uint64_t)(frame->weights[word * 64 + n] >= least) << n;
        }
        out[word] = enough;
        count += list_map_count(enough);
    }
    return count;
}

#ifdef __SSE2__
__attribute__((target("avx2,popcnt,bmi"))) static uint32_t list_avx2(const uint64_t *bits, uint16_t *n)
{
    uint64_t empty = 0;
    for (uint32_t word = WINDOW_WORDS; word > 0; word -= 4) {
        __m256i four = _mm256_loadu_si256((const __m256i *)&bits[word - 4]);
        __m256i zero = _mm256_cmpeq_epi64(four, _mm256_setzero_si256());
        empty = empty << 4 | (uint64_t)_mm256_movemask_pd(_mm256_castsi256_pd(zero));
    }
    return words_list(bits, ~empty, n);
}

__attribute__((target("popcnt"))) static uint32_t count_popcnt(const uint64_t *bits)
{
    uint32_t count = 0;
    for (uint32_t word = 0; word < WINDOW_WORDS; word++)
        count += (uint32_t)__builtin_popcountll(bits[word]);
    return count;
}

__attribute__((target("avx2"))) static inline uint64_t eight_reach(const double *weights, __m256d least)
{
    int low = _mm256_movemask_pd(_mm256_cmp_pd(_mm256_loadu_pd(weights), least, _CMP_GE_OQ));
    int high = _mm256_movemask_pd(_mm256_cmp_pd(_mm256_loadu_pd(weights + 4), least, _CMP_GE_OQ));
    return (uint64_t)(low | high << 4);
}

__attribute__((target("avx2,popcnt"))) static uint32_t bits_avx2(const struct frame *frame, const uint64_t *bits,
                                                                 double least, uint64_t *out)
{
    const __m256d wanted = _mm256_set1_pd(least);
    uint32_t count = 0;
    for (uint32_t word = 0; word < WINDOW_WORDS; word++) {
        uint64_t enough = 0;
        for (uint32_t eight = 8; eight-- > 0;)
            enough = enough << 8 | eight_reach(&frame->weights[(size_t)word * 64 + (size_t)eight * 8], wanted);
        out[word] = enough & bits[word];
        count += (uint32_t)__builtin_popcountll(out[word]);
    }
    return count;
}
#endif

uint32_t reach_count(const uint64_t *bits)
{
#ifdef __SSE2__
    if (__builtin_cpu_supports("popcnt"))
        return count_popcnt(bits);
#endif
    uint32_t count = 0;
    for (uint32_t word = 0; word < WINDOW_WORDS; word++)
        count += list_map_count(bits[word]);
    return count;
}

uint32_t reach_list(const uint64_t *bits, uint16_t *n)
{
#ifdef __SSE2__
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("bmi"))
        return list_avx2(bits, n);
#endif
    return words_list(bits, any_words(bits), n);
}

uint32_t reach_bits(const struct frame *frame, const uint64_t *bits, double least, uint64_t *out)
{
#ifdef __SSE2__
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt"))
        return bits_avx2(frame, bits, least, out);
#endif
    return any_bits(frame, bits, least, out);
}

uint32_t reach_listed(const struct frame *frame, const uint16_t *n, uint32_t count, double least, uint16_t *out)
{
    uint32_t left = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint16_t one = n[i];
        out[left] = one;
        left += frame->weights[one] >= least;
    }
    return left;
}
