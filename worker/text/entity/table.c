/* table: cells in kroner under a head that gives the unit. Pure.
 *
 * A unit ("1.000 kr.", "mio. kr.", "i kr.") stands in a caption, a bracket, or the head of the table or of a column. In
 * the rows below, every number is money but the first column, columns of counts and shares, and rows of per cent. */
#include "scan.h"
#include "unit.h"
#include "words.h"

#include <string.h>

enum { COLUMNS = 24 };

struct column {
    bool money;    /* not a count, a share, a year */
    int64_t scale; /* of the column's own head; 0 if it gives none */
    bool beside;   /* another column gives kroner and this one no unit: money if its numbers look like it */
};

struct table {
    int64_t scale; /* kroner a unit; 0: not known */
    int32_t item;  /* the item whose text gave it */
    bool fresh;    /* given since the last table */
    struct column columns[COLUMNS];
    size_t column_count;
    struct column packed[COLUMNS]; /* the columns whose head is not empty: typists set a cell off by several tabs */
    size_t packed_count;           /* 0: no head is empty */
    bool stacked;                  /* below the unit only short lines so far: a table broken to one cell a line */
    bool rows;                     /* a row was seen in this block */
    size_t last_row;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Splits a row; cells are between tabs, bars, or gaps of three spaces. Gives their number. */
static size_t cells_of(struct span row, struct span cells[COLUMNS])
{
    bool tabs = memchr(row.at, '\t', row.size) != NULL,
         bars = !tabs && row.size && memchr(row.at, '|', row.size) != NULL;
    size_t count = 0, start = bars && *row.at == '|' ? 1 : 0;
    for (size_t at = start; at <= row.size && count < COLUMNS; at++) {
        bool end = at == row.size;
        bool gap = !end && !tabs && !bars && row.at[at] == ' ' && at + 2 < row.size && row.at[at + 1] == ' ' &&
                   row.at[at + 2] == ' ';
        if (!end && !(tabs && row.at[at] == '\t') && !(bars && row.at[at] == '|') && !gap)
            continue;
        cells[count++] = text_trim(span_cut(row, start, at), "");
        while (gap && at + 1 < row.size && row.at[at + 1] == ' ')
            at++;
        start = at + 1;
    }
    if (bars && count && !cells[count - 1].size)
        count--;
    return count;
}

/* "Indstillet", "Budget": the head of a column of money where another column gives kroner. */
static bool is_money_head(struct span cell)
{
    static const struct span words[] = {
        WORD("søgt"),    WORD("indstil"),  WORD("bevil"),   WORD("foreslået"), WORD("tilskud"),  WORD("beløb"),
        WORD("budget"),  WORD("regnskab"), WORD("forbrug"), WORD("afvig"),     WORD("differ"),   WORD("udgift"),
        WORD("indtægt"), WORD("pris"),     WORD("tildel"),  WORD("restbeløb"), WORD("overskud"), WORD("underskud")};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_find(cell, words[i].at, words[i].size, false))
            return true;
    return false;
}

static bool has_digit(struct span text)
{
    for (size_t i = 0; i < text.size; i++)
        if (is_digit(text.at[i]))
            return true;
    return false;
}

/* "Medlemmer", "Hold", "Km": whole words that head a column of counts, where nothing in them tells of money. */
static bool counts_heads(struct span text)
{
    static const char *const words[] = {
        "medlemmer", "deltagere",  "aktive", "hold",      "lærere",   "klasser",  "beboere",   "borger", "ledige",
        "vælgere",   "indbyggere", "hektar", "ha",        "km",       "m3",       "m³",        "meter",  "ton",
        "kg",        "kwh",        "mwh",    "døgn",      "måneder",  "minutter", "normering", "rang",   "stemmer",
        "udlån",     "køretøjer",  "ture",   "patienter", "familier", "mandater"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_has(text, words[i]))
            return true;
    return text_holds(text, "under 25") || text_holds(text, "over 25");
}

