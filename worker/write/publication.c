/* publication: merge, sync and check, switch. */
#include "publication.h"

#include "log.h"
#include "schema.h"
#include "thread.h"
#include "xapian_care.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char segment_prefix[] = "load-";
enum { SCRATCH_BYTES = 64 * 1024 };

enum fault segment_path(const struct shard_part *part, unsigned number, char out[static PATH_MAX], struct error *err)
{
    if (snprintf(out, PATH_MAX, "%s/%s%06u", part->path, segment_prefix, number) >= PATH_MAX)
        return error_set(err, FAULT_STOP, "data.path", "data_dir is too long");
    return FAULT_NONE;
}

void segments_remove(const struct shard_part *part)
{
    DIR *folder = opendir(part->path);
    if (folder == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[PATH_MAX];
        if (strncmp(entry->d_name, segment_prefix, sizeof segment_prefix - 1) == 0 &&
            snprintf(path, sizeof path, "%s/%s", part->path, entry->d_name) < (int)sizeof path)
            directory_remove(path);
    }
    closedir(folder);
}

/* Does the part hold a document or a tombstone? If not, its labels are all there is, and shard_switch writes those. */
static enum fault part_holds(const struct shard_part *part, bool *holds, struct error *err)
{
    uint64_t documents;
    struct span_list tombstones = {0};
    TRY(database_count(part->database, 0, &documents, err));
    struct arena *arena = arena_new(SCRATCH_BYTES);
    if (arena == NULL)
        return error_set(err, FAULT_REOPEN, "memory", "out of memory");
    enum fault fault =
        database_meta_keys(part->database, 0, arena, schema_key(KEY_DELETED), (struct span){0}, 1, &tombstones, err);
    *holds = documents > 0 || tombstones.count > 0;
    arena_free(&arena);
    return fault;
}

static enum fault sync_fault(struct error *err, const char *path)
{
    return error_set(err, FAULT_REOPEN, "bulk.sync", "%.150s: %s", path, strerror(errno));
}

/* What becomes one database: that of the generation, the young segments beside it, those of a load. */
struct sources {
    const struct shard *shard;
    const struct shard_part *part;
    bool base;
    size_t young;
    unsigned segments;
};

static enum fault sources_merge(const struct sources *sources, const char *out, struct error *err)
{
    size_t more = sources->young + sources->segments, count = 0;
    const char **names = calloc(more + 1, sizeof *names);
    char(*paths)[PATH_MAX] = calloc(more + 1, sizeof *paths);
    enum fault fault = FAULT_NONE;
    if (names == NULL || paths == NULL)
        fault = error_set(err, FAULT_REOPEN, "memory", "out of memory");
    if (fault == FAULT_NONE && sources->base)
        names[count++] = sources->part->generation;
    for (size_t i = 0; fault == FAULT_NONE && i < more; i++) {
        fault = i < sources->young ? young_path(sources->shard, sources->shard->row.items[i].name, paths[i], err)
                                   : segment_path(sources->part, (unsigned)(i - sources->young) + 1, paths[i], err);
        names[count++] = paths[i];
    }
    if (fault == FAULT_NONE)
        fault = database_merge(names, count, out, err);
    free(names);
    free(paths);
    return fault;
}

/* What is so broken that the check itself ends is not the shard, but what we made. */
static enum fault part_check(const char *path, struct error *err)
{
    uint64_t errors;
    struct error why;
    enum fault fault = database_check(path, &errors, NULL, &why);
    if (fault == FAULT_NONE && errors == 0)
        return FAULT_NONE;
    if (fault == FAULT_NONE)
        error_set(&why, FAULT_RETRY, "bulk.check", "%" PRIu64 " faults", errors);
    return error_set(err, FAULT_RETRY, "bulk.check", "%.120s is not published: %.120s", path, why.text);
}

/* ---- the disk takes what the check reads, neither waits for the other */

