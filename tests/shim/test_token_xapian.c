/* The tokeniser against the real TermGenerator: terms, wdf and positions are equal. */
#include "dictionary.h"
#include "letter.h"
#include "random.h"
#include "reference.h"
#include "sortable.h"
#include "token.h"
#include "utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <dirent.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BYTES = 256 << 20 };

static struct reference *reference;
static struct vocabulary *vocabulary;

static int start(void **state)
{
    (void)state;
    reference = reference_new();
    vocabulary = vocabulary_new((struct stemmer){reference, reference_stem}, NULL, 512);
    return vocabulary == NULL;
}

static int stop(void **state)
{
    (void)state;
    vocabulary_free(&vocabulary);
    reference_free(reference);
    return 0;
}

/* The same calls on both sides; every term, wdf and position must agree. */
static void expect_equal(struct span text)
{
    const struct posting_list *lists;
    struct arena *arena = arena_new(ARENA_BYTES);
    struct dictionary *dictionary = dictionary_new(arena, arena, vocabulary);
    assert_true(dictionary_begin(dictionary) && dictionary_text(dictionary, PREFIX_TITLE, text));
    dictionary_gap(dictionary);
    assert_true(dictionary_text(dictionary, PREFIX_TEXT, text) && dictionary_text(dictionary, PREFIX_NAME, text));
    assert_true(dictionary_end(dictionary) && dictionary_finish(dictionary, &lists));

    reference_begin(reference);
    reference_text(reference, text.at, text.size, "S", false);
    reference_gap(reference, FIELD_GAP);
    reference_text(reference, text.at, text.size, "", false);
    reference_text(reference, text.at, text.size, "XNAME", true);
    const char *term;
    const uint32_t *positions;
    size_t size, count, i = 0;
    uint32_t wdf;
    for (; reference_next(reference, &term, &size, &wdf, &positions, &count); i++) {
        assert_true(i < lists[0].count);
        const struct posting *posting = &lists[0].postings[i];
        assert_true(span_equal(posting->term, (struct span){term, size}));
        assert_int_equal(posting->wdf, wdf);
        assert_int_equal(posting->position_count, count);
        assert_memory_equal(posting->positions, positions, count * sizeof *positions);
    }
    assert_int_equal(i, lists[0].count);
    arena_free(&arena);
}

static void every_character_is_what_xapian_takes_it_for(void **state)
{
    (void)state;
    size_t differing = 0;
    for (uint32_t character = 0; character < 0x110000; character++) {
        bool word = reference_is_word(character);
        if (letter_is_word(character) != word || letter_is_digit(character) != reference_is_digit(character) ||
            (word && letter_lower(character) != reference_lower(character))) {
            print_error("U+%04X is another character to Xapian\n", character);
            differing++;
        }
    }
    assert_int_equal(differing, 0);
}

static void known_traps_are_cut_as_xapian_cuts_them(void **state)
{
    (void)state;
    static const char *const traps[] = {
        "",
        " ",
        "a",
        "AT&T M&S 'n' d'Hondt D\xE2\x80\x99HONDT o\xE2\x80\x9Bx '' a''b a&&b &a a&",
        "U.S.A U.S.A. U.S.a U.S.A5 U.S. A.B.C.d A. .A A.B A.BC A.B.CD x.Y.Z I.B.M's ØST.A",
        "C++ C# C+++ C++++ fish+chips a# a#b ++ #a 1+ 1+1 c++",
        "1.070.664 1,5 1;2 a.1 1.a 1.a.1 1. .1 1..2 15.00.00-G01-87-19",
        "19/11679 306-2009-600 kl. 16.30-18 4:5 kr. 500.000,- 271.697,53",
        "Åse ÆRØ øl ÅÅ \xC3 \xA5 a\xCC\x8A",
        "a\xE2\x80\x8B"
        "b a\xEF\xBB\xBF"
        "b 1\xE2\x81\xA0"
        "2 a\xC2\xAD"
        "b a_b __ _",
        "ß ẞ İ ı ǅ ﬁ ½ ² Ⅷ 一二 カナ 한국",
        "\xFF\xFE\x80 a\xC3",
        "a\xF0\x9F\x98\x80"
        "b",
        "l\xC2\xB7l x\xE2\x80\xA7y",
        "'a b' a'",
    };
    for (size_t i = 0; i < sizeof traps / sizeof *traps; i++)
        expect_equal(span_of(traps[i]));
    expect_equal((struct span){"a\0b", 3});
    char word[80];
    for (size_t size = 60; size <= sizeof word; size++) {
        memset(word, 'a', sizeof word);
        expect_equal((struct span){word, size});
        word[size - 1] = '+';
        expect_equal((struct span){word, size});
        memcpy(word + 58, "å", 2);
        expect_equal((struct span){word, size});
    }
}

/* Pieces that meet each other in every order: words, infixes, suffixes, initials, digits, whole Unicode, broken bytes.
 */
