/* heading: forms of numbered headings, as minutes print them. */
#include "heading.h"

#include "words.h"

#include <string.h>

/*!re2c
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYCURSOR = cursor;
    re2c:define:YYMARKER = marker;
    re2c:yyfill:enable = 0;
    digit = [0-9];
    number = digit{1,4};
    sp = [ \t];
    gap = " "* "\t" sp* | " " " "+;
    open = "Åben" | "åben" | "Åbent" | "åbent" | "ÅBEN" | "Åben sag" | "Åbent punkt" | "Åben dagsorden";
    closed = "Lukket" | "lukket" | "LUKKET" | "Lukket sag" | "Lukket punkt" | "Fortrolig" | "Lukket dagsorden";
*/

static enum heading_style heading_form(const unsigned char **at, int *access)
{
    const unsigned char *cursor = *at, *marker = cursor;
    (void)marker;
#define STYLE(name) return *at = cursor, (name)
    /*!re2c
    // Punkt 2: T   Punkt 571 T   Pkt. 3 - T   Sag nr. 8 T   Sag 8: T
    ("Punkt" | "PUNKT" | "Pkt." | "Pkt" | "PKT." | "PKT" | "Dagsordenspunkt"
        | "Punkt nr.") sp* number sp* [:.–-]? sp+ { STYLE(STYLE_POINT); }
    // Pkt. 108/09: T   Sag 44-06: T: the number and the year
    ("Pkt." | "Pkt" | "Punkt" | "Sag" | "Sag nr.") sp* number [/-] digit{2} sp* [:.–-] sp+ { STYLE(STYLE_POINT); }
    // Beslutning for Punkt 3: T   Referat af punkt 3 - T   Dagsordenens punkt 3: T: pages say of which text it is the heading
    (("Beslutning" | "Referat" | "Behandling") sp+ ("for" | "til" | "af" | "vedr." | "vedrørende") sp+ ("dagsordenens" sp+)?
        | "Dagsordenens" sp+ | "Dagsorden" sp+)
        ("Punkt" | "punkt" | "Pkt." | "pkt.") sp* ("nr." sp*)? number sp* [:.–-] sp+ { STYLE(STYLE_POINT); }
    ("Sag nr." | "Saq nr." | "Sag nr" | "SAG NR." | "Sag") sp* number sp* [:.–-]? sp+ { STYLE(STYLE_POINT); }
    // Punkt 1<tab>5 min<tab>T
    ("Punkt" sp*)? number "."? "\t" sp* digit+ sp* ("min" "."? | "minutter") "\t" sp* { STYLE(STYLE_COLUMN); }
    // 1   Åbent   T: number, access and title in columns
    number "."? gap open gap { *access = 1; STYLE(STYLE_COLUMN); }
    number "."? gap closed gap { *access = -1; STYLE(STYLE_COLUMN); }
    // #1 T
    "#" number [.:]? sp+ { STYLE(STYLE_NR); }
    // Nr.60 - T
    ("Nr." | "Nr" | "NR." | "nr.") sp* number sp* [-:.|] sp* { STYLE(STYLE_NR); }
    // 3.1 T: the second item of the third group
    number "." digit{1,2} sp+ { STYLE(STYLE_NESTED); }
    // 1 (Åben) T
    number "."? sp* "(" open ")" sp* { *access = 1; STYLE(STYLE_ACCESS); }
    number "."? sp* "(" closed ")" sp* { *access = -1; STYLE(STYLE_ACCESS); }
    // 1. T   01. T   1.T (B)
    number [.] sp* { STYLE(STYLE_DOT); }
    number [):] sp+ { STYLE(STYLE_DOT); }
    // 6a. T
    number [a-f] [.):] sp+ { STYLE(STYLE_DOT); }
    // 1 - T
    number sp+ ("-" | "–") sp+ { STYLE(STYLE_DASH); }
    // 1  T
    number sp+ { STYLE(STYLE_BARE); }
    number { STYLE(STYLE_STUCK); }
    // åbent 1 T
    ("åbent" | "Åbent" | "Åben" | "åben") sp+ ("punkt" sp+)? number "."? sp+ { *access = 1; STYLE(STYLE_LISTED); }
    ("lukket" | "Lukket") sp+ ("punkt" sp+)? number "."? sp+ { *access = -1; STYLE(STYLE_LISTED); }
    * { return STYLE_NONE; }
    */
#undef STYLE
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(const char *at, const char *end)
{
    unsigned char c = at < end ? (unsigned char)*at : 0;
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == 0xC3;
}

static bool is_capital(const char *at, const char *end)
{
    unsigned char c = at < end ? (unsigned char)*at : 0, next = at + 1 < end ? (unsigned char)at[1] : 0;
    return (c >= 'A' && c <= 'Z') || (c == 0xC3 && next >= 0x80 && next <= 0x9E);
}

/* "Pkt. 42" alone: the title stands on the next line. */
static struct heading_match heading_alone(const char *at, const char *end)
{
    static const struct span words[] = {WORD("Pkt. "),  WORD("Pkt "),             WORD("Punkt "),
                                        WORD("PUNKT "), WORD("Dagsordenspunkt "), WORD("Punkt nr. ")};
    if (*at != 'P' && *at != 'D')
        return (struct heading_match){0};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t size = words[i].size;
        const char *cursor = at + size;
        struct heading_match match = {.style = STYLE_ALONE, .number_start = size};
        if ((size_t)(end - at) <= size || memcmp(at, words[i].at, size) != 0)
            continue;
        while (cursor < end && is_digit(*cursor) && match.number < 1000)
            match.number = match.number * 10 + (unsigned)(*cursor++ - '0');
        match.number_end = match.title = (size_t)(cursor - at);
        while (cursor < end && strchr(" :.", *cursor))
            cursor++;
        if (cursor == end && match.number_end > size)
            return match;
    }
    return (struct heading_match){0};
}

