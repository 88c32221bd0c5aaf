/* query: request -> nodes. Pure; on a search thread. */
#include "query.h"

#include "filter.h"
#include "frame.h"
#include "range.h"

#include <inttypes.h>
#include <stdio.h>

/* Titles count beside the text they stand in: a word of the title weighs twice. */
static const struct search_field fields[] = {{"", ""}, {"", "S"}, {"titel", "S"}, {"title", "S"}};

struct building {
    struct arena *arena;
    LIST(struct query_node) nodes;
    bool has_text; /* something weighs */
};

static enum fault node_add(struct building *building, struct query_node node, struct error *err)
{
    struct query_node *added = LIST_PUSH(building->arena, &building->nodes);
    if (added == NULL)
        return arena_full(err);
    *added = node;
    return FAULT_NONE;
}

/* The terms as one OR behind the query so far, as a filter of it. No term: nothing can match. */
static enum fault filter_add(struct building *building, const struct term_list *terms, uint32_t count,
                             struct error *err)
{
    for (size_t i = 0; terms != NULL && i < terms->count; i++)
        TRY(node_add(building, (struct query_node){.op = QUERY_TERM, .text = terms->terms[i]}, err));
    TRY(node_add(building, (struct query_node){.op = QUERY_OR, .operands = count}, err));
    return node_add(building, (struct query_node){.op = QUERY_FILTER}, err);
}

/* Any of the values of one filter. */
static enum fault values_add(struct building *building, enum filter filter, char *const *values, size_t count,
                             struct error *err)
{
    uint32_t terms_in_all = 0;
    for (size_t i = 0; i < count; i++) {
        struct term_list terms;
        TRY(filter_terms(building->arena, filter, span_of(values[i]), &terms, err));
        for (size_t n = 0; n < terms.count; n++)
            TRY(node_add(building, (struct query_node){.op = QUERY_TERM, .text = terms.terms[n]}, err));
        terms_in_all += (uint32_t)terms.count;
    }
    return count > 0 ? filter_add(building, NULL, terms_in_all, err) : FAULT_NONE;
}

static enum fault filters_add(struct building *building, const Referent__V1__SearchRequest *request, struct error *err)
{
    TRY(values_add(building, FILTER_MEMBER, request->member, request->n_member, err));
    TRY(values_add(building, FILTER_CASE, request->case_number, request->n_case_number, err));
    TRY(values_add(building, FILTER_COMMITTEE, request->committee, request->n_committee, err));
    TRY(values_add(building, FILTER_MUNICIPALITY, request->municipality, request->n_municipality, err));
    TRY(values_add(building, FILTER_PARTY, request->party, request->n_party, err));
    return values_add(building, FILTER_OUTCOME, request->outcome, request->n_outcome, err);
}

/* "2019-06-30" -> "20190630", the form of the date slot. */
static enum fault date_read(struct arena *arena, const char *typed, struct span *out, struct error *err)
{
    unsigned year, month, day;
    int read = 0;
    bool sound = sscanf(typed, "%4u-%2u-%2u%n", &year, &month, &day, &read) == 3 && typed[read] == '\0' && month >= 1 &&
                 month <= 12 && day >= 1 && day <= 31 && year >= 1;
    if (!sound)
        return error_set(err, FAULT_REJECT, "filter.date", "a date must be written YYYY-MM-DD, not '%.40s'", typed);
    struct text made = arena_format(arena, "%04u%02u%02u", year, month, day);
    *out = (struct span){made.at, made.size};
    return made.at ? FAULT_NONE : arena_full(err);
}

static enum fault dates_add(struct building *building, const Referent__V1__SearchRequest *request, struct error *err)
{
    struct query_node range = {.op = QUERY_RANGE, .slot = SLOT_DATE, .text = SPAN("0")};
    if (request->date_from[0] == '\0' && request->date_to[0] == '\0')
        return FAULT_NONE;
    if (request->date_from[0] != '\0')
        TRY(date_read(building->arena, request->date_from, &range.text, err));
    if (request->date_to[0] != '\0')
        TRY(date_read(building->arena, request->date_to, &range.high, err));
    TRY(node_add(building, range, err));
    return node_add(building, (struct query_node){.op = QUERY_FILTER}, err);
}

static enum fault amounts_add(struct building *building, const Referent__V1__SearchRequest *request, struct error *err)
{
    if (!request->has_amount_min && !request->has_amount_max)
        return FAULT_NONE;
    struct term_list terms;
    TRY(range_amount_cover(building->arena, request->has_amount_min ? request->amount_min_ore : INT64_MIN,
                           request->has_amount_max ? request->amount_max_ore : INT64_MAX, &terms, err));
    if (terms.count == 0)
        return error_set(err, FAULT_REJECT, "filter.amount", "the smallest amount is above the largest");
    return filter_add(building, &terms, (uint32_t)terms.count, err);
}

static enum fault bounds_check(const Referent__V1__SearchRequest *request, size_t query_bytes, struct error *err)
{
    if (query_bytes > QUERY_MAX_BYTES)
        return error_set(err, FAULT_REJECT, "query.length", "the query has %zu bytes; it may have %d", query_bytes,
                         QUERY_MAX_BYTES);
    if (request->limit > LIMIT_MAX || request->offset > OFFSET_MAX)
        return error_set(err, FAULT_REJECT, "query.limit", "limit may be %d and offset %d", LIMIT_MAX, OFFSET_MAX);
    return FAULT_NONE;
}

enum fault query_build(struct arena *arena, const Referent__V1__SearchRequest *request, struct search *search,
                       struct error *err)
{
    struct building building = {.arena = arena};
    struct span text = span_of(request->query);
    size_t blank = strspn(request->query, " \t\r\n");
    building.has_text = blank < text.size;
    TRY(bounds_check(request, text.size, err));
    TRY(node_add(&building, (struct query_node){.op = building.has_text ? QUERY_PARSE : QUERY_ALL, .text = text}, err));
    TRY(filters_add(&building, request, err));
    TRY(dates_add(&building, request, err));
    TRY(amounts_add(&building, request, err));
    if (!building.has_text && building.nodes.count == 1)
        return error_set(err, FAULT_REJECT, "query.empty", "there is neither a query nor a filter");
    *search = (struct search){
        .nodes = building.nodes.items,
        .node_count = building.nodes.count,
        .fields = fields,
        .field_count = sizeof fields / sizeof fields[0],
        .offset = request->offset,
        .limit = request->limit ? request->limit : LIMIT_DEFAULT,
        .order = {.by_value = !building.has_text, .slot = SLOT_DATE, .reverse = true}, /* newest first */
        .collapse_slot = UINT32_MAX,
    };
    return FAULT_NONE;
}
