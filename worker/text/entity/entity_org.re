/* entity_org: named organisations and authorities.
 *
 * A name is known by its form (A/S, ApS), by the kind of house in it (Skole, Havn, Kommune), by its ending
 * (-styrelsen, -ministeriet), or because everybody knows it (org.def). The council's own committees, departments and
 * advisory councils are none; parties are none. Source: CVR's company forms, Digitaliseringsstyrelsens list of
 * authorities, minutes. */
#include "org.h"
#include "person.h"

#include "word_class.h"

#include <stdlib.h>
#include <string.h>

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

/* Houses that stand before their name: Plejecenter Hotherhaven. */
static const struct span kinds[] = {
#define KIND(words) WORD(words),
#include "kind.def"
#undef KIND
};

/* Houses stand behind a name: Valhøj Skole, Spar Nord Bank. */
static bool is_house(struct span word)
{
    return word_class(word.at, word.at + word.size) & CLASS_HOUSE;
}

/* The name stands at `at`; its last byte tells most others apart. */
static bool stands_at(const char *at, size_t left, struct span name)
{
    if (name.size > left || at[name.size - 1] != name.at[name.size - 1] || *at != *name.at)
        return false;
    for (size_t i = 0; i < name.size; i++) /* a line may end between two words */
        if (at[i] != name.at[i] && (at[i] != '\n' || name.at[i] != ' '))
            return false;
    return true;
}

/* The size of the longest kind at `at`, whose first word this is, with the space behind it, or 0. */
static size_t kind_size(struct span word, const char *end)
{
    size_t best = 0, left = (size_t)(end - word.at);
    for (size_t i = kind_by_first[first_slot(word)]; i; i = kind_by_first_next[i - 1]) {
        struct span kind = kinds[i - 1];
        if (kind.size > best && stands_at(word.at, left, kind) && word.at[kind.size] == ' ')
            best = kind.size + 1;
    }
    return best;
}

/* Is the word behind one space a kind of house? */
static bool house_next(const unsigned char *at)
{
    size_t size = 0;
    if (*at != ' ')
        return false;
    while ((at[1 + size] | 0x20) >= 'a' && size < 40)
        size++;
    return is_house((struct span){(const char *)at + 1, size});
}

