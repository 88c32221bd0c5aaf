/* intake: the loop over socket and returning jobs. Thread "intake" owns socket, peers and every job that is not in a
 * queue. */
#include "intake.h"

#include "clock.h"
#include "greeting.h"
#include "lane.h"
#include "log.h"
#include "message.h"
#include "metric.h"
#include "pace.h"
#include "peer.h"
#include "publishing.h"
#include "receipt.h"
#include "shard_map.h"
#include "thread.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    FRAMES_A_TURN = 256,          /* then receipts get their turn */
    SCRATCH_BYTES = 256 * 1024,   /* for messages that are not documents */
    QUESTION_BYTES = 1024 * 1024, /* for the answer to one about many dead letters */
    ARENAS_KEEP_BYTES = 8 << 20,
    PACE_PART = 96, /* of bulk_memory_bytes are frames on their way: an eighth of it once they are read */
    PACE_LEAST_BYTES = 1 << 20,
    POLL_MS = 200,
    FLUSH_MS = 2000
};

struct intake {
    struct intake_setup setup;
    void *socket;
    char endpoint[ENDPOINT_MAX];
    struct peer_table *peers;
    struct arena_pool *arenas; /* of jobs */
    struct lane lane;
    struct pace pace; /* of bulk loads */
    uint64_t in_flight_bytes, in_flight_messages;
    struct publishing publishing; /* final receipts of what was held */
    atomic_bool draining;
    bool all_answered;
    pthread_t thread;
};

static void sent(enum fault fault, const struct error *err)
{
    if (fault != FAULT_NONE) /* the peer has left or does not read: it will ask again, and be told again */
        log_error(LOG_DEBUG, "receipt.lost", err);
}

static void refuse(struct intake *intake, struct span routing, uint64_t sequence, enum receipt_status status,
                   const struct error *why, uint32_t retry_after_ms)
{
    struct error err;
    sent(receipt_refuse(intake->socket, routing, sequence, status, why, retry_after_ms, &err), &err);
}

/* ---------------------------------------------------------------- answers to small messages */

static void reply(struct intake *intake, struct span routing, const Envelope *envelope)
{
    struct error err;
    sent(socket_send(intake->socket, routing, envelope, &err), &err);
}

static void greet(struct intake *intake, struct peer *peer, const Envelope *hello, struct arena *arena)
{
    struct error why;
    bool closed = atomic_load(&intake->draining) || guard_disk(intake->setup.guard, &why) != FAULT_NONE;
    Envelope *answer = greeting_welcome(&intake->setup, peer, hello, closed, arena);
    if (answer != NULL)
        reply(intake, peer->routing, answer);
}

static void pong(struct intake *intake, struct span routing, const Envelope *envelope)
{
    Referent__V1__Pong answer = REFERENT__V1__PONG__INIT;
    answer.nonce = envelope->ping->nonce;
    answer.instance = intake->setup.instance;
    Envelope out = frame_envelope(envelope->sequence);
    out.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_PONG;
    out.pong = &answer;
    reply(intake, routing, &out);
}

static void flush(struct intake *intake, const struct peer *peer)
{
    if (peer->greeted)
        intake->setup.flush(intake->setup.self);
}

/* ---------------------------------------------------------------- work */

/* Is there room for a message? One larger than the credit may always go alone. */
static enum fault room(struct intake *intake, const struct peer *peer, uint64_t credit_bytes, uint64_t credit_messages,
                       size_t bytes, struct error *err)
{
    const struct config *config = intake->setup.config;
    bool first = peer->in_flight_messages == 0;
    if (!first && (peer->in_flight_messages + 1 > credit_messages || peer->in_flight_bytes + bytes > credit_bytes))
        return error_set(err, FAULT_RETRY, "credit.beyond", "%llu messages and %llu bytes are in flight already",
                         (unsigned long long)peer->in_flight_messages, (unsigned long long)peer->in_flight_bytes);
    bool idle = intake->in_flight_messages == 0;
    if (!idle && (intake->in_flight_messages + 1 > config->in_flight_messages ||
                  intake->in_flight_bytes + bytes > config->in_flight_bytes))
        return error_set(err, FAULT_RETRY, "worker.busy", "all feeders together have reached in_flight_*");
    return FAULT_NONE;
}

