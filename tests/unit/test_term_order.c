/* term_order: heads never stand against the order of bytes, and a sort by them is one by bytes. */
#include "term_order.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "random.h"
#include <stdlib.h>

enum { TERMS = 4000, TERM_BYTES = 40 };

static char bytes[TERMS][TERM_BYTES];
static struct span terms[TERMS];

static const char *const prefixes[] = {
    "",  "Q", "X",  "XA", "XAMT", "XAMTA", "XB",     "XDAY",    "XDAZ", "XKLE", "XM",   "XNAME",     "XNAMF", "XPARTY",
    "Y", "Z", "Z1", "ZS", "ZT",   "ZXP",   "ZXPART", "ZXPARTY", "ZXPB", "Za",   "Zkom", "Z\xC3\xA5", "~"};
static const char *const pieces[] = {"a",        "b",        "z", "for",  "kom",  "und", "0",        "1",
                                     "9",        "2019",     "+", "-",    " ",    "=",   "*",        "A",
                                     ":",        "_",        "{", "\x01", "s",    "ing", "\xC3\xA5", "\xC3\xA6",
                                     "\xC3\xB8", "\xC3\xA9", "@", "\xE2", "\xC4", "\x7F"};

/* A common beginning makes many terms with one head. */
static void terms_make(uint64_t seed, const char *beginning)
{
    for (size_t i = 0; i < TERMS; i++) {
        const char *prefix = prefixes[random_below(&seed, sizeof prefixes / sizeof *prefixes)];
        size_t size = strlen(prefix);
        memcpy(bytes[i], prefix, size);
        memcpy(bytes[i] + size, beginning, strlen(beginning));
        size += strlen(beginning);
        for (size_t left = random_below(&seed, 6); left > 0; left--) {
            struct span piece = span_of(pieces[random_below(&seed, sizeof pieces / sizeof *pieces)]);
            memcpy(bytes[i] + size, piece.at, piece.size);
            size += piece.size;
        }
        terms[i] = (struct span){bytes[i], size};
    }
}

static int order_of_spans(const void *a, const void *b)
{
    return span_compare(*(const struct span *)a, *(const struct span *)b);
}

static void heads_never_stand_against_the_bytes(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 40; seed++) {
        terms_make(seed, "");
        qsort(terms, TERMS, sizeof *terms, order_of_spans);
        for (size_t i = 1; i < TERMS; i++)
            if (term_head(terms[i - 1]) > term_head(terms[i]))
                fail_msg("'%.*s' stands behind '%.*s'", (int)terms[i - 1].size, terms[i - 1].at, (int)terms[i].size,
                         terms[i].at);
    }
}

static struct span bytes_of(const void *self, uint32_t term)
{
    const struct span *all = self;
    return all[term];
}

static void expect_sorted(struct arena *arena, size_t count)
{
    static struct term_key keys[TERMS], spare[TERMS];
    static struct span sorted[TERMS];
    for (size_t i = 0; i < count; i++)
        keys[i] = (struct term_key){term_head(terms[i]), (uint32_t)i};
    memcpy(sorted, terms, sizeof sorted);
    qsort(sorted, count, sizeof *sorted, order_of_spans);
    const struct term_key *found = term_sort(arena, keys, spare, count, bytes_of, terms);
    assert_non_null(found);
    for (size_t i = 0; i < count; i++)
        assert_true(span_equal(terms[found[i].term], sorted[i]));
}

static void a_sort_is_one_by_bytes_however_alike_terms_begin(void **state)
{
    (void)state;
    static const char *const beginnings[] = {"", "for", "kommuneplan", "\xC3\xA5", "A"};
    static const size_t counts[] = {0, 1, 2, 7, 300, TERMS};
    struct arena *arena = arena_new(16 << 20);
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
        for (size_t n = 0; n < sizeof counts / sizeof *counts; n++) {
            terms_make(i * 100 + n, beginnings[i]);
            expect_sorted(arena, counts[n]);
            arena_reset(arena);
        }
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heads_never_stand_against_the_bytes),
        cmocka_unit_test(a_sort_is_one_by_bytes_however_alike_terms_begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
