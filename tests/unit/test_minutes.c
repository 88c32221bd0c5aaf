/* Whole readings: body, agenda, roster, decisions, votes and attachments of small minutes. */
#include "arena.h"
#include "minutes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;
static struct minutes minutes;

static int begin(void **unused)
{
    (void)unused;
    arena = arena_new((size_t)1 << 30);
    return arena == NULL;
}

static int finish(void **unused)
{
    (void)unused;
    arena_free(&arena);
    return 0;
}

static const struct meeting *read(const char *text, enum media_type media)
{
    struct error error;
    assert_int_equal(minutes_read(arena, span_of(text), media, &minutes, &error), FAULT_NONE);
    return &minutes.meeting;
}

static void expect(struct span span, const char *text)
{
    assert_int_equal(span.size, strlen(text));
    assert_memory_equal(span.at, text, span.size);
}

static const char agenda_text[] =
    "Teknisk Udvalg\n\nDato: 4. maj 2020\nStart kl.: 16:30\nSted: Lokale 3\n\n"
    "Medlemmer: Anna Brask (A), Carl Stub Lunde (V) (Formand), Eva Holck (Ø)\n"
    "Fraværende: Eva Holck (Ø)\n\nIndholdsfortegnelse\n\n1. Asfalt ..... 2\n2. Cykelsti ..... 3\n\n"
    "1. Asfalt\n\nSagsnr. 19/2484\n\nIndstilling\n\n1. at der bruges 5 mio. kr.\n2. at der spares\n\n"
    "Beslutning\n\nFor stemte A.\nImod stemte V.\nGodkendt.\n\n"
    "2. Cykelsti (Lukket punkt)\n\nBeslutning\n\nUdsat.\n\nBilag\n\n1\tÅben\tKort.pdf\t12/20\n";

