/* case: the steps of a case through meetings. On a search thread. */
#include "case.h"

#include "coverage.h"
#include "filter.h"
#include "history.h"
#include "normal.h"

#include <stdlib.h>

enum { STEPS_DEFAULT = 100 };

struct steps {
    struct arena *arena;
    struct view *view;
    struct span number; /* normalised */
    Referent__V1__CaseReply *reply;
};

/* Two numbers are one if only their separators differ: minutes print "306 2009 600" and "3062009600" alike. */
static bool number_same(struct span a, struct span b)
{
    size_t i = 0, j = 0;
    for (;;) {
        while (i < a.size && a.at[i] == '-')
            i++;
        while (j < b.size && b.at[j] == '-')
            j++;
        if (i == a.size || j == b.size)
            return i == a.size && j == b.size;
        if (a.at[i++] != b.at[j++])
            return false;
    }
}

static enum fault is_own(const struct steps *steps, const char *printed, bool *is, struct error *err)
{
    struct span own = normal_case(steps->arena, span_of(printed));
    *is = own.at != NULL && own.size > 0 && number_same(own, steps->number);
    return own.at != NULL ? FAULT_NONE : arena_full(err);
}

static enum fault step_take(void *self, const struct search_hit *hit, struct error *err)
{
    struct steps *steps = self;
    Referent__V1__Entry *entry = arena_zero(steps->arena, 1, sizeof *entry);
    bool own;
    if (entry == NULL)
        return arena_full(err);
    TRY(history_entry(steps->arena, steps->view, hit, entry, err));
    TRY(is_own(steps, entry->case_number, &own, err));
    entry->mentioned = !own;
    steps->reply->steps[steps->reply->n_steps++] = entry;
    return FAULT_NONE;
}

/* Of one day: the items of a meeting together and in their order, whatever shard they come from. */
static int step_order(const void *left, const void *right)
{
    const Referent__V1__Entry *a = *(Referent__V1__Entry *const *)left, *b = *(Referent__V1__Entry *const *)right;
    int order = strcmp(a->date, b->date);
    if (order == 0)
        order = strcmp(a->id, b->id);
    return order ? order : (a->position > b->position) - (a->position < b->position);
}

static enum fault steps_fill(struct steps *steps, const struct history *history, struct error *err)
{
    struct search_result *result = NULL;
    Referent__V1__CaseReply *reply = steps->reply;
    TRY(history_run(steps->arena, steps->view, history, &result, &reply->total, err));
    reply->steps = arena_zero(steps->arena, search_result_count(result) + 1, sizeof *reply->steps);
    enum fault fault = reply->steps ? history_each(result, step_take, steps, err) : arena_full(err);
    search_result_free(&result);
    if (fault == FAULT_NONE)
        qsort(reply->steps, reply->n_steps, sizeof *reply->steps, step_order);
    return fault;
}

enum fault case_answer(struct arena *arena, struct view *view, const Referent__V1__CaseRequest *request,
                       uint32_t timeout_ms, Referent__V1__CaseReply *reply, struct error *err)
{
    struct history history = {.timeout_ms = timeout_ms};
    struct term_list types, places;
    TRY(history_page(&history, request->limit, request->offset, STEPS_DEFAULT, err));
    TRY(filter_terms(arena, FILTER_CASE, span_of(request->number), &history.groups[0], err));
    TRY(filter_terms(arena, FILTER_TYPE, SPAN("item"), &types, err));
    TRY(history_municipalities(arena, request->municipality, request->n_municipality, &places, err));
    struct steps steps = {arena, view, normal_case(arena, span_of(request->number)), reply};
    history.group_count = 1;
    if (places.count > 0)
        history.groups[history.group_count++] = places;
    history.groups[history.group_count++] = types;
    TRY(steps_fill(&steps, &history, err));
    if (reply->total == 0) {
        history.group_count--; /* meetings without items, or with the number in their head */
        TRY(steps_fill(&steps, &history, err));
    }
    return coverage_fill(arena, view, &reply->coverage, err);
}
