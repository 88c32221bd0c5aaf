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
    open = "Åben" | "åben" | "Åbent" | "åbent" | "ÅBEN" | "Åben sag" | "Åbent punkt" | "Åben dagsorden" | "Offentlig"
        | "offentlig" | "Offentligt punkt" | "Offentlig sag";
    closed = "Lukket" | "lukket" | "LUKKET" | "Lukket sag" | "Lukket punkt" | "Fortrolig" | "Lukket dagsorden"
        | "Ikke offentlig" | "Ikke-offentlig" | "Ej offentlig" | "Fortroligt" | "Fortroligt punkt" | "Fortrolig sag";
    dash = "-" | "–" | "—";
    nr = sp* ("nr" | "Nr" | "NR") "."?;
    year = [/-] digit{2} | "/" ("19" | "20") digit{2};
    mark = [:.)] | sp* dash | [:.] sp* dash;
    point = ("Punkt" | "PUNKT" | "punkt" | "Pkt" | "PKT" | "pkt" | ("Dagsordens" | "Sags") ("punkt" | "pkt")
        | "DAGSORDENSPUNKT" | "DAGSORDENSPKT") "."? nr?;
    sag = ("Sag" | "SAG") nr? | "Saq nr.";
*/

static enum heading_style heading_form(const unsigned char **at, int *access)
{
    const unsigned char *cursor = *at, *marker = cursor;
    (void)marker;
#define STYLE(name) return *at = cursor, (name)
    /*!re2c
    // Punkt 2: T   Punkt 571 T   Pkt. 3 - T   Punkt nr. 4) T   Sag nr. 8 T   SAG 8: T
    (point | sag) sp* number sp* mark? sp+ { STYLE(STYLE_POINT); }
    // Punkt: 4 T   Pkt.nr.: 4 T
    point ":" sp* number sp* mark? sp+ { STYLE(STYLE_POINT); }
    // Pkt. 108/09: T   Sag 44/2006 - T: the number and the year
    (point | sag) sp* number year sp* mark sp+ { STYLE(STYLE_POINT); }
    // Ad 3. T   Ad punkt 3: T: what was said to an item of the agenda
    ("Ad" | "AD") "."? sp+ (("punkt" | "Punkt" | "pkt" | "Pkt") "."? nr? sp*)? number sp* mark? sp+ { STYLE(STYLE_AD); }
    // Beslutning for Punkt 3: T   Referat af punkt 3 - T   Dagsordenens punkt 3: T: pages say of which text it is the heading
    (("Beslutning" | "Referat" | "Behandling") sp+ ("for" | "til" | "af" | "vedr." | "vedrørende") sp+ ("dagsordenens" sp+)?
        | "Dagsordenens" sp+ | "Dagsorden" sp+)
        ("Punkt" | "punkt" | "Pkt." | "pkt.") sp* ("nr." sp*)? number sp* [:.–-] sp+ { STYLE(STYLE_POINT); }
    // Punkt 1<tab>5 min<tab>T
    ("Punkt" sp*)? number "."? "\t" sp* digit+ sp* ("min" "."? | "minutter") "\t" sp* { STYLE(STYLE_COLUMN); }
    // 1   Åbent   T: number, access and title in columns
    number "."? gap open gap { *access = 1; STYLE(STYLE_COLUMN); }
    number "."? gap closed gap { *access = -1; STYLE(STYLE_COLUMN); }
    // #1 T
    "#" number mark? sp+ { STYLE(STYLE_NR); }
    // Nr.60 - T   Lb.nr. 60: T
    ("Nr." | "Nr" | "NR." | "nr." | "Lb.nr." | "Lb. nr." | "Løbenr." | "Løbenr") sp* number sp* ([.:|] | [:.]? sp* dash) sp*
        { STYLE(STYLE_NR); }
    ("Nr." | "Lb.nr." | "Lb. nr." | "Løbenr.") sp* number sp+ { STYLE(STYLE_NR); }
    // 3.1 T: the second item of the third group
    number "." digit{1,2} sp+ { STYLE(STYLE_NESTED); }
    // 1 (Åben) T
    number "."? sp* "(" open ")" sp* { *access = 1; STYLE(STYLE_ACCESS); }
    number "."? sp* "(" closed ")" sp* { *access = -1; STYLE(STYLE_ACCESS); }
    // (Lukket) 2. T
    "(" open ")" sp* number [.:)] sp+ { *access = 1; STYLE(STYLE_DOT); }
    "(" closed ")" sp* number [.:)] sp+ { *access = -1; STYLE(STYLE_DOT); }
    // 1. T   01. T   1.T (B)   1. - T   1/ T
    number [.] sp* { STYLE(STYLE_DOT); }
    number ([):/] | ".:" | ".)" | "." sp* dash) sp+ { STYLE(STYLE_DOT); }
    // (1) T   [1] T
    "(" number ")" sp+ { STYLE(STYLE_BRACKET); }
    "[" number "]" sp+ { STYLE(STYLE_BRACKET); }
    // 41/2020 T   41/2020 - T
    number "/" ("19" | "20") digit{2} sp* mark? sp+ { STYLE(STYLE_YEAR); }
    // | 41 | T |
    "|" sp* (point sp*)? number "."? sp* "|" sp* { STYLE(STYLE_CELL); }
    // 6a. T
    number [a-f] [.):] sp+ { STYLE(STYLE_DOT); }
    // 1 - T
    number sp+ dash sp+ { STYLE(STYLE_DASH); }
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

/* The size of the words before a number that stands alone: "Pkt. ", "Sag nr. ", "Ad punkt "; 0 if there are none. */
static size_t alone_lead(const char *at, const char *end)
{
    static const struct span words[] = {WORD("Pkt. "),  WORD("Pkt "),     WORD("Punkt "),    WORD("PUNKT "),
                                        WORD("PKT. "),  WORD("Sag "),     WORD("SAG "),      WORD("Dagsordenspunkt "),
                                        WORD("Nr. "),   WORD("Ad "),      WORD("Ad punkt "), WORD("Ad pkt. "),
                                        WORD("Løbenr. "), WORD("Lb.nr. ")};
    struct span text = {at, (size_t)(end - at)};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t size = words[i].size;
        if (at[0] != words[i].at[0] || at[1] != words[i].at[1] || !span_starts(text, words[i]))
            continue;
        struct span behind = span_cut(text, size, text.size);
        if (span_starts(behind, SPAN("nr. ")) || span_starts(behind, SPAN("NR. ")))
            size += 4;
        if (size < text.size && is_digit(at[size]))
            return size;
    }
    return 0;
}

