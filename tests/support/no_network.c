/* The parts of worker/wire/socket.c that a test without a network answers the same way, whatever it plays: nothing is
 * received, nothing is bound. Frames and what is sent are the test's own. */
#include "socket.h"

void wire_message_done(struct wire_message *message)
{
    (void)message;
}

bool socket_receive(void *socket, bool router, struct wire_message *message)
{
    (void)socket;
    (void)router;
    (void)message;
    return false;
}

enum fault socket_router(void *context, const char *endpoint, void **socket, char bound[static ENDPOINT_MAX],
                         struct error *err)
{
    (void)context;
    (void)endpoint;
    (void)socket;
    (void)bound;
    return error_set(err, FAULT_STOP, "socket.bind", "there is no network here");
}

void socket_close(void **socket, int linger_ms)
{
    (void)socket;
    (void)linger_ms;
}
