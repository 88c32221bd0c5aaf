/* sum: a number that is kroner because a unit stands above it, before it or below it. Pure. */
#include "sum.h"

#include "column.h"
#include "scan.h"
#include "words.h"

#include <string.h>

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

bool sum_add(struct reading *reading, struct span cell, struct cell_match match, int64_t scale, size_t *cursor)
{
    size_t start = (size_t)(cell.at - reading->body.text.at);
    if (is_taken(reading, start, start + match.size, cursor))
        return true;
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

/* "Flagstang     3.899,00": a row of two columns that ends in a number. */
static struct cell_match pair_of(const struct reading *reading, size_t index, struct span cells[COLUMNS])
{
    const struct line *line = &reading->lines.items[index];
    struct span text = line_text(&reading->body, line);
    bool pair = text.size < 160 && !(line->flags & LINE_PAGE) && cell_split(text, cells) == 2;
    return pair ? cell_number(cells[1]) : (struct cell_match){0};
}

/* "I alt kr.      5.470,50" closes a list of two columns: what stands above it is kroner as well. */
bool sum_list_read(struct reading *reading, size_t last, size_t cursor)
{
    enum { PAIRS_MOST = 60 };
    struct span cells[COLUMNS];
    size_t first = last;
    if (!pair_of(reading, last, cells).size || !column_ends_in_kroner(cells[0]))
        return true;
    while (first > 0 && last - first < PAIRS_MOST && !reading->lines.items[first].blanks &&
           pair_of(reading, first - 1, cells).size)
        first--;
    size_t from = reading->lines.items[first].start;
    while (cursor > 0 && reading->entities.items[cursor - 1].end > from)
        cursor--;
    for (size_t index = first; index <= last; index++) {
        struct cell_match match = pair_of(reading, index, cells);
        if (match.size && !sum_add(reading, cells[1], match, 1, &cursor))
            return false;
    }
    return true;
}
