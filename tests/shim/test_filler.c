/* Documents whose term list or data stock Xapian would compress too well to read them back: with filler it reads all
 * of them, before and after a compaction; without, it does not. */
#define _XOPEN_SOURCE 700
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "filler.h"
#include "tag.h"
#include "term.h"
#include "termlist.h"
#include "xapian_shim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BYTES = 1 << 28, STEPS = 3, AROUND = 16, BELOW = 2, DOCUMENTS = STEPS * AROUND };

static struct term_builder *builder;

static size_t stem_none(void *self, const char *word, size_t size, char out[static 128])
{
    (void)self;
    memcpy(out, word, size);
    return size;
}

/* Sizes from two bytes below a multiple of the step on. */
static size_t size_of(size_t n)
{
    return (n / AROUND + 1) * TAG_STEP_BYTES + n % AROUND - BELOW;
}

static void built(struct arena *arena, struct span id, struct span body, struct pair *pair, struct index_record *record)
{
    struct source source = {.id = id, .metadata = pair, .metadata_count = 1};
    struct minutes minutes;
    assert_int_equal(minutes_read(arena, body, MEDIA_PLAIN, &minutes, NULL), FAULT_NONE);
    assert_int_equal(term_build(builder, arena, arena, &source, &minutes, record, NULL), FAULT_NONE);
}

static struct index_document stripped(const struct index_document *document);

/* Minutes whose data have so many bytes, but for filler: most of it a feeder's metadata that repeat themselves. */
static void record_of_data(struct arena *arena, size_t n, struct index_record *record)
{
    size_t size = TAG_STEP_BYTES / 2;
    struct text id = arena_format(arena, "data/%zu", n);
    char *value = arena_alloc(arena, size_of(n));
    for (size_t i = 0; i < size_of(n); i++)
        value[i] = (char)('a' + i % (1 + n % 5));
    for (int again = 0; again < 2; again++) {
        built(arena, (struct span){id.at, id.size}, SPAN("Mødet hævet."), &(struct pair){SPAN("k"), {value, size}},
              record);
        size += size_of(n) - stripped(record->documents).data.size;
    }
    assert_int_equal(stripped(record->documents).data.size, size_of(n));
}

/* A document whose term list has so many bytes, but for filler: numbers in a row, and a last term of the right size. */
static void record_of_terms(struct arena *arena, size_t n, struct index_record *record)
{
    size_t words = (size_of(n) - 150) * 1000 / 3111, list = 0; /* a new ten takes a byte more, a new hundred two */
    char *last = memset(arena_alloc(arena, TERM_MAX_BYTES), 'z', TERM_MAX_BYTES);
    last[0] = 'Z';
    struct posting *postings = arena_zero(arena, words + 2, sizeof *postings);
    struct index_document *document = arena_zero(arena, 1, sizeof *document);
    struct text unique = arena_format(arena, "Qterms/%zu", n);
    postings[0].term = (struct span){unique.at, unique.size};
    for (size_t i = 1; i <= words; i++) {
        struct text term = arena_format(arena, "Z%zu", 100000 + i);
        postings[i].term = (struct span){term.at, term.size};
    }
    *document = (struct index_document){
        .data = SPAN("id=x"), .unique = postings[0].term, .postings = postings, .posting_count = words + 2};
    for (size_t size = 2, again = 0; again < 2; again++) {
        postings[words + 1].term = (struct span){last, size};
        list = filler_term_list(arena, document).size;
        size += size_of(n) - list;
        assert_true(size < TERM_MAX_BYTES);
    }
    assert_int_equal(list, size_of(n));
    assert_int_equal(filler_terms(arena, arena, document, NULL), FAULT_NONE);
    *record = (struct index_record){.group = document->unique, .documents = document, .document_count = 1};
}

/* The document as it would be without filler. */
static struct index_document stripped(const struct index_document *document)
{
    struct index_document bare = *document;
    struct span filler = data_field(bare.data, FIELD_FILLER);
    if (filler.at != NULL)
        bare.data.size = (size_t)(filler.at - bare.data.at) - schema_field(FIELD_FILLER).size - 2;
    while (bare.posting_count > 0 &&
           span_starts(bare.postings[bare.posting_count - 1].term, schema_prefix(PREFIX_FILLER)))
        bare.posting_count--;
    return bare;
}

