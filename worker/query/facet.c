/* facet: slot values, split at the unit separator, counted and sorted. On a search thread. */
#include "facet.h"

#include "query.h"
#include "schema.h"
#include "sortable.h"

#include <stdlib.h>

enum { FACET_VALUES_DEFAULT = 10, FACET_VALUES_MAX = 100 };

static bool slot_of(const char *name, uint32_t *slot)
{
    static const struct {
        const char *name;
        uint32_t slot;
    } known[] = {{"committee", SLOT_COMMITTEE},
                 {"municipality", SLOT_MUNICIPALITY},
                 {"year", SLOT_YEAR},
                 {"member", SLOT_MEMBER},
                 {"party", SLOT_PARTY},
                 {"outcome", SLOT_OUTCOME},
                 {"kle", SLOT_KLE},
                 {"amount", SLOT_AMOUNT}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i].name, name) == 0) {
            *slot = known[i].slot;
            return true;
        }
    return false;
}

enum fault facet_slots(struct arena *arena, const Referent__V1__SearchRequest *request, const uint32_t **slots,
                       struct error *err)
{
    uint32_t *made = arena_zero(arena, request->n_facets + 1, sizeof *made);
    if (made == NULL)
        return arena_full(err);
    if (request->n_facets > FACETS_MAX)
        return error_set(err, FAULT_REJECT, "facet.name", "%d facets at most", FACETS_MAX);
    for (size_t i = 0; i < request->n_facets; i++)
        if (!slot_of(request->facets[i], &made[i]))
            return error_set(
                err, FAULT_REJECT, "facet.name",
                "'%.40s' is no facet; use committee, municipality, year, member, party, outcome, kle or amount",
                request->facets[i]);
    *slots = made;
    return FAULT_NONE;
}

static int by_value(const void *left, const void *right)
{
    return span_compare(((const struct facet_count *)left)->value, ((const struct facet_count *)right)->value);
}

static int by_count(const void *left, const void *right)
{
    const struct facet_count *a = left, *b = right;
    if (a->count != b->count)
        return a->count < b->count ? 1 : -1;
    return span_compare(a->value, b->value);
}

struct counts {
    LIST(struct facet_count) list;
};

/* Amounts are counted in bands, each named as a range that the query understands ("beløb:100000..500000"). The slot's
 * form keeps the order of numbers, so a band is told by comparing bytes. */
static struct span band_of(struct span amount)
{
    static const struct {
        double least; /* in kroner */
        struct span name;
    } bands[] = {{1e8, {"100000000..", 11}},
                 {1e7, {"10000000..100000000", 19}},
                 {1e6, {"1000000..10000000", 17}},
                 {5e5, {"500000..1000000", 15}},
                 {1e5, {"100000..500000", 14}}};
    for (size_t i = 0; i < sizeof bands / sizeof *bands; i++) {
        char least[SORTABLE_MAX_BYTES];
        size_t size = sortable_number(bands[i].least, least);
        if (span_compare(amount, (struct span){least, size}) >= 0)
            return bands[i].name;
    }
    return SPAN("..100000");
}

static enum fault band_add(struct arena *arena, const struct facet_count *amount, struct counts *out, struct error *err)
{
    struct facet_count *one = LIST_PUSH(arena, &out->list);
    if (one == NULL)
        return arena_full(err);
    *one = (struct facet_count){band_of(amount->value), amount->count};
    return FAULT_NONE;
}

static enum fault split(struct arena *arena, const struct facet_count *joined, struct counts *out, struct error *err)
{
    struct span rest = joined->value;
    while (rest.size > 0) {
        const char *separator = memchr(rest.at, FACET_SEPARATOR, rest.size);
        size_t size = separator ? (size_t)(separator - rest.at) : rest.size;
        struct facet_count *one = LIST_PUSH(arena, &out->list);
        if (one == NULL)
            return arena_full(err);
        *one = (struct facet_count){{rest.at, size}, joined->count};
        rest = span_cut(rest, separator ? size + 1 : size, rest.size);
    }
    return FAULT_NONE;
}

/* Sum the counts of equal values, most frequent first. */
static void merge(struct counts *counts)
{
    if (counts->list.count == 0)
        return;
    struct facet_count *items = counts->list.items;
    qsort(items, counts->list.count, sizeof *items, by_value);
    size_t kept = 0;
    for (size_t i = 1; i < counts->list.count; i++)
        if (span_equal(items[i].value, items[kept].value))
            items[kept].count += items[i].count;
        else
            items[++kept] = items[i];
    counts->list.count = kept + 1;
    qsort(items, counts->list.count, sizeof *items, by_count);
}

static enum fault facet_write(struct arena *arena, const struct counts *counts, size_t limit,
                              Referent__V1__Facet *facet, struct error *err)
{
    size_t count = counts->list.count < limit ? counts->list.count : limit;
    Referent__V1__FacetValue *values = arena_zero(arena, count + 1, sizeof *values);
    facet->values = arena_zero(arena, count + 1, sizeof *facet->values);
    if (values == NULL || facet->values == NULL)
        return arena_full(err);
    for (size_t i = 0; i < count; i++) {
        struct text value = arena_copy(arena, counts->list.items[i].value);
        if (value.at == NULL)
            return arena_full(err);
        referent__v1__facet_value__init(&values[i]);
        values[i].value = (char *)value.at;
        values[i].count = counts->list.items[i].count;
        facet->values[i] = &values[i];
    }
    facet->n_values = count;
    return FAULT_NONE;
}

static enum fault facet_one(struct arena *arena, const Referent__V1__SearchRequest *request,
                            struct search_result *result, size_t number, Referent__V1__Facet *facet, struct error *err)
{
    const struct facet_count *joined;
    size_t count;
    struct counts counts = {0};
    TRY(search_result_facet(result, number, arena, &joined, &count, err));
    bool amount = strcmp(request->facets[number], "amount") == 0;
    for (size_t i = 0; i < count; i++)
        TRY(amount ? band_add(arena, &joined[i], &counts, err) : split(arena, &joined[i], &counts, err));
    merge(&counts);
    size_t limit = request->facet_limit ? request->facet_limit : FACET_VALUES_DEFAULT;
    facet->name = request->facets[number];
    return facet_write(arena, &counts, limit < FACET_VALUES_MAX ? limit : FACET_VALUES_MAX, facet, err);
}

enum fault facet_fill(struct arena *arena, const Referent__V1__SearchRequest *request, struct search_result *result,
                      Referent__V1__SearchReply *reply, struct error *err)
{
    Referent__V1__Facet *facets = arena_zero(arena, request->n_facets + 1, sizeof *facets);
    reply->facets = arena_zero(arena, request->n_facets + 1, sizeof *reply->facets);
    if (facets == NULL || reply->facets == NULL)
        return arena_full(err);
    for (size_t i = 0; i < request->n_facets; i++) {
        referent__v1__facet__init(&facets[i]);
        reply->facets[i] = &facets[i];
        TRY(facet_one(arena, request, result, i, &facets[i], err));
    }
    reply->n_facets = request->n_facets;
    return FAULT_NONE;
}
