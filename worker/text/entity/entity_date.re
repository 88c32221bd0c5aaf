/* entity_date: days.
 *
 * A day is written with a month's name or with numbers. The weekday and "den" or "d." before it belong to it. A month,
 * a quarter or a year alone is no day. Source: Retskrivningsordbogen on dates, minutes. */
#include "entity.h"

#include <string.h>

/*!re2c
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYCURSOR = cursor;
    re2c:define:YYMARKER = marker;
    re2c:yyfill:enable = 0;

    digit = [0-9];
    gap = " "{1,3} | " "* "\n" " "*;
    gap0 = " "{0,3} | " "* "\n" " "*;
    weekday = 'mandag' | 'tirsdag' | 'onsdag' | 'torsdag' | 'fredag' | 'lørdag' | "LØRDAG" | 'søndag' | "SØNDAG";
    brief = ('man' | 'mand' | 'tir' | 'tirsd' | 'tirs' | 'ons' | 'onsd' | 'tor' | 'torsd' | 'tors' | 'fre' | 'fred' | 'lør' | 'lørd' | 'søn' | 'sønd') "."; // "tirsd. den 19.5.98"
    lead = ((weekday ("," | ".")? | brief) gap)? ('den' gap | 'd' "."? gap0)? | weekday "," gap;
    month = 'januar' | 'februar' | 'marts' | 'april' | 'maj' | 'juni' | 'juli' | 'august' | 'september' | 'oktober'
        | 'november' | 'december';
    short = ('jan' | 'feb' | 'febr' | 'mar' | 'apr' | 'jun' | 'jul' | 'aug' | 'sep' | 'sept' | 'okt' | 'nov' | 'dec' | ('sept' | 'okt' | 'nov' | 'dec') 'br') "."?; // "20. febr. 1967", "3. novbr. 1958"
    english = 'january' | 'february' | 'march' | 'april' | 'may' | 'june' | 'july' | 'august' | 'september'
        | 'october' | 'november' | 'december';
    day = digit{1,2};
    // typewriters and OCR have l, I and O for 1 and 0: "den l. maj", "2O. juni"
    mday = day | [lI] [0-9lI]? | digit [lIO];
    year = ("1" [6-9] | "20" | "21") digit{2};
*/

enum form { FORM_NONE, FORM_NAME, FORM_NAME_YEAR, FORM_NUMBERS, FORM_SHORT, FORM_ISO, FORM_ENGLISH, FORM_BARE };

static enum form date_form(const unsigned char **at)
{
    const unsigned char *cursor = *at, *marker = cursor;
    (void)marker;
    /*!re2c
    // Onsdag den 5. februar 2020   22 januar 2020   15-maj-2002   d. 5. feb. 2020
    lead (mday "." gap0 | day gap) (month | short) ","? gap year { return *at = cursor, FORM_NAME_YEAR; }
    lead day "-" (month | short) "-" year { return *at = cursor, FORM_NAME_YEAR; }
    // den 27. juni
    lead mday "." gap0 (month | short) { return *at = cursor, FORM_NAME; }
    // 05-02-2020   5/2 2020   18/12-2019   29.4.2019   12/06/2020
    lead day ("-" day "-" | "." day "." | "/" day "/" | "/" day "-" | "/" day " " | " - " day " - "
        | ". " day ". " | "/" day " - " | "." day " ") year { return *at = cursor, FORM_NUMBERS; }
    // 05.02.20   5/2-20   05-02-20
    lead day ("." day "." | "/" day "-" | "/" day "/" | "-" day "-") digit{2} { return *at = cursor, FORM_SHORT; }
    // 2020-02-05
    year "-" digit{2} "-" digit{2} { return *at = cursor, FORM_ISO; }
    // Onsdag, April 3, 2019
    (weekday "," gap)? english gap day "," gap year { return *at = cursor, FORM_ENGLISH; }
    // 1/9
    lead day "/" day { return *at = cursor, FORM_BARE; }
    * { return FORM_NONE; }
    */
}

static int month_number(const char *at, const char *end)
{
    static const struct {
        int number;
        const char *name, *brief;
    } months[] = {
#define MONTH(number, name, brief) {number, name, brief},
#include "month.def"
#undef MONTH
    };
    char head[4] = {0};
    for (size_t i = 0; i < 3 && at + i < end; i++)
        head[i] = (char)(at[i] | 0x20);
    if (strcmp(head, "may") == 0)
        return 5;
    if (strcmp(head, "oct") == 0)
        return 10;
    for (size_t i = 0; i < sizeof months / sizeof *months; i++)
        if (memcmp(head, months[i].brief, 3) == 0)
            return months[i].number;
    return 0;
}

/* A figure, or a letter that one was read as; -1 if it is none. */
static int figure_of(char c)
{
    return is_digit(c) ? c - '0' : c == 'l' || c == 'I' ? 1 : c == 'O' ? 0 : -1;
}

/* The day before a month's name, of which a figure may be misread: a letter by itself, or one beside a figure. */
static const char *read_day(const char *at, const char *end, int *day)
{
    for (bool free = true; at < end && !is_digit(*at); at++) {
        if (free && figure_of(*at) >= 0 && at + 1 < end && (at[1] == '.' || figure_of(at[1]) >= 0))
            break;
        free = *at == ' ' || *at == '\n' || *at == '.';
    }
    for (*day = 0; at < end && figure_of(*at) >= 0; at++)
        *day = *day * 10 + figure_of(*at);
    return at;
}

