/* Bytes as tags have them, and worse: pieces of text, of noise, and of one byte again and again. */
#ifndef REFERENT_TEST_PIECES_H
#define REFERENT_TEST_PIECES_H

#include "random.h"

#include <stddef.h>

static inline void pieces_make(char *to, size_t size, uint64_t *random)
{
    static const char text[] = "forvaltningen indstiller at udvalget anbefaler kommunalbestyrelsen at godkende";
    for (size_t at = 0; at < size;) {
        size_t end = at + 1 + random_below(random, 3000), kind = random_below(random, 4);
        for (; at < end && at < size; at++)
            to[at] = kind == 0   ? (char)random_below(random, 256)
                     : kind == 1 ? 'x'
                                 : text[random_below(random, kind == 2 ? 8 : sizeof text - 1)];
    }
}

#endif
