/* decider: headings that say who decided and when. Pure. */
#ifndef REFERENT_DECIDER_H
#define REFERENT_DECIDER_H

#include "entity.h"

/* True if the line from `at` to `end` names a body and a day and nothing else; *day is the day. */
bool decider_at(const char *at, const char *end, struct day *day);

/* The size of "KB: " or "ØU:" that a line begins with: the letters of a body of the council, which says behind them
 * what it decided; 0 if it begins with none. */
size_t initials_at(const char *at, const char *end);

/* True if a sentence begins at `at` that tells what a body of the council decided. */
bool decision_told_at(const char *at, const char *end);

#endif
