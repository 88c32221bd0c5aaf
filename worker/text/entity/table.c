/* table: cells in kroner under a head that gives the unit. Pure.
 *
 * A unit ("1.000 kr.", "mio. kr.", "i kr.") stands in a caption, a bracket, or the head of the table or of a column. In
 * the rows below, every number is money but the first column, columns of counts and shares, and rows of per cent. How a
 * row is set, cell.h reads; what a head says, column.h; lists without rows, sum.h. */
#include "column.h"
#include "flat.h"
#include "scan.h"
#include "sum.h"
#include "unit.h"
#include "words.h"

#include <string.h>

/* A head as it was found; it is read when a row with numbers stands below. */
struct head {
    struct span cells[COLUMNS];
    size_t count; /* 0: none waits */
};

/* The lines of a table that was broken to one cell a line: label and numbers in turn. */
struct stack {
    size_t line;  /* of the first number */
    size_t width; /* numbers to a label; 0: not known yet */
    size_t at;    /* numbers since the label */
};

struct table {
    int64_t scale;           /* kroner a unit; 0: not known */
    int32_t item;            /* the item whose text gave it */
    struct head head, above; /* the head that waits, and the line of heads right above it */
    struct columns columns;
    struct columns packed; /* those whose head is not empty: typists set a cell off by several tabs; none: count 0 */
    struct span words;     /* the line of words above rows that lost their columns */
    bool stacked;          /* below the unit only short lines so far: a table broken to one cell a line */
    bool rows;             /* a row was seen in this block */
    size_t read;           /* the offset behind a table in one line: what stands before was read with it */
    bool fresh;            /* the line before gave the unit */
    bool flat;             /* the line before was a row that lost its columns */
    size_t apart;          /* lines since the unit or such a row: a head or half a label may be one of them */
    struct stack stack;
};

/* Drops the empty cells but the first; gives their number. */
static size_t cells_pack(const struct span *cells, size_t count, struct span packed[COLUMNS])
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (i == 0 || cells[i].size)
            packed[kept++] = cells[i];
    return kept;
}

/* How many letters of the line stand before `at`: where a cell that is set by spaces begins or ends. */
static uint32_t place_of(const struct reading *reading, const struct line *line, const char *at)
{
    uint32_t place = line->indent;
    for (const char *letter = reading->body.text.at + line->start; letter < at; letter++)
        place += ((unsigned char)*letter & 0xC0) != 0x80;
    return place;
}

static void columns_place(struct columns *columns, const struct reading *reading, const struct line *line,
                          const struct span *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        columns->items[i].from = place_of(reading, line, cells[i].at);
        columns->items[i].to = place_of(reading, line, cells[i].at + cells[i].size);
    }
}

/* "                Budget   Forbrug" above "Skole   1.000   900": the head of the labels is empty. */
static bool is_indented(const struct reading *reading, size_t index)
{
    const struct line *line = &reading->lines.items[index];
    for (size_t next = index + 1; next < reading->lines.count && next < index + 4; next++) {
        const struct line *below = &reading->lines.items[next];
        if (below->flags & LINE_ROW && !cell_is_ruler(line_text(&reading->body, below)))
            return line->indent > below->indent + 4;
    }
    return false;
}

static void head_take(struct table *table, const struct reading *reading, size_t index, const struct span *cells,
                      size_t count)
{
    const struct line *line = &reading->lines.items[index];
    struct span text = line_text(&reading->body, line);
    bool spaces = text.size && !memchr(text.at, '\t', text.size) && !memchr(text.at, '|', text.size);
    struct span all[COLUMNS + 1];
    size_t shift = spaces && count < COLUMNS && is_indented(reading, index);
    all[0] = span_cut(text, 0, 0);
    memcpy(all + shift, cells, count * sizeof *cells);
    count += shift;
    /* a head over two lines */
    table->above.count = table->head.count == count && !line->blanks ? count : 0;
    if (table->above.count)
        memcpy(table->above.cells, table->head.cells, count * sizeof *all);
    memcpy(table->head.cells, all, count * sizeof *all);
    table->head.count = count;
    memset(table->columns.items, 0, sizeof table->columns.items);
    if (spaces)
        columns_place(&table->columns, reading, line, all, count);
}