static const char *read_int(const char *at, const char *end, int *value, int *digits)
{
    while (at < end && !is_digit(*at))
        at++;
    for (*value = 0, *digits = 0; at < end && is_digit(*at); at++, ++*digits)
        *value = *value * 10 + (*at - '0');
    return at;
}

static bool day_exists(int year, int month, int day)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12 || day < 1)
        return false;
    bool leap = year == 0 || (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
    return day <= days[month - 1] + (month == 2 && leap);
}

/* Two digits of a year: 50..99 are of the last century. */
static int full_year(int year, int digits)
{
    return digits > 2 ? year : year >= 50 ? 1900 + year : 2000 + year;
}

static bool date_value(enum form form, const char *at, const char *end, struct day *out)
{
    int first = 0, second = 0, third = 0, d1 = 0, d2 = 0, d3 = 0, year = 0, month = 0, day = 0;
    if (form == FORM_ENGLISH) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        const char *name = comma && !is_digit(comma[-1]) && comma + 1 < end ? comma + 1 : at;
        while (name < end && (*name == ' ' || *name == '\n'))
            name++;
        month = month_number(name, end);
        const char *next = read_int(name, end, &day, &d1);
        read_int(next, end, &year, &d2);
    } else if (form == FORM_NAME || form == FORM_NAME_YEAR) {
        const char *name = read_day(at, end, &day);
        while (name < end && (*name == ' ' || *name == '.' || *name == '-' || *name == '\n'))
            name++;
        month = month_number(name, end);
        if (form == FORM_NAME_YEAR)
            read_int(name, end, &year, &d2);
    } else {
        const char *next = read_int(at, end, &first, &d1);
        next = read_int(next, end, &second, &d2);
        if (form != FORM_BARE)
            read_int(next, end, &third, &d3);
        year = form == FORM_ISO ? first : form == FORM_BARE ? 0 : full_year(third, d3);
        month = second;
        day = form == FORM_ISO ? third : first;
    }
    *out = (struct day){(int16_t)year, (int8_t)month, (int8_t)day};
    return day_exists(year, month, day);
}

/* What follows may show that the numbers are no date: "05.02.20-G01", "1/10-2". */
static bool goes_on(enum form form, const char *last, const char *next, const char *end)
{
    if (next >= end)
        return false;
    unsigned char c = (unsigned char)*next;
    bool letter = ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == 0xC3;
    if (is_digit((char)c) || (!is_digit(*last) && *last != '.' && letter))
        return true;
    if (form == FORM_NAME || form == FORM_NAME_YEAR || form == FORM_ENGLISH)
        return false;
    bool digit = next + 1 < end && is_digit(next[1]);
    if (form == FORM_BARE)
        return letter || c == '%' || (digit && (c == '/' || c == '.' || c == ','));
    if (form == FORM_SHORT || form == FORM_NUMBERS || form == FORM_ISO)
        return letter || (digit && (c == '/' || c == '.')) ||
               (c == '-' && digit && next + 2 < end && form == FORM_SHORT) ||
               (c == '.' && next + 1 < end && next[1] >= 'A' && next[1] <= 'Z' && next + 2 < end && is_digit(next[2]));
    return false;
}

struct date_match date_at(const char *at, const char *end)
{
    static const char *const rules[] = {"",           "date.day_month", "date.month_name", "date.numbers",
                                        "date.short", "date.iso",       "date.english",    "date.slash"};
    const unsigned char *cursor = (const unsigned char *)at;
    struct date_match match = {0};
    enum form form = date_form(&cursor);
    const char *stop = (const char *)cursor;
    if (form == FORM_NONE || stop > end)
        return match;
    if (form == FORM_SHORT && memchr(at, '/', (size_t)(stop - at)) && goes_on(form, stop - 1, stop, end)) {
        /* "1/1-30/6 2017": the longest form took the next day's number for a year */
        form = FORM_BARE;
        stop = memchr(at, '-', (size_t)(stop - at));
        if (!stop)
            return match;
    } else if (goes_on(form, stop - 1, stop, end)) {
        return match;
    }
    if (!date_value(form, at, stop, &match.day))
        return (struct date_match){0};
    /* "1.2.10" is a version rather than a day: short forms with points want two digits each, or a word before them. */
    bool lead = !is_digit(*at);
    const char *point = memchr(at, '.', (size_t)(stop - at));
    match.brief = form == FORM_SHORT && !lead && point && (point - at != 2 || stop - at != 8);
    /* "4.2 1998" may be a section of something */
    match.brief = match.brief || (form == FORM_NUMBERS && !lead && point && stop - point < 9 && stop[-5] == ' ' && stop[-6] != '.');
    if (form == FORM_NAME && *(stop - 1) == '.' && stop < end && *stop != ' ') /* "5. feb.": the point is its own */
        stop--;
    match.size = (size_t)(stop - at);
    match.rule = rules[form];
    match.bare = form == FORM_BARE && !lead;
    return match;
}
