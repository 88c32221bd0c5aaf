/* cpr: Danish personal ids (ddmmyy-xxxx). They must never reach an index, a log or an event. Pure. */
#ifndef REFERENT_CPR_H
#define REFERENT_CPR_H

#include "span.h"

#include <stddef.h>

/* What the words before a number say it is. */
enum cpr_hint { CPR_UNKNOWN, CPR_NAMED /* "cpr", "personnummer" */, CPR_OTHER /* journal, telephone, CVR, account */ };

/* The size of the CPR number at `at`, or 0. The caller has seen that a number begins there.
 * With a hyphen a number whose first six digits are a day is one; written together or with a space it must pass the
 * check by modulus 11 as well, or be named. What is named as something else must pass it too. */
size_t cpr_at(const char *at, const char *end, enum cpr_hint hint);

/* True if the ten digits pass the check of numbers given out before October 2007. */
bool cpr_modulus(const char digits[10]);

#endif
