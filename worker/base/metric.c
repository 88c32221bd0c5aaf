#include "metric.h"

#include <stdatomic.h>

static _Atomic uint64_t values[METRICS];

static const char *const names[METRICS] = {
    "received",     "committed",  "unchanged",    "superseded",   "rejected",   "retried",  "held",         "commits",
    "publications", "cpr_masked", "extracted_us", "terms_us",     "searches",   "failures", "dead_evicted", "peers",
    "in_flight",    "draining",   "dead",         "rebuild_read", "rebuild_of", "suspects", "aside",
};

void metric_add(enum metric metric, uint64_t amount)
{
    atomic_fetch_add_explicit(&values[metric], amount, memory_order_relaxed);
}

void metric_set(enum metric metric, uint64_t value)
{
    atomic_store_explicit(&values[metric], value, memory_order_relaxed);
}

uint64_t metric_get(enum metric metric)
{
    return atomic_load_explicit(&values[metric], memory_order_relaxed);
}

const char *metric_name(enum metric metric)
{
    return names[metric];
}
