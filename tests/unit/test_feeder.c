/* feeder: credit, redelivery and order against a worker that does what a real one rarely does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake_worker.h"
#include "referent.h"

#include <stdio.h>
#include <stdlib.h>

enum { FRAMES_MAX = 4096, PATIENCE_MS = 20000, SILENCE_MS = 800, RECEIPT_MS = 1500, MIB = 1024 * 1024 };

/* A feeder, a fake worker, and everything that has passed between them. */
struct story {
    struct fake_worker fake;
    struct referent_feeder *feeder;
    uint64_t instance; /* that Hello and Ping are answered with; 0: they are not answered */
    uint64_t credit_bytes;
    uint32_t credit_messages;
    struct fake_frame frames[FRAMES_MAX]; /* Submit and Delete, in order of arrival */
    size_t frame_count;
    size_t hellos;
    struct fake_frame last_hello;
    struct referent_receipt receipts[FRAMES_MAX];
    char ids[FRAMES_MAX][32];
    size_t receipt_count;
    enum referent_result result; /* of the last poll that gave no receipt */
};

#define COMMITTED REFERENT__V1__STATUS__STATUS_COMMITTED
#define REJECTED  REFERENT__V1__STATUS__STATUS_REJECTED
#define RETRY     REFERENT__V1__STATUS__STATUS_RETRY
#define HELD      REFERENT__V1__STATUS__STATUS_HELD

static struct story *story_begin(uint64_t credit_bytes, uint32_t credit_messages)
{
    struct story *story = calloc(1, sizeof *story);
    struct referent_feeder_options options = {
        .client = "test", .silence_ms = SILENCE_MS, .receipt_ms = RECEIPT_MS, .keep_max_bytes = 64 * MIB};
    story->instance = 1;
    story->credit_bytes = credit_bytes;
    story->credit_messages = credit_messages;
    fake_start(&story->fake, "tcp://127.0.0.1:*");
    assert_int_equal(referent_feeder_open(story->fake.endpoint, &options, &story->feeder, NULL), REFERENT_OK);
    return story;
}

static void story_end(struct story *story)
{
    referent_feeder_close(&story->feeder);
    fake_stop(&story->fake);
    free(story);
}

static void hear(struct story *story)
{
    struct fake_frame frame;
    while (fake_receive(&story->fake, &frame)) {
        if (frame.payload == REFERENT__V1__ENVELOPE__PAYLOAD_HELLO) {
            story->hellos++;
            story->last_hello = frame;
            if (story->instance != 0)
                fake_welcome(&story->fake, &frame, story->instance, story->credit_bytes, story->credit_messages);
        } else if (frame.payload == REFERENT__V1__ENVELOPE__PAYLOAD_PING) {
            if (story->instance != 0)
                fake_pong(&story->fake, &frame, story->instance);
        } else if (frame.payload != REFERENT__V1__ENVELOPE__PAYLOAD_BYE) {
            assert_true(story->frame_count < FRAMES_MAX);
            story->frames[story->frame_count++] = frame;
        }
    }
}

/* Let both sides move once. */
static void turn(struct story *story)
{
    struct referent_receipt receipt;
    enum referent_result result = referent_feeder_poll(story->feeder, 2, &receipt, NULL);
    if (result == REFERENT_OK) {
        struct referent_receipt *kept = &story->receipts[story->receipt_count];
        snprintf(story->ids[story->receipt_count++], sizeof story->ids[0], "%s", receipt.id);
        *kept = receipt;
    } else {
        story->result = result;
    }
    hear(story);
}

static void turn_for(struct story *story, int64_t ms)
{
    for (int64_t end_ms = clock_steady_ms() + ms; clock_steady_ms() < end_ms;)
        turn(story);
}

#define EXPECT(story, condition)                                                                                       \
    do {                                                                                                               \
        for (int64_t end_ms = clock_steady_ms() + PATIENCE_MS; !(condition) && clock_steady_ms() < end_ms;)            \
            turn(story);                                                                                               \
        assert_true(condition);                                                                                        \
    } while (0)

static enum referent_result submit_once(struct story *story, const char *id, size_t bytes)
{
    char *body = malloc(bytes);
    memset(body, 'x', bytes);
    struct referent_document document = {.id = id, .body = body, .body_bytes = bytes};
    enum referent_result result = referent_feeder_submit(story->feeder, &document, NULL, NULL);
    free(body);
    return result;
}

