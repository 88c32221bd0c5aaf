/* question: each request of referent.h as an envelope, and its answer as a box. Thread: the caller's. */
#include "searcher.h"

static char *string(const char *given)
{
    return (char *)(given ? given : "");
}

static void query_fill(const struct referent_query *query, Referent__V1__SearchRequest *request)
{
    request->query = string(query->text);
#define FILTER(field) (request->n_##field = query->field.count, request->field = (char **)query->field.items)
    FILTER(member);
    FILTER(case_number);
    FILTER(committee);
    FILTER(municipality);
    FILTER(party);
    FILTER(outcome);
    FILTER(law);
    FILTER(kle);
    FILTER(org);
    FILTER(facets);
#undef FILTER
    request->date_from = string(query->date_from);
    request->date_to = string(query->date_to);
    request->has_amount_min = query->has_amount_min;
    request->has_amount_max = query->has_amount_max;
    request->amount_min_ore = query->amount_min_ore;
    request->amount_max_ore = query->amount_max_ore;
    request->limit = query->limit;
    request->offset = query->offset;
    request->facet_limit = query->facet_limit;
    request->snippet_bytes = query->snippet_bytes;
    request->timeout_ms = query->timeout_ms;
    request->mention_from = string(query->mention_from);
    request->mention_to = string(query->mention_to);
    request->sort = string(query->sort);
    request->collapse = string(query->collapse);
    request->literal = query->literal;
    request->all_words = query->all_words;
    request->explain = query->explain;
    request->ids_only = query->ids_only;
}

enum referent_result referent_search(struct referent_searcher *searcher, const struct referent_query *query,
                                     int timeout_ms, struct referent_answer **out, struct referent_error *err)
{
    Referent__V1__SearchRequest request = REFERENT__V1__SEARCH_REQUEST__INIT;
    query_fill(query, &request);
    Envelope envelope = frame_envelope(0), *answer;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_SEARCH_REQUEST;
    envelope.search_request = &request;
    const int expected = REFERENT__V1__ENVELOPE__PAYLOAD_SEARCH_REPLY;
    struct arena *arena = NULL;
    *out = NULL;
    enum referent_result result = searcher_ask(searcher, &envelope, expected, timeout_ms, &answer, &arena, err);
    if (result != REFERENT_OK)
        return result;
    struct answer_box *box = answer_search(arena, answer->search_reply);
    if (box != NULL)
        *out = &box->answer;
    return searcher_boxed(box, &arena, err);
}

enum referent_result referent_get(struct referent_searcher *searcher, const char *id, int timeout_ms,
                                  struct referent_stored **out, struct referent_error *err)
{
    Referent__V1__GetRequest request = REFERENT__V1__GET_REQUEST__INIT;
    request.id = string(id);
    Envelope envelope = frame_envelope(0), *answer;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_GET_REQUEST;
    envelope.get_request = &request;
    const int expected = REFERENT__V1__ENVELOPE__PAYLOAD_GET_REPLY;
    struct arena *arena = NULL;
    *out = NULL;
    enum referent_result result = searcher_ask(searcher, &envelope, expected, timeout_ms, &answer, &arena, err);
    if (result != REFERENT_OK)
        return result;
    if (!answer->get_reply->found) {
        arena_free(&arena);
        return searcher_fail(err, REFERENT_NOT_FOUND, "get.unknown", "there is no document with this id");
    }
    struct answer_box *box = answer_get(arena, answer->get_reply);
    if (box != NULL)
        *out = &box->stored;
    return searcher_boxed(box, &arena, err);
}

enum referent_result referent_worker_status(struct referent_searcher *searcher, int timeout_ms,
                                            struct referent_worker **out, struct referent_error *err)
{
    Referent__V1__StatusRequest request = REFERENT__V1__STATUS_REQUEST__INIT;
    Envelope envelope = frame_envelope(0), *answer;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_STATUS_REQUEST;
    envelope.status_request = &request;
    const int expected = REFERENT__V1__ENVELOPE__PAYLOAD_STATUS_REPLY;
    struct arena *arena = NULL;
    *out = NULL;
    enum referent_result result = searcher_ask(searcher, &envelope, expected, timeout_ms, &answer, &arena, err);
    if (result != REFERENT_OK)
        return result;
    struct answer_box *box = answer_status(arena, answer->status_reply);
    if (box != NULL)
        *out = &box->worker;
    return searcher_boxed(box, &arena, err);
}

