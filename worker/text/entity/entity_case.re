/* entity_case: the shapes of case, document and subject numbers.
 *
 * A shape alone does not say what a number is: `20/5` is a case on a line of its own and a day in a sentence. The
 * rules name the shape; entity.c decides with what stands around. Source: KL's journal plan, the case systems
 * Acadre, SBSYS, eDoc, WorkZone and 360 as minutes print them. */
#include "entity.h"

/*!re2c
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYCURSOR = cursor;
    re2c:define:YYMARKER = marker;
    re2c:yyfill:enable = 0;

    digit = [0-9];
    capital = [A-ZÆØÅ];
    century = ("19" | "20");
    year = century digit{2};
    subject = digit{2} "." digit{2} "." digit{2};
    facet = capital digit{2};
    group = digit{2} "." digit{2}; // older plans number the main groups alone: 01.03G01
    // "S 29": typists set the facet apart from its letter as well
    wide = " "? capital " " digit{2};
    dash = " "? "-" " "?;
*/

static enum number_shape number_shape(const unsigned char **at)
{
    const unsigned char *cursor = *at, *marker = cursor;
    (void)marker;
#define SHAPE(name) return *at = cursor, (name)
    /*!re2c
    // 00.22.00-A00-8-17   15.00.00 G01 87 19   00.22.02A30-0026   08.03.00G01/549
    subject [-. ]? facet ([-/ ] digit{1,6}){1,2} { SHAPE(NUMBER_KLE_CASE); }
    // 00.30.10-S00-1-20-4: a document of that case
    subject "-" facet "-" digit{1,6} "-" digit{2} "-" digit{1,5} { SHAPE(NUMBER_KLE_PART); }
    subject [-. ]? facet " "? "/" digit{1,6} ([-/] digit{1,6})? { SHAPE(NUMBER_KLE_CASE); }
    group [-.]? facet [-/] digit{1,6} ([-/] digit{1,6})? { SHAPE(NUMBER_KLE_CASE); }
    // 17.01.00 P 20/0417
    subject wide " "? "/" digit{1,6} ([-/] digit{1,6})? { SHAPE(NUMBER_KLE_CASE); }
    // 00.30.14-1-19
    subject "-" digit{1,5} "-" digit{2,4} { SHAPE(NUMBER_KLE_CASE); }
    // 00.22.04.G01   27.36.08.Ø54   00.22.04-G01
    subject [-. ]? facet | subject wide | group [-.]? facet { SHAPE(NUMBER_KLE); }
    subject { SHAPE(NUMBER_KLE_BARE); }
    // 306-2009-600: the municipality's code, the year, a running number; a narrow column may break it
    digit{3} "-" year "-" digit{1,7} { SHAPE(NUMBER_AUTHORITY); }
    digit{3} "-" year "-" digit{1,7} "\n" digit{1,4} "\n" { cursor--; SHAPE(NUMBER_AUTHORITY); }
    // 2017-0229357 and the third document of it
    year "-" digit{5,9} | year " - " digit{4,9} { SHAPE(NUMBER_YEAR_LONG); }
    year "-" digit{4,9} "-" digit{1,4} { SHAPE(NUMBER_YEAR_PART); }
    // 2017/14810-2: the second document of a case
    year "/" digit{4,7} "-" digit{1,4} { SHAPE(NUMBER_YEAR_PART); }
    // 19/11679 and the ninth document of 14/47755
    digit{2} "/" " "? digit{1,7} { SHAPE(NUMBER_SLASH); }
    digit{2} "/" digit{2,7} "-" digit{1,4} { SHAPE(NUMBER_SLASH_PART); }
    digit{1} "/" digit{2,7} | digit{3} "/" digit{2} | digit{4,7} "/" digit{2} { SHAPE(NUMBER_SLASH); }
    // EMN-2019-01234   MOD-2020-00246   S2018-12345
    // D22-50771: the year of two figures
    "D" digit{2} "-" digit{4,7} { SHAPE(NUMBER_LETTERS); }
    [A-Z]{3} "-" year "-" digit{3,7} | [SD] year "-" digit{2,7}
        | [A-Z]{2,4} [-/] year [-/] digit{3,7} { SHAPE(NUMBER_LETTERS); }
    // EMN-2018-04417-31: a document of it
    // S2020-8841-3
    [A-Z]{3} "-" year "-" digit{3,7} "-" digit{1,4} | [SD] year "-" digit{2,7} "-" digit{1,4} { SHAPE(NUMBER_LETTERS_PART); }
    // 1-51-71-3321-08
    digit "-" digit{2} ("-" digit{1,2}){0,2} "-" digit{1,5} "-" digit{2} { SHAPE(NUMBER_REGION); }
    // 8-70-5-11/93   8-10-2-/94: the counties'
    digit{1,2} "-" digit{2} "-" digit{1,3} "-" digit{0,4} "/" digit{2} { SHAPE(NUMBER_REGION); }
    // J.nr. 2006-4411: a year and a running number look like two years; a label must stand before it
    year "-" digit{2,4} { SHAPE(NUMBER_DASH_YEAR); }
    // 012497 - 2017/12299
    digit{6} dash year "/" digit{1,7} { SHAPE(NUMBER_LONG_SLASH); }
    // 2017/12299
    year "/" digit{2,7} { SHAPE(NUMBER_YEAR_SLASH); }
    // 22711-19
    // 1184-2002: a running number of the year
    digit{2,7} "-" digit{2} | digit{2,6} "-" year { SHAPE(NUMBER_DASH_YEAR); }
    // 19-31022
    digit{2} "-" digit{4,7} { SHAPE(NUMBER_YEAR_DASH); }
    // 15017402
    digit{4,12} { SHAPE(NUMBER_PLAIN); }
    * { return NUMBER_NONE; }
    */
#undef SHAPE
}

