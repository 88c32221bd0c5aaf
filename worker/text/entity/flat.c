/* flat: a table that a transcript has in one line, behind its unit. Pure.
 *
 * Where the heads end and the first label begins nobody can see: both are words with capitals. It matters only where a
 * head counts ("Forbrug i %"); the heads are told apart by their capitals then, and where that fails nothing is read.
 */
#include "flat.h"

#include "bytes.h"
#include "column.h"
#include "sum.h"
#include "unit.h"

#include <string.h>

enum { CELLS_MOST = 400, LABEL_MOST = 60, HEADS_MOST = 200, CLOSER_MOST = 40, UNKNOWN = COLUMNS };

struct cell {
    struct span text;
    size_t column; /* from 0; UNKNOWN in a row that has fewer cells */
};

struct flat {
    struct cell cells[CELLS_MOST];
    size_t count, sure; /* those up to the last whole row */
    size_t rows;        /* whole ones */
    size_t years;       /* heads that are years: as many columns, if there are any */
    size_t marked;      /* cells that look like money: with a point, a comma or a sign */
    size_t width;       /* cells to a label; 0: not known yet */
    struct span heads;  /* and the first label, which nothing parts from them */
};

static bool is_white(char c)
{
    return c == ' ' || c == '\n';
}

/* The word at `at`, which ends at *stop; a sign that stands apart belongs to its number: "- 203". */
static struct span word_at(struct span text, size_t at, size_t *stop)
{
    while (at < text.size && is_white(text.at[at]))
        at++;
    *stop = at;
    while (*stop < text.size && !is_white(text.at[*stop]))
        ++*stop;
    bool sign = *stop - at == 1 && text.at[at] == '-' && *stop + 1 < text.size && text.at[*stop + 1] >= '0' &&
                text.at[*stop + 1] <= '9';
    if (sign)
        for (++*stop; *stop < text.size && !is_white(text.at[*stop]);)
            ++*stop;
    return span_cut(text, at, *stop);
}

static bool is_capital(struct span word)
{
    return word.size && ((*word.at >= 'A' && *word.at <= 'Z') ||
                         ((unsigned char)*word.at == 0xC3 && word.size > 1 && (unsigned char)word.at[1] < 0x9F));
}

/* "03.22.01", which an account's name follows. */
static bool is_account(struct span word)
{
    size_t points = 0;
    for (size_t i = 0; i < word.size; i++) {
        points += word.at[i] == '.';
        if (word.at[i] != '.' && (word.at[i] < '0' || word.at[i] > '9'))
            return false;
    }
    return points && word.at[word.size - 1] != '.' && !cell_number(word).size;
}

/* May the word open a label? */
static bool opens_label(struct span text, struct span word, size_t stop)
{
    size_t next;
    return is_capital(word) || (word.size && is_account(word) && is_capital(word_at(text, stop, &next)));
}

/* "sagen." ends a sentence, "Korr. budget" does not. */
static bool ends_sentence(struct span word)
{
    static const struct span brief[] = {SPAN("oprind."), SPAN("Oprind."), SPAN("Indtægt.")};
    if (word.size < 6 || word.at[word.size - 1] != '.')
        return false;
    for (size_t i = 0; i < sizeof brief / sizeof *brief; i++)
        if (span_equal(word, brief[i]))
            return false;
    return true;
}

/* "34,1%", or "34,1" before "%" or "pct.": a share, which is no money. *stop moves behind it. */
static bool is_share(struct span text, struct span word, size_t *stop)
{
    if (word.size > 1 && word.at[word.size - 1] == '%')
        return cell_number(span_cut(word, 0, word.size - 1)).size > 0;
    size_t behind;
    struct span next = word_at(text, *stop, &behind);
    bool share = cell_number(word).size && (span_equal(next, SPAN("%")) || span_equal(next, SPAN("pct.")));
    *stop = share ? behind : *stop;
    return share;
}

