/* labels: what was kept is found for its document at its commit and for no other, also while others write. */
#include "labels.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { BYTES = 64 << 10, ARENA_BYTES = 1 << 26, DOCUMENTS = 50, THREADS = 4, ROUNDS = 20000, SEED = 7 };

static struct segment database(char name, uint64_t revision)
{
    struct segment segment = {.revision = revision};
    memset(segment.uuid, name, sizeof segment.uuid);
    return segment;
}

/* The id of a document says which database, commit and document it is. */
static struct label label_of(const struct segment *segment, uint32_t docid, char id[64])
{
    int size = snprintf(id, 64, "%c/%u/%u", segment->uuid[0], (unsigned)segment->revision, docid);
    return (struct label){{id, (size_t)size}, docid * 3};
}

static bool is_label(const struct label *label, const struct segment *segment, uint32_t docid)
{
    char id[64];
    struct label wanted = label_of(segment, docid, id);
    return span_equal(label->id, wanted.id) && label->position == wanted.position;
}

static void a_label_is_of_one_document_at_one_commit(void **state)
{
    (void)state;
    char id[64];
    struct label found;
    struct arena *arena = arena_new(ARENA_BYTES);
    struct labels *labels = labels_new(BYTES);
    const struct segment a = database('a', 1), later = database('a', 2), b = database('b', 1);
    assert_int_equal(labels_bytes(labels), 0);
    assert_false(labels_find(labels, &a, 5, arena, &found));
    labels_keep(labels, &a, 5, label_of(&a, 5, id));
    assert_true(labels_find(labels, &a, 5, arena, &found));
    assert_true(is_label(&found, &a, 5));
    assert_false(labels_find(labels, &a, 6, arena, &found));
    assert_false(labels_find(labels, &later, 5, arena, &found));
    assert_false(labels_find(labels, &b, 5, arena, &found));
    assert_int_not_equal(labels_bytes(labels), 0);
    labels_free(&labels);
    arena_free(&arena);
}

static void no_more_is_kept_than_there_is_room_for(void **state)
{
    (void)state;
    char id[64], longest[LABEL_ID_MAX + 1];
    struct label found;
    struct arena *arena = arena_new(ARENA_BYTES);
    const struct segment a = database('a', 1);
    struct labels *labels = labels_new(BYTES), *none = labels_new(0);
    for (uint32_t docid = 1; docid < BYTES; docid++)
        labels_keep(labels, &a, docid, label_of(&a, docid, id));
    assert_true(labels_bytes(labels) <= BYTES);
    assert_true(labels_find(labels, &a, BYTES - 1, arena, &found)); /* the last one has taken its place */
    memset(longest, 'i', sizeof longest);
    labels_keep(labels, &a, BYTES, (struct label){{longest, LABEL_ID_MAX}, 1});
    assert_true(labels_find(labels, &a, BYTES, arena, &found));
    assert_int_equal(found.id.size, LABEL_ID_MAX);
    labels_keep(labels, &a, BYTES + 1, (struct label){{longest, LABEL_ID_MAX + 1}, 1});
    assert_false(labels_find(labels, &a, BYTES + 1, arena, &found));
    labels_keep(none, &a, 1, label_of(&a, 1, id));
    assert_false(labels_find(none, &a, 1, arena, &found));
    labels_free(&none);
    labels_free(&labels);
    labels_free(&labels);
    arena_free(&arena);
}

static struct labels *shared;
static atomic_uint wrong, right;

static void *others_run(void *number)
{
    struct arena *arena = arena_new(ARENA_BYTES);
    const struct segment a = database((char)('a' + (uintptr_t)number % 2), 1);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        char id[64];
        struct label found;
        uint32_t docid = 1 + round * SEED % DOCUMENTS;
        if (labels_find(shared, &a, docid, arena, &found))
            atomic_fetch_add(is_label(&found, &a, docid) ? &right : &wrong, 1);
        else
            labels_keep(shared, &a, docid, label_of(&a, docid, id));
    }
    arena_free(&arena);
    return NULL;
}

/* Fewer rows than documents: they push each other out. */
static void threads_share_them(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    shared = labels_new(BYTES / 8);
    for (uintptr_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, others_run, (void *)i), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&wrong), 0);
    assert_int_not_equal(atomic_load(&right), 0);
    labels_free(&shared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_label_is_of_one_document_at_one_commit),
        cmocka_unit_test(no_more_is_kept_than_there_is_room_for),
        cmocka_unit_test(threads_share_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
