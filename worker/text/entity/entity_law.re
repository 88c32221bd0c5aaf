/* entity_law: acts, orders and paragraphs.
 *
 * A reference is an act by name ("serviceloven", "lov om leje"), by number ("LBK nr. 47 af 15/01/2019"), or a bare
 * paragraph; paragraphs that follow a name belong to it. How far "lov om ..." reaches is told by the words that can
 * not stand in a title. Source: Retsinformation's titles and forms of citation, Justitsministeriets vejledning. */
#include "entity.h"

#include <stddef.h>
#include <string.h>

/*!re2c
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYCURSOR = cursor;
    re2c:define:YYMARKER = marker;
    re2c:yyfill:enable = 0;

    digit = [0-9];
    small = [a-zæøåéäöü];
    capital = [A-ZÆØÅÉÄÖÜ];
    letter = small | capital;
    gap = " "{1,3} | " "* "\n" " "*;
    gap0 = gap?;
    // One paragraph with all that is below it: 17, stk. 4, nr. 1, litra a, 2. pkt. The letter i is a preposition.
    suffix = gap0 [a-hj-zA-E];
    below = ","? gap "stk" "."? gap0 digit{1,2} (("-" | "–" | gap "og" gap | ", ") digit{1,2})?
        | ","? gap "nr" "."? gap0 digit{1,3} (("-" | "–" | gap "og" gap) digit{1,3})?
        | ","? gap "litra" gap [a-z] | ","? gap digit{1,2} ". pkt" "."? | ","? gap "pkt" "."? gap0 digit{1,2};
    one = digit{1,4} below*;
    mark = "§" gap0;
    marks = "§§" gap0 | "§ §" gap0 | "paragraf" gap;
*/

/* The size of the paragraphs at `at` ("§ 3, stk. 1", "§§ 3 og 24"), or 0; "§ 3 eller § 4" are two. */
static size_t paragraphs(const char *at)
{
    const unsigned char *start = (const unsigned char *)at, *cursor = start, *marker = cursor;
    const unsigned char *taken = NULL;
    bool many = false;
    (void)marker;
head:
    /*!re2c
    marks one { many = true; goto number; }
    mark one { goto number; }
    * { return taken ? (size_t)(taken - start) : 0; }
    */
number:
    taken = cursor;
    /* "§ 3 a": a letter of its own, then what is below it */
    /*!re2c
    suffix below* { goto letter; }
    * { cursor = taken; goto more; }
    */
letter : {
    const unsigned char *behind = taken;
    while (*behind == ' ' || *behind == '\n')
        behind++;
    unsigned char next = behind[1];
    bool word = ((next | 0x20) >= 'a' && (next | 0x20) <= 'z') || next == 0xC3;
    bool time = next == '.' && ((behind[2] | 0x20) >= 'a' && (behind[2] | 0x20) <= 'z');
    /* "§ 16 A, stk. 2": a capital of an act, but "§ 17 A og V" goes on with parties */
    bool capital = *behind <= 'Z' && !strchr(".;)", next) && memcmp(behind + 1, ", stk", 5) != 0 &&
                   memcmp(behind + 1, " stk", 4) != 0;
    if (word || time || capital)
        cursor = taken;
    taken = cursor;
}
more:
    marker = cursor;
    /*!re2c
    (","? gap "og" gap | ","? gap "samt" gap | ", " gap0 | gap "jf" "."? gap
        | ", jf" "."? gap) "§" { cursor -= 2; goto again; }
    (","? gap "og" gap | ", " | "-" | "–" | " - ") digit{1,4} below* { goto listed; }
    * { return (size_t)(taken - start); }
    */
again:
    many = false;
    goto head;
listed:
    if (!many)
        return (size_t)(taken - start);
    goto number;
}

static bool word_char(const char *at)
{
    unsigned char c = (unsigned char)*at;
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c >= 0x80 || (c >= '0' && c <= '9');
}

/* The size of what is below the paragraph that ends at `at` (", stk. 2, nr. 1"), or 0. */
static size_t below_size(const char *at)
{
    const unsigned char *cursor = (const unsigned char *)at, *marker = cursor;
    (void)marker;
    /*!re2c
    below+ { return (size_t)((const char *)cursor - at); }
    * { return 0; }
    */
}

