/* The shim against a real Xapian: which error becomes which fault, and that nothing but a commit is seen. */
#define _XOPEN_SOURCE 700
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <cmocka.h>

#include "temp.h"
#include "xapian_shim.h"

struct bench {
    char folder[64];
    char path[128];
    struct arena *arena;
};

static int bench_setup(void **state)
{
    struct bench *bench = test_calloc(1, sizeof *bench);
    assert_true(temp_make(bench->folder));
    snprintf(bench->path, sizeof bench->path, "%s/db", bench->folder);
    bench->arena = arena_new(16 << 20);
    *state = bench;
    return 0;
}

static int bench_teardown(void **state)
{
    struct bench *bench = *state;
    arena_free(&bench->arena);
    temp_remove(bench->folder);
    test_free(bench);
    return 0;
}

static void add(struct database *database, const char *term, const char *value)
{
    static const uint32_t positions[] = {1, 5};
    struct posting posting = {span_of(term), 2, 2, positions};
    struct slot_value slot = {5, span_of(value)};
    struct index_document document = {.unique = posting.term,
                                      .postings = &posting,
                                      .posting_count = 1,
                                      .values = &slot,
                                      .value_count = 1,
                                      .data = SPAN("data")};
    struct error err;
    assert_int_equal(database_add(database, &document, &err), FAULT_NONE);
}

static struct database *writer_open(struct bench *bench)
{
    struct database *writer;
    struct error err;
    assert_int_equal(database_open_write(bench->path, &writer, &err), FAULT_NONE);
    return writer;
}

static struct database *reader_open(struct bench *bench)
{
    struct database *reader;
    struct error err;
    const char *path = bench->path;
    assert_int_equal(database_open_read(&path, 1, &reader, &err), FAULT_NONE);
    return reader;
}

static uint64_t count(struct database *database)
{
    uint64_t documents;
    struct error err;
    assert_int_equal(database_count(database, 0, &documents, &err), FAULT_NONE);
    return documents;
}

static void only_a_commit_is_seen(void **state)
{
    struct bench *bench = *state;
    struct error err;
    bool moved;
    struct database *writer = writer_open(bench);
    struct database *reader = reader_open(bench);
    assert_int_equal(database_begin(writer, &err), FAULT_NONE);
    add(writer, "Za", "x");
    assert_int_equal(database_refresh(reader, &moved, &err), FAULT_NONE);
    assert_int_equal(count(reader), 0);
    assert_int_equal(database_commit(writer, &err), FAULT_NONE);
    assert_int_equal(database_refresh(reader, &moved, &err), FAULT_NONE);
    assert_true(moved);
    assert_int_equal(count(reader), 1);
    /* Closing drops what is not committed, inside a batch and after one was cancelled. */
    assert_int_equal(database_begin(writer, &err), FAULT_NONE);
    add(writer, "Zb", "x");
    assert_int_equal(database_cancel(writer, &err), FAULT_NONE);
    assert_int_equal(database_begin(writer, &err), FAULT_NONE);
    add(writer, "Zc", "x");
    database_close(&writer);
    assert_null(writer);
    assert_int_equal(database_refresh(reader, &moved, &err), FAULT_NONE);
    assert_int_equal(count(reader), 1);
    database_close(&reader);
}

/* A folder that was copied by a program that follows links: Xapian would write in copies of the tables. */
static void a_copy_of_a_table_is_not_written_in(void **state)
{
    struct bench *bench = *state;
    struct error err;
    char link[192], about[64];
    struct database *writer = writer_open(bench);
    database_close(&writer);
    snprintf(link, sizeof link, "%s/.commit/postlist.glass", bench->path);
    assert_true(readlink(link, about, sizeof about) > 0);
    assert_int_equal(unlink(link), 0);
    close(open(link, O_WRONLY | O_CREAT, 0600));
    writer = writer_open(bench);
    assert_int_equal(database_begin(writer, &err), FAULT_NONE);
    add(writer, "Za", "x");
    assert_int_equal(database_commit(writer, &err), FAULT_NONE);
    database_close(&writer);
    struct database *reader = reader_open(bench);
    assert_int_equal(count(reader), 1);
    database_close(&reader);
}

