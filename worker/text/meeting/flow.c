/* flow: closed items that a text tells of amid its lines. Pure.
 *
 * A transcript or a converter may give a page, or all of a text, in one line. What unfold.c finds in it are lines, and
 * the stages before have made items of them; a text that says beyond that "Lukket punkt:", "4. (Lukket) Title" or
 * "Punktet behandles for lukkede døre" is closed from that heading on, up to the next one that can be told, else to the
 * end of the item or the text. In a text that has lines, only a long one is looked at, and only a number before the
 * words counts. Better too much closed than too little. */
#include "flow.h"
#include "words.h"

#include <string.h>

enum {
    LONG_LINE = 400,    /* a longer one may hold more than a paragraph */
    NEAR_BYTES = 300,   /* from the heading of an item to the words that close it */
    ENTRY_BYTES = 1200, /* a longer line is no entry of a table of contents */
    LISTED_BYTES = 300, /* from words in a table of contents to its end */
    ABOVE_BYTES = 40,   /* from "Lukkede punkter" to the heading below */
    TITLE_BYTES = 120   /* the longest title */
};

struct flow {
    struct reading *reading;
    const char *base, *until; /* until: what is before is done with */
    size_t item;              /* the items before this one begin before the line */
    unsigned looks;           /* how often all that stands before was looked at */
    struct flow_list list;
};

/* The item in which the line stands that is looked at, or NULL. */
static struct draft_item *item_here(const struct flow *flow)
{
    return flow->item ? &flow->reading->items.items[flow->item - 1] : NULL;
}

/* Where the next item begins, or the text ends. */
static const char *item_end(const struct flow *flow)
{
    const struct reading *reading = flow->reading;
    return flow->item < reading->items.count
               ? flow->base + line_of(reading, reading->items.items[flow->item].first)->start
               : flow->base + reading->body.text.size;
}

/* A title ends with its sentence, its line, a mark of headings or before a label. */
static const char *title_stop(const char *at, const char *end)
{
    const char *most = end - at > TITLE_BYTES ? at + TITLE_BYTES : end, *space = NULL;
    for (const char *word = at; word < most; word++) {
        bool more = word + 1 < most, mark = more && *word == ' ' && word[1] == '=';
        bool over = *word == '\n' || mark || (more && strchr(".!?", *word) && (word[1] == ' ' || word[1] == '\n'));
        if (over && word > at)
            return word;
        if (*word != ' ')
            continue;
        space = word;
        if (flow_is_big(word + 1) && label_at(word + 1, end).label >= LABEL_CASE && word > at + 2)
            return word;
    }
    return most < end && space ? space : most;
}

static enum fault put(struct flow *flow, const char *start, const char *title, struct span number, const char *end,
                      bool open)
{
    struct flow_item *item = LIST_PUSH(flow->reading->arena, &flow->list);
    if (!item)
        return arena_full(flow->reading->err);
    if (title < start || title >= end)
        title = start;
    if (!open)
        start = flow_numbers_before(start, flow->until);
    const char *stop = title_stop(title, end);
    struct flow_item *before = item > flow->list.items ? item - 1 : NULL;
    if (before && flow->base + before->title_end > start)
        before->title_end = (uint32_t)(start - flow->base);
    *item = (struct flow_item){(uint32_t)(start - flow->base), (uint32_t)(title - flow->base),
                               (uint32_t)(stop - flow->base), number, open};
    return FAULT_NONE;
}

/* The number of a heading as printed. */
static struct span number_of(const struct flow_heading *heading)
{
    const char *at = heading->at;
    if (!at)
        return (struct span){0};
    while (at < heading->title && !is_digit(*at))
        at++;
    const char *end = at;
    while (end < heading->title && is_digit(*end))
        end++;
    return (struct span){at, (size_t)(end - at)};
}

/* A heading of a section stands between the item's own and the end of the line. */
static bool in_section(const struct flow *flow, const struct draft_item *item, size_t line)
{
    for (size_t above = item->heading + 1; above <= line; above++)
        if (line_of(flow->reading, above)->label >= LABEL_SECTION)
            return true;
    return false;
}

/* A sentence ends between the two; "Dok. 306-2010", "Sagsnr. 19/118" do not. */
static bool holds_sentence(const char *at, const char *end)
{
    for (const char *point = at + 2; point + 2 <= end; point++)
        if (strchr(".?!", *point) && !flow_is_big(point - 1) && flow_is_word(point[-1]) &&
            (unsigned char)point[1] <= ' ' && flow_is_big(point + 2))
            return true;
    return false;
}

