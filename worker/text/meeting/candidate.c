/* candidate: the lines that may be headings, and how much their form and their neighbours speak for them. Pure. */
#include "agenda.h"
#include "words.h"

#include <string.h>

bool ends_sentence(struct span title)
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

/* "Meddelelser", "Spørgetid", "Orientering fra formanden": a title that nearly every agenda has. */
static bool is_standing(struct span title)
{
    static const struct span titles[] = {WORD("Meddelelser"),
                                         WORD("Orientering"),
                                         WORD("Spørgetid"),
                                         WORD("Fraværende"),
                                         WORD("Gensidig orientering"),
                                         WORD("Bemærkninger til dagsordenen"),
                                         WORD("Underskriftsark"),
                                         WORD("Bemærkninger til dagsorden"),
                                         WORD("Underskriftsside"),
                                         WORD("Orientering fra formanden"),
                                         WORD("Nyt fra formanden"),
                                         WORD("Godkendelse af referat")};
    if (title.size < 9 || title.size > 30)
        return false;
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (title.size == titles[i].size && text_alike(title, titles[i]))
            return true;
    return false;
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
        span_starts(title, SPAN("Evt.")) || line_has(line, TRACE_ORDINARY, title, "Godkendelse af dagsorden") ||
        is_standing(title))
        score += 2;
    static const struct span closed[] = {WORD("Lukket punkt"), WORD("Lukket sag"), WORD("LUKKET PUNKT"),
                                         WORD("LUKKET SAG"),   WORD("LUKKET:"),    WORD("LUKKET -")};
    if (words_start(closed, sizeof closed / sizeof *closed, title))
        score += 1.5f;
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
        if (line + 1 >= reading->lines.count || here[1].flags & (LINE_PAGE | LINE_ROW) ||
            (here[1].label != LABEL_NONE && here[1].label != LABEL_CLOSED && here[1].label != LABEL_ABSENT))
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

enum fault candidates_read(struct reading *reading, const struct title_set *titles, struct candidate_list *list)
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
        bool nearly = match.style == STYLE_BARE ? here->blanks && score > CANDIDATE_BARE
                                                : match.style != STYLE_NESTED && score > CANDIDATE_LEAST;
        if (score <= 0 && !nearly)
            continue;
        struct candidate *candidate = LIST_PUSH(reading->arena, list);
        if (!candidate)
            return arena_full(reading->err);
        *candidate = (struct candidate){.line = (uint32_t)line, .match = match, .score = score, .before = -1};
    }
    return FAULT_NONE;
}
