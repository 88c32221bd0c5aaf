/* proxy: see proxy.h. */
#define _GNU_SOURCE
#include "proxy.h"

#include "process.h"
#include "random.h"
#include "scenario.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

enum {
    TURN_MS = 2,
    PAIRS_MAX = 64,
    PIPE_BYTES = 1 << 16,
    DELAY_MAX_MS = 20,
    STALL_MAX_MS = 700,
    CUTS_OF_10000 = 250, /* of turns in which something is on its way */
    STALLS_OF_10000 = 100,
    AT_ONCE_MAX = 16, /* messages that are there together may change places */
    DROPS_OF_1000 = 8,
    DOUBLES_OF_1000 = 60
};

struct pipe {
    char bytes[PIPE_BYTES];
    size_t size;
    int64_t due_ms; /* when the next of it goes on */
};

/* A connection on both sides; for MESSAGES `back` alone is used, with the feeder's routing id. */
struct pair {
    int front, back; /* -1: free */
    struct pipe to_back, to_front;
    int64_t stalled_ms;
    void *dealer;
    char routing[256];
    size_t routing_size;
};

struct proxy {
    enum proxy_kind kind;
    uint64_t random;
    struct sockaddr_in worker;
    char endpoint[64]; /* the worker's */
    int listener;
    void *context, *router;
    struct pair pairs[PAIRS_MAX];
    size_t next; /* MESSAGES: the pair that is given away when all are taken */
    struct proxy_tally tally;
    atomic_bool calm, stop;
    pthread_t thread;
};

static bool happens(struct proxy *proxy, unsigned share, unsigned of)
{
    return !atomic_load(&proxy->calm) && random_below(&proxy->random, of) < share;
}

/* ---- bytes --------------------------------------------------------------------------------------------------------
 */

static void pair_close(struct pair *pair)
{
    if (pair->front >= 0)
        close(pair->front);
    if (pair->back >= 0)
        close(pair->back);
    pair->front = pair->back = -1;
    pair->to_back.size = pair->to_front.size = 0;
}

