/* unit: what a head, a caption or the label of a row says its numbers are: kroner, thousands or millions of them. Pure.
 */
#ifndef REFERENT_UNIT_H
#define REFERENT_UNIT_H

#include "reading.h"

/* The unit that a text gives, if it names one as a unit: in brackets, behind "i" or "hele", or all by itself.
 * Unit    kroner a number: 1 for "kr.", 1000 for "1.000 kr.", "t.kr." and "TDKK"; 0 if the text gives none, or a sum.
 * Shape   head: the text is a cell or a short line, in which a unit may stand anywhere.
 * Source  minutes; Økonomi- og Indenrigsministeriet's budget and accounting system prints "hele 1.000 kr." */
int64_t unit_of(struct span text, bool head);

/* The same of a cell of a head that names the scale and leaves kroner out: "Mio.", "Budget i mio.", "Hele tusinde". */
int64_t unit_scale(struct span cell);

/* The next currency at or behind *at that closes no sum: the unit that it gives, or 0 if there is none. *at goes behind
 * it. Whether it is a unit indeed, what follows must show: "for mange kr." gives 1 as well. */
int64_t unit_next(struct span text, size_t *at);

#endif
