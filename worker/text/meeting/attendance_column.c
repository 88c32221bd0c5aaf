/* attendance_column: rosters in columns. Pure.
 *
 * A table has a head ("Navn | Parti | Til stede") and a member on each line. Forms print their labels one below the
 * other and all the values behind them, in the same order: "Medlemmer: / Fraværende: / ... / N (A), M (V) / M (V)". */
#include "roster.h"

#include "words.h"

#include <string.h>

enum { CELLS = 8, BLOCK_LABELS = 12, BLOCK_LINES = 80 };

struct row {
    struct span cells[CELLS];
    size_t count;
};

/* The cells of a line, parted by bars, tabs or wide gaps. */
static struct row row_of(struct span text)
{
    struct row row = {.count = 0};
    if (text.size && *text.at == '|')
        text = span_cut(text, 1, text.size);
    for (size_t at = 0, start = 0; at <= text.size && row.count < CELLS; at++) {
        bool end = at == text.size, mark = !end && (text.at[at] == '|' || text.at[at] == '\t');
        bool gap = !end && !mark && at + 1 < text.size && text.at[at] == ' ' && text.at[at + 1] == ' ';
        if (!end && !mark && !gap)
            continue;
        struct span cell = text_trim(span_cut(text, start, at), "*");
        while (gap && at + 1 < text.size && text.at[at + 1] == ' ')
            at++;
        if (!(end && !cell.size))
            row.cells[row.count++] = cell;
        start = at + 1;
    }
    return row;
}

/* What a table's head says: the columns of names and of presence; -1 for none. */
struct columns {
    int name, present, absent, remark;
    bool several; /* "Fraværende | Afbud": a cross in any of them */
};

static bool cell_begins(struct span cell, const struct span *words, size_t count)
{
    char small[40];
    size_t size = cell.size < sizeof small ? cell.size : sizeof small;
    for (size_t i = 0; i < size; i++)
        small[i] = cell.at[i] >= 'A' && cell.at[i] <= 'Z' ? (char)(cell.at[i] | 0x20) : cell.at[i];
    return size && words_start(words, count, (struct span){small, size});
}

#define BEGINS(cell, list) cell_begins((cell), (list), sizeof(list) / sizeof *(list))

static bool columns_of(struct span text, struct columns *columns)
{
    static const struct span names[] = {WORD("navn"), WORD("medlem"), WORD("deltager"), WORD("byrådsmedlem")};
    static const struct span here[] = {WORD("til stede"),      WORD("tilstede"),   WORD("mødt"),   WORD("fremmød"),
                                       WORD("deltog"),         WORD("deltagelse"), WORD("status"), WORD("present"),
                                       WORD("deltagerstatus"), WORD("mødedeltag")};
    static const struct span away[] = {WORD("afbud"),     WORD("fravær"), WORD("ikke til"),
                                       WORD("ikke mødt"), WORD("ej til"), WORD("ej mødt")};
    static const struct span remarks[] = {WORD("bemærkning"), WORD("note"), WORD("kommentar"), WORD("anmærkning")};
    struct row row = row_of(text);
    *columns = (struct columns){-1, -1, -1, -1, false};
    for (size_t i = 0; i < row.count; i++) {
        if (BEGINS(row.cells[i], remarks) || (i && !row.cells[i].size))
            columns->remark = (int)i;
        else if (columns->name < 0 && BEGINS(row.cells[i], names))
            columns->name = (int)i;
        else if (BEGINS(row.cells[i], here))
            columns->present = (int)i;
        else if (BEGINS(row.cells[i], away)) {
            columns->several = columns->absent >= 0;
            columns->absent = (int)i;
        }
    }
    return columns->name >= 0 && row.count > 1;
}

/* The words of a line's cell, empty if it has none. */
static struct span cell_of(const struct row *row, int column)
{
    return column >= 0 && (size_t)column < row->count ? row->cells[column] : (struct span){0};
}

