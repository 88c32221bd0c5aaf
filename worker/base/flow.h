/* What is on its way through the stages, counted where it passes: how a writer sees from its own thread whether
 * somebody waits for a commit. A document counts in one place at a time, or, while it is committed, in none.
 *
 *   intake --ahead--> readers --> writers' batches --waiting--> commits
 *
 * Any thread; it is fine if a number is a document late. */
#ifndef REFERENT_FLOW_H
#define REFERENT_FLOW_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

struct flow {
    atomic_size_t ahead;   /* documents that are being read; who brings it to 0 calls writer_settle */
    atomic_size_t waiting; /* documents in batches that no writer commits yet */
    atomic_size_t pressed; /* feeders that have little of their credit left: they wait for receipts, so for commits */
    atomic_size_t publishing;     /* writers that publish a bulk load: what comes to them waits */
    _Atomic int64_t published_ms; /* when one of them was through */
};

#endif
