/* member: who it is, then meetings with that member on the roster, items that name the member, votes in both. On a
 * search thread.
 *
 * Minutes count votes by party more often than by name. So beside the items that name the member, the items that name
 * the member's party are read, of those meetings on the page where the member was: the roster tells both. */
#include "member.h"

#include "coverage.h"
#include "filter.h"
#include "history.h"
#include "normal.h"
#include "printed.h"
#include "record.h"
#include "resolve.h"
#include "term.h"

#include <stdlib.h>

enum { PAGE_DEFAULT = 20 };

/* A meeting that the member was at, and for which party. */
struct seat {
    struct span id;
    struct span party;
};

struct telling {
    struct arena *arena;
    struct view *view;
    struct history history; /* page and place; group 0 is filled by each step */
    struct term_list places;
    struct span name; /* folded */
    struct span term;
    LIST(struct seat) seats;
    LIST(Referent__V1__Ballot *) ballots;
    Referent__V1__MemberReply *reply;
};

/* ---- who */

static enum fault others_fill(struct telling *telling, const struct resolution *who, struct error *err)
{
    Referent__V1__MemberReply *reply = telling->reply;
    reply->others = arena_zero(telling->arena, who->other_count + 1, sizeof *reply->others);
    if (reply->others == NULL)
        return arena_full(err);
    for (size_t i = 0; i < who->other_count; i++) {
        struct span printed;
        TRY(printed_value(telling->arena, telling->view, PREFIX_MEMBER, who->others[i], &printed, err));
        TRY(history_string(telling->arena, printed, &reply->others[reply->n_others++], err));
    }
    return FAULT_NONE;
}

static enum fault who_fill(struct telling *telling, struct span typed, struct error *err)
{
    struct resolution who;
    struct span printed;
    TRY(resolve_member(telling->arena, telling->view, typed, &who, err));
    telling->term = who.term;
    telling->reply->exact = who.exact;
    TRY(others_fill(telling, &who, err));
    if (who.term.size == 0)
        return FAULT_NONE;
    telling->name = span_cut(who.term, schema_prefix(PREFIX_MEMBER).size, who.term.size);
    TRY(printed_value(telling->arena, telling->view, PREFIX_MEMBER, who.term, &printed, err));
    return history_string(telling->arena, printed, &telling->reply->name, err);
}

/* ---- meetings */

static enum fault is_named(struct telling *telling, struct span name, bool *is, struct error *err)
{
    struct span folded = normal_fold(telling->arena, name);
    *is = folded.at != NULL && span_equal(folded, telling->name);
    return folded.at != NULL ? FAULT_NONE : arena_full(err);
}

/* Is the member in one of the lines called `field`? */
static enum fault is_listed(struct telling *telling, struct span data, enum schema_field field, bool *is,
                            struct error *err)
{
    struct span name;
    *is = false;
    for (size_t at = 0; !*is && data_field_next(data, field, &at, &name);)
        TRY(is_named(telling, name, is, err));
    return FAULT_NONE;
}

static const char *bracket_of(struct span line)
{
    size_t at = line.size;
    if (at == 0 || line.at[at - 1] != ')')
        return NULL;
    while (at > 0 && line.at[at - 1] != '(')
        at--;
    return at > 0 ? line.at + at - 1 : NULL;
}

/* The letters in "Rosa Lyngmose (B)", for this member; empty if the roster has none. */
static enum fault party_read(struct telling *telling, struct span data, struct span *party, struct error *err)
{
    struct span line;
    *party = (struct span){"", 0};
    for (size_t at = 0; data_field_next(data, FIELD_MEMBER, &at, &line);) {
        const char *open = bracket_of(line);
        bool is = false;
        if (open == NULL)
            continue;
        TRY(is_named(telling, span_cut(line, 0, (size_t)(open - line.at)), &is, err));
        if (is) {
            *party = span_cut(line, (size_t)(open + 1 - line.at), line.size - 1);
            return FAULT_NONE;
        }
    }
    return FAULT_NONE;
}

static enum fault presence_read(struct telling *telling, struct span data, const char **presence, struct error *err)
{
    bool is;
    TRY(is_listed(telling, data, FIELD_SUBSTITUTE, &is, err));
    if (is)
        return *presence = "substitute", FAULT_NONE;
    TRY(is_listed(telling, data, FIELD_PRESENT, &is, err));
    if (is)
        return *presence = "present", FAULT_NONE;
    TRY(is_listed(telling, data, FIELD_ABSENT, &is, err));
    *presence = is ? "absent" : "";
    return FAULT_NONE;
}

static enum fault seat_add(struct telling *telling, struct span data, struct span party, struct error *err)
{
    struct seat *seat = LIST_PUSH(telling->arena, &telling->seats);
    if (seat == NULL)
        return arena_full(err);
    struct text id = arena_copy(telling->arena, data_field(data, FIELD_ID));
    struct span letters = normal_party(telling->arena, party);
    *seat = (struct seat){{id.at, id.size}, letters};
    return id.at && letters.at ? FAULT_NONE : arena_full(err);
}

