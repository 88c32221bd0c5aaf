/* lane: a row of jobs in which suspects overtake. On the intake thread. */
#include "lane.h"

#include <stdlib.h>

bool lane_init(struct lane *lane, size_t room)
{
    *lane = (struct lane){.held = calloc(room, sizeof(struct job *)), .room = room};
    return lane->held != NULL;
}

void lane_done(struct lane *lane)
{
    for (size_t i = 0; i < lane->count; i++) {
        struct arena *arena = lane->held[lane->first + i]->arena;
        arena_free(&arena);
    }
    free(lane->held);
    *lane = (struct lane){0};
}

void lane_push(struct lane *lane, struct job *job)
{
    if (lane->first + lane->count == lane->room) {
        memmove(lane->held, lane->held + lane->first, lane->count * sizeof(struct job *));
        lane->first = 0;
    }
    job->laned = true;
    lane->held[lane->first + lane->count++] = job;
    lane->suspects += job->alone;
}

static struct job *take_at(struct lane *lane, size_t at)
{
    struct job **place = &lane->held[lane->first + at], *job = *place;
    lane->count--;
    if (at == 0)
        lane->first = lane->count > 0 ? lane->first + 1 : 0;
    else
        memmove(place, place + 1, (lane->count - at) * sizeof(struct job *));
    lane->ahead++;
    return job;
}

struct job *lane_next(struct lane *lane)
{
    if (lane->alone != NULL || lane->count == 0)
        return NULL;
    if (lane->suspects == 0)
        return take_at(lane, 0);
    if (lane->ahead > 0)
        return NULL;
    size_t at = 0;
    while (!lane->held[lane->first + at]->alone)
        at++;
    lane->suspects--;
    lane->alone = take_at(lane, at);
    return lane->alone;
}

bool lane_back(struct lane *lane, struct job *job)
{
    bool alone = lane->alone == job;
    job->laned = false;
    lane->ahead--;
    if (alone)
        lane->alone = NULL;
    return alone;
}
