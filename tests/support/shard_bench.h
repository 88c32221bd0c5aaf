/* One shard in a folder of its own, a batch before it and an arena for records: the state of a test of worker/write. */
#ifndef REFERENT_TESTS_SHARD_BENCH_H
#define REFERENT_TESTS_SHARD_BENCH_H

#include "batch.h"
#include "temp.h"

struct bench {
    char folder[64];
    struct shard shard;
    struct batch batch;
    struct arena *arena;
};

static inline void ok(enum fault fault, const struct error *err)
{
    if (fault != FAULT_NONE)
        fail_msg("%s: %s", err->rule, err->text);
}

/* cmocka's set-up and tear-down; *state is a struct bench. jobs_max: what a batch takes. */
static inline int bench_open(void **state, size_t jobs_max)
{
    struct bench *bench = test_calloc(1, sizeof *bench);
    struct error err;
    assert_true(temp_make(bench->folder));
    bench->arena = arena_new(64 << 20);
    ok(shard_open(&bench->shard, bench->folder, 0, 1, &err), &err);
    assert_true(batch_init(&bench->batch, jobs_max));
    *state = bench;
    return 0;
}

static inline int bench_teardown(void **state)
{
    struct bench *bench = *state;
    shard_close(&bench->shard);
    batch_done(&bench->batch);
    arena_free(&bench->arena);
    temp_remove(bench->folder);
    test_free(bench);
    return 0;
}

static inline int posting_order(const void *left, const void *right)
{
    return span_compare(((const struct posting *)left)->term, ((const struct posting *)right)->term);
}

#endif
