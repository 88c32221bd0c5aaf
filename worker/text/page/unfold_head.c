/* unfold_head: where, in a line that holds a page, the heading of an item begins, and where its title ends. Pure.
 *
 * Behind a sentence a number, a point and a capital begin a heading. Behind anything else they do so if the number is
 * the next of one that was seen already: "... Birthe Sønderbæk 7. LUKKET SAG". A title ends at a label (unfold.c), at a
 * case number without a label, or with its last word where it is one that every agenda has: "1. Meddelelser". */
#include "unfold.h"

#include "entity.h"
#include "words.h"

#include <string.h>

static bool is_capital(const char *at, const char *end)
{
    unsigned char first = at < end ? (unsigned char)*at : 0, second = at + 1 < end ? (unsigned char)at[1] : 0;
    return (first >= 'A' && first <= 'Z') || (first == 0xC3 && second >= 0x80 && second <= 0x9E);
}

/* The number at `at` of one to three figures, and the point behind it; 0 if there is none. */
static unsigned number_at(const char **at, const char *end)
{
    const char *cursor = *at;
    unsigned number = 0;
    while (cursor < end && cursor - *at < 3 && is_digit(*cursor))
        number = number * 10 + (unsigned)(*cursor++ - '0');
    *at = cursor;
    return number;
}

/* Is the number the next of one that was seen later than itself? */
static bool is_next(const uint32_t *seen, unsigned number)
{
    return number > 1 && seen[number - 1] > seen[number];
}

static void begin(struct fold *fold, uint32_t *seen, unsigned number, const char *title)
{
    seen[number] = ++fold->count;
    fold->title = title;
}

/* "PR. 30. APRIL", "jf. 2. Del": a point that ends a short word, no sentence; "tandplejelovens 3. Økonomi": a
 * paragraph that lost its sign. */
static bool shortened(const char *base, const char *at)
{
    if (at - base > 8 && memcmp(at - 7, "lovens ", 7) == 0)
        return true;
    static const struct span words[] = {WORD(" pr. "), WORD(" PR. "), WORD(" nr. "), WORD(" NR. "), WORD(" jf. "),
                                        WORD(" JF. "), WORD(" ca. "), WORD(" CA. "), WORD(" kl. "), WORD(" KL. ")};
    for (size_t i = 0; at - base >= 5 && i < sizeof words / sizeof *words; i++)
        if (memcmp(at - 5, words[i].at, 5) == 0)
            return true;
    return false;
}

/* "7 stemmer mod 3. For stemte ...", "fra den 2. Maj": the word before the figure wants it. */
static bool wanted(const char *base, const char *at)
{
    static const struct span words[] = {WORD(" mod "), WORD(" imod "), WORD(" til "), WORD(" med "),
                                        WORD(" af "),  WORD(" fra "),  WORD(" på "),  WORD(" for "),
                                        WORD(" og "),  WORD(" den "),  WORD(" de "),  WORD(" i ")};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if ((size_t)(at - base) > words[i].size && memcmp(at - words[i].size, words[i].at, words[i].size) == 0)
            return true;
    return false;
}

/* The size of a title that every agenda has at `title`, or 0. */
static size_t standing_size(const char *title, const char *end)
{
    static const struct span titles[] = {WORD("Godkendelse af dagsordenen"),
                                         WORD("Godkendelse af dagsorden"),
                                         WORD("GODKENDELSE AF DAGSORDEN"),
                                         WORD("Godkendelse af referat"),
                                         WORD("Godkendelse af protokol"),
                                         WORD("Meddelelser"),
                                         WORD("MEDDELELSER"),
                                         WORD("Orientering fra formanden"),
                                         WORD("Orientering"),
                                         WORD("ORIENTERING"),
                                         WORD("Gensidig orientering"),
                                         WORD("Eventuelt"),
                                         WORD("EVENTUELT"),
                                         WORD("Spørgetid"),
                                         WORD("Fraværende")};
    struct span text = {title, (size_t)(end - title)};
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (span_starts(text, titles[i]) && (text.size == titles[i].size || title[titles[i].size] == ' '))
            return titles[i].size;
    return 0;
}