/* Do the words close the whole item in which they stand? */
static bool closes_all(const struct flow *flow, const struct draft_item *item, const struct flow_mark *mark,
                       size_t line)
{
    const struct reading *reading = flow->reading;
    const char *span = flow->base + item->span_start, *title = flow->base + item->title_start;
    bool resumed = flow->until > span; /* another item ended in it */
    struct span words = reading_cut(reading, item->title_start, item->title_end);
    if (resumed)
        return false;
    if (mark->at < title || (mark->heading.at && mark->heading.at >= span && mark->heading.at <= title))
        return true;
    if (mark->heading.at && mark->kind != FLOW_DOORS)
        return false;
    if (item->marked)
        return false;
    if (mark->kind == FLOW_DOORS)
        return !text_holds(words, "dagsorden");
    return mark->kind == FLOW_ITEM && mark->at - title < NEAR_BYTES && !holds_sentence(title, mark->at) &&
           !in_section(flow, item, line);
}

static void close_from(struct flow *flow, size_t first)
{
    struct reading *reading = flow->reading;
    for (size_t i = first; i < reading->items.count; i++) {
        struct draft_item *item = &reading->items.items[i];
        if (i > 0 && line_of(reading, item->first)->label == LABEL_GROUP_OPEN)
            break;
        item->open = item->open && item->marked;
    }
}

/* What stands before the first item is a table of contents, if it is short. Words in it close the items with the
 * numbers of their entries; where the text says of none that it is closed, and gives no number, they close what they
 * stand in. True if nothing else is to be done. */
static bool close_listed(struct flow *flow, const struct flow_mark *mark)
{
    struct reading *reading = flow->reading;
    struct flow_heading next;
    const char *end = item_end(flow), *at = mark->heading.at && mark->kind != FLOW_GROUP ? mark->heading.at : mark->end;
    bool group = mark->kind == FLOW_GROUP, closed = false, listed = false, missing = false;
    const char *stop =
        flow_end(reading, &flow->looks, (struct stretch){mark->end, end}, mark->heading.number, group, &next);
    if (stop - mark->end > LISTED_BYTES || flow->looks++ > FLOW_LOOKS)
        return false;
    for (size_t i = 0; i < reading->items.count; i++)
        closed = closed || !reading->items.items[i].open;
    for (; at < stop && (group || at == mark->heading.at || at == mark->end); at++) {
        struct flow_heading heading = {0};
        if (flow_begins(at, flow->base))
            heading = flow_heading_at(at, stop);
        bool found = false;
        for (size_t i = 0; heading.number && i < reading->items.count; i++) {
            struct draft_item *item = &reading->items.items[i];
            if (!span_equal(item->number, number_of(&heading)))
                continue;
            item->open = item->open && item->marked;
            found = true;
        }
        listed = listed || found;
        missing = missing || (heading.number && flow_is_dotted(heading.style) && flow_is_big(heading.title) && !found);
    }
    if (missing || !(closed || listed))
        return false;
    flow->until = stop;
    return true;
}

/* "Lukkede punkter": up to the next item, and those behind it, unless it stands in a table of contents. */
static enum fault close_group(struct flow *flow, const struct flow_mark *mark)
{
    struct flow_heading next;
    const char *end = item_end(flow),
               *stop = flow_end(flow->reading, &flow->looks, (struct stretch){mark->end, end}, 0, true, &next);
    if (stop == end && flow->item > 0)
        close_from(flow, flow->item);
    if (flow->item == 0 && end - mark->end < ABOVE_BYTES)
        close_from(flow, 0);
    TRY(put(flow, mark->at, mark->at, (struct span){0}, stop, false));
    flow->until = stop;
    return stop < end ? put(flow, stop, next.at ? next.title : stop, number_of(&next), end, true) : FAULT_NONE;
}

/* "Salg af ejendom 22/118 Lukket punkt", whose number the line before has: where the title begins, or `at`. */
static const char *title_before(const struct flow *flow, const char *at)
{
    const char *begin = at;
    do { /* the number of its case may stand between */
        begin -= begin > flow->base;
        while (begin > flow->until && at - begin <= TITLE_BYTES && begin[-1] != '\n')
            begin--;
    } while (begin > flow->until && is_digit(*begin) && at - begin <= TITLE_BYTES);
    bool title = begin > flow->base && begin[-1] == '\n' && begin < at && flow_is_big(begin);
    return title && !holds_sentence(begin, at) ? begin : at;
}

