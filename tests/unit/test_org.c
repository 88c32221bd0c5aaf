/* Organisations in running text: names that a form or a kind tells, names that only the words around them tell, and
 * words that look like names and are none. */
#include "arena.h"
#include "minutes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The organisations of a text in reading order, parted by " | ". */
struct told {
    const char *text, *names;
};

static void texts_are_read(const struct told *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char names[400] = "";
        struct arena *arena = arena_new((size_t)1 << 30);
        struct minutes minutes;
        struct error error;
        assert_non_null(arena);
        assert_int_equal(minutes_read(arena, span_of(texts[i].text), MEDIA_PLAIN, &minutes, &error), FAULT_NONE);
        for (size_t j = 0; j < minutes.entity_count; j++) {
            const struct entity *entity = &minutes.entities[j];
            size_t used = strlen(names);
            if (entity->type == ENTITY_ORG)
                snprintf(names + used, sizeof names - used, "%s%.*s", used ? " | " : "", (int)entity->value.size,
                         entity->value.at);
        }
        if (strcmp(names, texts[i].names) != 0)
            fail_msg("%s\nexpected: %s\ngiven:    %s", texts[i].text, texts[i].names, names);
        arena_free(&arena);
    }
}

#define TEXTS_ARE_READ(texts) texts_are_read((texts), sizeof(texts) / sizeof *(texts))

static void words_around_ask_for_a_name(void **unused)
{
    (void)unused;
    static const struct told texts[] = {
        {"Der er indhentet tilbud fra Lindum, Bravo Tag og Zenit.", "Lindum | Bravo Tag | Zenit"},
        {"Opgaven udføres af leverandøren Fixit under tilsyn.", "Fixit"},
        {"Entreprenøren Vikolit har varslet forsinkelse.", "Vikolit"},
        {"Kommunen har indgået aftale med Solum og Region Sjælland.", "Solum | Region Sjælland"},
        {"Barrierne er vurderet, og Hakado Marine har budt på arbejdet.", "Hakado Marine"},
        {"Tilbud fra Odense og tilbud fra Beboerne er drøftet.", ""},
        {"Notat fra Teknisk Forvaltning og bemærkninger fra Venstre.", ""},
        {"Ansøgning fra Egon Lund om en plads.", ""},
        {"Udført af Kommunen selv på Nørregade.", ""},
        {"Rådgiver er Hakado, entreprenør: Vikolit Nord.", "Hakado | Vikolit Nord"},
    };
    TEXTS_ARE_READ(texts);
}

static void a_name_once_told_is_known_again(void **unused)
{
    (void)unused;
    static const struct told texts[] = {
        {"Tilbud fra Bascon er lavt. Bascons pris er god, og Bascon begynder i maj.", "Bascon | Bascon | Bascon"},
        {"Arbejdet går til Ravnsø Anlægsteknik ApS. Om en uge begynder Ravnsø Anlægsteknik.",
         "Ravnsø Anlægsteknik ApS | Ravnsø Anlægsteknik"},
        {"Tilbud fra Bascon er lavt. Hans Bascon sagde nej, og Basconvej er lukket.", "Bascon"},
        {"Hansen A/S bygger. Der var også Hansen.", "Hansen A/S"},
    };
    TEXTS_ARE_READ(texts);
}

static void kinds_and_lists_belong_to_names(void **unused)
{
    (void)unused;
    static const struct told texts[] = {
        {"Fastsat af Taksationskommissionen for Syd- og Sønderjylland i maj.",
         "Taksationskommissionen for Syd- og Sønderjylland"},
        {"Brev fra Ministeriet for By, Bolig og Landdistrikter.", "Ministeriet for By, Bolig og Landdistrikter"},
        {"Arkitektfirmaet Krogh og Toftum har tegnet huset.", "Arkitektfirmaet Krogh og Toftum"},
        {"Lørslev Anlæg og Natur vandt, og Tyrsbæk Bladet skrev om det.", "Lørslev Anlæg og Natur | Tyrsbæk Bladet"},
        {"Prognosen fra Rambøll Management siger 268.", "Rambøll Management"},
        {"FOA Lillebælt er hørt.", "FOA Lillebælt"},
        {"Skytteforeningen af 1889 og Havneforeningen i Marbæk.",
         "Skytteforeningen af 1889 | Havneforeningen i Marbæk"},
        {"Lørslev Lokalforum og Museum Vestfyn.", "Lørslev Lokalforum | Museum Vestfyn"},
    };
    TEXTS_ARE_READ(texts);
}

static void a_plain_word_before_a_house_names_none(void **unused)
{
    (void)unused;
    static const struct told texts[] = {
        {"Gammel Skole og Kollektiv Trafik drøftes.", ""},
        {"By-, Plan- og Miljøcenter indstiller.", ""},
        {"Ændring Vuggestue 2.624", ""},
        {"Mødet holdes på Microsoft Teams.", ""},
        {"Den Nationale Trafikplan er i høring.", ""},
        {"Gammel Holte Skole udvides.", "Gammel Holte Skole"},
    };
    TEXTS_ARE_READ(texts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_around_ask_for_a_name),
        cmocka_unit_test(a_name_once_told_is_known_again),
        cmocka_unit_test(kinds_and_lists_belong_to_names),
        cmocka_unit_test(a_plain_word_before_a_house_names_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
