/* draft: the items as their headings have them, the number here and the title there. Pure.
 *
 * Number and title stand on one line, or the number stands on a line of its own above or below the title, or there is
 * no number at all. A title that is printed twice has its heading where it stands last. */
#include "agenda.h"
#include "words.h"

#include <string.h>

/* "Ny rampe Sagsnr.: 19/11679", "Ny rampe Sag 306-2019-600", "Ny rampe fold dette punkt ind": where the title ends, or
 * NULL. */
static const char *title_case(const char *at, const char *end)
{
    for (const char *word = at; (word = memchr(word, ' ', (size_t)(end - word))) != NULL;) {
        const char *stop = word++;
        char first = (char)(word < end ? *word | 0x20 : 0);
        if (word + 8 > end || (first != 's' && first != 'j' && first != 'f'))
            continue;
        struct label_match match = label_at(word, end);
        if (match.label == LABEL_NOISE && match.size > 8 && word + match.size == end)
            return stop;
        bool plain = match.label == LABEL_NONE && memcmp(word, "Sag ", 4) == 0;
        bool colon = match.label == LABEL_NONE && memcmp(word, "Sag: ", 5) == 0;
        const char *number = word + (plain ? 4 : colon ? 5 : match.value);
        if (match.label != LABEL_CASE && !plain && !colon)
            continue;
        struct number_match shape = number < end ? case_number_at(number, end) : (struct number_match){0};
        if (shape.size && (!plain || shape.shape == NUMBER_AUTHORITY || shape.shape == NUMBER_KLE_CASE)) {
            while (stop > at && stop[-1] == ' ')
                stop--;
            return stop;
        }
    }
    return NULL;
}

/* "Ny rampe.       j.nr. 8.4-14/78": a number that stands behind the title in a column of its own is none of it. Where
 * the title ends. */
static uint32_t title_stop(const struct reading *reading, const struct line *line, size_t title)
{
    const char *base = reading->body.text.at, *end = base + line->end;
    const char *number = title_case(base + line->start + title, end);
    if (number)
        return (uint32_t)(number - base);
    for (const char *at = base + line->start + title; at + 4 < end; at++) {
        at = text_seek((struct span){at, (size_t)(end - at)}, "   ", 3, false);
        if (!at || at + 4 >= end)
            break;
        const char *cell = at;
        while (cell < end && *cell == ' ')
            cell++;
        enum label label = label_at(cell, end).label;
        if (label == LABEL_CASE || label == LABEL_DOCUMENT || label == LABEL_KLE)
            return (uint32_t)(at - base);
        at = cell - 1;
    }
    return line->end;
}

/* An item whose heading is the line; its title is the line from `title` on. */
static struct draft_item *item_put(struct reading *reading, size_t line, size_t title, struct span number)
{
    struct draft_item *item = LIST_PUSH(reading->arena, &reading->items);
    if (!item)
        return NULL;
    const struct line *here = line_of(reading, line);
    uint32_t stop = title_stop(reading, here, title);
    *item = (struct draft_item){.first = (uint32_t)line,
                                .heading = (uint32_t)line,
                                .title_start = here->start + (uint32_t)title,
                                .title_end = stop,
                                .span_start = here->start,
                                .span_end = stop,
                                .number = number,
                                .open = true};
    return item;
}

/* The line below `line` that prints it once more, right below or behind the page's list of files; 0 if there is none.
 */
static size_t title_again(const struct reading *reading, size_t line)
{
    struct span title = reading_line(reading, line);
    size_t next = line + 1;
    if (next + 1 < reading->lines.count && attachment_files(reading_line(reading, next)))
        next++;
    return next < reading->lines.count && text_alike(title, reading_line(reading, next)) ? next : 0;
}

/* The size of a label that says that a title stands behind it: "Emne: Ny rampe". */
static size_t title_lead(struct span text)
{
    static const struct span labels[] = {WORD("Emne:"), WORD("Titel:"), WORD("Overskrift:"), WORD("Sag:")};
    size_t size = words_start(labels, sizeof labels / sizeof *labels, text);
    while (size && size < text.size && text.at[size] == ' ')
        size++;
    return size < text.size ? size : 0;
}

