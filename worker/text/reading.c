/* reading: small tools on text that several stages use. Pure. */
#include "reading.h"

#include "utf8.h"

#include <string.h>
#ifdef __SSE2__
#include <immintrin.h>
#endif

/* A byte of a letter or digit; every byte of a letter beyond ASCII counts. */
static bool word_byte(char c)
{
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c >= '0' && c <= '9') || (c & 0x80);
}

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* Capital Æ, Ø, Å and their kin are C3 80..9E, the small ones 32 further. */
static bool same_byte(const char *at, const char *base, char wanted)
{
    if (small(*at) == small(wanted))
        return true;
    bool inner = at > base && (unsigned char)at[-1] == 0xC3;
    unsigned char c = (unsigned char)*at, w = (unsigned char)wanted;
    return inner && c >= 0x80 && c <= 0x9E && w == c + 0x20;
}

static bool same_text(const char *at, const char *base, const char *word, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!same_byte(at + i, base, word[i]))
            return false;
    return true;
}

/* Is the word at `at`, and, if it must be whole, is it one by itself? */
static bool stands_at(struct span text, const char *at, const char *word, size_t size, bool whole)
{
    if (!same_text(at, text.at, word, size))
        return false;
    bool before = at == text.at || !word_byte(at[-1]);
    bool behind = at + size == text.at + text.size || !word_byte(at[size]);
    return !whole || (before && behind);
}

/* What makes a letter small; other bytes must not change. */
static char fold_of(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z' ? 0x20 : 0;
}

#ifdef __SSE2__
/* text_seek for a text of second + 32 bytes at least, on machines that look at thirty-two places at a time. */
__attribute__((target("avx2"))) static const char *seek_wide(struct span text, const char *word, size_t size,
                                                             size_t second, bool whole)
{
    char fold = fold_of(word[0]), fold2 = fold_of(word[second]);
    const __m256i folds = _mm256_set1_epi8(fold), firsts = _mm256_set1_epi8((char)(word[0] | fold)),
                  folds2 = _mm256_set1_epi8(fold2), seconds = _mm256_set1_epi8((char)(word[second] | fold2));
    const char *at = text.at, *last = text.at + text.size - size, *stop = text.at + text.size - second - 32;
    for (;; at = at + 32 < stop ? at + 32 : stop) { /* the last places once more with some before them */
        __m256i heads = _mm256_loadu_si256((const __m256i *)at),
                tails = _mm256_loadu_si256((const __m256i *)(at + second));
        __m256i same = _mm256_and_si256(_mm256_cmpeq_epi8(_mm256_or_si256(heads, folds), firsts),
                                        _mm256_cmpeq_epi8(_mm256_or_si256(tails, folds2), seconds));
        for (unsigned places = (unsigned)_mm256_movemask_epi8(same); places; places &= places - 1) {
            const char *place = at + __builtin_ctz(places);
            if (place <= last && stands_at(text, place, word, size, whole))
                return place;
        }
        if (at == stop)
            return NULL;
    }
}
#endif

enum { BRIEF = 48 };

/* Two bytes of the word tell most places apart: they are compared without regard to case before anything else is
 * looked at, sixteen places at a time where the machine can. The second one is plain ASCII: other letters have another
 * byte as capitals. */