static void halves_of_anything_are_stepped_over(void **unused)
{
    (void)unused;
    static const char *const texts[] = {"Det tog \xC2\xBD time.", "\xC2\xBD", "(\xC2\xBE)", "kr. 2 \xC2\xBD pr. stk.",
                                        "Side 2 \xC2\xBC \xC2\xBD\t\xC2\xBE\n\xC2\xBD"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        read(texts[i], MEDIA_PLAIN);
}

/* The walk asks for an act only where a glance at the word lets it. */
static void acts_are_found_amid_words_that_begin_alike(void **unused)
{
    (void)unused;
    static const char *const acts[] = {"forsyningsregulativ § 3", "Forretningsordenens § 4", "forpagtningsloven"};
    size_t found = 0;
    read("Forvaltningen og foreningerne følger forsyningsregulativ § 3, som Forretningsordenens § 4 siger, og en\n"
         "forpagtningsloven-bestemmelse, forventer forbrugerne.",
         MEDIA_PLAIN);
    for (size_t i = 0; i < minutes.entity_count; i++)
        if (minutes.entities[i].type == ENTITY_LAW && found < sizeof acts / sizeof *acts)
            expect(minutes.entities[i].value, acts[found++]);
    assert_int_equal(found, sizeof acts / sizeof *acts);
}

static void head_roster_and_items_are_read(void **unused)
{
    (void)unused;
    const struct meeting *meeting = read(agenda_text, MEDIA_PLAIN);
    expect(meeting->committee, "Teknisk Udvalg");
    expect(meeting->date, "2020-05-04");
    expect(meeting->start, "16:30");
    expect(meeting->place, "Lokale 3");
    assert_int_equal(meeting->present.count, 2);
    assert_int_equal(meeting->absent.count, 1);
    expect(meeting->absent.names[0], "Eva Holck");
    assert_int_equal(meeting->item_count, 2);
    expect(meeting->items[0].title, "Asfalt");
    expect(meeting->items[0].case_number, "19/2484");
    assert_true(meeting->items[0].open && !meeting->items[1].open);
    assert_int_equal(meeting->items[0].outcome, OUTCOME_APPROVED);
    assert_int_equal(meeting->items[1].outcome, OUTCOME_POSTPONED);
    expect(meeting->items[0].votes_for.names[0], "A");
    expect(meeting->items[0].votes_against.names[0], "V");
    assert_int_equal(meeting->items[1].attachment_count, 1);
    expect(meeting->items[1].attachments[0].title, "Kort.pdf");
    expect(meeting->items[1].attachments[0].document, "12/20");
}

/* What a table says, a text each: the sums in kroner that are read from its cells, in their order. */
static void tables_say_their_unit_in_many_ways(void **unused)
{
    (void)unused;
    static const struct {
        const char *text;
        int64_t kroner[4];
    } tables[] = {
        {"DKK (+ = udgift)\t2024\t2025\nSkole\t2.350.000\t-750.000\n", {2350000, -750000}},
        {"1.000 DKK\t2024\t2025\nSkole\t2.350\t750\n", {2350000, 750000}},
        {"DKK mio.\t2024\t2025\nSkole\t2,35\t0,75\n", {2350000, 750000}},
        {"TDKK\t2024\t2025\nSkole\t2.350\t750\n", {2350000, 750000}},
        {"I millioner kroner\t2024\t2025\nSkole\t2,35\t0,75\n", {2350000, 750000}},
        {"Hele tusinde\t2024\t2025\nSkole\t2 350\t750\n", {2350000, 750000}},
        {"Mia. kr.\t2024\t2025\nRegion\t2,3\t2,4\n", {2300000000, 2400000000}},
        {"Post\tKroner\tAntal\nSkole\t2.350\t14\n", {2350}},
        {"Alle tal er i hele tusinde kroner.\n\nPost\t2024\nSkole\t2.350\n", {2350000}},
        {"Anlæg (1.000 kr.)\t2.350\t750\nAntal elever\t411\t398\n", {2350000, 750000}},
        {"I mio. kr.\tDrift pr. år\tTakst pr. døgn i kr.\nModel 1\t6,1\t1.194\n", {6100000, 1194}},
        {"Tilskud i kr.:\n\nKlub\t\tMedlemmer\t2012\t\t2013\nSkak\t1.204\t\t261.268\t\t1.500\n", {261268, 1500}},
        {"Oversigt (i kr.):\nKloak ......... 1.317.455\nRefusion ...... - 900.000\n", {1317455, -900000}},
        {"Budget i 1.000 kr.\nKloak ______ 1.317\nVej \xE2\x80\xA6\xE2\x80\xA6 1.567\n", {1317000, 1567000}},
        /* cells that lost their columns, and heads told from words */
        {"Hovedtal (1.000 kr.):\n\nPost Budget 2020 Forbrug\nSkat -2.011 -1.004\n", {-2011000, -1004000}},
        {"Hovedtal (kr.):\nPost 2019 Andel i % Antal elever\nSkole 1.386.001 73 550\n", {1386001}},
        {"Udgift (kr.):\nPost Antal børn i byen 2019\nSkole 138 550\nVej 1.100 500\n", {550, 500}},
        {"Udgift (kr.):\nPost antal børn 2019 og beløb\nSkole 138 550\nVej 1.100 500\n", {0}},
        {"Anlæg, 1.000 kr.\nÅr 2019 1.250\nÅr 2020 500\n", {1250000, 500000}},
        {"Tal (mio. kr.)\nSkole (2,5) 73\n\nLovgrundlag\nStyrelsesloven § 40\n", {-2500000, 73000000}},
        {"Tal i 1.000 kr.\nLøn\t2.500\t800\n\nKontakt\nTelefon 8888 1234\nJournalnummer 1.250\n", {2500000, 800000}},
        {"Tal i 1.000 kr.\nKontonummer 4.567.890\nMødet holdes her\nSkolen er rar\nVejen 1.250\n", {0}},
        /* strokes and semicolons, a year in front */
        {"I hele 1.000 kr.:\n\nÅr / Drift / Antal\n2020 / 5.000 / 12\n2021 / 0 / 34\n", {5000000, 0}},
        {"Kr.\nPost; 2019; Elever\nSkole; 25'000; 14\n", {25000}},
        /* one cell a line */
        {"Tal i kr.\n\nPost\nBudget\nAntal\nSkole\n- 750\n14\nVej\n500\n9\n", {-750, 500}},
        {"Tal (kr.)\nPost\n2019\n2020\nSkole\n1.500\n900\n", {1500, 900}},
        /* columns by place: a head without its label, over two lines, a total below some of the columns */
        {"            Budget     Afvigelse (hele kr.)\nVej        4.150.000       168.775\n", {4150000, 168775}},
        {"Post       Sum i 1.000 kr.    Andel i %\nVej              9.150          100\nI alt           17.400\n",
         {9150000, 17400000}},
        {"Kr.\n         2018    Antal\nVej    5.000       91\n", {5000}},
        {"Tal i kr.\nPost\tAntal\t2019\nElever, 10 pct.\t14\t2.500\n", {2500}},
        {"Post\tI kr.\tElever\nDrift\t\nSkole\t2.350\t14\nI alt\t2.400\n", {2350, 2400}},
        /* in one line, as a transcript has it */
        {"Regnskabet ser således ud (kr.): Post Budget Forbrug Mad 62.000 58 I alt 104.000 106 Af 9 borgere har 2 "
         "svaret.\n",
         {62000, 58, 104000, 106}},
        {"Taksterne er fremskrevet med 2,3 %. Tabel i kr. pr. måned: Tilbud 2005 2006 Vuggestue 2.624 2.685 Klub 310 "
         "317 "
         "Loftet på 33 % følger af loven.\n",
         {2624, 2685, 310, 317}},
        {"Taksten er inkl. moms sådan her i 2010: Beløb i kr. 2009 2010 Hus, fast 806,00 823,00 Mark 600 612 Der er "
         "9.\n",
         {806, 823, 600, 612}},
        {"Forbruget pr. 31. juli vises i tabellen Tekst 1.000 kr. Budget Rest Redder 1.650 -52 Børn og unge 475 0 "
         "Udgiften er steget.\n",
         {1650000, -52000, 475000, 0}},
        {"Forbruget pr. 31. juli vises her. Mio. kr. 2009 2010 Etape 1 -1,5 2 Etape 2 4 -3,5 og andet.\n",
         {-1500000, 2000000, 4000000, -3500000}},
        {"Forbruget vises her. Beløb i 1.000 kr. Område Budget Forbrug i % Løn 98.640 33,1 Mad - 71.315 9,5 Der er "
         "9.\n",
         {98640000, -71315000}},
        {"Beløb i hele kr. Konto Budget Rest 00.23.63 Kyst 120.872 1.575.128 05.34.22 Tag på skolen 3.772 -60.884 Der "
         "er 9.\n",
         {120872, 1575128, 3772, -60884}},
        {"Forbruget i året fremgår af oversigten. Beløb i 1.000 kr. Område Budget Rest Parker\n9.500 -36 Skoler og\n"
         "haller 98.060 805 Der er mere i år.\n",
         {9500000, -36000, 98060000, 805000}},
        {"Tallene er i 1.000 kr. Kr. 2012-priser Budget 2012 I alt Indtægter i alt -186 13 Parker 49 56 I alt 45 "
         "elever.\n",
         {-186000, 13000, 49000, 56000}},
        {"Forbruget i året fremgår af oversigten. Mio. kr. 2015 2016 2017 Havn 2,5 - 1,5 Mole 3,1 4 - Der er mere.\n",
         {2500000, 1500000, 3100000, 4000000}},
        {"Beløb i kr. Tilbud Antal pladser Takst pr. døgn Udgift Asfalt 76 1.554 4.929 Mur 10 2.592 54.972 Der er 9.\n",
         {1554, 4929, 2592, 54972}},
        {"1.000 kr.\nOmråde Budget Rest\nP-pladser 280 4.210\nSkat 152.001 0\n", {280000, 4210000, 152001000, 0}},
        {"Taksten for lokaler er opgivet i kr. Udvalget er i Lokale 2 Rådhuset 14 Højby 5 Vig. Næste møde er der.\n",
         {0}},
        {"Der er givet 1.000 kr. Udvalget mødes i Lokale 2 Rådhuset 14 Højby 5 Vig. Næste møde er der.\n", {1000}},
        {"Tal i 1.000 kr.\nSkole\t2010\nNord\t9.500\n\nAntal elever\n\nSkole\t2010\nNord\t1.204\n", {9500000}},
        {"               Budget   Rest\n        ---- 1.000 kr. ----\nDrift         9.500    -36\n", {9500000, -36000}},
        {"|| 1.000 kr. || 2015 || 2016 ||\n|| Havn || 3.466 || -2.498 ||\n", {3466000, -2498000}},
        {"Udgiften er:\n\nÅr      1.000 kr.\n2016      1.239\n2017        -14\n", {1239000, -14000}},
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        char text[400];
        snprintf(text, sizeof text, "Byrådet\n\n1. Kontrol af forhold\n\nSagsfremstilling\n%s\nBeslutning\nGodkendt.\n",
                 tables[i].text);
        read(text, MEDIA_PLAIN);
        size_t found = 0;
        for (size_t j = 0; j < minutes.entity_count; j++)
            if (minutes.entities[j].type == ENTITY_AMOUNT) {
                assert_true(found < 4 && minutes.entities[j].low_ore == tables[i].kroner[found] * 100);
                found++;
            }
        assert_true(found == 4 || tables[i].kroner[found] == 0);
        assert_true(found > 0 || tables[i].kroner[0] == 0);
    }
}

static void offsets_refer_to_the_bytes_given(void **unused)
{
    (void)unused;
    static const char text[] = "<p>Udgiften er 500&nbsp;kr. i <b>K&oslash;ge Kommune</b></p>";
    read(text, MEDIA_HTML);
    assert_int_equal(minutes.entity_count, 2);
    struct span amount = span_cut(span_of(text), minutes.entities[0].start, minutes.entities[0].end);
    struct span org = span_cut(span_of(text), minutes.entities[1].start, minutes.entities[1].end);
    expect(amount, "500&nbsp;kr.");
    expect(org, "K&oslash;ge Kommune");
    expect(minutes.entities[1].value, "Køge Kommune");
}

static void a_heading_printed_twice_is_where_it_stands_last(void **unused)
{
    (void)unused;
    static const char text[] = "Byrådet\n\n## Punkt 3 - Ny rampe\n\n## Punkt 3 - Ny rampe\n\nSagsnr. 12/41887\n\n"
                               "### Beslutning\n\nGodkendt.\n\n## Punkt 4 - Eventuelt\n\n## Punkt 4 - Eventuelt\n\n"
                               "### Beslutning\n\nIntet.\n";
    read(text, MEDIA_PLAIN);
    const struct entity *first = NULL;
    for (size_t i = minutes.entity_count; i-- > 0;)
        if (minutes.entities[i].type == ENTITY_ITEM)
            first = &minutes.entities[i];
    assert_non_null(first);
    assert_ptr_equal(text + first->start, strstr(strstr(text, "Punkt 3") + 1, "Punkt 3"));
    expect(minutes.meeting.items[0].title, "Ny rampe");
    assert_int_equal(minutes.meeting.item_count, 2);
}

static void outcomes_are_told_by_the_sentence_on_the_item(void **unused)
{
    (void)unused;
    static const struct {
        const char *words;
        enum outcome outcome;
    } decisions[] = {
        {"Godkendt.", OUTCOME_APPROVED},
        {"Indstilles godkendt.", OUTCOME_RECOMMENDED},
        {"Udvalget tog orienteringen til efterretning.", OUTCOME_NOTED},
        {"Sagen blev drøftet.", OUTCOME_DISCUSSED},
        {"Anna Brask (A) foreslog at udsætte sagen. Udsat.", OUTCOME_POSTPONED},
        {"Ændringsforslaget blev forkastet, og indstillingen tiltrådt.", OUTCOME_APPROVED},
        {"Forslaget er dermed ikke vedtaget.", OUTCOME_REJECTED},
        {"Sagen sendes tilbage til udvalget.", OUTCOME_REFERRED},
        {"Planen sendes i høring.", OUTCOME_REFERRED},
        {"Intet.", OUTCOME_OTHER},
        {"Udvalget vedtog at sende sagen tilbage til forvaltningen.", OUTCOME_REFERRED},
        {"Byrådet besluttede at udsætte sagen.", OUTCOME_POSTPONED},
        {"Udvalget besluttede at afvise ansøgningen.", OUTCOME_REJECTED},
        {"Ad 1) Anbefalet.\nAd 2) Taget til efterretning.", OUTCOME_RECOMMENDED},
    };
    for (size_t i = 0; i < sizeof decisions / sizeof *decisions; i++) {
        char text[400];
        snprintf(text, sizeof text, "1. Sag\n\nBeslutning\n\n%s\n", decisions[i].words);
        const struct meeting *meeting = read(text, MEDIA_PLAIN);
        assert_int_equal(meeting->item_count, 1);
        assert_int_equal(meeting->items[0].outcome, decisions[i].outcome);
    }
}

static void a_misspelt_name_is_the_same_person(void **unused)
{
    (void)unused;
    const struct meeting *meeting = read("Medlemmer:\nRegitze Korsgaard Lunde (A)\n\n1. Sag\n\nBeslutning\n\nRegitse "
                                         "Korsgård Lunde (A) tog forbehold.\n",
                                         MEDIA_PLAIN);
    size_t members = 0;
    for (size_t i = 0; i < minutes.entity_count; i++)
        if (minutes.entities[i].type == ENTITY_MEMBER) {
            expect(minutes.entities[i].value, "Regitze Korsgaard Lunde");
            members++;
        }
    assert_int_equal(members, 2);
    assert_int_equal(meeting->present.count, 1);
}

static void text_without_an_agenda_is_fine(void **unused)
{
    (void)unused;
    assert_int_equal(read("The council met in another language.", MEDIA_PLAIN)->item_count, 0);
    assert_int_equal(read("\n\n \t\n", MEDIA_PLAIN)->item_count, 0);
    assert_int_equal(read("x", MEDIA_HTML)->item_count, 0);
}

static void those_who_came_for_the_absent_are_substitutes(void **unused)
{
    (void)unused;
    static const char *const heads[] = {
        "Fraværende: Anna Brask (A), i stedet deltog Carl Stub Lunde (A)",
        "Fraværende: Anna Brask (A), for hvem Carl Stub Lunde (A) var indkaldt som stedfortræder",
        "Fraværende: Anna Brask (A). Som stedfortræder deltog Carl Stub Lunde (A).",
        "Afbud: Anna Brask (A) (stedfortræder: Carl Stub Lunde (A))",
        "Fraværende: Anna Brask (A) For Anna Brask deltog Carl Stub Lunde (A) som stedfortræder.",
        "Afbud\n• Anna Brask, A - Carl Stub Lunde, A stedfortræder",
        "Anna Brask havde meldt afbud. I stedet deltog Carl Stub Lunde.",
    };
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        char text[400];
        snprintf(text, sizeof text, "Teknisk Udvalg\n4. maj 2020\n%s\n\n1. Sag\n\nBeslutning\n\nGodkendt.\n", heads[i]);
        const struct meeting *meeting = read(text, MEDIA_PLAIN);
        assert_int_equal(meeting->absent.count, 1);
        expect(meeting->absent.names[0], "Anna Brask");
        assert_int_equal(meeting->substitutes.count, 1);
        expect(meeting->substitutes.names[0], "Carl Stub Lunde");
    }
}

