/* law_title: how far the title of an act reaches, behind "lov om" or behind its number.
 *
 * Known titles know where they end (act.def). How far others reach is told by the words that can not stand in a title.
 * Source: Retsinformation's titles. Pure. */
#include "law.h"

#include <stddef.h>
#include <string.h>

/*!re2c
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYCURSOR = cursor;
    re2c:define:YYMARKER = marker;
    re2c:yyfill:enable = 0;

    small = [a-zæøåéäöü];
    capital = [A-ZÆØÅÉÄÖÜ];
    letter = small | capital;
    gap = " "{1,3} | " "* "\n" " "*;
*/

/* Titles that follow "lov om" most often; the longest wins. Words outside are judged one by one. */
static const char *const titles[] = {
#define ACT(title) title,
#include "act.def"
#undef ACT
};

/* The two texts are the same where a run of white space counts as one space; gives the size on the left, or 0. */
static size_t same_words(const char *at, const char *end, const char *words)
{
    const char *cursor = at;
    while (*words && cursor < end) {
        if (*words == ' ') {
            if (*cursor != ' ' && *cursor != '\n')
                return 0;
            while (cursor < end && (*cursor == ' ' || *cursor == '\n'))
                cursor++;
            words++;
            continue;
        }
        if (*cursor != *words)
            return 0;
        cursor++;
        words++;
    }
    return *words || (cursor < end && law_letter(cursor)) ? 0 : (size_t)(cursor - at);
}

enum title_word { TITLE_END, TITLE_WORD, TITLE_JOIN, TITLE_STOP, TITLE_CAPITAL };

/* One word of a title that is not on the list. */
static enum title_word title_word(const unsigned char **at)
{
    const unsigned char *cursor = *at, *marker = cursor;
    (void)marker;
    /*!re2c
    // Words that join parts of a title: they need a part behind them.
    "og" | "af" | "til" | "for" | "på" | "i" | "om" | "ved" | "over" | "mod" | "fra"
        | "med" { return *at = cursor, TITLE_JOIN; }
    // Words that no title holds: here the sentence goes on.
    "er" | "var" | "blev" | "bliver" | "skal" | "kan" | "har" | "havde" | "der" | "som" | "at" | "når" | "hvis"
        | "hvor" | "efter" | "ikke" | "samt" | "eller" | "jf" | "den" | "det"
        | "de" | "vil" | "må" | "giver" | "gælder" | "ændres" | "mv" | "denne" | "dette" | "hvorefter" | "idet"
        | "da" | "træder" | "ligger" | "sker" | "blevet" | "siger" | "fastsætter" | "kræver"
        | "stiller" | "hvilket" | "men" | "få" | "fik" | "får" | "nye" | "ny" | "aftale" | "aftalen" | "loven"
        | "kommunen" | "byrådet" | "regler" | "reglerne" | "herunder" | "hvorved" | "inden" | "senest"
        | "udløber" | "betyder" | "medfører" | "indebærer" | "bestemmer" | "pålægger" | "forpligter"
        | "kommune" | "kapitel" | "afsnit" | "artikel" | "kap" { return *at = cursor, TITLE_STOP; }
    // "ændringer i det kommunale skolevæsen"
    ("det" | "den" | "de") gap ("kommunale" | "offentlige" | "statslige" | "almene" | "private" | "sociale" | "regionale") { return *at = cursor, TITLE_WORD; }
    small+ ("-" small+)* "-"? | "-" small{3,} { return *at = cursor, TITLE_WORD; }
    capital letter+ { return *at = cursor, TITLE_CAPITAL; }
    * { return TITLE_END; }
    */
}

/* "den", "det", "de" from `at` to `stop`, behind which an adjective stands: "planlægning af den præhospitale indsats". */
static bool is_article(const unsigned char *at, const unsigned char *stop)
{
    bool article = stop - at >= 2 && stop - at <= 3 && memcmp(at, "de", 2) == 0 && (stop - at == 2 || strchr("nt", at[2]));
    const char *word = (const char *)stop + 1, *end = word;
    while (law_letter(end))
        end++;
    return article && *stop == ' ' && end - word > 4 && end[-1] == 'e' && *end == ' ' && end[1] >= 'a';
}

/* "om ændring af lov om planlægning": the word "lov" at `at` is part of the title that begins at `title`. */
static bool changes_act(const char *at, const char *title)
{
    static const char words[] = "ændring af ";
    size_t size = sizeof words - 1;
    return (size_t)(at - title) >= size && memcmp(at - size, words, size) == 0;
}

/* How far the words at `at` may be those of a title. */
static size_t title_words(const char *at, const char *end)
{
    const unsigned char *cursor = (const unsigned char *)at, *taken = cursor;
    bool joined = false, title = false;
    for (int words = 0; words < 9; words++) {
        const unsigned char *before = cursor;
        if (title && end - (const char *)cursor > 4 && (memcmp(cursor, "m.v.", 4) == 0 || memcmp(cursor, "m.m.", 4) == 0))
            return (size_t)((const char *)cursor + 4 - at);
        enum title_word word = title_word(&cursor);
        word = word == TITLE_STOP && joined && is_article(before, cursor) ? TITLE_JOIN : word;
        if (word == TITLE_END || word == TITLE_STOP || (word == TITLE_CAPITAL && words))
            break;
        if ((const char *)cursor > end)
            return 0;
        /* "lov om leje og lov om ...": a new act begins; "og" joins only nouns of one title, which a paragraph proves */
        bool act = cursor - before == 3 && memcmp(before, "lov", 3) == 0;
        if (act && (!joined || !changes_act((const char *)before, at)))
            break;
        joined = word == TITLE_JOIN;
        if (!joined) {
            taken = cursor;
            title = true;
        }
        size_t spaces = 0;
        while (cursor[spaces] == ' ' || cursor[spaces] == '\n')
            spaces++;
        if (!spaces || spaces > 40)
            break;
        cursor += spaces;
    }
    return title ? (size_t)((const char *)taken - at) : 0;
}

