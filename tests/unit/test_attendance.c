/* Who was there, who was away and who came instead: how minutes tell it, a head each. */
#include "arena.h"
#include "minutes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The last names that a head gives, in the order of the lists, parted by spaces. */
struct told {
    const char *head, *present, *absent, *substitutes;
};

static void names_are(const struct name_list *list, const char *expected, const char *head)
{
    char text[200] = "";
    for (size_t i = 0; i < list->count; i++) {
        struct span name = list->names[i];
        size_t at = name.size;
        while (at && name.at[at - 1] != ' ')
            at--;
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%.*s", i ? " " : "", (int)(name.size - at), name.at + at);
    }
    if (strcmp(text, expected) != 0)
        fail_msg("%s\nexpected: %s\ngiven:    %s", head, expected, text);
}

static void heads_are_read(const struct told *heads, size_t count, const char *roster)
{
    for (size_t i = 0; i < count; i++) {
        char text[1000];
        snprintf(text, sizeof text,
                 "Teknisk Udvalg\n\nDato: 4. maj 2020\n\n%s%s\n\n1. Asfalt\n\nSagsnr. 19/2484\n\nBeslutning\n\n"
                 "Godkendt.\n\n2. Cykelsti\n\nSagsnr. 19/2485\n\nBeslutning\n\nUdsat.\n",
                 roster, heads[i].head);
        struct arena *arena = arena_new((size_t)1 << 30);
        struct minutes minutes;
        struct error error;
        assert_non_null(arena);
        assert_int_equal(minutes_read(arena, span_of(text), MEDIA_PLAIN, &minutes, &error), FAULT_NONE);
        names_are(&minutes.meeting.present, heads[i].present, heads[i].head);
        names_are(&minutes.meeting.absent, heads[i].absent, heads[i].head);
        names_are(&minutes.meeting.substitutes, heads[i].substitutes, heads[i].head);
        arena_free(&arena);
    }
}

#define HEADS_ARE_READ(heads, roster) heads_are_read((heads), sizeof(heads) / sizeof *(heads), (roster))

static void who_was_there_for_a_part_was_there(void **unused)
{
    (void)unused;
    static const struct told heads[] = {
        {"Afbud: Bent Krogh Olsen (V). Carl Dam (O) gik kl. 17.30 efter punkt 5.", "Vestergaard Dam", "Olsen", ""},
        {"Afbud: Bent Krogh Olsen (V)\nCarl Dam (O) gik efter punkt 2.", "Vestergaard Dam", "Olsen", ""},
        {"Afbud: Bent Krogh Olsen (V). Carl Dam (O) kom til stede kl. 16.20.", "Vestergaard Dam", "Olsen", ""},
        {"Afbud: Bent Krogh Olsen (V). Carl Dam (O) deltog til kl. 17.", "Vestergaard Dam", "Olsen", ""},
        {"Afbud: Bent Krogh Olsen (V). Carl Dam (O) deltog via Teams.", "Vestergaard Dam", "Olsen", ""},
        {"Afbud: Bent Krogh Olsen (V). Carl Dam (O) (inhabil) forlod mødet under pkt. 2.", "Vestergaard Dam", "Olsen",
         ""},
        {"Afbud: Bent Krogh Olsen (V)\nCarl Dam (O) erklærede sig inhabil.", "Vestergaard Dam", "Olsen", ""},
        {"Carl Dam (O) var fraværende under punkt 2.", "Vestergaard Olsen Dam", "", ""},
        {"Carl Dam (O) var ikke til stede den 5. maj.", "Vestergaard Olsen Dam", "", ""},
        {"Fraværende: Carl Dam (O), fra punkt 2", "Vestergaard Olsen Dam", "", ""},
        {"Fraværende: Bent Krogh Olsen (V), Carl Dam (O) (punkt 2)", "Vestergaard Dam", "Olsen", ""},
        {"Deltog ikke i punkt 2: Carl Dam (O)", "Vestergaard Olsen Dam", "", ""},
        {"Delvis fraværende: Carl Dam (O)", "Vestergaard Olsen Dam", "", ""},
        {"Under punkt 2 var Carl Dam (O) fraværende.", "Vestergaard Olsen Dam", "", ""},
    };
    HEADS_ARE_READ(heads, "Medlemmer: Anna Holm Vestergaard (A), Bent Krogh Olsen (V), Carl Dam (O)\n");
}

static void those_who_only_came_late_are_known_without_a_roster(void **unused)
{
    (void)unused;
    static const struct told heads[] = {
        {"Fraværende: Bent Krogh Olsen (V)\n\nCarl Dam (O) deltog virtuelt i sag nr. 1-4.", "Dam", "Olsen", ""},
        {"Carl Dam (O) kom til stede kl. 12:55 under punkt 2.", "Dam", "", ""},
        {"Carl Dam (O) deltog ikke i punkt 1, idet han ankom kl. 18.10.", "Dam", "", ""},
        {"Carl Dam (O) deltog ikke i punkt 1.", "Dam", "", ""},
    };
    HEADS_ARE_READ(heads, "");
}

