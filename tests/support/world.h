/* world: a real referentd with a data folder of its own on free ports of the process's own loopback address, with one
 * feeder and one searcher that speak real frames to it.
 *
 * world_end, the teardown of every story, drains what still runs and expects exit status 0 (sanitizers change it),
 * runs xapian-check over every shard, and removes the folder. */
#ifndef REFERENT_TEST_WORLD_H
#define REFERENT_TEST_WORLD_H

#include "peer.h"
#include "process.h"
#include "scenario.h"

/* Settings under which a batch waits for its documents or its bytes. */
#define PATIENT "commit_max_age_ms = 60000\ncommit_idle_ms = 60000\n"

struct world {
    char folder[200]; /* temporary; `folder`/data is the index */
    char data[220];
    char feed[256];
    char search[256];
    struct process daemon;
    void *context;
    struct peer *feeder; /* has said Hello */
    struct peer *searcher;
    const Welcome *welcome;
    const char *program;
    bool deadly;     /* it dies of signals, and no sanitizer says a word */
    bool interposed; /* the daemon's calls of the file system obey world_rules */
    bool powered;    /* and what it syncs is kept in `folder`/power, for power_loss */
    bool remade;     /* each start makes every shard anew from its stored text */
    struct world *next;
};

/* Start with these lines as configuration file ("" for the defaults); ready when it returns. */
struct world *world_start(const char *settings);
/* A temporary folder and no daemon; for stories about starting. */
struct world *world_empty(const char *settings);
/* As world_start, with support/poison.c in the daemon. */
struct world *world_poisoned(const char *settings);
/* A referentd without poison, for w->program. */
const char *world_plain_program(void);
/* Do what a service manager does, start the daemon again whenever it dies, until the process ends; how often it died.
 */
unsigned world_supervise(struct world *w, struct process *until, int64_t timeout_ms, int *status);
/* As world_start, with support/interpose.c in front of the C library. */
struct world *world_interposed(const char *settings);
/* From now on these rules hold, as interpose.c describes them, with @ for the data folder: "write @/shard-* 1 -
 * ENOSPC".
 * "" ends all of them. */
void world_rules(struct world *w, const char *rules);
/* What the rules have done so far, a line a call, to free. */
char *world_rules_log(const struct world *w);
/* Run referentd with these arguments behind --config and --data to its end; exit status, output in w->daemon. */
int world_referentd(struct world *w, const char *const arguments[]);
/* Run the referent command to its end within the deadline; exit status, standard output in *out, to free. */
int world_referent(struct world *w, const char *const arguments[], char **out);
/* The same without waiting; and with the rules of world_rules on the command itself. */
void world_referent_start(struct world *w, struct process *process, const char *const arguments[]);
void world_referent_interposed(struct world *w, struct process *process, const char *const arguments[]);

/* Another feeder that has said Hello; and one that has said nothing. The caller frees them. */
struct peer *world_feeder(struct world *w);
struct peer *world_stranger(struct world *w, const char *endpoint);

/* kill -9, and nothing is tidied. */
void world_kill(struct world *w);
/* Start again on the same data and the same ports; the feeder says Hello again. */
void world_restart(struct world *w);
/* Start, on the same data if there are any, where it may be that the daemon is killed by the rules: false if it was
 * before it was ready. Nobody says Hello. */
bool world_try(struct world *w);
/* End this world now, as world_end does with all that are left; fails where it finds something. Every peer goes with
 * it, so it is the only one. */
void world_close(struct world *w);
/* SIGTERM; world_drained waits for the end and expects exit status 0. */
void world_terminate(struct world *w);
void world_drained(struct world *w);
/* xapian-check finds no fault in any shard. */
void world_check_shards(struct world *w);
/* Wait until the daemon's log holds this. */
void world_expect_log(struct world *w, const char *words);
/* The daemon's log so far, to free. */
char *world_log(const struct world *w);
/* Memory of the daemon now. */
size_t world_daemon_bytes(const struct world *w);

/* ---- the short forms that stories use: on w->feeder and w->searcher -------------------------------------------- */

uint64_t feed(struct world *w, struct fed fed);
/* Fed and committed. */
const Receipt *given(struct world *w, struct fed fed);
/* A search finds `total` Xapian documents, at once. */
const SearchReply *expect_found(struct world *w, const char *query, uint64_t total);
/* A counter of StatusReply by name; 0 if it is not there. */
uint64_t counter(struct world *w, const char *name);
/* Wait until `read(w)` gives at least `least`. */
void expect_at_least(struct world *w, uint64_t (*read)(struct world *w), uint64_t least);
/* Documents without a final receipt; meetings in all shards. */
uint64_t in_flight(struct world *w);
uint64_t meetings(struct world *w);
/* Every id in every shard's inventory, tombstones left out; counts them, and fails on an id that stands twice. */
size_t inventory_count(struct world *w);

#endif
