/* query: request -> question -> search. On a search thread. */
#include "query.h"

#include "field.h"
#include "frame.h"
#include "value.h"

/* BM25, measured on tests/golden/queries.json. */
static const double K1 = 1.2, B = 0.4;
/* A hit with all words weighs so many times itself more: a word less never outweighs that. */
static const double ALL_WORDS = 3;
static const double ITEM = 1;

/* ---------------------------------------------------------------- filters */

static enum fault required_add(struct tree *tree, struct question *question)
{
    struct branch *branch = LIST_PUSH(tree->arena, &question->composed.required);
    if (branch == NULL)
        return arena_full(tree->err);
    *branch = tree_cut(tree, 0);
    return branch->nodes ? FAULT_NONE : arena_full(tree->err);
}

static enum fault mended_add(struct asking *asking, struct question *question, struct mended mended)
{
    struct mended *added = LIST_PUSH(asking->arena, &question->mended);
    if (added == NULL)
        return arena_full(asking->err);
    *added = mended;
    return FAULT_NONE;
}

/* Any of the values of one filter. */
static enum fault values_add(struct asking *asking, struct question *question, enum filter filter, const char *kind,
                             char *const *values, size_t count)
{
    struct tree tree = {.arena = asking->arena, .err = asking->err};
    if (count > FILTER_VALUES_MAX)
        return error_set(asking->err, FAULT_REJECT, "filter.value", "a filter may have %d values", FILTER_VALUES_MAX);
    for (size_t i = 0; i < count; i++) {
        struct term_list terms;
        struct span value;
        TRY(field_terms(asking, filter, span_of(values[i]), &terms, &value));
        if (value.at != NULL)
            TRY(mended_add(asking, question, (struct mended){kind, span_of(values[i]), value}));
        TRY(tree_any(&tree, &terms));
    }
    if (count == 0)
        return FAULT_NONE;
    TRY(tree_join(&tree, QUERY_OR, count));
    return required_add(&tree, question);
}

static enum fault filters_add(struct asking *asking, struct question *question)
{
    const Referent__V1__SearchRequest *asked = question->request;
    const struct {
        enum filter filter;
        const char *kind;
        char **values;
        size_t count;
    } filters[] = {
        {FILTER_MEMBER, "member", asked->member, asked->n_member},
        {FILTER_CASE, "case", asked->case_number, asked->n_case_number},
        {FILTER_COMMITTEE, "committee", asked->committee, asked->n_committee},
        {FILTER_MUNICIPALITY, "municipality", asked->municipality, asked->n_municipality},
        {FILTER_PARTY, "party", asked->party, asked->n_party},
        {FILTER_OUTCOME, "outcome", asked->outcome, asked->n_outcome},
        {FILTER_LAW, "law", asked->law, asked->n_law},
        {FILTER_KLE, "kle", asked->kle, asked->n_kle},
        {FILTER_ORG, "org", asked->org, asked->n_org},
    };
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
        TRY(values_add(asking, question, filters[i].filter, filters[i].kind, filters[i].values, filters[i].count));
    return FAULT_NONE;
}

/* "2019-01-01" and "2019-06-30" as one range; false in *any if neither is given. */
static enum fault days_of(struct asking *asking, const char *from, const char *to, struct day_range *out, bool *any)
{
    *out = (struct day_range){{0}, {0}};
    *any = from[0] != '\0' || to[0] != '\0';
    if (!*any)
        return FAULT_NONE;
    struct text typed = arena_format(asking->arena, "%s..%s", from, to);
    return typed.at ? value_days((struct span){typed.at, typed.size}, out, asking->err) : arena_full(asking->err);
}

static enum fault ranges_add(struct asking *asking, struct question *question)
{
    const Referent__V1__SearchRequest *asked = question->request;
    struct tree tree = {.arena = asking->arena, .err = asking->err};
    struct amount_range amounts = {asked->has_amount_min ? asked->amount_min_ore : INT64_MIN,
                                   asked->has_amount_max ? asked->amount_max_ore : INT64_MAX};
    struct day_range days;
    bool any;
    TRY(days_of(asking, asked->date_from, asked->date_to, &days, &any));
    if (any) {
        TRY(field_days(&tree, &days));
        TRY(required_add(&tree, question));
    }
    TRY(days_of(asking, asked->mention_from, asked->mention_to, &days, &any));
    if (any) {
        TRY(field_mentions(&tree, &days));
        TRY(required_add(&tree, question));
    }
    if (!asked->has_amount_min && !asked->has_amount_max)
        return FAULT_NONE;
    if (amounts.low_ore > amounts.high_ore)
        return error_set(asking->err, FAULT_REJECT, "filter.amount", "the smallest amount is above the largest");
    TRY(field_amounts(&tree, &amounts));
    return required_add(&tree, question);
}

/* ---------------------------------------------------------------- order */

static const struct {
    const char *name;
    struct search_order order;
    struct span least; /* in ascending order what has no value would come first: it is left out */
} orders[] = {
    {"relevance", {0}, {NULL, 0}},
    {"date", {true, SLOT_DATE, true}, {NULL, 0}},
    {"date-asc", {true, SLOT_DATE, false}, {"0", 1}},
    {"amount", {true, SLOT_AMOUNT, true}, {NULL, 0}},
    {"amount-asc", {true, SLOT_AMOUNT, false}, {"\0", 1}},
};

