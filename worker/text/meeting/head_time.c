/* head_time: times of day in the head and in the notes that open and close a meeting. Pure. */
#include "head.h"

#include "entity.h"
#include "words.h"

#include <string.h>

/* A figure of the minutes; typewriters have no nought but the letter. */
static int minute_digit(char c)
{
    return is_digit(c) ? c - '0' : c == 'o' || c == 'O' ? 0 : -1;
}

size_t time_at(const char *at, const char *end, char out[6])
{
    const char *cursor = at;
    int hour = 0, minute = 0, digits = 0;
    while (cursor < end && is_digit(*cursor) && digits < 2) {
        hour = hour * 10 + (*cursor++ - '0');
        digits++;
    }
    if (!digits || (cursor < end && is_digit(*cursor)))
        return 0;
    if (end - cursor >= 3 && (*cursor == ':' || *cursor == '.' || *cursor == ',') && minute_digit(cursor[1]) >= 0 &&
        minute_digit(cursor[2]) >= 0 && !(end - cursor > 3 && is_digit(cursor[3]))) {
        minute = minute_digit(cursor[1]) * 10 + minute_digit(cursor[2]);
        cursor += 3;
        if (end - cursor >= 3 && *cursor == ':' && is_digit(cursor[1]))
            cursor += 3;
    } else if (cursor < end && (*cursor == ':' || (*cursor == '.' && cursor + 1 < end && is_digit(cursor[1])))) {
        return 0;
    }
    if (hour > 24 || minute > 59)
        return 0;
    out[0] = (char)('0' + hour / 10);
    out[1] = (char)('0' + hour % 10);
    out[2] = ':';
    out[3] = (char)('0' + minute / 10);
    out[4] = (char)('0' + minute % 10);
    out[5] = 0;
    return (size_t)(cursor - at);
}

size_t time_find(struct span text, char out[6])
{
    const char *end = text.at + text.size;
    for (const char *at = text.at; at < end; at++) {
        if (!is_digit(*at) || (at > text.at && (is_digit(at[-1]) || strchr("-./", at[-1]))))
            continue;
        size_t size = time_at(at, end, out);
        bool clock = (at - text.at >= 4 && memcmp(at - 4, "kl. ", 4) == 0) ||
                     (at - text.at >= 3 && memcmp(at - 3, "kl ", 3) == 0) ||
                     (at - text.at >= 3 && memcmp(at - 3, "kl.", 3) == 0) ||
                     (at - text.at >= 4 && memcmp(at - 4, "Kl. ", 4) == 0);
        bool minutes = size >= 4 && (memchr(at, ':', size) || text.size < 8);
        bool day = size && at + size < end && (at[size] == '.' || at[size] == '-' || at[size] == '/') &&
                   at + size + 1 < end && is_digit(at[size + 1]);
        if (size && (clock || (minutes && !day)))
            return (size_t)(at - text.at) + size;
        while (at + 1 < end && is_digit(at[1]))
            at++;
    }
    return 0;
}

void time_put(struct reading *reading, struct span *slot, const char *time)
{
    if (slot->size)
        return;
    struct text copy = arena_copy(reading->arena, span_of(time));
    *slot = (struct span){copy.at, copy.size};
}

void times_of(struct reading *reading, struct span text, bool plain)
{
    char time[6];
    /* behind a label the time stands first: "Mødet begyndte kl. 19.00 og sluttede kl. 21.15" */
    size_t at = plain ? time_at(text.at, text.at + text.size, time) : 0;
    if (at < 4)
        at = time_find(text, time);
    if (!at && plain)
        at = time_at(text.at, text.at + text.size, time);
    if (!at)
        return;
    time_put(reading, &reading->meeting->start, time);
    struct span rest = span_cut(text, at, text.size);
    size_t dash = 0;
    while (dash < rest.size && (rest.at[dash] == ' ' || rest.at[dash] == '-' || (rest.at[dash] & 0x80)))
        dash++;
    if (span_starts(span_cut(rest, dash, rest.size), SPAN("til ")))
        dash += 4;
    if (span_starts(span_cut(rest, dash, rest.size), SPAN("kl. ")))
        dash += 4;
    bool range = dash > 0 && dash < rest.size &&
                 (memchr(rest.at, '-', dash) || memchr(rest.at, 0x93, dash) || memchr(rest.at, 't', dash));
    if (range && time_at(rest.at + dash, rest.at + rest.size, time))
        time_put(reading, &reading->meeting->end, time);
}

/* "sluttede 18.45.": a time right behind the word. */
static bool time_behind(struct span text, char time[6])
{
    size_t at = 0;
    while (at < text.size && ((text.at[at] | 0x20) >= 'a' || text.at[at] & 0x80))
        at++;
    return at + 1 < text.size && text.at[at] == ' ' && time_at(text.at + at + 1, text.at + text.size, time) > 3;
}

