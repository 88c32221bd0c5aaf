/* dictionary: a record's terms come out in the order of bytes, however alike they begin, and the same whether the
 * vocabulary holds them all or is emptied on the way. */
#include "dictionary.h"
#include "familiar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

/* Each term once: a beginning that many share, then the bits of a number. The size of the whole goes past that of a
 * sort key on both sides. */
static size_t term_write(char out[static 64], unsigned family, unsigned number, unsigned bits)
{
    size_t size = (size_t)snprintf(out, 64, "%.*s", (int)family, "XQueenlyish");
    out[size++] = 'a';
    for (unsigned bit = 0; bit < bits; bit++)
        out[size++] = number >> bit & 1 ? (char)0xC3 : '!';
    return size;
}

/* As many of the terms of each family as `count` asks for, in one document of two. */
static void expect_ascending(unsigned count, unsigned bits)
{
    enum { FAMILIES = 11 };
    struct arena *arena = arena_new(64 << 20);
    struct dictionary *dictionary = dictionary_new(arena, arena, NULL);
    const struct posting_list *lists;
    assert_non_null(dictionary);
    assert_true(dictionary_begin(dictionary) && dictionary_end(dictionary) && dictionary_begin(dictionary));
    for (unsigned family = 0; family < FAMILIES; family++)
        for (unsigned i = 0; i < count; i++) {
            char term[64];
            bool fresh;
            size_t size = term_write(term, family, (i * 7919U) & ((1U << bits) - 1), bits);
            assert_true(dictionary_term(dictionary, (struct span){term, size}, &fresh));
            assert_true(fresh);
        }
    assert_true(dictionary_end(dictionary) && dictionary_finish(dictionary, &lists));
    assert_int_equal(lists[0].count, 0);
    assert_int_equal(lists[1].count, FAMILIES * count);
    for (size_t i = 1; i < lists[1].count; i++)
        assert_true(span_compare(lists[1].postings[i - 1].term, lists[1].postings[i].term) < 0);
    arena_free(&arena);
}

static void terms_that_begin_alike_are_in_order(void **state)
{
    (void)state;
    expect_ascending(1, 0);
    for (unsigned bits = 1; bits <= 12; bits++) {
        expect_ascending(1U << bits, bits); /* every number of so many bits, in the order of a multiplication */
        expect_ascending(1, bits);
    }
    expect_ascending(17, 20);
    expect_ascending(16, 20);
}

/* A stemmer and a wordbook of the test's own: words lose their last letter, and every word of eight letters is two of
 * four. */
static size_t stem_shorter(void *self, const char *word, size_t size, char out[static 128])
{
    (void)self;
    memcpy(out, word, size - 1);
    return size - 1;
}

static bool knows(void *self, const char *word)
{
    (void)self;
    return strlen(word) == 4;
}

static size_t forms(void *self, const char *word, char out[WORDBOOK_FORMS_MAX][WORDBOOK_WORD_BYTES])
{
    (void)self;
    strcpy(out[0], word);
    return 1;
}

enum { DOCUMENTS = 3, WORDS_EACH = 400, DIFFERENT = 150 };

/* Words of one, two and eight letters that come again, under all prefixes, with boolean terms between them. */
static void document_add(struct dictionary *dictionary, unsigned number)
{
    static const enum schema_prefix prefixes[] = {PREFIX_TITLE, PREFIX_TEXT, PREFIX_TEXT, PREFIX_NAME};
    assert_true(dictionary_begin(dictionary));
    for (unsigned i = 0; i < WORDS_EACH; i++) {
        char text[64];
        unsigned word = (i * 7919 + number * 31) % DIFFERENT, size = word % 3 == 0 ? 8 : word % 3;
        for (unsigned letter = 0; letter < size; letter++)
            text[letter] = (char)('a' + (word / (letter % 4 + 1) + letter) % 26);
        text[size] = ' ';
        assert_true(dictionary_text(dictionary, prefixes[i % 4], (struct span){text, size + 1}));
        if (i % 5 == 0)
            dictionary_gap(dictionary);
        text[0] = 'X';
        assert_true(dictionary_term(dictionary, (struct span){text, size}, NULL));
    }
    assert_true(dictionary_end(dictionary));
}

static const struct posting_list *lists_of(struct arena *arena, struct vocabulary *vocabulary)
{
    const struct posting_list *lists;
    struct dictionary *dictionary = dictionary_new(arena, arena, vocabulary);
    for (unsigned i = 0; i < DOCUMENTS; i++)
        document_add(dictionary, i);
    assert_true(dictionary_finish(dictionary, &lists));
    return lists;
}

static void expect_same_list(const struct posting_list *a, const struct posting_list *b)
{
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->bytes, b->bytes);
    for (size_t n = 0; n < a->count; n++) {
        const struct posting *left = &a->postings[n], *right = &b->postings[n];
        assert_true(span_equal(left->term, right->term));
        assert_int_equal(left->wdf, right->wdf);
        assert_int_equal(left->position_count, right->position_count);
        assert_memory_equal(left->positions, right->positions, left->position_count * sizeof *left->positions);
    }
}

static void expect_same(const struct posting_list *a, const struct posting_list *b)
{
    for (size_t i = 0; i < DOCUMENTS; i++) {
        assert_in_range(a[i].count, DIFFERENT, SIZE_MAX);
        expect_same_list(&a[i], &b[i]);
    }
}