/* "styrelseslovens 17, stk. 4": transcripts lose the sign. The size of the bare number at `at`, or 0. */
static size_t bare_paragraph(const char *at)
{
    const unsigned char *cursor = (const unsigned char *)at, *marker = cursor;
    (void)marker;
    /*!re2c
    digit{1,3} below* { goto number; }
    * { return 0; }
    */
number:
    if (*cursor == ' ' && cursor[1] >= 'a' && cursor[1] <= 'z' && cursor[1] != 'i' && !word_char((const char *)cursor + 2))
        cursor += 2; /* "planlovens 11 g" */
    if (*cursor == ',') /* "retssikkerhedslovens 37 a, stk. 2" */
        cursor += below_size((const char *)cursor);
    return *cursor == ' ' || *cursor == ',' || *cursor == '.' || *cursor == ')' || *cursor == '\n'
               ? (size_t)((const char *)cursor - at)
               : 0;
}

/* "kystbeskyttelseslovens 1 a og 9 a": all bare numbers, where nothing goes on behind the last of them. */
static size_t bare_paragraphs(const char *at)
{
    size_t size = bare_paragraph(at);
    if (!size || strncmp(at + size, " og ", 4) != 0)
        return size;
    size_t more = bare_paragraph(at + size + 4);
    return more && strchr(".,)\n", at[size + 4 + more]) ? size + 4 + more : size;
}

/* "lov om jernbane 8": the same behind a title, where a number may as well count what follows. */
static size_t bare_behind_title(const char *at)
{
    size_t size = *at == ' ' && at[1] >= '1' && at[1] <= '9' ? bare_paragraphs(at + 1) : 0;
    return size && (strchr(".,)\n", at[1 + size]) || memchr(at, ',', size)) ? 1 + size : 0;
}

/* " artikel 6, stk. 1", " kapitel 3", " afsnit II": a part of an act that is no paragraph. The size of it with the space
 * before, or 0. */
static size_t chapter(const char *at)
{
    const unsigned char *cursor = (const unsigned char *)at, *marker = cursor;
    (void)marker;
    /*!re2c
    gap ('artikel' | 'art.' | 'kapitel' | 'kap.' | 'bilag' | 'afsnit') gap (digit{1,3} [a-h]? below* | [IVX]{1,5}) { goto found; }
    * { return 0; }
    */
found:
    return word_char((const char *)cursor) ? 0 : (size_t)((const char *)cursor - at);
}

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
    return *words || (cursor < end && word_char(cursor)) ? 0 : (size_t)(cursor - at);
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
    while (word_char(end))
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

enum law_form {
    FORM_NONE,
    FORM_NUMBER,
    FORM_ABOUT,
    FORM_NAME,
    FORM_GENITIVE,
    FORM_BASE,
    FORM_RULES,
    FORM_COMMON,
    FORM_SHORT_NUMBER,
    FORM_DIRECTIVE
};

static enum law_form law_form(const unsigned char **at)
{
    const unsigned char *cursor = *at, *marker = cursor;
    (void)marker;
#define FORM(name) return *at = cursor, (name)
    /*!re2c
    kind = 'lbk' | 'bek' "."? | 'cir' | 'vej' | 'bkg' "."? | 'lov' | 'lovbekendtgørelse' | 'bekendtgørelse'
        | 'cirkulære' | 'vejledning' | "Lovbekendtgørelse" | 'forordning';
    // LBK nr 47 af 15.01.2019   bekendtgørelse nr. 1772 af 27/12/2017   lov nr. 1307 af 26. november 2019
    kind gap ("nr" "."? gap0 | "(EU)" gap "nr."? gap0)? digit{1,5} gap "af" gap ("den" gap | "d." gap)? digit{1,2}
        ([./-] digit{1,2} [./ -] digit{2,4} | "." gap small+ gap digit{4}
            | [./-] gap0 small+ [./ -] digit{4}) { FORM(FORM_NUMBER); }
    kind gap "nr" "."? gap0 digit{1,5} ("/" digit{4})? { FORM(FORM_SHORT_NUMBER); }
    // udbudsdirektiv 2004/18/EF   direktiv 92/43/EØF
    ((letter small*)? "direktiv" | "Direktiv") gap ("nr" "."? gap)? digit{2,4} "/" digit{1,4} ("/" ("EF" | "EU" | "EØF"))? { FORM(FORM_DIRECTIVE); }
    // Lov om offentlige veje   bekendtgørelse om ...
    ('lov' | 'lovbekendtgørelse' | 'bekendtgørelse' | 'bekendtgørelsen' | 'cirkulære'
        | 'loven' | 'bekendtgørelse' gap 'af' gap 'lov') gap "om" gap { FORM(FORM_ABOUT); }
    // cirkulære af 4. december 1978 om kommunal budgetlægning
    ('cirkulære' 't'? | 'bekendtgørelse' | 'lov' | 'vejledning') gap "af" gap ("den" gap | "d." gap)? digit{1,2} "." gap small+ gap
        digit{4} gap "om" gap { FORM(FORM_ABOUT); }
    // serviceloven   Miljøbeskyttelseslovens § 48   VE-loven
    letter (small | "-" letter)+ "loven" | capital{2,6} "-loven" { FORM(FORM_NAME); }
    letter (small | "-" letter)+ "lovens" | "lovens" | "Lovens" | capital{2,6} "-lovens" { FORM(FORM_GENITIVE); }
    letter (small | "-" letter)+ "lov" "s"? | capital{2,6} "-lov" "s"? { FORM(FORM_BASE); }
    // the one set of rules that is cited by its name alone
    'bygningsreglementet' { FORM(FORM_NAME); }
    'bygningsreglementets' { FORM(FORM_GENITIVE); }
    // lånebekendtgørelsen   affaldsbekendtgørelsens § 4
    letter (small | "-" letter)+ ("bekendtgørelsen" | "cirkulæret" | "forordningen"
        | "direktivet") { FORM(FORM_NAME); }
    // VVM-bekendtgørelsen
    capital{2,6} "-bekendtgørelsen" { FORM(FORM_NAME); }
    capital{2,6} "-bekendtgørelsens" { FORM(FORM_GENITIVE); }
    letter (small | "-" letter)+ ("bekendtgørelsens" | "cirkulærets" | "forordningens"
        | "direktivets") { FORM(FORM_GENITIVE); }
    // Rules of the own house count with a paragraph only: styrelsesvedtægtens § 23
    (letter small+)? ('vedtægt' | 'vedtægten' | 'vedtægtens' | 'vedtægter' 'nes'?) | 'forretningsorden' "en"? "s"?
        | 'forskriften' "s"? | letter small+ ('regulativ' | 'reglement') "et"? "s"? | 'bekendtgørelsen' "s"? | 'loven'
        | letter (small)+ 'bekendtgørelse' | 'vejlednings' { FORM(FORM_RULES); }
    // the municipal acts of government and of elections: "kommunale styrelseslov", "den kommunale valglovs § 15"
    ("kommunale" gap ("styrelses" | "valg") "lov" "s"?) { FORM(FORM_COMMON); }
    * { return FORM_NONE; }
    */
#undef FORM
}

