/* The answer to a request that has no other. */
#ifndef REFERENT_FAILURE_H
#define REFERENT_FAILURE_H

#include "error.h"
#include "frame.h"

/* Make `reply` say why, with rule and reason borrowed from `err`; counted. */
void failure_fill(Referent__V1__Failure *failure, enum fault fault, struct error *err, Envelope *reply);
/* Tell the log, unless the request is to blame or nothing failed. */
void failure_log(const struct error *err);

#endif
