/* The builder's contract: what it refuses, what it keeps, when it is full, and the guard. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "trial.h"
#include "xapian_shim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ARENA_BYTES = 512 << 20 };

static struct trial trial;
static struct arena *arena;

static int start(void **state)
{
    (void)state;
    arena = arena_new(ARENA_BYTES);
    return trial_open(&trial) ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    trial_close(&trial);
    arena_free(&arena);
    return 0;
}

static struct builder *builder_make(size_t memory_bytes)
{
    struct builder *builder = builder_new(&(struct builder_options){.memory_bytes = memory_bytes, .level = 1});
    assert_non_null(builder);
    return builder;
}

static void expect_rejected(struct builder *builder, const struct index_document *document, const char *rule)
{
    struct error err;
    assert_int_equal(builder_add(builder, document, &err), FAULT_REJECT);
    assert_string_equal(err.rule, rule);
}

static void bad_documents_are_offered(struct builder *builder)
{
    static const uint32_t falling[] = {5, 5};
    static char wide[TERM_MAX_BYTES + 1], zeros[130];
    const struct posting good = {SPAN("a"), 1, 0, NULL};
    struct posting order[] = {{SPAN("b"), 1, 0, NULL}, good}, same[] = {good, good};
    struct posting prefix[] = {{SPAN("ab"), 1, 0, NULL}, good}, empty = {{"", 0}, 1, 0, NULL};
    struct posting positions = {SPAN("new"), 1, 2, falling}, size = {{wide, sizeof wide}, 1, 0, NULL};
    struct posting key = {{zeros, sizeof zeros}, 1, 0, NULL};
    struct posting length[] = {{SPAN("new"), UINT32_MAX, 0, NULL}, {SPAN("newer"), 1, 0, NULL}};
    struct slot_value blank = {1, {"", 0}}, slots[] = {{2, SPAN("x")}, {2, SPAN("y")}};
    memset(wide, 'w', sizeof wide);
    expect_rejected(builder, &(struct index_document){.postings = order, .posting_count = 2}, "document.order");
    expect_rejected(builder, &(struct index_document){.postings = same, .posting_count = 2}, "document.order");
    expect_rejected(builder, &(struct index_document){.postings = prefix, .posting_count = 2}, "document.order");
    expect_rejected(builder, &(struct index_document){.postings = &positions, .posting_count = 1}, "document.order");
    expect_rejected(builder, &(struct index_document){.postings = &empty, .posting_count = 1}, "document.term");
    expect_rejected(builder, &(struct index_document){.postings = &size, .posting_count = 1}, "document.term");
    expect_rejected(builder, &(struct index_document){.postings = &key, .posting_count = 1}, "document.term");
    expect_rejected(builder, &(struct index_document){.postings = length, .posting_count = 2}, "document.length");
    expect_rejected(builder, &(struct index_document){.values = &blank, .value_count = 1}, "document.value");
    expect_rejected(builder, &(struct index_document){.values = slots, .value_count = 2}, "document.order");
    struct span endless = {wide, (size_t)1 << 40}; /* is refused before it is looked at */
    expect_rejected(builder, &(struct index_document){.data = endless}, "document.size");
}

static void what_is_rejected_leaves_no_trace(void **state)
{
    struct collection collection;
    struct error err;
    struct builder *builder = builder_make(SIZE_MAX);
    (void)state;
    collection_minutes(&collection, arena, 1, 40);
    assert_int_equal(builder_begin(builder, trial.ours, &err), FAULT_NONE);
    for (size_t i = 0; i < collection.count; i++) {
        bad_documents_are_offered(builder);
        assert_int_equal(builder_add(builder, &collection.documents[i], &err), FAULT_NONE);
    }
    assert_int_equal(builder_meta(builder, (struct span){"", 0}, SPAN("x"), &err), FAULT_REJECT);
    assert_int_equal(builder_meta(builder, SPAN("gone"), SPAN("x"), &err), FAULT_NONE);
    assert_int_equal(builder_meta(builder, SPAN("gone"), (struct span){"", 0}, &err), FAULT_NONE);
    assert_int_equal(builder_meta(builder, SPAN("schema"), SPAN("1"), &err), FAULT_NONE);
    struct builder_summary summary;
    assert_int_equal(builder_finish(builder, &summary, &err), FAULT_NONE);
    assert_int_equal(summary.documents, 40);
    assert_int_equal(summary.bytes, database_bytes(trial.ours));
    if (!trial_stock(&trial, &collection, 0) || !trial_compare(&trial, 1, 30, false))
        fail_msg("%s", trial.message);
    builder_free(&builder);
    trial_clear(&trial);
}

