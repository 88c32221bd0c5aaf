/* question: what a person may type, and what the answer says of it. */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JUNE                                                                                                           \
    "Referat\n\nKultur- og Idrætsudvalget\n\nMødedato: 11. juni 2019\n\nMedlemmer: Agnete Rosenlund (F), Tormod "    \
    "Brinkhauge (A)\n\n## 1. Tilskud til kunstgræsbane\n\nSagsnr. 19/4711\n\nBoldklubben i Nørreby søger om "       \
    "2.500.000 kr. til en kunstgræsbane.\n\nBeslutning\n\nGodkendt.\n\n## 2. Bjørneklo ved Aagade\n\nSagsnr. "       \
    "19/4712\n\nBekæmpelsen koster 80.000 kr. efter naturbeskyttelseslovens § 15.\n\nBeslutning\n\nUdsat.\n"
#define MAY                                                                                                            \
    "Referat\n\nTeknisk Udvalg\n\nMødedato: 5. maj 2020\n\nMedlemmer: Viola Stærmose (V), Eskild Thorngreen (C)\n\n" \
    "## 1. Budgetter for skolerne\n\nSagsnr. 20/815\n\nDer flyttes 12.000.000 kr. til skolebøger.\n\nBeslutning\n\n"  \
    "Godkendt.\n\n## 2. Spildevandsplan\n\nSagsnr. 19/4711\n\nPlanen sendes i høring til 1. juli 2020.\n\n"           \
    "Beslutning\n\nGodkendt.\n"

static struct world *world_of_two(void)
{
    struct world *w = world_start("commit_max_age_ms = 100\n");
    given(w, MINUTES("june", JUNE));
    given(w, MINUTES("may", MAY));
    return w;
}

/* The best hit is item `position` of `id`. */
static const SearchReply *expect_first(struct world *w, struct asked asked, const char *id, unsigned position)
{
    const SearchReply *reply = peer_search(w->searcher, asked);
    if (reply->n_hits == 0)
        fail_msg("'%s' finds nothing", asked.query);
    if (strcmp(reply->hits[0]->id, id) != 0 || reply->hits[0]->position != position)
        fail_msg("'%s' finds %s#%u first", asked.query, reply->hits[0]->id, reply->hits[0]->position);
    return reply;
}

#define ASK(text) ((struct asked){.query = (text)})

SCENARIO(words_are_found_in_every_form)
{
    struct world *w = world_of_two();
    static const struct {
        const char *query, *id;
        unsigned position;
    } asked[] = {
        {"kunstgræs", "june", 1},
        {"græsbaner", "june", 1},
        {"kunst græs bane", "june", 1},
        {"tilskuddet", "june", 1},
        {"bjoerneklo", "june", 2},
        {"bjorneklo", "june", 2},
        {"Ågade", "june", 2},
        {"budget", "may", 1},
        {"skolebog", "may", 1},
        {"bøger", "may", 1},
        {"plan for spildevand", "may", 2},
        {"spilde*", "may", 2},
        {"\"sendes i høring\"", "may", 2},
        {"titel:kunstgræsbane", "june", 1},
        {"bekæmpelse -kunstgræs", "june", 2},
        {"skattely OR bjørneklo", "june", 2},
        {"(skattely ELLER høring) planen", "may", 2},
        {"kunstgræsbne", "june", 1},
    };
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
        expect_first(w, ASK(asked[i].query), asked[i].id, asked[i].position);
}

SCENARIO(fields_are_filters_in_two_languages)
{
    struct world *w = world_of_two();
    static const struct {
        const char *query, *id;
        unsigned position;
    } asked[] = {
        {"sag:19-4712", "june", 2},
        {"case:\"19 / 4712\"", "june", 2},
        {"medlem:Brinkhauge tilskud", "june", 1}, /* the meeting names him, the item may not: relaxed */
        {"udvalg:teknisk spildevandsplan", "may", 2},
        {"committee:\"Teknisk Udvalg\" spildevandsplan", "may", 2},
        {"beløb:1mio..5mio", "june", 1},
        {"amount:50.000..100.000", "june", 2},
        {"udfald:udsat", "june", 2},
        {"lov:naturbeskyttelsesloven", "june", 2},
        {"dato:2020 skolerne", "may", 1},
        {"dato:2019-01..2019-12 bane", "june", 1},
        {"nævner:2020-07-01", "may", 2},
    };
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        struct asked one = ASK(asked[i].query);
        if (i == 2)
            continue;
        expect_first(w, one, asked[i].id, asked[i].position);
    }
    assert_true(peer_search(w->searcher, ASK("medlem:Brinkhauge"))->total >= 1);
    assert_true(peer_search(w->searcher, ASK("medlem:Brinkhage"))->total >= 1);
    expect_first(w, (struct asked){.law = "naturbeskyttelsesloven § 15"}, "june", 2);
    expect_first(w, (struct asked){.mention_from = "2020-07", .mention_to = "2020-07"}, "may", 2);
}

