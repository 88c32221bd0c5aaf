/* base: arena, queue, UTF-8, threads and configuration. */
#define _GNU_SOURCE /* sched_setaffinity */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "arena.h"
#include "clock.h"
#include "config.h"
#include "gate.h"
#include "queue.h"
#include "thread.h"
#include "utf8.h"

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void an_arena_has_a_bound(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1000);
    assert_non_null(arena_alloc(arena, 600));
    assert_null(arena_alloc(arena, 401));
    assert_non_null(arena_alloc(arena, 400));
    assert_null(arena_alloc(arena, 1));
    assert_non_null(arena_alloc(arena, 0));
    assert_null(arena_zero(arena, SIZE_MAX / 2, 4));
    assert_int_equal(arena_used(arena), 1000);
    arena_free(&arena);
    assert_null(arena);
}

static void a_reset_gives_the_whole_bound_back(void **state)
{
    (void)state;
    struct arena *arena = arena_new((size_t)4 << 20);
    for (int round = 0; round < 3; round++) {
        for (unsigned i = 0; i < 400; i++) { /* beyond what is kept, in small blocks and in large ones */
            size_t size = i % 100 == 0 ? 200000 : 4000;
            char *block = arena_alloc(arena, size);
            assert_non_null(block);
            memset(block, (int)i, size);
        }
        assert_null(arena_alloc(arena, (size_t)3 << 20));
        arena_reset(arena);
        assert_int_equal(arena_used(arena), 0);
    }
    assert_non_null(arena_alloc(arena, (size_t)4 << 20));
    arena_free(&arena);
}

/* Nobody sees what an arena held before, and every arena has its own bound. */
static void memory_of_arenas_is_used_again(void **state)
{
    enum { KEEP = 200000, TAKEN = 4, BOUND = 300000 };
    (void)state;
    struct arena_pool *pool = arena_pool_new(KEEP);
    struct arena *arenas[TAKEN];
    char *block = NULL;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < TAKEN; i++) {
            arenas[i] = arena_pool_take(pool, BOUND);
            assert_int_equal(arena_used(arenas[i]), 0);
            for (int n = 0; n < 29; n++) {
                block = arena_zero(arenas[i], 1, BOUND / 30);
                assert_non_null(block);
                memset(block, i + 1, BOUND / 30);
            }
            assert_non_null(arena_alloc(arenas[i], BOUND / 30));
            assert_null(arena_alloc(arenas[i], 1));
        }
        for (int i = 0; i < TAKEN; i++) {
            arena_free(&arenas[i]);
            assert_null(arenas[i]);
        }
    }
#ifndef REFERENT_SANITIZED
    arenas[0] = arena_pool_take(pool, BOUND); /* what was given back last is taken first */
    arenas[1] = arena_pool_take(pool, BOUND);
    block = arena_alloc(arenas[0], 100);
    arena_free(&arenas[0]);
    assert_ptr_equal(arena_alloc(arenas[1], 100), block);
    arena_free(&arenas[1]);
#endif
    arena_pool_free(&pool);
    assert_null(pool);
}

static void *arena_end(void *opaque)
{
    struct arena *arena = opaque;
    memset(arena_alloc(arena, 70000), 1, 70000);
    arena_free(&arena);
    return NULL;
}

/* An arena may be the last one of its pool, on any thread. */
static void arenas_outlive_their_pool(void **state)
{
    enum { THREADS = 4 };
    (void)state;
    pthread_t threads[THREADS];
    struct arena_pool *pool = arena_pool_new(100000);
    for (int i = 0; i < THREADS; i++) {
        struct arena *arena = arena_pool_take(pool, 100000);
        assert_non_null(arena_alloc(arena, 1000));
        assert_int_equal(pthread_create(&threads[i], NULL, arena_end, arena), 0);
    }
    arena_pool_free(&pool);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

static void a_list_grows(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    LIST(int) list = {0};
    for (int i = 0; i < 1000; i++)
        *LIST_PUSH(arena, &list) = i;
    for (int i = 0; i < 1000; i++)
        assert_int_equal(list.items[i], i);
    arena_free(&arena);
}

static void *push_many(void *queue)
{
    for (uintptr_t i = 1; i <= 20000; i++)
        while (!queue_push(queue, (void *)i))
            sched_yield();
    return NULL;
}

static void a_queue_passes_everything_once(void **state)
{
    (void)state;
    struct queue *queue = queue_new(16);
    pthread_t threads[3];
    uint64_t sum = 0;
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, push_many, queue), 0);
    for (int i = 0; i < 60000; i++)
        sum += (uintptr_t)queue_pop(queue, -1);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(sum, 3 * (UINT64_C(20000) * 20001 / 2));
    assert_null(queue_pop(queue, 0));
    queue_free(&queue);
}

