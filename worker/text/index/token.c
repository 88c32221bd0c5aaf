/* token: text -> words, as Xapian's TermGenerator cuts them. Pure; the inner loop of the text stage. */
#include "token.h"

#include "bytes.h"
#include "letter.h"
#include "utf8.h"

static const uint32_t INFIX_DROPPED = UINT32_MAX; /* joins the word but does not stand in it */

void token_begin(struct token_scan *scan, struct span text)
{
    scan->begin = scan->at = scan->no_initials = text.size ? text.at : "";
    scan->end = scan->begin + text.size;
}

/* Beyond TOKEN_MAX_BYTES only the size grows: such a word is passed over in the end. */
static void put(struct token_scan *scan, size_t *size, uint32_t character)
{
    if (character < 0x80) {
        if (*size < TOKEN_MAX_BYTES)
            scan->word[*size] = (char)character;
        *size += 1;
        return;
    }
    char bytes[4];
    size_t count = utf8_encode(character, bytes);
    for (size_t i = 0; i < count; i++)
        if (*size + i < TOKEN_MAX_BYTES)
            scan->word[*size + i] = bytes[i];
    *size += count;
}

static bool is_capital(const char *at)
{
    return *at >= 'A' && *at <= 'Z';
}

/* Initials between points, "P.T.O.", with or without the last point, when no word goes on behind them.
 * One letter makes none. A run that fails does so from each of its letters, so it is tried once (linear time). */
static bool read_initials(struct token_scan *scan, size_t *size)
{
    const char *at = scan->at;
    if (at < scan->no_initials || !is_capital(at))
        return false;
    *size = 0;
    do
        put(scan, size, (unsigned char)*at++ + 0x20U);
    while (at < scan->end && *at == '.' && ++at < scan->end && is_capital(at));
    if (*size > 1) {
        uint32_t next = 0;
        if (at < scan->end)
            letter_read(at, scan->end, &next);
        if (!letter_is_word(next)) {
            scan->at = at;
            return true;
        }
        scan->no_initials = at;
    }
    return false;
}

/* What may stand inside a word between two word characters: "AT&T", "d'Hondt"; 0 if it may not. */
static uint32_t infix_of(uint32_t character)
{
    switch (character) {
    case '\'':
    case '&':
    case 0xB7:                     /* middle dot */
    case 0x5F4:                    /* Hebrew gershayim */
    case 0x2027: return character; /* hyphenation point */
    case 0x2019:                   /* apostrophe as printed */
    case 0x201B: return '\'';
    case 0x200B: /* zero-width space, joiners, byte order mark */
    case 0x200C:
    case 0x200D:
    case 0x2060:
    case 0xFEFF: return INFIX_DROPPED;
    default: return 0;
    }
}

/* The same between two digits: "1.070.664", "271,53". */
static uint32_t infix_of_digits(uint32_t character)
{
    switch (character) {
    case ',':
    case '.':
    case ';':
    case 0x037E:
    case 0x0589:
    case 0x060D:
    case 0x07F8:
    case 0x2044: /* fraction slash */
    case 0xFE10:
    case 0xFE13:
    case 0xFE14: return character;
    case 0x200B:
    case 0x200C:
    case 0x200D:
    case 0x2060:
    case 0xFEFF: return INFIX_DROPPED;
    default: return 0;
    }
}

/* "C++", "C#": up to three of them, unless a word goes on behind ("fish+chips"). scan->at stands on the first
 * character that is no part of the word. */
static void read_suffix(struct token_scan *scan, size_t *size)
{
    size_t bare = *size;
    unsigned count = 0;
    while (*scan->at == '+' || *scan->at == '#') {
        if (++count > 3) {
            *size = bare;
            break;
        }
        put(scan, size, (unsigned char)*scan->at);
        if (++scan->at == scan->end)
            return;
    }
    uint32_t next;
    letter_read(scan->at, scan->end, &next);
    if (letter_is_word(next))
        *size = bare;
}

static unsigned char byte_at(const char *at)
{
    return (unsigned char)*at;
}

bool token_may_join(const char *at, const char *end)
{
    if ((letter_ascii[byte_at(at)] & LETTER_JOIN) == 0)
        return false;
    if (*at == '+' || *at == '#')
        return true;
    if (at + 1 == end)
        return false;
    unsigned wanted = *at == '\'' || *at == '&' ? LETTER_WORD : LETTER_DIGIT;
    return byte_at(at + 1) >= 0x80 || letter_ascii[byte_at(at + 1)] & wanted;
}

#ifdef __SSE2__
enum { LOOK = 16 };

/* Sixteen bytes as they stand in a word, in lower case, and how many of them from the first on belong to it; a letter
 * of two bytes that is cut in halves does not. */
