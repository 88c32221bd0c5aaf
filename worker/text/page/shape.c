/* shape: one look over the clean text that tells how it is laid out. Second half of the first stage. Pure.
 *
 * Most texts have nothing in their margins, no frames and no line as long as a page; then nobody looks for it. */
#include "body.h"

#ifdef __SSE2__
#include <immintrin.h>
#endif

enum { BLOCK_LOOKS = 64 };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The line that begins at `at`, behind which NUL bytes stand. */
static void line_look(struct body_shape *shape, const char *at)
{
    const char *first = at;
    while (is_blank(*first))
        first++;
    const char *behind = first;
    while (is_digit(*behind) && behind - first < 4)
        behind++;
    bool number = behind > first && (*behind == ' ' || *behind == '\n' || *behind == '\r' || *behind == 0);
    bool clock = is_digit(*first) && first[2] == ':';
    shape->numbers += number;
    shape->clocks += clock;
    shape->indents += first > at;
    shape->frames += *first == '|';
    shape->bars += *at == '|';
}

static bool begins_line(const char *at, const char *end)
{
    return end - at > 1 && at[0] != '\n' && at[1] != '\n';
}

/* One byte of the text, behind another. */
static void byte_look(struct body_shape *shape, const char *at, const char *end)
{
    bool wide = at[0] == ' ' && at[-1] == ' ';
    shape->wide = shape->wide || wide;
    shape->columns = shape->columns || (wide && at[1] != '\n');
    shape->leaders = shape->leaders || (at[0] == '.' && at[1] == '.' && at[2] == ':');
    if (at[-1] == '\n') {
        line_look(shape, at);
        shape->filled += begins_line(at, end);
    }
}

/* Up to a thousand bytes from `at` on, sixteen at a time; where it stopped. */
static const char *block_look(struct body_shape *shape, const char *at, const char *end)
{
#ifdef __SSE2__
    const __m128i line = _mm_set1_epi8('\n'), space = _mm_set1_epi8(' '), tab = _mm_set1_epi8('\t'),
                  bar = _mm_set1_epi8('|'), point = _mm_set1_epi8('.'), colon = _mm_set1_epi8(':');
    __m128i wide = _mm_setzero_si128(), columns = wide, leaders = wide, lines = wide, filled = wide;
    size_t looks = 0;
    for (; end - at > 17 && looks < BLOCK_LOOKS; looks++, at += 16) {
        __m128i before = bytes_load(at - 1), bytes = bytes_load(at), next = bytes_load(at + 1);
        __m128i spaces = _mm_cmpeq_epi8(bytes, space), starts = _mm_cmpeq_epi8(before, line),
                breaks = _mm_or_si128(_mm_cmpeq_epi8(bytes, line), _mm_cmpeq_epi8(next, line));
        __m128i marks = _mm_or_si128(_mm_or_si128(spaces, _mm_cmpeq_epi8(bytes, tab)),
                                     _mm_or_si128(_mm_cmpeq_epi8(bytes, bar), bytes_between(bytes, '0', '9')));
        __m128i pairs = _mm_and_si128(spaces, _mm_cmpeq_epi8(before, space));
        wide = _mm_or_si128(wide, pairs);
        columns = _mm_or_si128(columns, _mm_andnot_si128(breaks, pairs));
        leaders = _mm_or_si128(leaders, _mm_and_si128(_mm_cmpeq_epi8(bytes, point),
                                                      _mm_and_si128(_mm_cmpeq_epi8(next, point),
                                                                    _mm_cmpeq_epi8(bytes_load(at + 2), colon))));
        lines = _mm_or_si128(lines, starts);
        filled = _mm_sub_epi8(filled, _mm_andnot_si128(breaks, starts));
        for (unsigned places = (unsigned)_mm_movemask_epi8(_mm_and_si128(marks, starts)); places; places &= places - 1)
            line_look(shape, at + __builtin_ctz(places));
    }
    shape->wide = shape->wide || _mm_movemask_epi8(wide);
    shape->columns = shape->columns || _mm_movemask_epi8(columns);
    shape->leaders = shape->leaders || _mm_movemask_epi8(leaders);
    shape->long_line = shape->long_line || (looks == BLOCK_LOOKS && !_mm_movemask_epi8(lines));
    shape->filled += bytes_sum(filled);
    return at;
#else
    bool line = false;
    const char *stop = end - at > BLOCK_LOOKS * 16 + 2 ? at + BLOCK_LOOKS * 16 : end;
    for (; at < stop; at++) {
        byte_look(shape, at, end);
        line = line || at[-1] == '\n';
    }
    shape->long_line = shape->long_line || (stop < end && !line);
    return at;
#endif
}

