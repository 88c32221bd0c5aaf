/* receipt: ACK. On the intake thread, which owns the socket. */
#include "receipt.h"

#include "metric.h"
#include "socket.h"

static void count(enum receipt_status status)
{
    static const enum metric metrics[] = {
        [RECEIPT_COMMITTED] = METRIC_COMMITTED,   [RECEIPT_UNCHANGED] = METRIC_UNCHANGED,
        [RECEIPT_SUPERSEDED] = METRIC_SUPERSEDED, [RECEIPT_REJECTED] = METRIC_REJECTED,
        [RECEIPT_RETRY] = METRIC_RETRIED,         [RECEIPT_HELD] = METRIC_HELD,
    };
    metric_add(metrics[status], 1);
}

static Referent__V1__Status status_of(enum receipt_status status)
{
    static const Referent__V1__Status statuses[] = {
        [RECEIPT_NONE] = REFERENT__V1__STATUS__STATUS_UNSPECIFIED,
        [RECEIPT_COMMITTED] = REFERENT__V1__STATUS__STATUS_COMMITTED,
        [RECEIPT_UNCHANGED] = REFERENT__V1__STATUS__STATUS_UNCHANGED,
        [RECEIPT_SUPERSEDED] = REFERENT__V1__STATUS__STATUS_SUPERSEDED,
        [RECEIPT_REJECTED] = REFERENT__V1__STATUS__STATUS_REJECTED,
        [RECEIPT_RETRY] = REFERENT__V1__STATUS__STATUS_RETRY,
        [RECEIPT_HELD] = REFERENT__V1__STATUS__STATUS_HELD,
    };
    return statuses[status];
}

static bool names_commit(enum receipt_status status)
{
    return status == RECEIPT_COMMITTED || status == RECEIPT_UNCHANGED || status == RECEIPT_SUPERSEDED;
}

static enum fault envelope_send(void *socket, struct span to, uint64_t sequence, const struct receipt *from,
                                struct span id, struct error *err)
{
    Referent__V1__Receipt receipt = REFERENT__V1__RECEIPT__INIT;
    struct receipt answer = *from;
    receipt.status = status_of(answer.status);
    receipt.id = id.at ? (char *)id.at : receipt.id; /* ids come from protobuf-c: a NUL stands behind */
    receipt.shard = answer.shard;
    receipt.cpr_masked = answer.cpr_masked;
    receipt.retry_after_ms = answer.retry_after_ms;
    if (names_commit(answer.status)) {
        receipt.sequence = answer.sequence;
        receipt.lineage = (ProtobufCBinaryData){LINEAGE_BYTES, answer.lineage};
    } else {
        receipt.rule = answer.why.rule;
        receipt.reason = answer.why.text;
    }
    Envelope envelope = frame_envelope(sequence);
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_RECEIPT;
    envelope.receipt = &receipt;
    count(answer.status);
    return socket_send(socket, to, &envelope, err);
}

static enum fault page_send(void *socket, const struct job *job, struct error *err)
{
    Referent__V1__InventoryPage page = REFERENT__V1__INVENTORY_PAGE__INIT;
    Referent__V1__InventoryEntry *entries = arena_zero(job->arena, job->entry_count + 1, sizeof *entries);
    Referent__V1__InventoryEntry **list = arena_zero(job->arena, job->entry_count + 1, sizeof *list);
    if (entries == NULL || list == NULL)
        return arena_full(err);
    for (size_t i = 0; i < job->entry_count; i++) {
        const struct inventory_entry *from = &job->entries[i];
        referent__v1__inventory_entry__init(&entries[i]);
        struct text id = arena_copy(job->arena, from->id);
        if (id.at == NULL)
            return arena_full(err);
        entries[i].id = (char *)id.at;
        entries[i].version = from->version;
        entries[i].digest = (ProtobufCBinaryData){from->digest.size, (uint8_t *)from->digest.at};
        entries[i].deleted = from->deleted;
        list[i] = &entries[i];
    }
    page.shard = job->receipt.shard;
    page.lineage = (ProtobufCBinaryData){LINEAGE_BYTES, (uint8_t *)job->receipt.lineage};
    page.sequence = job->receipt.sequence;
    page.n_entries = job->entry_count;
    page.entries = list;
    page.done = job->done;
    Envelope envelope = frame_envelope(job->sequence);
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_INVENTORY_PAGE;
    envelope.inventory_page = &page;
    return socket_send(socket, job->routing, &envelope, err);
}

enum fault receipt_send(void *socket, const struct job *job, struct error *err)
{
    if (job->kind == JOB_DEAD)
        return job->answer ? socket_send(socket, job->routing, job->answer, err)
                           : error_set(err, FAULT_RETRY, "memory", "no memory for an answer about dead letters");
    bool is_page = job->kind == JOB_INVENTORY && job->receipt.status == RECEIPT_NONE;
    return is_page ? page_send(socket, job, err)
                   : envelope_send(socket, job->routing, job->sequence, &job->receipt, job->id, err);
}

enum fault receipt_failure(void *socket, struct span routing, uint64_t sequence, enum fault fault, struct error *why,
                           struct error *err)
{
    Referent__V1__Failure failure = REFERENT__V1__FAILURE__INIT;
    failure.rule = why->rule;
    failure.reason = why->text;
    failure.retry = fault != FAULT_REJECT;
    Envelope envelope = frame_envelope(sequence);
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_FAILURE;
    envelope.failure = &failure;
    metric_add(METRIC_FAILURES, 1);
    return socket_send(socket, routing, &envelope, err);
}

enum fault receipt_refuse(void *socket, struct span routing, uint64_t sequence, enum receipt_status status,
                          const struct error *why, uint32_t retry_after_ms, struct error *err)
{
    struct receipt receipt = {.status = status, .why = *why, .retry_after_ms = retry_after_ms};
    return envelope_send(socket, routing, sequence, &receipt, (struct span){0}, err);
}
