/* service: requests to search threads and replies back. */
#include "service.h"

#include "answer.h"
#include "clock.h"
#include "closer.h"
#include "get.h"
#include "log.h"
#include "lookup.h"
#include "metric.h"
#include "queue.h"
#include "socket.h"
#include "status.h"
#include "thread.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
    FRAMES_A_TURN = 64,
    POLL_MS = 200,
    FLUSH_MS = 2000,
    REQUEST_MAX_BYTES = 256 * 1024, /* filters and query; far above what a person writes */
    AGAIN_MAX = 10,                 /* a reader meets DatabaseModifiedError after two commits: ask again */
    HOLD_AFTER = 3                  /* so often before commits are held back */
};

struct request {
    struct arena *arena;
    struct span routing;
    struct span frame;
    zmq_msg_t reply; /* packed by the search thread */
};

struct service {
    struct service_setup setup;
    struct status_facts facts;
    void *socket;
    char endpoint[ENDPOINT_MAX];
    struct queue *to_search;
    struct queue *done;
    size_t in_flight;
    atomic_bool stopping;
    struct store *lists; /* shared by the search threads, as is */
    struct closer *closer;
    pthread_t thread;
    pthread_t *searchers;
    size_t searcher_count;
};

/* ---------------------------------------------------------------- search threads */

/* What a search thread owns. */
struct searcher {
    struct view *view;
    struct language *language;
};

/* One try at a request; the payload of `reply` is filled. */
static enum fault answer_once(struct service *service, struct searcher *searcher, struct arena *arena,
                              const Envelope *asked, Envelope *reply, struct error *err)
{
    struct view *view = searcher->view;
    TRY(view_refresh(view, err));
    switch (asked->payload_case) {
    case REFERENT__V1__ENVELOPE__PAYLOAD_SEARCH_REQUEST:
        reply->payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_SEARCH_REPLY;
        reply->search_reply = arena_zero(arena, 1, sizeof *reply->search_reply);
        if (reply->search_reply == NULL)
            return arena_full(err);
        referent__v1__search_reply__init(reply->search_reply);
        metric_add(METRIC_SEARCHES, 1);
        return answer_search(arena, view, searcher->language, asked->search_request,
                             (uint32_t)service->setup.config->search_timeout_ms, reply->search_reply, err);
    case REFERENT__V1__ENVELOPE__PAYLOAD_GET_REQUEST:
        reply->payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_GET_REPLY;
        reply->get_reply = arena_zero(arena, 1, sizeof *reply->get_reply);
        if (reply->get_reply == NULL)
            return arena_full(err);
        referent__v1__get_reply__init(reply->get_reply);
        return get_answer(arena, view, asked->get_request, reply->get_reply, err);
    case REFERENT__V1__ENVELOPE__PAYLOAD_STATUS_REQUEST:
        reply->payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_STATUS_REPLY;
        reply->status_reply = arena_zero(arena, 1, sizeof *reply->status_reply);
        if (reply->status_reply == NULL)
            return arena_full(err);
        referent__v1__status_reply__init(reply->status_reply);
        return status_answer(arena, view, &service->facts, reply->status_reply, err);
    case REFERENT__V1__ENVELOPE__PAYLOAD_CASE_REQUEST:
    case REFERENT__V1__ENVELOPE__PAYLOAD_MEMBER_REQUEST:
    case REFERENT__V1__ENVELOPE__PAYLOAD_COMPLETE_REQUEST:
        metric_add(METRIC_SEARCHES, 1);
        return lookup_answer(arena, view, asked, (uint32_t)service->setup.config->search_timeout_ms, reply, err);
    default: return error_set(err, FAULT_REJECT, "frame.kind", "this message is not for the search socket");
    }
}

static enum fault pong_fill(struct service *service, struct arena *arena, const Envelope *asked, Envelope *reply,
                            struct error *err)
{
    reply->payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_PONG;
    reply->pong = arena_zero(arena, 1, sizeof *reply->pong);
    if (reply->pong == NULL)
        return arena_full(err);
    referent__v1__pong__init(reply->pong);
    reply->pong->nonce = asked->ping->nonce;
    reply->pong->instance = service->setup.instance;
    return FAULT_NONE;
}

/* Commits wait until it is answered, but not for long. What was read counts only if none can have written over it; and
 * what was not there may have been written over, too. */
static enum fault answer_whole(struct service *service, struct searcher *searcher, struct arena *arena,
                               const Envelope *asked, Envelope *reply, struct error *err)
{
    struct error overtaken;
    struct gate_reader reader;
    struct gate *gate = service->setup.gate;
    if (gate != NULL)
        gate_enter(gate, &reader);
    enum fault fault = answer_once(service, searcher, arena, asked, reply, err);
    bool whole = gate != NULL && gate_leave(gate, &reader);
    if (fault != FAULT_NONE && fault != FAULT_REJECT)
        return fault;
    if (!whole && view_whole(searcher->view, &overtaken) != FAULT_NONE) {
        *err = overtaken;
        return FAULT_REOPEN;
    }
    view_trust(searcher->view);
    return fault;
}