static void both_labels_may_stand_before_both_lists(void **unused)
{
    (void)unused;
    const struct meeting *meeting =
        read("Dato:\nMedlemmer:\nFraværende: 4. maj 2020 Anna Brask, Carl Lunde, Eva Holck Eva Holck\n\n"
             "1. Sag\n\nBeslutning\n\nGodkendt.\n",
             MEDIA_PLAIN);
    assert_int_equal(meeting->present.count, 2);
    assert_int_equal(meeting->absent.count, 1);
    expect(meeting->absent.names[0], "Eva Holck");
}

static void a_decision_without_a_heading_is_the_last_sentence_that_tells_one(void **unused)
{
    (void)unused;
    const struct meeting *meeting =
        read("1. Salg af grund\n\nSagsfremstilling\nGrunden er stor.\n\nUdvalget anbefaler indstillingen.\n\n"
             "For ændringsforslaget stemte V. Imod stemte A.\nByrådet vedtog indstillingen.\n",
             MEDIA_PLAIN);
    assert_int_equal(meeting->item_count, 1);
    assert_int_equal(meeting->items[0].outcome, OUTCOME_APPROVED);
    expect(meeting->items[0].votes_for.names[0], "V");
    expect(meeting->items[0].votes_against.names[0], "A");
}

static void the_contents_tell_which_items_are_closed(void **unused)
{
    (void)unused;
    const struct meeting *meeting =
        read("Teknisk Udvalg\n4. maj 2020\n\nIndholdsfortegnelse\nÅbne dagsordenspunkter\n7. Asfalt\n"
             "Lukkede dagsordenspunkter\n8. Køb\n\n"
             "7. Asfalt\n\nBeslutning\n\nGodkendt.\n\n8. Køb\n\nBeslutning\n\nGodkendt.\n",
             MEDIA_PLAIN);
    assert_int_equal(meeting->item_count, 2);
    assert_true(meeting->items[0].open && !meeting->items[1].open);
}

