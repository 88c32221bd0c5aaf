/* peer: see peer.h. */
#include "peer.h"
#include "process.h"
#include "scenario.h"
#include "socket.h"

#include <inttypes.h>
#include <stdlib.h>

/* All answers of one peer in one test. */
enum { PEER_MEMORY_BYTES = 512 * 1024 * 1024 };

/* Sequences begin here, beyond those that tests put into frames of their own making. */
enum { FIRST_SEQUENCE = 1000000 };

struct peer {
    struct peer *next;
    void *socket;
    struct arena *arena;
    uint64_t sequence;
    LIST(Envelope *) answers;
    LIST(Envelope *) receipts;
};

static struct peer *peers; /* all that are open */

struct peer *peer_new(void *context, const char *endpoint)
{
    struct error err;
    struct peer *peer = calloc(1, sizeof *peer);
    assert_non_null(peer);
    peer->arena = arena_new(PEER_MEMORY_BYTES);
    assert_non_null(peer->arena);
    if (socket_dealer(context, &peer->socket, &err) != FAULT_NONE ||
        socket_connect(peer->socket, endpoint, &err) != FAULT_NONE)
        fail_msg("%s: %s", endpoint, err.text);
    peer->sequence = FIRST_SEQUENCE;
    peer->next = peers;
    peers = peer;
    return peer;
}

void peer_free(struct peer **peer)
{
    if (*peer == NULL)
        return;
    for (struct peer **at = &peers; *at; at = &(*at)->next)
        if (*at == *peer) {
            *at = (*peer)->next;
            break;
        }
    socket_close(&(*peer)->socket, 0);
    arena_free(&(*peer)->arena);
    free(*peer);
    *peer = NULL;
}

void peers_free(void)
{
    for (struct peer *peer = peers; peer; peer = peers)
        peer_free(&peer);
}

/* ---- sending ------------------------------------------------------------------------------------------------- */

uint64_t peer_send(struct peer *peer, Envelope *envelope)
{
    struct error err;
    envelope->sequence = ++peer->sequence;
    if (socket_send(peer->socket, (struct span){0}, envelope, &err) != FAULT_NONE)
        fail_msg("cannot send: %s", err.text);
    return envelope->sequence;
}

void peer_send_bytes(struct peer *peer, struct span bytes)
{
    if (zmq_send(peer->socket, bytes.at, bytes.size, ZMQ_DONTWAIT) < 0)
        fail_msg("cannot send %zu bytes: %s", bytes.size, zmq_strerror(zmq_errno()));
}

/* An Envelope around a Submit; the parts live in the caller's scope. */
struct submit_parts {
    Referent__V1__Document document;
    Referent__V1__Submit submit;
    Envelope envelope;
};

static void submit_fill(struct submit_parts *parts, uint64_t sequence, struct fed fed)
{
    referent__v1__document__init(&parts->document);
    parts->document.id = (char *)fed.id;
    parts->document.version = fed.version;
    if (fed.source)
        parts->document.source = (char *)fed.source;
    if (fed.media_type)
        parts->document.media_type = (char *)fed.media_type;
    parts->document.content_case = REFERENT__V1__DOCUMENT__CONTENT_BODY;
    parts->document.body = (ProtobufCBinaryData){fed.body.size, (uint8_t *)fed.body.at};
    referent__v1__submit__init(&parts->submit);
    parts->submit.document = &parts->document;
    parts->envelope = frame_envelope(sequence);
    parts->envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_SUBMIT;
    parts->envelope.submit = &parts->submit;
}

uint64_t peer_feed(struct peer *peer, struct fed fed)
{
    struct submit_parts parts;
    submit_fill(&parts, 0, fed);
    return peer_send(peer, &parts.envelope);
}

struct span peer_frame(uint64_t sequence, struct fed fed)
{
    struct submit_parts parts;
    submit_fill(&parts, sequence, fed);
    size_t size = frame_size(&parts.envelope);
    char *bytes = malloc(size);
    assert_non_null(bytes);
    frame_pack(&parts.envelope, bytes);
    return (struct span){bytes, size};
}

