/* What the two files of `referent dead` share: dead.c lists, shows and drops, replay.c feeds again. */
#ifndef REFERENT_DEAD_H
#define REFERENT_DEAD_H

#include "command.h"

struct dead {
    const char *endpoint; /* of feeding */
    struct referent_searcher *searcher;
    int timeout_ms;
    uint64_t patience_s;
    uint64_t *numbers; /* the letters that are meant, each once */
    size_t count, room;
};

/* A call failed: say what to do. Gives FAILURE. */
int dead_failed(const struct dead *dead, enum referent_result result, const struct referent_error *err);
/* Feed the letters again; drop those that are not rejected once more. Gives the exit status. */
int dead_replay(struct dead *dead);

#endif
