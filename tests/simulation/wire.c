/* wire: lines between feeders and the worker; instead of worker/client/connection.c and worker/wire/socket.c.
 *
 * A line keeps the order of its frames, as TCP does. When it breaks, what stands in it is lost, or what was on its way
 * to the worker still arrives, before anything of the next line; the worker knows the next line by another routing id.
 */
#include "simulation.h"

#include "random.h"

#include <stdlib.h>
#include <sys/queue.h>

enum { DELAY_MAX_MS = 40, LINES_MAX = SIM_FEEDERS_MAX };

struct packet {
    TAILQ_ENTRY(packet) link;
    int64_t due_ms;
    uint32_t routing; /* under which the worker sees it */
    size_t size;
    char bytes[];
};
TAILQ_HEAD(packets, packet);

struct line {
    struct connection *end; /* the feeder's; NULL: it has closed */
    uint32_t routing;
    int64_t stalled_ms; /* until then nothing comes through */
    struct packets to_worker, to_feeder;
};

static struct line lines[LINES_MAX];
static uint32_t routings; /* given out so far */
static uint32_t opening;
static bool worker_up;

/* ---- packets ---- */

static void packet_add(struct packets *packets, uint32_t routing, const void *bytes, size_t size)
{
    struct packet *packet = malloc(sizeof *packet + size), *last = TAILQ_LAST(packets, packets);
    if (packet == NULL)
        abort();
    packet->due_ms = sim.now_ms + (int64_t)random_below(&sim.random, DELAY_MAX_MS);
    if (last != NULL && last->due_ms > packet->due_ms)
        packet->due_ms = last->due_ms;
    packet->routing = routing;
    packet->size = size;
    memcpy(packet->bytes, bytes, size);
    TAILQ_INSERT_TAIL(packets, packet, link);
}

static void packet_drop(struct packets *packets)
{
    struct packet *packet = TAILQ_FIRST(packets);
    TAILQ_REMOVE(packets, packet, link);
    free(packet);
}

/* Lose the end of it, from some frame on. */
static void packets_lose(struct packets *packets, bool all)
{
    uint64_t keep = 0;
    struct packet *packet, *next;
    TAILQ_FOREACH(packet, packets, link)
    keep += !all && random_below(&sim.random, 3) > 0;
    for (packet = TAILQ_FIRST(packets); packet != NULL; packet = next) {
        next = TAILQ_NEXT(packet, link);
        if (keep > 0) {
            keep--;
            continue;
        }
        TAILQ_REMOVE(packets, packet, link);
        free(packet);
    }
}

/* ---- the run ---- */

void wire_begin(void)
{
    routings = 0;
    worker_up = false;
    for (uint32_t i = 0; i < LINES_MAX; i++) {
        lines[i] = (struct line){.routing = ++routings};
        TAILQ_INIT(&lines[i].to_worker);
        TAILQ_INIT(&lines[i].to_feeder);
    }
}

void wire_end(void)
{
    for (uint32_t i = 0; i < LINES_MAX; i++) {
        packets_lose(&lines[i].to_worker, true);
        packets_lose(&lines[i].to_feeder, true);
    }
}

void wire_feeder(uint32_t feeder)
{
    opening = feeder;
}

static void line_break(struct line *line, bool worker_died)
{
    packets_lose(&line->to_worker, worker_died);
    packets_lose(&line->to_feeder, true);
    line->routing = ++routings;
    if (line->end != NULL) {
        line->end->lost = line->end->lost || line->end->up;
        line->end->up = false;
    }
}

void wire_cut(uint32_t feeder)
{
    for (uint32_t i = 0; i < LINES_MAX; i++)
        if (i == feeder || feeder == SIM_FEEDERS_MAX)
            line_break(&lines[i], feeder == SIM_FEEDERS_MAX);
}

void wire_stall(uint32_t feeder, int64_t ms)
{
    lines[feeder].stalled_ms = sim.now_ms + ms;
}

void wire_worker_is(bool up)
{
    worker_up = up;
}

static bool line_step(struct line *line)
{
    struct packet *packet = TAILQ_FIRST(&line->to_worker);
    if (!worker_up || line->stalled_ms > sim.now_ms)
        return false;
    if (line->end != NULL)
        line->end->up = true;
    if (packet == NULL || packet->due_ms > sim.now_ms)
        return false;
    bool twice = sim_happens(sim.plan.doubles);
    worker_hear(packet->routing, (struct span){packet->bytes, packet->size});
    if (worker_up && !twice)
        packet_drop(&line->to_worker);
    return true;
}

