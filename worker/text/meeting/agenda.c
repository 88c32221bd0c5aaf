/* agenda: finds the items of a meeting. After the lines, before the entities. Pure.
 *
 * A heading is told by its number, by its place among the numbers, and by its neighbours: labels and sections follow
 * it. Where nothing is numbered, the titles of the table of contents, case numbers and the order of sections tell. */
#include "agenda.h"
#include "decision.h"
#include "words.h"

#include <string.h>

static const struct line *line_of(const struct reading *reading, size_t line)
{
    return &reading->lines.items[line];
}

/* A line that holds nothing but a case or a subject number, or "Sag" and the number. */
static bool is_number_line(const struct reading *reading, size_t line)
{
    struct span text = reading_line(reading, line);
    size_t word = span_starts(text, SPAN("Sag ")) ? 4 : span_starts(text, SPAN("Sag: ")) ? 5 : 0;
    text = span_cut(text, word, text.size);
    if (text.size > 40 || text.size < 4 || !(*text.at >= '0' && *text.at <= '9'))
        return false;
    struct number_match match = case_number_at(text.at, text.at + text.size);
    if (match.size && match.size < text.size && text.at[match.size] == ' ') { /* "11/1840    Åbent punkt" */
        struct span mark = text_trim(span_cut(text, match.size, text.size), "");
        enum label label = label_at(mark.at, text.at + text.size).label;
        text.size = label == LABEL_OPEN || label == LABEL_CLOSED ? match.size : text.size;
    }
    bool plain = match.shape == NUMBER_PLAIN || match.shape == NUMBER_NONE || match.shape == NUMBER_DASH_YEAR ||
                 match.shape == NUMBER_YEAR_DASH;
    return !plain && match.size == text.size;
}

static bool is_meta(uint8_t label)
{
    return label == LABEL_CASE || label == LABEL_DOCUMENT || label == LABEL_OPEN || label == LABEL_CLOSED ||
           label == LABEL_KLE || label == LABEL_CLERK || label == LABEL_ITEM_NUMBER;
}

static bool is_decider(const struct reading *reading, size_t line)
{
    struct span text = reading_line(reading, line);
    struct day day;
    return decider_at(text.at, text.at + text.size, &day);
}

static bool opens_section(const struct reading *reading, size_t line)
{
    const struct line *here = line_of(reading, line);
    return here->label >= LABEL_SECTION || is_decider(reading, line) || is_recommendation(reading, line);
}

static bool is_small(struct span title)
{
    unsigned char first = (unsigned char)*title.at, second = title.size > 1 ? (unsigned char)title.at[1] : 0;
    return (first >= 'a' && first <= 'z') || (first == 0xC3 && second >= 0x9F);
}

/* "Udsat.": a title may stand right above what was decided. */
static float score_answer(const struct reading *reading, size_t line)
{
    const struct line *here = line_of(reading, line);
    struct span text = reading_line(reading, line);
    if (text.size >= 80 || here->flags & LINE_ROW || reading->spots[line].style != STYLE_NONE)
        return 0;
    return outcome_word(text) ? 2.5f : decision_outcome(text, false) != OUTCOME_OTHER ? 1.5f : 0;
}

/* What follows a heading speaks for it. */
static float score_behind(const struct reading *reading, size_t line, struct span title)
{
    float score = 0;
    for (size_t next = line + 1; next < reading->lines.count && next <= line + 4; next++) {
        const struct line *here = line_of(reading, next);
        if (here->flags & LINE_PAGE)
            continue;
        if (is_meta(here->label) || is_number_line(reading, next))
            return score + (next == line + 1 ? 4.0f : 2.5f);
        if (opens_section(reading, next))
            return score + (next == line + 1 ? 3.5f : 1.5f);
        if (next == line + 1 && text_alike(title, reading_line(reading, next)))
            score += 2; /* the title once more */
        if (here->blanks == 0 && next == line + 1)
            score -= 0.5f;
    }
    /* asked last: most headings have a section or a label below them, and reading an answer costs more than those */
    bool answer = !is_small(title) && line + 1 < reading->lines.count;
    return answer ? score + score_answer(reading, line + 1) : score;
}

