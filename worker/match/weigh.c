/* weigh: postings -> weights. Four of a block are weighed at once on machines that can (AVX2), with the same operations
 * in the same order, so that weights are the same everywhere. */
#include "weigh.h"

#ifdef __SSE2__
#include <immintrin.h>
#endif
#include <string.h>

/* What all postings of the list share; a copy, for weights that are written could be these as well. */
struct weighing {
    const struct list *list;
    struct scale scale;
    double per_length, weight;
    uint32_t begin;
};

static inline struct weighing weighing_of(const struct window *window, const struct part *part)
{
    return (struct weighing){part->list, *window->scale, window->per_length, part->weight, window->begin};
}

/* Posting i, of document n of the window. */
static inline void posting_weigh(const struct weighing *by, struct frame *into, uint32_t i, uint32_t n)
{
    uint32_t wdf = by->list->wdfs[i], length = by->list->lengths[i];
    if (wdf == LIST_WDF_RARE || length == LIST_LENGTH_RARE) {
        const struct list_posting *rare = list_rare(by->list, by->begin + n);
        wdf = rare->wdf;
        length = rare->length;
    }
    into->weights[n] += by->weight * scale_share(&by->scale, by->per_length, wdf, length);
}

void chosen_weigh(const struct window *window, const struct part *part, struct frame *into, uint32_t count)
{
    const struct weighing by = weighing_of(window, part);
    for (uint32_t i = 0; i < count; i++)
        posting_weigh(&by, into, window->chosen.at[i], window->chosen.n[i]);
}

/* ---------------------------------------------------------------- blocks */

/* Postings at..end-1 of a block; document n of the window is `base` and what stands in the list. */
static void run_weigh(const struct weighing *by, struct frame *into, uint32_t at, uint32_t end, uint32_t base)
{
    for (uint32_t i = at; i < end; i++)
        posting_weigh(by, into, i, base + by->list->docs[i]);
}

#ifdef __SSE2__
enum { AT_ONCE = 4 };

/* Nonzero: one of the four stands elsewhere. */
__attribute__((target("avx2"))) static inline int rare_of(__m128i wdfs, __m128i lengths)
{
    __m128i rare = _mm_or_si128(_mm_cmpeq_epi32(wdfs, _mm_set1_epi32(LIST_WDF_RARE)),
                                _mm_cmpeq_epi32(lengths, _mm_set1_epi32(LIST_LENGTH_RARE)));
    return _mm_movemask_epi8(rare);
}

/* The same as run_weigh; scale_share says what is done. */
__attribute__((target("avx2"))) static void run_weigh_avx2(const struct weighing *by, struct frame *into, uint32_t at,
                                                           uint32_t end, uint32_t base)
{
    const struct list *list = by->list;
    const __m256d per_length = _mm256_set1_pd(by->per_length), least = _mm256_set1_pd(SCALE_LEAST),
                  b = _mm256_set1_pd(by->scale.b), rest = _mm256_set1_pd(1 - by->scale.b),
                  k1 = _mm256_set1_pd(by->scale.k1), weight = _mm256_set1_pd(by->weight);
    uint32_t i = at;
    for (; end - i >= AT_ONCE; i += AT_ONCE) {
        int32_t four;
        double weights[AT_ONCE];
        memcpy(&four, &list->wdfs[i], sizeof four);
        __m128i wdfs = _mm_cvtepu8_epi32(_mm_cvtsi32_si128(four));
        __m128i lengths = _mm_cvtepu16_epi32(_mm_loadl_epi64((const __m128i *)&list->lengths[i]));
        if (rare_of(wdfs, lengths) != 0) {
            run_weigh(by, into, i, i + AT_ONCE, base);
            continue;
        }
        __m256d count = _mm256_cvtepi32_pd(wdfs);
        __m256d relative = _mm256_max_pd(_mm256_mul_pd(_mm256_cvtepi32_pd(lengths), per_length), least);
        __m256d norm = _mm256_mul_pd(k1, _mm256_add_pd(_mm256_mul_pd(relative, b), rest));
        __m256d share = _mm256_div_pd(count, _mm256_add_pd(norm, count));
        _mm256_storeu_pd(weights, _mm256_mul_pd(weight, share));
        for (uint32_t one = 0; one < AT_ONCE; one++)
            into->weights[base + list->docs[i + one]] += weights[one];
    }
    run_weigh(by, into, i, end, base);
}
#endif

void blocks_weigh(const struct window *window, const struct part *part, struct frame *into)
{
    void (*run)(const struct weighing *, struct frame *, uint32_t, uint32_t, uint32_t) = run_weigh;
    const struct weighing by = weighing_of(window, part);
    const struct list_block *blocks = part->list->blocks;
    const double rest = window->most - part->most;
#ifdef __SSE2__
    if (__builtin_cpu_supports("avx2"))
        run = run_weigh_avx2;
#endif
    for (uint32_t block = part->place.block; blocks[block].at < part->end; block++) {
        const struct list_block *here = &blocks[block];
        if (rest + (double)here->most * part->reach < window->floor)
            continue;
        uint32_t at = here->at > part->place.at ? here->at : part->place.at;
        uint32_t end = here[1].at < part->end ? here[1].at : part->end;
        run(&by, into, at, end, here->first - window->begin);
    }
}
