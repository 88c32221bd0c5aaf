/* flow_end: where a closed item that stands amid a line ends. Pure.
 *
 * At the heading with the next number, at one that names itself ("Punkt 8"), at words that say that something is open.
 * Lists within an item have numbers too: in doubt it goes on. A table of contents is left where its numbers begin again
 * or a heading of it comes again. */
#include "flow.h"

#include <string.h>

enum {
    AGAIN_BYTES = 8,  /* of a title, with its number: so much stands in the table of contents, too */
    SIGNS_BYTES = 40, /* signs before a number */
    FRONT_PART = 2    /* a table of contents stands in this part of the text, if anywhere */
};

/* A style that no list within an item has. */
bool flow_is_named(enum heading_style style)
{
    return style == STYLE_POINT || style == STYLE_NR || style == STYLE_ACCESS || style == STYLE_YEAR ||
           style == STYLE_AD || style == STYLE_CELL;
}

bool flow_is_dotted(enum heading_style style)
{
    return flow_is_named(style) || style == STYLE_DOT;
}

/* Does the closed item with number `number` (0: it has none) end where this heading begins? `front`: it may stand in a
 * table of contents, behind which the numbers begin again. */
static bool ends_item(const struct flow_heading *heading, unsigned number, bool front, bool sentence)
{
    if (!heading->at || heading->number == 0 || !(flow_is_big(heading->title) || heading->style == STYLE_ACCESS))
        return false;
    bool named = flow_is_named(heading->style), dotted = flow_is_dotted(heading->style);
    if (number && heading->number == number + 1)
        return dotted || sentence;
    if (number && heading->number < number)
        return front && (named || (dotted && heading->number == 1));
    return sentence && (number ? named && heading->number <= number + 3 : named);
}

/* The heading stood before `at` already, in a table of contents. */
static bool is_again(const char *base, unsigned *looks, const struct flow_heading *heading, const char *at)
{
    size_t size = (size_t)(heading->title - heading->at) + AGAIN_BYTES;
    return flow_is_big(heading->title) && (*looks)++ < FLOW_LOOKS &&
           text_find((struct span){base, (size_t)(at - base)}, heading->at, size, false);
}

/* No word stands right before `at` but a number: a sentence, a cell or a line is over. */
static bool is_apart(const char *at, const char *base)
{
    const char *least = at - base > SIGNS_BYTES ? at - SIGNS_BYTES : base;
    while (at > least && !flow_is_word(at[-1]) && !strchr(".:;?!)\n|*#", at[-1]))
        at--;
    return at == base || !flow_is_word(at[-1]) || is_digit(at[-1]);
}

const char *flow_end(const struct reading *reading, unsigned *looks, struct stretch words, unsigned number, bool group,
                     struct flow_heading *heading)
{
    const char *base = reading->body.text.at, *from = words.at, *end = words.end;
    bool front = (size_t)(from - base) < reading->body.text.size / FRONT_PART;
    unsigned last = 0;
    *heading = (struct flow_heading){0};
    for (const char *at = from; at < end; at++) {
        if (!flow_begins(at, base))
            continue;
        if (flow_is_big(at)) {
            struct label_match match = label_at(at, end);
            if ((match.label == LABEL_OPEN && match.size > 8) || (match.label == LABEL_GROUP_OPEN && match.size > 6))
                return at;
        }
        struct flow_heading here = flow_heading_at(at, end);
        if (here.number == 0)
            continue;
        bool sentence = is_apart(at, base), lower = here.number < last;
        bool ends =
            group ? lower && ends_item(&here, last, front, sentence) : ends_item(&here, number, front, sentence);
        if (ends || (front && here.number != number && is_again(base, looks, &here, from))) {
            *heading = here;
            return at;
        }
        bool first = group && last == 0 && flow_is_above(from, at); /* right behind the words */
        if (first || (group && ends_item(&here, last, false, sentence)))
            last = here.number;
    }
    return end;
}
