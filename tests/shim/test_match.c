/* The matcher on lists against Xapian's own: the same documents in the same order with the same weights, and the same
 * totals, for random queries over random databases; through commits, and with many threads on one store. Xapian is told
 * to look at every match: where it may pass some over, 1.4.22 now and then loses a hit that belongs among the best
 * (AndMaybePostList, when it becomes an AND, steps over the document where its right side stands).
 *
 * More than ctest asks: shim_match SEED ROUNDS */
#define _XOPEN_SOURCE 700
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "match.h"
#include "random.h"
#include "temp.h"

enum {
    WORDS = 24, /* word n stands in one of n + 2 documents */
    DATABASES_MAX = 7,
    LARGE = 9500, /* documents: more than two windows */
    NODES_MAX = 400,
    ARENA = 64 << 20,
    STORE = 8 << 20,
    NARROW = 22 << 10 /* neither for all lists nor for the lengths of all documents */
};

static uint64_t first_seed = 1;
static unsigned rounds = 250;

/* ---------------------------------------------------------------- databases */

struct bench {
    char folder[64];
    char paths[DATABASES_MAX][128];
    size_t count;
    uint32_t wordy; /* documents that come have so many times as many of each word */
    struct arena *arena;
};

static void must(enum fault fault, const struct error *err)
{
    if (fault != FAULT_NONE)
        fail_msg("%s: %s", err->rule, err->text);
}

