/* The data folder on disk.
 *
 *   DIR/lock                    held by the process that writes
 *   DIR/shard-0000/XAPIANDB     a stub: names the current generation; replaced by rename and synced
 *   DIR/shard-0000/gen-000001/  a Xapian glass database; .commit/ in it is where commits are prepared
 *                               (shim/xapian_write.cc)
 *   DIR/shard-0000/young-000007/ another one, with documents that came later (worker/write/young.h): the stub names up
 *                               to YOUNG_MAX of them behind the generation
 *   DIR/shard-0000/hold         held around each commit, and by a backup while it copies (directory_hold)
 *   DIR/shard-0000/load-000001/ a segment of a bulk load that goes on (worker/write/session.h)
 *   DIR/switch-0000             a move to another generation that is decided (worker/write/generation.h)
 *   DIR/closed-0000/...         the same for closed items, made when the first one comes
 *   DIR/restoring               while a backup is restored into DIR: it is no index yet
 *   DIR/rebuild-0000            what the rebuild of a shard has in hand (worker/upkeep/in_hand.h)
 *   DIR/dead.sqlite             what was rejected (worker/dead/store.h)
 */
#ifndef REFERENT_DIRECTORY_H
#define REFERENT_DIRECTORY_H

#include "error.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Make the folder if needed, durably, and take its lock; *lock is a descriptor, closed by directory_unlock.
 * Faults  FAULT_STOP data.open, data.sync; data.lock, with the process that has it. Here and below FAULT_STOP is
 *         FAULT_REOPEN where the system's error passes: a full disk, an I/O error, a read-only file system. */
NODISCARD enum fault directory_lock(const char *data_dir, int *lock, struct error *err);
void directory_unlock(int *lock);

/* Hold the part: nobody else writes to the shard's databases or moves it to another generation, here or in another
 * process, until it is released. Writers hold it around each commit, a backup while it copies the shard. Waits.
 * Faults: FAULT_REOPEN data.hold. */
NODISCARD enum fault directory_hold(const char *part, int *hold, struct error *err);
void directory_release(int *hold);

/* One above the largest number of a shard that has a folder in data_dir; 0 if none has.
 * Faults: FAULT_STOP data.open; data.restoring: a restore was interrupted. */
NODISCARD enum fault directory_shards(const char *data_dir, uint32_t *shards, struct error *err);

/* DIR/shard-0002 (or closed-0002) in out. Faults: FAULT_STOP data.path: too long. */
NODISCARD enum fault directory_part(const char *data_dir, bool closed, uint32_t shard, char out[static PATH_MAX],
                                    struct error *err);
/* The path of the generation that the part's stub names; *exists is false if there is no stub yet, and `out` is then
 * the path of the first generation. Faults: FAULT_STOP data.stub. */
NODISCARD enum fault directory_generation(const char *part, char out[static PATH_MAX], bool *exists, struct error *err);
/* The part's stub as it is right now, held open: so no other file gets its number, and whether it was replaced is told
 * without a clock. A change in place is told by its size and times. */
struct stub_seen {
    int held; /* a descriptor; -1: there is none */
    uint64_t device, inode, bytes;
    int64_t written_ns, changed_ns;
};
struct stub_seen directory_see(const char *part);
/* Is it still the same one? */
bool directory_seen(const char *part, const struct stub_seen *seen);
/* Let go of it; nothing happens with one that was let go. */
void directory_unsee(struct stub_seen *seen);

/* Names of young segments, oldest first: "young-000007". */
enum { YOUNG_MAX = 8, YOUNG_NAME_BYTES = 16 };
struct young_names {
    char at[YOUNG_MAX][YOUNG_NAME_BYTES];
    size_t count;
};
/* Is it the name of a young segment? */
bool directory_is_young(const char *name);
/* Those that the part's stub names; none without a stub. Faults: FAULT_STOP data.stub. */
NODISCARD enum fault directory_young(const char *part, struct young_names *young, struct error *err);

/* Make the part's folder; fine if it is there. */
NODISCARD enum fault directory_make(const char *path, struct error *err);
/* Point the stub of the part at a generation, and the young segments beside it (NULL: none), durably and at once. */
NODISCARD enum fault directory_publish(const char *part, const char *generation, const struct young_names *young,
                                       struct error *err);
/* Sync a directory, so that renames in it survive power loss. */
NODISCARD enum fault directory_sync(const char *path, struct error *err);
/* Remove the folder of a database: its files, and where commits are prepared. With anything else in it, it stays. */
void directory_remove(const char *path);
/* What the files of a folder take, bytes; 0 where it cannot be read. */
uint64_t directory_bytes(const char *path);

#endif
