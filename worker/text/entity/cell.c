/* cell: what stands in the row of a table, however a clerk sets it. Pure. */
#include "cell.h"

#include "words.h"

#include <string.h>

static bool opens_number(const char *at, const char *end)
{
    bool sign = *at == '-' || *at == '+' || *at == '(',
         apart = end - at > 2 && *at == '-' && at[1] == ' ' && is_digit(at[2]);
    return is_digit(*at) || apart || (sign && at + 1 < end && is_digit(at[1]));
}

/* Does a gap between cells begin at the space `at`? */
static bool is_gap(struct span row, size_t at)
{
    if (at + 2 >= row.size || row.at[at + 1] != ' ')
        return false;
    return row.at[at + 2] == ' ' || opens_number(row.at + at + 2, row.at + row.size);
}

size_t cell_split(struct span row, struct span cells[COLUMNS])
{
    bool tabs = memchr(row.at, '\t', row.size) != NULL,
         bars = !tabs && row.size && memchr(row.at, '|', row.size) != NULL;
    size_t count = 0, mark = 1 + (bars && span_starts(row, SPAN("||"))), /* a wiki's rows have two bars a cell */
        start = bars && *row.at == '|' ? mark : 0;
    char sign = tabs ? '\t' : bars ? '|' : ' '; /* a cell ends there, or at a gap of spaces */
    for (size_t at = start; at <= row.size && count < COLUMNS; at++) {
        const char *next = at < row.size ? memchr(row.at + at, sign, row.size - at) : NULL;
        at = next ? (size_t)(next - row.at) : row.size;
        bool end = at == row.size, gap = !end && sign == ' ' && is_gap(row, at);
        if (!end && sign == ' ' && !gap)
            continue;
        cells[count++] = text_trim(span_cut(row, start, at), "");
        while (gap && at + 1 < row.size && row.at[at + 1] == ' ')
            at++;
        at += end ? 0 : mark - 1;
        start = at + 1;
    }
    if (bars && count && !cells[count - 1].size)
        count--;
    return count;
}

struct cell_match cell_number(struct span cell)
{
    enum { NUMBER_MOST = 40 };
    char alone[NUMBER_MOST + 16] = {0}; /* so that "73" is not read on into the cell behind: "73 550" */
    if (!cell.size || cell.size > NUMBER_MOST || ((*cell.at | 0x20) >= 'a' && (*cell.at | 0x20) <= 'z'))
        return (struct cell_match){0};
    bool bracket = cell.size > 2 && *cell.at == '(' && is_digit(cell.at[1]) && cell.at[cell.size - 1] == ')';
    struct span inner = span_cut(cell, bracket, cell.size - bracket); /* "(750)": what is owed */
    memcpy(alone, inner.at, inner.size);
    struct cell_match match = cell_at(alone, alone + inner.size);
    bool star = !bracket && match.size && match.size + 1 == cell.size && cell.at[match.size] == '*';
    if (match.size != inner.size && !star)
        return (struct cell_match){0};
    return bracket ? (struct cell_match){cell.size, -match.parts} : match;
}

bool cell_is_year(struct span cell)
{
    return cell.size == 4 && is_digit(cell.at[0]) && is_digit(cell.at[1]) && is_digit(cell.at[2]) &&
           is_digit(cell.at[3]) &&
           ((cell.at[0] == '1' && cell.at[1] == '9') || (cell.at[0] == '2' && cell.at[1] == '0'));
}

bool cell_is_ruler(struct span text)
{
    for (size_t i = 0; i < text.size; i++)
        if (!strchr("|-:+=_ \t", text.at[i]))
            return false;
    return true;
}

/* "Kloak ........ 1.317.455", "Vej ____ 567": how many bytes of a leader stand at `at`; 0 if no leader does. */
static size_t leader_size(struct span text, size_t at)
{
    size_t stop = at, marks = 0;
    for (; stop < text.size; stop++) {
        bool ellipsis = span_starts(span_cut(text, stop, text.size), SPAN("…"));
        if (!ellipsis && (!strchr("._- ", text.at[stop]) || (text.at[stop] != ' ' && text.at[stop] != text.at[at])))
            break;
        marks += ellipsis ? 3 : text.at[stop] != ' ';
        stop += ellipsis ? SPAN("…").size - 1 : 0;
    }
    return marks >= 3 ? stop - at : 0;
}

