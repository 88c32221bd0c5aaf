/* attachment_none: what stands in a list of attachments and is no title. Pure.
 *
 * "Ingen", "Der er ingen bilag til sagen.", heads of columns, numbers of pages, sentences behind the list. Source:
 * published minutes. */
#include "decision.h"
#include "words.h"

#include <string.h>

/* "Der er ikke bilag til punktet.", "Sagen har ingen bilag": a sentence that says that there are none. */
static bool says_none(struct span text)
{
    static const struct span heads[] = {WORD("Ingen "),          WORD("Intet "),     WORD("Der er "),
                                        WORD("Der foreligger "), WORD("Sagen har "), WORD("Punktet har "),
                                        WORD("Ikke "),           WORD("Der var ")};
    return text.size < 60 && words_start(heads, sizeof heads / sizeof *heads, text) && text_holds(text, "bilag") &&
           (text_holds(text, "ingen") || text_holds(text, "ikke") || text_holds(text, "intet"));
}

/* "Ingen", "Der er ingen bilag til sagen." */
static bool attachment_empty(struct span text)
{
    static const struct span answers[] = {WORD("Ingen"),         WORD("ingen"),        WORD("Nej"), WORD("nej"),
                                          WORD("Intet"),         WORD("intet"),        WORD("0"),   WORD("Ej vedlagt"),
                                          WORD("Ikke relevant"), WORD("Ikke vedlagt"), WORD("N/A"), WORD("Ingen bilag"),
                                          WORD("ingen bilag"),   WORD("Ikke aktuelt"), WORD("Ja")};
    if (says_none(text))
        return true;
    text = text_trim(text, "(). -");
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if (span_equal(text, answers[i]))
            return true;
    return text.size == 0;
}

bool attachment_labelled(const struct line *line, struct span text)
{
    return line->label == LABEL_SECTION + SECTION_ATTACHMENTS &&
           (line->gap == GAP_COLON || attachment_form(line, text));
}

bool attachment_form(const struct line *line, struct span text)
{
    if (line->gap != GAP_WIDE || line->value >= line->end || line->label != LABEL_SECTION + SECTION_ATTACHMENTS)
        return false;
    struct span value = span_cut(text, line->value - line->start, text.size);
    unsigned char first = (unsigned char)*value.at;
    return ((first >= 'A' && first <= 'Z') || first == 0xC3) && !memchr(value.at, '|', value.size) &&
           !attachment_columns(text);
}

/* What tells but who may see the file, or heads a column. */
static bool is_mark(struct span text)
{
    static const struct span marks[] = {WORD("Åben"),  WORD("Åbent"), WORD("Lukket"),
                                        WORD("Titel"), WORD("Navn"),  WORD("Bilagsnr")};
    text = text_trim(text, "()"); /* "(Åben)" below its file */
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (span_equal(text, marks[i]))
            return true;
    return false;
}

/* "B. Sager til afgørelse i udvalget": the group of the items below. */
static bool is_group(struct span text)
{
    return text.size > 20 && *text.at >= 'A' && *text.at <= 'Z' &&
           span_starts(span_cut(text, 1, text.size), SPAN(". Sager til "));
}

bool attachment_answer(struct span text)
{
    return attachment_empty(text) || is_mark(text);
}

/* A sentence after the list is no title: it ends with a point and has many words, or is an empty answer. */
bool attachment_none(const struct line *line, struct span text)
{
    if (attachment_answer(text) || is_group(text))
        return true;
    bool letters = false;
    for (size_t i = 0; i < text.size && !letters; i++)
        letters = byte_is_letter((unsigned char)text.at[i]) || is_digit(text.at[i]);
    size_t digits = 0; /* the number of a page */
    while (digits < text.size && is_digit(text.at[digits]))
        digits++;
    if (!letters || (digits == text.size && digits < 4) || attachment_columns(text) || attachment_remark(text) ||
        span_starts(text, SPAN("http")) || (text.size < 14 && word_ends(text, SPAN(" bilag:"))) ||
        (is_digit(*text.at) && text.size < 9 && word_ends(text, SPAN(" bilag"))))
        return true;
    struct span opening = span_cut(text, 0, text.size < 60 ? text.size : 60); /* "Der er ingen bilag til sagen." */
    if (text_holds(opening, "ingen bilag"))
        return true;
    bool access = (line->label == LABEL_OPEN || line->label == LABEL_CLOSED) && line->value < line->end;
    access = access || (line->label == LABEL_POINT && attachment_lead(text, 0, false)); /* Punkt 3, bilag 1: Kort */
    /* "Tid til forandring" is a title, "Tid: 16.30" is none */
    access = access || (line->label <= LABEL_COMMITTEE && line->gap == GAP_SPACE);
    if (line->label && line->label != LABEL_CONTENTS && line->label < LABEL_SECTION && line->label != LABEL_OFFICIAL &&
        line->label != LABEL_BALLOT && !access)
        return true;
    if (attachment_labelled(line, text)) /* a whole list may stand behind the label */
        return text.size > 4000;
    if (text.size <= 60 || text.at[text.size - 1] != '.' || memchr(text.at, '(', text.size))
        return text.size > 300;
    size_t spaces = 0;
    for (size_t i = 0; i < text.size; i++)
        spaces += text.at[i] == ' ';
    return spaces > 6 || text.size > 300;
}

/* "Kommunalbestyrelsens møde 28. november 2005": a page's head amid the list. */
bool attachment_page_head(const struct reading *reading, const struct line *line, struct span text)
{
    for (size_t first = 0; first < 3 && text.size > 12; first++) /* the first page's, once more */
        if (line > &reading->lines.items[first] && text_alike(text, reading_line(reading, first)))
            return true;
    struct span body = reading->meeting->committee;
    const struct entity *date = text.size < 120 ? entity_within(reading, line->start, line->end, ENTITY_DATE) : NULL;
    date = date && date->end <= line->end ? date : NULL; /* a day may go on below */
    /* "... Punkt 3", "Side 4" */
    struct span tail = date ? text_trim(reading_cut(reading, date->end, line->end), "") : (struct span){0};
    bool closes = !tail.size || span_starts(tail, SPAN("Punkt ")) || span_starts(tail, SPAN("Side ")) ||
                  span_starts(tail, SPAN("Pkt. ")) || span_starts(tail, SPAN("side "));
    return date && closes && tail.size < 14 && body.size > 6 && text.size > body.size && text_holds(text, "møde") &&
           text_alike(body, span_cut(text, 0, body.size));
}
