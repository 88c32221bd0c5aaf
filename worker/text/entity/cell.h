/* cell: what stands in the row of a table, however a clerk sets it: between tabs, bars, strokes, leaders, gaps of
 * spaces or single spaces. Pure. */
#ifndef REFERENT_CELL_H
#define REFERENT_CELL_H

#include "reading.h"

enum { COLUMNS = 24 }; /* what stands behind the last of them is not read */

/* The cells of a row between tabs, bars, or gaps of spaces, without white space around them. Gives their number.
 * Shape  a gap has three spaces, two in front of a number: a label that is nearly as long as its column leaves two. */
size_t cell_split(struct span row, struct span cells[COLUMNS]);

/* The same of a row typed without columns: "Kloak ........ 1.317.455", "Råhus / 58,40 / 1,12", "Skole; 2.350; 750",
 * "Ventilation: 640.000". 0 if the text is no such row and no head of one ("Fag / kontraktsum / ekstraarbejder"). */
size_t cell_split_typed(struct span text, struct span cells[COLUMNS]);

/* The same of a row that lost its columns: "Skatter -2.011.300 -1.004.950", a label and the numbers that end the text.
 * Shape   "2 350 750" is two numbers or one: only a row with a point, a comma or a sign in its numbers, or with
 * `columns` cells, can be read. 0 if the text is none. */
size_t cell_split_flat(struct span text, size_t columns, struct span cells[COLUMNS]);

/* Where the last word of the text begins; a sign that stands apart belongs to its number: "- 750". */
size_t cell_last(struct span text);

/* A number that fills its cell; size 0 if the cell holds anything else. */
struct cell_match cell_number(struct span cell);

/* "2019", which heads a column or opens a row rather than counts kroner. */
bool cell_is_year(struct span cell);

/* "|---|---:|" under the head of a Markdown table, "-----  -----" under a typed one. */
bool cell_is_ruler(struct span text);

#endif
