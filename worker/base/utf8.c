#include "utf8.h"

#ifdef __SSE2__
#include <emmintrin.h>
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

bool utf8_valid(struct span bytes, size_t *bad)
{
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
