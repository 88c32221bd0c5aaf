/* Which documents each thread has in hand, in a file that outlives the process: DIR/inwork, shared memory that the
 * kernel keeps when the process dies, however it dies. It costs a few stores a document and no system call. A power
 * failure may lose it, and then there are no suspects: nothing that was promised rests on it.
 *
 *   slot   whose                    holds
 *   one    the intake, each reader  the one that it decodes or reads; of several side by side, the one it touches
 *   many   each writer              the one that it applies, or all of the batch that it commits
 *
 *   (1) Whoever touches a document has it in its slot first, and takes it out afterwards.
 *   (2) Of several marks the first one stays: why the process ends, and in which slot.
 *   (3) A life that ended in order says so; another one has its slots read by the next (suspects.h).
 *
 * Thread   A slot belongs to the thread that entered it; work_stop and the marks are for any thread. */
#ifndef REFERENT_WORK_H
#define REFERENT_WORK_H

#include "error.h"
#include "job.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

enum death {
    DEATH_UNKNOWN, /* SIGKILL, power, or what nobody could see */
    DEATH_CRASH,   /* a signal such as SIGSEGV or SIGABRT, raised by the process itself */
    DEATH_MEMORY,
    DEATH_TIME
};

struct work_file;
struct work_slot;

struct work_shape {
    size_t ones;     /* slots 0 .. ones - 1 */
    size_t manies;   /* the slots behind them */
    size_t capacity; /* documents in a slot of many */
};

/* What the last life left. */
struct last_life {
    bool died; /* without saying that it ends */
    enum death reason;
    bool named; /* by a mark, the slot was known; `works` are of that slot alone */
    bool alone; /* alone_work was the only one in flight */
    struct work alone_work;
    bool grew;                /* then: memory had grown beyond arena_max_bytes since it began */
    const struct work *works; /* that were in hand; freed by last_life_done */
    size_t count;
};

/* Read what the last life left, and begin a new one. Where no file can be kept, as on a full disk, the slots are in
 * plain memory, *kept is false, and err says why; that is no fault.
 * Faults  FAULT_STOP memory. */
NODISCARD enum fault work_open(const char *data_dir, struct work_shape shape, uint64_t growth_max_bytes,
                               struct work_file **out, struct last_life *last, bool *kept, struct error *err);
void last_life_done(struct last_life *last);
/* The threads have ended, and in order. Sets *file to NULL; NULL and *file NULL are fine. */
void work_close(struct work_file **file);

struct work_slot *work_slot(struct work_file *file, size_t number);

/* ---- the thread of the slot; a slot may be NULL, and nothing happens then */

/* From now on this thread works in this slot, and a signal that ends it is known to be its own. */
void work_enter(struct work_slot *slot);
void work_leave(struct work_slot *slot);
void work_begin(struct work_slot *slot, const struct work *work);
/* The same turn goes on with another document: of several that are read side by side, the one that is touched now. */
void work_turn_to(struct work_slot *slot, const struct work *work);
/* The documents of a batch, the n-th given by `of`; at most the slot's capacity are kept. */
void work_begin_many(struct work_slot *slot, size_t count, const struct work *(*of)(const void *self, size_t n),
                     const void *self);
void work_end(struct work_slot *slot);
/* Set when the document has taken too long: give up where that is possible. Never NULL. To be read by __atomic_. */
const bool *work_stop(const struct work_slot *slot);
/* Was it set, and for the document in hand? It may have been meant for the one before. */
bool work_is_stopped(const struct work_slot *slot, bool *meant);

/* ---- any thread */

/* Counts up with each begin and end; odd while something is in hand. */
uint64_t work_turn(const struct work_slot *slot);
/* Processor time of the slot's thread; false if nobody has entered. */
bool work_processor_ms(const struct work_slot *slot, int64_t *ms);
/* Ask turn number `turn` to give up. */
void work_ask_stop(struct work_slot *slot, uint64_t turn);
/* The one document that runs alone; NULL when it is through. */
void work_alone(struct work_file *file, const struct work *work);
/* Memory of the process now, for whoever wonders what a SIGKILL was. */
void work_memory(struct work_file *file, uint64_t bytes);
/* Why the process is about to end, and in which slot (NULL: not known). */
void work_mark(struct work_file *file, enum death reason, const struct work_slot *slot);
/* Mark the crash when a signal ends the process; one file a process. */
void work_watch_signals(struct work_file *file);

#endif