/* Words in the head of a column, or in front of a row, that say its numbers are no money. */
static bool counts(struct span text)
{
    static const struct span parts[] = {
        WORD("%"),       WORD("pct"),        WORD("procent"), WORD("antal"),    WORD("årsværk"), WORD("elever"),
        WORD("borgere"), WORD("personer"),   WORD("indeks"),  WORD("timer"),    WORD("m2"),      WORD("m²"),
        WORD("kvm"),     WORD("stillinger"), WORD("dage"),    WORD("promille"), WORD("enheder"), WORD("boliger"),
        WORD("stk"),     WORD("pladser"),    WORD("brugere"), WORD("sager"),    WORD("børn"),    WORD("husstande"),
        WORD("besøg"),   WORD("ansatte"),    WORD("point"),   WORD("unge ")};
    struct text_sieve sieve;
    text_sieve_make(&sieve, text);
    if (text_holds_any(&sieve, text, parts, sizeof parts / sizeof *parts) &&
        !(text_holds(text, "kr.") && text_holds(text, "pr.")))
        return true;
    if (text_has(text, "nr") || text_has(text, "konto") || text_has(text, "Dato"))
        return true;
    /* "Løbetid (år)", "Uge", but "Drift pr. år" and "År 2" are money */
    bool time = text_has(text, "år") || text_has(text, "uge");
    return (time && !text_holds(text, "pr.") && !has_digit(text)) || (counts_heads(text) && !is_money_head(text));
}

/* "|---|---:|" under the head of a Markdown table, "-----  -----" under a typed one. */
static bool is_ruler(struct span text)
{
    for (size_t i = 0; i < text.size; i++)
        if (!strchr("|-:+=_ \t", text.at[i]))
            return false;
    return true;
}

/* A number that fills its cell; size 0 if the cell holds anything else. */
static struct cell_match number_of(struct span cell)
{
    struct cell_match match = cell.size ? cell_at(cell.at, cell.at + cell.size) : (struct cell_match){0};
    bool star = match.size && match.size + 1 == cell.size && cell.at[match.size] == '*';
    return match.size == cell.size || star ? match : (struct cell_match){0};
}

static bool is_year(struct span cell)
{
    return cell.size == 4 && is_digit(cell.at[0]) && is_digit(cell.at[1]) && is_digit(cell.at[2]) &&
           is_digit(cell.at[3]) &&
           ((cell.at[0] == '1' && cell.at[1] == '9') || (cell.at[0] == '2' && cell.at[1] == '0'));
}

/* A row of headings: no numbers behind its first cell but years. */
static bool is_head(const struct span *cells, size_t count)
{
    size_t numbers = 0, years = 0;
    for (size_t i = 1; i < count; i++) {
        bool year = is_year(cells[i]);
        years += year;
        numbers += number_of(cells[i]).size > 0 && !year;
    }
    return numbers == 0 && (years || count > 1);
}

/* "Søgt kr.": the head of a column of kroner. */
static bool ends_in_kroner(struct span cell)
{
    struct span text = text_trim(cell, ".");
    return text.size > 3 && memcmp(text.at + text.size - 3, " kr", 3) == 0 && !is_digit(text.at[text.size - 4]);
}

static void head_read_row(struct table *table, const struct span *cells, size_t count)
{
    table->column_count = count;
    for (size_t i = 0; i < count; i++) {
        int64_t scale = unit_of(cells[i], true);
        scale = scale ? scale : unit_scale(cells[i]);
        scale = scale || !ends_in_kroner(cells[i]) ? scale : 1;
        table->columns[i] = (struct column){.money = i > 0 && (!counts(cells[i]) || scale), .scale = i > 0 ? scale : 0};
        if (i == 0 && scale) {
            table->scale = scale;
            table->fresh = true;
        }
    }
    bool own = false;
    for (size_t i = 1; i < count; i++)
        own = own || table->columns[i].scale;
    /* where one column gives a unit of its own and nothing else does, the others are no money */
    bool kroner = true;
    for (size_t i = 1; i < count; i++)
        kroner = kroner && table->columns[i].scale <= 1;
    for (size_t i = 1; i < count && own && !table->scale; i++) {
        table->columns[i].beside = kroner && table->columns[i].money && !table->columns[i].scale && !is_year(cells[i]);
        if (table->columns[i].beside && is_money_head(cells[i]))
            table->columns[i].scale = 1;
        table->columns[i].beside = table->columns[i].beside && !table->columns[i].scale;
        table->columns[i].money = table->columns[i].scale != 0;
    }
}

