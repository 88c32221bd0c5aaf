/* fuzz_roster: who was there. Nobody is both present and absent, substitutes are present, names are not empty. The data
 * stand as the list of members. */
#include "property.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool among(struct name_list list, struct span name)
{
    for (size_t i = 0; i < list.count; i++)
        if (span_equal(list.names[i], name))
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span roster = property_text(data, size > 20000 ? 20000 : size);
    struct arena *arena = arena_new((size_t)1 << 30);
    struct minutes minutes;
    struct error error = {0};
    PROPERTY(arena != NULL);
    struct text body = arena_format(arena, "Byrådet\n\nMedlemmer:\n%.*s\n\n1. Eventuelt\n\nBeslutning\n\nIntet.\n",
                                    (int)roster.size, roster.at);
    PROPERTY(body.at != NULL);
    PROPERTY(minutes_read(arena, (struct span){body.at, body.size}, MEDIA_PLAIN, &minutes, &error) == FAULT_NONE);
    const struct meeting *meeting = &minutes.meeting;
    for (size_t i = 0; i < meeting->absent.count && i < 100; i++)
        PROPERTY(!among(meeting->present, meeting->absent.names[i]));
    for (size_t i = 0; i < meeting->substitutes.count && i < 100; i++)
        PROPERTY(among(meeting->present, meeting->substitutes.names[i]));
    for (size_t i = 0; i < meeting->person_count; i++)
        PROPERTY(meeting->people[i].name.size > 0 && utf8_valid(meeting->people[i].name, NULL));
    arena_free(&arena);
    return 0;
}
