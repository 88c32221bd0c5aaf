/* token_stream: text -> words by the bits of a look. Pure; the inner loop of the text stage. */
#include "token_stream.h"

#include "bytes.h"
#include "letter.h"

void token_stream_begin(struct token_stream *stream, struct span text)
{
    token_begin(&stream->scan, text);
    stream->look = stream->scan.at;
    stream->bytes = 0;
    stream->inside = stream->strange = 0;
}

#define SELDOM __attribute__((noinline))

/* As token_next has it. */
static bool next_any(struct token_stream *stream, char *word, uint8_t *size)
{
    struct token token;
    if (!token_next(&stream->scan, &token))
        return false;
    memcpy(word, stream->scan.word, TOKEN_MAX_BYTES);
    *size = (uint8_t)token.word.size;
    return true;
}

#ifdef __SSE2__
/* What sixteen bytes are, a bit each. */
struct kinds {
    uint64_t plain, seconds, high;
};

/* Bytes of which those in a range of `count` are the lowest there are, as signed numbers, when its first is moved
 * there. */
static __m128i among(__m128i bytes, char first, int count)
{
    return _mm_cmplt_epi8(_mm_add_epi8(bytes, _mm_set1_epi8((char)(0x80 - first))),
                          _mm_set1_epi8((char)(count - 0x80)));
}

static __m128i same(__m128i bytes, unsigned char byte)
{
    return _mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)byte));
}

/* `before` has the sixteen before them. Letters of two bytes are those of Latin-1, as in token.c: C3 and 80..BF without
 * 97 and B7. Those that are large have a small one with bit 20 set; DF (C3 9F) has none. */
static struct kinds look_at(__m128i before, __m128i bytes, char *lower)
{
    const __m128i bit = _mm_set1_epi8(0x20), small = _mm_or_si128(bytes, bit);
    const __m128i letters = among(small, 'a', 26), digits = among(bytes, '0', 10);
    const __m128i behind = _mm_or_si128(_mm_slli_si128(bytes, 1), _mm_srli_si128(before, 15));
    const __m128i follows = _mm_and_si128(same(behind, 0xC3), _mm_cmplt_epi8(bytes, _mm_set1_epi8((char)0xC0)));
    const __m128i seconds = _mm_andnot_si128(same(small, 0xB7), follows);
    const __m128i plain = _mm_or_si128(_mm_or_si128(letters, digits), same(bytes, '_'));
    const __m128i cased = _mm_or_si128(letters, _mm_andnot_si128(same(bytes, 0x9F), seconds));
    _mm_storeu_si128((__m128i *)lower, _mm_or_si128(bytes, _mm_and_si128(cased, bit)));
    return (struct kinds){(unsigned)_mm_movemask_epi8(plain), (unsigned)_mm_movemask_epi8(seconds),
                          (unsigned)_mm_movemask_epi8(bytes)};
}

/* The 64 bytes from `from` on, of which so many stand in the text at `at`; nothing of any word behind them. */
static void look_through(struct token_stream *stream, const char *at, size_t bytes, const char *from)
{
    enum { STEP = 16 };
    uint64_t plain = 0, seconds = 0, high = 0;
    __m128i before = _mm_setzero_si128();
    for (unsigned i = 0; i < TOKEN_LOOK; i += STEP) {
        const __m128i here = bytes_load(from + i);
        struct kinds kinds = look_at(before, here, stream->lower + i);
        plain |= kinds.plain << i;
        seconds |= kinds.seconds << i;
        high |= kinds.high << i;
        before = here;
    }
    stream->look = at;
    stream->bytes = bytes;
    stream->inside = plain | seconds | seconds >> 1;
    stream->strange = high & ~stream->inside;
}

