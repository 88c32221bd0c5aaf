/* feeder: moves documents from the caller to the worker and receipts back. Nothing happens but inside
 * referent_feeder_poll; thread: the caller's. */
#include "feeder.h"

#include "clock.h"
#include "submission.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    SILENCE_MS = 10000,
    RECEIPT_MS = 30000,
    PINGS_A_SILENCE = 8,  /* so many are unanswered before a connection is given up */
    AGAIN_EVERY_MS = 100, /* one frame at a time goes again for want of its receipt: the worker may only be slow */
    RENEW_FIRST_MS = 100,
    RENEW_LAST_MS = 2000,
    TICK_MS = 50, /* how late a timer may be */
    BYE_LINGER_MS = 200
};
static const uint64_t KEEP_MAX_BYTES = UINT64_C(512) * 1024 * 1024;

/* ---- Opening and closing ---- */

static enum referent_result failed(const struct error *from, struct referent_error *err)
{
    if (err != NULL) {
        snprintf(err->rule, sizeof err->rule, "%s", from->rule);
        snprintf(err->text, sizeof err->text, "%s", from->text);
    }
    return REFERENT_FAILED;
}

static enum referent_result out_of_memory(struct referent_error *err)
{
    struct error error;
    error_set(&error, FAULT_RETRY, "memory", "out of memory");
    return failed(&error, err);
}

static void options_take(struct referent_feeder *feeder, const struct referent_feeder_options *given)
{
    static const struct referent_feeder_options none;
    const struct referent_feeder_options *options = given ? given : &none;
    snprintf(feeder->client, sizeof feeder->client, "%s", options->client ? options->client : "libreferent");
    feeder->bulk = options->bulk;
    feeder->wanted = (struct credit){options->wanted_bytes, options->wanted_messages};
    feeder->keep_max_bytes = options->keep_max_bytes ? options->keep_max_bytes : KEEP_MAX_BYTES;
    feeder->silence_ms = options->silence_ms ? options->silence_ms : SILENCE_MS;
    feeder->receipt_ms = options->receipt_ms ? options->receipt_ms : RECEIPT_MS;
}

enum referent_result referent_feeder_open(const char *endpoint, const struct referent_feeder_options *options,
                                          struct referent_feeder **out, struct referent_error *err)
{
    *out = NULL;
    struct referent_feeder *feeder = calloc(1, sizeof *feeder);
    if (feeder == NULL)
        return out_of_memory(err);
    options_take(feeder, options);
    struct error error;
    if (connection_open(&feeder->connection, endpoint, &error) != FAULT_NONE) {
        free(feeder);
        return failed(&error, err);
    }
    outbox_init(&feeder->outbox);
    feeder->document_max_bytes = DOCUMENT_MAX_BYTES;
    feeder->burst = 1;
    feeder->answered_ms = clock_steady_ms();
    feeder->random = ((uint64_t)clock_calendar_ms() << 20 ^ (uint64_t)getpid() ^ (uint64_t)(uintptr_t)feeder) | 1;
    feeder->greet = true;
    feeder->greet_ms = feeder->answered_ms;
    *out = feeder;
    return REFERENT_OK;
}

void referent_feeder_close(struct referent_feeder **feeder)
{
    if (feeder == NULL || *feeder == NULL)
        return;
    struct referent_feeder *closing = *feeder;
    Referent__V1__Bye bye = REFERENT__V1__BYE__INIT;
    Envelope envelope = frame_envelope(++closing->sequence);
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_BYE;
    envelope.bye = &bye;
    bool polite = closing->connection.up && connection_send(&closing->connection, &envelope);
    connection_close(&closing->connection, polite ? BYE_LINGER_MS : 0);
    outbox_done(&closing->outbox);
    entry_free(&closing->given);
    arena_free(&closing->question.arena);
    free(closing->shards);
    free(closing);
    *feeder = NULL;
}

/* ---- Submissions ---- */

/* A submission that breaks a limit has its receipt at once. */
static enum referent_result reject_here(struct referent_feeder *feeder, struct entry *entry, const struct error *error)
{
    snprintf(entry->rule, sizeof entry->rule, "%s", error->rule);
    snprintf(entry->reason, sizeof entry->reason, "%s", error->text);
    entry->receipt.status = REFERENT_STATUS_REJECTED;
    entry->receipt.rule = entry->rule;
    entry->receipt.reason = entry->reason;
    outbox_add_done(&feeder->outbox, entry);
    return REFERENT_OK;
}

