/* file: bytes of one file. */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STEP_BYTES = 64 * 1024 };

static enum fault failed(const char *path, const char *why, struct error *err)
{
    return error_set(err, FAULT_REJECT, "file.read", "cannot read %s: %s", path, why);
}

/* Read to the end, or one byte beyond max_bytes: a file may grow while it is read. */
static enum fault read_all(int descriptor, const char *path, size_t expected, size_t max_bytes, struct file_bytes *out,
                           struct error *err)
{
    size_t capacity = expected + 1;
    out->at = malloc(capacity);
    for (;;) {
        if (out->at == NULL)
            return error_set(err, FAULT_RETRY, "memory", "out of memory for %s", path);
        ssize_t got = read(descriptor, out->at + out->size, capacity - out->size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failed(path, strerror(errno), err);
        out->size += (size_t)got;
        if (got == 0 || out->size > max_bytes)
            return FAULT_NONE;
        if (out->size < capacity)
            continue;
        capacity += capacity / 2 + STEP_BYTES;
        char *larger = realloc(out->at, capacity);
        if (larger == NULL)
            free(out->at);
        out->at = larger;
    }
}

enum fault file_read(const char *path, size_t max_bytes, struct file_bytes *out, struct error *err)
{
    *out = (struct file_bytes){0};
    bool input = strcmp(path, "-") == 0;
    /* O_NONBLOCK: opening a pipe that nobody writes to would wait for ever */
    int descriptor = input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat state;
    enum fault fault = FAULT_NONE;
    if (descriptor < 0 || fstat(descriptor, &state) != 0) {
        fault = failed(path, strerror(errno), err);
    } else if (!input && !S_ISREG(state.st_mode)) {
        fault = failed(path, S_ISDIR(state.st_mode) ? "it is a folder" : "it is not a regular file", err);
    } else {
        size_t expected = S_ISREG(state.st_mode) ? (size_t)state.st_size : STEP_BYTES;
        if (!input && state.st_mtim.tv_sec > 0)
            out->mtime_ms = (int64_t)state.st_mtim.tv_sec * 1000 + state.st_mtim.tv_nsec / 1000000;
        if (S_ISREG(state.st_mode) && expected > max_bytes)
            out->size = expected;
        else
            fault = read_all(descriptor, path, expected, max_bytes, out, err);
    }
    if (!input && descriptor >= 0)
        close(descriptor);
    if (fault != FAULT_NONE || out->size > max_bytes) {
        free(out->at);
        out->at = NULL;
    }
    return fault;
}

void file_bytes_done(struct file_bytes *bytes)
{
    free(bytes->at);
    *bytes = (struct file_bytes){0};
}

bool file_ends_in(const char *path, const char *ending)
{
    size_t path_size = strlen(path), size = strlen(ending);
    return path_size > size && strcasecmp(path + path_size - size, ending) == 0;
}

const char *file_media_type(const char *path)
{
    if (file_ends_in(path, ".md") || file_ends_in(path, ".markdown"))
        return "text/markdown";
    return file_ends_in(path, ".html") || file_ends_in(path, ".htm") ? "text/html" : "text/plain";
}
