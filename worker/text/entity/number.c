/* number: says what a number in the text is, from its shape and from what stands around it.
 *
 * Part of the pass over the text (entity.c). A CPR number first, then money, then the numbers of cases, documents and
 * subjects (filed.c), then days; what fits nothing is just a number. Pure. */
#include "scan.h"

#include "cell.h"
#include "cpr.h"
#include "figure.h"
#include "flat.h"
#include "hint.h"

#include <string.h>

/* Two figures of a number below 100; gives how many they are. */
static int put_two(char *out, int number)
{
    out[0] = (char)('0' + number / 10);
    out[1] = (char)('0' + number % 10);
    return 2;
}

bool scan_date(struct scan *scan, const char *at, const struct date_match *match)
{
    char value[16];
    int year = match->day.year, month = match->day.month, day = match->day.day, used = 0;
    if (year) {
        used += put_two(value, year / 100);
        used += put_two(value + used, year % 100);
    } else {
        value[used++] = '-';
    }
    value[used++] = '-';
    used += put_two(value + used, month);
    value[used++] = '-';
    used += put_two(value + used, day);
    struct text copy = arena_copy(scan->reading->arena, (struct span){value, (size_t)used});
    if (!copy.at || !scan_add(scan, ENTITY_DATE, at, match->size, (struct span){copy.at, copy.size}, match->rule))
        return false;
    scan->reading->entities.items[scan->reading->entities.count - 1].day = match->day;
    return true;
}

/* An amount's öre as "-1500000.00"; gives the bytes written. */
static size_t write_ore(int64_t ore, char *out)
{
    char digits[24], *end = digits + sizeof digits, *at = end;
    uint64_t left = ore < 0 ? (uint64_t)0 - (uint64_t)ore : (uint64_t)ore;
    size_t used = 0;
    at -= put_two(at - 2, (int)(left % 100));
    *--at = '.';
    for (left /= 100; left > 9; left /= 100)
        at -= put_two(at - 2, (int)(left % 100));
    if (left || *at == '.')
        *--at = (char)('0' + left);
    if (ore < 0)
        out[used++] = '-';
    memcpy(out + used, at, (size_t)(end - at));
    return used + (size_t)(end - at);
}

bool scan_amount(struct scan *scan, const char *at, const struct amount_match *match)
{
    char value[64];
    size_t used = write_ore(match->low_ore, value);
    if (match->low_ore != match->high_ore) {
        value[used++] = '.';
        value[used++] = '.';
        used += write_ore(match->high_ore, value + used);
    }
    value[used++] = ' ';
    memcpy(value + used, match->currency, 3);
    struct text copy = arena_copy(scan->reading->arena, (struct span){value, used + 3});
    if (!copy.at || !scan_add(scan, ENTITY_AMOUNT, at, match->size, (struct span){copy.at, copy.size}, match->rule))
        return false;
    struct entity *entity = &scan->reading->entities.items[scan->reading->entities.count - 1];
    entity->low_ore = match->low_ore;
    entity->high_ore = match->high_ore;
    return true;
}

/* "Hovedtal, 1.000 kr." or "Anlæg, 1.000 kr. (2020-pl)" above numbers without a currency: a caption. Above "Leje, 2.500
 * kr." it is a sum of its own. */
static bool is_caption(const struct scan *scan, size_t offset, size_t stop)
{
    const struct line *line = scan_line(scan);
    if (offset < line->start + 2 || line->end - line->start > 90)
        return false;
    bool comma = scan->base[offset - 2] == ',', closes = stop >= line->end,
         apart = closes && memcmp(scan->base + offset - 2, "  ", 2) == 0; /* "År        1.000 kr." */
    if (!apart && (!comma || (!closes && memcmp(scan->base + stop, " (", 2) != 0)))
        return false;
    for (size_t next = 1; next <= 3 && scan->line + next < scan->reading->lines.count; next++) {
        struct span below = line_text(&scan->reading->body, line + next);
        if (text_holds(below, "kr"))
            return false;
        char last = below.size ? below.at[below.size - 1] : 'x';
        if (is_digit(last) && cell_at(below.at, below.at + below.size).size < below.size &&
            !span_starts(span_cut(below, below.size > 5 ? below.size - 5 : 0, below.size), SPAN(" 20")))
            return true;
    }
    return false;
}

