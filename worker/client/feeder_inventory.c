/* feeder_inventory: what the worker's shards hold, asked by a feeder within its credit. Thread: the caller's. */
#include "feeder.h"

#include "clock.h"
#include "shard_map.h"
#include "submission.h"

#include <stdio.h>
#include <stdlib.h>

/* A page is a thousand ids and digests: 4 MiB hold it with its pointers. */
enum { PAGE_ARENA_BYTES = 4 * 1024 * 1024, QUESTION_TICK_MS = 20 };

/* ---- What the worker says ---- */

void shards_take(struct referent_feeder *feeder, const Referent__V1__Map *map)
{
    feeder->welcomes++;
    if (map == NULL)
        return;
    struct referent_shard *shards = calloc(map->n_shards ? map->n_shards : 1, sizeof *shards);
    if (shards == NULL)
        return; /* the map of before is kept, and looked at again with the next Welcome */
    for (size_t i = 0; i < map->n_shards; i++) {
        shards[i].number = map->shards[i]->number;
        shards[i].sequence = map->shards[i]->sequence;
        if (map->shards[i]->lineage.len == sizeof shards[i].lineage)
            memcpy(shards[i].lineage, map->shards[i]->lineage.data, sizeof shards[i].lineage);
    }
    free(feeder->shards);
    feeder->shards = shards;
    feeder->shard_count = map->n_shards;
}

static struct referent_inventory *page_copy(struct arena *arena, const Referent__V1__InventoryPage *from)
{
    struct referent_inventory *page = arena_zero(arena, 1, sizeof *page);
    struct referent_inventory_entry *entries = arena_zero(arena, from->n_entries, sizeof *entries);
    if (page == NULL || entries == NULL)
        return NULL;
    for (size_t i = 0; i < from->n_entries; i++) {
        const Referent__V1__InventoryEntry *entry = from->entries[i];
        entries[i].id = arena_copy(arena, span_of(entry->id)).at;
        entries[i].version = entry->version;
        entries[i].deleted = entry->deleted;
        if (entry->digest.len == sizeof entries[i].digest)
            memcpy(entries[i].digest, entry->digest.data, sizeof entries[i].digest);
        if (entries[i].id == NULL)
            return NULL;
    }
    *page = (struct referent_inventory){.shard = from->shard,
                                        .sequence = from->sequence,
                                        .entries = entries,
                                        .count = from->n_entries,
                                        .done = from->done};
    if (from->lineage.len == sizeof page->lineage)
        memcpy(page->lineage, from->lineage.data, sizeof page->lineage);
    return page;
}

void inventory_page_take(struct referent_feeder *feeder, const Referent__V1__InventoryPage *from)
{
    struct question *question = &feeder->question;
    arena_free(&question->arena);
    question->arena = arena_new(PAGE_ARENA_BYTES);
    question->page = question->arena != NULL ? page_copy(question->arena, from) : NULL;
    if (question->page == NULL)
        question->refusal = (struct referent_error){"memory", "out of memory for an inventory"};
    question->asked = false;
    question->answered = true;
}

void inventory_refuse(struct referent_feeder *feeder, const char *rule, const char *reason)
{
    struct question *question = &feeder->question;
    question->page = NULL;
    snprintf(question->refusal.rule, sizeof question->refusal.rule, "%s", rule);
    snprintf(question->refusal.text, sizeof question->refusal.text, "%s", reason);
    question->asked = false;
    question->answered = true;
}

void inventory_put_off(struct referent_feeder *feeder, uint32_t wish_ms, int64_t now_ms)
{
    feeder->question.asked = false;
    feeder->question.due_ms = now_ms + feeder_retry_ms(feeder, wish_ms, feeder->question.retries++);
}

/* ---- What the caller asks ---- */

static void ask(struct referent_feeder *feeder, Referent__V1__InventoryRequest *request, int64_t now_ms)
{
    Envelope envelope = frame_envelope(feeder->sequence + 1);
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_INVENTORY_REQUEST;
    envelope.inventory_request = request;
    if (feeder->phase != FEEDER_OPEN || feeder->question.asked || now_ms < feeder->question.due_ms ||
        !outbox_may_send(&feeder->outbox, feeder->credit, frame_size(&envelope)) ||
        !connection_send(&feeder->connection, &envelope))
        return; /* at a later turn */
    feeder->question.asked = true;
    feeder->question.sequence = ++feeder->sequence;
}

