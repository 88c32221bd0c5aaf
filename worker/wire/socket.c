/* socket: ROUTER and DEALER with every option said aloud. */
#include "socket.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void option(void *socket, int name, int value)
{
    zmq_setsockopt(socket, name, &value, sizeof value);
}

static void options_common(void *socket)
{
    int64_t largest = FRAME_MAX_BYTES;
    zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &largest, sizeof largest); /* default: no limit */
    option(socket, ZMQ_SNDHWM, SOCKET_HWM);                           /* default 1000: a ROUTER drops beyond it */
    option(socket, ZMQ_RCVHWM, SOCKET_HWM);
    option(socket, ZMQ_LINGER, 0);           /* default: hang for ever on close */
    option(socket, ZMQ_HEARTBEAT_IVL, 5000); /* default: a dead peer is never noticed */
    option(socket, ZMQ_HEARTBEAT_TIMEOUT, 20000);
    option(socket, ZMQ_HEARTBEAT_TTL, 30000);
    option(socket, ZMQ_TCP_KEEPALIVE, 1);
}

enum fault socket_router(void *context, const char *endpoint, void **out, char bound[static ENDPOINT_MAX],
                         struct error *err)
{
    void *socket = zmq_socket(context, ZMQ_ROUTER);
    if (socket == NULL)
        return error_set(err, FAULT_STOP, "socket.open", "%s", zmq_strerror(errno));
    options_common(socket);
    option(socket, ZMQ_ROUTER_MANDATORY, 1); /* default: a message to a peer that left vanishes without a word */
    size_t size = ENDPOINT_MAX;
    if (zmq_bind(socket, endpoint) != 0 || zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, bound, &size) != 0) {
        int reason = errno;
        zmq_close(socket);
        return error_set(err, FAULT_STOP, "socket.bind", "cannot listen on %s: %s; give another endpoint", endpoint,
                         zmq_strerror(reason));
    }
    *out = socket;
    return FAULT_NONE;
}

enum fault socket_dealer(void *context, void **out, struct error *err)
{
    void *socket = zmq_socket(context, ZMQ_DEALER);
    if (socket == NULL)
        return error_set(err, FAULT_STOP, "socket.open", "%s", zmq_strerror(errno));
    options_common(socket);
    option(socket, ZMQ_RECONNECT_IVL, 100);
    option(socket, ZMQ_RECONNECT_IVL_MAX, 2000);
    *out = socket;
    return FAULT_NONE;
}

enum fault socket_connect(void *socket, const char *endpoint, struct error *err)
{
    if (zmq_connect(socket, endpoint) == 0)
        return FAULT_NONE;
    return error_set(err, FAULT_REJECT, "socket.endpoint", "cannot use the endpoint %s: %s", endpoint,
                     zmq_strerror(errno));
}

void socket_close(void **socket, int linger_ms)
{
    if (socket == NULL || *socket == NULL)
        return;
    option(*socket, ZMQ_LINGER, linger_ms);
    zmq_close(*socket);
    *socket = NULL;
}

static enum fault send_fault(struct error *err)
{
    if (errno == EAGAIN)
        return error_set(err, FAULT_RETRY, "socket.full", "the peer does not read");
    return error_set(err, FAULT_REJECT, "socket.gone", "%s", zmq_strerror(errno));
}

enum fault socket_pack(const Envelope *envelope, zmq_msg_t *frame, struct error *err)
{
    if (zmq_msg_init_size(frame, frame_size(envelope)) != 0)
        return error_set(err, FAULT_RETRY, "memory", "out of memory for a frame");
    frame_pack(envelope, zmq_msg_data(frame));
    return FAULT_NONE;
}

enum fault socket_send_frame(void *socket, struct span to, zmq_msg_t *frame, struct error *err)
{
    bool sent = to.size == 0 || zmq_send(socket, to.at, to.size, ZMQ_SNDMORE | ZMQ_DONTWAIT) >= 0;
    if (sent && zmq_msg_send(frame, socket, ZMQ_DONTWAIT) >= 0)
        return FAULT_NONE;
    enum fault fault = send_fault(err);
    zmq_msg_close(frame);
    return fault;
}

enum fault socket_send(void *socket, struct span to, const Envelope *envelope, struct error *err)
{
    zmq_msg_t frame;
    TRY(socket_pack(envelope, &frame, err));
    return socket_send_frame(socket, to, &frame, err);
}

/* Throw away what is left of a multipart message. */
static void drain_parts(void *socket, zmq_msg_t *part)
{
    while (zmq_msg_more(part) && zmq_msg_recv(part, socket, ZMQ_DONTWAIT) >= 0)
        ;
}

bool socket_receive(void *socket, bool router, struct wire_message *message)
{
    zmq_msg_init(&message->routing);
    zmq_msg_init(&message->frame);
    zmq_msg_t *first = router ? &message->routing : &message->frame;
    if (zmq_msg_recv(first, socket, ZMQ_DONTWAIT) < 0)
        goto nothing;
    if (router && (!zmq_msg_more(first) || zmq_msg_recv(&message->frame, socket, ZMQ_DONTWAIT) < 0))
        goto nothing;
    if (zmq_msg_more(&message->frame)) { /* more than one frame is none of ours */
        drain_parts(socket, &message->frame);
        zmq_msg_close(&message->frame);
        zmq_msg_init(&message->frame);
    }
    return true;
nothing:
    wire_message_done(message);
    return false;
}

void wire_message_done(struct wire_message *message)
{
    zmq_msg_close(&message->routing);
    zmq_msg_close(&message->frame);
}

struct span wire_message_routing(struct wire_message *message)
{
    return (struct span){zmq_msg_data(&message->routing), zmq_msg_size(&message->routing)};
}

struct span wire_message_frame(struct wire_message *message)
{
    return (struct span){zmq_msg_data(&message->frame), zmq_msg_size(&message->frame)};
}
