/* entity_amount: sums of money.
 *
 * A sum is a number with its currency, and with a scale word (mio., mia., t.) where there is one. The rules find how
 * far a sum reaches; reading its value is plain arithmetic below. Source: Retskrivningsordbogen on numbers, minutes. */
#include "entity.h"

#include <string.h>

/*!re2c
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYCURSOR = cursor;
    re2c:define:YYMARKER = marker;
    re2c:yyfill:enable = 0;

    digit = [0-9];
    gap = " "{0,2} | " "* "\n" " "*;
    // 1.070.664 or 1 070 664 or 271697, with a decimal comma; typewriters and OCR have l, I and o for 1 and 0.
    whole = digit{1,3} ("." digit{3}){1,5} | digit{1,3} (" " digit{3}){1,4} | digit{1,15} | [0-9lI] [0-9oOlI]{0,2} ("." [0-9oOlI]{3}){1,3} | [lI] digit{1,2};
    part = "½" | "¼" | "¾";
    fraction = part | [13] "/" [24];
    // 17½   17 ½   17-½   17 1/2
    number = whole ("," digit{1,4})? | digit{1,4} (part | (" " | "-") fraction) | part;
    // 2.5 as some write it, and 1/2, before a scale word only.
    scaled = number | digit{1,3} "." digit{1,2} | fraction;
    sign = ("-" | "–" | "−" | "+" | "÷" " "? | "÷");
    dash = " "? ("-" | "–") " "?;
    strokes = ",-" "-"? | ",–" | ",—";
    // 25.000.- is a sum beside its currency only: "1.-2. klasse"
    // a typewriter's noughts behind the comma count beside the currency as well: "kr. 41.776,oo"
    struck = strokes | ".-" | "," [oO]{2};
    krone = "kr" "."? | "Kr" "."? | "KR" "."? | 'kroner' | "danske kroner" | "DKK" | "dkr" "."?;
    euro = 'euro' | "EUR" | "€";
    million = 'mio' "."? | 'mill' "."? | 'million' 'er'?;
    milliard = 'mia' "."? | 'milliard' 'er'?;
    thousand = 't' "."? | 'tusind' 'e'? | 'tus' ".";
    scale = million | milliard | thousand;
*/

enum form { FORM_NONE, FORM_KR, FORM_SCALE, FORM_FIRST, FORM_STROKE, FORM_RANGE, FORM_SCALE_FIRST };

/* How a sum of money that begins at *at is written; *at moves behind it. */
static enum form amount_form(const unsigned char **at, const char **currency)
{
    const unsigned char *cursor = *at, *marker = cursor;
    *currency = "DKK";
    (void)marker;
    /*!re2c
    // 1.070.664 kr.   500.000,- kr.
    sign? number struck? gap krone { return *at = cursor, FORM_KR; }
    // 65,9 mio. kr.   600 t.kr.   1.250 t. kr.
    sign? scaled gap scale gap krone { return *at = cursor, FORM_SCALE; }
    sign? scaled gap ('tkr' "."? | 'mkr' "."? | 'miokr' "."?) { return *at = cursor, FORM_SCALE; }
    // 4-5 mio. kr.   375.000-420.000 kr.   600-700.000 kr.
    sign? scaled dash scaled strokes? gap (scale gap)? krone { return *at = cursor, FORM_RANGE; }
    // 46 til 50 mio. kr.
    scaled (" til " | " à " | " á ") scaled gap scale gap krone { return *at = cursor, FORM_RANGE; }
    // 300.000 til 400.000 kr.
    digit{1,3} ("." digit{3}){1,3} " til " digit{1,3} ("." digit{3}){1,3} gap krone { return *at = cursor, FORM_RANGE; }
    sign? scaled dash scaled gap ('tkr' "."? | 'mkr' "."?) { return *at = cursor, FORM_RANGE; }
    // kr. 500.000,-   kr. 2,5 mio.
    // t.kr. 50   mio. kr. 4,5
    ('t' "." gap | 'mio.' gap) krone gap sign? scaled { return *at = cursor, FORM_SCALE_FIRST; }
    krone gap sign? number struck? { return *at = cursor, FORM_FIRST; }
    krone gap sign? scaled gap (million | milliard) (gap krone)? { return *at = cursor, FORM_FIRST; }
    krone gap scaled dash scaled strokes? { return *at = cursor, FORM_RANGE; }
    krone gap scaled dash scaled gap (million | milliard) { return *at = cursor, FORM_RANGE; }
    // 22.000,-
    sign? number strokes { return *at = cursor, FORM_STROKE; }
    // 1,2 mio. euro
    sign? scaled gap (scale gap)? euro { *currency = "EUR"; return *at = cursor, FORM_KR; }
    euro gap scaled (gap (million | milliard))? { *currency = "EUR"; return *at = cursor, FORM_FIRST; }
    * { return FORM_NONE; }
    */
}

