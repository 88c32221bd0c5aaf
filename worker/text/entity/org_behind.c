/* org_behind: what belongs to an organisation's name behind it: the town of a branch, the form of a company, an office.
 */
#include "org.h"
#include "person.h"
#include "words.h"

#include <string.h>

/* A house, an authority or another place behind the town: "KL Viborg Kommune" are two. */
static bool names_more(const char *at, const char *end)
{
    const unsigned char *cursor = (const unsigned char *)at + 1;
    if (end - at < 3 || *at != ' ')
        return false;
    enum org_part part = org_part(&cursor, false);
    return part == PART_COMMUNE || part == PART_HOUSE || part == PART_AUTHORITY || part == PART_SOCIETY;
}

/* A place behind the name tells which branch: "Ældre Sagen Odense", "Statsforvaltningen Syddanmark", "Natteravnene i
 * Odense"; a line may end before it. Its size with the space, or 0. */
static size_t branch_size(const char *at, const char *end)
{
    bool in = end - at > 4 && memcmp(at, " i ", 3) == 0;
    size_t lead = in ? 3 : org_white((const unsigned char *)at, (const unsigned char *)end);
    if (!lead || end - at < 4)
        return 0;
    size_t size = in ? municipality_name_size(at + lead, end) : place_name_size(at + lead, end);
    return size && !names_more(at + lead + size, end) ? lead + size : 0;
}

/* "Dansk Sygeplejeråd, Kreds Syddanmark", "Dansk Vandrelaug, Østjylland": the branch of a society of the whole country
 * behind a comma, that of another one if it is called so; in a list of places and societies nobody can tell. Its size,
 * or 0. */
static size_t district_size(const char *at, const char *end, bool danish)
{
    static const struct span leads[] = {WORD("Kreds "),         WORD("kreds "),         WORD("Afdeling "),
                                        WORD("Lokalafdeling "), WORD("lokalafdeling "), WORD("Region ")};
    if (end - at < 6 || at[0] != ',' || at[1] != ' ')
        return 0;
    struct span text = {at + 2, (size_t)(end - at - 2)};
    size_t lead = words_start(leads, sizeof leads / sizeof *leads, text);
    if (!lead && !danish)
        return 0;
    size_t size = place_name_size(text.at + lead, end);
    if (lead && !size) { /* "Foreningen for Slidgigt, kreds Vestegnen" */
        const unsigned char *word = (const unsigned char *)text.at + lead,
                            *behind = org_words(word, (const unsigned char *)end, 1, 0);
        size = behind ? (size_t)(behind - word) : 0;
    }
    const char *stop = text.at + lead + size;
    bool listed = !lead && (strncmp(stop, " og ", 4) == 0 || strncmp(stop, " samt ", 6) == 0 ||
                            (stop[0] == ',' && stop[1] == ' ' && (stop[2] < 'a' || strncmp(stop + 2, "og ", 3) == 0)));
    return size && !listed && !names_more(stop, end) ? lead + size + 2 : 0;
}

/* "Fredningsnævnet for Midtjylland, vestlig del": which part of its district. Its size, or 0. */
static size_t part_of_district(const char *at, const char *end)
{
    static const struct span parts[] = {WORD(", vestlig del"),    WORD(", østlig del"),      WORD(", nordlig del"),
                                        WORD(", sydlig del"),     WORD(", nordvestlig del"), WORD(", nordøstlig del"),
                                        WORD(", sydvestlig del"), WORD(", sydøstlig del")};
    return words_start(parts, sizeof parts / sizeof *parts, (struct span){at, (size_t)(end - at)});
}

/* "Røde Kors i Ulbølle", "Røde Kors, Søndersø afdeling", "Danmarks Lærerforening, kreds 142": the branch of a society
 * that has them all over the country. Its size, or 0. */
static size_t local_size(const char *name, size_t size, const char *end)
{
    static const struct span societies[] = {WORD("Ældre Sagen"),
                                            WORD("Røde Kors"),
                                            WORD("Dansk Røde Kors"),
                                            WORD("Natteravnene"),
                                            WORD("Besøgsvennerne"),
                                            WORD("Blå Kors"),
                                            WORD("Kræftens Bekæmpelse"),
                                            WORD("Dansk Folkehjælp"),
                                            WORD("Danmarks Naturfredningsforening"),
                                            WORD("Danmarks Lærerforening"),
                                            WORD("Red Barnet"),
                                            WORD("Lions Club"),
                                            WORD("Hjerteforeningen"),
                                            WORD("Mødrehjælpen")};
    const char *at = name + size;
    bool in = end - at >= 6 && memcmp(at, " i ", 3) == 0, society = false;
    if (end - at < 6 || (!in && (at[0] != ',' || at[1] != ' '))) /* as behind most names */
        return 0;
    for (size_t i = 0; i < sizeof societies / sizeof *societies && !society; i++)
        society = span_equal(societies[i], (struct span){name, size});
    if (!society)
        return 0;
    const unsigned char *word = (const unsigned char *)at + (in ? 3 : 2);
    if (!in && strncmp((const char *)word, "kreds ", 6) == 0) {
        word += 6;
        while (*word >= '0' && *word <= '9')
            word++;
        return (size_t)((const char *)word - at);
    }
    const unsigned char *stop = org_words(word, (const unsigned char *)end, in ? 1 : 2, 0);
    if (!stop || in)
        return stop ? (size_t)((const char *)stop - at) : 0;
    size_t tail = strncmp((const char *)stop, " afdeling", 9) == 0         ? 9
                  : strncmp((const char *)stop, " lokalafdeling", 14) == 0 ? 14
                                                                           : 0;
    return tail ? (size_t)((const char *)stop - at) + tail : 0;
}

