/* Young segments: databases that the bulk builder makes of a batch's new documents, beside the generation, which stays
 * an ordinary Xapian database. Building one costs a sixth of what Xapian's inverter takes for the same documents. The
 * shard's stub names the generation first and then up to YOUNG_MAX young segments; whoever opens the stub sees them as
 * one database.
 *
 *   absent -> BUILT    [young_begin, young_add, young_finish]   a whole database, checked; no stub names it
 *   BUILT  -> NAMED    [young_publish]                          the stub names it: its documents can be found
 *   NAMED  -> NAMED    [young_write, young_commit]              what stands in it is replaced or deleted in it
 *   NAMED  -> removed  [young_replace: merged with others (merger.h); a new generation: shard_switch]
 *
 * Invariants (1) A document id stands in one database of the shard, with all its documents, so that each job changes
 * one database and is whole there or not at all. Only what the shard has never heard of goes to a young segment: a
 * tombstone and the document that overcomes it are one commit of the generation. (2) Metadata stand in the generation
 * alone. (3) The commit of the generation is the last of a batch and raises the sequence, also where nothing else of it
 * changes, because readers look at nothing else. After a fault or a start, which may have come between, the next batch
 * commits in any case, and readers are told before a segment is written once more (young_doubt). (4) What a stub names
 * was synced before it; what no stub names is removed, by young_open or at the next start.
 *
 * On the shard's writer thread. */
#ifndef REFERENT_YOUNG_H
#define REFERENT_YOUNG_H

#include "directory.h"
#include "job.h"
#include "xapian_shim.h"

struct shard;
struct builder;

struct young {
    char name[YOUNG_NAME_BYTES];
    struct database *reader;   /* of what is committed */
    struct database *writable; /* while a batch changes it */
    uint64_t bytes;            /* of its files */
    uint64_t stamp;            /* another one after each change */
};

struct young_row {
    struct young items[YOUNG_MAX]; /* oldest first */
    size_t count;
    uint64_t stamps;  /* given so far */
    uint64_t moves;   /* of the stub, so that readers of the writer's own follow */
    unsigned numbers; /* given so far; a name never comes back */
    bool unsure;      /* readers may not have seen all: the next batch commits */
    struct builder *builder;
    char fresh[YOUNG_NAME_BYTES]; /* being built or published; "" if none is */
};

/* What the stub names: synced, opened. Part of shard_reopen. Faults: as shard_open. */
NODISCARD enum fault young_open(struct shard *shard, struct error *err);
/* Some of them may have been committed and the generation not: readers are to look at all. Part of young_open; whoever
 * lets readers pass before that says it himself. */
void young_doubt(const struct shard *shard);
/* Close; what is not committed or not published is dropped. */
void young_close(struct shard *shard);

/* Which one has a document with the term, and its values as database_find; *home is the row's count if none has. */
NODISCARD enum fault young_find(struct shard *shard, struct arena *arena, struct span term, const uint32_t *slots,
                                size_t slot_count, struct span *values, size_t *home, struct error *err);
/* How many documents of all of them together have the term. */
NODISCARD enum fault young_frequency(struct shard *shard, struct span term, uint64_t *documents, struct error *err);
/* Number `home` for writing, in a batch that young_commit ends. */
NODISCARD enum fault young_write(struct shard *shard, size_t home, struct database **out, struct error *err);
/* Commit what young_write gave, durably. */
NODISCARD enum fault young_commit(struct shard *shard, struct error *err);

/* Begin another one; there is room in the row. Faults: those of the builder. */
NODISCARD enum fault young_begin(struct shard *shard, struct error *err);
NODISCARD enum fault young_add(struct shard *shard, const struct index_document *document, struct error *err);
/* End it and check it. Faults: those of the builder and the shim; FAULT_REOPEN young.check. */
NODISCARD enum fault young_finish(struct shard *shard, struct error *err);
/* Let the stub name it, durably. Faults: FAULT_STOP, FAULT_REOPEN data.*: shard_reopen finds out. */
NODISCARD enum fault young_publish(struct shard *shard, struct error *err);

/* A name that was never given. */
void young_name(struct shard *shard, char out[static YOUNG_NAME_BYTES]);
/* DIR/shard-0002/young-000007. Faults: FAULT_STOP data.path. */
NODISCARD enum fault young_path(const struct shard *shard, const char *name, char out[static PATH_MAX],
                                struct error *err);
/* Put a database with the same documents in the place of items first .. first + count - 1, which are removed. It is
 * whole and synced. Faults: as young_publish. */
NODISCARD enum fault young_replace(struct shard *shard, size_t first, size_t count, const char *name,
                                   struct error *err);

#endif
