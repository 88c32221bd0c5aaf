/* dictionary: a record's terms come out in the order of bytes, however alike they begin. */
#include "dictionary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>

/* Each term once: a beginning that many share, then the bits of a number. The size of the whole goes past that of a
 * sort key on both sides. */
static size_t term_write(char out[static 64], unsigned family, unsigned number, unsigned bits)
{
    size_t size = (size_t)snprintf(out, 64, "%.*s", (int)family, "XQueenlyish");
    out[size++] = 'a';
    for (unsigned bit = 0; bit < bits; bit++)
        out[size++] = number >> bit & 1 ? (char)0xC3 : '!';
    return size;
}

/* As many of the terms of each family as `count` asks for, in one document of two. */
static void expect_ascending(unsigned count, unsigned bits)
{
    enum { FAMILIES = 11 };
    struct arena *arena = arena_new(64 << 20);
    struct dictionary *dictionary = dictionary_new(arena, NULL, NULL);
    const struct posting_list *lists;
    assert_non_null(dictionary);
    assert_true(dictionary_begin(dictionary) && dictionary_end(dictionary) && dictionary_begin(dictionary));
    for (unsigned family = 0; family < FAMILIES; family++)
        for (unsigned i = 0; i < count; i++) {
            char term[64];
            bool fresh;
            size_t size = term_write(term, family, (i * 7919U) & ((1U << bits) - 1), bits);
            assert_true(dictionary_term(dictionary, (struct span){term, size}, &fresh));
            assert_true(fresh);
        }
    assert_true(dictionary_end(dictionary) && dictionary_finish(dictionary, &lists));
    assert_int_equal(lists[0].count, 0);
    assert_int_equal(lists[1].count, FAMILIES * count);
    for (size_t i = 1; i < lists[1].count; i++)
        assert_true(span_compare(lists[1].postings[i - 1].term, lists[1].postings[i].term) < 0);
    arena_free(&arena);
}

static void terms_that_begin_alike_are_in_order(void **state)
{
    (void)state;
    expect_ascending(1, 0);
    for (unsigned bits = 1; bits <= 12; bits++) {
        expect_ascending(1U << bits, bits); /* every number of so many bits, in the order of a multiplication */
        expect_ascending(1, bits);
    }
    expect_ascending(17, 20);
    expect_ascending(16, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(terms_that_begin_alike_are_in_order)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
