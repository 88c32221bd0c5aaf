/* flow_mark: which words amid a text say that an item is closed. Pure.
 *
 * "Lukket punkt: Title", "4. (Lukket) Title", "Title LUKKET Beslutning" and the like do; "skolen er lukket i juli",
 * "Lukket: mandag" and the marks of attachments do not. In doubt a capital, a number before the words or a colon behind
 * them tells. */
#include "entity.h"
#include "flow.h"
#include "words.h"

#include <string.h>

enum {
    LABEL_BYTES = 80,    /* the longest words, and what shows that they are over */
    BACK_BYTES = 160,    /* from the words back to the number of their heading */
    TITLE_BYTES = 240,   /* what is looked at behind a number */
    CASE_LEAST = 9,      /* the number of a case; a shorter one may be a sum or a day */
    LIST_BYTES = 400,    /* from a file back to "Bilag" */
    NAME_BYTES = 80,     /* the name of a file */
    FILE_BYTES = 24,     /* before the words: a file's name, which they may speak of */
    SENTENCE_BYTES = 120 /* from "for lukkede døre" back to the beginning of the sentence */
};

static bool is_letter(const char *at)
{
    unsigned char c = (unsigned char)*at;
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c >= 0xC3;
}

static bool is_little(const char *at)
{
    return is_letter(at) && !flow_is_big(at);
}

bool flow_begins(const char *at, const char *floor)
{
    return at == floor ||
           ((unsigned char)at[-1] < 0x80 && !is_letter(at - 1) && !is_digit(at[-1]) &&
            strchr(" \n\t*#|_([>~=-", at[-1]) != NULL) ||
           (at - floor >= 3 && (unsigned char)at[-3] == 0xE2);
}

struct flow_heading flow_heading_at(const char *at, const char *end)
{
    struct flow_heading none = {0};
    if (!heading_may_begin(*at))
        return none;
    struct heading_match match = heading_at(at, end - at > TITLE_BYTES ? at + TITLE_BYTES : end);
    switch (match.style) {
    case STYLE_NONE:
    case STYLE_LISTED:
    case STYLE_BELOW:
    case STYLE_PLAIN:
    case STYLE_NESTED: return none;
    default: break;
    }
    return (struct flow_heading){at, at + match.title, match.number, match.style};
}

/* Nothing but signs from `at` to `end`. */
static bool only_signs(const char *at, const char *end)
{
    for (; at < end; at++)
        if (is_letter(at) || is_digit(*at))
            return false;
    return true;
}

/* A sentence ends at `at`, and another one or something else begins before `end`. */
static bool is_end(const char *at, const char *end)
{
    const char *next = at + 1;
    if (!strchr(".?!;", *at))
        return false;
    while (next < end && (*next == ' ' || *next == '\n'))
        next++;
    return next > at + 1 && (next == end || flow_is_big(next) || !is_letter(next));
}

/* A sentence ends between the two. */
static bool holds_end(const char *at, const char *end)
{
    for (; at + 1 < end; at++)
        if (is_end(at, end))
            return true;
    return false;
}

/* A number that stands right before the title alone: "5 Lukket Title", "138Lukket punkt". */
static bool is_bare(enum heading_style style)
{
    return style == STYLE_BARE || style == STYLE_STUCK || style == STYLE_FIGURE || style == STYLE_ALONE ||
           style == STYLE_DASH;
}

/* "den 5. Lukket", "kl. 16 Lukket", a day or the number of a case: no number of a heading. */
static bool is_other(const char *at, const char *end, const char *floor)
{
    if (is_digit(*at) && (date_at(at, end).size || case_number_at(at, end).size))
        return true;
    static const struct span words[] = {WORD(" den"), WORD(" d."),  WORD(" kl."), WORD(" kl"),
                                        WORD(" nr."), WORD(" til"), WORD(" og"),  WORD("ilag")};
    while (at > floor && (unsigned char)at[-1] <= ' ')
        at--;
    struct span before = {floor, (size_t)(at - floor)};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (word_ends(before, words[i]))
            return true;
    return false;
}

struct flow_heading flow_heading_before(struct stretch words, const char *floor)
{
    struct flow_heading found = {0};
    const char *least = words.at - floor > BACK_BYTES ? words.at - BACK_BYTES : floor, *edge = words.at;
    while (edge > floor && (unsigned char)edge[-1] <= ' ')
        edge--;
    for (const char *at = words.at; at >= least; at--) {
        if (found.at && found.at - at > 16)
            break;
        if (!flow_begins(at, floor) || !heading_may_begin(*at))
            continue;
        struct flow_heading heading = flow_heading_at(at, words.end);
        if (!heading.at && at < edge) /* "Punkt 8:", and the words on the next line */
            heading = flow_heading_at(at, edge);
        bool direct = heading.at && (heading.title >= words.at || only_signs(heading.title, words.at));
        if (!heading.at || heading.number == 0 || (is_bare(heading.style) && !direct) || is_other(at, words.end, floor))
            continue;
        if (found.at ? heading.title >= found.at : direct || !holds_end(heading.title, words.at))
            found = heading; /* "Punkt 63: T", not "63: T" alone */
    }
    return found;
}