uint64_t peer_delete(struct peer *peer, const char *id, uint64_t version)
{
    Referent__V1__Delete message = REFERENT__V1__DELETE__INIT;
    Envelope envelope = frame_envelope(0);
    message.id = (char *)id;
    message.version = version;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_DELETE;
    envelope.delete_ = &message;
    return peer_send(peer, &envelope);
}

/* ---- answers --------------------------------------------------------------------------------------------------- */

static void keep(struct peer *peer, struct span frame)
{
    struct error err;
    uint64_t sequence;
    Envelope *envelope, **place;
    if (frame_decode(peer->arena, frame, &envelope, &sequence, &err) != FAULT_NONE)
        fail_msg("the daemon sent a bad frame: %s %s", err.rule, err.text);
    place = LIST_PUSH(peer->arena, &peer->answers);
    assert_non_null(place);
    *place = envelope;
    if (envelope->payload_case != REFERENT__V1__ENVELOPE__PAYLOAD_RECEIPT)
        return;
    place = LIST_PUSH(peer->arena, &peer->receipts);
    assert_non_null(place);
    *place = envelope;
}

/* Take in what is there; waits up to timeout_ms for the first. */
static void pump(struct peer *peer, int64_t timeout_ms)
{
    zmq_pollitem_t item = {.socket = peer->socket, .events = ZMQ_POLLIN};
    struct wire_message message;
    zmq_poll(&item, 1, timeout_ms > 0 ? (long)timeout_ms : 0);
    while (socket_receive(peer->socket, false, &message)) {
        keep(peer, wire_message_frame(&message));
        wire_message_done(&message);
    }
}

const Envelope *peer_answer(struct peer *peer, uint64_t sequence, int64_t timeout_ms)
{
    int64_t deadline = now_ms() + timeout_ms;
    for (size_t seen = 0;;) {
        for (; seen < peer->answers.count; seen++)
            if (peer->answers.items[seen]->sequence == sequence)
                return peer->answers.items[seen];
        if (now_ms() >= deadline)
            return NULL;
        pump(peer, deadline - now_ms());
    }
}

static const Envelope *expect_answer(struct peer *peer, uint64_t sequence, Referent__V1__Envelope__PayloadCase payload)
{
    const Envelope *answer = peer_answer(peer, sequence, DEADLINE_MS);
    if (answer == NULL)
        fail_msg("no answer to %" PRIu64 " within the deadline", sequence);
    if (answer->payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_FAILURE && payload != answer->payload_case)
        fail_msg("%" PRIu64 " fails: %s, %s", sequence, answer->failure->rule, answer->failure->reason);
    if (answer->payload_case != payload)
        fail_msg("%" PRIu64 " is answered by payload %d, not by %d", sequence, (int)answer->payload_case, (int)payload);
    return answer;
}

const Welcome *peer_hello_load(struct peer *peer, Referent__V1__Load load, uint64_t announced)
{
    for (int64_t deadline = now_ms() + DEADLINE_MS; now_ms() < deadline;) {
        Referent__V1__Hello hello = REFERENT__V1__HELLO__INIT;
        Envelope envelope = frame_envelope(0);
        hello.client = (char *)"scenario";
        hello.load = load;
        hello.announced = announced;
        envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_HELLO;
        envelope.hello = &hello;
        const Envelope *answer = peer_answer(peer, peer_send(peer, &envelope), 3000);
        if (answer && answer->payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_WELCOME)
            return answer->welcome;
    }
    fail_msg("nobody answers Hello");
    return NULL;
}

const Welcome *peer_hello(struct peer *peer)
{
    return peer_hello_load(peer, REFERENT__V1__LOAD__LOAD_UNSPECIFIED, 0);
}

void peer_flush(struct peer *peer)
{
    Referent__V1__Flush flush = REFERENT__V1__FLUSH__INIT;
    Envelope envelope = frame_envelope(0);
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_FLUSH;
    envelope.flush = &flush;
    peer_send(peer, &envelope);
}