static bool is_empty_cell(struct span word)
{
    return span_equal(word, SPAN("-")) || span_equal(word, SPAN("–"));
}

/* "1", "12", "2016": a number that may belong to the label before it. */
static bool is_ordinal(struct span cell)
{
    for (size_t i = 0; i < cell.size; i++)
        if (cell.at[i] < '0' || cell.at[i] > '9')
            return false;
    return cell.size && (cell.size <= 2 || cell_is_year(cell));
}

/* A row as it stands: the words of its label and the cells behind them. */
struct row {
    struct span label, cells[COLUMNS], next; /* next: the word behind the row */
    size_t count, years, marked;             /* marked: cells with a point, a comma or a sign */
    size_t end, next_end;
};

static bool row_label(struct span text, size_t at, size_t most, bool heads, struct row *row)
{
    size_t stop, behind;
    struct span word = word_at(text, at, &stop);
    for (row->years = 0; heads && cell_is_year(word); row->years++) /* "Beløb i kr. 2009 2010 Erhverv 600,00 612,50" */
        word = word_at(text, stop, &stop);
    row->label = word;
    if (!opens_label(text, word, stop))
        return false;
    for (size_t share = stop; word.size && !cell_number(word).size && !is_share(text, word, &share);) {
        row->label.size = (size_t)(word.at + word.size - row->label.at);
        struct span next = word_at(text, stop, &behind);
        bool colon = word.at[word.size - 1] == ':', closes = colon || ends_sentence(word);
        if (row->label.size > most || (closes && !heads && !(colon && cell_number(next).size)))
            return false;
        if (closes && !cell_number(next).size) { /* the heads begin behind "Oversigt over takster:" */
            row->label = next;
            if (!opens_label(text, next, behind))
                return false;
        }
        word = next;
        share = stop = behind;
    }
    row->next = word;
    row->next_end = stop;
    return word.size > 0;
}

static void row_cells(struct span text, struct row *row)
{
    row->count = row->years = row->marked = 0;
    for (; row->count < COLUMNS; row->next = word_at(text, row->next_end, &row->next_end)) {
        struct span word = row->next;
        size_t stop = row->next_end;
        if (is_share(text, word, &stop) || (row->count && is_empty_cell(word)))
            row->cells[row->count++] = (struct span){0};
        else if (cell_number(word).size)
            row->cells[row->count++] = word;
        else
            break;
        row->next_end = row->end = stop;
        row->years += cell_is_year(word);
        row->marked += memchr(word.at, '.', word.size) || memchr(word.at, ',', word.size) || *word.at == '-';
    }
}

static void row_drop_first(struct row *row)
{
    memmove(row->cells, row->cells + 1, --row->count * sizeof *row->cells);
}

/* "10,7 - 262,4" where the others have three cells: the dash is an empty cell, no sign. */
static void row_part_dash(struct row *row, size_t width)
{
    for (size_t i = 1; i < row->count && row->count + 1 == width; i++) {
        if (row->cells[i].size < 3 || row->cells[i].at[1] != ' ')
            continue;
        memmove(row->cells + i + 1, row->cells + i, (row->count++ - i) * sizeof *row->cells);
        row->cells[i + 1] = span_cut(row->cells[i], 2, row->cells[i].size);
        row->cells[i] = (struct span){0};
    }
}

/* "Etape 2 1.500 900" and "Budget 2016 1.500 900" where the others have two cells: the first number is the label's. */
static void row_fit(struct flat *flat, struct row *row)
{
    if (flat->width && row->count == flat->width + 1 && is_ordinal(row->cells[0]))
        row_drop_first(row);
    if (flat->rows == 1 && row->count > 1 && row->count + 1 == flat->width && is_ordinal(flat->cells[0].text)) {
        flat->width--;
        flat->count = flat->sure = flat->width;
        memmove(flat->cells, flat->cells + 1, flat->width * sizeof *flat->cells);
        for (size_t i = 0; i < flat->width; i++)
            flat->cells[i].column = i;
    }
}