static enum fault meeting_take(void *self, const struct search_hit *hit, struct error *err)
{
    struct telling *telling = self;
    struct arena *arena = telling->arena;
    Referent__V1__Attendance *meeting = arena_zero(arena, 1, sizeof *meeting);
    struct span party;
    const char *presence;
    if (meeting == NULL)
        return arena_full(err);
    referent__v1__attendance__init(meeting);
    TRY(history_string(arena, data_field(hit->data, FIELD_ID), &meeting->id, err));
    TRY(history_string(arena, data_field(hit->data, FIELD_COMMITTEE), &meeting->committee, err));
    TRY(history_string(arena, data_field(hit->data, FIELD_MUNICIPALITY), &meeting->municipality, err));
    TRY(history_string(arena, data_field(hit->data, FIELD_DATE), &meeting->date, err));
    TRY(history_string(arena, data_field(hit->data, FIELD_URL), &meeting->url, err));
    TRY(presence_read(telling, hit->data, &presence, err));
    TRY(party_read(telling, hit->data, &party, err));
    meeting->presence = (char *)presence;
    telling->reply->meetings[telling->reply->n_meetings++] = meeting;
    if (party.size > 0 && telling->reply->party[0] == '\0')
        TRY(history_string(arena, party, &telling->reply->party, err));
    bool was_there = presence[0] == 'p' || presence[0] == 's';
    return was_there && party.size > 0 ? seat_add(telling, hit->data, party, err) : FAULT_NONE;
}

/* Run one of the searches: documents of a type that have one of the terms. */
static enum fault telling_run(struct telling *telling, struct term_list terms, struct span type,
                              struct search_result **result, uint64_t *total, struct error *err)
{
    struct history history = telling->history;
    TRY(filter_terms(telling->arena, FILTER_TYPE, type, &history.groups[1], err));
    history.groups[0] = terms;
    history.group_count = 2;
    if (telling->places.count > 0)
        history.groups[history.group_count++] = telling->places;
    return history_run(telling->arena, telling->view, &history, result, total, err);
}

static enum fault meetings_fill(struct telling *telling, struct error *err)
{
    Referent__V1__MemberReply *reply = telling->reply;
    struct search_result *result = NULL;
    TRY(telling_run(telling, (struct term_list){&telling->term, 1}, SPAN("meeting"), &result, &reply->meetings_total,
                    err));
    reply->meetings = arena_zero(telling->arena, search_result_count(result) + 1, sizeof *reply->meetings);
    enum fault fault = reply->meetings ? history_each(result, meeting_take, telling, err) : arena_full(err);
    search_result_free(&result);
    return fault;
}

/* ---- items and votes */

static enum fault ballot_add(struct telling *telling, Referent__V1__Entry *entry, const char *vote, bool by_party,
                             struct error *err)
{
    Referent__V1__Ballot **place = LIST_PUSH(telling->arena, &telling->ballots);
    Referent__V1__Ballot *ballot = arena_zero(telling->arena, 1, sizeof *ballot);
    if (place == NULL || ballot == NULL)
        return arena_full(err);
    referent__v1__ballot__init(ballot);
    ballot->item = entry;
    ballot->vote = (char *)vote;
    ballot->by_party = by_party;
    *place = ballot;
    return FAULT_NONE;
}

static const struct {
    enum schema_field field;
    const char *vote;
} sides[] = {{FIELD_FOR, "for"}, {FIELD_AGAINST, "against"}, {FIELD_ABSTAIN, "abstain"}};
enum { SIDES = sizeof sides / sizeof *sides };

/* The side on which the member stands by name; NULL if on none. */
static enum fault vote_by_name(struct telling *telling, struct span data, const char **vote, struct error *err)
{
    *vote = NULL;
    for (size_t i = 0; i < SIDES && *vote == NULL; i++) {
        bool is;
        TRY(is_listed(telling, data, sides[i].field, &is, err));
        if (is)
            *vote = sides[i].vote;
    }
    return FAULT_NONE;
}

static enum fault item_take(void *self, const struct search_hit *hit, struct error *err)
{
    struct telling *telling = self;
    Referent__V1__Entry *entry = arena_zero(telling->arena, 1, sizeof *entry);
    const char *vote;
    if (entry == NULL)
        return arena_full(err);
    TRY(history_entry(telling->arena, telling->view, hit, entry, err));
    telling->reply->items[telling->reply->n_items++] = entry;
    TRY(vote_by_name(telling, hit->data, &vote, err));
    return vote != NULL ? ballot_add(telling, entry, vote, false, err) : FAULT_NONE;
}

static enum fault items_fill(struct telling *telling, struct error *err)
{
    Referent__V1__MemberReply *reply = telling->reply;
    struct search_result *result = NULL;
    TRY(telling_run(telling, (struct term_list){&telling->term, 1}, SPAN("item"), &result, &reply->items_total, err));
    reply->items = arena_zero(telling->arena, search_result_count(result) + 1, sizeof *reply->items);
    enum fault fault = reply->items ? history_each(result, item_take, telling, err) : arena_full(err);
    search_result_free(&result);
    return fault;
}

/* ---- votes by party */

