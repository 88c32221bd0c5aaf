/* Hits of a result -> the reply's. */
#ifndef REFERENT_HIT_H
#define REFERENT_HIT_H

#include "query.h"
#include "text_of.h"
#include "view.h"

/* Fill reply->hits in order, with snippets, and with weights if they are asked for.
 * Owner   everything lives in the arena. Faults: those of the shim; arena.bound. */
NODISCARD enum fault hit_fill_all(struct asking *asking, struct view *view, const struct question *question,
                                  struct search_result *result, struct text_source *source,
                                  Referent__V1__SearchReply *reply);

#endif
