/* Files of minutes: their bytes and what kind they are by name. */
#ifndef REFERENT_FILE_H
#define REFERENT_FILE_H

#include "error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct file_bytes {
    char *at;         /* malloc'd; NULL if the file is larger than the limit */
    size_t size;      /* also when at is NULL: as large as it is known to be */
    int64_t mtime_ms; /* since 1970; 0 for standard input and for times before */
};

/* Read a regular file, or standard input for "-". A file of more than max_bytes is not kept: at is NULL and size above
 * max_bytes, so that whoever judges sizes can.
 * Faults  FAULT_REJECT file.read: with what the system said, or not a regular file; FAULT_RETRY memory. */
NODISCARD enum fault file_read(const char *path, size_t max_bytes, struct file_bytes *out, struct error *err);
void file_bytes_done(struct file_bytes *bytes);

/* Does the name end in `ending` (".md"), in any case? */
bool file_ends_in(const char *path, const char *ending);
/* "text/markdown", "text/html", or "text/plain" for everything else. */
const char *file_media_type(const char *path);

#endif
