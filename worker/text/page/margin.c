/* margin: what stands beside the text takes its place no longer. Pure.
 *
 * Registers number their lines, pages of recorded meetings put the time before each item, and converters frame a form
 * of labels and values as a table of two columns. Figures and frames become spaces, a few of them line ends; nothing
 * moves. Source: published minutes. */
#include "reading.h"

#include <string.h>

enum { NUMBERED_LEAST = 20, HEAD_ROWS = 60 };

/* The words of the text are borrowed as const; this stage owns them still. */
static char *own(const struct body *body)
{
    return (char *)(uintptr_t)body->text.at;
}

struct row_span {
    size_t start, end; /* without white space on both sides */
};

/* The next line from *at on, which moves behind it. */
static struct row_span row_next(const struct body *body, size_t *at)
{
    const char *base = body->text.at, *stop = memchr(base + *at, '\n', body->text.size - *at);
    struct row_span row = {*at, stop ? (size_t)(stop - base) : body->text.size};
    *at = row.end + 1;
    while (row.start < row.end && (base[row.start] == ' ' || base[row.start] == '\t'))
        row.start++;
    while (row.end > row.start && (base[row.end - 1] == ' ' || base[row.end - 1] == '\r'))
        row.end--;
    return row;
}

/* The size of a line's number, which white space or nothing follows; its value in `number`. */
static size_t number_size(const char *at, const char *end, unsigned *number)
{
    const char *cursor = at;
    *number = 0;
    while (cursor < end && cursor - at < 4 && is_digit(*cursor))
        *number = *number * 10 + (unsigned)(*cursor++ - '0');
    bool over = cursor > at && (cursor == end || *cursor == ' ');
    return over ? (size_t)(cursor - at) : 0;
}

/* Lines that are numbered through, over most of the text: the numbers go. */
static void numbers_clear(struct body *body)
{
    const char *base = body->text.at;
    size_t lines = 0, numbered = 0;
    unsigned last = 0;
    for (int pass = 0; pass < 2; pass++) {
        last = 0;
        for (size_t at = 0; at < body->text.size;) {
            struct row_span row = row_next(body, &at);
            unsigned number = 0;
            size_t size = number_size(base + row.start, base + row.end, &number);
            bool next = size && number == last + 1;
            last = next ? number : last;
            lines += pass == 0 && row.end > row.start;
            numbered += pass == 0 && next;
            if (pass == 1 && next)
                memset(own(body) + row.start, ' ', size);
        }
        if (numbered < NUMBERED_LEAST || numbered * 5 < lines * 3)
            return;
    }
}

/* The size of "00:14:05" before a title, or 0. */
static size_t clock_size(const char *at, const char *end)
{
    if (end - at < 12 || !is_digit(at[0]) || !is_digit(at[1]) || at[2] != ':' || !is_digit(at[3]) || at[5] != ':' ||
        !is_digit(at[4]) || !is_digit(at[6]) || !is_digit(at[7]) || at[8] != ' ')
        return 0;
    return 8;
}

/* Times of a recording at the beginning of lines, twice at least. */
static void clocks_clear(struct body *body)
{
    size_t first = SIZE_MAX, count = 0;
    for (size_t at = 0; at < body->text.size;) {
        struct row_span row = row_next(body, &at);
        size_t size = clock_size(body->text.at + row.start, body->text.at + row.end);
        if (!size)
            continue;
        if (++count == 1) {
            first = row.start;
            continue;
        }
        if (count == 2)
            memset(own(body) + first, ' ', size);
        memset(own(body) + row.start, ' ', size);
    }
}

/* "| Mødedato: | Onsdag den ... |": a row of two cells, the first of which is a label: the bars go. */
static void form_row(struct body *body, struct row_span row)
{
    const char *base = body->text.at;
    size_t bars[4], count = 0;
    for (size_t at = row.start; at < row.end && count < 4; at++)
        if (base[at] == '|')
            bars[count++] = at;
    if (count != 3 || bars[0] != row.start || bars[2] != row.end - 1)
        return;
    size_t label = bars[1];
    while (label > row.start && base[label - 1] == ' ')
        label--;
    if (base[label - 1] != ':')
        return;
    for (size_t i = 0; i < count; i++)
        own(body)[bars[i]] = ' ';
}

