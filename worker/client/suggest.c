/* suggest: the nearest of a few words. */
#include "suggest.h"

#include <limits.h>
#include <string.h>

enum { WORD_MAX = 63 };

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Optimal string alignment, three rows of the table at a time. */
unsigned word_distance(const char *a, const char *b)
{
    size_t rows = strlen(a), columns = strlen(b);
    if (rows > WORD_MAX || columns > WORD_MAX)
        return UINT_MAX;
    unsigned table[3][WORD_MAX + 1];
    for (size_t column = 0; column <= columns; column++)
        table[0][column] = (unsigned)column;
    for (size_t row = 1; row <= rows; row++) {
        unsigned *now = table[row % 3], *above = table[(row + 2) % 3], *before = table[(row + 1) % 3];
        now[0] = (unsigned)row;
        for (size_t column = 1; column <= columns; column++) {
            unsigned exchange = above[column - 1] + (a[row - 1] != b[column - 1]);
            now[column] = least(exchange, least(above[column], now[column - 1]) + 1);
            if (row > 1 && column > 1 && a[row - 1] == b[column - 2] && a[row - 2] == b[column - 1])
                now[column] = least(now[column], before[column - 2] + 1);
        }
    }
    return table[rows % 3][columns];
}

const char *suggest(const char *word, const char *const *candidates, size_t count)
{
    const char *nearest = NULL;
    unsigned nearest_distance = (unsigned)(least((unsigned)strlen(word), WORD_MAX) + 2) / 3 + 1;
    for (size_t i = 0; i < count; i++) {
        unsigned distance = word_distance(word, candidates[i]);
        if (distance < nearest_distance) {
            nearest_distance = distance;
            nearest = candidates[i];
        }
    }
    return nearest;
}
