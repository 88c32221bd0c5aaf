/* answer: SearchReply and StatusReply as plain structs; answer_stored.c has GetReply, answer_lookup.c the rest. */
#include "answer.h"

#include <stdlib.h>
#include <string.h>

void answer_box_free(struct answer_box *box)
{
    if (box == NULL)
        return;
    struct arena *arena = box->arena; /* the box lies in it */
    arena_free(&arena);
}

struct answer_box *answer_box_new(struct arena *arena)
{
    struct answer_box *box = arena_zero(arena, 1, sizeof *box);
    if (box != NULL)
        box->arena = arena;
    return box;
}

static bool weights(struct arena *arena, const Referent__V1__Hit *from, struct referent_hit *hit)
{
    struct referent_weight *all = arena_zero(arena, from->n_weights, sizeof *all);
    if (all == NULL)
        return false;
    for (size_t i = 0; i < from->n_weights; i++)
        all[i] = (struct referent_weight){from->weights[i]->term, from->weights[i]->documents, from->weights[i]->most};
    hit->weights = all;
    hit->weight_count = from->n_weights;
    return true;
}

static bool hits(struct arena *arena, const Referent__V1__SearchReply *reply, struct referent_answer *answer)
{
    struct referent_hit *all = arena_zero(arena, reply->n_hits, sizeof *all);
    if (all == NULL)
        return false;
    for (size_t i = 0; i < reply->n_hits; i++) {
        const Referent__V1__Hit *from = reply->hits[i];
        all[i] = (struct referent_hit){.id = from->id,
                                       .position = from->position,
                                       .item = from->item,
                                       .title = from->title,
                                       .committee = from->committee,
                                       .municipality = from->municipality,
                                       .date = from->date,
                                       .score = from->score,
                                       .snippet = from->snippet,
                                       .url = from->url,
                                       .shard = from->shard,
                                       .case_number = from->case_number,
                                       .outcome = from->outcome,
                                       .kle = from->kle,
                                       .collapsed = from->collapsed};
        if (!weights(arena, from, &all[i]))
            return false;
    }
    answer->hits = all;
    answer->hit_count = reply->n_hits;
    return true;
}

static bool facet_values(struct arena *arena, const Referent__V1__Facet *from, struct referent_facet *facet)
{
    struct referent_facet_value *all = arena_zero(arena, from->n_values, sizeof *all);
    if (all == NULL)
        return false;
    for (size_t i = 0; i < from->n_values; i++)
        all[i] = (struct referent_facet_value){from->values[i]->value, from->values[i]->count};
    *facet = (struct referent_facet){from->name, all, from->n_values};
    return true;
}

static bool facets(struct arena *arena, const Referent__V1__SearchReply *reply, struct referent_answer *answer)
{
    struct referent_facet *all = arena_zero(arena, reply->n_facets, sizeof *all);
    if (all == NULL)
        return false;
    for (size_t i = 0; i < reply->n_facets; i++)
        if (!facet_values(arena, reply->facets[i], &all[i]))
            return false;
    answer->facets = all;
    answer->facet_count = reply->n_facets;
    return true;
}

static int sequence_order(const void *a, const void *b)
{
    const struct referent_shard_sequence *left = a, *right = b;
    return (left->shard > right->shard) - (left->shard < right->shard);
}

bool answer_coverage(struct arena *arena, const Referent__V1__Coverage *from, struct referent_coverage *out)
{
    if (from == NULL)
        return true;
    struct referent_shard_sequence *all = arena_zero(arena, from->n_sequences, sizeof *all);
    if (all == NULL)
        return false;
    for (size_t i = 0; i < from->n_sequences; i++)
        all[i] = (struct referent_shard_sequence){from->sequences[i]->key, from->sequences[i]->value};
    qsort(all, from->n_sequences, sizeof *all, sequence_order);
    *out = (struct referent_coverage){.shards = from->shards,
                                      .answered = from->answered,
                                      .missing = from->missing,
                                      .missing_count = from->n_missing,
                                      .sequences = all,
                                      .sequence_count = from->n_sequences};
    return true;
}

