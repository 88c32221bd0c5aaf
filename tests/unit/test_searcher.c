/* searcher: asks again when the worker is silent or the connection breaks, and maps failures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake_worker.h"
#include "referent.h"

#include <pthread.h>
#include <stdio.h>

/* What the fake worker does with the questions that come. */
struct script {
    struct fake_worker fake;
    pthread_t thread;
    int unanswered;   /* so many questions get no answer; Pings get none either while they last */
    int wrong;        /* before the answer, so many with another sequence */
    const char *rule; /* a Failure instead of an answer */
    bool retry;
    int64_t think_ms; /* before the answer, Pings being answered */
    int questions;
    int pings;
};

static void reply(struct script *script, const struct fake_frame *to, uint64_t sequence)
{
    Envelope envelope = frame_envelope(sequence);
    Referent__V1__Failure failure = REFERENT__V1__FAILURE__INIT;
    Referent__V1__SearchReply answer = REFERENT__V1__SEARCH_REPLY__INIT;
    Referent__V1__GetReply nothing = REFERENT__V1__GET_REPLY__INIT;
    Referent__V1__Hit hit = REFERENT__V1__HIT__INIT, *hits[] = {&hit};
    hit.id = (char *)"a.md";
    hit.position = 3;
    answer.total = 1;
    answer.hits = hits;
    answer.n_hits = 1;
    if (script->rule != NULL) {
        failure.rule = (char *)script->rule;
        failure.reason = (char *)"as the test wants it";
        failure.retry = script->retry;
        envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_FAILURE;
        envelope.failure = &failure;
    } else if (to->payload == REFERENT__V1__ENVELOPE__PAYLOAD_GET_REQUEST) {
        envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_GET_REPLY;
        envelope.get_reply = &nothing;
    } else {
        envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_SEARCH_REPLY;
        envelope.search_reply = &answer;
    }
    fake_send(&script->fake, to, &envelope);
}

/* One frame; false when the thread is to end (a frame that cannot be read tells it). */
static bool serve(struct script *script, const struct fake_frame *frame, struct fake_frame *asked, int64_t *due_ms)
{
    if (frame->payload == 0)
        return false;
    if (frame->payload == REFERENT__V1__ENVELOPE__PAYLOAD_PING) {
        script->pings++;
        if (script->questions > script->unanswered)
            fake_pong(&script->fake, frame, 1);
        return true;
    }
    if (++script->questions <= script->unanswered)
        return true;
    for (int i = 0; i < script->wrong; i++)
        reply(script, frame, frame->sequence + 1000);
    *asked = *frame;
    *due_ms = clock_steady_ms() + script->think_ms;
    return true;
}

static void *script_run(void *given)
{
    struct script *script = given;
    struct fake_frame frame, asked = {0};
    int64_t due_ms = INT64_MAX;
    for (bool go = true; go;) {
        zmq_pollitem_t item = {.socket = script->fake.router, .events = ZMQ_POLLIN};
        zmq_poll(&item, 1, 5);
        while (go && fake_receive(&script->fake, &frame))
            go = serve(script, &frame, &asked, &due_ms);
        if (clock_steady_ms() >= due_ms) {
            reply(script, &asked, asked.sequence);
            due_ms = INT64_MAX;
        }
    }
    return NULL;
}

static void script_begin(struct script *script)
{
    fake_start(&script->fake, "tcp://127.0.0.1:*");
    assert_int_equal(pthread_create(&script->thread, NULL, script_run, script), 0);
}

static void script_end(struct script *script)
{
    void *context = zmq_ctx_new(), *socket;
    assert_int_equal(socket_dealer(context, &socket, NULL), FAULT_NONE);
    assert_int_equal(socket_connect(socket, script->fake.endpoint, NULL), FAULT_NONE);
    zmq_send(socket, "end", 3, 0);
    pthread_join(script->thread, NULL);
    socket_close(&socket, 0);
    zmq_ctx_term(context);
    fake_stop(&script->fake);
}