/* One row from *at on. False: it ends the table, or is no part of it. */
static bool row_read(struct flat *flat, struct span text, size_t *at)
{
    struct row row;
    bool heads = !flat->width;
    if (!row_label(text, *at, heads ? HEADS_MOST : LABEL_MOST, heads, &row))
        return false;
    flat->years += row.years;
    row_cells(text, &row);
    bool ends = !row.next.size || opens_label(text, row.next, row.next_end);
    if (heads && row.count && row.years == row.count) { /* "Post 2019 2020 Skole ...": heads */
        flat->years += row.years;
        *at = row.end;
        return ends;
    }
    if (heads && row.count > 1 && row.years == 1 && cell_is_year(row.cells[0])) { /* "Budget 2016 1.500 900" */
        row_drop_first(&row);
        row.years--;
    }
    if (heads)
        flat->heads.size = (size_t)(row.label.at + row.label.size - flat->heads.at);
    row_part_dash(&row, flat->width ? flat->width : flat->years);
    row_fit(flat, &row);
    bool whole = row.count && (heads || row.count == flat->width);
    bool total = !heads && (span_starts(row.label, SPAN("I alt")) || span_starts(row.label, SPAN("Total")));
    if (row.years || (!ends && !(whole && row.count > 1)) || flat->count + row.count > CELLS_MOST ||
        (!whole && (row.count >= flat->width || row.marked < row.count)))
        return false;
    bool share = !heads && column_is_share(row.label);
    for (size_t i = 0; i < row.count; i++)
        flat->cells[flat->count++] = (struct cell){share ? (struct span){0} : row.cells[i], whole ? i : UNKNOWN};
    flat->width = heads ? row.count : flat->width;
    flat->rows += whole;
    flat->marked += row.marked;
    if (whole || total)
        flat->sure = flat->count;
    *at = row.end;
    return ends && !total;
}

/* Which of the columns are money: all, but where a head counts and its place can be told. False if it can not. */
static bool columns_tell(const struct flat *flat, bool money[COLUMNS])
{
    for (size_t i = 0; i < COLUMNS; i++)
        money[i] = true;
    if (!column_counts(flat->heads))
        return true;
    struct span heads[COLUMNS];
    size_t count = 1;
    while (count < COLUMNS && !column_split(flat->heads, count, heads))
        count++;
    if (count == COLUMNS)
        return false;
    struct span before = {flat->heads.at, (size_t)(heads[count - 1].at - flat->heads.at)};
    if (!column_counts(before)) /* the label counts, not a head: "Børn og unge" */
        return true;
    bool account = span_starts(heads[0], SPAN("Konto")) || span_starts(heads[0], SPAN("Nr"));
    bool headed = account || (!cell_is_year(heads[0]) && !column_is_of_money(heads[0]) && !column_counts(heads[0]));
    if (count < headed + flat->width + 1)
        return false;
    for (size_t i = 0; i < flat->width; i++)
        money[i] = !column_counts(heads[headed + i]);
    return true;
}

/* The rows from *at on; *at goes behind them. False if there is no table. */
static bool table_find(struct flat *flat, struct span text, size_t *at, bool closed)
{
    size_t from = *at;
    while (from < text.size && is_white(text.at[from]))
        from++;
    flat->count = flat->sure = flat->rows = flat->years = flat->marked = flat->width = 0;
    flat->heads = span_cut(text, from, from);
    size_t behind = from;
    while (row_read(flat, text, &behind))
        continue;
    /* one label with numbers is no table; where each has one only, "Lokale 2 Rådhuset 14 Højby 5", the unit must be
     * closed or the numbers look like money */
    bool loose = flat->width == 1 && !closed && (flat->rows == 2 || 2 * flat->marked < flat->count);
    if (flat->rows < 2 || loose)
        return false;
    *at = behind;
    return true;
}

static bool opens_with_year(struct span text)
{
    return text.size > 4 && cell_is_year(span_cut(text, 0, 4)) && is_white(text.at[4]);
}

