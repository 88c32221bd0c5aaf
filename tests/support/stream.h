/* stream: what a proof feeds, made from a seed: first submissions, updates, deletions, redeliveries, and documents
 * without a version, some of them out of order. The same seed gives the same stream in every process, so that a feeder
 * that was killed goes on where its journal ends, and the model of the promise knows what has to be there. Pure.
 *
 *   (1) Of one id all operations are versioned, or none is.
 *   (2) Versions of an id grow with its editions; the stream is shuffled afterwards, so they arrive in any order.
 *   (3) Without versions the order of the stream is the order of truth: such an id has one feeder. */
#ifndef REFERENT_TEST_STREAM_H
#define REFERENT_TEST_STREAM_H

#include "span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STREAM_ID_MAX = 32, STREAM_BODY_MAX = 4096, STREAM_NONE = UINT32_MAX };

struct op {
    uint32_t id;
    uint32_t edition; /* content; the same edition of an id is the same operation */
    uint64_t version; /* 0: unversioned */
    bool deletion;
    bool poison; /* to be rejected: its body is no UTF-8 */
};

struct stream {
    uint64_t seed;
    uint32_t ids;
    uint32_t feeders;
    struct op *ops;
    uint32_t op_count;
};

/* A stream of `ops` operations, at least one an id. The caller frees ops. */
struct stream stream_new(uint64_t seed, uint32_t ids, uint32_t ops, uint32_t feeders);
/* Which feeder sends an operation. */
uint32_t stream_feeder(const struct stream *stream, uint32_t op);
void stream_id(const struct op *op, char out[static STREAM_ID_MAX]);
/* The minutes of an edition; `out` owns them. Each has a word of its own, stream_word. */
struct span stream_body(const struct stream *stream, const struct op *op, char out[static STREAM_BODY_MAX]);
/* How many Xapian documents it becomes, with the meeting's own, open and closed. */
void stream_documents(const struct stream *stream, const struct op *op, uint32_t *open, uint32_t *closed);
/* What wins of an id once all of it has arrived: the largest version, or the last of the stream. Fills an array of
 * `ids` numbers of operations; STREAM_NONE for an id that is poison. The caller frees it. */
uint32_t *stream_outcome(const struct stream *stream);

#endif
