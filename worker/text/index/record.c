/* record: name=value lines, out and in. Pure. */
#include "record.h"

#include <inttypes.h>
#include <stdio.h>

/* ---- reading */

static bool line_is(struct span line, struct span field)
{
    return line.size > field.size && span_starts(line, field) && line.at[field.size] == '=';
}

bool data_field_next(struct span data, enum schema_field field, size_t *offset, struct span *value)
{
    struct span name = schema_field(field);
    while (*offset < data.size) {
        struct span rest = span_cut(data, *offset, data.size);
        const char *end = memchr(rest.at, '\n', rest.size);
        struct span line = {rest.at, end != NULL ? (size_t)(end - rest.at) : rest.size};
        *offset += line.size + 1;
        if (line_is(line, name)) {
            *value = span_cut(line, name.size + 1, line.size);
            return true;
        }
    }
    return false;
}

struct span data_field(struct span data, enum schema_field field)
{
    size_t offset = 0;
    struct span value = {NULL, 0};
    if (!data_field_next(data, field, &offset, &value))
        value = (struct span){NULL, 0};
    return value;
}

static bool read_number(struct span digits, uint64_t *number)
{
    *number = 0;
    for (size_t i = 0; i < digits.size; i++) {
        if (digits.at[i] < '0' || digits.at[i] > '9' || __builtin_mul_overflow(*number, 10U, number) ||
            __builtin_add_overflow(*number, (unsigned)(digits.at[i] - '0'), number))
            return false;
    }
    return digits.size > 0;
}

/* ---- writing */

static char *writer_room(struct data_writer *writer, size_t size)
{
    if (writer->full)
        return NULL;
    if (writer->capacity - writer->size < size) {
        size_t capacity = (writer->size + size) * 2 + 256;
        char *moved = size < SIZE_MAX / 4 ? arena_alloc(writer->arena, capacity) : NULL;
        if (moved == NULL) {
            writer->full = true;
            return NULL;
        }
        if (writer->size > 0)
            memcpy(moved, writer->at, writer->size);
        writer->at = moved;
        writer->capacity = capacity;
    }
    char *room = writer->at + writer->size;
    writer->size += size;
    return room;
}

static void put(struct data_writer *writer, struct span bytes)
{
    char *room = bytes.size > 0 ? writer_room(writer, bytes.size) : NULL;
    if (room != NULL)
        memcpy(room, bytes.at, bytes.size);
}

/* A line's name, and room for so many bytes behind it; NULL when the arena is full. */
static char *put_name(struct data_writer *writer, enum schema_field field, size_t size)
{
    struct span name = schema_field(field);
    size_t separator = writer->size > 0;
    char *to = writer_room(writer, separator + name.size + 1 + size);
    if (to == NULL)
        return NULL;
    if (separator)
        *to++ = '\n';
    to = bytes_copy(to, name);
    *to++ = '=';
    return to;
}

/* Lines hardly ever hold one of them, so each is looked for by itself. */
static void blank(char *at, size_t size, char byte)
{
    for (char *found = memchr(at, byte, size), *end = at + size; found != NULL;) {
        *found++ = ' ';
        found = memchr(found, byte, (size_t)(end - found));
    }
}

void data_line(struct data_writer *writer, enum schema_field field, struct span value)
{
    char *to = put_name(writer, field, value.size);
    if (to == NULL || value.size == 0)
        return;
    bytes_copy(to, value);
    blank(to, value.size, '\n');
    blank(to, value.size, '\r');
    blank(to, value.size, '\0');
}

static void put_escaped(struct data_writer *writer, struct span value, bool key)
{
    for (size_t i = 0; i < value.size; i++) {
        char byte = value.at[i];
        if (byte == '\n')
            put(writer, SPAN("\\n"));
        else if (byte == '\\')
            put(writer, SPAN("\\\\"));
        else if (byte == '=' && key)
            put(writer, SPAN("\\e"));
        else
            put(writer, (struct span){&value.at[i], 1});
    }
}

void data_meta(struct data_writer *writer, struct pair pair)
{
    put_name(writer, FIELD_META, 0);
    put_escaped(writer, pair.key, true);
    put(writer, SPAN("="));
    put_escaped(writer, pair.value, false);
}