/* Submit, letting both sides move until there is room. */
static void submit(struct story *story, const char *id, size_t bytes)
{
    int64_t end_ms = clock_steady_ms() + PATIENCE_MS;
    enum referent_result result;
    while ((result = submit_once(story, id, bytes)) == REFERENT_AGAIN && clock_steady_ms() < end_ms)
        turn(story);
    assert_int_equal(result, REFERENT_OK);
}

static void submit_many(struct story *story, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char id[32];
        snprintf(id, sizeof id, "d%zu", i);
        submit(story, id, 10);
    }
}

static void answer(struct story *story, size_t frame, Referent__V1__Status status)
{
    const struct fake_frame *to = &story->frames[frame];
    fake_receipt(&story->fake, to, to->sequence, status, "", 0);
}

/* ---- Credit ---- */

static void credit_in_messages_is_never_exceeded(void **state)
{
    (void)state;
    struct story *story = story_begin(MIB, 3);
    for (size_t answered = 0, offered = 0; answered < 50;) {
        char id[32];
        snprintf(id, sizeof id, "d%zu", offered);
        if (offered < 50 && submit_once(story, id, 10) == REFERENT_OK)
            offered++;
        turn(story);
        assert_true(story->frame_count - answered <= 3);
        if (story->frame_count - answered == 3 || (offered == 50 && story->frame_count == 50))
            answer(story, answered++, COMMITTED);
    }
    EXPECT(story, story->receipt_count == 50);
    assert_int_equal(story->frame_count, 50);
    story_end(story);
}

static void credit_in_bytes_is_never_exceeded(void **state)
{
    (void)state;
    struct story *story = story_begin(1000, 100);
    size_t in_flight = 0;
    for (size_t answered = 0, noted = 0, offered = 0; answered < 30;) {
        char id[32];
        snprintf(id, sizeof id, "d%zu", offered);
        if (offered < 30 && submit_once(story, id, 100 + offered * 7) == REFERENT_OK)
            offered++;
        turn(story);
        for (; noted < story->frame_count; noted++)
            in_flight += story->frames[noted].bytes;
        assert_true(in_flight <= 1000);
        if (answered < story->frame_count && (in_flight > 600 || offered == 30)) {
            in_flight -= story->frames[answered].bytes;
            answer(story, answered++, COMMITTED);
        }
    }
    EXPECT(story, story->receipt_count == 30);
    story_end(story);
}

static void a_document_larger_than_the_credit_goes_alone(void **state)
{
    (void)state;
    struct story *story = story_begin(1000, 100);
    submit(story, "small", 100);
    EXPECT(story, story->frame_count == 1);
    turn_for(story, 50);
    assert_int_equal(submit_once(story, "large", 5000), REFERENT_AGAIN);
    answer(story, 0, COMMITTED);
    submit(story, "large", 5000);
    EXPECT(story, story->frame_count == 2);
    assert_int_equal(submit_once(story, "after", 10), REFERENT_AGAIN);
    answer(story, 1, COMMITTED);
    submit(story, "after", 10);
    EXPECT(story, story->frame_count == 3);
    story_end(story);
}

/* Poll with a patience of its own; it comes back long before that is over. */
static void expect_room_soon(struct story *story)
{
    struct referent_receipt receipt;
    int64_t begun_ms = clock_steady_ms();
    assert_int_equal(referent_feeder_poll(story->feeder, PATIENCE_MS, &receipt, NULL), REFERENT_AGAIN);
    assert_true(clock_steady_ms() - begun_ms < PATIENCE_MS / 2);
}

static void who_was_turned_away_hears_of_room_at_once_and_once(void **state)
{
    enum { SHORT_MS = 20 };
    (void)state;
    struct story *story = story_begin(MIB, 1);
    assert_int_equal(submit_once(story, "first", 10), REFERENT_AGAIN);
    EXPECT(story, story->hellos == 1); /* and the Welcome is on its way */
    expect_room_soon(story);
    submit(story, "first", 10);
    EXPECT(story, story->frame_count == 1);
    assert_int_equal(submit_once(story, "second", 10), REFERENT_AGAIN);
    answer(story, 0, HELD);
    expect_room_soon(story);
    int64_t begun_ms = clock_steady_ms();
    turn(story);
    struct referent_receipt receipt;
    assert_int_equal(referent_feeder_poll(story->feeder, SHORT_MS, &receipt, NULL), REFERENT_AGAIN);
    assert_true(clock_steady_ms() - begun_ms >= SHORT_MS);
    submit(story, "second", 10);
    EXPECT(story, story->frame_count == 2);
    story_end(story);
}