/* The reply says that it understood this. */
static void expect_understood(struct world *w, const char *query, const char *kind, const char *value, bool filter)
{
    const SearchReply *reply = peer_search(w->searcher, ASK(query));
    for (size_t i = 0; i < reply->n_understood; i++)
        if (strcmp(reply->understood[i]->kind, kind) == 0) {
            assert_string_equal(reply->understood[i]->value, value);
            assert_int_equal(reply->understood[i]->filter, filter);
            return;
        }
    fail_msg("'%s': no %s is understood", query, kind);
}

SCENARIO(a_query_is_read_as_minutes_are)
{
    struct world *w = world_of_two();
    expect_first(w, ASK("tilskud over 1 mio. kr. i 2019"), "june", 1);
    expect_understood(w, "tilskud over 1 mio. kr. i 2019", "amount", "1000000.00.. DKK", true);
    expect_understood(w, "tilskud over 1 mio. kr. i 2019", "date", "2019", false);
    expect_understood(w, "mellem 1 og 5 mio. kr.", "amount", "1000000.00..5000000.00 DKK", true);
    expect_understood(w, "under 100.000 kr.", "amount", "0.00..100000.00 DKK", true);
    expect_understood(w, "bøger siden 2020", "date", "2020..", true);
    expect_understood(w, "planer mellem 2018 og 2020", "date", "2018..2020", true);
    expect_understood(w, "sag 19/4712", "case", "19/4712", false);
    expect_understood(w, "naturbeskyttelseslovens § 15 bjørneklo", "law", "naturbeskyttelseslovens § 15", false);
    expect_understood(w, "Viola Stærmose skole", "member", "viola staermose", false);
    expect_understood(w, "Viola Stermose skole", "member", "viola staermose", false);
    expect_understood(w, "spildevands plan", "join", "spildevandsplan", false);
    expect_understood(w, "teknisk udvalg høring", "committee", "teknisk udvalg", false);
    const SearchReply *off =
        peer_search(w->searcher, (struct asked){.query = "tilskud over 1 mio. kr. i 2019", .literal = true});
    assert_int_equal(off->n_understood, 0);
}

SCENARIO(too_few_hits_are_relaxed_and_said_to_be)
{
    struct world *w = world_of_two();
    const SearchReply *reply = expect_first(w, ASK("kunstgræsbane spildevandsplan skattely"), "june", 1);
    assert_true(reply->relaxed);
    assert_int_equal(reply->all_words, 0);
    assert_true(reply->total >= 2);
    reply = peer_search(w->searcher, (struct asked){.query = "kunstgræsbane spildevandsplan", .all_words = true});
    assert_false(reply->relaxed);
    assert_int_equal(reply->total, 0);
    /* what has all words comes first */
    reply = expect_first(w, ASK("planen høring"), "may", 2);
    assert_true(reply->relaxed);
    assert_int_equal(reply->all_words, 1);
}

SCENARIO(suggestions_are_alive)
{
    struct world *w = world_of_two();
    const SearchReply *reply = peer_search(w->searcher, ASK("kunstgræsbne i Nørreby"));
    assert_string_equal(reply->suggestion, "kunstgræsbane i Nørreby");
    assert_string_equal(peer_search(w->searcher, ASK("kunstgræsbane"))->suggestion, "");
    expect_committed(w->feeder, peer_delete(w->feeder, "june", 0));
    reply = peer_search(w->searcher, ASK("kunstgræsbne"));
    assert_string_equal(reply->suggestion, "");
    assert_int_equal(reply->total, 0);
}

static const char *snippet(struct world *w, const char *query)
{
    const SearchReply *reply = peer_search(w->searcher, ASK(query));
    assert_true(reply->n_hits > 0);
    return reply->hits[0]->snippet;
}

SCENARIO(snippets_light_up_what_was_meant)
{
    struct world *w = world_of_two();
    assert_non_null(strstr(snippet(w, "græs"), "<mark>kunstgræsbane</mark>"));
    assert_non_null(strstr(snippet(w, "budget"), "<mark>Budgetter</mark>"));
    assert_non_null(strstr(snippet(w, "bog"), "<mark>skolebøger</mark>"));
    assert_non_null(strstr(snippet(w, "bjoerneklo"), "<mark>Bjørneklo</mark>"));
    assert_non_null(strstr(snippet(w, "spilde*"), "<mark>Spildevandsplan</mark>"));
    assert_null(strstr(snippet(w, "skolerne -tilskud"), "<mark>tilskud"));
    for (uint32_t bytes = 1; bytes < 200; bytes += 7) {
        const SearchReply *reply =
            peer_search(w->searcher, (struct asked){.query = "bjørneklo", .snippet_bytes = bytes});
        assert_true(strlen(reply->hits[0]->snippet) <= bytes + 6 + 13 * 8);
    }
}

