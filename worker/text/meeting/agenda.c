/* agenda: finds the items of a meeting. After the lines, before the entities. Pure.
 *
 * A heading is told by its number, by its place among the numbers, and by its neighbours: labels and sections follow
 * it. Where nothing is numbered, the titles of the table of contents, case numbers and the order of sections tell. */
#include "agenda.h"

/* Nothing is known of the lines yet but how they are numbered. */
static bool spots_make(struct reading *reading)
{
    size_t count = reading->lines.count;
    reading->spots = arena_alloc(reading->arena, (count + 1) * sizeof *reading->spots);
    reading->headings = arena_alloc(reading->arena, (count + 1) * sizeof *reading->headings);
    if (!reading->spots || !reading->headings)
        return false;
    for (size_t line = 0; line <= count; line++)
        reading->spots[line] = (struct spot){.item = NO_ITEM, .section = NO_SECTION};
    for (size_t line = 0; line < count; line++) {
        struct span text = reading_line(reading, line);
        if (!heading_may_begin(*text.at))
            continue;
        reading->headings[line] = heading_at(text.at, text.at + text.size);
        reading->spots[line].style = (uint8_t)reading->headings[line].style;
    }
    return true;
}

/* Case numbers that stand above their headings: seen if the line above a heading holds one, and the lines below none.
 */
static bool case_above(const struct reading *reading)
{
    size_t above = 0, below = 0;
    for (size_t i = 0; i < reading->items.count && i < 50; i++) {
        const struct draft_item *item = &reading->items.items[i];
        bool number = item->first && (line_of(reading, item->first - 1)->label == LABEL_CASE ||
                                      is_number_line(reading, item->first - 1));
        bool under = false;
        for (size_t line = item->heading + 1; line < reading->lines.count && line <= item->heading + 3; line++) {
            bool next = i + 1 < reading->items.count && line + 1 >= reading->items.items[i + 1].first;
            under = under || (!next && (line_of(reading, line)->label == LABEL_CASE || is_number_line(reading, line)));
        }
        above += number && !under;
        below += under;
    }
    return above > below;
}

/* "Budget.pdfElevtal.xlsx" above "Pkt. 38": the page's list of files leads the item, unless the one before has a list.
 */
static bool files_lead(const struct reading *reading, const struct draft_item *item)
{
    size_t line = item->first - 1;
    if (reading->spots[item->first].style != STYLE_ALONE || !line_of(reading, line)->blanks ||
        !attachment_files(reading_line(reading, line)))
        return false;
    for (size_t back = 1; back <= line && back < 12; back++)
        if (line_of(reading, line - back)->label == LABEL_SECTION + SECTION_ATTACHMENTS)
            return false;
    return true;
}

/* An item begins with the labels that stand above its heading. */
static void items_begin(struct reading *reading)
{
    bool cases = case_above(reading), access = access_above(reading);
    for (size_t i = 0; i < reading->items.count; i++) {
        struct draft_item *item = &reading->items.items[i];
        size_t floor = i ? reading->items.items[i - 1].heading + 1 : 0;
        while (item->first > floor) {
            const struct line *before = line_of(reading, item->first - 1);
            bool number = cases && (before->label == LABEL_CASE || is_number_line(reading, item->first - 1));
            bool mark = access && (before->label == LABEL_OPEN || before->label == LABEL_CLOSED);
            bool group = before->label == LABEL_GROUP_CLOSED || before->label == LABEL_GROUP_OPEN ||
                         before->label == LABEL_NOISE;
            bool files = files_lead(reading, item);
            if (!number && !mark && !group && !files && !reading->spots[item->first - 1].contents)
                break;
            item->first--;
        }
    }
}

/* Which line belongs to which item. */
static void spots_fill(struct reading *reading)
{
    for (size_t i = 0; i < reading->items.count; i++) {
        struct draft_item *item = &reading->items.items[i];
        item->end = i + 1 < reading->items.count ? reading->items.items[i + 1].first : (uint32_t)reading->lines.count;
        for (size_t line = item->first; line < item->end; line++)
            reading->spots[line].item = (int32_t)i;
        reading->spots[item->heading].heading = 1;
        for (size_t line = item->first; line < item->heading; line++)
            reading->spots[line].heading = 2;
    }
}

enum fault agenda_read(struct reading *reading)
{
    struct title_set titles;
    struct candidate_list list = {0};
    uint32_t *chain = NULL;
    size_t count = 0;
    if (!spots_make(reading))
        return arena_full(reading->err);
    TRY(contents_mark(reading));
    TRY(contents_titles(reading, &titles));
    TRY(candidates_read(reading, &titles, &list));
    TRY(chain_find(reading, &list, &chain, &count));
    TRY(draft_read(reading, &titles, &list, chain, count));
    if (reading->items.count) {
        access_read(reading);
        items_begin(reading);
    }
    TRY(closing_read(reading));
    TRY(flow_read(reading));
    if (!reading->items.count)
        return FAULT_NONE;
    spots_fill(reading);
    return part_read(reading);
}
