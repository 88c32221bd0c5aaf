/* unfold: transcripts that hold a page on one line get their lines back.
 *
 * Only very long lines are touched. A space before a label, a section heading or a numbered heading becomes a line
 * end, and so does the space behind a section heading. Nothing moves: one space becomes one line end. Pure. */
#include "line.h"

#include <string.h>

enum { LONG_LINE = 1200 };

static bool is_capital(unsigned char first, unsigned char second)
{
    return (first >= 'A' && first <= 'Z') || (first == 0xC3 && second >= 0x80 && second <= 0x9E);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The words of the text are borrowed as const; this stage owns them still. */
static void break_at(struct body *body, size_t at)
{
    char *text = (char *)body->text.at;
    if (text[at] != ' ')
        return;
    text[at] = '\n';
    body->line_count++;
}

/* "12. Title" or "Punkt 12": up to three digits, a point, a space and a capital. */
static bool numbered_heading(const char *at, const char *end)
{
    const char *cursor = at;
    while (cursor < end && cursor - at < 3 && is_digit(*cursor))
        cursor++;
    if (cursor == at || end - cursor < 4 || *cursor != '.')
        return false;
    cursor++;
    while (cursor < end && *cursor == ' ' && cursor - at < 8)
        cursor++;
    return cursor[-1] == ' ' && end - cursor > 2 && is_capital((unsigned char)cursor[0], (unsigned char)cursor[1]);
}

/* Does what stands before let a new line begin? A sentence must be over, or a heading be just behind. */
static bool sentence_over(const char *base, const char *at)
{
    while (at > base && at[-1] == ' ')
        at--;
    return at == base || strchr(".:;?!)\n0123456789", at[-1]) != NULL;
}

static bool breaks_before(const struct label_match *match, const char *base, const char *at, const char *end)
{
    const char *behind = at + match->value;
    bool capital = end - behind > 1 && is_capital((unsigned char)behind[0], (unsigned char)behind[1]);
    bool digit = behind < end && is_digit(*behind);
    switch (match->label) {
    case LABEL_NONE:
    case LABEL_NOISE:
    case LABEL_CONTENTS: return false;
    case LABEL_CASE: return true;
    case LABEL_OPEN:
    case LABEL_CLOSED: return match->size > 8 && sentence_over(base, at);
    case LABEL_POINT:
    case LABEL_ITEM_NUMBER: return sentence_over(base, at);
    case LABEL_END: return match->size > 6;
    case LABEL_BALLOT: return match->size > 6 && sentence_over(base, at);
    default: break;
    }
    if (match->label < LABEL_SECTION)
        return match->gap == GAP_COLON;
    return (capital || digit || match->gap == GAP_COLON) && match->gap != GAP_STUCK;
}

static void unfold_line(struct body *body, size_t start, size_t stop)
{
    const char *base = body->text.at + start, *end = body->text.at + stop;
    for (const char *at = base; at < end; at++) {
        if (at > base && at[-1] != ' ')
            continue;
        if (is_digit(*at)) {
            if (at > base && numbered_heading(at, end) && sentence_over(base, at))
                break_at(body, (size_t)(at - 1 - body->text.at));
            continue;
        }
        if (!is_capital((unsigned char)at[0], (unsigned char)at[1]))
            continue;
        struct label_match match = label_at(at, end);
        if (!breaks_before(&match, base, at, end))
            continue;
        if (at > base)
            break_at(body, (size_t)(at - 1 - body->text.at));
        bool heading = match.label >= LABEL_SECTION && match.label != LABEL_SECTION + SECTION_DECISION;
        if (heading && match.gap == GAP_SPACE)
            break_at(body, (size_t)(at - body->text.at) + match.size);
        at += match.size - 1;
    }
}

void unfold_lines(struct body *body)
{
    const char *base = body->text.at;
    for (size_t at = 0; at < body->text.size;) {
        const char *stop = memchr(base + at, '\n', body->text.size - at);
        size_t next = stop ? (size_t)(stop - base) : body->text.size;
        if (next - at > LONG_LINE)
            unfold_line(body, at, next);
        at = next + 1;
    }
}