/* "Pkt. 42", "Punkt 42 af 50", "42.": nothing else, and the title stands on the next line. */
static struct heading_match heading_alone(const char *at, const char *end)
{
    if (end - at > 40) /* most lines, asked before their words */
        return (struct heading_match){0};
    size_t size = is_digit(*at) || !strchr("PDSNAL", *at) ? 0 : alone_lead(at, end);
    if (!size && !is_digit(*at))
        return (struct heading_match){0};
    struct heading_match match = {.style = size ? STYLE_ALONE : STYLE_FIGURE, .number_start = size};
    const char *cursor = at + size;
    while (cursor < end && is_digit(*cursor) && match.number < 1000)
        match.number = match.number * 10 + (unsigned)(*cursor++ - '0');
    match.number_end = match.title = (size_t)(cursor - at);
    struct span behind = {cursor, (size_t)(end - cursor)};
    if (size && span_starts(behind, SPAN(" af "))) { /* of so many */
        cursor += 4;
        while (cursor < end && is_digit(*cursor))
            cursor++;
    }
    if (!size && !(cursor < end && *cursor == '.'))
        return (struct heading_match){0}; /* a figure of a table */
    while (cursor < end && strchr(" :.", *cursor))
        cursor++;
    return cursor == end ? match : (struct heading_match){0};
}

/* "(åbent): ", "[Åben] ", "Åben sag - ", "Emne: " before the title: what they take, and what they tell. Words for
 * closed items without brackets belong to the title. */
