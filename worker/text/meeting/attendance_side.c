/* attendance_side: lists of names side by side. Pure.
 *
 * "Til stede | Ej til stede | Desuden deltog": each cell of the head leads a list, and the lines below it hold a name
 * of each. Tabs and bars part the cells; where only gaps do, a name belongs to the last heading that begins before it.
 */
#include "roster.h"

#include <string.h>

enum { SIDES = 6, LINES_MOST = 60, SLACK = 3 };

/* The headings: what each leads, and at which column of the line it begins. */
struct sides {
    enum list_kind kinds[SIDES];
    size_t columns[SIDES], count;
    bool marked; /* tabs or bars part the cells */
};

static bool is_mark(char c)
{
    return c == '\t' || c == '|';
}

/* Where the cell that begins at `at` ends: before a mark, or before a gap where there are no marks. */
static size_t cell_end(struct span text, size_t at, bool marked)
{
    while (at < text.size && !is_mark(text.at[at]) &&
           (marked || text.at[at] != ' ' || at + 1 == text.size || text.at[at + 1] != ' '))
        at++;
    return at;
}

/* The words of a heading, without what Markdown sets around it. */
static bool side_add(struct sides *sides, struct span cell, size_t column)
{
    cell = text_trim(cell, "*:");
    struct label_match match = cell.size ? label_at(cell.at, cell.at + cell.size) : (struct label_match){0};
    return match.size == cell.size && sides->count < SIDES &&
           attendance_kind(match.label, &sides->kinds[sides->count]) && (sides->columns[sides->count++] = column, true);
}

static bool sides_of(const struct reading *reading, size_t line, struct sides *sides)
{
    struct span text = reading_line(reading, line);
    *sides = (struct sides){.count = 0};
    size_t indent = reading->lines.items[line].indent, at = text.size && *text.at == '|';
    for (size_t i = at; i < text.size; i++)
        sides->marked = sides->marked || is_mark(text.at[i]);
    while (at < text.size) {
        size_t end = cell_end(text, at, sides->marked);
        if (!(end == text.size && sides->count && !text_trim(span_cut(text, at, end), "").size) &&
            !side_add(sides, span_cut(text, at, end), indent + at))
            return false;
        at = end + 1;
        while (!sides->marked && at < text.size && text.at[at] == ' ')
            at++;
    }
    return sides->count > 1 && sides->kinds[0] == LIST_MEMBERS;
}

/* The names of one line, each on the list of its cell. */
static bool side_line(struct roster *roster, size_t line, const struct sides *sides)
{
    const struct line *here = &roster->reading->lines.items[line];
    struct span text = reading_line(roster->reading, line);
    size_t side = 0;
    for (size_t at = text.size && *text.at == '|', end; at < text.size; at = end + 1, side++) {
        end = cell_end(text, at, sides->marked);
        if (!sides->marked)
            for (side = sides->count - 1; side && sides->columns[side] > here->indent + at + SLACK;)
                side--;
        if (side >= sides->count)
            break;
        if (end > at && !attendance_names(roster, here->start + at, here->start + end, sides->kinds[side]))
            return false;
        while (!sides->marked && end + 1 < text.size && text.at[end + 1] == ' ')
            end++;
    }
    return true;
}

size_t attendance_sides(struct roster *roster, size_t line)
{
    const struct reading *reading = roster->reading;
    const struct line *lines = reading->lines.items;
    struct sides sides;
    bool barred = reading->body.text.at[lines[line].start] == '|';
    bool row = lines[line].flags & LINE_ROW || lines[line].gap == GAP_WIDE || barred;
    if (!row || !(barred || lines[line].label == LABEL_MEMBERS) || !sides_of(reading, line, &sides))
        return line;
    size_t next = line + 1, names = 0;
    for (; next < reading->lines.count && next - line < LINES_MOST; next++) {
        size_t first = sighting_from(reading, lines[next].start);
        bool named = first < reading->sightings.count && reading->sightings.items[first].start < lines[next].end;
        bool rule = !text_trim(reading_line(reading, next), "|-:= ").size;
        if ((!named && !rule) || lines[next].label || reading->spots[next].item != NO_ITEM)
            break;
        if (named && !side_line(roster, next, &sides))
            return 0;
        names += named;
    }
    return names ? next : line;
}
