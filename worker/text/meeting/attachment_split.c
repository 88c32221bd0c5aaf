/* attachment_split: where one title of a list of attachments ends and the next begins on the same line. Pure.
 *
 * "Bilag: 1. Kort 2. Notat", "Bilag: • Kort • Notat", "Kort.pdf Notat.docx", "Kort (123/20), Notat (124/20)": pages and
 * transcripts lose the line ends of a list, and clerks save them. What parts the titles is told by the line itself.
 * Source: published minutes. */
#include "decision.h"
#include "words.h"

#include <string.h>

static bool is_capital(struct span text, size_t at)
{
    unsigned char first = at < text.size ? (unsigned char)text.at[at] : 0,
                  second = at + 1 < text.size ? (unsigned char)text.at[at + 1] : 0;
    return (first >= 'A' && first <= 'Z') || (first == 0xC3 && second >= 0x80 && second <= 0x9E);
}

/* The size of a bullet in the middle of a line, with the space behind it; 0 if there is none. */
size_t attachment_bullet(struct span text)
{
    static const struct span bullets[] = {WORD("• "), WORD("· "), WORD("▪ "), WORD("● "),
                                          WORD("‣ "), WORD("✓ "), WORD("→ "), WORD("» ")};
    for (size_t i = 0; i < sizeof bullets / sizeof *bullets; i++)
        if (span_starts(text, bullets[i]))
            return bullets[i].size;
    return 0;
}

static const struct span endings[] = {WORD(".pdf"),  WORD(".docx"), WORD(".doc"), WORD(".xlsx"), WORD(".xls"),
                                      WORD(".pptx"), WORD(".jpg"),  WORD(".png"), WORD(".msg"),  WORD(".zip")};

bool attachment_files(struct span line)
{
    bool file = false;
    if (line.size < 6 || (line.at[line.size - 4] != '.' && line.at[line.size - 5] != '.'))
        return false;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        file = file || (line.size > endings[i].size + 1 && word_ends(line, endings[i]));
    return file && line.size < 2000 && !text_holds(line, ". ");
}

/* Behind the ending of a file another file may begin: "Ansøgning.pdf tidsplan.docx", "Notat.pdf, Kort". Gives where the
 * ending stops if `at` is its point, or 0. */
static size_t file_end(struct span text, size_t at)
{
    const uint32_t firsts = 1u << ('p' & 31) | 1u << ('d' & 31) | 1u << ('x' & 31) | 1u << ('j' & 31) |
                            1u << ('m' & 31) | 1u << ('z' & 31); /* of `endings` */
    for (size_t i = 0; firsts >> (text.at[at + 1] & 31) & 1 && i < sizeof endings / sizeof *endings; i++) {
        size_t stop = at + endings[i].size;
        bool file = stop + 1 < text.size && memcmp(text.at + at, endings[i].at, endings[i].size) == 0;
        if (file && is_capital(text, stop)) /* "Kort.pdfNotat.pdf": pages lose the space as well */
            return stop;
        if (file && (text.at[stop] == ' ' || (text.at[stop] == ',' && text.at[stop + 1] == ' ')))
            return stop;
    }
    return 0;
}

/* A point that leads the ending of a file stands behind `from`, not too far away. */
static bool file_behind(struct span text, size_t from)
{
    for (size_t at = from; at + 3 < text.size && at - from < 300; at++)
        if (text.at[at] == '.' && text.at[at + 1] >= 'a' && text.at[at + 1] <= 'z' && text.at[at + 2] >= 'a')
            return true;
    return false;
}

/* "Bilag 2:", "Bilag 2 - Hvidbog", "Bilag B. Hvidbog": a title's own lead. */
static bool is_lead(struct span text, size_t at)
{
    struct span rest = span_cut(text, at, text.size);
    if (!span_starts(rest, SPAN("Bilag ")) || rest.size < 9)
        return false;
    size_t mark = 6;
    while (mark < rest.size && is_digit(rest.at[mark]))
        mark++;
    bool letter = mark == 6 && rest.at[6] >= 'A' && rest.at[6] <= 'Z';
    if (mark == 6 && !letter)
        return false;
    mark += letter;
    if (mark + 1 >= rest.size)
        return false;
    return strchr(":.", rest.at[mark]) ||
           (rest.at[mark] == ' ' && (is_capital(rest, mark + 1) || rest.at[mark + 1] == '-'));
}