static enum referent_result take(struct referent_feeder *feeder, struct entry *entry)
{
    entry->sequence = feeder->sequence;
    entry->bytes = zmq_msg_size(&entry->frame);
    if (outbox_unfinished(&feeder->outbox) == 0)
        feeder->answered_ms = clock_steady_ms(); /* nobody could have answered before there was a question */
    outbox_add(&feeder->outbox, entry);
    feeder->flush = feeder->flushed = false;
    feeder->crowded = 0;
    feeder->turned_away = false;
    return REFERENT_OK;
}

/* What the window says before anything is copied; the bytes of the envelope around a body do not matter here, because
 * the credit is kept when it is sent. */
static bool has_room(struct referent_feeder *feeder, size_t bytes)
{
    if (feeder->ever_welcome && outbox_has_room(&feeder->outbox, feeder->credit, bytes, feeder->keep_max_bytes))
        return true;
    feeder->crowded = bytes + 1;
    feeder->turned_away = true;
    return false;
}

/* Is there room for what was turned away last? Said once. */
static bool room_again(struct referent_feeder *feeder)
{
    bool again = feeder->turned_away && feeder->phase == FEEDER_OPEN &&
                 outbox_has_room(&feeder->outbox, feeder->credit, feeder->crowded - 1, feeder->keep_max_bytes);
    feeder->turned_away = feeder->turned_away && !again;
    return again;
}

void referent_feeder_announce(struct referent_feeder *feeder, uint64_t documents)
{
    feeder->announced = documents;
}

void referent_feeder_flush(struct referent_feeder *feeder)
{
    feeder->flush = true;
}

enum referent_result referent_feeder_submit(struct referent_feeder *feeder, const struct referent_document *document,
                                            void *tag, struct referent_error *err)
{
    struct error error;
    enum fault fault = submission_check(document, feeder->document_max_bytes, &error);
    if (fault == FAULT_NONE && !has_room(feeder, document->meeting == NULL ? document->body_bytes : 0))
        return REFERENT_AGAIN;
    struct entry *entry = entry_new(document->id ? document->id : "", tag, false);
    if (entry == NULL)
        return out_of_memory(err);
    if (fault == FAULT_NONE)
        fault = submission_pack(document, ++feeder->sequence, feeder->document_max_bytes, &entry->frame, &error);
    if (fault == FAULT_NONE)
        return take(feeder, entry);
    if (fault == FAULT_REJECT)
        return reject_here(feeder, entry, &error);
    entry_free(&entry);
    return failed(&error, err);
}

enum referent_result referent_feeder_delete(struct referent_feeder *feeder, const char *id, uint64_t version,
                                            const char *source, void *tag, struct referent_error *err)
{
    struct error error;
    enum fault fault = id_check(id, &error);
    if (fault == FAULT_NONE && !has_room(feeder, 0))
        return REFERENT_AGAIN;
    struct entry *entry = entry_new(id ? id : "", tag, true);
    if (entry == NULL)
        return out_of_memory(err);
    if (fault == FAULT_NONE)
        fault = deletion_pack(id, version, source, ++feeder->sequence, &entry->frame, &error);
    if (fault == FAULT_NONE)
        return take(feeder, entry);
    if (fault == FAULT_REJECT)
        return reject_here(feeder, entry, &error);
    entry_free(&entry);
    return failed(&error, err);
}

/* ---- What time brings ---- */

/* Start over on a new connection: what stood in the old one may be lost, so all without a receipt goes again. */
static enum fault renew(struct referent_feeder *feeder, int64_t now_ms, struct error *err)
{
    TRY(connection_renew(&feeder->connection, err));
    feeder->renew = false;
    feeder->renew_pause_ms = feeder->renew_pause_ms ? feeder->renew_pause_ms * 2 : RENEW_FIRST_MS;
    if (feeder->renew_pause_ms > RENEW_LAST_MS)
        feeder->renew_pause_ms = RENEW_LAST_MS;
    feeder->reconnects++;
    feeder->unnamed = 0;
    feeder->flushed = false;
    feeder->question.asked = false;
    feeder->phase = FEEDER_GREETING;
    feeder->greet = true;
    feeder->greet_ms = now_ms;
    outbox_again(&feeder->outbox);
    return FAULT_NONE;
}

static void greet(struct referent_feeder *feeder, int64_t now_ms)
{
    Referent__V1__Credit credit = REFERENT__V1__CREDIT__INIT;
    credit.bytes = feeder->wanted.bytes;
    credit.messages = feeder->wanted.messages;
    Referent__V1__Hello hello = REFERENT__V1__HELLO__INIT;
    hello.client = feeder->client;
    hello.wanted = &credit;
    hello.announced = feeder->announced;
    hello.load = feeder->bulk ? REFERENT__V1__LOAD__LOAD_BULK : REFERENT__V1__LOAD__LOAD_UNSPECIFIED;
    Envelope envelope = frame_envelope(++feeder->sequence);
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_HELLO;
    envelope.hello = &hello;
    if (!connection_send(&feeder->connection, &envelope))
        return; /* said at the next tick */
    feeder->hello = feeder->sequence;
    feeder->hello_ms = now_ms;
    feeder->greet = false;
}