/* "Antal elever:" right above the head of a table: the unit of the one before does not reach so far. */
static bool is_below_count(const struct reading *reading, size_t index)
{
    enum { CAPTION_MOST = 80 };
    if (!index || reading->lines.items[index - 1].flags & (LINE_UNIT | LINE_ROW))
        return false;
    struct span text = line_text(&reading->body, &reading->lines.items[index - 1]);
    return text.size && text.size <= CAPTION_MOST && text.at[text.size - 1] != '.' && column_is_share(text);
}

/* Reads the head that waits, as a row with numbers stands below it. */
static void head_read_waiting(struct table *table)
{
    struct head *head = &table->head;
    struct span packed[COLUMNS];
    size_t kept = cells_pack(head->cells, head->count, packed);
    int64_t own = columns_read(&table->columns, head->cells, head->count, table->scale);
    table->packed.count = 0;
    if (kept != head->count && kept > 1)
        columns_read(&table->packed, packed, kept, table->scale);
    for (size_t i = 0; i < table->above.count; i++) { /* "Antal" above "2019" */
        struct column *column = &table->columns.items[i];
        int64_t scale = unit_of(table->above.cells[i], true);
        own = i || own ? own : scale;
        column->scale = column->scale || !i ? column->scale : scale;
        column->money = i && (column->scale || (column->money && !column_counts(table->above.cells[i])));
    }
    table->scale = own ? own : table->scale;
    table->above.count = head->count = 0;
}

static bool columns_give(const struct columns *columns)
{
    for (size_t i = 1; i < columns->count; i++)
        if (columns->items[i].scale || columns->items[i].beside)
            return true;
    return false;
}

/* "I alt   83.000   25.000" below four columns: the cells of a total stand under the last ones. */
static size_t cells_left_out(const struct columns *columns, const struct span *cells, size_t count)
{
    if (count >= columns->count)
        return 0;
    bool total = text_has(cells[0], "alt") || text_has(cells[0], "total") || text_has(cells[0], "sum");
    bool behind = true; /* "4.700<tab>" under "Afvigelse<tab>Børn": the cells left out are those of no money */
    for (size_t i = count; i < columns->count; i++)
        behind = behind && !columns->items[i].money;
    return total && !behind ? columns->count - count : 0;
}

/* The column of the cell, if it can be told; NULL if not. */
static const struct column *column_of(const struct columns *columns, const struct reading *reading,
                                      const struct line *line, const struct span *cells, size_t count, size_t i)
{
    size_t left_out = cells_left_out(columns, cells, count);
    if (columns->count == count)
        return &columns->items[i];
    bool placed = columns->count && columns->items[columns->count - 1].to;
    const struct column *over = placed ? columns_over(columns, place_of(reading, line, cells[i].at),
                                                      place_of(reading, line, cells[i].at + cells[i].size))
                                       : NULL;
    if (over)
        return over;
    bool total = text_has(cells[0], "alt") || text_has(cells[0], "total");
    return columns->count == count + left_out || (total && i < columns->count) ? &columns->items[i + left_out] : NULL;
}

static bool row_read(struct reading *reading, const struct columns *columns, int64_t given, const struct line *line,
                     const struct span *cells, size_t count, size_t *cursor)
{
    int64_t own = line->flags & LINE_UNIT ? unit_of(cells[0], true) : 0; /* "Løn i 1.000 kr.": the row's own unit */
    if (!own && ((!given && !columns_give(columns)) || column_is_share(cells[0])))
        return true;
    for (size_t i = 1; i < count; i++) {
        struct cell_match match = cell_number(cells[i]);
        if (!match.size)
            continue;
        const struct column *column = column_of(columns, reading, line, cells, count, i);
        /* "Budget | Regnskab | Afvigelse (kr.)" over 8.120.000 and 7.844.215 */
        bool beside = column && column->beside && match.size > 6 && memchr(cells[i].at, '.', match.size);
        int64_t scale = own ? own : column && column->scale ? column->scale : given;
        if (beside && !given)
            scale = 1;
        else if (!scale || (column && !column->money) || (!column && cell_is_year(cells[i])))
            continue;
        if (!sum_add(reading, cells[i], match, scale, cursor))
            return false;
    }
    return true;
}

