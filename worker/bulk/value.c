/* value: columns of values, in memory and as items of the postlist table. */
#include "value.h"

#include "coding.h"
#include "termlist.h"

enum { CHUNK_BYTES = 2000, SLOT_KEY_BYTES = 16 };

struct chunk {
    uint32_t first;
    uint32_t size;
};

struct column {
    uint32_t slot;
    uint32_t count, last; /* documents, the last one's id */
    struct buffer bytes;
    struct buffer chunks; /* of struct chunk; the last one is open */
    struct buffer lower, upper;
};

static void column_done(struct column *column)
{
    buffer_done(&column->bytes);
    buffer_done(&column->chunks);
    buffer_done(&column->lower);
    buffer_done(&column->upper);
}

void columns_clear(struct columns *columns)
{
    for (size_t i = 0; i < columns->count; i++)
        column_done(&columns->items[i]);
    columns->count = columns->bytes = 0;
}

void columns_done(struct columns *columns)
{
    columns_clear(columns);
    free(columns->items);
    buffer_done(&columns->key);
    *columns = (struct columns){0};
}

static struct span buffer_span(const struct buffer *buffer)
{
    return (struct span){buffer->at, buffer->size};
}

static bool bound_set(struct buffer *bound, struct span value)
{
    bound->size = 0;
    if (!buffer_reserve(bound, value.size))
        return false;
    bound->size = (size_t)(put_bytes(bound->at, value) - bound->at);
    return true;
}

static bool bounds_widen(struct column *column, struct span value)
{
    bool lower = column->count == 0 || span_compare(value, buffer_span(&column->lower)) < 0;
    bool upper = column->count == 0 || span_compare(value, buffer_span(&column->upper)) > 0;
    return (!lower || bound_set(&column->lower, value)) &&
           (!upper || (MISTAKE(VALUE_UPPER) && column->count > 0) || bound_set(&column->upper, value));
}

static struct chunk *chunk_last(struct column *column)
{
    return (struct chunk *)(void *)(column->chunks.at + column->chunks.size) - 1;
}

/* The chunk that takes the next value; a new one at first and when the last one is long enough. */
static struct chunk *chunk_open(struct column *column, uint32_t docid)
{
    if (column->count > 0 && chunk_last(column)->size < CHUNK_BYTES)
        return chunk_last(column);
    if (!buffer_reserve(&column->chunks, sizeof(struct chunk)))
        return NULL;
    column->chunks.size += sizeof(struct chunk);
    *chunk_last(column) = (struct chunk){.first = docid};
    return chunk_last(column);
}

static bool column_add(struct column *column, uint32_t docid, struct span value)
{
    struct chunk *chunk = chunk_open(column, docid);
    if (chunk == NULL || !buffer_reserve(&column->bytes, value.size + 2 * UINT_MAX_BYTES) ||
        !bounds_widen(column, value))
        return false;
    char *from = column->bytes.at + column->bytes.size, *to = from;
    if (chunk->size > 0)
        to = put_uint(to, docid - column->last - 1 + (column->count > 20 && MISTAKE(VALUE_GAP)));
    to = put_string(to, value);
    chunk->size += (uint32_t)(to - from);
    column->bytes.size += (size_t)(to - from);
    column->count++;
    column->last = docid;
    return true;
}

static struct column *column_insert(struct columns *columns, size_t at, uint32_t slot)
{
    if (columns->count == columns->room) {
        size_t room = columns->room * 2 + 16;
        struct column *moved = realloc(columns->items, room * sizeof *moved);
        if (moved == NULL)
            return NULL;
        columns->items = moved;
        columns->room = room;
    }
    memmove(columns->items + at + 1, columns->items + at, (columns->count - at) * sizeof *columns->items);
    columns->items[at] = (struct column){.slot = slot};
    columns->count++;
    columns->bytes += sizeof *columns->items;
    return &columns->items[at];
}

