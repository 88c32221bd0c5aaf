/* A file of equal blocks that is written nearly from front to back: a block gets its number when it is begun, leaves
 * are filled in place in a window over the end of the file, branch blocks are put under their number when they are
 * full.
 *
 *   file   |0 ......... written .......... | base ... window ... next|
 *
 * The file is made when its first block leaves the window, so that a table without entries leaves no file. */
#ifndef REFERENT_BULK_BLOCK_FILE_H
#define REFERENT_BULK_BLOCK_FILE_H

#include "error.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct block_file {
    char path[PATH_MAX];
    int file;      /* -1: not made yet */
    bool unsynced; /* block_file_end need not sync */
    size_t block_size;
    uint32_t next; /* the number the next block gets */
    uint32_t base; /* the first block in the window */
    char *window;
};

/* False without memory. The path is set by block_file_begin. */
NODISCARD bool block_file_init(struct block_file *file, size_t block_size);
void block_file_done(struct block_file *file);
/* Start an empty file DIRECTORY/NAME. Faults: FAULT_STOP bulk.path: too long. */
NODISCARD enum fault block_file_begin(struct block_file *file, const char *directory, const char *name,
                                      struct error *err);
/* The place of a new leaf, valid until the next call. Faults: FAULT_REOPEN bulk.write. */
NODISCARD enum fault block_file_leaf(struct block_file *file, uint32_t *number, char **block, struct error *err);
/* A number for a branch block, whose bytes come later; at most BLOCK_FILE_LEVELS between two leaves. */
uint32_t block_file_branch(struct block_file *file);
NODISCARD enum fault block_file_put(struct block_file *file, uint32_t number, const char *block, struct error *err);
/* Everything on disk: written and, unless that is left to others, synced. Faults: FAULT_REOPEN bulk.write. */
NODISCARD enum fault block_file_end(struct block_file *file, struct error *err);
/* Close, and remove what was made. */
void block_file_drop(struct block_file *file);

enum { BLOCK_FILE_LEVELS = 10 /* Xapian's bound on the height of a tree */ };

/* Write all of `size` bytes at `offset`. Faults: FAULT_REOPEN bulk.write with the file's name and the system's words.
 */
NODISCARD enum fault file_write(int file, const char *path, const char *bytes, size_t size, uint64_t offset,
                                struct error *err);
enum fault file_fault(struct error *err, const char *path);

#endif
