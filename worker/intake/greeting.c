/* greeting: Hello -> Welcome. On the intake thread. */
#include "greeting.h"

static uint64_t granted(uint64_t wanted, uint64_t most)
{
    return wanted == 0 || wanted > most ? most : wanted;
}

/* The map of all shards, all of them here. */
static Referent__V1__Map *map_make(const struct intake_setup *setup, struct arena *arena)
{
    uint32_t count = setup->shards;
    Referent__V1__Map *map = arena_zero(arena, 1, sizeof *map);
    Referent__V1__Shard *shards = arena_zero(arena, count, sizeof *shards);
    Referent__V1__Shard **list = arena_zero(arena, count, sizeof *list);
    unsigned char *lineages = arena_zero(arena, count, LINEAGE_BYTES);
    if (map == NULL || shards == NULL || list == NULL || lineages == NULL)
        return NULL;
    for (uint32_t i = 0; i < count; i++) {
        referent__v1__shard__init(&shards[i]);
        shards[i].number = i;
        shards[i].lineage = (ProtobufCBinaryData){LINEAGE_BYTES, lineages + i * LINEAGE_BYTES};
        setup->describe(setup->self, i, lineages + i * LINEAGE_BYTES, &shards[i].sequence);
        list[i] = &shards[i];
    }
    referent__v1__map__init(map);
    map->epoch = 1;
    map->shard_count = count;
    map->n_shards = count;
    map->shards = list;
    return map;
}

/* In bulk only if nothing was ever committed, so that the first load is fast and no later one waits unasked. */
static bool bulk_decide(const struct intake_setup *setup, const Referent__V1__Hello *hello)
{
    uint64_t from = setup->config->bulk_from_documents;
    if (hello->load != REFERENT__V1__LOAD__LOAD_UNSPECIFIED)
        return hello->load == REFERENT__V1__LOAD__LOAD_BULK;
    if (from == 0 || hello->announced < from)
        return false;
    uint64_t sequence = 0;
    unsigned char lineage[LINEAGE_BYTES];
    for (uint32_t i = 0; i < setup->shards && sequence == 0; i++)
        setup->describe(setup->self, i, lineage, &sequence);
    return sequence == 0;
}

Envelope *greeting_welcome(const struct intake_setup *setup, struct peer *peer, const Envelope *hello, bool closed,
                           struct arena *arena)
{
    const struct config *config = setup->config;
    const Referent__V1__Credit *wanted = hello->hello->wanted;
    Referent__V1__Credit *credit = arena_zero(arena, 1, sizeof *credit);
    Referent__V1__Welcome *answer = arena_zero(arena, 1, sizeof *answer);
    Envelope *out = arena_zero(arena, 1, sizeof *out);
    if (credit == NULL || answer == NULL || out == NULL)
        return NULL;
    peer->greeted = true;
    peer->bulk = bulk_decide(setup, hello->hello);
    peer->credit_bytes = granted(wanted ? wanted->bytes : 0, config->credit_bytes);
    peer->credit_messages = granted(wanted ? wanted->messages : 0, config->credit_messages);
    referent__v1__credit__init(credit);
    credit->bytes = closed ? 0 : peer->credit_bytes;
    credit->messages = closed ? 0 : (uint32_t)peer->credit_messages;
    referent__v1__welcome__init(answer);
    answer->server = (char *)"referentd " REFERENT_VERSION;
    answer->instance = setup->instance;
    answer->rules = setup->rules;
    answer->protocol_min = answer->protocol_max = PROTOCOL_VERSION;
    answer->credit = credit;
    answer->document_max_bytes = DOCUMENT_MAX_BYTES;
    answer->map = map_make(setup, arena);
    answer->bulk = peer->bulk;
    *out = frame_envelope(hello->sequence);
    out->payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_WELCOME;
    out->welcome = answer;
    return out;
}
