/* desk: requests from the ROUTER to whoever takes them, replies back to it. All search threads and "query".
 *
 * All idle search threads sleep in epoll_wait(2) on one epoll, which the socket's descriptor and a bell are in, each
 * with EPOLLET: an event wakes one of them, the one that came last.
 *
 *   (1) Who holds the lock waits for nothing.
 *   (2) Who goes to sleep has read the socket until it held nothing: ZeroMQ raises its descriptor only for what comes
 *       after that, and a send, too, may take in what had raised it.
 *   (3) Who takes a request and leaves others rings the bell for the next one.
 *   (4) Nothing is logged under the lock, and who has something to log takes no request before: a standard error that
 *       nobody reads would stop all of them. */
#include "desk.h"

#include "clock.h"
#include "failure.h"
#include "log.h"
#include "socket.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
    FRAMES_A_TURN = 64,
    WATCH_MS = 100,
    FLUSH_MS = 2000,
    REQUEST_MAX_BYTES = 256 * 1024 /* filters and query; far above what a person writes */
};

struct desk {
    const struct config *config;
    pthread_mutex_t lock;
    void *socket;
    char endpoint[ENDPOINT_MAX];
    struct request *oldest, *newest; /* that wait */
    size_t in_flight;                /* they, and those at work */
    size_t at_work;
    bool closed;
    pthread_cond_t closing;
    int bell, sleepers; /* an eventfd; the epoll */
};

/* ---------------------------------------------------------------- the socket, under the lock */

/* What is to be logged of a turn, when the lock is given back; FAULT_NONE: nothing. */
struct notes {
    struct error refused, lost; /* the last one of each: there may be many, all alike */
};

static bool notes_empty(const struct notes *notes)
{
    return notes->refused.fault == FAULT_NONE && notes->lost.fault == FAULT_NONE;
}

static void notes_log(const struct notes *notes)
{
    failure_log(&notes->refused);
    if (notes->lost.fault != FAULT_NONE)
        log_error(LOG_DEBUG, "reply.lost", &notes->lost);
}

static void refuse(struct desk *desk, struct span routing, uint64_t sequence, enum fault fault, struct error *why,
                   struct notes *notes)
{
    struct error err;
    Referent__V1__Failure failure;
    Envelope reply = frame_envelope(sequence);
    failure_fill(&failure, fault, why, &reply);
    notes->refused = *why;
    if (socket_send(desk->socket, routing, &reply, &err) != FAULT_NONE)
        notes->lost = err;
}

static void request_free(struct request **request)
{
    struct arena *arena = *request != NULL ? (*request)->arena : NULL; /* which the request is in */
    arena_free(&arena);
    *request = NULL;
}

static struct request *request_make(const struct config *config, struct span routing, struct span frame)
{
    struct arena *arena = arena_new(config->arena_max_bytes);
    struct request *request = arena ? arena_zero(arena, 1, sizeof *request) : NULL;
    struct text to = request ? arena_copy(arena, routing) : (struct text){0};
    struct text copy = to.at ? arena_copy(arena, frame) : (struct text){0};
    if (copy.at == NULL) {
        arena_free(&arena);
        return NULL;
    }
    request->arena = arena;
    request->routing = (struct span){to.at, to.size};
    request->frame = (struct span){copy.at, copy.size};
    return request;
}

static void frame_take(struct desk *desk, struct wire_message *message, struct notes *notes)
{
    struct span routing = wire_message_routing(message), frame = wire_message_frame(message);
    struct error why;
    uint64_t sequence = frame_peek(frame).sequence;
    if (frame.size > REQUEST_MAX_BYTES) {
        enum fault fault = error_set(&why, FAULT_REJECT, "frame.size", "the request has %zu bytes; it may have %d",
                                     frame.size, REQUEST_MAX_BYTES);
        refuse(desk, routing, sequence, fault, &why, notes);
        return;
    }
    bool room = desk->in_flight < desk->config->search_queue;
    struct request *request = room ? request_make(desk->config, routing, frame) : NULL;
    if (request == NULL) {
        enum fault fault = error_set(&why, FAULT_RETRY, "search.busy", "too many requests are waiting; ask again");
        refuse(desk, routing, sequence, fault, &why, notes);
        return;
    }
    *(desk->oldest == NULL ? &desk->oldest : &desk->newest->next) = request;
    desk->newest = request;
    desk->in_flight++;
}

/* True: the socket holds nothing more. */
static bool frames_take(struct desk *desk, struct notes *notes)
{
    struct wire_message message;
    for (int i = 0; i < FRAMES_A_TURN; i++) {
        if (!socket_receive(desk->socket, true, &message))
            return true;
        frame_take(desk, &message, notes);
        wire_message_done(&message);
    }
    return false;
}

static void reply_send(struct desk *desk, struct request *request, struct notes *notes)
{
    struct error err;
    if (zmq_msg_size(&request->reply) == 0)
        zmq_msg_close(&request->reply);
    else if (socket_send_frame(desk->socket, request->routing, &request->reply, &err) != FAULT_NONE)
        notes->lost = err;
    desk->in_flight--;
    desk->at_work--;
}