/* "1 Kort 2 Notat": the bare number that is due at `at`, where the one before it led the title. */
static bool bare_due(struct span text, size_t at, size_t number)
{
    size_t first = 0, due = 0, cursor = 0;
    while (cursor < text.size && is_digit(text.at[cursor]) && cursor < 3)
        first = first * 10 + (size_t)(text.at[cursor++] - '0');
    bool led = cursor && first + 1 == number && text.at[cursor] == ' ' && is_capital(text, cursor + 1);
    for (cursor = at; led && cursor < text.size && is_digit(text.at[cursor]) && cursor - at < 3; cursor++)
        due = due * 10 + (size_t)(text.at[cursor] - '0');
    return led && due == number && cursor < text.size && text.at[cursor] == ' ' && is_capital(text, cursor + 1);
}

/* "a. Kort b. Notat": the letter that is due at `at`, where one led the first title. */
static bool letter_due(struct span text, size_t at, size_t number)
{
    char due = (char)('a' + (char)(number < 26 ? number - 1 : 25));
    return (text.at[at] | 0x20) == due && (text.at[0] | 0x20) == due - 1 && text.at[1] == text.at[at + 1] &&
           strchr(".)", text.at[1]) && text.at[at + 2] == ' ' && is_capital(text, at + 3);
}

/* The size of "3. " or "3) " before a capital at `at` if it is the number looked for, or 0. */
static size_t number_lead(struct span text, size_t at, size_t number)
{
    size_t value = 0, cursor = at;
    while (cursor < text.size && cursor - at < 3 && is_digit(text.at[cursor]))
        value = value * 10 + (size_t)(text.at[cursor++] - '0');
    bool mark = cursor > at && cursor + 2 < text.size && strchr(".)", text.at[cursor]) && text.at[cursor + 1] == ' ';
    return mark && value == number && is_capital(text, cursor + 2) ? cursor + 2 - at : 0;
}

/* "48311/11 2 Åben Høringssvar": a row of a list that has lost its line ends. */
static bool access_lead(struct span text, size_t at, size_t number)
{
    size_t value = 0, cursor = at;
    while (cursor < text.size && cursor - at < 3 && is_digit(text.at[cursor]))
        value = value * 10 + (size_t)(text.at[cursor++] - '0');
    struct span rest = span_cut(text, cursor, text.size);
    return value == number && (span_starts(rest, SPAN(" Åben ")) || span_starts(rest, SPAN(" Lukket ")));
}

static bool access_word(struct span text)
{
    static const struct span words[] = {WORD("Åben "), WORD("Lukket "), WORD("Åbent "), WORD("Åben\t"),
                                        WORD("Lukket\t")};
    return words_start(words, sizeof words / sizeof *words, text) > 0;
}

/* "148022/11", "214410-19" ends at `at`, behind a space: the number of a document closes its title. */
static bool number_closes(struct span text, size_t at)
{
    size_t from = at, joint = 0;
    for (; from && at - from < 12 && (is_digit(text.at[from - 1]) || strchr("/-", text.at[from - 1])); from--)
        if (!is_digit(text.at[from - 1])) {
            if (joint)
                return false;
            joint = from - 1;
        }
    bool apart = from > 1 && text.at[from - 1] == ' ';
    return apart && joint && joint - from >= 4 && at - joint == 3;
}

/* "Skodborg og Vamdrup": names alone go on with a list of places rather than begin a title. */
static bool only_names(struct span text, size_t at)
{
    size_t words = 0, stop = at;
    while (stop < text.size && text.at[stop] != ',')
        stop++;
    for (size_t cursor = at; cursor < stop;) {
        size_t word = cursor;
        while (word < stop && text.at[word] != ' ')
            word++;
        bool joint = word - cursor == 2 && memcmp(text.at + cursor, "og", 2) == 0;
        if (!joint && !is_capital(text, cursor))
            return false;
        words += joint;
        cursor = word + 1;
    }
    return words > 0;
}

/* "Notat om takster. Kort over havnen.": the titles are parted like sentences; a short word in front is shortened. */
static bool sentence_ends(struct span text, size_t at)
{
    size_t word = at;
    while (word && text.at[word - 1] != ' ')
        word--;
    bool year = at - word == 4 && is_digit(text.at[word]) && is_digit(text.at[at - 1]);
    bool letters = at - word > 4;
    for (size_t i = word; i < at && letters; i++)
        letters = text.at[i] != '.' && !is_digit(text.at[i]);
    return (year || letters) && at + 3 < text.size && text.at[at + 1] == ' ' && is_capital(text, at + 2);
}