/* Why a message cannot be taken now; FAULT_NONE if it can. Decided before the frame is decoded. */
static enum fault admit(struct intake *intake, const struct peer *peer, size_t bytes, bool writes, struct error *err)
{
    if (atomic_load(&intake->draining))
        return error_set(err, FAULT_RETRY, "draining", "the worker is stopping");
    if (!peer->greeted)
        return error_set(err, FAULT_RETRY, "hello.first", "say Hello on this connection first");
    if (writes)
        TRY(guard_disk(intake->setup.guard, err));
    return room(intake, peer, peer->credit_bytes, peer->credit_messages, bytes, err);
}

/* The same for what needs no Hello and no credit: as much of it as the credit of one feeder. */
static enum fault admit_stranger(struct intake *intake, const struct peer *peer, size_t bytes, struct error *err)
{
    const struct config *config = intake->setup.config;
    if (atomic_load(&intake->draining))
        return error_set(err, FAULT_RETRY, "draining", "the worker is stopping");
    return room(intake, peer, config->credit_bytes, config->credit_messages, bytes, err);
}

static uint32_t retry_delay(const struct error *why)
{
    return strcmp(why->rule, "hello.first") == 0 ? 0 : strcmp(why->rule, "disk.low") == 0 ? 2000 : 500;
}

static void job_out(struct intake *intake, struct job *job)
{
    struct error err;
    sent(receipt_send(intake->socket, job, &err), &err);
    struct arena *arena = job->arena;
    arena_free(&arena);
}

/* Ids may be logged; a quote in one would end the value. */
static void quarantine_log(const char *event, const struct job *job)
{
    char id[ID_MAX_BYTES + 1];
    size_t size = job->id.size < ID_MAX_BYTES ? job->id.size : ID_MAX_BYTES;
    for (size_t i = 0; i < size; i++)
        id[i] = job->id.at[i] == '"' ? '\'' : job->id.at[i];
    id[size] = '\0';
    log_event(LOG_WARN, event, "id=\"%s\" version=%llu", id, (unsigned long long)job->version);
}

/* Has the peer little of its credit left? Whoever writes is told of a change. */
static void pressure_note(struct intake *intake, struct peer *peer)
{
    enum { PARTS = 4, MOST_PARTS = 3 };
    bool pressed =
        peer->in_flight_messages > 0 && (peer->in_flight_messages * PARTS >= peer->credit_messages * MOST_PARTS ||
                                         peer->in_flight_bytes * PARTS >= peer->credit_bytes * MOST_PARTS);
    if (pressed && !peer->pressed)
        atomic_fetch_add(&intake->setup.flow->pressed, 1);
    if (!pressed && peer->pressed)
        atomic_fetch_sub(&intake->setup.flow->pressed, 1);
    peer->pressed = pressed;
}

/* From here on it is in flight, and comes back through job_back. */
static void job_hold(struct intake *intake, struct peer *peer, struct job *job)
{
    job->peer = peer->number;
    peer->in_flight_messages++;
    peer->in_flight_bytes += job->credit_bytes;
    intake->in_flight_messages++;
    intake->in_flight_bytes += job->credit_bytes;
    pressure_note(intake, peer);
    metric_set(METRIC_IN_FLIGHT, intake->in_flight_messages);
}

static void job_start(struct intake *intake, struct job *job)
{
    size_t thread =
        (job->kind == JOB_INVENTORY ? job->receipt.shard : job->work.id_hash >> 16) % intake->setup.to_text_count;
    if (intake->lane.alone == job) {
        quarantine_log("quarantine.alone", job);
        guard_alone(intake->setup.guard, &job->work);
    }
    atomic_fetch_add(&intake->setup.flow->ahead, 1);
    if (!queue_push(intake->setup.to_text[thread], job)) /* it holds all that may be in flight */
        abort();
}

static void lane_move(struct intake *intake)
{
    for (struct job *job; (job = lane_next(&intake->lane)) != NULL;)
        job_start(intake, job);
}

static void job_back(struct intake *intake, struct job *job);

static bool shard_ready(struct intake *intake, const struct job *job, uint32_t *wait_ms, struct error *why)
{
    const struct intake_setup *setup = &intake->setup;
    return setup->ready == NULL || job->kind == JOB_INVENTORY ||
           setup->ready(setup->self, job->receipt.shard, wait_ms, why) == FAULT_NONE;
}

