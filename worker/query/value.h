/* Values as they are typed behind a field or in a sentence: ranges of days and of amounts. Pure.
 *
 *   2019   2019-03   2019-03-24   24-03-2019   2019-01..2019-06   ..2018   2020..
 *   500000   1,5mio   1mio..5mio   ..200.000   1mia..                                   */
#ifndef REFERENT_VALUE_H
#define REFERENT_VALUE_H

#include "arena.h"
#include "error.h"
#include "minutes.h"

#include <stdint.h>

/* From the first to the last, both included. */
struct day_range {
    struct day first, last; /* year 0: open; month 0: the whole year; day 0: the whole month */
};
struct amount_range {
    int64_t low_ore, high_ore; /* INT64_MIN, INT64_MAX: open */
};

/* Faults of both: FAULT_REJECT filter.date, filter.amount: not to be read, or the first is behind the last. */
NODISCARD enum fault value_days(struct span typed, struct day_range *out, struct error *err);
NODISCARD enum fault value_amounts(struct span typed, struct amount_range *out, struct error *err);

/* The first and the last day of a range as slots have them: "20190101", "20190631" (a day that a month may lack does no
 * harm to an order of bytes); empty if open. Faults: FAULT_REJECT arena.bound. */
NODISCARD enum fault value_slot_days(struct arena *arena, const struct day_range *days, struct span *low,
                                     struct span *high, struct error *err);
/* For people: "2019-01..2019-06", "1000000.00.. DKK". at is NULL when the arena is full. */
struct span value_days_text(struct arena *arena, const struct day_range *days);
struct span value_amounts_text(struct arena *arena, const struct amount_range *amounts);

#endif
