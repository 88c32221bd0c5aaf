/* top: a heap of bounded size. Pure. */
#include "top.h"

#include <stdlib.h>

static bool is_worse(const struct list_hit *a, const struct list_hit *b)
{
    return a->weight < b->weight || (a->weight <= b->weight && a->number > b->number);
}

static void sink(struct top *top, struct list_hit hit)
{
    size_t at = 0, child;
    while ((child = 2 * at + 1) < top->count) {
        if (child + 1 < top->count && is_worse(&top->hits[child + 1], &top->hits[child]))
            child++;
        if (!is_worse(&top->hits[child], &hit))
            break;
        top->hits[at] = top->hits[child];
        at = child;
    }
    top->hits[at] = hit;
}

void top_offer(struct top *top, double weight, uint64_t number)
{
    struct list_hit hit = {weight, number};
    if (top->count == top->most) {
        if (is_worse(&top->hits[0], &hit))
            sink(top, hit);
        return;
    }
    size_t at = top->count++;
    for (; at > 0 && is_worse(&hit, &top->hits[(at - 1) / 2]); at = (at - 1) / 2)
        top->hits[at] = top->hits[(at - 1) / 2];
    top->hits[at] = hit;
}

static int best_first(const void *left, const void *right)
{
    return is_worse(left, right) ? 1 : -1;
}

void top_sort(struct top *top)
{
    if (top->count > 1)
        qsort(top->hits, top->count, sizeof *top->hits, best_first);
}
