/* arriving: frames from the feed socket -> small answers, refusals and jobs. */
#include "taking.h"

#include "clock.h"
#include "greeting.h"
#include "log.h"
#include "message.h"
#include "metric.h"
#include "receipt.h"

enum {
    SCRATCH_BYTES = 256 * 1024,   /* for messages that are not documents */
    QUESTION_BYTES = 1024 * 1024, /* for the answer to one about many dead letters */
};

void reply_sent(enum fault fault, const struct error *err)
{
    if (fault != FAULT_NONE) /* the peer has left or does not read: it will ask again, and be told again */
        log_error(LOG_DEBUG, "receipt.lost", err);
}

static void refuse(struct intake *intake, struct span routing, uint64_t sequence, enum receipt_status status,
                   const struct error *why, uint32_t retry_after_ms)
{
    struct error err;
    reply_sent(receipt_refuse(intake->socket, routing, sequence, status, why, retry_after_ms, &err), &err);
}

/* ---------------------------------------------------------------- answers to small messages */

static void reply(struct intake *intake, struct span routing, const Envelope *envelope)
{
    struct error err;
    reply_sent(socket_send(intake->socket, routing, envelope, &err), &err);
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

/* ---------------------------------------------------------------- admission */

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

/* ---------------------------------------------------------------- work */

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
        reply_sent(receipt_failure(intake->socket, peer->routing, sequence, fault, &why, &err), &err);
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

void frame_take(struct intake *intake, struct wire_message *message)
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
