/* Documents of a window as bits and as numbers, and which of them can still come among the best. Pure. */
#ifndef REFERENT_REACH_H
#define REFERENT_REACH_H

#include "window.h"

/* How many documents these are. */
uint32_t reach_count(const uint64_t *bits);
/* Their numbers, in order, of which `n` has room for REACH_MORE more; how many they are. */
uint32_t reach_list(const uint64_t *bits, uint16_t *n);
/* Of the documents `bits`, those that weigh `least` or more go to `out`, which may be `bits`; how many they are. */
uint32_t reach_bits(const struct frame *frame, const uint64_t *bits, double least, uint64_t *out);
/* The same of the numbers n; `out` may be `n`. */
uint32_t reach_listed(const struct frame *frame, const uint16_t *n, uint32_t count, double least, uint16_t *out);

#endif