/* Is the next number of a table broken to one cell a line in a column of no money? The heads stand right above the
 * first label, as many as numbers follow it. */
static bool stack_counts(const struct reading *reading, const struct stack *stack)
{
    if (stack->at >= stack->width || stack->line < stack->width + 1)
        return false;
    size_t head = stack->line - 1 - stack->width + stack->at;
    struct span text = line_text(&reading->body, &reading->lines.items[head]);
    return text.size <= 40 && column_counts(text);
}

/* A line that is nothing but a number, in a table that was broken to one cell a line. */
static bool stack_read(struct reading *reading, struct table *table, size_t index, struct span text, size_t *cursor)
{
    struct stack *stack = &table->stack;
    const struct line *line = &reading->lines.items[index];
    bool sign = line->flags & LINE_BULLET && text.at - reading->body.text.at > 2 && memcmp(text.at - 2, "- ", 2) == 0;
    if (sign && (stack->at || !(line[-1].flags & LINE_BULLET))) /* "- 750" below a label is no point of a list */
        text = (struct span){text.at - 2, text.size + 2};
    struct cell_match match = cell_number(text);
    if (!match.size || cell_is_year(text)) {
        stack->at = 0;
        return true;
    }
    if (!stack->width) {
        stack->line = index;
        for (size_t next = index; next < reading->lines.count && stack->width < COLUMNS; next++, stack->width++)
            if (!cell_number(line_text(&reading->body, &reading->lines.items[next])).size)
                break;
    }
    bool counts = stack_counts(reading, stack);
    struct span label =
        index > stack->at ? line_text(&reading->body, &reading->lines.items[index - 1 - stack->at]) : text;
    stack->at++;
    return counts || column_is_share(label) || sum_add(reading, text, match, table->scale, cursor);
}

/* A row of cells that lost their columns, below a unit. Gives the number of cells; 0 if it is none. */
static size_t flat_cells(const struct table *table, const struct line *line, struct span text,
                         struct span cells[COLUMNS])
{
    char last = text.size ? text.at[text.size - 1] : 'x';
    if (((last < '0' || last > '9') && last != ')') || table->apart > 1)
        return 0;
    struct span heads[COLUMNS];
    size_t known = 0;
    for (size_t columns = 2; columns < 12 && table->words.size && !known; columns++)
        known = column_split(table->words, columns, heads) ? columns : 0;
    size_t count = cell_split_flat(text, table->columns.count ? table->columns.count : known, cells);
    if (count < 2 || cell_is_year(cells[count - 1]))
        return 0;
    /* "Vej 567" is a row below a row, and "pkt. 50", "styrelse § 40" are none */
    bool plain = count == 2 && !memchr(cells[1].at, '.', cells[1].size) && !memchr(cells[1].at, ',', cells[1].size) &&
                 *cells[1].at != '-';
    char end = cells[0].at[cells[0].size - 1];
    static const struct span numbers[] = {WORD("nummer"), WORD("cvr"), WORD("tlf"), WORD("matr")};
    struct text_sieve sieve;
    text_sieve_make(&sieve, cells[0]);
    bool refers = end == '.' || end == ',' || word_ends(cells[0], (struct span)SPAN("§")) ||
                  text_holds_any(&sieve, cells[0], numbers, sizeof numbers / sizeof *numbers);
    bool counts = count == 2 ? column_counts(cells[0]) : column_is_share(cells[0]); /* "P-pladser 280 4.210 213.287" */
    return (plain && count != known && (!table->flat || line->blanks)) || refers || counts ? 0 : count;
}

