/* The care of whole databases: documents read back as they were added, checking, merging. For rebuilds, backups and
 * repairs; faults and threads as in xapian_shim.h. */
#ifndef REFERENT_XAPIAN_CARE_H
#define REFERENT_XAPIAN_CARE_H

#include "xapian_shim.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Every document of one part that has the term, as database_add took it: postings with positions, values, data; in
 * order of document id. `unique` is the first posting that begins with `unique_prefix`; empty if there is none.
 * Owner: *documents lives in the arena. */
NODISCARD enum fault database_documents(struct database *database, size_t part, struct arena *arena, struct span term,
                                        struct span unique_prefix, struct index_document **documents, size_t *count,
                                        struct error *err);

/* The greatest document id that was ever given in one part: documents that are added later have greater ones. */
NODISCARD enum fault database_newest(struct database *database, size_t part, uint32_t *docid, struct error *err);
/* Up to `limit` documents of one part with ids above `after`, ascending: their ids and what their slot holds. */
struct docid_value {
    uint32_t docid;
    struct span value; /* empty if the slot is not set */
};
NODISCARD enum fault database_newer(struct database *database, size_t part, struct arena *arena, uint32_t after,
                                    uint32_t slot, size_t limit, struct docid_value **out, size_t *count,
                                    struct error *err);

/* One value of a document by its number; empty if it is not set, or there is no such document. */
NODISCARD enum fault database_value(struct database *database, size_t part, struct arena *arena, uint32_t docid,
                                    uint32_t slot, struct span *value, struct error *err);

/* Xapian's own check of a database on disk, tables and their cross-references; a folder, not a stub. *errors is what it
 * counts, `words` (may be NULL) the beginning of what it says.
 * Faults: REOPEN, STOP where it is so broken that the check itself ends: that is an answer, too. */
enum { CHECK_WORDS_BYTES = 512 };
NODISCARD enum fault database_check(const char *path, uint64_t *errors, char words[CHECK_WORDS_BYTES],
                                    struct error *err);

/* Write the documents of all `from` after one another into a new database `to`, compacted: document ids are numbered
 * anew. Metadata of the first that has a key. Read at one revision each; REOPEN if a writer overtakes it twice. Tables
 * are synced, `to` and its parent are not. */
NODISCARD enum fault database_merge(const char *const *from, size_t count, const char *to, struct error *err);

#ifdef __cplusplus
}
#endif
#endif
