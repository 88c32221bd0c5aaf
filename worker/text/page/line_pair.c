/* line_pair: labels whose values stand below them, in a column or side by side. A part of line.c. */
#include "line_pair.h"

#include <string.h>

/* Labels that may stand in a column of their own, their values below in the same order. */
static bool pairs(const struct body *body, const struct line *line)
{
    bool label = line->label != LABEL_NONE && line->label != LABEL_NOISE && line->label != LABEL_CONTENTS &&
                 line->gap == GAP_END;
    return label && body->text.at[line->end - 1] == ':';
}

/* A label that nobody knows, amid others: it takes a value too. */
static bool pairs_unknown(const struct body *body, const struct line *line)
{
    return line->label == LABEL_NONE && line->end - line->start < 40 && body->text.at[line->end - 1] == ':';
}

/* "J.nr.: Sagsid.: Initialer:" on one line, the values below it, one a line: how many labels, 0 if it is no such line.
 */
static size_t labels_joined(const struct body *body, const struct line *line)
{
    struct span text = line_text(body, line);
    size_t colons = 0;
    if (line->label != LABEL_CASE || text.size > 80 || text.at[text.size - 1] != ':')
        return 0;
    for (size_t i = 0; i < text.size; i++) {
        colons += text.at[i] == ':' && (i + 1 == text.size || text.at[i + 1] == ' ');
        if (text.at[i] >= '0' && text.at[i] <= '9')
            return 0;
    }
    return colons;
}

void line_numbers(const struct body *body, struct line_list *lines)
{
    for (size_t at = 0; at < lines->count; at++) {
        size_t count = labels_joined(body, &lines->items[at]);
        struct line *row = count > 1 && at + 1 < lines->count ? &lines->items[at + 1] : NULL;
        struct span cells = row ? line_text(body, row) : (struct span){0};
        bool columns =
            cells.size > 6 && *cells.at >= '0' && *cells.at <= '9' && row->label == LABEL_NONE && row->flags & LINE_ROW;
        /* "Sagsnr.: Sagen afgøres i: Bilag:", its values one a line, the files last */
        struct span labels = line_text(body, &lines->items[at]);
        struct line *files = count > 2 && at + count < lines->count ? &lines->items[at + count] : NULL;
        struct span file = files ? line_text(body, files) : (struct span){0};
        bool list = file.size > 4 && labels.size > 6 && memcmp(labels.at + labels.size - 6, "Bilag:", 6) == 0 &&
                    file.at[0] == '1' && file.at[1] == ' ' && files->label == LABEL_NONE;
        if (list) {
            files->label = LABEL_SECTION + SECTION_ATTACHMENTS;
            files->gap = GAP_COLON;
            files->value = files->start;
        }
        if (columns) { /* the values stand side by side below their labels */
            row->label = LABEL_CASE;
            row->gap = GAP_COLON;
            row->value = row->start;
            continue;
        }
        for (size_t i = 1; count > 1 && i <= count && at + i < lines->count; i++) {
            struct line *value = &lines->items[at + i];
            struct span text = line_text(body, value);
            bool number = value->label == LABEL_NONE && text.size > 3 && text.size < 30 && *text.at >= '0' &&
                          *text.at <= '9' && !memchr(text.at, ' ', text.size) && !memchr(text.at, '.', text.size);
            if (!number)
                continue;
            value->label = LABEL_CASE;
            value->gap = GAP_COLON;
            value->value = value->start;
        }
    }
}

void line_pair(const struct body *body, struct line_list *lines)
{
    for (size_t first = 0; first < lines->count; first++) {
        size_t count = 0, values = 0;
        while (first + count < lines->count && count < 8 &&
               (pairs(body, &lines->items[first + count]) ||
                (count >= 2 && pairs_unknown(body, &lines->items[first + count]))))
            count++;
        if (count < 2) {
            first += count;
            continue;
        }
        while (values < count && first + count + values < lines->count) {
            const struct line *value = &lines->items[first + count + values];
            /* "kl. 16.00", "Mødelokale 1" */
            bool clock = (value->label == LABEL_TIME || value->label == LABEL_PLACE) && value->gap == GAP_SPACE;
            bool other = value->label != LABEL_NONE && value->gap == GAP_COLON && value->value < value->end;
            if (other || (!clock && value->label != LABEL_NONE &&
                          !(value->label >= LABEL_COMMITTEE && value->label < LABEL_CASE)))
                break; /* a label with a value of its own is nobody's value */
            values++;
        }
        for (size_t i = 0; i < count && i < values; i++) {
            struct line *label = &lines->items[first + i], *value = label + count;
            if (label->label == LABEL_NONE)
                continue;
            value->label = label->label;
            value->gap = GAP_COLON;
            value->value = value->start;
            label->label = LABEL_NOISE;
        }
        first += count;
    }
}