struct heading_match heading_at(const char *at, const char *end)
{
    const unsigned char *cursor = (const unsigned char *)at;
    struct heading_match match = {0};
    if (end - at < 3 || !heading_may_begin(*at))
        return match;
    match.style = heading_form(&cursor, &match.access);
    const char *title = (const char *)cursor;
    if (match.style == STYLE_NONE || title >= end)
        return heading_alone(at, end);
    const char *digits = at;
    while (digits < title && !is_digit(*digits))
        digits++;
    match.number_start = (size_t)(digits - at);
    for (; digits < title && is_digit(*digits); digits++)
        match.number = match.number * 10 + (unsigned)(*digits - '0');
    match.lettered = match.style == STYLE_DOT && digits < title && is_letter(digits, title);
    match.number_end = (size_t)(digits - at) + match.lettered;
    bool year = match.style == STYLE_POINT && title - digits > 4 && (*digits == '/' || *digits == '-') &&
                is_digit(digits[1]) && is_digit(digits[2]);
    match.number_end += year ? 3 : 0;
    match.title = (size_t)(title - at);
    bool letter = is_letter(title, end), capital = is_capital(title, end);
    bool quote = *title == '"' || *title == '\'' || (unsigned char)*title == 0xE2 || *title == '(' || *title == '#';
    bool digit = is_digit(*title);
    unsigned group = 0; /* the number within the group */
    switch (match.style) {
    case STYLE_DOT: /* "1.500" is a number, "5. februar" a day; "2. 3. kvartalsrapport" a title */
        if (digit && title[-1] == '.')
            match.style = STYLE_NONE;
        if (!letter && !digit && !quote)
            match.style = STYLE_NONE;
        break;
    case STYLE_NESTED: /* "17.30 Pause" is a time, "1.20 T" no twentieth item of many */
        for (match.number *= 100, digits++; digits < title && is_digit(*digits); digits++)
            group = group * 10 + (unsigned)(*digits - '0');
        match.number += group;
        match.number_end = (size_t)(digits - at);
        match.style = (capital || quote) && group && digits[-1] != '0' ? STYLE_NESTED : STYLE_NONE;
        break;
    case STYLE_DASH: match.style = capital || quote ? STYLE_DASH : STYLE_NONE; break;
    case STYLE_BARE: match.style = capital || quote || digit ? STYLE_BARE : STYLE_NONE; break;
    case STYLE_STUCK:
        match.style = capital && match.number_end - match.number_start <= 3 ? STYLE_STUCK : STYLE_NONE;
        break;
    default: break;
    }
    return match;
}