/* "Pkt. 42" alone: the title stands below, twice sometimes; the last one is the heading. */
static void title_below(const struct reading *reading, struct draft_item *item)
{
    size_t line = item->heading + 1;
    while (line < reading->lines.count && line_of(reading, line)->flags & LINE_PAGE)
        line++;
    if (line >= reading->lines.count)
        return;
    uint8_t label = line_of(reading, line)->label;
    size_t again = title_again(reading, line);
    bool closed = label == LABEL_CLOSED; /* "Lukket: Ansættelse", "Lukket punkt": all the title that there is */
    if (!again && !closed && (is_meta(label) || opens_section(reading, line)))
        return;
    line = again ? again : line;
    const struct line *here = line_of(reading, line);
    item->heading = (uint32_t)line;
    item->title_start = item->span_start = here->start + title_lead(reading_line(reading, line));
    item->title_end = item->span_end = here->end;
    item->numbered_apart = true;
}

/* "| 41 | T |": the bar that closes the row is none of the title. */
static void title_cell(const struct reading *reading, struct draft_item *item)
{
    const char *base = reading->body.text.at;
    uint32_t end = item->title_end - 1;
    while (end > item->title_start && base[end - 1] == ' ')
        end--;
    item->title_end = item->span_end = end;
    item->span_start = item->title_start;
    item->numbered_apart = true;
}

/* A title printed again below its numbered heading, above the case number, is the heading: "1.T (B)", then "T". */
static enum fault items_numbered(struct reading *reading, const struct candidate_list *list, const uint32_t *chain,
                                 size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct candidate *candidate = &list->items[chain[i]];
        const struct line *line = line_of(reading, candidate->line);
        const struct heading_match *match = &candidate->match;
        struct span number = reading_cut(reading, line->start + match->number_start, line->start + match->number_end);
        struct draft_item *item = item_put(reading, candidate->line, match->title, number);
        if (!item)
            return arena_full(reading->err);
        if (match->access) {
            item->marked = true;
            item->open = match->access > 0;
        }
        if (match->style == STYLE_COLUMN || line->flags & LINE_ITEM) {
            item->span_start = item->title_start;
            item->numbered_apart = true;
        }
        if (match->style == STYLE_ALONE || match->style == STYLE_FIGURE)
            title_below(reading, item);
        if (match->style == STYLE_CELL)
            title_cell(reading, item);
    }
    return FAULT_NONE;
}

/* "Sag nr. 130" on a line of its own, with nothing else in it. */
static bool is_number_apart(const struct reading *reading, size_t line)
{
    const struct line *here = line_of(reading, line);
    return here->label == LABEL_ITEM_NUMBER && line_value(&reading->body, here).size < 6 &&
           !reading->spots[line].contents;
}

static bool has_letter(struct span text)
{
    for (size_t i = 0; i < text.size; i++)
        if (byte_is_letter((unsigned char)text.at[i]))
            return true;
    return false;
}

/* Can the line be a title that has no number? */
static bool is_plain_title(const struct reading *reading, size_t line)
{
    const struct line *here = line_of(reading, line);
    struct span text = reading_line(reading, line);
    if (reading->spots[line].contents || here->flags & (LINE_PAGE | LINE_ROW | LINE_CONTENTS) || text.size < 4 ||
        text.size > 250)
        return false;
    bool label = here->label != LABEL_NONE && here->label != LABEL_CLOSED && here->label != LABEL_OFFICIAL;
    return !label && !is_small(text) && !ends_sentence(text) && text.at[text.size - 1] != ':' &&
           !is_decider(reading, line) && !is_number_line(reading, line) && !outcome_word(text);
}

/* Do the titles stand below their numbers? What parts two items, or an empty line, stands above the numbers then. */
static bool titles_below(const struct reading *reading)
{
    size_t above = 0, below = 0;
    for (size_t line = 1; line + 1 < reading->lines.count; line++) {
        if (!is_number_apart(reading, line))
            continue;
        const struct line *here = line_of(reading, line), *title = here + 1;
        bool apart = here->blanks || here[-1].flags & LINE_PAGE || !has_letter(reading_line(reading, line - 1));
        bool close = !title->blanks && !is_meta(title->label) && title->label < LABEL_SECTION;
        bool only = is_plain_title(reading, line + 1) && !is_plain_title(reading, line - 1);
        below += (apart && close) || only;
        above += !(apart && close) && !only;
    }
    return below > above;
}

/* "Sag nr. 130" on a line of its own, below the title or above it. */
static enum fault items_below(struct reading *reading)
{
    bool below = titles_below(reading);
    for (size_t line = below ? 0 : 1; line + below < reading->lines.count; line++) {
        const struct line *here = line_of(reading, line), *title = below ? here + 1 : here - 1;
        if (here->label != LABEL_ITEM_NUMBER || line_value(&reading->body, here).size > 5 ||
            title->label >= LABEL_SECTION || reading->spots[title - reading->lines.items].contents)
            continue;
        if (!has_letter(line_text(&reading->body, title)))
            continue;
        struct span value = text_trim(line_value(&reading->body, here), ".: ");
        struct draft_item *item = item_put(reading, (size_t)(title - reading->lines.items), 0, value);
        if (!item)
            return arena_full(reading->err);
        item->first = below ? (uint32_t)line : item->first;
        item->numbered_apart = true;
    }
    return FAULT_NONE;
}

