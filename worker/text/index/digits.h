/* Numbers as decimal digits, without the cost of printf. */
#ifndef REFERENT_DIGITS_H
#define REFERENT_DIGITS_H

#include <stddef.h>
#include <stdint.h>

enum { DIGITS_MAX = 20 };

/* The last `count` digits of the number, with zeros before them; where they end. */
static inline char *digits_fixed(char *to, unsigned number, size_t count)
{
    for (size_t i = count; i > 0; i--, number /= 10)
        to[i - 1] = (char)('0' + number % 10);
    return to + count;
}

/* All of them, at most DIGITS_MAX; how many. */
static inline size_t digits_put(char *to, uint64_t number)
{
    char all[DIGITS_MAX];
    size_t at = DIGITS_MAX;
    do
        all[--at] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    for (size_t i = at; i < DIGITS_MAX; i++)
        to[i - at] = all[i];
    return DIGITS_MAX - at;
}

#endif
