/* The worker's snippets: whatever the text and the marks, they are safe HTML within bounds. */
#include "random.h"
#include "snippet.h"
#include "utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

static struct language *language;

static bool knows(void *self, const char *word)
{
    (void)self;
    return strcmp(word, "kunst") == 0 || strcmp(word, "græs") == 0;
}

static size_t forms(void *self, const char *word, char out[WORDBOOK_FORMS_MAX][WORDBOOK_WORD_BYTES])
{
    (void)self;
    strcpy(out[0], word);
    return 1;
}

static int start(void **state)
{
    (void)state;
    return language_open((struct wordbook){.knows = knows, .forms = forms}, &language, NULL) != FAULT_NONE;
}

static int stop(void **state)
{
    (void)state;
    language_close(&language);
    return 0;
}

static struct span painted(struct arena *arena, const struct mark_list *marks, struct span text, size_t bytes)
{
    struct span out;
    assert_int_equal(snippet_make(arena, language, marks, text, bytes, &out, NULL), FAULT_NONE);
    return out;
}

static void expect(const char *stem, const char *text, size_t bytes, const char *wanted)
{
    struct mark mark = {MARK_STEM, span_of(stem), 1};
    struct mark_list marks = {&mark, 1, 1, 1};
    struct arena *arena = arena_new(1 << 20);
    struct span out = painted(arena, &marks, span_of(text), bytes);
    if (!span_equal(out, span_of(wanted)))
        fail_msg("'%.*s' is not '%s'", (int)out.size, out.at, wanted);
    arena_free(&arena);
}

static void matches_light_up_in_any_form(void **state)
{
    (void)state;
    expect("ban", "Banen og banerne", 100, "<mark>Banen</mark> og <mark>banerne</mark>");
    expect("græs", "Et kunstgræs her", 100, "Et <mark>kunstgræs</mark> her");
    expect("x", "Intet her", 100, "Intet her");
    expect("a", "", 100, "");
}

/* Most words are passed over unread; none of these may be. */
static void odd_letters_hide_no_match(void **state)
{
    (void)state;
    expect("ban", "(BANEN", 100, "(<mark>BANEN</mark>");
    expect("pto", "se P.T.O. her", 100, "se <mark>P.T.O.</mark> her");
    expect("ål", "på Ål-kajen", 100, "på <mark>Ål</mark>-kajen");
    expect("bog", "3×bog", 100, "3×<mark>bog</mark>");
    expect("bog", "6÷BOG, 7·bog", 100, "6÷<mark>BOG</mark>, 7·bog");
    expect("græs", "x «KUNSTGRÆS»", 100, "x «<mark>KUNSTGRÆS</mark>»");
    expect("k", "(\u212a)", 100, "(<mark>\u212a</mark>)");
    expect("ÿ", "\u0178", 100, "<mark>\u0178</mark>");
    expect("d'hond", "ved d\u2019Hondt", 100, "ved <mark>d\u2019Hondt</mark>");
    expect("ban", "ba\u200bne", 100, "<mark>ba\u200bne</mark>");
    expect("b", "3×b", 100, "3×<mark>b</mark>");
    expect("o", "o", 100, "<mark>o</mark>");
    expect("c++", "i C++ nu", 100, "i <mark>C++</mark> nu");
}

static void html_is_escaped(void **state)
{
    (void)state;
    expect("ban", "<b>\"bane\" & co</b>", 100, "&lt;b&gt;&quot;<mark>bane</mark>&quot; &amp; co&lt;/b&gt;");
}

static void the_window_goes_where_the_match_is(void **state)
{
    (void)state;
    expect("ban", "et to tre fire fem seks syv otte ni ti elleve tolv bane tretten fjorten", 24,
           "…tolv <mark>bane</mark> tretten…");
    expect("ban", "uden noget at vise her eller der", 12, "uden noget…");
}

/* Out of the snippet again: what was text, without marks and escapes. */
static size_t plain(struct span html, char *out)
{
    static const struct {
        const char *html, *text;
    } ways[] = {{"<mark>", ""}, {"</mark>", ""}, {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}};
    size_t size = 0;
    for (size_t at = 0; at < html.size;) {
        size_t way = 0, count = sizeof ways / sizeof *ways;
        while (way < count && !span_starts(span_cut(html, at, html.size), span_of(ways[way].html)))
            way++;
        assert_true(way < count || (html.at[at] != '<' && html.at[at] != '>' && html.at[at] != '&'));
        if (way == count) {
            out[size++] = html.at[at++];
            continue;
        }
        memcpy(out + size, ways[way].text, strlen(ways[way].text));
        size += strlen(ways[way].text);
        at += strlen(ways[way].html);
    }
    return size;
}

static void any_text_is_cut_between_characters(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "bane ", "æ", "ø", "<", "&", " ", "\"", "kunstgræs", "€", "a", "\xf0\x9f\x98\x80", "b"};
    struct mark some[] = {{MARK_STEM, SPAN("ban"), 1}, {MARK_PART, SPAN("græs"), 2}, {MARK_PREFIX, SPAN("a"), 3}};
    struct mark_list marks = {some, 3, 3, 3};
    uint64_t seed = 3;
    for (int round = 0; round < 3000; round++) {
        char text[600], back[4000];
        size_t size = 0, count = random_below(&seed, 60), bytes = 1 + random_below(&seed, 200);
        struct arena *arena = arena_new(1 << 20);
        for (size_t i = 0; i < count; i++) {
            const char *piece = pieces[random_below(&seed, sizeof pieces / sizeof *pieces)];
            memcpy(text + size, piece, strlen(piece));
            size += strlen(piece);
        }
        struct span out = painted(arena, &marks, (struct span){text, size}, bytes);
        assert_true(utf8_valid(out, NULL));
        size_t shown = plain(out, back);
        struct span inner = {back, shown};
        if (span_starts(inner, SPAN("…")))
            inner = span_cut(inner, 3, inner.size);
        if (inner.size >= 3 && memcmp(inner.at + inner.size - 3, "…", 3) == 0)
            inner.size -= 3;
        assert_true(inner.size <= bytes);
        arena_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_light_up_in_any_form),
        cmocka_unit_test(odd_letters_hide_no_match),
        cmocka_unit_test(html_is_escaped),
        cmocka_unit_test(the_window_goes_where_the_match_is),
        cmocka_unit_test(any_text_is_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
