/* feeder_frame: what the worker says to a feeder: Welcome, Receipt, Pong, Failure. Everything else, and every receipt
 * for what has one already or never was, is passed over. */
#include "feeder.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    RETRY_FIRST_MS = 100,     /* where the worker names no delay */
    RETRY_LAST_MS = 5000,     /* and how far it doubles */
    RETRY_LONGEST_MS = 60000, /* a worker's wish beyond that is taken for this */
    HELLO_AGAIN_MS = 1000     /* Hello is not said more often than this on one connection */
};

/* xorshift64: jitter needs no better one. */
static uint64_t random_next(struct referent_feeder *feeder)
{
    feeder->random ^= feeder->random << 13;
    feeder->random ^= feeder->random >> 7;
    feeder->random ^= feeder->random << 17;
    return feeder->random;
}

int64_t feeder_retry_ms(struct referent_feeder *feeder, uint32_t wish_ms, unsigned retries)
{
    int64_t delay = wish_ms;
    if (wish_ms == 0) {
        delay = (int64_t)RETRY_FIRST_MS << (retries < 6 ? retries : 6);
        delay = delay < RETRY_LAST_MS ? delay : RETRY_LAST_MS;
    }
    delay = delay < RETRY_LONGEST_MS ? delay : RETRY_LONGEST_MS;
    return delay + (int64_t)(random_next(feeder) % (uint64_t)(delay / 2 + 1));
}

void feeder_renew_soon(struct referent_feeder *feeder, int64_t now_ms)
{
    if (feeder->renew)
        return;
    feeder->renew = true;
    feeder->renew_ms = feeder->connection.started_ms + feeder->renew_pause_ms;
    if (feeder->renew_ms < now_ms)
        feeder->renew_ms = now_ms;
}

static void greet_later(struct referent_feeder *feeder, int64_t at_ms)
{
    if (feeder->greet)
        return;
    feeder->greet = true;
    feeder->greet_ms = at_ms;
}

static void refuse(struct referent_feeder *feeder, const char *rule, const char *reason)
{
    feeder->phase = FEEDER_REFUSED;
    snprintf(feeder->refusal.rule, sizeof feeder->refusal.rule, "%s", rule);
    snprintf(feeder->refusal.text, sizeof feeder->refusal.text, "%s", reason);
}

static void welcome(struct referent_feeder *feeder, const Referent__V1__Welcome *welcome, int64_t now_ms)
{
    if (welcome->protocol_min > PROTOCOL_VERSION ||
        (welcome->protocol_max != 0 && welcome->protocol_max < PROTOCOL_VERSION)) {
        char reason[264];
        snprintf(reason, sizeof reason,
                 "the worker speaks protocol %" PRIu32 " to %" PRIu32 ", this client %d; update the older of the two",
                 welcome->protocol_min, welcome->protocol_max, PROTOCOL_VERSION);
        refuse(feeder, "protocol.version", reason);
        return;
    }
    if (feeder->phase == FEEDER_OPEN && feeder->instance != welcome->instance) {
        outbox_again(&feeder->outbox); /* another worker behind the same connection: it knows nothing of ours */
        feeder->question.asked = false;
    }
    shards_take(feeder, welcome->map);
    feeder->instance = welcome->instance;
    feeder->rules = welcome->rules;
    feeder->credit = (struct credit){0};
    if (welcome->credit != NULL)
        feeder->credit = (struct credit){welcome->credit->bytes, welcome->credit->messages};
    feeder->phase = feeder->credit.messages > 0 ? FEEDER_OPEN : FEEDER_GREETING;
    if (feeder->phase == FEEDER_GREETING) /* it is stopping, or has no room for us now */
        greet_later(feeder, now_ms + feeder_retry_ms(feeder, HELLO_AGAIN_MS, 0));
    feeder->document_max_bytes = DOCUMENT_MAX_BYTES;
    if (welcome->document_max_bytes > 0 && welcome->document_max_bytes < DOCUMENT_MAX_BYTES)
        feeder->document_max_bytes = welcome->document_max_bytes;
    feeder->ever_welcome = true;
    feeder->answered_ms = now_ms;
}

/* RETRY: the document waits; where the worker does not know us, it has to be greeted first. */
static void put_off(struct referent_feeder *feeder, struct entry *entry, const char *rule, const char *reason,
                    uint32_t wish_ms, int64_t now_ms)
{
    snprintf(feeder->put_off_rule, sizeof feeder->put_off_rule, "%s", rule);
    snprintf(feeder->put_off_reason, sizeof feeder->put_off_reason, "%s", reason);
    int64_t delay = feeder_retry_ms(feeder, wish_ms, entry != NULL ? entry->retries++ : 0);
    if (entry != NULL) {
        entry->due_ms = now_ms + delay;
        outbox_move(&feeder->outbox, entry, ENTRY_WAITING);
    }
    if (entry == NULL)
        greet_later(feeder, now_ms + delay);
    else if (strcmp(rule, "hello.first") == 0)
        greet_later(feeder, feeder->hello_ms + HELLO_AGAIN_MS);
}

