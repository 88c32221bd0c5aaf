/* led: what a word leads: a reference to an act, a day ("den 5. februar"), a sum ("kr. 500.000"), a line that tells of
 * attendance or of a unit. Part of the pass over
 * the text (entity.c). Pure. */
#include "scan.h"

#include "glance.h"
#include "law.h"

#include <string.h>

/* "budget- og regnskabsbekendtgørelsens": where the first half of a double word before `at` begins, or `at`. */
static const char *half_before(const struct scan *scan, const char *at)
{
    if (at - scan->base < 8 || memcmp(at - 5, "- og ", 5) != 0)
        return at;
    const char *half = at - 5;
    while (half > scan->base && glance_bytes[(unsigned char)half[-1]] == BYTE_LETTER)
        half--;
    return half < at - 5 ? half : at;
}

const char *scan_law(struct scan *scan, const char *at, bool *full)
{
    struct law_match law = law_at(at, scan->end);
    if (!law.size)
        return NULL;
    const char *start = at + law.lead, *half = half_before(scan, start), *stop = start + law.size;
    if (strcmp(law.rule, "law.directive") == 0 && at - scan->base > 5 && memcmp(at - 5, "EU's ", 5) == 0)
        half = at - 5;
    *full = !scan_add(scan, ENTITY_LAW, half, (size_t)(stop - half), (struct span){0}, law.rule);
    return stop;
}

static bool is_figure(char c)
{
    return c >= '0' && c <= '9';
}

/* A figure, or an l or I read for one, stands behind a word and the point and space behind it. */
static bool digit_follows(const char *stop)
{
    stop += *stop == '.';
    while (*stop == ' ' || *stop == '\n')
        stop++;
    bool misread = (*stop == 'l' || *stop == 'I') && (stop[1] == '.' || is_figure(stop[1]) || stop[2] == '.');
    return is_figure(*stop) || misread;
}

/* "halvanden million kroner": the words before the currency from `at` to `stop` are the sum. */
static const char *try_words(struct scan *scan, const char *at, const char *stop, bool *full)
{
    const char *start = at;
    stop += *stop == '.' && stop - at == 2;
    struct amount_match amount = amount_words_before(scan->base, at, stop, &start);
    const struct entity_list *found = &scan->reading->entities;
    if (!amount.size || (found->count && found->items[found->count - 1].end > (size_t)(start - scan->base)))
        return NULL;
    *full = !scan_amount(scan, start, &amount);
    return stop;
}

/* A day or a sum that a word leads: "den 5. februar", "Onsdag ...", "kr. 500.000". */
static const char *try_led(struct scan *scan, const char *at, const char *stop, bool *full)
{
    size_t size = (size_t)(stop - at);
    char first = (char)(*at | 0x20);
    bool weekday = size >= 6 && size <= 8 && (memcmp(stop - 3, "dag", 3) == 0 || memcmp(stop - 3, "DAG", 3) == 0);
    weekday = weekday || (size >= 4 && size <= 6 && stop < scan->end && *stop == '.'); /* "tirsd." */
    bool den = (size == 3 && first == 'd' && at[1] == 'e' && at[2] == 'n') || (size == 1 && first == 'd') ||
               (size == 3 && memcmp(at, "DEN", 3) == 0) || (size == 1 && *at == 'l' && *stop == '.');
    bool english = *at >= 'A' && *at <= 'Z' && size >= 3 && size <= 9 && strchr("JFMASOND", *at);
    if (weekday || english || (den && (*at == 'l' || digit_follows(stop)))) {
        struct date_match date = date_at(at, scan->end);
        if (date.size) {
            *full = !scan_date(scan, at, &date);
            return at + date.size;
        }
    }
    bool scaled =
        stop < scan->end && *stop == '.' &&
        ((size == 1 && first == 't') || (size == 3 && first == 'm' && (at[1] | 0x20) == 'i' && (at[2] | 0x20) == 'o'));
    bool krone = scaled || (size == 2 && (at[1] | 0x20) == 'r' && first == 'k') ||
                 (size == 3 && (memcmp(at, "DKK", 3) == 0 || memcmp(at, "EUR", 3) == 0)) ||
                 (size == 6 && memcmp(at, "kroner", 6) == 0);
    if (krone) {
        struct amount_match amount = amount_at(at, scan->end);
        if (!scaled || amount.size)
            scan_line(scan)->flags |= LINE_UNIT;
        bool unit = !amount.size || scan_is_unit(scan, at, &amount);
        scan_spot(scan)->currency |= unit;
        if (amount.size) {
            *full = !unit && !scan_amount(scan, at, &amount);
            return at + amount.size;
        }
        return scaled ? NULL : try_words(scan, at, stop, full);
    }
    return NULL;
}

/* Words that tell of attendance, of a seat, or of money: their line is marked, so that later stages look there only. */
static void mark_line(struct scan *scan, const char *at, const char *stop)
{
    static const struct span cues[] = {
#define CUE(head) WORD(head),
#include "cue.def"
#undef CUE
    };
    size_t size = (size_t)(stop - at);
    char first = (char)(*at | 0x20);
    if (size < 2 || first < 'a' || first > 'z')
        return;
    bool unit = first == 'k'
                    ? size == 2 && (at[1] | 0x20) == 'r'
                    : (first == 't' || first == 'm') && size == 3 && (at[1] | 0x20) == 'k' && (at[2] | 0x20) == 'r';
    unit = unit || (size == 4 && memcmp(at, "TDKK", 4) == 0);
    if (unit) {
        scan_line(scan)->flags |= LINE_UNIT;
        scan_spot(scan)->currency |= size > 2; /* "kr" itself, try_led has seen */
    }
    for (size_t i = cue_first[first & 31]; i < sizeof cues / sizeof *cues && cues[i].at[0] == first; i++)
        if (at[1] == cues[i].at[1] && size >= cues[i].size && memcmp(at + 1, cues[i].at + 1, cues[i].size - 1) == 0) {
            scan_line(scan)->flags |= LINE_CUE;
            return;
        }
}

const char *scan_wanted(struct scan *scan, const char *at, const char *stop, unsigned wants, bool *full)
{
    const char *next = wants & WANT_LED ? try_led(scan, at, stop, full) : NULL;
    if (wants & WANT_CUE)
        mark_line(scan, at, stop);
    return wants & WANT_ANY_LAW && !next && !*full && law_may_begin(at, stop, wants) ? scan_law(scan, at, full) : next;
}
