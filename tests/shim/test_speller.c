/* The table of word forms against Hunspell, whose answers it gives a hundred times faster: real words, words with
 * suffixes that may or may not fit, and pieces cut out of words. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "speller.h"

#include <hunspell/hunspell.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_MAX = 64, EVERY = 97 };

struct bench {
    struct speller *speller;
    struct wordbook words;
    Hunhandle *hunspell;
    size_t asked, known, refused;
};

/* Hunspell with the affix file less its rules for compounds, which are ours to cut. */
static Hunhandle *hunspell_plain(void)
{
    char path[] = "/tmp/referent-affixes-XXXXXX", *line = NULL;
    size_t room = 0;
    FILE *from = fopen(DICTIONARY_FOLDER "/da_DK.aff", "re"), *to = fdopen(mkstemp(path), "w");
    while (getline(&line, &room, from) > 0)
        if (strncmp(line, "COMPOUND", 8) != 0 && strncmp(line, "CHECKCOMPOUND", 13) != 0)
            fputs(line, to);
    free(line);
    fclose(from);
    fclose(to);
    Hunhandle *handle = Hunspell_create(path, DICTIONARY_FOLDER "/da_DK.dic");
    remove(path);
    return handle;
}

static int start(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    struct error err;
    if (speller_open(&bench->speller, &err) != FAULT_NONE)
        fail_msg("%s", err.text);
    bench->words = speller_wordbook(bench->speller);
    bench->hunspell = hunspell_plain();
    *state = bench;
    return bench->hunspell == NULL;
}

static int stop(void **state)
{
    struct bench *bench = *state;
    speller_close(&bench->speller);
    Hunspell_destroy(bench->hunspell);
    free(bench);
    return 0;
}

/* The forms that Hunspell names are ours too, as far as there is room for them. */
static void compare_forms(struct bench *bench, const char *word)
{
    char ours[WORDBOOK_FORMS_MAX][WORDBOOK_WORD_BYTES];
    char **theirs = NULL;
    int count = Hunspell_stem(bench->hunspell, &theirs, word);
    size_t own = bench->words.forms(bench->words.self, word, ours);
    for (int i = 0; i < count && own < WORDBOOK_FORMS_MAX; i++) {
        bool found = false;
        for (size_t n = 0; n < own; n++)
            found = found || strcmp(ours[n], theirs[i]) == 0;
        if (!found)
            fail_msg("'%s' is a form of '%s' for Hunspell alone", word, theirs[i]);
    }
    Hunspell_free_list(bench->hunspell, &theirs, count);
}

static void compare(struct bench *bench, const char *word)
{
    bool theirs = Hunspell_spell(bench->hunspell, word) != 0;
    bool ours = bench->words.knows(bench->words.self, word);
    if (theirs != ours)
        fail_msg("'%s' is %s for Hunspell, and %s here", word, theirs ? "a word" : "none", ours ? "a word" : "none");
    /* behind the word, and where more follows than it has */
    char longer[WORD_MAX + 16], before[WORD_MAX + 16];
    size_t size = strlen(word);
    snprintf(longer, sizeof longer, "%smed", word);
    uint32_t all = UINT32_MAX << WORDBOOK_LENGTH_MIN, own = size < WORDBOOK_LENGTH_MIN ? 0 : wordbook_length(size);
    bool possible = own == 0 || (bench->words.lengths(bench->words.self, word, size, all) & own) != 0;
    bool ends = own == 0 || (bench->words.tails(bench->words.self, word, size, all) & own) != 0;
    if (ours && !possible)
        fail_msg("'%s' is a word, but none of its length is said to begin so", word);
    if (ours && !ends)
        fail_msg("'%s' is a word, but none of its length is said to end so", word);
    snprintf(before, sizeof before, "med%s", word);
    if (possible && ends && own != 0 && !(bench->words.tails(bench->words.self, before, size + 3, own) & own))
        fail_msg("'%s' is possible, but not where more stands before it", word);
    if (possible && own != 0 && !(bench->words.lengths(bench->words.self, longer, size + 3, own) & own) &&
        (ours || size < 8))
        fail_msg("'%s' is possible, but not where more follows", word);
    bench->refused += !possible;
    bench->asked++;
    bench->known += ours;
    if (ours)
        compare_forms(bench, word);
}

static void compare_family(struct bench *bench, const char *word)
{
    static const char *const suffixes[] = {"", "s", "en", "et", "er", "erne", "ernes", "ens", "e", "ede", "t", "es"};
    char made[WORD_MAX + 8];
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        snprintf(made, sizeof made, "%s%s", word, suffixes[i]);
        compare(bench, made);
    }
    for (size_t size = 4; size < strlen(word); size++) {
        snprintf(made, size + 1, "%s", word);
        if (((unsigned char)word[size] & 0xC0) != 0x80)
            compare(bench, made);
        if (((unsigned char)word[size] & 0xC0) != 0x80 && strlen(word + size) > 3)
            compare(bench, word + size);
    }
}

static bool is_plain(const char *word)
{
    for (const unsigned char *at = (const unsigned char *)word; *at; at++)
        if (*at < 'a' && *at != '\0')
            return false;
    return strlen(word) > 2 && strlen(word) < WORD_MAX && strstr(word, "\xC3\x85") == NULL &&
           strstr(word, "\xC3\x86") == NULL && strstr(word, "\xC3\x98") == NULL && strstr(word, "\xC3\x89") == NULL;
}

static void the_table_answers_as_hunspell_does(void **state)
{
    struct bench *bench = *state;
    char *line = NULL;
    size_t room = 0, number = 0;
    FILE *list = fopen(DICTIONARY_FOLDER "/da_DK.dic", "re");
    assert_non_null(list);
    while (getline(&line, &room, list) > 0) {
        line[strcspn(line, "/ \t\r\n")] = '\0';
        if (number++ % EVERY == 1 && is_plain(line))
            compare_family(bench, line);
    }
    free(line);
    fclose(list);
    assert_in_range(bench->known, bench->asked / 10, bench->asked);
    assert_true(bench->asked > 20000);
    assert_in_range(bench->refused, (bench->asked - bench->known) / 3, bench->asked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_table_answers_as_hunspell_does, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
