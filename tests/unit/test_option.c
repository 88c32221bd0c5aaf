/* option: the command line, and what was meant by a word that is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "option.h"
#include "suggest.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct parsed {
    bool json;
    const char *source;
    struct option_list member;
    uint64_t limit;
    struct operands operands;
    struct error error;
};

static enum fault parse(struct parsed *parsed, const char *line, bool stop_at_operand)
{
    static char words[256];
    static const char *argv[32];
    size_t argc = 0;
    *parsed = (struct parsed){.limit = 10};
    const struct option_row rows[] = {
        {OPTION_FLAG, "json", 'j', &parsed->json, NULL, "as JSON", 0, 0},
        {OPTION_TEXT, "source", 0, &parsed->source, "NAME", "the tenant", 0, 0},
        {OPTION_LIST, "member", 0, &parsed->member, "NAME", "a member", 0, 0},
        {OPTION_NUMBER, "limit", 0, &parsed->limit, "N", "so many", 1, 1000},
        {OPTION_END, NULL, 0, NULL, NULL, NULL, 0, 0},
    };
    strcpy(words, line);
    for (char *word = strtok(words, "|"); word != NULL; word = strtok(NULL, "|"))
        argv[argc++] = word;
    return option_parse(rows, argc, argv, stop_at_operand, &parsed->operands, &parsed->error);
}

static void values_come_with_a_sign_or_a_space(void **state)
{
    (void)state;
    struct parsed parsed;
    assert_int_equal(parse(&parsed, "--member=Rosa Lyng|a|--member|Bo|--limit|5|-j|b|--source=x=y", false), FAULT_NONE);
    assert_true(parsed.json);
    assert_int_equal(parsed.limit, 5);
    assert_string_equal(parsed.source, "x=y");
    assert_int_equal(parsed.member.count, 2);
    assert_string_equal(parsed.member.items[0], "Rosa Lyng");
    assert_string_equal(parsed.member.items[1], "Bo");
    assert_int_equal(parsed.operands.count, 2);
    assert_string_equal(parsed.operands.words[0], "a");
    assert_string_equal(parsed.operands.words[1], "b");
}

static void two_dashes_end_the_options(void **state)
{
    (void)state;
    struct parsed parsed;
    assert_int_equal(parse(&parsed, "a|--|--json|--|-x", false), FAULT_NONE);
    assert_false(parsed.json);
    assert_int_equal(parsed.operands.count, 4);
    assert_string_equal(parsed.operands.words[2], "--");
    assert_int_equal(parse(&parsed, "-|x", false), FAULT_NONE);
    assert_string_equal(parsed.operands.words[0], "-");
}

static void a_command_keeps_its_own_words(void **state)
{
    (void)state;
    struct parsed parsed;
    assert_int_equal(parse(&parsed, "--json|search|--limit|x|--", true), FAULT_NONE);
    assert_true(parsed.json);
    assert_int_equal(parsed.operands.count, 4);
}

static void what_is_wrong_is_said(void **state)
{
    (void)state;
    static const struct {
        const char *line, *says;
    } cases[] = {
        {"--membr|x", "did you mean --member?"},
        {"--zzzzzzzz", "--help lists them"},
        {"-x", "there is no option -x"},
        {"-jj", "there is no option -jj"},
        {"--json=1", "takes no value"},
        {"--limit", "needs a value: --limit N"},
        {"--limit|0", "from 1 to 1000"},
        {"--limit=1001", "from 1 to 1000"},
        {"--limit|1x", "not '1x'"},
        {"--limit=99999999999999999999999", "from 1 to 1000"},
        {"--limit=-1", "from 1 to 1000"},
        {"--source=", "not empty"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct parsed parsed;
        assert_int_equal(parse(&parsed, cases[i].line, false), FAULT_REJECT);
        assert_string_equal(parsed.error.rule, "usage.option");
        if (strstr(parsed.error.text, cases[i].says) == NULL)
            fail_msg("%s: %s", cases[i].line, parsed.error.text);
    }
}

static void a_list_has_an_end(void **state)
{
    (void)state;
    struct option_list list = {0};
    struct operands operands;
    struct error error;
    const struct option_row rows[] = {{OPTION_LIST, "member", 0, &list, "NAME", "a member", 0, 0},
                                      {OPTION_END, NULL, 0, NULL, NULL, NULL, 0, 0}};
    const char *argv[OPTION_LIST_MAX + 1];
    for (size_t i = 0; i <= OPTION_LIST_MAX; i++)
        argv[i] = "--member=x";
    assert_int_equal(option_parse(rows, OPTION_LIST_MAX + 1, argv, false, &operands, &error), FAULT_REJECT);
    assert_int_equal(list.count, OPTION_LIST_MAX);
}

static void the_nearest_word_is_meant(void **state)
{
    (void)state;
    static const char *const words[] = {"feed", "search", "get", "delete", "extract", "status"};
    assert_string_equal(suggest("serach", words, 6), "search");
    assert_string_equal(suggest("stauts", words, 6), "status");
    assert_string_equal(suggest("fed", words, 6), "feed");
    assert_string_equal(suggest("delte", words, 6), "delete");
    assert_null(suggest("frobnicate", words, 6));
    assert_null(suggest("", words, 6));
    assert_int_equal(word_distance("abc", "acb"), 1);
    assert_int_equal(word_distance("", "abc"), 3);
    char longest[200];
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_int_equal(word_distance(longest, "a"), UINT_MAX);
    assert_null(suggest(longest, words, 6));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_with_a_sign_or_a_space),
        cmocka_unit_test(two_dashes_end_the_options),
        cmocka_unit_test(a_command_keeps_its_own_words),
        cmocka_unit_test(what_is_wrong_is_said),
        cmocka_unit_test(a_list_has_an_end),
        cmocka_unit_test(the_nearest_word_is_meant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
