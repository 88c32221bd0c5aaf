/* ballot: the sides of a vote as they are told, and which vote of an item counts. Pure.
 *
 * An item may have several votes: on amendments, then on the proposal. Each list of voters goes to the last vote, or
 * begins another one. Source: tests/golden/README.md. */
#include "vote.h"

static struct span voter_name(const struct ballot *ballot, const struct vote_word *voter)
{
    return voter->person >= 0 ? ballot->reading->people.items[voter->person].name
                              : reading_cut(ballot->reading, voter->start, voter->end);
}

/* What the vote at `i` is on: an amendment or the proposal itself, by the last word before it that tells. */
static uint8_t topic_of(const struct ballot *ballot, size_t i)
{
    for (size_t at = i; at > ballot->at + 1 && i - at < SENTENCE; at--) { /* a table may be long */
        uint8_t topic = ballot_topic(ballot, at - 1);
        if (topic)
            return topic;
    }
    return ballot->heard;
}

/* "A og V stemte for indstillingen": what the voters at `i` voted on stands behind their side; 0 if nothing does. */
static uint8_t topic_behind(const struct ballot *ballot, size_t i)
{
    size_t side = i + 1 + (kind_of(ballot, i + 1) == VOTE_CAST);
    return kind_of(ballot, side) == VOTE_SIDE ? ballot_topic(ballot, side + 1) : 0;
}

/* "Ændringsforslag til indstillingen" is an amendment. */
uint8_t ballot_topic(const struct ballot *ballot, size_t i)
{
    enum vote_kind kind = kind_of(ballot, i);
    bool to = kind_before(ballot, i, 1) == VOTE_WORD && kind_before(ballot, i, 2) == VOTE_AMENDMENT;
    return kind == VOTE_AMENDMENT || (kind == VOTE_MAIN && !to) ? (uint8_t)kind : 0;
}

/* Who is named already: by the same name or, when the side is told `again` with its reasons, with his party. */
static bool is_named(const struct ballot *ballot, const struct vote_names *side, const struct vote_word *voter,
                     bool again)
{
    struct span name = voter_name(ballot, voter);
    const struct person *people = ballot->reading->people.items;
    struct span party = voter->person >= 0 ? people[voter->person].party : (struct span){0};
    for (size_t i = 0; i < side->count; i++) {
        bool with = party.size ? span_equal(side->items[i], party)
                               : side->people[i] >= 0 && span_equal(people[side->people[i]].party, name);
        if (span_equal(side->items[i], name) || (again && with))
            return true;
    }
    return false;
}

/* Nobody is on a side; the names themselves, which are many, are left as they are. */
static void vote_clear(struct vote *vote)
{
    for (size_t side = 0; side < SIDES; side++)
        vote->sides[side].count = 0;
    vote->told = vote->amendment = false;
}

/* Begins a vote. The one before it is kept if it was on the proposal itself; of those on amendments only the last. */
static struct vote *vote_new(struct ballot *ballot)
{
    bool first = ballot->votes == NULL;
    if (first)
        ballot->votes = arena_alloc(ballot->reading->arena, 2 * sizeof *ballot->votes);
    else if (!ballot->votes[ballot->last].amendment)
        ballot->last = !ballot->last;
    ballot->full = ballot->votes == NULL;
    if (ballot->full)
        return NULL;
    if (first)
        vote_clear(&ballot->votes[!ballot->last]);
    struct vote *vote = &ballot->votes[ballot->last];
    vote_clear(vote);
    vote->told = true;
    return vote;
}

void ballot_take(struct ballot *ballot, enum side side, size_t i, bool call)
{
    struct vote_word *list = &ballot->phrases.items[i];
    struct vote *vote = ballot->votes ? &ballot->votes[ballot->last] : vote_new(ballot);
    uint8_t behind = topic_behind(ballot, i), topic = behind ? behind : topic_of(ballot, i);
    list->taken = true;
    list->side = (uint8_t)side;
    if (!vote)
        return;
    bool other = topic && ballot->topic && topic != ballot->topic, again = vote->sides[side].count > 0;
    bool told = vote->sides[0].count + vote->sides[1].count + vote->sides[2].count > 0;
    bool named = false; /* "Venstre stemte for" names nobody who is listed */
    for (size_t at = list->first; at < list->first + list->count; at++)
        named = named || ballot->words.items[at].kind == VOTE_VOTER;
    if (!named)
        return;
    if (((again && side == SIDE_FOR && !call) || (told && other)) && !(vote = vote_new(ballot)))
        return;
    again = vote->sides[side].count > 0;
    ballot->topic = topic;
    vote->amendment = vote->amendment || topic == VOTE_AMENDMENT;
    struct vote_names *names = &vote->sides[side];
    for (size_t at = list->first; at < list->first + list->count; at++) {
        const struct vote_word *voter = &ballot->words.items[at];
        bool seat = at > list->first && ballot->words.items[at - 1].kind == VOTE_FROM && at > list->first + 1 &&
                    ballot->words.items[at - 2].person >= 0; /* "Eva Holck fra Ø" */
        if (voter->kind != VOTE_VOTER || seat || names->count == VOTERS_MOST ||
            is_named(ballot, names, voter, again && !call))
            continue;
        if (voter->person >= 0) /* whoever votes has a seat, also if nothing else tells it */
            ballot->reading->people.items[voter->person].official = false;
        names->people[names->count] = voter->person;
        names->items[names->count++] = voter_name(ballot, voter);
    }
}

static struct name_list names_of(const struct vote_names *names)
{
    return (struct name_list){names->items, names->count};
}

void ballot_result(const struct ballot *ballot, struct item *item)
{
    const struct vote *votes = ballot->votes;
    item->voted = ballot->voted || votes;
    if (!votes)
        return;
    const struct vote *vote = &votes[ballot->last], *other = &votes[!ballot->last];
    if (vote->amendment && other->told && !other->amendment)
        vote = other;
    item->votes_for = names_of(&vote->sides[SIDE_FOR]);
    item->votes_against = names_of(&vote->sides[SIDE_AGAINST]);
    item->votes_abstain = names_of(&vote->sides[SIDE_ABSTAIN]);
}