const char *text_seek(struct span text, const char *word, size_t size, bool whole)
{
    if (text.size < size)
        return NULL;
    size_t second = size - 1;
    while (second > 0 && word[second] & 0x80)
        second--;
#ifdef __SSE2__
    if (text.size >= second + 32 && __builtin_cpu_supports("avx2"))
        return seek_wide(text, word, size, second, whole);
#endif
    char fold = fold_of(word[0]), first = (char)(word[0] | fold);
    const char *at = text.at, *last = text.at + text.size - size;
#ifdef __SSE2__
    char fold2 = fold_of(word[second]);
    const __m128i folds = _mm_set1_epi8(fold), firsts = _mm_set1_epi8(first), folds2 = _mm_set1_epi8(fold2),
                  seconds = _mm_set1_epi8((char)(word[second] | fold2));
    for (; last - at >= 15; at += 16) {
        __m128i heads = _mm_loadu_si128((const __m128i *)at), tails = _mm_loadu_si128((const __m128i *)(at + second));
        __m128i same = _mm_and_si128(_mm_cmpeq_epi8(_mm_or_si128(heads, folds), firsts),
                                     _mm_cmpeq_epi8(_mm_or_si128(tails, folds2), seconds));
        for (unsigned places = (unsigned)_mm_movemask_epi8(same); places; places &= places - 1)
            if (stands_at(text, at + __builtin_ctz(places), word, size, whole))
                return at + __builtin_ctz(places);
    }
    const char *end = text.at + text.size;
    if (at <= last && text.size >= second + 16) { /* the last places once more with some before them */
        at = end - second - 16;
        __m128i heads = _mm_loadu_si128((const __m128i *)at), tails = _mm_loadu_si128((const __m128i *)(at + second));
        __m128i same = _mm_and_si128(_mm_cmpeq_epi8(_mm_or_si128(heads, folds), firsts),
                                     _mm_cmpeq_epi8(_mm_or_si128(tails, folds2), seconds));
        for (unsigned places = (unsigned)_mm_movemask_epi8(same); places; places &= places - 1) {
            const char *place = at + __builtin_ctz(places);
            if (place <= last && stands_at(text, place, word, size, whole))
                return place;
        }
        return NULL;
    }
    char copy[BRIEF + 16];
    if (at <= last && text.size <= BRIEF) { /* too short for a look where it stands: no place has been looked at yet */
        memcpy(copy, at, text.size);
        __m128i heads = _mm_loadu_si128((const __m128i *)copy),
                tails = _mm_loadu_si128((const __m128i *)(copy + second));
        __m128i same = _mm_and_si128(_mm_cmpeq_epi8(_mm_or_si128(heads, folds), firsts),
                                     _mm_cmpeq_epi8(_mm_or_si128(tails, folds2), seconds));
        unsigned fit = (2U << (last - at)) - 1;
        for (unsigned places = (unsigned)_mm_movemask_epi8(same) & fit; places; places &= places - 1)
            if (stands_at(text, at + __builtin_ctz(places), word, size, whole))
                return at + __builtin_ctz(places);
        return NULL;
    }
#endif
    for (; at <= last; at++)
        if ((char)(*at | fold) == first && stands_at(text, at, word, size, whole))
            return at;
    return NULL;
}

/* Five bits of a byte: capitals and small letters are the same, Æ, Ø and Å too. */
static inline size_t pair_of(const char *at)
{
    return ((size_t)at[0] & 31) << 5 | ((size_t)at[1] & 31);
}

void text_sieve_make(struct text_sieve *sieve, struct span text)
{
    sieve->text = text;
    memset(sieve->pairs, 0, sizeof sieve->pairs);
    for (size_t i = 0; i + 1 < text.size; i++)
        sieve->pairs[pair_of(text.at + i)] = true;
}

static inline bool finds_any(const struct text_sieve *sieve, struct span text, const struct span *words, size_t count,
                             bool whole)
{
    for (size_t i = 0; i < count; i++) {
        const char *word = words[i].at;
        size_t size = words[i].size;
        const char *tail = size < 2 ? word : word + size - 2, *middle = word + (size - 1) / 2;
        /* no branch a pair: nothing foretells them */
        bool pairs = sieve->pairs[pair_of(word)] & sieve->pairs[pair_of(tail)] & sieve->pairs[pair_of(middle)];
        if ((pairs | (size < 2)) && text_find(text, word, size, whole))
            return true;
    }
    return false;
}

