/* fuzz_minutes: the whole reading. Offsets lie inside the bytes given and on characters, entities of one type never
 * overlap, items follow one another, CPR numbers are masked at equal length, and the same bytes give the same JSON. */
#include "property.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_entities(struct span body, const struct minutes *minutes)
{
    size_t ends[ENTITY_TYPES] = {0}, last = 0;
    for (size_t i = 0; i < minutes->entity_count; i++) {
        const struct entity *entity = &minutes->entities[i];
        PROPERTY(entity->start < entity->end && entity->end <= body.size);
        PROPERTY(property_boundary(body, entity->start) && property_boundary(body, entity->end));
        PROPERTY(entity->start >= last && entity->start >= ends[entity->type]);
        PROPERTY(entity->value.size > 0 && entity->rule != NULL);
        PROPERTY(utf8_valid(entity->value, NULL));
        last = entity->start;
        ends[entity->type] = entity->end;
    }
}

static void check_items(struct span body, const struct meeting *meeting)
{
    size_t last = 0;
    for (size_t i = 0; i < meeting->item_count; i++) {
        const struct item *item = &meeting->items[i];
        PROPERTY(item->start >= last && item->start <= item->end && item->end <= body.size);
        PROPERTY(item->start <= item->heading_start && item->heading_end <= item->end);
        PROPERTY(item->number.size > 0 && utf8_valid(item->title, NULL));
        for (size_t j = 0; j < item->section_count; j++)
            PROPERTY(item->sections[j].start <= item->sections[j].end && item->sections[j].end <= body.size);
        last = item->end;
    }
}

static void check_mask(struct span body, const struct minutes *minutes)
{
    PROPERTY(minutes->body.size == body.size && utf8_valid((struct span){minutes->body.at, body.size}, NULL));
    size_t from = 0;
    for (size_t i = 0; i <= minutes->cpr_count; i++) {
        size_t start = i < minutes->cpr_count ? minutes->cpr[i].start : body.size;
        PROPERTY(start >= from && start <= body.size);
        PROPERTY(memcmp(minutes->body.at + from, body.at + from, start - from) == 0);
        from = i < minutes->cpr_count ? minutes->cpr[i].end : start;
        for (size_t at = start; at < from; at++)
            PROPERTY(!(minutes->body.at[at] >= '0' && minutes->body.at[at] <= '9'));
    }
}

static char *read_json(struct span body, enum media_type media)
{
    struct arena *arena = arena_new((size_t)1 << 30);
    struct minutes minutes;
    struct error error = {0};
    struct text json = {0};
    char *copy = NULL;
    PROPERTY(arena != NULL);
    enum fault fault = minutes_read(arena, body, media, &minutes, &error);
    PROPERTY(fault == FAULT_NONE || fault == FAULT_REJECT);
    if (fault == FAULT_NONE) {
        check_entities(body, &minutes);
        check_items(body, &minutes.meeting);
        check_mask(body, &minutes);
        PROPERTY(minutes_json(arena, &minutes, &json, &error) == FAULT_NONE);
        copy = property_copy((struct span){json.at, json.size});
    }
    arena_free(&arena);
    return copy;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span body = property_text(data, size);
    if (!body.size)
        return 0;
    char *bytes = property_copy(body); /* only body.size bytes are given; what follows must not matter */
    for (int media = MEDIA_MARKDOWN; media <= MEDIA_HTML; media++) {
        char *first = read_json((struct span){bytes, body.size}, (enum media_type)media);
        char *second = read_json((struct span){bytes, body.size}, (enum media_type)media);
        PROPERTY((!first && !second) || (first && second && strcmp(first, second) == 0));
        free(first);
        free(second);
    }
    free(bytes);
    return 0;
}