/* Is the receipt of a frame lost? A slow worker answers late, but about in order: so not as long as receipts come for
 * what was sent before, or not long after. */
static bool overdue(const struct referent_feeder *feeder, const struct entry *entry, int64_t now_ms)
{
    bool overtaken = feeder->answered_sent_ms - entry->sent_ms >= feeder->receipt_ms;
    bool stalled = now_ms - feeder->answered_ms >= feeder->receipt_ms && now_ms - entry->sent_ms >= feeder->receipt_ms;
    return overtaken || stalled;
}

/* Ask for a lost receipt by sending the document again; applying it twice is the same as once. Counting unreadable
 * frames starts over, as this may be one of them. */
static void ask_again(struct referent_feeder *feeder, int64_t now_ms)
{
    struct entry *oldest = TAILQ_FIRST(&feeder->outbox.lists[ENTRY_FLYING]);
    if (oldest == NULL || !overdue(feeder, oldest, now_ms) || now_ms - feeder->again_ms < AGAIN_EVERY_MS)
        return;
    if (!connection_send_frame(&feeder->connection, &oldest->frame))
        return;
    oldest->sent_ms = feeder->again_ms = now_ms;
    oldest->sends++;
    feeder->resent++;
    feeder->unnamed = 0;
    outbox_move(&feeder->outbox, oldest, ENTRY_FLYING);
}

/* Publishing what is held may take long, and nobody hears of it meanwhile; but final receipts may be lost, too. So one
 * that is held goes again after a while: the answer is HELD once more, or what became of it. Where that was final, the
 * receipts of others are likely lost as well, and twice as many are asked after the next time. */
static void ask_held(struct referent_feeder *feeder, int64_t now_ms)
{
    struct entry *oldest;
    if (now_ms - feeder->answered_ms < feeder->receipt_ms || feeder->outbox.counts[ENTRY_FLYING] > 0)
        return;
    for (size_t i = 0; i < feeder->burst; i++) {
        oldest = TAILQ_FIRST(&feeder->outbox.lists[ENTRY_HELD]);
        if (oldest == NULL || !outbox_may_send(&feeder->outbox, feeder->credit, oldest->bytes) ||
            !connection_send_frame(&feeder->connection, &oldest->frame))
            return;
        oldest->sent_ms = now_ms;
        oldest->asked = true;
        oldest->sends++;
        feeder->resent++;
        outbox_move(&feeder->outbox, oldest, ENTRY_FLYING);
    }
}

static void wake(struct referent_feeder *feeder, int64_t now_ms)
{
    struct entry *entry, *next;
    for (entry = TAILQ_FIRST(&feeder->outbox.lists[ENTRY_WAITING]); entry != NULL; entry = next) {
        next = TAILQ_NEXT(entry, link);
        if (entry->due_ms <= now_ms)
            outbox_move(&feeder->outbox, entry, ENTRY_READY);
    }
}

/* Send what is READY, as far as the credit goes. */
static void send_ready(struct referent_feeder *feeder, int64_t now_ms)
{
    struct entry *entry;
    while ((entry = TAILQ_FIRST(&feeder->outbox.lists[ENTRY_READY])) != NULL &&
           outbox_may_send(&feeder->outbox, feeder->credit, entry->bytes) &&
           connection_send_frame(&feeder->connection, &entry->frame)) {
        entry->sent_ms = now_ms;
        entry->asked = false;
        feeder->resent += entry->sends++ > 0;
        outbox_move(&feeder->outbox, entry, ENTRY_FLYING);
    }
}

/* Once nothing but what is held is left, it is the worker's turn. */
static void flush(struct referent_feeder *feeder)
{
    const size_t *counts = feeder->outbox.counts;
    bool all_held = counts[ENTRY_HELD] > 0 && counts[ENTRY_READY] + counts[ENTRY_FLYING] + counts[ENTRY_WAITING] == 0;
    bool wanted = feeder->flush || (feeder->crowded > 0 && !outbox_has_room(&feeder->outbox, feeder->credit,
                                                                            feeder->crowded, feeder->keep_max_bytes));
    if (!all_held || !wanted || feeder->flushed)
        return;
    Referent__V1__Flush message = REFERENT__V1__FLUSH__INIT;
    Envelope envelope = frame_envelope(++feeder->sequence);
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_FLUSH;
    envelope.flush = &message;
    feeder->flushed = connection_send(&feeder->connection, &envelope);
}

