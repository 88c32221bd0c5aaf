/* simulation: feeders, worker, wire and disk in one process and one thread, driven by a seed. What decides is the real
 * code: the feeder of libreferent, the intake, the writer with its bulk session, the batch and the order of versions.
 * What is played is what lies between them: connections, time, the stages' queues, Xapian, death.
 *
 *   feeder.c feeder_frame.c | wire.c |   intake.c peer.c     | worker.c | writer.c session.c | disk.c load.c
 *   outbox.c of libreferent | played | message.c publishing.c|  played  | batch.c version.c  |    played
 *
 * Everything that is played may do what the real thing may do and seldom does: a connection breaks and loses what
 * stands in it, or delivers it before the next one; a frame comes twice; a receipt is dropped; the disk refuses, and
 * what was not committed is gone although the next commit succeeds; the worker dies between the commit of the closed
 * part and that of the open one, with documents that are held, before and behind their publication. After some time
 * nothing new goes wrong, and all has to end well soon. */
#ifndef REFERENT_SIMULATION_H
#define REFERENT_SIMULATION_H

#include "stream.h"

#include "config.h"
#include "connection.h"
#include "flow.h"
#include "job.h"
#include "queue.h"
#include "shard.h"

#include <setjmp.h>
#include <stdatomic.h>

enum { SIM_FEEDERS_MAX = 4, SIM_IDS_MAX = 40, SIM_SHARDS_MAX = 3 };

/* What a seed decides. */
struct sim_plan {
    uint32_t feeders, shards, threads, batch_max;
    uint32_t loaders;     /* bits: these feeders load in bulk */
    uint32_t segment_max; /* documents of one segment of a load */
    uint32_t young;       /* segments beside a shard's generation */
    /* Of 10 000 steps or calls, how many: */
    uint32_t cuts, stalls, doubles, drops;         /* the wire */
    uint32_t crashes, crash_points;                /* of the worker, between steps and inside a commit */
    uint32_t kills;                                /* of feeders */
    uint32_t disk_faults, reopen_faults, disk_low; /* of the disk */
    uint32_t letter_faults;                        /* of the dead letters */
};

struct sim {
    uint64_t seed, random, step;
    int64_t now_ms;
    bool calm; /* nothing new goes wrong */
    bool trace;
    struct sim_plan plan;
    struct stream stream;
    uint32_t *outcome;
};

extern struct sim sim;

/* What does not hold ends the run with its seed. */
#define SIM_PROPERTY(holds, ...)                                                                                       \
    do {                                                                                                               \
        if (!(holds))                                                                                                  \
            sim_fail(#holds, __VA_ARGS__);                                                                             \
    } while (0)
_Noreturn void sim_fail(const char *property, const char *format, ...) PRINTF_LIKE(2, 3);
/* With REFERENT_TRACE every step is told. */
void sim_trace(const char *format, ...) PRINTF_LIKE(1, 2);
/* True `of_10000` times of so many, and never once it is calm. */
bool sim_happens(uint32_t of_10000);

/* ---- wire.c ---- */

void wire_begin(void);
void wire_end(void);
/* The next connection_open is this feeder's. */
void wire_feeder(uint32_t feeder);
/* Deliver what is due; true if something was. */
bool wire_step(void);
/* The connections of a feeder, or of all (feeder SIM_FEEDERS_MAX), break. */
void wire_cut(uint32_t feeder);
/* Nothing comes through for a while. */
void wire_stall(uint32_t feeder, int64_t ms);
void wire_worker_is(bool up);

/* ---- worker.c ---- */

void worker_begin(void);
void worker_end(void);
bool worker_is_up(void);
void worker_start(void);
/* It dies, with all that is not committed. */
void worker_crash(void);
/* A frame has come; `bytes` live until the call returns. */
void worker_hear(uint32_t routing, struct span bytes);
/* One of its threads does something. */
void worker_step(void);
/* Nothing is in its hands. */
bool worker_is_idle(void);
bool worker_has_letter(uint32_t id);
/* Where disk.c lets it die. */
extern jmp_buf worker_death;

/* ---- disk.c ---- */

/* What is committed of an id. */
struct sim_row {
    uint32_t open, closed; /* documents */
    bool present, deleted;
    uint64_t version;
    uint64_t written; /* the commit sequence since when it is as it is */
    unsigned char digest[16];
};

void disk_begin(void);
struct sim_row disk_row(uint32_t id);
uint64_t disk_sequence(uint32_t shard);
uint64_t disk_merges(void);
uint32_t disk_shard(uint32_t id);
void disk_lineage(uint32_t shard, unsigned char lineage[static LINEAGE_BYTES]);
/* The number of a document's id. */
uint32_t sim_id(struct span id);
/* A document of a segment. */
struct sim_loaded {
    uint32_t id;
    bool meeting; /* the meeting's own */
    uint64_t version;
    unsigned char digest[16];
};
struct sim_segment {
    struct sim_loaded *items;
    size_t count;
    bool whole;
};
/* Both parts have these documents too, in one commit. */
void disk_publish(uint32_t shard, const struct sim_segment *open, const struct sim_segment *closed);

/* ---- load.c ---- */

uint64_t load_publications(void);

/* ---- writing.c ---- */

void writing_start(const struct config *config, struct queue *published, struct flow *flow);
/* To the writer of its shard. */
void writing_give(struct job *job);
/* A writer takes a job, if there is one, and does what is due; what has its receipt goes to `done`. */
void writing_step(uint32_t shard, struct queue *done);
void writing_flush(void);
enum fault writing_ready(uint32_t shard, uint32_t *wait_ms, struct error *why);
/* The writers are gone; `died` frees each job that was with them. */
void writing_crash(void (*died)(struct job *job));

#endif
