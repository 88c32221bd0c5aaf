/* lookup: a case through meetings, a member's attendance and votes, completions; and what they must never tell. */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARCH                                                                                                          \
    "Byrådet\nRingsted Kommune\n\nReferat af mødet den 5. marts 2019 kl. 16.00\n\n"                                  \
    "Til stede: Rosa Lyngmose (B), Valdemar Tangkjær (V), Ditlev Nattergal (O)\n"                                     \
    "Fraværende: Solvej Birkelund (B)\n\n"                                                                            \
    "## 1. Takster for svømmehallen\nSagsnr.: 19/4711\n\nBeslutning\n"                                                \
    "For stemte: Rosa Lyngmose (B) og Valdemar Tangkjær (V). Imod stemte: Ditlev Nattergal (O).\nGodkendt.\n\n"       \
    "## 2. Ny skole\nSagsnr.: 19/9000\n\nSagen hænger sammen med sag 19/4711.\n\nBeslutning\n"                        \
    "For stemte: B og V. Imod stemte: O.\nGodkendt.\n\n"                                                               \
    "## 3. Køb af grund\nLukket punkt\nSagsnr.: 19/6666\n\nSælger er Hemmelig Sælgersen (C), ejer af Grund & Guld.\n"
#define JANUARY                                                                                                        \
    "Kulturudvalget\nRingsted Kommune\n\nReferat af mødet den 8. januar 2019\n\n"                                     \
    "Til stede: Valdemar Tangkjær (V), Solvej Birkelund (B)\nFraværende: Rosa Lyngmose (B)\n\n"                      \
    "## 1. Takster for svømmehallen, 1. behandling\nSagsnr.: 19/4711\n\nBeslutning\nUdsat.\n"
#define ELSEWHERE                                                                                                      \
    "Økonomiudvalget\nStevns Kommune\n\nReferat af mødet den 1. februar 2019\n\n"                                    \
    "Til stede: Rosalie Lyngbæk (A)\n\n## 1. Budget\nSagsnr.: 19/4711\n\nBeslutning\nGodkendt.\n"

static struct world *world_with_minutes(void)
{
    struct world *w = world_start("commit_max_age_ms = 100\n");
    given(w, MINUTES("ringsted/marts.md", MARCH));
    given(w, MINUTES("ringsted/januar.md", JANUARY));
    given(w, MINUTES("stevns/februar.md", ELSEWHERE));
    return w;
}

/* ---- asking */

struct lookup {
    const char *of; /* number, name or prefix */
    const char *municipality, *kind;
    uint32_t limit, offset;
};

static const Envelope *ask(struct world *w, int payload, struct lookup lookup)
{
    Referent__V1__CaseRequest number = REFERENT__V1__CASE_REQUEST__INIT;
    Referent__V1__MemberRequest member = REFERENT__V1__MEMBER_REQUEST__INIT;
    Referent__V1__CompleteRequest complete = REFERENT__V1__COMPLETE_REQUEST__INIT;
    Envelope envelope = frame_envelope(0);
    number.number = member.name = complete.prefix = (char *)lookup.of;
    number.n_municipality = member.n_municipality = lookup.municipality != NULL;
    number.municipality = member.municipality = (char **)&lookup.municipality;
    complete.n_kinds = lookup.kind != NULL;
    complete.kinds = (char **)&lookup.kind;
    number.limit = member.limit = complete.limit = lookup.limit;
    number.offset = member.offset = lookup.offset;
    envelope.payload_case = (Referent__V1__Envelope__PayloadCase)payload;
    if (payload == REFERENT__V1__ENVELOPE__PAYLOAD_CASE_REQUEST)
        envelope.case_request = &number;
    else if (payload == REFERENT__V1__ENVELOPE__PAYLOAD_MEMBER_REQUEST)
        envelope.member_request = &member;
    else
        envelope.complete_request = &complete;
    return peer_ask(w->searcher, &envelope);
}

static const Referent__V1__CaseReply *case_of(struct world *w, struct lookup lookup)
{
    const Envelope *answer = ask(w, REFERENT__V1__ENVELOPE__PAYLOAD_CASE_REQUEST, lookup);
    assert_int_equal(answer->payload_case, REFERENT__V1__ENVELOPE__PAYLOAD_CASE_REPLY);
    return answer->case_reply;
}

