/* What the documents of a meeting store is enough to make them again, to the byte: for the texts of tests/golden as
 * they are and with lines put in that close items, name closed items elsewhere or hold a CPR number; and for meetings
 * that come in parts. */
#include "given.h"
#include "gold.h"
#include "random.h"
#include "recall.h"
#include "structured.h"
#include "term.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum { DOCUMENTS_MAX = 4096, BODY_MAX = 16 << 20 };

static struct term_builder *builder;

static size_t stem_none(void *self, const char *word, size_t size, char out[static 128])
{
    (void)self;
    memcpy(out, word, size);
    return size;
}

static int start(void **state)
{
    (void)state;
    builder = term_builder_new((struct stemmer){NULL, stem_none}, NULL, 10000);
    return builder == NULL;
}

static int stop(void **state)
{
    (void)state;
    term_builder_free(&builder);
    return 0;
}

static struct source source_of(const char *media)
{
    static const struct pair pairs[] = {{SPAN("a=b"), SPAN("c\nd")}, {SPAN("\\"), SPAN("")}};
    struct source source = {.id = SPAN("kilde/møde #1"),
                            .version = 81,
                            .source = SPAN("kilde"),
                            .url = SPAN("https://example.dk/?a=b"),
                            .media_type = span_of(media),
                            .metadata = pairs,
                            .metadata_count = 2};
    memset(source.digest, 0xAB, sizeof source.digest);
    return source;
}

/* ---- equal to the byte */

static void expect_span(struct span a, struct span b, const char *what, size_t n)
{
    if (!span_equal(a, b))
        fail_msg("%s of document %zu: '%.*s' became '%.*s'", what, n, (int)a.size, a.at, (int)b.size, b.at);
}

static void expect_document(const struct index_document *a, const struct index_document *b, size_t n)
{
    expect_span(a->data, b->data, "data", n);
    expect_span(a->unique, b->unique, "unique term", n);
    assert_int_equal(a->closed, b->closed);
    assert_int_equal(a->value_count, b->value_count);
    for (size_t i = 0; i < a->value_count; i++) {
        assert_int_equal(a->values[i].slot, b->values[i].slot);
        expect_span(a->values[i].bytes, b->values[i].bytes, "value", n);
    }
    for (size_t i = 0; i < a->posting_count && i < b->posting_count; i++) {
        expect_span(a->postings[i].term, b->postings[i].term, "term", n);
        assert_int_equal(a->postings[i].wdf, b->postings[i].wdf);
        assert_int_equal(a->postings[i].position_count, b->postings[i].position_count);
        for (uint32_t p = 0; p < a->postings[i].position_count; p++)
            assert_int_equal(a->postings[i].positions[p], b->postings[i].positions[p]);
    }
    assert_int_equal(a->posting_count, b->posting_count);
}

static void ok(enum fault fault, const struct error *err)
{
    if (fault != FAULT_NONE)
        fail_msg("%s: %s", err->rule, err->text);
}

/* Counts the closed documents. */
static size_t expect_again(struct arena *arena, const struct index_record *record)
{
    struct stored_data data[DOCUMENTS_MAX];
    struct source source;
    struct minutes minutes;
    struct index_record again;
    struct error err;
    size_t closed = 0;
    assert_true(record->document_count <= DOCUMENTS_MAX);
    for (size_t n = 0; n < record->document_count; n++) {
        data[n] = (struct stored_data){record->documents[n].data, record->documents[n].closed};
        closed += record->documents[n].closed;
    }
    ok(recall_meeting(arena, data, record->document_count, record->digest, BODY_MAX, &source, &minutes, &err), &err);
    ok(term_build(builder, arena, arena, &source, &minutes, &again, &err), &err);
    assert_int_equal(again.document_count, record->document_count);
    assert_int_equal(again.version, record->version);
    assert_memory_equal(again.digest, record->digest, 16);
    for (size_t n = 0; n < again.document_count; n++)
        expect_document(&record->documents[n], &again.documents[n], n);
    return closed;
}

/* ---- texts */

static size_t expect_body(struct span body, enum media_type media)
{
    static const char *const names[] = {"", "text/plain", "text/html"};
    struct arena *arena = arena_new((size_t)1 << 30);
    struct source source = source_of(names[media]);
    struct minutes minutes;
    struct index_record record;
    struct error err;
    ok(minutes_read(arena, body, media, &minutes, &err), &err);
    ok(term_build(builder, arena, arena, &source, &minutes, &record, &err), &err);
    size_t closed = expect_again(arena, &record);
    arena_free(&arena);
    return closed;
}

