/* The head of minutes: which body met, when it began and ended, and whose minutes they are; a head each. */
#include "arena.h"
#include "minutes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* What a head gives; NULL for nothing. */
struct told {
    const char *head, *committee, *date, *start, *end;
};

static void fact_is(struct span fact, const char *expected, const char *head)
{
    if (!span_equal(fact, span_of(expected ? expected : "")))
        fail_msg("%s\nexpected: %s\ngiven:    %.*s", head, expected ? expected : "nothing", (int)fact.size, fact.at);
}

static struct minutes minutes_of(struct arena *arena, const char *head, const char *tail)
{
    char text[2000];
    snprintf(text, sizeof text,
             "%s\n\n1. Asfalt\n\nSagsnr. 19/2484\n\nBeslutning\n\nGodkendt.\n\n2. Cykelsti\n\nSagsnr. 19/2485\n\n"
             "Beslutning\n\nUdsat.\n%s",
             head, tail);
    struct minutes minutes;
    struct error error;
    struct text body = arena_copy(arena, span_of(text));
    assert_non_null(body.at);
    assert_int_equal(minutes_read(arena, (struct span){body.at, body.size}, MEDIA_PLAIN, &minutes, &error), FAULT_NONE);
    return minutes;
}

static void heads_tell_body_day_and_times(void **unused)
{
    (void)unused;
    static const struct told heads[] = {
        {"Forside > Om os > Regionsrådet > Møder\n\nReferat\ntil\nmødet i Forretningsudvalget\nden 17. juni 2009 kl. "
         "12:30",
         "Forretningsudvalget", "2009-06-17", "12:30", NULL},
        {"HOLMBY KOMMUNE\n\nReferat fra kommunalbestyrelsens møde\nmandag den 22. maj 2006 kl. 18.30",
         "Kommunalbestyrelsen", "2006-05-22", "18:30", NULL},
        {"Økonomiudvalgets møde tirsdag den 13. februar 2001 kl. 15.00 i det store Udvalgsværelse 2 på rådhuset.",
         "Økonomiudvalget", "2001-02-13", "15:00", NULL},
        {"Det Sociale Udvalg, 14. marts 2000, kl. 13.00-15.00, Kantinen i den gamle skole i Nørregade.",
         "Det Sociale Udvalg", "2000-03-14", "13:00", "15:00"},
        {"Det ordinære møde i Byrådet den 14. marts 2000", "Byrådet", "2000-03-14", NULL, NULL},
        {"SKIVE BYRÅD. Teknik- og Miljøudvalget. Åben referat. Mødedato: Tirsdag den 3. maj 2011",
         "Teknik- og Miljøudvalget", "2011-05-03", NULL, NULL},
        {"Mødt: Birthe Kruse (A), Jens Aagaard (V)\nIkke mødt: Henning Bech (C)\n\nSocialudvalget, møde tirsdag den 3. "
         "juni 2003 kl. 8.00",
         "Socialudvalget", "2003-06-03", "08:00", NULL},
        {"BYRÅDET\nÅr 1994, den 13. september kl. 19.00 afholdtes møde.", "BYRÅDET", "1994-09-13", "19:00", NULL},
        {"Udvalg: Teknik & Miljø\nDato: 15-05-2018\nKlokken: 15:00 - 16.10", "Teknik & Miljø", "2018-05-15", "15:00",
         "16:10"},
        {"Byrådet\n6. december 2022\n12:00 - 14:00\nJobhuset", "Byrådet", "2022-12-06", "12:00", "14:00"},
        {"Byrådet\nMødedato\n6. december 2022\nStarttid\n12:00\nSluttid\n14:00", "Byrådet", "2022-12-06", "12:00",
         "14:00"},
        {"Byrådet\nDato: 8. oktober 2002. Sted: Salen. Start kl.: 13.00. Slut kl.: 15.30.", "Byrådet", "2002-10-08",
         "13:00", "15:30"},
        {"Byrådet 8. oktober 2002 Mødested: Salen Mødet begyndte kl. 19.00 Mødet hævet kl. 21.15", "Byrådet",
         "2002-10-08", "19:00", "21:15"},
        {"Byrådet\n8. oktober 2002\nMØDET STARTEDE: 16.00\nMØDET SLUTTEDE: 18.00", "Byrådet", "2002-10-08", "16:00",
         "18:00"},
        {"Byrådet\n8. oktober 2002\nFra kl. 16.00 til kl. 18.30", "Byrådet", "2002-10-08", "16:00", "18:30"},
        {"Byrådet\nMødedato 12-03-2013 15:00 Mødested Lokale 9 Slut 16:00", "Byrådet", "2013-03-12", "15:00", "16:00"},
        {"Hegnssynet\n30. august 1983 kl. 10", "Hegnssynet", "1983-08-30", "10:00", NULL},
    };
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        struct arena *arena = arena_new((size_t)1 << 30);
        assert_non_null(arena);
        struct minutes minutes = minutes_of(arena, heads[i].head, "");
        fact_is(minutes.meeting.committee, heads[i].committee, heads[i].head);
        fact_is(minutes.meeting.date, heads[i].date, heads[i].head);
        fact_is(minutes.meeting.start, heads[i].start, heads[i].head);
        fact_is(minutes.meeting.end, heads[i].end, heads[i].head);
        arena_free(&arena);
    }
}