static size_t title_lead(const char *at, const char *end, int *access)
{
    const unsigned char *cursor = (const unsigned char *)at, *marker = cursor, *stop = (const unsigned char *)end;
    (void)marker;
    if (!strchr("(\xC3[ETO", *at))
        return 0;
#define LEAD(value)                                                                                                    \
    do {                                                                                                               \
        *access = (value) ? (value) : *access;                                                                         \
        return cursor < stop ? (size_t)(cursor - (const unsigned char *)at) : 0;                                       \
    } while (0)
    /*!re2c
    ("(" open ")" | "[" open "]" | "(Å)") sp* ([:.] | dash)? sp* { LEAD(1); }
    ("(" closed ")" | "[" closed "]" | "(L)") sp* ([:.] | dash)? sp* { LEAD(-1); }
    ("Åben" | "Åbent" | "Åben sag" | "Åbent punkt" | "ÅBEN" | "ÅBENT PUNKT" | "ÅBEN SAG") sp* (":" | dash) sp+ { LEAD(1); }
    ("Emne" | "Titel" | "Overskrift") sp* ":" sp* { LEAD(0); }
    * { return 0; }
    */
#undef LEAD
}

struct heading_match heading_at(const char *at, const char *end)
{
    const unsigned char *cursor = (const unsigned char *)at;
    struct heading_match match = {0};
    if (end - at < 2 || !heading_may_begin(*at))
        return match;
    match.style = heading_form(&cursor, &match.access);
    const char *title = (const char *)cursor;
    if (match.style == STYLE_ACCESS && match.access < 0 && title >= end) /* "2. (Lukket)": all the title that there is */
        title = memchr(at, '(', (size_t)(end - at));
    if (match.style == STYLE_NONE || title >= end)
        return heading_alone(at, end);
    if (match.style == STYLE_POINT && end - title > 3 && memcmp(title, "af ", 3) == 0 && is_digit(title[3]))
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
    if ((year && is_digit(digits[3]) && is_digit(digits[4])) || match.style == STYLE_YEAR)
        match.number_end += year ? 2 : 5;
    if (match.style != STYLE_LISTED)
        title += title_lead(title, end, &match.access);
    match.title = (size_t)(title - at);
    bool letter = is_letter(title, end), capital = is_capital(title, end);
    bool quote = *title == '"' || *title == '\'' || (unsigned char)*title == 0xE2 || *title == '(' || *title == '#';
    bool digit = is_digit(*title);
    unsigned group = 0; /* the number within the group */
    switch (match.style) {
    case STYLE_DOT: /* "1.500" is a number, "5. februar" a day; "2. 3. kvartalsrapport" a title */
        if (digit && title[-1] == '.')
            match.style = STYLE_NONE;
        if (!letter && !digit && !quote && !match.access)
            match.style = STYLE_NONE;
        break;
    case STYLE_NESTED: /* "17.30 Pause" is a time, "1.20 T" no twentieth item of many */
        for (match.number *= 100, digits++; digits < title && is_digit(*digits); digits++)
            group = group * 10 + (unsigned)(*digits - '0');
        match.number += group;
        match.number_end = (size_t)(digits - at);
        match.style = (capital || quote) && group && digits[-1] != '0' ? STYLE_NESTED : STYLE_NONE;
        break;
    case STYLE_POINT: /* "pkt. 2 og 3 er drøftet" */
        match.style = *at != 'p' || capital || quote ? STYLE_POINT : STYLE_NONE;
        break;
    case STYLE_NR: match.style = digits + 1 < title && *digits != ' ' ? STYLE_NR : capital || quote ? STYLE_NR : STYLE_NONE; break;
    case STYLE_AD:
    case STYLE_BRACKET:
    case STYLE_YEAR: match.style = capital || quote ? match.style : STYLE_NONE; break;
    case STYLE_CELL: /* two cells, not a row of a table of more */
        match.style = capital && memchr(title, '|', (size_t)(end - title)) == end - 1 ? STYLE_CELL : STYLE_NONE;
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
