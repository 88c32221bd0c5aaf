/* field: "medlem:brinkhaug" -> XMEMBER:tormod brinkhaug. On a search thread. */
#include "field.h"

#include "near.h"
#include "normal.h"
#include "value.h"

/* Filters whose values are names, so that a part of one or a misspelt one may be meant. */
static bool is_name(enum filter filter)
{
    return filter == FILTER_MEMBER || filter == FILTER_COMMITTEE || filter == FILTER_MUNICIPALITY ||
           filter == FILTER_ORG || filter == FILTER_LAW;
}

static enum fault any_live(struct asking *asking, const struct term_list *terms, bool *any)
{
    *any = false;
    for (size_t i = 0; i < terms->count && !*any; i++) {
        uint64_t documents;
        TRY(live_count(asking, terms->terms[i], &documents));
        *any = documents > 0;
    }
    return FAULT_NONE;
}

static enum fault near_terms(struct asking *asking, enum filter filter, const struct near_names *near,
                             struct term_list *out)
{
    struct span *terms = arena_zero(asking->arena, near->count, sizeof *terms);
    if (terms == NULL)
        return arena_full(asking->err);
    for (size_t i = 0; i < near->count; i++) {
        terms[i] = term_make(asking->arena, filter_prefix(filter), near->names[i]);
        if (terms[i].at == NULL)
            return arena_full(asking->err);
    }
    *out = (struct term_list){terms, near->count};
    return FAULT_NONE;
}

enum fault field_terms(struct asking *asking, enum filter filter, struct span typed, struct term_list *out,
                       struct span *mended)
{
    bool live;
    *mended = (struct span){NULL, 0};
    TRY(filter_terms(asking->arena, filter, typed, out, asking->err));
    if (!is_name(filter))
        return FAULT_NONE;
    TRY(any_live(asking, out, &live));
    if (live)
        return FAULT_NONE;
    struct near_names near;
    struct span folded = normal_fold(asking->arena, typed);
    if (folded.at == NULL)
        return arena_full(asking->err);
    TRY(near_values(asking, filter_prefix(filter), folded, false, &near));
    if (near.count == 0)
        return FAULT_NONE;
    if (near.count == 1)
        *mended = near.names[0];
    return near_terms(asking, filter, &near, out);
}

/* ---------------------------------------------------------------- ranges */

enum fault field_days(struct tree *tree, const struct day_range *days)
{
    struct span low, high;
    TRY(value_slot_days(tree->arena, days, &low, &high, tree->err));
    TRY(tree_range(tree, SLOT_DATE, low.size > 0 ? low : SPAN("0"), high));
    return tree_scale(tree, 0);
}

enum fault field_mentions(struct tree *tree, const struct day_range *days)
{
    struct term_list terms;
    TRY(range_day_cover(tree->arena, days->first, days->last, &terms, tree->err));
    return tree_any(tree, &terms);
}

enum fault field_amounts(struct tree *tree, const struct amount_range *amounts)
{
    struct term_list terms;
    TRY(range_amount_cover(tree->arena, amounts->low_ore, amounts->high_ore, &terms, tree->err));
    return tree_any(tree, &terms);
}

/* ---------------------------------------------------------------- fields of a query */

static enum fault days_compose(struct asking *asking, struct tree *tree, enum syntax_field field, struct span typed)
{
    struct day_range days;
    TRY(value_days(typed, &days, asking->err));
    return field == FIELD_QUERY_DATE ? field_days(tree, &days) : field_mentions(tree, &days);
}

static enum fault amounts_compose(struct asking *asking, struct tree *tree, struct span typed)
{
    struct amount_range amounts;
    TRY(value_amounts(typed, &amounts, asking->err));
    return field_amounts(tree, &amounts);
}

enum fault field_compose(struct asking *asking, struct tree *tree, enum syntax_field field, struct span typed)
{
    static const enum filter filters[] = {
        [FIELD_QUERY_MEMBER] = FILTER_MEMBER,
        [FIELD_QUERY_CASE] = FILTER_CASE,
        [FIELD_QUERY_COMMITTEE] = FILTER_COMMITTEE,
        [FIELD_QUERY_MUNICIPALITY] = FILTER_MUNICIPALITY,
        [FIELD_QUERY_PARTY] = FILTER_PARTY,
        [FIELD_QUERY_OUTCOME] = FILTER_OUTCOME,
        [FIELD_QUERY_KLE] = FILTER_KLE,
        [FIELD_QUERY_LAW] = FILTER_LAW,
        [FIELD_QUERY_ORG] = FILTER_ORG,
    };
    struct term_list terms;
    struct span mended;
    if (field == FIELD_QUERY_DATE || field == FIELD_QUERY_MENTION)
        return days_compose(asking, tree, field, typed);
    if (field == FIELD_QUERY_AMOUNT)
        return amounts_compose(asking, tree, typed);
    TRY(field_terms(asking, filters[field], typed, &terms, &mended));
    return tree_any(tree, &terms);
}