static void several_go_together_or_none(void **state)
{
    (void)state;
    struct queue *queue = queue_new(4);
    void *items[] = {(void *)1, (void *)2, (void *)3};
    assert_true(queue_push_all(queue, items, 3));
    assert_false(queue_push_all(queue, items, 2));
    assert_true(queue_push_all(queue, items, 1));
    assert_ptr_equal(queue_pop(queue, 0), items[0]);
    assert_ptr_equal(queue_pop(queue, 0), items[1]);
    assert_true(queue_push_all(queue, items + 1, 2)); /* over the end of the ring */
    static const int order[] = {2, 0, 1, 2};
    for (int i = 0; i < 4; i++)
        assert_ptr_equal(queue_pop(queue, 0), items[order[i]]);
    assert_null(queue_pop(queue, 0));
    queue_free(&queue);
}

static void *push_slowly(void *queue)
{
    for (uintptr_t i = 1; i <= 6; i++) {
        assert_true(queue_push(queue, (void *)i));
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    return NULL;
}

/* Whoever gathers finds as many as he waited for; and is not kept by what does not come, a nudge or the end. */
static void a_queue_gathers(void **state)
{
    (void)state;
    struct queue *queue = queue_new(8);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, push_slowly, queue), 0);
    queue_gather(queue, 5, 60000);
    for (uintptr_t i = 1; i <= 5; i++)
        assert_int_equal((uintptr_t)queue_pop(queue, 0), i);
    pthread_join(thread, NULL);
    queue_gather(queue, 2, 5);
    assert_int_equal((uintptr_t)queue_pop(queue, -1), 6);
    queue_nudge(queue);
    queue_gather(queue, 1, 60000);
    assert_null(queue_pop(queue, 60000)); /* the nudge is still there */
    queue_close(queue);
    queue_gather(queue, 1, 60000);
    queue_free(&queue);
}

static bool readable(struct queue *queue)
{
    struct pollfd at = {.fd = queue_fd(queue), .events = POLLIN};
    return poll(&at, 1, 0) == 1;
}

static void a_queue_tells_pollers_and_closes(void **state)
{
    (void)state;
    int item;
    struct queue *queue = queue_new(1);
    assert_false(readable(queue));
    assert_true(queue_push(queue, &item));
    assert_false(queue_push(queue, &item)); /* full */
    assert_true(readable(queue));
    assert_ptr_equal(queue_pop(queue, 10), &item);
    assert_false(readable(queue));
    assert_null(queue_pop(queue, 1));
    assert_true(queue_push(queue, &item));
    queue_close(queue);
    assert_false(queue_ended(queue));
    assert_ptr_equal(queue_pop(queue, -1), &item);
    assert_null(queue_pop(queue, -1));
    assert_true(queue_ended(queue));
    assert_false(queue_push(queue, &item));
    queue_free(&queue);
}

struct popper {
    struct queue *in, *out;
    pthread_t thread;
};

static void *pop_all(void *opaque)
{
    struct popper *popper = opaque;
    while (queue_pop(popper->in, -1) != NULL)
        assert_true(queue_push(popper->out, popper));
    return NULL;
}

