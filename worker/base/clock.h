/* Milliseconds: of a clock that never steps back (for ages and deadlines), and of the calendar (for tombstones). */
#ifndef REFERENT_CLOCK_H
#define REFERENT_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline int64_t clock_ms(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline int64_t clock_steady_ms(void)
{
    return clock_ms(CLOCK_MONOTONIC);
}

static inline int64_t clock_calendar_ms(void)
{
    return clock_ms(CLOCK_REALTIME);
}

#endif
