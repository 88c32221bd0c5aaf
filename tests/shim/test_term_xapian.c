/* Whole records against the real Xapian: the words of every document are those TermGenerator would index. */
#include "gold.h"
#include "reference.h"
#include "speller.h"
#include "term.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>

enum { ARENA_BYTES = 256 << 20 };

static struct reference *reference;
static struct speller *speller;
static struct term_builder *builder;

static int start(void **state)
{
    (void)state;
    reference = reference_new();
    if (speller_open(&speller, NULL) != FAULT_NONE)
        return 1;
    struct wordbook words = speller_wordbook(speller);
    builder = term_builder_new((struct stemmer){reference, reference_stem}, &words, 0);
    return builder == NULL;
}

static int stop(void **state)
{
    (void)state;
    term_builder_free(&builder);
    speller_close(&speller);
    reference_free(reference);
    return 0;
}

/* A word that TermGenerator would make: parts of compounds are ours alone. */
static bool is_word(const struct posting *posting)
{
    return posting->term.at[0] == 'Z' && !span_starts(posting->term, schema_prefix(PREFIX_PART));
}

static void expect_words(const struct index_document *document)
{
    const char *term;
    const uint32_t *positions;
    size_t size, count, i = 0;
    uint32_t wdf;
    while (reference_next(reference, &term, &size, &wdf, &positions, &count)) {
        while (i < document->posting_count && !is_word(&document->postings[i]))
            i++;
        assert_true(i < document->posting_count);
        const struct posting *posting = &document->postings[i++];
        assert_true(span_equal(posting->term, (struct span){term, size}));
        assert_int_equal(posting->wdf, wdf);
        assert_int_equal(posting->position_count, count);
        assert_memory_equal(posting->positions, positions, count * sizeof *positions);
    }
    for (; i < document->posting_count; i++)
        assert_false(is_word(&document->postings[i]));
}

static void index_part(struct span text, const char *prefix)
{
    if (text.size == 0)
        return;
    reference_text(reference, text.at, text.size, prefix, false);
    reference_gap(reference, FIELD_GAP);
}

/* As SCHEMA.md describes a document in terms of TermGenerator. */
static void expect_document(const struct minutes *minutes, const struct index_record *record, struct span open_body,
                            size_t n)
{
    const struct meeting *meeting = &minutes->meeting;
    struct span body = {minutes->body.at, minutes->body.size};
    reference_begin(reference);
    index_part(data_field(record->documents[n].data, FIELD_TITLE), "S");
    if (n > 0) {
        index_part(span_cut(body, meeting->items[n - 1].start, meeting->items[n - 1].end), "");
    } else {
        size_t at = 0;
        for (size_t i = 0; i < meeting->item_count; i++) {
            if (meeting->items[i].start > at)
                index_part(span_cut(open_body, at, meeting->items[i].start), "");
            at = meeting->items[i].end > at ? meeting->items[i].end : at;
        }
        index_part(span_cut(open_body, at, open_body.size), "");
    }
    expect_words(&record->documents[n]);
}

static bool compare_file(const char *path)
{
    struct minutes minutes;
    struct index_record record;
    struct text body;
    struct source source = {.id = SPAN("a/b")};
    struct arena *arena = arena_new(ARENA_BYTES);
    bool read = gold_open(arena, path, &minutes);
    if (read) {
        assert_int_equal(term_build(builder, arena, arena, &source, &minutes, &record, NULL), FAULT_NONE);
        assert_int_equal(record.document_count, minutes.meeting.item_count + 1);
        struct span packed = data_field(record.documents[0].data, FIELD_BODY);
        assert_int_equal(body_unpack(arena, packed, minutes.body.size, &body, NULL), FAULT_NONE);
        for (size_t n = 0; n < record.document_count; n++)
            expect_document(&minutes, &record, (struct span){body.at, body.size}, n);
    }
    arena_free(&arena);
    return read;
}

static size_t compare_folder(const char *folder)
{
    size_t count = 0;
    char path[4096];
    DIR *directory = opendir(folder);
    for (struct dirent *entry; directory != NULL && (entry = readdir(directory)) != NULL;) {
        const char *ending = strrchr(entry->d_name, '.');
        if (ending == NULL || strcmp(ending, ".gold") != 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (!compare_file(path))
            fail_msg("%s cannot be read", entry->d_name);
        count++;
    }
    if (directory != NULL)
        closedir(directory);
    return count;
}

/* tests/golden is part of the project; the folder beside the checkout is there on some machines. */
static void records_hold_the_words_termgenerator_would(void **state)
{
    (void)state;
    size_t count =
        compare_folder(REFERENT_SOURCE_DIR "/tests/golden") + compare_folder(REFERENT_SOURCE_DIR "/../shared/gold");
    print_message("%zu gold minutes\n", count);
}

static const char example[] =
    "Byrådet i Prøveby, {{date 2019-05-06|6. maj 2019}}\n"
    "{{item 1|1. Tilskud til kunstgræsbaner}}\n"
    "Bilag U.S.A. AT&T C++ {{amount 1200.00 DKK|1.200 kr.}} 'a b' budgetterne æøå\n"
    "%%%META\n{\"committee\": \"Byrådet\", \"date\": \"2019-05-06\", \"items\": [{\"number\": "
    "\"1\", \"title\": \"Tilskud til kunstgræsbaner\", \"open\": true}]}\n";

static bool has(const struct index_document *document, const char *term)
{
    for (size_t i = 0; i < document->posting_count; i++)
        if (span_equal(document->postings[i].term, span_of(term)))
            return true;
    return false;
}

static void an_example_holds_what_the_page_says(void **state)
{
    (void)state;
    struct minutes minutes;
    struct index_record record;
    struct source source = {.id = SPAN("A/b")};
    struct arena *arena = arena_new(ARENA_BYTES);
    assert_true(gold_read(arena, SPAN(example), &minutes));
    assert_int_equal(term_build(builder, arena, arena, &source, &minutes, &record, NULL), FAULT_NONE);
    static const char *const terms[] = {"QA/b#1",   "XDOC:A/b", "Zkunstgræsban", "ZSkunstgræsban", "Zusa",    "Zat&t",
                                        "Zc++",     "Zbudget",  "XAMT+",         "XAMT+g",         "XAMT+gl", "XAMT+g1",
                                        "XAMT+g1l", "XAMT+g12", "XAMT+g12=",     "D20190506"};
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
        if (!has(&record.documents[1], terms[i]))
            fail_msg("%s is missing", terms[i]);
    static const char *const days[] = {"XDAY",      "XDAY2",      "XDAY20",      "XDAY201",     "XDAY2019",
                                       "XDAY2019a", "XDAY201905", "XDAY2019050", "XDAY20190506"};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        assert_true(has(&record.documents[0], days[i]));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_hold_the_words_termgenerator_would),
        cmocka_unit_test(an_example_holds_what_the_page_says),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