static void held_gives_back_the_credit_and_keeps_the_document(void **state)
{
    (void)state;
    struct story *story = story_begin(MIB, 1);
    struct referent_feeder_state now;
    submit(story, "a", 10);
    EXPECT(story, story->frame_count == 1);
    answer(story, 0, HELD);
    submit(story, "b", 10);
    EXPECT(story, story->frame_count == 2);
    answer(story, 1, HELD);
    EXPECT(story, (referent_feeder_state(story->feeder, &now), now.in_flight == 0));
    assert_int_equal(now.unfinished, 2);
    story->instance = 2; /* restarted: what it held is gone */
    EXPECT(story, story->frame_count == 3);
    assert_string_equal(story->frames[2].id, "a");
    answer(story, 2, COMMITTED);
    EXPECT(story, story->frame_count == 4);
    assert_string_equal(story->frames[3].id, "b");
    answer(story, 3, COMMITTED);
    EXPECT(story, story->receipt_count == 2);
    story_end(story);
}

/* Sent so far: the documents alone, without what asks the worker to publish. */
static size_t sent(const struct story *story)
{
    size_t count = 0;
    for (size_t i = 0; i < story->frame_count; i++)
        count += story->frames[i].payload == REFERENT__V1__ENVELOPE__PAYLOAD_SUBMIT;
    return count;
}

static void what_became_of_the_held_is_asked_for_when_nothing_comes(void **state)
{
    (void)state;
    enum { HELD_COUNT = 40 };
    struct story *story = story_begin(MIB, 100);
    struct referent_feeder_state now;
    submit_many(story, HELD_COUNT);
    EXPECT(story, sent(story) == HELD_COUNT);
    for (size_t i = 0; i < HELD_COUNT; i++)
        answer(story, i, HELD);
    EXPECT(story, (referent_feeder_state(story->feeder, &now), now.held == HELD_COUNT));
    int64_t held_ms = clock_steady_ms();
    EXPECT(story, sent(story) == HELD_COUNT + 1);
    assert_true(clock_steady_ms() - held_ms >= RECEIPT_MS - 10);
    assert_string_equal(story->frames[story->frame_count - 1].id, "d0");
    answer(story, story->frame_count - 1, HELD); /* it is still being published: no more than one goes */
    EXPECT(story, sent(story) == HELD_COUNT + 2);
    turn_for(story, 100);
    assert_int_equal(sent(story), HELD_COUNT + 2);
    for (size_t next = story->frame_count - 1; story->receipt_count < HELD_COUNT;) { /* their receipts were lost */
        if (next < story->frame_count)
            answer(story, next++, REFERENT__V1__STATUS__STATUS_UNCHANGED);
        turn(story);
        assert_true(clock_steady_ms() - held_ms < 8 * RECEIPT_MS + PATIENCE_MS);
    }
    assert_int_equal(sent(story), 2 * HELD_COUNT + 1);
    story_end(story);
}

static void without_credit_hello_is_said_again(void **state)
{
    (void)state;
    struct story *story = story_begin(0, 0);
    submit(story, "a", 10);
    EXPECT(story, story->hellos == 2);
    assert_int_equal(story->frame_count, 0);
    story->credit_bytes = MIB;
    story->credit_messages = 10;
    EXPECT(story, story->frame_count == 1);
    story_end(story);
}

/* ---- Restarts and losses ---- */

static void another_instance_gets_everything_again(void **state)
{
    (void)state;
    struct story *story = story_begin(MIB, 100);
    submit_many(story, 5);
    EXPECT(story, story->frame_count == 5);
    answer(story, 1, COMMITTED);
    EXPECT(story, story->receipt_count == 1);
    story->instance = 2;
    EXPECT(story, story->frame_count == 9);
    turn_for(story, 50);
    assert_int_equal(story->hellos, 2);
    const char *expected[] = {"d0", "d2", "d3", "d4"};
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(story->frames[5 + i].id, expected[i]);
    for (size_t i = 5; i < 9; i++)
        answer(story, i, COMMITTED);
    EXPECT(story, story->receipt_count == 5);
    story_end(story);
}