/* "o o o", "- - -", "* * *", "_____": a line that parts two items in typed registers. */
static bool is_ornament(struct span text)
{
    size_t signs = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (!strchr("oO0-*=_.~ ", text.at[i]))
            return false;
        signs += text.at[i] != ' ';
    }
    return signs >= 2;
}

static float score_before(const struct reading *reading, size_t line)
{
    if (!line)
        return 1;
    const struct line *before = line_of(reading, line - 1);
    if (is_number_line(reading, line - 1))
        return 1;
    if (is_ornament(reading_line(reading, line - 1)))
        return 4;
    if (before->label == LABEL_OPEN || before->label == LABEL_CLOSED || before->label == LABEL_CASE ||
        before->label == LABEL_NOISE || before->label == LABEL_GROUP_OPEN || before->label == LABEL_GROUP_CLOSED)
        return 2;
    bool list =
        before->label == LABEL_SECTION + SECTION_ATTACHMENTS || before->label == LABEL_SECTION + SECTION_RECOMMENDATION;
    if (list && before->gap != GAP_COLON)
        return -3; /* the first of a list */
    return reading->spots[line - 1].contents || before->flags & LINE_PAGE ? 1 : 0;
}

static bool ends_sentence(struct span title)
{
    char last = title.at[title.size - 1];
    bool short_form = title.size > 3 && (span_equal(span_cut(title, title.size - 4, title.size), SPAN("m.v.")) ||
                                         span_equal(span_cut(title, title.size - 3, title.size), SPAN("mv.")) ||
                                         span_equal(title, SPAN("Evt.")) ||
                                         span_equal(span_cut(title, title.size - 4, title.size), SPAN(" kr.")));
    return (last == '.' && !short_form) || last == ',' || last == ';';
}

/* A heading in a register whose text is set in from it: the lines before and behind stand further to the right. */
static bool is_outdented(const struct reading *reading, size_t line)
{
    const struct line *here = line_of(reading, line);
    if (!here->blanks || line + 1 >= reading->lines.count || here->flags & LINE_BULLET)
        return false;
    bool before = !line || here[-1].indent > here->indent || here[-1].flags & LINE_PAGE;
    return here[1].indent >= here->indent + 2 && (before || line < 12);
}

/* The form of the title: a phrase with a capital, no sentence, no proposal, no answer. */
static float score_title(const struct reading *reading, const struct line *line, struct span title,
                         const struct title_set *titles)
{
    float score = 0;
    if (is_small(title))
        score -= 3.5f;
    if (ends_sentence(title))
        score -= 2.5f;
    if (title.size > 220)
        score -= 2;
    if (span_starts(title, SPAN("at ")) || span_starts(title, SPAN("At ")) ||
        line_holds(line, TRACE_PROPOSAL, title, "indstiller"))
        score -= 3;
    if (outcome_word(title))
        score -= 3;
    if (line->level)
        score += 1.5f;
    if (line->blanks)
        score += 0.5f;
    if (is_outdented(reading, (size_t)(line - reading->lines.items)))
        score += 2.5f;
    if (title_known(titles, title))
        score += 5;
    if (span_starts(title, SPAN("Lukket")) || line_has(line, TRACE_ACCESS, title, "(Lukket punkt)") ||
        line_has(line, TRACE_ACCESS, title, "Closed item") || line_has(line, TRACE_ORDINARY, title, "Eventuelt") ||
        span_starts(title, SPAN("Evt.")) || line_has(line, TRACE_ORDINARY, title, "Godkendelse af dagsorden"))
        score += 2;
    static const struct span closed[] = {WORD("Lukket punkt"), WORD("Lukket sag"), WORD("LUKKET PUNKT"),
                                         WORD("LUKKET SAG"),   WORD("LUKKET:"),    WORD("LUKKET -")};
    if (words_start(closed, sizeof closed / sizeof *closed, title))
        score += 1.5f;
    return score;
}

/* A line amid a list: its neighbours are numbered alike, one before and one behind. */
static float score_list(const struct reading *reading, size_t line, const struct heading_match *match)
{
    float score = 0;
    for (int step = -1; step <= 1; step += 2) {
        size_t other = line + (size_t)step;
        if ((step < 0 && !line) || other >= reading->lines.count || reading->spots[other].contents)
            continue;
        const struct heading_match *twin = reading_heading(reading, other);
        bool apart = line_of(reading, line)->blanks && line_of(reading, other)->blanks &&
                     match->style == STYLE_DOT; /* items may be but a title */
        if (twin->style == match->style && twin->number == match->number + (unsigned)step)
            score -= apart ? 0.6f : 1.2f;
    }
    return score;
}

