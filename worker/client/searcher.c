/* searcher: one question at a time, asked again on a new connection when the old one breaks or goes silent: asking
 * twice changes nothing. Thread: the caller's. */
#include "searcher.h"

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

enum referent_result searcher_fail(struct referent_error *err, enum referent_result result, const char *rule,
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
        return searcher_fail(err, REFERENT_FAILED, "memory", "out of memory");
    struct error error;
    if (connection_open(&searcher->connection, endpoint, &error) != FAULT_NONE) {
        free(searcher);
        return searcher_fail(err, REFERENT_FAILED, error.rule, error.text);
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
    return searcher_fail(err, REFERENT_UNREACHABLE, question->reached ? "search.silent" : "search.unreachable", text);
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
    return searcher_fail(err, failure->retry ? REFERENT_RETRY : REFERENT_REJECTED, failure->rule, failure->reason);
}

/* Ask until the answer comes. */
static enum referent_result ask(struct referent_searcher *searcher, struct question *question, int timeout_ms,
                                Envelope **answer, struct arena **arena, struct referent_error *err)
{
    question->begin_ms = clock_steady_ms();
    question->end_ms = question->begin_ms + (timeout_ms > 0 ? timeout_ms : 0);
    if (!connection_wait(&searcher->connection, 0)) /* what became of the connection since the last question */
        return REFERENT_AGAIN;
    for (bool looked = false;; looked = true) { /* it is not there as soon as it is asked for */
        struct error error;
        int64_t now_ms = clock_steady_ms();
        if (question_move(searcher, question, now_ms, &error) != FAULT_NONE)
            return searcher_fail(err, REFERENT_FAILED, error.rule, error.text);
        *answer = looked ? answer_receive(searcher, question, arena) : NULL;
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

enum referent_result searcher_ask(struct referent_searcher *searcher, Envelope *envelope, int expected, int timeout_ms,
                                  Envelope **answer, struct arena **arena, struct referent_error *err)
{
    struct question question = {.envelope = envelope, .expected = expected};
    return ask(searcher, &question, timeout_ms, answer, arena, err);
}

enum referent_result searcher_boxed(const struct answer_box *box, struct arena **arena, struct referent_error *err)
{
    if (box != NULL)
        return REFERENT_OK;
    arena_free(arena);
    return searcher_fail(err, REFERENT_FAILED, "memory", "out of memory for the answer");
}

const char *referent_version(void)
{
    return REFERENT_VERSION;
}
