/* making: two parts, each a row of segments. On one thread. */
#include "making.h"

#include "builder.h"
#include "copying.h"
#include "log.h"
#include "xapian_care.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STOCK_DOCUMENTS = 1000 }; /* between two commits of the stock path */

struct part {
    char path[PATH_MAX]; /* DIR/shard-0002/gen-000004 */
    struct builder *builder;
    struct database *stock; /* instead of the builder */
    unsigned segments;      /* begun */
    size_t pending;         /* documents since the last commit of `stock` */
};

struct making {
    struct generation next;
    size_t memory_bytes;
    bool bulk;
    bool finished;
    struct part parts[2]; /* open, closed */
};

static enum fault system_fault(struct error *err, const char *path)
{
    return error_set(err, FAULT_REOPEN, "generation.folder", "%.120s: %s", path, strerror(errno));
}

/* ---- segments */

static enum fault segment_path(const struct part *part, unsigned number, char out[static PATH_MAX], struct error *err)
{
    if (snprintf(out, PATH_MAX, "%s.%u", part->path, number) >= PATH_MAX)
        return error_set(err, FAULT_STOP, "data.path", "data_dir is too long");
    return FAULT_NONE;
}

static enum fault part_begin(struct making *making, struct part *part, struct error *err)
{
    char path[PATH_MAX];
    if (!making->bulk) {
        part->segments = 1;
        TRY(database_open_write(part->path, &part->stock, err));
        return database_begin(part->stock, err);
    }
    if (part->builder == NULL)
        part->builder =
            builder_new(&(struct builder_options){.memory_bytes = making->memory_bytes, .level = BUILDER_LEVEL});
    if (part->builder == NULL)
        return error_set(err, FAULT_STOP, "memory", "out of memory");
    TRY(segment_path(part, part->segments + 1, path, err));
    TRY(builder_begin(part->builder, path, err));
    part->segments++;
    return FAULT_NONE;
}

/* A document of the part comes: is there room, is there a segment at all? */
static enum fault part_ready(struct making *making, struct part *part, struct error *err)
{
    if (part->segments == 0)
        return part_begin(making, part, err);
    if (making->bulk && builder_full(part->builder) && !builder_is_spent(part->builder))
        return builder_spill(part->builder, err);
    if (making->bulk && builder_full(part->builder)) {
        TRY(builder_finish(part->builder, NULL, err));
        return part_begin(making, part, err);
    }
    if (!making->bulk && part->pending >= STOCK_DOCUMENTS) {
        part->pending = 0;
        TRY(database_commit(part->stock, err));
        return database_begin(part->stock, err);
    }
    return FAULT_NONE;
}

/* ---- what is added */

enum fault making_add(struct making *making, const struct index_record *record, struct error *err)
{
    for (int closed = 0; closed < 2; closed++) {
        struct part *part = &making->parts[closed];
        bool ready = false;
        for (size_t i = 0; i < record->document_count; i++) {
            const struct index_document *document = &record->documents[i];
            if (document->closed != (closed != 0))
                continue;
            if (!ready)
                TRY(part_ready(making, part, err));
            ready = true;
            TRY(making->bulk ? builder_add(part->builder, document, err) : database_add(part->stock, document, err));
            part->pending++;
        }
    }
    return FAULT_NONE;
}

enum fault making_meta(struct making *making, struct span key, struct span value, struct error *err)
{
    struct part *part = &making->parts[0];
    TRY(part_ready(making, part, err));
    return making->bulk ? builder_meta(part->builder, key, value, err)
                        : database_meta_set(part->stock, key, value, err);
}

/* ---- the end */

static void folder_remove(const char *path)
{
    struct generation alone = {.has_closed = false};
    snprintf(alone.open, sizeof alone.open, "%s", path);
    generation_remove(&alone);
}

