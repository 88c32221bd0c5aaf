/* value: what stands behind "dato:" and "beløb:". Pure; on a search thread. */
#include "value.h"

#include "amount.h"

#include <inttypes.h>
#include <stdio.h>

enum { TYPED_MAX = 80 };

/* The two sides of "a..b"; one value is both sides. Too long a value is cut, and then refused. */
static bool sides(struct span typed, char low[static TYPED_MAX], char high[static TYPED_MAX])
{
    size_t dots = 0;
    while (dots + 1 < typed.size && !(typed.at[dots] == '.' && typed.at[dots + 1] == '.'))
        dots++;
    bool range = dots + 1 < typed.size;
    size_t second = range ? dots + 2 : 0, first_size = range ? dots : typed.size;
    if (first_size >= TYPED_MAX || typed.size - second >= TYPED_MAX)
        return false;
    snprintf(low, TYPED_MAX, "%.*s", (int)first_size, typed.at);
    snprintf(high, TYPED_MAX, "%.*s", (int)(typed.size - second), typed.at + second);
    return range || typed.size > 0;
}

/* ---------------------------------------------------------------- days */

static bool in_calendar(int year, int month, int day)
{
    static const int lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    bool sound = year >= 1 && year <= 9999 && month >= 0 && month <= 12 && day >= 0;
    return sound && (month == 0 ? day == 0 : day <= lengths[month - 1] - (month == 2 && !leap));
}

static bool day_read(const char *typed, struct day *out)
{
    int year = 0, month = 0, day = 0, end = 0;
    bool read = (sscanf(typed, "%4d-%2d-%2d%n", &year, &month, &day, &end) == 3 && typed[end] == '\0' && day > 0) ||
                (day = 0, sscanf(typed, "%4d-%2d%n", &year, &month, &end) == 2 && typed[end] == '\0' && month > 0) ||
                (month = 0, sscanf(typed, "%4d%n", &year, &end) == 1 && typed[end] == '\0') ||
                (sscanf(typed, "%2d%*1[-./]%2d%*1[-./]%4d%n", &day, &month, &year, &end) == 3 && typed[end] == '\0' &&
                 day > 0 && month > 0 && year > 999);
    *out = (struct day){(int16_t)year, (int8_t)month, (int8_t)day};
    return read && typed[0] >= '0' && typed[0] <= '9' && in_calendar(year, month, day);
}

static int day_number(struct day day, bool last)
{
    return day.year * 10000 + (day.month || !last ? day.month : 12) * 100 + (day.day || !last ? day.day : 31);
}

enum fault value_days(struct span typed, struct day_range *out, struct error *err)
{
    char low[TYPED_MAX], high[TYPED_MAX];
    *out = (struct day_range){{0}, {0}};
    bool sound = sides(typed, low, high) && (low[0] != '\0' || high[0] != '\0');
    if (!sound || (low[0] && !day_read(low, &out->first)) || (high[0] && !day_read(high, &out->last)))
        return error_set(err, FAULT_REJECT, "filter.date",
                         "'%.*s' is no date; write 2019, 2019-03, 2019-03-24 or a range such as 2019-01..2019-06",
                         (int)(typed.size < 40 ? typed.size : 40), typed.at);
    if (out->first.year && out->last.year && day_number(out->first, false) > day_number(out->last, true))
        return error_set(err, FAULT_REJECT, "filter.date", "the first date is behind the last");
    return FAULT_NONE;
}

static struct span format(struct text text)
{
    return (struct span){text.at, text.size};
}

enum fault value_slot_days(struct arena *arena, const struct day_range *days, struct span *low, struct span *high,
                           struct error *err)
{
    *low = *high = (struct span){"", 0};
    if (days->first.year > 0)
        *low = format(arena_format(arena, "%08d", day_number(days->first, false)));
    if (days->last.year > 0)
        *high = format(arena_format(arena, "%08d", day_number(days->last, true)));
    return low->at && high->at ? FAULT_NONE : arena_full(err);
}

static void day_print(struct day day, char out[static 32])
{
    if (day.year == 0)
        out[0] = '\0';
    else if (day.month == 0)
        snprintf(out, 32, "%04d", day.year);
    else if (day.day == 0)
        snprintf(out, 32, "%04d-%02d", day.year, day.month);
    else
        snprintf(out, 32, "%04d-%02d-%02d", day.year, day.month, day.day);
}

struct span value_days_text(struct arena *arena, const struct day_range *days)
{
    char first[32], last[32];
    day_print(days->first, first);
    day_print(days->last, last);
    bool one = strcmp(first, last) == 0;
    return format(arena_format(arena, "%s%s%s", first, one ? "" : "..", one ? "" : last));
}

/* ---------------------------------------------------------------- amounts */

enum fault value_amounts(struct span typed, struct amount_range *out, struct error *err)
{
    char low[TYPED_MAX], high[TYPED_MAX];
    struct error why;
    *out = (struct amount_range){INT64_MIN, INT64_MAX};
    bool sound = sides(typed, low, high) && (low[0] != '\0' || high[0] != '\0');
    if (!sound || (low[0] && amount_parse(low, &out->low_ore, &why) != FAULT_NONE) ||
        (high[0] && amount_parse(high, &out->high_ore, &why) != FAULT_NONE))
        return error_set(err, FAULT_REJECT, "filter.amount",
                         "'%.*s' is no amount; write kroner such as 250000, 1,5mio or a range such as 1mio..5mio",
                         (int)(typed.size < 40 ? typed.size : 40), typed.at);
    if (out->low_ore > out->high_ore)
        return error_set(err, FAULT_REJECT, "filter.amount", "the smallest amount is above the largest");
    return FAULT_NONE;
}

static void ore_print(int64_t ore, bool open, char out[static 32])
{
    uint64_t plain = ore < 0 ? 0 - (uint64_t)ore : (uint64_t)ore;
    out[0] = '\0';
    if (!open)
        snprintf(out, 32, "%s%" PRIu64 ".%02u", ore < 0 ? "-" : "", plain / 100, (unsigned)(plain % 100));
}

struct span value_amounts_text(struct arena *arena, const struct amount_range *amounts)
{
    char low[32], high[32];
    ore_print(amounts->low_ore, amounts->low_ore == INT64_MIN, low);
    ore_print(amounts->high_ore, amounts->high_ore == INT64_MAX, high);
    bool one = amounts->low_ore == amounts->high_ore;
    return format(arena_format(arena, "%s%s%s DKK", low, one ? "" : "..", one ? "" : high));
}
