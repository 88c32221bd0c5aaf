/* contents: finds the table of contents, so that its entries are not taken for headings. Pure. */
#include "agenda.h"
#include "words.h"

#include <string.h>

/* The title of an entry without leaders and page number. */
static struct span entry_title(struct span title)
{
    size_t size = title.size;
    while (size && strchr(" \t.0123456789", title.at[size - 1]))
        size--;
    bool page = size < title.size && (title.at[size] == ' ' || title.at[size] == '\t' || title.at[size] == '.');
    return page && size ? (struct span){title.at, size} : title;
}

/* The title that a line has if it is an entry or a heading; the whole line if it is not numbered. */
static struct span line_title(const struct reading *reading, size_t line)
{
    struct span text = reading_line(reading, line);
    const struct heading_match *match = reading_heading(reading, line);
    if (match->style == STYLE_NONE || match->style == STYLE_ALONE || match->style == STYLE_FIGURE)
        return text;
    return (struct span){text.at + match->title, text.size - match->title};
}

/* Entries of a block: numbered, leading to a page, or a heading of a group. `last` is the number before. */
static bool is_entry(const struct reading *reading, size_t line, unsigned *last, bool *ends)
{
    const struct line *here = &reading->lines.items[line];
    *ends = false;
    if (here->flags & LINE_CONTENTS || here->flags & LINE_PAGE)
        return true;
    if (here->label == LABEL_GROUP_OPEN || here->label == LABEL_GROUP_CLOSED || here->label == LABEL_NOISE)
        return true;
    const struct heading_match *match = reading_heading(reading, line);
    if (match->style == STYLE_NONE || match->style == STYLE_ALONE || match->style == STYLE_FIGURE ||
        here->label >= LABEL_SECTION)
        return false;
    if (match->number <= *last && *last) { /* numbers begin again: the first heading of the body */
        *ends = true;
        return false;
    }
    *last = match->number;
    return true;
}

/* A heading is followed by what an entry never is: a label of an item or a section. */
static bool opens_item(const struct reading *reading, size_t line)
{
    if (line + 1 >= reading->lines.count)
        return false;
    uint8_t label = reading->lines.items[line + 1].label;
    return label == LABEL_CASE || label == LABEL_DOCUMENT || (label >= LABEL_OPEN && label <= LABEL_CLERK) ||
           label >= LABEL_SECTION;
}

/* A line that a point closes is no second half of a title, but what was said on the item. */
static bool ends_prose(struct span text)
{
    return text.size > 3 && text.at[text.size - 1] == '.' && text.at[text.size - 2] >= 'a' &&
           text.at[text.size - 3] != '.';
}

/* Entries from `first` on; gives the line behind the last one. */
static size_t block_end(struct reading *reading, size_t first)
{
    unsigned last = 0;
    size_t line = first, entries = 0;
    bool leaders = first < reading->lines.count && reading->lines.items[first].flags & LINE_CONTENTS;
    for (; line < reading->lines.count; line++) {
        bool ends = false, entry = is_entry(reading, line, &last, &ends);
        uint8_t label = reading->lines.items[line].label;
        bool group = label == LABEL_GROUP_OPEN || label == LABEL_GROUP_CLOSED || label == LABEL_NOISE;
        bool led = reading->lines.items[line].flags & (LINE_CONTENTS | LINE_PAGE) || group;
        bool next_led = line + 1 < reading->lines.count && reading->lines.items[line + 1].flags & LINE_CONTENTS;
        if (leaders && entries && !led && !next_led) /* every entry of such a table leads to a page */
            break;
        if (ends ||
            (entry && entries && opens_item(reading, line) && !(reading->lines.items[line].flags & LINE_CONTENTS)))
            break;
        if (!entry) { /* a title over two lines: the next line goes on with the numbers */
            unsigned next_last = last;
            bool more = line + 1 < reading->lines.count && entries && is_entry(reading, line + 1, &next_last, &ends) &&
                        next_last == last + 1 && reading->lines.items[line].label == LABEL_NONE &&
                        !ends_prose(reading_line(reading, line));
            if (!more)
                break;
        }
        entries++;
    }
    return entries >= 2 ? line : first;
}

static void mark(struct reading *reading, size_t first, size_t end)
{
    for (size_t line = first; line < end; line++)
        reading->spots[line].contents = 1;
}

