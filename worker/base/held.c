/* held: a list and the bytes of its names. Pure but for memory. */
#include "held.h"

#include <stdlib.h>

struct held *held_new(void)
{
    return calloc(1, sizeof(struct held));
}

void held_free(struct held **held)
{
    if (held == NULL || *held == NULL)
        return;
    free((*held)->items);
    free((*held)->text);
    free(*held);
    *held = NULL;
}

/* Room for `more` behind `used`; by half, so that growing costs nothing to speak of. */
static bool room_make(void **at, size_t *room, size_t used, size_t more, size_t unit)
{
    if (*room - used >= more)
        return true;
    size_t wanted = (used + more) * 3 / 2 + 64;
    void *moved = realloc(*at, wanted * unit);
    if (moved == NULL)
        return false;
    *at = moved;
    *room = wanted;
    return true;
}

bool held_add(struct held *held, const struct job *job, enum receipt_status status)
{
    size_t names = job->id.size + 1 + job->routing.size;
    if (!room_make((void **)&held->items, &held->room, held->count, 1, sizeof *held->items) ||
        !room_make((void **)&held->text, &held->text_room, held->text_size, names, 1))
        return false;
    struct held_item *item = &held->items[held->count++];
    *item = (struct held_item){.peer = job->peer,
                               .sequence = job->sequence,
                               .version = job->version,
                               .at = held->text_size,
                               .cpr_masked = job->receipt.cpr_masked,
                               .id_size = (uint8_t)job->id.size, /* 200 and 255 at most */
                               .routing_size = (uint8_t)job->routing.size,
                               .status = (uint8_t)status};
    memcpy(item->digest, job->digest, sizeof item->digest);
    char *to = held->text + held->text_size;
    memcpy(to, job->id.at, job->id.size);
    to[job->id.size] = '\0';
    memcpy(to + job->id.size + 1, job->routing.at, job->routing.size);
    held->text_size += names;
    return true;
}

struct span held_id(const struct held *held, const struct held_item *item)
{
    return (struct span){held->text + item->at, item->id_size};
}

struct span held_routing(const struct held *held, const struct held_item *item)
{
    return (struct span){held->text + item->at + item->id_size + 1, item->routing_size};
}

size_t held_bytes(const struct held *held)
{
    return held->room * sizeof *held->items + held->text_room;
}