static void finish(struct referent_feeder *feeder, struct entry *entry, enum referent_status status, const char *rule,
                   const char *reason)
{
    snprintf(entry->rule, sizeof entry->rule, "%s", rule);
    snprintf(entry->reason, sizeof entry->reason, "%s", reason);
    entry->receipt.status = status;
    entry->receipt.rule = entry->rule;
    entry->receipt.reason = entry->reason;
    outbox_finish(&feeder->outbox, entry);
}

/* The shard has come further than it had at the Welcome. */
static void shard_advance(struct referent_feeder *feeder, const struct referent_receipt *receipt)
{
    for (size_t i = 0; i < feeder->shard_count; i++) {
        struct referent_shard *shard = &feeder->shards[i];
        if (shard->number == receipt->shard && shard->sequence < receipt->sequence &&
            memcmp(shard->lineage, receipt->lineage, sizeof shard->lineage) == 0)
            shard->sequence = receipt->sequence;
    }
}

static void finish_by(struct referent_feeder *feeder, struct entry *entry, const Referent__V1__Receipt *receipt)
{
    if (entry->asked)
        feeder->burst *= feeder->burst < feeder->credit.messages ? 2 : 1;
    else if (entry->state == ENTRY_HELD)
        feeder->burst = 1;
    entry->receipt.shard = receipt->shard;
    entry->receipt.sequence = receipt->sequence;
    entry->receipt.cpr_masked = receipt->cpr_masked;
    if (receipt->lineage.len == sizeof entry->receipt.lineage)
        memcpy(entry->receipt.lineage, receipt->lineage.data, sizeof entry->receipt.lineage);
    shard_advance(feeder, &entry->receipt);
    finish(feeder, entry, (enum referent_status)receipt->status, receipt->rule, receipt->reason);
}

/* A frame that the worker could not read has no sequence. It is known by what remains: once nothing else that was sent
 * before is in flight, what is left are the unreadable ones. Without this they would be sent again for ever. */
static void unnamed_settle(struct referent_feeder *feeder)
{
    size_t suspects = 0;
    struct entry *entry, *next;
    if (feeder->unnamed == 0) /* as nearly always: this is asked at each receipt */
        return;
    TAILQ_FOREACH(entry, &feeder->outbox.lists[ENTRY_FLYING], link)
    suspects += entry->sent_ms <= feeder->unnamed_ms;
    if (suspects > feeder->unnamed)
        return;
    for (entry = TAILQ_FIRST(&feeder->outbox.lists[ENTRY_FLYING]); entry != NULL; entry = next) {
        next = TAILQ_NEXT(entry, link);
        if (entry->sent_ms <= feeder->unnamed_ms)
            finish(feeder, entry, REFERENT_STATUS_REJECTED, feeder->unnamed_rule, feeder->unnamed_reason);
    }
    feeder->unnamed = 0;
}

static void unnamed_add(struct referent_feeder *feeder, const Referent__V1__Receipt *receipt, int64_t now_ms)
{
    feeder->unnamed++;
    feeder->unnamed_ms = now_ms;
    snprintf(feeder->unnamed_rule, sizeof feeder->unnamed_rule, "%s", receipt->rule);
    snprintf(feeder->unnamed_reason, sizeof feeder->unnamed_reason, "%s", receipt->reason);
}

static void receipt_for_hello(struct referent_feeder *feeder, const Referent__V1__Receipt *receipt, int64_t now_ms)
{
    if (receipt->status == REFERENT__V1__STATUS__STATUS_REJECTED)
        refuse(feeder, receipt->rule, receipt->reason);
    else if (receipt->status == REFERENT__V1__STATUS__STATUS_RETRY)
        put_off(feeder, NULL, receipt->rule, receipt->reason, receipt->retry_after_ms, now_ms);
}

