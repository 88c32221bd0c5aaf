/* block_file: numbers, places and the disk. Owned by the thread that owns the builder. */
#include "block_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* 256 KB of 8 K blocks a write, which stay in the processor's cache. For a whole megabyte the kernel takes its page
 * cache in pieces of that size, which on a virtual machine are mostly those that the host has to find first. The slack
 * is for branch blocks that are numbered while a leaf is being filled. */
enum { WINDOW_BLOCKS = 32, WINDOW_SLACK = BLOCK_FILE_LEVELS + 1 };

bool block_file_init(struct block_file *file, size_t block_size)
{
    *file = (struct block_file){.file = -1, .block_size = block_size};
    file->window = calloc(WINDOW_BLOCKS + WINDOW_SLACK, block_size);
    return file->window != NULL;
}

void block_file_done(struct block_file *file)
{
    if (file->file >= 0 && file->window != NULL)
        close(file->file);
    free(file->window);
    file->window = NULL;
    file->file = -1;
}

enum fault block_file_begin(struct block_file *file, const char *directory, const char *name, struct error *err)
{
    file->next = file->base = 0;
    if (snprintf(file->path, sizeof file->path, "%s/%s", directory, name) >= (int)sizeof file->path)
        return error_set(err, FAULT_STOP, "bulk.path", "the name of the segment is too long");
    return FAULT_NONE;
}

enum fault file_fault(struct error *err, const char *path)
{
    return error_set(err, FAULT_REOPEN, "bulk.write", "%s: %s; the segment is dropped, build it again", path,
                     strerror(errno));
}

enum fault file_write(int file, const char *path, const char *bytes, size_t size, uint64_t offset, struct error *err)
{
    while (size > 0) {
        ssize_t written = pwrite(file, bytes, size, (off_t)offset);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return file_fault(err, path);
        bytes += written;
        size -= (size_t)written;
        offset += (uint64_t)written;
    }
    return FAULT_NONE;
}

static enum fault file_make(struct block_file *file, struct error *err)
{
    if (file->file < 0)
        file->file = open(file->path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    return file->file < 0 ? file_fault(err, file->path) : FAULT_NONE;
}

/* Empty the window. Blocks that were numbered but not put yet go out as they are, and are put in place later. */
static enum fault window_flush(struct block_file *file, struct error *err)
{
    size_t bytes = (file->next - file->base) * file->block_size;
    TRY(file_make(file, err));
    TRY(file_write(file->file, file->path, file->window, bytes, (uint64_t)file->base * file->block_size, err));
    file->base = file->next;
    return FAULT_NONE;
}

enum fault block_file_leaf(struct block_file *file, uint32_t *number, char **block, struct error *err)
{
    if (file->next - file->base >= WINDOW_BLOCKS)
        TRY(window_flush(file, err));
    *number = file->next++;
    *block = file->window + (*number - file->base) * file->block_size;
    return FAULT_NONE;
}

uint32_t block_file_branch(struct block_file *file)
{
    return file->next++;
}

enum fault block_file_put(struct block_file *file, uint32_t number, const char *block, struct error *err)
{
    if (number < file->base)
        return file_write(file->file, file->path, block, file->block_size, (uint64_t)number * file->block_size, err);
    memcpy(file->window + (number - file->base) * file->block_size, block, file->block_size);
    return FAULT_NONE;
}

enum fault block_file_end(struct block_file *file, struct error *err)
{
    TRY(window_flush(file, err));
    if (!file->unsynced && fsync(file->file) != 0)
        return file_fault(err, file->path);
    int closed = close(file->file);
    file->file = -1;
    return closed == 0 ? FAULT_NONE : file_fault(err, file->path);
}

void block_file_drop(struct block_file *file)
{
    if (file->file >= 0)
        close(file->file);
    file->file = -1;
    if (file->path[0] != '\0')
        unlink(file->path);
    file->path[0] = '\0';
}