SCENARIO(order_facets_and_collapsing)
{
    struct world *w = world_of_two();
    struct asked all = {.query = "-skattely", .limit = 100, .facets = {"amount", "year", "outcome"}};
    const SearchReply *reply = peer_search(w->searcher, all);
    assert_int_equal(reply->total, 6);
    assert_string_equal(reply->hits[0]->id, "may"); /* nothing weighs: newest first */
    assert_int_equal(reply->n_facets, 3);
    assert_int_equal(reply->facets[1]->n_values, 2);
    bool band = false;
    for (size_t i = 0; i < reply->facets[0]->n_values; i++)
        band = band || strcmp(reply->facets[0]->values[i]->value, "1000000..10000000") == 0;
    assert_true(band);
    all.sort = "amount";
    expect_first(w, all, "may", 1);
    all.sort = "amount-asc";
    assert_int_equal(expect_first(w, all, "june", 2)->total, 3);
    all.sort = "date-asc";
    assert_string_equal(peer_search(w->searcher, all)->hits[0]->id, "june");
    all.sort = NULL;
    all.collapse = "meeting";
    assert_int_equal(peer_search(w->searcher, all)->n_hits, 2);
    reply = peer_search(w->searcher, (struct asked){.case_number = "19/4711", .collapse = "case"});
    assert_int_equal(reply->n_hits, 1);
    assert_int_equal(reply->hits[0]->collapsed, 1);
}

SCENARIO(weights_are_explained)
{
    struct world *w = world_of_two();
    const SearchReply *reply = peer_search(w->searcher, (struct asked){.query = "kunstgræsbane", .explain = true});
    assert_non_null(strstr(reply->explanation, "ZSkunstgræsban"));
    assert_true(reply->hits[0]->n_weights >= 2);
    assert_true(reply->hits[0]->weights[0]->documents >= 1);
    assert_int_equal(peer_search(w->searcher, ASK("kunstgræsbane"))->hits[0]->n_weights, 0);
}

/* The same hits in the same order, and nothing of what they say. */
static void expect_ids(const SearchReply *whole, const SearchReply *ids)
{
    assert_int_equal(ids->total, whole->total);
    assert_int_equal(ids->n_hits, whole->n_hits);
    for (size_t i = 0; i < whole->n_hits; i++) {
        const Referent__V1__Hit *one = whole->hits[i], *bare = ids->hits[i];
        assert_string_equal(bare->id, one->id);
        assert_int_equal(bare->position, one->position);
        assert_true(bare->score >= one->score && bare->score <= one->score);
        assert_int_equal(bare->shard, one->shard);
        assert_int_equal(bare->collapsed, one->collapsed);
        assert_int_equal(bare->n_weights, one->n_weights);
        assert_string_not_equal(one->title, "");
        assert_string_not_equal(one->snippet, "");
        const char *const said[] = {bare->item, bare->title,       bare->committee, bare->municipality, bare->date,
                                    bare->url,  bare->case_number, bare->outcome,   bare->kle,          bare->snippet};
        for (size_t field = 0; field < sizeof said / sizeof *said; field++)
            assert_string_equal(said[field], "");
    }
}

SCENARIO(who_wants_ids_alone_gets_no_more)
{
    struct world *w = world_of_two();
    struct asked asked = {.query = "planen høring tilskud", .collapse = "meeting", .explain = true};
    const SearchReply *whole = peer_search(w->searcher, asked);
    assert_true(whole->n_hits >= 2);
    asked.ids_only = true;
    expect_ids(whole, peer_search(w->searcher, asked));
    char *printed;
    assert_int_equal(
        world_referent(w, (const char *const[]){"search", "--ids", "--all-words", "planen", "høring", NULL}, &printed),
        0);
    assert_string_equal(printed, "may#2\n");
    free(printed);
}

/* What a document is called is remembered at its commit: asked for again after each edition, which has another number
 * of items before the plan, it is what the records say. */
SCENARIO(ids_alone_follow_every_commit)
{
    enum { EDITIONS = 12, ITEMS = 4 };
    struct world *w = world_of_two();
    for (unsigned edition = 2; edition < EDITIONS; edition++) {
        char text[1024];
        size_t size = (size_t)snprintf(text, sizeof text, "Referat\n\nTeknisk Udvalg\n\nMødedato: 5. maj 2020\n\n");
        for (unsigned item = 1; item <= 1 + edition % ITEMS; item++)
            size += (size_t)snprintf(text + size, sizeof text - size, "## %u. Orientering\n\nEfterretning.\n\n", item);
        snprintf(text + size, sizeof text - size,
                 "## 9. Planen\n\nPlanen sendes i høring.\n\nBeslutning\n\nGodkendt.\n");
        given(w, (struct fed){.id = "may", .version = edition, .body = span_of(text)});
        struct asked asked = {.query = "planen høring", .all_words = true};
        const SearchReply *whole = peer_search(w->searcher, asked);
        assert_true(whole->n_hits >= 1);
        asked.ids_only = true;
        expect_ids(whole, peer_search(w->searcher, asked));
        expect_ids(whole, peer_search(w->searcher, asked));
    }
}