/* Does a line's cell say that its member was away? */
static bool row_away(const struct row *row, const struct columns *columns)
{
    static const struct span nos[] = {WORD("nej"),     WORD("afbud"), WORD("fravær"), WORD("ikke"), WORD("udebl"),
                                      WORD("forfald"), WORD("-"),     WORD("÷"),      WORD("syg"),  WORD("orlov")};
    static const struct span yes[] = {WORD("ja"), WORD("x"), WORD("✓"), WORD("afbud"), WORD("fravær"), WORD("+")};
    for (size_t i = 1; columns->several && columns->present < 0 && i < row->count; i++)
        if (BEGINS(row->cells[i], yes))
            return true;
    if (columns->absent >= 0 && (size_t)columns->absent < row->count && BEGINS(row->cells[columns->absent], yes))
        return true;
    struct span remark = cell_of(row, columns->remark);
    if (remark.size > 2 && BEGINS(remark, nos) && attendance_some(remark) == STAY_UNTOLD)
        return true;
    if (columns->present < 0)
        return false;
    return (size_t)columns->present >= row->count || !row->cells[columns->present].size ||
           BEGINS(row->cells[columns->present], nos);
}

static struct sighting *first_on(const struct reading *reading, const struct line *line)
{
    size_t i = sighting_from(reading, line->start);
    bool on = i < reading->sightings.count && reading->sightings.items[i].start < line->end;
    return on ? &reading->sightings.items[i] : NULL;
}

static bool is_rule(struct span text)
{
    return text_trim(text, "|-:= ").size == 0;
}

/* The member of a line, and whom its cells name besides: "Afbud. M deltog som stedfortræder", "Suppleant for M". */
static bool row_put(struct roster *roster, struct sighting *member, const struct line *line, const struct row *row,
                    bool away)
{
    static const struct span stands_in[] = {WORD("suppleant"), WORD("stedfortræder"), WORD("ja, suppleant"),
                                            WORD("ja, stedfortræder"), WORD("i stedet for")};
    static const struct span named[] = {WORD("suppleant:"), WORD("stedfortræder:")};
    bool deputy = false;
    for (size_t i = 1; i < row->count && !away; i++)
        deputy = deputy || (BEGINS(row->cells[i], stands_in) && !BEGINS(row->cells[i], named));
    if (!attendance_name(roster, member, deputy ? LIST_SUBSTITUTE : away ? LIST_ABSENT : LIST_MEMBERS))
        return false;
    const struct reading *reading = roster->reading;
    struct sighting *last = reading->sightings.items + reading->sightings.count;
    for (struct sighting *other = member + 1; (deputy || away) && other < last && other->start < line->end; other++)
        if (!sighting_is_place(reading, other) && !attendance_name(roster, other, away ? LIST_SUBSTITUTE : LIST_ABSENT))
            return false;
    return true;
}

/* A table from its head on; the line behind it, 0 if the arena is full. */
static size_t grid_read(struct roster *roster, size_t line, const struct columns *columns)
{
    struct reading *reading = roster->reading;
    size_t next = line + 1;
    for (; next < reading->lines.count && next - line < BLOCK_LINES; next++) {
        const struct line *here = &reading->lines.items[next];
        struct span text = reading_line(reading, next);
        struct sighting *sighting = first_on(reading, here);
        if (is_rule(text))
            continue;
        struct row row = row_of(text);
        bool cells = row.count > 1 || (columns->several && row.count == 1);
        if (!sighting || !cells || here->label || reading->spots[next].item != NO_ITEM)
            break;
        for (size_t i = 0; i < row.count && !sighting->party.size; i++)
            if (row.cells[i].size && row.cells[i].size < 4 && is_party(row.cells[i]) && (int)i != columns->present &&
                (int)i != columns->absent)
                sighting->party = row.cells[i];
        if (!row_put(roster, sighting, here, &row, row_away(&row, columns)))
            return 0;
    }
    return next;
}

/* How many lines from `line` on are labels without a value. */
static size_t labels_count(const struct reading *reading, size_t line)
{
    size_t next = line;
    for (; next < reading->lines.count && next - line < BLOCK_LABELS; next++) {
        const struct line *here = &reading->lines.items[next];
        bool colon = here->end > here->start && reading->body.text.at[here->end - 1] == ':';
        if (!colon || here->end - here->start > 40 || here->value < here->end || reading->spots[next].contents ||
            reading->spots[next].item != NO_ITEM || here->label >= LABEL_SECTION)
            break;
    }
    return next - line;
}

