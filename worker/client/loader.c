/* loader: a list of tasks, a few threads, a bounded list of results. One mutex guards all of it. */
#include "loader.h"

#include "clock.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What is handed over together: each time costs two changes of threads. A file that took long does not wait. */
enum { TOGETHER = 16 };

/* The grain of a file's time is at most 2 s (FAT). */
static const int64_t GRAIN_NS = INT64_C(2000000000);

struct loader {
    pthread_mutex_t mutex;
    pthread_cond_t room;  /* something was freed, or it stops */
    pthread_cond_t ready; /* something was read */
    const struct read_task *tasks;
    size_t count, next; /* the first task that no thread has */
    size_t taken;
    size_t ahead_files, ahead_bytes; /* read or being read, not freed */
    struct read_file *first, **last;
    bool digests, stop;
    unsigned running;
    pthread_t threads[LOADER_JOBS_MAX];
};

/* ---- Stamps ---- */

static int64_t nanoseconds(struct timespec time)
{
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

bool stamp_take(const char *path, struct ledger_stamp *stamp)
{
    struct stat state;
    struct timespec now;
    *stamp = (struct ledger_stamp){0};
    if (stat(path, &state) != 0)
        return false;
    clock_gettime(CLOCK_REALTIME, &now);
    *stamp = (struct ledger_stamp){nanoseconds(state.st_mtim), nanoseconds(state.st_ctim), state.st_size};
    if (nanoseconds(now) - stamp->mtime_ns < GRAIN_NS || nanoseconds(now) - stamp->ctime_ns < GRAIN_NS)
        stamp->mtime_ns = 0; /* young: a write in the same grain would not show */
    return true;
}

bool stamp_same(const struct ledger_stamp *a, const struct ledger_stamp *b)
{
    return a->mtime_ns != 0 && a->mtime_ns == b->mtime_ns && a->ctime_ns == b->ctime_ns && a->size == b->size;
}

/* ---- A reading thread ---- */

static void file_take_in(const struct loader *loader, const struct read_task *task, struct read_file *file)
{
    file->index = task->index;
    if (loader->digests)
        stamp_take(task->path, &file->stamp);
    file->fault = file_read(task->path, REFERENT_DOCUMENT_MAX_BYTES, &file->bytes, &file->error);
    if (file->fault != FAULT_NONE || !loader->digests || file->bytes.at == NULL)
        return;
    struct referent_document document = {.id = task->id,
                                         .source = task->source,
                                         .media_type = file_media_type(task->path),
                                         .body = file->bytes.at,
                                         .body_bytes = file->bytes.size};
    struct referent_error error;
    if (referent_document_digest(&document, file->digest, &error) != REFERENT_OK)
        file->fault = error_set(&file->error, FAULT_RETRY, error.rule, "%s", error.text);
}

static bool has_room(const struct loader *loader)
{
    return loader->ahead_files == 0 ||
           (loader->ahead_files < READ_AHEAD_FILES && loader->ahead_bytes < READ_AHEAD_BYTES);
}

/* Files that a thread has read and not handed over. */
struct group {
    struct read_file *first, **last;
    size_t count;
    int64_t begun_ms;
};

static void group_add(struct group *group, struct read_file *file)
{
    if (group->count++ == 0)
        group->last = &group->first;
    *group->last = file;
    group->last = &file->next;
}

/* Under the mutex. */
static void group_hand(struct loader *loader, struct group *group)
{
    if (group->count == 0)
        return;
    *loader->last = group->first;
    loader->last = group->last;
    *group = (struct group){.count = 0};
    pthread_cond_signal(&loader->ready);
}

/* Under the mutex. NULL: nothing is left to do. */
static const struct read_task *task_next(struct loader *loader, struct group *group)
{
    while (!loader->stop && loader->next < loader->count && !has_room(loader)) {
        group_hand(loader, group);
        pthread_cond_wait(&loader->room, &loader->mutex);
    }
    if (loader->stop || loader->next == loader->count)
        return NULL;
    loader->ahead_files++;
    return &loader->tasks[loader->next++];
}

static void *loader_run(void *argument)
{
    struct loader *loader = argument;
    const struct read_task *task;
    struct group group = {.count = 0};
    pthread_mutex_lock(&loader->mutex);
    while ((task = task_next(loader, &group)) != NULL) {
        pthread_mutex_unlock(&loader->mutex);
        if (group.count == 0)
            group.begun_ms = clock_steady_ms();
        struct read_file *file = calloc(1, sizeof *file);
        if (file != NULL)
            file_take_in(loader, task, file);
        pthread_mutex_lock(&loader->mutex);
        if (file == NULL) { /* no memory even for this: the file is not taken, and counts as left out in the end */
            loader->stop = true;
            break;
        }
        loader->ahead_bytes += file->bytes.at != NULL ? file->bytes.size : 0;
        group_add(&group, file);
        if (group.count == TOGETHER || clock_steady_ms() > group.begun_ms)
            group_hand(loader, &group);
    }
    group_hand(loader, &group);
    loader->running--;
    pthread_cond_broadcast(&loader->ready);
    pthread_mutex_unlock(&loader->mutex);
    return NULL;
}

/* ---- The owner ---- */

/* Signals are the owner's: they have to interrupt its wait. */
static unsigned threads_start(struct loader *loader, unsigned jobs)
{
    sigset_t all, before;
    unsigned started = 0;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_mutex_lock(&loader->mutex);
    while (started < jobs && pthread_create(&loader->threads[started], NULL, loader_run, loader) == 0)
        started++;
    loader->running = started;
    pthread_mutex_unlock(&loader->mutex);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

enum fault loader_start(const struct read_task *tasks, size_t count, unsigned jobs, bool digests, struct loader **out,
                        struct error *err)
{
    *out = NULL;
    struct loader *loader = calloc(1, sizeof *loader);
    if (loader == NULL)
        return error_set(err, FAULT_RETRY, "memory", "out of memory");
    pthread_condattr_t steady;
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_mutex_init(&loader->mutex, NULL);
    pthread_cond_init(&loader->room, NULL);
    pthread_cond_init(&loader->ready, &steady);
    pthread_condattr_destroy(&steady);
    loader->tasks = tasks;
    loader->count = count;
    loader->digests = digests;
    loader->last = &loader->first;
    if (threads_start(loader, jobs < LOADER_JOBS_MAX ? jobs : LOADER_JOBS_MAX) == 0) {
        loader_stop(&loader);
        return error_set(err, FAULT_RETRY, "thread", "cannot start a thread to read files; too many run already");
    }
    *out = loader;
    return FAULT_NONE;
}

struct read_file *loader_take(struct loader *loader, int timeout_ms)
{
    struct timespec until = clock_deadline(timeout_ms);
    pthread_mutex_lock(&loader->mutex);
    if (loader->first == NULL && has_room(loader)) /* whatever room there is: nobody else may give more */
        pthread_cond_broadcast(&loader->room);
    while (loader->first == NULL && loader->running > 0 && timeout_ms > 0)
        if (pthread_cond_timedwait(&loader->ready, &loader->mutex, &until) == ETIMEDOUT)
            break;
    struct read_file *file = loader->first;
    if (file != NULL) {
        loader->first = file->next;
        if (loader->first == NULL)
            loader->last = &loader->first;
        loader->taken++;
    }
    pthread_mutex_unlock(&loader->mutex);
    return file;
}

void read_file_free(struct loader *loader, struct read_file **file)
{
    if (*file == NULL)
        return;
    pthread_mutex_lock(&loader->mutex);
    loader->ahead_files--;
    loader->ahead_bytes -= (*file)->bytes.at != NULL ? (*file)->bytes.size : 0;
    if (loader->ahead_files <= READ_AHEAD_FILES / 2 && loader->ahead_bytes <= READ_AHEAD_BYTES / 2)
        pthread_cond_broadcast(&loader->room); /* for many at once */
    pthread_mutex_unlock(&loader->mutex);
    file_bytes_done(&(*file)->bytes);
    free(*file);
    *file = NULL;
}

bool loader_ended(struct loader *loader)
{
    pthread_mutex_lock(&loader->mutex);
    bool ended = loader->first == NULL && loader->running == 0;
    pthread_mutex_unlock(&loader->mutex);
    return ended;
}

void loader_stop(struct loader **stopping)
{
    struct loader *loader = *stopping;
    if (loader == NULL)
        return;
    pthread_mutex_lock(&loader->mutex);
    loader->stop = true;
    pthread_cond_broadcast(&loader->room);
    pthread_mutex_unlock(&loader->mutex);
    for (unsigned i = 0; i < LOADER_JOBS_MAX && loader->threads[i] != 0; i++)
        pthread_join(loader->threads[i], NULL);
    for (struct read_file *file; (file = loader->first) != NULL;) {
        loader->first = file->next;
        file_bytes_done(&file->bytes);
        free(file);
    }
    pthread_cond_destroy(&loader->ready);
    pthread_cond_destroy(&loader->room);
    pthread_mutex_destroy(&loader->mutex);
    free(loader);
    *stopping = NULL;
}