/* Drops the empty cells but the first; gives their number. */
static size_t cells_pack(const struct span *cells, size_t count, struct span packed[COLUMNS])
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (i == 0 || cells[i].size)
            packed[kept++] = cells[i];
    return kept;
}

static void columns_read(struct table *table, const struct span *cells, size_t count)
{
    struct table narrow = *table;
    struct span packed[COLUMNS];
    size_t kept = cells_pack(cells, count, packed);
    head_read_row(table, cells, count);
    table->packed_count = 0;
    if (kept == count || kept < 2)
        return;
    head_read_row(&narrow, packed, kept);
    memcpy(table->packed, narrow.columns, sizeof table->packed);
    table->packed_count = kept;
}

/* Is a stretch of the text an amount, a date or another number already? Entities are ascending. */
static bool is_taken(const struct reading *reading, size_t start, size_t end, size_t *cursor)
{
    while (*cursor < reading->entities.count && reading->entities.items[*cursor].end <= start)
        ++*cursor;
    for (size_t i = *cursor; i < reading->entities.count && reading->entities.items[i].start < end; i++)
        if (reading->entities.items[i].type != ENTITY_ORG && reading->entities.items[i].type != ENTITY_LAW)
            return true;
    return false;
}

static bool cell_add(struct reading *reading, struct span cell, struct cell_match match, int64_t scale)
{
    struct scan scan = {.reading = reading, .base = reading->body.text.at};
    struct amount_match amount = {.size = match.size, .currency = "DKK", .rule = "amount.table"};
    int64_t most = INT64_MAX / scale, value = match.parts > most ? most : match.parts < -most ? -most : match.parts;
    amount.low_ore = amount.high_ore = value * scale / 100;
    /* written by the pass's own function, then moved to the list of cells */
    if (!scan_amount(&scan, cell.at, &amount))
        return false;
    struct entity *entity = LIST_PUSH(reading->arena, &reading->cells);
    if (!entity)
        return false;
    *entity = reading->entities.items[--reading->entities.count];
    entity->table = true;
    return true;
}

/* "I alt   83.000   25.000" below four columns: the cells of a total stand under the last ones. */
static size_t cells_left_out(const struct table *table, const struct span *cells, size_t count)
{
    if (count >= table->column_count)
        return 0;
    bool total = text_has(cells[0], "alt") || text_has(cells[0], "total") || text_has(cells[0], "sum");
    return total ? table->column_count - count : 0;
}

static bool row_read(struct reading *reading, const struct table *table, const struct span *cells, size_t count,
                     size_t *cursor)
{
    size_t left_out = cells_left_out(table, cells, count);
    const char *sign = cells[0].size > 3 ? memchr(cells[0].at + 3, '%', cells[0].size - 3) : NULL;
    bool rate = sign && (is_digit(sign[-1]) || (sign[-1] == ' ' && is_digit(sign[-2]))); /* "Projektering, 15 %" */
    bool share = (!rate && text_holds(cells[0], "%")) || text_holds(cells[0], "pct") || text_holds(cells[0], "antal") ||
                 text_holds(cells[0], "procent") || text_holds(cells[0], "årsværk");
    int64_t own = unit_of(cells[0], true); /* "Løn i 1.000 kr.": the row gives its own unit */
    if (share && counts(cells[0]) && !own)
        return true;
    for (size_t i = 1; i < count; i++) {
        struct cell_match match = number_of(cells[i]);
        bool known = i < table->column_count && table->column_count == count + left_out;
        const struct column *column = &table->columns[known ? i + left_out : 0];
        /* "Budget | Regnskab | Afvigelse (kr.)" over 8.120.000 and 7.844.215 */
        bool beside = known && column->beside && match.size > 6 && memchr(cells[i].at, '.', match.size);
        if (beside && !table->scale) {
            size_t start = (size_t)(cells[i].at - reading->body.text.at);
            if (!is_taken(reading, start, start + match.size, cursor) && !cell_add(reading, cells[i], match, 1))
                return false;
            continue;
        }
        int64_t scale = own ? own : known && column->scale ? column->scale : table->scale;
        if (!match.size || !scale || (known && !column->money) || (!known && is_year(cells[i])))
            continue;
        size_t start = (size_t)(cells[i].at - reading->body.text.at);
        if (!is_taken(reading, start, start + match.size, cursor) && !cell_add(reading, cells[i], match, scale))
            return false;
    }
    return true;
}

