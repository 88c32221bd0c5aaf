/* What a text says of closed items stays closed where no line tells: in one line, in pages or in lines of any length.
 * What merely uses the words stays open. */
#include "gold.h"
#include "shown.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glob.h>

#define HEAD "Referat Økonomiudvalget, 12. marts 2019 Mødedeltagere: Anne Lind (A), Bo Krogh (V) "
#define FIRST                                                                                                          \
    "1. Godkendelse af dagsorden Beslutning: Godkendt. 2. Legepladser Sagsfremstilling Legepladsen males til "         \
    "foråret. "                                                                                                       \
    "Beslutning: Godkendt. "
#define LAST "4. Eventuelt Cykelstien er anlagt."

static struct arena *arena;

static int begin(void **state)
{
    (void)state;
    arena = arena_new((size_t)1 << 30);
    return arena == NULL;
}

static int end(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static void expect(const char *text, const char *words, bool shown)
{
    shown_expect(text, MEDIA_PLAIN, words, shown);
}

static void headings_amid_a_line_close_what_follows(void **unused)
{
    (void)unused;
    static const char *const headings[] = {"3. (Lukket) Salg af grund",
                                           "3. Lukket punkt: Salg af grund",
                                           "3. Salg af grund (lukket)",
                                           "3. Salg af grund (Lukket punkt)",
                                           "3. LUKKET - Salg af grund",
                                           "3) Lukket: Salg af grund",
                                           "Punkt 3: Lukket punkt",
                                           "Punkt 3 (lukket): Salg af grund",
                                           "Pkt. 3 LUKKET Salg af grund",
                                           "Lukket punkt: Salg af grund",
                                           "LUKKET PUNKT Salg af grund",
                                           "Lukkede punkter 3. Salg af grund",
                                           "LUKKET DAGSORDEN 3. Salg af grund",
                                           "3. Salg af grund Sagsnr. 19/118 Initialer: ABC Lukket",
                                           "3. Salg af grund Punktet blev behandlet for lukkede døre."};
    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++) {
        char text[2000];
        snprintf(text, sizeof text, HEAD FIRST "%s Beslutning: Carl Vangsgaard får tilbuddet. " LAST, headings[i]);
        expect(text, "Vangsgaard", false);
        expect(text, "Legepladsen", true);
    }
}

/* No number tells where an item begins. */
static void words_alone_close_up_to_the_end(void **unused)
{
    (void)unused;
    static const char *const headings[] = {"Lukket punkt: Salg af grund",
                                           "LUKKET PUNKT Salg af grund",
                                           "Lukkede punkter",
                                           "(Lukket) Salg af grund",
                                           "LUKKET DEL",
                                           "Punkter behandlet for lukkede døre:",
                                           "Fortroligt punkt: Salg af grund"};
    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++) {
        char text[2000];
        snprintf(text, sizeof text, HEAD "Legepladsen males til foråret. %s Carl Vangsgaard får tilbuddet.",
                 headings[i]);
        expect(text, "Vangsgaard", false);
        expect(text, "Legepladsen", true);
    }
}

static void the_next_heading_is_open(void **unused)
{
    (void)unused;
    expect(HEAD FIRST "3. (Lukket) Salg af grund Carl Vangsgaard. " LAST, "Cykelstien", true);
    expect(HEAD "Punkt 1: Dagsorden Godkendt. Punkt 2: Lukket punkt Carl Vangsgaard. Punkt 3: Eventuelt Cykelstien.",
           "Cykelstien", true);
    expect(HEAD "Lukket punkt: Salg Carl Vangsgaard. Åbent punkt: Eventuelt Cykelstien er anlagt.", "Cykelstien", true);
}