/* Words that end like the name of an act and are none. */
static bool is_no_act(const char *at, size_t size)
{
    static const char *const words[] = {"forlov",
                                        "tilslov",
                                        "byloven",
                                        "landsloven",
                                        "naturloven",
                                        "jernloven",
                                        "rammeloven",
                                        "ændringsloven",
                                        "særloven",
                                        "skovlov",
                                        "lovbekendtgørelsen",
                                        "lokalplanbekendtgørelsen",
                                        "ændringsbekendtgørelsen",
                                        "moseloven",
                                        "hovloven"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) == size && memcmp(words[i], at, size) == 0)
            return true;
    return false;
}

/* Behind a name: " § 4" or ", § 9" or " (Kommunestyrelsesloven) § 40"; 0 if nothing of the kind follows. */
static size_t tail_size(const char *at, const char *end, bool comma)
{
    const char *cursor = at;
    if (comma && cursor < end && *cursor == ',')
        cursor++;
    if (cursor < end && *cursor == ' ' && cursor + 1 < end && cursor[1] == '(') {
        const char *stop = cursor + 2;
        while (stop < end && stop - cursor < 60 && *stop != ')' && *stop != '\n' && *stop != '.')
            stop++;
        bool act = stop < end && *stop == ')' && stop - cursor > 6 &&
                   (memcmp(stop - 5, "loven", 5) == 0 || memcmp(stop - 5, "elsen", 5) == 0);
        if (act) {
            size_t more = tail_size(stop + 1, end, true);
            return (size_t)(stop + 1 - at) + more;
        }
    }
    while (cursor < end && cursor - at < 80 && (*cursor == ' ' || *cursor == '\n'))
        cursor++;
    size_t size = cursor > at && cursor < end ? paragraphs(cursor) : 0;
    return size ? (size_t)(cursor - at) + size : 0;
}

/* Behind a number: " om vederlag, diæter m.v." reaches to the end of the sentence's part. */
static size_t about_size(const char *at, const char *end)
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
        while (word < end && word_char(word))
            word++;
        more = word;
        if (end - more >= 5 && memcmp(more, " m.v.", 5) == 0)
            return (size_t)(more + 5 - at);
    }
    return (size_t)(cursor - at) + 3 +
           (end - stop >= 5 && memcmp(stop, " m.v.", 5) == 0 ? size + 5 : title_cut(cursor + 3, size, end));
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