void peer_settle(struct peer *peer)
{
    Referent__V1__Ping ping = REFERENT__V1__PING__INIT;
    Envelope envelope = frame_envelope(0);
    ping.nonce = 4711;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_PING;
    envelope.ping = &ping;
    const Envelope *answer = expect_answer(peer, peer_send(peer, &envelope), REFERENT__V1__ENVELOPE__PAYLOAD_PONG);
    assert_int_equal(answer->pong->nonce, 4711);
}

size_t peer_receipts(const struct peer *peer)
{
    return peer->receipts.count;
}

const Envelope *peer_receipt(const struct peer *peer, size_t index)
{
    return peer->receipts.items[index];
}

const Receipt *expect_status(struct peer *peer, uint64_t sequence, Referent__V1__Status status)
{
    const Receipt *receipt = expect_answer(peer, sequence, REFERENT__V1__ENVELOPE__PAYLOAD_RECEIPT)->receipt;
    if (receipt->status != status)
        fail_msg("%" PRIu64 " has status %d, not %d: rule=%s %s", sequence, (int)receipt->status, (int)status,
                 receipt->rule, receipt->reason);
    return receipt;
}

const Receipt *peer_final(struct peer *peer, uint64_t sequence, int64_t timeout_ms)
{
    int64_t deadline = now_ms() + timeout_ms;
    for (size_t seen = 0;;) {
        for (; seen < peer->receipts.count; seen++)
            if (peer->receipts.items[seen]->sequence == sequence &&
                peer->receipts.items[seen]->receipt->status != REFERENT__V1__STATUS__STATUS_HELD)
                return peer->receipts.items[seen]->receipt;
        if (now_ms() >= deadline)
            return NULL;
        pump(peer, deadline - now_ms());
    }
}

const Receipt *expect_final(struct peer *peer, uint64_t sequence, Referent__V1__Status status)
{
    const Receipt *receipt = peer_final(peer, sequence, DEADLINE_MS);
    if (receipt == NULL)
        fail_msg("no final receipt for %" PRIu64 " within the deadline", sequence);
    if (receipt->status != status)
        fail_msg("%" PRIu64 " ends with status %d, not %d: rule=%s %s", sequence, (int)receipt->status, (int)status,
                 receipt->rule, receipt->reason);
    return receipt;
}

const Receipt *expect_committed(struct peer *peer, uint64_t sequence)
{
    const Receipt *receipt = expect_status(peer, sequence, REFERENT__V1__STATUS__STATUS_COMMITTED);
    assert_int_equal(receipt->lineage.len, 16);
    assert_true(receipt->sequence > 0);
    return receipt;
}

static const Receipt *expect_rule(struct peer *peer, uint64_t sequence, Referent__V1__Status status, const char *rule)
{
    const Receipt *receipt = expect_status(peer, sequence, status);
    assert_string_equal(receipt->rule, rule);
    assert_true(strlen(receipt->reason) > 10);
    return receipt;
}

const Receipt *expect_rejected(struct peer *peer, uint64_t sequence, const char *rule)
{
    return expect_rule(peer, sequence, REFERENT__V1__STATUS__STATUS_REJECTED, rule);
}

const Receipt *expect_retry(struct peer *peer, uint64_t sequence, const char *rule)
{
    return expect_rule(peer, sequence, REFERENT__V1__STATUS__STATUS_RETRY, rule);
}

void expect_receipts(struct peer *peer, size_t count)
{
    for (int64_t deadline = now_ms() + DEADLINE_MS; peer->receipts.count < count && now_ms() < deadline;)
        pump(peer, deadline - now_ms());
    peer_settle(peer);
    assert_int_equal(peer->receipts.count, count);
}

/* ---- on the search socket ---------------------------------------------------------------------------------------- */

/* One filter with at most one value. */
static char **one(const char *const *value, size_t *count)
{
    *count = *value ? 1 : 0;
    return (char **)value;
}

static size_t listed(const char *const list[static ASKED_MAX])
{
    size_t count = 0;
    while (count < ASKED_MAX && list[count])
        count++;
    return count;
}

