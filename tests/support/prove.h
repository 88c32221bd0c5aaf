/* prove: a worker under proof, with feeders that are processes of their own, their journals, and the model of the
 * promise. What harm is done to them is the test's. REFERENT_SEED and REFERENT_ROUNDS set what a run is made of. */
#ifndef REFERENT_TEST_PROVE_H
#define REFERENT_TEST_PROVE_H

#include "golden.h"
#include "world.h"

enum { PROVE_FEEDERS_MAX = 4 };

struct proof {
    struct world *world;
    struct stream stream;
    struct golden *golden;
    struct verdict verdict;
    uint64_t random;
    uint32_t shards;
    char endpoint[256]; /* where feeders connect, if not to the worker: a proxy */
    bool bulk;          /* feeders load in bulk in each of their lives; otherwise in every third */
    struct process feeders[PROVE_FEEDERS_MAX];
    bool done[PROVE_FEEDERS_MAX];
    size_t read[PROVE_FEEDERS_MAX]; /* rows of each journal that the model has */
};

/* The seed of this run: REFERENT_SEED, or `usual`; said on the screen. */
uint64_t proof_seed(uint64_t usual);
/* Let time pass: the harm that is done comes at moments, not at events. */
void proof_rest_us(uint64_t us);
/* How often: REFERENT_ROUNDS, or `usual`. */
unsigned proof_rounds(unsigned usual);
/* Several programs share a long proof: REFERENT_PART=2/4 is the second of four, which takes each fourth of the calls.
 * Without it one takes all. */
struct proof_part {
    unsigned number, of; /* number is 0 .. of - 1 */
};
struct proof_part proof_part(void);

/* A world, started or not, which has so many shards, and a stream for it; no feeder is started. */
struct proof *proof_new(struct world *world, uint64_t seed, uint32_t ids, uint32_t ops, uint32_t feeders,
                        uint32_t shards);
/* Start a feeder, or start it again. */
void proof_feeder_start(struct proof *proof, uint32_t feeder);
void proof_feeder_kill(struct proof *proof, uint32_t feeder);
/* Take in the journals; operations with a receipt. */
uint32_t proof_settled(struct proof *proof);
/* Wait until so many have one; fails after a minute without any. False: a feeder ended with another status than 0. */
void proof_await(struct proof *proof, uint32_t settled);
/* Wait until all have one, or the daemon has died; true: it has. */
bool proof_await_death(struct proof *proof);
/* The worker is dead: what it left keeps the promise. Fails with the seed if not. */
void proof_look(struct proof *proof, uint32_t sparse);
/* Nothing came for so long that the test fails; the worker is killed, and what it left is looked at before. */
void proof_stalled(struct proof *proof, uint32_t wanted);
/* All feeders end, the worker drains, and the index is what the stream leads to. Fails with the seed if not. */
void proof_finish(struct proof *proof);
void proof_free(struct proof **proof);

/* A worker that dies before the nth of some calls, from its first start on an empty folder to its last commit. */
struct proof_deaths {
    uint64_t seed;
    uint32_t ids, ops, shards;
    bool bulk;
    const char *calls;                 /* of interpose.c */
    struct world *(*begin)(void);      /* not started, interposed */
    void (*harm)(struct world *world); /* once it is dead; may be NULL */
    unsigned stride;                   /* at each so manieth call */
};
/* For every call of our part one life that ends there, a look at what is left, and one that goes on to the end, until
 * the call is never made. Fails with the seed where a promise is broken. */
void proof_die_everywhere(const struct proof_deaths *deaths);

#endif
