/* The whole flow of one daemon: threads, queues, and the order in which they start and end. */
#ifndef REFERENT_PIPELINE_H
#define REFERENT_PIPELINE_H

#include "config.h"
#include "error.h"

struct pipeline;

/* Open the index and start every thread of the roles.
 * Faults: FAULT_STOP, FAULT_RETRY, FAULT_REOPEN with what stands in the way. */
NODISCARD enum fault pipeline_start(const struct config *config, struct pipeline **out, struct error *err);
/* Drain: no new credit, commit, receipts out, threads joined. Frees it and sets *pipeline to NULL.
 * True if every message in flight was answered. */
bool pipeline_stop(struct pipeline **pipeline);

/* What was bound; "" for a role that does not run. */
const char *pipeline_feed_endpoint(const struct pipeline *pipeline);
const char *pipeline_search_endpoint(const struct pipeline *pipeline);
uint32_t pipeline_shards(const struct pipeline *pipeline);

#endif
