/* repair: data of documents -> meetings -> a new generation. On the thread of the command. */
#include "repair.h"

#include "directory.h"
#include "generation.h"
#include "making.h"
#include "old.h"
#include "schema.h"
#include "shard.h"
#include "version.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { PAGE = 1000, MEMORY_BYTES = 256 << 20, BODY_BYTES = 64 << 20 };
#define ARENA_BYTES ((size_t)2 << 30)

/* A document whose data were read. */
struct piece {
    XXH128_hash_t id;
    uint32_t n;
    uint32_t docid;
    bool closed;
    bool doubtful; /* a document beside it could not be read, and may be its meeting's */
};

struct pieces {
    struct piece *items;
    size_t count, capacity;
};

struct repair {
    const struct repair_setup *setup;
    struct repair_summary *summary;
    struct generation current, next;
    struct database *parts[2]; /* open, closed */
    struct pieces pieces;
    XXH128_hash_t *saved; /* ids, ascending */
    size_t saved_count;
    struct making *making;
    uint64_t sequence;
    bool closed_holes; /* closed documents cannot be read */
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

/* ---- what can be read */

static bool piece_add(struct pieces *pieces, struct piece piece)
{
    if (pieces->count == pieces->capacity) {
        size_t capacity = pieces->capacity > 0 ? pieces->capacity * 2 : 1024;
        struct piece *moved = realloc(pieces->items, capacity * sizeof *moved);
        if (moved == NULL)
            return false;
        pieces->items = moved;
        pieces->capacity = capacity;
    }
    pieces->items[pieces->count++] = piece;
    return true;
}

static bool piece_read(struct span data, bool closed, uint32_t docid, struct piece *piece)
{
    struct span id = data_field(data, FIELD_ID), n = data_field(data, FIELD_POSITION);
    if (id.size == 0 || id.size > DOCUMENT_ID_MAX_BYTES || n.size == 0)
        return false;
    *piece = (struct piece){
        .id = XXH3_128bits(id.at, id.size), .n = (uint32_t)strtoul(n.at, NULL, 10), .docid = docid, .closed = closed};
    return true;
}

/* Every document id that was ever given. The documents of a meeting follow one another, so one that cannot be read puts
 * both its neighbours in doubt. */
static enum fault part_collect(struct repair *repair, bool closed, struct error *err)
{
    struct database *database = repair->parts[closed];
    uint32_t newest;
    bool hole = false;
    size_t first = repair->pieces.count;
    TRY(database_newest(database, 0, &newest, err));
    for (uint32_t docid = 1; docid != 0 && docid <= newest; docid++) {
        struct error why;
        struct span data = {"", 0};
        struct piece piece;
        struct arena *arena = arena_new(ARENA_BYTES);
        if (arena == NULL)
            return memory_fault(err);
        bool found = false;
        enum fault fault = database_data(database, 0, docid, arena, &data, &found, &why);
        bool there = fault != FAULT_NONE || (found && data.size > 0);
        bool sound = there && fault == FAULT_NONE && piece_read(data, closed, docid, &piece);
        arena_free(&arena);
        if (!there)
            continue;
        struct piece *before = repair->pieces.count > first ? &repair->pieces.items[repair->pieces.count - 1] : NULL;
        if (!sound) {
            repair->summary->unreadable++;
            hole = true;
            if (before != NULL)
                before->doubtful = true;
            continue;
        }
        piece.doubtful = hole;
        hole = false;
        if (!piece_add(&repair->pieces, piece))
            return memory_fault(err);
    }
    return FAULT_NONE;
}

static int order_of_ids(XXH128_hash_t a, XXH128_hash_t b)
{
    if (a.high64 != b.high64)
        return a.high64 < b.high64 ? -1 : 1;
    return (a.low64 > b.low64) - (a.low64 < b.low64);
}

static int order_of_pieces(const void *a, const void *b)
{
    const struct piece *left = a, *right = b;
    int order = order_of_ids(left->id, right->id);
    if (order == 0)
        order = (left->n > right->n) - (left->n < right->n);
    return order != 0 ? order : left->closed - right->closed;
}

/* ---- one meeting */

static void lose(struct repair *repair, struct span id, bool partial, const char *why)
{
    repair->summary->lost += !partial;
    repair->setup->lost(repair->setup->self, id, partial, why);
}

static enum fault piece_data(struct repair *repair, struct arena *arena, const struct piece *piece, struct span *data,
                             struct error *err)
{
    bool found = false;
    *data = (struct span){"", 0};
    TRY(database_data(repair->parts[piece->closed], 0, piece->docid, arena, data, &found, err));
    return found ? FAULT_NONE : error_set(err, FAULT_REJECT, "record.damaged", "a document is not there any more");
}

/* NULL, or why the pieces are not every document of a meeting. */
static const char *pieces_doubt(const struct piece *pieces, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (pieces[i].n != i)
            return "documents of it are missing, or stand twice";
        if (pieces[i].doubtful)
            return "a document that may be its own cannot be read";
    }
    return NULL;
}

