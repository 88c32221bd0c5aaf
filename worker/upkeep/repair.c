/* repair: data of documents -> meetings -> a new generation. On the thread of the command. */
#include "repair.h"

#include "directory.h"
#include "generation.h"
#include "lost_stub.h"
#include "making.h"
#include "old.h"
#include "salvage.h"
#include "schema.h"
#include "shard.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 1000, MEMORY_BYTES = 256 << 20 };
#define ARENA_BYTES ((size_t)2 << 30)

struct repair {
    const struct repair_setup *setup;
    struct repair_summary *summary;
    struct generation current, next;
    struct salvage from;
    struct pieces pieces;
    XXH128_hash_t *saved; /* ids, ascending */
    size_t saved_count;
    struct making *making;
    uint64_t sequence;
};

static enum fault memory_fault(struct error *err)
{
    return error_set(err, FAULT_REOPEN, "memory", "out of memory");
}

static struct error hopeless(const struct repair *repair, const char *what, const struct error *why)
{
    struct error err;
    error_set(&err, FAULT_REJECT, "repair.hopeless", "shard %u %s (%.100s); restore a backup, or copy a replica",
              repair->setup->shard, what, why->text);
    return err;
}

/* ---- meetings */

static void lose(struct repair *repair, struct span id, bool partial, const char *why)
{
    repair->summary->lost += !partial;
    repair->setup->lost(repair->setup->self, id, partial, why);
}

static enum fault meeting_save(struct repair *repair, const struct piece *pieces, size_t count, struct error *err)
{
    struct index_record record;
    struct arena *arena = arena_new(ARENA_BYTES);
    if (arena == NULL)
        return memory_fault(err);
    enum fault fault = salvage_meeting(&repair->from, arena, pieces, count, &record, err);
    bool partial = fault == FAULT_NONE && err->text[0] != '\0';
    struct error why = *err;
    if (fault == FAULT_NONE)
        fault = making_add(repair->making, &record, &why);
    if (fault == FAULT_NONE) {
        repair->saved[repair->saved_count++] = pieces[0].id;
        repair->summary->saved += !partial;
        repair->summary->partial += partial;
    }
    if (partial || (fault == FAULT_REJECT && !pieces_are_orphans(pieces, count)))
        lose(repair, salvage_id(&repair->from, arena, &pieces[0]), partial && fault == FAULT_NONE, why.text);
    arena_free(&arena);
    if (fault != FAULT_NONE && fault != FAULT_REJECT)
        *err = why;
    return fault == FAULT_REJECT ? FAULT_NONE : fault;
}

static enum fault meetings_save(struct repair *repair, struct error *err)
{
    struct pieces *all = &repair->pieces;
    pieces_sort(all);
    repair->saved = calloc(all->count + 1, sizeof *repair->saved);
    if (repair->saved == NULL)
        return memory_fault(err);
    for (size_t at = 0, end; at < all->count; at = end) {
        end = pieces_end(all, at);
        TRY(meeting_save(repair, &all->items[at], end - at, err));
    }
    return FAULT_NONE;
}

/* ---- lists: what else the shard knows */

static int compare_ids(const void *a, const void *b)
{
    return id_hash_order(*(const XXH128_hash_t *)a, *(const XXH128_hash_t *)b);
}

static bool known(const XXH128_hash_t *ids, size_t count, struct span id)
{
    XXH128_hash_t hash = XXH3_128bits(id.at, id.size);
    return bsearch(&hash, ids, count, sizeof hash, compare_ids) != NULL;
}

static enum fault stone_save(struct repair *repair, struct arena *arena, struct span key, struct error *err)
{
    struct error why;
    struct span value = {"", 0}, id = span_cut(key, schema_key(KEY_DELETED).size, key.size);
    if (known(repair->saved, repair->saved_count, id))
        return FAULT_NONE;
    if (database_meta(repair->from.parts[0], 0, arena, key, &value, &why) != FAULT_NONE) {
        repair->summary->tombstones_whole = false;
        return FAULT_NONE;
    }
    repair->summary->tombstones++;
    return making_meta(repair->making, key, value, err);
}

static enum fault id_look(struct repair *repair, struct arena *arena, struct span term, struct error *err)
{
    (void)arena;
    (void)err;
    struct span id = span_cut(term, schema_prefix(PREFIX_GROUP).size, term.size);
    if (!pieces_have(&repair->pieces, id)) /* no piece of it was read, so it was not named yet */
        lose(repair, id, false, "none of its documents can be read");
    return FAULT_NONE;
}