static int bench_setup(void **state)
{
    struct bench *bench = test_calloc(1, sizeof *bench);
    assert_true(temp_make(bench->folder));
    bench->wordy = 1;
    bench->arena = arena_new(ARENA);
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

static struct span word_of(struct arena *arena, unsigned n)
{
    struct text word = arena_format(arena, "Zw%02u", n);
    return (struct span){word.at, word.size};
}

/* Mostly small, sometimes more than lists have room for. */
static uint32_t wdf_of(uint64_t *random)
{
    switch (random_below(random, 60)) {
    case 0: return 254 + (uint32_t)random_below(random, 4);
    case 1: return 65000 + (uint32_t)random_below(random, 2000);
    default: return 1 + (uint32_t)random_below(random, 3);
    }
}

static void document_add(const struct bench *bench, struct database *writer, uint64_t *random, uint64_t id)
{
    struct posting postings[WORDS + 3];
    size_t count = 0;
    struct error err;
    struct text unique = arena_format(bench->arena, "Q%08llu", (unsigned long long)id);
    postings[count++] = (struct posting){{unique.at, unique.size}, 0, 0, NULL};
    if (random_below(random, 3) == 0)
        postings[count++] = (struct posting){SPAN("XFILTER"), 0, 0, NULL};
    if (random_below(random, 10) != 0)
        postings[count++] = (struct posting){SPAN("XTYPEitem"), 0, 0, NULL};
    for (unsigned n = 0; n < WORDS; n++)
        if (random_below(random, n + 2) == 0)
            postings[count++] = (struct posting){word_of(bench->arena, n), wdf_of(random) * bench->wordy, 0, NULL};
    struct index_document document = {
        .unique = postings[0].term, .postings = postings, .posting_count = count, .data = postings[0].term};
    must(database_add(writer, &document, &err), &err);
}

/* Some are deleted, some come anew. */
static void database_change(struct bench *bench, size_t n, uint64_t *random, uint64_t *id, size_t deleted, size_t added)
{
    struct error err;
    struct database *writer;
    must(database_open_write(bench->paths[n], &writer, &err), &err);
    must(database_begin(writer, &err), &err);
    for (size_t i = 0; i < deleted; i++) {
        struct text term = arena_format(bench->arena, "Q%08llu", (unsigned long long)random_below(random, *id));
        must(database_delete(writer, (struct span){term.at, term.size}, &err), &err);
    }
    for (size_t i = 0; i < added; i++)
        document_add(bench, writer, random, (*id)++);
    if (deleted + added > 0) /* a commit of nothing is a fault */
        must(database_commit(writer, &err), &err);
    database_close(&writer);
    arena_reset(bench->arena);
}

/* Most databases have so many documents, the second, third and fourth fewer than 200. */
static void databases_make(struct bench *bench, uint64_t *random, uint64_t *id, size_t count, size_t large)
{
    bench->count = count;
    for (size_t n = 0; n < count; n++) {
        snprintf(bench->paths[n], sizeof bench->paths[n], "%s/%zu", bench->folder, n);
        database_change(bench, n, random, id, 0, n == 0 || n > 3 ? large : random_below(random, 200));
    }
}

static struct database *reader_open(const struct bench *bench)
{
    const char *paths[DATABASES_MAX];
    struct database *reader;
    struct error err;
    for (size_t n = 0; n < bench->count; n++)
        paths[n] = bench->paths[n];
    must(database_open_read(paths, bench->count, &reader, &err), &err);
    return reader;
}

/* ---------------------------------------------------------------- questions */

struct question {
    struct arena *arena;
    uint64_t *random;
    struct query_node nodes[NODES_MAX];
    size_t count;
};

static void put(struct question *question, enum query_op op, uint32_t operands, struct span text, double factor)
{
    if (question->count < NODES_MAX)
        question->nodes[question->count++] =
            (struct query_node){.op = op, .operands = operands, .text = text, .factor = factor};
}

static void term_put(struct question *question)
{
    unsigned n = (unsigned)random_below(question->random, WORDS + 2);
    bool filter = n == WORDS, nowhere = n == WORDS + 1;
    put(question, QUERY_TERM, 0,
        filter    ? SPAN("XFILTER")
        : nowhere ? SPAN("Znowhere")
                  : word_of(question->arena, n),
        0);
}

static void terms_put(struct question *question, enum query_op op)
{
    uint32_t count = (uint32_t)random_below(question->random, 7);
    for (uint32_t i = 0; i < count; i++)
        term_put(question);
    if (count != 1)
        put(question, op, count, (struct span){0}, 0);
}

static double factor_of(uint64_t *random)
{
    static const double factors[] = {0, 0.35, 0.5, 1, 3};
    return factors[random_below(random, sizeof factors / sizeof *factors)];
}

static void node_put(struct question *question, unsigned depth);

static void group_put(struct question *question, enum query_op op, uint32_t count, unsigned depth)
{
    for (uint32_t i = 0; i < count; i++)
        node_put(question, depth);
    put(question, op, count, (struct span){0}, 0);
}

static void node_put(struct question *question, unsigned depth)
{
    uint64_t *random = question->random;
    switch (depth > 3 ? random_below(random, 3) : random_below(random, 11)) {
    case 0:
    case 1: term_put(question); break;
    case 2: terms_put(question, QUERY_SYNONYM); break;
    case 3:
    case 4: group_put(question, QUERY_OR, 2 + (uint32_t)random_below(random, 3), depth + 1); break;
    case 5:
    case 6: group_put(question, QUERY_AND, 2 + (uint32_t)random_below(random, 2), depth + 1); break;
    case 7: group_put(question, QUERY_AND_NOT, 2, depth + 1); break;
    case 8: group_put(question, QUERY_FILTER, 2, depth + 1); break;
    case 9:
        put(question, QUERY_EQUAL, 0, (struct span){0}, 2.5);
        node_put(question, depth + 1);
        put(question, QUERY_FILTER, 2, (struct span){0}, 0);
        break;
    default:
        if (random_below(random, 8) == 0)
            put(question, QUERY_ALL, 0, (struct span){0}, 0);
        else
            node_put(question, depth + 1);
        put(question, QUERY_SCALE, 1, (struct span){0}, factor_of(random));
        break;
    }
}

/* As the service asks: items are favoured. It has AND_MAYBE nowhere else, and below AND_NOT Xapian 1.4.22 errs on it.
 */
static void question_make(struct question *question)
{
    question->count = 0;
    node_put(question, 0);
    uint64_t kind = random_below(question->random, 4);
    if (kind == 0)
        return;
    if (kind == 1)
        term_put(question);
    else
        put(question, QUERY_KIND, 0, SPAN("XTYPEitem"), 1);
    put(question, QUERY_AND_MAYBE, 2, (struct span){0}, 0);
}

static struct search search_of(struct question *question, struct kinds *kinds)
{
    static const uint32_t enough[] = {0, 10, 110, 1010, UINT32_MAX};
    uint64_t *random = question->random;
    return (struct search){.nodes = question->nodes,
                           .node_count = question->count,
                           .k1 = 1.2,
                           .b = 0.4,
                           .offset = random_below(random, 4) == 0 ? (uint32_t)random_below(random, 30) : 0,
                           .limit = 1 + (uint32_t)random_below(random, 20),
                           .check_at_least = enough[random_below(random, sizeof enough / sizeof *enough)],
                           .collapse_slot = UINT32_MAX,
                           .timeout_ms = random_below(random, 4) == 0,
                           .kinds = kinds};
}

/* ---------------------------------------------------------------- comparing */

static bool is_close(double a, double b)
{
    double difference = a > b ? a - b : b - a;
    return difference <= 1e-9;
}

static struct search_hit hit_of(struct search_result *result, size_t i, struct arena *arena)
{
    struct search_hit hit;
    struct error err;
    must(search_result_hit(result, i, arena, &hit, &err), &err);
    return hit;
}

/* Sums are rounded in another order here and there: hits that weigh the same may change places, but nothing else. */
static bool is_tied(struct search_result *result, size_t i, size_t count, double weight, struct arena *arena)
{
    return (i > 0 && is_close(hit_of(result, i - 1, arena).weight, weight)) ||
           (i + 1 < count ? is_close(hit_of(result, i + 1, arena).weight, weight) : true);
}

static void hits_compare(struct search_result *ours, struct search_result *theirs, struct arena *arena, uint64_t seed,
                         size_t *swapped)
{
    size_t count = search_result_count(theirs);
    if (search_result_count(ours) != count)
        fail_msg("seed %llu: %zu hits instead of %zu", (unsigned long long)seed, search_result_count(ours), count);
    for (size_t i = 0; i < count; i++) {
        struct search_hit mine = hit_of(ours, i, arena), other = hit_of(theirs, i, arena);
        if (!is_close(mine.weight, other.weight))
            fail_msg("seed %llu: hit %zu weighs %.12f instead of %.12f", (unsigned long long)seed, i, mine.weight,
                     other.weight);
        if (mine.part == other.part && mine.docid == other.docid && span_equal(mine.data, other.data))
            continue;
        if (!is_tied(theirs, i, count, other.weight, arena))
            fail_msg("seed %llu: hit %zu is another document", (unsigned long long)seed, i);
        ++*swapped;
    }
}

/* Exact whenever there are no more than it was to look at, and time for it; never wrong where it says so. */
static void totals_compare(struct search_result *ours, struct search_result *theirs, const struct search *search,
                           uint64_t seed)
{
    bool exact;
    uint64_t all = search_result_total(theirs, &exact), total = search_result_total(ours, &exact);
    if (exact ? total != all : all <= search->check_at_least && search->timeout_ms == 0)
        fail_msg("seed %llu: %llu matches%s instead of %llu", (unsigned long long)seed, (unsigned long long)total,
                 exact ? "" : " or so", (unsigned long long)all);
}

struct comparing {
    struct arena *arena;
    struct database *reader;
    struct kinds *kinds;
    struct matcher *matcher;
    size_t swapped, ours;
};

static void comparing_begin(struct comparing *comparing, const struct bench *bench, struct store *store)
{
    *comparing = (struct comparing){
        .arena = arena_new(ARENA), .reader = reader_open(bench), .kinds = kinds_new(), .matcher = matcher_new(store)};
    assert_true(comparing->arena && comparing->kinds && comparing->matcher);
}

static void comparing_end(struct comparing *comparing)
{
    matcher_free(&comparing->matcher);
    kinds_free(&comparing->kinds);
    database_close(&comparing->reader);
    arena_free(&comparing->arena);
}

static void compare(struct comparing *comparing, uint64_t seed)
{
    uint64_t random = seed;
    struct error err;
    struct question *question = arena_zero(comparing->arena, 1, sizeof *question);
    assert_non_null(question);
    question->arena = comparing->arena;
    question->random = &random;
    question_make(question);
    struct search search = search_of(question, comparing->kinds), whole = search;
    struct search_result *ours = NULL, *theirs = NULL;
    whole.check_at_least = UINT32_MAX;
    whole.timeout_ms = 0;
    must(database_search(comparing->reader, &whole, &theirs, &err), &err);
    for (int i = 0; i < 3 && ours == NULL; i++) /* what is long is decoded when it is asked for again */
        must(match_search(comparing->matcher, comparing->arena, comparing->reader, &search, &ours, &err), &err);
    if (ours != NULL) {
        hits_compare(ours, theirs, comparing->arena, seed, &comparing->swapped);
        totals_compare(ours, theirs, &search, seed);
        comparing->ours++;
    }
    search_result_free(&ours);
    search_result_free(&theirs);
    arena_reset(comparing->arena);
}

/* ---------------------------------------------------------------- the tests */

static void test_same_as_xapian(void **state)
{
    static const size_t databases[] = {1, 3, DATABASES_MAX};
    struct bench *bench = *state;
    uint64_t random = first_seed, id = 0;
    for (size_t i = 0; i < sizeof databases / sizeof *databases; i++) {
        struct store *store = store_new(i < 2 ? STORE : NARROW);
        struct comparing comparing;
        databases_make(bench, &random, &id, databases[i], i == 0 ? LARGE : 700);
        comparing_begin(&comparing, bench, store);
        for (unsigned round = 0; round < rounds; round++)
            compare(&comparing, random_next(&random));
        assert_true(comparing.ours > rounds * 8 / 10);
        assert_true(comparing.swapped <= comparing.ours / 50);
        comparing_end(&comparing);
        store_free(&store);
        temp_remove(bench->folder);
        assert_true(temp_make(bench->folder));
    }
}

/* A list belongs to its commit: what was deleted is not found again, what came is. Those of other databases stay,
 * though documents come to be longer on the whole, by which each of theirs counts as shorter. */
static void test_commits_between(void **state)
{
    struct bench *bench = *state;
    uint64_t random = first_seed + 1, id = 0;
    struct error err;
    struct store *store = store_new(STORE);
    struct comparing comparing;
    databases_make(bench, &random, &id, 3, 300);
    comparing_begin(&comparing, bench, store);
    for (unsigned commit = 0; commit < 12; commit++) {
        for (unsigned round = 0; round < rounds / 8; round++)
            compare(&comparing, random_next(&random));
        bench->wordy += 3;
        database_change(bench, random_below(&random, 3), &random, &id, 40, 60);
        must(database_refresh(comparing.reader, NULL, &err), &err);
    }
    assert_true(comparing.ours > 12 * (rounds / 8) * 8 / 10);
    comparing_end(&comparing);
    store_free(&store);
}

struct crowd {
    const struct bench *bench;
    struct store *store;
    uint64_t seed;
    size_t ours;
};

static void *crowd_run(void *opaque)
{
    struct crowd *crowd = opaque;
    struct comparing comparing;
    comparing_begin(&comparing, crowd->bench, crowd->store);
    for (unsigned round = 0; round < rounds; round++)
        compare(&comparing, random_next(&crowd->seed));
    crowd->ours = comparing.ours;
    comparing_end(&comparing);
    return NULL;
}

/* Threads take lists while others make the store forget them. */
static void test_threads_share(void **state)
{
    enum { THREADS = 4 };
    struct bench *bench = *state;
    uint64_t random = first_seed + 2, id = 0;
    struct crowd crowds[THREADS];
    pthread_t threads[THREADS];
    struct store *store = store_new(64 << 10);
    databases_make(bench, &random, &id, 3, 1000);
    for (size_t i = 0; i < THREADS; i++) {
        crowds[i] = (struct crowd){.bench = bench, .store = store, .seed = random_next(&random) % 4};
        assert_int_equal(pthread_create(&threads[i], NULL, crowd_run, &crowds[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_true(crowds[i].ours > rounds * 5 / 10);
    }
    assert_true(store_facts(store).bytes <= 64 << 10);
    store_free(&store);
}

static struct search_result *asked(struct comparing *comparing, const char *word, size_t limit)
{
    struct query_node node = {.op = QUERY_TERM, .text = span_of(word)};
    struct search search = {.nodes = &node,
                            .node_count = 1,
                            .k1 = 1.2,
                            .b = 0.4,
                            .limit = (uint32_t)limit,
                            .check_at_least = 1000,
                            .collapse_slot = UINT32_MAX,
                            .kinds = comparing->kinds};
    struct search_result *result = NULL;
    struct error err;
    must(match_search(comparing->matcher, comparing->arena, comparing->reader, &search, &result, &err), &err);
    return result;
}

/* A long list costs more to decode than Xapian needs for the answer: it is decoded when it comes again, and again when
 * a commit has made it another; a short one at once. A store of no bytes is for nobody. */
static void test_long_lists_wait(void **state)
{
    struct bench *bench = *state;
    uint64_t random = first_seed + 3, id = 0;
    struct error err;
    struct store *store = store_new(STORE), *none = store_new(0);
    struct comparing comparing, without;
    struct search_result *result;
    databases_make(bench, &random, &id, 1, LARGE);
    comparing_begin(&comparing, bench, store);
    comparing_begin(&without, bench, none);
    assert_null(asked(&comparing, "Zw00", 10));
    assert_non_null(result = asked(&comparing, "Zw00", 10));
    search_result_free(&result);
    assert_non_null(result = asked(&comparing, "Zw23", 10));
    search_result_free(&result);
    assert_int_equal(store_facts(store).lists, 2);
    database_change(bench, 0, &random, &id, 1, 1);
    must(database_refresh(comparing.reader, NULL, &err), &err);
    assert_non_null(result = asked(&comparing, "Zw00", 10)); /* of another commit, but the word was asked for */
    search_result_free(&result);
    for (int i = 0; i < 3; i++)
        assert_null(asked(&without, "Zw23", 10));
    comparing_end(&without);
    comparing_end(&comparing);
    store_free(&none);
    store_free(&store);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_same_as_xapian, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_commits_between, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_threads_share, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_long_lists_wait, bench_setup, bench_teardown),
    };
    first_seed = argc > 1 ? strtoull(argv[1], NULL, 10) : first_seed;
    rounds = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : rounds;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
