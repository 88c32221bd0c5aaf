/* StatusRequest -> StatusReply: shards, counters, gauges. */
#ifndef REFERENT_STATUS_H
#define REFERENT_STATUS_H

#include "search.pb-c.h"
#include "view.h"

struct status_facts {
    uint64_t instance;
    int64_t started_ms; /* of the steady clock */
};

/* Owner   the reply lives in the arena. Faults: those of the shim. */
NODISCARD enum fault status_answer(struct arena *arena, struct view *view, const struct status_facts *facts,
                                   Referent__V1__StatusReply *reply, struct error *err);

#endif