/* "3  POLITISKE SAGER" above "3.1 Facader": the head of a group of items. */
static bool heads_group(const struct reading *reading, size_t line, const struct heading_match *match)
{
    if (line + 1 >= reading->lines.count)
        return false;
    struct span text = reading_line(reading, line), next = reading_line(reading, line + 1);
    size_t size = match->number_end - match->number_start;
    return next.size > size + 3 && memcmp(next.at, text.at + match->number_start, size) == 0 && next.at[size] == '.' &&
           next.at[size + 1] == '1' && next.at[size + 2] == ' ';
}

static float candidate_score(const struct reading *reading, size_t line, const struct heading_match *match,
                             const struct title_set *titles)
{
    static const float styles[STYLES] = {0,
                                         2,
                                         2,
                                         2.5f,
                                         0,
                                         -1.5f,
                                         -1,
                                         2,
                                         -9,
                                         2,
                                         0,
                                         0,
                                         0,
                                         -1,
                                         /* AD, BRACKET, YEAR, CELL, FIGURE */ -1.5f,
                                         -0.5f,
                                         0,
                                         -0.5f,
                                         -1};
    const struct line *here = line_of(reading, line);
    struct span text = reading_line(reading, line), title = span_cut(text, match->title, text.size);
    if (match->style == STYLE_ALONE)
        return styles[STYLE_ALONE] + 1;
    if (match->style == STYLE_FIGURE) { /* its title and what is below that speak for it */
        if (line + 1 >= reading->lines.count || here[1].flags & (LINE_PAGE | LINE_ROW) || here[1].label != LABEL_NONE)
            return CANDIDATE_LEAST;
        struct span below = reading_line(reading, line + 1);
        return styles[STYLE_FIGURE] + score_title(reading, here + 1, below, titles) +
               score_behind(reading, line + 1, below);
    }
    float score = styles[match->style] + score_title(reading, here, title, titles) +
                  score_behind(reading, line, title) + score_before(reading, line) + score_list(reading, line, match);
    if (match->style == STYLE_POINT && (*text.at == 'B' || *text.at == 'R'))
        score -= 2.5f; /* "Beslutning for punkt 3: T": the heading itself stands above */
    if (heads_group(reading, line, match))
        score -= 3;
    if (here->flags & LINE_ITEM)
        score += 4;
    if (styles[match->style] >= 2 && ends_sentence(title))
        score += 2.5f; /* so sure a form may end with a point */
    if (here->flags & LINE_ROW && match->style != STYLE_COLUMN && memchr(title.at, '\t', title.size))
        score -= 3;
    return score;
}

static enum fault candidates_read(struct reading *reading, const struct title_set *titles, struct candidate_list *list)
{
    bool attachments = false, inline_list = false, tight = false; /* the list's entries stand close */
    for (size_t line = 0; line < reading->lines.count; line++) {
        const struct line *here = line_of(reading, line);
        struct span text = reading_line(reading, line);
        bool named = here->gap == GAP_COLON && here->value < here->end; /* "Bilag: Kort": a list on the line itself */
        if (here->label >= LABEL_SECTION) {
            attachments = here->label == LABEL_SECTION + SECTION_ATTACHMENTS;
            inline_list = named;
            tight = false;
        } else if (attachments &&
                   (is_meta(here->label) || is_decider(reading, line) || ((inline_list || tight) && here->blanks))) {
            attachments = false;
        } else if (attachments) {
            tight = !here->blanks;
        }
        if (reading->spots[line].contents || here->flags & (LINE_PAGE | LINE_CONTENTS) || text.size > 400 ||
            here->label == LABEL_CASE)
            continue;
        if (reading->spots[line].style == STYLE_NONE)
            continue;
        struct heading_match match = reading->headings[line];
        float score = candidate_score(reading, line, &match, titles) - (attachments ? 1.5f : 0);
        /* nearly a heading: the numbers before and behind it may still prove it one (chain.c) */
        bool nearly = match.style == STYLE_DOT && score > CANDIDATE_LEAST;
        if (score <= 0 && !nearly)
            continue;
        struct candidate *candidate = LIST_PUSH(reading->arena, list);
        if (!candidate)
            return arena_full(reading->err);
        *candidate = (struct candidate){.line = (uint32_t)line, .match = match, .score = score, .before = -1};
    }
    return FAULT_NONE;
}

