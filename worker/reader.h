/* A text thread: takes jobs from the intake, reads their text, hands records to the writers.
 * The one place where the wire's Document meets the text stage. */
#ifndef REFERENT_READER_H
#define REFERENT_READER_H

#include "flow.h"
#include "queue.h"
#include "shelf.h"
#include "wordbook.h"
#include "work.h"
#include "writer.h"

struct reader;

struct reader_setup {
    const struct config *config;
    struct shelf *in;              /* jobs from the intake; */
    size_t number;                 /* as which reader to take them */
    struct queue *done;            /* refused jobs go straight back */
    struct writer *const *writers; /* one a shard */
    uint32_t shards;
    struct flow *flow;
    struct wordbook words;  /* Danish, shared */
    struct work_slot *slot; /* what the thread has in hand */
};

/* Start a thread. Faults: FAULT_STOP thread.start, memory; those of the stemmer. */
NODISCARD enum fault reader_start(const struct reader_setup *setup, struct reader **out, struct error *err);
/* Wait for the thread, whose shelf must be closed, and free it; sets *reader to NULL. */
void reader_join(struct reader **reader);

#endif
