/* failure: a fault as a reply. Any thread. */
#include "failure.h"

#include "log.h"
#include "metric.h"

void failure_fill(Referent__V1__Failure *failure, enum fault fault, struct error *err, Envelope *reply)
{
    referent__v1__failure__init(failure);
    failure->rule = err->rule;
    failure->reason = err->text;
    failure->retry = fault != FAULT_REJECT;
    reply->payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_FAILURE;
    reply->failure = failure;
    metric_add(METRIC_FAILURES, 1);
}

void failure_log(const struct error *err)
{
    if (err->fault != FAULT_REJECT && err->fault != FAULT_NONE)
        log_error(LOG_WARN, "search.failed", err);
}