/* Titles without numbers: known from the contents, above a case number, or where the sections begin again. */
static enum fault items_plain(struct reading *reading, const struct title_set *titles)
{
    uint32_t seen = 0; /* sections since the last heading, one bit each */
    size_t last = SIZE_MAX;
    for (size_t line = 0; line < reading->lines.count; line++) {
        const struct line *here = line_of(reading, line);
        if (reading->spots[line].contents)
            continue;
        bool known = titles->count && is_plain_title(reading, line) && title_known(titles, reading_line(reading, line));
        bool section = here->label >= LABEL_SECTION && here->label != LABEL_SECTION + SECTION_OTHER;
        bool numbered = here->label == LABEL_CASE && line_value(&reading->body, here).size > 0;
        uint32_t bit = section ? 1u << (here->label - LABEL_SECTION) : 0;
        size_t heading = SIZE_MAX;
        if (known)
            heading = line;
        else if (!titles->count && line && is_plain_title(reading, line - 1) && (line - 1 != last))
            heading = (numbered && (seen || last == SIZE_MAX || line - 1 > last + 3)) ||
                              (section && (seen & bit || (last == SIZE_MAX && !reading->items.count)))
                          ? line - 1
                          : SIZE_MAX;
        if (heading != SIZE_MAX && known && reading->items.count && heading == last + 1) {
            struct draft_item *item = &reading->items.items[reading->items.count - 1]; /* printed twice */
            item->heading = (uint32_t)heading;
            item->title_start = item->span_start = here->start;
            item->title_end = item->span_end = here->end;
            last = heading;
        } else if (heading != SIZE_MAX) {
            if (!item_put(reading, heading, 0, (struct span){0}))
                return arena_full(reading->err);
            last = heading;
            seen = 0;
        }
        seen |= bit;
    }
    return FAULT_NONE;
}

/* The heading of the item is the line, in which `lead` bytes stand before the title. */
static void heading_move(const struct reading *reading, struct draft_item *item, size_t line, size_t lead)
{
    const struct line *here = line_of(reading, line);
    item->heading = (uint32_t)line;
    item->span_start = here->start;
    item->title_start = here->start + (uint32_t)lead;
    item->title_end = item->span_end = here->end;
}

/* Where every title is printed twice, the second, above the case number, is the heading. */
static void titles_twice(struct reading *reading)
{
    for (size_t i = 0; i < reading->items.count; i++) {
        struct draft_item *item = &reading->items.items[i];
        size_t next = item->heading + 1;
        bool room =
            next < reading->lines.count && (i + 1 == reading->items.count || next < reading->items.items[i + 1].first);
        if (!item->number.size && item->heading &&
            text_alike(reading_line(reading, item->heading), reading_line(reading, item->heading - 1)) &&
            (i == 0 || item->heading - 1 > reading->items.items[i - 1].heading))
            item->first = item->heading - 1;
        if (!room)
            continue;
        struct span again = reading_line(reading, next);
        struct span heading = reading_line(reading, item->heading);
        size_t lead = item->title_start - item->span_start; /* the number; "2B" below "2. B" has no room for it */
        if (item->number.size && !item->numbered_apart && *heading.at == *again.at && lead < again.size &&
            text_alike(heading, again)) {
            heading_move(reading, item, next, lead);
            continue;
        }
        /* "7. Lukket sag" and the mark "Lukket sag" below it */
        uint8_t label = line_of(reading, next)->label;
        if (label == LABEL_OPEN || label == LABEL_CLOSED ||
            !text_alike(reading_cut(reading, item->title_start, item->title_end), again))
            continue;
        heading_move(reading, item, next, 0);
        item->numbered_apart = item->number.size > 0;
    }
}

enum fault draft_read(struct reading *reading, const struct title_set *titles, const struct candidate_list *list,
                      const uint32_t *chain, size_t count)
{
    size_t apart = 0;
    for (size_t line = 0; line < reading->lines.count; line++)
        apart += is_number_apart(reading, line);
    if (apart >= 2 && apart > count / 2)
        TRY(items_below(reading));
    else if (count)
        TRY(items_numbered(reading, list, chain, count));
    if (!reading->items.count)
        TRY(items_plain(reading, titles));
    titles_twice(reading);
    return FAULT_NONE;
}
