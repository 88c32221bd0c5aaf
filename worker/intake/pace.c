/* pace: a ring of jobs, and a count of bytes. On the intake thread. */
#include "pace.h"

#include <stdlib.h>

bool pace_init(struct pace *pace, size_t room, uint64_t most_bytes)
{
    *pace = (struct pace){.waiting = calloc(room, sizeof(struct job *)), .room = room, .most_bytes = most_bytes};
    return pace->waiting != NULL;
}

void pace_done(struct pace *pace)
{
    for (; pace->count > 0; pace->count--) {
        struct arena *arena = pace->waiting[pace->first++ % pace->room]->arena;
        arena_free(&arena);
    }
    free(pace->waiting);
    *pace = (struct pace){0};
}

bool pace_has(const struct pace *pace, uint32_t id_hash)
{
    for (size_t i = 0; i < pace->count; i++)
        if (pace->waiting[(pace->first + i) % pace->room]->work.id_hash == id_hash)
            return true;
    return false;
}

void pace_push(struct pace *pace, struct job *job)
{
    pace->waiting[(pace->first + pace->count++) % pace->room] = job;
}

struct job *pace_next(struct pace *pace)
{
    struct job *job = pace->count > 0 ? pace->waiting[pace->first] : NULL;
    if (job == NULL || (pace->ahead_bytes > 0 && pace->ahead_bytes + job->credit_bytes > pace->most_bytes))
        return NULL;
    pace->first = (pace->first + 1) % pace->room;
    pace->count--;
    pace->ahead_bytes += job->credit_bytes;
    job->paced = true;
    return job;
}

void pace_back(struct pace *pace, struct job *job)
{
    pace->ahead_bytes -= job->credit_bytes;
    job->paced = false;
}
