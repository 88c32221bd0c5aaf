/* trace: one look over the clean text that tells of all lines which traces they hold (trace.h). Pure.
 *
 * Stages look for a word here and there in nearly every line, and in nearly none is it there. Four bytes of every such
 * word are looked for at once, at thirty-two places of the text at a time: two tables tell which traces may have the
 * halves of a byte, and what all four bytes leave is compared with the traces themselves. Elsewhere than on machines
 * that can (AVX2) every line is taken to hold them all. */
#include "trace.h"

#include "line.h"
#include "word_lookup.h"

#ifdef __SSE2__
#include <immintrin.h>

/* Which groups may have a byte there, for each of thirty-two bytes. */
__attribute__((target("avx2"))) static inline __m256i groups_of(const char *at, size_t byte)
{
    const __m256i half = _mm256_set1_epi8(15), small = _mm256_set1_epi8(0x20);
    __m256i low = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)trace_tables.low[byte])),
            high = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)trace_tables.high[byte]));
    __m256i bytes = _mm256_or_si256(_mm256_loadu_si256((const __m256i *)(at + byte)), small);
    return _mm256_and_si256(_mm256_shuffle_epi8(low, _mm256_and_si256(bytes, half)),
                            _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half)));
}

enum { BLOCK = 512, AT_ONCE = 3 };

/* The places of the block from `at` on where all four halves pass, ascending; how many. Up to BODY_PAD bytes behind the
 * text are looked at. Few looks find more than three, so as many are written, found or not: no branch goes wrong. */
__attribute__((target("avx2,bmi,popcnt"))) static size_t places_find(const char *base, size_t at, size_t end,
                                                                     uint32_t *places)
{
    size_t count = 0;
    for (; at < end; at += 32) {
        __m256i groups = _mm256_and_si256(_mm256_and_si256(groups_of(base + at, 0), groups_of(base + at, 1)),
                                          _mm256_and_si256(groups_of(base + at, 2), groups_of(base + at, 3)));
        uint32_t found = ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(groups, _mm256_setzero_si256()));
        uint32_t *out = places + count;
        count += (size_t)__builtin_popcount(found);
        do {
            for (size_t i = 0; i < AT_ONCE; i++, found = _blsr_u32(found))
                *out++ = (uint32_t)at + _tzcnt_u32(found);
        } while (found);
    }
    return count;
}

static void traces_find(const struct body *body, struct line_list *lines)
{
    const char *base = body->text.at;
    size_t size = body->text.size;
    struct line *line = lines->items, *last = line + lines->count - 1;
    uint32_t places[BLOCK + AT_ONCE];
    for (size_t at = 0; at + TRACE_BYTES <= size; at += BLOCK) {
        size_t end = size - TRACE_BYTES - at < BLOCK ? size - TRACE_BYTES + 1 : at + BLOCK;
        size_t found = places_find(base, at, end, places), count = 0;
        for (size_t i = 0; i < found; i++) { /* most are no traces: those that are close up */
            uint32_t bytes = affix_load(base + places[i]) | 0x20202020;
            places[count] = places[i];
            count += trace_tables.bytes[trace_slot(bytes, trace_tables.factor)] == bytes;
        }
        for (size_t i = 0; i < count; i++) {
            uint32_t bytes = affix_load(base + places[i]) | 0x20202020;
            while (line < last && line[1].start <= places[i])
                line++;
            line->traces |= trace_tables.traces[trace_slot(bytes, trace_tables.factor)];
            lines->traces |= line->traces;
        }
    }
}
#endif

void lines_trace(const struct body *body, struct line_list *lines)
{
#ifdef __SSE2__
    if (lines->count && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi")) {
        traces_find(body, lines);
        return;
    }
#endif
    (void)body;
    lines->traces = TRACE_ALL;
    for (size_t i = 0; i < lines->count; i++)
        lines->items[i].traces = TRACE_ALL;
}
