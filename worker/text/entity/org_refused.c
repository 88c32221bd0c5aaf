/* org_refused: what is no organisation although its form fits: a house that is only described, the own administration,
 * a plan, a party. Pure. */
#include "org.h"

bool org_generic(struct span words)
{
    static const struct span generic[] = {
#define NO_ORG(word) WORD(word),
#include "no_org.def"
#undef NO_ORG
    };
    static const struct word_list list = {generic, no_org_slots, sizeof no_org_slots / 2 - 1};
    return word_listed(&list, words);
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
    if (!kind && org_generic(first)) /* "Virksomheden Nordic Seaweed" */
        return true;
    bool two = space && !memchr(space + 1, ' ', text.size - first.size - 1);
    return two && word_listed(&list, first);
}

/* "Den Nationale Trafikplan", "Det Danske Klimamål": what is decided, none who decides. */
static bool is_scheme(struct span name)
{
    static const struct span endings[] = {WORD("plan"),   WORD("politik"), WORD("strategi"),     WORD("aftale"),
                                          WORD("model"),  WORD("ordning"), WORD("pris"),         WORD("pulje"),
                                          WORD("metode"), WORD("program"), WORD("reform"),       WORD("profil"),
                                          WORD("mål"),    WORD("kanon"),   WORD("handlingsplan")};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (word_ends(name, endings[i]))
            return true;
    return false;
}

bool org_refused(enum org_form form, const char *at, size_t size)
{
    static const char *const words[] = {
        "Folkeparti", "Lov", "Samling", "Kvalitetsmodel", "Byplan", "Standard", "Landskabsarkitekter", "Kroner",
        "Sprog",      "Tid", "Ret",     "Kommuner"};
    if (form == ORG_ENDING || form == ORG_AUTHORITY) {
        bool board = size > 11 && memcmp(at + size - 11, "bestyrelsen", 11) == 0;
        return board || org_generic((struct span){at, size});
    }
    if (form == ORG_MUNICIPALITY && size > 7 && at[size - 7] == 'k') { /* "Hver kommune" is none */
        static const struct span firsts[] = {WORD("Hver "),  WORD("En "),    WORD("Denne "), WORD("Enhver "),
                                             WORD("Ingen "), WORD("Nogen "), WORD("Vor "),   WORD("Egen "),
                                             WORD("Anden "), WORD("Samme "), WORD("Vores "), WORD("Hvilken "),
                                             WORD("Én "),    WORD("Min "),   WORD("Den "),   WORD("Som "),
                                             WORD("Ny "),    WORD("Lille "), WORD("Stor "),  WORD("Dansk ")};
        return words_start(firsts, sizeof firsts / sizeof *firsts, (struct span){at, size}) > 0;
    }
    if (form == ORG_HOUSE) { /* a department of the own administration, a harbour without a name */
        static const struct span owns[] = {WORD("Fagenheden "),    WORD("Afdelingen "), WORD("Enheden "),
                                           WORD("Forvaltningen "), WORD("Sektionen "),  WORD("Fagcenter "),
                                           WORD("Team "),          WORD("Gl. "),        WORD("Afdeling "),
                                           WORD("Fagområdet "),    WORD("Fagchef "),    WORD("Staben ")};
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
