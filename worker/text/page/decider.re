/* decider: headings that say who decided and when: "Beslutning i Byrådet den 27. november 2018:", "Økonomiudvalget, 14.
 * maj 2019, pkt. 88:", "Regionsrådets beslutning den 7. marts 2017:". */
#include "heading.h"

#include "decider.h"
#include "reading.h"
#include "words.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/*!re2c
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYCURSOR = cursor;
    re2c:define:YYMARKER = marker;
    re2c:yyfill:enable = 0;
    sp = [ \t]+;
*/

/* Behind the day nothing may stand but an item number, a time and a colon. */
static bool closes(const char *at, const char *end)
{
    const unsigned char *cursor = (const unsigned char *)at, *marker = cursor;
    (void)marker;
    /*!re2c
    item = ("pkt." | "pkt" | "punkt" | "Punkt" | "sag" | "Sag" | "Pkt." | "sag nr." | "dagsordenspunkt"
        | "protokolpunkt") sp? [0-9]{1,4};
    time = "kl." sp [0-9:.]+;
    [,.] (sp item)? (sp time)? sp? [:.]? { return (const char *)cursor == end; }
    sp item (sp time)? sp? [:.]? { return (const char *)cursor == end; }
    sp time sp? [:.]? { return (const char *)cursor == end; }
    sp? ":" { return (const char *)cursor == end; }
    * { return at == end; }
    */
}

/* Does the text end with the last two bytes of a word that closes the name of a body? */
static bool ends_as_body(struct span text)
{
#define PAIR(one, two) (unsigned char)(one) << 8 | (unsigned char)(two)
    const unsigned char *end = (const unsigned char *)text.at + text.size;
    switch (text.size > 3 ? end[-2] << 8 | end[-1] : 0) {
    case PAIR('e', 't'):
    case PAIR('t', 's'):
    case PAIR('e', 'n'):
    case PAIR('n', 's'):
    case PAIR(0xA5, 'd'): /* å */
    case PAIR('d', 's'):
    case PAIR('n', 'g'):
    case PAIR('l', 'g'):
    case PAIR('s', 'e'):
    case PAIR('u', 'm'): return true;
    default: return false;
    }
#undef PAIR
}

/* Is the text before the day the name of a body, or "Beslutning" with one? */
static bool is_body(const char *at, const char *end)
{
    struct span text = {at, (size_t)(end - at)};
    static const struct span heads[] = {WORD("Beslutning"), WORD("BESLUTNING"), WORD("Beslutninger"), WORD("Behandling"), WORD("Behandlet"), WORD("Afgørelse"), WORD("Indstilling fra")};
    static const struct span bodies[] = {WORD("udvalget"), WORD("udvalgets"), WORD("rådet"), WORD("rådets"), WORD("bestyrelsen"), WORD("bestyrelsens"), WORD("Byråd"), WORD("Byråds"), WORD("Regionsråd"), WORD("Magistraten"), WORD("Magistratens"), WORD("repræsentationen"), WORD("repræsentationens"), WORD("Direktionen"), WORD("Direktionens"), WORD("forvaltningen"), WORD("komiteen"), WORD("nævnet"), WORD("kommissionen"), WORD("beslutning"), WORD("i mødet"), WORD("udvalg"), WORD("Chefgruppen"), WORD("Udvalg"), WORD("Råd"), WORD("råd"), WORD("Kommunalbestyrelse"), WORD("Forum"), WORD("Afdeling")};
    if (words_start(heads, sizeof heads / sizeof *heads, text))
        return true;
    bool may = ends_as_body(text);
    for (size_t i = 0; may && i < sizeof bodies / sizeof *bodies; i++)
        if (word_ends(text, bodies[i]))
            return true;
    /* "Udvalget for By og Land den ..." */
    while ((text.at = text_seek(text, "dvalget", 7, false)) != NULL && text.at + 12 < end) {
        if (memcmp(text.at, "dvalget for ", 12) == 0 || memcmp(text.at, "dvalgets ", 9) == 0)
            return true;
        text.size = (size_t)(end - ++text.at);
    }
    return false;
}

/* The first digit, or the end; sixteen places at a time where the machine can. */
static const char *first_digit(const char *at, const char *end)
{
#ifdef __SSE2__
    const __m128i nought = _mm_set1_epi8('0'), nine = _mm_set1_epi8(9);
    for (; end - at >= 16; at += 16) {
        __m128i above = _mm_sub_epi8(_mm_loadu_si128((const __m128i *)at), nought);
        unsigned places = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(above, nine), above));
        if (places)
            return at + __builtin_ctz(places);
    }