static void written(const char *path, const struct index_record *records, bool with_filler)
{
    struct error err;
    struct database *database;
    assert_int_equal(database_open_write(path, &database, &err), FAULT_NONE);
    assert_int_equal(database_begin(database, &err), FAULT_NONE);
    for (size_t i = 0; i < 2 * DOCUMENTS; i++) {
        struct index_document bare = stripped(&records[i].documents[0]);
        assert_int_equal(database_add(database, with_filler ? &records[i].documents[0] : &bare, &err), FAULT_NONE);
    }
    assert_int_equal(database_commit(database, &err), FAULT_NONE);
    database_close(&database);
}

/* How many documents cannot be read or deleted. */
static size_t spoilt(const char *path, const struct index_record *records, struct arena *arena)
{
    struct error err;
    size_t count = 0;
    for (size_t i = 0; i < 2 * DOCUMENTS; i++) {
        struct database *database;
        struct span data = {0};
        bool found = false;
        const struct index_document *document = &records[i].documents[0];
        assert_int_equal(database_open_write(path, &database, &err), FAULT_NONE);
        bool sound =
            database_find(database, 0, arena, document->unique, NULL, 0, NULL, &data, &found, &err) == FAULT_NONE &&
            found && data.size >= stripped(document).data.size && memcmp(data.at, document->data.at, data.size) == 0 &&
            database_begin(database, &err) == FAULT_NONE &&
            database_delete(database, records[i].group, &err) == FAULT_NONE;
        count += !sound;
        database_close(&database); /* drops the deletion */
    }
    return count;
}

static void compacted(const char *folder, const char *from, const char *to)
{
    char command[600];
    snprintf(command, sizeof command, "xapian-compact %s/%s %s/%s >/dev/null 2>&1", folder, from, folder, to);
    assert_int_equal(system(command), 0);
}

/* What is looked at is what glass keeps: the bulk builder's coding of it is held against stock in tests/bulk. */
static void expect_coding(struct arena *arena, const struct index_document *document)
{
    struct buffer packed = {0};
    struct document_size size;
    struct span list = filler_term_list(arena, document);
    assert_int_equal(termlist_pack(&packed, document, &size, NULL), FAULT_NONE);
    assert_int_equal(list.size, packed.size);
    assert_memory_equal(list.at, packed.at, packed.size);
    buffer_done(&packed);
}

static void stock_reads_every_document_back(void **state)
{
    (void)state;
    char folder[] = "/tmp/referent_filler.XXXXXX", path[64];
    struct arena *arena = arena_new(ARENA_BYTES);
    struct index_record *records = arena_zero(arena, 2 * DOCUMENTS, sizeof *records);
    size_t filled = 0;
    assert_non_null(mkdtemp(folder));
    for (size_t n = 0; n < DOCUMENTS; n++) {
        record_of_data(arena, n, &records[n]);
        record_of_terms(arena, n, &records[DOCUMENTS + n]);
    }
    for (size_t i = 0; i < 2 * DOCUMENTS; i++) {
        const struct index_document *document = &records[i].documents[0];
        filled += stripped(document).posting_count < document->posting_count ||
                  stripped(document).data.size < document->data.size;
        expect_coding(arena, document);
        assert_true(tag_is_sound(document->data));
        assert_true(tag_is_sound(filler_term_list(arena, document)));
    }
    print_message("%zu of %d documents have filler\n", filled, 2 * DOCUMENTS);
    snprintf(path, sizeof path, "%s/with", folder);
    written(path, records, true);
    assert_int_equal(spoilt(path, records, arena), 0);
    compacted(folder, "with", "small");
    snprintf(path, sizeof path, "%s/small", folder);
    assert_int_equal(spoilt(path, records, arena), 0);
    snprintf(path, sizeof path, "%s/without", folder);
    written(path, records, false);
    size_t bare = spoilt(path, records, arena);
    print_message("%zu cannot be read without\n", bare);
    assert_true(bare > 0);
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(stock_reads_every_document_back)};
    builder = term_builder_new((struct stemmer){NULL, stem_none}, NULL, 1000);
    int failed = builder == NULL ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
    term_builder_free(&builder);
    return failed;
}
