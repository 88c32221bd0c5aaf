/* sum: a number that is kroner because a unit stands above it, before it or below it. Pure. */
#ifndef REFERENT_SUM_H
#define REFERENT_SUM_H

#include "cell.h"

/* Adds the number in `cell` as so many times `scale` kroner, unless an amount, a date or another number was read there
 * already. `cursor` is an entity at or before the cell, and goes on with the cells. False: arena full. */
bool sum_add(struct reading *reading, struct span cell, struct cell_match match, int64_t scale, size_t *cursor);

/* "I alt kr.      5.470,50" on the line `last` closes a list of two columns: what stands above it is kroner as well. */
bool sum_list_read(struct reading *reading, size_t last, size_t cursor);

#endif
