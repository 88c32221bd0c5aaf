/* column: what the head of a table says of the columns below it. Pure. */
#include "column.h"

#include "unit.h"
#include "words.h"

#include <string.h>

bool column_is_of_money(struct span cell)
{
    static const struct span words[] = {WORD("søgt"),     WORD("indstil"),   WORD("bevil"),  WORD("foreslået"),
                                        WORD("tilskud"),  WORD("beløb"),     WORD("budget"), WORD("regnskab"),
                                        WORD("forbrug"),  WORD("afvig"),     WORD("differ"), WORD("udgift"),
                                        WORD("indtægt"),  WORD("pris"),      WORD("tildel"), WORD("rest"),
                                        WORD("overskud"), WORD("underskud"), WORD("takst")};
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
static bool counts_heads(const struct text_sieve *sieve, struct span text)
{
    static const struct span words[] = {
        WORD("medlemmer"), WORD("deltagere"), WORD("aktive"),  WORD("hold"),    WORD("lærere"),     WORD("klasser"),
        WORD("beboere"),   WORD("borger"),    WORD("ledige"),  WORD("vælgere"), WORD("indbyggere"), WORD("hektar"),
        WORD("ha"),        WORD("km"),        WORD("m3"),      WORD("m³"),      WORD("meter"),      WORD("ton"),
        WORD("kg"),        WORD("kwh"),       WORD("mwh"),     WORD("døgn"),    WORD("måneder"),    WORD("minutter"),
        WORD("normering"), WORD("rang"),      WORD("stemmer"), WORD("udlån"),   WORD("køretøjer"),  WORD("ture"),
        WORD("patienter"), WORD("familier"),  WORD("mandater")};
    static const struct span parts[] = {WORD("under 25"), WORD("over 25")};
    return text_has_any(sieve, text, words, sizeof words / sizeof *words) ||
           text_holds_any(sieve, text, parts, sizeof parts / sizeof *parts);
}

bool column_counts(struct span text)
{
    static const struct span parts[] = {
        WORD("%"),       WORD("pct"),        WORD("procent"), WORD("antal"),    WORD("årsværk"), WORD("elever"),
        WORD("borgere"), WORD("personer"),   WORD("indeks"),  WORD("timer"),    WORD("m2"),      WORD("m²"),
        WORD("kvm"),     WORD("stillinger"), WORD("dage"),    WORD("promille"), WORD("enheder"), WORD("boliger"),
        WORD("stk"),     WORD("pladser"),    WORD("brugere"), WORD("sager"),    WORD("børn"),    WORD("husstande"),
        WORD("besøg"),   WORD("ansatte"),    WORD("point"),   WORD("unge "),    WORD("elevtal"), WORD("børnetal")};
    struct text_sieve sieve;
    text_sieve_make(&sieve, text);
    if (text_holds_any(&sieve, text, parts, sizeof parts / sizeof *parts) &&
        !(text_holds(text, "kr.") && text_holds(text, "pr.")))
        return true;
    static const struct span labels[] = {WORD("nr"), WORD("konto"), WORD("Dato")};
    if (text_has_any(&sieve, text, labels, sizeof labels / sizeof *labels))
        return true;
    /* "Løbetid (år)", "Uge", but "Drift pr. år" and "År 2" are money */
    static const struct span times[] = {WORD("år"), WORD("uge")};
    bool time = text_has_any(&sieve, text, times, sizeof times / sizeof *times);
    return (time && !text_holds(text, "pr.") && !has_digit(text)) ||
           (counts_heads(&sieve, text) && !column_is_of_money(text));
}

bool column_is_share(struct span label)
{
    static const struct span parts[] = {WORD("%"),       WORD("pct"),     WORD("antal"),   WORD("procent"),
                                        WORD("årsværk"), WORD("elevtal"), WORD("børnetal")};
    struct text_sieve sieve;
    text_sieve_make(&sieve, label);
    if (!text_holds_any(&sieve, label, parts, sizeof parts / sizeof *parts))
        return false;
    for (size_t i = 1; i + 1 < label.size; i++) {
        bool digit = label.at[i - 1] >= '0' && label.at[i - 1] <= '9';
        size_t at = i + (label.at[i] == ' ');
        struct span rest = span_cut(label, at, label.size);
        if (digit && (*rest.at == '%' || span_starts(rest, SPAN("pct")) || span_starts(rest, SPAN("procent"))))
            return false; /* a rate, of which the sum is told */
    }
    return column_counts(label);
}

bool column_is_head(const struct span *cells, size_t count)
{
    size_t numbers = 0, years = 0;
    for (size_t i = 1; i < count; i++) {
        bool year = cell_is_year(cells[i]);
        years += year;
        numbers += cell_number(cells[i]).size > 0 && !year;
    }
    return numbers == 0 && (years || count > 1);
}

bool column_ends_in_kroner(struct span cell)
{
    struct span text = text_trim(cell, ".");
    return text.size > 3 && memcmp(text.at + text.size - 3, " kr", 3) == 0 && !is_digit(text.at[text.size - 4]);
}

/* Does a head begin at the word, behind the head `before`, which may be the first, that of the labels? */
static bool opens_head(struct span word, struct span before, bool first)
{
    if (cell_is_year(word))
        return first || !column_is_of_money(before) || has_digit(before);
    return (*word.at >= 'A' && *word.at <= 'Z') || *word.at == '%' ||
           ((unsigned char)*word.at == 0xC3 && word.size > 1 && (unsigned char)word.at[1] < 0x9F);
}

bool column_split(struct span text, size_t columns, struct span cells[COLUMNS])
{
    size_t count = 0;
    bool bracket = false;
    for (size_t at = 0; at < text.size;) {
        size_t stop = at;
        while (stop < text.size && text.at[stop] != ' ')
            stop++;
        struct span word = span_cut(text, at, stop);
        bool joined = at > 2 && text.at[at - 2] == 'i' && text.at[at - 3] == ' '; /* "Forbrug i %" */
        if (word.size && (!count || (!bracket && !joined && opens_head(word, cells[count - 1], count == 1)))) {
            if (count == COLUMNS || count == columns)
                return false;
            cells[count++] = word;
        } else if (word.size) {
            cells[count - 1].size = (size_t)(word.at + word.size - cells[count - 1].at);
        }
        if (word.size) {
            bracket = memchr(word.at, ')', word.size) ? false : bracket || memchr(word.at, '(', word.size);
        }
        at = stop + 1;
    }
    return count == columns;
}

/* Where some columns give a unit and the table does not, the others are money only if they look like it: "Budget",
 * "Forbrug" and "Afvigelse (hele kr.)" are all kroner. So they are in thousands, where the last alone tells of them and
 * the others are heads of money: who sets the unit at the end of the line means all of it. */
static void columns_share(struct columns *columns, const struct span *cells)
{
    size_t units = 0, heads = 0, last = columns->count - 1;
    bool kroner = true;
    for (size_t i = 1; i <= last; i++) {
        units += columns->items[i].scale != 0;
        kroner = kroner && columns->items[i].scale <= 1;
        heads += i < last && columns->items[i].money && column_is_of_money(cells[i]);
    }
    bool all = units == 1 && heads + 1 == last && columns->items[last].scale;
    for (size_t i = 1; i <= last && units; i++) {
        struct column *column = &columns->items[i];
        bool head = column->money && column_is_of_money(cells[i]);
        column->beside = kroner && column->money && !column->scale && !head && !cell_is_year(cells[i]);
        if (!column->scale && head && (kroner || all))
            column->scale = columns->items[last].scale && all ? columns->items[last].scale : 1;
        column->money = column->scale != 0;
    }
}

int64_t columns_read(struct columns *columns, const struct span *cells, size_t count, int64_t scale)
{
    int64_t own = 0;
    columns->count = count;
    for (size_t i = 0; i < count; i++) {
        int64_t unit = unit_of(cells[i], true);
        unit = unit ? unit : unit_scale(cells[i]);
        unit = unit || !column_ends_in_kroner(cells[i]) ? unit : 1;
        columns->items[i].money = i > 0 && (unit || !column_counts(cells[i]));
        columns->items[i].scale = i > 0 ? unit : 0;
        columns->items[i].beside = false;
        own = i ? own : unit;
    }
    if (!own && !scale && count > 1)
        columns_share(columns, cells);
    return own;
}

const struct column *columns_over(const struct columns *columns, uint32_t from, uint32_t to)
{
    for (size_t i = 1; i < columns->count; i++) {
        const struct column *column = &columns->items[i];
        uint32_t apart = column->to > to ? column->to - to : to - column->to;
        if (column->to && (apart <= 2 || (from < column->to && column->from < to)))
            return column;
    }
    return NULL;
}
