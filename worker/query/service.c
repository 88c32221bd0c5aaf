/* service: requests answered by search threads, each on a view of its own. */
#include "service.h"

#include "answer.h"
#include "clock.h"
#include "closer.h"
#include "desk.h"
#include "failure.h"
#include "get.h"
#include "log.h"
#include "lookup.h"
#include "metric.h"
#include "socket.h"
#include "status.h"
#include "thread.h"

#include <pthread.h>
#include <stdlib.h>

enum {
    AGAIN_MAX = 10, /* a reader meets DatabaseModifiedError after two commits: ask again */
    HOLD_AFTER = 3  /* so often before commits are held back */
};

struct service {
    struct service_setup setup;
    struct status_facts facts;
    struct desk *desk; /* shared by the search threads, as are */
    struct store *lists;
    struct closer *closer;
    pthread_t watch;
    bool watched;
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
    if (fault != FAULT_NONE) {
        failure_fill(&failure, fault, &err, &reply);
        failure_log(&err);
    }
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
    for (struct request *request = NULL; (request = desk_next(service->desk, request)) != NULL;)
        if (able)
            request_answer(service, &searcher, request);
        else
            zmq_msg_init(&request->reply);
    language_close(&searcher.language);
    view_free(&searcher.view);
    return NULL;
}

static void *watch_run(void *opaque)
{
    struct service *service = opaque;
    thread_begin("query", THREAD_PROMPT);
    desk_watch(service->desk);
    return NULL;
}

/* ---------------------------------------------------------------- start and stop */

static void threads_stop(struct service *service)
{
    if (service->desk != NULL)
        desk_close(service->desk);
    for (size_t i = 0; i < service->searcher_count; i++)
        pthread_join(service->searchers[i], NULL);
    if (service->watched)
        pthread_join(service->watch, NULL);
}

static void service_free(struct service **service)
{
    threads_stop(*service);
    desk_free(&(*service)->desk);
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
    service->watched = pthread_create(&service->watch, NULL, watch_run, service) == 0;
    return service->watched ? FAULT_NONE
                            : error_set(err, FAULT_STOP, "thread.start", "no thread for the search socket");
}

enum fault service_start(const struct service_setup *setup, struct service **out, struct error *err)
{
    const struct config *config = setup->config;
    struct service *service = calloc(1, sizeof *service);
    if (service == NULL)
        return error_set(err, FAULT_STOP, "memory", "out of memory");
    service->setup = *setup;
    service->facts = (struct status_facts){setup->instance, clock_steady_ms()};
    service->lists = store_new(config->search_lists_bytes);
    service->closer = closer_new();
    service->searchers = calloc(config->search_threads, sizeof *service->searchers);
    enum fault fault = FAULT_NONE;
    if (service->lists == NULL || service->closer == NULL || service->searchers == NULL)
        fault = error_set(err, FAULT_STOP, "memory", "out of memory");
    if (fault == FAULT_NONE)
        fault = desk_open(setup->context, config, &service->desk, err);
    if (fault == FAULT_NONE)
        fault = threads_start(service, err);
    if (fault != FAULT_NONE)
        service_free(&service);
    *out = service;
    return fault;
}

const char *service_endpoint(const struct service *service)
{
    return desk_endpoint(service->desk);
}

void service_stop(struct service **service)
{
    if (service == NULL || *service == NULL)
        return;
    service_free(service);
}
