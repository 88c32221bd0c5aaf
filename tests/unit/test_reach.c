/* reach: the same documents as bits and as numbers, and of them those that weigh enough, however many they are. */
#include "reach.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "random.h"

enum { ROUNDS = 200, SEED = 11 };

static bool has(const uint64_t *bits, uint32_t n)
{
    return (bits[n / 64] >> n % 64 & 1) != 0;
}

/* One document in `share` of them, and a weight for each. */
static void some(uint64_t *random, struct frame *frame, uint64_t *bits, uint32_t share)
{
    memset(bits, 0, WINDOW_WORDS * sizeof *bits);
    for (uint32_t n = 0; n < WINDOW_DOCUMENTS; n++) {
        frame->weights[n] = (double)random_below(random, 16) / 8;
        bits[n / 64] |= (uint64_t)(random_below(random, share) == 0) << n % 64;
    }
}

static void expect_numbers(const uint64_t *bits, const uint16_t *n, uint32_t count)
{
    uint32_t at = 0;
    for (uint32_t document = 0; document < WINDOW_DOCUMENTS; document++)
        if (has(bits, document)) {
            assert_true(at < count);
            assert_int_equal(n[at++], document);
        }
    assert_int_equal(at, count);
}

static void bits_and_numbers_are_the_same_documents(void **state)
{
    (void)state;
    static struct frame frame;
    static uint16_t n[WINDOW_DOCUMENTS + REACH_MORE];
    uint64_t random = SEED;
    for (int i = 0; i < ROUNDS; i++) {
        uint64_t bits[WINDOW_WORDS];
        some(&random, &frame, bits, 1 + (uint32_t)i);
        uint32_t count = reach_count(bits);
        assert_int_equal(reach_list(bits, n), count);
        expect_numbers(bits, n, count);
    }
}

static void what_weighs_enough_stays(void **state)
{
    (void)state;
    static struct frame frame;
    static uint16_t n[WINDOW_DOCUMENTS + REACH_MORE];
    uint64_t random = SEED;
    for (int i = 0; i < ROUNDS; i++) {
        uint64_t bits[WINDOW_WORDS], enough[WINDOW_WORDS];
        double least = (double)random_below(&random, 18) / 8;
        some(&random, &frame, bits, 1 + (uint32_t)i);
        uint32_t listed = reach_listed(&frame, n, reach_list(bits, n), least, n);
        uint32_t count = reach_bits(&frame, bits, least, enough);
        assert_int_equal(count, reach_count(enough));
        assert_int_equal(count, listed);
        expect_numbers(enough, n, listed);
        for (uint32_t document = 0; document < WINDOW_DOCUMENTS; document++)
            assert_int_equal(has(enough, document), has(bits, document) && frame.weights[document] >= least);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bits_and_numbers_are_the_same_documents),
        cmocka_unit_test(what_weighs_enough_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