/* Ask the script once. */
static enum referent_result ask(struct script *script, int timeout_ms, struct referent_error *error)
{
    struct referent_searcher *searcher;
    struct referent_answer *answer;
    struct referent_query query = {.text = "skole"};
    script_begin(script);
    assert_int_equal(referent_searcher_open(script->fake.endpoint, &searcher, NULL), REFERENT_OK);
    enum referent_result result = referent_search(searcher, &query, timeout_ms, &answer, error);
    referent_searcher_close(&searcher);
    if (result == REFERENT_OK) {
        assert_int_equal(answer->hit_count, 1);
        assert_string_equal(answer->hits[0].id, "a.md");
        assert_int_equal(answer->hits[0].position, 3);
        assert_string_equal(answer->hits[0].snippet, "");
    }
    referent_answer_free(&answer);
    script_end(script);
    return result;
}

static void an_answer_is_found_among_others(void **state)
{
    (void)state;
    struct script script = {.wrong = 3};
    assert_int_equal(ask(&script, 10000, NULL), REFERENT_OK);
    assert_int_equal(script.questions, 1);
}

static void silence_is_answered_by_asking_again(void **state)
{
    (void)state;
    struct script script = {.unanswered = 1};
    assert_int_equal(ask(&script, 20000, NULL), REFERENT_OK);
    assert_int_equal(script.questions, 2);
    assert_true(script.pings > 0);
}

static void a_worker_that_thinks_is_not_asked_again(void **state)
{
    (void)state;
    struct script script = {.think_ms = 5000};
    assert_int_equal(ask(&script, 20000, NULL), REFERENT_OK);
    assert_int_equal(script.questions, 1);
    assert_true(script.pings >= 3);
}

static void a_worker_that_is_silent_for_good_is_unreachable(void **state)
{
    (void)state;
    struct script script = {.unanswered = 100};
    struct referent_error error;
    assert_int_equal(ask(&script, 1500, &error), REFERENT_UNREACHABLE);
    assert_string_equal(error.rule, "search.silent");
}

static void nobody_there_is_known_before_the_timeout(void **state)
{
    (void)state;
    struct referent_searcher *searcher;
    struct referent_worker *worker;
    struct referent_error error;
    int64_t begin_ms = clock_steady_ms();
    struct fake_worker fake;
    fake_start(&fake, "tcp://127.0.0.1:*");
    fake_stop(&fake); /* a port that nobody listens on */
    assert_int_equal(referent_searcher_open(fake.endpoint, &searcher, NULL), REFERENT_OK);
    assert_int_equal(referent_worker_status(searcher, 600000, &worker, &error), REFERENT_UNREACHABLE);
    assert_string_equal(error.rule, "search.unreachable");
    assert_true(clock_steady_ms() - begin_ms < 60000);
    referent_searcher_close(&searcher);
}

static void failures_say_whether_to_try_again(void **state)
{
    (void)state;
    struct script bad = {.rule = "query.syntax"}, busy = {.rule = "worker.busy", .retry = true};
    struct referent_error error;
    assert_int_equal(ask(&bad, 10000, &error), REFERENT_REJECTED);
    assert_string_equal(error.rule, "query.syntax");
    assert_string_equal(error.text, "as the test wants it");
    assert_int_equal(ask(&busy, 10000, &error), REFERENT_RETRY);
}

static void a_document_that_is_not_there_is_not_found(void **state)
{
    (void)state;
    struct script script = {0};
    struct referent_searcher *searcher;
    struct referent_stored *stored;
    script_begin(&script);
    assert_int_equal(referent_searcher_open(script.fake.endpoint, &searcher, NULL), REFERENT_OK);
    assert_int_equal(referent_get(searcher, "a", 10000, &stored, NULL), REFERENT_NOT_FOUND);
    assert_null(stored);
    referent_searcher_close(&searcher);
    script_end(&script);
}

static void an_endpoint_that_is_none_is_refused(void **state)
{
    (void)state;
    struct referent_searcher *searcher;
    struct referent_error error;
    assert_int_equal(referent_searcher_open("nowhere", &searcher, &error), REFERENT_FAILED);
    assert_string_equal(error.rule, "socket.endpoint");
    assert_null(searcher);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_found_among_others),
        cmocka_unit_test(silence_is_answered_by_asking_again),
        cmocka_unit_test(a_worker_that_thinks_is_not_asked_again),
        cmocka_unit_test(a_worker_that_is_silent_for_good_is_unreachable),
        cmocka_unit_test(nobody_there_is_known_before_the_timeout),
        cmocka_unit_test(failures_say_whether_to_try_again),
        cmocka_unit_test(a_document_that_is_not_there_is_not_found),
        cmocka_unit_test(an_endpoint_that_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