static const Referent__V1__MemberReply *member_of(struct world *w, struct lookup lookup)
{
    const Envelope *answer = ask(w, REFERENT__V1__ENVELOPE__PAYLOAD_MEMBER_REQUEST, lookup);
    assert_int_equal(answer->payload_case, REFERENT__V1__ENVELOPE__PAYLOAD_MEMBER_REPLY);
    return answer->member_reply;
}

static const Referent__V1__CompleteReply *completions_of(struct world *w, struct lookup lookup)
{
    const Envelope *answer = ask(w, REFERENT__V1__ENVELOPE__PAYLOAD_COMPLETE_REQUEST, lookup);
    assert_int_equal(answer->payload_case, REFERENT__V1__ENVELOPE__PAYLOAD_COMPLETE_REPLY);
    return answer->complete_reply;
}

/* The only completion there is. */
static void expect_completion(struct world *w, const char *prefix, const char *kind, const char *value)
{
    const Referent__V1__CompleteReply *reply = completions_of(w, (struct lookup){.of = prefix});
    assert_int_equal(reply->n_completions, value != NULL);
    if (value == NULL)
        return;
    assert_string_equal(reply->completions[0]->kind, kind);
    assert_string_equal(reply->completions[0]->value, value);
}

static void expect_refused(struct world *w, int payload, struct lookup lookup, const char *rule)
{
    const Envelope *answer = ask(w, payload, lookup);
    assert_int_equal(answer->payload_case, REFERENT__V1__ENVELOPE__PAYLOAD_FAILURE);
    assert_string_equal(answer->failure->rule, rule);
    assert_true(strlen(answer->failure->reason) > 10);
    assert_false(answer->failure->retry);
}

/* ---- stories */

SCENARIO(a_case_is_told_oldest_first)
{
    struct world *w = world_with_minutes();
    const Referent__V1__CaseReply *reply = case_of(w, (struct lookup){.of = "19 - 4711", .municipality = "Ringsted"});
    assert_int_equal(reply->total, 3);
    assert_int_equal(reply->n_steps, 3);
    assert_string_equal(reply->steps[0]->id, "ringsted/januar.md");
    assert_string_equal(reply->steps[0]->outcome, "postponed");
    assert_string_equal(reply->steps[0]->committee, "Kulturudvalget");
    assert_false(reply->steps[0]->mentioned);
    assert_string_equal(reply->steps[1]->item, "1");
    assert_string_equal(reply->steps[1]->date, "2019-03-05");
    assert_string_equal(reply->steps[1]->case_number, "19/4711");
    assert_int_equal(reply->steps[1]->n_votes_for, 2);
    assert_string_equal(reply->steps[1]->votes_against[0], "Ditlev Nattergal");
    assert_true(reply->steps[2]->mentioned);
    assert_string_equal(reply->steps[2]->title, "Ny skole");
    assert_int_equal(reply->coverage->answered, 4);
}

SCENARIO(a_number_is_told_from_another_municipality_and_by_pages)
{
    struct world *w = world_with_minutes();
    assert_int_equal(case_of(w, (struct lookup){.of = "19/4711"})->total, 4);
    const Referent__V1__CaseReply *page = case_of(w, (struct lookup){.of = "19/4711", .limit = 1, .offset = 1});
    assert_int_equal(page->total, 4);
    assert_int_equal(page->n_steps, 1);
    assert_string_equal(page->steps[0]->id, "stevns/februar.md");
    assert_int_equal(case_of(w, (struct lookup){.of = "19/4711", .municipality = "Fjernby"})->total, 0);
    assert_int_equal(case_of(w, (struct lookup){.of = "47/11"})->n_steps, 0);
}

SCENARIO(minutes_without_items_have_a_history_too)
{
    struct world *w = world_start("");
    given(w, MINUTES("kort.md", "Byrådet den 3. april 2019\n\nOrienteret om sag 19/0815, der fortsætter.\n"));
    const Referent__V1__CaseReply *reply = case_of(w, (struct lookup){.of = "19/0815"});
    assert_int_equal(reply->n_steps, 1);
    assert_int_equal(reply->steps[0]->position, 0);
    assert_true(reply->steps[0]->mentioned);
}

