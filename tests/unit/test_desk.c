/* desk: who gets a request, what is refused, how it ends. A real socket; the test plays the search threads. */
#include "desk.h"

#include "log.h"
#include "socket.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { THREADS = 3, ROUNDS = 200, QUEUE = 4, ARENA_BYTES = 1 << 20, WAIT_MS = 20000 };

static struct {
    struct config config;
    void *context, *client;
    struct desk *desk;
    pthread_t watch;
    uint64_t sent;
} at;

static void *watch_run(void *desk)
{
    desk_watch(desk);
    return NULL;
}

static int desk_begin(uint64_t threads)
{
    struct error err;
    at.sent = 0;
    config_default(&at.config);
    snprintf(at.config.search_endpoint, sizeof at.config.search_endpoint, "tcp://127.0.0.1:*");
    at.config.search_threads = threads;
    at.config.search_queue = QUEUE;
    at.context = zmq_ctx_new();
    assert_int_equal(desk_open(at.context, &at.config, &at.desk, &err), FAULT_NONE);
    assert_int_equal(socket_dealer(at.context, &at.client, &err), FAULT_NONE);
    assert_int_equal(socket_connect(at.client, desk_endpoint(at.desk), &err), FAULT_NONE);
    return pthread_create(&at.watch, NULL, watch_run, at.desk);
}

static void desk_end(void)
{
    pthread_join(at.watch, NULL);
    desk_free(&at.desk);
    socket_close(&at.client, 0);
    zmq_ctx_term(at.context);
}

static void ask(int count)
{
    Referent__V1__Ping ping = REFERENT__V1__PING__INIT;
    for (int i = 0; i < count; i++) {
        struct error err;
        Envelope envelope = frame_envelope(++at.sent);
        envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_PING;
        envelope.ping = &ping;
        assert_int_equal(socket_send(at.client, (struct span){0}, &envelope, &err), FAULT_NONE);
    }
}

/* Its sequence comes back. */
static void answer(struct request *request)
{
    struct error err;
    Referent__V1__Pong pong = REFERENT__V1__PONG__INIT;
    Envelope envelope = frame_envelope(frame_peek(request->frame).sequence);
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_PONG;
    envelope.pong = &pong;
    assert_int_equal(socket_pack(&envelope, &request->reply, &err), FAULT_NONE);
}

/* The sequence of the next reply; *busy: it is refused for now. */
static uint64_t reply_wait(bool *busy)
{
    struct error err;
    struct wire_message message;
    Envelope *reply;
    uint64_t sequence;
    struct arena *arena = arena_new(ARENA_BYTES);
    zmq_pollitem_t item = {.socket = at.client, .events = ZMQ_POLLIN};
    assert_int_equal(zmq_poll(&item, 1, WAIT_MS), 1);
    assert_true(socket_receive(at.client, false, &message));
    assert_int_equal(frame_decode_answer(arena, wire_message_frame(&message), &reply, &sequence, &err), FAULT_NONE);
    *busy = reply->payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_FAILURE;
    if (*busy) {
        assert_string_equal(reply->failure->rule, "search.busy");
        assert_true(reply->failure->retry);
    }
    wire_message_done(&message);
    arena_free(&arena);
    return sequence;
}

/* A search thread that answers nothing before all threads have a question each. */
static atomic_uint taken;

static void *search_run(void *opaque)
{
    (void)opaque;
    for (struct request *request = NULL; (request = desk_next(at.desk, request)) != NULL;) {
        unsigned round = atomic_fetch_add(&taken, 1) / THREADS + 1;
        while (atomic_load(&taken) < round * THREADS)
            sched_yield();
        answer(request);
    }
    return NULL;
}

/* What comes at once wakes as many threads: were one left asleep, the others would wait for it until the test's time is
 * over. */
static void requests_are_shared(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    assert_int_equal(desk_begin(THREADS), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, search_run, NULL), 0);
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t before = at.sent, sum = 0;
        ask(THREADS);
        for (int i = 0; i < THREADS; i++) {
            bool busy;
            sum += reply_wait(&busy) - before;
            assert_false(busy);
        }
        assert_int_equal(sum, THREADS * (THREADS + 1) / 2);
    }
    desk_close(at.desk);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    desk_end();
}

