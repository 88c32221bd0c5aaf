/* A worker that says what a test tells it to: a ROUTER that speaks real frames. Only for what the real daemon cannot be
 * made to do: losing receipts, answering twice, talking nonsense. It runs on the test's own thread, because a feeder
 * moves only when it is polled. */
#ifndef REFERENT_FAKE_WORKER_H
#define REFERENT_FAKE_WORKER_H

#include "clock.h"
#include "socket.h"

#include <string.h>

struct fake_worker {
    void *context;
    void *router;
    char endpoint[ENDPOINT_MAX];
};

/* What came in. */
struct fake_frame {
    char routing[ROUTING_ID_MAX];
    size_t routing_size;
    int payload; /* REFERENT__V1__ENVELOPE__PAYLOAD_..., 0 for what cannot be read */
    uint64_t sequence;
    size_t bytes;
    char id[ID_MAX_BYTES + 1]; /* of a Submit or Delete */
    uint64_t nonce;            /* of a Ping */
};

/* endpoint "tcp://127.0.0.1:*" takes a free port; the endpoint of a stopped one starts it anew in the same place. */
static inline void fake_start(struct fake_worker *fake, const char *endpoint)
{
    char at[ENDPOINT_MAX];
    struct error error;
    strcpy(at, endpoint);
    fake->context = zmq_ctx_new();
    assert_int_equal(socket_router(fake->context, at, &fake->router, fake->endpoint, &error), FAULT_NONE);
}

static inline void fake_stop(struct fake_worker *fake)
{
    socket_close(&fake->router, 0);
    zmq_ctx_term(fake->context);
}

static inline void fake_note(struct fake_frame *frame, struct span bytes)
{
    struct arena *arena = arena_new(64 * 1024 * 1024);
    Envelope *envelope;
    frame->bytes = bytes.size;
    if (frame_decode(arena, bytes, &envelope, &frame->sequence, NULL) == FAULT_NONE) {
        frame->payload = (int)envelope->payload_case;
        if (envelope->payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_SUBMIT)
            strcpy(frame->id, envelope->submit->document->id);
        if (envelope->payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_DELETE)
            strcpy(frame->id, envelope->delete_->id);
        if (envelope->payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_PING)
            frame->nonce = envelope->ping->nonce;
    }
    arena_free(&arena);
}

static inline bool fake_receive(struct fake_worker *fake, struct fake_frame *frame)
{
    struct wire_message message;
    if (!socket_receive(fake->router, true, &message))
        return false;
    *frame = (struct fake_frame){0};
    struct span routing = wire_message_routing(&message);
    memcpy(frame->routing, routing.at, routing.size);
    frame->routing_size = routing.size;
    fake_note(frame, wire_message_frame(&message));
    wire_message_done(&message);
    return true;
}

/* An answer to whoever sent `to`; a peer that left does not hear it. */
static inline void fake_send(struct fake_worker *fake, const struct fake_frame *to, const Envelope *envelope)
{
    if (socket_send(fake->router, (struct span){to->routing, to->routing_size}, envelope, NULL) != FAULT_NONE)
        return;
}

static inline void fake_send_bytes(struct fake_worker *fake, const struct fake_frame *to, const char *bytes,
                                   size_t size)
{
    zmq_send(fake->router, to->routing, to->routing_size, ZMQ_SNDMORE);
    zmq_send(fake->router, bytes, size, 0);
}

static inline void fake_welcome(struct fake_worker *fake, const struct fake_frame *to, uint64_t instance,
                                uint64_t bytes, uint32_t messages)
{
    Referent__V1__Credit credit = REFERENT__V1__CREDIT__INIT;
    Referent__V1__Welcome welcome = REFERENT__V1__WELCOME__INIT;
    Envelope envelope = frame_envelope(to->sequence);
    credit.bytes = bytes;
    credit.messages = messages;
    welcome.instance = instance;
    welcome.protocol_min = welcome.protocol_max = PROTOCOL_VERSION;
    welcome.credit = &credit;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_WELCOME;
    envelope.welcome = &welcome;
    fake_send(fake, to, &envelope);
}

static inline void fake_pong(struct fake_worker *fake, const struct fake_frame *to, uint64_t instance)
{
    Referent__V1__Pong pong = REFERENT__V1__PONG__INIT;
    Envelope envelope = frame_envelope(to->sequence);
    pong.instance = instance;
    pong.nonce = to->nonce;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_PONG;
    envelope.pong = &pong;
    fake_send(fake, to, &envelope);
}

static inline void fake_receipt(struct fake_worker *fake, const struct fake_frame *to, uint64_t sequence,
                                Referent__V1__Status status, const char *rule, uint32_t retry_after_ms)
{
    Referent__V1__Receipt receipt = REFERENT__V1__RECEIPT__INIT;
    Envelope envelope = frame_envelope(sequence);
    receipt.status = status;
    receipt.id = (char *)to->id;
    receipt.shard = 2;
    receipt.sequence = 7;
    receipt.rule = (char *)rule;
    receipt.reason = (char *)"as the test wants it";
    receipt.retry_after_ms = retry_after_ms;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_RECEIPT;
    envelope.receipt = &receipt;
    fake_send(fake, to, &envelope);
}

#endif