static unsigned look_lower(const char *at, char *out)
{
    const __m128i bytes = bytes_load(at), lead = _mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)0xC3));
    const __m128i signs = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)0x97)),
                                       _mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)0xB7)));
    const __m128i behind = _mm_and_si128(_mm_slli_si128(lead, 1), bytes_between(bytes, (char)0x80, (char)0xBF));
    const __m128i second = _mm_andnot_si128(signs, behind);
    const __m128i large = _mm_or_si128(bytes_between(bytes, 'A', 'Z'),
                                       _mm_and_si128(second, bytes_between(bytes, (char)0x80, (char)0x9E)));
    const __m128i small = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    const __m128i plain = _mm_or_si128(_mm_or_si128(bytes_between(small, 'a', 'z'), bytes_between(bytes, '0', '9')),
                                       _mm_cmpeq_epi8(bytes, _mm_set1_epi8('_')));
    _mm_storeu_si128((__m128i *)out, _mm_add_epi8(bytes, _mm_and_si128(large, _mm_set1_epi8(0x20))));
    unsigned seconds = (unsigned)_mm_movemask_epi8(second);
    unsigned inside = (unsigned)_mm_movemask_epi8(plain) | seconds | seconds >> 1;
    return (unsigned)__builtin_ctz(~inside);
}

/* As far as whole looks go: from *at on, *size bytes into the word. */
static void read_looks(struct token_scan *scan, const char **at, size_t *size)
{
    unsigned taken = LOOK;
    while (taken >= LOOK - 1 && scan->end - *at >= LOOK && *size + LOOK <= TOKEN_MAX_BYTES) {
        taken = look_lower(*at, scan->word + *size);
        *at += taken;
        *size += taken;
    }
}
#endif

/* The usual word, of ASCII and Latin-1 letters and with no joins: read_word does the same for all others, at five times
 * the cost. False if it may be another one; then nothing was moved. scan->at stands on a word character. */
static bool read_plain(struct token_scan *scan, size_t *out)
{
    const char *at = scan->at;
    size_t size = 0;
#ifdef __SSE2__
    read_looks(scan, &at, &size);
#endif
    for (; at < scan->end; at++) {
        unsigned char byte = byte_at(at);
        if (size > TOKEN_MAX_BYTES - 2)
            return false;
        if (byte < 0x80) {
            unsigned bits = letter_ascii[byte];
            if ((bits & LETTER_WORD) == 0)
                break;
            scan->word[size++] = (char)(byte + (bits & LETTER_CAPITAL));
            continue;
        }
        if (byte != 0xC3 || at + 1 == scan->end || !letter_is_latin(byte_at(at + 1)))
            return false;
        unsigned char second = byte_at(++at);
        scan->word[size++] = (char)0xC3;
        scan->word[size++] = (char)(second <= 0x9E ? second + 0x20 : second);
    }
    if (at < scan->end && token_may_join(at, scan->end))
        return false;
    scan->at = at;
    *out = size;
    return true;
}

/* scan->at stands on a word character. */
static size_t read_word(struct token_scan *scan)
{
    size_t size = 0;
    uint32_t character;
    size_t length = letter_read(scan->at, scan->end, &character);
    for (;;) {
        uint32_t previous;
        do {
            put(scan, &size, letter_lower(character));
            previous = character;
            scan->at += length;
            if (scan->at == scan->end)
                return size;
            length = letter_read(scan->at, scan->end, &character);
        } while (letter_is_word(character));

        const char *next = scan->at + length;
        uint32_t behind;
        if (next == scan->end)
            break;
        size_t behind_length = letter_read(next, scan->end, &behind);
        if (!letter_is_word(behind))
            break;
        bool digits = letter_is_digit(previous) && letter_is_digit(behind);
        uint32_t infix = digits ? infix_of_digits(character) : infix_of(character);
        if (infix == 0)
            break;
        if (infix != INFIX_DROPPED)
            put(scan, &size, infix);
        scan->at = next;
        character = behind;
        length = behind_length;
    }
    read_suffix(scan, &size);
    return size;
}

static bool skip_to_word(struct token_scan *scan)
{
    while (scan->at < scan->end) {
        uint32_t character = byte_at(scan->at);
        if (character < 0x80) {
            if (letter_ascii[character] & LETTER_WORD)
                return true;
            scan->at++;
            continue;
        }
        size_t length = letter_read(scan->at, scan->end, &character);
        if (letter_is_word(character))
            return true;
        scan->at += length;
    }
    return false;
}

bool token_next(struct token_scan *scan, struct token *out)
{
    while (skip_to_word(scan)) {
        size_t size;
        out->start = (size_t)(scan->at - scan->begin);
        bool pointed = scan->at + 1 < scan->end && scan->at[1] == '.' && is_capital(scan->at);
        if (!(pointed && read_initials(scan, &size)) && !read_plain(scan, &size))
            size = read_word(scan);
        if (size > TOKEN_MAX_BYTES)
            continue;
        out->word = (struct span){scan->word, size};
        out->end = (size_t)(scan->at - scan->begin);
        return true;
    }
    return false;
}
