/* SCHEMA.md says what schema.h says: every row of its tables, in order, and no other. */
#include "schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

static char *page;

static int start(void **state)
{
    (void)state;
    FILE *file = fopen(REFERENT_SOURCE_DIR "/worker/text/index/SCHEMA.md", "rb");
    page = calloc(1, 1 << 20);
    size_t size = file != NULL && page != NULL ? fread(page, 1, (1 << 20) - 1, file) : 0;
    if (file != NULL)
        fclose(file);
    return size == 0;
}

static int stop(void **state)
{
    (void)state;
    free(page);
    return 0;
}

/* The table under "| head | value |" must be these rows and end. */
static void expect_table(const char *head, const char *rows)
{
    char line[64];
    snprintf(line, sizeof line, "| %s | value |\n| --- | --- |\n", head);
    const char *table = strstr(page, line);
    assert_non_null(table);
    table += strlen(line);
    while (*rows != '\0') {
        const char *end = strchr(rows, '\n');
        size_t size = (size_t)(end + 1 - rows);
        if (strncmp(table, rows, size) != 0)
            fail_msg("SCHEMA.md differs from schema.h; it must say: %.*s", (int)size, rows);
        rows += size;
        table += size;
    }
    assert_int_not_equal(*table, '|');
}

#define ROW(name, string, note)  "| `" string "` | " note " |\n"
#define SLOT(name, number, note) "| `" #number "` | " note " |\n"

static void the_page_and_the_header_agree(void **state)
{
    (void)state;
    expect_table("prefix", SCHEMA_PREFIXES(ROW));
    expect_table("slot", SCHEMA_SLOTS(SLOT));
    expect_table("field", SCHEMA_FIELDS(ROW));
    expect_table("key", SCHEMA_KEYS(ROW));
    char versions[80];
    snprintf(versions, sizeof versions, "Schema version %d, analysis version %d:", SCHEMA_VERSION, ANALYSIS_VERSION);
    assert_non_null(strstr(page, versions));
}

/* Frozen: programs elsewhere count on these numbers. */
static void slots_keep_their_numbers(void **state)
{
    (void)state;
    assert_int_equal(SLOT_DATE, 0);
    assert_int_equal(SLOT_VERSION, 1);
    assert_int_equal(SLOT_ID, 2);
    assert_int_equal(SLOT_CASE, 3);
    assert_int_equal(SLOT_AMOUNT, 4);
    assert_int_equal(SLOT_COMMITTEE, 5);
    assert_int_equal(SLOT_MUNICIPALITY, 6);
    assert_int_equal(SLOT_YEAR, 7);
    assert_int_equal(SLOT_MEMBER, 8);
    assert_int_equal(SLOT_PARTY, 9);
    assert_int_equal(SLOT_OUTCOME, 10);
    assert_int_equal(SLOT_KLE, 11);
    assert_int_equal(SLOT_DIGEST, 12);
}

static void no_prefix_can_be_taken_for_another(void **state)
{
    (void)state;
    for (int a = 0; a < SCHEMA_PREFIX_COUNT; a++) {
        for (int b = 0; b < SCHEMA_PREFIX_COUNT; b++) {
            struct span longer = schema_prefix((enum schema_prefix)a), shorter = schema_prefix((enum schema_prefix)b);
            if (a == b || !span_starts(longer, shorter))
                continue;
            char next = longer.at[shorter.size]; /* values begin with no capital unless a colon stands before */
            assert_true(next >= 'A' && next <= 'Z');
        }
    }
    assert_string_equal(schema_prefix(PREFIX_CASE).at, "XCASE");
    assert_string_equal(schema_field(FIELD_BODY).at, "body");
    assert_string_equal(schema_key(KEY_LINEAGE).at, "lineage");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_and_the_header_agree),
        cmocka_unit_test(slots_keep_their_numbers),
        cmocka_unit_test(no_prefix_can_be_taken_for_another),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