const char *flow_numbers_before(const char *at, const char *floor)
{
    for (;;) {
        const char *end = at;
        while (end > floor && (unsigned char)end[-1] <= ' ')
            end--;
        const char *begin = end;
        while (begin > floor && end - begin < 40 && (unsigned char)begin[-1] > ' ')
            begin--;
        struct number_match match =
            begin < end && is_digit(*begin) ? case_number_at(begin, end) : (struct number_match){0};
        if (match.size < CASE_LEAST || match.size != (size_t)(end - begin))
            return at;
        at = begin;
    }
}

/* "Bilag 3 (lukket)", "Kort.pdf - lukket": said of a file. */
static bool is_of_file(const char *at, const char *floor)
{
    struct span before = {at - floor > FILE_BYTES ? at - FILE_BYTES : floor, 0};
    before.size = (size_t)(at - before.at);
    static const struct span words[] = {WORD("bilag"), WORD(".pdf"), WORD(".doc"), WORD(".xls"), WORD(".ppt")};
    return text_holds_one(before, words, sizeof words / sizeof *words);
}

/* "Mandag", "Juleaften": when a house is closed. */
static bool is_time(struct span text)
{
    static const struct span words[] = {WORD("Mandag"),  WORD("Tirsdag"), WORD("Onsdag"), WORD("Torsdag"),
                                        WORD("Fredag"),  WORD("Lørdag"),  WORD("Søndag"), WORD("Jul"),
                                        WORD("Påske"),   WORD("Pinse"),   WORD("Hellig"), WORD("Sommer"),
                                        WORD("Weekend"), WORD("Uge"),     WORD("Kl."),    WORD("Nytår")};
    return words_start(words, sizeof words / sizeof *words, text) > 0;
}

/* What stands behind the words, signs aside. */
struct behind {
    const char *at;
    bool small, capital, digit, over, colon; /* over: nothing does; colon: a colon or a dash stands between */
};

static struct behind behind_read(const char *at, const char *end)
{
    struct behind behind = {.at = at};
    while (behind.at < end && !is_letter(behind.at) && !is_digit(*behind.at)) {
        behind.colon = behind.colon || *behind.at == ':' || *behind.at == '-' || (unsigned char)*behind.at == 0xE2;
        behind.at++;
    }
    behind.over = behind.at >= end;
    behind.digit = !behind.over && is_digit(*behind.at);
    behind.capital =
        !behind.over && flow_is_big(behind.at) && !is_time((struct span){behind.at, (size_t)(end - behind.at)});
    behind.small = !behind.over && !behind.digit && !flow_is_big(behind.at) && (at == end || *at == ' ' || *at == ':');
    return behind;
}

static bool is_capitals(const char *at, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (is_little(at + i) && !((unsigned char)at[i] >= 0x80))
            return false;
    return true;
}

/* "Åbent punkt Lukket punkt": the head of a table of who deals with it where. */
static bool below_open(const char *at, const char *floor)
{
    static const struct span words[] = {WORD("Åbent punkt"), WORD("Åben sag"), WORD("Åbent")};
    while (at > floor && (unsigned char)at[-1] <= ' ')
        at--;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (word_ends((struct span){floor, (size_t)(at - floor)}, words[i]))
            return true;
    return false;
}

/* "Punktet blev behandlet for lukkede døre": said of the item in which it stands. */
static bool is_doors(const char *at, const char *floor)
{
    static const struct span heads[] = {WORD("Punktet "), WORD("Sagen "), WORD("Dette punkt "), WORD("Denne sag "),
                                        WORD("Behandle")};
    const char *least = at - floor > SENTENCE_BYTES ? at - SENTENCE_BYTES : floor;
    for (const char *begin = at; begin-- > least;) {
        struct span sentence = {begin, (size_t)(at - begin)};
        if (is_end(begin, at))
            return false;
        if (flow_begins(begin, floor) && words_start(heads, sizeof heads / sizeof *heads, sentence))
            return text_holds(sentence, "behandle") && !text_holds(sentence, "skal") && !text_holds(sentence, "ikke");
    }
    return false;
}

