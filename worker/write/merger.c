/* merger: two merges at most, so that a long one does not keep short ones waiting. */
#include "merger.h"

#include "clock.h"
#include "log.h"
#include "thread.h"
#include "xapian_care.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MERGES = 2, PAUSE_FIRST_MS = 1000, PAUSE_LAST_MS = 64000, SLACK = 2 /* segments that may come meanwhile */ };

struct merge {
    struct merger *merger;
    pthread_t thread;
    bool runs; /* from merger_start to merger_take */
    atomic_bool ready;
    struct young_names from;
    uint64_t stamps[YOUNG_MAX];
    char paths[YOUNG_MAX][PATH_MAX];
    char name[YOUNG_NAME_BYTES], path[PATH_MAX];
    enum fault fault;
    struct error err;
};

struct merger {
    struct queue *bell;
    int64_t pause_ms, resume_ms;
    pthread_mutex_t lock; /* `ready` changes under it */
    pthread_cond_t ended;
    struct merge merges[MERGES];
};

struct merger *merger_new(struct queue *bell)
{
    struct merger *merger = calloc(1, sizeof *merger);
    if (merger == NULL)
        return NULL;
    merger->bell = bell;
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&merger->lock, NULL);
    pthread_cond_init(&merger->ended, &attributes);
    pthread_condattr_destroy(&attributes);
    return merger;
}

void merger_free(struct merger **merger)
{
    if (merger == NULL || *merger == NULL)
        return;
    for (size_t i = 0; i < MERGES; i++)
        if ((*merger)->merges[i].runs)
            pthread_join((*merger)->merges[i].thread, NULL);
    pthread_cond_destroy(&(*merger)->ended);
    pthread_mutex_destroy(&(*merger)->lock);
    free(*merger);
    *merger = NULL;
}

/* ---- what is worth it */

struct merge_choice merge_choose(const uint64_t *bytes, const bool *busy, size_t count, size_t most)
{
    size_t first = count;
    uint64_t younger = 0;
    if (count + SLACK < most || count < 2)
        return (struct merge_choice){0};
    while (first > 0 && !busy[first - 1] && (count - first < 2 || bytes[first - 1] < 2 * younger))
        younger += bytes[--first];
    bool enough = count - first >= 2;
    return (struct merge_choice){enough ? first : 0, enough ? count - first : 0};
}

/* ---- the thread of a merge */

static enum fault documents_of(const char *path, uint64_t *documents, struct error *err)
{
    struct database *database;
    TRY(database_open_known(path, &database, err));
    enum fault fault = database_count(database, 0, documents, err);
    database_close(&database);
    return fault;
}

static enum fault merge_make(struct merge *merge, struct error *err)
{
    const char *from[YOUNG_MAX];
    uint64_t wanted = 0, made = 0;
    for (size_t i = 0; i < merge->from.count; i++) {
        uint64_t here;
        from[i] = merge->paths[i];
        TRY(documents_of(from[i], &here, err));
        wanted += here;
    }
    TRY(database_merge(from, merge->from.count, merge->path, err));
    TRY(documents_of(merge->path, &made, err));
    if (made != wanted)
        return error_set(err, FAULT_REOPEN, "young.merge", "%" PRIu64 " documents became %" PRIu64, wanted, made);
    TRY(generation_sync(merge->path, err));
    size_t folder = (size_t)(strrchr(merge->path, '/') - merge->path);
    char part[PATH_MAX];
    snprintf(part, sizeof part, "%.*s", (int)folder, merge->path);
    return directory_sync(part, err);
}

static void *merge_run(void *opaque)
{
    struct merge *merge = opaque;
    struct merger *merger = merge->merger;
    thread_begin("merge", THREAD_INDEX);
    merge->fault = merge_make(merge, &merge->err);
    pthread_mutex_lock(&merger->lock);
    atomic_store(&merge->ready, true);
    pthread_cond_signal(&merger->ended);
    pthread_mutex_unlock(&merger->lock);
    queue_nudge(merger->bell);
    return NULL;
}

/* ---- starting */

static bool is_merged(const struct merger *merger, const char *name)
{
    bool merged = false;
    for (size_t m = 0; m < MERGES; m++)
        for (size_t i = 0; merger->merges[m].runs && i < merger->merges[m].from.count; i++)
            merged = merged || strcmp(merger->merges[m].from.at[i], name) == 0;
    return merged;
}

static struct merge_choice choose(const struct merger *merger, const struct shard *shard, size_t most)
{
    uint64_t bytes[YOUNG_MAX];
    bool busy[YOUNG_MAX];
    const struct young_row *row = &shard->row;
    for (size_t i = 0; i < row->count; i++) {
        bytes[i] = row->items[i].bytes;
        busy[i] = is_merged(merger, row->items[i].name);
    }
    return merge_choose(bytes, busy, row->count, most);
}

