/* intake: the loop over socket and returning jobs. Thread "intake" owns socket, peers and every job that is not in a
 * queue. */
#include "taking.h"

#include "clock.h"
#include "metric.h"
#include "receipt.h"
#include "thread.h"

#include <stdlib.h>

enum {
    FRAMES_A_TURN = 256, /* then receipts get their turn */
    ARENAS_KEEP_BYTES = 8 << 20,
    PACE_PART = 96, /* of bulk_memory_bytes are frames on their way: an eighth of it once they are read */
    PACE_LEAST_BYTES = 1 << 20,
    POLL_MS = 200,
    FLUSH_MS = 2000
};

static void frames_take(struct intake *intake, int most)
{
    struct wire_message message;
    while (most-- > 0 && socket_receive(intake->socket, true, &message)) {
        frame_take(intake, &message);
        wire_message_done(&message);
    }
}

static void jobs_take(struct intake *intake)
{
    for (struct job *job; (job = queue_pop(intake->setup.done, 0)) != NULL;)
        job_back(intake, job);
    pace_take(intake);
}

/* One that was held has its final receipt: it leaves, by way of the keeper if that has a letter of it. */
static enum fault held_answer(void *self, const struct job *answer, struct error *err)
{
    struct intake *intake = self;
    if (!keeper_wants(intake->setup.keeper, answer)) {
        enum fault fault = receipt_send(intake->socket, answer, err);
        if (fault != FAULT_RETRY)
            metric_add(METRIC_CPR_MASKED, answer->receipt.cpr_masked);
        return fault;
    }
    if (intake->in_flight_messages >= intake->setup.config->in_flight_messages)
        return error_set(err, FAULT_RETRY, "worker.busy", "too many ask for their dead letters");
    struct job *job = publishing_job(answer);
    if (job == NULL)
        return error_set(err, FAULT_RETRY, "memory", "the worker is out of memory");
    struct peer *peer = peer_known(intake->peers, job->routing, job->peer);
    if (peer != NULL)
        peer->in_flight_messages++;
    intake->in_flight_messages++;
    job_back(intake, job);
    return FAULT_NONE;
}

static void held_take(struct intake *intake)
{
    for (struct held *held; (held = queue_pop(intake->setup.published, 0)) != NULL;)
        publishing_add(&intake->publishing, held);
    publishing_run(&intake->publishing, held_answer, intake);
}

static bool all_answered(const struct intake *intake)
{
    return intake->in_flight_messages == 0 && intake->publishing.waiting == 0;
}

static bool drained(const struct intake *intake)
{
    return atomic_load(&intake->draining) && all_answered(intake);
}

static void *run(void *opaque)
{
    struct intake *intake = opaque;
    int64_t deadline = INT64_MAX;
    thread_begin("intake", THREAD_PROMPT);
    work_enter(guard_intake(intake->setup.guard));
    while (!drained(intake) && clock_steady_ms() < deadline) {
        zmq_pollitem_t items[] = {{.socket = intake->socket, .events = ZMQ_POLLIN},
                                  {.fd = queue_fd(intake->setup.done), .events = ZMQ_POLLIN},
                                  {.fd = queue_fd(intake->setup.published), .events = ZMQ_POLLIN}};
        zmq_poll(items, 3, publishing_wait_ms(&intake->publishing, POLL_MS));
        jobs_take(intake);
        held_take(intake);
        frames_take(intake, FRAMES_A_TURN);
        metric_set(METRIC_PEERS, peer_count(intake->peers, clock_steady_ms()));
        if (deadline == INT64_MAX && atomic_load(&intake->draining))
            deadline = clock_steady_ms() + (int64_t)intake->setup.config->drain_timeout_ms;
    }
    intake->all_answered = all_answered(intake);
    frames_take(intake, SOCKET_HWM); /* whoever still waits is told RETRY */
    socket_close(&intake->socket, FLUSH_MS);
    work_leave(guard_intake(intake->setup.guard));
    return NULL;
}

static void intake_free(struct intake **intake)
{
    socket_close(&(*intake)->socket, 0);
    peer_table_free(&(*intake)->peers);
    lane_done(&(*intake)->lane);
    pace_done(&(*intake)->pace);
    arena_pool_free(&(*intake)->arenas);
    publishing_done(&(*intake)->publishing);
    free(*intake);
    *intake = NULL;
}

/* All but the socket and the thread; NULL if there is no memory. */
static struct intake *intake_new(const struct intake_setup *setup)
{
    struct intake *intake = calloc(1, sizeof *intake);
    if (intake == NULL)
        return NULL;
    intake->setup = *setup;
    intake->peers = peer_table_new();
    intake->arenas = arena_pool_new(ARENAS_KEEP_BYTES);
    size_t room = setup->config->in_flight_messages + 1;
    uint64_t bulk_bytes = setup->config->bulk_memory_bytes / PACE_PART;
    bool rows = lane_init(&intake->lane, room) &&
                pace_init(&intake->pace, room, bulk_bytes > PACE_LEAST_BYTES ? bulk_bytes : PACE_LEAST_BYTES);
    if (!rows || intake->peers == NULL || intake->arenas == NULL)
        intake_free(&intake);
    return intake;
}

enum fault intake_start(const struct intake_setup *setup, struct intake **out, struct error *err)
{
    struct intake *intake = *out = intake_new(setup);
    if (intake == NULL)
        return error_set(err, FAULT_STOP, "memory", "out of memory");
    enum fault fault =
        socket_router(setup->context, setup->config->feed_endpoint, &intake->socket, intake->endpoint, err);
    if (fault == FAULT_NONE && pthread_create(&intake->thread, NULL, run, intake) != 0)
        fault = error_set(err, FAULT_STOP, "thread.start", "no thread for the feed socket");
    if (fault != FAULT_NONE)
        intake_free(&intake);
    *out = intake;
    return fault;
}

const char *intake_endpoint(const struct intake *intake)
{
    return intake->endpoint;
}

void intake_drain(struct intake *intake)
{
    atomic_store(&intake->draining, true);
    metric_set(METRIC_DRAINING, 1);
}

bool intake_join(struct intake **intake)
{
    if (intake == NULL || *intake == NULL)
        return true;
    pthread_join((*intake)->thread, NULL);
    bool all = (*intake)->all_answered;
    intake_free(intake);
    return all;
}