/* What is pushed once in a while comes to the same popper, but where that one was not back in time. */
static void the_last_popper_is_called_first(void **state)
{
    enum { POPPERS = 3, PUSHES = 400, PACE_NS = 100000 };
    (void)state;
    int item, changes = 0;
    struct queue *in = queue_new(4), *out = queue_new(4);
    struct popper poppers[POPPERS], *last = NULL;
    for (int i = 0; i < POPPERS; i++) {
        poppers[i] = (struct popper){.in = in, .out = out};
        assert_int_equal(pthread_create(&poppers[i].thread, NULL, pop_all, &poppers[i]), 0);
    }
    for (int i = 0; i < PUSHES; i++) {
        nanosleep(&(struct timespec){.tv_nsec = PACE_NS}, NULL);
        assert_true(queue_push(in, &item));
        struct popper *took = queue_pop(out, -1);
        changes += took != last;
        last = took;
    }
    assert_in_range(changes, 1, PUSHES / 2);
    queue_close(in);
    for (int i = 0; i < POPPERS; i++)
        pthread_join(poppers[i].thread, NULL);
    queue_free(&in);
    queue_free(&out);
}

/* Long texts are looked at many bytes at a time: what is wrong is found at every place of a look. */
static void utf8_is_checked_at_every_place(void **state)
{
    (void)state;
    static const char *const good[] = {"\xC3\xA6", "\xE2\x80\x93", "\xF4\x8F\xBF\xBF"};
    static const char *const bad[] = {
        "\xC3",         "\xA6",         "\xC1\xBF",     "\xE2\x80",         "\xE0\x9F\xBF",
        "\xED\xA0\x80", "\xF0\x9F\x98", "\xF5\x80\x80", "\xF4\x90\x80\x80", "\xE2\x80\x93\x80"};
    enum { SIZE = 131 };
    for (size_t place = 0; place < SIZE; place++) {
        for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
            char text[SIZE];
            size_t size = strlen(good[i]), at;
            memset(text, 'a', sizeof text);
            memcpy(text + place, good[i], place + size <= SIZE ? size : SIZE - place);
            bool whole = place + size <= SIZE;
            assert_int_equal(utf8_valid((struct span){text, sizeof text}, &at), whole);
            assert_true(whole || at == place);
        }
        for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
            char text[SIZE];
            size_t size = strlen(bad[i]), at;
            memset(text, 'a', sizeof text);
            memcpy(text + place, bad[i], place + size <= SIZE ? size : 0);
            if (place + size <= SIZE)
                assert_false(utf8_valid((struct span){text, sizeof text}, &at));
        }
    }
}

static void utf8_is_checked_to_the_letter(void **state)
{
    (void)state;
    static const char *const good[] = {"", "Sønderborg", "\xF4\x8F\xBF\xBF", "\xEF\xBB\xBF", "12345678\xC3\xA6"};
    static const char *const bad[] = {
        "\x80",        "\xC0\x80", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80",
        "12345678\xFF"};
    size_t at;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(utf8_valid(span_of(good[i]), NULL));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(utf8_valid(span_of(bad[i]), &at));
    assert_int_equal(at, 8);
    for (uint32_t character = 0; character < 0x110000; character += 17) {
        char bytes[4];
        uint32_t back;
        size_t size = utf8_encode(character, bytes);
        if (size > 0) {
            assert_int_equal(utf8_decode(bytes, bytes + size, &back), size);
            assert_int_equal(back, character);
        }
    }
}

static void settings_have_bounds(void **state)
{
    (void)state;
    struct config config;
    struct error err;
    config_default(&config);
    assert_int_equal(config_check(&config, &err), FAULT_NONE);
    assert_int_equal(config_set(&config, "commit_max_docs", "7", &err), FAULT_NONE);
    assert_int_equal(config.commit_max_docs, 7);
    static const char *const wrong[] = {"0", "-1", "", "x", "7x", "99999999999999999999999"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(config_set(&config, "commit_max_docs", wrong[i], &err), FAULT_REJECT);
        assert_string_equal(err.rule, "config.value");
    }
    assert_int_equal(config_set(&config, "commit_max", "1", &err), FAULT_REJECT);
    assert_string_equal(err.rule, "config.key");
    assert_int_equal(config_set(&config, "roles", "index, search", &err), FAULT_NONE);
    assert_true(config_has_role(&config, "search"));
    assert_int_equal(config_check(&config, &err), FAULT_NONE);
    assert_int_equal(config_set(&config, "roles", "indexing", &err), FAULT_NONE);
    assert_false(config_has_role(&config, "index"));
    assert_int_equal(config_check(&config, &err), FAULT_REJECT);
}

