/* org_word: what one word of an organisation's name tells: a company's form, a house, an ending, a link to the next.
 *
 * Most words are told by a glance; the rules are asked for the others. Source: CVR's company forms, Digitaliserings-
 * styrelsens list of authorities. Pure. */
#include "org.h"

/*!re2c
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYCURSOR = cursor;
    re2c:define:YYMARKER = marker;
    re2c:yyfill:enable = 0;

    small = [a-zæøåéäöüèáó];
    capital = [A-ZÆØÅÉÄÖÜ];
    letter = small | capital;
    sp = " " | "\n" " "*;
    // A word of a name: Høje-Taastrup, A.P., H.C., 3F, Aarhus'
    initial = capital "." | capital "." capital "." | "Skt." | "Sct." | "St." | "Sdr." | "Ndr." | "Gl." | "Vr."
        | "Nr." | "Bdr." | "Brdr.";
    cap = capital (letter | [0-9])* ([-] capital? letter+)* "'"? | initial;
*/

/* A plain word of this size and first letter may be one of those that part_word_any knows by themselves: Aps, Amba,
 * Holding, Kommune, Corporation, Advokatfirma, Partnerselskab, Regionskommune, Statsautoriseret. */
static bool may_be_form(unsigned char first, size_t size)
{
    switch (size) {
    case 3:
    case 4:
    case 12: return first == 'A';
    case 7: return first == 'H' || first == 'K';
    case 11: return first == 'C';
    case 14: return first == 'P' || first == 'R';
    case 16: return first == 'S';
    default: return false;
    }
}

static enum org_part part_word_any(const unsigned char **at)
{
    const unsigned char *cursor = *at, *marker = cursor;
    (void)marker;
#define PART(what) return *at = cursor, (what)
    /*!re2c
    // Company forms.
    "A/S" | "a/s" | "ApS" | "APS" | "Aps" | "I/S" | "i/s" | "P/S" | "K/S" | "IVS" | "S/I" | "A.m.b.a." | "a.m.b.a."
        | "AMBA" | "A.M.B.A." | "Amba" | "amba" | "a.m.b.a" | "f.m.b.a." | "F.m.b.a." | "S.m.b.a."
        | "Ltd." | "Inc." | "GmbH" | "AB" | "Corporation" | "AG" | "Statsautoriseret" sp "Revisionspartnerselskab"
        | "as" | "AS" | "Aps." | "&" sp "Søn" ("ner")? | "&" sp "Co." | "og" sp "Søn" "ner"? | "Advokatpartnerselskab" | "Partnerselskab" | "Advokatfirma" | "Holding" { PART(PART_FORM); }
    // older minutes write "Sundeved kommune"
    "Kommune" | "KOMMUNE" | "kommune" | "Regionskommune" { PART(PART_COMMUNE); }
    capital letter+ "-" ","? { PART(PART_HALF); }
    cap { PART(PART_CAP); }
    "og" | "&" | "de" { PART(PART_LINK); }
    * { return PART_END; }
    */
#undef PART
}

/* The usual word by a glance, others by the rules. */
static enum org_part part_word(const unsigned char **at)
{
    const unsigned char *stop = (const unsigned char *)glance_plain((const char *)*at);
    if (!stop || (*stop >= '0' && *stop <= '9') || may_be_form(**at, (size_t)(stop - *at)))
        return part_word_any(at);
    return *at = stop, PART_CAP;
}

/* Houses stand behind a name: Valhøj Skole, Spar Nord Bank. */
static bool is_house(struct span word)
{
    return word_class(word.at, word.at + word.size) & CLASS_HOUSE;
}

bool org_house_next(const unsigned char *at)
{
    size_t size = 0;
    if (*at != ' ')
        return false;
    while ((at[1 + size] | 0x20) >= 'a' && size < 40)
        size++;
    return is_house((struct span){(const char *)at + 1, size});
}

/* A word of four bytes or more that ends here may have such an ending, told by a glance. */
static bool may_end(const char *stop)
{
    return affix_kinds_of(&ending_kinds, affix_load(stop - 4), 4);
}

static const struct tail_list ending_list = {ending_first, ending_next};

/* Endings that tell what a word names; a genitive s may follow. */
static enum org_part part_ending(const unsigned char *at, size_t size)
{
    static const struct {
        enum org_part part;
        struct span ending;
    } endings[] = {
#define ENDING(part, ending) {part, WORD(ending)},
#include "ending.def"
#undef ENDING
    };
    struct span word = {(const char *)at, size};
    for (size_t i = tail_first(&ending_list, word.at + size, size); i; i = ending_list.next[i - 1])
        if (size > endings[i - 1].ending.size + 1 && word_ends(word, endings[i - 1].ending))
            return endings[i - 1].part;
    return PART_CAP;
}

enum org_part org_ending(struct span word)
{
    return word.size >= 8 && may_end(word.at + word.size) ? part_ending((const unsigned char *)word.at, word.size)
                                                          : PART_CAP;
}

bool org_ends(const char *at, const char *stop)
{
    const unsigned char *word = (const unsigned char *)at;
    size_t size = (size_t)(stop - at);
    return size >= 8 && may_end(stop) &&
           (part_ending(word, size) != PART_CAP || (stop[-1] == 's' && part_ending(word, size - 1) != PART_CAP));
}

enum org_part org_part(const unsigned char **at, bool first)
{
    const unsigned char *start = *at;
    enum org_part part = part_word(at);
    size_t size = (size_t)(*at - start);
    if (part == PART_FORM && *start == 'o' && org_letter((const char *)*at)) /* "Syd- og Sønderjylland" */
        return *at = start + SPAN("og").size, PART_LINK;
    if (part != PART_CAP)
        return part;
    bool genitive = size > 3 && start[size - 1] == 's';
    if (size == 8 && memcmp(start, "Kommunes", 8) == 0)
        return --*at, PART_COMMUNE;
    if (!first && is_house((struct span){(const char *)start, size})) /* a house stands behind a name */
        return PART_HOUSE;
    if (!first && genitive && is_house((struct span){(const char *)start, size - 1}))
        return org_house_next(*at) ? PART_CAP : (--*at, PART_HOUSE); /* "Vejle Amts Folkeblad" is the paper, not the county */
    if (size < 8 || !may_end((const char *)*at))
        return part;
    enum org_part ending = part_ending(start, size);
    if (ending != PART_CAP || start[size - 1] != 's')
        return ending;
    ending = part_ending(start, size - 1);
    if (ending != PART_CAP)
        --*at; /* the genitive s stays outside */
    return ending;
}

bool org_part_ends(const unsigned char *at)
{
    const char *behind = (const char *)at;
    return !org_letter(behind) || (*behind == 's' && !org_letter(behind + 1));
}