/* One builder after the other, each segment when memory is full; together they are the whole. */
static void a_full_builder_goes_on_with_the_next_segment(void **state)
{
    enum { MEMORY = 2 << 20, SEGMENTS = 16 };
    struct collection collection;
    struct error err;
    char paths[SEGMENTS][128];
    const char *parts[SEGMENTS];
    size_t count = 0;
    struct builder *builder = builder_make(MEMORY);
    (void)state;
    collection_minutes(&collection, arena, 2, 1200);
    for (size_t i = 0; i < collection.count;) {
        assert_true(count < SEGMENTS);
        snprintf(paths[count], sizeof paths[count], "%s/part%zu", trial.folder, count);
        assert_int_equal(builder_begin(builder, paths[count], &err), FAULT_NONE);
        for (; i < collection.count && !builder_full(builder); i++)
            assert_int_equal(builder_add(builder, &collection.documents[i], &err), FAULT_NONE);
        assert_true(builder_bytes(builder) < MEMORY + (1 << 20));
        assert_int_equal(builder_finish(builder, NULL, &err), FAULT_NONE);
        parts[count] = paths[count];
        count++;
    }
    builder_free(&builder);
    assert_true(count > 2);
    collection.meta_count = 0;
    if (!stock_compact(parts, count, trial.ours, trial.message) || !trial_stock(&trial, &collection, 0) ||
        !trial_compare(&trial, 1, 30, false))
        fail_msg("%s", trial.message);
    trial_clear(&trial);
}

/* Postings that memory has no room for are put aside; the segment is what it would have been. */
static void a_full_builder_may_put_postings_aside(void **state)
{
    enum { MEMORY = 2 << 20 };
    struct collection collection;
    struct error err;
    struct builder_summary summary;
    struct builder *builder = builder_make(MEMORY);
    size_t spilled = 0;
    (void)state;
    collection_minutes(&collection, arena, 2, 1200);
    collection.meta_count = 0;
    assert_int_equal(builder_begin(builder, trial.ours, &err), FAULT_NONE);
    for (size_t i = 0; i < collection.count; i++) {
        assert_int_equal(builder_add(builder, &collection.documents[i], &err), FAULT_NONE);
        assert_true(builder_bytes(builder) < MEMORY + (1 << 20));
        if (!builder_full(builder))
            continue;
        assert_false(builder_is_spent(builder));
        assert_int_equal(builder_spill(builder, &err), FAULT_NONE);
        assert_false(builder_full(builder));
        spilled++;
    }
    assert_int_equal(builder_finish(builder, &summary, &err), FAULT_NONE);
    assert_true(spilled > 2);
    assert_int_equal(summary.documents, collection.count);
    assert_int_equal(summary.bytes, database_bytes(trial.ours));
    builder_free(&builder);
    if (!trial_stock(&trial, &collection, 0) || !trial_compare(&trial, 1, 30, false))
        fail_msg("%s", trial.message);
    trial_clear(&trial);
}

static void too_many_runs_end_a_segment(void **state)
{
    struct collection collection;
    struct error err;
    struct builder *builder = builder_make(SIZE_MAX);
    size_t count = 0;
    (void)state;
    collection_minutes(&collection, arena, 4, 100);
    collection.meta_count = 0;
    assert_int_equal(builder_begin(builder, trial.ours, &err), FAULT_NONE);
    assert_int_equal(builder_spill(builder, &err), FAULT_NONE); /* of nothing there is no run */
    for (; !builder_is_spent(builder); count++) {
        assert_int_equal(builder_add(builder, &collection.documents[count], &err), FAULT_NONE);
        assert_int_equal(builder_spill(builder, &err), FAULT_NONE);
    }
    collection.count = count;
    assert_int_equal(builder_finish(builder, NULL, &err), FAULT_NONE);
    builder_free(&builder);
    if (!trial_stock(&trial, &collection, 0) || !trial_compare(&trial, 1, 30, false))
        fail_msg("%s", trial.message);
    trial_clear(&trial);
}

/* The file has no name; this process has it open. */
static int scratch_find(void)
{
    for (int file = 3; file < 64; file++) {
        char link[64], target[256] = "";
        snprintf(link, sizeof link, "/proc/self/fd/%d", file);
        if (readlink(link, target, sizeof target - 1) > 0 && strstr(target, "postings.tmp") != NULL)
            return file;
    }
    return -1;
}

static void a_spoiled_run_is_refused(void **state)
{
    enum { EVERY = 997, MOST = 200 };
    struct collection collection;
    struct error err;
    (void)state;
    collection_minutes(&collection, arena, 4, 100);
    for (int at = 0; at < MOST; at++) {
        struct builder *builder = builder_make(SIZE_MAX);
        struct stat about;
        char byte;
        assert_int_equal(builder_begin(builder, trial.ours, &err), FAULT_NONE);
        for (size_t i = 0; i < collection.count; i++)
            assert_int_equal(builder_add(builder, &collection.documents[i], &err), FAULT_NONE);
        assert_int_equal(builder_spill(builder, &err), FAULT_NONE);
        int file = scratch_find();
        assert_true(file >= 0);
        assert_int_equal(fstat(file, &about), 0);
        off_t place = (off_t)at * EVERY % about.st_size;
        assert_int_equal(pread(file, &byte, 1, place), 1);
        byte = (char)(byte ^ (1 << at % 8));
        assert_int_equal(pwrite(file, &byte, 1, place), 1);
        assert_int_equal(builder_finish(builder, NULL, &err), FAULT_REOPEN);
        assert_string_equal(err.rule, "bulk.run");
        builder_free(&builder);
        assert_int_equal(access(trial.ours, F_OK), -1);
    }
}

