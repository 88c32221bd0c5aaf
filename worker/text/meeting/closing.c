/* closing: what the text says is closed, though no item of the agenda begins there. Pure.
 *
 * "Lukkede punkter" or "2 Lukket" on a line of its own, and a text below that is nobody else's: an item without a place
 * among the others, closed, up to the next one. Better an item too many than a closed text in an open one. */
#include "agenda.h"

#include <string.h>

enum {
    LABELS_MAX = 6, /* lines below a heading that may hold its labels */
    AGAIN_MAX = 8   /* lines that stood above already, before what is below counts as a text */
};

static bool is_access(uint8_t label)
{
    return label == LABEL_OPEN || label == LABEL_CLOSED || label == LABEL_GROUP_OPEN || label == LABEL_GROUP_CLOSED;
}

/* "Åbent punkt" above "Lukket punkt": the head of a table of who deals with it where. */
static bool is_table_head(const struct reading *reading, size_t line)
{
    return line > 0 && line_of(reading, line - 1)->label == LABEL_OPEN;
}

/* "Lukket - Notat.pdf", or "Lukket" right below a file: what is said of an attachment. */
static bool is_of_attachment(const struct line *line, bool attachments)
{
    return attachments && line->label == LABEL_CLOSED && (line->value < line->end || !line->blanks);
}

/* "LUKKET - Salg af grund", but not "Lukket: mandag", which is when a library is. */
static bool has_title(const struct reading *reading, const struct line *line)
{
    struct span title = text_trim(line_value(&reading->body, line), " -");
    return title.size == 0 || (line->blanks && byte_is_letter((unsigned char)*title.at) && !is_small(title));
}

/* Nothing but words for what is closed, in brackets, between dashes or with a number behind them too. */
static bool is_closed_word(struct span text)
{
    text = text_strip(text, "-–[]()*_#.:0123456789");
    struct label_match match = text.size > 0 ? label_at(text.at, text.at + text.size) : (struct label_match){0};
    return match.gap == GAP_END && (match.label == LABEL_CLOSED || match.label == LABEL_GROUP_CLOSED);
}

/* The line says that what follows is closed, behind a number or without one. */
static bool is_closing(const struct reading *reading, size_t line)
{
    const struct line *here = line_of(reading, line);
    if (!(here->traces & TRACE_ACCESS) || reading->spots[line].contents ||
        here->flags & (LINE_PAGE | LINE_CONTENTS | LINE_ROW))
        return false;
    if (here->label == LABEL_CLOSED || here->label == LABEL_GROUP_CLOSED)
        return !is_table_head(reading, line) && has_title(reading, here);
    if (reading->spots[line].style == STYLE_NONE)
        return is_closed_word(reading_line(reading, line));
    const struct heading_match *match = &reading->headings[line];
    return (match->style == STYLE_LISTED && match->access < 0) ||
           is_closed_word(reading_cut(reading, here->start + (uint32_t)match->title, here->end));
}

/* A line that stood above already: the head of pages, or words that tell nothing. */
static bool is_again(const struct reading *reading, size_t line)
{
    struct span text = reading_line(reading, line), above = reading_cut(reading, 0, line_of(reading, line)->start);
    return text_find(above, text.at, text.size, true);
}

/* Does a text stand between the line and `end`? */
static bool has_text(const struct reading *reading, size_t line, size_t end)
{
    unsigned again = 0;
    for (size_t next = line + 1; next < end; next++) {
        const struct line *here = line_of(reading, next);
        bool mark = is_access(here->label) || here->label == LABEL_NOISE || here->flags & LINE_PAGE;
        if (!mark && (++again > AGAIN_MAX || !is_again(reading, next)))
            return true;
    }
    return false;
}

/* The first line of an item that may be closed apart from it: what says that the item itself is open or closed is not.
 */
static size_t labels_end(const struct reading *reading, const struct draft_item *item, size_t end)
{
    size_t line = item->heading + 1;
    while (item->marked && line < end && line <= item->heading + LABELS_MAX &&
           line_of(reading, line)->label < LABEL_SECTION && line_of(reading, line)->label != LABEL_GROUP_CLOSED)
        line++;
    return line;
}

static struct draft_item closed_item(const struct reading *reading, size_t line)
{
    const struct line *here = line_of(reading, line);
    struct draft_item item = {.first = (uint32_t)line,
                              .heading = (uint32_t)line,
                              .title_start = here->start,
                              .title_end = here->end,
                              .span_start = here->start,
                              .span_end = here->end,
                              .marked = true};
    if (reading->spots[line].style != STYLE_NONE) {
        const struct heading_match *match = &reading->headings[line];
        item.title_start += (uint32_t)match->title;
        item.number = reading_cut(reading, here->start + match->number_start, here->start + match->number_end);
    }
    return item;
}

/* Behind item `i` - 1, from `line` up to `end`. */
static enum fault closed_put(struct reading *reading, size_t i, size_t line, size_t end, size_t *put)
{
    bool attachments = false;
    *put = 0;
    for (; line < end; line++) {
        uint8_t label = line_of(reading, line)->label;
        if (is_closing(reading, line) && !is_of_attachment(line_of(reading, line), attachments))
            break;
        attachments = label >= LABEL_SECTION ? label == LABEL_SECTION + SECTION_ATTACHMENTS : attachments;
    }
    if (line == end || !has_text(reading, line, end))
        return FAULT_NONE;
    if (LIST_PUSH(reading->arena, &reading->items) == NULL)
        return arena_full(reading->err);
    struct draft_item *at = reading->items.items + i;
    memmove(at + 1, at, (reading->items.count - 1 - i) * sizeof *at);
    *at = closed_item(reading, line);
    *put = 1;
    return FAULT_NONE;
}

enum fault closing_read(struct reading *reading)
{
    size_t put;
    if (reading->items.count == 0)
        return closed_put(reading, 0, 0, reading->lines.count, &put);
    for (size_t i = 0; i < reading->items.count; i++) {
        const struct draft_item *item = &reading->items.items[i];
        size_t end = i + 1 < reading->items.count ? item[1].first : reading->lines.count;
        if (!item->open)
            continue;
        TRY(closed_put(reading, i + 1, labels_end(reading, item, end), end, &put));
        i += put;
    }
    return FAULT_NONE;
}