/* What speaks of closing in an open item, in a text of one line. */
static const char *const sentences[] = {
    "Skolen lukkes i 2020.",
    "Biblioteket er lukket fra kl. 15.",
    "Lukket for trafik i juli.",
    "Lukket: Mandag og tirsdag.",
    "Svømmehallen holder lukket hele juli.",
    "Det blev besluttet, at punkt 7 behandles for lukkede døre.",
    "Sagen skal behandles for lukkede døre på næste møde.",
    "Udvalget behandlede sagen bag lukkede døre i 2017, skrev avisen.",
    "Opgaven er udbudt i et lukket udbud.",
    "Den lukkede afdeling på Skovhus har 12 pladser.",
    "Generalforsamlingen blev holdt i en lukket kreds.",
    "Lukkede døre er ikke godt for byen.",
    "Lukket afdeling får flere pladser.",
    "Fortrolig rådgivning tilbydes alle unge.",
    "Naboerne er hørt, se bilag 3 (lukket) og bilag 4 (åben).",
    "Bilag: Kort.pdf Lukket - Notat.docx",
    "Åbent punkt Lukket punkt Kommunalbestyrelsen",
    "1. Butikken lukkede i maj. 2. Kroen er lukket.",
};

static void sentences_close_nothing(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++) {
        char text[2000];
        snprintf(text, sizeof text, HEAD FIRST "3. Vejbelysning Sagsfremstilling %s Gadelyset tændes. " LAST,
                 sentences[i]);
        expect(text, "Gadelyset", true);
        expect(text, "Cykelstien", true);
    }
}

/* In a text that has lines, a long one is looked at only where a number stands before the words. */
static void a_long_paragraph_is_no_page(void **unused)
{
    (void)unused;
    char filling[900] = "", text[4000];
    while (strlen(filling) < 500)
        strcat(filling, "Der er holdt møde med de berørte naboer. ");
    for (int item = 0; item < 2; item++) {
        snprintf(text, sizeof text,
                 "Referat\n\nØkonomiudvalget, 12. marts 2019\n\n1. Godkendelse af dagsorden\n\nGodkendt.\n\n"
                 "2. Orientering\n\n%s%s Carl Vangsgaard. %s\n\n3. Eventuelt\n\nCykelstien er anlagt.\n\nIntet.\n\n"
                 "Mødet sluttede kl. 17.\n\nUnderskrifter:\n\nAnne Lind\n\nBo Krogh\n",
                 filling,
                 item ? "Punkt 2a: Lukket punkt: Salg" : "Lukket punkt er et nyt ord, og det lød: Lukket: Intet.",
                 filling);
        expect(text, "Vangsgaard", !item);
        expect(text, "Cykelstien", true);
    }
}

/* A table of contents names closed items, and the open ones behind it stay. */
static void contents_hide_no_open_item(void **unused)
{
    (void)unused;
    static const char text[] = HEAD
        "Indholdsfortegnelse Punkt 1: Godkendelse af dagsorden Punkt 2: Legepladser Punkt 3: Lukket: Salg af grund "
        "Punkt 1: Godkendelse af dagsorden Godkendt. Punkt 2: Legepladser Legepladsen males til foråret. "
        "Gyngerne får nye kæder, og sandet skiftes. Der sættes hegn mod vejen, og lågen får en ny lås. "
        "Punkt 3: Lukket: Salg af grund Carl Vangsgaard får tilbuddet.";
    expect(text, "Legepladsen", true);
    expect(text, "Vangsgaard", false);
}

/* ---- the golden minutes without their lines */

enum { PAGE_LINES = 45, LINE_BYTES = 2000 };
enum shape { ONE_LINE, PAGES, LINES, SHAPES };

/* A copy whose lines are joined, and whose spaces are too if `single`; from[i] is where its byte i came from. */
static struct span collapsed(struct span text, enum shape shape, bool single, size_t *from)
{
    char *out = arena_alloc(arena, text.size + 1);
    size_t size = 0, lines = 0, since = 0;
    assert_non_null(out);
    for (size_t i = 0; i < text.size; i++) {
        char c = text.at[i];
        bool over = c == '\n';
        lines += over;
        c = c == '\n' || c == '\r' || c == '\f' || c == '\t' ? ' ' : c;
        c = (over && shape == PAGES && lines % PAGE_LINES == 0) || (c == ' ' && shape == LINES && since > LINE_BYTES)
                ? '\n'
                : c;
        since = c == '\n' ? 0 : since + 1;
        if (single && c == ' ' && size > 0 && (out[size - 1] == ' ' || out[size - 1] == '\n'))
            continue;
        from[size] = i;
        out[size++] = c;
    }
    return (struct span){out, size};
}

