/* flat: a table that a transcript has in one line, behind its unit. Pure.
 *
 *   "Beløb i 1.000 kr. Område Budget Forbrug Diæter 62.000 58.430 Kurser 24.000 31.275 Der er 14 kurser."
 *    unit              heads                 label  cells         label  cells         the sentence that goes on
 *
 * Each label begins with a capital letter, and each has as many cells. What does not fit that ends the table. */
#ifndef REFERENT_FLAT_H
#define REFERENT_FLAT_H

#include "reading.h"

/* Adds the cells of all such tables whose unit stands in the line `index`, from the offset *from on. A table that runs
 * goes on over the ends of lines: unfold.c breaks one where a label looks like a heading. `cursor` is an entity at or
 * before the line; *from goes behind the last table, if there is one. False: arena full. */
bool flat_read(struct reading *reading, size_t index, size_t *from, size_t cursor);

/* Does such a table begin at `offset`, in the line `index`, behind a sum such as "1.000 kr."? That is its unit then. */
bool flat_begins(const struct reading *reading, size_t index, size_t offset);

#endif
