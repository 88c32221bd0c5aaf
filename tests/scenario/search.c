/* search: what the index knows of minutes, and what it must never show. */
#define _GNU_SOURCE /* memmem */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *sample(const char *name)
{
    char path[400];
    snprintf(path, sizeof path, "%s/%s", SAMPLES_PATH, name);
    char *text = file_read(path);
    if (*text == '\0')
        fail_msg("no sample %s", path);
    return text;
}

static const Receipt *given_sample(struct world *w, const char *name)
{
    char *text = sample(name);
    const Receipt *receipt = given(w, (struct fed){.id = name, .body = span_of(text)});
    free(text);
    return receipt;
}

/* A world in which every sample has been fed. */
static struct world *world_with_samples(void)
{
    struct world *w = world_start("commit_max_age_ms = 100\n");
    static const char *const names[] = {"lundsoe/2021-03-10-job.md",     "lundsoe/2021-04-14-job.md",
                                        "klintrup/byplan-2019-09-03.md", "klintrup/oekonomi-2019-06-18.txt",
                                        "aahavn/byraad-2015-01-26.txt",  "aahavn/teknik-2018-10-01.txt"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        given_sample(w, names[i]);
    return w;
}

/* The hit of item `item` of `id`, which must be among the answers. */
static const Referent__V1__Hit *expect_hit(struct world *w, struct asked asked, const char *id, const char *item)
{
    const SearchReply *reply = peer_search(w->searcher, asked);
    for (size_t i = 0; i < reply->n_hits; i++)
        if (strcmp(reply->hits[i]->id, id) == 0 && strcmp(reply->hits[i]->item, item) == 0)
            return reply->hits[i];
    fail_msg("item %s of %s is not among %zu hits", item, id, reply->n_hits);
    return NULL;
}

static void expect_total(struct world *w, struct asked asked, uint64_t total)
{
    assert_int_equal(peer_search(w->searcher, asked)->total, total);
}

#define MARCH  "lundsoe/2021-03-10-job.md"
#define APRIL  "lundsoe/2021-04-14-job.md"
#define BYPLAN "klintrup/byplan-2019-09-03.md"
#define BYRAAD "aahavn/byraad-2015-01-26.txt"

SCENARIO(words_find_items_in_spite_of_inflection_and_spelling)
{
    struct world *w = world_with_samples();
    const Referent__V1__Hit *hit = expect_hit(w, (struct asked){.query = "havnepromenaden"}, BYPLAN, "2");
    assert_string_equal(hit->committee, "Byplanudvalget");
    assert_string_equal(hit->date, "2019-09-03");
    assert_non_null(strstr(hit->title, "havnefronten"));
    assert_non_null(strstr(hit->snippet, "<mark>"));
    expect_hit(w, (struct asked){.query = "cykler"}, BYPLAN, "3");
}

SCENARIO(filters_find_what_extraction_found)
{
    struct world *w = world_with_samples();
    expect_hit(w, (struct asked){.case_number = "21 / 2217"}, MARCH, "2");
    expect_hit(w, (struct asked){.case_number = "21/2217"}, APRIL, "2");
    expect_hit(w, (struct asked){.case_number = "01 02 05 P16 4 19"}, BYPLAN, "2");
    expect_hit(w, (struct asked){.query = "fleksjob", .member = "Tormod Brinkhauge"}, APRIL, "2");
    expect_hit(w, (struct asked){.committee = "Byplanudvalget"}, BYPLAN, "3");
    expect_hit(w, (struct asked){.party = "O", .limit = 100}, BYRAAD, "");
    expect_hit(w, (struct asked){.outcomes = {"recommended"}}, BYPLAN, "2");
    given(w, MINUTES("ringsted.md", "Byrådet\nRingsted Kommune\n\n1. Torvet\n\nBeslutning\nGodkendt.\n"));
    expect_hit(w, (struct asked){.municipality = "ringsted"}, "ringsted.md", "1");
    expect_total(w, (struct asked){.committee = "Byplanudvalget", .case_number = "21/2217"}, 0);
}

SCENARIO(amounts_and_dates_are_ranges)
{
    struct world *w = world_with_samples();
    expect_hit(w, (struct asked){.amount = true, .amount_min_ore = 84000000, .amount_max_ore = 85000000}, MARCH, "2");
    /* inside 4-5 mio. kr. */
    expect_hit(w, (struct asked){.amount = true, .amount_min_ore = 450000000, .amount_max_ore = 450000000}, BYPLAN,
               "2");
    expect_total(w, (struct asked){.amount = true, .amount_min_ore = 84530001, .amount_max_ore = 84530099}, 0);
    expect_hit(w, (struct asked){.date_from = "2021-04-14"}, APRIL, "2");
    expect_hit(w, (struct asked){.date_from = "2021-04-14", .date_to = "2021-04-14"}, APRIL, "2");
    expect_total(w, (struct asked){.date_from = "2021-04-15"}, 0);
    expect_hit(w, (struct asked){.date_to = "2015-01-26"}, BYRAAD, "3");
}

SCENARIO(facets_count_and_pages_follow_each_other)
{
    struct world *w = world_with_samples();
    struct asked asked = {.outcomes = {"approved", "noted"}, .facets = {"committee", "year"}, .limit = 1000};
    const SearchReply *all = peer_search(w->searcher, asked);
    assert_true(all->n_hits >= 6);
    assert_int_equal(all->n_facets, 2);
    assert_string_equal(all->facets[0]->name, "committee");
    assert_true(all->facets[0]->n_values >= 3);
    assert_true(all->facets[0]->values[0]->count >= all->facets[0]->values[1]->count);
    asked.limit = 2;
    asked.offset = 2;
    const SearchReply *page = peer_search(w->searcher, asked);
    assert_int_equal(page->n_hits, 2);
    assert_string_equal(page->hits[0]->id, all->hits[2]->id);
    assert_int_equal(page->hits[0]->position, all->hits[2]->position);
}

SCENARIO(snippets_are_safe_html)
{
    struct world *w = world_start("");
    given(w, MINUTES("html", "## 1. Angreb\n\nOm <script>alert(1)</script> & fodbold < håndbold i hallen.\n"));
    const SearchReply *reply = expect_found(w, "fodbold", 1);
    assert_null(strstr(reply->hits[0]->snippet, "<script"));
    assert_non_null(strstr(reply->hits[0]->snippet, "<mark>fodbold</mark>"));
    assert_non_null(strstr(reply->hits[0]->snippet, "&amp;"));
}

/* Nothing in the reply holds `secret`. */
static void expect_silence(struct world *w, struct asked asked, const char *secret)
{
    const SearchReply *reply = peer_search(w->searcher, asked);
    for (size_t i = 0; i < reply->n_hits; i++) {
        assert_null(strstr(reply->hits[i]->snippet, secret));
        assert_null(strstr(reply->hits[i]->title, secret));
    }
    for (size_t i = 0; i < reply->n_facets; i++)
        for (size_t n = 0; n < reply->facets[i]->n_values; n++)
            assert_null(strstr(reply->facets[i]->values[n]->value, secret));
}

SCENARIO(closed_items_are_invisible)
{
    struct world *w = world_with_samples();
    expect_found(w, "rammeaftale", 0);
    expect_found(w, "leverandøraftale", 0);
    expect_total(w, (struct asked){.case_number = "21/0088"}, 0);
    expect_total(w, (struct asked){.amount = true, .amount_min_ore = 389999900, .amount_max_ore = 390000100}, 0);
    expect_silence(w,
                   (struct asked){.query = "udvalget",
                                  .limit = 1000,
                                  .facets = {"committee", "kle", "member", "outcome", "party", "year", "municipality"}},
                   "everandøraftale");
    const GetReply *got = peer_get(w->searcher, MARCH);
    assert_true(got->found);
    struct span body = {(const char *)got->document->body.data, got->document->body.len};
    assert_null(memmem(body.at, body.size, "rammeaftale", 11));
    assert_non_null(memmem(body.at, body.size, "fleksjob", 8));
    for (size_t i = 0; i < got->n_entities; i++)
        assert_string_not_equal(got->entities[i]->value, "3900000.00 DKK");
}

SCENARIO(cpr_numbers_reach_nothing)
{
    struct world *w = world_start("log_level = debug\n");
    const Receipt *receipt = given_sample(w, MARCH);
    assert_int_equal(receipt->cpr_masked, 1);
    expect_found(w, "1111111118", 0);
    expect_found(w, "1118", 0);
    expect_silence(w, (struct asked){.query = "personnummer"}, "111111");
    const GetReply *got = peer_get(w->searcher, MARCH);
    assert_null(memmem(got->document->body.data, got->document->body.len, "111111", 6));
    assert_null(memmem(got->document->body.data, got->document->body.len, "1118", 4));
    char *log = world_log(w);
    assert_null(strstr(log, "111111-1118"));
    free(log);
}

SCENARIO(a_document_comes_back_as_it_was_read)
{
    struct world *w = world_with_samples();
    const GetReply *got = peer_get(w->searcher, BYRAAD);
    char *text = sample(BYRAAD);
    assert_true(got->found);
    assert_int_equal(got->document->body.len, strlen(text));
    assert_memory_equal(got->document->body.data, text, strlen(text));
    free(text);
    assert_string_equal(got->meeting->date, "2015-01-26");
    assert_int_equal(got->meeting->n_items, 3);
    assert_true(got->n_entities > 5);
    assert_false(peer_get(w->searcher, "findes/ikke.md")->found);
}

/* Half a million amounts: 24 bytes and more each in a reply, 6 in the body. */
SCENARIO(an_answer_beyond_a_frame_is_refused_by_name)
{
    enum { AMOUNTS = 800000, EACH = 6 };
    static char body[AMOUNTS * EACH + 1], amounts[] = "amounts";
    struct world *w = world_with_samples();
    for (size_t i = 0; i < AMOUNTS; i++)
        snprintf(body + i * EACH, EACH + 1, "%zu kr.\n", i % 9 + 1);
    uint64_t sequence = peer_feed(w->feeder, (struct fed){.id = amounts, .body = {body, sizeof body - 1}});
    assert_non_null(peer_answer(w->feeder, sequence, 120000));
    Referent__V1__GetRequest request = REFERENT__V1__GET_REQUEST__INIT;
    Envelope envelope = frame_envelope(0);
    request.id = amounts;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_GET_REQUEST;
    envelope.get_request = &request;
    const Envelope *answer = peer_answer(w->searcher, peer_send(w->searcher, &envelope), 120000);
    assert_non_null(answer);
    assert_int_equal(answer->payload_case, REFERENT__V1__ENVELOPE__PAYLOAD_FAILURE);
    assert_string_equal(answer->failure->rule, "reply.size");
    assert_true(peer_get(w->searcher, BYRAAD)->found);
}

SCENARIO(status_adds_up)
{
    struct world *w = world_with_samples();
    const StatusReply *status = peer_status(w->searcher);
    uint64_t documents = 0;
    for (size_t i = 0; i < status->n_shards; i++)
        documents += status->shards[i]->documents;
    assert_int_equal(status->n_shards, 4);
    assert_int_equal(meetings(w), 6);
    assert_true(documents >= 6 + 12);
    assert_int_equal(status->in_flight, 0);
    assert_int_equal(status->peers, 1);
    assert_false(status->draining);
    assert_int_equal(counter(w, "committed"), 6);
}

TELL(STORY(words_find_items_in_spite_of_inflection_and_spelling), STORY(filters_find_what_extraction_found),
     STORY(amounts_and_dates_are_ranges), STORY(facets_count_and_pages_follow_each_other),
     STORY(snippets_are_safe_html), STORY(closed_items_are_invisible), STORY(cpr_numbers_reach_nothing),
     STORY(a_document_comes_back_as_it_was_read), STORY(an_answer_beyond_a_frame_is_refused_by_name),
     STORY(status_adds_up))
