/* snippet: what a terminal gets to see of a document. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "snippet.h"

#include <stdlib.h>
#include <string.h>

#define ON  "\033[1;31m"
#define OFF "\033[0m"

static void expect_snippet(const char *html, bool color, const char *expected)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    snippet_render(html, color, out);
    fclose(out);
    assert_string_equal(text, expected);
    free(text);
}

static void matches_are_coloured_only_if_wanted(void **state)
{
    (void)state;
    expect_snippet("et <mark>tilskud</mark> til", true, "et " ON "tilskud" OFF " til");
    expect_snippet("et <mark>tilskud</mark> til", false, "et tilskud til");
    expect_snippet("<mark>uden slut", true, ON "uden slut" OFF);
    expect_snippet("a</mark>b", true, "ab");
}

static void references_are_resolved(void **state)
{
    (void)state;
    expect_snippet("&lt;b&gt; A &amp; B &quot;C&quot; &#39;D&#39; &#x27;E", false, "<b> A & B \"C\" 'D' 'E");
    expect_snippet("&amp;lt;", false, "&lt;");
    expect_snippet("&unknown; & &#; &#99999999; &#x110000;", false, "&unknown; & &#99999999; &#x110000;");
}

static void nothing_drives_the_terminal(void **state)
{
    (void)state;
    expect_snippet("a\033[31mb\033]0;title\007c", true, "a[31mb]0;titlec");
    expect_snippet("a&#27;[2Jb&#x1b;c&#155;d", false, "a[2Jbcd");
    expect_snippet("a\xc2\x9b"
                   "31mb",
                   false, "a31mb");
    expect_snippet("\xe2\x80\xae"
                   "abc\xe2\x81\xa6",
                   false, "abc");
    expect_snippet("a\xff\xfe"
                   "b",
                   false,
                   "a\xef\xbf\xbd\xef\xbf\xbd"
                   "b");
    expect_snippet("\r\n a\t\tb\n\nc \n", false, "a b c");
}

static void danish_letters_stay(void **state)
{
    (void)state;
    expect_snippet("Rød grød med fløde på Ærø…", false, "Rød grød med fløde på Ærø…");
}

static void an_id_keeps_its_spaces(void **state)
{
    (void)state;
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    text_render(" a  b\n\033]c.md", out);
    fclose(out);
    assert_string_equal(text, " a  b ]c.md");
    free(text);
}

static void a_body_keeps_its_lines(void **state)
{
    (void)state;
    static const char body[] = "# Punkt 1\n\tA\033[2J\r\n\0B";
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    body_render(body, sizeof body - 1, out);
    fclose(out);
    assert_string_equal(text, "# Punkt 1\n\tA[2J\nB");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_are_coloured_only_if_wanted),
        cmocka_unit_test(references_are_resolved),
        cmocka_unit_test(nothing_drives_the_terminal),
        cmocka_unit_test(danish_letters_stay),
        cmocka_unit_test(an_id_keeps_its_spaces),
        cmocka_unit_test(a_body_keeps_its_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
