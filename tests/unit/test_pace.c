/* The pace of a bulk load: no more bytes are ahead than were said, and the order stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pace.h"
#include "random.h"

enum { ROOM = 50, MOST_BYTES = 1000, JOBS = 20000 };

static struct job *job_new(struct arena *arena, uint64_t version, size_t bytes)
{
    struct job *job = arena_zero(arena, 1, sizeof *job);
    assert_non_null(job);
    job->arena = NULL;
    job->version = version;
    job->work.id_hash = (uint32_t)version;
    job->credit_bytes = bytes;
    return job;
}

static void one_message_may_always_go(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct pace pace;
    (void)state;
    assert_true(pace_init(&pace, 3, MOST_BYTES));
    struct job *large = job_new(arena, 1, MOST_BYTES * 5), *small = job_new(arena, 2, 1);
    pace_push(&pace, large);
    pace_push(&pace, small);
    assert_ptr_equal(pace_next(&pace), large);
    assert_null(pace_next(&pace));
    assert_true(pace_has(&pace, small->work.id_hash));
    assert_false(pace_has(&pace, large->work.id_hash));
    pace_back(&pace, large);
    assert_ptr_equal(pace_next(&pace), small);
    assert_null(pace_next(&pace));
    pace_back(&pace, small);
    pace_done(&pace);
    arena_free(&arena);
}

static void whatever_comes_the_bound_and_the_order_hold(void **state)
{
    struct arena *arena = arena_new(1 << 26);
    struct pace pace;
    struct job *ahead[ROOM];
    uint64_t random = 11, pushed = 0, taken = 0, most = 0, bytes = 0;
    size_t count = 0;
    (void)state;
    assert_true(pace_init(&pace, ROOM, MOST_BYTES));
    while (taken < JOBS) {
        if (pushed < JOBS && pushed - taken < ROOM && random_below(&random, 2) == 0) {
            pace_push(&pace, job_new(arena, pushed, 1 + (size_t)random_below(&random, MOST_BYTES / 4)));
            pushed++;
        } else if (count > 0) {
            size_t at = (size_t)random_below(&random, count);
            bytes -= ahead[at]->credit_bytes;
            pace_back(&pace, ahead[at]);
            ahead[at] = ahead[--count];
        }
        for (struct job *job; count < ROOM && (job = pace_next(&pace)) != NULL; taken++) {
            assert_int_equal(job->version, taken);
            assert_true(job->paced);
            bytes += job->credit_bytes;
            ahead[count++] = job;
        }
        assert_true(bytes <= MOST_BYTES);
        most = bytes > most ? bytes : most;
    }
    assert_true(most > MOST_BYTES * 9 / 10);
    pace_done(&pace);
    arena_free(&arena);
}

/* Those that never went are freed with it. */
static void the_end_frees_what_waits(void **state)
{
    struct pace pace;
    (void)state;
    assert_true(pace_init(&pace, 4, 10));
    for (uint64_t i = 0; i < 3; i++) {
        struct arena *arena = arena_new(10000);
        struct job *job = job_new(arena, i, 8);
        job->arena = arena;
        pace_push(&pace, job);
    }
    struct job *gone = pace_next(&pace);
    struct arena *arena = gone->arena;
    arena_free(&arena);
    pace_done(&pace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_message_may_always_go),
        cmocka_unit_test(whatever_comes_the_bound_and_the_order_hold),
        cmocka_unit_test(the_end_frees_what_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
