/* answer: runs a query and fills hits, facets and coverage. On a search thread. */
#include "answer.h"

#include "coverage.h"
#include "facet.h"
#include "query.h"
#include "record.h"
#include "snippet.h"

#include <stdlib.h>

enum {
    SNIPPET_DEFAULT = 240,
    SNIPPET_MAX = 2000,
    EXACT_UP_TO = 1000 /* totals below this are exact without facets; with facets all hits are looked at */
};

static enum fault field_copy(struct arena *arena, struct span value, char **out, struct error *err)
{
    struct text copy = arena_copy(arena, value);
    *out = (char *)copy.at;
    return copy.at ? FAULT_NONE : arena_full(err);
}

static enum fault hit_fill(struct arena *arena, struct view *view, struct search_result *result, size_t index,
                           size_t snippet_bytes, Referent__V1__Hit *hit, struct error *err)
{
    struct search_hit found;
    struct span snippet;
    TRY(search_result_hit(result, index, arena, &found, err));
    referent__v1__hit__init(hit);
    TRY(field_copy(arena, data_field(found.data, FIELD_ID), &hit->id, err));
    TRY(field_copy(arena, data_field(found.data, FIELD_ITEM), &hit->item, err));
    TRY(field_copy(arena, data_field(found.data, FIELD_TITLE), &hit->title, err));
    TRY(field_copy(arena, data_field(found.data, FIELD_COMMITTEE), &hit->committee, err));
    TRY(field_copy(arena, data_field(found.data, FIELD_MUNICIPALITY), &hit->municipality, err));
    TRY(field_copy(arena, data_field(found.data, FIELD_DATE), &hit->date, err));
    TRY(field_copy(arena, data_field(found.data, FIELD_URL), &hit->url, err));
    struct span position = data_field(found.data, FIELD_POSITION);
    hit->position = position.size > 0 ? (uint32_t)strtoul(position.at, NULL, 10) : 0;
    hit->score = found.weight;
    hit->shard = view_shard(view, found.part);
    TRY(snippet_make(arena, view, result, &found, snippet_bytes, &snippet, err));
    return field_copy(arena, snippet, &hit->snippet, err);
}

static enum fault hits_fill(struct arena *arena, struct view *view, struct search_result *result,
                            const Referent__V1__SearchRequest *request, Referent__V1__SearchReply *reply,
                            struct error *err)
{
    size_t count = search_result_count(result);
    Referent__V1__Hit *hits = arena_zero(arena, count + 1, sizeof *hits);
    reply->hits = arena_zero(arena, count + 1, sizeof *reply->hits);
    if (hits == NULL || reply->hits == NULL)
        return arena_full(err);
    size_t bytes = request->snippet_bytes ? request->snippet_bytes : SNIPPET_DEFAULT;
    for (size_t i = 0; i < count; i++) {
        TRY(hit_fill(arena, view, result, i, bytes < SNIPPET_MAX ? bytes : SNIPPET_MAX, &hits[i], err));
        reply->hits[i] = &hits[i];
    }
    reply->n_hits = count;
    return FAULT_NONE;
}

static enum fault reply_fill(struct arena *arena, struct view *view, struct search_result *result,
                             const Referent__V1__SearchRequest *request, Referent__V1__SearchReply *reply,
                             struct error *err)
{
    bool exact;
    reply->total = search_result_total(result, &exact);
    reply->total_exact = exact;
    TRY(hits_fill(arena, view, result, request, reply, err));
    TRY(facet_fill(arena, request, result, reply, err));
    return coverage_fill(arena, view, &reply->coverage, err);
}

enum fault answer_search(struct arena *arena, struct view *view, const Referent__V1__SearchRequest *request,
                         uint32_t timeout_ms, Referent__V1__SearchReply *reply, struct error *err)
{
    struct search search;
    struct search_result *result = NULL;
    TRY(query_build(arena, request, &search, err));
    TRY(facet_slots(arena, request, &search.facet_slots, err));
    search.facet_count = request->n_facets;
    search.check_at_least = request->n_facets > 0 ? UINT32_MAX : search.offset + search.limit + EXACT_UP_TO;
    search.timeout_ms = request->timeout_ms > 0 && request->timeout_ms < timeout_ms ? request->timeout_ms : timeout_ms;
    TRY(search_run(view_database(view), &search, &result, err));
    enum fault fault = reply_fill(arena, view, result, request, reply, err);
    search_result_free(&result);
    return fault;
}