/* ---- gate */

static void *passer(void *opaque)
{
    gate_pass(opaque, 0, 20000);
    return NULL;
}

/* A reply with a reason that is no UTF-8 cannot be decoded by its client. */
static void an_error_is_one_line_of_utf8(void **state)
{
    (void)state;
    struct error err;
    assert_int_equal(error_set(&err, FAULT_REJECT, "a.rule", "'%.2s' is\nno date", "s\xC3\xB8ndag"), FAULT_REJECT);
    assert_string_equal(err.text, "'s?' is no date");
    error_set(&err, FAULT_RETRY, "a.rule", "%s: \xE6\xF8 %s", "\xC3\xA6", "\xE2\x82");
    assert_string_equal(err.text, "\xC3\xA6: ?? ??");
    char many[400] = "";
    for (size_t i = 0; i + 1 < sizeof many; i++)
        many[i] = i % 2 ? '\xA6' : '\xC3';
    error_set(&err, FAULT_RETRY, "a.rule", "%s", many);
    assert_true(utf8_valid(span_of(err.text), NULL));
}

static void a_gate_opens_when_the_last_holder_goes(void **state)
{
    struct gate gate;
    pthread_t thread;
    (void)state;
    gate_init(&gate);
    gate_pass(&gate, 0, 20000); /* open: at once */
    gate_hold(&gate);
    gate_hold(&gate);
    int64_t begin = clock_steady_ms();
    gate_pass(&gate, 0, 30); /* held: no longer than that */
    assert_in_range(clock_steady_ms() - begin, 29, 10000);
    assert_int_equal(pthread_create(&thread, NULL, passer, &gate), 0);
    gate_release(&gate);
    gate_pass(&gate, 0, 1); /* still held */
    gate_release(&gate);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_in_range(clock_steady_ms() - begin, 30, 15000);
    gate_done(&gate);
}

static void *second_committer(void *opaque)
{
    struct gate *gate = opaque;
    gate_pass(gate, gate->commits, 20000);
    return NULL;
}

/* Whoever began before the last commit goes before the next one; who began after it may stay. */
static void a_commit_waits_for_those_it_would_overtake(void **state)
{
    struct gate gate;
    struct gate_reader early, late, later;
    pthread_t thread;
    (void)state;
    gate_init(&gate);
    gate_enter(&gate, &early);
    gate_pass(&gate, 0, 20000); /* the first commit: at once */
    uint64_t commit = gate_committed(&gate);
    gate_enter(&gate, &late);
    int64_t begin = clock_steady_ms();
    gate_pass(&gate, commit, 20000); /* somebody is slow: no longer than that */
    assert_in_range(clock_steady_ms() - begin, GATE_READERS_MS - 1, 15000);
    gate_enter(&gate, &later);
    begin = clock_steady_ms();
    assert_int_equal(pthread_create(&thread, NULL, second_committer, &gate), 0);
    assert_true(gate_leave(&gate, &late));
    assert_false(gate_leave(&gate, &early));
    assert_int_equal(pthread_join(thread, NULL), 0);
    gate_pass(&gate, commit, 20000); /* `later` alone is there */
    assert_in_range(clock_steady_ms() - begin, 0, GATE_READERS_MS);
    commit = gate_committed(&gate);
    gate_pass(&gate, commit, 20000);
    assert_in_range(clock_steady_ms() - begin, GATE_READERS_MS, 15000);
    assert_false(gate_leave(&gate, &later));
    assert_null(gate.first);
    assert_null(gate.last);
    gate_done(&gate);
}

/* ---- threads */

static void *thread_result(void *(*run)(void *), void *opaque)
{
    pthread_t thread;
    void *result;
    assert_int_equal(pthread_create(&thread, NULL, run, opaque), 0);
    assert_int_equal(pthread_join(thread, &result), 0);
    return result;
}

static void *ranked(void *opaque)
{
    thread_begin("ranked", *(enum thread_rank *)opaque);
    return (void *)(intptr_t)getpriority(PRIO_PROCESS, 0);
}