/* "Kort Dok. 306-2020-188013 Tidsplan": a number that a word leads ends at `at`. */
static bool led_number(struct span text, size_t at)
{
    static const struct span words[] = {WORD("ok."),  WORD("nr."), WORD("nr"),  WORD("ok.nr.:"),
                                        WORD("ID:"),  WORD("Id:"), WORD("id:"), WORD("id"),
                                        WORD("id.:"), WORD("ok"),  WORD("nr.:")};
    size_t from = at;
    while (from && at - from < 20 && (is_digit(text.at[from - 1]) || strchr("/-", text.at[from - 1])))
        from--;
    if (at - from < 4 || from < 4 || text.at[from - 1] != ' ')
        return false;
    struct span before = span_cut(text, 0, from - 1);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (word_ends(before, words[i]))
            return true;
    return false;
}

/* An entry may end at the byte, whatever stands before it. */
static bool may_part(char c)
{
    static const unsigned char parts[256] = {
        ['B'] = 1, ['.'] = 1, [';'] = 1, ['|'] = 1, [','] = 1, [')'] = 1, [']'] = 1, [' '] = 1};
    return parts[(unsigned char)c];
}

size_t attachment_next(struct span text, size_t from, bool inline_list, size_t number)
{
    bool dashes = span_starts(text, SPAN("- "));
    size_t own = 0; /* "(1) Kort": the bracket of the title's own number parts nothing */
    while (text.size && strchr("([", *text.at) && own < text.size && own < 6 && !strchr(")]", text.at[own]))
        own++;
    while (!own && from < 4 && from < text.size && is_digit(text.at[from]))
        from++; /* "12) Kort" */
    if (!own && from < text.size && is_digit(*text.at) && text.at[from] == ')')
        own = from;
    for (size_t at = from; at + 3 < text.size; at++) {
        char c = text.at[at], before = text.at[at - 1];
        if (before != ' ' && !may_part(c)) /* as most */
            continue;
        if (c == 'B' && is_lead(text, at) && (before == ' ' || strchr("0123456789", text.at[at + 6])))
            return at; /* "NotatBilag 2: Kort": pages lose the space as well */
        if (c == '.' && file_end(text, at)) {
            size_t stop = file_end(text, at);
            if (is_capital(text, stop))
                return stop;
            if (text.at[stop] == ',' ||
                (text.at[stop + 1] != '(' && text.at[stop + 1] != '[' && file_behind(text, stop + 1)))
                return stop + 1;
        }
        if ((unsigned char)c >= 0x80 && before == ' ' && attachment_bullet(span_cut(text, at, text.size)))
            return at;
        if (c == '-' && dashes && before == ' ' && text.at[at + 1] == ' ')
            return at;
        if ((c == ';' && text.at[at + 1] == ' ') || (c == '|' && before == ' ' && text.at[at + 1] == ' '))
            return at + 1;
        if (is_digit(c) && before == ' ' && number > 1 && number_lead(text, at, number))
            return at;
        if (before == ' ' && inline_list && number > 1 &&
            (letter_due(text, at, number) || (is_digit(c) && bare_due(text, at, number))))
            return at;
        if (is_digit(c) && before == ' ' && number > 1 && access_lead(text, at, number))
            return at;
        if (is_digit(before) && c == ' ' && inline_list && is_capital(text, at + 1) && led_number(text, at))
            return at + 1;
        if (is_digit(before) && c == ' ' && number_closes(text, at) &&
            (access_word(span_cut(text, at + 1, text.size)) || (inline_list && is_capital(text, at + 1))))
            return at + 1;
        bool closes = (c == ')' || c == ']') && is_digit(before) && at > own;
        size_t next = at + 1 + (closes && text.at[at + 1] == ',');
        if (closes && text.at[next] == ' ' && is_capital(text, next + 1))
            return next;
        if (closes && inline_list && next + 5 < text.size && memcmp(text.at + next, " og ", 4) == 0 &&
            is_capital(text, next + 4))
            return next;
        if (c == '.' && inline_list && sentence_ends(text, at))
            return at + 1;
        if (c == ',' && inline_list && text.at[at + 1] == ' ' && is_capital(text, at + 2) && !only_names(text, at + 2))
            return at + 1;
    }
    return text.size;
}
