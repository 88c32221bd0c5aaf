/* piece: every document id that was ever given, asked for its data. */
#include "piece.h"

#include "record.h"
#include "schema.h"

#include <stdlib.h>

#define ARENA_BYTES ((size_t)2 << 30)

static enum fault memory_fault(struct error *err)
{
    return error_set(err, FAULT_REOPEN, "memory", "out of memory");
}

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

enum sight { SIGHT_NOTHING, SIGHT_UNREADABLE, SIGHT_SOUND };

static enum fault document_look(struct database *database, bool closed, uint32_t docid, struct piece *piece,
                                enum sight *sight, struct error *err)
{
    struct error why;
    struct span data = {"", 0};
    bool found = false;
    struct arena *arena = arena_new(ARENA_BYTES);
    if (arena == NULL)
        return memory_fault(err);
    enum fault fault = database_data(database, 0, docid, arena, &data, &found, &why);
    if (fault == FAULT_NONE && (!found || data.size == 0))
        *sight = SIGHT_NOTHING;
    else
        *sight = fault == FAULT_NONE && piece_read(data, closed, docid, piece) ? SIGHT_SOUND : SIGHT_UNREADABLE;
    arena_free(&arena);
    return FAULT_NONE;
}

enum fault pieces_collect(struct pieces *pieces, struct database *database, bool closed, uint64_t *unreadable,
                          struct error *err)
{
    uint32_t newest;
    bool hole = false;
    size_t first = pieces->count;
    TRY(database_newest(database, 0, &newest, err));
    for (uint32_t docid = 1; docid != 0 && docid <= newest; docid++) {
        struct piece piece = {.docid = docid};
        enum sight sight = SIGHT_NOTHING;
        TRY(document_look(database, closed, docid, &piece, &sight, err));
        if (sight == SIGHT_UNREADABLE) {
            ++*unreadable;
            hole = true;
            if (pieces->count > first)
                pieces->items[pieces->count - 1].doubtful = true;
        } else if (sight == SIGHT_SOUND) {
            piece.doubtful = hole;
            hole = false;
            if (!piece_add(pieces, piece))
                return memory_fault(err);
        }
    }
    return FAULT_NONE;
}

void pieces_done(struct pieces *pieces)
{
    free(pieces->items);
    *pieces = (struct pieces){NULL, 0, 0};
}

/* ---- by meeting */

int id_hash_order(XXH128_hash_t a, XXH128_hash_t b)
{
    if (a.high64 != b.high64)
        return a.high64 < b.high64 ? -1 : 1;
    return (a.low64 > b.low64) - (a.low64 < b.low64);
}

static int order_of_pieces(const void *a, const void *b)
{
    const struct piece *left = a, *right = b;
    int order = id_hash_order(left->id, right->id);
    if (order == 0)
        order = (left->n > right->n) - (left->n < right->n);
    return order != 0 ? order : left->closed - right->closed;
}

void pieces_sort(struct pieces *pieces)
{
    if (pieces->count > 0)
        qsort(pieces->items, pieces->count, sizeof *pieces->items, order_of_pieces);
}

size_t pieces_end(const struct pieces *pieces, size_t first)
{
    size_t end = first + 1;
    while (end < pieces->count && id_hash_order(pieces->items[first].id, pieces->items[end].id) == 0)
        end++;
    return end;
}

bool pieces_have(const struct pieces *pieces, struct span id)
{
    XXH128_hash_t wanted = XXH3_128bits(id.at, id.size);
    size_t low = 0, high = pieces->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (id_hash_order(pieces->items[middle].id, wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < pieces->count && id_hash_order(pieces->items[low].id, wanted) == 0;
}

const char *pieces_doubt(const struct piece *pieces, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (pieces[i].n != i)
            return "documents of it are missing, or stand twice";
        if (pieces[i].doubtful)
            return "a document that may be its own cannot be read";
    }
    return NULL;
}

bool pieces_are_orphans(const struct piece *pieces, size_t count)
{
    bool orphans = true;
    for (size_t i = 0; i < count; i++)
        orphans = orphans && pieces[i].closed;
    return orphans;
}