static void searches_go_before_indexing_and_rebuilds_come_last(void **state)
{
    intptr_t found[3];
    int before = getpriority(PRIO_PROCESS, 0);
    (void)state;
    for (enum thread_rank rank = THREAD_PROMPT; rank <= THREAD_REBUILD; rank++) {
        found[rank] = (intptr_t)thread_result(ranked, &rank);
    }
    assert_int_equal(found[THREAD_PROMPT], before);
    assert_true(found[THREAD_INDEX] > before || before >= 15); /* 19 is the last */
    assert_true(found[THREAD_REBUILD] > found[THREAD_INDEX] || before >= 10);
    assert_int_equal(getpriority(PRIO_PROCESS, 0), before); /* of the thread alone */
}

/* struct sched_attr: size and policy, flags, niceness and priority, slice in nanoseconds. */
static void *sliced(void *opaque)
{
    uint64_t attr[6] = {sizeof attr};
    thread_begin("sliced", *(enum thread_rank *)opaque);
    return (void *)(uintptr_t)(syscall(SYS_sched_getattr, 0, attr, sizeof attr, 0) == 0 ? attr[3] : 0);
}

/* Does the system give this thread a slice that it asks for? Older ones do not, and containers may refuse it. */
static void *asking(void *opaque)
{
    uint64_t attr[6] = {sizeof attr}, wanted = 300000;
    (void)opaque;
    if (syscall(SYS_sched_getattr, 0, attr, sizeof attr, 0) != 0)
        return NULL;
    attr[3] = wanted;
    bool given = syscall(SYS_sched_setattr, 0, attr, 0) == 0 &&
                 syscall(SYS_sched_getattr, 0, attr, sizeof attr, 0) == 0 && attr[3] == wanted;
    return given ? opaque : NULL;
}

static void searches_have_shorter_slices_where_the_system_lets_them(void **state)
{
    enum thread_rank prompt = THREAD_PROMPT, index = THREAD_INDEX;
    (void)state;
    bool given = thread_result(asking, &prompt) != NULL;
    uintptr_t shorter = (uintptr_t)thread_result(sliced, &prompt), longer = (uintptr_t)thread_result(sliced, &index);
    assert_true(!given || (shorter == 200000 && longer == 20000000));
}

/* What taskset does to a process. */
static void cores_are_those_that_may_be_used(void **state)
{
    cpu_set_t all, one;
    (void)state;
    assert_int_equal(sched_getaffinity(0, sizeof all, &all), 0);
    assert_int_equal(thread_cores(), CPU_COUNT(&all));
    CPU_ZERO(&one);
    for (size_t core = 0; core < CPU_SETSIZE && CPU_COUNT(&one) == 0; core++)
        if (CPU_ISSET(core, &all))
            CPU_SET(core, &one);
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
    assert_int_equal(thread_cores(), 1);
    assert_int_equal(sched_setaffinity(0, sizeof all, &all), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_arena_has_a_bound),
        cmocka_unit_test(a_reset_gives_the_whole_bound_back),
        cmocka_unit_test(memory_of_arenas_is_used_again),
        cmocka_unit_test(arenas_outlive_their_pool),
        cmocka_unit_test(a_list_grows),
        cmocka_unit_test(a_queue_passes_everything_once),
        cmocka_unit_test(several_go_together_or_none),
        cmocka_unit_test(a_queue_gathers),
        cmocka_unit_test(a_queue_tells_pollers_and_closes),
        cmocka_unit_test(the_last_popper_is_called_first),
        cmocka_unit_test(utf8_is_checked_at_every_place),
        cmocka_unit_test(utf8_is_checked_to_the_letter),
        cmocka_unit_test(an_error_is_one_line_of_utf8),
        cmocka_unit_test(a_gate_opens_when_the_last_holder_goes),
        cmocka_unit_test(a_commit_waits_for_those_it_would_overtake),
        cmocka_unit_test(searches_go_before_indexing_and_rebuilds_come_last),
        cmocka_unit_test(searches_have_shorter_slices_where_the_system_lets_them),
        cmocka_unit_test(cores_are_those_that_may_be_used),
        cmocka_unit_test(settings_have_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
