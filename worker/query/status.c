/* status: what an operator asks first. On a search thread. */
#include "status.h"

#include "clock.h"
#include "condition.h"
#include "directory.h"
#include "filter.h"
#include "job.h"
#include "metric.h"

#include <stdlib.h>

static enum fault meta_number(struct arena *arena, struct database *database, size_t part, enum schema_key key,
                              uint64_t *number, struct error *err)
{
    struct span value;
    TRY(database_meta(database, part, arena, schema_key(key), &value, err));
    *number = value.size > 0 ? strtoull(value.at, NULL, 10) : 0;
    return FAULT_NONE;
}

static enum fault lineage_set(struct arena *arena, struct span hex, ProtobufCBinaryData *out, struct error *err)
{
    uint8_t *bytes = arena_zero(arena, 1, LINEAGE_BYTES);
    if (bytes == NULL)
        return arena_full(err);
    for (size_t i = 0; i < LINEAGE_BYTES && 2 * i + 1 < hex.size; i++) {
        char pair[3] = {hex.at[2 * i], hex.at[2 * i + 1], '\0'};
        bytes[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    *out = (ProtobufCBinaryData){LINEAGE_BYTES, bytes};
    return FAULT_NONE;
}

/* The closed database is opened for the count alone; where there is none, there is nothing to count. */
static enum fault closed_count(struct view *view, uint32_t shard, uint64_t *documents, struct error *err)
{
    char path[PATH_MAX], generation[PATH_MAX];
    bool exists;
    *documents = 0;
    TRY(directory_part(view_data_dir(view), true, shard, path, err));
    TRY(directory_generation(path, generation, &exists, err));
    if (!exists)
        return FAULT_NONE;
    const char *name = path;
    struct database *closed;
    TRY(database_open_read(&name, 1, &closed, err));
    enum fault fault = database_count(closed, 0, documents, err);
    database_close(&closed);
    return fault;
}

static enum fault shard_fill(struct arena *arena, struct view *view, size_t part, Referent__V1__ShardStatus *shard,
                             struct error *err)
{
    struct database *database = view_database(view);
    struct span lineage, meeting = term_make(arena, PREFIX_TYPE, SPAN("meeting"));
    uint64_t schema, analysis;
    if (meeting.at == NULL)
        return arena_full(err);
    referent__v1__shard_status__init(shard);
    shard->number = view_shard(view, part);
    TRY(database_meta(database, part, arena, schema_key(KEY_LINEAGE), &lineage, err));
    TRY(lineage_set(arena, lineage, &shard->lineage, err));
    TRY(meta_number(arena, database, part, KEY_SEQUENCE, &shard->sequence, err));
    TRY(meta_number(arena, database, part, KEY_SCHEMA, &schema, err));
    TRY(meta_number(arena, database, part, KEY_ANALYSIS, &analysis, err));
    TRY(database_count(database, part, &shard->documents, err));
    TRY(database_term_freq(database, part, meeting, &shard->meetings, err));
    shard->schema = (uint32_t)schema;
    shard->analysis = (uint32_t)analysis;
    return closed_count(view, shard->number, &shard->closed_documents, err);
}

static enum fault counters_fill(struct arena *arena, Referent__V1__StatusReply *reply, struct error *err)
{
    Referent__V1__StatusReply__CountersEntry *entries = arena_zero(arena, METRICS, sizeof *entries);
    reply->counters = arena_zero(arena, METRICS, sizeof *reply->counters);
    if (entries == NULL || reply->counters == NULL)
        return arena_full(err);
    for (int metric = 0; metric < METRIC_PEERS; metric++) {
        Referent__V1__StatusReply__CountersEntry *entry = &entries[reply->n_counters];
        referent__v1__status_reply__counters_entry__init(entry);
        entry->key = (char *)metric_name((enum metric)metric);
        entry->value = metric_get((enum metric)metric);
        reply->counters[reply->n_counters++] = entry;
    }
    return FAULT_NONE;
}

static enum fault conditions_fill(struct arena *arena, Referent__V1__StatusReply *reply, struct error *err)
{
    struct condition *list = arena_zero(arena, CONDITIONS_MAX, sizeof *list);
    size_t count = list ? condition_list(list, CONDITIONS_MAX) : 0;
    Referent__V1__Condition *conditions = arena_zero(arena, count + 1, sizeof *conditions);
    reply->conditions = arena_zero(arena, count + 1, sizeof *reply->conditions);
    if (list == NULL || conditions == NULL || reply->conditions == NULL)
        return arena_full(err);
    for (size_t i = 0; i < count; i++) {
        referent__v1__condition__init(&conditions[i]);
        conditions[i].name = list[i].name;
        conditions[i].number = list[i].number;
        conditions[i].reason = list[i].why.text;
        reply->conditions[i] = &conditions[i];
    }
    reply->n_conditions = count;
    return FAULT_NONE;
}

enum fault status_answer(struct arena *arena, struct view *view, const struct status_facts *facts,
                         Referent__V1__StatusReply *reply, struct error *err)
{
    size_t parts = view_parts(view);
    Referent__V1__ShardStatus *shards = arena_zero(arena, parts + 1, sizeof *shards);
    reply->shards = arena_zero(arena, parts + 1, sizeof *reply->shards);
    if (shards == NULL || reply->shards == NULL)
        return arena_full(err);
    for (size_t i = 0; i < parts; i++) {
        TRY(shard_fill(arena, view, i, &shards[i], err));
        reply->shards[i] = &shards[i];
    }
    reply->n_shards = parts;
    reply->server = (char *)"referentd " REFERENT_VERSION;
    reply->instance = facts->instance;
    reply->uptime_ms = (uint64_t)(clock_steady_ms() - facts->started_ms);
    reply->draining = metric_get(METRIC_DRAINING) != 0;
    reply->peers = metric_get(METRIC_PEERS);
    reply->in_flight = metric_get(METRIC_IN_FLIGHT);
    reply->dead = metric_get(METRIC_DEAD);
    reply->rebuild_read = metric_get(METRIC_REBUILD_READ);
    reply->rebuild_of = metric_get(METRIC_REBUILD_OF);
    reply->suspects = metric_get(METRIC_SUSPECTS);
    reply->aside = metric_get(METRIC_ASIDE);
    TRY(conditions_fill(arena, reply, err));
    return counters_fill(arena, reply, err);
}