/* The text where the scan stands. False at its end. */
static bool look(struct token_stream *stream)
{
    const char *at = stream->scan.at;
    size_t left = (size_t)(stream->scan.end - at);
    if (left >= TOKEN_LOOK) {
        look_through(stream, at, TOKEN_LOOK, at);
    } else if (left > 0) {
        char end[TOKEN_LOOK] = {0};
        look_through(stream, at, left, memcpy(end, at, left));
    }
    return left > 0;
}

static bool take(struct token_stream *stream, size_t start, size_t end, char *word, uint8_t *size)
{
    enum { USUAL = 16 };
    memcpy(word, stream->lower + start, USUAL);
    if (end - start > USUAL)
        memcpy(word + USUAL, stream->lower + start + USUAL, TOKEN_MAX_BYTES - USUAL);
    *size = (uint8_t)(end - start);
    stream->scan.at = stream->look + end;
    return true;
}

/* The next word is none that bits tell. */
static SELDOM bool next_strange(struct token_stream *stream, char *word, uint8_t *size)
{
    if (!next_any(stream, word, size))
        return false;
    size_t at = (size_t)(stream->scan.at - stream->look);
    uint64_t left = at < stream->bytes ? UINT64_MAX << at : 0;
    stream->inside &= left;
    stream->strange &= left;
    if (at > stream->bytes)
        stream->bytes = 0;
    return true;
}

/* Nothing is left of the look but bytes of no word, or of a strange one. */
static SELDOM bool next_look(struct token_stream *stream, char *word, uint8_t *size)
{
    while (stream->strange == 0) {
        if (stream->bytes > 0)
            stream->scan.at = stream->look + stream->bytes;
        if (!look(stream))
            return false;
        if (stream->inside != 0)
            return token_stream_next(stream, word, size);
    }
    return next_strange(stream, word, size);
}

/* The word reaches the end of the look. */
static SELDOM bool next_across(struct token_stream *stream, size_t start, char *word, uint8_t *size)
{
    if (stream->look + stream->bytes == stream->scan.end) {
        stream->inside = 0;
        return take(stream, start, stream->bytes, word, size);
    }
    if (start == 0) /* longer than any usual word */
        return next_strange(stream, word, size);
    stream->scan.at = stream->look + start;
    (void)look(stream);
    return token_stream_next(stream, word, size);
}

/* A sign that may join words stands behind this one. */
static SELDOM bool next_joined(struct token_stream *stream, size_t start, size_t end, char *word, uint8_t *size)
{
    const char *first = stream->look + start, *behind = stream->look + end;
    bool initial = end == start + 1 && *behind == '.' && *first >= 'A' && *first <= 'Z';
    if (initial || token_may_join(behind, stream->scan.end))
        return next_strange(stream, word, size);
    stream->inside &= UINT64_MAX << end;
    return take(stream, start, end, word, size);
}

/* Adding the lowest bit to a run of them leaves the bit behind it. What is not usual has functions of its own, so that
 * this one needs no stack. */
bool token_stream_next(struct token_stream *stream, char word[static TOKEN_MAX_BYTES], uint8_t *size)
{
    uint64_t inside = stream->inside, first = inside & -inside, behind = inside + first;
    if (inside == 0)
        return next_look(stream, word, size);
    if ((stream->strange & (first - 1)) != 0)
        return next_strange(stream, word, size);
    size_t start = (size_t)__builtin_ctzll(inside), end = behind != 0 ? (size_t)__builtin_ctzll(behind) : TOKEN_LOOK;
    if (end >= stream->bytes)
        return next_across(stream, start, word, size);
    unsigned char next = (unsigned char)stream->look[end];
    if (next >= 0x80)
        return next_strange(stream, word, size);
    if (letter_ascii[next] & LETTER_JOIN)
        return next_joined(stream, start, end, word, size);
    stream->inside = inside & behind;
    return take(stream, start, end, word, size);
}
#else
bool token_stream_next(struct token_stream *stream, char word[static TOKEN_MAX_BYTES], uint8_t *size)
{
    return next_any(stream, word, size);
}
#endif
