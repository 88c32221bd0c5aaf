/* A folder of its own for a test, removed at the end. */
#ifndef REFERENT_TEST_TEMP_H
#define REFERENT_TEST_TEMP_H

#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static inline int temp_unlink(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    (void)about;
    (void)kind;
    (void)where;
    return remove(path);
}

/* Fills `path` (at least 64 bytes); false if the system refuses. */
static inline bool temp_make(char path[static 64])
{
    const char *base = getenv("TMPDIR");
    snprintf(path, 64, "%.40s/referent-XXXXXX", base && strlen(base) <= 40 ? base : "/tmp");
    return mkdtemp(path) != NULL;
}

static inline void temp_remove(const char *path)
{
    nftw(path, temp_unlink, 16, FTW_DEPTH | FTW_PHYS);
}

#endif