/* Every tombstone, or every id, as far as the list can be read; *whole tells whether it could. */
static enum fault list_walk(struct repair *repair, bool stones, bool *whole, struct error *err)
{
    struct arena *before = NULL;
    struct span after = {NULL, 0};
    enum fault fault = FAULT_NONE;
    *whole = true;
    for (bool more = true; more && fault == FAULT_NONE;) {
        struct error why;
        struct span_list page = {NULL, 0};
        struct arena *arena = arena_new(ARENA_BYTES);
        struct database *open = repair->from.parts[0];
        if (arena == NULL)
            fault = memory_fault(err);
        else if ((stones ? database_meta_keys(open, 0, arena, schema_key(KEY_DELETED), after, PAGE, &page, &why)
                         : database_terms(open, 0, arena, schema_prefix(PREFIX_GROUP), after, PAGE, &page, &why)) !=
                 FAULT_NONE)
            *whole = false;
        more = *whole && page.count > 0;
        for (size_t i = 0; more && i < page.count && fault == FAULT_NONE; i++)
            fault = (stones ? stone_save : id_look)(repair, arena, page.items[i], err);
        if (more)
            after = page.items[page.count - 1];
        arena_free(&before);
        before = arena;
    }
    arena_free(&before);
    return fault;
}

/* The greatest that a part still tells: a sequence never falls. */
static void sequence_read(struct repair *repair)
{
    struct arena *arena = arena_new(1 << 20);
    for (int closed = 0; closed < 2 && arena != NULL; closed++) {
        struct error why;
        struct span value = {"", 0};
        if (repair->from.parts[closed] == NULL ||
            database_meta(repair->from.parts[closed], 0, arena, schema_key(KEY_SEQUENCE), &value, &why) != FAULT_NONE)
            continue;
        uint64_t sequence = value.size > 0 ? strtoull(value.at, NULL, 10) : 0;
        repair->sequence = sequence > repair->sequence ? sequence : repair->sequence;
    }
    arena_free(&arena);
}

/* ---- the shard */

static enum fault stub_mend(const struct repair *repair, const char *part, struct error *err)
{
    struct error why;
    enum fault fault = stub_guess(part, &why);
    if (fault == FAULT_REJECT)
        *err = hopeless(repair, "has lost which of its databases are in use", &why);
    else if (fault != FAULT_NONE)
        *err = why;
    return fault;
}

/* The generation in use, by the stubs or by what is there. */
static enum fault current_find(struct repair *repair, bool *exists, struct error *err)
{
    const struct repair_setup *setup = repair->setup;
    for (int closed = 0; closed < 2; closed++) {
        char part[PATH_MAX], generation[PATH_MAX];
        struct error why;
        bool named;
        TRY(directory_part(setup->data_dir, closed, setup->shard, part, err));
        enum fault fault = directory_generation(part, generation, &named, &why);
        if (fault != FAULT_NONE || (!named && !closed))
            TRY(stub_mend(repair, part, err));
    }
    return generation_current(setup->data_dir, setup->shard, &repair->current, exists, err);
}

/* Nothing of the shard is there: an empty one takes its place. */
static enum fault shard_found(struct repair *repair, struct error *err)
{
    struct shard shard;
    lose(repair, (struct span){"", 0}, false, "all meetings of the shard, if it had any: it has no database");
    enum fault fault = shard_open(&shard, repair->setup->data_dir, repair->setup->shard, repair->setup->shards, err);
    shard_close(&shard);
    return fault;
}

/* Young segments that do not open are left out; nobody knows which meetings stood in them. */
static enum fault young_sift(struct repair *repair, struct generation *readable, struct error *err)
{
    struct young_names *young = &readable->young;
    *readable = repair->current;
    young->count = 0;
    for (size_t i = 0; i < repair->current.young.count; i++) {
        char path[PATH_MAX];
        struct error why;
        struct database *alone = NULL;
        TRY(generation_young(&repair->current, i, path, err));
        if (database_open_known(path, &alone, &why) == FAULT_NONE)
            memcpy(young->at[young->count++], repair->current.young.at[i], YOUNG_NAME_BYTES);
        else
            lose(repair, (struct span){"", 0}, false, "all meetings of a young segment, which does not open");
        database_close(&alone);
    }
    return FAULT_NONE;
}