/* The sentence of a line that may close the meeting: its end, or what begins with "Mødet" behind another sentence. */
static struct span closing_sentence(struct span text, bool inner)
{
    size_t late = text.size > 160 ? text.size - 160 : 0;
    if (!inner)
        return span_cut(text, late, text.size);
    if (late) { /* the last sentence of a paragraph: "... punkt 3. Mødet blev hævet kl. 15.45." */
        size_t from = late;
        for (size_t at = text.size - 8; at > from; at--)
            if (memcmp(text.at + at, ". Mødet", 8) == 0)
                from = at + 2;
        return span_cut(text, from, text.size);
    }
    for (size_t at = 8; at + 8 < text.size; at++)
        if (memcmp(text.at + at, ". Mødet", 8) == 0)
            return span_cut(text, at + 2, text.size);
    return text;
}

void times_closing(struct reading *reading, size_t line, bool inner)
{
    const struct line *here = &reading->lines.items[line];
    struct span text = closing_sentence(reading_line(reading, line), inner);
    if (text.size < 8)
        return;
    bool label = here->label == LABEL_END || here->label == LABEL_START;
    if (!label && !(span_starts(text, SPAN("Mødet ")) || span_starts(text, SPAN("Møde "))))
        return;
    struct span value = text_trim(line_value(&reading->body, here), "");
    char plain[6]; /* "Mødet slut 18.40.", "Mødet hævet kl. 21.40." and the names of all who sign in one line */
    size_t clock = here->label == LABEL_END && value.size > 3 ? time_at(value.at, value.at + value.size, plain) : 0;
    bool signed_by = clock > 3 && value.size > clock + 120 && value.at[clock] == '.' && value.at[clock + 1] == ' ';
    if (clock > 3 && (value.size < 8 || signed_by)) {
        time_put(reading, &reading->meeting->end, plain);
        return;
    }
    static const char *const ends[] = {"hævet", "slut", "hævede"};
    static const char *const starts[] = {"begynd", "start", "åbne"};
    char time[6];
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (text_holds(text, starts[i]) && time_find(text, time))
            time_put(reading, &reading->meeting->start, time);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t size = strlen(ends[i]);
        const char *first = text_seek(text, ends[i], size, false);
        for (size_t at = first ? (size_t)(first - text.at) : text.size; at + size < text.size; at++)
            if (text_holds(span_cut(text, at, at + size), ends[i]) &&
                (time_find(span_cut(text, at, text.size), time) || time_behind(span_cut(text, at, text.size), time))) {
                time_put(reading, &reading->meeting->end, time);
                return;
            }
    }
}

void times_side_by_side(struct reading *reading, size_t line)
{
    struct span text = reading_line(reading, line);
    char first[6], second[6];
    for (size_t at = 0; at + 16 < text.size; at++) {
        if (memcmp(text.at + at, "Kl. ", 4) != 0)
            continue;
        size_t behind = at + 4 + time_at(text.at + at + 4, text.at + text.size, first);
        if (behind == at + 4 || behind + 5 >= text.size || memcmp(text.at + behind, " Kl. ", 5) != 0 ||
            !time_at(text.at + behind + 5, text.at + text.size, second))
            continue;
        time_put(reading, &reading->meeting->start, first);
        time_put(reading, &reading->meeting->end, second);
        return;
    }
}

void times_behind_labels(struct reading *reading, size_t end)
{
    bool day = false, start = false, close = false;
    for (size_t line = 0; line < end && line < 20; line++) {
        const struct line *here = &reading->lines.items[line];
        bool label = here->label != LABEL_NONE && here->label < LABEL_SECTION;
        start = label && (start || here->label == LABEL_START || here->label == LABEL_TIME);
        close = label && (close || here->label == LABEL_END);
        if (label && here->value >= here->end) {
            day = day || here->label == LABEL_DATE;
            continue;
        }
        struct span value = line_value(&reading->body, here);
        char first[6], second[6];
        bool values =
            day && start && label && here->label != LABEL_DATE && date_at(value.at, value.at + value.size).size;
        size_t size = values ? time_find(value, first) : 0;
        if (size) {
            time_put(reading, &reading->meeting->start, first);
            if (close && time_find(span_cut(value, size, value.size), second))
                time_put(reading, &reading->meeting->end, second);
            return;
        }
        day = start = close = false;
    }
}

void times_below(struct reading *reading, size_t end)
{
    bool labels[2] = {false, false};
    char times[2][6];
    size_t count = 0;
    for (size_t line = 0; line < end && line < 60 && count < 2; line++) {
        const struct line *here = &reading->lines.items[line];
        struct span text = reading_line(reading, line);
        bool empty = here->value >= here->end;
        labels[0] = labels[0] || (empty && (here->label == LABEL_START || here->label == LABEL_TIME));
        labels[1] = labels[1] || (empty && labels[0] && here->label == LABEL_END);
        bool time =
            labels[1] && !empty && text.size < 16 && (span_starts(text, SPAN("Kl.")) || span_starts(text, SPAN("kl.")));
        if (time && time_find(text, times[count]))
            count++;
    }
    if (count == 2) {
        time_put(reading, &reading->meeting->start, times[0]);
        time_put(reading, &reading->meeting->end, times[1]);
    }
}
