#include "condition.h"

#include "log.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct condition conditions[CONDITIONS_MAX];
static size_t count;

static size_t place(const char *name, uint32_t number)
{
    size_t at = 0;
    while (at < count && (conditions[at].number != number || strcmp(conditions[at].name, name) != 0))
        at++;
    return at;
}

void condition_begin(const char *name, uint32_t number, const struct error *why)
{
    pthread_mutex_lock(&lock);
    size_t at = place(name, number);
    bool fresh = at == count && at < CONDITIONS_MAX;
    if (fresh) {
        conditions[at].number = number;
        snprintf(conditions[at].name, sizeof conditions[at].name, "%s", name);
        count++;
    }
    if (at < count)
        conditions[at].why = *why;
    pthread_mutex_unlock(&lock);
    if (!fresh)
        return;
    char event[40];
    snprintf(event, sizeof event, "%s.begin", name);
    log_error(LOG_ERROR, event, why);
}

void condition_end(const char *name, uint32_t number)
{
    pthread_mutex_lock(&lock);
    size_t at = place(name, number);
    bool there = at < count;
    if (there)
        conditions[at] = conditions[--count];
    pthread_mutex_unlock(&lock);
    if (!there)
        return;
    char event[40];
    snprintf(event, sizeof event, "%s.end", name);
    log_event(LOG_WARN, event, "number=%u", number);
}

size_t condition_list(struct condition *out, size_t room)
{
    pthread_mutex_lock(&lock);
    size_t listed = count < room ? count : room;
    memcpy(out, conditions, listed * sizeof *out);
    pthread_mutex_unlock(&lock);
    return listed;
}