static void a_second_writer_is_told_to_retry(void **state)
{
    struct bench *bench = *state;
    struct error err;
    struct database *first = writer_open(bench), *second = NULL;
    assert_int_equal(database_open_write(bench->path, &second, &err), FAULT_RETRY);
    assert_null(second);
    database_close(&first);
}

static void a_missing_database_asks_to_reopen(void **state)
{
    struct bench *bench = *state;
    struct error err;
    struct database *reader = NULL;
    const char *path = "/nonexistent/shard";
    (void)bench;
    assert_int_equal(database_open_read(&path, 1, &reader, &err), FAULT_REOPEN);
}

/* A table full of zeros: whoever reads it must be told that it is broken, not be crashed by it. */
static void a_damaged_database_stops(void **state)
{
    struct bench *bench = *state;
    struct error err;
    char table[160];
    struct database *writer = writer_open(bench);
    assert_int_equal(database_begin(writer, &err), FAULT_NONE);
    for (int i = 0; i < 2000; i++) {
        struct text term = arena_format(bench->arena, "Zterm%d", i);
        add(writer, term.at, "x");
    }
    assert_int_equal(database_commit(writer, &err), FAULT_NONE);
    database_close(&writer);
    snprintf(table, sizeof table, "%s/postlist.glass", bench->path);
    int file = open(table, O_WRONLY);
    char zeros[8192] = {0};
    struct stat about;
    assert_int_equal(fstat(file, &about), 0);
    for (off_t at = 0; at < about.st_size; at += (off_t)sizeof zeros)
        assert_int_equal(pwrite(file, zeros, sizeof zeros, at), sizeof zeros);
    close(file);
    struct database *reader = NULL;
    const char *path = bench->path;
    assert_int_equal(database_open_read(&path, 1, &reader, &err), FAULT_STOP);
    assert_non_null(strstr(err.text, "referent check"));
}

/* After two commits a reader's snapshot is gone: it is told to refresh, and then all is well. */
static void a_stale_reader_is_told_to_reopen(void **state)
{
    struct bench *bench = *state;
    struct error err;
    struct database *writer = writer_open(bench);
    struct database *reader = NULL;
    for (int round = 0; round < 4; round++) {
        assert_int_equal(database_begin(writer, &err), FAULT_NONE);
        for (int i = 0; i < 3000; i++) {
            struct text term = arena_format(bench->arena, "Zterm%d", (i * 7 + round) % 5000);
            add(writer, term.at, "x");
        }
        assert_int_equal(database_commit(writer, &err), FAULT_NONE);
        if (reader == NULL)
            reader = reader_open(bench);
    }
    bool reopened = false;
    for (int i = 0; i < 5000 && !reopened; i++) {
        struct text term = arena_format(bench->arena, "Zterm%d", i);
        uint64_t found;
        enum fault fault = database_term_freq(reader, 0, (struct span){term.at, term.size}, &found, &err);
        assert_true(fault == FAULT_NONE || fault == FAULT_REOPEN);
        reopened = fault == FAULT_REOPEN;
    }
    assert_true(reopened);
    assert_int_equal(database_refresh(reader, NULL, &err), FAULT_NONE);
    assert_int_equal(count(reader), 12000);
    database_close(&reader);
    database_close(&writer);
}

/* When a file was written, nanoseconds. */
static int64_t file_time(struct bench *bench, const char *name)
{
    char path[192];
    struct stat about;
    snprintf(path, sizeof path, "%s/%s", bench->path, name);
    assert_int_equal(stat(path, &about), 0);
    return (int64_t)about.st_mtim.tv_sec * 1000000000 + about.st_mtim.tv_nsec;
}