/* "Dato: 18. maj 2021  Kl.: 19.00  Sted: Salen": labels of the head side by side, each gets a line. */
static void labels_row(struct body *body, struct row_span row)
{
    const char *base = body->text.at;
    if (!text_holds((struct span){base + row.start, row.end - row.start}, "  "))
        return;
    struct label_match first = label_at(base + row.start, base + row.end);
    if (first.label == LABEL_NONE || first.label > LABEL_REMARK || first.gap != GAP_COLON)
        return;
    for (size_t at = row.start + first.value; at + 6 < row.end; at++) {
        if (base[at] != ' ' || base[at + 1] != ' ' || base[at + 2] == ' ')
            continue;
        struct label_match next = label_at(base + at + 2, base + row.end);
        if (next.label == LABEL_NONE || next.label > LABEL_REMARK || next.gap != GAP_COLON)
            continue;
        own(body)[at + 1] = '\n';
        body->line_count++;
    }
}

/* "Mødested ......: Rådhuset": typists led the eye from a label to its colon by points. */
static void leaders_row(struct body *body, struct row_span row)
{
    const char *base = body->text.at;
    size_t at = row.start;
    while (at < row.end && at - row.start < 30 && base[at] != '.')
        at++;
    size_t stop = at;
    while (stop < row.end && base[stop] == '.')
        stop++;
    if (stop - at > 2 && stop < row.end && base[stop] == ':')
        memset(own(body) + at, ' ', stop - at);
}

static void row_clear(struct body *body, struct row_span row, const struct body_shape *shape)
{
    if (row.end - row.start < 8)
        return;
    if (shape->leaders)
        leaders_row(body, row);
    if (body->text.at[row.start] == '|')
        form_row(body, row);
    else
        labels_row(body, row);
}

/* The first two spaces side by side from `at` on, or `end`. */
static size_t next_wide(const struct body *body, size_t at, size_t end)
{
    const char *found = at < end ? text_seek((struct span){body->text.at + at, end - at}, "  ", 2, false) : NULL;
    return found ? (size_t)(found - body->text.at) : end;
}

/* The first lines of a text, where forms stand; only those that hold what may go. */
static void rows_clear(struct body *body, const struct body_shape *shape)
{
    bool all = shape->leaders || shape->frames;
    size_t at = 0, wide = next_wide(body, 0, body->text.size);
    for (size_t rows = 0; at < body->text.size && rows < HEAD_ROWS; rows++) {
        size_t start = at;
        const char *stop = memchr(body->text.at + at, '\n', body->text.size - at);
        size_t end = stop ? (size_t)(stop - body->text.at) : body->text.size;
        at = end + 1;
        if (wide < start)
            wide = next_wide(body, start, body->text.size);
        if (all || wide < end)
            row_clear(body, row_next(body, &start), shape);
    }
}

bool margin_clear(struct arena *arena, struct body *body, const struct body_shape *shape)
{
    bool numbers = shape->numbers >= NUMBERED_LEAST;
    if (numbers)
        numbers_clear(body);
    bool clocks = shape->clocks + (numbers ? shape->indents : 0) >= 2;
    if (clocks)
        clocks_clear(body);
    struct span head = {body->text.at, body->text.size < 4000 ? body->text.size : 4000};
    bool wanted =
        shape->wide || shape->frames || shape->clocks || shape->indents || (shape->leaders && text_holds(head, "..:"));
    bool apart = shape->columns || numbers || clocks; /* columns, or what was cleared, part two labels on a line */
    if (wanted && (apart || shape->leaders || shape->frames))
        rows_clear(body, shape);
    return shape->bars ? margin_table(arena, body) : true;
}
