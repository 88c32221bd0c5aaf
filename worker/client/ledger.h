/* The ledger of a feeder: what it has sent, and what the worker answered. One SQLite file (WAL, synchronous=FULL) with
 * a row a document. The next run sends only what is new, changed or unfinished.
 *
 *   (none)   -> INTENDED [ledger_intend, on disk before the frame leaves]
 *   INTENDED -> SETTLED  [ledger_settle, when the final receipt has come]
 *   SETTLED  -> INTENDED [the file has changed, its deletion is due, or the index lost it]
 *
 * (1) What may stand in the index because of this feeder has a row: so nothing it fed can be forgotten, only sent
 * again. (2) A row is SETTLED only with what a final receipt said; losing the last writes makes it INTENDED, never the
 * reverse. (3) One feeder at a time: the file is locked while it is open, and the system drops the lock of a dead
 * process.
 *
 * Writes gather in a transaction; ledger_sync makes them durable. Thread: the owner's. */
#ifndef REFERENT_LEDGER_H
#define REFERENT_LEDGER_H

#include "error.h"
#include "referent.h"

#include <stdbool.h>
#include <stdint.h>

struct ledger;

/* What the last final receipt said. Numbers stand in files: they never change their meaning. */
enum ledger_status {
    LEDGER_NEW = 0, /* no receipt yet */
    LEDGER_COMMITTED = 1,
    LEDGER_UNCHANGED = 2,
    LEDGER_SUPERSEDED = 3,
    LEDGER_REJECTED = 4,
    LEDGER_DELETED = 5 /* its file was gone and it was deleted; kept, so that it is deleted again if it comes back */
};

/* What stat() says of a file; all of it must be the same for a file to be taken as unchanged without reading it. */
struct ledger_stamp {
    int64_t mtime_ns; /* 0: not to be trusted, read the file */
    int64_t ctime_ns;
    int64_t size;
};

/* Strings that come out live until the next ledger_find or ledger_next; NULL goes in as "". */
struct ledger_row {
    const char *id;
    const char *root; /* the folder that was given, absolute; "" for a file that was given by itself */
    const char *path; /* as it was opened */
    struct ledger_stamp stamp;
    unsigned char digest[16]; /* of the document that the receipt speaks of */
    uint64_t version;         /* the largest that was sent */
    enum ledger_status status;
    bool intended; /* sent since, or to be sent; no receipt yet */
    uint32_t shard;
    unsigned char lineage[16];
    uint64_t sequence;
    /* LEDGER_REJECTED: why, and by what rules (referent_feeder_state); rules 0: the next time it may be taken */
    const char *rule;
    const char *reason;
    uint64_t rules;
};

/* Open or make the file; folders above it are made (0700, the file 0600). One of an older schema is brought forward.
 * With `look`, nothing is made or written, and *out is NULL if there is no file.
 * Faults  FAULT_STOP ledger.locked: another feeder has it; ledger.schema: written by a newer referent; ledger.damaged:
 *         no ledger, or broken; ledger.write: full disk and the like. Each text says what to do. */
NODISCARD enum fault ledger_open(const char *path, bool look, struct ledger **out, struct error *err);
/* What was not synced is lost. Sets *ledger to NULL; NULL and *ledger NULL are fine. */
void ledger_close(struct ledger **ledger);

/* All below: FAULT_STOP ledger.damaged, ledger.write. */

NODISCARD enum fault ledger_find(struct ledger *ledger, const char *id, struct ledger_row *row, bool *found,
                                 struct error *err);
/* The first row whose id comes after `after` in order of bytes. */
NODISCARD enum fault ledger_next(struct ledger *ledger, const char *after, struct ledger_row *row, bool *found,
                                 struct error *err);
/* About to be sent: a new row, or the old one with intended set, and root, path and version (if larger) as given. */
NODISCARD enum fault ledger_intend(struct ledger *ledger, const char *id, const char *root, const char *path,
                                   uint64_t version, struct error *err);
/* The whole row as given, intended or not. */
NODISCARD enum fault ledger_settle(struct ledger *ledger, const struct ledger_row *row, struct error *err);
NODISCARD enum fault ledger_forget(struct ledger *ledger, const char *id, struct error *err);
/* Make every write so far durable. */
NODISCARD enum fault ledger_sync(struct ledger *ledger, struct error *err);
/* The same, if enough has gathered or it is old enough. */
NODISCARD enum fault ledger_sync_soon(struct ledger *ledger, int64_t now_ms, struct error *err);

/* The lineage and commit sequence of a shard when the ledger last agreed with it; *found false: never. */
NODISCARD enum fault ledger_shard(struct ledger *ledger, uint32_t number, unsigned char lineage[static 16],
                                  uint64_t *sequence, bool *found, struct error *err);
NODISCARD enum fault ledger_shard_agree(struct ledger *ledger, uint32_t number, const unsigned char lineage[static 16],
                                        uint64_t sequence, struct error *err);

/* Where the ledger of these folders and this worker is when nobody names a file: a path to free, below
 * $XDG_STATE_HOME/referent or ~/.local/state/referent. NULL: no home folder, a path that is not there, or no memory. */
char *ledger_place(const char *endpoint, const char *source, const char *const *paths, size_t count);

/* ledger_open of the file that --ledger names; "auto" and NULL are ledger_place.
 * Faults  also FAULT_REJECT ledger.place: there is no place for it, or a path is not there. */
NODISCARD enum fault ledger_open_named(const char *name, const char *endpoint, const char *source,
                                       const char *const *paths, size_t count, bool look, struct ledger **out,
                                       struct error *err);

#endif