/* "Grundudgifter          1.512.000" right below a unit: a row of two columns. Gives the number of cells, 0 if the line
 * is none, and whether it lost its columns. */
static size_t pair_cells(const struct table *table, const struct line *line, struct span text,
                         struct span cells[COLUMNS], bool *flat)
{
    bool unit = table->scale || table->head.count || columns_give(&table->columns);
    *flat = false;
    if (!unit || !(table->stacked || table->rows) || text.size > 160 || !text.size)
        return 0;
    if (text_holds(text, "  ")) {
        size_t count = cell_split(text, cells);
        bool head = count > 1 && table->stacked && column_is_head(cells, count);
        bool row = (count == 2 || count == table->columns.count || count == table->head.count) &&
                   cell_number(cells[count - 1]).size > 0 && cells[0].size;
        bool label = row && (*cells[0].at < '0' || *cells[0].at > '9' || cell_is_year(cells[0]));
        return head || label ? count : 0;
    }
    if (!table->scale)
        return 0;
    size_t count = cell_split_typed(text, cells);
    if (count)
        return count;
    count = flat_cells(table, line, text, cells);
    *flat = count > 0;
    return count;
}

/* "Social og specialundervisning 58,2        21,4": a label longer than its column leaves one space before the first
 * number. The row has a cell less than the head then. So has one whose label stands on the line above. */
static size_t cells_part(const struct columns *columns, struct span cells[COLUMNS], size_t count)
{
    struct span first = cells[0];
    size_t space = cell_last(first);
    bool alone = !space && cell_number(first).size && !cell_is_year(first);
    if (count + 1 != columns->count || count + 1 > COLUMNS || (space < 2 && !alone) ||
        !cell_number(span_cut(first, space, first.size)).size)
        return count;
    memmove(cells + 2, cells + 1, (count - 1) * sizeof *cells);
    cells[0] = text_trim(span_cut(first, 0, space), "");
    cells[1] = span_cut(first, space, first.size);
    return count + 1;
}

/* A row under a head of which some cells are empty: where both have as many that are not, these belong together. */
static bool row_read_packed(struct reading *reading, const struct table *table, const struct line *line,
                            const struct span *cells, size_t count, size_t *cursor)
{
    struct span packed[COLUMNS];
    size_t kept = table->packed.count ? cells_pack(cells, count, packed) : 0;
    if (!kept || kept != table->packed.count)
        return row_read(reading, &table->columns, table->scale, line, cells, count, cursor);
    return row_read(reading, &table->packed, table->scale, line, packed, kept, cursor);
}

/* A row that lost its columns. Its head did as well: where its words cannot be told apart and one of them counts, no
 * number is sure. */
static bool row_read_flat(struct reading *reading, const struct table *table, const struct line *line,
                          const struct span *cells, size_t count, size_t *cursor)
{
    struct columns columns = {.count = 0};
    struct span heads[COLUMNS];
    if (table->words.size && column_split(table->words, count, heads))
        columns_read(&columns, heads, count, table->scale);
    else if (table->words.size && column_counts(table->words))
        return true;
    return row_read(reading, &columns, table->scale, line, cells, count, cursor);
}

static void table_forget(struct table *table)
{
    table->columns.count = table->packed.count = table->head.count = table->above.count = 0;
    table->rows = false;
}