/* Words with the ending of an organisation that are none by themselves, and what the council itself is made of. */
static bool is_generic(const char *at, size_t size)
{
    static const struct span words[] = {
#define NO_ORG(word) WORD(word),
#include "no_org.def"
#undef NO_ORG
    };
    static const struct word_list list = {words, no_org_slots, sizeof no_org_slots / 2 - 1};
    return word_listed(&list, (struct span){at, size});
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

static enum org_part part_at(const unsigned char **at, bool first)
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
        return house_next(*at) ? PART_CAP : (--*at, PART_HOUSE); /* "Vejle Amts Folkeblad" is the paper, not the county */
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

/* What a name may begin with, if that alone tells what it is. */
enum lead { LEAD_NONE, LEAD_FORM, LEAD_REGION, LEAD_AUTHORITY, LEAD_KIND, LEAD_DANISH, LEAD_COURT, LEAD_CENTER };

static enum lead lead_words(const unsigned char **at)
{
    const unsigned char *cursor = *at, *marker = cursor;
    (void)marker;
#define LEAD(what) return *at = cursor, (what)
    /*!re2c
    // I/S Nordforbrænding
    ("I/S" | "A/S" | "K/S") sp { LEAD(LEAD_FORM); }
    "Region" sp ("Hovedstaden" | "Sjælland" | "Midtjylland" | "Nordjylland" | "Syddanmark") { LEAD(LEAD_REGION); }
    // Styrelsen for Arbejdsmarked og Rekruttering
    ("Styrelsen" | "Ministeriet" | "Direktoratet" | "Nævnet" | "Agenturet"
        | "Rådet") sp "for" sp { LEAD(LEAD_AUTHORITY); }
    ("Danmarks" | "Dansk" | "Danske" | ("Det" | "Den") sp (capital small+ "ske" | "Kongelige" | "Nationale" | "Danske"
        | "Jyske" | "Fynske" | "Sociale" | "Økologiske" | "Selvejende" sp "Institution")) sp { LEAD(LEAD_DANISH); }
    ("Retten" | capital small+ "retten") sp ("i" | "på") sp { LEAD(LEAD_COURT); }
    "Center" sp "for" sp { LEAD(LEAD_CENTER); }
    * { return LEAD_NONE; }
    */
#undef LEAD
}

/* Voldgiftsnævnet for Bygge- og Anlægsvirksomhed. */
static bool board_at(const unsigned char **at)
{
    const unsigned char *cursor = (const unsigned char *)glance_word((const char *)*at), *marker = cursor;
    struct span word = {(const char *)*at, (size_t)(cursor - *at)};
    (void)marker;
    if (!word_ends(word, SPAN("nævnet")))
        return false;
    const unsigned char *behind = cursor;
    cursor = *at;
    /*!re2c
    capital small+ { goto word; }
    * { return false; }
    */
word:
    if (cursor != behind || word.size < SPAN("Anævnet").size)
        return false;
    /*!re2c
    sp "for" sp { return *at = cursor, true; }
    * { return false; }
    */
}

/* The first words may lead a name, told by a glance; lead_at knows. */
static bool may_lead(const char *at, const char *stop, unsigned classes)
{
    struct span word = {at, (size_t)(stop - at)};
    return classes & CLASS_LEAD || *stop == '/' ||
           (word.size > 6 && (word_ends(word, SPAN("retten")) || word_ends(word, SPAN("nævnet"))));
}

static enum lead lead_at(const unsigned char **at)
{
    enum lead lead = lead_words(at);
    return lead == LEAD_NONE && board_at(at) ? LEAD_AUTHORITY : lead;
}

enum org_form {
    ORG_NONE,
    ORG_COMPANY,
    ORG_MUNICIPALITY,
    ORG_REGION,
    ORG_AUTHORITY,
    ORG_HOUSE,
    ORG_KIND,
    ORG_ENDING,
    ORG_DANISH,
    ORG_COURT,
    ORG_CENTER
};

/* White space between two words of a name, 0 if there is more or less; a line end only before `limit`. */
static size_t white_size(const unsigned char *at, const unsigned char *limit)
{
    size_t size = 0;
    bool line = false;
    if (at >= limit)
        return 0;
    for (; at[size] == ' ' || (at[size] == '\n' && !line); size++)
        line = line || at[size] == '\n';
    return size <= 1 || line ? size : 0;
}

/* The end of a part: a word's end, or a genitive s behind it. */
static bool part_ends(const unsigned char *at)
{
    const char *behind = (const char *)at;
    return !org_letter(behind) || (*behind == 's' && !org_letter(behind + 1));
}

/* A capital month behind a name is a heading's: "Museum Vest November 2019". */
static bool is_month(const unsigned char *at, size_t size)
{
    static const char *const months[] = {
#define MONTH(number, name, brief) name,
#include "month.def"
#undef MONTH
    };
    for (size_t i = 0; i < sizeof months / sizeof *months; i++)
        if ((at[0] | 0x20) == months[i][0] && strlen(months[i]) == size && memcmp(at + 1, months[i] + 1, size - 1) == 0)
            return true;
    return false;
}

/* "Plejehjemmet Strandhøj Ældrerådets regnskab": a body of the council begins the next thing. */
static bool is_own_body(const unsigned char *at, const unsigned char *stop)
{
    struct span word = {(const char *)at, (size_t)(stop - at)};
    word.size -= word.size > 1 && word.at[word.size - 1] == 's';
    return word_ends(word, SPAN("udvalget")) || word_ends(word, SPAN("rådet")) ||
           word_ends(word, SPAN("bestyrelsen"));
}

/* ", Bolig og Landdistrikter" behind the first word of what an authority is for: where the list ends, NULL if no "og"
 * closes it. */
static const unsigned char *list_end(const unsigned char *at, const unsigned char *limit)
{
    const unsigned char *next = at + 2;
    if (limit - at < 10 || at[1] != ' ' || part_at(&next, false) != PART_CAP || limit - next < 5 ||
        memcmp(next, " og ", 4) != 0)
        return NULL;
    next += 4;
    return part_at(&next, false) == PART_CAP && next <= limit ? next : NULL;
}

/* Capitalised words from `at` on, at most `most`; "og" and "&" may join two. Gives where they end. */
static const unsigned char *cap_words(const unsigned char *at, const unsigned char *limit, int most, int joined)
{
    const unsigned char *stop = NULL, *cursor = at;
    bool half = false; /* "Bygge- og Anlægsvirksomhed" */
    for (int words = 0; words < most; words++) {
        const unsigned char *next = cursor;
        enum org_part part = part_at(&next, false);
        if (part == PART_LINK && (stop || half) && (joined == 2 || (joined && *cursor == '&'))) {
            next += white_size(next, limit);
            part = part_at(&next, false);
        }
        if (part == PART_END || part == PART_LINK)
            break;
        if (is_month(cursor, (size_t)(next - cursor)) || (stop && is_own_body(cursor, next)))
            break;
        half = part == PART_HALF;
        if (!half)
            stop = next;
        if (joined == 2 && *next == ',' && words == 0) { /* "Ministeriet for By, Bolig og Landdistrikter" */
            const unsigned char *last = list_end(next, limit);
            if (last)
                return last;
        }
        size_t white = white_size(next, limit);
        if (!white || part == PART_FORM)
            break;
        cursor = next + white;
    }
    return stop;
}

/* "Borgerforeningen i Vrå", "Digelaget for Lollands Sydkyst": a society without a name of its own, told by its place or
 * purpose; `at` is behind the kind and its space. NULL if the words are none. */
static const unsigned char *society_named(const unsigned char *start, const unsigned char *at,
                                          const unsigned char *limit)
{
    static const struct span ends[] = {WORD("foreningen"), WORD("lauget"), WORD("laget"), WORD("klubben"), WORD("vennerne"), WORD("riskolen"), WORD("fonden")};
    static const struct span joints[] = {WORD("i "), WORD("for "), WORD("ved "), WORD("af ")};
    bool society = false;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        society = society || ((size_t)(at - start) > ends[i].size &&
                              memcmp(at - 1 - ends[i].size, ends[i].at, ends[i].size) == 0);
    struct span text = {(const char *)at, (size_t)(limit - at)};
    size_t joint = society ? words_start(joints, sizeof joints / sizeof *joints, text) : 0;
    const unsigned char *line = joint ? memchr(at, '\n', (size_t)(limit - at)) : NULL; /* it ends with its line */
    const unsigned char *stop = joint ? cap_words(at + joint, line ? line : limit, 4, joint == 4 ? 2 : 0) : NULL;
    for (const unsigned char *and = at; stop && and + 5 < stop; and++) { /* "... og Kystdirektoratet": another one */
        const unsigned char *next = and + 4;
        enum org_part other = memcmp(and, " og ", 4) == 0 ? part_at(&next, false) : PART_END;
        if (other == PART_AUTHORITY || other == PART_SOCIETY)
            return and;
    }
    return stop;
}

/* "Aktivitetshuset Skovbo", "Ejendomsmæglerne Bang & Usserød": a kind told by its ending, and the space behind it; the
 * word ends at `stop`. */
static size_t kind_by_ending(const unsigned char *start, const unsigned char *stop, const unsigned char *limit)
{
    size_t size = (size_t)(stop - start);
    bool kind = size >= 8 && stop + 2 < limit && *stop == ' ' && may_end((const char *)stop) &&
                part_ending(start, size) == PART_KIND;
    return kind && !is_generic((const char *)start, size) ? size + 1 : 0;
}

/* "Museet for Samtidskunst og Roskilde Universitet" are two: behind "og" a name of its own begins, of a place and a
 * house. Gives where the first one ends. */
static const unsigned char *before_another(const unsigned char *at, const unsigned char *stop)
{
    for (; at + 5 < stop; at++) {
        const unsigned char *next = at + 4, *word = next;
        if (memcmp(at, " og ", 4) != 0 || part_at(&next, true) != PART_CAP || *next != ' ')
            continue;
        struct span place = {(const char *)word, (size_t)(next - word)};
        const unsigned char *house = next + 1;
        if (is_place_name(place) && part_at(&house, false) == PART_HOUSE)
            return at;
    }
    return stop;
}

/* "Arkitektfirmaet Sølver og Thaysen", "Ejendomsmæglerne Dahl og Ravn": behind "og" the second owner's name alone. Gives where the name ends. */
static bool has_ending(const char *at, const char *stop);

static const unsigned char *partner_behind(const unsigned char *stop, const unsigned char *limit)
{
    if (limit - stop < 7 || memcmp(stop, " og ", 4) != 0)
        return stop;
    const unsigned char *next = stop + 4;
    bool name = part_at(&next, true) == PART_CAP && next <= limit && !(*next == ' ' && next[1] < 'a' && next[1] >= 'A');
    bool letters = next - stop > 5 && stop[5] >= 'A' && stop[5] <= 'Z'; /* "og KL" */
    return name && !letters && !has_ending((const char *)stop + 4, (const char *)next) ? next : stop;
}

/* "Foreningen Lys i Sindet", "Fonden for Naturfag i Skolen", "Foreningen Scene Nord for Søerne": what the name says of
 * where, a thing that everybody knows and no town. Gives where the name ends. */
static const unsigned char *purpose_end(const unsigned char *stop, const unsigned char *limit)
{
    static const struct span joints[] = {WORD(" i "), WORD(" for ")};
    struct span text = {(const char *)stop, (size_t)(limit - stop)};
    size_t joint = limit - stop > 8 ? words_start(joints, sizeof joints / sizeof *joints, text) : 0;
    const unsigned char *next = stop + joint;
    if (!joint || part_at(&next, true) != PART_CAP || next > limit || !part_ends(next) || (*next == ' ' && next[1] < 'a'))
        return stop;
    struct span word = {text.at + joint, (size_t)((const char *)next - text.at) - joint};
    bool thing = word_ends(word, SPAN("en")) || word_ends(word, SPAN("et")) || word_ends(word, SPAN("erne")) ||
                 (word.size >= 9 && word_ends(word, SPAN("er"))); /* "Forældre i Daginstitutioner" */
    return thing && !is_place_name(word) ? next : stop;
}

/* "Foreningen Syn og Bolig": behind "og" a word that tells what the society is for and names nobody. Gives where the
 * name ends. */
static const unsigned char *topic_behind(const unsigned char *stop, const unsigned char *limit)
{
    if (limit - stop < 7 || memcmp(stop, " og ", 4) != 0)
        return stop;
    const unsigned char *next = stop + 4;
    bool word = part_at(&next, true) == PART_CAP && next <= limit && part_ends(next) && *next != '-' &&
                !(*next == ' ' && next[1] < 'a' && next[1] >= 'A');
    return word && org_topic((struct span){(const char *)stop + 4, (size_t)(next - stop) - 4}) ? next : stop;
}

/* The s that ends the name belongs to the sentence: "Dansk Svømmeunion Nords stævne", "Foreningen Hverdagscyklistens
 * pris". */
static bool is_genitive(const unsigned char *stop)
{
    static const struct span quarters[] = {WORD("Nord"), WORD("Syd"), WORD("Øst"), WORD("Vest")};
    struct span word = {(const char *)stop - 1, 0};
    while (word.at[-1] != ' ' && word.at[-1] != '\n' && word.size < 40)
        word.at--, word.size++;
    if (word.size >= 9 && (word_ends(word, SPAN("en")) || word_ends(word, SPAN("et"))))
        return true;
    for (size_t i = 0; i < sizeof quarters / sizeof *quarters; i++)
        if (span_equal(quarters[i], word))
            return true;
    return is_place_name(word) && !is_place_name((struct span){word.at, word.size + 1});
}

/* A name that its first words give away; `first`: the word that a known one or a kind of house may begin with, empty if
 * none does; that word ends at `word_stop` and is of these classes. */
static enum org_form lead_form(const unsigned char **at, const unsigned char *start, const unsigned char *limit,
                               struct span first, const char *word_stop, unsigned classes)
{
    const unsigned char *cursor = start, *stop = NULL;
    enum lead lead = may_lead((const char *)start, word_stop, classes) ? lead_at(&cursor) : LEAD_NONE;
    enum org_form form = ORG_NONE;
    size_t kind = first.size && lead == LEAD_NONE ? kind_size(first, (const char *)limit) : 0;
    if (!kind && lead == LEAD_NONE)
        kind = kind_by_ending(start, (const unsigned char *)word_stop, limit);
    if (kind) {
        cursor = start + kind;
        lead = LEAD_KIND;
    }
    switch (lead) {
    case LEAD_NONE: return ORG_NONE;
    case LEAD_REGION: return *at = cursor, ORG_REGION;
    case LEAD_FORM: stop = cap_words(cursor, limit, 2, 0), form = ORG_COMPANY; break;
    case LEAD_AUTHORITY: stop = cap_words(cursor, limit, 4, 2), form = ORG_AUTHORITY; break;
    case LEAD_KIND:
        stop =
            cap_words(cursor, limit, 3,
                      kind > 5 && (memcmp(cursor - 5, " for ", 5) == 0 || memcmp(cursor - 5, " til ", 5) == 0) ? 2 : 1),
        form = ORG_KIND;
        break;
    case LEAD_DANISH: /* Dansk Handel & Service */
        stop = cap_words(cursor, limit, 3, 0), form = ORG_DANISH;
        if (stop && limit - stop > 4 && memcmp(stop, " & ", 3) == 0) {
            const unsigned char *second = cap_words(stop + 3, limit, 1, 0);
            stop = second ? second : stop;
        }
        if (stop && limit - stop > 8 && memcmp(stop, " for ", 5) == 0 && memcmp(stop - 6, "Center", 6) == 0) {
            const unsigned char *what = cap_words(stop + 5, limit, 3, 2); /* "Dansk Center for Undervisningsmiljø" */
            stop = what ? what : stop;
        }
        break;
    case LEAD_COURT: stop = cap_words(cursor, limit, 1, 0), form = ORG_COURT; break;
    case LEAD_CENTER: { /* "Center for Børn og Unge" is a department, "Center for Psykisk Sundhedsfremme" a house */
        const unsigned char *one = cap_words(cursor, limit, 1, 0);
        stop = cap_words(cursor, limit, 2, 0), form = ORG_CENTER;
        /* "Center for Særlig Social Indsats indstiller": who proposes is a department */
        const unsigned char *whole = cap_words(cursor, limit, 5, 2);
        if (stop == one || (whole && strncmp((const char *)whole, " indstiller", 11) == 0))
            stop = NULL;
        break;
    }
    }
    struct span what = {(const char *)start, kind ? kind - 1 : 0};
    if (stop && form == ORG_KIND &&
        (word_ends(what, SPAN("firmaet")) || word_ends(what, SPAN("giverne")) || word_ends(what, SPAN("mæglerne"))))
        stop = partner_behind(stop, limit);
    if (!stop && form == ORG_KIND)
        stop = society_named(start, cursor, limit);
    else if (stop && form == ORG_KIND)
        stop = before_another(cursor, stop);
    if (!stop)
        return ORG_NONE;
    if (form == ORG_KIND && limit - stop > 8 && memcmp(stop, " i ", 3) == 0) { /* "Foreningen af Kommuner i Fyns Amt" */
        const unsigned char *place = stop + 3, *word = place;
        enum org_part part = part_at(&word, true);
        part = part == PART_CAP && *word == ' ' && *++word ? part_at(&word, false) : PART_END;
        if ((part == PART_COMMUNE || part == PART_HOUSE) && word <= limit && word > place)
            stop = word;
    }
    if (form == ORG_KIND && kind > 6 && *stop == ' ' &&
        (*start == 'F' || word_ends(what, SPAN("Landsforeningen")) || word_ends(what, SPAN("Selskabet")))) {
        stop = purpose_end(stop, limit);
        if (!memchr(cursor, ' ', (size_t)(stop - cursor)))
            stop = topic_behind(stop, limit);
    }
    if ((form == ORG_KIND || form == ORG_DANISH) && stop[-1] == 's' && *stop == ' ' && stop[1] >= 'a')
        stop -= is_genitive(stop);
    /* "Boligselskabet AKB, København": the seat belongs to the name of a housing company */
    if (form == ORG_KIND && strncmp((const char *)start, "Boligselskabet", 14) == 0 && stop[0] == ',' &&
        stop[1] == ' ') {
        const unsigned char *seat = cap_words(stop + 2, limit, 1, 0);
        stop = seat && !(seat[0] == ' ' && seat[1] >= 'A' && seat[1] <= 'Z') ? seat : stop;
    }
    *at = stop;
    return form;
}

static bool is_trade(struct span word)
{
    static const struct span trades[] = {
#define TRADE(word) WORD(word),
#include "trade.def"
#undef TRADE
    };
    static const struct word_list list = {trades, trade_slots, sizeof trade_slots / sizeof *trade_slots - 1};
    return word_listed(&list, word);
}

static bool trade_next(const unsigned char *at)
{
    const char *word = (const char *)at + 1;
    return *at == ' ' && is_trade((struct span){word, (size_t)(glance_word(word) - word)});
}

/* "og Flise ApS" behind a trade: one word and a company's form. */
static bool form_follows(const unsigned char *at)
{
    if (*at++ != ' ' || part_at(&at, false) != PART_CAP || *at++ != ' ')
        return false;
    return part_at(&at, false) == PART_FORM;
}

/* Another name begins with the word behind "og": "Allerslev Lokalforum og Museum Sydøstdanmark"; a form closes its own. */
static bool cap_next(const unsigned char *at)
{
    const unsigned char *next = at + 1;
    return *at == ' ' && part_at(&next, false) != PART_FORM && at[1] < 'a' && at[1] >= 'A';
}

/* A trade from `word` to `stop` makes a name of what begins with a place ("Hobro Handel"), a house does so behind "og",
 * too ("Middelfart Gymnastik og Idrætsforening"). */
static bool is_trade_of(const unsigned char *start, const unsigned char *word, const unsigned char *stop)
{
    struct span trade = {(const char *)word, (size_t)(stop - word)};
    unsigned classes = word_class(trade.at, trade.at + trade.size);
    if (span_equal(trade, SPAN("Land")) && memcmp(trade.at - 3, "og ", 3) != 0) /* "Rørvig By og Land" */
        return false;
    if (!(classes & CLASS_TELLER) || (!(classes & CLASS_HOUSE) && !is_trade(trade))) /* as most: a trade tells */
        return false;
    const char *at = (const char *)start, *behind = glance_word(at);
    struct span first = {at, (size_t)(behind - at)};
    return *behind == ' ' && (is_place_like(first) || is_regional(first));
}

/* "Kirsten og Arne Holdts Fond": what a couple gave bears their names. */
static bool is_gift_of(const unsigned char *start, const unsigned char *word, const unsigned char *stop)
{
    static const struct span gifts[] = {WORD("Fond"), WORD("Legat"), WORD("Mindefond"), WORD("Mindelegat")};
    struct span gift = {(const char *)word, (size_t)(stop - word)};
    bool given = false;
    for (size_t i = 0; i < sizeof gifts / sizeof *gifts && !given; i++)
        given = span_equal(gifts[i], gift);
    const char *at = (const char *)start;
    return given && is_given_name((struct span){at, (size_t)(glance_word(at) - at)});
}

/* The same, told at the second name or the one behind it. */
static bool gift_follows(const unsigned char *start, const unsigned char *at)
{
    for (int words = 0; words < 3; words++) {
        const unsigned char *word = at;
        enum org_part part = part_at(&at, false);
        if (part == PART_HOUSE)
            return is_gift_of(start, word, at);
        if (part != PART_CAP || *at++ != ' ')
            return false;
    }
    return false;
}

/* A name that a later word gives away: the words up to the last one that does. */
static enum org_form tail_form(const unsigned char **at, const unsigned char *start, const unsigned char *limit)
{
    const unsigned char *cursor = start, *stop = NULL;
    enum org_form form = ORG_NONE;
    bool linked = false, half = false, traded = false;
    int caps = 0, joined = 0; /* words since an "og" that joins two names */
    struct span house = {0};
    for (int words = 0; words < 9; words++) {
        const unsigned char *next = cursor;
        enum org_part part = part_at(&next, words == 0);
        enum org_form here = ORG_NONE;
        if (part == PART_END || (part == PART_LINK && (words == 0 || linked)))
            break;
        if (joined > 1 && part != PART_FORM && !gift_follows(start, cursor))
            break; /* behind "og" one word and a form: "Jord og Kloak A/S" */
        if (part == PART_FORM && caps)
            here = ORG_COMPANY;
        else if (part == PART_COMMUNE && caps && !joined && (*cursor != 'k' || caps == 1))
            here = ORG_MUNICIPALITY;
        else if (part == PART_HOUSE && caps && !joined)
            here = ORG_HOUSE;
        else if (part == PART_HOUSE && joined > 1 && is_gift_of(start, cursor, next))
            here = ORG_HOUSE; /* "Kirsten og Arne Holdts Fond" */
        else if ((part == PART_HOUSE || part == PART_CAP) && caps && joined < 2 && !(joined && cap_next(next)) &&
                 is_trade_of(start, cursor, next))
            here = ORG_HOUSE, traded = true; /* "Hobro Handel", "Jydsk Bro og Beton" */
        else if (part == PART_AUTHORITY && (!caps || half))
            here = ORG_AUTHORITY;
        else if (part == PART_SOCIETY && (!caps || half)) /* "Børne- og Kulturchefforeningen" */
            here = ORG_ENDING;
        if (here == ORG_HOUSE && form == ORG_HOUSE && (size_t)(next - cursor) == house.size &&
            memcmp(cursor, house.at, house.size) == 0)
            break; /* "Kirkeby Skole Stenstrup Skole": a column of them in one line */
        if (here != ORG_NONE && part_ends(next)) {
            /* behind "og" only a company's form still speaks for the whole */
            form = here;
            stop = next;
            house = (struct span){(const char *)cursor, (size_t)(next - cursor)};
            bool son = *cursor == '&' && *next == ' '; /* "Hald & Søn Entreprise A/S" */
            if ((here == ORG_COMPANY && !son) || here == ORG_MUNICIPALITY || here == ORG_AUTHORITY)
                break;
        }
        bool plain_link = part == PART_LINK && next - cursor == 2 && *cursor == 'o' && !half;
        if (plain_link && form != ORG_NONE && !house_next(next) && !trade_next(next) && !(traded && form_follows(next)))
            break; /* "Nord Entreprise og Jensen A/S" are two, "Vestkystens Jord og Beton A/S" is one */
        bool omegn = plain_link && caps && strncmp((const char *)next, " Omegn", 6) == 0; /* "Svendborg og Omegns Museum" */
        joined = plain_link && !omegn ? 1 : joined ? joined + 1 : 0;
        half = part == PART_HALF || (half && part == PART_LINK);
        linked = part == PART_LINK;
        caps += part != PART_LINK;
        size_t white = white_size(next, limit);
        if (!white || !(next[white] < 'a' || next[white] == '&' || next[white] == 'o' || next[white] == 'd' ||
                        next[white] == 'a' || next[white] == 'i' || next[white] == 'f' ||
                        next[white] == 'k' || next[white] >= 0x80))
            break; /* no part begins so */
        cursor = next + white;
    }
    size_t gap = form == ORG_ENDING ? white_size(stop, limit) : 0;
    if (gap) { /* Regionshospitalet Randers */
        const unsigned char *place = cap_words(stop + gap, limit, 2, 0);
        stop = place ? place : stop;
    }
    if (form == ORG_ENDING && stop[0] == ' ' &&
        (strncmp((const char *)stop, " i ", 3) == 0 || strncmp((const char *)stop, " på ", 4) == 0)) {
        const unsigned char *place = cap_words(stop + 3 + (stop[1] == 'p'), limit, 1, 0);
        bool society = stop - start > 8 && memcmp(stop - 8, "forbundet", 8) != 0 && stop[-1] == 't' &&
                       stop[-2] == 'e' && stop[-3] == 'd';
        stop = place && society ? place : stop;
    }
    struct span ended = {(const char *)start, stop ? (size_t)(stop - start) : 0};
    if (form == ORG_ENDING && (word_ends(ended, SPAN("foreningen")) || word_ends(ended, SPAN("fonden")))) {
        const unsigned char *named = stop + 1 < limit ? society_named(start, stop + 1, limit) : NULL;
        bool file = named && named[0] == '.' && named[1] >= 'a'; /* org_behind knows those of a town */
        stop = named && !file ? named : stop;                    /* "Havneforeningen i Marbæk" */
    }
    *at = stop ? stop : *at;
    return form;
}

static enum org_form org_form(const unsigned char **at, const unsigned char *limit, struct span first,
                              const char *word_stop, unsigned classes)
{
    const unsigned char *start = *at;
    enum org_form form = lead_form(at, start, limit, first, word_stop, classes);
    const unsigned char *lead_stop = *at;
    *at = start;
    enum org_form tail = tail_form(at, start, limit);
    bool article = form == ORG_DANISH && start[0] == 'D' && start[1] == 'e' && start[3] == ' ';
    if (article && *at >= lead_stop)
        return ORG_DANISH; /* "Det Danske Madhus A/S": the article belongs to the name */
    if (tail != ORG_NONE && (form == ORG_NONE || *at >= lead_stop))
        return tail;
    *at = form != ORG_NONE ? lead_stop : start;
    return form;
}

/* Names everybody knows; sorted by bytes. */
static const struct span known[] = {
#define ORG(name) WORD(name),
#include "org.def"
#undef ORG
};

static bool letter_at(const char *at, const char *end)
{
    return at < end && org_letter(at);
}

/* The longest known name at `at` that begins with this word; a genitive s is no part of it. */
static size_t known_by(struct span word, const char *at, const char *end)
{
    size_t best = 0, left = (size_t)(end - at);
    for (size_t i = org_by_first[first_slot(word)]; i; i = org_by_first_next[i - 1]) {
        struct span name = known[i - 1];
        if (name.size <= best || !stands_at(at, left, name))
            continue;
        const char *stop = at + name.size;
        bool genitive = stop < end && *stop == 's' && !letter_at(stop + 1, end);
        bool compound = stop < end && *stop == '-' && letter_at(stop + 1, end);
        if ((!letter_at(stop, end) || genitive) && !compound)
            best = name.size;
    }
    return best;
}

/* The longest known name at `at`, whose first word is this one, or this one without its genitive s. */
static size_t known_size(struct span word, const char *end)
{
    size_t best = known_by(word, word.at, end);
    bool genitive = !best && word.size > 1 && word.at[word.size - 1] == 's';
    return genitive ? known_by((struct span){word.at, word.size - 1}, word.at, end) : best;
}

/* "Ny Skole", "Ændring Vuggestue", "By-, Plan- og Miljøcenter": a house that these words only describe, a department of
 * several subjects. */
static bool is_plain_house(struct span text)
{
    static const struct span plains[] = {
#define PLAIN(word) WORD(word),
#include "plain.def"
#undef PLAIN
    };
    static const struct word_list list = {plains, plain_slots, sizeof plain_slots / sizeof *plain_slots - 1};
    const char *space = memchr(text.at, ' ', text.size);
    struct span first = {text.at, space ? (size_t)(space - text.at) : text.size};
    bool halved = first.size > 2 && (first.at[first.size - 1] == '-' || first.at[first.size - 2] == '-');
    if (halved)
        return word_ends(text, SPAN("center")) || word_ends(text, SPAN("centret"));
    bool kind = word_class(first.at, first.at + first.size) & CLASS_FIRST_SPACE;
    if (!kind && is_generic(first.at, first.size)) /* "Virksomheden Nordic Seaweed" */
        return true;
    bool two = space && !memchr(space + 1, ' ', text.size - first.size - 1);
    return two && word_listed(&list, first);
}

/* "Den Nationale Trafikplan", "Det Danske Klimamål": what is decided, none who decides. */
static bool is_scheme(struct span name)
{
    static const struct span endings[] = {WORD("plan"),   WORD("politik"), WORD("strategi"), WORD("aftale"),
                                          WORD("model"),  WORD("ordning"), WORD("pris"),     WORD("pulje"),
                                          WORD("metode"), WORD("program"), WORD("reform"),   WORD("profil"),
                                          WORD("mål"),    WORD("kanon"),   WORD("handlingsplan")};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (word_ends(name, endings[i]))
            return true;
    return false;
}

/* "Fonden" alone, "Dansk Folkeparti", "Danske Lov": the form fits and yet it is no organisation. */
static bool is_refused(enum org_form form, const char *at, size_t size)
{
    static const char *const words[] = {
        "Folkeparti", "Lov", "Samling", "Kvalitetsmodel", "Byplan", "Standard", "Landskabsarkitekter", "Kroner",
        "Sprog",      "Tid", "Ret",     "Kommuner"};
    if (form == ORG_ENDING || form == ORG_AUTHORITY) {
        bool board = size > 11 && memcmp(at + size - 11, "bestyrelsen", 11) == 0;
        return board || is_generic(at, size);
    }
    if (form == ORG_MUNICIPALITY && size > 7 && at[size - 7] == 'k') { /* "Hver kommune" is none */
        static const struct span firsts[] = {WORD("Hver "),  WORD("En "),    WORD("Denne "), WORD("Enhver "), WORD("Ingen "),
                                             WORD("Nogen "), WORD("Vor "),   WORD("Egen "),  WORD("Anden "),  WORD("Samme "),
                                             WORD("Vores "), WORD("Hvilken "), WORD("Én "),  WORD("Min "),    WORD("Den "),
                                             WORD("Som "),   WORD("Ny "),    WORD("Lille "), WORD("Stor "),   WORD("Dansk ")};
        return words_start(firsts, sizeof firsts / sizeof *firsts, (struct span){at, size}) > 0;
    }
    if (form == ORG_HOUSE) { /* a department of the own administration, a harbour without a name */
        static const struct span owns[] = {WORD("Fagenheden "), WORD("Afdelingen "),  WORD("Enheden "),  WORD("Forvaltningen "),
                                           WORD("Sektionen "),  WORD("Fagcenter "),   WORD("Team "),     WORD("Gl. "),
                                           WORD("Afdeling "),   WORD("Fagområdet "),  WORD("Fagchef "),  WORD("Staben ")};
        struct span text = {at, size};
        size_t own = words_start(owns, sizeof owns / sizeof *owns, text);
        return (own && !memchr(at + own, ' ', size - own)) || is_plain_house(text);
    }
    if (form == ORG_COMPANY && size == 6 && memcmp(at, "PDF as", 6) == 0) /* "Save this PDF as:" */
        return true;
    if (form != ORG_DANISH)
        return false;
    if (is_scheme((struct span){at, size}))
        return true;
    const char *second = memchr(at, ' ', size);
    for (size_t i = 0; second && i < sizeof words / sizeof *words; i++) {
        size_t length = strlen(words[i]);
        if (size - (size_t)(second + 1 - at) >= length && memcmp(second + 1, words[i], length) == 0)
            return true;
    }
    return false;
}

/* The word of these classes, which ends at `stop`, may begin a known name or is a kind of house. */
static bool is_first_word(unsigned classes, const char *stop)
{
    return classes & (CLASS_FIRST_ALONE | class_first_before(*stop));
}

/* The word ends as names of authorities, institutions and societies do; a genitive s may follow. */
static bool has_ending(const char *at, const char *stop)
{
    const unsigned char *word = (const unsigned char *)at;
    size_t size = (size_t)(stop - at);
    return size >= 8 && may_end(stop) &&
           (part_ending(word, size) != PART_CAP || (stop[-1] == 's' && part_ending(word, size - 1) != PART_CAP));
}

/* A small word may be part of a name: og, de, a/s, as, amba, f.m.b.a., i/s. */
static bool is_small_part(const char *at)
{
    unsigned char third = at[1] ? glance_bytes[(unsigned char)at[2]] : 0;
    bool two = third != BYTE_LETTER && third != BYTE_DIGIT;
    switch (*at) {
    case 'a': /* as, with a genitive s too */
        return at[1] == '/' || at[1] == '.' || (at[1] == 's' && (two || at[2] == 's')) || (at[1] == 'm' && at[2] == 'b');
    case 'd': return at[1] == 'e' && two;
    case 'f': return at[1] == '.';
    case 'i': return at[1] == '/';
    case 'k': return strncmp(at, "kommune", 7) == 0 && at[7] != 'n' && at[7] != 'r';
    case 'o': return at[1] == 'g' && two;
    default: return false;
    }
}

/* Where the name may go on behind its word from `at` to `stop`, white space aside: behind an initial's point and half a
 * double word's hyphen too. NULL if the word is the last; `odd` if only the rules know. */
static const char *name_next(const char *at, const char *stop, bool *odd)
{
    size_t letters = (size_t)(stop - at);
    *odd = false;
    switch (*stop) {
    case ' ':
    case '\n': break;
    case '.': /* "H. C. Andersen" goes on; "A.m.b.a." and "Ltd." are forms */
        *odd = letters <= 4 && (letters > 1 || (stop[1] | 0x20) == 'm');
        if (letters > 1)
            return NULL;
        stop++;
        break;
    case '-':
        *odd = stop[1] != ' ' && stop[1] != '\n';
        stop++;
        break;
    case '/':
        *odd = letters == 1; /* "A/S" */
        return NULL;
    case '\'': *odd = true; return NULL;
    default: return NULL;
    }
    while (*stop == ' ' || *stop == '\n')
        stop++;
    return stop;
}

/* Does one of the capitalised words from `at` on tell that they name an organisation: a house, a form, an authority? A
 * quick look at each, as far as the name may reach; what is not plain words counts as yes. The first one is of these
 * classes and ends at `stop`. */
static bool tells_org(const char *at, const char *stop, unsigned classes)
{
    for (int words = 0; words < 9; words++) {
        unsigned char first = (unsigned char)*at;
        bool capital = (first >= 'A' && first <= 'Z') || first == 0xC3;
        if (!capital)
            return is_small_part(at) || first == '&';
        if (words > 0) {
            stop = glance_word_ahead(at);
            classes = word_class(at, stop);
        }
        if (classes & CLASS_TELLER || has_ending(at, stop))
            return true;
        bool odd;
        const char *next = name_next(at, stop, &odd);
        if (odd || !next)
            return odd;
        at = next;
        if (at[0] == 'o' && at[1] == 'g' && at[2] == ' ' && at[3] != ' ' && at[3] != '\n' && at[3] != 'S')
            at += 3; /* what follows tells */
    }
    return true;
}

/* The same for a name whose first word more may follow: see org_may_begin. */
bool org_may_follow(const char *at, const char *stop, unsigned classes)
{
    const unsigned char *cursor = (const unsigned char *)at;
    return is_first_word(classes, stop) || tells_org(at, stop, classes) ||
           (may_lead(at, stop, classes) && lead_at(&cursor) != LEAD_NONE);
}

/* A word that stands alone names an organisation only if it is known, is a kind of house with its name behind it, has an
 * ending that tells, or leads what it is for: "Styrelsen for", "Retten på". */
bool org_may_begin(const char *at, const char *stop, unsigned classes)
{
    const unsigned char *cursor = (const unsigned char *)at;
    if (has_ending(at, stop) || is_first_word(classes, stop))
        return true;
    const char *next = stop;
    while (*next == ' ' || *next == '\n')
        next++;
    if (next > stop && *next == 'k' && is_small_part(next)) /* "Sundeved kommune" */
        return true;
    return next > stop && (*next == 'f' || *next == 'i' || *next == 'p') && may_lead(at, stop, classes) &&
           lead_at(&cursor) != LEAD_NONE;
}

/* What org_behind.c and org_place.c share; here they stay within sight of the compiler. */
enum org_part org_part(const unsigned char **at, bool first)
{
    return part_at(at, first);
}

const unsigned char *org_words(const unsigned char *at, const unsigned char *limit, int most, int joined)
{
    return cap_words(at, limit, most, joined);
}

size_t org_white(const unsigned char *at, const unsigned char *limit)
{
    return white_size(at, limit);
}

const char org_known_rule[] = "org.known";

struct org_match org_at(const char *at, const char *end)
{
    const char *stop = glance_word_ahead(at);
    return org_at_word(at, stop, word_class(at, stop), end);
}

struct org_match org_at_word(const char *at, const char *word, unsigned classes, const char *end)
{
    static const char *const rules[] = {"",          "org.company", "org.municipality", "org.region", "org.authority",
                                        "org.house", "org.kind",    "org.ending",       "org.danish", "org.court",
                                        "org.center"};
    const unsigned char *cursor = (const unsigned char *)at;
    struct span first = {at, is_first_word(classes, word) ? (size_t)(word - at) : 0};
    enum org_form form = org_form(&cursor, (const unsigned char *)end, first, word, classes);
    const char *stop = (const char *)cursor;
    size_t known_name = first.size ? known_size(first, end) : 0;
    struct org_match match = {0};
    if (form != ORG_NONE && stop <= end) {
        /* a genitive s: "Stevns Kommunes", "Miljøstyrelsens" */
        bool genitive = stop < end && *stop == 's' && !letter_at(stop + 1, end);
        bool inner = stop < end && letter_at(stop, end) && !genitive;
        bool compound = stop < end && *stop == '-' && letter_at(stop + 1, end);
        if (!inner && !compound && !is_refused(form, at, (size_t)(stop - at)))
            match = (struct org_match){(size_t)(stop - at), rules[form]};
    }
    if (known_name && is_generic(at, known_name)) /* "Microsoft Teams" is a program */
        known_name = match.size = 0;
    if (known_name > match.size || (known_name && form == ORG_DANISH && known_name >= 8))
        match = (struct org_match){known_name, org_known_rule};
    /* "Energinet.dk": the name as the house writes it */
    if (match.size && end - at > (ptrdiff_t)match.size + 2 && memcmp(at + match.size, ".dk", 3) == 0 &&
        !letter_at(at + match.size + 3, end) && match.rule == org_known_rule)
        match.size += 3;
    /* "Ansøgning fra Viby IF.pdf" is a file */
    if (match.size && end - at > (ptrdiff_t)match.size + 3 && at[match.size] == '.' && at[match.size + 1] >= 'a' &&
        at[match.size + 1] <= 'z' && memcmp(at + match.size, ".dk", 3) != 0 && org_letter_of(match.rule) != ORG_BY_MUNICIPALITY)
        return (struct org_match){0};
    if (match.size)
        match.size = org_behind(at, match.size, end, match.rule);
    return match;
}