/* "Ny rampe.       j.nr. 8.4-14/78": a number that stands behind the title in a column of its own is none of it. Where
 * the title ends. */
static uint32_t title_stop(const struct reading *reading, const struct line *line, size_t title)
{
    const char *base = reading->body.text.at, *end = base + line->end;
    for (const char *at = base + line->start + title; at + 4 < end; at++) {
        at = text_seek((struct span){at, (size_t)(end - at)}, "   ", 3, false);
        if (!at || at + 4 >= end)
            break;
        const char *cell = at;
        while (cell < end && *cell == ' ')
            cell++;
        enum label label = label_at(cell, end).label;
        if (label == LABEL_CASE || label == LABEL_DOCUMENT || label == LABEL_KLE)
            return (uint32_t)(at - base);
        at = cell - 1;
    }
    return line->end;
}

/* An item whose heading is the line; its title is the line from `title` on. */
static struct draft_item *item_put(struct reading *reading, size_t line, size_t title, struct span number)
{
    struct draft_item *item = LIST_PUSH(reading->arena, &reading->items);
    if (!item)
        return NULL;
    const struct line *here = line_of(reading, line);
    *item = (struct draft_item){.first = (uint32_t)line,
                                .heading = (uint32_t)line,
                                .title_start = here->start + (uint32_t)title,
                                .title_end = title_stop(reading, here, title),
                                .span_start = here->start,
                                .span_end = title_stop(reading, here, title),
                                .number = number,
                                .open = true};
    return item;
}

/* The line below `line` that prints it once more, right below or behind the page's list of files; 0 if there is none.
 */
static size_t title_again(const struct reading *reading, size_t line)
{
    struct span title = reading_line(reading, line);
    size_t next = line + 1;
    if (next + 1 < reading->lines.count && attachment_files(reading_line(reading, next)))
        next++;
    return next < reading->lines.count && text_alike(title, reading_line(reading, next)) ? next : 0;
}

/* The size of a label that says that a title stands behind it: "Emne: Ny rampe". */
static size_t title_lead(struct span text)
{
    static const struct span labels[] = {WORD("Emne:"), WORD("Titel:"), WORD("Overskrift:"), WORD("Sag:")};
    size_t size = words_start(labels, sizeof labels / sizeof *labels, text);
    while (size && size < text.size && text.at[size] == ' ')
        size++;
    return size < text.size ? size : 0;
}

/* "Pkt. 42" alone: the title stands below, twice sometimes; the last one is the heading. */
static void title_below(const struct reading *reading, struct draft_item *item)
{
    size_t line = item->heading + 1;
    if (line >= reading->lines.count)
        return;
    uint8_t label = line_of(reading, line)->label;
    size_t again = title_again(reading, line);
    if (!again && (is_meta(label) || opens_section(reading, line)))
        return;
    line = again ? again : line;
    const struct line *here = line_of(reading, line);
    item->heading = (uint32_t)line;
    item->title_start = item->span_start = here->start + title_lead(reading_line(reading, line));
    item->title_end = item->span_end = here->end;
    item->numbered_apart = true;
}

/* "| 41 | T |": the bar that closes the row is none of the title. */
static void title_cell(const struct reading *reading, struct draft_item *item)
{
    const char *base = reading->body.text.at;
    uint32_t end = item->title_end - 1;
    while (end > item->title_start && base[end - 1] == ' ')
        end--;
    item->title_end = item->span_end = end;
    item->span_start = item->title_start;
    item->numbered_apart = true;
}

