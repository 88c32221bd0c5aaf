/* unfold_decider: the headings that say who decided and when, amid a line that holds a page. Pure. */
#include "decider.h"
#include "unfold.h"

#include <string.h>

static bool is_capital(unsigned char first, unsigned char second)
{
    return (first >= 'A' && first <= 'Z') || (first == 0xC3 && second >= 0x80 && second <= 0x9E);
}

bool names_body(const char *at, const char *end)
{
    static const char *const tails[] = {"udvalget", "Udvalget", "rådet",  "styrelsen",
                                        "nævnet",   "Udvalg",   "udvalg", "Byråd"};
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        size_t size = strlen(tails[i]);
        if ((size_t)(end - at) >= size && memcmp(end - size, tails[i], size) == 0)
            return true;
    }
    return false;
}

/* Words that stand before the name of a body: "Beslutning i Børne- og Ungeudvalget", "Udvalget for Kultur- og ...". */
static bool starts_decider(const char *at)
{
    static const char *const words[] = {"Beslutning",  "BESLUTNING", "Behandl", "Afgørelse",
                                        "Indstilling", "Udvalg",     "Referat"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strncmp(at, words[i], strlen(words[i])) == 0)
            return true;
    return false;
}

/* "Leje af lokaler Kommunalbestyrelsens beslutning den ...:": a body in one word begins later, and no "og" or hyphen
 * before it makes it the second half of a name. */
static bool body_later(const char *at, const char *stop)
{
    static const char *const joints[] = {" og ", " i ", " for ", " af ", "- "};
    for (const char *word = at; (word = memchr(word, ' ', (size_t)(stop - word))) && stop - ++word > 6;) {
        const char *last = word;
        while (last < stop && *last != ' ' && *last != ',')
            last++;
        bool half = !is_capital((unsigned char)word[0], (unsigned char)word[1]);
        for (size_t i = 0; i < sizeof joints / sizeof *joints && !half; i++) {
            size_t size = strlen(joints[i]);
            half = (size_t)(word - at) >= size && memcmp(word - size, joints[i], size) == 0;
        }
        if (!half && (names_body(word, last) || names_body(word, last - (last[-1] == 's'))))
            return true;
    }
    return false;
}

/* "Byrådet den 26. juni 2012:" in the middle of a line: the size of it, or 0. A body's name is one to four words. */
size_t decider_size(const char *at, const char *end)
{
    const char *limit = end - at < 131 ? end : at + 131, *stop = at;
    while ((stop = bytes_find4(stop, limit, ':', '.', '\n', ':')) < limit && *stop == '.' &&
           !(stop + 2 < end && stop[1] == ' ' && !is_digit(stop[-1])))
        stop++;
    if (stop >= limit || *stop != ':')
        return 0;
    struct day day;
    if (!decider_at(at, stop + 1, &day))
        return 0;
    /* "Kunstindkøb Kultur- og Fritidsudvalget, den ...": the end of a title and then the body, which begins later */
    const char *half = at;
    while (half < stop && *half != ' ' && *half != '-')
        half++;
    while (half + 5 < stop && memcmp(half, "- og ", 5) != 0)
        half++;
    const char *word = half;
    while (word > at && word[-1] != ' ')
        word--;
    bool later = half + 5 < stop && word > at + 1 && is_capital((unsigned char)word[0], (unsigned char)word[1]);
    return !starts_decider(at) && (later || body_later(at, stop)) ? 0 : (size_t)(stop + 1 - at);
}

/* "BESLUTNING Udvalget for Kultur, den 14. maj 2013 Godkendt.": the day stands behind `den`, and the decision right
 * behind the day. The size up to it, or 0. */
static size_t dated_size(const char *at, const char *den, const char *end)
{
    struct day day;
    const char *stop = den + date_at(den, end).size;
    bool answer =
        stop > den && end - stop > 2 && *stop == ' ' && is_capital((unsigned char)stop[1], (unsigned char)stop[2]);
    return answer && decider_at(at, stop, &day) ? (size_t)(stop - at) : 0;
}

/* "Beslutning i Byrådet den Godkendt.", "Beslutning Byrådet den": transcripts lose the figures of a day. The size up to
 * "den", or to the day where it is left; or 0. */
size_t undated_size(const char *at, const char *end)
{
    if (end - at < 20 || (memcmp(at, "Beslutning ", 11) != 0 && memcmp(at, "BESLUTNING ", 11) != 0))
        return 0;
    bool in = at[11] == 'i' && at[12] == ' ';
    for (const char *cursor = at + 11; cursor + 6 < end && cursor - at < 120; cursor++) {
        if (strchr(".:;\n", *cursor))
            return 0;
        if (memcmp(cursor, " den ", 5) == 0 && is_digit(cursor[5]))
            return dated_size(at, cursor + 1, end);
        if (memcmp(cursor, " den ", 5) == 0 && !in && !names_body(at, cursor))
            return 0;
        if (memcmp(cursor, " den ", 5) == 0)
            return is_capital((unsigned char)cursor[5], (unsigned char)cursor[6]) ? (size_t)(cursor + 4 - at) : 0;
    }
    return 0;
}
