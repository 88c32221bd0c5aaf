/* The feeders that are connected, and what each has in flight. Owned by the intake thread. */
#ifndef REFERENT_PEER_H
#define REFERENT_PEER_H

#include "span.h"

#include <stdbool.h>
#include <stdint.h>

enum { PEER_MAX = 4096, PEER_FORGOTTEN_MS = 10 * 60 * 1000 };

struct peer {
    struct span routing; /* ZeroMQ's routing id */
    uint64_t number;     /* never given twice */
    bool greeted;        /* said Hello */
    bool bulk;           /* its documents may be held */
    uint64_t credit_bytes, credit_messages;
    uint64_t in_flight_bytes, in_flight_messages;
    bool pressed; /* most of its credit is in flight; never with nothing in flight */
    int64_t seen_ms;
};

struct peer_table;

struct peer_table *peer_table_new(void);
void peer_table_free(struct peer_table **table);
/* The peer with this routing id, made if new. NULL when PEER_MAX others were all seen within PEER_FORGOTTEN_MS or have
 * something in flight. */
struct peer *peer_seen(struct peer_table *table, struct span routing, int64_t now_ms);
/* The peer, if it is still the one with this number; else NULL. */
struct peer *peer_known(struct peer_table *table, struct span routing, uint64_t number);
/* The peer said goodbye: it is forgotten once nothing of it is in flight. */
void peer_bye(struct peer_table *table, struct peer *peer);
/* Those that have said Hello, and are heard of still. */
size_t peer_count(const struct peer_table *table, int64_t now_ms);

#endif