static struct span line_at(struct span body, size_t at)
{
    const char *end = memchr(body.at + at, '\n', body.size - at);
    return span_cut(body, at, end != NULL ? (size_t)(end - body.at) : body.size);
}

static size_t line_behind(struct span body, size_t at)
{
    struct span line = line_at(body, at);
    return at + line.size < body.size ? at + line.size + 1 : body.size;
}

/* The body with lines put in at line ends: some close an item, some repeat another line, some name a person. */
static struct span disturbed(struct arena *arena, struct span body, uint64_t *seed)
{
    static const char *const lines[] = {"Lukket sag", "Lukket punkt", "Lukket", "CPR 010190-1234 og 311299-4321",
                                        "Indhold",    "1 ... 3",      "\0x"};
    LIST(char) out = {0};
    for (size_t at = 0; at < body.size;) {
        struct span put = line_at(body, at);
        size_t next = line_behind(body, at);
        bool extra = random_below(seed, 12) == 0;
        for (int round = 0; round < (extra ? 2 : 1); round++) {
            if (round == 1)
                put = random_below(seed, 3)
                          ? span_of(lines[random_below(seed, sizeof lines / sizeof *lines)])
                          : line_at(body, line_behind(body, random_below(seed, body.size)) % body.size);
            for (size_t i = 0; i <= put.size; i++) {
                char *to = LIST_PUSH(arena, &out);
                assert_non_null(to);
                *to = i < put.size ? put.at[i] : '\n';
            }
        }
        at = next;
    }
    return (struct span){out.items, out.count};
}

/* The body in one line. */
static struct span joined(struct arena *arena, struct span body)
{
    char *out = arena_alloc(arena, body.size + 1);
    assert_non_null(out);
    for (size_t i = 0; i < body.size; i++)
        out[i] = (char)(body.at[i] == '\n' ? ' ' : body.at[i]);
    return (struct span){out, body.size};
}

static void texts_are_made_again_to_the_byte(void **state)
{
    (void)state;
    DIR *folder = opendir(REFERENT_SOURCE_DIR "/tests/golden");
    uint64_t seed = 1;
    size_t texts = 0, closed = 0;
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        struct arena *arena = arena_new((size_t)1 << 30);
        char path[600];
        struct minutes gold;
        const char *point = strrchr(entry->d_name, '.');
        snprintf(path, sizeof path, REFERENT_SOURCE_DIR "/tests/golden/%s", entry->d_name);
        if (point != NULL && strcmp(point, ".gold") == 0) {
            assert_true(gold_open(arena, path, &gold));
            struct span body = {gold.body.at, gold.body.size};
            closed += expect_body(body, MEDIA_MARKDOWN);
            closed += expect_body(joined(arena, body), MEDIA_PLAIN);
            for (int round = 0; round < (getenv("REFERENT_LONG") ? 100 : 6); round++)
                closed += expect_body(disturbed(arena, body, &seed), (enum media_type)(round % 3));
            texts++;
        }
        arena_free(&arena);
    }
    closedir(folder);
    assert_true(texts > 20);
    assert_true(closed > 200);
}

/* ---- meetings in parts */

static void part_fill(Referent__V1__Item *item, uint64_t *seed)
{
    static const char *const titles[] = {"Cykelsti langs åen", "Køb af grund", "", "Tilsyn\nmed plejehjem",
                                         "Lukket sag"};
    static const char *const texts[] = {"Der søges 1.250.000 kr.\n\nBeslutning\n\nGodkendt.\n",
                                        "## 99. En overskrift\n\nLukket sag\n\nBeslutning\n\nUdsat.\n",
                                        "Borger 010190-1234 klager.\n\n1. Et punkt\n\n2. Et andet\n", ""};
    static const char *const cases[] = {"", "22/1234", "00.22.04.G01"};
    referent__v1__item__init(item);
    item->number = (char *)(random_below(seed, 2) ? "7" : "");
    item->title = (char *)titles[random_below(seed, 5)];
    item->text = (char *)texts[random_below(seed, 4)];
    item->case_number = (char *)cases[random_below(seed, 3)];
    item->kle = (char *)cases[random_below(seed, 2) * 2];
    item->access = random_below(seed, 2) ? REFERENT__V1__ACCESS__ACCESS_CLOSED : REFERENT__V1__ACCESS__ACCESS_OPEN;
}

