/* A typed name is near the names that were meant, and far from all others. */
#include "resolve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <limits.h>

static unsigned apart(const char *typed, const char *name)
{
    return resolve_distance(span_of(typed), span_of(name));
}

static void nearer_is_less(void **state)
{
    (void)state;
    assert_int_equal(apart("rosa lyngmose", "rosa lyngmose"), 0);
    assert_true(apart("lyngmose", "rosa lyngmose") < apart("lyngmosse", "rosa lyngmose"));
    assert_true(apart("rosa lyngmose", "rosa juul lyngmose") < apart("lyngmose", "rosa juul lyngmose"));
    assert_true(apart("r lyngmose", "rosa lyngmose") < UINT_MAX);
    assert_true(apart("rosalyngmose", "rosa lyngmose") < UINT_MAX);
    assert_true(apart("anne marie holm", "annemarie holm") < UINT_MAX);
    assert_true(apart("tangkajer", "valdemar tangkjaer") < UINT_MAX);
}

static void others_are_far(void **state)
{
    (void)state;
    assert_int_equal(apart("lyngmose rosa", "rosa lyngmose"), UINT_MAX);
    assert_int_equal(apart("bo", "bi"), UINT_MAX);
    assert_int_equal(apart("hansen", "jensen"), UINT_MAX);
    assert_int_equal(apart("rosa lyngmose petersen", "rosa lyngmose"), UINT_MAX);
    assert_int_equal(apart("rosa", ""), UINT_MAX);
}

/* 200 bytes of anything end at once. */
static void long_names_end(void **state)
{
    (void)state;
    char typed[RESOLVE_NAME_MAX_BYTES + 1], name[224];
    for (size_t i = 0; i < sizeof typed; i++)
        typed[i] = i % 2 ? 'a' : ' ';
    for (size_t i = 0; i < sizeof name; i++)
        name[i] = i % 3 ? 'b' : ' ';
    assert_int_equal(resolve_distance((struct span){typed, sizeof typed - 1}, (struct span){name, sizeof name}),
                     UINT_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nearer_is_less), cmocka_unit_test(others_are_far),
                                       cmocka_unit_test(long_names_end)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
