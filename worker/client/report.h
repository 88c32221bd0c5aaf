/* What the worker answered, as JSON for programs. The shapes are a contract: keys are added, never renamed. */
#ifndef REFERENT_REPORT_H
#define REFERENT_REPORT_H

#include "referent.h"

#include <jansson.h>

/* Each gives a new reference; NULL: out of memory. */
json_t *report_answer(const struct referent_answer *answer);
json_t *report_stored(const struct referent_stored *stored);
json_t *report_worker(const struct referent_worker *worker);

/* Print one object and a line break, drop the reference. False, with a message, if it could not be written or is NULL.
 */
bool report_print(json_t *report);

#endif