static void a_head_in_prose_tells_times_and_committee(void **unused)
{
    (void)unused;
    const struct meeting *meeting = read("Egeby Kommune Teknisk Udvalg\n4. maj 1998\n"
                                         "Mødet begyndte kl. 19.00 og sluttede kl. 21.15\n\n"
                                         "1. Sag\n\nBeslutning\n\nGodkendt.\n",
                                         MEDIA_PLAIN);
    expect(meeting->committee, "Teknisk Udvalg");
    expect(meeting->municipality, "Egeby Kommune");
    expect(meeting->start, "19:00");
    expect(meeting->end, "21:15");
}

static void a_joint_board_is_no_municipality_s(void **unused)
{
    (void)unused;
    const struct meeting *meeting =
        read("Fjordens Brand I/S\nFælles for Skive Kommune, Morsø Kommune og Struer Kommune\n\n"
             "Beredskabskommissionen\n\nDato: 4. maj 2020\n\nMedlemmer:\n"
             "Anna Brask (A), Skive Kommune\nCarl Stub Lunde (V), Morsø Kommune\n"
             "Eva Holck (Ø), Struer Kommune\n\n1. Asfalt\n\nBeslutning\n\nGodkendt.\n",
             MEDIA_PLAIN);
    assert_int_equal(meeting->municipality.size, 0);
    assert_int_equal(meeting->present.count, 3);
    /* and a region that is named in passing has not met */
    meeting = read(
        "Socialudvalget\n\nDato: 4. maj 2020\n\n1. Asfalt\n\nSagsnr. 19/2484\n\nSagsfremstilling\n\n"
        "Kommunen har i mange år samarbejdet med de praktiserende læger om lægehuse i de små byer. Samarbejdet "
        "er evalueret af et konsulentfirma, som har talt med alle parter, og evalueringen er god, selv om den tog "
        "længere tid end ventet og kostede mere end den burde. Der er plads "
        "til flere læger, og udgiften er den samme som i dag, fordi huslejen er lavere end forventet i budgettet.\n\n"
        "Region Nordjylland har sendt en plan i høring.\n\nBeslutning\n\nGodkendt.\n",
        MEDIA_PLAIN);
    assert_int_equal(meeting->municipality.size, 0);
}

