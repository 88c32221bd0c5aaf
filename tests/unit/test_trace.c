/* Traces: a line that holds the bytes of one is always told, wherever they stand in the text, and no other is. */
#include "arena.h"
#include "line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS = 300, TEXT_BYTES = 3000 };

static const struct {
    const char *bytes;
    unsigned trace;
} traces[] = {
#define TRACE(trace, bytes) {bytes, TRACE_##trace},
#include "trace.def"
#undef TRACE
};
enum { COUNT = sizeof traces / sizeof *traces };

/* A small generator with a fixed seed: the same texts in every run. */
static uint32_t next(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Lines of letters that traces are made of, and now and then a whole trace, some of its letters as capitals. */
static size_t text_make(uint32_t *state, char *out)
{
    static const char letters[] = "abdefgiklmnoprstuv  ...\n";
    size_t size = 1000 + next(state) % (TEXT_BYTES - 1100), used = 0;
    while (used < size) {
        if (next(state) % 40 != 0) {
            out[used++] = letters[next(state) % (sizeof letters - 1)];
            continue;
        }
        const char *bytes = traces[next(state) % COUNT].bytes;
        for (size_t i = 0; i < TRACE_BYTES; i++) {
            bool letter = bytes[i] >= 'a' && bytes[i] <= 'z';
            out[used++] = letter && next(state) % 2 ? (char)(bytes[i] - 0x20) : bytes[i];
        }
        if ((unsigned char)out[used - 1] == 0xC3) /* ". M" and the first half of a letter */
            out[used++] = (char)0xB8;
    }
    memset(out + used, 0, BODY_PAD);
    return used;
}

static unsigned line_holds_traces(struct span line)
{
    unsigned found = 0;
    for (size_t at = 0; at + TRACE_BYTES <= line.size; at++)
        for (size_t i = 0; i < COUNT; i++) {
            bool same = true;
            for (size_t j = 0; j < TRACE_BYTES; j++)
                same = same && (line.at[at + j] | 0x20) == (traces[i].bytes[j] | 0x20);
            found |= same ? traces[i].trace : 0;
        }
    return found;
}

/* Machines that cannot look so quickly take every line for one that may hold everything. */
static bool looks(void)
{
#ifdef __SSE2__
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi");
#else
    return false;
#endif
}

static void lines_have_the_traces_that_they_hold(void **unused)
{
    (void)unused;
    uint32_t state = 7;
    struct arena *arena = arena_new((size_t)64 << 20);
    unsigned seen = 0;
    size_t told = 0;
    assert_non_null(arena);
    for (int round = 0; round < ROUNDS; round++) {
        char text[TEXT_BYTES + BODY_PAD];
        struct error error = {0};
        struct line_list lines;
        struct body body = {.text = {text, text_make(&state, text)}, .line_count = TEXT_BYTES};
        unsigned all = 0;
        assert_int_equal(line_split(arena, &body, &lines, &error), FAULT_NONE);
        for (size_t i = 0; i < lines.count; i++) {
            unsigned held = line_holds_traces(line_text(&body, &lines.items[i]));
            assert_int_equal(lines.items[i].traces & held, held);
            told += (size_t)__builtin_popcount(lines.items[i].traces & ~held);
            all |= held;
        }
        assert_int_equal(lines.traces & all, all);
        seen |= all;
        arena_reset(arena);
    }
    assert_int_equal(seen, TRACE_ALL);
    /* bytes that begin or end in the white space between lines count for a line, but they are few */
    assert_true(!looks() || told < ROUNDS);
    arena_free(&arena);
}

static void a_line_without_words_has_no_trace(void **unused)
{
    (void)unused;
    char text[64 + BODY_PAD] = "Punkt 1\nNæste sag\n\nHolk";
    struct arena *arena = arena_new((size_t)1 << 20);
    struct error error = {0};
    struct line_list lines;
    struct body body = {.text = {text, strlen(text)}, .line_count = 5};
    assert_non_null(arena);
    assert_int_equal(line_split(arena, &body, &lines, &error), FAULT_NONE);
    assert_int_equal(lines.count, 3);
    for (size_t i = 0; i < lines.count; i++)
        assert_int_equal(lines.items[i].traces, looks() ? 0 : TRACE_ALL);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lines_have_the_traces_that_they_hold),
                                       cmocka_unit_test(a_line_without_words_has_no_trace)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
