/* outbox: states, order of ids, and the window. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "outbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct entry *add(struct outbox *outbox, const char *id, uint64_t sequence, size_t bytes)
{
    struct entry *entry = entry_new(id, NULL, false);
    entry->sequence = sequence;
    entry->bytes = bytes;
    outbox_add(outbox, entry);
    return entry;
}

static void the_window_counts_what_is_in_flight(void **state)
{
    (void)state;
    struct outbox *outbox = malloc(sizeof *outbox);
    struct credit credit = {1000, 2};
    outbox_init(outbox);
    assert_true(outbox_may_send(outbox, credit, 1000000)); /* larger than all credit: alone */
    struct entry *a = add(outbox, "a", 1, 600), *b = add(outbox, "b", 2, 400);
    outbox_move(outbox, a, ENTRY_FLYING);
    assert_true(outbox_may_send(outbox, credit, 400));
    assert_false(outbox_may_send(outbox, credit, 401));
    outbox_move(outbox, b, ENTRY_FLYING);
    assert_false(outbox_may_send(outbox, credit, 0)); /* two messages */
    outbox_move(outbox, a, ENTRY_HELD);
    assert_true(outbox_may_send(outbox, credit, 600));
    outbox_finish(outbox, b);
    assert_int_equal(outbox->bytes[ENTRY_FLYING], 0);
    assert_int_equal(outbox_unfinished(outbox), 1);
    outbox_done(outbox);
    free(outbox);
}

static void there_is_room_for_as_much_as_may_fly(void **state)
{
    (void)state;
    struct outbox *outbox = malloc(sizeof *outbox);
    struct credit credit = {1000, 2};
    outbox_init(outbox);
    assert_true(outbox_has_room(outbox, credit, 5000, 100));
    struct entry *a = add(outbox, "a", 1, 600);
    assert_true(outbox_has_room(outbox, credit, 400, 10000));
    assert_false(outbox_has_room(outbox, credit, 401, 10000));
    add(outbox, "b", 2, 10);
    assert_false(outbox_has_room(outbox, credit, 10, 10000));
    outbox_move(outbox, a, ENTRY_HELD); /* counts against memory only */
    assert_true(outbox_has_room(outbox, credit, 10, 10000));
    assert_false(outbox_has_room(outbox, credit, 10, 619));
    outbox_done(outbox);
    free(outbox);
}

static void of_one_id_the_first_goes_first(void **state)
{
    (void)state;
    struct outbox *outbox = malloc(sizeof *outbox);
    outbox_init(outbox);
    struct entry *first = add(outbox, "a", 1, 1), *second = add(outbox, "a", 2, 1), *third = add(outbox, "a", 3, 1);
    assert_int_equal(first->state, ENTRY_READY);
    assert_int_equal(second->state, ENTRY_BEHIND);
    outbox_finish(outbox, first);
    assert_int_equal(second->state, ENTRY_READY);
    assert_int_equal(third->state, ENTRY_BEHIND);
    outbox_finish(outbox, second);
    outbox_finish(outbox, third);
    assert_int_equal(add(outbox, "a", 4, 1)->state, ENTRY_READY);
    assert_null(outbox_find(outbox, 1));
    assert_non_null(outbox_find(outbox, 4));
    for (uint64_t i = 1; i <= 3; i++) {
        struct entry *entry = outbox_take(outbox);
        assert_int_equal(entry->sequence, i);
        entry_free(&entry);
    }
    assert_null(outbox_take(outbox));
    outbox_done(outbox);
    free(outbox);
}

static void all_goes_again_in_the_order_of_submission(void **state)
{
    (void)state;
    struct outbox *outbox = malloc(sizeof *outbox);
    static const enum entry_state states[] = {ENTRY_FLYING, ENTRY_HELD, ENTRY_WAITING, ENTRY_READY};
    outbox_init(outbox);
    for (uint64_t i = 1; i <= 1000; i++) {
        char id[16];
        snprintf(id, sizeof id, "d%u", (unsigned)i);
        struct entry *entry = add(outbox, id, i, 1);
        outbox_move(outbox, entry, states[i * 7 % 4]);
    }
    outbox_again(outbox);
    assert_int_equal(outbox->counts[ENTRY_READY], 1000);
    assert_int_equal(outbox->bytes[ENTRY_READY], 1000);
    uint64_t last = 0;
    struct entry *entry;
    TAILQ_FOREACH(entry, &outbox->lists[ENTRY_READY], link)
    {
        assert_int_equal(entry->sequence, last + 1);
        last = entry->sequence;
    }
    outbox_done(outbox);
    free(outbox);
}

/* Any order of events: every submission ends once, and never are two of one id under way. */
static void chance_keeps_the_invariants(void **state)
{
    (void)state;
    struct outbox *outbox = malloc(sizeof *outbox);
    struct entry *open[64] = {0};
    uint64_t sequence = 0, finished = 0, taken = 0;
    outbox_init(outbox);
    srand(7);
    for (int step = 0; step < 20000; step++) {
        struct entry **slot = &open[rand() % 64];
        if (*slot == NULL) {
            char id[8];
            snprintf(id, sizeof id, "%d", rand() % 9);
            *slot = add(outbox, id, ++sequence, (size_t)(rand() % 100));
        } else if ((*slot)->state != ENTRY_BEHIND && rand() % 3 > 0) {
            outbox_move(outbox, *slot, (enum entry_state)(ENTRY_READY + rand() % 4));
        } else if ((*slot)->state != ENTRY_BEHIND) {
            outbox_finish(outbox, *slot);
            *slot = NULL;
            finished++;
        }
        if (rand() % 500 == 0)
            outbox_again(outbox);
        for (struct entry *entry; (entry = outbox_take(outbox)) != NULL; taken++)
            entry_free(&entry);
        unsigned under_way[9] = {0};
        for (size_t i = 0; i < 64; i++)
            if (open[i] != NULL && open[i]->state != ENTRY_BEHIND)
                assert_int_equal(under_way[atoi(open[i]->id)]++, 0);
    }
    assert_int_equal(finished, taken);
    assert_int_equal(outbox_unfinished(outbox), sequence - finished);
    outbox_done(outbox);
    free(outbox);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_window_counts_what_is_in_flight),
        cmocka_unit_test(there_is_room_for_as_much_as_may_fly),
        cmocka_unit_test(of_one_id_the_first_goes_first),
        cmocka_unit_test(all_goes_again_in_the_order_of_submission),
        cmocka_unit_test(chance_keeps_the_invariants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
