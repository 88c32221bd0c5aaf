/* sum: a number that is kroner because a unit stands above it, before it or below it. Pure. */
#include "sum.h"

#include "bytes.h"
#include "column.h"
#include "scan.h"
#include "unit.h"
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

/* The unit that a bracket or a colon closes at or behind *at: "(i 1.000 kr.)", "Beløb i kr.:". *at goes behind it. 0:
 * no more of them. */
static int64_t run_unit(struct span text, size_t *at)
{
    enum { LEAD_MOST = 40 };
    const char *end = text.at + text.size;
    while (*at < text.size) {
        size_t stop = (size_t)(bytes_find4(text.at + *at, end, ')', ':', ':', ':') - text.at);
        *at = stop + (stop < text.size);
        if (stop == text.size)
            break;
        bool bracket = text.at[stop] == ')', colon = text.at[stop] == ':' && stop && strchr(".rK", text.at[stop - 1]);
        if (!bracket && !colon)
            continue; /* as most colons */
        size_t from = stop;
        while (from && stop - from < LEAD_MOST && text.at[from - 1] != '(')
            from--;
        bool closed = !bracket || (from && text.at[from - 1] == '(');
        int64_t scale = closed ? unit_of(span_cut(text, from, stop), bracket) : 0;
        if (scale) {
            *at += *at < text.size && text.at[*at] == ':';
            return scale;
        }
    }
    return 0;
}

enum { RUN_MOST = 400, LABEL_MOST = 60 }; /* cells of a run, bytes of a label and the heads before it */

struct run {
    struct span cells[RUN_MOST];
    size_t count;
    size_t width; /* numbers to a label; 0: not known yet */
};

/* The word at `at`, which ends at *stop. */
static struct span run_word(struct span text, size_t at, size_t *stop)
{
    while (at < text.size && text.at[at] == ' ')
        at++;
    *stop = at;
    while (*stop < text.size && text.at[*stop] != ' ')
        ++*stop;
    if (*stop - at == 1 && text.at[at] == '-' && *stop + 1 < text.size && text.at[*stop + 1] >= '0' &&
        text.at[*stop + 1] <= '9') /* "- 203": the sign of the number */
        for (++*stop; *stop < text.size && text.at[*stop] != ' ';)
            ++*stop;
    return span_cut(text, at, *stop);
}

static bool is_capital(struct span word)
{
    return word.size && ((*word.at >= 'A' && *word.at <= 'Z') ||
                         ((unsigned char)*word.at == 0xC3 && word.size > 1 && (unsigned char)word.at[1] < 0x9F));
}

/* One label and its numbers, from *at on: adds them to the run. False if none stand there; the run ends then. */
static bool run_row(struct run *run, struct span text, size_t *at)
{
    size_t stop, first = run->count, begin = *at;
    struct span word = run_word(text, *at, &stop), label = word;
    if (!is_capital(word))
        return false;
    for (; word.size && !cell_number(word).size; word = run_word(text, stop, &stop)) {
        label.size = (size_t)(word.at + word.size - label.at);
        bool sentence = word.size > 4 && word.at[word.size - 1] == '.';
        if (sentence || word.at[word.size - 1] == ':' || label.size > LABEL_MOST * (run->width ? 1 : 3))
            return false;
    }
    size_t years = 0;
    for (; cell_number(word).size; word = run_word(text, stop, &stop)) {
        if (run->count == RUN_MOST)
            return false;
        years += cell_is_year(word);
        run->cells[run->count++] = word;
        *at = stop;
    }
    size_t count = run->count - first;
    bool ends = !word.size || is_capital(word);
    if (years == count && !run->width && count) { /* "Post 2019 2020 Skole ...": heads */
        run->count = first;
        return ends;
    }
    if (!count || !ends || years || column_counts(label) || (run->width && count != run->width)) {
        run->count = first;
        *at = begin;
        return false;
    }
    run->width = count;
    bool total = text_has(label, "alt") || text_has(label, "total");
    return !total;
}

bool sum_run_read(struct reading *reading, struct span text, size_t cursor)
{
    size_t start = (size_t)(text.at - reading->body.text.at), at = 0;
    while (cursor > 0 && reading->entities.items[cursor - 1].end > start)
        cursor--;
    for (int64_t scale; (scale = run_unit(text, &at)) != 0;) {
        struct run run = {.count = 0};
        while (run_row(&run, text, &at))
            continue;
        if (run.count < 2 * run.width)
            continue; /* one label with numbers is no table */
        for (size_t i = 0; i < run.count; i++)
            if (!sum_add(reading, run.cells[i], cell_number(run.cells[i]), scale, &cursor))
                return false;
    }
    return true;
}
