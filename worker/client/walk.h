/* Paths of the command line -> the files to feed and the ids they get. Only names are kept, never contents.
 *
 * Every file that should go in is on the list, also one that cannot: then `problem` says why, and it counts as failed.
 * So do a folder that cannot be read and a path that is not there. Folders are read in order of names; symbolic links
 * are followed, but not into a folder that is being walked. */
#ifndef REFERENT_WALK_H
#define REFERENT_WALK_H

#include "arena.h"
#include "error.h"

#include <stddef.h>

struct walk_rules {
    const char *const *endings; /* besides .md and .txt: such as ".html" */
    size_t ending_count;
    const char *source; /* ids begin with it and a slash; "" for none */
    const char *id;     /* instead of the path, for a single file; NULL: the path */
};

struct walk_file {
    const char *path;    /* to open */
    const char *id;      /* the path below the folder, or the file's name; with the source before it */
    const char *problem; /* why it cannot be fed; NULL if it can */
};

struct walk {
    struct arena *arena;
    LIST(struct walk_file) files;
};

/* False: out of memory. */
NODISCARD bool walk_begin(struct walk *walk);
void walk_done(struct walk *walk);

/* Add one path of the command line. Faults: FAULT_RETRY memory. */
NODISCARD enum fault walk_add(struct walk *walk, const char *path, const struct walk_rules *rules, struct error *err);
/* Add one file or folder below a folder that was given, as walk_add of the folder would list it; nothing if it is not
 * there or not to be fed. Faults: FAULT_RETRY memory. */
NODISCARD enum fault walk_add_below(struct walk *walk, const char *folder, const char *below,
                                    const struct walk_rules *rules, struct error *err);

#endif
