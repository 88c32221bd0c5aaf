/* Ranges: a query's terms and a document's meet exactly when the numbers do. */
#include "random.h"
#include "range.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct arena *arena;

static int start(void **state)
{
    (void)state;
    arena = arena_new(64 << 20);
    return arena == NULL;
}

static int stop(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static void restart(void)
{
    arena_free(&arena);
    arena = arena_new(64 << 20);
}

static bool meet(struct term_list document, struct term_list query)
{
    for (size_t d = 0, q = 0; d < document.count && q < query.count;) {
        int order = span_compare(document.terms[d], query.terms[q]);
        if (order == 0)
            return true;
        d += order < 0;
        q += order > 0;
    }
    return false;
}

static void expect_sorted(struct term_list list)
{
    for (size_t i = 1; i < list.count; i++)
        assert_true(span_compare(list.terms[i - 1], list.terms[i]) < 0);
    for (size_t i = 0; i < list.count; i++)
        assert_true(list.terms[i].size >= 4 && list.terms[i].size <= 32);
}

static struct term_list amount(int64_t low, int64_t high)
{
    static struct range_terms terms;
    range_amount_terms(low, high, &terms);
    struct term_list list = {terms.terms, terms.count};
    expect_sorted(list);
    return list;
}

static struct term_list cover(int64_t low, int64_t high)
{
    struct term_list list;
    assert_int_equal(range_amount_cover(arena, low, high, &list, NULL), FAULT_NONE);
    expect_sorted(list);
    assert_true(list.count <= RANGE_COVER_MAX);
    return list;
}

/* Numbers as they come in minutes, around each other, and anything. */
static int64_t number(uint64_t *seed)
{
    static const int64_t edges[] = {0,
                                    1,
                                    -1,
                                    9,
                                    10,
                                    11,
                                    99,
                                    100,
                                    101,
                                    120,
                                    199,
                                    200,
                                    999999,
                                    1000000,
                                    INT64_MAX,
                                    INT64_MIN,
                                    INT64_MAX - 1,
                                    INT64_MIN + 1,
                                    107066400,
                                    8999999999999999999,
                                    -8999999999999999999,
                                    1000000000000000001,
                                    -3333333333333333333,
                                    100000000,
                                    200000000};
    int64_t any = (int64_t)random_next(seed);
    switch (random_below(seed, 6)) {
    case 0: return edges[random_below(seed, sizeof edges / sizeof *edges)];
    case 1: return any % 300;
    case 2: return any % 20 * 100000000;
    case 3: return any % 100000 * 1000;
    case 4: return any >> random_below(seed, 63);
    default: return any;
    }
}

static void amounts_meet_queries_exactly_when_they_lie_inside(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (size_t i = 0; i < 10000; i++) {
        int64_t at = number(&seed), low = number(&seed), high = number(&seed);
        assert_int_equal(meet(amount(at, at), cover(low, high)), low <= at && at <= high);
        if (i % 1000 == 0)
            restart();
    }
}

static void amount_ranges_meet_queries_exactly_when_they_overlap(void **state)
{
    (void)state;
    uint64_t seed = 2;
    for (size_t i = 0; i < 10000; i++) {
        int64_t a = number(&seed), b = number(&seed), low = number(&seed), high = number(&seed);
        int64_t first = a < b ? a : b, last = a < b ? b : a;
        bool overlap = low <= high && first <= high && last >= low;
        assert_int_equal(meet(amount(a, b), cover(low, high)), overlap);
        if (i % 1000 == 0)
            restart();
    }
}

static void small_amounts_agree_everywhere(void **state)
{
    (void)state;
    for (int64_t at = -130; at <= 130; at += 13)
        for (int64_t low = -125; low <= 125; low += 5)
            for (int64_t high = low - 1; high <= 130; high += 5)
                assert_int_equal(meet(amount(at, at), cover(low, high)), low <= at && at <= high);
}

static void round_amounts_and_queries_take_few_terms(void **state)
{
    (void)state;
    enum { MILLION = 100000000 };
    assert_int_equal(amount(MILLION, MILLION).count, 5);
    assert_true(cover(MILLION, 2 * MILLION).count <= 12);
    assert_true(cover(MILLION, INT64_MAX).count <= 30);
    assert_int_equal(cover(INT64_MIN, INT64_MAX).count, 2);
    assert_int_equal(cover(2, 1).count, 0);
    uint64_t seed = 3;
    size_t most = 0, all = 0;
    enum { ROUNDS = 20000 };
    for (size_t i = 0; i < ROUNDS; i++) { /* four digits and a scale, in kroner */
        int64_t low = (int64_t)random_below(&seed, 10000) * 100, high = (int64_t)random_below(&seed, 10000) * 100;
        for (uint64_t scale = random_below(&seed, 7); scale > 0; scale--)
            low *= 10;
        for (uint64_t scale = random_below(&seed, 7); scale > 0; scale--)
            high *= 10;
        size_t count = low < high ? cover(low, high).count : cover(high, low).count;
        most = count > most ? count : most;
        all += count;
        if (i % 1000 == 0)
            restart();
    }
    print_message("bounds of four digits: %zu terms on average, %zu at most\n", all / ROUNDS, most);
    assert_true(most <= 60);
}

/* ---- days */

static unsigned days_in(int year, int month)
{
    static const unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

static struct day any_day(uint64_t *seed)
{
    int year = random_below(seed, 4) ? 2015 + (int)random_below(seed, 8) : 1 + (int)random_below(seed, 9999);
    int month = 1 + (int)random_below(seed, 12);
    int last = (int)days_in(year, month);
    int choice = (int)random_below(seed, 4);
    int day = choice == 0 ? 1 : choice == 1 ? last : 1 + (int)random_below(seed, (uint64_t)last);
    return (struct day){(int16_t)year, (int8_t)month, (int8_t)day};
}

static long order_of(struct day day)
{
    return day.year * 10000L + day.month * 100L + day.day;
}

static struct term_list day_terms(struct day day)
{
    static struct range_terms terms;
    range_day_terms(day, &terms);
    struct term_list list = {terms.terms, terms.count};
    expect_sorted(list);
    return list;
}

static struct term_list day_cover(struct day first, struct day last)
{
    struct term_list list;
    assert_int_equal(range_day_cover(arena, first, last, &list, NULL), FAULT_NONE);
    expect_sorted(list);
    assert_true(list.count <= 90);
    return list;
}

static void days_meet_queries_exactly_when_they_lie_inside(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (size_t i = 0; i < 10000; i++) {
        struct day at = any_day(&seed), first = any_day(&seed), last = any_day(&seed);
        bool inside = order_of(first) <= order_of(at) && order_of(at) <= order_of(last);
        assert_int_equal(meet(day_terms(at), day_cover(first, last)), inside);
        inside = order_of(first) <= order_of(at);
        assert_int_equal(meet(day_terms(at), day_cover(first, (struct day){0})), inside);
        inside = order_of(at) <= order_of(last);
        assert_int_equal(meet(day_terms(at), day_cover((struct day){0}, last)), inside);
        if (i % 1000 == 0)
            restart();
    }
}

static void whole_months_and_years_take_few_terms(void **state)
{
    (void)state;
    assert_int_equal(day_cover((struct day){2019, 1, 1}, (struct day){2019, 12, 31}).count, 1);
    assert_int_equal(day_cover((struct day){2019, 0, 0}, (struct day){2019, 0, 0}).count, 1);
    assert_int_equal(day_cover((struct day){2019, 1, 0}, (struct day){2019, 6, 0}).count, 1);
    assert_int_equal(day_cover((struct day){2020, 2, 1}, (struct day){2020, 2, 29}).count, 1);
    assert_int_equal(day_cover((struct day){0}, (struct day){0}).count, 1);
    assert_int_equal(day_cover((struct day){2020, 2, 1}, (struct day){2019, 2, 1}).count, 0);
    assert_int_equal(day_terms((struct day){0, 2, 5}).count, 0);
    assert_int_equal(day_terms((struct day){2019, 13, 1}).count, 0);
    assert_true(day_terms((struct day){2019, 2, 5}).count <= 10);
}

static void a_full_arena_is_a_fault(void **state)
{
    (void)state;
    struct term_list list;
    struct error err;
    struct arena *small = arena_new(64);
    assert_int_equal(range_amount_cover(small, 1, 123456789, &list, &err), FAULT_REJECT);
    assert_string_equal(err.rule, "arena.bound");
    arena_free(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(amounts_meet_queries_exactly_when_they_lie_inside, start, stop),
        cmocka_unit_test_setup_teardown(amount_ranges_meet_queries_exactly_when_they_overlap, start, stop),
        cmocka_unit_test_setup_teardown(small_amounts_agree_everywhere, start, stop),
        cmocka_unit_test_setup_teardown(round_amounts_and_queries_take_few_terms, start, stop),
        cmocka_unit_test_setup_teardown(days_meet_queries_exactly_when_they_lie_inside, start, stop),
        cmocka_unit_test_setup_teardown(whole_months_and_years_take_few_terms, start, stop),
        cmocka_unit_test_setup_teardown(a_full_arena_is_a_fault, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