/* "Tekst 1.000 kr. Budget Rest Skoler 1.650 1.702 ...", "Beløb i kr. 2009 2010 ...": a table that lost its lines
 * follows its unit, and the first year is a head. */
static bool leads_flat(const struct scan *scan, const char *at, const struct amount_match *match, bool year)
{
    const char *stop = at + match->size - (year ? SPAN(" 2009").size : 0);
    return flat_begins(scan->reading, scan->line, (size_t)(stop - scan->base));
}

bool scan_is_unit(const struct scan *scan, const char *at, const struct amount_match *match)
{
    /* "mio. kr. 2009" */
    if (*at > '9' && match->size > SPAN(" 2009").size && at[match->size - SPAN(" 2009").size] == ' ' &&
        cell_is_year((struct span){at + match->size - 4, 4}))
        return leads_flat(scan, at, match, true);
    if (match->low_ore != 100000 || match->high_ore != 100000)
        return false;
    const struct line *line = scan_line(scan);
    size_t offset = (size_t)(at - scan->base), stop = offset + match->size;
    if (offset > 0 && scan->base[offset - 1] == '(')
        return true;
    struct span word = word_before(&scan->reading->body, offset), text = line_text(&scan->reading->body, line);
    bool in = offset > line->start &&
              ((word.size == 1 && (*word.at | 0x20) == 'i') || (word.size == 4 && text_has(word, "hele")));
    bool head = offset == line->start && (stop >= line->end || strchr(",\t)", scan->base[stop]) ||
                                          (line->flags & LINE_ROW) || memcmp(scan->base + stop, "  ", 2) == 0);
    bool caption = span_starts(text, SPAN("Tabel")) || (line->flags & LINE_ROW);
    return in || head || caption || is_caption(scan, offset, stop) ||
           text_strip(text, "1.0kr -_=").size == 0 || /* "1.000 kr.     1.000 kr." below the heads */
           leads_flat(scan, at, match, false);
}

/* 1/2, 1/3, 3/4: shares rather than days. */
static bool slash_fraction(const struct date_match *match)
{
    return match->day.day < match->day.month && match->day.month <= 5;
}

/* "Lokalplan 12.04.01": the word before shows that the number is no day. */
static bool is_plan_number(const struct scan *scan, const char *at, const struct date_match *date)
{
    return strcmp(date->rule, "date.short") == 0 &&
           word_hint(word_before(&scan->reading->body, (size_t)(at - scan->base))) == HINT_OTHER;
}

/* Does a word that leads a day stand before `at`: "af 9.8.11", "dateret 5.2.79"? */
static bool is_led(const struct scan *scan, const char *at)
{
    struct span word = word_before(&scan->reading->body, (size_t)(at - scan->base));
    return word_hint(word) == HINT_DATE || span_equal(word, SPAN("af")) || span_equal(word, SPAN("dateret")) ||
           span_equal(word, SPAN("modtaget")) || span_equal(word, SPAN("skrevet"));
}

/* "1/9" alone: a day if "den", "fra", "til" or "pr." stand before it, or another day behind ("1/1-30/6 2017"). */
static bool bare_is_date(const struct scan *scan, const char *at, const struct date_match *match)
{
    const char *behind = at + match->size;
    if (word_hint(word_before(&scan->reading->body, (size_t)(at - scan->base))) == HINT_DATE && at > scan->base &&
        (at[-1] == ' ' || at[-1] == '\n'))
        return true;
    /* "Økonomiopfølgning 1/10": the end of a title or of the head of a column */
    const struct line *line = scan_line(scan);
    bool closes = behind >= scan->end || *behind == '\n' || *behind == '\t';
    bool word =
        at - scan->base >= 2 && at[-1] == ' ' && (((at[-2] | 0x20) >= 'a' && (at[-2] | 0x20) <= 'z') || at[-2] & 0x80);
    if (closes && word && line->end - line->start < 140 && !slash_fraction(match))
        return true;
    const char *next = behind;
    while (next < scan->end &&
           (*next == '-' || *next == ' ' || (unsigned char)*next == 0xE2 || (unsigned char)*next == 0x80 ||
            (unsigned char)*next == 0x93) &&
           next - behind < 6)
        next++;
    if (next == behind || next >= scan->end || !is_digit(*next))
        return false;
    struct date_match second = date_at(next, scan->end);
    return second.size && !second.bare && !second.brief && second.day.year != 0;
}

