/* report: the JSON that programs read; its shape is a contract. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report.h"

#include <stdlib.h>

static void expect_json(json_t *report, const char *expected)
{
    assert_non_null(report);
    char *text = json_dumps(report, JSON_COMPACT);
    assert_string_equal(text, expected);
    free(text);
    json_decref(report);
}

static void a_search_is_reported_as_promised(void **state)
{
    (void)state;
    const struct referent_hit hits[] = {{.id = "a.md",
                                         .position = 2,
                                         .item = "2",
                                         .title = "Fleksjob",
                                         .committee = "Udvalget",
                                         .municipality = "Lejre Kommune",
                                         .date = "2020-02-05",
                                         .score = 1.5,
                                         .snippet = "et <mark>tilskud</mark> &amp; til",
                                         .url = ""}};
    const struct referent_facet_value values[] = {{"Udvalget", 3}, {"Byrådet", 1}};
    const struct referent_facet facets[] = {{"committee", values, 2}};
    const uint32_t missing[] = {3};
    const struct referent_shard_sequence sequences[] = {{0, 7}, {2, 9}};
    const struct referent_answer answer = {.total = 4,
                                           .total_exact = true,
                                           .hits = hits,
                                           .hit_count = 1,
                                           .facets = facets,
                                           .facet_count = 1,
                                           .coverage = {4, 3, missing, 1, sequences, 2}};
    expect_json(
        report_answer(&answer),
        "{\"total\":4,\"total_exact\":true,\"hits\":[{\"id\":\"a.md\",\"item\":\"2\",\"title\":\"Fleksjob\","
        "\"committee\":\"Udvalget\",\"municipality\":\"Lejre Kommune\",\"date\":\"2020-02-05\",\"score\":1.5,"
        "\"snippet\":\"et <mark>tilskud</mark> &amp; til\",\"url\":\"\"}],\"facets\":{\"committee\":"
        "[{\"value\":\"Udvalget\",\"count\":3},{\"value\":\"Byrådet\",\"count\":1}]},\"coverage\":{\"shards\":4,"
        "\"answered\":3,\"missing\":[3],\"sequences\":{\"0\":7,\"2\":9}}}");
}

static void an_empty_answer_has_every_key(void **state)
{
    (void)state;
    const struct referent_answer answer = {0};
    expect_json(report_answer(&answer), "{\"total\":0,\"total_exact\":false,\"hits\":[],\"facets\":{},\"coverage\":"
                                        "{\"shards\":0,\"answered\":0,\"missing\":[],\"sequences\":{}}}");
}

static void a_stored_document_keeps_its_nul_bytes(void **state)
{
    (void)state;
    const struct referent_stored stored = {.document = {.id = "a",
                                                        .version = 5,
                                                        .source = "",
                                                        .media_type = "text/plain",
                                                        .body = "x\0y",
                                                        .body_bytes = 3,
                                                        .url = ""},
                                           .shard = 1,
                                           .sequence = 2};
    expect_json(report_stored(&stored), "{\"document\":{\"id\":\"a\",\"version\":5,\"source\":\"\",\"media_type\":"
                                        "\"text/plain\",\"url\":\"\",\"metadata\":{},\"body\":\"x\\u0000y\"},"
                                        "\"meeting\":null,\"entities\":[],\"shard\":1,\"sequence\":2}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_search_is_reported_as_promised),
        cmocka_unit_test(an_empty_answer_has_every_key),
        cmocka_unit_test(a_stored_document_keeps_its_nul_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
