/* entity_law: acts, orders and paragraphs.
 *
 * A reference is an act by name ("serviceloven", "lov om leje"), by number ("LBK nr. 47 af 15/01/2019"), or a bare
 * paragraph; paragraphs that follow a name belong to it. Source: Retsinformation's forms of citation. */
#include "law.h"

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
*/

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
    size_t size = cursor > at && cursor < end ? law_paragraphs(cursor) : 0;
    return size ? (size_t)(cursor - at) + size : 0;
}

static struct law_match law_about(const char *at, const char *behind, const char *end)
{
    size_t size = law_title(behind, end);
    if (!size)
        return (struct law_match){0};
    size_t tail = tail_size(behind + size, end, true);
    tail += tail ? 0 : law_chapter(behind + size);
    tail += tail ? 0 : law_bare_behind_title(behind + size);
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
    size_t size = law_paragraphs(at);
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
    if (form != FORM_ABOUT && form != FORM_NUMBER && form != FORM_SHORT_NUMBER && stop < end && law_letter(stop) &&
        !(form == FORM_NAME && *stop == 's'))
        return none;
    size_t tail = tail_size(stop, end, form == FORM_NUMBER);
    switch (form) {
    case FORM_NUMBER: {
        size_t about = law_title_of_number(stop, end);
        tail = tail_size(stop + about, end, true);
        return (struct law_match){0, size + about + tail, "law.number"};
    }
    case FORM_SHORT_NUMBER: {
        size_t about = law_title_of_number(stop, end);
        return about || tail ? (struct law_match){0, size + about + tail_size(stop + about, end, true), "law.number"}
                             : none;
    }
    case FORM_ABOUT: return law_about(at, stop, end);
    case FORM_NAME: return is_no_act(at, size) ? none : (struct law_match){0, size + tail, "law.name"};
    case FORM_GENITIVE: {
        bool bare = size == 6;
        if (!tail && *stop == ' ' && stop[1] >= '1' && stop[1] <= '9') {
            size_t number = law_bare_paragraphs(stop + 1);
            if (number)
                return (struct law_match){0, size + 1 + number, "law.name"};
        }
        size_t part = tail ? 0 : law_chapter(stop);
        if (bare && (tail || part)) /* "jf. lovens § 3": the paragraph alone points to the act */
            return none;
        if (tail || part)
            return (struct law_match){0, size + tail + part, "law.name"};
        return bare ? none : (struct law_match){0, size - 1, "law.name"};
    }
    case FORM_DIRECTIVE: {
        size_t comma = *stop == ',', part = law_chapter(stop + comma);
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