static enum cpr_hint cpr_hint_at(const struct scan *scan, const char *at)
{
    switch (word_hint(hint_word(scan, at))) {
    case HINT_CPR: return CPR_NAMED;
    case HINT_CASE:
    case HINT_DOCUMENT:
    case HINT_OTHER: return CPR_OTHER;
    default: return CPR_UNKNOWN;
    }
}

static bool take_cpr(struct scan *scan, const char *at, size_t *size, bool *full)
{
    *size = 0;
    for (int i = 0; i < 6; i++)
        if (!is_digit(at[i]))
            return false;
    struct reading *reading = scan->reading;
    *size = cpr_at(at, scan->end, cpr_hint_at(scan, at));
    if (!*size)
        return false;
    struct byte_range *range = LIST_PUSH(reading->arena, &reading->cpr);
    *full = !range;
    if (range)
        *range = (struct byte_range){(size_t)(at - scan->base), (size_t)(at - scan->base) + *size};
    return true;
}

/* "Firma 2 kr. 1.462.500,-": the figure before "kr." numbers something, the sum stands behind. */
static bool numbers_only(const char *at, const char *end, size_t size)
{
    size_t digits = 0;
    while (is_digit(at[digits]))
        digits++;
    const char *cursor = at + size;
    if (digits > 2 || size < digits + 3 || end - cursor < 5 || *cursor != ' ' || !is_digit(cursor[1]))
        return false;
    cursor++;
    while (cursor < end && (is_digit(*cursor) || *cursor == '.'))
        cursor++;
    return end - cursor > 1 && cursor[0] == ',' && cursor[1] == '-';
}

/* "I.200 kr.": where a number begins whose one was read as a letter; `at` if none was. */
static const char *misread_start(const struct scan *scan, const char *at)
{
    bool one = at - scan->base > 2 && at[-1] == '.' && (at[-2] == 'l' || at[-2] == 'I') && strchr(" \n\t(-", at[-3]);
    return one ? at - 2 : at;
}

const char *scan_number(struct scan *scan, const char *at)
{
    const char *stop;
    unsigned wants = figure_wants(at, &stop);
    bool full = false;
    size_t size = 0;
    const char before = at > scan->base ? at[-1] : ' ';
    if (at[0] == '3' && at[1] == 'F' && before != '-') { /* the one well-known house whose name begins with a figure */
        struct org_match org = org_at(at, scan->end);
        if (org.size)
            return scan_add(scan, ENTITY_ORG, at, org.size, (struct span){0}, org.rule) ? at + org.size : NULL;
    }
    bool inside =
        (before == '.' || before == ',' || before == '/' || before == '-') && at - 1 > scan->base && is_digit(at[-2]);
    if (!inside && stop - at >= 6 && take_cpr(scan, at, &size, &full))
        return full ? NULL : at + size;
    struct amount_match amount = {0};
    if (wants & FIGURE_AMOUNT && !inside) {
        const char *one = before == '.' ? misread_start(scan, at) : at;
        amount = amount_at(one, scan->end);
        at = amount.size ? one : at;
    }
    if (amount.size && numbers_only(at, scan->end, amount.size))
        amount.size = 0;
    /* "steg fra 4 til 5 mio. kr.": two sums, the first without its unit */
    struct span sum = {at, amount.size};
    if (amount.size && text_holds(sum, " til ") &&
        span_equal(word_before(&scan->reading->body, (size_t)(at - scan->base)), SPAN("fra")))
        amount.size = 0;
    if (amount.size) {
        scan_line(scan)->flags |= LINE_UNIT;
        bool unit = scan_is_unit(scan, at, &amount);
        scan_spot(scan)->currency |= unit;
        if (!unit && !scan_amount(scan, at, &amount))
            return NULL;
        return at + amount.size;
    }
    size = wants & FIGURE_CASE && !inside ? scan_filed(scan, at, &full) : 0;
    if (full)
        return NULL;
    if (size)
        return at + size;
    struct date_match date = {0};
    if (wants & FIGURE_DATE && (!inside || before == '-'))
        date = date_at(at, scan->end);
    if (date.size && (!date.bare || bare_is_date(scan, at, &date)) && (!date.brief || is_led(scan, at)) &&
        !is_plan_number(scan, at, &date))
        return scan_date(scan, at, &date) ? at + date.size : NULL;
    return stop;
}