size_t fold_standing(const char *title, const char *end)
{
    size_t size = standing_size(title, end);
    const char *next = title + size + 1;
    if (!size || end - next < 2)
        return 0;
    return (is_capital(next, end) && !is_capital(next + 1, end)) || (*next == '-' && next[1] == ' ') ? size : 0;
}

/* "2 (Åben) Title", "2. (Lukket) Title": the size of the mark, or 0. */
static size_t access_size(const char *at, const char *end)
{
    static const struct span marks[] = {WORD(" (Åben) "), WORD(" (Lukket) "), WORD(". (Åben) "), WORD(". (Lukket) ")};
    struct span text = {at, (size_t)(end - at)};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (span_starts(text, marks[i]))
            return marks[i].size;
    return 0;
}

bool fold_number(struct fold *fold, const char *base, const char *at, const char *end)
{
    const char *title = at;
    unsigned number = number_at(&title, end);
    if (title == at || end - title < 4)
        return false;
    size_t access = access_size(title, end);
    if (!access && *title != '.')
        return false;
    title += access ? access : 1;
    const char *point = access ? NULL : title;
    while (title < end && *title == ' ' && title - at < 8)
        title++;
    if (!is_capital(title, end) || end - title < 3)
        return false;
    bool stuck = title == point; /* "47.Godkendelse", which no sentence has but "d. 1.Maj" */
    if (stuck && !((title[1] | 0x20) >= 'a' && (title[1] | 0x20) <= 'z'))
        return false;
    bool over = at == base || sentence_over(base, at) || (is_next(fold->figures, number) && !wanted(base, at)) ||
                standing_size(title, end);
    if (!over || shortened(base, at) || date_at(at, end).size)
        return false;
    begin(fold, fold->figures, number, title);
    return true;
}

bool fold_word(struct fold *fold, const char *base, const char *at, const char *end, size_t lead, size_t *size)
{
    const char *cursor = at + lead, *digits = cursor;
    unsigned number = number_at(&cursor, end);
    if (cursor == digits || cursor >= end || is_digit(*cursor))
        return false;
    while (cursor < end && cursor - digits < 10 && strchr(" .:-\t", *cursor))
        cursor++;
    if (cursor == digits || !(is_capital(cursor, end) || *cursor == '"') || cursor[-1] == '.' || cursor[-1] == ':')
        return false;
    if (at > base && !sentence_over(base, at) && !is_next(fold->words, number))
        return false;
    begin(fold, fold->words, number, cursor);
    *size = (size_t)(cursor - at);
    return true;
}

/* A number that no title has: a subject with its facet, a year or an authority and a running number. */
size_t fold_case(const char *at, const char *end)
{
    struct number_match match = case_number_at(at, end);
    const char *behind = at + match.size, *slash;
    switch (match.shape) {
    case NUMBER_KLE:
    case NUMBER_KLE_BARE:
    case NUMBER_KLE_CASE:
    case NUMBER_AUTHORITY:
    case NUMBER_YEAR_LONG:
    case NUMBER_LETTERS:
    case NUMBER_REGION:
    case NUMBER_LONG_SLASH: break;
    case NUMBER_SLASH: /* "19/118"; "1/10" is a day */
        slash = memchr(at, '/', match.size);
        if (slash - at != 2 || behind - slash < 4)
            return 0;
        break;
    default: return 0;
    }
    bool apart = behind == end || (*behind == ' ' && (is_capital(behind + 1, end) || is_digit(behind[1])));
    bool day = (match.shape == NUMBER_KLE_BARE || match.shape == NUMBER_SLASH) && date_at(at, end).size;
    return apart && !day ? match.size : 0;
}