static void receipt_for_entry(struct referent_feeder *feeder, struct entry *entry, const Referent__V1__Receipt *receipt,
                              int64_t now_ms)
{
    if (entry->state == ENTRY_BEHIND)
        return; /* never sent: a worker that answers it is confused */
    if (entry->sent_ms > feeder->answered_sent_ms)
        feeder->answered_sent_ms = entry->sent_ms;
    switch (receipt->status) {
    case REFERENT__V1__STATUS__STATUS_COMMITTED:
    case REFERENT__V1__STATUS__STATUS_UNCHANGED:
    case REFERENT__V1__STATUS__STATUS_SUPERSEDED:
    case REFERENT__V1__STATUS__STATUS_REJECTED: finish_by(feeder, entry, receipt); break;
    case REFERENT__V1__STATUS__STATUS_RETRY:
        if (entry->state == ENTRY_FLYING || entry->state == ENTRY_HELD) /* what waits already is not moved again */
            put_off(feeder, entry, receipt->rule, receipt->reason, receipt->retry_after_ms, now_ms);
        break;
    case REFERENT__V1__STATUS__STATUS_HELD:
        if (entry->state == ENTRY_FLYING)
            outbox_move(&feeder->outbox, entry, ENTRY_HELD);
        feeder->flushed = false;
        break;
    default: break; /* a status of a later protocol: the receipt that follows counts */
    }
}

/* A receipt for the inventory that was asked for is a refusal, for now or for good. */
static void receipt_for_question(struct referent_feeder *feeder, const Referent__V1__Receipt *receipt, int64_t now_ms)
{
    if (receipt->status == REFERENT__V1__STATUS__STATUS_REJECTED)
        inventory_refuse(feeder, receipt->rule, receipt->reason);
    else if (receipt->status == REFERENT__V1__STATUS__STATUS_RETRY)
        inventory_put_off(feeder, receipt->retry_after_ms, now_ms);
    if (strcmp(receipt->rule, "hello.first") == 0)
        greet_later(feeder, feeder->hello_ms + HELLO_AGAIN_MS);
}

static bool is_question(const struct referent_feeder *feeder, uint64_t sequence)
{
    return feeder->question.asked && sequence == feeder->question.sequence;
}

static void receipt(struct referent_feeder *feeder, uint64_t sequence, const Referent__V1__Receipt *receipt,
                    int64_t now_ms)
{
    feeder->answered_ms = now_ms;
    feeder->renew_pause_ms = 0;
    if (sequence == 0 && receipt->status == REFERENT__V1__STATUS__STATUS_REJECTED) {
        unnamed_add(feeder, receipt, now_ms);
    } else if (sequence == feeder->hello) {
        receipt_for_hello(feeder, receipt, now_ms);
    } else if (is_question(feeder, sequence)) {
        receipt_for_question(feeder, receipt, now_ms);
    } else {
        struct entry *entry = outbox_find(&feeder->outbox, sequence);
        if (entry != NULL)
            receipt_for_entry(feeder, entry, receipt, now_ms);
    }
    unnamed_settle(feeder);
}

static void failure(struct referent_feeder *feeder, uint64_t sequence, const Referent__V1__Failure *failure,
                    int64_t now_ms)
{
    struct entry *entry = outbox_find(&feeder->outbox, sequence);
    if (sequence == feeder->hello && !failure->retry)
        refuse(feeder, failure->rule, failure->reason);
    else if (sequence == feeder->hello)
        put_off(feeder, NULL, failure->rule, failure->reason, 0, now_ms);
    else if (is_question(feeder, sequence) && failure->retry)
        inventory_put_off(feeder, 0, now_ms);
    else if (is_question(feeder, sequence))
        inventory_refuse(feeder, failure->rule, failure->reason);
    else if (entry != NULL && entry->state == ENTRY_FLYING && failure->retry)
        put_off(feeder, entry, failure->rule, failure->reason, 0, now_ms);
    else if (entry != NULL && entry->state == ENTRY_FLYING)
        finish(feeder, entry, REFERENT_STATUS_REJECTED, failure->rule, failure->reason);
}

void feeder_hear(struct referent_feeder *feeder, const Envelope *envelope, int64_t now_ms)
{
    switch (envelope->payload_case) {
    case REFERENT__V1__ENVELOPE__PAYLOAD_WELCOME: welcome(feeder, envelope->welcome, now_ms); break;
    case REFERENT__V1__ENVELOPE__PAYLOAD_RECEIPT: receipt(feeder, envelope->sequence, envelope->receipt, now_ms); break;
    case REFERENT__V1__ENVELOPE__PAYLOAD_PONG:
        if (feeder->phase == FEEDER_OPEN && envelope->pong->instance != feeder->instance)
            feeder_renew_soon(feeder, now_ms);
        break;
    case REFERENT__V1__ENVELOPE__PAYLOAD_INVENTORY_PAGE:
        feeder->answered_ms = now_ms;
        if (is_question(feeder, envelope->sequence))
            inventory_page_take(feeder, envelope->inventory_page);
        break;
    case REFERENT__V1__ENVELOPE__PAYLOAD_FAILURE: failure(feeder, envelope->sequence, envelope->failure, now_ms); break;
    default: break;
    }
}