#ifdef __SSE2__
/* block_look on machines that look at thirty-two places at a time; at least thirty-four bytes are left. */
__attribute__((target("avx2"))) static const char *block_look_wide(struct body_shape *shape, const char *at,
                                                                   const char *end)
{
    const __m256i line = _mm256_set1_epi8('\n'), space = _mm256_set1_epi8(' '), tab = _mm256_set1_epi8('\t'),
                  bar = _mm256_set1_epi8('|'), point = _mm256_set1_epi8('.'), colon = _mm256_set1_epi8(':'),
                  nought = _mm256_set1_epi8('0'), nine = _mm256_set1_epi8(9);
    __m256i wide = _mm256_setzero_si256(), columns = wide, leaders = wide, lines = wide, filled = wide;
    size_t looks = 0;
    for (; end - at > 33 && looks < BLOCK_LOOKS / 2; looks++, at += 32) {
        __m256i before = _mm256_loadu_si256((const __m256i *)(at - 1)), bytes = _mm256_loadu_si256((const __m256i *)at),
                next = _mm256_loadu_si256((const __m256i *)(at + 1)),
                third = _mm256_loadu_si256((const __m256i *)(at + 2));
        __m256i spaces = _mm256_cmpeq_epi8(bytes, space), starts = _mm256_cmpeq_epi8(before, line),
                breaks = _mm256_or_si256(_mm256_cmpeq_epi8(bytes, line), _mm256_cmpeq_epi8(next, line)),
                above = _mm256_sub_epi8(bytes, nought), digits = _mm256_cmpeq_epi8(_mm256_min_epu8(above, nine), above);
        __m256i marks = _mm256_or_si256(_mm256_or_si256(spaces, _mm256_cmpeq_epi8(bytes, tab)),
                                        _mm256_or_si256(_mm256_cmpeq_epi8(bytes, bar), digits));
        __m256i pairs = _mm256_and_si256(spaces, _mm256_cmpeq_epi8(before, space));
        wide = _mm256_or_si256(wide, pairs);
        columns = _mm256_or_si256(columns, _mm256_andnot_si256(breaks, pairs));
        leaders = _mm256_or_si256(leaders, _mm256_and_si256(_mm256_cmpeq_epi8(bytes, point),
                                                            _mm256_and_si256(_mm256_cmpeq_epi8(next, point),
                                                                             _mm256_cmpeq_epi8(third, colon))));
        lines = _mm256_or_si256(lines, starts);
        filled = _mm256_sub_epi8(filled, _mm256_andnot_si256(breaks, starts));
        for (unsigned places = (unsigned)_mm256_movemask_epi8(_mm256_and_si256(marks, starts)); places;
             places &= places - 1)
            line_look(shape, at + __builtin_ctz(places));
    }
    shape->wide = shape->wide || _mm256_movemask_epi8(wide);
    shape->columns = shape->columns || _mm256_movemask_epi8(columns);
    shape->leaders = shape->leaders || _mm256_movemask_epi8(leaders);
    shape->long_line = shape->long_line || (looks == BLOCK_LOOKS / 2 && !_mm256_movemask_epi8(lines));
    shape->filled += bytes_sum(_mm_add_epi8(_mm256_castsi256_si128(filled), _mm256_extracti128_si256(filled, 1)));
    return at;
}
#endif

struct body_shape body_shape(const struct body *body)
{
    struct body_shape shape = {0};
    const char *at = body->text.at, *end = at + body->text.size;
    if (at == end)
        return shape;
    line_look(&shape, at);
    shape.filled += begins_line(at, end);
    shape.leaders = at[0] == '.' && at[1] == '.' && at[2] == ':';
    at++;
#ifdef __SSE2__
    for (bool wide = __builtin_cpu_supports("avx2"); wide && end - at > 33;)
        at = block_look_wide(&shape, at, end);
#endif
    while (end - at > 17)
        at = block_look(&shape, at, end);
    for (; at < end; at++)
        byte_look(&shape, at, end);
    return shape;
}