static void a_database_is_never_written_over(void **state)
{
    struct error err;
    struct builder *builder = builder_make(SIZE_MAX);
    (void)state;
    assert_int_equal(builder_finish(builder, NULL, &err), FAULT_STOP); /* nothing is open */
    assert_int_equal(builder_begin(builder, trial.ours, &err), FAULT_NONE);
    assert_int_equal(builder_begin(builder, trial.ours, &err), FAULT_STOP); /* one at a time */
    assert_int_equal(builder_finish(builder, NULL, &err), FAULT_NONE);
    assert_int_equal(builder_begin(builder, trial.ours, &err), FAULT_REJECT);
    assert_string_equal(err.rule, "bulk.exists");
    builder_cancel(builder);
    assert_true(stock_check(trial.ours, trial.message));
    /* Cancelled in the middle: no folder. */
    assert_int_equal(builder_begin(builder, trial.stock, &err), FAULT_NONE);
    builder_cancel(builder);
    assert_int_equal(access(trial.stock, F_OK), -1);
    builder_free(&builder);
    assert_null(builder);
    trial_clear(&trial);
}

static void the_guard_compares_the_date_of_the_format(void **state)
{
    struct error err;
    struct database *stock;
    char path[160];
    (void)state;
    assert_int_equal(database_open_write(trial.stock, &stock, &err), FAULT_NONE);
    database_close(&stock);
    assert_int_equal(builder_guard(trial.stock, &err), FAULT_NONE);
    assert_int_equal(builder_guard(trial.ours, &err), FAULT_REOPEN);
    snprintf(path, sizeof path, "%s/iamglass", trial.stock);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    fseek(file, 15, SEEK_SET);
    fputc(0x6f, file);
    fclose(file);
    assert_int_equal(builder_guard(trial.stock, &err), FAULT_RETRY);
    assert_string_equal(err.rule, "bulk.format");
    trial_clear(&trial);
}

/* Every option gives a sound database; those out of range give no builder. */
static void every_level_and_block_size_is_read_by_stock(void **state)
{
    static const uint32_t sizes[] = {2048, 4096, 65536};
    struct collection collection;
    struct error err;
    (void)state;
    assert_null(builder_new(&(struct builder_options){.level = BUILDER_CODE + 1}));
    assert_null(builder_new(&(struct builder_options){.block_size = 3000}));
    assert_null(builder_new(&(struct builder_options){.block_size = 131072}));
    collection_hostile(&collection, arena, 8, 60);
    if (!trial_stock(&trial, &collection, 0))
        fail_msg("%s", trial.message);
    for (int level = 0; level <= BUILDER_CODE; level += level < 12 ? 3 : 1) {
        struct builder_options options = {.memory_bytes = SIZE_MAX, .level = level, .block_size = sizes[level / 3 % 3]};
        struct builder *builder = builder_new(&options);
        assert_int_equal(builder_begin(builder, trial.ours, &err), FAULT_NONE);
        for (size_t i = 0; i < collection.count; i++)
            assert_int_equal(builder_add(builder, &collection.documents[i], &err), FAULT_NONE);
        for (size_t i = 0; i < collection.meta_count; i++)
            assert_int_equal(builder_meta(builder, collection.meta[i].key, collection.meta[i].value, &err), FAULT_NONE);
        assert_int_equal(builder_finish(builder, NULL, &err), FAULT_NONE);
        builder_free(&builder);
        if (!trial_compare(&trial, 1, 20, false))
            fail_msg("level %d: %s", level, trial.message);
        trial_clear_ours(&trial);
    }
    trial_clear(&trial);
}

/* Data that stock, with its own deflate, cannot read back (see squeeze.c). */
static void data_around_the_steps_of_inflate_are_read(void **state)
{
    struct collection collection;
    (void)state;
    collection_steps(&collection, arena);
    for (int level = 0; level <= BUILDER_CODE; level += level == 0 || level > 10 ? 1 : 5) {
        if (!trial_build(&trial, &collection, level) || !stock_check(trial.ours, trial.message) ||
            !stock_data(trial.ours, &collection, trial.message))
            fail_msg("level %d: %s", level, trial.message);
        trial_clear(&trial);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_rejected_leaves_no_trace),
        cmocka_unit_test(a_full_builder_goes_on_with_the_next_segment),
        cmocka_unit_test(a_full_builder_may_put_postings_aside),
        cmocka_unit_test(too_many_runs_end_a_segment),
        cmocka_unit_test(a_spoiled_run_is_refused),
        cmocka_unit_test(a_database_is_never_written_over),
        cmocka_unit_test(the_guard_compares_the_date_of_the_format),
        cmocka_unit_test(every_level_and_block_size_is_read_by_stock),
        cmocka_unit_test(data_around_the_steps_of_inflate_are_read),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