/* A line that is nothing but a number, in a table that was broken to one cell a line. */
static bool stacked_read(struct reading *reading, const struct table *table, struct span text, size_t *cursor)
{
    struct cell_match match = number_of(text);
    size_t start = (size_t)(text.at - reading->body.text.at);
    if (!match.size || is_year(text) || is_taken(reading, start, start + match.size, cursor))
        return true;
    return cell_add(reading, text, match, table->scale);
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
        return number_of(cells[1]).size ? 2 : 0;
    }
    return 0;
}

/* "Råhus / 58,40 / 1,12", "Ventilation: 640.000": rows that a clerk types without columns. Gives the number of cells;
 * 0 if the text is no such row, and no head of one ("Fag / kontraktsum / ekstraarbejder"). */
static size_t typed_cells(struct span text, struct span cells[COLUMNS])
{
    static const struct span bar = WORD(" / "), colon = WORD(": ");
    size_t count = leader_cells(text, cells), start = 0, numbers = 0;
    if (count)
        return count;
    bool bars = text_find(text, bar.at, bar.size, false);
    struct span mark = bars ? bar : colon;
    for (size_t at = 0; at <= text.size && count < COLUMNS; at++) {
        bool end = at == text.size;
        if (!end && !span_starts(span_cut(text, at, text.size), mark))
            continue;
        cells[count++] = text_trim(span_cut(text, start, at), "");
        numbers += count > 1 && number_of(cells[count - 1]).size > 0;
        start = at + mark.size;
    }
    bool head = bars && !numbers && count > 2;
    bool row = numbers && numbers + 1 == count && (bars || count == 2);
    return (row || head) && cells[0].size && !is_digit(*cells[0].at) ? count : 0;
}

/* "Grundudgifter          1.512.000" right below a unit: a row of two columns. */
static bool is_pair(const struct table *table, struct span text)
{
    struct span cells[COLUMNS];
    if (!table->scale || !(table->stacked || table->rows) || text.size > 160)
        return false;
    if (text_holds(text, "   "))
        return cells_of(text, cells) == 2 && number_of(cells[1]).size > 0 && cells[0].size && !is_digit(*cells[0].at);
    return typed_cells(text, cells) > 0;
}

/* "Social og specialundervisning 58,2        21,4": a label longer than its column leaves one space before the first
 * number. The row has a cell less than the head then. Gives the number of cells. */
static size_t cells_part(const struct table *table, struct span cells[COLUMNS], size_t count)
{
    struct span first = cells[0];
    size_t space = first.size;
    while (space && first.at[space - 1] != ' ')
        space--;
    if (count + 1 != table->column_count || count + 1 > COLUMNS || space < 2 ||
        !number_of(span_cut(first, space, first.size)).size)
        return count;
    memmove(cells + 2, cells + 1, (count - 1) * sizeof *cells);
    cells[0] = text_trim(span_cut(first, 0, space), "");
    cells[1] = span_cut(first, space, first.size);
    return count + 1;
}

/* "Flagstang     3.899,00": a row of two columns that ends in a number. */
static struct cell_match pair_of(const struct reading *reading, size_t index, struct span cells[COLUMNS])
{
    const struct line *line = &reading->lines.items[index];
    struct span text = line_text(&reading->body, line);
    bool pair = text.size < 160 && !(line->flags & LINE_PAGE) && cells_of(text, cells) == 2;
    return pair ? number_of(cells[1]) : (struct cell_match){0};
}

