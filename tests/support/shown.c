#include "shown.h"

#include "hidden.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct shown shown_read(struct arena *arena, struct span body, enum media_type type)
{
    struct shown shown;
    struct hidden hidden;
    struct error error;
    if (minutes_read(arena, body, type, &shown.minutes, &error) != FAULT_NONE ||
        hidden_read(arena, &shown.minutes, &hidden, &error) != FAULT_NONE)
        fail_msg("%s: %s", error.rule, error.text);
    shown.open_body = hidden.open_body;
    return shown;
}

void shown_expect(const char *text, enum media_type type, const char *words, bool shown)
{
    struct arena *arena = arena_new(1 << 24);
    assert_non_null(arena);
    struct text body = arena_copy(arena, span_of(text));
    assert_non_null(body.at);
    struct span open = shown_read(arena, (struct span){body.at, body.size}, type).open_body;
    bool found = false;
    struct span wanted = span_of(words);
    for (size_t i = 0; !found && i + wanted.size <= open.size; i++)
        found = span_equal(span_cut(open, i, i + wanted.size), wanted);
    arena_free(&arena);
    if (found != shown)
        fail_msg("\"%s\" is %s in\n%s", words, shown ? "hidden" : "open", text);
}