/* A line that is no row: it may give a unit, go on with a table that was broken, or end one. */
static bool line_read(struct reading *reading, struct table *table, size_t index, struct span text, size_t *since,
                      size_t *cursor)
{
    const struct line *line = &reading->lines.items[index];
    bool unit = line->flags & LINE_UNIT;
    int64_t scale = unit && text.size < 2000 ? unit_of(text, text.size < 40) : 0;
    if (scale) {
        table->scale = scale;
        table->stack = (struct stack){0};
    } else if (unit && !table->scale && text.size < 160 && text.at[text.size - 1] >= '0' &&
               text.at[text.size - 1] <= '9' && !sum_list_read(reading, index, *cursor)) {
        return false;
    }
    if (unit && text.size > 60 && reading->spots[index].currency) {
        table->read = (size_t)(text.at - reading->body.text.at);
        if (!flat_read(reading, index, &table->read, *cursor))
            return false;
    }
    bool section = line->label >= LABEL_SECTION && line_section(line) != SECTION_ECONOMY;
    bool heads = table->fresh && text.size <= 100 && !strchr(".,;:", text.at[text.size - 1]);
    bool prose = text.size > 60 && !heads && !text_holds(text, "   ");
    table->fresh = scale != 0;
    if (++*since > 1 || prose || section)
        table_forget(table);
    table->flat = false;
    table->apart = scale ? 0 : table->apart + 1;
    struct span last = span_cut(text, cell_last(text), text.size);
    if (!cell_number(last).size || cell_is_year(last)) /* a row that could not be read is no head */
        table->words = text.size <= 100 ? text : (struct span){0};
    table->stacked = scale || (table->stacked && !prose && !section);
    return !table->stacked || scale || stack_read(reading, table, index, text, cursor);
}

/* A row of cells: a head, or numbers. */
static bool cells_read(struct reading *reading, struct table *table, size_t index, struct span *cells, size_t count,
                       size_t *cursor)
{
    const struct line *line = &reading->lines.items[index];
    if (table->head.count)
        count = cells_part(&(struct columns){.count = table->head.count}, cells, count);
    else
        count = cells_part(&table->columns, cells, count);
    table->rows = true;
    if (column_is_head(cells, count)) {
        bool empty = true; /* "Drift |  |  |" parts the rows */
        for (size_t i = 1; i < count; i++)
            empty = empty && !cells[i].size;
        if (!empty || (line->flags & LINE_UNIT))
            head_take(table, reading, index, cells, count);
        if (table->scale && is_below_count(reading, index))
            table->scale = 0;
        return true;
    }
    if (table->head.count)
        head_read_waiting(table);
    return row_read_packed(reading, table, line, cells, count, cursor);
}

enum fault table_read(struct reading *reading)
{
    struct table table = {.item = NO_ITEM};
    size_t cursor = 0, since = 0;
    for (size_t index = 0; index < reading->lines.count; index++) {
        const struct line *line = &reading->lines.items[index];
        if (!(line->flags & (LINE_ROW | LINE_UNIT)) && !table.stacked && !table.rows)
            continue; /* as most lines: no table goes on, and none begins */
        struct span text = line_text(&reading->body, line);
        if (line->end <= table.read)
            continue; /* with a table in one line that went on below it */
        if (line->start < table.read)
            text = text_trim((struct span){reading->body.text.at + table.read, line->end - table.read}, "");
        bool goes_on = table.scale && table.stacked && reading->spots[index].item == table.item; /* no contents then */
        if (line->flags & LINE_PAGE || (reading->spots[index].contents && !goes_on) || cell_is_ruler(text))
            continue;
        if (reading->spots[index].item != table.item) {
            table = (struct table){.item = reading->spots[index].item, .read = table.read};
            since = 0;
        }
        struct span cells[COLUMNS];
        bool flat = false;
        size_t count = line->flags & LINE_ROW ? 0 : pair_cells(&table, line, text, cells, &flat);
        if (!(line->flags & LINE_ROW) && !count) {
            if (!line_read(reading, &table, index, text, &since, &cursor))
                return arena_full(reading->err);
            continue;
        }
        since = 0;
        while (text.at > reading->body.text.at && text.at[-1] == '\t') { /* empty cells in front */
            text.at--;
            text.size++;
        }
        if (!count)
            count = cell_split(text, cells);
        if (count < 2)
            continue;
        bool done = flat ? row_read_flat(reading, &table, line, cells, count, &cursor)
                         : cells_read(reading, &table, index, cells, count, &cursor);
        table.rows = true;
        table.flat = flat;
        table.apart = flat ? 0 : 2;
        if (!done)
            return arena_full(reading->err);
    }
    return FAULT_NONE;
}