/* One group of names behind the labels: a list on one line (and those that it goes on to), or single names below each
 * other. The line behind it; `line` if it holds no names. */
static size_t group_end(const struct reading *reading, size_t line)
{
    const struct line *lines = reading->lines.items;
    if (!first_on(reading, &lines[line]))
        return line;
    struct span text = reading_line(reading, line);
    bool list = memchr(text.at, ',', text.size) != NULL;
    size_t next = line + 1;
    for (; next < reading->lines.count; next++) {
        bool open = list && text_trim(reading_line(reading, next - 1), "").size &&
                    reading->body.text.at[lines[next - 1].end - 1] == ',';
        bool single =
            !list && !memchr(lines[next].start + reading->body.text.at, ',', lines[next].end - lines[next].start);
        if (lines[next].blanks || !first_on(reading, &lines[next]) || lines[next].label || !(open || single) ||
            attendance_told(reading, &lines[next]) || reading->spots[next].item != NO_ITEM)
            break;
    }
    return next;
}

/* "Ingen", "-": nobody stands behind this label. */
static bool is_nobody(struct span text)
{
    text = text_trim(text, ".:");
    return span_equal(text, SPAN("Ingen")) || span_equal(text, SPAN("ingen")) || span_equal(text, SPAN("-"));
}

/* The values behind a block of labels: groups of names go to the labels of people in their order. */
static size_t block_read(struct roster *roster, size_t line, size_t labels)
{
    struct reading *reading = roster->reading;
    const struct line *lines = reading->lines.items;
    enum list_kind kinds[BLOCK_LABELS];
    size_t count = 0, taken = 0, next = line + labels;
    for (size_t i = line; i < line + labels; i++)
        count += attendance_kind((enum label)lines[i].label, &kinds[count]);
    while (next < reading->lines.count && next - line < BLOCK_LINES && taken < count) {
        const struct line *here = &lines[next];
        enum list_kind kind;
        if (attendance_kind((enum label)here->label, &kind) || reading->spots[next].item != NO_ITEM ||
            reading->spots[next].contents || here->flags & LINE_PAGE || here->label >= LABEL_CONTENTS)
            break;
        size_t end = here->label || attendance_told(reading, here) ? next : group_end(reading, next);
        if (end == next) {
            taken += taken && is_nobody(reading_line(reading, next));
            next++;
            continue;
        }
        if (!attendance_names(roster, here->start, lines[end - 1].end, kinds[taken++]))
            return 0;
        next = end;
    }
    return taken ? next : line;
}

/* "Navn | Parti | Til stede": the head of a table of members. */
static bool is_head(const struct reading *reading, size_t line, struct columns *columns)
{
    const struct line *here = &reading->lines.items[line];
    bool row = here->flags & LINE_ROW || reading->body.text.at[here->start] == '|';
    return row && !first_on(reading, here) && columns_of(reading_line(reading, line), columns);
}

bool attendance_heads(const struct reading *reading, size_t line)
{
    const struct line *here = &reading->lines.items[line];
    struct columns columns;
    return here->label == LABEL_MEMBERS && here->value >= here->end && line + 1 < reading->lines.count &&
           here[1].end - here[1].start <= 200 && is_head(reading, line + 1, &columns);
}

size_t attendance_columns(struct roster *roster, size_t line)
{
    const struct reading *reading = roster->reading;
    const struct line *here = &reading->lines.items[line];
    struct columns columns;
    if (reading->spots[line].item != NO_ITEM || reading->spots[line].contents || here->end - here->start > 200)
        return line;
    if (is_head(reading, line, &columns)) {
        size_t next = grid_read(roster, line, &columns);
        return next > line + 1 || !next ? next : line;
    }
    size_t sides = attendance_sides(roster, line);
    if (sides != line)
        return sides;
    size_t labels = here->label ? labels_count(reading, line) : 0;
    return labels > 1 ? block_read(roster, line, labels) : line;
}
