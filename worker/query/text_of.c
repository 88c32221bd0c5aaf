/* text_of: document data -> place in the stored body -> its words. On a search thread. */
#include "text_of.h"

#include "frame.h"
#include "record.h"
#include "term.h"

#include <stdlib.h>

static size_t number_of(struct span digits, size_t otherwise)
{
    return digits.size > 0 ? (size_t)strtoull(digits.at, NULL, 10) : otherwise;
}

/* Take out what people do not read aloud: heading, emphasis and table marks; white space as one space. */
static enum fault readable(struct arena *arena, struct span text, struct span *out, struct error *err)
{
    char *to = arena_alloc(arena, text.size + 1);
    if (to == NULL)
        return arena_full(err);
    size_t size = 0;
    bool gap = false;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.at[i];
        bool mark = c == '*' || c == '#' || c == '|';
        if (mark || (unsigned char)c <= ' ') {
            gap = gap || !mark || c == '|';
            continue;
        }
        if (gap && size > 0)
            to[size++] = ' ';
        gap = false;
        to[size++] = c;
    }
    *out = (struct span){to, size};
    return FAULT_NONE;
}

/* Data of document n of the meeting; empty if it is not there. */
static enum fault data_of(struct text_source *source, size_t part, struct span id, size_t n, struct span *data,
                          struct error *err)
{
    struct span unique = term_unique(source->arena, id, n);
    bool found;
    *data = (struct span){0};
    if (unique.at == NULL)
        return arena_full(err);
    return database_find(source->database, part, source->arena, unique, NULL, 0, NULL, data, &found, err);
}

/* The documents of a meeting are added one behind the other, the meeting's own first: so it stands n before item n,
 * unless a closed item stands elsewhere. */
static enum fault meeting_data(struct text_source *source, size_t part, uint32_t docid, size_t n, struct span id,
                               struct span *data, struct error *err)
{
    bool found = false;
    if (docid > n)
        TRY(database_data(source->database, part, docid - (uint32_t)n, source->arena, data, &found, err));
    if (found && span_equal(data_field(*data, FIELD_ID), id) &&
        span_equal(data_field(*data, FIELD_POSITION), SPAN("0")))
        return FAULT_NONE;
    return data_of(source, part, id, 0, data, err);
}

static enum fault body_of(struct text_source *source, size_t part, uint32_t docid, size_t n, struct span id,
                          struct error *err)
{
    struct span meeting;
    if (source->body.at != NULL && span_equal(source->id, id))
        return FAULT_NONE;
    source->body = (struct text){"", 0};
    source->id = id;
    TRY(meeting_data(source, part, docid, n, id, &meeting, err));
    struct span packed = data_field(meeting, FIELD_BODY);
    if (packed.size == 0)
        return FAULT_NONE;
    TRY(body_unpack_with(source->unpacker, source->arena, packed, DOCUMENT_MAX_BYTES, &source->body, err));
    source->unpacked += source->body.size;
    return FAULT_NONE;
}

/* The meeting's own text: what stands before its first item. */
static enum fault head_end(struct text_source *source, size_t part, struct span id, size_t *end, struct error *err)
{
    struct span first;
    TRY(data_of(source, part, id, 1, &first, err));
    *end = number_of(data_field(first, FIELD_START), source->body.size);
    return FAULT_NONE;
}

enum fault text_of(struct text_source *source, size_t part, uint32_t docid, struct span data, struct span *text,
                   struct error *err)
{
    struct span id = data_field(data, FIELD_ID);
    bool spent = source->unpacked > TEXT_OF_BUDGET_BYTES && !span_equal(source->id, id);
    *text = spent ? data_field(data, FIELD_SAMPLE) : (struct span){"", 0};
    if (spent)
        return FAULT_NONE;
    size_t n = number_of(data_field(data, FIELD_POSITION), 0);
    TRY(body_of(source, part, docid, n, id, err));
    size_t start = number_of(data_field(data, FIELD_START), 0);
    size_t end = number_of(data_field(data, FIELD_END), 0);
    if (n == 0)
        TRY(head_end(source, part, id, &end, err));
    if (start > end || end > source->body.size)
        return FAULT_NONE;
    if (end - start > TEXT_OF_MAX_BYTES) {
        end = start + TEXT_OF_MAX_BYTES;
        while (end > start && ((unsigned char)source->body.at[end] & 0xC0) == 0x80)
            end--;
    }
    return readable(source->arena, (struct span){source->body.at + start, end - start}, text, err);
}
