/* decider: headings that say who decided and when. Pure. */
#ifndef REFERENT_DECIDER_H
#define REFERENT_DECIDER_H

#include "bytes.h"
#include "entity.h"

/* True if the line from `at` to `end` names a body and a day and nothing else; *day is the day. Asked by decider_at. */
bool decider_read(const char *at, const char *end, struct day *day);

/* A day, a number or a time closes such a line: behind its last digit stands at most the name of a month, so one is
 * among the last bytes. Most lines have none there, which one look tells. In line, so that they are told at once. */
static inline bool decider_at(const char *at, const char *end, struct day *day)
{
    unsigned char first = (unsigned char)*at;
    if (end - at > 180 || end - at < 12 || !((first >= 'A' && first <= 'Z') || first == 0xC3))
        return false;
#ifdef __SSE2__
    if (end - at >= 16 && !bytes_digits(end - 16))
        return false;
#endif
    return decider_read(at, end, day);
}

/* The size of "KB: " or "ØU:" that a line begins with: the letters of a body of the council, which says behind them
 * what it decided; 0 if it begins with none. */
size_t initials_at(const char *at, const char *end);

/* True if a sentence begins at `at` that tells what a body of the council decided. */
bool decision_told_at(const char *at, const char *end);

#endif
