/* closed: nobody without the right can tell from any answer what stands in closed items, or that they are there. Two
 * daemons hold the same meetings, one with closed items and one without; to random questions their answers are equal,
 * scores included. */
#include "random.h"
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEETINGS = 24, QUESTIONS = 400, WORDS = 32 };

/* The second half is the closed items' own, but they use the first as well. */
static const char *const words[WORDS] = {
    "skole",    "kunstgræsbane", "tilskud",     "spildevandsplan", "budgetter",  "børnehave",    "lokalplan",
    "cykelsti", "vindmøller",    "bibliotek",   "svømmehal",       "renovation", "asfalt",       "plejecenter",
    "havnen",   "fritidsliv",    "leverandør",  "rammeaftale",     "personsag",  "afskedigelse", "ejendomskøb",
    "budgiver", "retssag",       "erstatning",  "opsigelse",       "mægler",     "skattegæld",   "tvangsfjernelse",
    "advokat",  "grundpris",     "hemmelighed", "voldgift"};

static const char *word(uint64_t *seed, size_t from, size_t to)
{
    return words[from + random_below(seed, to - from)];
}

/* Five words, an amount and a case number. */
static size_t sentence(char *out, size_t room, uint64_t *seed, size_t from, size_t to)
{
    return (size_t)snprintf(out, room, "Der gives %s og %s til %s for %u.%03u kr. efter %s og %s.\n\n",
                            word(seed, from, to), word(seed, from, to), word(seed, from, to),
                            (unsigned)(1 + random_below(seed, 900)), (unsigned)random_below(seed, 1000),
                            word(seed, from, to), word(seed, from, to));
}

/* Closed items come last, so that leaving them out moves nothing. */
static void meeting(char out[static 8192], unsigned number, bool with_closed)
{
    uint64_t seed = number + 77, secret = number + 7777;
    size_t at = (size_t)snprintf(out, 8192,
                                 "Referat\n\nTeknisk Udvalg\n\nMødedato: %u. maj 20%02u\n\nMedlemmer: Agnete Rosenlund "
                                 "(F), Tormod Brinkhauge (A)\n\n",
                                 number % 28 + 1, 10 + number % 10);
    unsigned items = 2 + (unsigned)random_below(&seed, 3);
    for (unsigned i = 1; i <= items; i++) {
        at += (size_t)snprintf(out + at, 8192 - at, "## %u. Om %s og %s\n\nÅben sag\n\nSagsnr. %u/%u\n\n", i,
                               word(&seed, 0, WORDS / 2), word(&seed, 0, WORDS / 2), 10 + number % 10,
                               1000 + number * 10 + i);
        at += sentence(out + at, 8192 - at, &seed, 0, WORDS / 2);
        at += (size_t)snprintf(out + at, 8192 - at, "Beslutning\n\nGodkendt.\n\n");
    }
    for (unsigned i = 1; i <= 2 && with_closed; i++) {
        at += (size_t)snprintf(out + at, 8192 - at, "## %u. Om %s\n\nLukket sag\n\nSagsnr. %u/%u\n\n", items + i,
                               word(&secret, 0, WORDS), 10 + number % 10, 9000 + number * 10 + i);
        at += sentence(out + at, 8192 - at, &secret, 0, WORDS);
        at += (size_t)snprintf(out + at, 8192 - at, "Vibeke Kvistgaard (C) og Agnete Rosenlund (F) stemte imod.\n\n");
        at += (size_t)snprintf(out + at, 8192 - at, "Beslutning\n\nGodkendt.\n\n");
    }
}

static struct world *world_with_meetings(bool with_closed)
{
    struct world *w = world_start("shards = 2\ncommit_max_age_ms = 100\n");
    char text[8192], id[32];
    for (unsigned i = 0; i < MEETINGS; i++) {
        meeting(text, i, with_closed);
        snprintf(id, sizeof id, "meeting-%u", i);
        given(w, (struct fed){.id = id, .body = span_of(text)});
    }
    return w;
}

/* A word as it is, misspelt, or its beginning; never cut inside a character. */
static void put_word(char *query, size_t room, uint64_t *seed)
{
    char one[64];
    snprintf(one, sizeof one, "%s", word(seed, 0, WORDS));
    size_t length = strlen(one), at = length / 2;
    while (((unsigned char)one[at] | (unsigned char)one[at + 1]) >= 0x80)
        at++;
    switch (random_below(seed, 6)) {
    case 0: memmove(one + at, one + at + 1, length - at); break;
    case 1: snprintf(one + at, sizeof one - at, "*"); break;
    case 2: one[length - 1] = '\0'; break;
    default: break;
    }
    snprintf(query, room, "%s ", one);
}

