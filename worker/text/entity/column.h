/* column: what the head of a table says of the columns below it: kroner, in which unit, or no money at all. Pure. */
#ifndef REFERENT_COLUMN_H
#define REFERENT_COLUMN_H

#include "cell.h"

struct column {
    bool money;        /* not a count, a share, a year */
    int64_t scale;     /* of the column's own head; 0 if it gives none */
    bool beside;       /* another column gives kroner and this one no unit: money if its numbers look like it */
    uint32_t from, to; /* the letters of the line over which its head stands; 0, 0 if the cells are not set by spaces */
};

struct columns {
    struct column items[COLUMNS];
    size_t count;
};

/* What a head says. `scale` is the unit that stood above the table, 0 if none did; gives the unit that the head of the
 * labels gives, which is that of all, or 0. The places (from, to) stay as they are. */
int64_t columns_read(struct columns *columns, const struct span *cells, size_t count, int64_t scale);

/* Do the words in the head of a column, or in front of a row, say that its numbers are no money? */
bool column_counts(struct span text);

/* "Elever i pct.", "Antal børn" in front of a row of no money. "Projektering, 15 %" is one. */
bool column_is_share(struct span label);

/* "Indstillet", "Budget": the head of a column of money where another column gives kroner. */
bool column_is_of_money(struct span cell);

/* The heads of `columns` flat columns: "Post Budget 2020 Forbrug i %". A head begins with a capital letter; a year is
 * one of its own unless a word leads it. False if the words give another number of heads. */
bool column_split(struct span text, size_t columns, struct span cells[COLUMNS]);

/* A row of headings: no numbers behind its first cell but years. */
bool column_is_head(const struct span *cells, size_t count);

/* "Søgt kr.": the head of a column of kroner. */
bool column_ends_in_kroner(struct span cell);

/* The column over the letters from `from` to `to`: one that shares a letter with them or ends within two of their end.
 * NULL if none does. */
const struct column *columns_over(const struct columns *columns, uint32_t from, uint32_t to);

#endif
