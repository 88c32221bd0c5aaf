/* nobody: names of streets, houses, bodies and parties, which look like those of people. Pure. */
#include "roster.h"

#include "word_lookup.h"
#include "words.h"

#include <string.h>

/* The last word of a name. */
static struct span last_word(struct span name)
{
    size_t at = name.size;
    while (at && name.at[at - 1] != ' ' && name.at[at - 1] != '\n')
        at--;
    return span_cut(name, at, name.size);
}

/* The name of a street or a spot: "Jens Baggesens Vej" is nobody. */
static bool is_place(struct span name)
{
    static const struct span places[] = {
#define PLACE(word) WORD(word),
#include "place.def"
#undef PLACE
    };
    static const struct word_list list = {places, place_slots, sizeof place_slots / sizeof *place_slots - 1};
    /* words that are surnames as well: "Dronning Louises Bro" is a place, "Aksel Bro" is not */
    static const struct span surnames[] = {WORD("Bro"),  WORD("Skov"),  WORD("Strand"), WORD("Mark"),
                                           WORD("Hede"), WORD("Bakke"), WORD("Have"),   WORD("Gade")};
    static const struct span tails[] = {WORD("vej"),          WORD("gade"),      WORD("stræde"),
                                        WORD("pladsen"),      WORD("parken"),    WORD("organisationer"),
                                        WORD("organisation"), WORD("foreninger")};
    struct span last = last_word(name);
    size_t at = name.size - last.size;
    if (word_listed(&list, last)) {
        for (size_t i = 0; at > 1 && i < sizeof surnames / sizeof *surnames; i++)
            if (span_equal(last, surnames[i]))
                return name.at[at - 2] == 's';
        return true;
    }
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) /* "Hans Schacksvej" */
        if (last.size > tails[i].size + 2 && word_ends(last, tails[i]))
            return true;
    return false;
}

/* "Dansk Folkeparti", "Radikale Venstre": a party by its full name is nobody. */
static bool is_party_name(struct span name)
{
    static const struct span words[] = {WORD("Folkeparti"), WORD("Venstre"), WORD("Alliance"),   WORD("Borgerlige"),
                                        WORD("Grønne"),     WORD("Parti"),   WORD("Folkepartis")};
    struct span last = last_word(name);
    if (last.size < 5 || !strchr("ABFGPV", *last.at))
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (span_equal(last, words[i]))
            return true;
    return false;
}

bool sighting_is_place(const struct reading *reading, const struct sighting *sighting)
{
    struct span name = sighting_name(reading, sighting);
    return is_party_name(name) || (!sighting->party.size && is_place(name));
}

/* Behind an organisation's or a person's name: "Strandvejen 4" and "Vej 12" show an address. */
static bool is_address(const struct reading *reading, const struct sighting *sighting)
{
    const char *at = reading->body.text.at + sighting->end;
    struct span next = {at, 0};
    if (*at != ' ')
        return *at == '-';
    next.at = at + 1;
    while (((next.at[next.size] | 0x20) >= 'a' && (next.at[next.size] | 0x20) <= 'z') || (next.at[next.size] & 0x80))
        next.size++;
    return next.size && is_place(next);
}

bool sighting_is_nobody(const struct reading *reading, const struct sighting *sighting)
{
    struct span name = sighting_name(reading, sighting);
    return is_place(name) || is_party_name(name) || is_address(reading, sighting);
}
