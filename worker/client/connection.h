/* A DEALER that does not hide what happens to it.
 *
 * ZeroMQ connects again behind one's back, and whatever stood in the broken connection is lost without a word. So a
 * monitor watches the socket: the loss of an established connection shows here, and the owner starts a new one. */
#ifndef REFERENT_CONNECTION_H
#define REFERENT_CONNECTION_H

#include "arena.h"
#include "error.h"
#include "frame.h"
#include "socket.h"

#include <stdbool.h>
#include <stdint.h>

struct connection {
    void *context;
    void *socket;
    void *monitor;
    struct arena_pool *arenas; /* of what is received */
    char endpoint[ENDPOINT_MAX];
    unsigned generation; /* counts the sockets: names the monitor */
    bool up;             /* the handshake was made, and nothing broke since */
    bool lost;           /* was up, and broke: frames on their way are lost */
    int64_t started_ms;  /* of this socket */
    int64_t heard_ms;    /* the last frame that could be read, or the start */
    int64_t asked_ms;    /* the last Ping, or the start */
};

/* Faults: FAULT_REJECT socket.endpoint; FAULT_STOP socket.open. On a fault nothing is to be closed. */
NODISCARD enum fault connection_open(struct connection *connection, const char *endpoint, struct error *err);
/* Drop the socket with all that stands in it and start a new one. Faults as above; the connection is to be closed. */
NODISCARD enum fault connection_renew(struct connection *connection, struct error *err);
/* linger_ms: how long frames that were sent may take to leave. Zero-initialised is fine. */
void connection_close(struct connection *connection, int linger_ms);

/* Wait for a frame or a change of the connection. False if a signal interrupted the wait. */
bool connection_wait(struct connection *connection, int64_t timeout_ms);

/* The next frame that can be read; garbage is passed over. NULL: none is there. The envelope lives in *arena, a new one
 * that the caller frees. */
Envelope *connection_receive(struct connection *connection, struct arena **arena);

/* False if the frame could not be handed over (no room, no memory): try again later. */
NODISCARD bool connection_send(struct connection *connection, const Envelope *envelope);
/* The same for an encoded frame, which stays the caller's (its bytes are shared, not copied). */
NODISCARD bool connection_send_frame(struct connection *connection, zmq_msg_t *frame);

/* Ask for a sign of life once after each `every_ms` of silence. */
void connection_ping(struct connection *connection, int64_t now_ms, int64_t every_ms);

#endif