struct sync {
    const char *path;
    enum fault fault;
    struct error err;
};

static void *sync_run(void *opaque)
{
    struct sync *sync = opaque;
    sync->fault = generation_sync(sync->path, &sync->err);
    return NULL;
}

static void *sync_beside(void *opaque)
{
    thread_begin("sync", THREAD_PROMPT); /* it is the writer's, and so is its niceness */
    return sync_run(opaque);
}

static enum fault part_settle(const char *path, struct error *err)
{
    struct sync sync = {.path = path};
    pthread_t thread;
    bool beside = pthread_create(&thread, NULL, sync_beside, &sync) == 0;
    enum fault fault = part_check(path, err);
    if (beside)
        pthread_join(thread, NULL);
    else
        sync_run(&sync);
    if (fault != FAULT_NONE || sync.fault == FAULT_NONE)
        return fault;
    *err = sync.err;
    return sync.fault;
}

/* The part's next database at `out`, synced and checked. *made is false if there is nothing to put into one. */
static enum fault part_make(const struct shard *shard, bool closed, unsigned segments, const char *out, bool *made,
                            struct error *err)
{
    const struct shard_part *part = closed ? &shard->closed : &shard->open;
    struct sources sources = {
        .shard = shard, .part = part, .young = closed ? 0 : shard->row.count, .segments = segments};
    char only[PATH_MAX];
    if (part->database != NULL)
        TRY(part_holds(part, &sources.base, err));
    *made = sources.base || sources.young > 0 || segments > 0;
    if (!*made)
        return FAULT_NONE;
    if (sources.base || sources.young > 0 || segments > 1) {
        TRY(sources_merge(&sources, out, err));
    } else {
        TRY(segment_path(part, 1, only, err));
        if (rename(only, out) != 0)
            return sync_fault(err, out);
    }
    return part_settle(out, err);
}

/* A fault may come after the decision: then it is done, only we were not told. */
static enum fault switch_settle(struct shard *shard, uint64_t sequence, enum fault fault)
{
    struct error ignored;
    if (fault == FAULT_NONE || shard->open.database != NULL)
        return fault;
    bool done = shard_reopen(shard, &ignored) == FAULT_NONE && shard->sequence == sequence + 1;
    return done ? FAULT_NONE : fault;
}

/* Where it stands open which generation the shard has, neither is removed; the next start does that. */
static enum fault next_take(struct shard *shard, struct generation *next, struct error *err)
{
    struct generation old;
    uint64_t sequence = shard->sequence;
    enum fault fault = shard_switch(shard, next, false, &old, err);
    if (fault != FAULT_NONE && shard->open.database == NULL)
        return switch_settle(shard, sequence, fault);
    generation_remove(fault == FAULT_NONE ? &old : next);
    return fault;
}

static enum fault held_run(struct shard *shard, unsigned open, unsigned closed, bool held, struct error *err)
{
    struct generation next;
    bool made;
    int hold = -1;
    TRY(generation_next(shard->data_dir, shard->number, &next, err));
    enum fault fault = part_make(shard, false, open, next.open, &made, err);
    if (fault == FAULT_NONE)
        fault = part_make(shard, true, closed, next.closed, &next.has_closed, err);
    if (fault == FAULT_NONE && !held)
        fault = directory_hold(shard->open.path, &hold, err);
    if (fault != FAULT_NONE) {
        generation_remove(&next);
        return fault;
    }
    fault = next_take(shard, &next, err);
    directory_release(&hold);
    return fault;
}

enum fault publication_run(struct shard *shard, unsigned open, unsigned closed, struct error *err)
{
    return held_run(shard, open, closed, false, err);
}

enum fault publication_fold(struct shard *shard, struct error *err)
{
    if (shard->row.count == 0)
        return FAULT_NONE;
    log_event(LOG_INFO, "young.fold", "shard=%u segments=%zu", shard->number, shard->row.count);
    return held_run(shard, 0, 0, true, err);
}
