/* The store of dead letters: what was rejected, with rule, reason and time, in DIR/dead.sqlite.
 *
 *   CLOSED -> IDLE [store_open]      IDLE -> CHANGING [store_begin]      CHANGING -> IDLE [store_commit, store_undo]
 *   any    -> CLOSED [store_close]   a fault in CHANGING leaves it to store_undo; nothing of the change is there then
 *
 *   (1) After store_commit the change is on disk: WAL, synchronous=FULL.
 *   (2) No more than the bounds stand in it after a commit, unless a single letter is larger than dead_max_bytes. What
 *       goes first are frames that nobody could read, the oldest of them, then the oldest letters.
 *   (3) A frame that was rejected before, byte for byte, keeps its number: time, rule and reason become the latest, and
 *       `times` counts. So a feeder that sends the same every night does not push the others out.
 *   (4) Numbers are never given twice.
 *
 * Source   The file is SQLite 3 with user_version 1 and mode 0600, because payloads may hold CPR numbers.
 * Thread   One at a time: the keeper's. Another process may read it beside (WAL), as a backup does. */
#ifndef REFERENT_STORE_H
#define REFERENT_STORE_H

#include "arena.h"
#include "error.h"
#include "span.h"

#include <stdbool.h>
#include <stdint.h>

enum letter_kind { LETTER_SUBMIT = 1, LETTER_DELETE = 2, LETTER_UNREADABLE = 3 /* as in proto/dead.proto */ };

struct letter {
    uint64_t number;
    int64_t time_ms; /* of the calendar: when it was rejected, the last time */
    enum letter_kind kind;
    struct span id; /* "" if it could not be read */
    struct span source;
    uint64_t version;
    struct span rule;
    struct span reason;
    struct span frame; /* an Envelope, or bytes that are none; empty in lists */
    uint64_t size;     /* of the frame as it came; more than frame.size if only its beginning was kept */
    uint64_t times;    /* it was rejected */
};

struct letter_list {
    const struct letter *items;
    size_t count;
    bool done; /* nothing follows */
};

struct store_bounds {
    uint64_t max_bytes; /* of payloads as they are kept, compressed */
    uint64_t max_count;
};

struct store;

/* Open the store below data_dir, made if it is not there.
 * Faults  FAULT_STOP dead.store: a file that is no store of ours, damaged, or of a newer referent, with the remedy;
 *         FAULT_RETRY dead.store: it cannot be opened now (disk full, no rights, held by another process). */
NODISCARD enum fault store_open(const char *data_dir, struct store_bounds bounds, struct store **out,
                                struct error *err);
/* Sets *store to NULL; NULL and *store NULL are fine. */
void store_close(struct store **store);

/* ---- Changing. Faults of all: FAULT_RETRY dead.store; the change is to be undone then. ------------------------- */

NODISCARD enum fault store_begin(struct store *store, struct error *err);
NODISCARD enum fault store_add(struct store *store, const struct letter *letter, struct error *err);
/* The index has this document in this version: its letters that are not newer go; with `equal` false only older ones.
 */
NODISCARD enum fault store_settle(struct store *store, struct span id, uint64_t version, bool equal, struct error *err);
/* *dropped counts up if the letter was there. */
NODISCARD enum fault store_drop(struct store *store, uint64_t number, uint64_t *dropped, struct error *err);
/* Keep the bounds, then make it durable. */
NODISCARD enum fault store_commit(struct store *store, struct error *err);
/* Forget the change; fine in any state. */
void store_undo(struct store *store);
/* In IDLE: can it be written? A change of nothing. */
NODISCARD enum fault store_trial(struct store *store, struct error *err);

/* ---- Reading. Results live in the arena. Faults: FAULT_RETRY dead.store; FAULT_REJECT arena.bound. ------------- */

/* Letters behind number `after`, in order of numbers, at most `limit`; `rule` "" for all rules. */
NODISCARD enum fault store_list(struct store *store, struct arena *arena, uint64_t after, size_t limit,
                                struct span rule, struct letter_list *out, struct error *err);
/* One letter with its frame; *found says whether it is there. */
NODISCARD enum fault store_get(struct store *store, struct arena *arena, uint64_t number, struct letter *out,
                               bool *found, struct error *err);
/* Every id that a letter has, one call each. */
NODISCARD enum fault store_ids(struct store *store, void (*each)(void *self, struct span id), void *self,
                               struct error *err);
/* How many letters there are, and how many have gone because of the bounds since store_open. */
uint64_t store_waiting(const struct store *store);
uint64_t store_evicted(const struct store *store);

#endif