static enum fault segments_merge(struct part *part, struct error *err)
{
    char(*paths)[PATH_MAX] = calloc(part->segments, sizeof *paths);
    const char **names = calloc(part->segments, sizeof *names);
    enum fault fault =
        paths != NULL && names != NULL ? FAULT_NONE : error_set(err, FAULT_REOPEN, "memory", "out of memory");
    for (unsigned i = 0; fault == FAULT_NONE && i < part->segments; i++) {
        fault = segment_path(part, i + 1, paths[i], err);
        names[i] = paths[i];
    }
    if (fault == FAULT_NONE)
        fault = database_merge(names, part->segments, part->path, err);
    if (fault == FAULT_NONE)
        fault = folder_sync(part->path, err);
    for (unsigned i = 0; fault == FAULT_NONE && i < part->segments; i++)
        folder_remove(paths[i]);
    free(names);
    free(paths);
    return fault;
}

static enum fault part_finish(struct making *making, struct part *part, struct error *err)
{
    char only[PATH_MAX];
    if (part->segments == 0)
        return FAULT_NONE;
    if (!making->bulk) {
        TRY(database_commit(part->stock, err));
        database_close(&part->stock);
        return folder_sync(part->path, err);
    }
    TRY(builder_finish(part->builder, NULL, err));
    if (part->segments > 1)
        return segments_merge(part, err);
    TRY(segment_path(part, 1, only, err));
    return rename(only, part->path) == 0 ? FAULT_NONE : system_fault(err, part->path);
}

enum fault making_finish(struct making *making, struct generation *next, struct error *err)
{
    if (making->parts[0].segments == 0) /* an empty shard is a database, too */
        TRY(part_begin(making, &making->parts[0], err));
    for (int closed = 0; closed < 2; closed++)
        TRY(part_finish(making, &making->parts[closed], err));
    making->next.has_closed = making->parts[1].segments > 0;
    making->finished = true;
    *next = making->next;
    return FAULT_NONE;
}

/* ---- begin and free */

/* The builder writes blocks as the Xapian of its tests does: is it that of this machine? */
static enum fault format_known(struct making *making, struct error *err)
{
    struct error why;
    struct database *empty = NULL;
    TRY(database_open_write(making->next.open, &empty, err));
    database_close(&empty);
    enum fault fault = builder_guard(making->next.open, &why);
    making->bulk = fault == FAULT_NONE;
    if (!making->bulk)
        log_error(LOG_WARN, "bulk.format", &why);
    folder_remove(making->next.open);
    return FAULT_NONE;
}

enum fault making_begin(const char *data_dir, uint32_t shard, size_t memory_bytes, struct making **out,
                        struct error *err)
{
    struct making *making = calloc(1, sizeof *making);
    *out = NULL;
    if (making == NULL)
        return error_set(err, FAULT_STOP, "memory", "out of memory");
    making->memory_bytes = memory_bytes;
    enum fault fault = generation_next(data_dir, shard, &making->next, err);
    if (fault == FAULT_NONE) {
        snprintf(making->parts[0].path, PATH_MAX, "%s", making->next.open);
        snprintf(making->parts[1].path, PATH_MAX, "%s", making->next.closed);
        fault = format_known(making, err);
    }
    if (fault != FAULT_NONE)
        making_free(&making);
    *out = making;
    return fault;
}

static void part_free(struct part *part, bool finished)
{
    struct error ignored;
    char path[PATH_MAX];
    builder_free(&part->builder);
    database_close(&part->stock);
    for (unsigned i = 0; !finished && i < part->segments; i++)
        if (segment_path(part, i + 1, path, &ignored) == FAULT_NONE)
            folder_remove(path);
}

void making_free(struct making **making)
{
    if (making == NULL || *making == NULL)
        return;
    for (int closed = 0; closed < 2; closed++)
        part_free(&(*making)->parts[closed], (*making)->finished);
    if (!(*making)->finished)
        generation_remove(&(*making)->next);
    free(*making);
    *making = NULL;
}