void data_body(struct data_writer *writer, struct span packed)
{
    char *to = put_name(writer, FIELD_BODY, packed.size);
    if (to != NULL && packed.size > 0)
        memcpy(to, packed.at, packed.size);
}

/* ---- a document as it was fed */

static bool read_escaped(struct arena *arena, struct span escaped, struct span *value)
{
    char *out = arena_alloc(arena, escaped.size);
    size_t at = 0;
    if (out == NULL)
        return false;
    for (size_t i = 0; i < escaped.size; i++) {
        char byte = escaped.at[i];
        if (byte == '\\' && i + 1 < escaped.size) {
            char letter = escaped.at[++i];
            byte = letter == 'n' ? '\n' : letter == 'e' ? '=' : letter;
        }
        out[at++] = byte;
    }
    *value = (struct span){out, at};
    return true;
}

static enum fault read_metadata(struct arena *arena, struct span data, struct source *out, struct error *err)
{
    LIST(struct pair) pairs = {0};
    struct span line;
    for (size_t offset = 0; data_field_next(data, FIELD_META, &offset, &line);) {
        const char *equal = memchr(line.at, '=', line.size);
        size_t key = equal != NULL ? (size_t)(equal - line.at) : line.size;
        size_t value = equal != NULL ? key + 1 : line.size;
        struct pair *pair = LIST_PUSH(arena, &pairs);
        if (pair == NULL || !read_escaped(arena, span_cut(line, 0, key), &pair->key) ||
            !read_escaped(arena, span_cut(line, value, line.size), &pair->value))
            return arena_full(err);
    }
    out->metadata = pairs.items;
    out->metadata_count = pairs.count;
    return FAULT_NONE;
}

enum fault record_source(struct arena *arena, struct span data, struct source *out, struct error *err)
{
    *out = (struct source){.id = data_field(data, FIELD_ID),
                           .source = data_field(data, FIELD_SOURCE),
                           .url = data_field(data, FIELD_URL),
                           .media_type = data_field(data, FIELD_TYPE)};
    if (out->id.size == 0 || !read_number(data_field(data, FIELD_VERSION), &out->version))
        return error_set(err, FAULT_REJECT, "record.damaged", "stored data without id or version; rebuild the shard");
    return read_metadata(arena, data, out, err);
}

bool record_place(struct span item_data, size_t size, size_t *start, size_t *end)
{
    uint64_t from, behind;
    bool inside = read_number(data_field(item_data, FIELD_START), &from) &&
                  read_number(data_field(item_data, FIELD_END), &behind) && from <= behind && behind <= size;
    *start = inside ? (size_t)from : 0;
    *end = inside ? (size_t)behind : 0;
    return inside;
}

static enum fault lift_veils(struct span item_data, char *body, size_t size, struct error *err)
{
    struct span veil;
    for (size_t offset = 0; data_field_next(item_data, FIELD_VEIL, &offset, &veil);) {
        uint64_t start;
        const char *space = memchr(veil.at, ' ', veil.size);
        size_t head = space != NULL ? (size_t)(space - veil.at) : veil.size;
        struct span bytes = head < veil.size ? span_cut(veil, head + 1, veil.size) : (struct span){"", 0};
        if (!read_number(span_cut(veil, 0, head), &start) || start > size || bytes.size > size - (size_t)start)
            return error_set(err, FAULT_REJECT, "record.damaged", "a veil is not inside the body");
        memcpy(body + start, bytes.at, bytes.size);
    }
    return FAULT_NONE;
}

enum fault record_restore(struct arena *arena, struct span item_data, char *body, size_t size, struct error *err)
{
    size_t start, end;
    struct text part;
    if (!record_place(item_data, size, &start, &end))
        return error_set(err, FAULT_REJECT, "record.damaged", "a closed item's place is not inside the body");
    TRY(body_unpack(arena, data_field(item_data, FIELD_BODY), end - start, &part, err));
    if (part.size != end - start)
        return error_set(err, FAULT_REJECT, "record.damaged", "a closed item's part does not fit its place");
    if (part.size > 0)
        memcpy(body + start, part.at, part.size);
    return lift_veils(item_data, body, size, err);
}
