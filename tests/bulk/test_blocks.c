/* Real texts and a made corpus in both ways: the same blocks as xapian-compact, the same answers. Texts are the gold
 * minutes if they are there, and the samples of the demo; their terms are TermGenerator's. REFERENT_LONG=1: 20,000
 * documents. */
#define _XOPEN_SOURCE 700
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "reference.h"
#include "trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BYTES = 1 << 30, TEXTS_MAX = 400, MADE = 400, MADE_LONG = 20000 };

/* ---- texts */

static struct text_list {
    struct arena *arena;
    struct index_document documents[TEXTS_MAX];
    size_t count;
} texts;

static struct span file_read(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    size_t size = (size_t)ftell(file);
    rewind(file);
    char *bytes = arena_alloc(arena, size + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, size, file), size);
    fclose(file);
    return (struct span){bytes, size};
}

static struct span span_keep(struct arena *arena, const char *bytes, size_t size)
{
    char *copy = arena_alloc(arena, size + 1);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    return (struct span){copy, size};
}

/* What TermGenerator makes of a text, as postings. */
static void document_make(struct arena *arena, struct span text, const char *path, struct index_document *out)
{
    struct reference *reference = reference_new();
    reference_begin(reference);
    reference_text(reference, text.at, text.size, "", false);
    reference_text(reference, text.at, text.size, "XNAME", true);
    size_t count = reference_count(reference), size, positions;
    struct posting *postings = arena_alloc(arena, (count + 1) * sizeof *postings);
    struct slot_value *value = arena_alloc(arena, sizeof *value);
    assert_true(postings != NULL && value != NULL);
    const char *term;
    const uint32_t *list;
    *value = (struct slot_value){5, span_keep(arena, path, strlen(path))};
    *out = (struct index_document){.postings = postings, .values = value, .value_count = 1};
    out->data = span_cut(text, 0, text.size / 3);
    for (uint32_t wdf; reference_next(reference, &term, &size, &wdf, &list, &positions); out->posting_count++) {
        struct span kept = span_keep(arena, (const char *)list, positions * sizeof *list);
        postings[out->posting_count] = (struct posting){span_keep(arena, term, size), wdf, (uint32_t)positions,
                                                        (const uint32_t *)(const void *)kept.at};
    }
    reference_free(reference);
}

static int text_visit(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    const char *ending = strrchr(path, '.');
    (void)where;
    if (kind != FTW_F || about->st_size == 0 || ending == NULL || texts.count == TEXTS_MAX ||
        (strcmp(ending, ".gold") != 0 && strcmp(ending, ".md") != 0 && strcmp(ending, ".txt") != 0))
        return 0;
    struct span text = file_read(texts.arena, path);
    document_make(texts.arena, text, strrchr(path, '/'), &texts.documents[texts.count++]);
    return 0;
}

/* ---- the tests */

static void both_ways(const struct collection *collection, size_t batch, unsigned searches)
{
    struct trial trial;
    assert_true(trial_open(&trial));
    if (!trial_build(&trial, collection, -1) || !trial_stock(&trial, collection, batch) ||
        !trial_compare(&trial, 1, searches, true))
        fail_msg("%s", trial.message);
    trial_clear(&trial);
    /* With our own deflate the tags differ, and everything that is in them is the same. */
    if (!trial_build(&trial, collection, BUILDER_LEVEL) || !trial_stock(&trial, collection, 0) ||
        !trial_compare(&trial, 2, searches, false))
        fail_msg("%s", trial.message);
    uint64_t ours = database_bytes(trial.ours), compact = database_bytes(trial.compact);
    print_message("%zu documents: %llu bytes, compacted stock %llu\n", collection->count, (unsigned long long)ours,
                  (unsigned long long)compact);
    assert_true(ours <= compact + compact / 20);
    trial_close(&trial);
}

static void texts_are_what_compaction_makes(void **state)
{
    static const char *const folders[] = {REFERENT_SOURCE_DIR "/../shared/gold", REFERENT_SOURCE_DIR "/tests/golden",
                                          REFERENT_SOURCE_DIR "/deploy/samples"};
    (void)state;
    texts.arena = arena_new(ARENA_BYTES);
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        nftw(folders[i], text_visit, 8, FTW_PHYS);
    assert_true(texts.count > 0);
    both_ways(&(struct collection){texts.documents, texts.count, NULL, 0}, 5, 300);
    arena_free(&texts.arena);
}

static void a_made_corpus_is_what_compaction_makes(void **state)
{
    struct collection collection;
    struct arena *arena = arena_new(ARENA_BYTES);
    (void)state;
    collection_minutes(&collection, arena, 1, getenv("REFERENT_LONG") != NULL ? MADE_LONG : MADE);
    both_ways(&collection, 300, 300);
    arena_free(&arena);
}

static void an_empty_segment_is_a_database(void **state)
{
    struct trial trial;
    struct collection nothing = {NULL, 0, NULL, 0};
    (void)state;
    assert_true(trial_open(&trial));
    if (!trial_build(&trial, &nothing, -1) || !stock_check(trial.ours, trial.message) ||
        !stock_build(&nothing, trial.stock, 0, trial.message) ||
        !stock_equal(trial.ours, trial.stock, 1, 5, trial.message))
        fail_msg("%s", trial.message);
    trial_close(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_what_compaction_makes),
        cmocka_unit_test(a_made_corpus_is_what_compaction_makes),
        cmocka_unit_test(an_empty_segment_is_a_database),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
