/* rebuild: shards made anew from their stored text. Threads of its own, one shard at a time each. */
#include "rebuild.h"

#include "clock.h"
#include "directory.h"
#include "log.h"
#include "making.h"
#include "mending.h"
#include "publication.h"
#include "renewal.h"
#include "rereading.h"
#include "schema.h"
#include "stemmer.h"
#include "term.h"
#include "thread.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

enum {
    THREADS_MAX = 64,
    ROUNDS_MAX = 20,          /* of following before the writer waits for the last */
    FEW = 64,                 /* changes that the writer may wait for */
    MEMORY_BYTES = 256 << 20, /* of a bulk builder */
    AGAIN_MS = 60 * 1000,     /* after a fault */
    GRACE_MS = 10 * 1000,     /* for readers to move, before the old generation is removed */
    WATCH_MS = 500            /* how soon a damaged shard is seen */
};

struct rebuild {
    struct rebuild_setup setup;
    struct queue *bell; /* never holds anything; closed: stop */
    _Atomic uint32_t next;
    atomic_flag watched; /* by one of the threads, for damage */
    size_t thread_count;
    pthread_t threads[THREADS_MAX];
};

/* One shard being rebuilt, on one thread. */
struct task {
    struct rebuild *rebuild;
    struct writer *writer;
    uint32_t shard;
    struct term_builder *builder;
    bool outdated;
    bool mends; /* the shard is damaged */
    struct renewal renewal;
    struct making *making;
    struct generation before; /* the generation that was in use */
    int64_t begun_ms;
};

/* ---- READING */

/* On the writer's thread: everything that came before is committed. */
static enum fault look(void *self, struct shard *shard, struct error *err)
{
    struct task *task = self;
    task->outdated = shard->schema != SCHEMA_VERSION || shard->analysis != ANALYSIS_VERSION;
    if (!task->outdated && !task->rebuild->setup.wanted && !task->mends)
        return FAULT_NONE;
    task->outdated = true;
    log_event(LOG_INFO, "rebuild.begin", "shard=%u schema=%u analysis=%u damaged=%u", shard->number, shard->schema,
              shard->analysis, task->mends);
    struct generation current;
    shard_generation(shard, &current);
    if (task->mends && current.young.count > 0) /* before anything is made of it */
        TRY(mending_allowed(&current, err));
    TRY(publication_fold(shard, err)); /* what is followed is one database; while we have the claim it stays one */
    shard_generation(shard, &current);
    TRY(database_newest(shard->open.database, 0, &task->renewal.seen, err));
    return old_open(&task->renewal.old, &current, err);
}

static enum fault part_check(const char *path, struct error *err)
{
    uint64_t errors;
    char words[CHECK_WORDS_BYTES];
    TRY(database_check(path, &errors, words, err));
    return errors == 0 ? FAULT_NONE
                       : error_set(err, FAULT_REOPEN, "rebuild.check", "the new database has %llu errors: %s",
                                   (unsigned long long)errors, words);
}

static enum fault read_all(struct task *task, struct rereading *reading, struct error *err)
{
    struct generation next;
    TRY(making_begin(task->rebuild->setup.config->data_dir, task->shard, MEMORY_BYTES, &task->making, err));
    TRY(rereading_all(reading, task->making, err));
    if (task->mends)
        TRY(mending_whole(&task->renewal.old, reading->documents, err));
    TRY(making_finish(task->making, &next, err));
    task->renewal.next = next;
    TRY(part_check(next.open, err));
    if (next.has_closed)
        TRY(part_check(next.closed, err));
    return renewal_open(&task->renewal, &next, err);
}

/* ---- FOLLOWING */

static enum fault follow(struct task *task, const struct rereading *reading, struct error *err)
{
    size_t changed = SIZE_MAX;
    for (size_t i = 0; i < reading->left.count; i++)
        TRY(renewal_put(&task->renewal, reading->left.items[i], err));
    for (int round = 0; round < ROUNDS_MAX && changed > FEW; round++) {
        TRY(rereading_goes_on(reading, err));
        TRY(renewal_follow(&task->renewal, &changed, err));
    }
    return FAULT_NONE;
}