/* A title printed again below its numbered heading, above the case number, is the heading: "1.T (B)", then "T". */
static enum fault items_numbered(struct reading *reading, const struct candidate_list *list, const uint32_t *chain,
                                 size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct candidate *candidate = &list->items[chain[i]];
        const struct line *line = line_of(reading, candidate->line);
        const struct heading_match *match = &candidate->match;
        struct span number = reading_cut(reading, line->start + match->number_start, line->start + match->number_end);
        struct draft_item *item = item_put(reading, candidate->line, match->title, number);
        if (!item)
            return arena_full(reading->err);
        if (match->access) {
            item->marked = true;
            item->open = match->access > 0;
        }
        if (match->style == STYLE_COLUMN || line->flags & LINE_ITEM) {
            item->span_start = item->title_start;
            item->numbered_apart = true;
        }
        if (match->style == STYLE_ALONE || match->style == STYLE_FIGURE)
            title_below(reading, item);
        if (match->style == STYLE_CELL)
            title_cell(reading, item);
    }
    return FAULT_NONE;
}

/* "Sag nr. 130" on a line of its own, with nothing else in it. */
static bool is_number_apart(const struct reading *reading, size_t line)
{
    const struct line *here = line_of(reading, line);
    return here->label == LABEL_ITEM_NUMBER && line_value(&reading->body, here).size < 6 &&
           !reading->spots[line].contents;
}

static bool has_letter(struct span text)
{
    for (size_t i = 0; i < text.size; i++)
        if (byte_is_letter((unsigned char)text.at[i]))
            return true;
    return false;
}

/* Do the titles stand below their numbers? What parts two items, or an empty line, stands above the numbers then. */
static bool titles_below(const struct reading *reading)
{
    size_t above = 0, below = 0;
    for (size_t line = 1; line + 1 < reading->lines.count; line++) {
        if (!is_number_apart(reading, line))
            continue;
        const struct line *here = line_of(reading, line), *title = here + 1;
        bool apart = here->blanks || here[-1].flags & LINE_PAGE || !has_letter(reading_line(reading, line - 1));
        bool close = !title->blanks && !is_meta(title->label) && title->label < LABEL_SECTION;
        below += apart && close;
        above += !(apart && close);
    }
    return below > above;
}

/* "Sag nr. 130" on a line of its own, below the title or above it. */
static enum fault items_below(struct reading *reading)
{
    bool below = titles_below(reading);
    for (size_t line = below ? 0 : 1; line + below < reading->lines.count; line++) {
        const struct line *here = line_of(reading, line), *title = below ? here + 1 : here - 1;
        if (here->label != LABEL_ITEM_NUMBER || line_value(&reading->body, here).size > 5 ||
            title->label >= LABEL_SECTION || reading->spots[title - reading->lines.items].contents)
            continue;
        if (!has_letter(line_text(&reading->body, title)))
            continue;
        struct span value = text_trim(line_value(&reading->body, here), ".: ");
        struct draft_item *item = item_put(reading, (size_t)(title - reading->lines.items), 0, value);
        if (!item)
            return arena_full(reading->err);
        item->first = below ? (uint32_t)line : item->first;
        item->numbered_apart = true;
    }
    return FAULT_NONE;
}

/* Can the line be a title that has no number? */
static bool is_plain_title(const struct reading *reading, size_t line)
{
    const struct line *here = line_of(reading, line);
    struct span text = reading_line(reading, line);
    if (reading->spots[line].contents || here->flags & (LINE_PAGE | LINE_ROW | LINE_CONTENTS) || text.size < 4 ||
        text.size > 250)
        return false;
    bool label = here->label != LABEL_NONE && here->label != LABEL_CLOSED && here->label != LABEL_OFFICIAL;
    return !label && !is_small(text) && !ends_sentence(text) && text.at[text.size - 1] != ':' &&
           !is_decider(reading, line) && !is_number_line(reading, line) && !outcome_word(text);
}

