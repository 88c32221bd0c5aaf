/* value: ranges of days and amounts as people type them. */
#include "value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void expect_days(const char *typed, const char *low, const char *high)
{
    struct day_range days;
    struct span from, to;
    struct error err;
    struct arena *arena = arena_new(1 << 16);
    if (value_days(span_of(typed), &days, &err) != FAULT_NONE)
        fail_msg("%s: %s", typed, err.text);
    assert_int_equal(value_slot_days(arena, &days, &from, &to, &err), FAULT_NONE);
    assert_true(span_equal(from, span_of(low)));
    assert_true(span_equal(to, span_of(high)));
    arena_free(&arena);
}

static void days_are_read_as_ranges(void **state)
{
    (void)state;
    expect_days("2019", "20190000", "20191231");
    expect_days("2019-03", "20190300", "20190331");
    expect_days("2019-03-24", "20190324", "20190324");
    expect_days("24-03-2019", "20190324", "20190324");
    expect_days("24.03.2019", "20190324", "20190324");
    expect_days("2019-01..2019-06", "20190100", "20190631");
    expect_days("..2018", "", "20181231");
    expect_days("2020..", "20200000", "");
    expect_days("2020-02-29", "20200229", "20200229");
}

static void expect_amounts(const char *typed, int64_t low, int64_t high)
{
    struct amount_range amounts;
    struct error err;
    if (value_amounts(span_of(typed), &amounts, &err) != FAULT_NONE)
        fail_msg("%s: %s", typed, err.text);
    assert_true(amounts.low_ore == low && amounts.high_ore == high);
}

static void amounts_are_read_as_ranges(void **state)
{
    (void)state;
    expect_amounts("1mio..5mio", 100000000, 500000000);
    expect_amounts("250000", 25000000, 25000000);
    expect_amounts("..200.000", INT64_MIN, 20000000);
    expect_amounts("1,5mio..", 150000000, INT64_MAX);
}

static void what_cannot_be_read_is_refused(void **state)
{
    (void)state;
    static const char *const days[] = {"",        "..",       "2019-13",    "2019-02-30", "2019..2018",
                                       "i går",   "20190101", "2019-1-1-1", "-2019",      "0000",
                                       "2019--1", "2019 ",    " 2019"};
    static const char *const amounts[] = {"", "..", "mange", "5mio..1mio", "1..x", "1mio....2mio"};
    struct day_range range;
    struct amount_range money;
    struct error err;
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        if (value_days(span_of(days[i]), &range, &err) != FAULT_REJECT)
            fail_msg("'%s' is taken for a date", days[i]);
        assert_string_equal(err.rule, "filter.date");
    }
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
        if (value_amounts(span_of(amounts[i]), &money, &err) != FAULT_REJECT)
            fail_msg("'%s' is taken for an amount", amounts[i]);
        assert_string_equal(err.rule, "filter.amount");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_read_as_ranges),
        cmocka_unit_test(amounts_are_read_as_ranges),
        cmocka_unit_test(what_cannot_be_read_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
