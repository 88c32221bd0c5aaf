/* Receipts that were HELD: who waits for which document until it is published, in as few bytes as that takes. A session
 * fills the list on its writer's thread and gives it away whole; the intake sends the final receipts and frees it.
 *
 *   items   |whom, for what|whom, for what| ...      64 bytes each
 *   text    |id, NUL, routing id|id, NUL, routing id| ... */
#ifndef REFERENT_HELD_H
#define REFERENT_HELD_H

#include "job.h"

struct held_item {
    uint64_t peer; /* its number */
    uint64_t sequence;
    uint64_t version;
    unsigned char digest[16];
    uint64_t at; /* of the id in the text */
    uint32_t cpr_masked;
    uint8_t id_size;
    uint8_t routing_size;
    uint8_t status; /* what it will be: COMMITTED, or UNCHANGED for what came twice */
    bool overtaken; /* something else of its id waits behind it: nothing more of that id can be held */
};

struct held {
    struct held_item *items;
    size_t count, room;
    char *text;
    size_t text_size, text_room;
    /* Of all of them, once it is known: status RECEIPT_NONE leaves each its own, RETRY puts all off. */
    struct receipt outcome;
    size_t sent; /* items before this one have their receipts; the intake's */
};

/* NULL without memory. */
struct held *held_new(void);
/* Accepts NULL; sets *held to NULL. */
void held_free(struct held **held);
/* One more: the job's receipt will be `status`. False without memory; the list is as before then. */
NODISCARD bool held_add(struct held *held, const struct job *job, enum receipt_status status);
/* The id of an item, a NUL behind it; and whom its receipt goes to. Borrowed. */
struct span held_id(const struct held *held, const struct held_item *item);
struct span held_routing(const struct held *held, const struct held_item *item);
/* Memory that is taken. */
size_t held_bytes(const struct held *held);

#endif
