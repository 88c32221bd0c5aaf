#include "utf8.h"

#ifdef __SSE2__
#include <immintrin.h>
#endif

static size_t sequence_length(unsigned char lead)
{
    return lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
}

size_t utf8_decode(const char *at, const char *end, uint32_t *character)
{
    const unsigned char *bytes = (const unsigned char *)at;
    size_t length = sequence_length(bytes[0]);
    *character = 0xFFFD;
    if (length == 0 || length > (size_t)(end - at))
        return 1;
    if (length == 1) {
        *character = bytes[0];
        return 1;
    }
    uint32_t decoded = bytes[0] & (0x7FU >> length);
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xC0) != 0x80)
            return 1;
        decoded = decoded << 6 | (bytes[i] & 0x3F);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (decoded < least[length] || decoded > 0x10FFFF || (decoded >= 0xD800 && decoded < 0xE000))
        return 1;
    *character = decoded;
    return length;
}

#ifdef __SSE2__
/* Which of the sixteen bytes go on with a character: 0x80..0xBF. */
static unsigned inner_bytes(__m128i bytes)
{
    return (unsigned)_mm_movemask_epi8(_mm_cmplt_epi8(bytes, _mm_set1_epi8((char)0xC0)));
}

/* Behind the characters of one and two bytes from `at` on, sixteen bytes at a look; minutes are mostly those. `at`
 * itself if others are near. */
static const char *short_run(const char *at, const char *end)
{
    const __m128i two = _mm_set1_epi8((char)0xC2), count = _mm_set1_epi8(0xDF - 0xC2);
    while (end - at > 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)at), from = _mm_sub_epi8(bytes, two);
        unsigned beyond = (unsigned)_mm_movemask_epi8(bytes),
                 leads = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(from, count), from)),
                 inner = inner_bytes(_mm_loadu_si128((const __m128i *)(at + 1)));
        bool others = (leads << 1 & 0xFFFF) != (beyond ^ leads) || leads & ~inner;
        if (others)
            break;
        at += 16 + (leads >> 15);
    }
    return at;
}
#else
static const char *short_run(const char *at, const char *end)
{
    for (uint64_t word; end - at >= 8; at += 8) {
        memcpy(&word, at, sizeof word);
        if (word & UINT64_C(0x8080808080808080))
            break;
    }
    return at;
}
#endif

#ifdef __SSE2__
/* What may be wrong with two bytes that follow each other, told by both halves of the first and the upper half of the
 * second: it is wrong if all three tell so. Source: Keiser and Lemire, Validating UTF-8 In Less Than One Instruction
 * Per Byte. */
enum {
    SHORT = 1 << 0, /* a lead and no byte that goes on */
    LONG = 1 << 1,  /* ASCII and a byte that goes on */
    OVERLONG_3 = 1 << 2,
    LARGE = 1 << 3, /* beyond U+10FFFF */
    SURROGATE = 1 << 4,
    OVERLONG_2 = 1 << 5,
    OVERLONG_4 = 1 << 6, /* or beyond U+10FFFF by its lead */
    BOTH_GO_ON = 1 << 7, /* right only behind a lead of three or four bytes */
    ANY = SHORT | LONG | BOTH_GO_ON,
    BEYOND = ANY | LARGE | OVERLONG_4
};
static const uint8_t first_high[16] = {LONG,
                                       LONG,
                                       LONG,
                                       LONG,
                                       LONG,
                                       LONG,
                                       LONG,
                                       LONG,
                                       BOTH_GO_ON,
                                       BOTH_GO_ON,
                                       BOTH_GO_ON,
                                       BOTH_GO_ON,
                                       SHORT | OVERLONG_2,
                                       SHORT,
                                       SHORT | OVERLONG_3 | SURROGATE,
                                       SHORT | LARGE | OVERLONG_4};
static const uint8_t first_low[16] = {ANY | OVERLONG_2 | OVERLONG_3 | OVERLONG_4,
                                      ANY | OVERLONG_2,
                                      ANY,
                                      ANY,
                                      ANY | LARGE,
                                      BEYOND,
                                      BEYOND,
                                      BEYOND,
                                      BEYOND,
                                      BEYOND,
                                      BEYOND,
                                      BEYOND,
                                      BEYOND,
                                      BEYOND | SURROGATE,
                                      BEYOND,
                                      BEYOND};
