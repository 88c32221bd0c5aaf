/* Bytes that grow at their end. Everything a builder remembers lies in a few of these: they keep their room from one
 * segment to the next, and room that was never touched costs no memory. */
#ifndef REFERENT_BULK_BUFFER_H
#define REFERENT_BULK_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

struct buffer {
    char *at;
    size_t size;
    size_t room;
};

/* Make room for `more` bytes behind what is there; false without memory, the buffer is as before then. */
static inline bool buffer_reserve(struct buffer *buffer, size_t more)
{
    if (buffer->room - buffer->size >= more)
        return true;
    if (more > SIZE_MAX / 4 - buffer->size)
        return false;
    size_t room = (buffer->size + more) * 3 / 2 + 64;
    char *moved = realloc(buffer->at, room);
    if (moved == NULL)
        return false;
    buffer->at = moved;
    buffer->room = room;
    return true;
}

/* Room for `size` bytes and hardly more, in place of what is there. */
static inline bool buffer_exactly(struct buffer *buffer, size_t size)
{
    if (buffer->room < size) {
        free(buffer->at);
        *buffer = (struct buffer){.at = malloc(size)};
        buffer->room = buffer->at != NULL ? size : 0;
    }
    buffer->size = 0;
    return buffer->at != NULL;
}

static inline void buffer_done(struct buffer *buffer)
{
    free(buffer->at);
    *buffer = (struct buffer){0};
}

#endif
