/* flow_cut: lines are cut where items begin amid them, and the items are put among the others. Pure. */
#include "flow.h"

#include <string.h>

enum { TITLE_LEAST = 4 };

/* The lines and what is known of them, as they will be. */
struct cutting {
    struct line *lines;
    struct spot *spots;
    struct heading_match *headings;
    size_t count;
};

/* A piece of a line; white space at its ends is none of it. The first piece is what the line was, but shorter. */
static void piece_put(struct cutting *cutting, const struct reading *reading, size_t line, uint32_t start, uint32_t end)
{
    const struct line *here = line_of(reading, line);
    const char *base = reading->body.text.at;
    while (start < end && (unsigned char)base[start] <= ' ')
        start++;
    while (end > start && (unsigned char)base[end - 1] <= ' ')
        end--;
    if (start == end)
        return;
    struct line *piece = &cutting->lines[cutting->count];
    *piece = *here;
    piece->end = end;
    piece->value = here->value < end ? here->value : end;
    cutting->spots[cutting->count] = reading->spots[line];
    cutting->headings[cutting->count] = reading->headings[line];
    if (start > here->start) {
        *piece = (struct line){.start = start, .end = end, .value = start, .traces = here->traces};
        cutting->spots[cutting->count] =
            (struct spot){.item = NO_ITEM, .section = NO_SECTION, .contents = reading->spots[line].contents};
    }
    cutting->count++;
}

/* Cut before the items and behind their titles. */
static bool lines_cut(struct reading *reading, const struct flow_list *list)
{
    struct arena *arena = reading->arena;
    size_t most = reading->lines.count + 2 * list->count + 1, next = 0;
    struct cutting cutting = {.lines = arena_alloc(arena, (most + 1) * sizeof *cutting.lines),
                              .spots = arena_alloc(arena, (most + 1) * sizeof *cutting.spots),
                              .headings = arena_alloc(arena, (most + 1) * sizeof *cutting.headings)};
    if (!cutting.lines || !cutting.spots || !cutting.headings)
        return false;
    for (size_t line = 0; line < reading->lines.count; line++) {
        uint32_t start = line_of(reading, line)->start, end = line_of(reading, line)->end;
        while (next < 2 * list->count) {
            const struct flow_item *item = &list->items[next / 2];
            uint32_t at = next % 2 ? item->title_end : item->start;
            if (at >= end)
                break;
            if (at > start) {
                piece_put(&cutting, reading, line, start, at);
                start = at;
            }
            next++;
        }
        piece_put(&cutting, reading, line, start, end);
    }
    cutting.lines[cutting.count] = (struct line){0};
    cutting.spots[cutting.count] = (struct spot){.item = NO_ITEM, .section = NO_SECTION};
    reading->lines.items = cutting.lines;
    reading->lines.count = cutting.count;
    reading->spots = cutting.spots;
    reading->headings = cutting.headings;
    return true;
}

/* The first line that begins at the offset or behind it. */
static uint32_t line_from(const struct reading *reading, uint32_t at)
{
    size_t line = line_at(&reading->lines, at);
    return (uint32_t)(line_of(reading, line)->end <= at && line + 1 < reading->lines.count ? line + 1 : line);
}

static struct draft_item item_of(const struct reading *reading, const struct flow_item *from)
{
    uint32_t line = line_from(reading, from->start), start = line_of(reading, line)->start,
             end = line_of(reading, line)->end, title = from->title > start && from->title < end ? from->title : start;
    return (struct draft_item){.first = line,
                               .heading = line,
                               .title_start = title,
                               .title_end = end,
                               .span_start = start,
                               .span_end = end,
                               .number = from->number,
                               .open = from->open,
                               .marked = true};
}

/* Nothing stands between what is put and the item that begins at `start`: it begins there. */
static bool touches(const struct reading *reading, const struct flow_item *from, uint32_t start)
{
    struct span between = reading_cut(reading, from->title_end, start);
    return from->title_end <= start && text_trim(between, " ").size == 0;
}

/* The item has the heading of the other one, which stands before its own. */
static void heading_take(struct draft_item *item, const struct draft_item *from, uint32_t *heading)
{
    *heading = from->span_start;
    item->number = from->number;
    item->title_start = from->title_start;
    item->title_end = from->title_end;
    item->span_start = from->span_start;
    item->span_end = from->span_end;
}

/* The title goes no further than to the item behind. */
static void title_clip(const struct reading *reading, struct draft_item *item, uint32_t end)
{
    struct span title = text_strip(reading_cut(reading, item->title_start, end), " \n");
    uint32_t stop = item->title_start + (uint32_t)title.size;
    item->span_end = item->span_end < stop ? item->span_end : stop;
    item->title_end = stop;
}

enum fault flow_cut(struct reading *reading, const struct flow_list *list)
{
    size_t old = reading->items.count, next = 0;
    struct draft_item *before = reading->items.items;
    uint32_t *starts = arena_alloc(reading->arena, (2 * old + 1) * sizeof *starts);
    if (!starts)
        return arena_full(reading->err);
    for (size_t i = 0; i < old; i++) {
        starts[2 * i] = line_of(reading, before[i].first)->start;
        starts[2 * i + 1] = line_of(reading, before[i].heading)->start;
    }
    for (size_t i = 0; i < list->count; i++) { /* the text is ours: a space becomes a line end */
        char *at = (char *)reading->body.text.at + list->items[i].start;
        if (list->items[i].start > 0 && at[-1] == ' ')
            at[-1] = '\n';
    }
    if (!lines_cut(reading, list))
        return arena_full(reading->err);
    reading->items.items = NULL;
    reading->items.count = reading->items.capacity = 0;
    for (size_t i = 0; i < old || next < list->count;) {
        bool ours = next < list->count && (i == old || list->items[next].start < starts[2 * i]);
        struct draft_item item = ours ? item_of(reading, &list->items[next]) : before[i];
        if (!ours) {
            item.first = line_from(reading, starts[2 * i]);
            item.heading = (uint32_t)line_at(&reading->lines, starts[2 * i + 1]);
        }
        next += ours;
        i += !ours;
        if (ours && !item.open && i < old && !before[i].open &&
            touches(reading, &list->items[next - 1], starts[2 * i])) {
            starts[2 * i] = list->items[next - 1].start;
            if (item.number.size > 0 && item.title_end - item.title_start > TITLE_LEAST)
                heading_take(&before[i], &item, &starts[2 * i + 1]);
            continue;
        }
        struct draft_item *last = reading->items.count ? &reading->items.items[reading->items.count - 1] : NULL;
        if (last && last->first >= item.first) { /* nothing stands between them */
            last->open = last->open && item.open;
            continue;
        }
        if (ours && last && last->title_end > list->items[next - 1].start)
            title_clip(reading, last, list->items[next - 1].start);
        struct draft_item *put = LIST_PUSH(reading->arena, &reading->items);
        if (!put)
            return arena_full(reading->err);
        *put = item;
    }
    return FAULT_NONE;
}