/* "I alt kr.      5.470,50" closes a list of two columns: what stands above it is kroner as well. */
static bool sum_read(struct reading *reading, size_t last, size_t cursor)
{
    enum { PAIRS_MOST = 60 };
    struct span cells[COLUMNS];
    size_t first = last;
    if (!pair_of(reading, last, cells).size || !ends_in_kroner(cells[0]))
        return true;
    while (first > 0 && last - first < PAIRS_MOST && !reading->lines.items[first].blanks &&
           pair_of(reading, first - 1, cells).size)
        first--;
    size_t from = reading->lines.items[first].start;
    while (cursor > 0 && reading->entities.items[cursor - 1].end > from)
        cursor--;
    for (size_t index = first; index <= last; index++) {
        struct cell_match match = pair_of(reading, index, cells);
        size_t start = (size_t)(cells[1].at - reading->body.text.at);
        if (match.size && !is_taken(reading, start, start + match.size, &cursor) &&
            !cell_add(reading, cells[1], match, 1))
            return false;
    }
    return true;
}

/* A row under a head of which some cells are empty: where both have as many that are not, these belong together. */
static bool row_read_packed(struct reading *reading, const struct table *table, const struct span *cells, size_t count,
                            size_t *cursor)
{
    struct span packed[COLUMNS];
    size_t kept = table->packed_count ? cells_pack(cells, count, packed) : 0;
    if (!kept || kept != table->packed_count)
        return row_read(reading, table, cells, count, cursor);
    struct table narrow = *table;
    memcpy(narrow.columns, table->packed, sizeof narrow.columns);
    narrow.column_count = kept;
    return row_read(reading, &narrow, packed, kept, cursor);
}

static void table_forget(struct table *table)
{
    table->column_count = table->packed_count = 0;
    table->rows = false;
}

enum fault table_read(struct reading *reading)
{
    struct table table = {.item = NO_ITEM};
    size_t cursor = 0, since = 0;
    for (size_t index = 0; index < reading->lines.count; index++) {
        const struct line *line = &reading->lines.items[index];
        struct span text = line_text(&reading->body, line);
        if (!(line->flags & (LINE_ROW | LINE_UNIT)) && !table.stacked && !table.rows)
            continue; /* as most lines: no table goes on, and none begins */
        if (line->flags & LINE_PAGE || reading->spots[index].contents || is_ruler(text))
            continue;
        if (reading->spots[index].item != table.item) {
            table = (struct table){.item = reading->spots[index].item};
            since = 0;
        }
        if (!(line->flags & LINE_ROW) && !is_pair(&table, text)) {
            bool unit = line->flags & LINE_UNIT && text.size < 2000;
            int64_t scale = unit ? unit_of(text, text.size < 40) : 0;
            if (scale) {
                table.scale = scale;
                table.fresh = true;
            } else if (unit && !table.scale && text.size < 160 && is_digit(text.at[text.size - 1]) &&
                       !sum_read(reading, index, cursor)) {
                return arena_full(reading->err);
            }
            since++;
            if (since > 1 || text.size > 60)
                table_forget(&table);
            table.stacked = scale ? true
                                  : table.stacked && text.size <= 60 &&
                                        (line->label < LABEL_SECTION || line_section(line) == SECTION_ECONOMY);
            if (table.stacked && !scale && !stacked_read(reading, &table, text, &cursor))
                return arena_full(reading->err);
            continue;
        }
        since = 0;
        while (text.at > reading->body.text.at && text.at[-1] == '\t') { /* empty cells in front */
            text.at--;
            text.size++;
        }
        struct span cells[COLUMNS];
        size_t count = cells_of(text, cells);
        if (count < 2 && !(line->flags & LINE_ROW))
            count = typed_cells(text, cells);
        if (count < 2)
            continue;
        count = cells_part(&table, cells, count);
        if (is_head(cells, count))
            columns_read(&table, cells, count);
        else if (!row_read_packed(reading, &table, cells, count, &cursor))
            return arena_full(reading->err);
        table.rows = true;
    }
    return FAULT_NONE;
}