/* How far a title reaches that begins at `at`, behind "lov om ". */
static size_t title_size(const char *at, const char *end)
{
    size_t best = 0;
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        size_t size = *titles[i] == *at ? same_words(at, end, titles[i]) : 0;
        best = size > best ? size : best;
    }
    return best ? best : title_words(at, end);
}

/* A title joined by "og" reaches so far only if a paragraph or a point shows its end; else it ends before the "og". */
static size_t title_cut(const char *at, size_t size, const char *end)
{
    const char *stop = at + size;
    const char *next = stop;
    while (next < end && (*next == ' ' || *next == '\n' || *next == ','))
        next++;
    bool shown =
        next >= end || (unsigned char)*next == 0xC2 || *stop == '.' || *stop == '\n' || *stop == ')' || *stop == ',';
    if (shown)
        return size;
    for (const char *cursor = at + 1; cursor + 4 < stop; cursor++)
        if (memcmp(cursor, " og ", 4) == 0 && cursor[-1] != '-' && cursor[4] != '-') /* "bygge- og anlægsarbejder" */
            return (size_t)(cursor - at);
    return size;
}

/* The title is one of the known ones, which know where they end. */
static bool is_known_title(const char *at, size_t size)
{
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (*titles[i] == *at && same_words(at, at + size, titles[i]) == size)
            return true;
    return false;
}

/* "lov om køb, salg og leje ...": the words of a list behind a title of one word, up to what stands behind its "og". The
 * size of the list with its commas, or 0. */
static size_t title_list(const char *at, size_t size, const char *end)
{
    if (memchr(at, ' ', size))
        return 0;
    const char *cursor = at + size;
    for (int words = 0; words < 4 && end - cursor > 2 && cursor[0] == ',' && cursor[1] == ' '; words++) {
        const unsigned char *word = (const unsigned char *)cursor + 2, *stop = word;
        if (title_word(&stop) != TITLE_WORD || stop - word < 3 || (const char *)stop > end)
            return 0;
        cursor = (const char *)stop;
        bool act = stop - word > 4 && (memcmp(stop - 3, "lov", 3) == 0 || memcmp(stop - 5, "loven", 5) == 0);
        if (act)
            return 0;
        if (end - cursor > 6 && memcmp(cursor, " og ", 4) == 0) {
            size_t more = title_size(cursor + 4, end);
            return more ? (size_t)(cursor + 4 - at) - size + more : 0;
        }
    }
    return 0;
}

/* "Bekendtgørelse om kommunernes budget- og regnskabsvæsen, revision m.v., § 9": a title with commas up to a m.v. */
static size_t mv_size(const char *at, const char *end)
{
    const char *cursor = at;
    while (cursor < end && cursor - at < 60 && *cursor != '.' && *cursor != '\n' && *cursor != ';' && *cursor != ':')
        cursor++;
    bool mv = end - cursor >= 3 && cursor - at >= 3 && memcmp(cursor - 2, " m.v.", 5) == 0;
    return mv ? (size_t)(cursor + 3 - at) : 0;
}

size_t law_title(const char *at, const char *end)
{
    size_t whole = title_size(at, end);
    if (!whole)
        return 0;
    size_t mv = at[whole] == ',' || at[whole] == ' ' ? mv_size(at + whole, end) : 0;
    bool known = !mv && is_known_title(at, whole);
    size_t list = mv || known ? 0 : title_list(at, whole, end);
    size_t size = known ? whole : mv || list ? whole + mv + list : title_cut(at, whole, end);
    if (end - at >= (ptrdiff_t)size + 4 && memcmp(at + size, " mv.", 4) == 0)
        size += 4;
    else if (end - at >= (ptrdiff_t)size + 5 && memcmp(at + size, " m.v.", 5) == 0)
        size += 5;
    return size;
}

size_t law_title_of_number(const char *at, const char *end)
{
    const char *cursor = at;
    while (cursor < end && (*cursor == ' ' || *cursor == '\n'))
        cursor++;
    if (cursor == at || end - cursor < 4 || memcmp(cursor, "om ", 3) != 0)
        return 0;
    size_t size = title_size(cursor + 3, end);
    if (!size)
        return 0;
    /* "bekendtgørelse nr. 977 om planlægning af den præhospitale indsats": behind its number an act has its whole title */
    if (end - cursor > (ptrdiff_t)size + 7 && memcmp(cursor + 3 + size, " af ", 4) == 0) {
        size_t whole = title_words(cursor + 3, end);
        size = whole > size && strchr(".,)\n", cursor[3 + whole]) ? whole : size;
    }
    const char *stop = cursor + 3 + size;
    /* "..., diæter m.v." */
    const char *more = stop;
    for (int part = 0; part < 3 && more < end && *more == ',' && more[1] == ' '; part++) {
        const char *word = more + 2;
        while (word < end && law_letter(word))
            word++;
        more = word;
        if (end - more >= 5 && memcmp(more, " m.v.", 5) == 0)
            return (size_t)(more + 5 - at);
    }
    return (size_t)(cursor - at) + 3 +
           (end - stop >= 5 && memcmp(stop, " m.v.", 5) == 0 ? size + 5 : title_cut(cursor + 3, size, end));
}
