/* lexicon: whatever the terms are, all of them come back in order, with how often they came and how much wdf. */
#include "lexicon.h"

#include "random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { ROUNDS = 60, TERMS_MAX = 4000, SIZE_MAX_BYTES = 40 };

/* Few letters, zeros among them, behind a few beginnings: many are alike in eight bytes and in many more, and some are
 * others with zeros behind. */
static struct span term_draw(uint64_t *random, char out[static SIZE_MAX_BYTES])
{
    size_t same = random_below(random, 4) * 8 + random_below(random, 3), more = 1 + random_below(random, 6);
    memset(out, 'a' + (int)random_below(random, 2), same);
    for (size_t i = same; i < same + more; i++)
        out[i] = "\0\0abcd\xC3\xFF"[random_below(random, 8)];
    return (struct span){out, same + more};
}

static void expect_in_order(struct lexicon *lexicon, const struct lexicon_count *came)
{
    const struct lexicon_term *terms = lexicon_sorted(lexicon);
    assert_non_null(terms);
    for (uint32_t i = 0; i < lexicon->count; i++) {
        if (i > 0)
            assert_true(span_compare(lexicon_span(&terms[i - 1]), lexicon_span(&terms[i])) < 0);
        assert_int_equal(terms[i].count, came[terms[i].number].count);
        assert_int_equal(lexicon_wdf(&terms[i]), came[terms[i].number].wdf);
    }
}

static void terms_come_back_in_order(void **state)
{
    uint64_t random = 1;
    struct lexicon lexicon = {0};
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct lexicon_count came[TERMS_MAX] = {0};
        lexicon_clear(&lexicon, random_next(&random));
        for (size_t i = random_below(&random, TERMS_MAX); i > 0; i--) {
            char bytes[SIZE_MAX_BYTES];
            struct span term = term_draw(&random, bytes);
            uint32_t wdf = (uint32_t)random_below(&random, 9);
            assert_true(lexicon_reserve(&lexicon, 1, term.size));
            uint32_t number = lexicon_number(&lexicon, term, lexicon_hash(&lexicon, term), wdf);
            came[number].count++;
            came[number].wdf += wdf;
        }
        expect_in_order(&lexicon, came);
        lexicon_add(&lexicon, came);
        for (uint32_t number = 0; number < lexicon.count; number++)
            came[number] = (struct lexicon_count){2 * came[number].count, 2 * came[number].wdf};
        expect_in_order(&lexicon, came);
    }
    lexicon_done(&lexicon);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(terms_come_back_in_order)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
