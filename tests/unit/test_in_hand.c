/* A meeting that takes the daemon down is left alone after two lives; others are never taken for it. */
#define _XOPEN_SOURCE 700
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "in_hand.h"
#include "temp.h"

static char folder[64];

static int start(void **state)
{
    (void)state;
    return temp_make(folder) ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    temp_remove(folder);
    return 0;
}

/* A life takes these meetings in hand and dies with the last. Gives how many it took. */
static size_t life(const char *const ids[])
{
    struct in_hand in_hand;
    struct error err;
    size_t taken = 0;
    assert_int_equal(in_hand_open(&in_hand, folder, 3, &err), FAULT_NONE);
    for (; *ids != NULL; ids++)
        taken += in_hand_take(&in_hand, span_of(*ids));
    close(in_hand.file);
    return taken;
}

static void a_poison_costs_two_lives(void **state)
{
    (void)state;
    assert_int_equal(life((const char *[]){"a", "b", "gift", NULL}), 3);
    assert_int_equal(life((const char *[]){"a", "b", "gift", NULL}), 3);
    assert_int_equal(life((const char *[]){"a", "b", "gift", "c", NULL}), 3); /* it was left as it is */
}

static void another_one_is_free(void **state)
{
    (void)state;
    assert_int_equal(life((const char *[]){"x", NULL}), 1);
    assert_int_equal(life((const char *[]){"x", "y", NULL}), 2); /* x was fine this time */
    assert_int_equal(life((const char *[]){"x", "y", "z", NULL}), 3);
    assert_int_equal(life((const char *[]){"x", "y", "z", NULL}), 3);
}

static void an_orderly_end_forgets(void **state)
{
    (void)state;
    struct in_hand in_hand;
    struct error err;
    for (int i = 0; i < 4; i++) {
        assert_int_equal(in_hand_open(&in_hand, folder, 3, &err), FAULT_NONE);
        assert_true(in_hand_take(&in_hand, span_of("x")));
        in_hand_close(&in_hand);
    }
    in_hand_close(&in_hand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_poison_costs_two_lives, start, stop),
        cmocka_unit_test_setup_teardown(another_one_is_free, start, stop),
        cmocka_unit_test_setup_teardown(an_orderly_end_forgets, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