SCENARIO(a_member_is_told_by_attendance_votes_and_items)
{
    struct world *w = world_with_minutes();
    const Referent__V1__MemberReply *reply = member_of(w, (struct lookup){.of = "Rosa Lyngmose"});
    assert_string_equal(reply->name, "Rosa Lyngmose");
    assert_string_equal(reply->party, "B");
    assert_true(reply->exact);
    assert_int_equal(reply->meetings_total, 2);
    assert_string_equal(reply->meetings[0]->date, "2019-03-05");
    assert_string_equal(reply->meetings[0]->presence, "present");
    assert_string_equal(reply->meetings[1]->presence, "absent");
    assert_int_equal(reply->n_items, 1);
    assert_string_equal(reply->items[0]->title, "Takster for svømmehallen");
    assert_int_equal(reply->n_ballots, 2);
    assert_string_equal(reply->ballots[0]->vote, "for");
    assert_false(reply->ballots[0]->by_party);
    assert_string_equal(reply->ballots[1]->item->title, "Ny skole");
    assert_true(reply->ballots[1]->by_party);
}

SCENARIO(who_was_away_did_not_vote_with_the_party)
{
    struct world *w = world_with_minutes();
    const Referent__V1__MemberReply *reply = member_of(w, (struct lookup){.of = "Solvej Birkelund"});
    assert_int_equal(reply->meetings_total, 2);
    assert_string_equal(reply->meetings[0]->presence, "absent");
    assert_int_equal(reply->n_ballots, 0);
}

SCENARIO(a_misspelt_name_finds_a_live_member_and_says_whom)
{
    struct world *w = world_with_minutes();
    static const char *const typed[] = {"Valdemar Tankjær", "Tangkjær", "valdemar tangkjaer", "V. Tangkjær",
                                        "Waldemar Tangkær"};
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        const Referent__V1__MemberReply *reply = member_of(w, (struct lookup){.of = typed[i]});
        assert_string_equal(reply->name, "Valdemar Tangkjær");
        assert_int_equal(reply->exact, i == 2);
    }
    const Referent__V1__MemberReply *two = member_of(w, (struct lookup){.of = "Rosa Lyng"});
    assert_string_equal(two->name, "");
    two = member_of(w, (struct lookup){.of = "Rosali Lyngbek"});
    assert_string_equal(two->name, "Rosalie Lyngbæk");
    assert_int_equal(member_of(w, (struct lookup){.of = "Ingrid Fremmed"})->n_meetings, 0);
    const Referent__V1__MemberReply *away =
        member_of(w, (struct lookup){.of = "Rosa Lyngmose", .municipality = "Stevns"});
    assert_int_equal(away->n_meetings + away->n_items, 0);
}

SCENARIO(beginnings_are_completed)
{
    struct world *w = world_with_minutes();
    expect_completion(w, "vald", "member", "Valdemar Tangkjær");
    expect_completion(w, "TANG", "member", "Valdemar Tangkjær");
    expect_completion(w, "ros lyngm", "member", "Rosa Lyngmose");
    expect_completion(w, "oekon", "committee", "Økonomiudvalget");
    expect_completion(w, "stev", "municipality", "Stevns Kommune");
    expect_completion(w, "19/9", "case", "19/9000");
    expect_completion(w, "xyz", NULL, NULL);
    const Referent__V1__CompleteReply *reply = completions_of(w, (struct lookup){.of = "lyng", .limit = 1});
    assert_int_equal(reply->n_completions, 1);
    reply = completions_of(w, (struct lookup){.of = "r", .kind = "municipality"});
    assert_int_equal(reply->n_completions, 1);
    assert_string_equal(reply->completions[0]->value, "Ringsted Kommune");
    assert_int_equal(reply->completions[0]->documents, 5); /* two meetings, three open items */
}

SCENARIO(what_is_deleted_is_never_offered)
{
    struct world *w = world_with_minutes();
    given(w, MINUTES("stevns/februar.md", "Økonomiudvalget\nStevns Kommune\n\nMøde den 1. februar 2019\n"));
    expect_completion(w, "rosalie", NULL, NULL);
    assert_string_equal(member_of(w, (struct lookup){.of = "Rosalie Lyngbæk"})->name, "");
    expect_committed(w->feeder, peer_delete(w->feeder, "ringsted/marts.md", 0));
    expect_completion(w, "ditlev", NULL, NULL);
    expect_completion(w, "19/9", NULL, NULL);
    assert_int_equal(case_of(w, (struct lookup){.of = "19/9000"})->n_steps, 0);
}

