/* view: the shards of the index as one search thread has them open. */
#include "view.h"

#include "clock.h"
#include "closer.h"
#include "directory.h"
#include "log.h"

#include <stdio.h>
#include <stdlib.h>

enum { MISSING_AGAIN_MS = 1000, OPEN_AGAIN_MAX = 20, MOVE_AGAIN_MAX = 20 };

struct view {
    char data_dir[PATH_MAX];
    uint32_t shards;
    struct database *database; /* NULL: to be opened */
    struct database *before;   /* what was open until a stub was replaced; NULL once that is made good */
    struct view_part {
        uint32_t shard;
        char path[PATH_MAX];   /* of the stub */
        struct stub_seen seen; /* the stub, before it was read */
        char names[1 + YOUNG_MAX][PATH_MAX];
        const char *paths[1 + YOUNG_MAX];
    } * open;
    size_t parts;
    int64_t opened_ms;
    struct names *known;
    struct body_unpacker *unpacker;
    struct kinds *kinds;
    struct matcher *matcher; /* may be NULL */
    struct store *lists;     /* the same */
    struct closer *closer;   /* the same */
};

struct view *view_new(const char *data_dir, uint32_t shards)
{
    struct view *view = calloc(1, sizeof *view);
    if (view == NULL)
        return NULL;
    snprintf(view->data_dir, sizeof view->data_dir, "%s", data_dir);
    view->shards = shards;
    view->open = calloc(shards, sizeof *view->open);
    view->known = names_new();
    view->unpacker = body_unpacker_new();
    view->kinds = kinds_new();
    for (uint32_t part = 0; view->open && part < shards; part++)
        view->open[part].seen.held = -1;
    bool whole = view->open && view->known && view->unpacker && view->kinds;
    if (!whole)
        view_free(&view);
    return view;
}

void view_free(struct view **view)
{
    if (view == NULL || *view == NULL)
        return;
    view_broken(*view);
    for (uint32_t part = 0; (*view)->open && part < (*view)->shards; part++)
        directory_unsee(&(*view)->open[part].seen);
    free((*view)->open);
    names_free(&(*view)->known);
    body_unpacker_free(&(*view)->unpacker);
    kinds_free(&(*view)->kinds);
    matcher_free(&(*view)->matcher);
    free(*view);
    *view = NULL;
}

/* What the stub names; a stub that names something else, such as a remote database, is opened as it is. */
static enum fault row_read(struct view_part *part, struct database_row *row, struct error *err)
{
    struct young_names young;
    struct error other;
    bool exists;
    *row = (struct database_row){part->paths, 1};
    directory_unsee(&part->seen);
    part->seen = directory_see(part->path);
    part->paths[0] = part->path;
    if (directory_generation(part->path, part->names[0], &exists, &other) != FAULT_NONE || !exists ||
        directory_young(part->path, &young, &other) != FAULT_NONE)
        return FAULT_NONE;
    part->paths[0] = part->names[0];
    for (size_t i = 0; i < young.count; i++) {
        if (snprintf(part->names[i + 1], PATH_MAX, "%s/%s", part->path, young.at[i]) >= PATH_MAX)
            return error_set(err, FAULT_STOP, "data.path", "data_dir is too long");
        part->paths[row->count++] = part->names[i + 1];
    }
    return FAULT_NONE;
}

/* Two commits while a shard is opened take its blocks away, and a merge its young segments, which looks like damage:
 * that does not happen often in a row. */
static bool opens(struct view *view, struct view_part *part, struct error *why)
{
    bool opened = false;
    for (int i = 0; i < OPEN_AGAIN_MAX && !opened; i++) {
        struct database_row row;
        opened = row_read(part, &row, why) == FAULT_NONE &&
                 database_open_row(view->database, &row, view->before, why) == FAULT_NONE;
    }
    return opened;
}

