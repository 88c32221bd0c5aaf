/* CPR numbers: found whatever stands around them, masked at equal length, and nothing else is masked. */
#include "arena.h"
#include "cpr.h"
#include "minutes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS = 4000 };

/* A small generator with a fixed seed: the same numbers in every run. */
static uint32_t next(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static int month_days(int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1];
}

static void number_make(uint32_t *state, char out[16])
{
    int month = 1 + (int)(next(state) % 12), day = 1 + (int)(next(state) % (unsigned)month_days(month));
    snprintf(out, 16, "%02d%02d%02u%04u", day % 100, month % 100, next(state) % 100, next(state) % 10000);
}

static size_t find(const char *text)
{
    return cpr_at(text, text + strlen(text), CPR_UNKNOWN);
}

static void a_birthday_with_a_hyphen_is_found(void **unused)
{
    (void)unused;
    uint32_t state = 1;
    for (int i = 0; i < ROUNDS; i++) {
        char digits[16], text[32];
        number_make(&state, digits);
        snprintf(text, sizeof text, "%.6s-%.4s.", digits, digits + 6);
        assert_int_equal(find(text), 11);
    }
}

static void written_together_it_must_pass_the_check(void **unused)
{
    (void)unused;
    uint32_t state = 2;
    for (int i = 0; i < ROUNDS; i++) {
        char digits[16], text[32];
        number_make(&state, digits);
        snprintf(text, sizeof text, "%s ", digits);
        assert_int_equal(find(text), cpr_modulus(digits) ? 10 : 0);
    }
}

static void what_is_no_birthday_is_none(void **unused)
{
    (void)unused;
    static const char *const texts[] = {"320103-1234",   "011303-1234",   "000103-1234", "310403-1234",
                                        "300203-1234",   "12345-1234",    "0102031-234", "010203-12345",
                                        "010203-1234-5", "010203-1234/7", "010203-123",  "290203-1234"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(find(texts[i]), 0);
    assert_int_equal(find("290204-4234"), 11); /* 2004 had a 29 February */
}

static void read(const char *text, struct minutes *minutes, struct arena **arena)
{
    struct error error;
    *arena = arena_new(16 << 20);
    assert_non_null(*arena);
    assert_int_equal(minutes_read(*arena, span_of(text), MEDIA_PLAIN, minutes, &error), FAULT_NONE);
}

static void look_alikes_are_not_masked(void **unused)
{
    (void)unused;
    static const char *const texts[] = {
        "Mødet den 05-02-2020, journalnr. 050220-1231, tlf. 4646 4646.",
        "Sagsnr. 010203-1234 og dok.nr. 120320-4455.",
        "Ring på telefon 010203 1234 eller 63 33 71 50.",
        "CVR-nr. 0102031234, konto 010203-1234, EAN 5798005710",
        "Sag 15.00.00-G01-87-19 af 31.12.2019, bevilling 010.203.123 kr.",
        "2017-0229357, 306-2009-600, EMN-2019-01234, 1-51-71-3321-08",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct minutes minutes;
        struct arena *arena;
        read(texts[i], &minutes, &arena);
        assert_int_equal(minutes.cpr_count, 0);
        assert_memory_equal(minutes.body.at, texts[i], strlen(texts[i]));
        arena_free(&arena);
    }
}

static void the_body_is_masked_at_equal_length(void **unused)
{
    (void)unused;
    uint32_t state = 3;
    for (int i = 0; i < 200; i++) {
        char digits[16], text[200];
        struct minutes minutes;
        struct arena *arena;
        number_make(&state, digits);
        snprintf(text, sizeof text, "1. Personsag\n\nBeslutning\n\nØrjan (cpr-nr. %.6s-%.4s) får 500 kr.\n", digits,
                 digits + 6);
        read(text, &minutes, &arena);
        assert_int_equal(minutes.cpr_count, 1);
        assert_int_equal(minutes.body.size, strlen(text));
        const struct byte_range *range = minutes.cpr;
        assert_int_equal(range->end - range->start, 11);
        assert_memory_equal(minutes.body.at + range->start, "xxxxxx-xxxx", 11);
        assert_memory_equal(minutes.body.at, text, range->start);
        assert_string_equal(minutes.body.at + range->end, text + range->end);
        struct text json;
        struct error error;
        assert_int_equal(minutes_json(arena, &minutes, &json, &error), FAULT_NONE);
        assert_null(strstr(json.at, digits + 6));
        arena_free(&arena);
    }
}

static void no_title_or_name_keeps_one(void **unused)
{
    (void)unused;
    struct minutes minutes;
    struct arena *arena;
    read("1. Sag om 010203-1234\n\nBilag\n1 Åben Brev fra 010203-1234.pdf 12/20\n\nBeslutning\n\nGodkendt.\n", &minutes,
         &arena);
    struct text json;
    struct error error;
    assert_int_equal(minutes.cpr_count, 2);
    assert_int_equal(minutes_json(arena, &minutes, &json, &error), FAULT_NONE);
    assert_null(strstr(json.at, "010203"));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_birthday_with_a_hyphen_is_found),  cmocka_unit_test(written_together_it_must_pass_the_check),
        cmocka_unit_test(what_is_no_birthday_is_none),        cmocka_unit_test(look_alikes_are_not_masked),
        cmocka_unit_test(the_body_is_masked_at_equal_length), cmocka_unit_test(no_title_or_name_keeps_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