static size_t put_piece(uint64_t *seed, char *out)
{
    static const char *const pieces[] = {"a",
                                         "B",
                                         "kommune",
                                         "sagen",
                                         "Å",
                                         "ø",
                                         "æ",
                                         "1",
                                         "42",
                                         ".",
                                         ",",
                                         ";",
                                         ":",
                                         "'",
                                         "&",
                                         "+",
                                         "#",
                                         "-",
                                         "/",
                                         " ",
                                         " ",
                                         " ",
                                         "\n",
                                         "_",
                                         "A.",
                                         "U.S.",
                                         "\xE2\x80\x99",
                                         "\xE2\x80\x8D",
                                         "\xC2\xB7",
                                         "\xCC\x8A",
                                         "\xEF\xBB\xBF",
                                         "\xE2\x81\x84",
                                         "\xD6\x89",
                                         "udvalgene",
                                         "budgetter",
                                         "\xC3",
                                         "\xFF"};
    uint64_t choice = random_below(seed, 8);
    if (choice < 6) {
        const char *piece = pieces[random_below(seed, sizeof pieces / sizeof *pieces)];
        memcpy(out, piece, strlen(piece));
        return strlen(piece);
    }
    uint32_t character = (uint32_t)random_below(seed, choice == 6 ? 0x3000 : 0x110000);
    return utf8_encode(character, out);
}

static void random_strings_are_cut_as_xapian_cuts_them(void **state)
{
    (void)state;
    for (uint64_t round = 0; round < 20000; round++) {
        char text[1024];
        uint64_t seed = round;
        size_t size = 0, pieces = random_below(&seed, 60);
        for (size_t i = 0; i < pieces; i++)
            size += put_piece(&seed, text + size);
        expect_equal((struct span){text, size});
    }
}

static struct text file_of(struct arena *arena, const char *folder, const char *name)
{
    char path[4096], *bytes;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return (struct text){NULL, 0};
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    bytes = size > 0 ? arena_alloc(arena, (size_t)size) : NULL;
    size_t read = bytes != NULL ? fread(bytes, 1, (size_t)size, file) : 0;
    fclose(file);
    return (struct text){bytes, read};
}

static size_t compare_folder(const char *folder)
{
    size_t count = 0;
    DIR *directory = opendir(folder);
    for (struct dirent *entry; directory != NULL && (entry = readdir(directory)) != NULL;) {
        struct arena *arena = arena_new(ARENA_BYTES);
        struct text text = {NULL, 0};
        if (entry->d_name[0] != '.')
            text = file_of(arena, folder, entry->d_name);
        if (text.size > 0)
            expect_equal((struct span){text.at, text.size});
        count += text.size > 0;
        arena_free(&arena);
    }
    if (directory != NULL)
        closedir(directory);
    return count;
}

/* tests/golden is part of the project; the folders beside the checkout are there on some machines. */
static void minutes_are_cut_as_xapian_cuts_them(void **state)
{
    (void)state;
    size_t count = compare_folder(REFERENT_SOURCE_DIR "/tests/golden") + compare_folder(REFERENT_SOURCE_DIR) +
                   compare_folder(REFERENT_SOURCE_DIR "/../shared/gold") +
                   compare_folder(REFERENT_SOURCE_DIR "/../shared/minutes");
    assert_true(count > 0);
}

static void expect_sortable(double value)
{
    char ours[SORTABLE_MAX_BYTES], theirs[16];
    size_t size = sortable_number(value, ours);
    assert_int_equal(size, reference_sortable(value, theirs));
    assert_memory_equal(ours, theirs, size);
}

static void sortable_numbers_are_xapians(void **state)
{
    (void)state;
    static const double values[] = {0.0,       -0.0,     1.0,     -1.0,     0.5,       -0.5,  2049.0,
                                    1070664.0, -1500.0,  1e-300,  1e300,    -1e300,    0.01,  0.1,
                                    DBL_MAX,   -DBL_MAX, DBL_MIN, INFINITY, -INFINITY, 5e-324};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        expect_sortable(values[i]);
    uint64_t seed = 4;
    for (size_t i = 0; i < 200000; i++) {
        uint64_t bits = random_next(&seed);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (!isnan(value))
            expect_sortable(value);
        expect_sortable((double)(int64_t)(bits >> random_below(&seed, 60)) / 100.0);
        expect_sortable(-(double)(int64_t)(bits >> (1 + random_below(&seed, 60))) / 100.0);
    }
}

/* worker/query/snippet.c rests on it. Words are made of pieces that the stemmer knows, and of any letters. */
static void a_danish_stem_is_how_the_word_begins(void **state)
{
    static const char *const pieces[] = {"løst", "igst", "hed",   "ernes", "ende", "erne", "els", "lig", "ig",
                                         "gd",   "dt",   "gt",    "kt",    "tt",   "ll",   "øst", "s",   "e",
                                         "skol", "budg", "bjørn", "a",     "å",    "b",    "r",   "æ",   "nn"};
    enum { WORDS = 200000, PIECES = sizeof pieces / sizeof *pieces };
    uint64_t random = 7;
    (void)state;
    for (size_t i = 0; i < WORDS; i++) {
        char word[128] = "", stem[128];
        for (size_t n = 1 + random_below(&random, 5); n > 0; n--)
            strcat(word, pieces[random_below(&random, PIECES)]);
        size_t size = reference_stem(reference, word, strlen(word), stem);
        if (size > strlen(word) || memcmp(word, stem, size) != 0)
            fail_msg("the stem of %s is %.*s", word, (int)size, stem);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_character_is_what_xapian_takes_it_for),
        cmocka_unit_test(known_traps_are_cut_as_xapian_cuts_them),
        cmocka_unit_test(random_strings_are_cut_as_xapian_cuts_them),
        cmocka_unit_test(minutes_are_cut_as_xapian_cuts_them),
        cmocka_unit_test(a_danish_stem_is_how_the_word_begins),
        cmocka_unit_test(sortable_numbers_are_xapians),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
