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

static uint32_t lengths(void *self, const char *bytes, size_t size, uint32_t wanted)
{
    uint32_t found = 0;
    (void)self;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) <= size && memcmp(words[i], bytes, strlen(words[i])) == 0)
            found |= wordbook_length(strlen(words[i]));
    return found & wanted;
}

static uint32_t tails(void *self, const char *bytes, size_t size, uint32_t wanted)
{
    uint32_t found = 0;
    (void)self;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t has = strlen(words[i]);
        if (has <= size && memcmp(words[i], bytes + size - has, has) == 0)
            found |= wordbook_length(has);
    }
    return found & wanted;
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
    struct compound_cache *cache;
};

static int start(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    fixture->cache = compound_cache_new(
        (struct wordbook){.self = fixture, .knows = knows, .forms = forms, .lengths = lengths, .tails = tails},
        (struct stemmer){NULL, stem_nothing}, 64);
    *state = fixture;
    return fixture->cache == NULL;
}

static int stop(void **state)
{
    struct fixture *fixture = *state;
    compound_cache_free(&fixture->cache);
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

/* ---- beside a search that tries all ways */

static const char *const tangled[] = {"sane",  "nesa",   "lise",  "esne",    "nese",   "sesa",   "alis",
                                      "sanes", "nesane", "isane", "lisesa",  "saneli", "busane", "salise",
                                      "essal", "nebus",  "seli",  "sisanes", "byne",   "lissne"};
static const char *const listed_short[] = {
#define COMPOUND_SHORT(word) word,
#include "compound.def"
};
static const char *const used_short[] = {"is", "by", "bus", "sal", "net"};

static bool is_tangled(void *self, const char *word)
{
    (void)self;
    for (size_t i = 0; i < sizeof tangled / sizeof *tangled; i++)
        if (strcmp(tangled[i], word) == 0)
            return true;
    return false;
}

static size_t itself(void *self, const char *word, char out[WORDBOOK_FORMS_MAX][WORDBOOK_WORD_BYTES])
{
    strcpy(out[0], word);
    return is_tangled(self, word);
}

static bool is_piece(const char *at, size_t size)
{
    char piece[65];
    snprintf(piece, sizeof piece, "%.*s", (int)size, at);
    for (size_t i = 0; i < sizeof listed_short / sizeof *listed_short && size < 4; i++)
        if (strcmp(listed_short[i], piece) == 0)
            return true;
    return size >= 4 && is_tangled(NULL, piece);
}

/* Where the parts begin and end, 0 if there is no way to cut the word. */
static size_t cut_plainly(const char *word, size_t size, size_t starts[64], size_t ends[64])
{
    unsigned cost[65] = {1};
    size_t start[65] = {0}, end[65] = {0}, count = 0;
    for (size_t from = 0; from < size; from++)
        for (size_t to = from + 2; to <= size && cost[from] != 0; to++)
            for (size_t link = 0; link < 2 && to + link <= size && to - from < size; link++) {
                bool linked = link == 0 || (to + link < size && (word[to] == 's' || word[to] == 'e'));
                size_t has = to - from;
                unsigned found = cost[from] + 20 + (has < 4 ? 12 : 0) + (has < 5 ? 4 : 0) + (unsigned)link;
                size_t at = to + link;
                if (!linked || !is_piece(word + from, has) || (cost[at] != 0 && cost[at] <= found))
                    continue;
                cost[at] = found, start[at] = from, end[at] = to;
            }
    for (size_t at = cost[size] != 0 && size >= 6 ? size : 0; at > 0; at = start[at])
        count++;
    for (size_t at = size, i = count; i > 0; at = start[at])
        i--, starts[i] = start[at], ends[i] = end[at];
    return count >= 2 && count <= COMPOUND_PARTS_MAX ? count : 0;
}

/* The parts, each with a blank behind it. How many. */
static size_t cut_fully(const char *word, size_t size, size_t room, char *out)
{
    size_t starts[64], ends[64], count = cut_plainly(word, size, starts, ends), used = 0;
    if (count == 0 || count > room) {
        sprintf(out + strlen(out), "%.*s ", (int)size, word);
        return 1;
    }
    for (size_t i = 0; i < count; i++)
        used += cut_fully(word + starts[i], ends[i] - starts[i], room - used - (count - 1 - i), out);
    return used;
}

static void the_cheapest_way_is_found_among_many(void **state)
{
    struct compound_cache *cache = compound_cache_new((struct wordbook){.knows = is_tangled, .forms = itself},
                                                      (struct stemmer){NULL, stem_nothing}, 64);
    unsigned draw = 1849, cut[COMPOUND_PARTS_MAX + 1] = {0};
    (void)state;
    assert_non_null(cache);
    for (int i = 0; i < 20000; i++) {
        char word[65] = "", wanted[256] = "", given[256] = "";
        struct compound found;
        for (size_t pieces = 2 + (draw = draw * 1103515245 + 12345) / 65536 % 4; pieces > 0; pieces--) {
            static const char *const links[] = {"", "", "s", "e"};
            unsigned piece = (draw = draw * 1103515245 + 12345) / 65536 % 25;
            strcat(word, piece < 20 ? tangled[piece] : used_short[piece - 20]);
            strcat(word, pieces > 1 ? links[(draw = draw * 1103515245 + 12345) / 65536 % 4] : "");
        }
        size_t count = cut_fully(word, strlen(word), COMPOUND_PARTS_MAX, wanted);
        compound_word(cache, span_of(word), &found);
        assert_int_equal(found.parts, count > 1 ? count : 0);
        for (size_t at = 0; at < found.count && found.stems[at].part != COMPOUND_JOIN; at++)
            sprintf(given + strlen(given), "%.*s ", (int)found.stems[at].stem.size, found.stems[at].stem.at);
        if (count > 1)
            assert_string_equal(given, wanted);
        cut[count > 1 ? count : 0]++;
    }
    for (size_t parts = 2; parts <= COMPOUND_PARTS_MAX; parts++)
        assert_true(cut[parts] > 100);
    compound_cache_free(&cache);
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
        cmocka_unit_test(the_cheapest_way_is_found_among_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