/* Titles without numbers: known from the contents, above a case number, or where the sections begin again. */
static enum fault items_plain(struct reading *reading, const struct title_set *titles)
{
    uint32_t seen = 0; /* sections since the last heading, one bit each */
    size_t last = SIZE_MAX;
    for (size_t line = 0; line < reading->lines.count; line++) {
        const struct line *here = line_of(reading, line);
        if (reading->spots[line].contents)
            continue;
        bool known = titles->count && is_plain_title(reading, line) && title_known(titles, reading_line(reading, line));
        bool section = here->label >= LABEL_SECTION && here->label != LABEL_SECTION + SECTION_OTHER;
        bool numbered = here->label == LABEL_CASE && line_value(&reading->body, here).size > 0;
        uint32_t bit = section ? 1u << (here->label - LABEL_SECTION) : 0;
        size_t heading = SIZE_MAX;
        if (known)
            heading = line;
        else if (!titles->count && line && is_plain_title(reading, line - 1) && (line - 1 != last))
            heading = (numbered && (seen || last == SIZE_MAX || line - 1 > last + 3)) ||
                              (section && (seen & bit || (last == SIZE_MAX && !reading->items.count)))
                          ? line - 1
                          : SIZE_MAX;
        if (heading != SIZE_MAX && known && reading->items.count && heading == last + 1) {
            struct draft_item *item = &reading->items.items[reading->items.count - 1]; /* printed twice */
            item->heading = (uint32_t)heading;
            item->title_start = item->span_start = here->start;
            item->title_end = item->span_end = here->end;
            last = heading;
        } else if (heading != SIZE_MAX) {
            if (!item_put(reading, heading, 0, (struct span){0}))
                return arena_full(reading->err);
            last = heading;
            seen = 0;
        }
        seen |= bit;
    }
    return FAULT_NONE;
}

/* Where every title is printed twice, the second, above the case number, is the heading. */
static void titles_twice(struct reading *reading)
{
    for (size_t i = 0; i < reading->items.count; i++) {
        struct draft_item *item = &reading->items.items[i];
        size_t next = item->heading + 1;
        bool room =
            next < reading->lines.count && (i + 1 == reading->items.count || next < reading->items.items[i + 1].first);
        if (!item->number.size && item->heading &&
            text_alike(reading_line(reading, item->heading), reading_line(reading, item->heading - 1)) &&
            (i == 0 || item->heading - 1 > reading->items.items[i - 1].heading))
            item->first = item->heading - 1;
        /* "7. Lukket sag" and the mark "Lukket sag" below it */
        uint8_t label = next < reading->lines.count ? line_of(reading, next)->label : LABEL_NONE;
        if (!room || label == LABEL_OPEN || label == LABEL_CLOSED ||
            !text_alike(reading_cut(reading, item->title_start, item->title_end), reading_line(reading, next)))
            continue;
        const struct line *here = line_of(reading, next);
        item->heading = (uint32_t)next;
        item->title_start = item->span_start = here->start;
        item->title_end = item->span_end = here->end;
        item->numbered_apart = item->number.size > 0;
    }
}

/* "(Åben)", "(Lukket punkt)": what the heading says of access; a closing "(Lukket punkt)" stays in the title. */
static void access_of_title(const struct reading *reading, struct draft_item *item)
{
    struct span title = reading_cut(reading, item->title_start, item->title_end);
    if (!(line_of(reading, item->heading)->traces & TRACE_ACCESS))
        return;
    /* letters' case aside: "(Lukket)", "FORTROLIG" */
    bool told = text_holds(title, "lukket") && (text_holds(title, "lukket punkt") || text_holds(title, "(lukket)") ||
                                                text_holds(title, "(lukket sag)"));
    told = told || text_holds(title, "(lukkede døre)") || text_holds(title, "(for lukkede døre)");
    static const struct span heads[] = {
        WORD("Lukket punkt"), WORD("Lukket sag"), WORD("Lukket dagsorden"), WORD("LUKKET"),    WORD("Lukket:"),
        WORD("Lukket -"),     WORD("Lukkede"),    WORD("Lukket –"),         WORD("Fortrolig"), WORD("Lukket dør")};
    if (told || text_holds(title, "Closed item") || text_holds(title, "fortrolig") ||
        words_start(heads, sizeof heads / sizeof *heads, title)) {
        item->open = false;
        item->marked = true;
    }
    bool tail = title.size > 8 && (title.at[title.size - 6] | 0x20) == 'l' &&
                memcmp(title.at + title.size - 5, "ukket", 5) == 0 && strchr(" -(", title.at[title.size - 7]);
    if (span_equal(title, SPAN("Lukket")) || tail) {
        item->open = false;
        item->marked = true;
    }
}

static void access_take(struct draft_item *item, uint8_t label)
{
    if (item->marked || (label != LABEL_OPEN && label != LABEL_CLOSED))
        return;
    item->open = label == LABEL_OPEN;
    item->marked = true;
}

/* Does the mark stand above the headings in this text? The first heading shows it. */
static bool access_above(const struct reading *reading)
{
    const struct draft_item *first = reading->items.items;
    return first->first > 0 && (line_of(reading, first->first - 1)->label == LABEL_OPEN ||
                                line_of(reading, first->first - 1)->label == LABEL_CLOSED);
}