SCENARIO(closed_items_are_in_none_of_them)
{
    struct world *w = world_with_minutes();
    assert_int_equal(case_of(w, (struct lookup){.of = "19/6666"})->total, 0);
    expect_completion(w, "19/6", NULL, NULL);
    expect_completion(w, "hemm", NULL, NULL);
    expect_completion(w, "sælg", NULL, NULL);
    assert_string_equal(member_of(w, (struct lookup){.of = "Hemmelig Sælgersen"})->name, "");
}

SCENARIO(bad_questions_are_refused_by_rule)
{
    enum {
        CASE = REFERENT__V1__ENVELOPE__PAYLOAD_CASE_REQUEST,
        MEMBER = REFERENT__V1__ENVELOPE__PAYLOAD_MEMBER_REQUEST,
        COMPLETE = REFERENT__V1__ENVELOPE__PAYLOAD_COMPLETE_REQUEST
    };
    struct world *w = world_with_minutes();
    char *longest = calloc(1, 100001);
    memset(longest, 'a', 100000);
    expect_refused(w, CASE, (struct lookup){.of = ""}, "filter.value");
    expect_refused(w, CASE, (struct lookup){.of = "---"}, "filter.value");
    expect_refused(w, CASE, (struct lookup){.of = "19/1", .limit = 1001}, "query.limit");
    expect_refused(w, CASE, (struct lookup){.of = "19/1", .offset = 100001}, "query.limit");
    expect_refused(w, CASE, (struct lookup){.of = "19/1", .municipality = ""}, "filter.value");
    expect_refused(w, MEMBER, (struct lookup){.of = " . "}, "filter.value");
    expect_refused(w, MEMBER, (struct lookup){.of = longest}, "filter.value");
    expect_refused(w, MEMBER, (struct lookup){.of = "Rosa", .limit = 1000000}, "query.limit");
    expect_refused(w, COMPLETE, (struct lookup){.of = ""}, "filter.value");
    expect_refused(w, COMPLETE, (struct lookup){.of = longest}, "filter.value");
    expect_refused(w, COMPLETE, (struct lookup){.of = "a", .limit = 101}, "query.limit");
    expect_refused(w, COMPLETE, (struct lookup){.of = "a", .kind = "dog"}, "complete.kind");
    expect_completion(w, "  ", NULL, NULL);
    expect_completion(w, "-/-", NULL, NULL);
    assert_int_equal(case_of(w, (struct lookup){.of = longest})->total, 0);
    free(longest);
}

SCENARIO(the_commands_tell_it)
{
    struct world *w = world_with_minutes();
    char *out;
    assert_int_equal(world_referent(w, (const char *const[]){"case", "19/4711", NULL}, &out), 0);
    assert_non_null(strstr(out, "Takster for svømmehallen, 1. behandling"));
    assert_non_null(strstr(out, "for Rosa Lyngmose, Valdemar Tangkjær; against Ditlev Nattergal"));
    assert_non_null(strstr(out, "4 found, 1 to 4 shown"));
    free(out);
    assert_int_equal(world_referent(w, (const char *const[]){"member", "Rosa", "Lyngmos", NULL}, &out), 0);
    assert_non_null(strstr(out, "the nearest is\nRosa Lyngmose (B)\n"));
    assert_non_null(strstr(out, "2019-01-08  absent"));
    assert_non_null(strstr(out, "with the party: 2. Ny skole"));
    free(out);
    assert_int_equal(world_referent(w, (const char *const[]){"complete", "--json", "ditl", NULL}, &out), 0);
    assert_non_null(strstr(out, "{\"kind\":\"member\",\"value\":\"Ditlev Nattergal\",\"documents\":2}"));
    free(out);
    assert_int_equal(world_referent(w, (const char *const[]){"complete", NULL}, &out), 2);
    free(out);
}

TELL(STORY(a_case_is_told_oldest_first), STORY(a_number_is_told_from_another_municipality_and_by_pages),
     STORY(minutes_without_items_have_a_history_too), STORY(a_member_is_told_by_attendance_votes_and_items),
     STORY(who_was_away_did_not_vote_with_the_party), STORY(a_misspelt_name_finds_a_live_member_and_says_whom),
     STORY(beginnings_are_completed), STORY(what_is_deleted_is_never_offered), STORY(closed_items_are_in_none_of_them),
     STORY(bad_questions_are_refused_by_rule), STORY(the_commands_tell_it))