/* From the heading that the words belong to, or from the words, to the next heading. */
static enum fault close_item(struct flow *flow, const struct flow_mark *mark)
{
    const char *end = item_end(flow), *start = mark->heading.at ? mark->heading.at : mark->at, *from = mark->end;
    struct flow_heading heading = mark->heading, next;
    bool apart = flow->list.count && start - flow->until < NEAR_BYTES && flow->list.items[flow->list.count - 1].open;
    if (!heading.at && apart) { /* below a heading that was found behind what is closed */
        flow->list.items[flow->list.count - 1].open = false;
        start = NULL;
    }
    if (!heading.at && start && flow->item > 0)
        start = title_before(flow, start);
    const char *behind = mark->end;
    while (behind < end && !flow_is_word(*behind) && *behind != '#' && *behind != '|')
        behind++;
    if (!heading.at && start && behind < end && flow_begins(behind, flow->base)) {
        heading = flow_heading_at(behind, end); /* "LUKKET PUNKT Nr. 61 - Title" */
        if (heading.number && heading.title < end && (flow_is_big(heading.title) || flow_is_named(heading.style)))
            from = heading.title;
        else
            heading = (struct flow_heading){0};
    }
    const char *stop =
        flow_end(flow->reading, &flow->looks, (struct stretch){from > heading.title ? from : heading.title, end},
                 heading.number, false, &next);
    if (start)
        TRY(put(flow, start, heading.at ? heading.title : start, number_of(&heading), stop, false));
    flow->until = stop;
    return stop < end ? put(flow, stop, next.at ? next.title : stop, number_of(&next), end, true) : FAULT_NONE;
}

static enum fault mark_take(struct flow *flow, const struct flow_mark *mark, size_t line)
{
    struct reading *reading = flow->reading;
    struct draft_item *item = item_here(flow);
    if (item && closes_all(flow, item, mark, line)) {
        item->open = false;
        flow->until = item_end(flow);
        return FAULT_NONE;
    }
    if (!item && reading->items.count && close_listed(flow, mark))
        return FAULT_NONE;
    if (mark->kind == FLOW_GROUP)
        return close_group(flow, mark);
    if (mark->kind == FLOW_DOORS && !mark->heading.at)
        return FAULT_NONE;
    struct draft_item *next = flow->item < reading->items.count ? &reading->items.items[flow->item] : NULL;
    bool above = !mark->heading.at && next && flow_is_above(mark->end, item_end(flow));
    if (above && (next->open || title_before(flow, mark->at) == mark->at)) {
        next->open = next->open && next->marked;
        return FAULT_NONE;
    }
    return close_item(flow, mark);
}

/* What a line says. */
static enum fault line_take(struct flow *flow, size_t line)
{
    const struct reading *reading = flow->reading;
    const struct line *here = line_of(reading, line);
    const char *at = flow->base + here->start, *end = flow->base + here->end;
    bool unfolded = reading->body.unfolded;
    const char *floor = unfolded ? flow->base : at;
    while (at < end) {
        at = at < flow->until ? flow->until : at;
        struct draft_item *item = item_here(flow);
        const char *first = item ? flow->base + line_of(reading, item->first)->start : flow->base;
        floor = floor < first ? first : floor;
        floor = floor < flow->until ? flow->until : floor;
        if (at >= end || (item && !item->open))
            break;
        struct flow_mark mark = flow_mark_next((struct stretch){at, end}, floor);
        if (mark.kind == FLOW_NONE)
            break;
        at = mark.end;
        if (unfolded || mark.sure)
            TRY(mark_take(flow, &mark, line));
    }
    return FAULT_NONE;
}

/* What a page in one line has before the words that closed an item: its number, and that of its case. */
static enum fault item_extend(struct flow *flow, size_t line)
{
    const struct draft_item *item = item_here(flow);
    if (!item || item->open || item->first != line)
        return FAULT_NONE;
    const char *end = flow->base + line_of(flow->reading, line)->start, *start = end,
               *floor = flow->item > 1 ? flow->base + item[-1].title_end : flow->base;
    floor = floor < flow->until ? flow->until : floor;
    if (floor >= end)
        return FAULT_NONE;
    struct flow_heading heading = {0};
    if (item->number.size == 0)
        heading = flow_heading_before((struct stretch){end, end}, floor);
    start = flow_numbers_before(heading.at ? heading.at : start, floor);
    if (start >= end)
        return FAULT_NONE;
    TRY(put(flow, start, heading.at ? heading.title : start, number_of(&heading), end, false));
    flow->list.items[flow->list.count - 1].title_end = (uint32_t)(end - flow->base);
    return FAULT_NONE;
}

enum fault flow_read(struct reading *reading)
{
    if (!(reading->lines.traces & TRACE_ACCESS))
        return FAULT_NONE;
    struct flow flow = {.reading = reading, .base = reading->body.text.at, .until = reading->body.text.at};
    bool unfolded = reading->body.unfolded;
    for (size_t line = 0; line < reading->lines.count; line++) {
        const struct line *here = line_of(reading, line);
        bool trace = here->traces & TRACE_ACCESS && !(here->flags & LINE_PAGE);
        if (!unfolded && (!trace || (reading->items.count && here->end - here->start <= LONG_LINE)))
            continue;
        while (flow.item < reading->items.count && reading->items.items[flow.item].first <= line)
            flow.item++;
        if (unfolded)
            TRY(item_extend(&flow, line));
        bool entry = reading->items.count && reading->spots[line].contents && here->end - here->start <= ENTRY_BYTES;
        if (trace && !entry)
            TRY(line_take(&flow, line));
    }
    return flow.list.count ? flow_cut(reading, &flow.list) : FAULT_NONE;
}