static const uint8_t second_high[16] = {SHORT,
                                        SHORT,
                                        SHORT,
                                        SHORT,
                                        SHORT,
                                        SHORT,
                                        SHORT,
                                        SHORT,
                                        LONG | BOTH_GO_ON | OVERLONG_2 | OVERLONG_3 | OVERLONG_4,
                                        LONG | BOTH_GO_ON | OVERLONG_2 | OVERLONG_3 | LARGE,
                                        LONG | BOTH_GO_ON | OVERLONG_2 | SURROGATE | LARGE,
                                        LONG | BOTH_GO_ON | OVERLONG_2 | SURROGATE | LARGE,
                                        SHORT,
                                        SHORT,
                                        SHORT,
                                        SHORT};

__attribute__((target("avx2"))) static inline __m256i told_by(const uint8_t *table, __m256i halves)
{
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table)),
                               _mm256_and_si256(halves, _mm256_set1_epi8(15)));
}

/* What is wrong with the thirty-two bytes behind the thirty-two `before` them, none if all bytes are 0. */
__attribute__((target("avx2"))) static inline __m256i wrong_in(__m256i bytes, __m256i before)
{
    __m256i across = _mm256_permute2x128_si256(before, bytes, 0x21);
    __m256i first = _mm256_alignr_epi8(bytes, across, 15);
    __m256i wrong =
        _mm256_and_si256(_mm256_and_si256(told_by(first_high, _mm256_srli_epi16(first, 4)), told_by(first_low, first)),
                         told_by(second_high, _mm256_srli_epi16(bytes, 4)));
    __m256i third = _mm256_subs_epu8(_mm256_alignr_epi8(bytes, across, 14), _mm256_set1_epi8((char)(0xE0 - 0x80))),
            fourth = _mm256_subs_epu8(_mm256_alignr_epi8(bytes, across, 13), _mm256_set1_epi8((char)(0xF0 - 0x80)));
    __m256i due = _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)0x80));
    return _mm256_xor_si256(due, wrong);
}

/* Is all of it valid? The last bytes are looked at with NULs behind them. */
__attribute__((target("avx2"))) static bool is_valid_wide(struct span text)
{
    enum { LOOK = 32 };
    char tail[LOOK + 1] = {0};
    __m256i before = _mm256_setzero_si256(), wrong = before;
    size_t at = 0;
    for (; at + LOOK <= text.size; at += LOOK) {
        __m256i bytes = _mm256_loadu_si256((const __m256i *)(text.at + at));
        wrong = _mm256_or_si256(wrong, wrong_in(bytes, before));
        before = bytes;
    }
    if (at < text.size)
        memcpy(tail, text.at + at, text.size - at);
    wrong = _mm256_or_si256(wrong, wrong_in(_mm256_loadu_si256((const __m256i *)tail), before));
    return _mm256_testz_si256(wrong, wrong);
}
#endif

bool utf8_valid(struct span bytes, size_t *bad)
{
#ifdef __SSE2__
    if (bytes.size >= 64 && __builtin_cpu_supports("avx2") && is_valid_wide(bytes))
        return true;
#endif
    const char *at = bytes.at, *end = bytes.size > 0 ? bytes.at + bytes.size : at; /* NULL + 0 is undefined */
    while ((at = short_run(at, end)) < end) {
        const char *near = end - at > 16 ? at + 16 : end;
        while (at < near) {
            uint32_t character;
            size_t length = (unsigned char)*at < 0x80 ? 1 : utf8_decode(at, end, &character);
            if (length == 1 && (unsigned char)*at >= 0x80) {
                if (bad != NULL)
                    *bad = (size_t)(at - bytes.at);
                return false;
            }
            at += length;
        }
    }
    return true;
}

size_t utf8_encode(uint32_t character, char *out)
{
    if (character > 0x10FFFF || (character >= 0xD800 && character < 0xE000))
        return 0;
    if (character < 0x80) {
        out[0] = (char)character;
        return 1;
    }
    size_t length = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (character & 0x3F));
        character >>= 6;
    }
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    out[0] = (char)(lead[length] | character);
    return length;
}
