/* What a rule writer sees: every entity marked and named, nothing of the text lost, nothing of it taken for markup. */
#include "arena.h"
#include "explain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char text[] = "1. Tilskud til Køge Kommune\n\nBeslutning\n\nDer gives 5 mio. kr. <b>&\x1b[31m til\n"
                           "Anna Brask (A) den 4. maj 2020. CPR 010203-1234.\n";

static struct arena *arena;
static struct minutes minutes;

static int begin(void **unused)
{
    (void)unused;
    struct error error;
    arena = arena_new(16 << 20);
    return !arena || minutes_read(arena, span_of(text), MEDIA_PLAIN, &minutes, &error) != FAULT_NONE;
}

static int finish(void **unused)
{
    (void)unused;
    arena_free(&arena);
    return 0;
}

static void the_terminal_gets_colours_and_rules(void **unused)
{
    (void)unused;
    struct text out;
    struct error error;
    assert_int_equal(explain_ansi(arena, &minutes, SPAN("XCASE19"), &out, &error), FAULT_NONE);
    assert_non_null(strstr(out.at, "5 mio. kr."));
    assert_non_null(strstr(out.at, "[amount.scale 5000000.00 DKK]"));
    assert_non_null(strstr(out.at, "[item.heading 1]"));
    assert_non_null(strstr(out.at, "decision"));
    assert_non_null(strstr(out.at, "XCASE19"));
    assert_null(strstr(out.at, "\x1b[31m til")); /* an escape of the text is no escape of ours */
    assert_null(strstr(out.at, "010203"));
}

static void the_page_is_whole_and_escaped(void **unused)
{
    (void)unused;
    struct text out;
    struct error error;
    assert_int_equal(explain_html(arena, &minutes, SPAN("a<b"), SPAN(""), &out, &error), FAULT_NONE);
    assert_non_null(strstr(out.at, "<title>a&lt;b</title>"));
    assert_non_null(strstr(out.at, "&lt;b&gt;&amp;"));
    assert_non_null(strstr(out.at, "<mark class=\"amount\" title=\"amount.scale: 5000000.00 DKK\">5 mio. kr.</mark>"));
    assert_non_null(strstr(out.at, "</html>"));
    assert_null(strstr(out.at, "http"));
    assert_null(strstr(out.at, "010203"));
}

/* Without the marks the page holds the text. */
static void every_mark_is_closed(void **unused)
{
    (void)unused;
    struct text out;
    struct error error;
    size_t opened = 0, closed = 0;
    assert_int_equal(explain_html(arena, &minutes, SPAN("t"), SPAN(""), &out, &error), FAULT_NONE);
    for (const char *at = out.at; (at = strstr(at, "<mark")) != NULL; at++)
        opened++;
    for (const char *at = out.at; (at = strstr(at, "</mark>")) != NULL; at++)
        closed++;
    assert_int_equal(opened, closed);
    assert_true(opened > minutes.entity_count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_terminal_gets_colours_and_rules, begin, finish),
        cmocka_unit_test_setup_teardown(the_page_is_whole_and_escaped, begin, finish),
        cmocka_unit_test_setup_teardown(every_mark_is_closed, begin, finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