/* All documents of a meeting name one version, where that can still be read. */
static bool versions_agree(struct repair *repair, struct arena *arena, const struct piece *pieces, size_t count,
                           uint64_t version)
{
    for (size_t i = 0; i < count; i++) {
        struct error why;
        struct span slot = {"", 0};
        enum fault fault =
            database_value(repair->parts[pieces[i].closed], 0, arena, pieces[i].docid, SLOT_VERSION, &slot, &why);
        if (fault == FAULT_NONE && slot.size == 8 && version_read(slot) != version)
            return false;
    }
    return true;
}

/* Unknown is all 0: the feeder's own will be taken for another one. */
static void digest_read(struct repair *repair, struct arena *arena, const struct piece *meeting,
                        unsigned char digest[static 16])
{
    struct error why;
    struct span slot = {"", 0};
    memset(digest, 0, 16);
    if (database_value(repair->parts[0], 0, arena, meeting->docid, SLOT_DIGEST, &slot, &why) == FAULT_NONE &&
        slot.size == 16)
        memcpy(digest, slot.at, 16);
}

/* A line of nothing but spaces: a closed item that is not put back leaves such lines. Few others do. */
static bool has_blank_line(struct span body)
{
    enum { LEAST = 4 };
    size_t spaces = 0;
    bool blank = true;
    for (size_t i = 0; i <= body.size; i++) {
        char byte = '\n';
        if (i < body.size)
            byte = body.at[i];
        if (byte == '\n' && blank && spaces >= LEAST)
            return true;
        spaces = byte == ' ' ? spaces + 1 : byte == '\n' ? 0 : spaces;
        blank = byte == '\n' || (blank && byte == ' ');
    }
    return false;
}

/* A reading of some of the pieces. */
struct reading_again {
    const struct piece *pieces; /* the first is the meeting's own */
    size_t count;
    bool without_closed;
    struct stored_data *documents;
    size_t document_count;
};

/* The body stands in the meeting's document and the closed ones; of a meeting that came in parts each item counts. */
static enum fault documents_read(struct repair *repair, struct arena *arena, struct reading_again *again, bool *parts,
                                 struct error *err)
{
    again->documents = arena_zero(arena, again->count, sizeof *again->documents);
    if (again->documents == NULL)
        return arena_full(err);
    *parts = false;
    for (size_t i = 0; i < again->count; i++) {
        const struct piece *piece = &again->pieces[i];
        bool needed = i == 0 || *parts || (piece->closed && !again->without_closed);
        if (!needed)
            continue;
        struct stored_data *document = &again->documents[again->document_count++];
        document->closed = piece->closed;
        TRY(piece_data(repair, arena, piece, &document->data, err));
        if (i == 0)
            *parts = data_field(document->data, FIELD_GIVEN).size > 0;
    }
    return FAULT_NONE;
}

static enum fault meeting_recall(struct repair *repair, struct arena *arena, struct reading_again *again,
                                 struct index_record *record, struct error *err)
{
    unsigned char digest[16] = {0};
    bool parts = false;
    struct source source;
    struct minutes minutes;
    const char *doubt = pieces_doubt(again->pieces, again->count);
    TRY(documents_read(repair, arena, again, &parts, err));
    if (parts && (doubt != NULL || again->without_closed))
        return error_set(err, FAULT_REJECT, "check.gap", "%s", doubt != NULL ? doubt : "it came in parts");
    if (!again->without_closed)
        digest_read(repair, arena, &again->pieces[0], digest);
    TRY(recall_meeting(arena, again->documents, again->document_count, digest, BODY_BYTES, &source, &minutes, err));
    if (!again->without_closed && repair->closed_holes &&
        has_blank_line((struct span){minutes.body.at, minutes.body.size}))
        return error_set(err, FAULT_REJECT, "check.gap", "it may have closed items, which cannot be read");
    if (!again->without_closed && !versions_agree(repair, arena, again->pieces, again->count, source.version))
        return error_set(err, FAULT_REJECT, "check.version", "its documents are of different versions");
    return term_build(repair->setup->builder, arena, &source, &minutes, record, err);
}

