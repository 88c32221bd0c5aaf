/* figure: what a number's first runs of digits and the signs behind them rule out. Pure. */
#include "figure.h"

#include "bytes.h"
#include "span.h"

#include <string.h>

static size_t digits_run(const char *at)
{
#ifdef __SSE2__
    return (size_t)__builtin_ctz(~bytes_digits(at) | 1u << 16);
#else
    size_t size = 0;
    while (size < 16 && is_digit(at[size]))
        size++;
    return size;
#endif
}

/* A month's name may begin here, by its first two letters. */
static bool may_be_month(const char *at)
{
    char second = (char)(at[1] | 0x20);
    switch (*at | 0x20) {
    case 'j': return second == 'a' || second == 'u';
    case 'f':
    case 's':
    case 'd': return second == 'e';
    case 'm': return second == 'a';
    case 'a': return second == 'p' || second == 'u';
    case 'o': return second == 'k';
    case 'n': return second == 'o';
    default: return false;
    }
}

static const char *white_end(const char *at)
{
    while (*at == ' ' || *at == '\n')
        at++;
    return at;
}

/* What follows a number in a sum of money may begin here: a currency, a scale, "til". */
static bool may_be_unit(const char *at)
{
    char second = (char)(at[1] | 0x20);
    switch (*at) {
    case 'k':
    case 'K': return second == 'r';
    case 'd':
    case 'D': return second == 'k' || second == 'a'; /* dkr., "danske kroner" */
    case 'e':
    case 'E': return second == 'u';
    case 'm':
    case 'M': return second == 'i' || second == 'k';
    case 't':
    case 'T': /* t., t kr, tkr, tusind, til; also before a currency that stands right behind */
        return second == '.' || second == ' ' || second == 'k' || second == 'u' || second == 'i' || second == 'd' ||
               at[1] == '\n' || (unsigned char)at[1] == 0xE2 || (second == 'e' && (at[2] | 0x20) == 'u');
    default: return (unsigned char)*at == 0xE2; /* the sign of the euro, or a dash */
    }
}

/* Digits, and points and commas before digits, up to where `at` is not one of them; 15 or more if they may go on. */
static size_t body_run(const char *at)
{
#ifdef __SSE2__
    __m128i bytes = bytes_load(at);
    unsigned digits = (unsigned)_mm_movemask_epi8(bytes_between(bytes, '0', '9'));
    __m128i joints = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('.')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8(',')));
    return (size_t)__builtin_ctz(~(digits | ((unsigned)_mm_movemask_epi8(joints) & digits >> 1)) | 1u << 15);
#else
    size_t size = 0;
    while (size < 15 && (is_digit(at[size]) || ((at[size] == '.' || at[size] == ',') && is_digit(at[size + 1]))))
        size++;
    return size;
#endif
}

/* A sum goes on behind white space with a unit, a group of digits, a half, or a dash and another number. */
static bool may_go_on(const char *next, const char *word, bool second)
{
    bool dash = *word == '-' && !second, group = is_digit(next[1]) && is_digit(next[2]) && is_digit(next[3]);
    bool half = (unsigned char)*word == 0xC2 || (is_digit(*word) && word[1] == '/');      /* "17 ½", "17 1/2" */
    bool until = (unsigned char)*word == 0xC3 && (unsigned char)(word[1] & 0xFE) == 0xA0; /* "3 à 4 mio. kr." */
    return dash || group || half || until || may_be_unit(word);
}