/* Marks of access: in the title, right above the heading, among the labels below it, or on the group. */
static void access_read(struct reading *reading)
{
    bool closed_group = false, above = access_above(reading);
    size_t line = 0;
    for (size_t i = 0; i < reading->items.count; i++) {
        struct draft_item *item = &reading->items.items[i];
        access_of_title(reading, item);
        for (; line < item->first; line++) {
            uint8_t label = line_of(reading, line)->label;
            /* with entries below it, above the first item, it parts the table of contents */
            bool group = label == LABEL_GROUP_CLOSED || label == LABEL_GROUP_OPEN, amid = false;
            for (size_t next = line + 1; group && i == 0 && next < item->first && next < line + 60 && !amid; next++)
                amid = reading->spots[next].contents || reading->spots[next].style != STYLE_NONE;
            if (reading->spots[line].contents || amid)
                continue;
            closed_group = label == LABEL_GROUP_CLOSED || (closed_group && label != LABEL_GROUP_OPEN);
        }
        uint8_t before = item->first ? line_of(reading, item->first - 1)->label : LABEL_NONE;
        bool last_own = i && item->first - 1 <= reading->items.items[i - 1].heading + 2;
        if (above || (before == LABEL_CLOSED && !last_own))
            access_take(item, before);
        for (size_t next = item->heading + 1; next < reading->lines.count && next <= item->heading + 6; next++) {
            const struct line *here = line_of(reading, next);
            if (here->label >= LABEL_SECTION ||
                (i + 1 < reading->items.count && next >= reading->items.items[i + 1].first))
                break;
            if (!(above && i + 1 < reading->items.count && next + 1 == reading->items.items[i + 1].first))
                access_take(item, here->label);
            struct span text = reading_line(reading, next);
            bool doors =
                text.size < 60 && line_holds(here, TRACE_ACCESS, text, "e døre"); /* "Til afgørelse - for åbne døre" */
            if (doors && (text_holds(text, "for åbne") || text_holds(text, "for lukkede")))
                access_take(item, text_holds(text, "for lukkede") ? LABEL_CLOSED : LABEL_OPEN);
            if (!item->marked && here->label == LABEL_CASE && text.size < 200 &&
                (line_has(here, TRACE_ACCESS, text, "Åbent") || line_has(here, TRACE_ACCESS, text, "Lukket")))
                access_take(item, text_has(text, "Lukket") ? LABEL_CLOSED : LABEL_OPEN);
        }
        if (!item->marked && closed_group)
            item->open = false;
    }
}

/* Case numbers that stand above their headings: seen if the line above a heading holds one, and the lines below none.
 */
static bool case_above(const struct reading *reading)
{
    size_t above = 0, below = 0;
    for (size_t i = 0; i < reading->items.count && i < 50; i++) {
        const struct draft_item *item = &reading->items.items[i];
        bool number = item->first && (line_of(reading, item->first - 1)->label == LABEL_CASE ||
                                      is_number_line(reading, item->first - 1));
        bool under = false;
        for (size_t line = item->heading + 1; line < reading->lines.count && line <= item->heading + 3; line++) {
            bool next = i + 1 < reading->items.count && line + 1 >= reading->items.items[i + 1].first;
            under = under || (!next && (line_of(reading, line)->label == LABEL_CASE || is_number_line(reading, line)));
        }
        above += number && !under;
        below += under;
    }
    return above > below;
}

/* "Budget.pdfElevtal.xlsx" above "Pkt. 38": the page's list of files leads the item, unless the one before has a list.
 */
static bool files_lead(const struct reading *reading, const struct draft_item *item)
{
    size_t line = item->first - 1;
    if (reading->spots[item->first].style != STYLE_ALONE || !line_of(reading, line)->blanks ||
        !attachment_files(reading_line(reading, line)))
        return false;
    for (size_t back = 1; back <= line && back < 12; back++)
        if (line_of(reading, line - back)->label == LABEL_SECTION + SECTION_ATTACHMENTS)
            return false;
    return true;
}

