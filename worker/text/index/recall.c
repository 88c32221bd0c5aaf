/* recall: stored data -> body and given facts -> minutes. Pure. */
#include "recall.h"

#include "given.h"
#include "media.h"

/* ---- the body */

enum fault recall_body(struct arena *arena, const struct stored_data *documents, size_t count, size_t max_bytes,
                       struct span *body, struct error *err)
{
    struct text whole;
    struct span packed = data_field(documents[0].data, FIELD_BODY);
    if (packed.at == NULL)
        return error_set(err, FAULT_REJECT, "record.damaged", "the meeting's data hold no body");
    TRY(body_unpack(arena, packed, max_bytes, &whole, err));
    for (size_t n = 1; n < count; n++)
        if (documents[n].closed)
            TRY(record_restore(arena, documents[n].data, (char *)whole.at, whole.size, err));
    *body = (struct span){whole.at, whole.size};
    return FAULT_NONE;
}

/* ---- what was given of a meeting that came in parts */

static enum fault names_recall(struct arena *arena, struct span data, enum schema_field field, struct name_list *list,
                               struct error *err)
{
    LIST(struct span) names = {0};
    struct span value;
    for (size_t offset = 0; data_field_next(data, field, &offset, &value);) {
        struct span *name = LIST_PUSH(arena, &names);
        if (name == NULL)
            return arena_full(err);
        *name = value;
    }
    *list = (struct name_list){names.items, names.count};
    return FAULT_NONE;
}

/* An item stands in the body as "## number. title", an empty line, its text: worker/structured.c wrote it. */
static enum fault item_recall(const struct stored_data *document, struct span body, struct item *item,
                              struct error *err)
{
    static const struct span mark = {"## ", 3};
    if (!record_place(document->data, body.size, &item->start, &item->end))
        return error_set(err, FAULT_REJECT, "record.damaged", "an item's place is not inside the body");
    struct span text = span_cut(body, item->start, item->end);
    const char *line = text.size > 0 ? memchr(text.at, '\n', text.size) : NULL;
    if (!span_starts(text, mark) || line == NULL)
        return error_set(err, FAULT_REJECT, "record.damaged", "a given item does not begin with its heading");
    item->heading_start = item->start + mark.size;
    item->heading_end = (size_t)(line - body.at);
    item->open = !document->closed;
    item->number = data_field(document->data, FIELD_ITEM);
    item->title = data_field(document->data, FIELD_TITLE);
    item->case_number = data_field(document->data, FIELD_CASE);
    item->kle = data_field(document->data, FIELD_KLE);
    item->given = given_read(data_field(document->data, FIELD_GIVEN));
    return FAULT_NONE;
}

static enum fault parts_recall(struct arena *arena, const struct stored_data *documents, size_t count, struct span body,
                               struct meeting *given, struct error *err)
{
    struct span data = documents[0].data;
    struct item *items = arena_zero(arena, count, sizeof *items);
    if (items == NULL)
        return arena_full(err);
    for (size_t n = 1; n < count; n++)
        TRY(item_recall(&documents[n], body, &items[n - 1], err));
    given->committee = data_field(data, FIELD_COMMITTEE);
    given->municipality = data_field(data, FIELD_MUNICIPALITY);
    given->date = data_field(data, FIELD_DATE);
    given->items = items;
    given->item_count = count - 1;
    TRY(names_recall(arena, data, FIELD_PRESENT, &given->present, err));
    TRY(names_recall(arena, data, FIELD_ABSENT, &given->absent, err));
    return names_recall(arena, data, FIELD_SUBSTITUTE, &given->substitutes, err);
}

enum fault recall_meeting(struct arena *arena, const struct stored_data *documents, size_t count,
                          const unsigned char digest[16], size_t max_bytes, struct source *source,
                          struct minutes *minutes, struct error *err)
{
    struct span body;
    struct meeting given = {.given = given_read(data_field(documents[0].data, FIELD_GIVEN))};
    TRY(record_source(arena, documents[0].data, source, err));
    memcpy(source->digest, digest, sizeof source->digest);
    TRY(recall_body(arena, documents, count, max_bytes, &body, err));
    bool parts = (given.given & GIVEN_PARTS) != 0;
    TRY(minutes_read(arena, body, parts ? MEDIA_MARKDOWN : media_type_of(source->media_type), minutes, err));
    if (!parts)
        return FAULT_NONE;
    TRY(parts_recall(arena, documents, count, body, &given, err));
    return given_hold(arena, &given, minutes, err);
}
