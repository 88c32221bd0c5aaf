/* Labels and the lines below them that hold their values. A part of line.c. */
#ifndef REFERENT_LINE_PAIR_H
#define REFERENT_LINE_PAIR_H

#include "line.h"

/* "Sagsnr.: / Sagen afgøres i: / Bilag:" and then three values: each value gets its label. */
void line_pair(const struct body *body, struct line_list *lines);
/* Numbers below labels that share a line: they are the case's, whatever their form. */
void line_numbers(const struct body *body, struct line_list *lines);

#endif