/* Lines right below one another that are numbered like headings: how many from `first` on. */
static size_t run_size(const struct reading *reading, size_t first)
{
    unsigned last = 0;
    enum heading_style style = STYLE_NONE;
    size_t line = first;
    for (; line < reading->lines.count; line++) {
        const struct line *here = &reading->lines.items[line];
        struct span text = reading_line(reading, line);
        bool group = line > first && text.size > 4 && text.at[1] == '.' && *text.at >= 'A' && *text.at <= 'Z';
        if (group || here->label == LABEL_GROUP_OPEN || here->label == LABEL_GROUP_CLOSED)
            continue;
        const struct heading_match *match = reading_heading(reading, line);
        bool next = match->style != STYLE_NONE && match->style != STYLE_ALONE && match->style != STYLE_FIGURE &&
                    (line == first || (match->number > last && match->style == style));
        if (!next || here->label >= LABEL_SECTION || here->label == LABEL_CASE)
            break;
        last = match->number;
        style = match->style;
    }
    return line - first;
}

/* Entries without a heading over them: a run of numbered lines, the first two of which come again further down. */
static void mark_bare(struct reading *reading)
{
    for (size_t line = 0, runs = 0; line < reading->lines.count && line < 120 && runs < 2;) {
        size_t size = reading->spots[line].contents ? 0 : run_size(reading, line);
        if (size < 3) {
            line += size ? size : 1;
            continue;
        }
        runs++;
        bool first = false, second = false;
        for (size_t later = line + size; later < reading->lines.count && !(first && second); later++) {
            first = first || text_alike(reading_line(reading, line), reading_line(reading, later));
            second = second || text_alike(reading_line(reading, line + 1), reading_line(reading, later));
        }
        if (first && second)
            mark(reading, line, line + size);
        line += size;
    }
}

enum fault contents_mark(struct reading *reading)
{
    for (size_t line = 0; line < reading->lines.count; line++) {
        const struct line *here = &reading->lines.items[line];
        bool heading = here->label == LABEL_CONTENTS && (here->gap == GAP_END || here->value >= here->end);
        struct span text = line_text(&reading->body, here);
        bool wide = text.size > 20 && line_has(here, TRACE_CONTENTS, text, "Indholdsfortegnelse");
        if (heading || wide) {
            size_t end = block_end(reading, line + 1);
            mark(reading, line, end);
            line = end > line ? end - 1 : line;
        } else if (here->flags & LINE_CONTENTS) {
            reading->spots[line].contents = 1;
        } else {
            /* entries without a heading over them: "åbent 1 T" */
            if (text.size > 8 && reading->spots[line].style == STYLE_LISTED)
                reading->spots[line].contents = 1;
        }
    }
    mark_bare(reading);
    return FAULT_NONE;
}

/* What a title begins with, a bit a letter, case aside; titles that begin otherwise have all of them. */
static uint32_t first_of(struct span title)
{
    unsigned letter = (unsigned)((unsigned char)*title.at | 0x20) - 'a';
    return letter < 26 ? UINT32_C(1) << letter : UINT32_MAX;
}

static void title_put(struct title_set *set, uint64_t hash)
{
    size_t slot = hash & set->mask;
    while (set->hashes[slot] && set->hashes[slot] != hash)
        slot = (slot + 1) & set->mask;
    set->count += set->hashes[slot] == 0;
    set->hashes[slot] = hash;
}

enum fault contents_titles(struct reading *reading, struct title_set *out)
{
    size_t entries = 0, slots = 16;
    *out = (struct title_set){0};
    for (size_t line = 0; line < reading->lines.count; line++)
        entries += reading->spots[line].contents;
    if (!entries)
        return FAULT_NONE;
    while (slots < entries * 2 + 2)
        slots *= 2;
    out->hashes = arena_zero(reading->arena, slots, sizeof *out->hashes);
    if (!out->hashes)
        return arena_full(reading->err);
    out->mask = slots - 1;
    for (size_t line = 0; line < reading->lines.count; line++) {
        if (!reading->spots[line].contents)
            continue;
        struct span title = line_title(reading, line);
        if (title.size > 3 && title.size < 400) {
            struct span entry = entry_title(title);
            title_put(out, text_hash(entry) | 1);
            if (entry.size != title.size)
                title_put(out, text_hash(title) | 1);
            out->firsts |= first_of(title);
        }
    }
    return FAULT_NONE;
}

bool title_known(const struct title_set *set, struct span title)
{
    if (!set->count || title.size > 400 || (title.size && !(set->firsts & first_of(title))))
        return false;
    uint64_t hash = text_hash(title) | 1;
    for (size_t slot = hash & set->mask; set->hashes[slot]; slot = (slot + 1) & set->mask)
        if (set->hashes[slot] == hash)
            return true;
    return false;
}
