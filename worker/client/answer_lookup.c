/* answer_lookup: CaseReply, MemberReply and CompleteReply as plain structs. */
#include "answer.h"

static struct referent_strings strings(char **items, size_t count)
{
    return (struct referent_strings){(const char *const *)items, count};
}

static struct referent_entry entry(const Referent__V1__Entry *from)
{
    return (struct referent_entry){.id = from->id,
                                   .position = from->position,
                                   .item = from->item,
                                   .title = from->title,
                                   .committee = from->committee,
                                   .municipality = from->municipality,
                                   .date = from->date,
                                   .case_number = from->case_number,
                                   .mentioned = from->mentioned,
                                   .outcome = from->outcome,
                                   .votes_for = strings(from->votes_for, from->n_votes_for),
                                   .votes_against = strings(from->votes_against, from->n_votes_against),
                                   .votes_abstain = strings(from->votes_abstain, from->n_votes_abstain),
                                   .url = from->url,
                                   .shard = from->shard};
}

static bool entries(struct arena *arena, Referent__V1__Entry **from, size_t count, const struct referent_entry **out,
                    size_t *out_count)
{
    struct referent_entry *all = arena_zero(arena, count, sizeof *all);
    if (all == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        all[i] = entry(from[i]);
    *out = all;
    *out_count = count;
    return true;
}

struct answer_box *answer_case(struct arena *arena, const Referent__V1__CaseReply *reply)
{
    struct answer_box *box = answer_box_new(arena);
    if (box == NULL || !entries(arena, reply->steps, reply->n_steps, &box->history.steps, &box->history.step_count) ||
        !answer_coverage(arena, reply->coverage, &box->history.coverage))
        return NULL;
    box->history.total = reply->total;
    return box;
}

static bool meetings(struct arena *arena, const Referent__V1__MemberReply *reply, struct referent_member *member)
{
    struct referent_attendance *all = arena_zero(arena, reply->n_meetings, sizeof *all);
    if (all == NULL)
        return false;
    for (size_t i = 0; i < reply->n_meetings; i++) {
        const Referent__V1__Attendance *from = reply->meetings[i];
        all[i] = (struct referent_attendance){from->id,   from->committee, from->municipality,
                                              from->date, from->presence,  from->url};
    }
    member->meetings = all;
    member->meeting_count = reply->n_meetings;
    return true;
}

static bool ballots(struct arena *arena, const Referent__V1__MemberReply *reply, struct referent_member *member)
{
    static const Referent__V1__Entry nothing = REFERENT__V1__ENTRY__INIT;
    struct referent_ballot *all = arena_zero(arena, reply->n_ballots, sizeof *all);
    if (all == NULL)
        return false;
    for (size_t i = 0; i < reply->n_ballots; i++) {
        const Referent__V1__Ballot *from = reply->ballots[i];
        all[i] = (struct referent_ballot){entry(from->item ? from->item : &nothing), from->vote, from->by_party};
    }
    member->ballots = all;
    member->ballot_count = reply->n_ballots;
    return true;
}

struct answer_box *answer_member(struct arena *arena, const Referent__V1__MemberReply *reply)
{
    struct answer_box *box = answer_box_new(arena);
    struct referent_member *member = box ? &box->member : NULL;
    if (box == NULL || !meetings(arena, reply, member) || !ballots(arena, reply, member) ||
        !entries(arena, reply->items, reply->n_items, &member->items, &member->item_count) ||
        !answer_coverage(arena, reply->coverage, &member->coverage))
        return NULL;
    member->name = reply->name;
    member->exact = reply->exact;
    member->others = strings(reply->others, reply->n_others);
    member->party = reply->party;
    member->meetings_total = reply->meetings_total;
    member->items_total = reply->items_total;
    return box;
}

struct answer_box *answer_complete(struct arena *arena, const Referent__V1__CompleteReply *reply)
{
    struct answer_box *box = answer_box_new(arena);
    struct referent_completion *all = box ? arena_zero(arena, reply->n_completions, sizeof *all) : NULL;
    if (all == NULL || !answer_coverage(arena, reply->coverage, &box->completions.coverage))
        return NULL;
    for (size_t i = 0; i < reply->n_completions; i++) {
        const Referent__V1__Completion *from = reply->completions[i];
        all[i] = (struct referent_completion){from->kind, from->value, from->documents};
    }
    box->completions.items = all;
    box->completions.count = reply->n_completions;
    return box;
}
