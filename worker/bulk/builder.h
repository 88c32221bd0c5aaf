/* The bulk builder: documents of sorted postings in, a whole Xapian database in glass format out, written from front to
 * back in one revision. Ten times as fast as a WritableDatabase and more, because nothing is ever looked up, read back
 * or written twice; for first loads, rebuilds and restores. It knows neither Xapian nor entities.
 *
 *   IDLE    -> OPEN     [builder_begin]    a folder without iamglass: no database
 *   OPEN    -> OPEN     [builder_add, builder_meta, builder_spill]
 *   OPEN    -> IDLE     [builder_finish]   the folder is a database
 *   any     -> IDLE     [builder_cancel]   the folder is gone
 *   OPEN    -> BROKEN   [any fault but REJECT]; only builder_cancel and builder_free are left
 *
 * Invariants (1) The folder holds iamglass, and with it a database, only after every table is synced: tables, sync,
 * iamglass under another name, sync, rename, sync of the folder and of the one above it. So a crash, a full disk or a
 * kill leaves a whole database or none. `unsynced` leaves the syncs to the caller, and what a crash of the machine
 * leaves then is nothing that anybody may open. (2) A document that is rejected leaves no trace. (3) Documents are
 * numbered 1, 2, 3, ... in the order of builder_add. (4) The same documents give the same bytes, but for the UUID. (5)
 * Memory is about memory_bytes at most, if the caller spills or finishes when builder_full says so: one document more,
 * and the buffers of the tables (5 MB), can stand above it. Term lists and data go to disk as documents come; postings
 * wait for the end, in memory or in runs (run.h). (6) Blocks are those that xapian-compact makes of the same documents;
 * only bytes that stock leaves unused between items are not there.
 *
 * Threads: a builder belongs to one thread at a time; builders share nothing. Spans given are not kept. */
#ifndef REFERENT_BULK_BUILDER_H
#define REFERENT_BULK_BUILDER_H

#include "error.h"
#include "posting.h"

#include <stdbool.h>
#include <stdint.h>

struct builder;

struct builder_options {
    size_t memory_bytes; /* postings, terms and values in memory; at most about 8 GB are used */
    int level;           /* of libdeflate for term lists and data, 0: none; BUILDER_CODE; see BUILDER_LEVEL */
    uint32_t block_size; /* 0: 8192; a power of two, 2048..65536 */
    /* Another raw deflate than libdeflate's (a test gives stock's zlib, to compare blocks); usually NULL. */
    size_t (*deflate)(void *self, const char *tag, size_t size, char *out, size_t room);
    void *deflate_self;
    bool unsynced; /* the caller syncs the folder, before anything names it; see invariant (1) */
};

/* BUILDER_CODE is no level: one Huffman code for all term lists, one for all data (huffman.h). Found on 2,000
 * minutes of 6.8 KB with their stored text, in CPU time a minutes document with Xapian's check, and bytes of the index:
 * with the code, before repetitions were found, 0.34 ms and 34.2 KB; with nothing made smaller 0.25 ms and 37.3 KB;
 * with level 1 0.46 ms and 32.7 KB, which is what stock's compaction makes of them. */
enum { BUILDER_CODE = 13, BUILDER_LEVEL = BUILDER_CODE };

/* What a segment came to. */
struct builder_summary {
    uint32_t documents;
    uint32_t terms;
    uint64_t postings;
    uint64_t bytes; /* of all tables */
};

/* NULL without memory, or if an option is out of range. */
struct builder *builder_new(const struct builder_options *options);
/* Cancels what is open. */
void builder_free(struct builder **builder);

/* Start a segment in `folder`, which is made; leftovers of a builder that was killed are removed.
 * Faults: FAULT_REJECT bulk.exists: a database is there; FAULT_REOPEN bulk.write, bulk.memory; FAULT_STOP bulk.path. */
NODISCARD enum fault builder_begin(struct builder *builder, const char *folder, struct error *err);
/* Faults: FAULT_REJECT document.order, document.term, document.length, document.value, document.size: this document is
 * left out, the builder goes on; FAULT_REOPEN bulk.write, bulk.memory. */
NODISCARD enum fault builder_add(struct builder *builder, const struct index_document *document, struct error *err);
/* Set metadata of the segment; the last value of a key counts, an empty one deletes.
 * Faults: FAULT_REJECT metadata.key (1..250 bytes), metadata.value (too long); FAULT_REOPEN bulk.memory. */
NODISCARD enum fault builder_meta(struct builder *builder, struct span key, struct span value, struct error *err);
/* Spill now, or finish the segment, before the next document. */
bool builder_full(const struct builder *builder);
/* Put the postings so far away into a scratch file: the segment goes on, with room in memory. What it is in the end is
 * the same. Faults: FAULT_REOPEN bulk.write, bulk.memory; FAULT_STOP bulk.path. */
NODISCARD enum fault builder_spill(struct builder *builder, struct error *err);
/* Spilling would gain little: what stays in memory has grown too much, or there are too many runs. Finish. */
bool builder_is_spent(const struct builder *builder);
/* Memory taken, with what finishing will take. */
size_t builder_bytes(const struct builder *builder);
uint32_t builder_documents(const struct builder *builder);
/* Write everything out and publish. summary may be NULL.
 * Faults: FAULT_REOPEN bulk.write, bulk.memory, bulk.run (a scratch file was spoiled); FAULT_STOP. */
NODISCARD enum fault builder_finish(struct builder *builder, struct builder_summary *summary, struct error *err);
/* Drop what was begun, with its folder. Fine in any state. */
void builder_cancel(struct builder *builder);

/* Is the format that we write the one of the installed Xapian? `stock_folder` is an empty database that it just made.
 * Faults: FAULT_RETRY bulk.format: no; take the stock path, and log it. FAULT_REOPEN bulk.stock: cannot be read. */
NODISCARD enum fault builder_guard(const char *stock_folder, struct error *err);

#endif
