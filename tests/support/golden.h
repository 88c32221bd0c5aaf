/* golden: the model of the promise beside what is on disk. It reads the shards themselves, through the shim and
 * without the daemon, so it may look at what a killed one left.
 *
 * The model knows which operations of a stream have a final receipt. From that follows what may be on disk:
 *
 *   lost        a receipt COMMITTED or UNCHANGED, and neither its document nor anything newer is there
 *   regressed   something older than a receipt that was given
 *   doubled     more Xapian documents of an id than its edition has, open or closed
 *   revived     a document where a receipt says it is deleted
 *   strange     what nobody fed, a receipt that is not true (SUPERSEDED by nothing, REJECTED without reason, a commit
 *               sequence or lineage that the shard does not have) */
#ifndef REFERENT_TEST_GOLDEN_H
#define REFERENT_TEST_GOLDEN_H

#include "stream.h"

/* A final receipt, as a feeder writes it down; of fixed size, so that a journal cut by a kill is cut between two. */
struct journal_row {
    uint32_t op;
    uint32_t status; /* enum referent_status */
    uint32_t shard;
    uint32_t reserved;
    uint64_t sequence;
    unsigned char lineage[16];
};

struct verdict {
    uint64_t receipts, looked_at;
    uint64_t lost, regressed, doubled, revived, strange;
    char first[300]; /* what was found first, for people; "" if nothing was */
};

struct golden;

/* The stream outlives the model. */
struct golden *golden_new(const struct stream *stream);
void golden_free(struct golden **golden);
/* A final receipt was given. Rows of one feeder come in their order. */
void golden_receipt(struct golden *golden, const struct journal_row *row);
/* Operations with a final receipt. */
uint32_t golden_settled(const struct golden *golden);
/* Look at the ids whose receipts are new since the last look, and every `sparse`th of the others (0: none of them).
 * Adds to *verdict. A shard that was not made yet is empty; fails the test if one cannot be opened. */
void golden_look(struct golden *golden, const char *data_dir, uint32_t shards, uint32_t sparse,
                 struct verdict *verdict);
/* Once every operation has its receipt: the index is what the stream leads to, document by document and in sum. */
void golden_final(struct golden *golden, const char *data_dir, uint32_t shards, struct verdict *verdict);

#endif
