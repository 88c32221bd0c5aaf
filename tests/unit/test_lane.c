/* The lane against its two invariants: a suspect goes alone, and jobs of one id keep their order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lane.h"
#include "random.h"

enum { ROOM = 40, IDS = 5, ROUNDS = 20000 };

static struct job *job_new(struct arena *arena, unsigned id, uint64_t version)
{
    struct job *job = arena_zero(arena, 1, sizeof *job);
    assert_non_null(job);
    job->arena = NULL;
    job->work.id_hash = id;
    job->version = version;
    job->alone = id == 0; /* one id is suspected */
    return job;
}

static void nobody_waits_without_suspects(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct lane lane;
    (void)state;
    assert_true(lane_init(&lane, 4));
    for (unsigned i = 1; i < 200; i++) {
        struct job *job = job_new(arena, i, i);
        lane_push(&lane, job);
        assert_ptr_equal(lane_next(&lane), job);
        assert_null(lane_next(&lane));
        if (i > 3)
            assert_false(lane_back(&lane, job));
    }
    lane_done(&lane);
    arena_free(&arena);
}

static void a_suspect_overtakes_and_goes_alone(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct lane lane;
    (void)state;
    assert_true(lane_init(&lane, ROOM));
    struct job *ahead = job_new(arena, 1, 0), *suspect = job_new(arena, 0, 1), *behind = job_new(arena, 2, 0);
    struct job *second = job_new(arena, 0, 2);
    lane_push(&lane, ahead);
    assert_ptr_equal(lane_next(&lane), ahead);
    lane_push(&lane, suspect);
    lane_push(&lane, behind);
    lane_push(&lane, second);
    assert_null(lane_next(&lane));
    assert_false(lane_back(&lane, ahead));
    assert_ptr_equal(lane_next(&lane), suspect);
    assert_null(lane_next(&lane));
    assert_true(lane_back(&lane, suspect));
    assert_ptr_equal(lane_next(&lane), second);
    assert_null(lane_next(&lane));
    assert_true(lane_back(&lane, second));
    assert_ptr_equal(lane_next(&lane), behind);
    lane_done(&lane);
    arena_free(&arena);
}

static void check_taken(const struct job *job, const struct job *const *ahead, size_t count, uint64_t seen[IDS])
{
    assert_true(job->version > seen[job->work.id_hash]);
    seen[job->work.id_hash] = job->version;
    for (size_t i = 0; i < count; i++)
        assert_false(job->alone || ahead[i]->alone);
}

static void whatever_comes_the_invariants_hold(void **state)
{
    struct arena *arena = arena_new(1 << 26);
    struct lane lane;
    struct job *ahead[ROOM];
    uint64_t random = 7, seen[IDS] = {0}, version = 0, pushed = 0, taken = 0;
    size_t count = 0;
    (void)state;
    assert_true(lane_init(&lane, ROOM));
    for (int i = 0; i < ROUNDS || taken < pushed; i++) {
        if (i < ROUNDS && pushed - taken + count < ROOM && random_below(&random, 2) == 0) {
            lane_push(&lane, job_new(arena, (unsigned)random_below(&random, IDS), ++version));
            pushed++;
        } else if (count > 0) {
            size_t at = (size_t)random_below(&random, count);
            assert_int_equal(lane_back(&lane, ahead[at]), ahead[at]->alone);
            ahead[at] = ahead[--count];
        }
        for (struct job *job; (job = lane_next(&lane)) != NULL; taken++) {
            check_taken(job, (const struct job *const *)ahead, count, seen);
            ahead[count++] = job;
        }
    }
    assert_true(pushed > ROUNDS / 4);
    lane_done(&lane);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_waits_without_suspects),
        cmocka_unit_test(a_suspect_overtakes_and_goes_alone),
        cmocka_unit_test(whatever_comes_the_invariants_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