static uint64_t search_send(struct peer *peer, const struct asked *asked)
{
    Referent__V1__SearchRequest request = REFERENT__V1__SEARCH_REQUEST__INIT;
    Envelope envelope = frame_envelope(0);
    request.query = asked->query ? (char *)asked->query : request.query;
    request.member = one(&asked->member, &request.n_member);
    request.case_number = one(&asked->case_number, &request.n_case_number);
    request.committee = one(&asked->committee, &request.n_committee);
    request.municipality = one(&asked->municipality, &request.n_municipality);
    request.party = one(&asked->party, &request.n_party);
    request.outcome = (char **)asked->outcomes;
    request.n_outcome = listed(asked->outcomes);
    request.facets = (char **)asked->facets;
    request.n_facets = listed(asked->facets);
    request.date_from = asked->date_from ? (char *)asked->date_from : request.date_from;
    request.date_to = asked->date_to ? (char *)asked->date_to : request.date_to;
    request.has_amount_min = request.has_amount_max = asked->amount;
    request.amount_min_ore = asked->amount_min_ore;
    request.amount_max_ore = asked->amount_max_ore;
    request.limit = asked->limit;
    request.offset = asked->offset;
    request.law = one(&asked->law, &request.n_law);
    request.kle = one(&asked->kle, &request.n_kle);
    request.org = one(&asked->org, &request.n_org);
    request.mention_from = asked->mention_from ? (char *)asked->mention_from : request.mention_from;
    request.mention_to = asked->mention_to ? (char *)asked->mention_to : request.mention_to;
    request.sort = asked->sort ? (char *)asked->sort : request.sort;
    request.collapse = asked->collapse ? (char *)asked->collapse : request.collapse;
    request.literal = asked->literal;
    request.all_words = asked->all_words;
    request.explain = asked->explain;
    request.ids_only = asked->ids_only;
    request.snippet_bytes = asked->snippet_bytes;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_SEARCH_REQUEST;
    envelope.search_request = &request;
    return peer_send(peer, &envelope);
}

const SearchReply *peer_search(struct peer *peer, struct asked asked)
{
    uint64_t sequence = search_send(peer, &asked);
    return expect_answer(peer, sequence, REFERENT__V1__ENVELOPE__PAYLOAD_SEARCH_REPLY)->search_reply;
}

void expect_failure(struct peer *peer, struct asked asked, const char *rule)
{
    uint64_t sequence = search_send(peer, &asked);
    const Envelope *answer = expect_answer(peer, sequence, REFERENT__V1__ENVELOPE__PAYLOAD_FAILURE);
    assert_string_equal(answer->failure->rule, rule);
    assert_true(strlen(answer->failure->reason) > 10);
}

const GetReply *peer_get(struct peer *peer, const char *id)
{
    Referent__V1__GetRequest request = REFERENT__V1__GET_REQUEST__INIT;
    Envelope envelope = frame_envelope(0);
    request.id = (char *)id;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_GET_REQUEST;
    envelope.get_request = &request;
    return expect_answer(peer, peer_send(peer, &envelope), REFERENT__V1__ENVELOPE__PAYLOAD_GET_REPLY)->get_reply;
}

const StatusReply *peer_status(struct peer *peer)
{
    Referent__V1__StatusRequest request = REFERENT__V1__STATUS_REQUEST__INIT;
    Envelope envelope = frame_envelope(0);
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_STATUS_REQUEST;
    envelope.status_request = &request;
    return expect_answer(peer, peer_send(peer, &envelope), REFERENT__V1__ENVELOPE__PAYLOAD_STATUS_REPLY)->status_reply;
}

const Envelope *peer_ask(struct peer *peer, Envelope *envelope)
{
    uint64_t sequence = peer_send(peer, envelope);
    const Envelope *answer = peer_answer(peer, sequence, DEADLINE_MS);
    if (answer == NULL)
        fail_msg("no answer to %" PRIu64, sequence);
    return answer;
}
