/* fuzz_minutes: the whole reading. Offsets lie inside the bytes given and on characters, entities of one type never
 * overlap, items follow one another, CPR numbers are masked at equal length, and the same bytes give the same JSON. */
#include "property.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
        property_reading(body, &minutes);
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