static struct law_match law_about(const char *at, const char *behind, const char *end)
{
    size_t whole = title_size(behind, end);
    if (!whole)
        return (struct law_match){0};
    size_t mv = behind[whole] == ',' || behind[whole] == ' ' ? mv_size(behind + whole, end) : 0;
    bool known = !mv && is_known_title(behind, whole);
    size_t list = mv || known ? 0 : title_list(behind, whole, end);
    size_t size = known ? whole : mv || list ? whole + mv + list : title_cut(behind, whole, end);
    if (end - behind >= (ptrdiff_t)size + 4 && memcmp(behind + size, " mv.", 4) == 0)
        size += 4;
    else if (end - behind >= (ptrdiff_t)size + 5 && memcmp(behind + size, " m.v.", 5) == 0)
        size += 5;
    size_t tail = tail_size(behind + size, end, true);
    tail += tail ? 0 : chapter(behind + size);
    tail += tail ? 0 : bare_behind_title(behind + size);
    return (struct law_match){0, (size_t)(behind - at) + size + tail, "law.about"};
}

/* "§ 15, stk. 1, nr. 1, i lov om kommunernes styrelse": the act may follow its paragraph. */
static size_t act_behind(const char *at, const char *end)
{
    const char *cursor = at;
    if (cursor < end && *cursor == ',')
        cursor++;
    if (end - cursor < 7 || memcmp(cursor, " i ", 3) != 0)
        return 0;
    cursor += 3;
    const unsigned char *behind = (const unsigned char *)cursor;
    enum law_form form = law_form(&behind);
    const char *stop = (const char *)behind;
    if (stop > end)
        return 0;
    if (form == FORM_NAME || form == FORM_NUMBER || form == FORM_RULES)
        return (size_t)(stop - at);
    if (form == FORM_ABOUT) {
        struct law_match match = law_about(cursor, stop, end);
        return match.size ? (size_t)(cursor - at) + match.size : 0;
    }
    return 0;
}

static struct law_match law_paragraph(const char *at, const char *end)
{
    size_t size = paragraphs(at);
    if (!size || at + size > end)
        return (struct law_match){0};
    return (struct law_match){0, size + act_behind(at + size, end), "law.paragraph"};
}

static struct law_match law_find(const char *at, const char *end)
{
    if ((unsigned char)at[0] == 0xC2 && (unsigned char)at[1] == 0xA7)
        return law_paragraph(at, end);
    const unsigned char *cursor = (const unsigned char *)at;
    enum law_form form = law_form(&cursor);
    const char *stop = (const char *)cursor;
    struct law_match none = {0};
    size_t size = (size_t)(stop - at);
    if (form == FORM_NONE || stop > end)
        return none;
    if (form != FORM_ABOUT && form != FORM_NUMBER && form != FORM_SHORT_NUMBER && stop < end && word_char(stop) &&
        !(form == FORM_NAME && *stop == 's'))
        return none;
    size_t tail = tail_size(stop, end, form == FORM_NUMBER);
    switch (form) {
    case FORM_NUMBER: {
        size_t about = about_size(stop, end);
        tail = tail_size(stop + about, end, true);
        return (struct law_match){0, size + about + tail, "law.number"};
    }
    case FORM_SHORT_NUMBER: {
        size_t about = about_size(stop, end);
        return about || tail ? (struct law_match){0, size + about + tail_size(stop + about, end, true), "law.number"}
                             : none;
    }
    case FORM_ABOUT: return law_about(at, stop, end);
    case FORM_NAME: return is_no_act(at, size) ? none : (struct law_match){0, size + tail, "law.name"};
    case FORM_GENITIVE: {
        bool bare = size == 6;
        if (!tail && *stop == ' ' && stop[1] >= '1' && stop[1] <= '9') {
            size_t number = bare_paragraphs(stop + 1);
            if (number)
                return (struct law_match){0, size + 1 + number, "law.name"};
        }
        size_t part = tail ? 0 : chapter(stop);
        if (bare && (tail || part)) /* "jf. lovens § 3": the paragraph alone points to the act */
            return none;
        if (tail || part)
            return (struct law_match){0, size + tail + part, "law.name"};
        return bare ? none : (struct law_match){0, size - 1, "law.name"};
    }
    case FORM_DIRECTIVE: {
        size_t comma = *stop == ',', part = chapter(stop + comma);
        return (struct law_match){0, size + (part ? comma + part : 0), "law.directive"};
    }
    case FORM_COMMON: return (struct law_match){0, size + tail, "law.name"};
    case FORM_BASE:
    case FORM_RULES: return tail ? (struct law_match){0, size + tail, "law.name"} : none;
    default: return none;
    }
}

struct law_match law_at(const char *at, const char *end)
{
    struct law_match match = law_find(at, end);
    return match.lead + match.size <= (size_t)(end - at) ? match : (struct law_match){0};
}