/* To the readers, by way of the lane. */
static void job_go(struct intake *intake, struct job *job)
{
    struct error why;
    uint32_t wait_ms = 0;
    enum verdict verdict = VERDICT_FREE;
    if (job->kind != JOB_INVENTORY)
        verdict = guard_verdict(intake->setup.guard, &job->work, job->chance, &why);
    if (verdict == VERDICT_ASIDE)
        quarantine_log("quarantine.aside", job);
    if (verdict == VERDICT_ASIDE || !shard_ready(intake, job, &wait_ms, &why)) {
        job_answer(job, verdict == VERDICT_ASIDE ? RECEIPT_REJECTED : RECEIPT_RETRY, &why, wait_ms);
        job_back(intake, job);
        return;
    }
    job->alone = verdict == VERDICT_ALONE;
    lane_push(&intake->lane, job);
    lane_move(intake);
}

/* Those of bulk loads that may go now. */
static void pace_take(struct intake *intake)
{
    for (struct job *job; (job = pace_next(&intake->pace)) != NULL;)
        job_go(intake, job);
}

static void job_in(struct intake *intake, struct peer *peer, struct job *job)
{
    job_hold(intake, peer, job);
    if (!job->bulk && !pace_has(&intake->pace, job->work.id_hash)) {
        job_go(intake, job);
        return;
    }
    pace_push(&intake->pace, job);
    pace_take(intake);
}

/* It came back from reading or writing: whoever waited for that may go. */
static void job_laned(struct intake *intake, struct job *job)
{
    if (lane_back(&intake->lane, job)) {
        guard_alone(intake->setup.guard, NULL);
        if (job->receipt.status != RECEIPT_RETRY)
            guard_pass(intake->setup.guard, &job->work);
    }
    lane_move(intake);
}

static void job_back(struct intake *intake, struct job *job)
{
    if (job->paced)
        pace_back(&intake->pace, job);
    if (job->laned)
        job_laned(intake, job);
    if (keeper_take(intake->setup.keeper, job)) /* what is rejected is kept before its receipt leaves */
        return;
    struct peer *peer = peer_known(intake->peers, job->routing, job->peer);
    if (peer != NULL) {
        peer->in_flight_messages--;
        peer->in_flight_bytes -= job->credit_bytes;
        pressure_note(intake, peer);
    }
    intake->in_flight_messages--;
    intake->in_flight_bytes -= job->credit_bytes;
    metric_set(METRIC_IN_FLIGHT, intake->in_flight_messages);
    metric_add(METRIC_CPR_MASKED, job->receipt.cpr_masked);
    intake->publishing.waiting += job->receipt.status == RECEIPT_HELD;
    job_out(intake, job);
}

/* Decode, with the frame on record: it may be one that takes the worker down before anybody knows its id. */
static enum fault work_decode(struct intake *intake, struct peer *peer, struct span frame, uint32_t payload,
                              struct job **job, struct error *why)
{
    const struct intake_setup *setup = &intake->setup;
    struct work work = message_work(frame, payload);
    enum verdict verdict = guard_verdict(setup->guard, &work, 0, why);
    if (verdict == VERDICT_ASIDE) {
        TRY(message_aside(frame, peer->routing, job, why));
        quarantine_log("quarantine.aside", *job);
        return FAULT_REJECT;
    }
    bool alone = verdict == VERDICT_ALONE && intake->lane.alone == NULL;
    if (alone)
        guard_alone(setup->guard, &work);
    work_begin(guard_intake(setup->guard), &work);
    struct arena *arena = arena_pool_take(intake->arenas, setup->config->arena_max_bytes);
    enum fault fault = message_decode(frame, peer->routing, arena, setup->shards, job, why);
    work_end(guard_intake(setup->guard));
    if (alone) {
        guard_alone(setup->guard, NULL);
        guard_pass(setup->guard, &work);
    }
    return fault;
}

static void work_message(struct intake *intake, struct peer *peer, struct span frame, struct frame_peek peek)
{
    struct error why;
    struct job *job = NULL;
    uint64_t sequence = peek.sequence;
    metric_add(METRIC_RECEIVED, 1);
    if (admit(intake, peer, frame.size, peek.payload != FRAME_INVENTORY, &why) != FAULT_NONE) {
        refuse(intake, peer->routing, sequence, RECEIPT_RETRY, &why, retry_delay(&why));
        return;
    }
    enum fault fault = work_decode(intake, peer, frame, peek.payload, &job, &why);
    if (fault == FAULT_NONE) {
        job->bulk = peer->bulk;
        job_in(intake, peer, job);
        return;
    }
    enum receipt_status status = fault == FAULT_REJECT ? RECEIPT_REJECTED : RECEIPT_RETRY;
    if (job == NULL) {
        refuse(intake, peer->routing, sequence, status, &why, 1000);
        return;
    }
    job_hold(intake, peer, job);
    job_answer(job, status, &why, status == RECEIPT_RETRY ? 1000 : 0);
    job_back(intake, job);
}

