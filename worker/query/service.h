/* The search socket and its search threads.
 *
 *   threads "search"      each owns a view; each takes its requests from the ROUTER and puts its replies there, one
 *                         thread at a time (desk.h)
 *   thread "query"        does so while all of them are at work
 */
#ifndef REFERENT_SERVICE_H
#define REFERENT_SERVICE_H

#include "config.h"
#include "error.h"
#include "gate.h"
#include "wordbook.h"

#include <stdint.h>

struct service;

struct service_setup {
    const struct config *config;
    void *context; /* ZeroMQ's */
    uint64_t instance;
    uint32_t shards;
    struct wordbook words; /* Danish, shared */
    struct gate *gate;     /* in front of all commits; NULL: another process writes the index, if any does */
};

/* Bind and start. Faults: FAULT_STOP socket.bind, thread.start, memory. */
NODISCARD enum fault service_start(const struct service_setup *setup, struct service **out, struct error *err);
const char *service_endpoint(const struct service *service);
/* Answer what has come, then end all threads. Frees the service, sets *service to NULL. */
void service_stop(struct service **service);

#endif
