/* What the worker answered, as JSON for programs. The shapes are a contract: keys are added, never renamed. */
#ifndef REFERENT_REPORT_H
#define REFERENT_REPORT_H

#include "referent.h"

#include <jansson.h>

/* Each gives a new reference; NULL: out of memory. */
json_t *report_answer(const struct referent_answer *answer);
json_t *report_stored(const struct referent_stored *stored);
json_t *report_worker(const struct referent_worker *worker);
json_t *report_case(const char *number, const struct referent_case *history);
json_t *report_member(const struct referent_member *member);
json_t *report_completions(const struct referent_completions *completions);

/* Parts of them. */
json_t *report_strings(struct referent_strings strings);
/* null for an empty string: a fact that is not known. */
json_t *report_known(const char *string);
json_t *report_coverage(const struct referent_coverage *coverage);

/* Print one object and a line break, drop the reference. False, with a message, if it could not be written or is NULL.
 */
bool report_print(json_t *report);

#endif
