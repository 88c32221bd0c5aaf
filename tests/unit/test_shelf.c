/* The shelf: who is free takes what waits, and jobs of one id keep their order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shelf.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { ROOM = 64, READERS = 3, MOST = 4, BYTES = 1000 };

static struct job job_of(uint32_t id, size_t bytes)
{
    return (struct job){.kind = JOB_SUBMIT, .work.id_hash = id, .credit_bytes = bytes};
}

static size_t take(struct shelf *shelf, size_t reader, struct job **out)
{
    return shelf_take(shelf, reader, false, BYTES, out);
}

static void what_waits_is_shared(void **state)
{
    struct shelf *shelf = shelf_new(ROOM, READERS, MOST);
    struct job jobs[ROOM], *out[MOST];
    (void)state;
    for (uint32_t i = 0; i < ROOM; i++) {
        jobs[i] = job_of(i, 1);
        assert_true(shelf_push(shelf, &jobs[i]));
    }
    assert_false(shelf_push(shelf, &jobs[0])); /* full */
    for (uint32_t i = 0; i < 52; i += MOST) {
        assert_int_equal(take(shelf, i % READERS, out), MOST);
        assert_ptr_equal(out[0], &jobs[i]);
        assert_ptr_equal(out[MOST - 1], &jobs[i + MOST - 1]);
    }
    assert_int_equal(take(shelf, 0, out), MOST);
    assert_int_equal(take(shelf, 1, out), 3); /* of 8: a third */
    assert_int_equal(take(shelf, 2, out), 2);
    assert_int_equal(take(shelf, 2, out), 1);
    assert_int_equal(take(shelf, 2, out), 1);
    assert_int_equal(take(shelf, 2, out), 1);
    assert_int_equal(take(shelf, 2, out), 0);
    shelf_free(&shelf);
}

static void one_id_is_in_one_hand(void **state)
{
    struct shelf *shelf = shelf_new(ROOM, READERS, MOST);
    struct job first = job_of(7, 1), second = job_of(7, 1), third = job_of(7, 1), other = job_of(8, 1), *out[MOST];
    (void)state;
    assert_true(shelf_push(shelf, &first));
    assert_int_equal(take(shelf, 0, out), 1);
    assert_true(shelf_push(shelf, &second) && shelf_push(shelf, &other) && shelf_push(shelf, &third));
    assert_int_equal(take(shelf, 1, out), 1);
    assert_ptr_equal(out[0], &other);
    assert_int_equal(take(shelf, 2, out), 0);
    assert_int_equal(take(shelf, 0, out), 1); /* the first one is through */
    assert_ptr_equal(out[0], &second);
    assert_int_equal(take(shelf, 2, out), 0);
    assert_int_equal(take(shelf, 0, out), 1);
    assert_ptr_equal(out[0], &third);
    shelf_free(&shelf);
}

static void bytes_and_other_messages_end_a_share(void **state)
{
    struct shelf *shelf = shelf_new(ROOM, 1, MOST);
    struct job large = job_of(1, BYTES), small[3], deletion = job_of(9, 1), *out[MOST];
    (void)state;
    deletion.kind = JOB_DELETE;
    assert_true(shelf_push(shelf, &large));
    for (uint32_t i = 0; i < 3; i++) {
        small[i] = job_of(2 + i, 1);
        assert_true(shelf_push(shelf, &small[i]));
        assert_true(i != 1 || shelf_push(shelf, &deletion));
    }
    assert_int_equal(take(shelf, 0, out), 1);
    assert_ptr_equal(out[0], &large);
    assert_int_equal(take(shelf, 0, out), 3);
    assert_ptr_equal(out[2], &deletion);
    assert_int_equal(take(shelf, 0, out), 1);
    shelf_free(&shelf);
}

/* ---- threads */

enum { JOBS = 20000, IDS = 40 };

static struct {
    struct shelf *shelf;
    struct job jobs[JOBS];
    atomic_uint next[IDS]; /* the number that is due */
    atomic_uint passed, wrong;
} run;

static void *reader_run(void *opaque)
{
    struct job *out[MOST];
    size_t count, reader = (size_t)(uintptr_t)opaque;
    while ((count = shelf_take(run.shelf, reader, true, BYTES, out)) > 0)
        for (size_t i = 0; i < count; i++) {
            unsigned due = atomic_load(&run.next[out[i]->work.id_hash]);
            atomic_fetch_add(&run.wrong, due != out[i]->version);
            atomic_store(&run.next[out[i]->work.id_hash], due + 1);
            atomic_fetch_add(&run.passed, 1);
        }
    return NULL;
}

static void readers_keep_the_order_of_each_id(void **state)
{
    pthread_t threads[READERS];
    unsigned given[IDS] = {0};
    (void)state;
    run.shelf = shelf_new(ROOM, READERS, MOST);
    for (size_t i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, reader_run, (void *)(uintptr_t)i), 0);
    for (uint32_t i = 0; i < JOBS; i++) {
        uint32_t id = i * 2654435761u % IDS;
        run.jobs[i] = job_of(id, 1 + i % 300);
        run.jobs[i].version = given[id]++;
        while (!shelf_push(run.shelf, &run.jobs[i]))
            ;
    }
    shelf_close(run.shelf);
    for (size_t i = 0; i < READERS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(atomic_load(&run.passed), JOBS);
    assert_int_equal(atomic_load(&run.wrong), 0);
    shelf_free(&run.shelf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_waits_is_shared),
        cmocka_unit_test(one_id_is_in_one_hand),
        cmocka_unit_test(bytes_and_other_messages_end_a_share),
        cmocka_unit_test(readers_keep_the_order_of_each_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