static void a_picture_s_text_names_the_municipality(void **unused)
{
    (void)unused;
    const char *page = "<html><body><img src=\"logo.png\" alt=\"Struer Kommune\"><img alt=\"logo\"><img>"
                       "<h1>Teknisk Udvalg</h1><p>Dato: 4. maj 2020</p><h2>1. Asfalt</h2><h3>Beslutning</h3>"
                       "<p>Godkendt.</p></body></html>";
    const struct meeting *meeting = read(page, MEDIA_HTML);
    expect(meeting->municipality, "Struer Kommune");
    expect(meeting->committee, "Teknisk Udvalg");
    assert_memory_equal(page + minutes.entities[0].start, "Struer Kommune", 14);
}

/* Which document was touched, in order, without what comes twice. */
struct touches {
    const struct minutes_document *first;
    char order[400];
    size_t count;
};

static void touched(void *self, const struct minutes_document *document)
{
    struct touches *touches = self;
    assert_true(touches->count < sizeof touches->order);
    touches->order[touches->count++] = (char)('a' + (document - touches->first));
}

static const char cpr_text[] = "Økonomiudvalget\n\n1. Sag om 070761-4285 og 010190-1118\n\nBeslutning\n\nGodkendt.\n";

/* More than one group of documents, every third with numbers that are masked, so that some stages come twice. */
static void documents_side_by_side_are_read_as_one_by_one(void **unused)
{
    enum { COUNT = MINUTES_TOGETHER + 5 };
    static struct minutes_document documents[COUNT];
    (void)unused;
    for (size_t i = 0; i < COUNT; i++)
        documents[i] = (struct minutes_document){.arena = arena, .body = span_of(i % 3 ? agenda_text : cpr_text)};
    minutes_read_many(documents, COUNT, NULL);
    for (size_t i = 0; i < COUNT; i++) {
        struct text together, alone;
        struct error error;
        assert_int_equal(documents[i].fault, FAULT_NONE);
        assert_int_equal(documents[i].minutes.cpr_count, i % 3 ? 0 : 2);
        read(i % 3 ? agenda_text : cpr_text, MEDIA_PLAIN);
        assert_int_equal(minutes_json(arena, &minutes, &alone, &error), FAULT_NONE);
        assert_int_equal(minutes_json(arena, &documents[i].minutes, &together, &error), FAULT_NONE);
        assert_string_equal(together.at, alone.at);
    }
}

