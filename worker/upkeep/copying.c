/* copying: see copying.h. Any thread. */
#define _GNU_SOURCE /* copy_file_range: Linux shares blocks where it can */
#include "copying.h"

#include "directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

enum { BUFFER_BYTES = 1 << 20, PIECE_BYTES = 1 << 30 };

static enum fault system_fault(struct error *err, const char *path)
{
    return error_set(err, FAULT_REOPEN, "copy.file", "%.160s: %s", path, strerror(errno));
}

/* ---- one file */

static bool write_all(int to, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(to, bytes, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        size -= (size_t)written;
    }
    return true;
}

/* Read from where it stands to its end. False: errno says why. */
static bool pass_on(int from, int to, XXH3_state_t *hash, uint64_t *bytes)
{
    char *buffer = malloc(BUFFER_BYTES);
    ssize_t size = buffer != NULL ? 1 : -1;
    while (size > 0 || (size < 0 && buffer != NULL && errno == EINTR)) {
        size = read(from, buffer, BUFFER_BYTES);
        if (size > 0 && to >= 0 && !write_all(to, buffer, (size_t)size))
            size = -1;
        if (size > 0 && hash != NULL)
            XXH3_64bits_update(hash, buffer, (size_t)size);
        *bytes += size > 0 ? (uint64_t)size : 0;
    }
    free(buffer);
    return size == 0;
}

/* False: the kernel does not do it for these two files, and the rest is to be read and written. */
static bool share_all(int from, int to)
{
    for (;;) {
        ssize_t size = copy_file_range(from, NULL, to, NULL, PIECE_BYTES, 0);
        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0)
            return size == 0;
    }
}

enum fault file_copy(const char *from, const char *to, mode_t mode, struct error *err)
{
    uint64_t bytes = 0;
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return system_fault(err, from);
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    bool copied = out >= 0 && (share_all(in, out) || pass_on(in, out, NULL, &bytes));
    enum fault fault = copied ? FAULT_NONE : system_fault(err, to);
    if (out >= 0 && close(out) != 0 && fault == FAULT_NONE)
        fault = system_fault(err, to);
    close(in);
    return fault;
}

enum fault file_hash(const char *path, uint64_t *bytes, uint64_t *hash, struct error *err)
{
    XXH3_state_t *state = XXH3_createState();
    int file = open(path, O_RDONLY | O_CLOEXEC);
    *bytes = 0;
    bool read_all = state != NULL && file >= 0 && XXH3_64bits_reset(state) == XXH_OK;
    read_all = read_all && pass_on(file, -1, state, bytes);
    enum fault fault = read_all ? FAULT_NONE : system_fault(err, path);
    *hash = read_all ? XXH3_64bits_digest(state) : 0;
    if (file >= 0)
        close(file);
    XXH3_freeState(state);
    return fault;
}

enum fault file_sync(const char *path, struct error *err)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    bool synced = file >= 0 && fsync(file) == 0;
    enum fault fault = synced ? FAULT_NONE : system_fault(err, path);
    if (file >= 0)
        close(file);
    return fault;
}

/* ---- folders */

enum fault folder_visit(const char *path, enum fault (*visit)(void *self, const char *name, struct error *err),
                        void *self, struct error *err)
{
    DIR *folder = opendir(path);
    if (folder == NULL)
        return system_fault(err, path);
    enum fault fault = FAULT_NONE;
    for (struct dirent *entry; fault == FAULT_NONE && (entry = readdir(folder)) != NULL;)
        if (entry->d_name[0] != '.' && strcmp(entry->d_name, "flintlock") != 0)
            fault = visit(self, entry->d_name, err);
    closedir(folder);
    return fault;
}

static enum fault one_sync(void *self, const char *name, struct error *err)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s/%s", (const char *)self, name) >= (int)sizeof path)
        return error_set(err, FAULT_REOPEN, "copy.file", "a path is too long");
    return file_sync(path, err);
}

enum fault folder_sync(const char *path, struct error *err)
{
    TRY(folder_visit(path, one_sync, (void *)path, err));
    return directory_sync(path, err);
}

bool folder_empty(const char *path)
{
    DIR *folder = opendir(path);
    bool empty = true;
    if (folder == NULL)
        return errno == ENOENT;
    for (struct dirent *entry; empty && (entry = readdir(folder)) != NULL;)
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    closedir(folder);
    return empty;
}
