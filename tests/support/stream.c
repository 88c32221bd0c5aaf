/* stream: see stream.h. */
#include "stream.h"

#include "random.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    UNVERSIONED_OF_100 = 17,
    POISON_OF_100 = 3,
    DELETION_OF_100 = 20, /* of what follows the first submission of an id */
    REDELIVERY_OF_100 = 10,
    CLOSED_OF_100 = 15,
    SHUFFLE_WINDOW = 60, /* operations: some batches, so that older versions come after newer ones */
    ITEMS_MAX = 4
};

/* A number that depends on nothing but these. */
static uint64_t drawn(uint64_t seed, uint64_t id, uint64_t edition, uint64_t salt)
{
    uint64_t state = seed ^ (id + 1) * UINT64_C(0x9E3779B97F4A7C15) ^ (edition + 1) * UINT64_C(0xC2B2AE3D27D4EB4F) ^
                     (salt + 1) * UINT64_C(0x165667B19E3779F9);
    return random_next(&state);
}

static bool is_poison(uint64_t seed, uint32_t id)
{
    return drawn(seed, id, 0, 1) % 100 < POISON_OF_100;
}

static bool is_versioned(uint64_t seed, uint32_t id)
{
    return drawn(seed, id, 0, 2) % 100 >= UNVERSIONED_OF_100;
}

static void shuffle(struct op *ops, uint32_t count, uint64_t *random)
{
    for (uint32_t i = 0; i + 1 < count; i++) {
        uint32_t window = count - i < SHUFFLE_WINDOW ? count - i : SHUFFLE_WINDOW;
        uint32_t other = i + (uint32_t)random_below(random, window);
        struct op kept = ops[i];
        ops[i] = ops[other];
        ops[other] = kept;
    }
}

struct stream stream_new(uint64_t seed, uint32_t ids, uint32_t ops, uint32_t feeders)
{
    struct stream stream = {.seed = seed, .ids = ids, .feeders = feeders, .op_count = ops};
    uint32_t *editions = calloc(ids, sizeof *editions), *latest = calloc(ids, sizeof *latest);
    uint64_t random = seed;
    stream.ops = calloc(ops, sizeof *stream.ops);
    if (editions == NULL || latest == NULL || stream.ops == NULL)
        abort();
    for (uint32_t i = 0; i < ops; i++) {
        uint32_t id = i < ids ? i : (uint32_t)random_below(&random, ids);
        struct op *op = &stream.ops[i];
        bool again = i >= ids && random_below(&random, 100) < REDELIVERY_OF_100;
        bool deletion = i >= ids && random_below(&random, 100) < DELETION_OF_100;
        if (is_poison(seed, id)) {
            *op = (struct op){.id = id, .edition = 1, .version = 1, .poison = true};
            continue;
        }
        if (again) {
            *op = stream.ops[latest[id]];
            continue;
        }
        latest[id] = i;
        *op = (struct op){.id = id, .edition = ++editions[id], .deletion = deletion};
        op->version = is_versioned(seed, id) ? op->edition : 0;
    }
    free(editions);
    free(latest);
    shuffle(stream.ops, ops, &random);
    return stream;
}

uint32_t stream_feeder(const struct stream *stream, uint32_t op)
{
    return (stream->ops[op].version == 0 ? stream->ops[op].id : op) % stream->feeders;
}

void stream_id(const struct op *op, char out[static STREAM_ID_MAX])
{
    snprintf(out, STREAM_ID_MAX,
             "m\xC3\xB8"
             "de/%u.md",
             op->id);
}

void stream_documents(const struct stream *stream, const struct op *op, uint32_t *open, uint32_t *closed)
{
    *closed = drawn(stream->seed, op->id, op->edition, 3) % 100 < CLOSED_OF_100;
    *open = 1 + 1 + (uint32_t)(drawn(stream->seed, op->id, op->edition, 4) % ITEMS_MAX);
}

struct span stream_body(const struct stream *stream, const struct op *op, char out[static STREAM_BODY_MAX])
{
    uint32_t open, closed;
    size_t at;
    if (op->poison) {
        out[0] = (char)0xFF;
        return (struct span){out, 1};
    }
    stream_documents(stream, op, &open, &closed);
    at = (size_t)snprintf(out, STREAM_BODY_MAX,
                          "# Teknikudvalget\n\nDato: Onsdag den %u. marts 2021\n\nMedlemmer: Rosa Lyngmose (B)\n\n"
                          "Udgave ord%uu%u.\n\n",
                          1 + op->id % 28, op->id, op->edition);
    for (uint32_t i = 1; i < open + closed; i++)
        at += (size_t)snprintf(out + at, STREAM_BODY_MAX - at,
                               "## %u. Renovering af vej %u\n\n21/%u\n\n%s\n\n### Indstilling\n\nDer bevilges %u.%03u "
                               "kr. til ny %s og afvanding efter %s.\n\n### Beslutning\n\n%s\n\n",
                               i, op->id, 1000 + op->id,
                               i < open ? "\xC3\x85"
                                          "ben sag"
                                        : "Lukket sag",
                               1 + op->edition % 900, op->id % 1000, i < open ? "bel\xC3\xA6gning" : "hemmelighed",
                               i % 2 ? "udbud" : "tilbud", i % 2 ? "Godkendt." : "Udsat.");
    return (struct span){out, at};
}

uint32_t *stream_outcome(const struct stream *stream)
{
    uint32_t *outcome = malloc(stream->ids * sizeof *outcome);
    if (outcome == NULL)
        abort();
    for (uint32_t i = 0; i < stream->ids; i++)
        outcome[i] = STREAM_NONE;
    for (uint32_t i = 0; i < stream->op_count; i++) {
        const struct op *op = &stream->ops[i];
        uint32_t *best = &outcome[op->id];
        if (!op->poison && (*best == STREAM_NONE || op->version >= stream->ops[*best].version))
            *best = i;
    }
    return outcome;
}
