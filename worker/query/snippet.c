/* snippet: hit -> item -> its bytes in the stored body -> the piece around the matches. On a search thread. */
#include "snippet.h"

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
static enum fault data_of(struct arena *arena, struct view *view, size_t part, struct span id, size_t n,
                          struct span *data, struct error *err)
{
    struct span unique = term_unique(arena, id, n);
    bool found;
    *data = (struct span){0};
    if (unique.at == NULL)
        return arena_full(err);
    return database_find(view_database(view), part, arena, unique, NULL, 0, NULL, data, &found, err);
}

/* The meeting's own text: what stands before its first item. */
static enum fault head_end(struct arena *arena, struct view *view, size_t part, struct span id, size_t size,
                           size_t *end, struct error *err)
{
    struct span first;
    TRY(data_of(arena, view, part, id, 1, &first, err));
    *end = number_of(data_field(first, FIELD_START), size);
    return FAULT_NONE;
}

enum fault snippet_make(struct arena *arena, struct view *view, struct search_result *result,
                        const struct search_hit *hit, size_t bytes, struct span *snippet, struct error *err)
{
    struct span meeting, id = data_field(hit->data, FIELD_ID), text;
    struct text body;
    *snippet = (struct span){"", 0};
    TRY(data_of(arena, view, hit->part, id, 0, &meeting, err));
    struct span packed = data_field(meeting, FIELD_BODY);
    if (packed.size == 0)
        return FAULT_NONE;
    TRY(body_unpack(arena, packed, DOCUMENT_MAX_BYTES, &body, err));
    size_t start = number_of(data_field(hit->data, FIELD_START), 0);
    size_t end = number_of(data_field(hit->data, FIELD_END), 0);
    if (number_of(data_field(hit->data, FIELD_POSITION), 0) == 0)
        TRY(head_end(arena, view, hit->part, id, body.size, &end, err));
    if (start > end || end > body.size)
        return FAULT_NONE;
    TRY(readable(arena, (struct span){body.at + start, end - start}, &text, err));
    return search_result_snippet(result, arena, text, bytes, snippet, err);
}