static bool understood(struct arena *arena, const Referent__V1__SearchReply *reply, struct referent_answer *answer)
{
    struct referent_understood *all = arena_zero(arena, reply->n_understood, sizeof *all);
    if (all == NULL)
        return false;
    for (size_t i = 0; i < reply->n_understood; i++) {
        const Referent__V1__Understood *from = reply->understood[i];
        all[i] = (struct referent_understood){from->kind, from->text, from->value, from->filter};
    }
    answer->understood = all;
    answer->understood_count = reply->n_understood;
    return true;
}

struct answer_box *answer_search(struct arena *arena, const Referent__V1__SearchReply *reply)
{
    struct answer_box *box = answer_box_new(arena);
    if (box == NULL || !hits(arena, reply, &box->answer) || !facets(arena, reply, &box->answer) ||
        !understood(arena, reply, &box->answer) || !answer_coverage(arena, reply->coverage, &box->answer.coverage))
        return NULL;
    box->answer.total = reply->total;
    box->answer.total_exact = reply->total_exact;
    box->answer.relaxed = reply->relaxed;
    box->answer.all_words = reply->all_words;
    box->answer.suggestion = reply->suggestion;
    box->answer.timed_out = reply->timed_out;
    box->answer.explanation = reply->explanation;
    return box;
}

static int shard_order(const void *a, const void *b)
{
    const struct referent_shard_status *left = a, *right = b;
    return (left->number > right->number) - (left->number < right->number);
}

static bool shards(struct arena *arena, const Referent__V1__StatusReply *reply, struct referent_worker *worker)
{
    struct referent_shard_status *all = arena_zero(arena, reply->n_shards, sizeof *all);
    if (all == NULL)
        return false;
    for (size_t i = 0; i < reply->n_shards; i++) {
        const Referent__V1__ShardStatus *from = reply->shards[i];
        all[i] = (struct referent_shard_status){.number = from->number,
                                                .sequence = from->sequence,
                                                .meetings = from->meetings,
                                                .documents = from->documents,
                                                .schema = from->schema,
                                                .analysis = from->analysis,
                                                .closed_documents = from->closed_documents};
        if (from->lineage.len == sizeof all[i].lineage)
            memcpy(all[i].lineage, from->lineage.data, sizeof all[i].lineage);
    }
    qsort(all, reply->n_shards, sizeof *all, shard_order);
    worker->shards = all;
    worker->shard_count = reply->n_shards;
    return true;
}

static int counter_order(const void *a, const void *b)
{
    const struct referent_counter *left = a, *right = b;
    return strcmp(left->name, right->name);
}

static bool counters(struct arena *arena, const Referent__V1__StatusReply *reply, struct referent_worker *worker)
{
    struct referent_counter *all = arena_zero(arena, reply->n_counters, sizeof *all);
    if (all == NULL)
        return false;
    for (size_t i = 0; i < reply->n_counters; i++)
        all[i] = (struct referent_counter){reply->counters[i]->key, reply->counters[i]->value};
    qsort(all, reply->n_counters, sizeof *all, counter_order);
    worker->counters = all;
    worker->counter_count = reply->n_counters;
    return true;
}

static bool conditions(struct arena *arena, const Referent__V1__StatusReply *reply, struct referent_worker *worker)
{
    struct referent_condition *all = arena_zero(arena, reply->n_conditions, sizeof *all);
    if (all == NULL)
        return false;
    for (size_t i = 0; i < reply->n_conditions; i++) {
        const Referent__V1__Condition *from = reply->conditions[i];
        all[i] = (struct referent_condition){from->name, from->number, from->reason};
    }
    worker->conditions = all;
    worker->condition_count = reply->n_conditions;
    return true;
}

struct answer_box *answer_status(struct arena *arena, const Referent__V1__StatusReply *reply)
{
    struct answer_box *box = answer_box_new(arena);
    if (box == NULL || !shards(arena, reply, &box->worker) || !counters(arena, reply, &box->worker) ||
        !conditions(arena, reply, &box->worker))
        return NULL;
    box->worker.server = reply->server;
    box->worker.instance = reply->instance;
    box->worker.uptime_ms = reply->uptime_ms;
    box->worker.draining = reply->draining;
    box->worker.rebuild_read = reply->rebuild_read;
    box->worker.rebuild_of = reply->rebuild_of;
    box->worker.peers = reply->peers;
    box->worker.in_flight = reply->in_flight;
    box->worker.dead = reply->dead;
    box->worker.suspects = reply->suspects;
    box->worker.aside = reply->aside;
    return box;
}
