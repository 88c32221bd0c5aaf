/* org_place: municipalities, towns and parts of the country. Pure. */
#include "org.h"
#include "words.h"

#include <string.h>

/* make_lookup.c has the same order. */
static const struct span places[] = {
#define MUNICIPALITY(code, name, full) WORD(name),
#define REGION(code, full, domain)
#include "municipality.def"
#undef MUNICIPALITY
#undef REGION
#define TOWN(name) WORD(name),
#include "town.def"
#undef TOWN
};

enum {
#define MUNICIPALITY(code, name, full) MUNICIPALITY_##code,
#define REGION(code, full, domain)
#include "municipality.def"
#undef MUNICIPALITY
#undef REGION
    MUNICIPALITIES
};

static const struct word_list place_list = {places, town_slots, sizeof town_slots / sizeof *town_slots - 1};

bool is_place_name(struct span word)
{
    return word_listed(&place_list, word);
}

bool is_place_like(struct span word)
{
    static const struct span endings[] = {WORD("rup"),  WORD("lev"),   WORD("løse"), WORD("bølle"),  WORD("inge"),
                                          WORD("borg"), WORD("toft"),  WORD("tved"), WORD("bæk"),    WORD("holm"),
                                          WORD("lund"), WORD("næs"),   WORD("ås"),   WORD("købing"), WORD("vig"),
                                          WORD("kær"),  WORD("bjerg"), WORD("sted"), WORD("rød"),    WORD("dal")};
    if (is_place_name(word))
        return true;
    for (size_t i = 0; i < sizeof endings / sizeof *endings && word.size >= 6; i++)
        if (word_ends(word, endings[i]))
            return true;
    return false;
}

/* Only those of its municipality are branches: the nursing home "Lergården i Rødekro" lies in that town. */
size_t municipality_name_size(const char *at, const char *end)
{
    size_t size = place_name_size(at, end);
    size_t number = size ? word_number(&place_list, (struct span){at, size}) : 0;
    return number && number <= MUNICIPALITIES ? size : 0;
}

bool is_regional(struct span word)
{
    static const struct span words[] = {
#define REGIONAL(word) WORD(word),
#include "regional.def"
#undef REGIONAL
    };
    static const struct word_list list = {words, regional_slots, sizeof regional_slots / sizeof *regional_slots - 1};
    return word_listed(&list, word);
}

/* "Midt- og ": the first half of "Midt- og Vestjylland", 0 if there is none. */
static size_t half_size(const char *at, const char *end)
{
    static const struct span halves[] = {WORD("Midt- og "), WORD("Nord- og "), WORD("Syd- og "), WORD("Vest- og "),
                                         WORD("Øst- og ")};
    return words_start(halves, sizeof halves / sizeof *halves, (struct span){at, (size_t)(end - at)});
}

size_t place_name_size(const char *at, const char *end)
{
    bool capital = (*at >= 'A' && *at <= 'Z') || (unsigned char)*at == 0xC3;
    if (end - at < 3 || !capital) /* as most words behind a name */
        return 0;
    size_t half = half_size(at, end);
    const unsigned char *cursor = (const unsigned char *)at + half;
    if (org_part(&cursor, true) != PART_CAP)
        return 0;
    const char *stop = (const char *)cursor;
    struct span word = {at + half, (size_t)(stop - at) - half};
    if (stop > end || org_letter(stop) || *stop == '-')
        return 0;
    if (is_place_name(word))
        return word.size + half;
    bool genitive = word.size > 4 && word.at[word.size - 1] == 's';
    return genitive && is_place_name((struct span){word.at, word.size - 1}) ? word.size + half - 1 : 0;
}