static void labels_tell_who_came_instead(void **unused)
{
    (void)unused;
    static const struct told heads[] = {
        {"Ej til stede: Bent Krogh Olsen (V)", "Vestergaard Dam", "Olsen", ""},
        {"Afbud: Bent Krogh Olsen (V)\nI stedet deltog: Hans Toft (V)", "Vestergaard Dam Toft", "Olsen", "Toft"},
        {"Afbud: Bent Krogh Olsen (V)\nIndkaldte stedfortrædere: Hans Toft (V)", "Vestergaard Dam Toft", "Olsen",
         "Toft"},
        {"Hans Toft (V) afløste Bent Krogh Olsen (V).", "Vestergaard Dam Toft", "Olsen", "Toft"},
        {"Afbud: Bent Krogh Olsen (V). Forvaltningen: Tage Friis Hvidberg", "Vestergaard Dam", "Olsen", ""},
        {"Afbud: Anna Holm Vestergaard (A) (suppleant: Gerda Juul (A)) og Bent Krogh Olsen (V) (suppleant: Hans Toft "
         "(V))",
         "Dam Juul Toft", "Vestergaard Olsen", "Juul Toft"},
    };
    HEADS_ARE_READ(heads, "Medlemmer: Anna Holm Vestergaard (A), Bent Krogh Olsen (V), Carl Dam (O)\n");
}

static void columns_tell_who_took_part(void **unused)
{
    (void)unused;
    static const struct told heads[] = {
        {"Mødedeltagere\n\nNavn\tGruppe\tDeltog\nAnna Holm Vestergaard\tA\tJa, fra punkt 2\nBent Krogh Olsen\tV\tNej, "
         "uden afbud\nHans Toft\tV\tJa, suppleant for Bent Krogh Olsen",
         "Vestergaard Toft", "Olsen", "Toft"},
        {"| Medlem | Parti | Bemærkning |\n|---|---|---|\n| Anna Holm Vestergaard | A | Ankom kl. 18 |\n"
         "| Bent Krogh Olsen | V | Afbud. Hans Toft (V) deltog som stedfortræder |\n| Carl Dam | O | Fraværende |",
         "Vestergaard Toft", "Olsen Dam", "Toft"},
        {"Indkaldte: Anna Holm Vestergaard (A), Bent Krogh Olsen (V), Kim Lund Gade (O)\n"
         "Fraværende: Bent Krogh Olsen (V)",
         "Vestergaard Gade", "Olsen", ""},
        {"Deltagere: Finn Stauning, Anne Marie Lind Gjellerup, Hans Toft\n (suppleant)\nFraværende: Bent Krogh Olsen",
         "Stauning Gjellerup Toft", "Olsen", "Toft"},
        {"Deltagere:         Anna Holm Vestergaard, Bent Krogh Olsen, Flemming Lund\n"
         "                   Gammelgaard, Carl Dam\nFraværende:        Bent Krogh Olsen",
         "Vestergaard Gammelgaard Dam", "Olsen", ""},
    };
    HEADS_ARE_READ(heads, "");
}

