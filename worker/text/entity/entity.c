/* entity: the pass over the clean text that finds entities and everything that may be a person's name.
 *
 * One walk from word to word. What begins there is told by its first byte; the scanner of a family is asked only where
 * its kind of thing can begin. Nothing is read twice but a word or two, so the time is linear. Pure.
 *
 *   a figure             number.c          a sign                         sign.c
 *   a capital            capital.c         a word that leads something    led.c */
#include "scan.h"

#include "glance.h"
#include "org.h"

#include <string.h>

/* What a byte may begin. Others begin nothing. */
enum kind { KIND_OTHER, KIND_END, KIND_DIGIT, KIND_CAPITAL, KIND_SMALL, KIND_LATIN, KIND_SIGN, KIND_C2, KIND_E2 };

#define TWO(first, kind)   [first] = (kind), [(first) + 1] = (kind)
#define EIGHT(first, kind) TWO(first, kind), TWO((first) + 2, kind), TWO((first) + 4, kind), TWO((first) + 6, kind)
#define TWENTY_SIX(first, kind)                                                                                        \
    EIGHT(first, kind), EIGHT((first) + 8, kind), EIGHT((first) + 16, kind), TWO((first) + 24, kind)
static const unsigned char kinds[256] = {[0] = KIND_END,
                                         TWENTY_SIX('a', KIND_SMALL),
                                         TWENTY_SIX('A', KIND_CAPITAL),
                                         EIGHT('0', KIND_DIGIT),
                                         TWO('8', KIND_DIGIT),
                                         ['-'] = KIND_SIGN,
                                         ['+'] = KIND_SIGN,
                                         [0xC2] = KIND_C2,
                                         [0xC3] = KIND_LATIN,
                                         EIGHT(0xC4, KIND_LATIN),
                                         [0xCC] = KIND_LATIN,
                                         TWO(0xCD, KIND_LATIN),
                                         [0xCF] = KIND_LATIN,
                                         EIGHT(0xD0, KIND_LATIN),
                                         EIGHT(0xD8, KIND_LATIN),
                                         TWO(0xE0, KIND_LATIN),
                                         [0xE2] = KIND_E2,
                                         [0xE3] = KIND_LATIN,
                                         TWO(0xE4, KIND_LATIN),
                                         TWO(0xE6, KIND_LATIN),
                                         EIGHT(0xE8, KIND_LATIN),
                                         EIGHT(0xF0, KIND_LATIN),
                                         EIGHT(0xF8, KIND_LATIN)};
#undef TWO
#undef EIGHT
#undef TWENTY_SIX

/* The white space of a surface is single spaces between its words, so that folding it changes nothing. */
static bool is_folded(const char *at, size_t size)
{
    const char *end = at + size;
    for (const char *white = at;; white++) {
        white = bytes_find4(white, end, ' ', '\n', '\t', '\r');
        if (white == end)
            return true;
        if (*white != ' ' || white == at || white + 1 == end || white[1] == ' ')
            return false;
    }
}

bool scan_add(struct scan *scan, enum entity_type type, const char *at, size_t size, struct span value,
              const char *rule)
{
    struct reading *reading = scan->reading;
    if (!value.at) {
        bool squeeze = type == ENTITY_CASE || type == ENTITY_DOCUMENT;
        bool clean = squeeze ? bytes_find4(at, at + size, ' ', '\n', '\t', '\t') == at + size : is_folded(at, size);
        struct text copy = clean     ? (struct text){at, size}
                           : squeeze ? text_squeeze(reading->arena, (struct span){at, size})
                                     : text_fold(reading->arena, (struct span){at, size});
        if (!copy.at)
            return false;
        value = (struct span){copy.at, copy.size};
    }
    struct entity *entity = LIST_PUSH(reading->arena, &reading->entities);
    if (!entity)
        return false;
    size_t start = (size_t)(at - scan->base);
    *entity = (struct entity){.type = type, .start = start, .end = start + size, .value = value, .rule = rule};
    return true;
}

