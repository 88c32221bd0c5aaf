/* running: the heads and feet that stand on every page beside its number. After the lines are told apart. Pure.
 *
 * "Teknisk Udvalg, 4. maj 2020" above "Side 3" is no heading of a decision: it stands beside the number of a page, word
 * for word the same, at least three times. Source: published minutes. */
#include "reading.h"
#include "words.h"

#include <string.h>

enum { KINDS = 8, TIMES = 3, LONGEST = 120 };

struct kinds {
    struct span text[KINDS];
    size_t times[KINDS], count;
};

/* Can the line be a page's head? The name of a body, a day or a title, but no sentence, label or answer. */
static bool may_run(struct span text, const struct line *line)
{
    static const struct span words[] = {WORD("dvalg"),    WORD("råd"),     WORD("Kommune"), WORD("kommune"),
                                        WORD("styrelse"), WORD("Referat"), WORD("REFERAT"), WORD("eferat"),
                                        WORD("Region"),   WORD("Råd"),     WORD("rotokol"), WORD("agsorden")};
    if (line->label != LABEL_NONE || line->flags & (LINE_PAGE | LINE_ROW | LINE_CONTENTS) || text.size > LONGEST ||
        text.size < 6 || strchr(".:;,", text.at[text.size - 1]) || (text.at[0] >= '0' && text.at[0] <= '9'))
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_seek(text, words[i].at, words[i].size, false))
            return true;
    return false;
}

/* The line beside the number of a page at `page`, above it or below it; NULL if there is none. */
static struct line *beside(const struct line_list *lines, size_t page, bool below)
{
    if (below)
        return page + 1 < lines->count ? &lines->items[page + 1] : NULL;
    return page ? &lines->items[page - 1] : NULL;
}

static void kind_count(struct kinds *kinds, struct span text)
{
    for (size_t i = 0; i < kinds->count; i++)
        if (span_equal(kinds->text[i], text)) {
            kinds->times[i]++;
            return;
        }
    if (kinds->count == KINDS)
        return;
    kinds->times[kinds->count] = 1;
    kinds->text[kinds->count++] = text;
}

static bool kind_runs(const struct kinds *kinds, struct span text)
{
    for (size_t i = 0; i < kinds->count; i++)
        if (kinds->times[i] >= TIMES && span_equal(kinds->text[i], text))
            return true;
    return false;
}

void lines_running(const struct body *body, struct line_list *lines)
{
    struct kinds kinds = {.count = 0};
    for (int pass = 0; pass < 2; pass++)
        for (size_t page = 0; page < lines->count; page++) {
            if (!(lines->items[page].flags & LINE_PAGE))
                continue;
            for (int below = 0; below < 2; below++) {
                struct line *line = beside(lines, page, below);
                struct span text = line ? line_text(body, line) : (struct span){0};
                if (!line || !may_run(text, line))
                    continue;
                if (pass == 0)
                    kind_count(&kinds, text);
                else if (kind_runs(&kinds, text))
                    line->flags |= LINE_PAGE;
            }
        }
}
