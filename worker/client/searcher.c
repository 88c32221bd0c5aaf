/* searcher: one question at a time, asked again on a new connection when the old one breaks or goes silent: asking
 * twice changes nothing. Thread: the caller's. */
#include "answer.h"
#include "clock.h"
#include "connection.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    PING_MS = 1000,    /* a worker that still searches answers a Ping */
    SILENCE_MS = 4000, /* no frame at all for so long, Pings unanswered: ask on a new connection */
    CONNECT_MS = 3000, /* nobody takes the connection for so long: give up */
    AGAIN_MS = 200,    /* between two connections */
    TICK_MS = 100
};

struct referent_searcher {
    struct connection connection;
    uint64_t sequence;
};

/* One question on its way. */
struct question {
    Envelope *envelope;
    int expected; /* payload of the answer */
    int64_t begin_ms, end_ms;
    bool sent;
    bool reached; /* the worker's end took a connection */
};

static enum referent_result fail(struct referent_error *err, enum referent_result result, const char *rule,
                                 const char *text)
{
    if (err != NULL) {
        snprintf(err->rule, sizeof err->rule, "%s", rule);
        snprintf(err->text, sizeof err->text, "%s", text);
    }
    return result;
}

enum referent_result referent_searcher_open(const char *endpoint, struct referent_searcher **out,
                                            struct referent_error *err)
{
    *out = NULL;
    struct referent_searcher *searcher = calloc(1, sizeof *searcher);
    if (searcher == NULL)
        return fail(err, REFERENT_FAILED, "memory", "out of memory");
    struct error error;
    if (connection_open(&searcher->connection, endpoint, &error) != FAULT_NONE) {
        free(searcher);
        return fail(err, REFERENT_FAILED, error.rule, error.text);
    }
    *out = searcher;
    return REFERENT_OK;
}

void referent_searcher_close(struct referent_searcher **searcher)
{
    if (searcher == NULL || *searcher == NULL)
        return;
    connection_close(&(*searcher)->connection, 0);
    free(*searcher);
    *searcher = NULL;
}

/* ---- Asking ---- */

static enum referent_result unreachable(const struct referent_searcher *searcher, const struct question *question,
                                        int64_t now_ms, struct referent_error *err)
{
    char text[sizeof err->text];
    snprintf(text, sizeof text, "%s at %.180s in %.1f s",
             question->reached ? "no answer from the worker" : "nobody answers", searcher->connection.endpoint,
             (double)(now_ms - question->begin_ms) / 1000);
    return fail(err, REFERENT_UNREACHABLE, question->reached ? "search.silent" : "search.unreachable", text);
}

/* Take what has come; the envelope that answers the question, or NULL. Answers to earlier questions are passed over. */
static Envelope *answer_receive(struct referent_searcher *searcher, const struct question *question,
                                struct arena **arena)
{
    Envelope *envelope;
    while ((envelope = connection_receive(&searcher->connection, arena)) != NULL) {
        bool ours = envelope->sequence == question->envelope->sequence &&
                    ((int)envelope->payload_case == question->expected ||
                     envelope->payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_FAILURE);
        if (ours)
            return envelope;
        arena_free(arena);
    }
    return NULL;
}

/* Send the question if it is not on its way; start over when the connection broke or is silent. */
static enum fault question_move(struct referent_searcher *searcher, struct question *question, int64_t now_ms,
                                struct error *err)
{
    struct connection *connection = &searcher->connection;
    question->reached = question->reached || connection->up;
    bool broken = connection->lost || (question->sent && now_ms - connection->heard_ms >= SILENCE_MS);
    if (broken && now_ms - connection->started_ms >= AGAIN_MS) {
        TRY(connection_renew(connection, err));
        question->sent = false;
    }
    if (connection->lost)
        return FAULT_NONE;
    if (!question->sent) {
        question->envelope->sequence = ++searcher->sequence;
        connection->heard_ms = connection->asked_ms = now_ms; /* an idle connection is no silent one */
        question->sent = connection_send(connection, question->envelope);
    }
    connection_ping(connection, now_ms, PING_MS);
    return FAULT_NONE;
}

static enum referent_result failure_map(const Referent__V1__Failure *failure, struct referent_error *err)
{
    return fail(err, failure->retry ? REFERENT_RETRY : REFERENT_REJECTED, failure->rule, failure->reason);
}