/* Whole, or at least what is open of it: `why` says what is missing then. The digest is left out, so that the feeder's
 * own counts as another one. */
static enum fault meeting_read(struct repair *repair, struct arena *arena, const struct piece *pieces, size_t count,
                               struct index_record *record, struct error *why)
{
    struct reading_again whole = {.pieces = pieces, .count = count};
    struct reading_again rest = {.pieces = pieces, .count = count, .without_closed = true};
    struct error second;
    why->text[0] = '\0';
    if (pieces[0].n != 0 || pieces[0].closed)
        return error_set(why, FAULT_REJECT, "check.gap", "its own document cannot be read");
    enum fault fault = meeting_recall(repair, arena, &whole, record, why);
    return fault == FAULT_REJECT ? meeting_recall(repair, arena, &rest, record, &second) : fault;
}

/* The id of the pieces, in the arena; empty if it cannot be read any more. */
static struct span pieces_id(struct repair *repair, struct arena *arena, const struct piece *piece)
{
    struct error why;
    struct span data = {"", 0};
    return piece_data(repair, arena, piece, &data, &why) == FAULT_NONE ? data_field(data, FIELD_ID) : data;
}

/* Only closed items are there: what a crash left of a document that was never acknowledged. */
static bool is_orphan(const struct piece *pieces, size_t count)
{
    bool orphan = true;
    for (size_t i = 0; i < count; i++)
        orphan = orphan && pieces[i].closed;
    return orphan;
}

static enum fault meeting_save(struct repair *repair, const struct piece *pieces, size_t count, struct error *err)
{
    struct index_record record;
    struct arena *arena = arena_new(ARENA_BYTES);
    if (arena == NULL)
        return memory_fault(err);
    enum fault fault = meeting_read(repair, arena, pieces, count, &record, err);
    bool partial = fault == FAULT_NONE && err->text[0] != '\0';
    struct error why = *err;
    if (fault == FAULT_NONE)
        fault = making_add(repair->making, &record, &why);
    if (fault == FAULT_NONE) {
        repair->saved[repair->saved_count++] = pieces[0].id;
        repair->summary->saved += !partial;
        repair->summary->partial += partial;
    }
    if (partial || (fault == FAULT_REJECT && !is_orphan(pieces, count)))
        lose(repair, pieces_id(repair, arena, &pieces[0]), partial && fault == FAULT_NONE, why.text);
    arena_free(&arena);
    if (fault != FAULT_NONE && fault != FAULT_REJECT)
        *err = why;
    return fault == FAULT_REJECT ? FAULT_NONE : fault;
}

static enum fault meetings_save(struct repair *repair, struct error *err)
{
    struct pieces *all = &repair->pieces;
    if (all->count > 0)
        qsort(all->items, all->count, sizeof *all->items, order_of_pieces);
    repair->saved = calloc(all->count + 1, sizeof *repair->saved);
    if (repair->saved == NULL)
        return memory_fault(err);
    for (size_t at = 0, end; at < all->count; at = end) {
        for (end = at + 1; end < all->count && order_of_ids(all->items[at].id, all->items[end].id) == 0;)
            end++;
        TRY(meeting_save(repair, &all->items[at], end - at, err));
    }
    return FAULT_NONE;
}

/* ---- lists: what else the shard knows */

static int compare_ids(const void *a, const void *b)
{
    return order_of_ids(*(const XXH128_hash_t *)a, *(const XXH128_hash_t *)b);
}

static bool known(const XXH128_hash_t *ids, size_t count, struct span id)
{
    XXH128_hash_t hash = XXH3_128bits(id.at, id.size);
    return bsearch(&hash, ids, count, sizeof hash, compare_ids) != NULL;
}