static struct request *waiting_pop(struct desk *desk)
{
    struct request *request = desk->oldest;
    if (request != NULL) {
        desk->oldest = request->next;
        desk->at_work++;
    }
    return request;
}

/* ---------------------------------------------------------------- for the threads */

static void bell_ring(struct desk *desk)
{
    uint64_t one = 1;
    ssize_t done = write(desk->bell, &one, sizeof one);
    (void)done; /* it counts up for longer than any worker lives */
}

/* Under the lock: the reply leaves, what has come comes in, and the oldest of it is taken. */
static struct request *desk_turn(struct desk *desk, struct request *answered, bool *empty, bool *more,
                                 struct notes *notes)
{
    bool closed = desk->closed;
    if (answered != NULL)
        reply_send(desk, answered, notes);
    *empty = closed || frames_take(desk, notes);
    struct request *request = notes_empty(notes) ? waiting_pop(desk) : NULL;
    *more = !*empty || desk->oldest != NULL || (closed && request == NULL);
    return request;
}

struct request *desk_next(struct desk *desk, struct request *answered)
{
    for (;;) {
        struct epoll_event event;
        struct notes notes = {.refused = {.fault = FAULT_NONE}};
        bool empty, more;
        pthread_mutex_lock(&desk->lock);
        bool closed = desk->closed;
        struct request *request = desk_turn(desk, answered, &empty, &more, &notes);
        pthread_mutex_unlock(&desk->lock);
        if (more)
            bell_ring(desk);
        notes_log(&notes);
        request_free(&answered);
        if (request != NULL || (closed && notes_empty(&notes)))
            return request;
        if (empty && notes_empty(&notes))
            epoll_wait(desk->sleepers, &event, 1, -1);
    }
}

/* false: the desk is closed. */
static bool watch_turn(struct desk *desk)
{
    struct notes notes = {.refused = {.fault = FAULT_NONE}};
    struct timespec deadline = clock_deadline(WATCH_MS);
    pthread_mutex_lock(&desk->lock);
    if (!desk->closed)
        pthread_cond_timedwait(&desk->closing, &desk->lock, &deadline);
    bool closed = desk->closed;
    if (!closed && desk->at_work >= desk->config->search_threads)
        frames_take(desk, &notes);
    pthread_mutex_unlock(&desk->lock);
    notes_log(&notes);
    return !closed;
}

void desk_watch(struct desk *desk)
{
    while (watch_turn(desk))
        ;
}

/* ---------------------------------------------------------------- opening and closing */

static bool sleepers_open(struct desk *desk)
{
    int raised;
    size_t size = sizeof raised;
    struct epoll_event event = {.events = EPOLLIN | EPOLLET};
    desk->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    desk->sleepers = epoll_create1(EPOLL_CLOEXEC);
    return zmq_getsockopt(desk->socket, ZMQ_FD, &raised, &size) == 0 && desk->bell >= 0 && desk->sleepers >= 0 &&
           epoll_ctl(desk->sleepers, EPOLL_CTL_ADD, raised, &event) == 0 &&
           epoll_ctl(desk->sleepers, EPOLL_CTL_ADD, desk->bell, &event) == 0;
}

enum fault desk_open(void *context, const struct config *config, struct desk **out, struct error *err)
{
    pthread_condattr_t attributes;
    struct desk *desk = calloc(1, sizeof *desk);
    *out = desk;
    if (desk == NULL)
        return error_set(err, FAULT_STOP, "memory", "out of memory");
    desk->config = config;
    desk->bell = desk->sleepers = -1;
    pthread_mutex_init(&desk->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&desk->closing, &attributes);
    pthread_condattr_destroy(&attributes);
    enum fault fault = socket_router(context, config->search_endpoint, &desk->socket, desk->endpoint, err);
    if (fault == FAULT_NONE && !sleepers_open(desk))
        fault = error_set(err, FAULT_STOP, "memory", "no descriptor for the search socket");
    if (fault != FAULT_NONE)
        desk_free(out);
    return fault;
}

const char *desk_endpoint(const struct desk *desk)
{
    return desk->endpoint;
}

void desk_close(struct desk *desk)
{
    pthread_mutex_lock(&desk->lock);
    desk->closed = true;
    pthread_cond_signal(&desk->closing);
    pthread_mutex_unlock(&desk->lock);
    bell_ring(desk);
}

void desk_free(struct desk **desk)
{
    if (desk == NULL || *desk == NULL)
        return;
    socket_close(&(*desk)->socket, FLUSH_MS);
    if ((*desk)->bell >= 0)
        close((*desk)->bell);
    if ((*desk)->sleepers >= 0)
        close((*desk)->sleepers);
    pthread_cond_destroy(&(*desk)->closing);
    pthread_mutex_destroy(&(*desk)->lock);
    free(*desk);
    *desk = NULL;
}
