/* report_lookup: cases, members and completions as JSON. */
#include "report.h"

static json_t *entry(const struct referent_entry *entry)
{
    json_t *votes = json_pack("{s:o, s:o, s:o}", "for", report_strings(entry->votes_for), "against",
                              report_strings(entry->votes_against), "abstain", report_strings(entry->votes_abstain));
    return json_pack("{s:s, s:I, s:s, s:s, s:s, s:s, s:s, s:o, s:b, s:o, s:o, s:s}", "id", entry->id, "position",
                     (json_int_t)entry->position, "item", entry->item, "title", entry->title, "committee",
                     entry->committee, "municipality", entry->municipality, "date", entry->date, "case",
                     report_known(entry->case_number), "mentioned", (int)entry->mentioned, "outcome",
                     report_known(entry->outcome), "votes", votes, "url", entry->url);
}

static json_t *entries(const struct referent_entry *items, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, entry(&items[i]));
    return list;
}

json_t *report_case(const char *number, const struct referent_case *history)
{
    return json_pack("{s:s, s:I, s:o, s:o}", "number", number, "total", (json_int_t)history->total, "steps",
                     entries(history->steps, history->step_count), "coverage", report_coverage(&history->coverage));
}

static json_t *meetings(const struct referent_member *member)
{
    json_t *list = json_array();
    for (size_t i = 0; i < member->meeting_count; i++) {
        const struct referent_attendance *one = &member->meetings[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:o, s:s}", "id", one->id, "committee",
                                              one->committee, "municipality", one->municipality, "date", one->date,
                                              "presence", report_known(one->presence), "url", one->url));
    }
    return list;
}

static json_t *ballots(const struct referent_member *member)
{
    json_t *list = json_array();
    for (size_t i = 0; i < member->ballot_count; i++) {
        const struct referent_ballot *one = &member->ballots[i];
        json_array_append_new(list, json_pack("{s:o, s:s, s:b}", "item", entry(&one->item), "vote", one->vote,
                                              "by_party", (int)one->by_party));
    }
    return list;
}

json_t *report_member(const struct referent_member *member)
{
    return json_pack("{s:o, s:b, s:o, s:o, s:I, s:o, s:I, s:o, s:o, s:o}", "name", report_known(member->name), "exact",
                     (int)member->exact, "others", report_strings(member->others), "party", report_known(member->party),
                     "meetings_total", (json_int_t)member->meetings_total, "meetings", meetings(member), "items_total",
                     (json_int_t)member->items_total, "items", entries(member->items, member->item_count), "ballots",
                     ballots(member), "coverage", report_coverage(&member->coverage));
}

json_t *report_completions(const struct referent_completions *completions)
{
    json_t *list = json_array();
    for (size_t i = 0; i < completions->count; i++) {
        const struct referent_completion *one = &completions->items[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:I}", "kind", one->kind, "value", one->value, "documents",
                                              (json_int_t)one->documents));
    }
    return json_pack("{s:o, s:o}", "completions", list, "coverage", report_coverage(&completions->coverage));
}
