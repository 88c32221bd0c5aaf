/* What the text says is closed stays closed, whatever its heading looks like; and what is open stays open. */
#include "shown.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define HEAD   "Referat\n\nØkonomiudvalget, 12. marts 2019\n\nMødedeltagere: Anne Lind (A), Bo Krogh (V)\n\n"
#define FIRST  "1. Godkendelse af dagsorden\n\nForvaltningen indstiller, at den godkendes.\n\nBeslutning: Godkendt.\n\n"
#define SECRET "Sagen om Carl Vangsgaard drøftes.\n\nBeslutning: Tiltrådt.\n\n"
#define LAST   "3. Eventuelt\n\nCykelstien er anlagt.\n"

static void expect_closed(const char *text, const char *words)
{
    shown_expect(text, MEDIA_MARKDOWN, words, false);
}

static void expect_open(const char *text, const char *words)
{
    shown_expect(text, MEDIA_MARKDOWN, words, true);
}

static void headings_of_all_kinds_close_what_is_below(void **unused)
{
    (void)unused;
    static const char *const headings[] = {"2. (Lukket)",
                                           "2. [Lukket]",
                                           "2. [Fortroligt punkt]",
                                           "2. Lukket",
                                           "2 Lukket",
                                           "2) Lukket",
                                           "Pkt. 2 lukket",
                                           "Punkt 2 (lukket)",
                                           "Ad 2. Lukket",
                                           "(Lukket) 2. Salg af grund",
                                           "2. Salg af grund (lukket)",
                                           "Lukket",
                                           "LUKKET",
                                           "lukket",
                                           "Lukket punkt",
                                           "Lukket punkt 2",
                                           "[Lukket]",
                                           "--- Lukket punkt ---",
                                           "– Lukket punkt –",
                                           "Lukket sag",
                                           "LUKKET - Salg af grund",

                                           "**Lukket**"};
    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++) {
        char text[2000];
        snprintf(text, sizeof text, HEAD FIRST "%s\n\n" SECRET LAST, headings[i]);
        expect_closed(text, "Vangsgaard");
        expect_open(text, "den godkendes");
        expect_open(text, "Cykelstien");
    }
}

static void marked_headings_are_headings(void **unused)
{
    (void)unused;
    static const char text[] =
        HEAD "## 1. Dagsorden\n\nGodkendt.\n\n## 2. (Lukket)\n\n" SECRET "## 3. Eventuelt\n\nCykelstien er anlagt.\n";
    expect_closed(text, "Vangsgaard");
    expect_open(text, "Cykelstien");
}

static void a_text_without_items_is_closed_from_there(void **unused)
{
    (void)unused;
    expect_closed(HEAD "Drøftelse af sommerferien.\n\nLukket sag\n\n" SECRET, "Vangsgaard");
    expect_open(HEAD "Drøftelse af sommerferien.\n\nLukket sag\n\n" SECRET, "sommerferien");
    static const char headings[] =
        HEAD "== Punkt 1 - Dagsorden ==\n\nDen godkendes.\n\n"
             "== Punkt 2 (lukket) - Salg af grund ==\n\n" SECRET "== Punkt 3 - Eventuelt ==\n\nCykelstien er anlagt.\n";
    expect_closed(headings, "Vangsgaard");
    expect_closed(headings, "Salg af grund");
    expect_open(headings, "Den godkendes");
    expect_open(headings, "Cykelstien");
}

static void heads_of_groups_close_all_below(void **unused)
{
    (void)unused;
    static const char *const heads[] = {"Lukkede punkter",      "Lukkede punkter:",
                                        "Lukket dagsorden",     "Lukket møde",
                                        "Lukket del af mødet",  "Den lukkede del",
                                        "Lukkede dørs punkter", "Fortrolige punkter:",
                                        "For lukkede døre:",    "Punkter behandlet for lukkede døre",
                                        "## Lukkede sager",     "4  LUKKET DEL",
                                        "4. Lukkede punkter",   "IV. Lukket møde",
                                        "LUKKET M0DE",          "LUKKET MODE"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        char text[2000];
        snprintf(text, sizeof text, HEAD FIRST "%s\n\n" SECRET LAST, heads[i]);
        expect_closed(text, "Vangsgaard");
        expect_closed(text, "Cykelstien");
        expect_open(text, "den godkendes");
    }
}

/* What closes nothing: the head of a table, attachments, opening hours and prose. */
static void words_that_close_nothing_hide_nothing(void **unused)
{
    (void)unused;
    static const char *const words[] = {"Åbent punkt\n\nLukket punkt\n\nKommunalbestyrelsen",
                                        "Bilag:\nKort.pdf\nLukket - Notat.docx",
                                        "Bilag:\nKort.pdf\nLukket\nNotat.docx",
                                        "Sagsfremstilling\n\nBiblioteket har sommerferie.\n\nLukket: mandage.",
                                        "Lukket for trafik i juli.",
                                        "Lukkede døre er ikke godt."};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char text[2000];
        snprintf(text, sizeof text, HEAD FIRST "%s\n\nLegepladsen males.\n\n" LAST, words[i]);
        expect_open(text, "Legepladsen");
    }
}

/* Between two items, with nothing below it but what stood above: no item of its own. */
static void a_head_of_items_is_no_item(void **unused)
{
    (void)unused;
    struct arena *arena = arena_new(1 << 24);
    struct minutes minutes;
    struct error error;
    struct text body = arena_copy(arena, span_of("Økonomiudvalget, 12. marts 2019\n\n" FIRST "Lukkede punkter\n\n"
                                                 "Økonomiudvalget, 12. marts 2019\n\n2. Salg af grund\n\n" SECRET));
    assert_non_null(body.at);
    assert_int_equal(minutes_read(arena, (struct span){body.at, body.size}, MEDIA_PLAIN, &minutes, &error), FAULT_NONE);
    assert_int_equal(minutes.meeting.item_count, 2);
    assert_true(minutes.meeting.items[0].open);
    assert_false(minutes.meeting.items[1].open);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headings_of_all_kinds_close_what_is_below),
        cmocka_unit_test(heads_of_groups_close_all_below),
        cmocka_unit_test(marked_headings_are_headings),
        cmocka_unit_test(a_text_without_items_is_closed_from_there),
        cmocka_unit_test(words_that_close_nothing_hide_nothing),
        cmocka_unit_test(a_head_of_items_is_no_item),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