static void mark_closed(const struct meeting *meeting, unsigned char *marks, unsigned char bit)
{
    for (size_t i = 0; i < meeting->item_count; i++)
        for (size_t at = meeting->items[i].start; !meeting->items[i].open && at < meeting->items[i].end; at++)
            marks[at] |= bit;
}

static bool is_letter(char c)
{
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c & 0x80;
}

/* Words of the closed items of one minute that are seen when it is collapsed; *hidden: letters of what is open that are
 * not, of *letters. What is closed is what the minutes say and what they are read as; the words before a number, and
 * the heading of an item behind it printed above it, tell nothing. */
static size_t leaks(const char *path, enum shape shape, bool single, size_t *hidden, size_t *letters, bool *any)
{
    struct minutes gold;
    arena_reset(arena);
    assert_true(gold_open(arena, path, &gold));
    struct span text = {gold.body.at, gold.body.size};
    struct shown read = shown_read(arena, text, MEDIA_PLAIN);
    unsigned char *marks = arena_zero(arena, text.size + 1, 1);
    size_t *from = arena_alloc(arena, (text.size + 1) * sizeof *from), count = 0;
    mark_closed(&gold.meeting, marks, 1);
    mark_closed(&read.minutes.meeting, marks, 2);
    struct span line = collapsed(text, shape, single, from), open = shown_read(arena, line, MEDIA_PLAIN).open_body;
    *any = memchr(marks, 3, text.size) != NULL;
    for (size_t at = 0; at < line.size; at++) {
        size_t word = at;
        while (word < line.size && is_letter(line.at[word]))
            word++;
        bool seen = memcmp(open.at + at, line.at + at, word - at) == 0;
        if (marks[from[at]] == 3 && word - at > 3)
            count += seen;
        if (marks[from[at]] == 0 && read.open_body.at[from[at]] != ' ') {
            *letters += word - at;
            *hidden += seen ? 0 : word - at;
        }
        at = word > at ? word - 1 : at;
    }
    return count;
}

static void minutes_without_lines_keep_what_is_closed(void **unused)
{
    (void)unused;
    glob_t found;
    size_t closed = 0, hidden[2] = {0}, letters[2] = {0}, lost = 0;
    assert_int_equal(glob(REFERENT_SOURCE_DIR "/tests/golden/*.gold", 0, NULL, &found), 0);
    assert_int_equal(glob(REFERENT_SOURCE_DIR "/tests/golden/*/*.gold", GLOB_APPEND, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        for (enum shape shape = ONE_LINE; shape < SHAPES; shape++)
            for (int single = 0; single < 2; single++) {
                bool any = false;
                size_t shut = 0, all = 0, seen = leaks(found.gl_pathv[i], shape, single, &shut, &all, &any);
                hidden[any] += shut;
                letters[any] += all;
                closed += any;
                lost += seen > 1; /* one: "Eventuelt" where the next heading is printed twice */
                if (seen > 1)
                    print_message("%s: %zu words are seen (%d, %d)\n", found.gl_pathv[i], seen, (int)shape, single);
            }
    globfree(&found);
    print_message("%zu with closed items; hidden beside them %zu of %zu, in others %zu of %zu\n", closed, hidden[1],
                  letters[1], hidden[0], letters[0]);
    assert_true(closed > 1000);
    assert_int_equal(lost, 0);
    assert_true(hidden[1] < letters[1] / 40); /* beside what is closed */
    assert_true(hidden[0] < letters[0] / 400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headings_amid_a_line_close_what_follows),
        cmocka_unit_test(words_alone_close_up_to_the_end),
        cmocka_unit_test(the_next_heading_is_open),
        cmocka_unit_test(sentences_close_nothing),
        cmocka_unit_test(a_long_paragraph_is_no_page),
        cmocka_unit_test(contents_hide_no_open_item),
        cmocka_unit_test(minutes_without_lines_keep_what_is_closed),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