/* Ask until the answer comes; it lives in *arena, which is the caller's. */
static enum referent_result ask(struct referent_searcher *searcher, struct question *question, int timeout_ms,
                                Envelope **answer, struct arena **arena, struct referent_error *err)
{
    question->begin_ms = clock_steady_ms();
    question->end_ms = question->begin_ms + (timeout_ms > 0 ? timeout_ms : 0);
    if (!connection_wait(&searcher->connection, 0)) /* what became of the connection since the last question */
        return REFERENT_AGAIN;
    for (;;) {
        struct error error;
        int64_t now_ms = clock_steady_ms();
        if (question_move(searcher, question, now_ms, &error) != FAULT_NONE)
            return fail(err, REFERENT_FAILED, error.rule, error.text);
        *answer = answer_receive(searcher, question, arena);
        if (*answer != NULL)
            break;
        if (now_ms >= question->end_ms || (!question->reached && now_ms - question->begin_ms >= CONNECT_MS))
            return unreachable(searcher, question, now_ms, err);
        int64_t left_ms = question->end_ms - now_ms;
        if (!connection_wait(&searcher->connection, left_ms < TICK_MS ? left_ms : TICK_MS))
            return REFERENT_AGAIN;
    }
    if ((*answer)->payload_case != REFERENT__V1__ENVELOPE__PAYLOAD_FAILURE)
        return REFERENT_OK;
    enum referent_result result = failure_map((*answer)->failure, err);
    arena_free(arena);
    return result;
}

static enum referent_result too_large(struct arena **arena, struct referent_error *err)
{
    arena_free(arena);
    return fail(err, REFERENT_FAILED, "memory", "out of memory for the answer");
}

/* ---- The three questions ---- */

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
}

enum referent_result referent_search(struct referent_searcher *searcher, const struct referent_query *query,
                                     int timeout_ms, struct referent_answer **out, struct referent_error *err)
{
    Referent__V1__SearchRequest request = REFERENT__V1__SEARCH_REQUEST__INIT;
    query_fill(query, &request);
    Envelope envelope = frame_envelope(0), *answer;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_SEARCH_REQUEST;
    envelope.search_request = &request;
    struct question question = {.envelope = &envelope, .expected = REFERENT__V1__ENVELOPE__PAYLOAD_SEARCH_REPLY};
    struct arena *arena = NULL;
    *out = NULL;
    enum referent_result result = ask(searcher, &question, timeout_ms, &answer, &arena, err);
    if (result != REFERENT_OK)
        return result;
    struct answer_box *box = answer_search(arena, answer->search_reply);
    if (box == NULL)
        return too_large(&arena, err);
    *out = &box->answer;
    return REFERENT_OK;
}

enum referent_result referent_get(struct referent_searcher *searcher, const char *id, int timeout_ms,
                                  struct referent_stored **out, struct referent_error *err)
{
    Referent__V1__GetRequest request = REFERENT__V1__GET_REQUEST__INIT;
    request.id = string(id);
    Envelope envelope = frame_envelope(0), *answer;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_GET_REQUEST;
    envelope.get_request = &request;
    struct question question = {.envelope = &envelope, .expected = REFERENT__V1__ENVELOPE__PAYLOAD_GET_REPLY};
    struct arena *arena = NULL;
    *out = NULL;
    enum referent_result result = ask(searcher, &question, timeout_ms, &answer, &arena, err);
    if (result != REFERENT_OK)
        return result;
    if (!answer->get_reply->found) {
        arena_free(&arena);
        return fail(err, REFERENT_NOT_FOUND, "get.unknown", "there is no document with this id");
    }
    struct answer_box *box = answer_get(arena, answer->get_reply);
    if (box == NULL)
        return too_large(&arena, err);
    *out = &box->stored;
    return REFERENT_OK;
}

enum referent_result referent_worker_status(struct referent_searcher *searcher, int timeout_ms,
                                            struct referent_worker **out, struct referent_error *err)
{
    Referent__V1__StatusRequest request = REFERENT__V1__STATUS_REQUEST__INIT;
    Envelope envelope = frame_envelope(0), *answer;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_STATUS_REQUEST;
    envelope.status_request = &request;
    struct question question = {.envelope = &envelope, .expected = REFERENT__V1__ENVELOPE__PAYLOAD_STATUS_REPLY};
    struct arena *arena = NULL;
    *out = NULL;
    enum referent_result result = ask(searcher, &question, timeout_ms, &answer, &arena, err);
    if (result != REFERENT_OK)
        return result;
    struct answer_box *box = answer_status(arena, answer->status_reply);
    if (box == NULL)
        return too_large(&arena, err);
    *out = &box->worker;
    return REFERENT_OK;
}

void referent_answer_free(struct referent_answer **answer)
{
    if (answer == NULL)
        return;
    answer_box_free((struct answer_box *)*answer); /* its first member */
    *answer = NULL;
}

void referent_stored_free(struct referent_stored **stored)
{
    if (stored == NULL)
        return;
    answer_box_free((struct answer_box *)*stored);
    *stored = NULL;
}

void referent_worker_free(struct referent_worker **worker)
{
    if (worker == NULL)
        return;
    answer_box_free((struct answer_box *)*worker);
    *worker = NULL;
}

const char *referent_version(void)
{
    return REFERENT_VERSION;
}