static void a_full_vocabulary_changes_nothing(void **state)
{
    (void)state;
    const struct wordbook words = {.knows = knows, .forms = forms};
    struct arena *arena = arena_new(64 << 20);
    struct vocabulary *large = vocabulary_new((struct stemmer){NULL, stem_shorter}, &words, 10000);
    const struct posting_list *wanted = lists_of(arena, large);
    for (size_t most = 16; most <= 1024; most *= 2) {
        struct vocabulary *small = vocabulary_new((struct stemmer){NULL, stem_shorter}, &words, most);
        for (unsigned again = 0; again < 3; again++)
            expect_same(wanted, lists_of(arena, small));
        vocabulary_free(&small);
    }
    expect_same(wanted, lists_of(arena, large));
    vocabulary_free(&large);
    arena_free(&arena);
}

/* One number, one term; terms of words have one, as long as nobody cleared the vocabulary between. */
static void numbers_tell_terms_apart(void **state)
{
    enum { NUMBERS = 1 << 16, LARGE = 1 << 14 };
    (void)state;
    const struct wordbook words = {.knows = knows, .forms = forms};
    struct arena *arena = arena_new(64 << 20);
    for (size_t most = LARGE / 64; most <= LARGE; most *= 8) {
        struct vocabulary *vocabulary = vocabulary_new((struct stemmer){NULL, stem_shorter}, &words, most);
        struct span *terms = NULL;
        uint64_t numbering = 0;
        size_t numbered = 0;
        for (unsigned again = 0; again < 4; again++) {
            const struct posting_list *lists = lists_of(arena, vocabulary);
            if (numbering != vocabulary_numbering(vocabulary))
                terms = arena_zero(arena, NUMBERS, sizeof *terms);
            numbering = vocabulary_numbering(vocabulary);
            for (size_t i = 0; i < DOCUMENTS; i++)
                for (size_t n = 0; n < lists[i].count && lists[i].numbers != NULL; n++) {
                    uint32_t number = lists[i].numbers[n];
                    struct span term = lists[i].postings[n].term;
                    assert_int_equal(number != 0, term.at[0] == 'Z' || span_starts(term, SPAN("XNAME")));
                    assert_true(number < NUMBERS);
                    assert_true(number == 0 || terms[number].at == NULL || span_equal(terms[number], term));
                    terms[number] = term;
                    numbered += number != 0;
                }
        }
        assert_true(numbered > 0 || most < LARGE);
        vocabulary_free(&vocabulary);
    }
    arena_free(&arena);
}

/* Two documents of names that come again, and of what stands between them. */
static const struct posting_list *names_of(struct arena *arena, struct vocabulary *vocabulary, bool again)
{
    static const char *const names[] = {"Anna Bek", "Bo Anna Lund-Bek", "Bek 1234567", "-"};
    enum { NAMES = sizeof names / sizeof *names };
    struct dictionary_words words[NAMES];
    const struct posting_list *lists;
    struct dictionary *dictionary = dictionary_new(arena, arena, vocabulary);
    for (unsigned i = 0; i < 2; i++) {
        assert_true(dictionary_begin(dictionary));
        for (size_t n = 0; n < NAMES * (i + 2); n++) {
            struct span name = span_of(names[n % NAMES]);
            dictionary_gap(dictionary);
            bool first = i == 0 && n < NAMES;
            assert_true(first   ? dictionary_words(dictionary, PREFIX_NAME, name, &words[n])
                        : again ? dictionary_words_again(dictionary, words[n % NAMES])
                                : dictionary_text(dictionary, PREFIX_NAME, name));
            assert_true(dictionary_text(dictionary, PREFIX_TEXT, SPAN("Bek er her")));
        }
        assert_true(dictionary_end(dictionary));
    }
    assert_true(dictionary_finish(dictionary, &lists));
    return lists;
}

static void words_said_again_are_those_of_the_text(void **state)
{
    (void)state;
    struct arena *arena = arena_new(16 << 20);
    for (size_t most = 16; most <= 1024; most *= 64) {
        struct vocabulary *vocabulary = vocabulary_new((struct stemmer){NULL, stem_shorter}, NULL, most);
        const struct posting_list *wanted = names_of(arena, vocabulary, false);
        const struct posting_list *found = names_of(arena, vocabulary, true);
        for (size_t i = 0; i < 2; i++)
            expect_same_list(&wanted[i], &found[i]);
        vocabulary_free(&vocabulary);
    }
    arena_free(&arena);
}

/* What is asked again is the same one, and values under another prefix are others. */
static void familiars_are_known_by_prefix_and_value(void **state)
{
    enum { VALUES = 1000 };
    (void)state;
    struct arena *arena = arena_new(16 << 20);
    struct familiars familiars = {0};
    for (unsigned again = 0; again < 2; again++)
        for (unsigned i = 0; i < VALUES; i++) {
            struct text value = arena_format(arena, "%u", i);
            struct span bytes = {value.at, value.size};
            struct familiar *member = familiar_of(&familiars, arena, PREFIX_MEMBER, bytes);
            struct familiar *party = familiar_of(&familiars, arena, PREFIX_PARTY, bytes);
            assert_true(member != NULL && party != NULL && member != party);
            assert_int_equal(member->term, again ? i + 1 : 0);
            assert_int_equal(party->term, again ? i + 1 + VALUES : 0);
            member->term = i + 1;
            party->term = i + 1 + VALUES;
        }
    assert_int_equal(familiars.count, 2 * VALUES);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terms_that_begin_alike_are_in_order), cmocka_unit_test(a_full_vocabulary_changes_nothing),
        cmocka_unit_test(numbers_tell_terms_apart), cmocka_unit_test(words_said_again_are_those_of_the_text),
        cmocka_unit_test(familiars_are_known_by_prefix_and_value)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
