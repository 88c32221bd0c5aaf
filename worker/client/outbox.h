/* The outbox: every submission without a final receipt, and the receipts that were not yet given to the caller.
 *
 *   submission -> BEHIND (another of its id is before it) ----------.
 *              -> READY <--------------------------------------.    |  (1) A submission ends in exactly one receipt.
 *   READY      -> FLYING   [sent, within the credit]            |<---' (2) Of one id at most one is READY, FLYING,
 *   FLYING     -> WAITING  [RETRY] -> READY [its time has come] |          WAITING or HELD; the next one follows it.
 *   FLYING    <-> HELD     [HELD: the credit is back; asked]    |      (3) Bytes and messages FLYING keep within the
 *   any        -> READY    [connection lost: all again] --------'          credit, but for a single larger one.
 *   any        -> DONE     [final receipt] -> given to the caller
 *
 * Pure but for memory: no socket, no clock. */
#ifndef REFERENT_OUTBOX_H
#define REFERENT_OUTBOX_H

#include "referent.h"
#include "span.h"

#include <sys/queue.h>
#include <zmq.h>

enum entry_state { ENTRY_BEHIND, ENTRY_READY, ENTRY_FLYING, ENTRY_WAITING, ENTRY_HELD, ENTRY_DONE };
enum { ENTRY_STATES = ENTRY_DONE + 1, OUTBOX_BUCKETS = 16384 };

struct entry {
    TAILQ_ENTRY(entry) link;     /* in the list of its state */
    struct entry *sequence_next; /* in its bucket */
    struct entry *id_next;       /* in its bucket, if it is the latest of its id */
    struct entry *follower;      /* the next submission of the same id, BEHIND this one */
    enum entry_state state;
    uint64_t sequence; /* of the frame */
    size_t bytes;      /* of the frame */
    zmq_msg_t frame;
    int64_t sent_ms;
    int64_t due_ms;   /* WAITING */
    unsigned retries; /* RETRY receipts so far */
    unsigned sends;
    bool asked;                      /* sent again while it was held, to hear what became of it */
    struct referent_receipt receipt; /* id, tag and deletion from the start, the rest when DONE */
    char rule[48];
    char reason[264];
    char id[]; /* with a NUL behind */
};

TAILQ_HEAD(entry_list, entry);

struct outbox {
    struct entry_list lists[ENTRY_STATES];
    size_t counts[ENTRY_STATES];
    uint64_t bytes[ENTRY_STATES];              /* of frames; DONE ones have none */
    struct entry *by_sequence[OUTBOX_BUCKETS]; /* all but DONE */
    struct entry *by_id[OUTBOX_BUCKETS];       /* the latest submission of each id, all but DONE */
};

struct credit {
    uint64_t bytes;
    uint32_t messages;
};

void outbox_init(struct outbox *outbox);
void outbox_done(struct outbox *outbox);

/* A new entry with an initialised, empty frame and copies of id; NULL if there is no memory. It is outside the outbox
 * until outbox_add. */
struct entry *entry_new(const char *id, void *tag, bool deletion);
void entry_free(struct entry **entry);

/* Take the entry (its frame and sequence are set): READY, or BEHIND another of its id. */
void outbox_add(struct outbox *outbox, struct entry *entry);
/* Take an entry that is not sent, with its final receipt filled in. */
void outbox_add_done(struct outbox *outbox, struct entry *entry);
/* The entry a receipt speaks of; NULL: it has its receipt already, or never was. */
struct entry *outbox_find(const struct outbox *outbox, uint64_t sequence);
/* To the end of the list of `state`, which is READY, FLYING, WAITING or HELD. */
void outbox_move(struct outbox *outbox, struct entry *entry, enum entry_state state);
/* The final receipt has come (its fields are the caller's to fill): DONE. The frame is freed, the follower is READY. */
void outbox_finish(struct outbox *outbox, struct entry *entry);
/* FLYING, WAITING and HELD are READY again, in the order of their sequences. */
void outbox_again(struct outbox *outbox);
/* Take out the oldest entry that is DONE, for the caller to free; NULL if there is none. */
struct entry *outbox_take(struct outbox *outbox);

/* May a frame of so many bytes be sent now? One larger than the whole credit goes alone. */
bool outbox_may_send(const struct outbox *outbox, struct credit credit, size_t bytes);
/* Is there room for one more submission? What is held does not count against the credit, but against keep_max_bytes. */
bool outbox_has_room(const struct outbox *outbox, struct credit credit, size_t bytes, uint64_t keep_max_bytes);
/* Submissions without a final receipt. */
size_t outbox_unfinished(const struct outbox *outbox);

#endif