/* The number at *at; points and spaces group thousands. At most 13 digits before the comma and 4 behind it count. */
struct number {
    int64_t whole;
    int64_t part; /* in ten-thousandths */
};

/* "l25.000", "1.I00.000": an l or I among figures is a one. */
static bool is_misread_one(const char *at, const char *end)
{
    if (at >= end || (*at != 'l' && *at != 'I'))
        return false;
    char next = at + 1 < end ? at[1] : 0;
    bool figure = (next >= '0' && next <= '9') || (next == '.' && at + 2 < end && strchr("0123456789oOlI", at[2]));
    return figure || (next && strchr("oOlI", next));
}

/* ¼, ½ and ¾ in quarters; 0 if none stands at `at`. */
static int amount_quarters(const char *at, const char *end)
{
    bool part = at < end && (unsigned char)*at == 0xC2 && end - at > 1 && (unsigned char)at[1] >= 0xBC;
    return part && (unsigned char)at[1] <= 0xBE ? (unsigned char)at[1] - 0xBC + 1 : 0;
}

/* A fraction at `at`: ½, or 1/2 with nothing behind that goes on; its quarters, and its bytes in *size. */
static int amount_fraction(const char *at, const char *end, size_t *size)
{
    int quarters = amount_quarters(at, end);
    *size = quarters ? 2 : 3;
    bool slash = !quarters && end - at >= 3 && (*at == '1' || *at == '3') && at[1] == '/' && (at[2] == '2' || at[2] == '4');
    bool goes_on = slash && end - at > 3 && at[3] >= '0' && at[3] <= '9';
    return slash && !goes_on ? (at[0] - '0') * 4 / (at[2] - '0') : quarters;
}

static struct number number_read(const char **at, const char *end)
{
    struct number number = {0};
    const char *cursor = *at;
    int digits = 0, decimals = -1;
    size_t bare;
    if (amount_fraction(cursor, end, &bare) && bare == 3) { /* 1/2 mio. */
        number.part = 2500 * amount_fraction(cursor, end, &bare);
        *at = cursor + bare;
        return number;
    }
    for (; cursor < end; cursor++) {
        bool next_digit = cursor + 1 < end && cursor[1] >= '0' && cursor[1] <= '9';
        if (*cursor >= '0' && *cursor <= '9') {
            if (decimals < 0 && digits < 13)
                number.whole = number.whole * 10 + (*cursor - '0');
            else if (decimals >= 0 && decimals < 4)
                number.part = number.part * 10 + (*cursor - '0');
            digits += decimals < 0;
            decimals += decimals >= 0;
            continue;
        }
        if ((*cursor | 0x20) == 'o' && decimals < 0) { /* a typewriter's nought */
            number.whole *= 10;
            continue;
        }
        bool one = *cursor == 'l' || *cursor == 'I', closing = one && cursor > *at && cursor[-1] >= '0' && cursor[-1] <= '9';
        if (one && (closing || is_misread_one(cursor, end)) && decimals < 0) {
            number.whole = number.whole * 10 + 1;
            digits++;
            continue;
        }
        size_t joint = decimals < 0 && digits && (*cursor == ' ' || *cursor == '-'), size;
        int quarters = joint || amount_quarters(cursor, end) ? amount_fraction(cursor + joint, end, &size) : 0;
        if (quarters) { /* 17½, 17 ½, 17-½, 17 1/2 */
            number.part = 25 * quarters;
            decimals = 2;
            cursor += joint + size - 1;
            continue;
        }
        if (*cursor == '.' && cursor + 1 < end && ((cursor[1] | 0x20) == 'o' || is_misread_one(cursor + 1, end)))
            continue;
        bool group = (*cursor == '.' || *cursor == '\'') && next_digit && decimals < 0;
        bool short_group =
            group && !(cursor + 3 < end && ((cursor[3] >= '0' && cursor[3] <= '9') || strchr("oOlI", cursor[3])));
        if ((*cursor == ',' && next_digit && decimals < 0) || short_group)
            decimals = 0;
        else if (!group && !(*cursor == ' ' && next_digit && decimals < 0))
            break;
    }
    *at = cursor;
    for (int i = decimals < 0 ? 0 : decimals; i < 4; i++)
        number.part *= 10;
    return number;
}