/* Two commits during a search, or while it opens the index, take blocks from under it: Xapian says that the database
 * was modified, or that it is damaged, or nothing. So ask again, with commits held back if need be; damage that is
 * there then is real. */
static enum fault answer(struct service *service, struct searcher *searcher, struct arena *arena, const Envelope *asked,
                         Envelope *reply, struct error *err)
{
    if (asked->payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_PING)
        return pong_fill(service, arena, asked, reply, err);
    enum fault fault = FAULT_NONE;
    struct gate *held = NULL;
    for (int i = 0; i < AGAIN_MAX; i++) {
        bool quiet = i >= HOLD_AFTER || fault == FAULT_STOP;
        if (quiet && held == NULL && service->setup.gate != NULL)
            gate_hold(held = service->setup.gate);
        fault = answer_whole(service, searcher, arena, asked, reply, err);
        bool overtaken = fault == FAULT_REOPEN || (fault == FAULT_STOP && !quiet);
        if (fault == FAULT_STOP || (overtaken && i > 0)) /* a handle that one more try did not heal */
            view_broken(searcher->view);
        if (!overtaken)
            break;
    }
    if (held != NULL)
        gate_release(held);
    return fault;
}

static void failure_fill(Referent__V1__Failure *failure, enum fault fault, struct error *err, Envelope *reply)
{
    referent__v1__failure__init(failure);
    failure->rule = err->rule;
    failure->reason = err->text;
    failure->retry = fault != FAULT_REJECT;
    reply->payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_FAILURE;
    reply->failure = failure;
    metric_add(METRIC_FAILURES, 1);
    if (fault != FAULT_REJECT)
        log_error(LOG_WARN, "search.failed", err);
}

/* ZeroMQ would cut the connection over it, and the client would ask again for ever. */
static enum fault size_check(const Envelope *reply, struct error *err)
{
    size_t size = frame_size(reply);
    return size <= FRAME_MAX_BYTES ? FAULT_NONE
                                   : error_set(err, FAULT_REJECT, "reply.size",
                                               "the answer has %zu bytes, a frame may have %d; ask for less, or read "
                                               "the document with `referent extract`",
                                               size, FRAME_MAX_BYTES);
}

/* Decode, answer, pack. Without a reply for want of memory the client asks again after its timeout. */
static void request_answer(struct service *service, struct searcher *searcher, struct request *request)
{
    struct error err;
    Envelope *asked = NULL;
    Referent__V1__Failure failure;
    uint64_t sequence = 0;
    enum fault fault = frame_decode(request->arena, request->frame, &asked, &sequence, &err);
    Envelope reply = frame_envelope(sequence);
    if (fault == FAULT_NONE)
        fault = answer(service, searcher, request->arena, asked, &reply, &err);
    if (fault == FAULT_NONE)
        fault = size_check(&reply, &err);
    if (fault != FAULT_NONE)
        failure_fill(&failure, fault, &err, &reply);
    if (socket_pack(&reply, &request->reply, &err) != FAULT_NONE)
        zmq_msg_init(&request->reply);
}

static void *search_run_thread(void *opaque)
{
    struct service *service = opaque;
    struct error err;
    thread_begin("search", THREAD_PROMPT);
    struct searcher searcher = {view_new(service->setup.config->data_dir, service->setup.shards), NULL};
    if (language_open(service->setup.words, &searcher.language, &err) != FAULT_NONE)
        log_error(LOG_WARN, "search.language", &err);
    bool able = searcher.view != NULL && searcher.language != NULL && view_share(searcher.view, service->lists);
    if (able)
        view_close_by(searcher.view, service->closer);
    for (struct request *request; (request = queue_pop(service->to_search, -1)) != NULL;) {
        if (able)
            request_answer(service, &searcher, request);
        else
            zmq_msg_init(&request->reply);
        if (!queue_push(service->done, request)) /* it holds all that may be in flight */
            abort();
    }
    language_close(&searcher.language);
    view_free(&searcher.view);
    return NULL;
}

/* ---------------------------------------------------------------- the socket's thread */

static void sent(enum fault fault, const struct error *err)
{
    if (fault != FAULT_NONE)
        log_error(LOG_DEBUG, "reply.lost", err);
}