static void question(uint64_t *seed, char query[static 512], struct asked *asked)
{
    static const char *const fields[] = {"udvalg:teknisk ", "medlem:rosenlund ", "beløb:100000..500000 ",
                                         "dato:2012.. ",    "udfald:approved ",  "over 200.000 kr. ",
                                         "i 2014 ",         "-skole ",           "sag:15/9051 ",
                                         "sag 12/9021 ",    "\"der gives\" ",    "15-9052 "};
    size_t at = 0;
    *asked = (struct asked){
        .query = query, .limit = 50, .facets = {"committee", "year", "member", "outcome", "amount", "party"}};
    for (uint64_t i = 1 + random_below(seed, 3); i > 0; i--) {
        put_word(query + at, 512 - at, seed);
        at += strlen(query + at);
    }
    if (random_below(seed, 2) == 0)
        snprintf(query + at, 512 - at, "%s", fields[random_below(seed, sizeof fields / sizeof *fields)]);
    asked->explain = true;
    asked->sort = random_below(seed, 4) == 0 ? "amount" : NULL;
    asked->collapse = random_below(seed, 4) == 0 ? "meeting" : NULL;
}

static void expect_same_hit(const Referent__V1__Hit *a, const Referent__V1__Hit *b)
{
    assert_string_equal(a->id, b->id);
    assert_int_equal(a->position, b->position);
    assert_string_equal(a->title, b->title);
    assert_string_equal(a->snippet, b->snippet);
    assert_int_equal(a->collapsed, b->collapsed);
    assert_true(a->score == b->score);
    assert_int_equal(a->n_weights, b->n_weights);
    for (size_t i = 0; i < a->n_weights; i++) {
        assert_string_equal(a->weights[i]->term, b->weights[i]->term);
        assert_int_equal(a->weights[i]->documents, b->weights[i]->documents);
    }
}

static void expect_same_facets(const SearchReply *a, const SearchReply *b)
{
    assert_int_equal(a->n_facets, b->n_facets);
    for (size_t i = 0; i < a->n_facets; i++) {
        assert_int_equal(a->facets[i]->n_values, b->facets[i]->n_values);
        for (size_t n = 0; n < a->facets[i]->n_values; n++) {
            assert_string_equal(a->facets[i]->values[n]->value, b->facets[i]->values[n]->value);
            assert_int_equal(a->facets[i]->values[n]->count, b->facets[i]->values[n]->count);
        }
    }
}

static void expect_same(const SearchReply *a, const SearchReply *b)
{
    assert_int_equal(a->total, b->total);
    assert_int_equal(a->total_exact, b->total_exact);
    assert_int_equal(a->relaxed, b->relaxed);
    assert_string_equal(a->suggestion, b->suggestion);
    assert_string_equal(a->explanation, b->explanation);
    assert_int_equal(a->n_understood, b->n_understood);
    assert_int_equal(a->n_hits, b->n_hits);
    for (size_t i = 0; i < a->n_understood; i++)
        assert_string_equal(a->understood[i]->value, b->understood[i]->value);
    for (size_t i = 0; i < a->n_hits; i++)
        expect_same_hit(a->hits[i], b->hits[i]);
    expect_same_facets(a, b);
}

SCENARIO(answers_are_those_of_an_index_without_closed_items)
{
    struct world *with = world_with_meetings(true), *without = world_with_meetings(false);
    uint64_t seed = 1;
    size_t hits = 0;
    for (int i = 0; i < QUESTIONS; i++) {
        char query[512];
        struct asked asked;
        question(&seed, query, &asked);
        const SearchReply *one = peer_search(with->searcher, asked), *other = peer_search(without->searcher, asked);
        expect_same(one, other);
        hits += one->n_hits;
    }
    assert_true(hits > QUESTIONS);
    assert_true(peer_status(with->searcher)->shards[0]->closed_documents > 0);
}

SCENARIO(words_of_closed_items_alone_find_nothing)
{
    struct world *w = world_with_meetings(true);
    for (size_t i = WORDS / 2; i < WORDS; i++) {
        const SearchReply *reply = peer_search(w->searcher, (struct asked){.query = words[i], .literal = true});
        assert_int_equal(reply->total, 0);
        assert_string_equal(reply->suggestion, "");
    }
}

/* ---- histories and completions */

