/* ZeroMQ sockets as this protocol needs them. Every option whose default drops, hangs or allows anything is set here.
 * A socket belongs to the thread that made it. */
#ifndef REFERENT_SOCKET_H
#define REFERENT_SOCKET_H

#include "error.h"
#include "frame.h"
#include "span.h"

#include <zmq.h>

enum {
    ENDPOINT_MAX = 256,
    ROUTING_ID_MAX = 255, /* ZeroMQ's own limit */
    SOCKET_HWM = 20000    /* messages; credit keeps below it, so ZeroMQ never has a reason to drop */
};

/* A bound ROUTER. `bound` gets the endpoint with the port that was taken (`tcp://127.0.0.1:*` takes a free one).
 * Faults: FAULT_STOP socket.bind, with what the system said. */
NODISCARD enum fault socket_router(void *context, const char *endpoint, void **socket, char bound[static ENDPOINT_MAX],
                                   struct error *err);
/* A DEALER that is not connected yet. Faults: FAULT_STOP socket.open. */
NODISCARD enum fault socket_dealer(void *context, void **socket, struct error *err);
/* Connect a DEALER; the connection is made in the background, at once if the peer is quick, and made again when it
 * breaks. Faults: FAULT_REJECT socket.endpoint. */
NODISCARD enum fault socket_connect(void *socket, const char *endpoint, struct error *err);
/* Close at once; messages not yet handed to the network within linger_ms are dropped. *socket becomes NULL. */
void socket_close(void **socket, int linger_ms);

/* Send an envelope; to.size 0 on a DEALER, the peer's routing id on a ROUTER. Never blocks.
 * Faults: FAULT_RETRY socket.full: the peer's pipe is full; FAULT_REJECT socket.gone: no such peer. */
NODISCARD enum fault socket_send(void *socket, struct span to, const Envelope *envelope, struct error *err);

/* The same for a frame that is packed already; it is given away, also on a fault. */
NODISCARD enum fault socket_send_frame(void *socket, struct span to, zmq_msg_t *frame, struct error *err);
/* Pack an envelope into a new ZeroMQ message. Any thread. Faults: FAULT_RETRY memory. */
NODISCARD enum fault socket_pack(const Envelope *envelope, zmq_msg_t *frame, struct error *err);

/* A received message: the routing id (empty on a DEALER) and the frame, both inside ZeroMQ messages. */
struct wire_message {
    zmq_msg_t routing;
    zmq_msg_t frame;
};
/* True: a message, which must be given to wire_message_done; false: nothing there. Of a multipart message the frame is
 * empty, so that it is refused like any other frame without a payload. */
bool socket_receive(void *socket, bool router, struct wire_message *message);
void wire_message_done(struct wire_message *message);
struct span wire_message_routing(struct wire_message *message);
struct span wire_message_frame(struct wire_message *message);

#endif