/* On the writer's thread. */
static enum fault move(void *self, struct shard *shard, struct error *err)
{
    struct task *task = self;
    size_t changed;
    if (strcmp(shard->open.generation, task->renewal.old.generation.open) != 0)
        return error_set(err, FAULT_RETRY, "rebuild.moved", "shard %u has moved to another generation meanwhile",
                         shard->number);
    TRY(renewal_follow(&task->renewal, &changed, err));
    renewal_close(&task->renewal);
    enum fault fault = shard_switch(shard, &task->renewal.next, true, &task->before, err);
    if (fault != FAULT_NONE && shard->open.database == NULL)
        task->renewal.next = (struct generation){.has_closed = false}; /* it may be the shard's now */
    if (fault == FAULT_NONE && task->mends)
        writer_mended(task->writer);
    return fault;
}

/* ---- one shard */

static void task_clear(struct task *task, bool done)
{
    old_close(&task->renewal.old);
    renewal_close(&task->renewal);
    making_free(&task->making);
    if (!done && task->renewal.next.open[0] != '\0')
        generation_remove(&task->renewal.next);
}

/* The new generation takes what the old one does, about. */
static enum fault room_check(const struct task *task, struct error *err)
{
    const struct config *config = task->rebuild->setup.config;
    const struct generation *old = &task->renewal.old.generation;
    uint64_t needed = directory_bytes(old->open) + directory_bytes(old->closed) + config->disk_reserve_bytes;
    struct statvfs about;
    if (statvfs(config->data_dir, &about) != 0 || (uint64_t)about.f_bavail * about.f_frsize >= needed)
        return FAULT_NONE;
    return error_set(err, FAULT_REOPEN, "rebuild.room", "shard %u needs %llu MB of disk to be made anew", task->shard,
                     (unsigned long long)(needed >> 20));
}

static enum fault shard_remake(struct task *task, struct rereading *reading, struct error *err)
{
    TRY(rereading_open(reading, err));
    TRY(read_all(task, reading, err));
    TRY(follow(task, reading, err));
    TRY(writer_visit(task->writer, move, task, err));
    log_event(LOG_INFO, "rebuild.done", "shard=%u meetings=%llu kept=%llu ms=%lld", task->shard,
              (unsigned long long)reading->meetings, (unsigned long long)reading->kept,
              (long long)(clock_steady_ms() - task->begun_ms));
    return FAULT_NONE;
}

static enum fault shard_steps(struct task *task, struct error *err)
{
    const struct rebuild *rebuild = task->rebuild;
    struct rereading reading = {.old = &task->renewal.old,
                                .builder = task->builder,
                                .bell = rebuild->bell,
                                .data_dir = rebuild->setup.config->data_dir,
                                .arena_bytes = rebuild->setup.config->arena_max_bytes,
                                .shard = task->shard,
                                .mends = task->mends,
                                .in_hand = {.file = -1}};
    TRY(writer_visit(task->writer, look, task, err));
    if (!task->outdated)
        return FAULT_NONE;
    if (task->mends)
        TRY(mending_allowed(&task->renewal.old.generation, err));
    TRY(room_check(task, err));
    enum fault fault = shard_remake(task, &reading, err);
    rereading_close(&reading);
    if (fault != FAULT_NONE)
        return fault;
    (void)queue_pop(rebuild->bell, GRACE_MS);
    generation_remove(&task->before);
    return FAULT_NONE;
}

/* What reads meetings again; a thread's own. */
static struct term_builder *builder_open(const struct rebuild *rebuild)
{
    struct term_builder *builder = term_builder_new(danish_stemmer(), &rebuild->setup.words, 0);
    struct error err;
    if (builder == NULL) {
        error_set(&err, FAULT_STOP, "memory", "out of memory for the words of a rebuild");
        log_error(LOG_ERROR, "rebuild.failed", &err);
    }
    return builder;
}

static enum fault shard_attempt(struct rebuild *rebuild, uint32_t shard, bool mends, struct term_builder *builder,
                                struct error *err)
{
    struct task task = {.rebuild = rebuild,
                        .writer = rebuild->setup.writers[shard],
                        .shard = shard,
                        .mends = mends,
                        .builder = builder,
                        .begun_ms = clock_steady_ms()};
    enum fault fault = shard_steps(&task, err);
    task_clear(&task, fault == FAULT_NONE);
    return fault;
}