/* A capitalised word behind a known name belongs to it ("Rambøll Management"), unless it begins a person's name. */
static size_t more_size(const char *at, const char *end)
{
    const unsigned char *cursor = (const unsigned char *)at + 1;
    if (end - at < 6 || *at != ' ')
        return 0;
    const unsigned char *stop = org_words(cursor, (const unsigned char *)end, 1, 0);
    struct span word = {(const char *)cursor, stop ? (size_t)(stop - cursor) : 0};
    unsigned char last = word.size ? (unsigned char)word.at[word.size - 1] : 0;
    bool lower = word.size >= 5 && ((last >= 'a' && last <= 'z') || last >= 0x9F); /* "Skive-Morsø" */
    bool plain = lower && !memchr(word.at, '.', word.size) && !org_letter((const char *)stop) && *stop != '-';
    bool name = plain && (is_given_name(word) || role_of(word.at, word.at + word.size) != ROLE_NONE ||
                          (*stop == ' ' && stop[1] >= 'A' && stop[1] <= 'Z'));
    return plain && !name ? word.size + 1 : 0;
}

/* "Holte & Søn ApS", "Ejendomsselskabet Havnegaden 4 ApS": the form of a company behind a name, or behind a number of
 * it. The size of both, or 0. */
static size_t form_behind(const char *at, const char *end)
{
    const char *word = at;
    while (word < end && (*word == ' ' || (*word >= '0' && *word <= '9')) && word - at < 6)
        word++;
    if (word == at || *at != ' ' || word[-1] != ' ' || word >= end)
        return 0;
    const unsigned char *cursor = (const unsigned char *)word;
    bool capital = *word >= 'A' && *word <= 'Z'; /* not "& Søn", not "as" */
    return capital && org_part(&cursor, false) == PART_FORM && (const char *)cursor <= end &&
                   (!org_letter((const char *)cursor) || (*cursor == 's' && !org_letter((const char *)cursor + 1)))
               ? (size_t)((const char *)cursor - at)
               : 0;
}

/* "Ankestyrelsens Tilsyn", "Forsvarsministeriets Ejendomsstyrelse": an office of an authority that bears its name. */
static size_t office_behind(const char *at, const char *end)
{
    static const struct span offices[] = {WORD("styrelse"), WORD("styrelsen"), WORD("tilsyn"),         WORD("tilsynet"),
                                          WORD("nævn"),     WORD("kontor"),    WORD("Tilsyn"),         WORD("Nævn"),
                                          WORD("Fond"),     WORD("Venner"),    WORD("Støtteforening"), WORD("udvalg")};
    if (end - at < 8 || at[0] != 's' || at[1] != ' ')
        return 0;
    const unsigned char *word = (const unsigned char *)at + 2,
                        *stop = org_words(word, (const unsigned char *)end, 1, 0);
    struct span office = {(const char *)word, stop ? (size_t)(stop - word) : 0};
    for (size_t i = 0; i < sizeof offices / sizeof *offices; i++)
        if (office.size >= offices[i].size && word_ends(office, offices[i]))
            return office.size + 2;
    return 0;
}

/* Societies and authorities have branches; what is a house by its last word has none. */
static bool may_have_branch(const char *at, size_t size, const char *end, char by)
{
    return by == ORG_BY_KIND || by == ORG_BY_ENDING || by == ORG_BY_AUTHORITY ||
           (strncmp(at, "Dan", 3) == 0 && end - at > (ptrdiff_t)size + 4 &&
            (memcmp(at + size, " i ", 3) == 0 || /* "Danmarks Naturfredningsforening i Vejen" */
             by == ORG_BY_DANISH));
}

/* "Skytteforeningen af 1889": the year of a society. Its size, or 0. */
static size_t year_behind(const char *at, const char *end)
{
    size_t size = SPAN(" af 1889").size;
    if (end - at < (ptrdiff_t)size || memcmp(at, " af 1", 5) != 0 || org_letter(at + size))
        return 0;
    for (size_t i = 5; i < size; i++)
        if (at[i] < '0' || at[i] > '9')
            return 0;
    return size;
}

size_t org_behind(const char *at, size_t size, const char *end, const char *rule)
{
    char by = org_letter_of(rule);
    if (by == ORG_BY_KIND || by == ORG_BY_ENDING || by == ORG_BY_HOUSE)
        size += year_behind(at + size, end);
    size_t place = may_have_branch(at, size, end, by) ? branch_size(at + size, end) : 0;
    bool danish = strncmp(at, "Dansk", 5) == 0;
    if (!place && (danish || by == ORG_BY_KIND || by == ORG_BY_ENDING))
        place = district_size(at + size, end, danish);
    if (!place && by == ORG_BY_AUTHORITY)
        place = part_of_district(at + size, end);
    if (!place)
        place = local_size(at, size, end);
    struct span name = {at, size};
    if (!place && rule == org_known_rule && !is_given_name(name)) /* "Irma Holm" is a woman */
        place = more_size(at + size, end);
    size += place;
    if (by != ORG_BY_MUNICIPALITY)
        size += form_behind(at + size, end);
    if (by == ORG_BY_AUTHORITY || by == ORG_BY_ENDING || rule == org_known_rule)
        size += office_behind(at + size, end);
    return size;
}