/* The two cells that a leader parts, or 0. A dash that leads no further is the sign of the number. */
static size_t leader_cells(struct span text, struct span cells[COLUMNS])
{
    for (size_t at = 1; at + 3 < text.size; at++) {
        bool mark = text.at[at] == '.' || text.at[at] == '_' || text.at[at] == '-' || (text.at[at] & 0x80);
        size_t size = mark ? leader_size(text, at) : 0;
        if (!size)
            continue;
        cells[0] = text_trim(span_cut(text, 0, at), "");
        cells[1] = text_trim(span_cut(text, at + size, text.size), "");
        return cell_number(cells[1]).size ? 2 : 0;
    }
    return 0;
}

/* The mark that parts the cells of a typed row. */
static struct span typed_mark(struct span text)
{
    static const struct span marks[] = {WORD(" / "), WORD("; "), WORD(";")};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (text_find(text, marks[i].at, marks[i].size, false))
            return marks[i];
    return SPAN(": ");
}

size_t cell_split_typed(struct span text, struct span cells[COLUMNS])
{
    size_t count = leader_cells(text, cells), start = 0, numbers = 0, years = 0;
    if (count)
        return count;
    struct span mark = typed_mark(text);
    bool bars = *mark.at != ':';
    for (size_t at = 0; at <= text.size && count < COLUMNS; at++) {
        bool end = at == text.size;
        if (!end && !span_starts(span_cut(text, at, text.size), mark))
            continue;
        cells[count++] = text_trim(span_cut(text, start, at), "");
        struct span cell = cells[count - 1];
        numbers += count > 1 && !cell_is_year(cell) && cell_number(cell).size > 0;
        years += count > 1 && cell_is_year(cell);
        start = at + mark.size;
        at = start - 1; /* " / / " holds one mark */
    }
    bool head = bars && !numbers && count > 2;
    bool row = numbers && numbers + years + 1 == count && (bars || count == 2);
    bool label = cells[0].size && (!is_digit(*cells[0].at) || cell_is_year(cells[0]));
    return (row || head) && label ? count : 0;
}

size_t cell_last(struct span text)
{
    size_t at = text.size;
    while (at && text.at[at - 1] != ' ')
        at--;
    bool sign = at > 2 && text.at[at - 2] == '-' && text.at[at - 3] == ' ' && at < text.size && is_digit(text.at[at]);
    return sign ? at - 2 : at;
}

size_t cell_split_flat(struct span text, size_t columns, struct span cells[COLUMNS])
{
    struct span found[COLUMNS];
    size_t count = 0;
    bool marked = false; /* a number that cannot be part of another */
    while (count + 1 < COLUMNS && text.size) {
        size_t at = cell_last(text);
        struct span word = span_cut(text, at, text.size);
        if (!at || !cell_number(word).size)
            break;
        marked = marked || word.size > 3 || !is_digit(*word.at) || memchr(word.at, ',', word.size);
        found[count++] = word;
        text = text_trim(span_cut(text, 0, at), "");
    }
    while (count > 1 && cell_is_year(found[count - 1])) { /* "År 2019 1.250" */
        struct span year = found[--count];
        text.size = (size_t)(year.at + year.size - text.at);
    }
    bool letter = text.size && !strchr("0123456789§-(", *text.at);
    if (!count || !(letter || cell_is_year(text)) || (count > 1 && !marked && count + 1 != columns))
        return 0;
    cells[0] = text_trim(text, ":");
    if (!cells[0].size) /* ": 500" */
        return 0;
    for (size_t i = 0; i < count; i++)
        cells[i + 1] = found[count - 1 - i];
    return count + 1;
}