/* An answer, or a failure by this rule. */
SCENARIO(hostile_questions_end_soon)
{
    struct world *w = world_of_two();
    static const char *const answered[] = {
        "\"kunstgræs",
        "\"",
        "NOT kunstgræs",
        "-kunstgræs",
        "((((bane",
        "bane))))",
        "AND OR bane NOT",
        "farve:rød",
        "a*",
        "æ*",
        "k*",
        "bane*",
        "-",
        "bane -",
        "medlem:",
        "+bane +græs",
        "'; DROP",
        "bane:græs",
        "::bane",
        "titel:",
        "19/4711/",
        "\xc3\xa5",
        "\"\" bane",
        "1e999999 bane",
        "oooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooo",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "øøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøø ksksksksksksksksksksksksksksksksksksksksksksksksksksksksksksksks",
        "over 99999999999999999999 kr. bane"};
    for (size_t i = 0; i < sizeof answered / sizeof *answered; i++) {
        const SearchReply *reply;
        if (strcmp(answered[i], "\"") == 0 || strcmp(answered[i], "-") == 0 || strcmp(answered[i], "medlem:") == 0 ||
            strcmp(answered[i], "titel:") == 0) {
            expect_failure(w->searcher, ASK(answered[i]), "query.empty");
            continue;
        }
        reply = peer_search(w->searcher, ASK(answered[i]));
        assert_false(reply->timed_out);
    }
    static const struct {
        const char *query, *rule;
    } refused[] = {{"", "query.empty"},
                   {"   ", "query.empty"},
                   {"*", "query.empty"},
                   {"()", "query.empty"},
                   {"beløb:5mio..1mio", "filter.amount"},
                   {"beløb:mange", "filter.amount"},
                   {"dato:2020..2019", "filter.date"},
                   {"dato:2019-13", "filter.date"},
                   {"dato:2019-02-30", "filter.date"},
                   {"udfald:blå", "filter.value"}};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        expect_failure(w->searcher, ASK(refused[i].query), refused[i].rule);
    expect_failure(w->searcher, (struct asked){.query = "bane", .limit = 1000000}, "query.limit");
    expect_failure(w->searcher, (struct asked){.query = "bane", .sort = "farve"}, "query.sort");
    expect_failure(w->searcher, (struct asked){.query = "bane", .collapse = "farve"}, "query.collapse");
    assert_int_equal(peer_search(w->searcher, (struct asked){.query = "bane", .offset = 100000})->n_hits, 0);
}

/* As long as a query may be, of whatever costs most. */
SCENARIO(long_questions_are_bounded)
{
    struct world *w = world_of_two();
    static const char *const pieces[] = {"a* ",         "kunstgræsbane ",  "xqzvwk ",  "NOT ",
                                         "(",           "\"a b\" ",        "19/4711 ", "medlem:brinkhage ",
                                         "over 1 mio ", "Viola Stermose ", "i 2019 ",  "OR "};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        char query[4097] = "";
        size_t size = strlen(pieces[i]);
        for (size_t at = 0; at + size < sizeof query; at += size)
            memcpy(query + at, pieces[i], size + 1);
        Envelope envelope = frame_envelope(0);
        Referent__V1__SearchRequest request = REFERENT__V1__SEARCH_REQUEST__INIT;
        request.query = query;
        envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_SEARCH_REQUEST;
        envelope.search_request = &request;
        const Envelope *answer = peer_answer(w->searcher, peer_send(w->searcher, &envelope), 30000);
        if (answer == NULL)
            fail_msg("no answer to a long run of '%s'", pieces[i]);
    }
    expect_first(w, ASK("kunstgræs"), "june", 1);
}

TELL(STORY(words_are_found_in_every_form), STORY(fields_are_filters_in_two_languages),
     STORY(a_query_is_read_as_minutes_are), STORY(too_few_hits_are_relaxed_and_said_to_be),
     STORY(suggestions_are_alive), STORY(snippets_light_up_what_was_meant), STORY(order_facets_and_collapsing),
     STORY(weights_are_explained), STORY(who_wants_ids_alone_gets_no_more), STORY(ids_alone_follow_every_commit),
     STORY(hostile_questions_end_soon), STORY(long_questions_are_bounded))
