/* GetRequest -> GetReply: a stored document, read again into meeting and entities. */
#ifndef REFERENT_GET_H
#define REFERENT_GET_H

#include "search.pb-c.h"
#include "view.h"

/* Owner   the reply lives in the arena. Faults: FAULT_REJECT id.length; FAULT_REOPEN; FAULT_RETRY shard.missing. */
NODISCARD enum fault get_answer(struct arena *arena, struct view *view, const Referent__V1__GetRequest *request,
                                Referent__V1__GetReply *reply, struct error *err);

#endif
