/* closer: databases from the search threads to their end. A thread of its own, behind those somebody waits for. */
#include "closer.h"

#include "queue.h"
#include "thread.h"
#include "xapian_shim.h"

#include <pthread.h>
#include <stdlib.h>

enum { WAITING_MAX = 64 };

struct closer {
    struct queue *waiting;
    pthread_t thread;
};

static void *closer_run(void *opaque)
{
    struct closer *closer = opaque;
    thread_begin("close", THREAD_INDEX);
    for (struct database *database; (database = queue_pop(closer->waiting, -1)) != NULL;)
        database_close(&database);
    return NULL;
}

struct closer *closer_new(void)
{
    struct closer *closer = calloc(1, sizeof *closer);
    if (closer == NULL)
        return NULL;
    closer->waiting = queue_new(WAITING_MAX);
    if (closer->waiting != NULL && pthread_create(&closer->thread, NULL, closer_run, closer) == 0)
        return closer;
    queue_free(&closer->waiting);
    free(closer);
    return NULL;
}

void closer_free(struct closer **closer)
{
    if (closer == NULL || *closer == NULL)
        return;
    queue_close((*closer)->waiting);
    pthread_join((*closer)->thread, NULL);
    queue_free(&(*closer)->waiting);
    free(*closer);
    *closer = NULL;
}

void closer_take(struct closer *closer, struct database **database)
{
    if (*database == NULL)
        return;
    if (closer == NULL || !queue_push(closer->waiting, *database))
        database_close(database);
    *database = NULL;
}
