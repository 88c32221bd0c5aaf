/* Sums of money as people type them -> oere, exactly. */
#ifndef REFERENT_AMOUNT_H
#define REFERENT_AMOUNT_H

#include "error.h"

#include <stdint.h>

/* "1070664", "1.070.664", "1.070.664,50", "1,5", "1.5", "500 t.kr.", "1mio", "1,2 mia. kr.", "-300 kr".
 * A dot before groups of three digits is a thousands mark, before one or two digits a decimal mark, as a comma is.
 * Unit    *ore is exact; an amount with less than a whole oere is refused, not rounded.
 * Faults  FAULT_REJECT usage.amount: not an amount, finer than an oere, or beyond what 64 bits hold. */
NODISCARD enum fault amount_parse(const char *text, int64_t *ore, struct error *err);

#endif
