/* How much the postings of a list weigh, added to the documents of a window. Pure. */
#ifndef REFERENT_WEIGH_H
#define REFERENT_WEIGH_H

#include "window.h"

/* The first `count` that were chosen of the part's list. */
void chosen_weigh(const struct window *window, const struct part *part, struct frame *into, uint32_t count);
/* All that the part's list has in the window, less the blocks that cannot reach the floor. */
void blocks_weigh(const struct window *window, const struct part *part, struct frame *into);

#endif
