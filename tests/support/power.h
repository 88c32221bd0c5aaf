/* power: what of a folder is left when the power goes: what was synced, and nothing else.
 *
 * The strictest disk that POSIX allows is kept beside the real one, in a shadow folder. interpose.c tells it of each
 * fsync and fdatasync: of a file its bytes are copied, of a folder its names. So the shadow knows what a file holds
 * since its last sync, and which names a folder has since its own; a file whose folder was not synced since is gone,
 * a file that was never synced is empty, a rename that was not synced has not happened.
 *
 *     SHADOW/KEY       the bytes of a file        KEY is inode and time of birth, so that a reused inode is another
 *     SHADOW/KEY.dir   the names of a folder: "KEY TYPE NAME" a line, TYPE d or f */
#ifndef REFERENT_TEST_POWER_H
#define REFERENT_TEST_POWER_H

#include <stdbool.h>
#include <stdint.h>

enum { POWER_KEY_MAX = 64 };

/* A file or folder was synced. Called in the daemon, by the interposer, which has the lock; SHADOW is the environment's
 * REFERENT_POWER, "" or unset: nothing is kept. Only system calls, none that is interposed. */
void power_synced(int file);
/* The key of what `path` is, relative to `folder` as in openat(2), "" for `folder` itself; false if it is not there. */
bool power_key(int folder, const char *path, char key[static POWER_KEY_MAX], bool *is_folder);

/* The power goes: `folder` becomes what was synced of it. With a random state some files and folders are luckier, and
 * are as they were: disks write back when they like. Nobody may have the folder open. Aborts if it cannot. */
void power_loss(const char *folder, const char *shadow, uint64_t *random);
/* Would the power take nothing of `path` itself? A file has the bytes of its last sync, a folder the names, each for
 * the same file; what the folder's files hold is asked of them. */
bool power_kept(const char *path, const char *shadow);
/* Has the folder that `path` is in had that name, for what it is now, at its last sync? */
bool power_named(const char *path, const char *shadow);

#endif