/* Until it is done, or the daemon ends, or (false) a damaged one turns out to have lost something. */
static bool shard_rebuild(struct rebuild *rebuild, uint32_t shard, bool mends, struct term_builder *builder)
{
    enum fault fault = FAULT_RETRY;
    bool hopeless = false;
    while (fault != FAULT_NONE && !hopeless && !queue_ended(rebuild->bell)) {
        struct error err;
        if (writer_claim(rebuild->setup.writers[shard])) {
            fault = shard_attempt(rebuild, shard, mends, builder, &err);
            writer_unclaim(rebuild->setup.writers[shard]);
            hopeless = mends && (fault == FAULT_STOP || fault == FAULT_REJECT);
            if (fault != FAULT_NONE)
                log_error(fault == FAULT_RETRY ? LOG_INFO : LOG_ERROR, "rebuild.failed", &err);
        }
        if (fault != FAULT_NONE && !hopeless)
            (void)queue_pop(rebuild->bell, AGAIN_MS);
    }
    return !hopeless;
}

/* ---- threads */

static void outdated_rebuild(struct rebuild *rebuild)
{
    struct term_builder *builder = builder_open(rebuild);
    for (uint32_t shard; builder != NULL && (shard = atomic_fetch_add(&rebuild->next, 1)) < rebuild->setup.shards;)
        if (rebuild->setup.wanted || writer_outdated(rebuild->setup.writers[shard]))
            (void)shard_rebuild(rebuild, shard, false, builder);
    term_builder_free(&builder);
}

static bool damaged_mend(struct rebuild *rebuild, uint32_t shard)
{
    struct term_builder *builder = builder_open(rebuild);
    bool mended = builder != NULL && shard_rebuild(rebuild, shard, true, builder);
    term_builder_free(&builder);
    return mended;
}

static void damage_watch(struct rebuild *rebuild)
{
    while (!queue_ended(rebuild->bell)) {
        (void)queue_pop(rebuild->bell, WATCH_MS);
        for (uint32_t i = 0; i < rebuild->setup.shards; i++) {
            struct writer *writer = rebuild->setup.writers[i];
            if (writer_damaged(writer) && !damaged_mend(rebuild, i))
                writer_unmended(writer);
        }
    }
}

static void *run(void *opaque)
{
    struct rebuild *rebuild = opaque;
    thread_begin("rebuild", THREAD_REBUILD);
    outdated_rebuild(rebuild);
    if (!atomic_flag_test_and_set(&rebuild->watched))
        damage_watch(rebuild);
    return NULL;
}

enum fault rebuild_start(const struct rebuild_setup *setup, struct rebuild **out, struct error *err)
{
    struct rebuild *rebuild = calloc(1, sizeof *rebuild);
    *out = rebuild;
    if (rebuild == NULL)
        return error_set(err, FAULT_STOP, "memory", "out of memory");
    rebuild->setup = *setup;
    atomic_flag_clear(&rebuild->watched);
    rebuild->bell = queue_new(1);
    if (rebuild->bell == NULL)
        return error_set(err, FAULT_STOP, "memory", "out of memory");
    for (size_t i = 0; i < setup->config->rebuild_threads && i < setup->shards && i < THREADS_MAX; i++) {
        if (pthread_create(&rebuild->threads[i], NULL, run, rebuild) != 0)
            return error_set(err, FAULT_STOP, "thread.start", "no thread for rebuilding");
        rebuild->thread_count++;
    }
    return FAULT_NONE;
}

void rebuild_stop(struct rebuild **rebuild)
{
    if (rebuild == NULL || *rebuild == NULL)
        return;
    if ((*rebuild)->bell != NULL)
        queue_close((*rebuild)->bell);
    for (size_t i = 0; i < (*rebuild)->thread_count; i++)
        pthread_join((*rebuild)->threads[i], NULL);
    queue_free(&(*rebuild)->bell);
    free(*rebuild);
    *rebuild = NULL;
}