/* Heads without a list that a label leads, and sentences beside one. */
static void sentences_tell_who_was_there_and_who_came_for_whom(void **unused)
{
    (void)unused;
    static const struct told heads[] = {
        {"Alle var til stede: Anna Holm Vestergaard, Tina Brix og Ole Sand.", "Vestergaard Brix Sand", "", ""},
        {"Samtlige medlemmer var mødt: Anna Holm Vestergaard, Tina Brix, Ole Sand.", "Vestergaard Brix Sand", "", ""},
        {"Anna Holm Vestergaard, Tina Brix og Ole Sand deltog. Kurt Degn deltog ikke.", "Vestergaard Brix Sand", "Degn",
         ""},
        {"Anna Holm Vestergaard, Tina Brix og Ole Sand var mødt, mens Kurt Degn og Lis Thomasen havde meldt afbud, og "
         "Ib Storgaard var mødt som stedfortræder for Kurt Degn.",
         "Storgaard Vestergaard Brix Sand", "Degn Thomasen", "Storgaard"},
        {"Af byrådets medlemmer var følgende mødt: Anna Holm Vestergaard, Poul Alfred Beck, Inge-Lise Ryom.\n"
         "Følgende var fraværende: Otto Lyngdorf, Lise Kalundsted.",
         "Vestergaard Beck Ryom", "Lyngdorf Kalundsted", ""},
        {"Medlemmer: Anna Holm Vestergaard, Tina Brix, Ole Sand\nTina Brix mødte for Kurt Degn og Ole Sand for Ib "
         "Storgaard.",
         "Vestergaard Brix Sand", "Degn Storgaard", "Brix Sand"},
        {"Medlemmer: Anna Holm Vestergaard, Tina Brix, Ole Sand\nTina Brix er fraværende. Ole Sand er stedfortræder "
         "for "
         "Tina Brix.",
         "Vestergaard Sand", "Brix", "Sand"},
        {"Deltagere: Anna Holm Vestergaard (A), Ole Sand (V) - for Kurt Degn", "Vestergaard Sand", "Degn", "Sand"},
        {"Deltagere: Anna Holm Vestergaard, Ole Sand (afløser Kurt Degn)", "Vestergaard Sand", "Degn", "Sand"},
        {"Deltagere: Anna Holm Vestergaard, Ole Sand (suppl. for Kurt Degn)", "Vestergaard Sand", "Degn", "Sand"},
        {"Deltagere: Anna Holm Vestergaard samt Ole Sand som stedfortræder for Kurt Degn.", "Vestergaard Sand", "Degn",
         "Sand"},
        {"Deltagere: Anna Holm Vestergaard (Venstre)\nOle Sand (Konservative) (Afbud)", "Vestergaard", "Sand", ""},
        {"Mødedeltagere: Anna Holm Vestergaard (A)\nAfbud: Kurt Degn (V)\nIndkaldt: Som stedfortrædere Ole Sand (V) og "
         "Tina Brix (V)",
         "Vestergaard Sand Brix", "Degn", "Sand Brix"},
    };
    HEADS_ARE_READ(heads, "");
}

/* Names side by side, one a line or alone on a line, where no label leads each list. */
static void rosters_need_no_label_of_their_own(void **unused)
{
    (void)unused;
    static const struct told heads[] = {
        {"Til stede\tEj til stede\tDesuden deltog\nAnna Holm Vestergaard (A)\tKurt Degn (V)\tDirektør Lars Uhre\nOle "
         "Sand (V)\t\nTina Brix (V), stedfortræder\t",
         "Vestergaard Sand Brix", "Degn", "Brix"},
        {"| Til stede | Afbud |\n|---|---|\n| Anna Holm Vestergaard | Kurt Degn |\n| Ole Sand | |", "Vestergaard Sand",
         "Degn", ""},
        {"Til stede                  Fraværende\nAnna Holm Vestergaard      Kurt Degn\nOle Sand", "Vestergaard Sand",
         "Degn", ""},
        {"Anna Holm Vestergaard, formand\nOle Sand\nTina Brix\nKurt Degn, fraværende", "Vestergaard Sand Brix", "Degn",
         ""},
        {"Anna Holm Vestergaard (A)\nOle Sand (V), næstformand\nTina Brix (C), stedfortræder for Kurt Degn (C)",
         "Vestergaard Sand Brix", "Degn", "Brix"},
        {"Anna Holm Vestergaard, Ole Sand, Tina Brix, Kurt Degn (afbud)", "Vestergaard Sand Brix", "Degn", ""},
        {"Samtlige medlemmer var til stede ved mødet med undtagelse af Kurt Degn.\nAnna Holm Vestergaard\nOle "
         "Sand\nTina Brix\nKurt Degn",
         "Vestergaard Sand Brix", "Degn", ""},
        {"Medlemmer til stede:\nAnna Holm Vestergaard, Ole Sand\nMedlemmer fraværende:\nKurt Degn", "Vestergaard Sand",
         "Degn", ""},
        {"Deltagere: Anna Holm Vestergaard\nAfbud: Kurt Degn (A) - Ole Sand deltog i stedet, Tina Brix (O)",
         "Vestergaard Sand", "Degn Brix", "Sand"},
        {"Mødt: Anna Holm Vestergaard. Endvidere mødte Ole Sand som suppleant for Kurt Degn.", "Vestergaard Sand",
         "Degn", "Sand"},
        {"Til stede: Ole Sand (C), Anna Holm Vestergaard (C)\n1. suppleant: Tina Brix (C) deltog den 3. april for Ole "
         "Sand (C)",
         "Sand Vestergaard Brix", "", "Brix"},
        {"Medlemmer: Winnie Blom Karsten Næss Solveig Ege Ole Birk Toft\nFraværende: Ole Birk Toft", "Blom Næss Ege",
         "Toft", ""},
    };
    HEADS_ARE_READ(heads, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_was_there_for_a_part_was_there),
        cmocka_unit_test(those_who_only_came_late_are_known_without_a_roster),
        cmocka_unit_test(labels_tell_who_came_instead),
        cmocka_unit_test(columns_tell_who_took_part),
        cmocka_unit_test(sentences_tell_who_was_there_and_who_came_for_whom),
        cmocka_unit_test(rosters_need_no_label_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
