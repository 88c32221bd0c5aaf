/* fuzz_head: what holds for the meeting. Dates and times have their shape. The data stand as the head before an item.
 */
#include "property.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool has_shape(struct span text, const char *shape)
{
    if (text.size == 0)
        return true;
    for (size_t i = 0; i < text.size; i++)
        if (shape[i] == '9' ? !(text.at[i] >= '0' && text.at[i] <= '9') : text.at[i] != shape[i])
            return false;
    return shape[text.size] == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char tail[] = "\n\n1. Godkendelse af dagsorden\n\nBeslutning\n\nGodkendt.\n";
    struct span head = property_text(data, size);
    struct arena *arena = arena_new((size_t)1 << 30);
    struct minutes minutes;
    struct error error = {0};
    PROPERTY(arena != NULL);
    struct text body = arena_format(arena, "%.*s%s", (int)head.size, head.at, tail);
    PROPERTY(body.at != NULL);
    PROPERTY(minutes_read(arena, (struct span){body.at, body.size}, MEDIA_PLAIN, &minutes, &error) == FAULT_NONE);
    PROPERTY(has_shape(minutes.meeting.date, "9999-99-99"));
    PROPERTY(has_shape(minutes.meeting.start, "99:99") && has_shape(minutes.meeting.end, "99:99"));
    PROPERTY(utf8_valid(minutes.meeting.committee, NULL) && utf8_valid(minutes.meeting.place, NULL));
    arena_free(&arena);
    return 0;
}