/* Which shards open at all, one by one: a combined database fails as a whole. */
static enum fault find_parts(struct view *view, struct error *err)
{
    view->parts = 0;
    for (uint32_t shard = 0; shard < view->shards; shard++) {
        struct view_part *part = &view->open[view->parts];
        struct error why;
        part->shard = shard;
        TRY(directory_part(view->data_dir, false, shard, part->path, err));
        if (opens(view, part, &why))
            view->parts++;
        else
            log_event(LOG_WARN, "shard.missing", "shard=%u rule=%s", shard, why.rule);
    }
    return FAULT_NONE;
}

static enum fault view_open(struct view *view, struct error *err)
{
    view->opened_ms = clock_steady_ms();
    names_moved(view->known);
    TRY(database_open_none(&view->database, err));
    enum fault fault = find_parts(view, err);
    if (fault == FAULT_NONE && view->parts == 0)
        fault = error_set(err, FAULT_REOPEN, "view.empty", "no shard of %s can be opened", view->data_dir);
    if (fault != FAULT_NONE)
        view_broken(view);
    struct database *rest;
    database_leave(&view->before, &rest);
    closer_take(view->closer, &rest);
    return fault;
}

static bool stubs_replaced(const struct view *view)
{
    for (size_t part = 0; part < view->parts; part++)
        if (!directory_seen(view->open[part].path, &view->open[part].seen))
            return true;
    return false;
}

static enum fault view_move(struct view *view, struct error *err)
{
    bool moved = false;
    if (view->database == NULL)
        return view_open(view, err);
    TRY(database_refresh(view->database, &moved, err));
    if (moved)
        names_moved(view->known);
    return FAULT_NONE;
}

/* Most of what the stubs name stays as it is. */
static void view_replaced(struct view *view)
{
    if (view->database == NULL)
        return;
    database_close(&view->before);
    view->before = view->database;
    view->database = NULL;
}

/* A stub that was replaced while the databases moved may name documents that the newest commit counts and that were
 * not opened, or have taken away what is opened just now, so it is looked at afterwards, too. */
enum fault view_refresh(struct view *view, struct error *err)
{
    names_forget(view->known);
    kinds_forget(view->kinds);
    bool look_again = view->parts < view->shards && clock_steady_ms() - view->opened_ms >= MISSING_AGAIN_MS;
    if (look_again || stubs_replaced(view))
        view_replaced(view);
    enum fault fault = FAULT_NONE;
    for (int i = 0; i < MOVE_AGAIN_MAX; i++) {
        fault = view_move(view, err);
        bool replaced = stubs_replaced(view);
        if (replaced) /* a merge may have taken away what could not be moved */
            view_replaced(view);
        else if (fault != FAULT_NONE)
            view_broken(view);
        if (!replaced)
            return fault;
    }
    return fault == FAULT_NONE ? view_move(view, err) : fault;
}

void view_broken(struct view *view)
{
    database_close(&view->database);
    database_close(&view->before);
}

enum fault view_whole(struct view *view, struct error *err)
{
    return view->database != NULL ? database_whole(view->database, err) : FAULT_NONE;
}

void view_trust(struct view *view)
{
    names_trust(view->known);
    kinds_trust(view->kinds);
}

struct database *view_database(struct view *view)
{
    return view->database;
}

struct body_unpacker *view_unpacker(struct view *view)
{
    return view->unpacker;
}

struct kinds *view_kinds(struct view *view)
{
    return view->kinds;
}

bool view_share(struct view *view, struct store *store)
{
    matcher_free(&view->matcher);
    view->matcher = matcher_new(store);
    view->lists = store;
    return view->matcher != NULL;
}

void view_close_by(struct view *view, struct closer *closer)
{
    view->closer = closer;
}

struct matcher *view_matcher(struct view *view)
{
    return view->matcher;
}

struct labels *view_labels(struct view *view)
{
    return view->lists != NULL ? store_labels(view->lists) : NULL;
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
    return view->open[part].shard;
}

bool view_part(const struct view *view, uint32_t shard, size_t *part)
{
    for (*part = 0; *part < view->parts; ++*part)
        if (view->open[*part].shard == shard)
            return true;
    return false;
}

const char *view_data_dir(const struct view *view)
{
    return view->data_dir;
}