static int seat_order(const void *left, const void *right)
{
    return span_compare(((const struct seat *)left)->id, ((const struct seat *)right)->id);
}

/* The side on which the party stands; NULL if on none or on several: a party that split says nothing of one member. */
static enum fault vote_by_party(struct telling *telling, struct span data, struct span party, const char **vote,
                                struct error *err)
{
    size_t found = 0;
    for (size_t i = 0; i < SIDES; i++) {
        struct span name;
        for (size_t at = 0; data_field_next(data, sides[i].field, &at, &name);) {
            struct span letters = normal_party(telling->arena, name);
            if (letters.at == NULL)
                return arena_full(err);
            if (!span_equal(letters, party))
                continue;
            *vote = sides[i].vote;
            found++;
        }
    }
    if (found != 1)
        *vote = NULL;
    return FAULT_NONE;
}

static enum fault party_item_take(void *self, const struct search_hit *hit, struct error *err)
{
    struct telling *telling = self;
    const char *by_name = NULL, *vote = NULL;
    struct seat wanted = {.id = data_field(hit->data, FIELD_ID)};
    const struct seat *seat = bsearch(&wanted, telling->seats.items, telling->seats.count, sizeof wanted, seat_order);
    if (seat == NULL)
        return FAULT_NONE;
    TRY(vote_by_name(telling, hit->data, &by_name, err));
    TRY(vote_by_party(telling, hit->data, seat->party, &vote, err));
    if (by_name != NULL || vote == NULL)
        return FAULT_NONE;
    Referent__V1__Entry *entry = arena_zero(telling->arena, 1, sizeof *entry);
    if (entry == NULL)
        return arena_full(err);
    TRY(history_entry(telling->arena, telling->view, hit, entry, err));
    return ballot_add(telling, entry, vote, true, err);
}

static enum fault party_terms(struct telling *telling, struct term_list *meetings, struct term_list *parties,
                              struct error *err)
{
    size_t count = telling->seats.count;
    struct span *groups = arena_zero(telling->arena, count, sizeof *groups);
    struct span *letters = arena_zero(telling->arena, count, sizeof *letters);
    if (groups == NULL || letters == NULL)
        return arena_full(err);
    for (size_t i = 0; i < count; i++) {
        groups[i] = term_group(telling->arena, telling->seats.items[i].id);
        letters[i] = term_make(telling->arena, PREFIX_PARTY, telling->seats.items[i].party);
        if (groups[i].at == NULL || letters[i].at == NULL)
            return arena_full(err);
    }
    *meetings = (struct term_list){groups, count};
    *parties = (struct term_list){letters, count};
    return FAULT_NONE;
}

static enum fault party_votes_fill(struct telling *telling, struct error *err)
{
    struct history history = {
        .group_count = 2, .newest_first = true, .limit = HISTORY_LIMIT_MAX, .timeout_ms = telling->history.timeout_ms};
    struct search_result *result = NULL;
    uint64_t total;
    if (telling->seats.count == 0)
        return FAULT_NONE;
    qsort(telling->seats.items, telling->seats.count, sizeof *telling->seats.items, seat_order);
    TRY(party_terms(telling, &history.groups[0], &history.groups[1], err));
    TRY(history_run(telling->arena, telling->view, &history, &result, &total, err));
    enum fault fault = history_each(result, party_item_take, telling, err);
    search_result_free(&result);
    return fault;
}

static int ballot_order(const void *left, const void *right)
{
    const Referent__V1__Entry *a = (*(Referent__V1__Ballot *const *)left)->item;
    const Referent__V1__Entry *b = (*(Referent__V1__Ballot *const *)right)->item;
    int order = strcmp(b->date, a->date);
    if (order == 0)
        order = strcmp(a->id, b->id);
    return order ? order : (a->position > b->position) - (a->position < b->position);
}

static enum fault telling_fill(struct telling *telling, struct error *err)
{
    Referent__V1__MemberReply *reply = telling->reply;
    TRY(meetings_fill(telling, err));
    TRY(items_fill(telling, err));
    TRY(party_votes_fill(telling, err));
    if (telling->ballots.count > 0)
        qsort(telling->ballots.items, telling->ballots.count, sizeof *telling->ballots.items, ballot_order);
    reply->ballots = telling->ballots.items;
    reply->n_ballots = telling->ballots.count;
    return FAULT_NONE;
}

enum fault member_answer(struct arena *arena, struct view *view, const Referent__V1__MemberRequest *request,
                         uint32_t timeout_ms, Referent__V1__MemberReply *reply, struct error *err)
{
    struct telling telling = {.arena = arena, .view = view, .reply = reply};
    telling.history = (struct history){.newest_first = true, .timeout_ms = timeout_ms};
    TRY(history_page(&telling.history, request->limit, request->offset, PAGE_DEFAULT, err));
    TRY(history_municipalities(arena, request->municipality, request->n_municipality, &telling.places, err));
    TRY(who_fill(&telling, span_of(request->name), err));
    if (telling.term.size > 0)
        TRY(telling_fill(&telling, err));
    return coverage_fill(arena, view, &reply->coverage, err);
}
