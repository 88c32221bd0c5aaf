/* cpr: finds Danish personal ids. Source: CPR-kontoret, Personnummeret i CPR; since 2007 numbers are given out that
 * fail modulus 11, so the check is a hint and no proof. */
#include "cpr.h"

#include <stdint.h>

/*!re2c
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYCURSOR = cursor;
    re2c:define:YYMARKER = marker;
    re2c:yyfill:enable = 0;
    digit = [0-9];
*/

bool cpr_modulus(const char digits[10])
{
    static const int weights[10] = {4, 3, 2, 7, 6, 5, 4, 3, 2, 1};
    int sum = 0;
    for (int i = 0; i < 10; i++)
        sum += weights[i] * (digits[i] - '0');
    return sum % 11 == 0;
}

/* The century hangs on the seventh digit; 29 February needs it. A replacement number has 60 added to its day. */
static bool is_birthday(const char digits[10])
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int day = (digits[0] - '0') * 10 + digits[1] - '0';
    int month = (digits[2] - '0') * 10 + digits[3] - '0';
    int year = (digits[4] - '0') * 10 + digits[5] - '0';
    int seventh = digits[6] - '0';
    if (day > 60)
        day -= 60;
    if (month < 1 || month > 12 || day < 1)
        return false;
    int century = seventh <= 3                     ? 1900
                  : (seventh == 4 || seventh == 9) ? (year <= 36 ? 2000 : 1900)
                                                   : (year <= 57 ? 2000 : 1800);
    year += century;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= days[month - 1] + (month == 2 && leap);
}

enum form { FORM_NONE, FORM_HYPHEN, FORM_SPACE, FORM_PLAIN };

static enum form cpr_form(const unsigned char **at)
{
    const unsigned char *cursor = *at, *marker = cursor;
    (void)marker;
    /*!re2c
    // 010203-1234, also broken over a line end
    digit{6} ("-" | "–" | " - " | "- " | " -" | "-\n") digit{4} { return *at = cursor, FORM_HYPHEN; }
    digit{6} " " digit{4} { return *at = cursor, FORM_SPACE; }
    digit{10} { return *at = cursor, FORM_PLAIN; }
    * { return FORM_NONE; }
    */
}

size_t cpr_at(const char *at, const char *end, enum cpr_hint hint)
{
    const unsigned char *cursor = (const unsigned char *)at;
    enum form form = cpr_form(&cursor);
    const char *stop = (const char *)cursor;
    if (form == FORM_NONE || stop > end)
        return 0;
    unsigned char c = stop < end ? (unsigned char)*stop : 0;
    bool more = stop + 1 < end && stop[1] >= '0' && stop[1] <= '9';
    bool letter = ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    if ((c >= '0' && c <= '9') || letter || ((c == '-' || c == '/') && more)) /* a longer number */
        return 0;
    char digits[10];
    int count = 0;
    for (const char *cursor2 = at; cursor2 < stop && count < 10; cursor2++)
        if (*cursor2 >= '0' && *cursor2 <= '9')
            digits[count++] = *cursor2;
    if (!is_birthday(digits))
        return 0;
    bool sure = hint == CPR_NAMED || cpr_modulus(digits);
    bool hyphen = form == FORM_HYPHEN && hint != CPR_OTHER;
    return hyphen || sure ? (size_t)(stop - at) : 0;
}
