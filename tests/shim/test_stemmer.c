/* Our stemmer against Xapian's: every word of the dictionary, and words made of the endings that it knows, in every
 * order. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random.h"
#include "reference.h"
#include "span.h"
#include "stemmer.h"

#include <stdio.h>
#include <stdlib.h>

static struct reference *reference;

static int start(void **state)
{
    (void)state;
    reference = reference_new();
    return reference == NULL;
}

static int stop(void **state)
{
    (void)state;
    reference_free(reference);
    return 0;
}

static void compare(const char *word, size_t size)
{
    char ours[128], theirs[128];
    struct stemmer stemmer = danish_stemmer();
    size_t own = stemmer.stem(stemmer.self, word, size, ours), other = reference_stem(reference, word, size, theirs);
    if (!span_equal((struct span){ours, own}, (struct span){theirs, other}))
        fail_msg("'%.*s' becomes '%.*s', for Xapian '%.*s'", (int)size, word, (int)own, ours, (int)other, theirs);
}

static void words_of_the_dictionary_have_the_stems_of_xapian(void **state)
{
    (void)state;
    char *line = NULL;
    size_t room = 0, words = 0;
    FILE *from = fopen(DICTIONARY_FOLDER "/da_DK.dic", "re");
    assert_non_null(from);
    while (getline(&line, &room, from) > 0) {
        size_t size = strcspn(line, "/ \t\r\n");
        if (size == 0 || size > 64)
            continue;
        compare(line, size);
        words++;
    }
    assert_true(words > 100000);
    free(line);
    fclose(from);
}

static void pieces_in_every_order_have_the_stems_of_xapian(void **state)
{
    (void)state;
    static const char *const pieces[] = {"a",
                                         "e",
                                         "i",
                                         "o",
                                         "u",
                                         "y",
                                         "æ",
                                         "ø",
                                         "å",
                                         "b",
                                         "c",
                                         "d",
                                         "f",
                                         "g",
                                         "h",
                                         "j",
                                         "k",
                                         "l",
                                         "m",
                                         "n",
                                         "p",
                                         "r",
                                         "s",
                                         "t",
                                         "v",
                                         "x",
                                         "z",
                                         "hed",
                                         "en",
                                         "et",
                                         "er",
                                         "ere",
                                         "ene",
                                         "ende",
                                         "erne",
                                         "ens",
                                         "ers",
                                         "ets",
                                         "erets",
                                         "ig",
                                         "els",
                                         "lig",
                                         "st",
                                         "elig",
                                         "løst",
                                         "igst",
                                         "gd",
                                         "dt",
                                         "gt",
                                         "kt",
                                         "eren",
                                         "hedens",
                                         "erede",
                                         "1",
                                         "22",
                                         "_",
                                         "A",
                                         "II",
                                         "é",
                                         "ß",
                                         "\xE2\x80\xA7",
                                         "\xF0\x9F\x98\x80",
                                         "'"};
    uint64_t seed = 1;
    for (size_t round = 0; round < 300000; round++) {
        char word[64];
        size_t size = 0;
        for (size_t left = 1 + random_below(&seed, 8); left > 0; left--) {
            struct span piece = span_of(pieces[random_below(&seed, sizeof pieces / sizeof *pieces)]);
            if (size + piece.size > sizeof word)
                break;
            memcpy(word + size, piece.at, piece.size);
            size += piece.size;
        }
        compare(word, size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_the_dictionary_have_the_stems_of_xapian),
        cmocka_unit_test(pieces_in_every_order_have_the_stems_of_xapian),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