static void a_restart_may_grant_less(void **state)
{
    (void)state;
    struct story *story = story_begin(MIB, 100);
    submit_many(story, 10);
    EXPECT(story, story->frame_count == 10);
    story->credit_messages = 2;
    story->instance = 2;
    for (size_t answered = 10; answered < 20; answered++) {
        EXPECT(story, story->frame_count == (answered + 2 < 20 ? answered + 2 : 20));
        turn_for(story, 20);
        assert_true(story->frame_count <= answered + 2);
        answer(story, answered, COMMITTED);
    }
    EXPECT(story, story->receipt_count == 10);
    story_end(story);
}

static void a_restart_behind_the_socket_gets_everything_again(void **state)
{
    (void)state;
    struct story *story = story_begin(MIB, 100);
    char endpoint[ENDPOINT_MAX];
    submit_many(story, 5);
    EXPECT(story, story->frame_count == 5);
    strcpy(endpoint, story->fake.endpoint);
    fake_stop(&story->fake);
    turn_for(story, 50);
    fake_start(&story->fake, endpoint); /* the same instance: only the broken connection tells */
    EXPECT(story, story->frame_count == 10);
    assert_int_equal(story->hellos, 2);
    for (size_t i = 5; i < 10; i++)
        answer(story, i, COMMITTED);
    EXPECT(story, story->receipt_count == 5);
    story_end(story);
}

static void silence_makes_a_new_connection(void **state)
{
    (void)state;
    struct story *story = story_begin(MIB, 100);
    submit_many(story, 2);
    EXPECT(story, story->frame_count == 2);
    struct fake_frame first = story->last_hello;
    story->instance = 0; /* hears, but says nothing */
    EXPECT(story, story->hellos >= 2);
    assert_false(first.routing_size == story->last_hello.routing_size &&
                 memcmp(first.routing, story->last_hello.routing, first.routing_size) == 0);
    assert_int_equal(story->frame_count, 2); /* nothing before the Welcome */
    story->instance = 1;
    EXPECT(story, story->frame_count == 4);
    story_end(story);
}

static void a_lost_receipt_is_asked_for_alone(void **state)
{
    (void)state;
    struct story *story = story_begin(MIB, 100);
    submit_many(story, 5);
    EXPECT(story, story->frame_count == 5);
    for (size_t i = 0; i < 5; i++)
        if (i != 3)
            answer(story, i, COMMITTED);
    EXPECT(story, story->frame_count == 6);
    assert_string_equal(story->frames[5].id, "d3");
    assert_int_equal(story->hellos, 1);
    answer(story, 5, COMMITTED);
    EXPECT(story, story->receipt_count == 5);
    story_end(story);
}

static void a_slow_worker_is_not_asked_again(void **state)
{
    (void)state;
    struct story *story = story_begin(MIB, 100);
    submit_many(story, 30);
    EXPECT(story, story->frame_count == 30);
    for (size_t i = 0; i < 30; i++) { /* the last waits twice as long as a receipt may take */
        turn_for(story, 2 * RECEIPT_MS / 30);
        answer(story, i, COMMITTED);
    }
    EXPECT(story, story->receipt_count == 30);
    assert_int_equal(story->frame_count, 30);
    story_end(story);
}

static void a_receipt_that_was_overtaken_is_asked_for(void **state)
{
    (void)state;
    struct story *story = story_begin(MIB, 100);
    submit_many(story, 1);
    EXPECT(story, story->frame_count == 1);
    bool again = false;
    for (size_t i = 1; !again; i++) {
        char id[32];
        assert_true(i < 200);
        snprintf(id, sizeof id, "later%zu", i);
        submit(story, id, 10);
        EXPECT(story, story->frame_count > i);
        answer(story, i, COMMITTED);
        turn_for(story, 50);
        again = story->frames[story->frame_count - 1].sequence == story->frames[0].sequence;
    }
    story_end(story);
}

static void retry_waits_as_long_as_it_is_told(void **state)
{
    (void)state;
    struct story *story = story_begin(MIB, 100);
    submit_many(story, 3);
    EXPECT(story, story->frame_count == 3);
    int64_t begin_ms = clock_steady_ms();
    for (size_t i = 0; i < 3; i++)
        fake_receipt(&story->fake, &story->frames[i], story->frames[i].sequence, RETRY, "worker.busy", 300);
    EXPECT(story, story->frame_count > 3); /* several may come in one turn */
    assert_true(clock_steady_ms() - begin_ms >= 300);
    EXPECT(story, story->frame_count == 6);
    for (size_t i = 3; i < 6; i++)
        answer(story, i, COMMITTED);
    EXPECT(story, story->receipt_count == 3);
    assert_int_equal(story->frame_count, 6);
    story_end(story);
}