bool text_holds_any(const struct text_sieve *sieve, struct span text, const struct span *words, size_t count)
{
    return finds_any(sieve, text, words, count, false);
}

bool text_has_any(const struct text_sieve *sieve, struct span text, const struct span *words, size_t count)
{
    return finds_any(sieve, text, words, count, true);
}

static inline bool is_white(char c)
{
    return (c == ' ') | (c == '\t') | (c == '\n');
}

struct span text_strip(struct span text, const char *signs)
{
    uint64_t set[4] = {UINT64_C(1) << ' ' | UINT64_C(1) << '\t' | UINT64_C(1) << '\n'}; /* a bit a byte */
    for (; *signs; signs++)
        set[(unsigned char)*signs >> 6] |= UINT64_C(1) << (*signs & 63);
    const char *at = text.at, *end = at + text.size;
    while (at < end && set[(unsigned char)*at >> 6] >> (*at & 63) & 1)
        at++;
    while (end > at && set[(unsigned char)end[-1] >> 6] >> (end[-1] & 63) & 1)
        end--;
    return (struct span){at, (size_t)(end - at)};
}

/* The next letter or digit of a text, small; 0 at its end. */
static inline uint32_t next_sign(struct span text, size_t *at)
{
    while (*at < text.size) {
        uint32_t c = (unsigned char)text.at[*at];
        if (c < 0x80) {
            ++*at;
            if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
                return c;
            if (c >= 'A' && c <= 'Z')
                return c + 32;
            continue;
        }
        *at += utf8_decode(text.at + *at, text.at + text.size, &c);
        if (c >= 0xC0 && c <= 0xDE)
            c += 32;
        if (c >= 0xDF)
            return c;
    }
    return 0;
}

bool text_alike_all(struct span a, struct span b)
{
    size_t i = 0, j = 0;
    for (;;) {
        uint32_t left = next_sign(a, &i), right = next_sign(b, &j);
        if (left != right)
            return false;
        if (!left)
            return true;
    }
}

uint64_t text_hash(struct span text)
{
    uint64_t hash = 1469598103934665603u; /* FNV-1a */
    for (size_t at = 0; at < text.size;) {
        uint32_t c = (unsigned char)text.at[at], small = c | 0x20;
        if (c < 0x80) { /* no branch tells letters and figures from the rest: nothing foretells it */
            bool letter = small - 'a' < 26;
            uint64_t next = (hash ^ (letter ? small : c)) * 1099511628211u;
            hash = letter | (c - '0' < 10) ? next : hash;
            at++;
        } else if ((c = next_sign(text, &at)) != 0) {
            hash = (hash ^ c) * 1099511628211u;
        }
    }
    return hash;
}

#ifdef __SSE2__
/* Is all white space single spaces, but at the end? Sixteen places at a look, the last ones once more with some before
 * them. */
static bool is_single_spaced(struct span text)
{
    enum { LOOK = 17 };
    const __m128i space = _mm_set1_epi8(' '), tab = _mm_set1_epi8('\t'), line = _mm_set1_epi8('\n'),
                  page = _mm_set1_epi8('\r');
    if (text.size < LOOK || *text.at == ' ')
        return false;
    char end = text.at[text.size - 1];
    for (size_t at = 0, last = text.size - LOOK;; at = at + 16 < last ? at + 16 : last) {
        __m128i bytes = bytes_load(text.at + at), behind = bytes_load(text.at + at + 1);
        __m128i wide = _mm_and_si128(_mm_cmpeq_epi8(bytes, space), _mm_cmpeq_epi8(behind, space));
        __m128i other = _mm_or_si128(_mm_cmpeq_epi8(bytes, line),
                                     _mm_or_si128(_mm_cmpeq_epi8(bytes, tab), _mm_cmpeq_epi8(bytes, page)));
        if (_mm_movemask_epi8(_mm_or_si128(wide, other)))
            return false;
        if (at == last)
            return end != '\n' && end != '\t' && end != '\r';
    }
}
#endif

