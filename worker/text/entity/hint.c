/* hint: words and labels -> what a number is. Pure. */
#include "hint.h"

#include "word_lookup.h"

#include <string.h>

enum { HINT_MOST = 16 }; /* bytes of the longest of these words */

enum hint word_hint(struct span word)
{
    static const struct span words[] = {
#define HINT(word, hint) WORD(word),
#include "hint.def"
#undef HINT
    };
    static const enum hint hints[] = {
#define HINT(word, hint) hint,
#include "hint.def"
#undef HINT
    };
    static const struct word_list list = {words, hint_slots, sizeof hint_slots / 2 - 1};
    char small[HINT_MOST];
    if (word.size > sizeof small)
        return HINT_NONE;
    for (size_t i = 0; i < word.size; i++)
        small[i] = word.at[i] >= 'A' && word.at[i] <= 'Z' ? (char)(word.at[i] + 32) : word.at[i];
    size_t found = word_number(&list, (struct span){small, word.size});
    return found ? hints[found - 1] : HINT_NONE;
}

struct span hint_word(const struct scan *scan, const char *at)
{
    struct span word = word_before(&scan->reading->body, (size_t)(at - scan->base));
    if ((word.size == 2 && text_has(word, "nr")) || (word.size == 6 && text_has(word, "nummer")) ||
        (word.size == 2 && text_has(word, "id")))
        return word_before(&scan->reading->body, (size_t)(word.at - scan->base));
    return word;
}

static enum hint label_hint(enum label label)
{
    switch (label) {
    case LABEL_CASE: return HINT_CASE;
    case LABEL_DOCUMENT:
    case LABEL_DOCUMENTS: return HINT_DOCUMENT;
    case LABEL_KLE: return HINT_KLE;
    default: return HINT_NONE;
    }
}

bool hint_columns(const struct scan *scan)
{
    const struct line *line = scan_line(scan);
    if (!scan->line || line->label != LABEL_CASE || line->value != line->start || !(line->flags & LINE_ROW))
        return false;
    struct span above = {scan->base + line[-1].start, line[-1].end - line[-1].start};
    return above.size && above.at[above.size - 1] == ':' &&
           (text_holds(above, "sagsid") || text_holds(above, "sagsnr"));
}

/* "Sagsnr.: Sagen afgøres i: Bilag:" on one line, and what stands behind them on the next: the case leads. */
static bool below_labels(const struct scan *scan)
{
    const struct line *above = scan_line(scan) - 1;
    if (!scan->line || above->label != LABEL_CASE || above->value >= above->end || is_digit(scan->base[above->value]))
        return false;
    return (above->gap == GAP_COLON && scan->base[above->end - 1] == ':') ||
           (above->gap == GAP_WIDE && above->flags & LINE_ROW && above->end - above->start < 90); /* heads of columns */
}

/* "J.nr.:. Sagsid.: Initialer: 02117 LKJ" with a line each: the labels above are empty, and the first value behind the
 * last of them is the case's. */
static bool behind_empty(const struct scan *scan, size_t offset)
{
    const struct line *line = scan_line(scan), *above = line - 1;
    return line->label == LABEL_CLERK && line->gap == GAP_COLON && offset == line->value && scan->line &&
           above->label == LABEL_CASE && above->gap == GAP_END;
}

enum hint hint_at(const struct scan *scan, const char *at)
{
    const struct line *line = scan_line(scan);
    size_t offset = (size_t)(at - scan->base);
    enum hint hint = HINT_NONE;
    if (offset > line->start)
        hint = word_hint(hint_word(scan, at));
    if (hint == HINT_NONE && line->label && offset == line->value)
        hint = label_hint((enum label)line->label);
    bool first = offset == line->value && line->label >= LABEL_SECTION;
    if (hint == HINT_NONE && (hint_columns(scan) || (first && line_ends_labels(scan->reading->lines.items, line))))
        hint = HINT_CASE;
    if (hint == HINT_NONE && ((offset == line->start && below_labels(scan)) || behind_empty(scan, offset)))
        hint = HINT_CASE;
    if (hint == HINT_NONE && offset == line->start)
        for (size_t back = 1; back <= 3 && back <= scan->line; back++) {
            const struct line *before = line - back;
            hint = before->gap == GAP_END ? label_hint((enum label)before->label) : HINT_NONE;
            bool number = is_digit(scan->base[before->start]) && before->end - before->start < 24;
            if (hint != HINT_NONE || !number) /* a list of numbers may stand under one label */
                break;
        }
    return hint;
}