/* Which line belongs to which item; an item begins with the labels that stand above its heading. */
static void spots_fill(struct reading *reading)
{
    bool cases = case_above(reading), access = access_above(reading);
    for (size_t i = 0; i < reading->items.count; i++) {
        struct draft_item *item = &reading->items.items[i];
        size_t floor = i ? reading->items.items[i - 1].heading + 1 : 0;
        while (item->first > floor) {
            const struct line *before = line_of(reading, item->first - 1);
            bool number = cases && (before->label == LABEL_CASE || is_number_line(reading, item->first - 1));
            bool mark = access && (before->label == LABEL_OPEN || before->label == LABEL_CLOSED);
            bool group = before->label == LABEL_GROUP_CLOSED || before->label == LABEL_GROUP_OPEN ||
                         before->label == LABEL_NOISE;
            bool files = files_lead(reading, item);
            if (!number && !mark && !group && !files && !reading->spots[item->first - 1].contents)
                break;
            item->first--;
        }
    }
    for (size_t i = 0; i < reading->items.count; i++) {
        struct draft_item *item = &reading->items.items[i];
        item->end = i + 1 < reading->items.count ? reading->items.items[i + 1].first : (uint32_t)reading->lines.count;
        for (size_t line = item->first; line < item->end; line++)
            reading->spots[line].item = (int32_t)i;
        reading->spots[item->heading].heading = 1;
        for (size_t line = item->first; line < item->heading; line++)
            reading->spots[line].heading = 2;
    }
}

/* "Lukkede dagsordenspunkter" in the table of contents: the entries below it are closed. Numbers ascend in both. */
static void access_of_contents(struct reading *reading)
{
    size_t i = 0;
    bool closed = false;
    for (size_t line = 0; line < reading->lines.count; line++) {
        const struct line *here = line_of(reading, line);
        if (!reading->spots[line].contents) {
            closed = false;
            continue;
        }
        if (here->label == LABEL_GROUP_OPEN || here->label == LABEL_GROUP_CLOSED)
            closed = here->label == LABEL_GROUP_CLOSED;
        if (!closed || reading->spots[line].style == STYLE_NONE)
            continue;
        struct span text = reading_line(reading, line);
        struct heading_match match = reading->headings[line];
        struct span number = span_cut(text, match.number_start, match.number_end);
        while (i < reading->items.count && !span_equal(reading->items.items[i].number, number))
            i++;
        if (i < reading->items.count) {
            struct draft_item *item = &reading->items.items[i++];
            item->open = item->marked && item->open;
        }
    }
}

/* Nothing is known of the lines yet but how they are numbered. */
static bool spots_make(struct reading *reading)
{
    size_t count = reading->lines.count;
    reading->spots = arena_alloc(reading->arena, (count + 1) * sizeof *reading->spots);
    reading->headings = arena_alloc(reading->arena, (count + 1) * sizeof *reading->headings);
    if (!reading->spots || !reading->headings)
        return false;
    for (size_t line = 0; line <= count; line++)
        reading->spots[line] = (struct spot){.item = NO_ITEM, .section = NO_SECTION};
    for (size_t line = 0; line < count; line++) {
        struct span text = reading_line(reading, line);
        if (!heading_may_begin(*text.at))
            continue;
        reading->headings[line] = heading_at(text.at, text.at + text.size);
        reading->spots[line].style = (uint8_t)reading->headings[line].style;
    }
    return true;
}

enum fault agenda_read(struct reading *reading)
{
    struct title_set titles;
    struct candidate_list list = {0};
    uint32_t *chain = NULL;
    size_t count = 0, below = 0;
    if (!spots_make(reading))
        return arena_full(reading->err);
    TRY(contents_mark(reading));
    TRY(contents_titles(reading, &titles));
    TRY(candidates_read(reading, &titles, &list));
    TRY(chain_find(reading, &list, &chain, &count));
    for (size_t line = 0; line < reading->lines.count; line++)
        below += is_number_apart(reading, line);
    if (below >= 2 && below > count / 2)
        TRY(items_below(reading));
    else if (count)
        TRY(items_numbered(reading, &list, chain, count));
    if (!reading->items.count)
        TRY(items_plain(reading, &titles));
    if (!reading->items.count)
        return FAULT_NONE;
    titles_twice(reading);
    access_read(reading);
    access_of_contents(reading);
    spots_fill(reading);
    return part_read(reading);
}