bool wire_step(void)
{
    bool moved = false;
    uint64_t first = random_below(&sim.random, LINES_MAX);
    for (uint32_t i = 0; i < LINES_MAX; i++)
        moved = line_step(&lines[(first + i) % LINES_MAX]) || moved;
    return moved;
}

/* ---- the feeder's side: connection.h ---- */

static struct line *line_of(const struct connection *connection)
{
    for (uint32_t i = 0; i < LINES_MAX; i++)
        if (lines[i].end == connection)
            return &lines[i];
    return NULL;
}

enum fault connection_open(struct connection *connection, const char *endpoint, struct error *err)
{
    (void)endpoint;
    (void)err;
    *connection = (struct connection){.started_ms = sim.now_ms, .heard_ms = sim.now_ms, .asked_ms = sim.now_ms};
    lines[opening].end = connection;
    return FAULT_NONE;
}

enum fault connection_renew(struct connection *connection, struct error *err)
{
    struct line *line = line_of(connection);
    (void)err;
    line_break(line, false);
    connection->up = connection->lost = false;
    connection->started_ms = connection->heard_ms = connection->asked_ms = sim.now_ms;
    return FAULT_NONE;
}

void connection_close(struct connection *connection, int linger_ms)
{
    struct line *line = line_of(connection);
    (void)linger_ms;
    if (line == NULL)
        return;
    line_break(line, false);
    line->end = NULL;
}

bool connection_wait(struct connection *connection, int64_t timeout_ms)
{
    (void)connection;
    (void)timeout_ms;
    return true;
}

Envelope *connection_receive(struct connection *connection, struct arena **arena)
{
    struct line *line = line_of(connection);
    struct packet *packet = TAILQ_FIRST(&line->to_feeder);
    Envelope *envelope;
    uint64_t sequence;
    struct error err;
    if (packet == NULL || packet->due_ms > sim.now_ms || line->stalled_ms > sim.now_ms)
        return NULL;
    *arena = arena_new((size_t)1 << 24);
    SIM_PROPERTY(*arena != NULL && frame_decode_answer(*arena, (struct span){packet->bytes, packet->size}, &envelope,
                                                       &sequence, &err) == FAULT_NONE,
                 "the worker sends what cannot be read");
    packet_drop(&line->to_feeder);
    connection->heard_ms = sim.now_ms;
    return envelope;
}

bool connection_send_frame(struct connection *connection, zmq_msg_t *frame)
{
    struct line *line = line_of(connection);
    packet_add(&line->to_worker, line->routing, zmq_msg_data(frame), zmq_msg_size(frame));
    return true;
}

bool connection_send(struct connection *connection, const Envelope *envelope)
{
    zmq_msg_t frame;
    zmq_msg_init_size(&frame, frame_size(envelope));
    frame_pack(envelope, zmq_msg_data(&frame));
    bool sent = connection_send_frame(connection, &frame);
    zmq_msg_close(&frame);
    return sent;
}

void connection_ping(struct connection *connection, int64_t now_ms, int64_t every_ms)
{
    if (now_ms - connection->heard_ms < every_ms || now_ms - connection->asked_ms < every_ms)
        return;
    connection->asked_ms = now_ms;
    Referent__V1__Ping ping = REFERENT__V1__PING__INIT;
    Envelope envelope = frame_envelope(0);
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_PING;
    envelope.ping = &ping;
    if (!connection_send(connection, &envelope))
        abort(); /* a line takes everything */
}

/* ---- the worker's side: of socket.h what the intake calls ---- */

enum fault socket_send(void *socket, struct span to, const Envelope *envelope, struct error *err)
{
    uint32_t routing;
    (void)socket;
    memcpy(&routing, to.at, sizeof routing);
    if (sim_happens(sim.plan.drops))
        return error_set(err, FAULT_RETRY, "socket.full", "the peer does not read");
    for (uint32_t i = 0; i < LINES_MAX; i++)
        if (lines[i].routing == routing) {
            zmq_msg_t frame;
            zmq_msg_init_size(&frame, frame_size(envelope));
            frame_pack(envelope, zmq_msg_data(&frame));
            packet_add(&lines[i].to_feeder, routing, zmq_msg_data(&frame), zmq_msg_size(&frame));
            zmq_msg_close(&frame);
            return FAULT_NONE;
        }
    return error_set(err, FAULT_REJECT, "socket.gone", "no such peer");
}
