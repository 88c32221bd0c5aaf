/* org_words: several words of a name in a row, and the white space between them. Pure. */
#include "org.h"

size_t org_white(const unsigned char *at, const unsigned char *limit)
{
    size_t size = 0;
    bool line = false;
    if (at >= limit)
        return 0;
    for (; at[size] == ' ' || (at[size] == '\n' && !line); size++)
        line = line || at[size] == '\n';
    return size <= 1 || line ? size : 0;
}

/* A capital month behind a name is a heading's: "Museum Vest November 2019". */
static bool is_month(const unsigned char *at, size_t size)
{
    static const char *const months[] = {
#define MONTH(number, name, brief) name,
#include "month.def"
#undef MONTH
    };
    for (size_t i = 0; i < sizeof months / sizeof *months; i++)
        if ((at[0] | 0x20) == months[i][0] && strlen(months[i]) == size && memcmp(at + 1, months[i] + 1, size - 1) == 0)
            return true;
    return false;
}

/* "Plejehjemmet Strandhøj Ældrerådets regnskab": a body of the council begins the next thing. */
static bool is_own_body(const unsigned char *at, const unsigned char *stop)
{
    struct span word = {(const char *)at, (size_t)(stop - at)};
    word.size -= word.size > 1 && word.at[word.size - 1] == 's';
    return word_ends(word, SPAN("udvalget")) || word_ends(word, SPAN("rådet")) || word_ends(word, SPAN("bestyrelsen"));
}

/* ", Bolig og Landdistrikter" behind the first word of what an authority is for: where the list ends, NULL if no "og"
 * closes it. */
static const unsigned char *list_end(const unsigned char *at, const unsigned char *limit)
{
    const unsigned char *next = at + 2;
    if (limit - at < 10 || at[1] != ' ' || org_part(&next, false) != PART_CAP || limit - next < 5 ||
        memcmp(next, " og ", 4) != 0)
        return NULL;
    next += 4;
    return org_part(&next, false) == PART_CAP && next <= limit ? next : NULL;
}

const unsigned char *org_words(const unsigned char *at, const unsigned char *limit, int most, int joined)
{
    const unsigned char *stop = NULL, *cursor = at;
    bool half = false; /* "Bygge- og Anlægsvirksomhed" */
    for (int words = 0; words < most; words++) {
        const unsigned char *next = cursor;
        enum org_part part = org_part(&next, false);
        if (part == PART_LINK && (stop || half) && (joined == 2 || (joined && *cursor == '&'))) {
            next += org_white(next, limit);
            part = org_part(&next, false);
        }
        if (part == PART_END || part == PART_LINK)
            break;
        if (is_month(cursor, (size_t)(next - cursor)) || (stop && is_own_body(cursor, next)))
            break;
        half = part == PART_HALF;
        if (!half)
            stop = next;
        if (joined == 2 && *next == ',' && words == 0) { /* "Ministeriet for By, Bolig og Landdistrikter" */
            const unsigned char *last = list_end(next, limit);
            if (last)
                return last;
        }
        size_t white = org_white(next, limit);
        if (!white || part == PART_FORM)
            break;
        cursor = next + white;
    }
    return stop;
}
