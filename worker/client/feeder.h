/* What the two files of the feeder share: feeder.c moves it along, feeder_frame.c takes what the worker says.
 *
 *   GREETING -- Welcome --> OPEN             Hello is the first frame of every connection.
 *   GREETING -- Welcome without credit --> GREETING, Hello again later: the worker is stopping
 *   OPEN -- instance changed, connection lost, silence --> GREETING on a new connection, all is sent again
 *   GREETING -- connection lost, silence --> GREETING on a new connection
 *   any -- the worker does not speak our protocol --> REFUSED, for good */
#ifndef REFERENT_FEEDER_H
#define REFERENT_FEEDER_H

#include "connection.h"
#include "outbox.h"

enum feeder_phase { FEEDER_GREETING, FEEDER_OPEN, FEEDER_REFUSED };

/* The inventory that is asked for. While it is on its way nothing else is sent, so that the credit is kept. */
struct question {
    bool asked;    /* sent on this connection, no answer yet */
    bool answered; /* `page` or `refusal` is the answer */
    uint64_t sequence;
    int64_t due_ms; /* not to be sent before */
    unsigned retries;
    struct arena *arena;             /* of the page */
    struct referent_inventory *page; /* NULL: refused */
    struct referent_error refusal;
};

struct referent_feeder {
    struct connection connection;
    struct outbox outbox;
    struct entry *given; /* the receipt that the caller is reading */
    enum feeder_phase phase;
    struct credit credit; /* 0 before the first Welcome */
    struct credit wanted;
    uint64_t document_max_bytes;
    uint64_t keep_max_bytes;
    uint64_t instance; /* of the worker that said Welcome; 0: none yet */
    uint64_t rules;    /* what it said of its rules */
    uint64_t sequence; /* the last one given out; they are never used twice by a feeder */
    uint64_t hello;    /* sequence of the last Hello, and when it was said */
    int64_t hello_ms;
    bool ever_welcome;
    uint64_t announced;
    bool bulk;
    bool flush;       /* the caller has nothing more for now */
    size_t crowded;   /* bytes of a document for which what is held may leave no room; 0: none was turned away */
    bool turned_away; /* it has not been said yet that there is room for that document */
    bool flushed;     /* Flush was said for what is held on this connection */
    bool greet;       /* Hello is to be said, at greet_ms */
    int64_t greet_ms;
    bool renew; /* a new connection is to be made, at renew_ms */
    int64_t renew_ms;
    int64_t renew_pause_ms; /* doubles with each new connection until a receipt */
    int64_t silence_ms;
    int64_t receipt_ms;
    int64_t answered_ms;      /* the last Welcome or receipt, or when there began to be something to wait for */
    int64_t answered_sent_ms; /* when the latest frame that was answered had been sent */
    int64_t again_ms;         /* when a frame was last sent again for want of its receipt */
    size_t burst;             /* so many of those that are held are asked after at once */
    size_t unnamed;           /* frames of this connection that the worker could not read: receipts with sequence 0 */
    int64_t unnamed_ms;
    char unnamed_rule[48];
    char unnamed_reason[264];
    uint64_t resent;
    uint64_t reconnects;
    uint64_t random; /* for jitter */
    struct referent_error refusal;
    char put_off_rule[48];
    char put_off_reason[264];
    char client[101];
    struct referent_shard *shards; /* of the last Welcome */
    size_t shard_count;
    uint64_t welcomes;
    struct question question;
};

/* Take one frame. */
void feeder_hear(struct referent_feeder *feeder, const Envelope *envelope, int64_t now_ms);
/* A new connection is needed: the old one broke, is silent, or leads to a worker that was started anew. */
void feeder_renew_soon(struct referent_feeder *feeder, int64_t now_ms);
/* When to try again what was put off: the worker's wish, or a delay that doubles; and up to half as much by chance, so
 * that many feeders do not come back at the same moment. */
int64_t feeder_retry_ms(struct referent_feeder *feeder, uint32_t wish_ms, unsigned retries);
/* Everything that is due: greeting, a new connection, sending. Gives what a poll gives when it cannot go on. */
NODISCARD enum fault feeder_tick(struct referent_feeder *feeder, int64_t now_ms, struct error *err);
/* Take every frame that has come. */
void feeder_hear_all(struct referent_feeder *feeder);

/* feeder_inventory.c: the answers to the question. */
void inventory_page_take(struct referent_feeder *feeder, const Referent__V1__InventoryPage *page);
void inventory_refuse(struct referent_feeder *feeder, const char *rule, const char *reason);
void inventory_put_off(struct referent_feeder *feeder, uint32_t wish_ms, int64_t now_ms);
/* The shards of a Welcome. */
void shards_take(struct referent_feeder *feeder, const Referent__V1__Map *map);

#endif