static enum fault merge_prepare(struct merge *merge, struct shard *shard, struct merge_choice choice, struct error *err)
{
    merge->from.count = choice.count;
    for (size_t i = 0; i < choice.count; i++) {
        const struct young *young = &shard->row.items[choice.first + i];
        memcpy(merge->from.at[i], young->name, YOUNG_NAME_BYTES);
        merge->stamps[i] = young->stamp;
        TRY(young_path(shard, young->name, merge->paths[i], err));
    }
    young_name(shard, merge->name);
    return young_path(shard, merge->name, merge->path, err);
}

static void pause_begin(struct merger *merger)
{
    merger->pause_ms = merger->pause_ms == 0 ? PAUSE_FIRST_MS : merger->pause_ms * 2;
    merger->pause_ms = merger->pause_ms > PAUSE_LAST_MS ? PAUSE_LAST_MS : merger->pause_ms;
    merger->resume_ms = clock_steady_ms() + merger->pause_ms;
}

int merger_wait_ms(const struct merger *merger, const struct shard *shard, size_t most)
{
    bool room = false;
    for (size_t i = 0; i < MERGES; i++)
        room = room || !merger->merges[i].runs;
    if (!room || choose(merger, shard, most).count == 0)
        return -1;
    int64_t left = merger->resume_ms - clock_steady_ms();
    return left > 0 ? (int)left : 0;
}

void merger_start(struct merger *merger, struct shard *shard, size_t most)
{
    struct merge *merge = NULL;
    struct error err;
    for (size_t i = 0; i < MERGES; i++)
        if (!merger->merges[i].runs)
            merge = &merger->merges[i];
    if (merge == NULL || clock_steady_ms() < merger->resume_ms)
        return;
    struct merge_choice choice = choose(merger, shard, most);
    if (choice.count == 0 || merge_prepare(merge, shard, choice, &err) != FAULT_NONE)
        return;
    merge->merger = merger;
    atomic_store(&merge->ready, false);
    merge->runs = pthread_create(&merge->thread, NULL, merge_run, merge) == 0;
    if (!merge->runs)
        pause_begin(merger);
}

/* ---- taking */

/* Where the segments stand that it read, if they are as they were. */
static bool still_there(const struct merge *merge, const struct young_row *row, size_t *first)
{
    for (*first = 0; *first < row->count; ++*first)
        if (row->items[*first].stamp == merge->stamps[0])
            break;
    bool same = *first + merge->from.count <= row->count;
    for (size_t i = 0; same && i < merge->from.count; i++)
        same = row->items[*first + i].stamp == merge->stamps[i];
    return same;
}

static enum fault merge_take(struct merge *merge, struct shard *shard, bool *taken, struct error *err)
{
    size_t first = 0;
    struct merger *merger = merge->merger;
    pthread_join(merge->thread, NULL);
    merge->runs = false;
    bool there = still_there(merge, &shard->row, &first);
    log_event(LOG_DEBUG, "young.merge", "shard=%u segments=%zu rule=%s", shard->number, merge->from.count,
              merge->fault != FAULT_NONE ? merge->err.rule
              : there                    ? "none"
                                         : "void");
    if (merge->fault != FAULT_NONE && there)
        log_error(LOG_WARN, "young.merge", &merge->err);
    if (merge->fault != FAULT_NONE || !there) {
        directory_remove(merge->path);
        pause_begin(merger);
        return FAULT_NONE;
    }
    merger->pause_ms = 0;
    *taken = true;
    return young_replace(shard, first, merge->from.count, merge->name, err);
}

bool merger_ready(const struct merger *merger)
{
    bool ready = false;
    for (size_t i = 0; i < MERGES; i++)
        ready = ready || (merger->merges[i].runs && atomic_load(&merger->merges[i].ready));
    return ready;
}

bool merger_await(struct merger *merger, int timeout_ms)
{
    struct timespec deadline = clock_deadline(timeout_ms);
    bool runs = false;
    int waited = 0;
    for (size_t i = 0; i < MERGES; i++)
        runs = runs || merger->merges[i].runs;
    pthread_mutex_lock(&merger->lock);
    while (runs && !merger_ready(merger) && waited != ETIMEDOUT)
        waited = pthread_cond_timedwait(&merger->ended, &merger->lock, &deadline);
    pthread_mutex_unlock(&merger->lock);
    return runs;
}

enum fault merger_take(struct merger *merger, struct shard *shard, bool *taken, struct error *err)
{
    *taken = false;
    for (size_t i = 0; i < MERGES; i++)
        if (merger->merges[i].runs && atomic_load(&merger->merges[i].ready))
            TRY(merge_take(&merger->merges[i], shard, taken, err));
    return FAULT_NONE;
}