static bool holds(const char *at, const char *end, const char *word)
{
    size_t size = strlen(word);
    for (; at + size <= end; at++) {
        size_t i = 0;
        while (i < size && (at[i] | 0x20) == word[i])
            i++;
        if (i == size)
            return true;
    }
    return false;
}

static int64_t scale_of(const char *at, const char *end)
{
    if (holds(at, end, "mia") || holds(at, end, "milliard"))
        return 1000000000;
    if (holds(at, end, "mi") || holds(at, end, "mkr"))
        return 1000000;
    while (at < end && (*at == ' ' || *at == '\n'))
        at++;
    return at < end && (*at == 't' || *at == 'T') ? 1000 : 1;
}

/* The number times the scale, in øre; as much as fits. */
static int64_t ore_of(struct number number, int64_t scale)
{
    int64_t most = INT64_MAX / 100 / scale - 1;
    int64_t whole = number.whole > most ? most : number.whole;
    return whole * scale * 100 + number.part * scale / 100;
}

/* A letter right behind would make another word of it: "5 krydsninger". */
static bool word_goes_on(const char *last, const char *next, const char *end)
{
    bool letter = (*last | 0x20) >= 'a' && (*last | 0x20) <= 'z';
    unsigned char c = next < end ? (unsigned char)*next : 0;
    bool more = ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == 0xC3 || (c >= '0' && c <= '9');
    bool digit = *last >= '0' && *last <= '9';
    if (digit) { /* "kr. 2.5" read as far as "kr. 2" only */
        bool number = (c == '.' || c == ',') && next + 1 < end && next[1] >= '0' && next[1] <= '9';
        return (c >= '0' && c <= '9') || number;
    }
    return letter && more;
}

static void amount_value(const char *at, const char *end, bool scale_first, struct amount_match *out)
{
    int64_t lead = scale_first ? (*at | 0x20) == 't' ? 1000 : 1000000 : 1;
    bool minus = false, word = false; /* "MIO." is a word */
    while (at < end && !(*at >= '0' && *at <= '9') && (word || !is_misread_one(at, end)) &&
           !amount_quarters(at, end)) {
        word = (*at | 0x20) >= 'a' && (*at | 0x20) <= 'z';
        minus = minus || *at == '-' || (end - at > 2 && memcmp(at, "–", 3) == 0) ||
                (end - at > 2 && memcmp(at, "−", 3) == 0) || (end - at > 1 && memcmp(at, "÷", 2) == 0);
        at++;
    }
    struct number first = number_read(&at, end), last = first;
    const char *second = at;
    while (second < end && (*second == ' ' || *second == '-' || (*second & 0x80)))
        second++;
    if (second > at && end - second > 4 && memcmp(second, "til ", 4) == 0)
        second += 4;
    bool range = second > at && second < end && *second >= '0' && *second <= '9';
    if (range) {
        at = second;
        last = number_read(&at, end);
        /* "600-700.000 kr.": the first number leaves out its thousands */
        if (first.whole < 1000 && last.whole >= 1000 && first.whole * 1000 <= last.whole && scale_of(at, end) == 1)
            first.whole *= 1000;
    }
    int64_t scale = scale_of(at, end) * lead, low = ore_of(first, scale), high = ore_of(last, scale);
    out->low_ore = minus ? -low : low;
    out->high_ore = minus && !range ? -high : high;
    if (out->low_ore > out->high_ore) {
        int64_t swap = out->low_ore;
        out->low_ore = out->high_ore;
        out->high_ore = swap;
    }
}

/* "i 2019 kr. 2.240.500": the unit leads the number behind it, and what stands before it is a year. So is a year that
 * closes the line above "Mio. kr.". */