/* Six figures are the number of a case by themselves; behind a facet a running number has fewer. */
static bool is_running(const char *at)
{
    for (int i = 0; i < 6; i++)
        if (at[i] < '0' || at[i] > '9')
            return false;
    return true;
}

struct number_match case_number_at(const char *at, const char *end)
{
    const unsigned char *cursor = (const unsigned char *)at;
    struct number_match match = {.shape = number_shape(&cursor)};
    const char *stop = (const char *)cursor;
    if (match.shape == NUMBER_NONE || stop > end)
        return (struct number_match){0};
    unsigned char c = stop < end ? (unsigned char)*stop : 0;
    bool digit = stop + 1 < end && stop[1] >= '0' && stop[1] <= '9';
    if ((c >= '0' && c <= '9') || ((c == '.' || c == '/' || c == ',') && digit))
        return (struct number_match){0};
    if (c == '-' && digit && match.shape != NUMBER_KLE_CASE)
        return (struct number_match){0};
    match.size = (size_t)(stop - at);
    /* "00.01.00S00 03/1877", "00.01.00A00 024410": a subject and, apart from it, the case */
    const char *gap = match.shape == NUMBER_KLE_CASE ? memchr(at, ' ', match.size) : NULL;
    if (gap && stop - gap == 7 && gap[-1] >= '0' && gap[-1] <= '9' && gap - at > 9 && is_running(gap + 1))
        return (struct number_match){.shape = NUMBER_KLE, .size = (size_t)(gap - at)};
    if (gap && stop - gap > 6 && gap[3] == '/' && gap > at && gap[-1] >= '0' && gap[-1] <= '9' &&
        memchr(at, 'A' <= gap[-3] && gap[-3] <= 'Z' ? gap[-3] : (char)0xC3, (size_t)(gap - at)))
        return (struct number_match){.shape = NUMBER_KLE, .size = (size_t)(gap - at)};
    return match;
}
