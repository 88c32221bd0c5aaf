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
    bool gap = true; /* a space would be one too many; without a jump, for words end where nothing foretells it */
    for (size_t i = 0; i < text.size; i++) {
        char c = text.at[i];
        bool space = (unsigned char)c <= ' ' || c == '|', mark = c == '*' || c == '#';
        to[size] = space ? ' ' : c;
        size += !(mark | (space & gap));
        gap = space | (mark & gap);
    }
    size -= gap && size > 0;
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
 * unless a closed item stands elsewhere. Between two of them stands one of each other database of the shard. */
static enum fault meeting_data(struct text_source *source, size_t part, uint32_t docid, size_t n, struct span id,
                               struct span *data, struct error *err)
{
    bool found = false;
    uint64_t before = (uint64_t)n * database_width(source->database, part);
    if (docid > before)
        TRY(database_data(source->database, part, docid - (uint32_t)before, source->arena, data, &found, err));
    if (found && span_equal(data_field(*data, FIELD_ID), id) &&
        span_equal(data_field(*data, FIELD_POSITION), SPAN("0")))
        return FAULT_NONE;
    return data_of(source, part, id, 0, data, err);
}

static enum fault meeting_of(struct text_source *source, size_t part, uint32_t docid, size_t n, struct span id,
                             struct error *err)
{
    struct span meeting;
    if (source->id.at != NULL && span_equal(source->id, id))
        return FAULT_NONE;
    TRY(meeting_data(source, part, docid, n, id, &meeting, err));
    source->id = id;
    source->packed = data_field(meeting, FIELD_BODY);
    source->body = (struct body_part){.text = {"", 0}};
    return FAULT_NONE;
}

/* Bytes start..end-1 of the body; cut where it ends. */
static enum fault body_of(struct text_source *source, size_t start, size_t end, struct span *out, struct error *err)
{
    const struct body_part *body = &source->body;
    *out = (struct span){"", 0};
    if (source->packed.size == 0 || start > end)
        return FAULT_NONE;
    if (start < body->start || end > body->start + body->text.size) {
        TRY(body_unpack_part(source->unpacker, source->arena, source->packed, start, end, DOCUMENT_MAX_BYTES,
                             &source->body, err));
        source->unpacked += body->text.size;
    }
    if (start >= body->start && end <= body->start + body->text.size)
        *out = span_cut((struct span){body->text.at, body->text.size}, start - body->start, end - body->start);
    return FAULT_NONE;
}

/* The meeting's own text: what stands before its first item, or all of it. */
static enum fault head_end(struct text_source *source, size_t part, struct span id, size_t *end, struct error *err)
{
    struct span first;
    TRY(data_of(source, part, id, 1, &first, err));
    *end = number_of(data_field(first, FIELD_START), 0);
    if (first.size > 0 || source->packed.size == 0)
        return FAULT_NONE;
    TRY(body_unpack_part(source->unpacker, source->arena, source->packed, 0, TEXT_OF_MAX_BYTES, DOCUMENT_MAX_BYTES,
                         &source->body, err));
    source->unpacked += source->body.text.size;
    *end = source->body.body_bytes;
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
    TRY(meeting_of(source, part, docid, n, id, err));
    size_t start = number_of(data_field(data, FIELD_START), 0);
    size_t end = number_of(data_field(data, FIELD_END), 0);
    if (n == 0)
        TRY(head_end(source, part, id, &end, err));
    bool cut = start < end && end - start > TEXT_OF_MAX_BYTES;
    struct span raw;
    TRY(body_of(source, start, cut ? start + TEXT_OF_MAX_BYTES : end, &raw, err));
    while (cut && raw.size > 0 && ((unsigned char)raw.at[raw.size - 1] & 0xC0) == 0x80)
        raw.size--; /* no half character at the end; a whole one goes with it */
    if (cut && raw.size > 0 && (unsigned char)raw.at[raw.size - 1] >= 0xC0)
        raw.size--;
    return readable(source->arena, raw, text, err);
}
