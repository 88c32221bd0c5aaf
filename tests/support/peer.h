/* peer: a client of the test's own, one DEALER that speaks real frames and remembers every answer.
 *
 * A peer belongs to the thread that made it. What it returns lives until peer_free. Each expect_ waits for the answer
 * with a deadline and fails the test if it is another one. */
#ifndef REFERENT_TEST_PEER_H
#define REFERENT_TEST_PEER_H

#include "frame.h"

#include <stdbool.h>
#include <stdint.h>

struct peer;

typedef Referent__V1__Receipt Receipt;
typedef Referent__V1__Welcome Welcome;
typedef Referent__V1__SearchReply SearchReply;
typedef Referent__V1__GetReply GetReply;
typedef Referent__V1__StatusReply StatusReply;
typedef Referent__V1__InventoryPage InventoryPage;

/* What a test feeds. */
struct fed {
    const char *id;
    uint64_t version;
    const char *source;
    const char *media_type;
    struct span body;
};
#define MINUTES(name, text)         ((struct fed){.id = (name), .body = SPAN(text)})
#define EDITION(name, number, text) ((struct fed){.id = (name), .version = (number), .body = SPAN(text)})

/* What a test searches for; what is not named is not asked. Lists end with NULL. */
enum { ASKED_MAX = 8 };
struct asked {
    const char *query, *member, *case_number, *committee, *municipality, *party;
    const char *outcomes[ASKED_MAX], *facets[ASKED_MAX];
    const char *date_from, *date_to;
    bool amount; /* the two below hold */
    int64_t amount_min_ore, amount_max_ore;
    uint32_t limit, offset;
    const char *law, *kle, *org, *mention_from, *mention_to, *sort, *collapse;
    bool literal, all_words, explain, ids_only;
    uint32_t snippet_bytes;
};

struct peer *peer_new(void *context, const char *endpoint);
void peer_free(struct peer **peer);
/* All that a story left open, so that ZeroMQ can end. */
void peers_free(void);

/* ---- sending: each returns the sequence it used ---------------------------------------------------------------- */

uint64_t peer_send(struct peer *peer, Envelope *envelope);
/* Bytes as they are, which need be no frame. */
void peer_send_bytes(struct peer *peer, struct span bytes);
uint64_t peer_feed(struct peer *peer, struct fed fed);
uint64_t peer_delete(struct peer *peer, const char *id, uint64_t version);
/* The frame that peer_feed would send, in malloc'd bytes; for tests that spoil it. */
struct span peer_frame(uint64_t sequence, struct fed fed);

/* ---- answers --------------------------------------------------------------------------------------------------- */

/* Hello, and the Welcome it gets; asks again if the connection was cut meanwhile. */
const Welcome *peer_hello(struct peer *peer);
/* The same for loading in bulk, or (LOAD_UNSPECIFIED) announcing so many documents. */
const Welcome *peer_hello_load(struct peer *peer, Referent__V1__Load load, uint64_t announced);
/* Nothing more comes for now. */
void peer_flush(struct peer *peer);
/* Ping, and everything that was answered before it is here. */
void peer_settle(struct peer *peer);
/* The answer with this sequence; NULL if it does not come within timeout_ms. */
const Envelope *peer_answer(struct peer *peer, uint64_t sequence, int64_t timeout_ms);
/* Receipts that came so far. */
size_t peer_receipts(const struct peer *peer);
/* The receipt at `index` in order of arrival. */
const Envelope *peer_receipt(const struct peer *peer, size_t index);

const Receipt *expect_status(struct peer *peer, uint64_t sequence, Referent__V1__Status status);
const Receipt *expect_committed(struct peer *peer, uint64_t sequence);
/* REJECTED by this rule, with a sentence that helps. */
const Receipt *expect_rejected(struct peer *peer, uint64_t sequence, const char *rule);
/* RETRY by this rule. */
const Receipt *expect_retry(struct peer *peer, uint64_t sequence, const char *rule);
/* The receipt behind HELD, if there was one. */
const Receipt *peer_final(struct peer *peer, uint64_t sequence, int64_t timeout_ms);
const Receipt *expect_final(struct peer *peer, uint64_t sequence, Referent__V1__Status status);
/* In all, `count` receipts have come; waits for them, and sees that no more come before the next pong. */
void expect_receipts(struct peer *peer, size_t count);

/* ---- on the search socket ---------------------------------------------------------------------------------------- */

const SearchReply *peer_search(struct peer *peer, struct asked asked);
/* The request gets a Failure by this rule. */
void expect_failure(struct peer *peer, struct asked asked, const char *rule);
const GetReply *peer_get(struct peer *peer, const char *id);
const StatusReply *peer_status(struct peer *peer);
/* Any other question; its answer, or its Failure. */
const Envelope *peer_ask(struct peer *peer, Envelope *envelope);

#endif