static enum referent_result fault_out(enum referent_result result, const char *rule, const char *text,
                                      struct referent_error *err)
{
    if (err != NULL) {
        snprintf(err->rule, sizeof err->rule, "%s", rule);
        snprintf(err->text, sizeof err->text, "%s", text);
    }
    return result;
}

static enum referent_result answer(const struct question *question, const struct referent_inventory **out,
                                   struct referent_error *err)
{
    *out = question->page;
    if (question->page != NULL)
        return REFERENT_OK;
    bool memory = strcmp(question->refusal.rule, "memory") == 0;
    return fault_out(memory ? REFERENT_FAILED : REFERENT_REJECTED, question->refusal.rule, question->refusal.text, err);
}

static enum referent_result page_await(struct referent_feeder *feeder, Referent__V1__InventoryRequest *request,
                                       int timeout_ms, const struct referent_inventory **out,
                                       struct referent_error *err)
{
    struct question *question = &feeder->question;
    int64_t now_ms = clock_steady_ms(), end_ms = now_ms + timeout_ms;
    arena_free(&question->arena);
    *question = (struct question){0};
    *out = NULL;
    for (;;) {
        struct error error;
        feeder_hear_all(feeder);
        if (question->answered)
            return answer(question, out, err);
        if (feeder->phase == FEEDER_REFUSED)
            return fault_out(REFERENT_REJECTED, feeder->refusal.rule, feeder->refusal.text, err);
        now_ms = clock_steady_ms();
        ask(feeder, request, now_ms);
        if (feeder_tick(feeder, now_ms, &error) != FAULT_NONE)
            return fault_out(REFERENT_FAILED, error.rule, error.text, err);
        if (timeout_ms >= 0 && now_ms >= end_ms)
            break;
        if (!connection_wait(&feeder->connection, QUESTION_TICK_MS))
            break;
    }
    if (question->asked) /* it holds credit until it is answered: a new connection has all of it again */
        feeder_renew_soon(feeder, now_ms);
    return timeout_ms >= 0 && now_ms >= end_ms ? fault_out(REFERENT_UNREACHABLE, "inventory.timeout",
                                                           "the worker did not say in time what its shard holds", err)
                                               : REFERENT_AGAIN;
}

enum referent_result referent_feeder_inventory(struct referent_feeder *feeder, uint32_t shard, const char *after,
                                               int timeout_ms, const struct referent_inventory **out,
                                               struct referent_error *err)
{
    Referent__V1__InventoryRequest request = REFERENT__V1__INVENTORY_REQUEST__INIT;
    char from[REFERENT_ID_MAX_BYTES + 1]; /* it may be an id of the page that goes now */
    snprintf(from, sizeof from, "%s", after ? after : "");
    request.shard = shard;
    request.after = from;
    return page_await(feeder, &request, timeout_ms, out, err);
}

enum referent_result referent_feeder_lookup(struct referent_feeder *feeder, uint32_t shard, const char *const *ids,
                                            size_t count, int timeout_ms, const struct referent_inventory **out,
                                            struct referent_error *err)
{
    Referent__V1__InventoryRequest request = REFERENT__V1__INVENTORY_REQUEST__INIT;
    request.shard = shard;
    request.ids = (char **)ids;
    request.n_ids = count;
    for (size_t i = 0; i < count; i++) {
        struct error error;
        if (id_check(ids[i], &error) != FAULT_NONE) /* the worker could not read the question, nor say which it was */
            return fault_out(REFERENT_REJECTED, error.rule, error.text, err);
    }
    return page_await(feeder, &request, timeout_ms, out, err);
}

size_t referent_feeder_shards(struct referent_feeder *feeder, const struct referent_shard **shards, uint64_t *welcomes)
{
    *shards = feeder->shards;
    if (welcomes != NULL)
        *welcomes = feeder->welcomes;
    return feeder->shard_count;
}

uint32_t referent_shard_of(const char *id, uint32_t shards)
{
    return shard_of(span_of(id), shards);
}

enum referent_result referent_document_digest(const struct referent_document *document, unsigned char digest[16],
                                              struct referent_error *err)
{
    struct error error;
    if (submission_digest(document, digest, &error) == FAULT_NONE)
        return REFERENT_OK;
    return fault_out(REFERENT_FAILED, error.rule, error.text, err);
}