static void refuse(struct service *service, struct span routing, uint64_t sequence, enum fault fault, struct error *why)
{
    struct error err;
    Referent__V1__Failure failure;
    Envelope reply = frame_envelope(sequence);
    failure_fill(&failure, fault, why, &reply);
    sent(socket_send(service->socket, routing, &reply, &err), &err);
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

static void frame_take(struct service *service, struct wire_message *message)
{
    struct span routing = wire_message_routing(message), frame = wire_message_frame(message);
    struct error why;
    uint64_t sequence = frame_peek(frame).sequence;
    if (frame.size > REQUEST_MAX_BYTES) {
        enum fault fault = error_set(&why, FAULT_REJECT, "frame.size", "the request has %zu bytes; it may have %d",
                                     frame.size, REQUEST_MAX_BYTES);
        refuse(service, routing, sequence, fault, &why);
        return;
    }
    struct request *request = service->in_flight < service->setup.config->search_queue
                                  ? request_make(service->setup.config, routing, frame)
                                  : NULL;
    if (request == NULL || !queue_push(service->to_search, request)) {
        enum fault fault = error_set(&why, FAULT_RETRY, "search.busy", "too many requests are waiting; ask again");
        refuse(service, routing, sequence, fault, &why);
        if (request != NULL) {
            struct arena *arena = request->arena;
            arena_free(&arena);
        }
        return;
    }
    service->in_flight++;
}

static void frames_take(struct service *service, int most)
{
    struct wire_message message;
    while (most-- > 0 && socket_receive(service->socket, true, &message)) {
        frame_take(service, &message);
        wire_message_done(&message);
    }
}

static void replies_send(struct service *service)
{
    for (struct request *request; (request = queue_pop(service->done, 0)) != NULL;) {
        struct error err;
        struct arena *arena = request->arena;
        if (zmq_msg_size(&request->reply) > 0)
            sent(socket_send_frame(service->socket, request->routing, &request->reply, &err), &err);
        else
            zmq_msg_close(&request->reply);
        service->in_flight--;
        arena_free(&arena);
    }
}

static void *socket_run(void *opaque)
{
    struct service *service = opaque;
    thread_begin("query", THREAD_PROMPT);
    while (!atomic_load(&service->stopping) || service->in_flight > 0) {
        zmq_pollitem_t items[] = {{.socket = service->socket, .events = ZMQ_POLLIN},
                                  {.fd = queue_fd(service->done), .events = ZMQ_POLLIN}};
        zmq_poll(items, 2, POLL_MS);
        replies_send(service);
        if (!atomic_load(&service->stopping))
            frames_take(service, FRAMES_A_TURN);
    }
    socket_close(&service->socket, FLUSH_MS);
    return NULL;
}

/* ---------------------------------------------------------------- start and stop */

static void searchers_stop(struct service *service)
{
    if (service->to_search != NULL)
        queue_close(service->to_search);
    for (size_t i = 0; i < service->searcher_count; i++)
        pthread_join(service->searchers[i], NULL);
    service->searcher_count = 0;
}

static void service_free(struct service **service)
{
    searchers_stop(*service);
    socket_close(&(*service)->socket, 0);
    queue_free(&(*service)->to_search);
    queue_free(&(*service)->done);
    closer_free(&(*service)->closer);
    store_free(&(*service)->lists);
    free((*service)->searchers);
    free(*service);
    *service = NULL;
}

static enum fault threads_start(struct service *service, struct error *err)
{
    for (uint64_t i = 0; i < service->setup.config->search_threads; i++) {
        if (pthread_create(&service->searchers[i], NULL, search_run_thread, service) != 0)
            return error_set(err, FAULT_STOP, "thread.start", "no thread for searching");
        service->searcher_count++;
    }
    if (pthread_create(&service->thread, NULL, socket_run, service) != 0)
        return error_set(err, FAULT_STOP, "thread.start", "no thread for the search socket");
    return FAULT_NONE;
}

enum fault service_start(const struct service_setup *setup, struct service **out, struct error *err)
{
    const struct config *config = setup->config;
    struct service *service = calloc(1, sizeof *service);
    if (service == NULL)
        return error_set(err, FAULT_STOP, "memory", "out of memory");
    service->setup = *setup;
    service->facts = (struct status_facts){setup->instance, clock_steady_ms()};
    service->to_search = queue_new(config->search_queue);
    service->done = queue_new(config->search_queue);
    service->lists = store_new(config->search_lists_bytes);
    service->closer = closer_new();
    service->searchers = calloc(config->search_threads, sizeof *service->searchers);
    enum fault fault = FAULT_NONE;
    if (service->to_search == NULL || service->done == NULL || service->lists == NULL || service->closer == NULL ||
        service->searchers == NULL)
        fault = error_set(err, FAULT_STOP, "memory", "out of memory");
    if (fault == FAULT_NONE)
        fault = socket_router(setup->context, config->search_endpoint, &service->socket, service->endpoint, err);
    if (fault == FAULT_NONE)
        fault = threads_start(service, err);
    if (fault != FAULT_NONE)
        service_free(&service);
    *out = service;
    return fault;
}

const char *service_endpoint(const struct service *service)
{
    return service->endpoint;
}

void service_stop(struct service **service)
{
    if (service == NULL || *service == NULL)
        return;
    atomic_store(&(*service)->stopping, true);
    pthread_join((*service)->thread, NULL);
    service_free(service);
}