/* A beginning of a word, a name or a number that stands in open items, in closed ones, or in both. */
static void beginning(uint64_t *seed, char out[static 64])
{
    static const char *const names[] = {"Vibeke Kvistgaard", "Agnete Rosenlund", "Tormod Brinkhauge", "Teknisk Udvalg"};
    switch (random_below(seed, 4)) {
    case 0: snprintf(out, 64, "%s", word(seed, 0, WORDS)); break;
    case 1: snprintf(out, 64, "%s", names[random_below(seed, sizeof names / sizeof *names)]); break;
    case 2: snprintf(out, 64, "%s", strchr(names[random_below(seed, 3)], ' ') + 1); break;
    default:
        snprintf(out, 64, "%u/%u", 10 + (unsigned)random_below(seed, 10),
                 (random_below(seed, 2) ? 9000 : 1000) + (unsigned)random_below(seed, 260));
    }
    size_t size = 1 + random_below(seed, strlen(out));
    while (size < strlen(out) && ((unsigned char)out[size] & 0xC0) == 0x80)
        size++;
    if (random_below(seed, 2) == 0)
        out[size] = '\0';
}

/* The whole answer as bytes, but for what it covers: the two indexes have made different commits. */
static struct span answer_bytes(struct world *w, int payload, char *asked, struct arena *arena)
{
    Referent__V1__CaseRequest number = REFERENT__V1__CASE_REQUEST__INIT;
    Referent__V1__MemberRequest member = REFERENT__V1__MEMBER_REQUEST__INIT;
    Referent__V1__CompleteRequest complete = REFERENT__V1__COMPLETE_REQUEST__INIT;
    Envelope envelope = frame_envelope(0);
    number.number = member.name = complete.prefix = asked;
    complete.limit = 100;
    envelope.payload_case = (Referent__V1__Envelope__PayloadCase)payload;
    if (payload == REFERENT__V1__ENVELOPE__PAYLOAD_CASE_REQUEST)
        envelope.case_request = &number;
    else if (payload == REFERENT__V1__ENVELOPE__PAYLOAD_MEMBER_REQUEST)
        envelope.member_request = &member;
    else
        envelope.complete_request = &complete;
    Envelope answer = *peer_ask(w->searcher, &envelope);
    Referent__V1__CaseReply told_case;
    Referent__V1__MemberReply told_member;
    Referent__V1__CompleteReply told_complete;
    answer.sequence = 0;
    if (answer.payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_CASE_REPLY) {
        told_case = *answer.case_reply;
        told_case.coverage = NULL;
        answer.case_reply = &told_case;
    } else if (answer.payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_MEMBER_REPLY) {
        told_member = *answer.member_reply;
        told_member.coverage = NULL;
        answer.member_reply = &told_member;
    } else if (answer.payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_COMPLETE_REPLY) {
        told_complete = *answer.complete_reply;
        told_complete.coverage = NULL;
        answer.complete_reply = &told_complete;
    }
    size_t size = frame_size(&answer);
    char *bytes = arena_alloc(arena, size);
    frame_pack(&answer, bytes);
    return (struct span){bytes, size};
}

SCENARIO(histories_and_completions_are_those_of_an_index_without_closed_items)
{
    static const int payloads[] = {REFERENT__V1__ENVELOPE__PAYLOAD_CASE_REQUEST,
                                   REFERENT__V1__ENVELOPE__PAYLOAD_MEMBER_REQUEST,
                                   REFERENT__V1__ENVELOPE__PAYLOAD_COMPLETE_REQUEST};
    struct world *with = world_with_meetings(true), *without = world_with_meetings(false);
    uint64_t seed = 5;
    size_t bytes = 0;
    for (int i = 0; i < QUESTIONS; i++) {
        char asked[64];
        struct arena *arena = arena_new(1 << 24);
        int payload = payloads[random_below(&seed, 3)];
        beginning(&seed, asked);
        struct span one = answer_bytes(with, payload, asked, arena),
                    other = answer_bytes(without, payload, asked, arena);
        if (!span_equal(one, other))
            fail_msg("'%s' is answered otherwise", asked);
        bytes += one.size;
        arena_free(&arena);
    }
    assert_true(bytes > (size_t)50 * QUESTIONS); /* they tell something */
}

TELL(STORY(histories_and_completions_are_those_of_an_index_without_closed_items),
     STORY(answers_are_those_of_an_index_without_closed_items), STORY(words_of_closed_items_alone_find_nothing))
