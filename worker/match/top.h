/* The best hits so far, of which the worst is at hand. Where two weigh the same, the lower number is better. */
#ifndef REFERENT_TOP_H
#define REFERENT_TOP_H

#include "xapian_lists.h"

struct top {
    struct list_hit *hits; /* a heap: the worst first */
    size_t count, most;
};

/* What a hit must weigh to be among them; below 0 while there is room. */
static inline double top_least(const struct top *top)
{
    return top->count == top->most ? top->hits[0].weight : -1;
}

void top_offer(struct top *top, double weight, uint64_t number);
/* Best first; nothing may be offered afterwards. */
void top_sort(struct top *top);

#endif