static enum fault order_of(struct asking *asking, const struct question *question, size_t *out)
{
    const char *sort = question->request->sort;
    *out = question->composed.wanted.count > 0 ? 0 : 1; /* newest first, where nothing weighs */
    if (sort[0] == '\0')
        return FAULT_NONE;
    for (*out = 0; *out < sizeof orders / sizeof *orders; ++*out)
        if (strcmp(orders[*out].name, sort) == 0)
            return FAULT_NONE;
    return error_set(asking->err, FAULT_REJECT, "query.sort",
                     "'%.40s' is no order; use relevance, date, date-asc, amount or amount-asc", sort);
}

static enum fault collapse_of(struct asking *asking, const char *name, uint32_t *slot)
{
    *slot = UINT32_MAX;
    if (name[0] == '\0')
        return FAULT_NONE;
    if (strcmp(name, "meeting") != 0 && strcmp(name, "case") != 0)
        return error_set(asking->err, FAULT_REJECT, "query.collapse",
                         "'%.40s' is nothing to collapse on; use meeting "
                         "or case",
                         name);
    *slot = name[0] == 'm' ? SLOT_ID : SLOT_CASE;
    return FAULT_NONE;
}

/* ---------------------------------------------------------------- the question */

static enum fault bounds_check(const Referent__V1__SearchRequest *request, size_t query_bytes, struct error *err)
{
    if (query_bytes > QUERY_MAX_BYTES)
        return error_set(err, FAULT_REJECT, "query.length", "the query has %zu bytes; it may have %d", query_bytes,
                         QUERY_MAX_BYTES);
    if (request->limit > LIMIT_MAX || request->offset > OFFSET_MAX)
        return error_set(err, FAULT_REJECT, "query.limit", "limit may be %d and offset %d", LIMIT_MAX, OFFSET_MAX);
    return FAULT_NONE;
}

enum fault query_read(struct asking *asking, const Referent__V1__SearchRequest *request, struct question *out)
{
    struct span text = span_of(request->query);
    struct syntax *tree;
    *out = (struct question){.request = request};
    TRY(bounds_check(request, text.size, asking->err));
    TRY(syntax_parse(asking->arena, text, &tree, asking->err));
    if (!request->literal)
        TRY(understand(asking, text, tree, &out->understanding));
    TRY(compose_query(asking, tree, &out->understanding, request->literal, &out->composed));
    TRY(filters_add(asking, out));
    TRY(ranges_add(asking, out));
    const struct composed *composed = &out->composed;
    if (composed->wanted.count + composed->required.count + composed->excluded.count == 0)
        return error_set(asking->err, FAULT_REJECT, "query.empty",
                         text.size > 0 ? "the query holds no word" : "there is neither a query nor a filter");
    return FAULT_NONE;
}

bool query_can_relax(const struct question *question)
{
    return question->composed.wanted.count > 1 && !question->request->all_words;
}

/* People look for items: of a meeting's own document, which names everybody, only its head is of interest. */
static enum fault item_favour(struct tree *tree)
{
    TRY(tree_kind(tree, term_make(tree->arena, PREFIX_TYPE, SPAN("item")), ITEM));
    return tree_join(tree, QUERY_AND_MAYBE, 2);
}

/* All of what is wanted; or any of it, with all of it on top. */
static enum fault wanted_compose(struct tree *tree, const branch_list *wanted, bool relaxed)
{
    if (wanted->count == 0)
        return tree_all(tree);
    TRY(tree_branches(tree, QUERY_AND, wanted));
    if (relaxed) {
        TRY(tree_scale(tree, ALL_WORDS));
        TRY(tree_branches(tree, QUERY_OR, wanted));
        TRY(tree_join(tree, QUERY_OR, 2));
    }
    return item_favour(tree);
}

enum fault query_search(struct asking *asking, const struct question *question, bool relaxed, struct search *search)
{
    const struct composed *composed = &question->composed;
    const Referent__V1__SearchRequest *request = question->request;
    struct tree tree = {.arena = asking->arena, .err = asking->err};
    size_t order;
    *search = (struct search){.k1 = K1, .b = B, .offset = request->offset};
    search->limit = request->limit ? request->limit : LIMIT_DEFAULT;
    TRY(order_of(asking, question, &order));
    TRY(collapse_of(asking, request->collapse, &search->collapse_slot));
    TRY(wanted_compose(&tree, &composed->wanted, relaxed));
    for (size_t i = 0; i < composed->required.count; i++) {
        TRY(tree_branch(&tree, composed->required.items[i]));
        TRY(tree_pair(&tree, QUERY_FILTER));
    }
    if (orders[order].least.size > 0) {
        TRY(tree_range(&tree, orders[order].order.slot, orders[order].least, (struct span){"", 0}));
        TRY(tree_pair(&tree, QUERY_FILTER));
    }
    for (size_t i = 0; i < composed->excluded.count; i++) {
        TRY(tree_branch(&tree, composed->excluded.items[i]));
        TRY(tree_pair(&tree, QUERY_AND_NOT));
    }
    search->order = orders[order].order;
    search->nodes = tree.nodes.items;
    search->node_count = tree.nodes.count;
    return FAULT_NONE;
}