/* Nobody knows whether it was a document: it is kept like one. */
static bool is_unreadable(const struct error *why)
{
    return strcmp(why->rule, "frame.decode") == 0 || strcmp(why->rule, "frame.size") == 0;
}

static void unreadable_message(struct intake *intake, struct peer *peer, struct span frame, uint64_t sequence,
                               const struct error *broken)
{
    struct error why;
    struct job *job;
    enum fault fault = admit_stranger(intake, peer, frame.size, &why);
    if (fault == FAULT_NONE)
        fault = message_unreadable(frame, peer->routing, &job, &why);
    if (fault != FAULT_NONE) {
        refuse(intake, peer->routing, sequence, RECEIPT_RETRY, &why, 1000);
        return;
    }
    job->sequence = sequence;
    job_hold(intake, peer, job);
    job_answer(job, RECEIPT_REJECTED, broken, 0);
    job_back(intake, job);
}

/* A question about dead letters. What its answer may take counts as in flight too. */
static void question_message(struct intake *intake, struct peer *peer, struct span frame, struct frame_peek peek)
{
    struct error err, why;
    struct job *job = NULL;
    uint64_t sequence = peek.sequence;
    size_t answer = peek.payload == FRAME_DEAD_GET ? DOCUMENT_MAX_BYTES : QUESTION_BYTES;
    enum fault fault = admit_stranger(intake, peer, frame.size + answer, &why);
    if (fault == FAULT_NONE)
        fault = message_question(frame, peer->routing, &job, &sequence, &why);
    if (fault != FAULT_NONE) {
        sent(receipt_failure(intake->socket, peer->routing, sequence, fault, &why, &err), &err);
        return;
    }
    job->credit_bytes += answer;
    job_hold(intake, peer, job);
    job_back(intake, job);
}

static void small_message(struct intake *intake, struct peer *peer, struct span frame)
{
    struct arena *arena = arena_new(SCRATCH_BYTES);
    struct error err;
    Envelope *envelope;
    uint64_t sequence = 0;
    enum fault fault = arena ? frame_decode(arena, frame, &envelope, &sequence, &err)
                             : error_set(&err, FAULT_RETRY, "memory", "the worker is out of memory");
    if (fault == FAULT_REJECT && is_unreadable(&err))
        unreadable_message(intake, peer, frame, sequence, &err);
    else if (fault != FAULT_NONE)
        refuse(intake, peer->routing, sequence, fault == FAULT_REJECT ? RECEIPT_REJECTED : RECEIPT_RETRY, &err, 1000);
    else if (envelope->payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_HELLO)
        greet(intake, peer, envelope, arena);
    else if (envelope->payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_PING)
        pong(intake, peer->routing, envelope);
    else if (envelope->payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_BYE)
        peer_bye(intake->peers, peer);
    else if (envelope->payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_FLUSH)
        flush(intake, peer);
    else {
        error_set(&err, FAULT_REJECT, "frame.kind", "this message is not for the feed socket");
        refuse(intake, peer->routing, sequence, RECEIPT_REJECTED, &err, 0);
    }
    arena_free(&arena);
}

static bool is_work(uint32_t payload)
{
    return payload == FRAME_SUBMIT || payload == FRAME_DELETE || payload == FRAME_INVENTORY;
}

static bool is_question(uint32_t payload)
{
    return payload == FRAME_DEAD_LIST || payload == FRAME_DEAD_GET || payload == FRAME_DEAD_DROP;
}

static void frame_take(struct intake *intake, struct wire_message *message)
{
    struct span routing = wire_message_routing(message), frame = wire_message_frame(message);
    struct peer *peer = peer_seen(intake->peers, routing, clock_steady_ms());
    struct frame_peek peek = frame_peek(frame);
    if (peer == NULL) {
        struct error why;
        error_set(&why, FAULT_RETRY, "peers.full", "%d feeders are connected already", PEER_MAX);
        refuse(intake, routing, peek.sequence, RECEIPT_RETRY, &why, 5000);
    } else if (is_work(peek.payload)) {
        work_message(intake, peer, frame, peek);
    } else if (is_question(peek.payload)) {
        question_message(intake, peer, frame, peek);
    } else {
        small_message(intake, peer, frame);
    }
}

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
