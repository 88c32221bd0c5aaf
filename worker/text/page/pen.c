/* pen: writes the clean text and the map that leads back from it to the bytes given. On a text thread, pure. */
#include "pen.h"

#include <string.h>

static void piece_add(struct pen *pen, size_t raw, size_t size)
{
    struct body *body = pen->body;
    struct body_piece *last = body->pieces.count ? &body->pieces.items[body->pieces.count - 1] : NULL;
    if (!last || last->clean != pen->used)
        last = LIST_PUSH(pen->arena, &body->pieces);
    if (!last) {
        pen->full = true;
        return;
    }
    *last = (struct body_piece){(uint32_t)pen->used, (uint32_t)raw, (uint32_t)size};
}

void pen_replace(struct pen *pen, size_t raw, size_t size, struct span with)
{
    if (with.size) {
        piece_add(pen, raw, size);
        memcpy(pen->out + pen->used, with.at, with.size);
        pen->used += with.size;
    }
    piece_add(pen, raw + size, 0);
}

void pen_mark(struct pen *pen, uint8_t level)
{
    struct body_mark *mark = LIST_PUSH(pen->arena, &pen->body->marks);
    if (mark)
        *mark = (struct body_mark){(uint32_t)pen->used, level};
    else
        pen->full = true;
}