static bool is_year_before(const char *at, const char *stop, const char *end)
{
    bool year = stop - at >= 7 && ((at[0] == '1' && at[1] == '9') || (at[0] == '2' && at[1] == '0')) &&
                strchr(" \n", at[4]);
    if (year && at[4] == '\n')
        return memchr("MTK", at[5], 3) != NULL;
    while (stop < end && *stop == ' ')
        stop++;
    return year && stop < end && *stop >= '0' && *stop <= '9';
}

/* "fra 2022 til 92,4 mio. kr.": a year that a smaller sum follows begins no range. */
static bool is_year_to(const char *at, const struct amount_match *match)
{
    static const char to[] = " til ";
    bool year = match->size > 9 && ((at[0] == '1' && at[1] == '9') || (at[0] == '2' && at[1] == '0')) &&
                memcmp(at + 4, to, sizeof to - 1) == 0;
    const char *last = at + 9;
    return year && number_read(&last, at + match->size).whole < 1900;
}

/* "Kr.", and on the next line "2018   2019": a unit above years. */
static bool is_year_below(const char *at, const char *stop)
{
    const char *line = memchr(at, '\n', (size_t)(stop - at));
    bool year = line && stop - line > 4 && ((stop[-4] == '1' && stop[-3] == '9') || (stop[-4] == '2' && stop[-3] == '0'));
    return year && (stop[-5] == ' ' || stop[-5] == '\n') && stop[-1] >= '0' && stop[-1] <= '9' && stop[-2] >= '0' &&
           stop[-2] <= '9';
}

/* "kr. 2012-priser": the year of the prices. */
static bool is_price_level(const char *stop, const char *end)
{
    static const char level[] = "-p";
    bool year = stop[-5] == ' ' && ((stop[-4] == '1' && stop[-3] == '9') || (stop[-4] == '2' && stop[-3] == '0'));
    return year && end - stop > 2 && memcmp(stop, level, sizeof level - 1) == 0;
}

struct amount_match amount_at(const char *at, const char *end)
{
    static const char *const rules[] = {
        "", "amount.kr", "amount.scale", "amount.kr_first", "amount.stroke", "amount.range",
"amount.scale_first"};
    const unsigned char *cursor = (const unsigned char *)at;
    struct amount_match match = {0};
    enum form form = amount_form(&cursor, &match.currency);
    const char *stop = (const char *)cursor;
    if (form == FORM_NONE || stop > end || word_goes_on(stop - 1, stop, end) ||
        ((form == FORM_KR || form == FORM_SCALE) && is_year_before(at, stop, end)) ||
        ((form == FORM_FIRST || form == FORM_SCALE_FIRST) && (is_year_below(at, stop) || (stop - at > 6 && is_price_level(stop, end)))))
        return (struct amount_match){0};
    match.size = (size_t)(stop - at);
    match.rule = rules[form];
    if (form == FORM_RANGE && is_year_to(at, &match))
        return (struct amount_match){0};
    amount_value(at, stop, form == FORM_SCALE_FIRST, &match);
    return match;
}

struct cell_match cell_at(const char *at, const char *end)
{
    const unsigned char *cursor = (const unsigned char *)at, *marker = cursor;
    struct cell_match match = {0};
    (void)marker;
    /*!re2c
    // -1.500   ÷ 250   2.941.813,70   10,7
    // 58 214   25'000   17 ½
    sign? " "? (digit{1,3} ("." digit{3}){1,5} | digit{1,3} (['] digit{3}){1,4} | digit{1,3} (" " digit{3}){1,4} | digit{1,12}) ("," digit{1,4})? { goto number; }
    sign? digit{1,4} " "? part { goto number; }
    * { return match; }
    */
number:
    if ((const char *)cursor > end)
        return match;
    match.size = (size_t)((const char *)cursor - at);
    const char *stop = (const char *)cursor, *digits = at;
    while (digits < stop && !(*digits >= '0' && *digits <= '9'))
        digits++;
    bool minus = digits > at && *at != '+' && *at != ' ';
    int64_t value = ore_of(number_read(&digits, stop), 100); /* "0,245" under "mio. kr." is exact */
    match.parts = minus ? -value : value;
    return match;
}
