/* neighbour: the lines around a heading, and what they say for it. Pure.
 *
 * Labels and sections follow a heading, a mark of access or an ornament stands above it; entries of a list have entries
 * numbered alike beside them. */
#include "agenda.h"

#include <string.h>

bool is_number_line(const struct reading *reading, size_t line)
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

bool is_decider(const struct reading *reading, size_t line)
{
    struct span text = reading_line(reading, line);
    struct day day;
    return decider_at(text.at, text.at + text.size, &day);
}

bool opens_section(const struct reading *reading, size_t line)
{
    const struct line *here = line_of(reading, line);
    return here->label >= LABEL_SECTION || is_decider(reading, line) || is_recommendation(reading, line);
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

float score_behind(const struct reading *reading, size_t line, struct span title)
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

float score_before(const struct reading *reading, size_t line)
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

float score_list(const struct reading *reading, size_t line, const struct heading_match *match)
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
