/* The order of versions, row by row of the table in version.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "version.h"

static const unsigned char same[16] = {1}, other[16] = {2};

struct row {
    enum presence_state state;
    uint64_t there;
    enum job_kind kind;
    uint64_t version;
    const unsigned char *digest;
    enum receipt_status status;
    bool apply;
};

static const struct row rows[] = {
    {STATE_ABSENT, 0, JOB_SUBMIT, 0, same, RECEIPT_COMMITTED, true},
    {STATE_ABSENT, 0, JOB_SUBMIT, 7, same, RECEIPT_COMMITTED, true},
    {STATE_ABSENT, 0, JOB_DELETE, 0, same, RECEIPT_COMMITTED, true},
    {STATE_PRESENT, 0, JOB_SUBMIT, 0, same, RECEIPT_UNCHANGED, false},
    {STATE_PRESENT, 0, JOB_SUBMIT, 0, other, RECEIPT_COMMITTED, true},
    {STATE_PRESENT, 5, JOB_SUBMIT, 0, other, RECEIPT_SUPERSEDED, false},
    {STATE_PRESENT, 5, JOB_SUBMIT, 4, same, RECEIPT_SUPERSEDED, false},
    {STATE_PRESENT, 5, JOB_SUBMIT, 5, same, RECEIPT_UNCHANGED, false},
    {STATE_PRESENT, 5, JOB_SUBMIT, 5, other, RECEIPT_REJECTED, false},
    {STATE_PRESENT, 5, JOB_SUBMIT, 6, same, RECEIPT_COMMITTED, true},
    {STATE_PRESENT, 0, JOB_SUBMIT, 1, same, RECEIPT_COMMITTED, true},
    {STATE_PRESENT, 5, JOB_DELETE, 0, same, RECEIPT_SUPERSEDED, false},
    {STATE_PRESENT, 5, JOB_DELETE, 4, same, RECEIPT_SUPERSEDED, false},
    {STATE_PRESENT, 5, JOB_DELETE, 5, same, RECEIPT_COMMITTED, true},
    {STATE_PRESENT, 0, JOB_DELETE, 0, same, RECEIPT_COMMITTED, true},
    {STATE_DELETED, 0, JOB_SUBMIT, 0, same, RECEIPT_COMMITTED, true},
    {STATE_DELETED, 5, JOB_SUBMIT, 0, same, RECEIPT_SUPERSEDED, false},
    {STATE_DELETED, 5, JOB_SUBMIT, 5, same, RECEIPT_SUPERSEDED, false},
    {STATE_DELETED, 5, JOB_SUBMIT, 6, same, RECEIPT_COMMITTED, true},
    {STATE_DELETED, 0, JOB_DELETE, 0, same, RECEIPT_UNCHANGED, false},
    {STATE_DELETED, 5, JOB_DELETE, 0, same, RECEIPT_UNCHANGED, false},
    {STATE_DELETED, 5, JOB_DELETE, 5, same, RECEIPT_UNCHANGED, false},
    {STATE_DELETED, 5, JOB_DELETE, 6, same, RECEIPT_COMMITTED, true},
};

static void every_row_of_the_table_holds(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        struct version_state there = {.state = row->state, .version = row->there};
        memcpy(there.digest, same, sizeof there.digest);
        bool apply;
        enum receipt_status status = version_decide(&there, row->kind, row->version, row->digest, &apply);
        if (status != row->status || apply != row->apply)
            fail_msg("row %zu: status %d, apply %d", i, status, apply);
    }
}

/* What a repair could not read is replaced by whatever comes of the same version. */
static void an_unknown_digest_is_equal_to_none(void **state)
{
    (void)state;
    struct version_state there = {.state = STATE_PRESENT, .version = 5};
    bool apply;
    assert_int_equal(version_decide(&there, JOB_SUBMIT, 5, same, &apply), RECEIPT_COMMITTED);
    assert_true(apply);
    assert_int_equal(version_decide(&there, JOB_SUBMIT, 4, same, &apply), RECEIPT_SUPERSEDED);
    assert_false(apply);
}

/* Any order of arrival of versioned submits and deletes ends in the same state. */
static void order_of_arrival_does_not_matter(void **state)
{
    (void)state;
    static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (unsigned kinds = 0; kinds < 8; kinds++)
        for (size_t order = 0; order < 6; order++) {
            struct version_state there = {.state = STATE_ABSENT};
            for (int step = 0; step < 3; step++) {
                int which = orders[order][step];
                enum job_kind kind = kinds >> which & 1 ? JOB_DELETE : JOB_SUBMIT;
                bool apply;
                (void)version_decide(&there, kind, (uint64_t)which + 1, same, &apply);
                if (apply) {
                    there.state = kind == JOB_DELETE ? STATE_DELETED : STATE_PRESENT;
                    there.version = (uint64_t)which + 1;
                    memcpy(there.digest, same, sizeof there.digest);
                }
            }
            assert_int_equal(there.version, 3);
            assert_int_equal(there.state, kinds >> 2 & 1 ? STATE_DELETED : STATE_PRESENT);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_of_the_table_holds),
        cmocka_unit_test(an_unknown_digest_is_equal_to_none),
        cmocka_unit_test(order_of_arrival_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