static void hello_first_is_obeyed(void **state)
{
    (void)state;
    struct story *story = story_begin(MIB, 100);
    submit_many(story, 1);
    EXPECT(story, story->frame_count == 1);
    fake_receipt(&story->fake, &story->frames[0], story->frames[0].sequence, RETRY, "hello.first", 10);
    EXPECT(story, story->hellos == 2 && story->frame_count == 2);
    story_end(story);
}

/* ---- Order ---- */

static void one_id_is_in_flight_once(void **state)
{
    (void)state;
    struct story *story = story_begin(MIB, 100);
    submit(story, "a", 10);
    submit(story, "a", 20);
    submit(story, "b", 10);
    assert_int_equal(referent_feeder_delete(story->feeder, "a", 0, "", NULL, NULL), REFERENT_OK);
    EXPECT(story, story->frame_count == 2);
    assert_string_equal(story->frames[1].id, "b");
    fake_receipt(&story->fake, &story->frames[0], story->frames[0].sequence, RETRY, "worker.busy", 1);
    EXPECT(story, story->frame_count == 3); /* the first a again, not the second */
    assert_int_equal(story->frames[2].sequence, story->frames[0].sequence);
    turn_for(story, 50);
    assert_int_equal(story->frame_count, 3);
    answer(story, 2, COMMITTED);
    EXPECT(story, story->frame_count == 4);
    assert_int_equal(story->frames[3].payload, REFERENT__V1__ENVELOPE__PAYLOAD_SUBMIT);
    answer(story, 3, COMMITTED);
    EXPECT(story, story->frame_count == 5);
    assert_int_equal(story->frames[4].payload, REFERENT__V1__ENVELOPE__PAYLOAD_DELETE);
    answer(story, 4, COMMITTED);
    answer(story, 1, COMMITTED);
    EXPECT(story, story->receipt_count == 4);
    story_end(story);
}

/* ---- Nonsense ---- */