/* While the only search thread is at work, four may be in flight, and the others hear so at once. */
static void too_many_are_refused_while_all_are_at_work(void **state)
{
    (void)state;
    bool busy;
    assert_int_equal(desk_begin(1), 0);
    ask(1);
    struct request *request = desk_next(at.desk, NULL);
    assert_non_null(request);
    ask(QUEUE + 1);
    for (uint64_t sequence = QUEUE + 1; sequence <= QUEUE + 2; sequence++) {
        assert_int_equal(reply_wait(&busy), sequence);
        assert_true(busy);
    }
    for (uint64_t sequence = 1; sequence <= QUEUE; sequence++) {
        assert_int_equal(frame_peek(request->frame).sequence, sequence);
        answer(request);
        if (sequence == QUEUE) /* what has come is answered, then it ends */
            desk_close(at.desk);
        request = desk_next(at.desk, request);
        assert_int_equal(reply_wait(&busy), sequence);
        assert_false(busy);
    }
    assert_null(request);
    desk_end();
}

/* A closed desk takes nothing in, but gives what it has. */
static void a_closed_desk_gives_what_it_has(void **state)
{
    (void)state;
    bool busy;
    assert_int_equal(desk_begin(1), 0);
    ask(1);
    struct request *request = desk_next(at.desk, NULL);
    ask(QUEUE); /* the last of them is refused once the others are there */
    assert_int_equal(reply_wait(&busy), QUEUE + 1);
    assert_true(busy);
    desk_close(at.desk);
    for (uint64_t sequence = 1; sequence <= QUEUE; sequence++) {
        assert_non_null(request);
        answer(request);
        request = desk_next(at.desk, request);
        assert_int_equal(reply_wait(&busy), sequence);
    }
    assert_null(request);
    desk_end();
}

/* ---- a log that nobody reads */

static struct {
    int ends[2], before; /* of the pipe; what standard error was */
} reader;

static void log_block(void)
{
    const char byte = ' ';
    reader.before = dup(STDERR_FILENO);
    assert_int_equal(pipe(reader.ends), 0);
    assert_int_equal(fcntl(reader.ends[1], F_SETFL, O_NONBLOCK), 0);
    while (write(reader.ends[1], &byte, 1) == 1)
        ;
    assert_int_equal(fcntl(reader.ends[1], F_SETFL, 0), 0);
    assert_int_equal(dup2(reader.ends[1], STDERR_FILENO), STDERR_FILENO);
    log_level_set(LOG_DEBUG);
}

static void log_unblock(void)
{
    char bytes[4096];
    assert_int_not_equal(read(reader.ends[0], bytes, sizeof bytes), 0);
}

static void log_restore(void)
{
    log_level_set(LOG_INFO);
    assert_int_equal(dup2(reader.before, STDERR_FILENO), STDERR_FILENO);
    close(reader.ends[0]);
    close(reader.ends[1]);
    close(reader.before);
}

static char loser_path[64]; /* below /proc; told by the thread itself */
static atomic_bool loser_began;

static void *lose_run(void *request)
{
    assert_true(readlink("/proc/thread-self", loser_path, sizeof loser_path - 1) > 0);
    atomic_store(&loser_began, true);
    return desk_next(at.desk, request);
}

/* Until its state is that of a thread that sleeps. */
static void loser_wait_asleep(void)
{
    char path[128], state = 'R';
    while (!atomic_load(&loser_began))
        sched_yield();
    snprintf(path, sizeof path, "/proc/%s/stat", loser_path);
    while (state != 'S') {
        FILE *file = fopen(path, "r");
        assert_non_null(file);
        assert_int_equal(fscanf(file, "%*d (%*[^)]) %c", &state), 1);
        fclose(file);
    }
}

/* A reply whose client is gone is told to a standard error that is full: that thread waits, with no request in its
 * hand, and others answer. */
static void a_log_that_nobody_reads_stops_one_thread(void **state)
{
    (void)state;
    bool busy;
    pthread_t loser;
    void *rest;
    assert_int_equal(desk_begin(2), 0);
    ask(2);
    struct request *request = desk_next(at.desk, NULL);
    answer(request);
    request->routing = SPAN("nobody");
    log_block();
    assert_int_equal(pthread_create(&loser, NULL, lose_run, request), 0);
    loser_wait_asleep();
    request = desk_next(at.desk, NULL);
    assert_int_equal(frame_peek(request->frame).sequence, 2);
    answer(request);
    desk_close(at.desk);
    assert_null(desk_next(at.desk, request));
    assert_int_equal(reply_wait(&busy), 2);
    log_unblock();
    pthread_join(loser, &rest);
    assert_null(rest);
    log_restore();
    desk_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_shared),
        cmocka_unit_test(too_many_are_refused_while_all_are_at_work),
        cmocka_unit_test(a_closed_desk_gives_what_it_has),
        cmocka_unit_test(a_log_that_nobody_reads_stops_one_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