static void file_date(struct bench *bench, const char *name, int64_t time)
{
    char path[192];
    const struct timespec same = {time / 1000000000, time % 1000000000}, times[2] = {same, same};
    snprintf(path, sizeof path, "%s/%s", bench->path, name);
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* The only table that the bench has was written so many seconds from now. */
static void table_date(struct bench *bench, int seconds)
{
    file_date(bench, "postlist.glass", ((int64_t)time(NULL) + seconds) * 1000000000);
}

static void stone_set(struct database *writer, const char *value)
{
    struct error err;
    assert_int_equal(database_begin(writer, &err), FAULT_NONE);
    assert_int_equal(database_meta_set(writer, SPAN("stone"), span_of(value), &err), FAULT_NONE);
    assert_int_equal(database_commit(writer, &err), FAULT_NONE);
}

/* One commit was made since it was opened. */
static struct database *reader_behind(struct bench *bench, struct database **writer)
{
    *writer = writer_open(bench);
    stone_set(*writer, "1");
    struct database *reader = reader_open(bench);
    stone_set(*writer, "2");
    return reader;
}

/* A commit writes where the last revision has nothing, but where the one before it may have something: what was read
 * is true until the second commit begins to write, and is not when it ends. */
static void what_was_read_is_true_until_a_second_commit_writes(void **state)
{
    struct bench *bench = *state;
    struct error err;
    struct database *writer = writer_open(bench);
    stone_set(writer, "1");
    struct database *reader = reader_open(bench);
    for (int round = 0; round < 3; round++) {
        assert_int_equal(database_whole(reader, &err), FAULT_NONE);
        stone_set(writer, "2");
        table_date(bench, -10);
        assert_int_equal(database_whole(reader, &err), FAULT_NONE);
        if (round == 0)
            stone_set(writer, "3");
        else
            table_date(bench, 10);
        assert_int_equal(database_whole(reader, &err), FAULT_REOPEN);
        assert_string_equal(err.rule, "database.overtaken");
        if (round == 0)
            table_date(bench, -10); /* two are too many, whenever they came */
        assert_int_equal(database_whole(reader, &err), FAULT_REOPEN);
        bool moved = false;
        assert_int_equal(database_refresh(reader, &moved, &err), FAULT_NONE);
        assert_true(moved);
        assert_int_equal(database_refresh(reader, &moved, &err), FAULT_NONE);
        assert_false(moved);
    }
    assert_int_equal(database_whole(reader, &err), FAULT_NONE);
    char file[192], aside[192];
    snprintf(file, sizeof file, "%s/iamglass", bench->path);
    snprintf(aside, sizeof aside, "%s/aside", bench->folder);
    assert_int_equal(rename(file, aside), 0); /* who knows what was written */
    assert_int_equal(database_whole(reader, &err), FAULT_REOPEN);
    database_close(&reader);
    database_close(&writer);
}

/* Writes and revisions have times in steps: those of one commit may fall into the same step, those of two never. */
static void a_commit_is_told_from_the_next_one_by_its_time(void **state)
{
    struct bench *bench = *state;
    struct error err;
    struct database *writer = writer_open(bench);
    for (int round = 0; round < 20; round++) {
        stone_set(writer, "1");
        int64_t first = file_time(bench, "iamglass");
        assert_true(file_time(bench, "postlist.glass") <= first);
        stone_set(writer, "2");
        assert_true(file_time(bench, "postlist.glass") > first);
    }
    struct database *reader = reader_open(bench);
    stone_set(writer, "3");
    file_date(bench, "postlist.glass", file_time(bench, "iamglass"));
    assert_int_equal(database_whole(reader, &err), FAULT_NONE);
    database_close(&writer);
    char folder[192], aside[192];
    snprintf(folder, sizeof folder, "%s/.commit", bench->path);
    snprintf(aside, sizeof aside, "%s/aside", bench->folder);
    assert_int_equal(rename(folder, aside), 0); /* then others write here, who do not wait */
    assert_int_equal(database_whole(reader, &err), FAULT_REOPEN);
    database_close(&reader);
}

/* A clock that is set back gives the second commit's blocks times before the first one's: that it writes is told
 * without times. It is told no more when it is there, and not before it writes. */
static void a_clock_set_back_hides_no_commit(void **state)
{
    struct bench *bench = *state;
    struct error err;
    struct database *writer, *reader = reader_behind(bench, &writer);
    assert_int_equal(database_begin(writer, &err), FAULT_NONE);
    assert_int_equal(database_whole(reader, &err), FAULT_NONE);
    assert_int_equal(database_meta_set(writer, SPAN("stone"), SPAN("3"), &err), FAULT_NONE);
    file_date(bench, "postlist.glass", file_time(bench, "iamglass") - INT64_C(3600) * 1000000000);
    assert_int_equal(database_whole(reader, &err), FAULT_REOPEN);
    assert_int_equal(database_refresh(reader, NULL, &err), FAULT_NONE);
    assert_int_equal(database_commit(writer, &err), FAULT_NONE);
    file_date(bench, "postlist.glass", file_time(bench, "iamglass") - INT64_C(3600) * 1000000000);
    assert_int_equal(database_whole(reader, &err), FAULT_NONE);
    assert_int_equal(database_begin(writer, &err), FAULT_NONE);
    assert_int_equal(database_meta_set(writer, SPAN("stone"), SPAN("4"), &err), FAULT_NONE);
    file_date(bench, "postlist.glass", file_time(bench, "iamglass") - INT64_C(3600) * 1000000000);
    assert_int_equal(database_whole(reader, &err), FAULT_REOPEN);
    database_close(&writer); /* what it has written over stays so */
    assert_int_equal(database_whole(reader, &err), FAULT_REOPEN);
    writer = writer_open(bench);
    assert_int_equal(database_whole(reader, &err), FAULT_REOPEN);
    assert_int_equal(database_refresh(reader, NULL, &err), FAULT_NONE);
    assert_int_equal(database_whole(reader, &err), FAULT_NONE);
    database_close(&reader);
    database_close(&writer);
}

/* Some file systems count whole seconds: then a second commit may have the time of the first. */
static void where_times_are_coarse_the_same_time_may_be_later(void **state)
{
    struct bench *bench = *state;
    struct error err;
    struct database *writer, *reader = reader_behind(bench, &writer);
    int64_t second = file_time(bench, "iamglass") / 1000000000 * 1000000000;
    file_date(bench, "iamglass", second);
    file_date(bench, "termlist.glass", second - 1000000000);
    file_date(bench, "postlist.glass", second - 1000000000);
    assert_int_equal(database_whole(reader, &err), FAULT_NONE);
    file_date(bench, "postlist.glass", second);
    assert_int_equal(database_whole(reader, &err), FAULT_REOPEN);
    database_close(&reader);
    database_close(&writer);
}

/* Owner, mode and links have a time of their own, later than a second commit's first block. */
static void a_change_of_mode_hides_no_commit(void **state)
{
    struct bench *bench = *state;
    struct error err;
    struct database *writer, *reader = reader_behind(bench, &writer);
    assert_int_equal(database_whole(reader, &err), FAULT_NONE);
    file_date(bench, "postlist.glass", file_time(bench, "iamglass") + 1);
    char file[192];
    snprintf(file, sizeof file, "%s/iamglass", bench->path);
    assert_int_equal(chmod(file, 0640), 0);
    assert_int_equal(database_whole(reader, &err), FAULT_REOPEN);
    database_close(&reader);
    database_close(&writer);
}

static void run_search(struct database *reader, const struct query_node *nodes, size_t node_count, enum fault expected,
                       size_t hits)
{
    static const uint32_t facets[] = {5};
    struct search search = {.nodes = nodes,
                            .node_count = node_count,
                            .k1 = 1,
                            .b = 0.5,
                            .limit = 10,
                            .check_at_least = 100,
                            .facet_slots = facets,
                            .facet_count = 1,
                            .collapse_slot = UINT32_MAX};
    struct search_result *result = NULL;
    struct error err;
    assert_int_equal(database_search(reader, &search, &result, &err), expected);
    if (expected == FAULT_NONE)
        assert_int_equal(search_result_count(result), hits);
    search_result_free(&result);
}

static void queries_are_postfix_and_wrong_ones_are_refused(void **state)
{
    struct bench *bench = *state;
    struct error err;
    struct database *writer = writer_open(bench);
    assert_int_equal(database_begin(writer, &err), FAULT_NONE);
    add(writer, "Zhund", "a");
    add(writer, "Zkat", "b");
    assert_int_equal(database_commit(writer, &err), FAULT_NONE);
    struct database *reader = reader_open(bench);
    struct query_node either[] = {{.op = QUERY_TERM, .text = SPAN("Zhund")},
                                  {.op = QUERY_TERM, .text = SPAN("Zkat")},
                                  {.op = QUERY_OR, .operands = 2}};
    run_search(reader, either, 3, FAULT_NONE, 2);
    run_search(reader, either, 1, FAULT_NONE, 1);
    run_search(reader, either, 2, FAULT_REJECT, 0); /* ends as two */
    struct query_node lacking[] = {{.op = QUERY_TERM, .text = SPAN("Zhund")}, {.op = QUERY_AND, .operands = 3}};
    run_search(reader, lacking, 2, FAULT_REJECT, 0);
    struct query_node range[] = {
        {.op = QUERY_ALL}, {.op = QUERY_RANGE, .slot = 5, .text = SPAN("b"), .high = SPAN("c")}, {.op = QUERY_FILTER}};
    run_search(reader, range, 3, FAULT_NONE, 1);
    struct query_node equal[] = {
        {.op = QUERY_EQUAL, .factor = 2}, {.op = QUERY_TERM, .text = SPAN("Zhund")}, {.op = QUERY_OR, .operands = 2}};
    run_search(reader, equal, 3, FAULT_NONE, 2);
    database_close(&reader);
    database_close(&writer);
}

/* Documents first..end-1, each with a word that it has n % 7 + 1 times; of some kind by the draw of their number. */
static void kinds_add(struct database *writer, unsigned first, unsigned end)
{
    struct error err;
    assert_int_equal(database_begin(writer, &err), FAULT_NONE);
    for (unsigned n = first; n < end; n++) {
        char unique[16];
        snprintf(unique, sizeof unique, "Qid%04u", n);
        struct posting postings[] = {
            {span_of(unique), 0, 0, NULL}, {SPAN("XTYPEitem"), 0, 0, NULL}, {SPAN("Zord"), n % 7 + 1, 0, NULL}};
        bool item = n * 2654435761U >> 30 != 0;
        if (!item)
            postings[1] = postings[2];
        struct index_document document = {
            .unique = postings[0].term, .postings = postings, .posting_count = item ? 3 : 2};
        assert_int_equal(database_add(writer, &document, &err), FAULT_NONE);
    }
    if (first > 0)
        for (unsigned n = first - 50; n < first; n += 3) {
            char unique[16];
            snprintf(unique, sizeof unique, "Qid%04u", n);
            assert_int_equal(database_delete(writer, span_of(unique), &err), FAULT_NONE);
        }
    assert_int_equal(database_commit(writer, &err), FAULT_NONE);
}

static size_t kinds_ask(struct bench *bench, struct database *reader, struct kinds *kinds, bool maybe,
                        struct search_hit hits[static 40])
{
    struct error err;
    struct search_result *result;
    struct query_node nodes[] = {{.op = QUERY_TERM, .text = SPAN("Zord")},
                                 {.op = QUERY_KIND, .text = SPAN("XTYPEitem"), .factor = 1},
                                 {.op = maybe ? QUERY_AND_MAYBE : QUERY_AND, .operands = 2}};
    struct search search = {.nodes = nodes,
                            .node_count = 3,
                            .k1 = 1,
                            .b = 0.5,
                            .limit = 40,
                            .check_at_least = 1000,
                            .collapse_slot = UINT32_MAX,
                            .kinds = kinds};
    assert_int_equal(database_search(reader, &search, &result, &err), FAULT_NONE);
    size_t found = search_result_count(result);
    for (size_t i = 0; i < found; i++)
        assert_int_equal(search_result_hit(result, i, bench->arena, &hits[i], &err), FAULT_NONE);
    search_result_free(&result);
    return found;
}

static void kinds_compare(struct bench *bench, struct database *reader, struct kinds *kinds)
{
    for (int maybe = 0; maybe < 2; maybe++) {
        struct search_hit plain[40], remembered[40];
        size_t found = kinds_ask(bench, reader, NULL, maybe != 0, plain);
        assert_int_equal(found, 40);
        assert_int_equal(kinds_ask(bench, reader, kinds, maybe != 0, remembered), found);
        for (size_t i = 0; i < found; i++) {
            assert_int_equal(remembered[i].part, plain[i].part);
            assert_int_equal(remembered[i].docid, plain[i].docid);
            assert_true(remembered[i].weight == plain[i].weight);
        }
    }
}

static void what_is_remembered_of_kinds_is_what_the_terms_say(void **state)
{
    struct bench *bench = *state;
    struct error err;
    char other[192];
    snprintf(other, sizeof other, "%s/other", bench->folder);
    struct database *writers[2], *reader;
    struct kinds *kinds = kinds_new();
    assert_non_null(kinds);
    writers[0] = writer_open(bench);
    assert_int_equal(database_open_write(other, &writers[1], &err), FAULT_NONE);
    kinds_add(writers[0], 0, 300);
    kinds_add(writers[1], 0, 70);
    const char *paths[] = {bench->path, other};
    assert_int_equal(database_open_read(paths, 2, &reader, &err), FAULT_NONE);
    kinds_compare(bench, reader, kinds);
    for (unsigned n = 1; n < 5; n++) { /* more documents, under the same handle and under a new one */
        kinds_add(writers[n % 2], 200 + 100 * n, 300 + 100 * n);
        assert_int_equal(database_refresh(reader, NULL, &err), FAULT_NONE);
        kinds_compare(bench, reader, kinds);
        if (n % 2 == 0)
            continue;
        database_close(&reader);
        assert_int_equal(database_open_read(paths, 2, &reader, &err), FAULT_NONE);
        kinds_compare(bench, reader, kinds);
    }
    database_close(&reader);
    kinds_free(&kinds);
    assert_null(kinds);
    for (int i = 0; i < 2; i++)
        database_close(&writers[i]);
}

static uint64_t rows_count(const char *path, struct database **before)
{
    struct error err;
    struct database *reader;
    const struct database_row row = {&path, 1};
    assert_int_equal(database_open_none(&reader, &err), FAULT_NONE);
    assert_int_equal(database_open_row(reader, &row, *before, &err), FAULT_NONE);
    database_close(before);
    uint64_t documents = count(reader);
    *before = reader;
    return documents;
}

static void one_document(struct database *writer, const char *term)
{
    struct error err;
    assert_int_equal(database_begin(writer, &err), FAULT_NONE);
    add(writer, term, "x");
    assert_int_equal(database_commit(writer, &err), FAULT_NONE);
}

/* What is open is taken over at its newest commit, and not where another database stands under its name now. */
static void databases_that_stay_are_not_opened_again(void **state)
{
    struct bench *bench = *state;
    struct error err;
    char table[192], aside[192];
    struct database *reader = NULL, *writer = writer_open(bench), *broken = NULL;
    one_document(writer, "Zhund");
    assert_int_equal(rows_count(bench->path, &reader), 1);
    one_document(writer, "Zkat");
    assert_int_equal(rows_count(bench->path, &reader), 2);
    database_close(&writer);
    snprintf(table, sizeof table, "%s/postlist.glass", bench->path);
    snprintf(aside, sizeof aside, "%s/aside", bench->folder);
    assert_int_equal(rename(table, aside), 0); /* it could not be opened again */
    assert_int_equal(rows_count(bench->path, &reader), 2);
    const struct database_row row = {&(const char *){bench->path}, 1};
    assert_int_equal(database_open_none(&broken, &err), FAULT_NONE);
    assert_int_not_equal(database_open_row(broken, &row, NULL, &err), FAULT_NONE);
    database_close(&broken);
    assert_int_equal(rename(aside, table), 0);
    assert_int_equal(rename(bench->path, aside), 0); /* another one, of the same revision as the first was */
    writer = writer_open(bench);
    one_document(writer, "Zmus");
    assert_int_equal(database_begin(writer, &err), FAULT_NONE);
    add(writer, "Zko", "x");
    add(writer, "Zfisk", "x");
    assert_int_equal(database_commit(writer, &err), FAULT_NONE);
    uint64_t fishes;
    assert_int_equal(rows_count(bench->path, &reader), 3);
    assert_int_equal(database_term_freq(reader, 0, SPAN("Zfisk"), &fishes, &err), FAULT_NONE);
    assert_int_equal(fishes, 1); /* counts are in another file than the tables */
    database_close(&reader);
    database_close(&writer);
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(only_a_commit_is_seen),
        STORY(a_copy_of_a_table_is_not_written_in),
        STORY(a_second_writer_is_told_to_retry),
        STORY(a_missing_database_asks_to_reopen),
        STORY(a_damaged_database_stops),
        STORY(a_stale_reader_is_told_to_reopen),
        STORY(what_was_read_is_true_until_a_second_commit_writes),
        STORY(a_commit_is_told_from_the_next_one_by_its_time),
        STORY(a_clock_set_back_hides_no_commit),
        STORY(where_times_are_coarse_the_same_time_may_be_later),
        STORY(a_change_of_mode_hides_no_commit),
        STORY(queries_are_postfix_and_wrong_ones_are_refused),
        STORY(databases_that_stay_are_not_opened_again),
        STORY(what_is_remembered_of_kinds_is_what_the_terms_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