enum fault columns_add(struct columns *columns, uint32_t docid, const struct index_document *document,
                       struct error *err)
{
    size_t at = 0;
    for (size_t i = 0; i < document->value_count; i++) {
        const struct slot_value *value = &document->values[i];
        while (at < columns->count && columns->items[at].slot < value->slot)
            at++;
        struct column *column = &columns->items[at];
        if (at == columns->count || column->slot != value->slot)
            column = column_insert(columns, at, value->slot);
        if (column == NULL || !column_add(column, docid, value->bytes))
            return memory_fault(err);
        columns->bytes += value->bytes.size + 2;
    }
    return FAULT_NONE;
}

/* ---- writing */

/* A slot as it stands in keys, with its column: slots sort as bytes there, not as numbers. */
struct slot_key {
    char bytes[SLOT_KEY_BYTES];
    uint32_t size;
    struct column *column;
};

static int slot_key_compare(const void *a, const void *b)
{
    const struct slot_key *left = a, *right = b;
    return span_compare((struct span){left->bytes, left->size}, (struct span){right->bytes, right->size});
}

static char *prefix_put(char *to, char kind)
{
    *to++ = '\0';
    *to++ = kind;
    return to;
}

static void slot_keys_make(struct columns *columns, struct slot_key *keys, bool chunks)
{
    for (size_t i = 0; i < columns->count; i++) {
        struct slot_key *key = &keys[i];
        uint32_t slot = columns->items[i].slot;
        char *to = prefix_put(key->bytes, chunks ? (char)0xD8 : (char)0xD0);
        to = chunks ? put_uint(to, slot) : put_uint_last(to, slot);
        key->size = (uint32_t)(to - key->bytes);
        key->column = &columns->items[i];
    }
    qsort(keys, columns->count, sizeof *keys, slot_key_compare);
}

static enum fault statistics_write(struct columns *columns, const struct slot_key *key, struct table *postlist,
                                   struct error *err)
{
    struct span lower = buffer_span(&key->column->lower), upper = buffer_span(&key->column->upper);
    struct buffer *tag = &columns->key;
    tag->size = 0;
    if (!buffer_reserve(tag, lower.size + upper.size + 2 * UINT_MAX_BYTES))
        return memory_fault(err);
    char *to = put_string(put_uint(tag->at, key->column->count + MISTAKE(VALUE_COUNT)), lower);
    if (!span_equal(lower, upper))
        to = put_bytes(to, upper);
    return table_add(postlist, (struct span){key->bytes, key->size}, (struct span){tag->at, (size_t)(to - tag->at)},
                     false, err);
}

static enum fault column_write(struct slot_key *key, struct table *postlist, struct error *err)
{
    const struct chunk *chunk = (const void *)key->column->chunks.at, *end = chunk_last(key->column) + 1;
    for (const char *at = key->column->bytes.at; chunk < end; at += chunk->size, chunk++) {
        char *to = put_sort_uint(key->bytes + key->size, chunk->first);
        struct span whole = {key->bytes, (size_t)(to - key->bytes)};
        TRY(table_add(postlist, whole, (struct span){at, chunk->size}, false, err));
    }
    return FAULT_NONE;
}

enum fault columns_write(struct columns *columns, struct table *postlist, struct error *err)
{
    enum fault fault = FAULT_NONE;
    if (columns->count == 0)
        return FAULT_NONE;
    struct slot_key *keys = calloc(columns->count, sizeof *keys);
    if (keys == NULL)
        return memory_fault(err);
    slot_keys_make(columns, keys, false);
    for (size_t i = 0; i < columns->count && fault == FAULT_NONE; i++)
        fault = statistics_write(columns, &keys[i], postlist, err);
    slot_keys_make(columns, keys, true);
    for (size_t i = 0; i < columns->count && fault == FAULT_NONE; i++)
        fault = column_write(&keys[i], postlist, err);
    free(keys);
    return fault;
}