/* "3 Lukket Budget.xlsx" or, behind "2 Åben Kort", "3 Lukket Notat", all that behind "Bilag": said of a file. */
static bool is_listed(const struct flow_mark *mark, const char *end, const char *floor)
{
    static const struct span files[] = {WORD(".pdf"), WORD(".doc"), WORD(".xls"), WORD(".ppt")};
    const char *number = mark->heading.at, *least = number - floor > LIST_BYTES ? number - LIST_BYTES : floor;
    const char *stop = end - mark->end > NAME_BYTES ? mark->end + NAME_BYTES : end, *list = NULL;
    for (const char *at = number; at-- > least && !list;)
        list = memcmp(at, "ilag", 4) == 0 ? at : NULL;
    if (!list)
        return false;
    struct span above = {list, (size_t)(number - list)};
    return text_holds(above, "åben") || text_has(above, "lukket") ||
           text_holds_one((struct span){mark->end, (size_t)(stop - mark->end)}, files, sizeof files / sizeof *files);
}

/* What the words of a heading that lead what is closed mean; `match` has them. */
static bool is_mark(const struct flow_mark *mark, const struct label_match *match, struct stretch words,
                    const char *floor)
{
    const char *before = mark->at;
    while (before > floor && strchr(" *_", before[-1]))
        before--;
    bool bracket = before > floor && strchr("([", before[-1]) && mark->end < words.end && strchr(")]", *mark->end);
    bool capital = flow_is_big(mark->at), heading = mark->heading.at != NULL;
    bool direct = heading && (mark->heading.title >= mark->at || only_signs(mark->heading.title, mark->at));
    bool pair = memchr(mark->at, ' ', match->size) != NULL; /* of words */
    bool dash = before > floor && strchr("-,", before[-1]);
    struct behind behind = behind_read(mark->end, words.end);
    if (direct && (is_bare(mark->heading.style) || mark->heading.style == STYLE_COLUMN) && !pair &&
        is_listed(mark, words.end, floor))
        return false;
    if (direct)
        return !behind.small || (pair && match->label == LABEL_CLOSED);
    if (!(pair && capital) && is_of_file(mark->at, floor))
        return false;
    if (bracket)
        return heading || capital;
    if (!capital)
        return heading && dash && !behind.small && !pair;
    if (behind.small)
        return false;
    if (pair && match->label == LABEL_CLOSED && below_open(mark->at, floor))
        return false;
    if (pair)
        return true;
    if (match->label == LABEL_GROUP_CLOSED) /* "Lukkede" */
        return behind.colon || (behind.over && mark->at > floor && mark->at[-1] == '\n') ||
               (behind.digit && flow_heading_at(behind.at, words.end).number > 0);
    enum label next = behind.capital ? label_at(behind.at, words.end).label : LABEL_NONE;
    if (is_capitals(mark->at, match->size))
        return behind.over || behind.capital;
    return (behind.over && mark->at > floor && mark->at[-1] == ' ') ||
           (behind.capital && (behind.colon || next >= LABEL_SECTION || next == LABEL_CASE));
}

struct flow_mark flow_mark_next(struct stretch words, const char *floor)
{
    static const bool begins[256] = {
        ['l'] = true, ['f'] = true, ['c'] = true, ['i'] = true, ['d'] = true, ['p'] = true, ['s'] = true, ['e'] = true,
        ['L'] = true, ['F'] = true, ['C'] = true, ['I'] = true, ['D'] = true, ['P'] = true, ['S'] = true, ['E'] = true};
    for (const char *at = words.at; at < words.end; at++) {
        if (!begins[(unsigned char)*at] ||
            (at > floor && (is_letter(at - 1) || (unsigned char)at[-1] >= 0x80) && !flow_is_big(at)))
            continue;
        const char *stop = at;
        while (stop < words.end && stop - at < LABEL_BYTES && !strchr(")]*_|#\n\t", *stop))
            stop++;
        struct label_match match = label_at(at, stop);
        if (match.label != LABEL_CLOSED && match.label != LABEL_GROUP_CLOSED)
            continue;
        struct flow_mark mark = {FLOW_ITEM, at, at + match.size, {0}, false};
        mark.heading = flow_heading_before((struct stretch){at, words.end}, floor);
        bool doors = match.label == LABEL_GROUP_CLOSED && !flow_is_big(at) && is_doors(at, floor);
        if (doors || is_mark(&mark, &match, words, floor)) {
            bool direct = mark.heading.at && (mark.heading.title >= at || only_signs(mark.heading.title, at));
            mark.kind = doors ? FLOW_DOORS : match.label == LABEL_GROUP_CLOSED && !direct ? FLOW_GROUP : FLOW_ITEM;
            mark.sure = direct && !is_bare(mark.heading.style);
            return mark;
        }
        at += match.size - 1;
    }
    return (struct flow_mark){0};
}
