/* history: documents by date, and their data as entries. On a search thread. */
#include "history.h"

#include "filter.h"
#include "query.h"
#include "record.h"

#include <stdlib.h>

enum { DATA_MAX_BYTES = 64 * 1024 * 1024 /* of one document: its body is packed, and that of a meeting of 16 MiB */ };

/* ---- the query */

struct nodes {
    LIST(struct query_node) list;
};

static enum fault node_add(struct arena *arena, struct nodes *nodes, struct query_node node, struct error *err)
{
    struct query_node *added = LIST_PUSH(arena, &nodes->list);
    if (added == NULL)
        return arena_full(err);
    *added = node;
    return FAULT_NONE;
}

static enum fault group_add(struct arena *arena, struct nodes *nodes, const struct term_list *group, struct error *err)
{
    for (size_t i = 0; i < group->count; i++)
        TRY(node_add(arena, nodes, (struct query_node){.op = QUERY_TERM, .text = group->terms[i]}, err));
    return node_add(arena, nodes, (struct query_node){.op = QUERY_OR, .operands = (uint32_t)group->count}, err);
}

enum fault history_run(struct arena *arena, struct view *view, const struct history *history,
                       struct search_result **out, uint64_t *total, struct error *err)
{
    struct nodes nodes = {0};
    bool exact;
    TRY(group_add(arena, &nodes, &history->groups[0], err));
    TRY(node_add(arena, &nodes, (struct query_node){.op = QUERY_SCALE, .operands = 1, .factor = 0}, err));
    for (size_t i = 1; i < history->group_count; i++) {
        TRY(group_add(arena, &nodes, &history->groups[i], err));
        TRY(node_add(arena, &nodes, (struct query_node){.op = QUERY_FILTER}, err));
    }
    struct search search = {.nodes = nodes.list.items,
                            .node_count = nodes.list.count,
                            .offset = history->offset,
                            .limit = history->limit,
                            .check_at_least = UINT32_MAX,
                            .order = {.by_value = true, .slot = SLOT_DATE, .reverse = history->newest_first},
                            .collapse_slot = UINT32_MAX,
                            .timeout_ms = history->timeout_ms};
    TRY(database_search(view_database(view), &search, out, err));
    *total = search_result_total(*out, &exact);
    return FAULT_NONE;
}

enum fault history_each(struct search_result *result,
                        enum fault (*take)(void *self, const struct search_hit *hit, struct error *err), void *self,
                        struct error *err)
{
    enum fault fault = FAULT_NONE;
    for (size_t i = 0; i < search_result_count(result) && fault == FAULT_NONE; i++) {
        struct search_hit hit;
        struct arena *scratch = arena_new(DATA_MAX_BYTES);
        if (scratch == NULL)
            return arena_full(err);
        fault = search_result_hit(result, i, scratch, &hit, err);
        if (fault == FAULT_NONE)
            fault = take(self, &hit, err);
        arena_free(&scratch);
    }
    return fault;
}

enum fault history_municipalities(struct arena *arena, char *const *values, size_t count, struct term_list *out,
                                  struct error *err)
{
    LIST(struct span) all = {0};
    for (size_t i = 0; i < count; i++) {
        struct term_list terms;
        TRY(filter_terms(arena, FILTER_MUNICIPALITY, span_of(values[i]), &terms, err));
        for (size_t n = 0; n < terms.count; n++) {
            struct span *term = LIST_PUSH(arena, &all);
            if (term == NULL)
                return arena_full(err);
            *term = terms.terms[n];
        }
    }
    *out = (struct term_list){all.items, all.count};
    return FAULT_NONE;
}

/* ---- data -> entry */

enum fault history_string(struct arena *arena, struct span value, char **out, struct error *err)
{
    struct text copy = arena_copy(arena, value);
    *out = (char *)copy.at;
    return copy.at ? FAULT_NONE : arena_full(err);
}

static enum fault names_fill(struct arena *arena, struct span data, enum schema_field field, size_t *count, char ***out,
                             struct error *err)
{
    LIST(char *) names = {0};
    struct span value;
    for (size_t at = 0; data_field_next(data, field, &at, &value);) {
        char **name = LIST_PUSH(arena, &names);
        if (name == NULL)
            return arena_full(err);
        TRY(history_string(arena, value, name, err));
    }
    *out = names.items;
    *count = names.count;
    return FAULT_NONE;
}

enum fault history_entry(struct arena *arena, struct view *view, const struct search_hit *hit,
                         Referent__V1__Entry *entry, struct error *err)
{
    struct span data = hit->data, position = data_field(data, FIELD_POSITION);
    referent__v1__entry__init(entry);
    TRY(history_string(arena, data_field(data, FIELD_ID), &entry->id, err));
    TRY(history_string(arena, data_field(data, FIELD_ITEM), &entry->item, err));
    TRY(history_string(arena, data_field(data, FIELD_TITLE), &entry->title, err));
    TRY(history_string(arena, data_field(data, FIELD_COMMITTEE), &entry->committee, err));
    TRY(history_string(arena, data_field(data, FIELD_MUNICIPALITY), &entry->municipality, err));
    TRY(history_string(arena, data_field(data, FIELD_DATE), &entry->date, err));
    TRY(history_string(arena, data_field(data, FIELD_CASE), &entry->case_number, err));
    TRY(history_string(arena, data_field(data, FIELD_OUTCOME), &entry->outcome, err));
    TRY(history_string(arena, data_field(data, FIELD_URL), &entry->url, err));
    TRY(names_fill(arena, data, FIELD_FOR, &entry->n_votes_for, &entry->votes_for, err));
    TRY(names_fill(arena, data, FIELD_AGAINST, &entry->n_votes_against, &entry->votes_against, err));
    TRY(names_fill(arena, data, FIELD_ABSTAIN, &entry->n_votes_abstain, &entry->votes_abstain, err));
    entry->position = position.size > 0 ? (uint32_t)strtoul(position.at, NULL, 10) : 0;
    entry->shard = view_shard(view, hit->part);
    return FAULT_NONE;
}

enum fault history_page(struct history *history, uint32_t limit, uint32_t offset, uint32_t otherwise, struct error *err)
{
    if (limit > HISTORY_LIMIT_MAX || offset > OFFSET_MAX)
        return error_set(err, FAULT_REJECT, "query.limit", "limit may be %d and offset %d", HISTORY_LIMIT_MAX,
                         OFFSET_MAX);
    history->limit = limit ? limit : otherwise;
    history->offset = offset;
    return FAULT_NONE;
}
