/* amount: kroner as people type them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "amount.h"

static void amounts_are_exact(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ore;
    } cases[] = {
        {"0", 0},
        {"1070664", 107066400},
        {"1.070.664", 107066400},
        {"1.070.664,50", 107066450},
        {"1.070.664 kr.", 107066400},
        {"1.000", 100000},
        {"12.500", 1250000},
        {"1,5", 150},
        {"1.5", 150},
        {"1234.56", 123456},
        {"0,01", 1},
        {"1,500", 150},
        {"1mio", 100000000},
        {"1 mio.", 100000000},
        {"1,5mio", 150000000},
        {"1,070664 mio. kr.", 107066400},
        {"65,9 mio. kr.", 6590000000},
        {"1,2 mia. kr.", 120000000000},
        {"1 milliard", 100000000000},
        {"2 millioner kroner", 200000000},
        {"600 t.kr.", 60000000},
        {"600 t. kr.", 60000000},
        {"600tkr", 60000000},
        {"kr. 500.000,-", 50000000},
        {"500,- kr", 50000},
        {"-300", -30000},
        {"- 300,25 kr.", -30025},
        {"92233720368547758,07", INT64_MAX},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error = {0};
        int64_t ore = -1;
        if (amount_parse(cases[i].text, &ore, &error) != FAULT_NONE || ore != cases[i].ore)
            fail_msg("%s: %lld, expected %lld %s", cases[i].text, (long long)ore, (long long)cases[i].ore, error.text);
    }
}

static void what_is_no_amount_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "kr",
                                        "abc",
                                        "1,",
                                        ",5",
                                        "1.",
                                        "1..000",
                                        "1.0000",
                                        "1.00.000",
                                        "1,5,5",
                                        "1.5.5",
                                        "1,234",
                                        "1,5 øre",
                                        "1e6",
                                        "0x10",
                                        "1 2",
                                        "92233720368547758,08",
                                        "1mio mio",
                                        "1.000.5",
                                        "1,005,0",
                                        "--3",
                                        "nan",
                                        "½ mio",
                                        "1.0000,0",
                                        "99999999999999999999999"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct error error;
        int64_t ore;
        if (amount_parse(texts[i], &ore, &error) != FAULT_REJECT)
            fail_msg("'%s' is taken for %lld", texts[i], (long long)ore);
        assert_string_equal(error.rule, "usage.amount");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amounts_are_exact),
        cmocka_unit_test(what_is_no_amount_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
