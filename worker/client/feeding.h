/* Feeding: lists of files -> what of them has to be sent -> receipts -> counts that add up. `feed` runs one round,
 * `feed --watch` one after another, `reconcile --mend` one for what differs.
 *
 *   feeding_begin -> round_begin -> round_add_... -> round_run -> round_end -> (the next round) -> feeding_end
 *
 *   TO_DO -> UNCHANGED [the ledger knows it, and it is as it was]          A thing is a file, or a deletion of what is
 *   TO_DO -> REJECTED [the same bytes were rejected by the same rules]
 *   TO_DO -> SENT [intended in the ledger, then given to the feeder]       gone. Each ends in exactly one fate, and in
 *   SENT  -> COMMITTED, UNCHANGED, SUPERSEDED, REJECTED, DELETED [receipt] one count: so the closing line adds up.
 *   any of the last, but REJECTED -> TO_DO [its shard was made anew and lost it]
 *   TO_DO, SENT -> FAILED [cannot be read, interrupted, no answer]
 *
 * A deletion that comes to DELETED counts as deleted alone; one that does not counts as found too, like any document
 * that was left out. Thread: the command's; files are read by the threads of loader.h. */
#ifndef REFERENT_FEEDING_H
#define REFERENT_FEEDING_H

#include "command.h"
#include "ledger.h"
#include "loader.h"
#include "walk.h"

enum fate { TO_DO, SENT, COMMITTED, UNCHANGED, SUPERSEDED, REJECTED, FAILED, DELETED, FATES };

struct thing {
    const char *id;
    const char *path;
    const char *root;    /* the folder that was given, absolute; "" for a file that was given */
    const char *problem; /* why it cannot be fed; NULL if it can */
    enum fate fate;
    bool deletion;
    bool seen; /* by whoever compares */
    struct ledger_stamp stamp;
    unsigned char digest[16];
    uint64_t version;
};

struct round {
    struct walk walk; /* its arena has every string of the things */
    LIST(struct thing) things;
    size_t tally[FATES];
    struct thing **sorted; /* by id, once it is listed; to be listed again after more was added */
    size_t sorted_count;
    const char *const *mirrored; /* the folders from which what is gone is deleted */
    size_t mirrored_count;
};

struct feeding {
    /* Set by the command before feeding_begin. */
    const char *endpoint;
    const char *client; /* its name for the worker's logs */
    struct walk_rules rules;
    bool by_mtime; /* versions are the times of files */
    bool receipts; /* print each of them */
    bool bulk;     /* load in bulk even if the worker would not by itself */
    bool mirror, allow_empty;
    bool retry_rejected; /* send also what would be rejected as it was before */
    bool watching;       /* wait for the worker without end */
    uint64_t patience_s; /* for any answer */
    uint64_t give_up_s;  /* for any document to be settled, while the worker answers; 0: without end */
    uint64_t jobs;
    struct ledger *ledger; /* NULL: none; the caller's */

    struct referent_feeder *feeder;
    struct progress progress;
    struct round round;
    size_t total[FATES]; /* of the rounds that have ended */
    uint64_t cpr_masked;
    size_t rejected_before; /* of the rejected, those that were not sent again */
    uint64_t welcomes;      /* when shards and ledger last agreed */
    enum fault stopped;     /* why the last round did not come to its end; FAULT_NONE: it did */
    size_t moved_count;     /* settled when something last moved, and when that was */
    int64_t moved_ms;
    int64_t notice_ms; /* when to say what is waited for */
    int64_t grace_ms;  /* until when receipts are waited for after a signal; 0: none came yet */
};

/* Faults: FAULT_RETRY, FAULT_REJECT of referent_feeder_open. feeding_end is fine after a fault, and on zero. */
NODISCARD enum fault feeding_begin(struct feeding *feeding, struct error *err);
void feeding_end(struct feeding *feeding);
/* SIGINT or SIGTERM came: nothing more is sent, and what was sent has a moment to get its receipt (the second ends the
 * program at once); feeding_begin starts to watch for them. */
bool feeding_interrupted(void);
/* Wait until the worker has said which shards it has. Faults: FAULT_RETRY patience, interrupted. */
NODISCARD enum fault feeding_await(struct feeding *feeding, struct error *err);

