/* SearchRequest -> SearchReply: the whole of one search on a view. */
#ifndef REFERENT_ANSWER_H
#define REFERENT_ANSWER_H

#include "language.h"
#include "search.pb-c.h"
#include "view.h"

/* Owner   the reply lives in the arena.
 * Faults  FAULT_REJECT: a rule of the request; FAULT_REOPEN: refresh the view and ask again. */
NODISCARD enum fault answer_search(struct arena *arena, struct view *view, struct language *language,
                                   const Referent__V1__SearchRequest *request, uint32_t timeout_ms,
                                   Referent__V1__SearchReply *reply, struct error *err);

#endif