static struct text copy_without(struct arena *arena, struct span text, bool keep_one)
{
    char *out = arena_alloc(arena, text.size + 1);
    size_t used = 0;
    bool kept = false; /* the last byte is a space, or white space would be the first */
    if (!out)
        return (struct text){0};
    for (size_t i = 0; i < text.size; i++) { /* every byte is written; the next one takes the place of what goes */
        bool white = is_white(text.at[i]) | (text.at[i] == '\r');
        out[used] = white ? ' ' : text.at[i];
        used += (size_t)!white | (size_t)(keep_one & kept);
        kept = !white;
    }
    while (used && out[used - 1] == ' ')
        used--;
    out[used] = 0;
    return (struct text){out, used};
}

struct text text_fold(struct arena *arena, struct span text)
{
#ifdef __SSE2__
    if (is_single_spaced(text)) /* as most */
        return arena_copy(arena, span_cut(text, 0, text.size - (text.at[text.size - 1] == ' ')));
#endif
    return copy_without(arena, text, true);
}

struct text text_squeeze(struct arena *arena, struct span text)
{
    return copy_without(arena, text, false);
}

/* What word_before passes over, and what it takes for the word. */
enum { BEFORE_TRIM = 1, BEFORE_WORD = 2 };
#define TWO(first)    [first] = BEFORE_WORD, [(first) + 1] = BEFORE_WORD
#define EIGHT(first)  TWO(first), TWO((first) + 2), TWO((first) + 4), TWO((first) + 6)
#define BEYOND(first) EIGHT(first), EIGHT((first) + 8), EIGHT((first) + 16), EIGHT((first) + 24)
static const unsigned char before_kinds[256] = {[' '] = BEFORE_TRIM,
                                                ['\t'] = BEFORE_TRIM,
                                                ['\n'] = BEFORE_TRIM,
                                                [':'] = BEFORE_TRIM,
                                                ['('] = BEFORE_TRIM,
                                                ['.'] = BEFORE_TRIM | BEFORE_WORD,
                                                ['-'] = BEFORE_WORD,
                                                EIGHT('0'),
                                                TWO('8'),
                                                EIGHT('A'),
                                                EIGHT('I'),
                                                EIGHT('Q'),
                                                TWO('Y'),
                                                EIGHT('a'),
                                                EIGHT('i'),
                                                EIGHT('q'),
                                                TWO('y'),
                                                BEYOND(0x80),
                                                BEYOND(0xA0),
                                                BEYOND(0xC0),
                                                BEYOND(0xE0)};
#undef TWO
#undef EIGHT
#undef BEYOND

struct span word_before(const struct body *body, size_t at)
{
    const char *base = body->text.at;
    size_t end = at;
    while (end > 0 && at - end < 40 && before_kinds[(unsigned char)base[end - 1]] & BEFORE_TRIM)
        end--;
    size_t start = end;
#ifdef __SSE2__
    if (end >= 16) { /* as most: the word lies within sixteen bytes, and what stands before it too */
        __m128i bytes = bytes_load(base + end - 16), small = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
        __m128i joints = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('-'));
        joints = _mm_or_si128(joints, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('.')));
        __m128i ascii = _mm_or_si128(bytes_between(small, 'a', 'z'), bytes_between(bytes, '0', '9'));
        unsigned inside = (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(ascii, joints), bytes));
        unsigned others = ~inside & 0xFFFF;
        start = others ? end - (size_t)(__builtin_clz(others) - 16) : end - 16;
        if (others)
            return (struct span){base + start, end - start};
    }
#endif
    while (start > 0 && end - start < 40 && before_kinds[(unsigned char)base[start - 1]] & BEFORE_WORD)
        start--;
    while (start < end && (base[start] & 0xC0) == 0x80)
        start++;
    return (struct span){base + start, end - start};
}
