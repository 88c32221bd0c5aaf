/* property: what must hold for every reading of any text; shared by the fuzz targets. */
#ifndef REFERENT_PROPERTY_H
#define REFERENT_PROPERTY_H

#include "arena.h"
#include "minutes.h"
#include "utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROPERTY(holds)                                                                                                \
    do {                                                                                                               \
        if (!(holds)) {                                                                                                \
            fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #holds);                                  \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

/* The longest valid UTF-8 at the front of the data. */
static inline struct span property_text(const uint8_t *data, size_t size)
{
    struct span bytes = {(const char *)data, size};
    size_t bad = size;
    if (size == 0) /* libFuzzer's empty input has no address */
        return (struct span){"", 0};
    if (!utf8_valid(bytes, &bad))
        bytes.size = bad;
    return bytes;
}

/* A place where a character begins, or the end. */
static inline bool property_boundary(struct span body, size_t at)
{
    return at == body.size || (at < body.size && ((unsigned char)body.at[at] & 0xC0) != 0x80);
}

/* A copy with a NUL behind it in a block of its own, so that the sanitizer sees every byte too far. */
static inline char *property_copy(struct span bytes)
{
    char *copy = malloc(bytes.size + 1);
    PROPERTY(copy != NULL);
    if (bytes.size)
        memcpy(copy, bytes.at, bytes.size);
    copy[bytes.size] = 0;
    return copy;
}

#endif
