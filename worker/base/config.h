/* The daemon's settings: read once from the configuration file and the command line, then constant.
 * Every key is explained in deploy/referent.conf; both are held equal by a test. */
#ifndef REFERENT_CONFIG_H
#define REFERENT_CONFIG_H

#include "error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CONFIG_TEXT_MAX = 256 };

struct config {
    char data_dir[CONFIG_TEXT_MAX];
    char feed_endpoint[CONFIG_TEXT_MAX];
    char search_endpoint[CONFIG_TEXT_MAX];
    char roles[CONFIG_TEXT_MAX]; /* "index", "search", or both with a comma */
    char log_level[CONFIG_TEXT_MAX];
    uint64_t shards;       /* 0: as the index has them, 4 for a new one */
    uint64_t text_threads; /* 0: one a core */
    uint64_t search_threads;
    uint64_t credit_bytes; /* a feeder's */
    uint64_t credit_messages;
    uint64_t in_flight_bytes; /* all feeders' */
    uint64_t in_flight_messages;
    uint64_t commit_max_docs;
    uint64_t commit_max_bytes;
    uint64_t commit_max_age_ms;
    uint64_t commit_min_gap_ms;
    uint64_t commit_idle_ms;
    uint64_t young_segments;      /* of a shard, at most; 0: each shard is one database */
    uint64_t young_documents;     /* new ones of a batch, from which on they become one */
    uint64_t rebuild_threads;     /* 0: shards of other rules stay as they are, and damaged ones */
    uint64_t bulk_memory_bytes;   /* all shards' */
    uint64_t bulk_from_documents; /* 0: only when a feeder asks for it */
    uint64_t bulk_idle_ms;
    uint64_t arena_max_bytes;
    uint64_t document_max_ms;  /* of a processor, to read a document */
    uint64_t memory_max_bytes; /* 0: nine tenths of what there is */
    uint64_t disk_reserve_bytes;
    uint64_t search_timeout_ms;
    uint64_t search_queue;
    uint64_t search_lists_bytes;
    uint64_t dead_max_bytes;
    uint64_t dead_max_count;
    uint64_t drain_timeout_ms;
    bool rebuild_wanted; /* by the operator, on the command line alone: rebuild every shard */
};

/* The built-in values, which deploy/referent.conf shows. */
void config_default(struct config *config);
/* Read an ini file over what is there.
 * Faults: FAULT_REJECT config.file, config.key, config.value, each naming file and line. */
NODISCARD enum fault config_read(struct config *config, const char *path, struct error *err);
/* Set one key, as the command line does. Faults: FAULT_REJECT config.key, config.value. */
NODISCARD enum fault config_set(struct config *config, const char *key, const char *value, struct error *err);
/* Rules over several keys. Faults: FAULT_REJECT config.value. */
NODISCARD enum fault config_check(const struct config *config, struct error *err);

bool config_has_role(const struct config *config, const char *role);

/* The name of key number n, NULL behind the last: for --check-config and the test. */
const char *config_key_name(size_t n);
/* The value of key number n as text, in `out`. */
void config_key_value(const struct config *config, size_t n, char out[static CONFIG_TEXT_MAX]);

#endif