#endif
    while (at < end && !(*at >= '0' && *at <= '9'))
        at++;
    return at;
}

bool decider_read(const char *at, const char *end, struct day *day)
{
    const char *digit = first_digit(at, end);
    if (digit == end || digit == at)
        return false;
    const char *start = digit;
    while (start > at && start[-1] == ' ')
        start--;
    if (start - at > 3 && memcmp(start - 3, "den", 3) == 0)
        start -= 3;
    else if (start - at > 2 && memcmp(start - 2, "d.", 2) == 0)
        start -= 2;
    else
        start = digit;
    if (start - at < 4)
        return false;
    const char *stop = start;
    while (stop > at && (stop[-1] == ' ' || stop[-1] == ',' || stop[-1] == ':' || stop[-1] == '-'))
        stop--;
    bool body = is_body(at, stop); /* most lines name none: asked before the day, which costs more */
    if (!body && start[-2] != ',')
        return false;
    struct date_match date = date_at(start, end);
    const char *behind = start + date.size;
    if (!date.size || date.bare || date.brief || !closes(behind, end))
        return false;
    for (const char *point = at + 4; point + 2 < stop; point++) /* "Drøftet. Sagen forelægges udvalget på ny den ..." */
        if (*point == '.' && point[1] == ' ' && point[-1] >= 'a' && point[-2] >= 'a' && point[-3] >= 'a' && point[-4] >= 'A')
            return false;
    bool numbered = behind < end && *behind == ',' && start - at > 4 && start[-2] == ',';
    if (!body && !numbered)
        return false;
    *day = date.day;
    return true;
}

/* "KB:", "ØU:", "MPU:", "BR:": the council by its letters, or a committee, whose letters end with U. */
size_t initials_at(const char *at, const char *end)
{
    const unsigned char *cursor = (const unsigned char *)at, *marker = cursor;
    (void)marker;
    if (end - at < 4)
        return 0;
    /*!re2c
    letters = "KB" | "BR" | "BY" | "RR" | "AR" | "ØK" | [A-ZÆØÅ]{1,4} "U";
    letters ":" sp { return (const char *)cursor < end ? (size_t)((const char *)cursor - at) : 0; }
    * { return 0; }
    */
}

/* "Kommunalbestyrelsen vedtog indstillingen", "Indstillingen blev derefter godkendt": older minutes tell the decision in
 * a sentence and set no heading over it. A figure near by shows the history of the case: "besluttede den 5. maj". */
bool decision_told_at(const char *at, const char *end)
{
    const unsigned char *cursor = (const unsigned char *)at, *marker = cursor;
    size_t left = (size_t)(end - at) < 70 ? (size_t)(end - at) : 70;
    for (size_t i = 0; i < left; i++)
        if (at[i] >= '0' && at[i] <= '9')
            return false;
    (void)marker;
    /*!re2c
    small = [a-zæøå];
    body = "Kommunalbestyrelsen" | "Byrådet" | "Regionsrådet" | "Amtsrådet" | "Magistraten" | "Udvalget"
        | [A-ZÆØÅ] small* ("-" (sp "og" sp [A-ZÆØÅ] small*)?)? ("udvalget" | "rådet");
    told = "vedtog" | "imødekom" | "stadfæstede" | "bevilger" | "vedtager" | "udsætter" | "godkendte" | "godkender" | "tiltrådte" | "tiltræder" | "besluttede" | "tog" | "udsatte" | "anbefaler"
        | "anbefalede" | "afviste" | "afslog" | "drøftede" | "forkastede" | "bevilgede" | "henviste" | "oversendte";
    subject = "Indstillingen" | "Forvaltningens indstilling" | "Administrationens indstilling" | "Udvalgets indstilling"
        | "Sagen" | "Punktet" | "Orienteringen";
    become = "vedtaget" | "godkendt" | "tiltrådt" | "udsat" | "taget til efterretning" | "forkastet" | "afvist";
    body sp told sp { return (const char *)cursor <= end; }
    subject sp ("blev" | "er") sp (small+ sp){0,2} become { return (const char *)cursor <= end; }
    * { return false; }
    */
}