static void pair_accept(struct proxy *proxy)
{
    int front = accept4(proxy->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (front < 0)
        return;
    for (size_t i = 0; i < PAIRS_MAX; i++) {
        struct pair *pair = &proxy->pairs[i];
        if (pair->front >= 0)
            continue;
        pair->front = front;
        pair->back = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        proxy->tally.connections++;
        if (pair->back < 0 || connect(pair->back, (struct sockaddr *)&proxy->worker, sizeof proxy->worker) != 0 ||
            fcntl(pair->back, F_SETFL, O_NONBLOCK) != 0)
            pair_close(pair); /* the worker is down, and shows so */
        return;
    }
    close(front);
}

/* False: the side has ended. */
static bool pipe_fill(struct proxy *proxy, struct pipe *pipe, int from)
{
    if (pipe->size == sizeof pipe->bytes)
        return true;
    ssize_t size = read(from, pipe->bytes + pipe->size, sizeof pipe->bytes - pipe->size);
    if (size > 0 && pipe->size == 0)
        pipe->due_ms = now_ms() + (atomic_load(&proxy->calm) ? 0 : (int64_t)random_below(&proxy->random, DELAY_MAX_MS));
    pipe->size += size > 0 ? (size_t)size : 0;
    return size > 0 || (size < 0 && (errno == EAGAIN || errno == EINTR));
}

static bool pipe_pass(struct pipe *pipe, int to, size_t most)
{
    most = most < pipe->size ? most : pipe->size;
    if (most == 0 || now_ms() < pipe->due_ms)
        return true;
    ssize_t size = send(to, pipe->bytes, most, MSG_NOSIGNAL);
    if (size < 0)
        return errno == EAGAIN || errno == EINTR;
    memmove(pipe->bytes, pipe->bytes + size, pipe->size - (size_t)size);
    pipe->size -= (size_t)size;
    return true;
}

static void pair_turn(struct proxy *proxy, struct pair *pair)
{
    bool busy = pair->to_back.size + pair->to_front.size > 0;
    if (now_ms() < pair->stalled_ms)
        return;
    if (busy && happens(proxy, STALLS_OF_10000, 10000)) {
        pair->stalled_ms = now_ms() + (int64_t)random_below(&proxy->random, STALL_MAX_MS);
        proxy->tally.stalls++;
        return;
    }
    if (busy && happens(proxy, CUTS_OF_10000, 10000)) { /* some bytes still get through, not the rest */
        pair->to_back.due_ms = pair->to_front.due_ms = 0;
        (void)pipe_pass(&pair->to_back, pair->back, random_below(&proxy->random, pair->to_back.size + 1));
        (void)pipe_pass(&pair->to_front, pair->front, random_below(&proxy->random, pair->to_front.size + 1));
        pair_close(pair);
        proxy->tally.cuts++;
        return;
    }
    bool alive = pipe_fill(proxy, &pair->to_back, pair->front);
    alive = pipe_fill(proxy, &pair->to_front, pair->back) && alive;
    alive = pipe_pass(&pair->to_back, pair->back, PIPE_BYTES) && alive;
    alive = pipe_pass(&pair->to_front, pair->front, PIPE_BYTES) && alive;
    if (!alive)
        pair_close(pair);
}

static void bytes_turn(struct proxy *proxy)
{
    pair_accept(proxy);
    for (size_t i = 0; i < PAIRS_MAX; i++)
        if (proxy->pairs[i].front >= 0)
            pair_turn(proxy, &proxy->pairs[i]);
}

/* ---- messages -----------------------------------------------------------------------------------------------------
 */

struct message {
    zmq_msg_t routing, frame;
    struct pair *pair;
};

static void *socket_new(struct proxy *proxy, int type)
{
    int nothing = 0;
    void *made = zmq_socket(proxy->context, type);
    if (made == NULL)
        abort();
    zmq_setsockopt(made, ZMQ_LINGER, &nothing, sizeof nothing);
    return made;
}

/* The line of a feeder to the worker; a new one for a routing id that was never seen. */
static struct pair *pair_of(struct proxy *proxy, zmq_msg_t *routing)
{
    size_t size = zmq_msg_size(routing);
    for (size_t i = 0; i < PAIRS_MAX; i++) {
        struct pair *pair = &proxy->pairs[i];
        if (pair->dealer != NULL && pair->routing_size == size &&
            memcmp(pair->routing, zmq_msg_data(routing), size) == 0)
            return pair;
    }
    struct pair *pair = &proxy->pairs[proxy->next++ % PAIRS_MAX];
    if (pair->dealer != NULL)
        zmq_close(pair->dealer);
    pair->dealer = socket_new(proxy, ZMQ_DEALER);
    pair->routing_size = size;
    memcpy(pair->routing, zmq_msg_data(routing), size);
    zmq_connect(pair->dealer, proxy->endpoint);
    proxy->tally.connections++;
    return pair;
}

static void message_send(struct proxy *proxy, struct message *message, bool to_worker)
{
    zmq_msg_t copy;
    zmq_msg_init(&copy);
    zmq_msg_copy(&copy, &message->frame);
    if (!to_worker)
        zmq_send(proxy->router, message->pair->routing, message->pair->routing_size, ZMQ_SNDMORE | ZMQ_DONTWAIT);
    if (zmq_msg_send(&copy, to_worker ? message->pair->dealer : proxy->router, ZMQ_DONTWAIT) < 0)
        zmq_msg_close(&copy);
    proxy->tally.passed++;
}

/* All that is there at once goes on at once, in some order. */
static void messages_pass(struct proxy *proxy, struct message *messages, size_t count, bool to_worker)
{
    for (size_t i = 0; i < count; i++) {
        size_t other = i + (atomic_load(&proxy->calm) ? 0 : random_below(&proxy->random, count - i));
        struct message kept = messages[i];
        messages[i] = messages[other];
        messages[other] = kept;
        proxy->tally.reordered += other != i;
        if (happens(proxy, DROPS_OF_1000, 1000)) {
            proxy->tally.dropped++;
        } else {
            message_send(proxy, &messages[i], to_worker);
            if (happens(proxy, DOUBLES_OF_1000, 1000)) {
                message_send(proxy, &messages[i], to_worker);
                proxy->tally.doubled++;
            }
        }
        zmq_msg_close(&messages[i].frame);
    }
}

static void from_feeders(struct proxy *proxy)
{
    struct message messages[AT_ONCE_MAX];
    size_t count = 0;
    while (count < AT_ONCE_MAX) {
        struct message *message = &messages[count];
        zmq_msg_init(&message->routing);
        zmq_msg_init(&message->frame);
        if (zmq_msg_recv(&message->routing, proxy->router, ZMQ_DONTWAIT) < 0)
            break;
        zmq_msg_recv(&message->frame, proxy->router, ZMQ_DONTWAIT);
        message->pair = pair_of(proxy, &message->routing);
        zmq_msg_close(&message->routing);
        count++;
    }
    messages_pass(proxy, messages, count, true);
}

static void from_worker(struct proxy *proxy, struct pair *pair)
{
    struct message messages[AT_ONCE_MAX];
    size_t count = 0;
    while (count < AT_ONCE_MAX) {
        zmq_msg_init(&messages[count].frame);
        if (zmq_msg_recv(&messages[count].frame, pair->dealer, ZMQ_DONTWAIT) < 0)
            break;
        messages[count++].pair = pair;
    }
    messages_pass(proxy, messages, count, false);
}

static void messages_turn(struct proxy *proxy)
{
    from_feeders(proxy);
    for (size_t i = 0; i < PAIRS_MAX; i++)
        if (proxy->pairs[i].dealer != NULL)
            from_worker(proxy, &proxy->pairs[i]);
}

/* ---- the thread ---------------------------------------------------------------------------------------------------
 */

static void *run(void *opaque)
{
    struct proxy *proxy = opaque;
    while (!atomic_load(&proxy->stop)) {
        if (proxy->kind == PROXY_BYTES)
            bytes_turn(proxy);
        else
            messages_turn(proxy);
        poll(NULL, 0, TURN_MS);
    }
    return NULL;
}

static void bytes_listen(struct proxy *proxy, char out[static 64])
{
    struct sockaddr_in self = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof self;
    char address[16];
    uint16_t port;
    proxy->worker = self;
    if (sscanf(proxy->endpoint, "tcp://%15[0-9.]:%hu", address, &port) != 2 ||
        inet_pton(AF_INET, address, &proxy->worker.sin_addr) != 1)
        fail_msg("%s is no address and port", proxy->endpoint);
    proxy->worker.sin_port = htons(port);
    proxy->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (proxy->listener < 0 || bind(proxy->listener, (struct sockaddr *)&self, sizeof self) != 0 ||
        listen(proxy->listener, PAIRS_MAX) != 0 || getsockname(proxy->listener, (struct sockaddr *)&self, &size) != 0)
        fail_msg("the proxy cannot listen: %s", strerror(errno));
    snprintf(out, 64, "tcp://127.0.0.1:%u", ntohs(self.sin_port));
}

static void messages_listen(struct proxy *proxy, char out[static 64])
{
    size_t size = 64;
    proxy->context = zmq_ctx_new();
    proxy->router = socket_new(proxy, ZMQ_ROUTER);
    if (zmq_bind(proxy->router, "tcp://127.0.0.1:*") != 0 ||
        zmq_getsockopt(proxy->router, ZMQ_LAST_ENDPOINT, out, &size) != 0)
        fail_msg("the proxy cannot listen: %s", zmq_strerror(errno));
}

struct proxy *proxy_start(enum proxy_kind kind, const char *endpoint, uint64_t seed, char out[static 64])
{
    struct proxy *proxy = calloc(1, sizeof *proxy);
    assert_non_null(proxy);
    proxy->kind = kind;
    proxy->random = seed;
    proxy->listener = -1;
    for (size_t i = 0; i < PAIRS_MAX; i++)
        proxy->pairs[i].front = proxy->pairs[i].back = -1;
    snprintf(proxy->endpoint, sizeof proxy->endpoint, "%s", endpoint);
    if (kind == PROXY_BYTES)
        bytes_listen(proxy, out);
    else
        messages_listen(proxy, out);
    assert_int_equal(pthread_create(&proxy->thread, NULL, run, proxy), 0);
    return proxy;
}

void proxy_calm(struct proxy *proxy)
{
    atomic_store(&proxy->calm, true);
}

struct proxy_tally proxy_stop(struct proxy **stopping)
{
    struct proxy *proxy = *stopping;
    struct proxy_tally tally;
    atomic_store(&proxy->stop, true);
    pthread_join(proxy->thread, NULL);
    for (size_t i = 0; i < PAIRS_MAX; i++) {
        pair_close(&proxy->pairs[i]);
        if (proxy->pairs[i].dealer != NULL)
            zmq_close(proxy->pairs[i].dealer);
    }
    if (proxy->listener >= 0)
        close(proxy->listener);
    if (proxy->context != NULL) {
        zmq_close(proxy->router);
        zmq_ctx_term(proxy->context);
    }
    tally = proxy->tally;
    free(proxy);
    *stopping = NULL;
    return tally;
}