/* From a word to the next as long as small words follow that no rule wants: most of the text. */
static const char *scan_small(struct scan *scan, const char *at)
{
    const char *event = scan->event < (size_t)(scan->end - scan->base) ? scan->base + scan->event : scan->end;
    for (;;) {
        const char *stop = glance_word_ahead(at);
        unsigned wants = glance_wants(at, stop);
        if (wants) {
            bool full = false;
            const char *next = scan_wanted(scan, at, stop, wants, &full);
            if (next || full)
                return full ? NULL : next;
        }
        at = stop > at ? stop : at + 1;
        if (*at != ' ')
            return at;
        at++;
        if (at >= event || kinds[(unsigned char)*at] != KIND_SMALL)
            return at;
    }
}

static bool is_capital_latin(const char *at)
{
    unsigned char second = (unsigned char)at[1];
    return (unsigned char)at[0] == 0xC3 && second >= 0x80 && second <= 0x9E;
}

static const char *scan_step(struct scan *scan, const char *at)
{
    switch ((enum kind)kinds[(unsigned char)*at]) {
    case KIND_DIGIT: return scan_number(scan, at);
    case KIND_CAPITAL: return scan_capital(scan, at);
    case KIND_SMALL: return scan_small(scan, at);
    case KIND_SIGN: return scan_sign(scan, at, 1);
    case KIND_LATIN:
        if ((unsigned char)at[0] == 0xC3 && (unsigned char)at[1] == 0xB7) /* ÷ */
            return scan_sign(scan, at, 2);
        return is_capital_latin(at) || (unsigned char)at[0] == 0xC5 ? scan_capital(scan, at) : scan_small(scan, at);
    case KIND_C2: {
        if ((unsigned char)at[1] >= 0xBC && (unsigned char)at[1] <= 0xBE && at > scan->base &&
            strchr(" (\n\t", at[-1])) { /* "½ mio. kr.", but "½ time" has no figure to step over */
            const char *stop = scan_number(scan, at);
            return stop == at ? at + 2 : stop;
        }
        bool full = false, section = (unsigned char)at[1] == 0xA7;
        const char *next = section ? scan_law(scan, at, &full) : NULL;
        return full ? NULL : next ? next : at + 2;
    }
    case KIND_E2:
        if ((unsigned char)at[1] == 0x88 && (unsigned char)at[2] == 0x92) /* U+2212, the minus sign */
            return scan_sign(scan, at, 3);
        if ((unsigned char)at[1] == 0x80 && (unsigned char)at[2] == 0x93 && at > scan->base &&
            (at[-1] == ' ' || at[-1] == '\t'))
            return scan_sign(scan, at, 3);
        return at + 3 <= scan->end ? at + 3 : scan->end;
    default: return at + 1;
    }
}

/* The line at `at` is another than before, or `at` is where a line with a label begins: the words of a label are no
 * name
 * ("Mødedato Tirsdag" is a label and a day). Gives where to go on. */
static const char *scan_follow(struct scan *scan, const char *at)
{
    const struct line_list *lines = &scan->reading->lines;
    size_t offset = (size_t)(at - scan->base);
    while (scan->line + 1 < lines->count && offset >= lines->items[scan->line + 1].start)
        scan->line++;
    struct line *line = scan_line(scan);
    bool last = scan->line + 1 >= lines->count;
    scan->event = line->label && offset < line->start ? line->start : last ? SIZE_MAX : line[1].start;
    if (!line->label || offset != line->start)
        return at;
    line->flags |= LINE_CUE;
    bool label = line->label < LABEL_SECTION && line->value <= line->end;
    return label ? scan->base + line->value : at;
}

enum fault entity_read(struct reading *reading)
{
    const struct text *text = &reading->body.text;
    struct scan scan = {.reading = reading, .base = text->at, .end = text->at + text->size};
    if (!reading->lines.count)
        return FAULT_NONE;
    for (const char *at = scan.base;;) {
        at += kinds[(unsigned char)*at] == KIND_OTHER; /* one or two, as most often: nothing foretells how many */
        at += kinds[(unsigned char)*at] == KIND_OTHER;
        while (kinds[(unsigned char)*at] == KIND_OTHER)
            at++;
        if (at >= scan.end)
            break;
        const char *value = (size_t)(at - scan.base) >= scan.event ? scan_follow(&scan, at) : at;
        at = value > at ? value : scan_step(&scan, at);
        if (!at)
            return arena_full(reading->err);
    }
    return scan.found_more && !org_again(reading) ? arena_full(reading->err) : FAULT_NONE;
}
