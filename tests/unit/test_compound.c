/* compound: words are cut where a reader of Danish would cut them, and the cache answers as the search does. */
#include "compound.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A small dictionary of the test's own. */
static const char *const words[] = {"kunst",
                                    "græs",
                                    "kunstgræs",
                                    "bane",
                                    "skole",
                                    "bestyrelse",
                                    "arbejd",
                                    "plads",
                                    "regn",
                                    "skab",
                                    "vand",
                                    "børn",
                                    "have",
                                    "bøger",
                                    "over",
                                    "førsel",
                                    "budget",
                                    "budgetter",
                                    "skatteforvaltning"};

static bool knows(void *self, const char *word)
{
    size_t *asked = self;
    ++*asked;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return false;
}

static uint32_t lengths(void *self, const char *bytes, size_t size)
{
    uint32_t found = (1U << WORDBOOK_LENGTH_MIN) - 1;
    (void)self;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) <= size && memcmp(words[i], bytes, strlen(words[i])) == 0)
            found |= wordbook_length(strlen(words[i]));
    return found;
}

static size_t forms(void *self, const char *word, char out[WORDBOOK_FORMS_MAX][WORDBOOK_WORD_BYTES])
{
    (void)self;
    strcpy(out[0], strcmp(word, "budgetter") == 0 ? "budget" : word);
    return 1;
}

static size_t stem_nothing(void *self, const char *word, size_t size, char out[static 128])
{
    (void)self;
    memcpy(out, word, size);
    return size;
}

struct fixture {
    size_t asked;
    struct stem_cache *stems;
    struct compound_cache *cache;
};

static int start(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    fixture->stems = stem_cache_new((struct stemmer){NULL, stem_nothing}, 64);
    fixture->cache = compound_cache_new(
        (struct wordbook){.self = fixture, .knows = knows, .forms = forms, .lengths = lengths}, fixture->stems, 64);
    *state = fixture;
    return fixture->cache == NULL;
}

static int stop(void **state)
{
    struct fixture *fixture = *state;
    compound_cache_free(&fixture->cache);
    stem_cache_free(&fixture->stems);
    free(fixture);
    return 0;
}

/* "1:kunst 2:græs 3:bane 255:kunstgræs" */
static void expect(struct fixture *fixture, const char *word, const char *wanted)
{
    struct compound found;
    char line[1024] = "";
    compound_word(fixture->cache, span_of(word), &found);
    for (size_t i = 0; i < found.count; i++) {
        char one[160];
        snprintf(one, sizeof one, "%s%d:%.*s", i > 0 ? " " : "", found.stems[i].part, (int)found.stems[i].stem.size,
                 found.stems[i].stem.at);
        strcat(line, one);
    }
    assert_string_equal(line, wanted);
}

static void compounds_fall_into_their_parts(void **state)
{
    expect(*state, "kunstgræsbane", "1:kunst 2:græs 3:bane 255:kunstgræs 255:græsbane");
    expect(*state, "skolebestyrelse", "1:skole 2:bestyrelse");
}

static void a_linking_letter_stands_between_parts(void **state)
{
    expect(*state, "arbejdsplads", "1:arbejd 2:plads");
    expect(*state, "børnehave", "1:børn 1:barn 2:have");
}

static void what_is_no_compound_stays_whole(void **state)
{
    expect(*state, "regnskab", "");
    expect(*state, "overførsel", "");
    expect(*state, "skole", "");
    expect(*state, "kunstxyzbane", "");
    expect(*state, "12345678", "");
    expect(*state, "a", "");
    expect(*state, "\xc3\xa6\xc3\xb8\xc3\xa5\xc3\xa6\xc3\xb8\xc3\xa5", "");
}

static void short_words_are_parts_if_they_are_listed(void **state)
{
    expect(*state, "skolebus", "1:skole 2:bus");
    expect(*state, "årsbudget", "1:år 2:budget");
    expect(*state, "budgetår", "1:budget 2:år");
    expect(*state, "vandbøf", "");
}

/* The last byte is the last of the bits that the search has. */
static void a_word_of_64_bytes_has_parts(void **state)
{
    struct compound found;
    const char *word = "skatteforvaltningskatteforvaltningbestyrelsebestyrelsebestyrelse";
    assert_int_equal(strlen(word), 64);
    compound_word(((struct fixture *)*state)->cache, span_of(word), &found);
    assert_int_equal(found.parts, 5);
    assert_memory_equal(found.stems[4].stem.at, "bestyrelse", found.stems[4].stem.size);
}

static void dictionary_forms_and_irregular_plurals_are_found(void **state)
{
    expect(*state, "budgetter", "0:budget");
    expect(*state, "børn", "0:barn");
}

static void the_cache_remembers_and_is_bounded(void **state)
{
    struct fixture *fixture = *state;
    expect(fixture, "kunstgræsbane", "1:kunst 2:græs 3:bane 255:kunstgræs 255:græsbane");
    size_t asked = fixture->asked;
    uint64_t misses = compound_misses(fixture->cache);
    expect(fixture, "kunstgræsbane", "1:kunst 2:græs 3:bane 255:kunstgræs 255:græsbane");
    assert_int_equal(fixture->asked, asked);
    assert_int_equal(compound_misses(fixture->cache), misses);
    for (int i = 0; i < 20000; i++) {
        char word[64];
        struct compound found;
        snprintf(word, sizeof word, "%cskolebane%c%c%c", 'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676 % 26,
                 'a' + i / 17576);
        compound_word(fixture->cache, span_of(word), &found);
    }
    expect(fixture, "kunstgræsbane", "1:kunst 2:græs 3:bane 255:kunstgræs 255:græsbane");
}

static void the_longest_word_is_answered_soon(void **state)
{
    struct fixture *fixture = *state;
    char word[65];
    for (int i = 0; i < 64; i += 4)
        memcpy(word + i, "bane", 4);
    word[64] = '\0';
    size_t asked = fixture->asked;
    expect(fixture, word, "");
    assert_true(fixture->asked - asked < 3000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(compounds_fall_into_their_parts, start, stop),
        cmocka_unit_test_setup_teardown(a_linking_letter_stands_between_parts, start, stop),
        cmocka_unit_test_setup_teardown(what_is_no_compound_stays_whole, start, stop),
        cmocka_unit_test_setup_teardown(short_words_are_parts_if_they_are_listed, start, stop),
        cmocka_unit_test_setup_teardown(a_word_of_64_bytes_has_parts, start, stop),
        cmocka_unit_test_setup_teardown(dictionary_forms_and_irregular_plurals_are_found, start, stop),
        cmocka_unit_test_setup_teardown(the_cache_remembers_and_is_bounded, start, stop),
        cmocka_unit_test_setup_teardown(the_longest_word_is_answered_soon, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
