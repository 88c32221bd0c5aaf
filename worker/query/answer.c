/* answer: runs a query, relaxed if it must be, and fills the reply. On a search thread. */
#include "answer.h"

#include "clock.h"
#include "coverage.h"
#include "facet.h"
#include "hit.h"
#include "suggest.h"

enum {
    EXACT_UP_TO = 1000, /* totals below this are exact without facets; with facets all hits are looked at */
    RELAX_BELOW = 3,    /* so few hits with all words are too few */
    TIME_LEAST_MS = 10
};

struct answering {
    struct asking asking;
    struct view *view;
    struct question question;
    struct text_source source;
    struct search_result *result;
    Referent__V1__SearchReply *reply;
};

/* ---------------------------------------------------------------- searching */

static uint32_t time_left(const struct asking *asking)
{
    int64_t left = asking->deadline_ms - clock_steady_ms();
    return left > TIME_LEAST_MS ? (uint32_t)left : TIME_LEAST_MS;
}

/* By our own lists, or by Xapian's matcher. */
static enum fault look(struct answering *answering, const struct search *search)
{
    struct asking *asking = &answering->asking;
    struct matcher *matcher = view_matcher(answering->view);
    search_result_free(&answering->result);
    if (matcher != NULL)
        TRY(match_search(matcher, asking->arena, asking->database, search, &answering->result, asking->err));
    return answering->result != NULL ? FAULT_NONE
                                     : database_search(asking->database, search, &answering->result, asking->err);
}

static enum fault run(struct answering *answering, bool relaxed)
{
    struct asking *asking = &answering->asking;
    const Referent__V1__SearchRequest *request = answering->question.request;
    struct search search;
    bool exact;
    TRY(query_search(asking, &answering->question, relaxed, &search));
    TRY(facet_slots(asking->arena, request, &search.facet_slots, asking->err));
    search.facet_count = request->n_facets;
    search.check_at_least = request->n_facets > 0 ? UINT32_MAX : search.offset + search.limit + EXACT_UP_TO;
    search.timeout_ms = time_left(asking);
    search.kinds = request->explain ? NULL : view_kinds(answering->view);
    TRY(look(answering, &search));
    answering->reply->total = search_result_total(answering->result, &exact);
    answering->reply->total_exact = exact;
    answering->reply->relaxed = relaxed;
    if (!relaxed)
        answering->reply->all_words = answering->reply->total;
    return FAULT_NONE;
}

static enum fault search(struct answering *answering)
{
    struct asking *asking = &answering->asking;
    TRY(query_read(asking, answering->question.request, &answering->question));
    TRY(run(answering, false));
    if (answering->reply->total < RELAX_BELOW && query_can_relax(&answering->question))
        TRY(run(answering, true));
    answering->reply->timed_out = clock_steady_ms() >= asking->deadline_ms;
    return FAULT_NONE;
}

/* ---------------------------------------------------------------- the reply */

static enum fault string_set(struct asking *asking, struct span value, char **out)
{
    struct text copy = arena_copy(asking->arena, value);
    *out = (char *)copy.at;
    return copy.at ? FAULT_NONE : arena_full(asking->err);
}

static enum fault understood_add(struct answering *answering, const char *kind, struct span text, struct span value,
                                 bool filter)
{
    struct asking *asking = &answering->asking;
    Referent__V1__Understood *understood = arena_zero(asking->arena, 1, sizeof *understood);
    if (understood == NULL)
        return arena_full(asking->err);
    referent__v1__understood__init(understood);
    understood->kind = (char *)kind;
    understood->filter = filter;
    TRY(string_set(asking, text, &understood->text));
    TRY(string_set(asking, value, &understood->value));
    answering->reply->understood[answering->reply->n_understood++] = understood;
    return FAULT_NONE;
}

/* Words that were mended, and the query with them. */
static enum fault lost_fill(struct answering *answering, struct span query)
{
    struct asking *asking = &answering->asking;
    const struct composed *composed = &answering->question.composed;
    struct span suggestion;
    struct span *forms = arena_zero(asking->arena, composed->lost.count + 1, sizeof *forms);
    if (forms == NULL)
        return arena_full(asking->err);
    for (size_t i = 0; i < composed->lost.count; i++) {
        const struct lost_word *lost = &composed->lost.items[i];
        if (lost->stem.size == 0)
            continue;
        TRY(suggest_form(asking, &answering->source, lost->stem, &forms[i]));
        TRY(understood_add(answering, "spelling", span_cut(query, lost->start, lost->end), forms[i], false));
    }
    TRY(suggest_query(asking, query, composed, forms, &suggestion));
    return string_set(asking, suggestion, &answering->reply->suggestion);
}

static enum fault understood_fill(struct answering *answering)
{
    const struct question *question = &answering->question;
    struct span query = span_of(question->request->query);
    size_t count = question->understanding.meanings.count + question->mended.count + question->composed.lost.count;
    answering->reply->understood = arena_zero(answering->asking.arena, count + 1, sizeof(Referent__V1__Understood *));
    if (answering->reply->understood == NULL)
        return arena_full(answering->asking.err);
    for (size_t i = 0; i < question->understanding.meanings.count; i++) {
        const struct meaning *meaning = &question->understanding.meanings.items[i];
        TRY(understood_add(answering, meaning->kind, span_cut(query, meaning->start, meaning->end), meaning->value,
                           meaning->filter));
    }
    for (size_t i = 0; i < question->mended.count; i++) {
        const struct mended *mended = &question->mended.items[i];
        TRY(understood_add(answering, mended->kind, mended->typed, mended->value, true));
    }
    return lost_fill(answering, query);
}

static enum fault reply_fill(struct answering *answering)
{
    struct asking *asking = &answering->asking;
    Referent__V1__SearchReply *reply = answering->reply;
    const Referent__V1__SearchRequest *request = answering->question.request;
    struct span explanation = {"", 0};
    TRY(hit_fill_all(asking, answering->view, &answering->question, answering->result, &answering->source, reply));
    TRY(facet_fill(asking->arena, request, answering->result, reply, asking->err));
    TRY(understood_fill(answering));
    if (request->explain)
        TRY(search_result_query(answering->result, asking->arena, &explanation, asking->err));
    TRY(string_set(asking, explanation, &reply->explanation));
    return coverage_fill(asking->arena, answering->view, &reply->coverage, asking->err);
}

enum fault answer_search(struct arena *arena, struct view *view, struct language *language,
                         const Referent__V1__SearchRequest *request, uint32_t timeout_ms,
                         Referent__V1__SearchReply *reply, struct error *err)
{
    uint32_t time_ms = request->timeout_ms > 0 && request->timeout_ms < timeout_ms ? request->timeout_ms : timeout_ms;
    struct answering answering = {
        .asking = {.arena = arena,
                   .database = view_database(view),
                   .parts = view_parts(view),
                   .names = view_names(view),
                   .language = language,
                   .deadline_ms = clock_steady_ms() + time_ms,
                   .err = err},
        .view = view,
        .question = {.request = request},
        .source = {.arena = arena, .database = view_database(view), .unpacker = view_unpacker(view)},
        .reply = reply,
    };
    enum fault fault = search(&answering);
    if (fault == FAULT_NONE)
        fault = reply_fill(&answering);
    search_result_free(&answering.result);
    return fault;
}