enum referent_result referent_case_history(struct referent_searcher *searcher, const struct referent_case_query *query,
                                           int timeout_ms, struct referent_case **out, struct referent_error *err)
{
    Referent__V1__CaseRequest request = REFERENT__V1__CASE_REQUEST__INIT;
    request.number = string(query->number);
    request.n_municipality = query->municipality.count;
    request.municipality = (char **)query->municipality.items;
    request.limit = query->limit;
    request.offset = query->offset;
    Envelope envelope = frame_envelope(0), *answer;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_CASE_REQUEST;
    envelope.case_request = &request;
    const int expected = REFERENT__V1__ENVELOPE__PAYLOAD_CASE_REPLY;
    struct arena *arena = NULL;
    *out = NULL;
    enum referent_result result = searcher_ask(searcher, &envelope, expected, timeout_ms, &answer, &arena, err);
    if (result != REFERENT_OK)
        return result;
    struct answer_box *box = answer_case(arena, answer->case_reply);
    if (box != NULL)
        *out = &box->history;
    return searcher_boxed(box, &arena, err);
}

enum referent_result referent_member_history(struct referent_searcher *searcher,
                                             const struct referent_member_query *query, int timeout_ms,
                                             struct referent_member **out, struct referent_error *err)
{
    Referent__V1__MemberRequest request = REFERENT__V1__MEMBER_REQUEST__INIT;
    request.name = string(query->name);
    request.n_municipality = query->municipality.count;
    request.municipality = (char **)query->municipality.items;
    request.limit = query->limit;
    request.offset = query->offset;
    Envelope envelope = frame_envelope(0), *answer;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_MEMBER_REQUEST;
    envelope.member_request = &request;
    const int expected = REFERENT__V1__ENVELOPE__PAYLOAD_MEMBER_REPLY;
    struct arena *arena = NULL;
    *out = NULL;
    enum referent_result result = searcher_ask(searcher, &envelope, expected, timeout_ms, &answer, &arena, err);
    if (result != REFERENT_OK)
        return result;
    struct answer_box *box = answer_member(arena, answer->member_reply);
    if (box != NULL)
        *out = &box->member;
    return searcher_boxed(box, &arena, err);
}

enum referent_result referent_complete(struct referent_searcher *searcher, const char *prefix,
                                       struct referent_strings kinds, uint32_t limit, int timeout_ms,
                                       struct referent_completions **out, struct referent_error *err)
{
    Referent__V1__CompleteRequest request = REFERENT__V1__COMPLETE_REQUEST__INIT;
    request.prefix = string(prefix);
    request.n_kinds = kinds.count;
    request.kinds = (char **)kinds.items;
    request.limit = limit;
    Envelope envelope = frame_envelope(0), *answer;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_COMPLETE_REQUEST;
    envelope.complete_request = &request;
    const int expected = REFERENT__V1__ENVELOPE__PAYLOAD_COMPLETE_REPLY;
    struct arena *arena = NULL;
    *out = NULL;
    enum referent_result result = searcher_ask(searcher, &envelope, expected, timeout_ms, &answer, &arena, err);
    if (result != REFERENT_OK)
        return result;
    struct answer_box *box = answer_complete(arena, answer->complete_reply);
    if (box != NULL)
        *out = &box->completions;
    return searcher_boxed(box, &arena, err);
}

/* Each public struct is the first member of its box. */
#define FREES(name, type)                                                                                              \
    void name(struct type **given)                                                                                     \
    {                                                                                                                  \
        if (given == NULL)                                                                                             \
            return;                                                                                                    \
        answer_box_free((struct answer_box *)*given);                                                                  \
        *given = NULL;                                                                                                 \
    }
FREES(referent_answer_free, referent_answer)
FREES(referent_stored_free, referent_stored)
FREES(referent_worker_free, referent_worker)
FREES(referent_case_free, referent_case)
FREES(referent_member_free, referent_member)
FREES(referent_completions_free, referent_completions)
