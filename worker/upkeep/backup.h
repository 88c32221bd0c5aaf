/* Backup: a copy of an index and its dead letters, made beside whoever writes; and the way back.
 *
 * Each shard is held between two commits while its files are copied (worker/base/directory.h): searches go on, feeders
 * wait, and where the file system can share blocks it takes no time. So every document that was acknowledged before the
 * backup began is in it. The copy is laid out as a data folder: any Xapian opens its shards.
 *
 *   TARGET/shard-0000/XAPIANDB, gen-000004/...   closed-0000/...   dead.sqlite   manifest (written last)
 *
 * A restored index is another one: each shard gets a new lineage, so that feeders compare what it holds with what they
 * know, and send again what came after the backup. */
#ifndef REFERENT_UPKEEP_BACKUP_H
#define REFERENT_UPKEEP_BACKUP_H

#include "error.h"

#include <stdint.h>

/* What was copied. */
struct backup_summary {
    uint32_t shards;
    uint64_t meetings, documents, bytes;
    int64_t longest_hold_ms; /* that a writer may have waited */
};

/* Copy the index in data_dir to `target`, a folder that is not there or empty. Every database of the copy is checked.
 * Faults: FAULT_REJECT backup.target, backup.source (no index), check.errors: the index itself is damaged; FAULT_REOPEN
 * copy.file, data.hold, dead.copy; those of the shim. Without a fault the backup is whole and synced; after one it has
 * no manifest. */
NODISCARD enum fault backup_make(const char *data_dir, const char *target, struct backup_summary *summary,
                                 struct error *err);

/* Make the backup in `source` an index in data_dir, which is not there or empty, or where a restore was interrupted. No
 * referentd may run there.
 * Faults: FAULT_REJECT backup.unfinished, backup.damaged, backup.version, restore.target; those above. After a fault
 * data_dir is no index (data.restoring) until a restore ends well. */
NODISCARD enum fault restore_make(const char *source, const char *data_dir, struct backup_summary *summary,
                                  struct error *err);

#endif
