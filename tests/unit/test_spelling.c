/* spelling: what one may type for another word, and how far two words are apart. */
#include "random.h"
#include "spelling.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static bool offers(struct span word, const char *wanted, bool bare)
{
    struct spelling_list list;
    bool found = false;
    struct arena *arena = arena_new(1 << 20);
    assert_true(bare ? spelling_bare(arena, word, &list) : spelling_variants(arena, word, &list));
    for (size_t i = 0; i < list.count; i++)
        found = found || span_equal(list.words[i], span_of(wanted));
    arena_free(&arena);
    return found;
}

static void letters_and_digraphs_stand_for_each_other(void **state)
{
    (void)state;
    assert_true(offers(SPAN("bjoerneklo"), "bjørneklo", false));
    assert_true(offers(SPAN("ågade"), "aagade", false));
    assert_true(offers(SPAN("oestergaard"), "østergaard", false));
    assert_true(offers(SPAN("oestergaard"), "østergård", false));
    assert_true(offers(SPAN("göteborg"), "gøteborg", false));
    assert_true(offers(SPAN("flexjob"), "fleksjob", false));
    assert_true(offers(SPAN("fleksjob"), "flexjob", false));
    assert_true(offers(SPAN("skole"), "skole", false));
    assert_false(offers(SPAN("skole"), "skøle", false));
}

static void bare_letters_may_be_danish_ones(void **state)
{
    (void)state;
    assert_true(offers(SPAN("bjorneklo"), "bjørneklo", true));
    assert_true(offers(SPAN("kunstgrasbane"), "kunstgræsbane", true));
    assert_true(offers(SPAN("Agade"), "Ågade", true) == false);
    assert_true(offers(SPAN("radhus"), "rådhus", true));
}

static void distances_are_those_of_the_books(void **state)
{
    (void)state;
    assert_int_equal(spelling_distance(SPAN("stockholm"), SPAN("stockholm"), 2), 0);
    assert_int_equal(spelling_distance(SPAN("stokholm"), SPAN("stockholm"), 2), 1);
    assert_int_equal(spelling_distance(SPAN("stcokholm"), SPAN("stockholm"), 2), 1);
    assert_int_equal(spelling_distance(SPAN("stkholm"), SPAN("stockholm"), 2), 2);
    assert_int_equal(spelling_distance(SPAN("malmø"), SPAN("stockholm"), 2), 3);
    assert_int_equal(spelling_distance(SPAN("bjørn"), SPAN("bjorn"), 2), 1);
    assert_int_equal(spelling_distance(SPAN(""), SPAN("ab"), 2), 2);
    assert_int_equal(spelling_distance(SPAN(""), SPAN(""), 2), 0);
}

/* The same by the textbook's full table. */
static unsigned slow_distance(const char *a, size_t as, const char *b, size_t bs)
{
    unsigned table[16][16];
    for (size_t i = 0; i <= as; i++)
        for (size_t j = 0; j <= bs; j++) {
            unsigned best = i == 0 ? (unsigned)j : j == 0 ? (unsigned)i : 99;
            if (i > 0 && j > 0) {
                unsigned change = table[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
                best = table[i - 1][j] + 1 < best ? table[i - 1][j] + 1 : best;
                best = table[i][j - 1] + 1 < best ? table[i][j - 1] + 1 : best;
                best = change < best ? change : best;
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && table[i - 2][j - 2] + 1 < best)
                    best = table[i - 2][j - 2] + 1;
            }
            table[i][j] = best;
        }
    return table[as][bs];
}

static void distances_agree_with_the_full_table(void **state)
{
    (void)state;
    uint64_t seed = 4;
    for (int round = 0; round < 50000; round++) {
        char a[12], b[12];
        size_t as = random_below(&seed, 11), bs = random_below(&seed, 11);
        for (size_t i = 0; i < as; i++)
            a[i] = (char)('a' + random_below(&seed, 3));
        for (size_t i = 0; i < bs; i++)
            b[i] = (char)('a' + random_below(&seed, 3));
        unsigned most = (unsigned)random_below(&seed, 4), slow = slow_distance(a, as, b, bs);
        assert_int_equal(spelling_distance((struct span){a, as}, (struct span){b, bs}, most),
                         slow > most ? most + 1 : slow);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_and_digraphs_stand_for_each_other),
        cmocka_unit_test(bare_letters_may_be_danish_ones),
        cmocka_unit_test(distances_are_those_of_the_books),
        cmocka_unit_test(distances_agree_with_the_full_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