enum fault feeder_tick(struct referent_feeder *feeder, int64_t now_ms, struct error *err)
{
    struct connection *connection = &feeder->connection;
    bool expecting = feeder->phase == FEEDER_GREETING || feeder->outbox.counts[ENTRY_FLYING] > 0 ||
                     feeder->outbox.counts[ENTRY_HELD] > 0 || feeder->question.asked;
    if (connection->lost || (expecting && now_ms - connection->heard_ms >= feeder->silence_ms))
        feeder_renew_soon(feeder, now_ms);
    if (feeder->renew && now_ms < feeder->renew_ms)
        return FAULT_NONE;
    if (feeder->renew)
        TRY(renew(feeder, now_ms, err));
    if (feeder->greet && now_ms >= feeder->greet_ms)
        greet(feeder, now_ms);
    if (feeder->phase != FEEDER_OPEN)
        return FAULT_NONE;
    if (expecting)
        connection_ping(connection, now_ms, feeder->silence_ms / PINGS_A_SILENCE);
    wake(feeder, now_ms);
    if (feeder->question.asked)
        return FAULT_NONE;
    ask_again(feeder, now_ms);
    ask_held(feeder, now_ms);
    send_ready(feeder, now_ms);
    flush(feeder);
    return FAULT_NONE;
}

/* ---- The loop ---- */

void feeder_hear_all(struct referent_feeder *feeder)
{
    struct arena *arena = NULL;
    Envelope *envelope;
    while (feeder->phase != FEEDER_REFUSED && (envelope = connection_receive(&feeder->connection, &arena)) != NULL) {
        feeder_hear(feeder, envelope, clock_steady_ms());
        arena_free(&arena);
    }
}

static enum referent_result give(struct referent_feeder *feeder, struct entry *entry, struct referent_receipt *receipt)
{
    feeder->given = entry;
    *receipt = entry->receipt;
    return REFERENT_OK;
}

static enum referent_result refused(const struct referent_feeder *feeder, struct referent_error *err)
{
    if (err != NULL)
        *err = feeder->refusal;
    return REFERENT_REJECTED;
}

enum referent_result referent_feeder_poll(struct referent_feeder *feeder, int timeout_ms,
                                          struct referent_receipt *receipt, struct referent_error *err)
{
    entry_free(&feeder->given);
    int64_t end_ms = timeout_ms < 0 ? INT64_MAX : clock_steady_ms() + timeout_ms;
    for (;;) {
        struct error error;
        feeder_hear_all(feeder);
        int64_t now_ms = clock_steady_ms();
        if (feeder->phase != FEEDER_REFUSED && feeder_tick(feeder, now_ms, &error) != FAULT_NONE)
            return failed(&error, err);
        struct entry *entry = outbox_take(&feeder->outbox);
        if (entry != NULL)
            return give(feeder, entry, receipt);
        if (feeder->phase == FEEDER_REFUSED)
            return refused(feeder, err);
        if (now_ms >= end_ms || room_again(feeder))
            return REFERENT_AGAIN;
        if (!connection_wait(&feeder->connection, end_ms - now_ms < TICK_MS ? end_ms - now_ms : TICK_MS))
            return REFERENT_AGAIN;
    }
}

void referent_feeder_state(struct referent_feeder *feeder, struct referent_feeder_state *state)
{
    *state = (struct referent_feeder_state){
        .welcome = feeder->phase == FEEDER_OPEN,
        .ever_welcome = feeder->ever_welcome,
        .credit_bytes = feeder->credit.bytes,
        .credit_messages = feeder->credit.messages,
        .in_flight = feeder->outbox.counts[ENTRY_FLYING],
        .in_flight_bytes = feeder->outbox.bytes[ENTRY_FLYING],
        .held = feeder->outbox.counts[ENTRY_HELD],
        .unfinished = outbox_unfinished(&feeder->outbox),
        .resent = feeder->resent,
        .reconnects = feeder->reconnects,
        .answered_ms_ago = (uint64_t)(clock_steady_ms() - feeder->answered_ms),
        .put_off_rule = feeder->put_off_rule,
        .put_off_reason = feeder->put_off_reason,
        .rules = feeder->rules,
    };
}

const char *referent_status_name(enum referent_status status)
{
    static const char *const names[] = {"unknown", "committed", "unchanged", "superseded", "rejected"};
    return names[status <= REFERENT_STATUS_REJECTED ? status : 0];
}