static void a_fault_is_the_document_s_own_and_each_is_told_before_it_is_touched(void **unused)
{
    struct arena *tiny = arena_new(64), *small = arena_new(4000);
    struct minutes_document documents[4] = {{.arena = arena, .body = span_of(agenda_text)},
                                            {.arena = tiny, .body = span_of(agenda_text)},
                                            {.arena = small, .body = span_of(agenda_text)},
                                            {.arena = arena, .body = span_of(agenda_text), .fault = FAULT_RETRY}};
    struct touches touches = {.first = documents};
    (void)unused;
    minutes_read_many(documents, 4, &(struct minutes_watch){touched, &touches});
    assert_int_equal(documents[0].fault, FAULT_NONE);
    assert_int_equal(documents[0].minutes.meeting.item_count, 2);
    for (int i = 1; i < 3; i++) {
        assert_int_equal(documents[i].fault, FAULT_REJECT);
        assert_string_equal(documents[i].err.rule, "arena.bound");
    }
    assert_int_equal(documents[3].fault, FAULT_RETRY);
    assert_memory_equal(touches.order, "abcac", 5); /* b has no room to begin in, c gives up sometime, d was never up */
    assert_int_equal(touches.order[touches.count - 1], 'a');
    arena_free(&tiny);
    arena_free(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(acts_are_found_amid_words_that_begin_alike, begin, finish),
        cmocka_unit_test_setup_teardown(head_roster_and_items_are_read, begin, finish),
        cmocka_unit_test_setup_teardown(halves_of_anything_are_stepped_over, begin, finish),
        cmocka_unit_test_setup_teardown(tables_say_their_unit_in_many_ways, begin, finish),
        cmocka_unit_test_setup_teardown(offsets_refer_to_the_bytes_given, begin, finish),
        cmocka_unit_test_setup_teardown(a_heading_printed_twice_is_where_it_stands_last, begin, finish),
        cmocka_unit_test_setup_teardown(outcomes_are_told_by_the_sentence_on_the_item, begin, finish),
        cmocka_unit_test_setup_teardown(those_who_came_for_the_absent_are_substitutes, begin, finish),
        cmocka_unit_test_setup_teardown(both_labels_may_stand_before_both_lists, begin, finish),
        cmocka_unit_test_setup_teardown(a_decision_without_a_heading_is_the_last_sentence_that_tells_one, begin,
                                        finish),
        cmocka_unit_test_setup_teardown(the_contents_tell_which_items_are_closed, begin, finish),
        cmocka_unit_test_setup_teardown(a_head_in_prose_tells_times_and_committee, begin, finish),
        cmocka_unit_test_setup_teardown(a_misspelt_name_is_the_same_person, begin, finish),
        cmocka_unit_test_setup_teardown(a_joint_board_is_no_municipality_s, begin, finish),
        cmocka_unit_test_setup_teardown(a_picture_s_text_names_the_municipality, begin, finish),
        cmocka_unit_test_setup_teardown(documents_side_by_side_are_read_as_one_by_one, begin, finish),
        cmocka_unit_test_setup_teardown(a_fault_is_the_document_s_own_and_each_is_told_before_it_is_touched, begin,
                                        finish),
        cmocka_unit_test_setup_teardown(text_without_an_agenda_is_fine, begin, finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
