/* How long a thread runs before another one has its turn. Linux 6.12 and later let each thread say so; a thread with a
 * shorter slice also goes before one with a longer slice that runs already, instead of waiting for the next tick. */
#ifndef REFERENT_SLICE_H
#define REFERENT_SLICE_H

#include <stdint.h>

/* Ask for slices of so many microseconds (100 to 100,000) for the calling thread and those it will start; policy and
 * niceness stay. A system that knows no such thing, or refuses it, changes nothing. */
void slice_ask(uint64_t us);

#endif