/* No piece of it was read, so it was not named yet. */
static bool unheard(const struct repair *repair, struct span id)
{
    struct piece wanted = {.id = XXH3_128bits(id.at, id.size)};
    size_t low = 0, high = repair->pieces.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (order_of_ids(repair->pieces.items[middle].id, wanted.id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low == repair->pieces.count || order_of_ids(repair->pieces.items[low].id, wanted.id) != 0;
}

static enum fault stone_save(struct repair *repair, struct arena *arena, struct span key, struct error *err)
{
    struct error why;
    struct span value = {"", 0}, id = span_cut(key, schema_key(KEY_DELETED).size, key.size);
    if (known(repair->saved, repair->saved_count, id))
        return FAULT_NONE;
    if (database_meta(repair->parts[0], 0, arena, key, &value, &why) != FAULT_NONE) {
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
    if (unheard(repair, id))
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
        struct database *open = repair->parts[0];
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
        if (repair->parts[closed] == NULL ||
            database_meta(repair->parts[closed], 0, arena, schema_key(KEY_SEQUENCE), &value, &why) != FAULT_NONE)
            continue;
        uint64_t sequence = value.size > 0 ? strtoull(value.at, NULL, 10) : 0;
        repair->sequence = sequence > repair->sequence ? sequence : repair->sequence;
    }
    arena_free(&arena);
}

/* ---- the shard */

/* ---- a stub that is lost or says nothing ---- */

static int name_order(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* What stands beside it: the generation, if there is exactly one, and young segments. Segments that a merge has left
 * behind do no harm: the shard is made anew, and feeders compare. */
static enum fault stub_guess(struct repair *repair, const char *part, bool *found, struct error *err)
{
    struct young_names young = {.count = 0};
    char generation[PATH_MAX] = "";
    size_t generations = 0, youngs = 0;
    struct error why;
    DIR *folder = opendir(part);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        int read = 0;
        bool is_generation = sscanf(entry->d_name, "gen-%*6u%n", &read) == 0 && read == 10 && !entry->d_name[10];
        bool is_young = directory_is_young(entry->d_name);
        generations += is_generation;
        youngs += is_young;
        if (is_generation)
            snprintf(generation, sizeof generation, "%s/%.10s", part, entry->d_name);
        if (is_young && young.count < YOUNG_MAX)
            memcpy(young.at[young.count++], entry->d_name, strlen(entry->d_name) + 1);
    }
    if (folder != NULL)
        closedir(folder);
    *found = generations > 0;
    if (generations == 0)
        return FAULT_NONE;
    if (generations > 1 || youngs > YOUNG_MAX) {
        error_set(&why, FAULT_REJECT, "data.stub", "%zu generations and %zu young segments are there", generations,
                  youngs);
        *err = hopeless(repair, "has lost which of its databases are in use", &why);
        return FAULT_REJECT;
    }
    qsort(young.at, young.count, sizeof young.at[0], name_order);
    return directory_publish(part, generation, &young, err);
}

/* The generation in use, by the stubs or by what is there. */
static enum fault current_find(struct repair *repair, bool *exists, struct error *err)
{
    const struct repair_setup *setup = repair->setup;
    for (int closed = 0; closed < 2; closed++) {
        char part[PATH_MAX], generation[PATH_MAX];
        struct error why;
        bool named, found;
        TRY(directory_part(setup->data_dir, closed, setup->shard, part, err));
        enum fault fault = directory_generation(part, generation, &named, &why);
        if (fault != FAULT_NONE || (!named && !closed))
            TRY(stub_guess(repair, part, &found, err));
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
    if (old_open_part(&readable, &repair->parts[0], &why) != FAULT_NONE) {
        *err = hopeless(repair, "does not open", &why);
        return FAULT_REJECT;
    }
    repair->closed_holes =
        repair->current.has_closed && database_open_read(&closed, 1, &repair->parts[1], &why) != FAULT_NONE;
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
    TRY(part_collect(repair, false, err));
    size_t open = repair->pieces.count;
    uint64_t unreadable = repair->summary->unreadable;
    if (repair->parts[1] != NULL)
        TRY(part_collect(repair, true, err));
    repair->closed_holes = repair->closed_holes || repair->summary->unreadable > unreadable;
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
    struct repair repair = {.setup = setup, .summary = summary};
    enum fault fault = shard_mend(&repair, err);
    bool undecided = fault != FAULT_NONE && strcmp(err->rule, "generation.publish") == 0;
    if (fault != FAULT_NONE && !undecided && repair.next.open[0] != '\0')
        generation_remove(&repair.next);
    making_free(&repair.making);
    database_close(&repair.parts[0]);
    database_close(&repair.parts[1]);
    free(repair.pieces.items);
    free(repair.saved);
    return fault;
}
