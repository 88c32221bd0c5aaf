/* A gate between searches and commits. Xapian keeps one revision behind the newest: the blocks that a search reads are
 * written over by the second commit after the one it began at. So a commit lets those go first who began before the
 * last one; and a search that was overtaken again and again all the same, as it took too long, asks for a moment of
 * quiet. Nobody waits without end. Any thread. */
#ifndef REFERENT_GATE_H
#define REFERENT_GATE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* Somebody who reads, on the stack; from gate_enter to gate_leave it is the gate's. */
struct gate_reader {
    uint64_t since; /* so many commits */
    bool overtaken;
    struct gate_reader *before, *behind;
};

struct gate {
    pthread_mutex_t lock;
    pthread_cond_t opened;
    unsigned holders, waiting;
    uint64_t commits;
    struct gate_reader *first, *last; /* in the order of entering */
};

enum { GATE_READERS_MS = 250 /* that a commit waits for readers, at most */ };

void gate_init(struct gate *gate);
void gate_done(struct gate *gate);

/* What is opened or refreshed from now on until gate_leave sees every commit that was told before. Never waits. */
void gate_enter(struct gate *gate, struct gate_reader *reader);
/* Returns whether all that was read is as it was: no commit behind this gate was tired of waiting. */
bool gate_leave(struct gate *gate, struct gate_reader *reader);
/* A commit is done, and whoever enters from now on sees it. Returns what gate_pass wants before the next one. */
uint64_t gate_committed(struct gate *gate);

/* Nobody passes from now on, until gate_release. Holders do not wait for each other. */
void gate_hold(struct gate *gate);
void gate_release(struct gate *gate);

/* Wait until nobody holds the gate, but no longer than `most_ms`, and until all have left who entered before the commit
 * (0: none), but no longer than GATE_READERS_MS. */
void gate_pass(struct gate *gate, uint64_t commit, int most_ms);

#endif
