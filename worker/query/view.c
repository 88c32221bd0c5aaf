/* view: the shards of the index as one search thread has them open. */
#include "view.h"

#include "clock.h"
#include "directory.h"
#include "log.h"

#include <stdio.h>
#include <stdlib.h>

enum { MISSING_AGAIN_MS = 1000, OPEN_AGAIN_MAX = 20 };

struct view {
    char data_dir[PATH_MAX];
    uint32_t shards;
    struct database *database; /* NULL: to be opened */
    uint32_t *open;            /* part -> shard */
    size_t parts;
    char (*paths)[PATH_MAX];
    const char **names;
    struct stub_stamp *stamps; /* of the parts' stubs, taken before they were opened */
    int64_t opened_ms;
    struct names *known;
    struct body_unpacker *unpacker;
};

struct view *view_new(const char *data_dir, uint32_t shards)
{
    struct view *view = calloc(1, sizeof *view);
    if (view == NULL)
        return NULL;
    snprintf(view->data_dir, sizeof view->data_dir, "%s", data_dir);
    view->shards = shards;
    view->open = calloc(shards, sizeof *view->open);
    view->paths = calloc(shards, sizeof *view->paths);
    view->names = calloc(shards, sizeof *view->names);
    view->stamps = calloc(shards, sizeof *view->stamps);
    view->known = names_new();
    view->unpacker = body_unpacker_new();
    bool whole = view->open && view->paths && view->names && view->stamps && view->known && view->unpacker;
    if (!whole)
        view_free(&view);
    return view;
}

void view_free(struct view **view)
{
    if (view == NULL || *view == NULL)
        return;
    database_close(&(*view)->database);
    free((*view)->open);
    free((*view)->paths);
    free((*view)->names);
    free((*view)->stamps);
    names_free(&(*view)->known);
    body_unpacker_free(&(*view)->unpacker);
    free(*view);
    *view = NULL;
}

/* Two commits while a shard is opened take its blocks away, which looks like damage: that does not happen often in a
 * row. */
static bool opens(const char *path, struct database **out, struct error *why)
{
    bool opened = false;
    for (int i = 0; i < OPEN_AGAIN_MAX && !opened; i++)
        opened = database_open_read(&path, 1, out, why) == FAULT_NONE;
    return opened;
}

/* Which shards open at all, one by one: a combined database fails as a whole. */
static enum fault find_parts(struct view *view, struct error *err)
{
    view->parts = 0;
    for (uint32_t shard = 0; shard < view->shards; shard++) {
        char *path = view->paths[view->parts];
        struct database *alone = NULL;
        struct error why;
        TRY(directory_part(view->data_dir, false, shard, path, err));
        const char *name = path;
        view->stamps[view->parts] = directory_stamp(path);
        if (!opens(name, &alone, &why)) {
            log_event(LOG_WARN, "shard.missing", "shard=%u rule=%s", shard, why.rule);
            continue;
        }
        database_close(&alone);
        view->names[view->parts] = path;
        view->open[view->parts++] = shard;
    }
    return FAULT_NONE;
}

static enum fault view_open(struct view *view, struct error *err)
{
    view->opened_ms = clock_steady_ms();
    names_moved(view->known);
    TRY(find_parts(view, err));
    if (view->parts == 0)
        return error_set(err, FAULT_REOPEN, "view.empty", "no shard of %s can be opened", view->data_dir);
    return database_open_read(view->names, view->parts, &view->database, err);
}

static bool stubs_replaced(const struct view *view)
{
    for (size_t part = 0; part < view->parts; part++) {
        struct stub_stamp now = directory_stamp(view->names[part]), then = view->stamps[part];
        if (now.inode != then.inode || now.changed_ns != then.changed_ns || now.device != then.device)
            return true;
    }
    return false;
}

enum fault view_refresh(struct view *view, struct error *err)
{
    bool look_again = view->parts < view->shards && clock_steady_ms() - view->opened_ms >= MISSING_AGAIN_MS;
    if (look_again || stubs_replaced(view))
        view_broken(view);
    bool moved = false;
    enum fault fault = view->database ? database_refresh(view->database, &moved, err) : view_open(view, err);
    if (fault != FAULT_NONE)
        view_broken(view);
    if (moved)
        names_moved(view->known);
    return fault;
}

void view_broken(struct view *view)
{
    database_close(&view->database);
}

struct database *view_database(struct view *view)
{
    return view->database;
}

struct body_unpacker *view_unpacker(struct view *view)
{
    return view->unpacker;
}

struct names *view_names(struct view *view)
{
    return view->known;
}

uint32_t view_shards(const struct view *view)
{
    return view->shards;
}

size_t view_parts(const struct view *view)
{
    return view->parts;
}

uint32_t view_shard(const struct view *view, size_t part)
{
    return view->open[part];
}

bool view_part(const struct view *view, uint32_t shard, size_t *part)
{
    for (*part = 0; *part < view->parts; ++*part)
        if (view->open[*part] == shard)
            return true;
    return false;
}

const char *view_data_dir(const struct view *view)
{
    return view->data_dir;
}
