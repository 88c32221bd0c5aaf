/* A gate in front of commits: a search that two commits have overtaken again and again asks for a moment of quiet.
 * Xapian keeps one revision behind the newest, so a search that takes longer than two commits never ends by itself.
 * Any thread. */
#ifndef REFERENT_GATE_H
#define REFERENT_GATE_H

#include <pthread.h>

struct gate {
    pthread_mutex_t lock;
    pthread_cond_t opened;
    unsigned holders;
};

void gate_init(struct gate *gate);
void gate_done(struct gate *gate);
/* Nobody passes from now on, until gate_release. Holders do not wait for each other. */
void gate_hold(struct gate *gate);
void gate_release(struct gate *gate);
/* Wait until nobody holds the gate, but no longer than `most_ms`. */
void gate_pass(struct gate *gate, int most_ms);

#endif