/* A sum goes on behind its number with strokes, a unit, a group of digits, a half, or a dash and another number. */
static bool may_be_amount(const char *at, bool second)
{
    size_t size = body_run(at);
    const char *next = at + size;
    if (size >= 15)
        return true;
    switch (*next) {
    case ',': return next[1] == '-' || (unsigned char)next[1] == 0xE2;
    case '/': /* "1/2 mio.", "1/4-4 kr." */
        return is_digit(next[1]) && (next[2] == ' ' || next[2] == '\n' || next[2] == '-');
    case '.': /* a typewriter's nought or one, or "25.000.-" */
        if (next[1] == '-')
            return true;
        return (next[1] | 0x20) == 'o' || next[1] == 'l' || next[1] == 'I';
    case 'l': /* and the typist may have set more letters behind it */
    case 'I':
    case 'o':
    case 'O': return true;
    case ' ':
    case '\n': return may_go_on(next, white_end(next), second);
    case '-': {
        const char *number = next + 1 + (next[1] == ' ');
        bool half = (unsigned char)*number == 0xC2 || (is_digit(*number) && number[1] == '/'); /* "2-½ kr." */
        bool one = *number == 'l' || *number == 'I'; /* "150-l80 kr.", a typewriter's one */
        return half || (!second && (one || (is_digit(*number) && may_be_amount(number, true))));
    }
    default: return may_be_unit(next) || (unsigned char)*next == 0xC2;
    }
}

/* A day, by its first run of digits and what stands behind the next. */
static bool may_be_date(const char *next, size_t first, size_t second, const char *third)
{
    if (first > 2)
        return first == 4 && *next == '-' && second == 2;
    const char *word;
    switch (*next) {
    case '.': /* 05.02.2020, 5. februar, 5. 2. 2020, 5.2 2020 */
        word = white_end(next + 1);
        if (second)
            return second <= 2 && (*third == '.' || (*third == ' ' && (third[1] == '1' || third[1] == '2')));
        return may_be_month(word) || is_digit(*word);
    case 'l': /* "2l. maj": a typist's one, "2O. juni": a reading's nought */
    case 'I':
    case 'O': return first == 1 && next[1] == '.';
    case '-': return second ? second <= 2 && *third == '-' : may_be_month(next + 1);
    case '/': return second && second <= 2;
    case ' ':
    case '\n': word = white_end(next); return *word == '-' || may_be_month(word);
    default: return false;
    }
}

/* "S00", "Ø34": the facet of a subject. */
static bool is_facet(const char *at)
{
    bool latin = (unsigned char)*at == 0xC3;
    return (latin || (*at >= 'A' && *at <= 'Z')) && is_digit(at[1 + latin]);
}

/* A number of a case, a document or a subject: it has four digits in a row, or runs that are joined. */
static bool may_be_case(const char *next, size_t first, size_t second, const char *third)
{
    bool joint = second >= 16 || ((*third == '.' || *third == '-' || *third == '/') && is_digit(third[1]));
    switch (first >= 4 ? 0 : *next) {
    case 0: return first >= 4;
    case '.': /* 01.03.05, 01.03G01 */
        return second && (joint || (first == 2 && second == 2 && is_facet(third + (*third == '.' || *third == '-'))));
    case '-': return second && (joint || first > 1);
    case '/': return second || (first == 2 && next[1] == ' ');
    default: return false;
    }
}

unsigned figure_wants(const char *at, const char **stop)
{
    size_t first = digits_run(at);
    const char *next = at + first;
    *stop = next;
    if (first >= 16) {
        while (is_digit(**stop))
            ++*stop;
        return FIGURE_ANY;
    }
    unsigned lengthy = first >= 4 ? FIGURE_CASE : 0;
    if ((*next == ' ' || *next == '\n') && first < 15) { /* as behind most numbers: there is no second run */
        const char *word = white_end(next);
        bool day = first <= 2 && (*word == '-' || may_be_month(word));
        return may_go_on(next, word, false) * FIGURE_AMOUNT | day * FIGURE_DATE | lengthy;
    }
    if ((*next == ')' || *next == ':' || *next == '\t') && first < 15)
        return lengthy;
    size_t second = digits_run(next + 1);
    const char *third = next + 1 + second; /* what stands behind the second run */
    return may_be_amount(at, false) * FIGURE_AMOUNT | may_be_date(next, first, second, third) * FIGURE_DATE |
           may_be_case(next, first, second, third) * FIGURE_CASE;
}