static void parts_are_made_again_to_the_byte(void **state)
{
    (void)state;
    uint64_t seed = 2;
    size_t closed = 0;
    for (size_t round = 0; round < 300; round++) {
        struct arena *arena = arena_new((size_t)1 << 28);
        Referent__V1__Item items[6], *list[6];
        Referent__V1__Meeting meeting = REFERENT__V1__MEETING__INIT;
        char *names[] = {(char *)"Asta Klitmark", (char *)"Birk Fjordgren (A)", (char *)"Ukendt\nNavn"};
        struct source source = source_of("application/x");
        struct span body;
        struct meeting given;
        struct minutes minutes;
        struct index_record record;
        struct error err;
        for (size_t i = 0; i < 6; i++) {
            part_fill(&items[i], &seed);
            list[i] = &items[i];
        }
        meeting.n_items = random_below(&seed, 7);
        meeting.items = list;
        meeting.committee = (char *)(random_below(&seed, 2) ? "Vejudvalget" : "");
        meeting.municipality = (char *)(random_below(&seed, 2) ? "Lundsø Kommune" : "");
        meeting.date = (char *)(random_below(&seed, 2) ? "2022-03-09" : "ukendt");
        meeting.place = (char *)"Mødelokale 2";
        meeting.n_present = random_below(&seed, 4);
        meeting.n_absent = random_below(&seed, 3);
        meeting.n_substitutes = random_below(&seed, 2);
        meeting.present = meeting.absent = meeting.substitutes = names;
        ok(structured_write(arena, &meeting, &body, &given, &err), &err);
        ok(minutes_read(arena, body, MEDIA_MARKDOWN, &minutes, &err), &err);
        ok(given_hold(arena, &given, &minutes, &err), &err);
        ok(term_build(builder, arena, arena, &source, &minutes, &record, &err), &err);
        closed += expect_again(arena, &record);
        for (size_t n = 1; n < record.document_count; n++)
            assert_int_equal(record.documents[n].closed, items[n - 1].access == REFERENT__V1__ACCESS__ACCESS_CLOSED);
        arena_free(&arena);
    }
    assert_true(closed > 200);
}

/* ---- data that do not fit together are refused, and nothing is read beyond them */

static void damage_is_refused(void **state)
{
    (void)state;
    static const char *const closed[] = {"start=0\nend=99\nbody=x", "start=3\nend=2", "start=0\nend=0\nveil=9 abc",
                                         "start=0\nend=0\nveil=x abc", "start=0\nend=0\nveil=18446744073709551615 a"};
    struct arena *arena = arena_new(1 << 20);
    struct body_packer *packer = body_packer_new();
    struct span empty, body;
    struct error err;
    assert_int_equal(body_pack(arena, packer, SPAN(""), &empty, &err), FAULT_NONE);
    assert_int_equal(body_pack(arena, packer, SPAN("Et møde.\n"), &body, &err), FAULT_NONE);
    struct data_writer writer = {.arena = arena};
    data_line(&writer, FIELD_ID, SPAN("a"));
    data_line(&writer, FIELD_VERSION, SPAN("1"));
    data_body(&writer, body);
    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++) {
        struct text text = arena_format(arena, "id=a\n%s", closed[i]);
        struct span data = {text.at, text.size};
        if (i >= 2) { /* the part itself is fine, the veil is not */
            struct data_writer part = {.arena = arena, .at = (char *)data.at, .size = data.size, .capacity = data.size};
            data_body(&part, empty);
            data = (struct span){part.at, part.size};
        }
        const struct stored_data documents[] = {{{writer.at, writer.size}, false}, {data, true}};
        struct source source;
        struct minutes minutes;
        assert_int_equal(recall_meeting(arena, documents, 2, (const unsigned char *)"0123456789abcdef", BODY_MAX,
                                        &source, &minutes, &err),
                         FAULT_REJECT);
        assert_string_equal(err.rule, "record.damaged");
    }
    body_packer_free(&packer);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_made_again_to_the_byte),
        cmocka_unit_test(parts_are_made_again_to_the_byte),
        cmocka_unit_test(damage_is_refused),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
