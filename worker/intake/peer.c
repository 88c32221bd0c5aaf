/* peer: a tree of peers by routing id (tsearch). On the intake thread. */
#include "peer.h"

#include <search.h>
#include <stdlib.h>

struct peer_table {
    void *root;
    struct peer *peers[PEER_MAX]; /* the same, for walking */
    size_t count;
    uint64_t next_number;
};

static int by_routing(const void *left, const void *right)
{
    return span_compare(((const struct peer *)left)->routing, ((const struct peer *)right)->routing);
}

struct peer_table *peer_table_new(void)
{
    struct peer_table *table = calloc(1, sizeof *table);
    if (table != NULL)
        table->next_number = 1;
    return table;
}

static void peer_remove(struct peer_table *table, size_t at)
{
    struct peer *peer = table->peers[at];
    tdelete(peer, &table->root, by_routing);
    table->peers[at] = table->peers[--table->count];
    free(peer);
}

void peer_table_free(struct peer_table **table)
{
    if (table == NULL || *table == NULL)
        return;
    while ((*table)->count > 0)
        peer_remove(*table, (*table)->count - 1);
    free(*table);
    *table = NULL;
}

static bool is_old(const struct peer *peer, int64_t now_ms)
{
    return peer->in_flight_messages == 0 && now_ms - peer->seen_ms >= PEER_FORGOTTEN_MS;
}

static void forget_old(struct peer_table *table, int64_t now_ms)
{
    for (size_t i = table->count; i-- > 0;)
        if (is_old(table->peers[i], now_ms))
            peer_remove(table, i);
}

static struct peer *peer_make(struct peer_table *table, struct span routing)
{
    struct peer *peer = malloc(sizeof *peer + routing.size);
    if (peer == NULL)
        return NULL;
    char *copy = (char *)(peer + 1);
    if (routing.size > 0)
        memcpy(copy, routing.at, routing.size);
    *peer = (struct peer){.routing = {copy, routing.size}, .number = table->next_number};
    if (tsearch(peer, &table->root, by_routing) == NULL) {
        free(peer);
        return NULL;
    }
    table->next_number++;
    table->peers[table->count++] = peer;
    return peer;
}

struct peer *peer_seen(struct peer_table *table, struct span routing, int64_t now_ms)
{
    struct peer wanted = {.routing = routing};
    struct peer **found = tfind(&wanted, &table->root, by_routing);
    struct peer *peer = found ? *found : NULL;
    if (peer == NULL && table->count == PEER_MAX)
        forget_old(table, now_ms);
    if (peer == NULL && table->count < PEER_MAX)
        peer = peer_make(table, routing);
    if (peer != NULL)
        peer->seen_ms = now_ms;
    return peer;
}

struct peer *peer_known(struct peer_table *table, struct span routing, uint64_t number)
{
    struct peer wanted = {.routing = routing};
    struct peer **found = tfind(&wanted, &table->root, by_routing);
    return found != NULL && (*found)->number == number ? *found : NULL;
}

void peer_bye(struct peer_table *table, struct peer *peer)
{
    peer->greeted = false;
    peer->seen_ms -= PEER_FORGOTTEN_MS;
    if (peer->in_flight_messages > 0)
        return;
    for (size_t i = 0; i < table->count; i++)
        if (table->peers[i] == peer) {
            peer_remove(table, i);
            return;
        }
}

size_t peer_count(const struct peer_table *table, int64_t now_ms)
{
    size_t count = 0;
    for (size_t i = 0; i < table->count; i++)
        count += table->peers[i]->greeted && !is_old(table->peers[i], now_ms);
    return count;
}