static void receipts_that_come_twice_or_for_nothing_are_passed_over(void **state)
{
    (void)state;
    struct story *story = story_begin(MIB, 100);
    submit_many(story, 3);
    EXPECT(story, story->frame_count == 3);
    for (int twice = 0; twice < 2; twice++)
        answer(story, 0, COMMITTED);
    fake_receipt(&story->fake, &story->frames[0], 999999, COMMITTED, "", 0);
    fake_receipt(&story->fake, &story->frames[1], story->frames[1].sequence, (Referent__V1__Status)77, "", 0);
    turn_for(story, 50);
    assert_int_equal(story->receipt_count, 1);
    answer(story, 1, COMMITTED);
    answer(story, 0, REJECTED);
    answer(story, 2, COMMITTED);
    EXPECT(story, story->receipt_count == 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(story->receipts[i].status, REFERENT_STATUS_COMMITTED);
    story_end(story);
}

static void garbage_does_no_harm(void **state)
{
    (void)state;
    struct story *story = story_begin(MIB, 100);
    static const char deep[] = "\x52\xff\xff\xff\xff\x0f", text[] = "HTTP/1.1 200 OK";
    submit_many(story, 2);
    EXPECT(story, story->frame_count == 2);
    fake_send_bytes(&story->fake, &story->last_hello, "", 0);
    fake_send_bytes(&story->fake, &story->last_hello, deep, sizeof deep - 1);
    fake_send_bytes(&story->fake, &story->last_hello, text, sizeof text - 1);
    zmq_send(story->fake.router, story->last_hello.routing, story->last_hello.routing_size, ZMQ_SNDMORE);
    zmq_send(story->fake.router, "", 0, ZMQ_SNDMORE);
    zmq_send(story->fake.router, text, sizeof text, 0);
    answer(story, 0, COMMITTED);
    answer(story, 1, COMMITTED);
    EXPECT(story, story->receipt_count == 2);
    assert_int_equal(story->hellos, 1);
    story_end(story);
}

static void an_unreadable_frame_is_found_by_what_remains(void **state)
{
    (void)state;
    struct story *story = story_begin(MIB, 100);
    submit_many(story, 4);
    EXPECT(story, story->frame_count == 4);
    fake_receipt(&story->fake, &story->frames[2], 0, REJECTED, "frame.decode", 0);
    turn_for(story, 50);
    assert_int_equal(story->receipt_count, 0);
    for (size_t i = 0; i < 4; i++)
        if (i != 2)
            answer(story, i, COMMITTED);
    EXPECT(story, story->receipt_count == 4);
    assert_string_equal(story->ids[3], "d2");
    assert_int_equal(story->receipts[3].status, REFERENT_STATUS_REJECTED);
    story_end(story);
}

static void a_worker_of_another_protocol_ends_it(void **state)
{
    (void)state;
    struct story *story = story_begin(MIB, 100);
    struct referent_receipt receipt;
    struct referent_error error;
    story->instance = 0;
    EXPECT(story, story->hellos == 1);
    Referent__V1__Welcome welcome = REFERENT__V1__WELCOME__INIT;
    welcome.protocol_min = welcome.protocol_max = 2;
    Envelope envelope = frame_envelope(story->last_hello.sequence);
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_WELCOME;
    envelope.welcome = &welcome;
    fake_send(&story->fake, &story->last_hello, &envelope);
    EXPECT(story, story->result == REFERENT_REJECTED);
    assert_int_equal(referent_feeder_poll(story->feeder, 0, &receipt, &error), REFERENT_REJECTED);
    assert_string_equal(error.rule, "protocol.version");
    story_end(story);
}

/* ---- Limits ---- */

static void what_breaks_a_limit_is_rejected_here(void **state)
{
    (void)state;
    struct story *story = story_begin(MIB, 100);
    char longest[202];
    memset(longest, 'a', 201);
    longest[201] = '\0';
    struct referent_document documents[] = {{.id = ""},
                                            {.id = longest},
                                            {.id = "a\nb", .body = "x", .body_bytes = 1},
                                            {.id = "\xff", .body = "x", .body_bytes = 1},
                                            {.id = "large", .body = NULL, .body_bytes = 16 * MIB + 1}};
    const char *rules[] = {"id.length", "id.length", "id.character", "string.utf8", "frame.size"};
    for (size_t i = 0; i < 5; i++) {
        struct referent_receipt receipt;
        assert_int_equal(referent_feeder_submit(story->feeder, &documents[i], &documents[i], NULL), REFERENT_OK);
        assert_int_equal(referent_feeder_poll(story->feeder, 0, &receipt, NULL), REFERENT_OK);
        assert_int_equal(receipt.status, REFERENT_STATUS_REJECTED);
        assert_string_equal(receipt.rule, rules[i]);
        assert_ptr_equal(receipt.tag, &documents[i]);
    }
    longest[200] = '\0';
    submit(story, longest, 10);
    EXPECT(story, story->frame_count == 1);
    story_end(story);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(credit_in_messages_is_never_exceeded),
        cmocka_unit_test(credit_in_bytes_is_never_exceeded),
        cmocka_unit_test(a_document_larger_than_the_credit_goes_alone),
        cmocka_unit_test(who_was_turned_away_hears_of_room_at_once_and_once),
        cmocka_unit_test(held_gives_back_the_credit_and_keeps_the_document),
        cmocka_unit_test(what_became_of_the_held_is_asked_for_when_nothing_comes),
        cmocka_unit_test(without_credit_hello_is_said_again),
        cmocka_unit_test(another_instance_gets_everything_again),
        cmocka_unit_test(a_restart_may_grant_less),
        cmocka_unit_test(a_restart_behind_the_socket_gets_everything_again),
        cmocka_unit_test(silence_makes_a_new_connection),
        cmocka_unit_test(a_lost_receipt_is_asked_for_alone),
        cmocka_unit_test(a_slow_worker_is_not_asked_again),
        cmocka_unit_test(a_receipt_that_was_overtaken_is_asked_for),
        cmocka_unit_test(retry_waits_as_long_as_it_is_told),
        cmocka_unit_test(hello_first_is_obeyed),
        cmocka_unit_test(one_id_is_in_flight_once),
        cmocka_unit_test(receipts_that_come_twice_or_for_nothing_are_passed_over),
        cmocka_unit_test(garbage_does_no_harm),
        cmocka_unit_test(an_unreadable_frame_is_found_by_what_remains),
        cmocka_unit_test(a_worker_of_another_protocol_ends_it),
        cmocka_unit_test(what_breaks_a_limit_is_rejected_here),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