/* Where the heads begin behind a unit that ends at `at`: behind the bracket or colon that closes it, "(kr., netto)",
 * "i kr. pr. måned:", or with the word that follows. 0 if a sentence or a sum goes on there. */
static size_t heads_begin(struct span text, size_t at, bool *closed)
{
    bool comma = at < text.size && (text.at[at] == ',' || (text.at[at] == '.' && text.at[at + 1] == ','));
    *closed = false;
    for (size_t stop = at; stop + 1 < text.size && stop - at < CLOSER_MOST; stop++) {
        char mark = text.at[stop];
        struct span next = span_cut(text, stop + 1, text.size);
        *closed = mark == ':' || mark == ')';
        if (*closed || (mark == ' ' && (is_capital(next) || opens_with_year(next))))
            return stop + 1 + (*closed && strchr(".:", *next.at));
        if (mark >= '0' && mark <= '9' && !comma)
            return 0;
    }
    return 0;
}

/* From `from` in the line to its end, and in *rest to the end of the lines that go on right below it. */
static struct span stretch_of(const struct reading *reading, size_t index, size_t from, struct span *rest)
{
    enum { LINES_MOST = 40 };
    const struct line *lines = reading->lines.items;
    size_t last = index;
    while (last + 1 < reading->lines.count && last - index < LINES_MOST && !lines[last + 1].blanks &&
           !(lines[last + 1].flags & (LINE_PAGE | LINE_ROW)))
        last++;
    *rest = (struct span){reading->body.text.at + from, lines[last].end - from};
    return (struct span){rest->at, lines[index].end - from};
}

bool flat_begins(const struct reading *reading, size_t index, size_t offset)
{
    if (offset >= reading->lines.items[index].end)
        return false;
    struct span rest, text = stretch_of(reading, index, offset, &rest);
    struct flat flat;
    bool closed;
    size_t at = heads_begin(text, 0, &closed);
    return at && table_find(&flat, rest, &at, closed);
}

/* "Etape 1 -1,5 2,0 Etape 2 4,0 -3,5": the first cell of each row is a number of its label. */
static bool rows_are_numbered(const struct flat *flat)
{
    int64_t last = -1;
    for (size_t i = 0; i < flat->sure; i++) {
        if (flat->cells[i].column != 0)
            continue;
        int64_t number = is_ordinal(flat->cells[i].text) ? cell_number(flat->cells[i].text).parts / 10000 : -1;
        if (number < 0 || (last >= 0 && number != last + 1))
            return false;
        last = number;
    }
    return flat->width > 1;
}

static bool cells_add(struct reading *reading, const struct flat *flat, int64_t scale, size_t *cursor)
{
    bool money[COLUMNS];
    if (!columns_tell(flat, money))
        return true;
    money[0] = money[0] && !rows_are_numbered(flat);
    for (size_t i = 0; i < flat->sure; i++) {
        const struct cell *cell = &flat->cells[i];
        bool counts = cell->column < COLUMNS && !money[cell->column];
        if (cell->text.size && !counts && !sum_add(reading, cell->text, cell_number(cell->text), scale, cursor))
            return false;
    }
    return true;
}

bool flat_read(struct reading *reading, size_t index, size_t *from, size_t cursor)
{
    while (cursor > 0 && reading->entities.items[cursor - 1].end > *from)
        cursor--;
    struct span rest, text = stretch_of(reading, index, *from, &rest);
    struct flat flat;
    size_t stop = 0, start = *from;
    for (int64_t scale; (scale = unit_next(text, &stop)) != 0;) {
        bool closed;
        size_t at = heads_begin(text, stop, &closed);
        if (!at || !table_find(&flat, rest, &at, closed))
            continue;
        if (!cells_add(reading, &flat, scale, &cursor))
            return false;
        *from = start + at;
        if (at >= text.size)
            break;
        stop = at;
    }
    return true;
}
