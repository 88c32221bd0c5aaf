/* prove_feeder: one feeder of a proof, a process of its own, so that it can be killed. It feeds its part of a stream
 * through libreferent and writes each final receipt into a journal; started again, it goes on with what has none. Every
 * third life it loads in bulk, or (bulk) in all of them.
 *
 * Usage: prove_feeder ENDPOINT SEED IDS OPS FEEDERS FEEDER JOURNAL bulk|mixed
 * Ends with 0 when all of its operations have their receipts. */
#include "golden.h"
#include "referent.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { POLL_MS = 500, SILENCE_MS = 2000, RECEIPT_MS = 2000, LOAD_OPS = 20 };

struct sending {
    struct stream stream;
    uint32_t feeder;
    bool bulk; /* in this life */
    bool *settled;
    uint32_t settled_count; /* when this life began */
    int journal;
    struct referent_feeder *client;
    uint32_t next, open; /* to be offered; offered, without a receipt */
};

static void fail(const char *what)
{
    fprintf(stderr, "prove_feeder: %s\n", what);
    exit(1);
}

static void journal_read(struct sending *sending, const char *path)
{
    struct journal_row row;
    sending->journal = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (sending->journal < 0)
        fail("the journal cannot be opened");
    for (; read(sending->journal, &row, sizeof row) == (ssize_t)sizeof row; sending->settled_count++)
        sending->settled[row.op] = true;
}

static void journal_write(struct sending *sending, const struct referent_receipt *receipt)
{
    struct journal_row row = {.op = (uint32_t)(uintptr_t)receipt->tag,
                              .status = (uint32_t)receipt->status,
                              .shard = receipt->shard,
                              .sequence = receipt->sequence};
    memcpy(row.lineage, receipt->lineage, sizeof row.lineage);
    if (write(sending->journal, &row, sizeof row) != (ssize_t)sizeof row)
        fail("the journal cannot be written");
    sending->settled[row.op] = true;
    sending->open--;
}

/* False: no room now. */
static bool offer(struct sending *sending, uint32_t number)
{
    const struct op *op = &sending->stream.ops[number];
    char id[STREAM_ID_MAX], body[STREAM_BODY_MAX];
    void *tag = (void *)(uintptr_t)number; // NOLINT(performance-no-int-to-ptr): a number that only comes back
    enum referent_result result;
    stream_id(op, id);
    if (op->deletion) {
        result = referent_feeder_delete(sending->client, id, op->version, NULL, tag, NULL);
    } else {
        struct span bytes = stream_body(&sending->stream, op, body);
        struct referent_document document = {
            .id = id, .version = op->version, .body = bytes.at, .body_bytes = bytes.size};
        result = referent_feeder_submit(sending->client, &document, tag, NULL);
    }
    if (result != REFERENT_OK && result != REFERENT_AGAIN)
        fail("a document cannot be submitted");
    sending->open += result == REFERENT_OK;
    return result == REFERENT_OK;
}

/* One load ends here: the next one joins what it has published. */
static bool is_load_end(const struct sending *sending)
{
    return sending->bulk && sending->open > 0 && sending->next % LOAD_OPS == 0;
}

static void offer_all(struct sending *sending)
{
    for (; sending->next < sending->stream.op_count && !is_load_end(sending); sending->next++)
        if (stream_feeder(&sending->stream, sending->next) == sending->feeder && !sending->settled[sending->next] &&
            !offer(sending, sending->next))
            return;
}

static void feed(struct sending *sending)
{
    while (sending->next < sending->stream.op_count || sending->open > 0) {
        struct referent_receipt receipt;
        struct referent_error err;
        offer_all(sending);
        if (sending->next == sending->stream.op_count || is_load_end(sending))
            referent_feeder_flush(sending->client);
        enum referent_result result = referent_feeder_poll(sending->client, POLL_MS, &receipt, &err);
        if (result == REFERENT_OK)
            journal_write(sending, &receipt);
        else if (result != REFERENT_AGAIN)
            fail(err.text);
    }
}

int main(int argc, char **argv)
{
    struct sending sending = {0};
    struct referent_feeder_options options = {.client = "prove", .silence_ms = SILENCE_MS, .receipt_ms = RECEIPT_MS};
    struct referent_error err;
    if (argc != 9)
        fail("usage: prove_feeder ENDPOINT SEED IDS OPS FEEDERS FEEDER JOURNAL bulk|mixed");
    sending.stream = stream_new(strtoull(argv[2], NULL, 10), (uint32_t)strtoul(argv[3], NULL, 10),
                                (uint32_t)strtoul(argv[4], NULL, 10), (uint32_t)strtoul(argv[5], NULL, 10));
    sending.feeder = (uint32_t)strtoul(argv[6], NULL, 10);
    sending.settled = calloc(sending.stream.op_count, sizeof *sending.settled);
    if (sending.settled == NULL)
        fail("out of memory");
    journal_read(&sending, argv[7]);
    sending.bulk = strcmp(argv[8], "bulk") == 0 || sending.settled_count % 3 == 1;
    options.bulk = sending.bulk;
    if (referent_feeder_open(argv[1], &options, &sending.client, &err) != REFERENT_OK)
        fail(err.text);
    feed(&sending);
    referent_feeder_close(&sending.client);
    free(sending.settled);
    free(sending.stream.ops);
    return 0;
}
