/* fuzz_agenda: lines, headings and parts. Lines are ascending and not empty, items cover lines in order, and parts lie
 * inside their item. */
#include "property.h"

#include "reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_lines(const struct reading *reading)
{
    size_t last = 0;
    for (size_t i = 0; i < reading->lines.count; i++) {
        const struct line *line = &reading->lines.items[i];
        PROPERTY(line->start >= last && line->start < line->end && line->end <= reading->body.text.size);
        PROPERTY(line->value >= line->start && line->label <= LABEL_LAST);
        PROPERTY(memchr(reading->body.text.at + line->start, '\n', line->end - line->start) == NULL);
        last = line->end;
    }
}

static void check_items(const struct reading *reading)
{
    size_t last = 0;
    for (size_t i = 0; i < reading->items.count; i++) {
        const struct draft_item *item = &reading->items.items[i];
        PROPERTY(item->first >= last && item->first <= item->heading && item->heading < item->end);
        PROPERTY(item->end <= reading->lines.count && item->title_start <= item->title_end);
        for (size_t j = 0; j < item->part_count; j++) {
            const struct part *part = &reading->parts.items[item->first_part + j];
            PROPERTY(part->first <= part->end && part->end <= item->end);
        }
        last = item->end;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span raw = property_text(data, size);
    struct arena *arena = arena_new((size_t)1 << 30);
    struct error error = {0};
    struct meeting meeting = {0};
    struct reading reading = {.arena = arena, .err = &error, .meeting = &meeting};
    PROPERTY(arena != NULL);
    if (raw.size && body_clean(arena, raw, MEDIA_MARKDOWN, &reading.body, &error) == FAULT_NONE &&
        line_split(arena, &reading.body, &reading.lines, &error) == FAULT_NONE) {
        check_lines(&reading);
        if (agenda_read(&reading) == FAULT_NONE)
            check_items(&reading);
    }
    arena_free(&arena);
    return 0;
}
