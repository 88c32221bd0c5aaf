/* margin_table: an agenda that is a table, "| Pkt. | Dagsorden | Beslutning |". Pure.
 *
 * Each row is an item. Its bars become a point behind the number and a line end before what was decided, breaks within
 * a cell become line ends; marks tell the later stages what the lines are. Nothing moves. Source: published minutes. */
#include "line.h"

#include "words.h"

#include <string.h>

enum { BARS = 10 };

struct bars {
    size_t at[BARS], count, end; /* offsets of the bars; the end of the row */
};

static char *own(const struct body *body)
{
    return (char *)(uintptr_t)body->text.at;
}

/* The bars of the row from `start` on; count 0 if it does not begin and end with one. */
static struct bars bars_of(const struct body *body, size_t start)
{
    const char *base = body->text.at, *stop = memchr(base + start, '\n', body->text.size - start);
    struct bars bars = {.end = stop ? (size_t)(stop - base) : body->text.size};
    size_t last = start;
    for (size_t at = start; at < bars.end; at++) {
        last = base[at] == ' ' || base[at] == '\r' ? last : at;
        if (base[at] == '|' && bars.count < BARS)
            bars.at[bars.count++] = at;
    }
    if (bars.count < 3 || bars.at[0] != start || bars.at[bars.count - 1] != last)
        bars.count = 0;
    return bars;
}

/* The cell behind a bar, without white space. */
static struct span cell_of(const struct body *body, const struct bars *bars, size_t i)
{
    size_t start = bars->at[i] + 1, end = bars->at[i + 1];
    while (start < end && body->text.at[start] == ' ')
        start++;
    while (end > start && body->text.at[end - 1] == ' ')
        end--;
    return (struct span){body->text.at + start, end - start};
}

/* The column of what was decided in the head of an agenda's table; 0 if the row is none. */
static size_t decision_column(const struct body *body, const struct bars *bars)
{
    static const struct span numbers[] = {WORD("Pkt"), WORD("Punkt"), WORD("Nr"), WORD("#"), WORD("Sag")};
    static const struct span decisions[] = {WORD("Beslutning"), WORD("Referat"), WORD("Konklusion"), WORD("Drøftelse")};
    size_t column = 0;
    if (!bars->count || !words_start(numbers, sizeof numbers / sizeof *numbers, cell_of(body, bars, 0)))
        return 0;
    for (size_t i = 2; i + 1 < bars->count && !column; i++)
        column = words_start(decisions, sizeof decisions / sizeof *decisions, cell_of(body, bars, i)) ? i : 0;
    return column;
}

static void breaks_write(struct body *body, size_t start, size_t end)
{
    static const struct span breaks[] = {WORD("<br>"), WORD("<br/>"), WORD("<br />")};
    for (size_t at = start; at < end; at++) {
        size_t size = words_start(breaks, sizeof breaks / sizeof *breaks, (struct span){body->text.at + at, end - at});
        if (!size)
            continue;
        memset(own(body) + at, ' ', size);
        own(body)[at] = '\n';
        body->line_count++;
    }
}

/* One row of the agenda; gives whether it is an item. */
static bool row_write(struct arena *arena, struct body *body, const struct bars *bars, size_t decision, bool *full)
{
    struct span number = cell_of(body, bars, 0), title = cell_of(body, bars, 1),
                decided = cell_of(body, bars, decision);
    bool item = number.size && number.size < 5 && *number.at >= '0' && *number.at <= '9' && title.size;
    if (!item || memchr(number.at, '.', number.size))
        return item;
    struct body_mark *mark = LIST_PUSH(arena, &body->marks);
    *full = mark == NULL;
    if (*full)
        return false;
    *mark = (struct body_mark){(uint32_t)(number.at - body->text.at), BODY_ROW};
    if (decided.size) {
        mark = LIST_PUSH(arena, &body->marks);
        *full = mark == NULL;
        if (*full)
            return false;
        *mark = (struct body_mark){(uint32_t)(decided.at - body->text.at), BODY_DECISION};
    }
    for (size_t i = 0; i < bars->count; i++)
        own(body)[bars->at[i]] = i == 0 || i + 1 == bars->count ? ' ' : '\n';
    own(body)[bars->at[1]] = ' ';
    own(body)[number.at + number.size - body->text.at] = '.';
    body->line_count += bars->count;
    breaks_write(body, bars->at[1], bars->end);
    return true;
}

/* The marks from `first` on are new; all of them in their order. */
static void marks_sort(struct body *body, size_t first)
{
    struct body_mark *marks = body->marks.items;
    for (size_t i = first; i < body->marks.count; i++)
        for (size_t at = i; at > 0 && marks[at - 1].at > marks[at].at; at--) {
            struct body_mark other = marks[at];
            marks[at] = marks[at - 1];
            marks[at - 1] = other;
        }
}

bool margin_table(struct arena *arena, struct body *body)
{
    size_t first = body->marks.count, decision = 0, rows = 0;
    bool full = false;
    for (size_t at = 0; at < body->text.size && rows < 400;) {
        const char *stop = memchr(body->text.at + at, '\n', body->text.size - at);
        size_t next = stop ? (size_t)(stop - body->text.at) + 1 : body->text.size;
        if (body->text.at[at] == '|') {
            struct bars bars = bars_of(body, at);
            if (!decision)
                decision = decision_column(body, &bars);
            else if (bars.count > decision + 1)
                rows += row_write(arena, body, &bars, decision, &full);
        } else {
            decision = 0;
        }
        if (full)
            return false;
        at = next;
    }
    marks_sort(body, first);
    return true;
}
