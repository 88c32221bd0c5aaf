/* Asking a worker, for the requests in question.c. Inside libreferent. */
#ifndef REFERENT_SEARCHER_H
#define REFERENT_SEARCHER_H

#include "answer.h"

/* Send the envelope, again when the connection breaks, until the answer of the kind `expected` comes, or a Failure.
 * Owner   *answer lives in *arena, which is the caller's; neither is set on a fault.
 * Faults  as referent.h says of searching. */
enum referent_result searcher_ask(struct referent_searcher *searcher, Envelope *envelope, int expected, int timeout_ms,
                                  Envelope **answer, struct arena **arena, struct referent_error *err);
/* REFERENT_OK if there is a box, in which the arena lies then; else it is freed, and the fault is want of memory. */
enum referent_result searcher_boxed(const struct answer_box *box, struct arena **arena, struct referent_error *err);
/* Say what is wrong; gives result. */
enum referent_result searcher_fail(struct referent_error *err, enum referent_result result, const char *rule,
                                   const char *text);

#endif
