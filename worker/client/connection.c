/* connection: one DEALER and its monitor; both the feeder and the searcher stand on it. Thread: the handle's owner. */
#include "connection.h"

#include "clock.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

/* An answer of the largest frame, decoded: its strings again, pointers and list nodes. */
enum { ANSWER_ARENA_BYTES = 4 * FRAME_MAX_BYTES, ARENAS_KEEP_BYTES = 128 * 1024 };

/* The monitor's messages: a frame of a 16-bit event and a 32-bit value, then a frame with the address. */
static void monitor_read(struct connection *connection)
{
    unsigned char event[6];
    char address[ENDPOINT_MAX];
    while (zmq_recv(connection->monitor, event, sizeof event, ZMQ_DONTWAIT) == (int)sizeof event) {
        uint16_t number;
        memcpy(&number, event, sizeof number);
        zmq_recv(connection->monitor, address, sizeof address, ZMQ_DONTWAIT);
        if (number == ZMQ_EVENT_HANDSHAKE_SUCCEEDED) {
            connection->up = true;
        } else if (number == ZMQ_EVENT_DISCONNECTED) {
            connection->lost = connection->lost || connection->up;
            connection->up = false;
        }
    }
}

static enum fault monitor_open(struct connection *connection, struct error *err)
{
    char name[64];
    snprintf(name, sizeof name, "inproc://monitor-%u", ++connection->generation);
    int events = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED;
    connection->monitor = zmq_socket(connection->context, ZMQ_PAIR);
    if (connection->monitor == NULL || zmq_socket_monitor(connection->socket, name, events) != 0 ||
        zmq_connect(connection->monitor, name) != 0)
        return error_set(err, FAULT_STOP, "socket.open", "cannot watch the socket: %s", zmq_strerror(errno));
    monitor_read(connection); /* its descriptor tells of what comes after it was found empty */
    return FAULT_NONE;
}

static void sockets_close(struct connection *connection, int linger_ms)
{
    if (connection->socket != NULL)
        zmq_socket_monitor(connection->socket, NULL, 0);
    socket_close(&connection->monitor, 0);
    socket_close(&connection->socket, linger_ms);
}

enum fault connection_renew(struct connection *connection, struct error *err)
{
    sockets_close(connection, 0);
    connection->up = connection->lost = false;
    connection->started_ms = connection->heard_ms = connection->asked_ms = clock_steady_ms();
    TRY(socket_dealer(connection->context, &connection->socket, err));
    TRY(monitor_open(connection, err)); /* before the handshake, which may be made before zmq_connect comes back */
    return socket_connect(connection->socket, connection->endpoint, err);
}

enum fault connection_open(struct connection *connection, const char *endpoint, struct error *err)
{
    *connection = (struct connection){0};
    if (strlen(endpoint) >= sizeof connection->endpoint)
        return error_set(err, FAULT_REJECT, "socket.endpoint", "the endpoint is longer than %d bytes",
                         ENDPOINT_MAX - 1);
    memcpy(connection->endpoint, endpoint, strlen(endpoint));
    connection->arenas = arena_pool_new(ARENAS_KEEP_BYTES);
    if (connection->arenas == NULL)
        return error_set(err, FAULT_STOP, "memory", "out of memory");
    connection->context = zmq_ctx_new();
    if (connection->context == NULL) {
        arena_pool_free(&connection->arenas);
        return error_set(err, FAULT_STOP, "socket.open", "%s", zmq_strerror(errno));
    }
    enum fault fault = connection_renew(connection, err);
    if (fault != FAULT_NONE)
        connection_close(connection, 0);
    return fault;
}

void connection_close(struct connection *connection, int linger_ms)
{
    if (connection->context == NULL)
        return;
    sockets_close(connection, linger_ms);
    while (zmq_ctx_term(connection->context) != 0 && errno == EINTR)
        ;
    connection->context = NULL;
    arena_pool_free(&connection->arenas);
}

static int descriptor_of(void *socket)
{
    int descriptor = -1;
    size_t size = sizeof descriptor;
    return zmq_getsockopt(socket, ZMQ_FD, &descriptor, &size) == 0 ? descriptor : -1;
}

/* A frame is there; it may have come while another one was sent, and then no descriptor tells of it. */
static bool has_frame(const struct connection *connection)
{
    int events = 0;
    size_t size = sizeof events;
    return zmq_getsockopt(connection->socket, ZMQ_EVENTS, &events, &size) == 0 && (events & ZMQ_POLLIN) != 0;
}

/* zmq_poll would look at each socket twice, and each look is a call of the system. The monitor is always read until it
 * holds nothing, so its descriptor tells of all that comes. */
bool connection_wait(struct connection *connection, int64_t timeout_ms)
{
    struct pollfd both[] = {{descriptor_of(connection->socket), POLLIN, 0},
                            {descriptor_of(connection->monitor), POLLIN, 0}};
    int polled = timeout_ms > 0 ? poll(both, 2, has_frame(connection) ? 0 : (int)timeout_ms) : -1;
    bool interrupted = timeout_ms > 0 && polled < 0 && errno == EINTR;
    if (polled <= 0 || both[1].revents != 0)
        monitor_read(connection);
    return !interrupted;
}

Envelope *connection_receive(struct connection *connection, struct arena **arena)
{
    struct wire_message message;
    while (socket_receive(connection->socket, false, &message)) {
        Envelope *envelope = NULL;
        uint64_t sequence;
        *arena = arena_pool_take(connection->arenas, ANSWER_ARENA_BYTES);
        bool read = *arena != NULL &&
                    frame_decode_answer(*arena, wire_message_frame(&message), &envelope, &sequence, NULL) == FAULT_NONE;
        wire_message_done(&message);
        if (read) {
            connection->heard_ms = clock_steady_ms();
            return envelope;
        }
        arena_free(arena);
    }
    return NULL;
}

bool connection_send(struct connection *connection, const Envelope *envelope)
{
    return socket_send(connection->socket, (struct span){0}, envelope, NULL) == FAULT_NONE;
}

bool connection_send_frame(struct connection *connection, zmq_msg_t *frame)
{
    zmq_msg_t shared;
    zmq_msg_init(&shared);
    if (zmq_msg_copy(&shared, frame) != 0)
        return false;
    if (zmq_msg_send(&shared, connection->socket, ZMQ_DONTWAIT) >= 0)
        return true;
    zmq_msg_close(&shared);
    return false;
}

void connection_ping(struct connection *connection, int64_t now_ms, int64_t every_ms)
{
    if (now_ms - connection->heard_ms < every_ms || now_ms - connection->asked_ms < every_ms)
        return;
    connection->asked_ms = now_ms;
    Referent__V1__Ping ping = REFERENT__V1__PING__INIT;
    ping.nonce = (uint64_t)now_ms;
    Envelope envelope = frame_envelope(0);
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_PING;
    envelope.ping = &ping;
    if (!connection_send(connection, &envelope))
        return; /* nobody reads: the silence that follows is noticed by the owner */
}