static void a_town_in_a_region_s_minutes_is_not_whose_they_are(void **unused)
{
    (void)unused;
    static const char head[] = "Anlægsudvalget\n\nMødedato: 16-06-2014\nMødested: %s\n\nDeltagere: Villy Ribe (V)\n";
    static const char tail[] =
        "\n3. Sygehus\n\nSagsnr. 19/2486\n\nSagsfremstilling\n\nDer skal bygges et nyt sygehus i "
        "fem etager, og arbejdet skal efter planen begynde næste sommer og vare i fire år. Det "
        "gamle sygehus lukker først, når det nye er taget i brug, og det skal derefter sælges. "
        "Grunden købes af Aabenraa Kommune.\n\nBeslutning\n\nGodkendt.\n";
    struct arena *arena = arena_new((size_t)1 << 30);
    assert_non_null(arena);
    char text[400];
    snprintf(text, sizeof text, head, "Regionshuset, lokale 6");
    fact_is(minutes_of(arena, text, tail).meeting.municipality, NULL, text);
    snprintf(text, sizeof text, head, "Rådhuset, lokale 6");
    fact_is(minutes_of(arena, text, tail).meeting.municipality, "Aabenraa Kommune", text);
    arena_free(&arena);
}

/* The head of a committee that names nobody, and what its items tell of the house. */
static void items_tell_whose_minutes_they_are(void **unused)
{
    (void)unused;
    static const char head[] = "Dagsordener og referater\n\nSocial og Sundhed\n\nTorsdag den 05-09-2019 kl. 08:30\n";
    static const struct {
        const char *title, *words, *municipality, *committee;
    } texts[] = {
        {"Høring fra Region Hovedstaden",
         "Centret indstiller til Social og Sundhed, at svaret sendes.\n\nRegion Hovedstaden har en plan. Region "
         "Hovedstaden vil have svar. Gribskov Kommune vil pege på flere pladser.",
         "Gribskov Kommune", "Social og Sundhed"},
        {"Frikommuner",
         "Fredensborg Kommune kan sammen med Rudersdal Kommune søge om det. Sagen om Vejle Kommune er kendt.",
         "Fredensborg Kommune", NULL},
        {"Vand", "Vejle Kommune og Rudersdal Kommune er med. Det er Faxe Kommune også.", NULL, NULL},
        {"Kysten", "Kysten er lang, og Bornholms Regionskommune er bygherre.", "Bornholms Regionskommune", NULL},
        {"Pladser", "Udvidelsen i Lolland Kommune er dyr. Heraf har regionsrådet frigivet 4,5 mio. kr.", NULL, NULL},
    };
    struct arena *arena = arena_new((size_t)1 << 30);
    assert_non_null(arena);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char tail[800];
        snprintf(tail, sizeof tail, "\n3. %s\n\nSagsnr. 19/2486\n\nSagsfremstilling\n\n%s\n\nBeslutning\n\nGodkendt.\n",
                 texts[i].title, texts[i].words);
        struct minutes minutes = minutes_of(arena, head, tail);
        fact_is(minutes.meeting.municipality, texts[i].municipality, texts[i].words);
        fact_is(minutes.meeting.committee, texts[i].committee, texts[i].words);
    }
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heads_tell_body_day_and_times),
        cmocka_unit_test(a_town_in_a_region_s_minutes_is_not_whose_they_are),
        cmocka_unit_test(items_tell_whose_minutes_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