/* Without the closed part, what is open of its meetings is kept. */
static enum fault parts_open(struct repair *repair, struct error *err)
{
    struct error why;
    struct generation readable;
    const char *closed = repair->current.closed;
    TRY(young_sift(repair, &readable, err));
    if (old_open_part(&readable, &repair->from.parts[0], &why) != FAULT_NONE) {
        *err = hopeless(repair, "does not open", &why);
        return FAULT_REJECT;
    }
    repair->from.closed_holes =
        repair->current.has_closed && database_open_read(&closed, 1, &repair->from.parts[1], &why) != FAULT_NONE;
    return FAULT_NONE;
}

static enum fault part_check(const char *path, struct error *err)
{
    uint64_t errors;
    TRY(database_check(path, &errors, NULL, err));
    return errors == 0 ? FAULT_NONE
                       : error_set(err, FAULT_STOP, "repair.check", "the new database has %" PRIu64 " errors", errors);
}

/* Out of the way of whoever removes generations, but there. */
static void set_aside(const char *generation)
{
    char aside[PATH_MAX];
    const char *slash = strrchr(generation, '/');
    if (slash != NULL && snprintf(aside, sizeof aside, "%.*s/damaged-%s", (int)(slash - generation), generation,
                                  slash + 1) < (int)sizeof aside)
        (void)rename(generation, aside);
}

static enum fault next_make(struct repair *repair, struct error *err)
{
    bool listed;
    const struct repair_setup *setup = repair->setup;
    TRY(pieces_collect(&repair->pieces, repair->from.parts[0], false, &repair->summary->unreadable, err));
    size_t open = repair->pieces.count;
    uint64_t unreadable = repair->summary->unreadable;
    if (repair->from.parts[1] != NULL)
        TRY(pieces_collect(&repair->pieces, repair->from.parts[1], true, &repair->summary->unreadable, err));
    repair->from.closed_holes = repair->from.closed_holes || repair->summary->unreadable > unreadable;
    if (open == 0 && unreadable > 0) {
        struct error why;
        error_set(&why, FAULT_REJECT, "record.damaged", "no document of it can be read");
        *err = hopeless(repair, "is lost", &why);
        return FAULT_REJECT;
    }
    TRY(making_begin(setup->data_dir, setup->shard, MEMORY_BYTES, &repair->making, err));
    TRY(meetings_save(repair, err));
    TRY(list_walk(repair, true, &listed, err));
    repair->summary->tombstones_whole = repair->summary->tombstones_whole && listed;
    TRY(list_walk(repair, false, &listed, err));
    TRY(making_finish(repair->making, &repair->next, err));
    TRY(part_check(repair->next.open, err));
    return repair->next.has_closed ? part_check(repair->next.closed, err) : FAULT_NONE;
}

static enum fault shard_mend(struct repair *repair, struct error *err)
{
    const struct repair_setup *setup = repair->setup;
    bool exists;
    TRY(generation_settle(setup->data_dir, setup->shard, err));
    TRY(current_find(repair, &exists, err));
    if (!exists)
        return shard_found(repair, err);
    TRY(parts_open(repair, err));
    sequence_read(repair);
    TRY(next_make(repair, err));
    TRY(shard_replace(setup->data_dir, setup->shard, setup->shards, repair->sequence + 1, &repair->next, err));
    set_aside(repair->current.open);
    for (size_t i = 0; i < repair->current.young.count; i++) {
        char path[PATH_MAX];
        TRY(generation_young(&repair->current, i, path, err));
        set_aside(path);
    }
    if (repair->current.has_closed)
        set_aside(repair->current.closed);
    return FAULT_NONE;
}

enum fault repair_shard(const struct repair_setup *setup, struct repair_summary *summary, struct error *err)
{
    *summary = (struct repair_summary){.tombstones_whole = true};
    struct repair repair = {.setup = setup, .summary = summary, .from.builder = setup->builder};
    enum fault fault = shard_mend(&repair, err);
    bool undecided = fault != FAULT_NONE && strcmp(err->rule, "generation.publish") == 0;
    if (fault != FAULT_NONE && !undecided && repair.next.open[0] != '\0')
        generation_remove(&repair.next);
    making_free(&repair.making);
    database_close(&repair.from.parts[0]);
    database_close(&repair.from.parts[1]);
    pieces_done(&repair.pieces);
    free(repair.saved);
    return fault;
}
