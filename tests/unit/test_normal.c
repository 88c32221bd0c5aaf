/* Normal forms: spellings of one thing meet, different things do not. */
#include "normal.h"

#include "filter.h"
#include "random.h"
#include "utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct arena *arena;

static int start(void **state)
{
    (void)state;
    arena = arena_new(64 << 20);
    return arena == NULL;
}

static int stop(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

typedef struct span normaliser(struct arena *arena, struct span value);

static void expect(normaliser *normal, const char *value, const char *form)
{
    struct span out = normal(arena, span_of(value));
    if (!span_equal(out, span_of(form)))
        fail_msg("%s became %.*s, not %s", value, (int)out.size, out.at, form);
}

static void names_fold(void **state)
{
    (void)state;
    expect(normal_fold, "Åge  Müller-Bech", "aage muller bech");
    expect(normal_fold, "Aage Muller Bech", "aage muller bech");
    expect(normal_fold, "A\xCC\x8Age M\x75\xCC\x88ller\nBECH.", "aage muller bech");
    expect(normal_fold, "Søren Æbletoft", "soeren aebletoft");
    expect(normal_fold, "Soeren Aebletoft", "soeren aebletoft");
    expect(normal_fold, "Sören Äbletoft", "soeren aebletoft");
    expect(normal_fold,
           "So\xCC\x88ren A\xCC\x88"
           "bletoft",
           "soeren aebletoft");
    expect(normal_fold, "P. Ladefoged", "p ladefoged");
    expect(normal_fold, "Teknik- & Miljøudvalget", "teknik og miljoeudvalget");
    expect(normal_fold, "Teknik- og Miljøudvalget ", "teknik og miljoeudvalget");
    expect(normal_fold, "Renée Großmann", "renee grossmann");
    expect(normal_fold, " - . ", "");
    expect(normal_fold, "", "");
    expect(normal_fold, "Job&Vækst", "job og vaekst");
}

static void municipalities_lose_the_word(void **state)
{
    (void)state;
    expect(normal_municipality, "Lejre Kommune", "lejre");
    expect(normal_municipality, "LEJRE KOMMUNES", "lejre");
    expect(normal_municipality, "Lejre", "lejre");
    expect(normal_municipality, "Bornholms Regionskommune", "bornholms");
    expect(normal_municipality, "Region Sjælland", "region sjaelland");
    expect(normal_municipality, "Kommune", "kommune");
}

static void case_numbers_meet_whatever_their_separators(void **state)
{
    (void)state;
    static const char *const same[] = {"15.00.00-G01-87-19",   "15.00.00 G01 87 19", "15.00.00G018719",
                                       "15.00.00-g01-87-2019", "15 00 00 G01 87 19", "15.00.00.G01.87.19"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        expect(normal_case, same[i], "15.00.00-g01-87-19");
    expect(normal_case, "00.30.14-1-19", "00.30.14-1-19");
    expect(normal_case, "00.22.02A30-0026", "00.22.02-a30-00-26");
    expect(normal_case, "00.22.02-A30-0026", "00.22.02-a30-00-26");
    expect(normal_case, "00.22.04.G01", "00.22.04-g01");
    expect(normal_case, "19/11679", "19-11679");
    expect(normal_case, "19 / 11679", "19-11679");
    expect(normal_case, "306 2009 600", "306-2009-600");
    expect(normal_case, "306-2009-600", "306-2009-600");
    expect(normal_case, "012497 - 2017/12299", "012497-2017-12299");
    expect(normal_case, "EMN-2019-01234", "emn-2019-01234");
    expect(normal_case, "S2018-12345", "s2018-12345");
    expect(normal_case, "1-51-71-3321-08", "1-51-71-3321-08");
    expect(normal_case, "299835", "299835");
    expect(normal_case, "05-02-2020", "05-02-2020");
    expect(normal_case, "12.34.56-x", "12.34.56-x");
    expect(normal_case, "--", "");
}

static void kle_numbers_are_told_from_others(void **state)
{
    (void)state;
    expect(normal_kle, "00.22.04.G01", "00.22.04.g01");
    expect(normal_kle, "00.22.04-G01", "00.22.04.g01");
    expect(normal_kle, "00 22 04", "00.22.04");
    expect(normal_kle, "00.22", "00.22");
    expect(normal_kle, "15", "15");
    expect(normal_kle, "15.00.00-G01-87-19", "15.00.00.g01");
    expect(normal_kle, "00.30.14-1-19", "00.30.14");
    expect(normal_kle, "19/11679", "");
    expect(normal_kle, "306-2009-600", "");
    expect(normal_kle, "5", "");
    expect(normal_kle, "", "");
}

static void parties_and_acts(void **state)
{
    (void)state;
    expect(normal_party, "a", "A");
    expect(normal_party, "(ø)", "Ø");
    expect(normal_party, " ufp.", "UFP");
    expect(normal_law, "styrelseslovens § 17, stk. 4", "styrelsesloven § 17 stk 4");
    expect(normal_law, "Styrelsesloven  §17 stk 4", "styrelsesloven § 17 stk 4");
    expect(normal_law, "§ 4 i forskriften", "§ 4 i forskriften");
    expect(normal_law, "LBK nr. 47 af 15/01/2019", "lbk nr 47 af 15 01 2019");
    expect(normal_law, "Serviceloven §§ 83 og 84", "serviceloven § 83 og 84");
    expect(normal_law, "serviceloven", "serviceloven");
}

static void random_values_give_valid_forms_that_stay(void **state)
{
    (void)state;
    static normaliser *const all[] = {normal_fold, normal_municipality, normal_case,
                                      normal_kle,  normal_party,        normal_law};
    uint64_t seed = 7;
    for (size_t round = 0; round < 20000; round++) {
        char value[3000];
        size_t size = 0, count = random_below(&seed, round % 100 ? 40 : 700);
        for (size_t i = 0; i < count; i++) {
            static const uint32_t limits[] = {0x3A, 0x80, 0x180, 0x3000, 0x110000};
            size += utf8_encode((uint32_t)random_below(&seed, limits[random_below(&seed, 5)]), value + size);
        }
        for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
            struct span form = all[i](arena, (struct span){value, size});
            assert_non_null(form.at);
            assert_true(utf8_valid(form, NULL));
        }
        struct span fold = normal_fold(arena, (struct span){value, size});
        if (fold.size <= 1024)
            assert_true(span_equal(normal_fold(arena, fold), fold));
        if (round % 500 == 0) {
            arena_free(&arena);
            arena = arena_new(64 << 20);
        }
    }
}

/* ---- filters and terms */

static void expect_filter(const char *name, const char *typed, const char *first, const char *second)
{
    enum filter filter;
    struct term_list list;
    assert_true(filter_parse(span_of(name), &filter));
    assert_int_equal(filter_terms(arena, filter, span_of(typed), &list, NULL), FAULT_NONE);
    assert_int_equal(list.count, second != NULL ? 2 : 1);
    if (!span_equal(list.terms[0], span_of(first)))
        fail_msg("%s:%s became %.*s", name, typed, (int)list.terms[0].size, list.terms[0].at);
    if (second != NULL && !span_equal(list.terms[1], span_of(second)))
        fail_msg("%s:%s became %.*s too", name, typed, (int)list.terms[1].size, list.terms[1].at);
}

static void filters_take_what_people_type(void **state)
{
    (void)state;
    expect_filter("medlem", "Åge Bech", "XMEMBERaage bech", NULL);
    expect_filter("Member", "aage  bech", "XMEMBERaage bech", NULL);
    expect_filter("sag", "15.00.00 G01 87 19", "XCASE15.00.00-g01-87-19", NULL);
    expect_filter("udvalg", "ØKONOMIUDVALGET", "XCOMMITTEEoekonomiudvalget", NULL);
    expect_filter("kommune", "København", "XMUNICIPALITYkoebenhavn", "XMUNICIPALITYkoebenhavns");
    expect_filter("kommune", "Københavns Kommune", "XMUNICIPALITYkoebenhavns", "XMUNICIPALITYkoebenhavn");
    expect_filter("parti", "a", "XPARTY:A", NULL);
    expect_filter("parti", "ø", "XPARTYØ", NULL);
    expect_filter("udfald", "Udsat", "XOUTCOMEpostponed", NULL);
    expect_filter("outcome", "postponed", "XOUTCOMEpostponed", NULL);
    expect_filter("kle", "15.00", "XKLE15.00", NULL);
    expect_filter("lov", "styrelseslovens § 17", "XLAWstyrelsesloven § 17", NULL);
    expect_filter("kilde", "Lejre", "XSOURCE:Lejre", NULL);
    expect_filter("document", "a/b.md", "XDOC:a/b.md", NULL);
    expect_filter("document", "A:b", "XDOC:A:b", NULL);
    expect_filter("source", ":x", "XSOURCE::x", NULL);
}

static void filters_refuse_what_means_nothing(void **state)
{
    (void)state;
    struct error err;
    struct term_list list;
    enum filter filter;
    assert_false(filter_parse(SPAN("farve"), &filter));
    assert_false(filter_parse(SPAN(""), &filter));
    assert_int_equal(filter_terms(arena, FILTER_OUTCOME, SPAN("måske"), &list, &err), FAULT_REJECT);
    assert_string_equal(err.rule, "filter.value");
    assert_int_equal(filter_terms(arena, FILTER_MEMBER, SPAN(" . "), &list, &err), FAULT_REJECT);
    assert_int_equal(filter_terms(arena, FILTER_KLE, SPAN("19/1"), &list, &err), FAULT_REJECT);
    assert_int_equal(filter_terms(arena, FILTER_SOURCE, SPAN(""), &list, &err), FAULT_REJECT);
}

static void dates_become_omega_terms(void **state)
{
    (void)state;
    struct span term;
    assert_int_equal(filter_date(arena, (struct day){2020, 2, 5}, &term, NULL), FAULT_NONE);
    assert_true(span_equal(term, SPAN("D20200205")));
    assert_int_equal(filter_date(arena, (struct day){2020, 2, 0}, &term, NULL), FAULT_NONE);
    assert_true(span_equal(term, SPAN("M202002")));
    assert_int_equal(filter_date(arena, (struct day){2020, 0, 0}, &term, NULL), FAULT_NONE);
    assert_true(span_equal(term, SPAN("Y2020")));
    assert_int_equal(filter_date(arena, (struct day){0}, &term, NULL), FAULT_REJECT);
}

static void long_terms_are_cut_and_stay_different(void **state)
{
    (void)state;
    char value[600];
    for (size_t i = 0; i < sizeof value; i += 2)
        memcpy(value + i, "ø", 2);
    struct span one = term_make(arena, PREFIX_ORG, (struct span){value, sizeof value});
    struct span two = term_make(arena, PREFIX_ORG, (struct span){value, sizeof value - 2});
    assert_true(one.size <= TERM_MAX_BYTES && two.size <= TERM_MAX_BYTES);
    assert_true(utf8_valid(one, NULL));
    assert_false(span_equal(one, two));
    struct span fits = term_make(arena, PREFIX_ORG, (struct span){value, 236});
    assert_int_equal(fits.size, TERM_MAX_BYTES);
    assert_null(memchr(fits.at, '~', fits.size));
    struct span control = term_make(arena, PREFIX_SOURCE, (struct span){"a\0b\n", 4});
    assert_true(span_equal(control, SPAN("XSOURCEa b ")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_fold),
        cmocka_unit_test(municipalities_lose_the_word),
        cmocka_unit_test(case_numbers_meet_whatever_their_separators),
        cmocka_unit_test(kle_numbers_are_told_from_others),
        cmocka_unit_test(parties_and_acts),
        cmocka_unit_test(random_values_give_valid_forms_that_stay),
        cmocka_unit_test(filters_take_what_people_type),
        cmocka_unit_test(filters_refuse_what_means_nothing),
        cmocka_unit_test(dates_become_omega_terms),
        cmocka_unit_test(long_terms_are_cut_and_stay_different),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
