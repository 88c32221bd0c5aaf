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
    const struct referent_weight weights[] = {{"Ztilskud", 12, 2.5}};
    const struct referent_understood understood[] = {{"date", "i 2019", "2019", true}};
    const struct referent_hit hits[] = {{.id = "a.md",
                                         .position = 2,
                                         .item = "2",
                                         .title = "Fleksjob",
                                         .committee = "Udvalget",
                                         .municipality = "Lejre Kommune",
                                         .date = "2020-02-05",
                                         .score = 1.5,
                                         .snippet = "et <mark>tilskud</mark> &amp; til",
                                         .url = "",
                                         .case_number = "19/11679",
                                         .outcome = "",
                                         .kle = "",
                                         .collapsed = 2,
                                         .weights = weights,
                                         .weight_count = 1}};
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
                                           .coverage = {4, 3, missing, 1, sequences, 2},
                                           .relaxed = true,
                                           .all_words = 1,
                                           .understood = understood,
                                           .understood_count = 1,
                                           .suggestion = "tilskud",
                                           .explanation = "Query(Ztilskud)"};
    expect_json(
        report_answer(&answer),
        "{\"total\":4,\"total_exact\":true,\"hits\":[{\"id\":\"a.md\",\"position\":2,\"item\":\"2\",\"title\":"
        "\"Fleksjob\","
        "\"committee\":\"Udvalget\",\"municipality\":\"Lejre Kommune\",\"date\":\"2020-02-05\",\"score\":1.5,"
        "\"snippet\":\"et <mark>tilskud</mark> &amp; "
        "til\",\"url\":\"\",\"case\":\"19/11679\",\"kle\":null,\"outcome\":null,\"collapsed\":2,"
        "\"weights\":[{\"term\":\"Ztilskud\",\"documents\":12,\"most\":2.5}]}],\"facets\":{\"committee\":"
        "[{\"value\":\"Udvalget\",\"count\":3},{\"value\":\"Byrådet\",\"count\":1}]},\"coverage\":{\"shards\":4,"
        "\"answered\":3,\"missing\":[3],\"sequences\":{\"0\":7,\"2\":9}},\"relaxed\":true,\"all_words\":1,"
        "\"understood\":[{\"kind\":\"date\",\"text\":\"i 2019\",\"value\":\"2019\",\"filter\":true}],"
        "\"suggestion\":\"tilskud\",\"timed_out\":false,\"explanation\":\"Query(Ztilskud)\"}");
}

static void an_empty_answer_has_every_key(void **state)
{
    (void)state;
    const struct referent_answer answer = {.suggestion = "", .explanation = ""};
    expect_json(report_answer(&answer),
                "{\"total\":0,\"total_exact\":false,\"hits\":[],\"facets\":{},\"coverage\":"
                "{\"shards\":0,\"answered\":0,\"missing\":[],\"sequences\":{}},\"relaxed\":false,"
                "\"all_words\":0,\"understood\":[],\"suggestion\":null,\"timed_out\":false}");
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
