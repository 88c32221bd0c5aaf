/* Counters and gauges of the process, atomic, one static table: what status and metrics show. */
#ifndef REFERENT_METRIC_H
#define REFERENT_METRIC_H

#include <stdint.h>

enum metric {
    METRIC_RECEIVED, /* counters: Submit and Delete frames */
    METRIC_COMMITTED,
    METRIC_UNCHANGED,
    METRIC_SUPERSEDED,
    METRIC_REJECTED,
    METRIC_RETRIED,
    METRIC_HELD, /* receipts HELD; each document of them is counted again by its final receipt */
    METRIC_COMMITS,
    METRIC_PUBLICATIONS, /* generations that bulk loading published */
    METRIC_CPR_MASKED,
    METRIC_EXTRACTED_US, /* CPU time that readers took for meetings and entities, */
    METRIC_TERMS_US,     /* and for terms and records */
    METRIC_SEARCHES,
    METRIC_FAILURES,     /* requests answered with Failure */
    METRIC_DEAD_EVICTED, /* dead letters that went because of dead_max_bytes or dead_max_count */
    METRIC_PEERS,        /* gauges */
    METRIC_IN_FLIGHT,
    METRIC_DRAINING,
    METRIC_DEAD,         /* dead letters that wait */
    METRIC_REBUILD_READ, /* meetings read again for the shards that are being rebuilt, */
    METRIC_REBUILD_OF,   /* of so many */
    METRIC_SUSPECTS,     /* documents that are to be run alone, and those that are set aside (worker/guard) */
    METRIC_ASIDE,
    METRICS
};

void metric_add(enum metric metric, uint64_t amount);
void metric_set(enum metric metric, uint64_t value);
uint64_t metric_get(enum metric metric);
const char *metric_name(enum metric metric);

#endif
