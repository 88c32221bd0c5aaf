/* access: whether an item is open or closed, as the text marks it. Pure.
 *
 * The mark stands in the title, right above the heading, among the labels below it, over a group of items, or over a
 * group of entries in the table of contents. An item without a mark is open. */
#include "agenda.h"
#include "words.h"

#include <string.h>

/* "(Åben)", "(Lukket punkt)": what the heading says of access; a closing "(Lukket punkt)" stays in the title. */
static void access_of_title(const struct reading *reading, struct draft_item *item)
{
    struct span title = reading_cut(reading, item->title_start, item->title_end);
    if (!(line_of(reading, item->heading)->traces & TRACE_ACCESS))
        return;
    /* letters' case aside: "(Lukket)", "FORTROLIG" */
    bool told = text_holds(title, "lukket") && (text_holds(title, "lukket punkt") || text_holds(title, "(lukket)") ||
                                                text_holds(title, "(lukket sag)"));
    told = told || text_holds(title, "(lukkede døre)") || text_holds(title, "(for lukkede døre)");
    static const struct span heads[] = {
        WORD("Lukket punkt"), WORD("Lukket sag"), WORD("Lukket dagsorden"), WORD("LUKKET"),    WORD("Lukket:"),
        WORD("Lukket -"),     WORD("Lukkede"),    WORD("Lukket –"),         WORD("Fortrolig"), WORD("Lukket dør")};
    if (told || text_holds(title, "Closed item") || text_holds(title, "fortrolig") ||
        words_start(heads, sizeof heads / sizeof *heads, title)) {
        item->open = false;
        item->marked = true;
    }
    bool tail = title.size > 8 && (title.at[title.size - 6] | 0x20) == 'l' &&
                memcmp(title.at + title.size - 5, "ukket", 5) == 0 && strchr(" -(", title.at[title.size - 7]);
    if (span_equal(title, SPAN("Lukket")) || tail) {
        item->open = false;
        item->marked = true;
    }
}

static void access_take(struct draft_item *item, uint8_t label)
{
    if (item->marked || (label != LABEL_OPEN && label != LABEL_CLOSED))
        return;
    item->open = label == LABEL_OPEN;
    item->marked = true;
}

bool access_above(const struct reading *reading)
{
    const struct draft_item *first = reading->items.items;
    return first->first > 0 && (line_of(reading, first->first - 1)->label == LABEL_OPEN ||
                                line_of(reading, first->first - 1)->label == LABEL_CLOSED);
}

/* The heads of groups from `*line` up to the item's own heading: is it in a closed group? `closed`: the item before it
 * was. */
static bool access_of_group(const struct reading *reading, size_t item, size_t *line, bool closed)
{
    size_t first = reading->items.items[item].first;
    for (; *line <= first; ++*line) {
        uint8_t label = line_of(reading, *line)->label;
        /* with entries below it, above the first item, it parts the table of contents */
        bool group = label == LABEL_GROUP_CLOSED || label == LABEL_GROUP_OPEN, amid = false;
        for (size_t next = *line + 1; group && item == 0 && next < first && next < *line + 60 && !amid; next++)
            amid = reading->spots[next].contents || reading->spots[next].style != STYLE_NONE;
        if (reading->spots[*line].contents || amid)
            continue;
        closed = label == LABEL_GROUP_CLOSED || (closed && label != LABEL_GROUP_OPEN);
    }
    return closed;
}

/* What a line below the heading says. */
static void access_of_line(const struct reading *reading, size_t line, struct draft_item *item)
{
    const struct line *here = line_of(reading, line);
    struct span text = reading_line(reading, line);
    bool doors = text.size < 60 && line_holds(here, TRACE_ACCESS, text, "e døre"); /* "Til afgørelse - for åbne døre" */
    if (doors && (text_holds(text, "for åbne") || text_holds(text, "for lukkede")))
        access_take(item, text_holds(text, "for lukkede") ? LABEL_CLOSED : LABEL_OPEN);
    if (!item->marked && here->label == LABEL_CASE && text.size < 200 &&
        (line_has(here, TRACE_ACCESS, text, "Åbent") || line_has(here, TRACE_ACCESS, text, "Lukket")))
        access_take(item, text_has(text, "Lukket") ? LABEL_CLOSED : LABEL_OPEN);
}

/* The labels below the heading, up to the first section; where marks stand above headings, the last line before the
 * next item has the next item's. */
static void access_below(const struct reading *reading, size_t i, bool above)
{
    struct draft_item *item = &reading->items.items[i];
    bool more = i + 1 < reading->items.count;
    size_t end = more ? reading->items.items[i + 1].first : reading->lines.count;
    for (size_t next = item->heading + 1; next < end && next <= item->heading + 6; next++) {
        uint8_t label = line_of(reading, next)->label;
        if (label >= LABEL_SECTION)
            break;
        if (!(above && more && next + 1 == end))
            access_take(item, label);
        access_of_line(reading, next, item);
    }
}

/* "Lukkede dagsordenspunkter" in the table of contents: the entries below it are closed. Numbers ascend in both. */
static void access_of_contents(struct reading *reading)
{
    size_t i = 0;
    bool closed = false;
    for (size_t line = 0; line < reading->lines.count; line++) {
        const struct line *here = line_of(reading, line);
        if (!reading->spots[line].contents) {
            closed = false;
            continue;
        }
        if (here->label == LABEL_GROUP_OPEN || here->label == LABEL_GROUP_CLOSED)
            closed = here->label == LABEL_GROUP_CLOSED;
        if (!closed || reading->spots[line].style == STYLE_NONE)
            continue;
        struct span text = reading_line(reading, line);
        struct heading_match match = reading->headings[line];
        struct span number = span_cut(text, match.number_start, match.number_end);
        while (i < reading->items.count && !span_equal(reading->items.items[i].number, number))
            i++;
        if (i < reading->items.count) {
            struct draft_item *item = &reading->items.items[i++];
            item->open = item->marked && item->open;
        }
    }
}

void access_read(struct reading *reading)
{
    bool closed_group = false, above = access_above(reading);
    size_t line = 0;
    for (size_t i = 0; i < reading->items.count; i++) {
        struct draft_item *item = &reading->items.items[i];
        access_of_title(reading, item);
        closed_group = access_of_group(reading, i, &line, closed_group);
        uint8_t before = item->first ? line_of(reading, item->first - 1)->label : LABEL_NONE;
        bool last_own = i && item->first - 1 <= reading->items.items[i - 1].heading + 2;
        if (above || (before == LABEL_CLOSED && !last_own))
            access_take(item, before);
        access_below(reading, i, above);
        if (!item->marked && closed_group)
            item->open = false;
    }
    access_of_contents(reading);
}