/* All round_...: FAULT_RETRY memory; FAULT_STOP of the ledger. */
NODISCARD enum fault round_begin(struct feeding *feeding, struct error *err);
/* A file or folder of the command line. */
NODISCARD enum fault round_add_path(struct feeding *feeding, const char *path, struct error *err);
/* Files that walk_add put on round.walk behind the first `from`, of the folder `root`. */
NODISCARD enum fault round_add_walked(struct feeding *feeding, size_t from, const char *root, struct error *err);
/* A deletion of what the ledger knows. */
NODISCARD enum fault round_add_deletion(struct feeding *feeding, const struct ledger_row *row, struct error *err);
/* Sort, and let the second thing of an id fail. */
NODISCARD enum fault round_listed(struct feeding *feeding, struct error *err);
/* The thing with this id, once listed; NULL: none. */
struct thing *round_find(const struct round *round, const char *id);
/* Read what is TO_DO for its digest alone; what cannot be read is FAILED. */
NODISCARD enum fault round_digest(struct feeding *feeding, struct error *err);
/* What has a problem is FAILED, and said so. */
void round_fail_problems(struct feeding *feeding);
/* Send what is TO_DO and wait for every receipt; what cannot be is FAILED, and said so. Never faults: what stops it
 * is the reason by which the rest fails. */
void round_run(struct feeding *feeding);
/* Add its counts to the total. */
void round_end(struct feeding *feeding);

/* ---- feeding_ledger.c ---- */

/* Deletions of what the ledger has of these folders (absolute, "" among them is passed over) and the round has not. A
 * folder that could not be read loses nothing; one that is empty neither, unless allow_empty: it FAILS (mirror.empty).
 */
NODISCARD enum fault mirror_plan(struct feeding *feeding, const char *const *roots, size_t count, struct error *err);
/* What could not be read: whatever has been below it is not gone. */
struct shadows {
    LIST(const char *) ids;
};
NODISCARD enum fault shadows_find(const struct feeding *feeding, struct shadows *shadows, struct error *err);
bool shadows_hide(const struct shadows *shadows, const char *id);
/* Is what the round has not got of this folder (absolute) gone? Not so if the folder could not be read, nor if it is
 * empty, unless allow_empty. */
bool mirror_trusts(struct feeding *feeding, const char *root);
/* Has the index got what the ledger has as rejected (fed by somebody else, or replayed)? The ledger says so then. The
 * worker has been heard. Faults: also those of referent_feeder_lookup. */
NODISCARD enum fault ledger_look(struct feeding *feeding, struct error *err);
/* Would a worker reject again what the row says it rejected? Without a feeder: if it is the worker of that time. */
bool ledger_row_rejects(struct feeding *feeding, const struct ledger_row *row);
/* Files whose stamp is the ledger's are UNCHANGED, or REJECTED again, without being read. */
NODISCARD enum fault ledger_plan(struct feeding *feeding, struct error *err);
/* A file was read: UNCHANGED or REJECTED again if the digest is the ledger's; otherwise its version is chosen and it
 * stays TO_DO. */
NODISCARD enum fault ledger_judge(struct feeding *feeding, struct thing *thing, struct error *err);
/* The same question without writing anything: UNCHANGED, REJECTED or SENT, as it would be. */
NODISCARD enum fault ledger_foresee(struct feeding *feeding, struct thing *thing, struct error *err);
/* Does a shard hold what the row says? `entry` is NULL where it holds nothing. */
bool ledger_row_holds(const struct referent_inventory_entry *entry, const struct ledger_row *row);
/* The receipt of a thing that was sent. */
NODISCARD enum fault ledger_note(struct feeding *feeding, const struct thing *thing,
                                 const struct referent_receipt *receipt, struct error *err);
/* Compare every shard whose lineage is not the ledger's: rows of what it lost are intended again, and so are things of
 * this round. *again: there are such things. Faults: those of comparison_run. */
NODISCARD enum fault ledger_agree(struct feeding *feeding, bool *again, struct error *err);

/* ---- for feeding_ledger.c, and for who adds to a round ---- */
void thing_settle(struct feeding *feeding, struct thing *thing, enum fate fate);
void thing_fail(struct feeding *feeding, struct thing *thing, const char *reason);
/* REJECTED without being sent, as before or because of its id, and named. */
void thing_reject(struct feeding *feeding, struct thing *thing, const struct ledger_row *row);
void thing_reject_id(struct feeding *feeding, struct thing *thing, const struct error *why);
/* May an index, and so a ledger, have such an id? Faults: those of id_check. */
NODISCARD enum fault thing_id_check(const struct thing *thing, struct error *err);
NODISCARD enum fault thing_new(struct feeding *feeding, const struct thing *from, struct error *err);
/* Where a folder really is, in the round's arena; NULL: it is not there. */
const char *folder_real(struct feeding *feeding, const char *path);

/* The last line of a command that feeds, and on a terminal the same as a table before it. */
int feeding_sum_up(const struct feeding *feeding);

#endif
