/* Files read, and digested where a ledger wants to know, by threads of their own: --jobs. Files come out about in the
 * order of the list (with one thread: exactly), and no more is read ahead than READ_AHEAD_BYTES and READ_AHEAD_FILES;
 * a larger file comes alone.
 *
 * Threads   The owner calls; the readers see nothing but the tasks, which must not change while the loader runs. */
#ifndef REFERENT_LOADER_H
#define REFERENT_LOADER_H

#include "file.h"
#include "ledger.h"

enum { READ_AHEAD_BYTES = 64 * 1024 * 1024, READ_AHEAD_FILES = 256, LOADER_JOBS_MAX = 64 };

struct read_task {
    size_t index; /* the owner's */
    const char *path;
    const char *id;
    const char *source;
};

/* A file that was read, or could not be. */
struct read_file {
    struct read_file *next;
    size_t index;
    struct file_bytes bytes;
    struct ledger_stamp
        stamp;                /* if digests were asked for: before it was read; a later change shows as another stamp */
    unsigned char digest[16]; /* the same, if it could be read */
    enum fault fault;
    struct error error;
};

struct loader;

/* Start so many threads. Faults: FAULT_RETRY memory, thread. */
NODISCARD enum fault loader_start(const struct read_task *tasks, size_t count, unsigned jobs, bool digests,
                                  struct loader **out, struct error *err);
/* The next file; waits up to timeout_ms. NULL: none yet, or none is left. It counts as read ahead until it is freed. */
struct read_file *loader_take(struct loader *loader, int timeout_ms);
void read_file_free(struct loader *loader, struct read_file **file);
/* Has every file been taken? */
bool loader_ended(struct loader *loader);
/* Ends the threads, frees what was not taken. Files that were taken are to be freed before. NULL is fine. */
void loader_stop(struct loader **loader);

/* What stat() says of a path; an mtime that a write within the clock's grain could leave as it is becomes 0. */
bool stamp_take(const char *path, struct ledger_stamp *stamp);
bool stamp_same(const struct ledger_stamp *a, const struct ledger_stamp *b);

#endif
