/* A job is one message on its way: intake -> text -> write -> intake. It lives in its own arena, and whoever holds the
 * job holds the arena; the intake frees it once the receipt is sent. */
#ifndef REFERENT_JOB_H
#define REFERENT_JOB_H

#include "arena.h"
#include "posting.h"
#include "span.h"

#include <stdint.h>

enum { LINEAGE_BYTES = 16 };

enum job_kind {
    JOB_SUBMIT,
    JOB_DELETE,
    JOB_INVENTORY,
    JOB_UNREADABLE, /* a frame that is no Envelope: nothing but `frame` is there */
    JOB_DEAD        /* a question about dead letters; for the keeper alone */
};

enum receipt_status {
    RECEIPT_NONE,
    RECEIPT_COMMITTED,
    RECEIPT_UNCHANGED,
    RECEIPT_SUPERSEDED,
    RECEIPT_REJECTED,
    RECEIPT_RETRY,
    RECEIPT_HELD
};

struct receipt {
    enum receipt_status status;
    bool settled; /* nothing that happens later changes it */
    uint32_t shard;
    uint64_t sequence; /* commit sequence of the shard */
    unsigned char lineage[LINEAGE_BYTES];
    struct error why; /* REJECTED and RETRY */
    uint32_t retry_after_ms;
    uint32_t cpr_masked;
};

struct inventory_entry {
    struct span id;
    uint64_t version;
    struct span digest; /* 16 bytes, empty for a tombstone */
    bool deleted;
};

/* Which content a message brings: the same for the same document, whatever frame it came in (worker/guard). */
struct work {
    unsigned char key[16];
    uint32_t id_hash;
};

struct job {
    struct arena *arena;
    enum job_kind kind;
    struct span routing; /* whom the receipt goes to */
    uint64_t peer;       /* the peer's number, because a routing id may come back as somebody else's */
    uint64_t sequence;
    size_t credit_bytes; /* what the frame took of the peer's credit */
    const void *message; /* the decoded message, Referent__V1__Submit and so on; the text stage knows its type */
    struct span frame;   /* as it came, where it could not be decoded; perhaps only its beginning */
    bool kept;           /* the keeper of dead letters has had it */
    const void *answer;  /* JOB_DEAD: the Envelope that goes back */
    struct span id;
    uint64_t version;
    unsigned char digest[16];
    struct work work;            /* Submit and Delete */
    uint32_t chance;             /* Submit: another try for what was set aside */
    bool laned;                  /* it went through the intake's lane */
    bool paced;                  /* it counts in the pace of a bulk load */
    bool alone;                  /* nothing else is in flight: no company to wait for */
    bool bulk;                   /* may be held for a bulk load */
    struct index_record *record; /* made by the text stage */
    struct receipt receipt;
    /* inventory: the question and its answer */
    struct span after;
    uint32_t limit;
    const struct span *ids; /* only these; id_count 0: all */
    size_t id_count;
    const struct inventory_entry *entries;
    size_t entry_count;
    bool done;
};

/* The job is refused or put off: fill its receipt. */
static inline void job_answer(struct job *job, enum receipt_status status, const struct error *why,
                              uint32_t retry_after_ms)
{
    job->receipt.status = status;
    job->receipt.settled = true;
    job->receipt.why = *why;
    job->receipt.retry_after_ms = retry_after_ms;
}

#endif
