/* The roll: which ids may have a dead letter. It never forgets one that was added, and may take a stranger for one, so
 * that only few of the documents that are committed have to ask the store. Owned by the intake's thread; fixed size. */
#ifndef REFERENT_ROLL_H
#define REFERENT_ROLL_H

#include "span.h"

#include <stdbool.h>
#include <stdint.h>

enum { ROLL_BITS = 1 << 20 }; /* with 100,000 letters one stranger in ten is taken for one */

struct roll {
    uint64_t words[ROLL_BITS / 64];
};

void roll_add(struct roll *roll, struct span id);
bool roll_may_have(const struct roll *roll, struct span id);

#endif
