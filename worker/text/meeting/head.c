/* head: what holds for the whole meeting: committee, day, time and place. Pure.
 *
 * Labels tell first, then the lines of the head as they stand; what is still missing is looked for in the decisions, in
 * closing notes anywhere in the text and behind the day. */
#include "head.h"

#include "words.h"

#include <string.h>

/* The first line of the first item; everything before it is the head. */
static size_t head_end(const struct reading *reading)
{
    size_t end = reading->items.count ? reading->items.items[0].first : reading->lines.count;
    size_t last = end;
    for (size_t line = 0; line < end; line++)
        if (reading->spots[line].contents) {
            last = line;
            break;
        }
    return last ? last : end;
}

static bool is_bare_label(const struct reading *reading, const struct line *line)
{
    return line->label != LABEL_NONE && line->end > line->start && reading->body.text.at[line->end - 1] == ':';
}

/* The value of a label: behind it, or the next line if nothing stands there. */
static struct span value_of(const struct reading *reading, size_t line)
{
    const struct line *here = &reading->lines.items[line];
    struct span value = line_value(&reading->body, here);
    if (value.size || line + 1 >= reading->lines.count)
        return text_trim(value, ":");
    const struct line *next = here + 1;
    if (is_bare_label(reading, next)) /* another label without a value */
        return value;
    return next->label == LABEL_NONE || next->label == LABEL_MEMBERS || next->label == LABEL_COMMITTEE
               ? line_text(&reading->body, next)
               : value;
}

/* "Fra: / Sendt: / Til: / Emne:": the head of an e-mail; the lines of it speak of the mail, not of the meeting. Gives
 * the line behind it, 0 if there is none. */
static size_t mail_end(const struct reading *reading)
{
    static const struct span heads[] = {WORD("Fra:"),
                                        WORD("Til:"),
                                        WORD("Sendt:"),
                                        WORD("Cc:"),
                                        WORD("CC:"),
                                        WORD("Kopi:"),
                                        WORD("Dato:"),
                                        WORD("Emne:"),
                                        WORD("Vedr.:"),
                                        WORD("Vedhæftet:"),
                                        WORD("Vedhæftede filer:"),
                                        WORD("From:"),
                                        WORD("To:"),
                                        WORD("Sent:"),
                                        WORD("Date:"),
                                        WORD("Subject:"),
                                        WORD("Bcc:"),
                                        WORD("Prioritet:"),
                                        WORD("Afsender:"),
                                        WORD("Modtager:")};
    size_t line = 0, count = 0;
    bool sender = false;
    while (line < reading->lines.count && line < 14) {
        struct span text = reading_line(reading, line);
        bool head = words_start(heads, sizeof heads / sizeof *heads, text) > 0;
        if (!head && (count || line > 1))
            break;
        sender = sender || span_starts(text, SPAN("Fra:")) || span_starts(text, SPAN("From:")) ||
                 span_starts(text, SPAN("Til:")) || span_starts(text, SPAN("Afsender:"));
        count += head;
        line++;
    }
    return sender && count > 2 ? line : 0;
}

/* Does the line tell what a mail is about? */
static bool is_subject(struct span text)
{
    static const struct span heads[] = {WORD("Emne:"), WORD("Vedr.:"), WORD("Subject:")};
    return words_start(heads, sizeof heads / sizeof *heads, text) > 0;
}

/* The last `count` digits of the number. */
static void digits_put(char *out, size_t count, int number)
{
    for (; count > 0; number /= 10)
        out[--count] = (char)('0' + number % 10);
}

static void date_put(struct reading *reading, struct day day)
{
    if (reading->meeting->date.size || !day.year)
        return;
    char iso[] = "0000-00-00";
    digits_put(iso, 4, day.year);
    digits_put(iso + 5, 2, day.month);
    digits_put(iso + 8, 2, day.day);
    struct text copy = arena_copy(reading->arena, span_of(iso));
    reading->meeting->date = (struct span){copy.at, copy.size};
}

/* The first whole day that the pass found between two offsets. */
static const struct entity *date_between(const struct reading *reading, size_t start, size_t end)
{
    for (size_t i = 0; i < reading->entities.count && reading->entities.items[i].start < end; i++) {
        const struct entity *entity = &reading->entities.items[i];
        if (entity->type == ENTITY_DATE && entity->start >= start && entity->day.year)
            return entity;
    }
    return NULL;
}

/* What stands behind a day on its line, also where the day goes on over the line's end. */
static struct span behind_date(const struct reading *reading, const struct entity *date, const struct line *line)
{
    const struct line *last = reading->lines.items + reading->lines.count - 1;
    if (date->end > line->end && line < last && date->end <= line[1].end)
        line++;
    return reading_cut(reading, date->end < line->end ? date->end : line->end, line->end);
}

/* The whole line where it begins with the word for a room and goes on with a number or a comma. */
static struct span room_of(struct span line, struct span value)
{
    bool room = span_starts(line, SPAN("Mødelokale ")) || span_starts(line, SPAN("Lokale "));
    const char *comma = memchr(line.at, ',', line.size);
    return room && (comma || value.size < 4) && value.size && is_digit(*value.at) ? line : value;
}

/* "Dato: 3. maj 2016 kl. 15.30 - 17", "Mødet begyndte: 3. maj, kl. 15.30": the day and the times that a label gives. */
static void label_begin(struct reading *reading, const struct line *here, struct span value)
{
    size_t at = value.at ? (size_t)(value.at - reading->body.text.at) : 0;
    const struct entity *date = date_between(reading, here->start, at + value.size + 1);
    struct span rest = value;
    if (date) {
        date_put(reading, date->day);
        size_t stop = date->end - at;
        rest = stop <= value.size ? span_cut(value, stop, value.size) : value;
    }
    times_of(reading, text_trim(rest, ",:-"), here->label != LABEL_DATE || date);
}

/* "Mødet sluttede: 3. maj 2016 kl. 17": the time behind the day. */
static void label_end(struct reading *reading, const struct line *here, struct span value)
{
    size_t at = value.at ? (size_t)(value.at - reading->body.text.at) : 0;
    const struct entity *date = date_between(reading, here->start, at + value.size + 1);
    size_t stop = date ? date->end - at : 0;
    char time[6];
    if (stop <= value.size &&
        (time_find(span_cut(value, stop, value.size), time) || time_at(value.at + stop, value.at + value.size, time)))
        time_put(reading, &reading->meeting->end, time);
}

static void head_label(struct reading *reading, size_t line)
{
    const struct line *here = &reading->lines.items[line];
    struct meeting *meeting = reading->meeting;
    struct span value = value_of(reading, line);
    switch ((enum label)here->label) {
    case LABEL_DATE:
    case LABEL_START:
    case LABEL_TIME: label_begin(reading, here, value); break;
    case LABEL_END: label_end(reading, here, value); break;
    case LABEL_PLACE:
        /* "Mødelokale 2, Rådhuset": the word is no label but the room */
        if (here->gap == GAP_SPACE && text_holds(reading_line(reading, line), "okale "))
            value = room_of(reading_line(reading, line), value);
        if (!meeting->place.size && value.size < 200)
            meeting->place = value;
        break;
    case LABEL_COMMITTEE:
        if (!meeting->committee.size)
            meeting->committee =
                committee_labelled(value, (here->gap == GAP_COLON || here->gap == GAP_STUCK) &&
                                              span_starts(reading_line(reading, line), SPAN("Udvalg")));
        break;
    default: break;
    }
}

static void head_lines(struct reading *reading, size_t end)
{
    struct meeting *meeting = reading->meeting;
    size_t mail = mail_end(reading);
    times_behind_labels(reading, end);
    for (size_t line = mail; line < end; line++)
        head_label(reading, line);
    for (size_t line = 0; line < end && line < 60 && !meeting->start.size && !meeting->end.size; line++)
        times_side_by_side(reading, line);
    times_below(reading, end);
    for (size_t line = 0; line < end && line < 60; line++) {
        const struct line *here = &reading->lines.items[line];
        struct span text = reading_line(reading, line);
        if (line < mail && !is_subject(text))
            continue;
        if (here->label == LABEL_MEMBERS || here->label == LABEL_ABSENT)
            break;
        /* "Forhandlingsprotokol / for Grenaa Byråd": no ballot up here */
        bool may_name = here->label == LABEL_NONE || here->label == LABEL_BALLOT ||
                        (here->label == LABEL_COMMITTEE && !is_bare_label(reading, here));
        if (!meeting->committee.size && may_name)
            meeting->committee = committee_on(reading, line, end);
        const struct entity *date =
            here->label == LABEL_NONE || here->label == LABEL_COMMITTEE /* "Møde   tirsdag den ..." */
                ? date_between(reading, here->start, here->end)
                : NULL;
        if (!date || text_holds(text, "Publiceret") || text_holds(text, "Udskrevet"))
            continue;
        bool first = !meeting->date.size;
        date_put(reading, date->day);
        if (first || !meeting->start.size)
            times_of(reading, text_trim(behind_date(reading, date, here), ","), true);
    }
}

/* "12:00 - 14:00", "15.15-17.00" on a line of its own. */
static bool is_range(struct span text)
{
    char time[6];
    const char *end = text.at + text.size;
    size_t size = text.size < 20 ? time_at(text.at, end, time) : 0, at = size;
    while (at < text.size && (text.at[at] == ' ' || text.at[at] == '-' || text.at[at] & 0x80))
        at++;
    return size > 3 && at > size && time_at(text.at + at, end, time) == text.size - at;
}

/* "Den 13. september" below or behind "År 1994,": the year that the line opens with. */
static void date_of_year(struct reading *reading, size_t line)
{
    struct span text = reading_line(reading, line);
    size_t at = span_starts(text, SPAN("År ")) ? 4 : span_starts(text, SPAN("Aar ")) ? 4 : 0;
    int year = 0, digits = 0;
    for (; at && digits < 4 && at < text.size && is_digit(text.at[at]); digits++)
        year = year * 10 + (text.at[at++] - '0');
    if (digits < 4)
        return;
    const struct line *here = &reading->lines.items[line];
    for (size_t i = 0; i < reading->entities.count && reading->entities.items[i].start < here->end; i++) {
        const struct entity *entity = &reading->entities.items[i];
        if (entity->type != ENTITY_DATE || entity->start < here->start || entity->day.year || !entity->day.month)
            continue;
        struct day day = entity->day;
        day.year = year;
        date_put(reading, day);
        times_of(reading, text_trim(behind_date(reading, entity, here), ","), true);
        return;
    }
}

/* Mødet, Start, Slut, Klokken, Tid: may a label of times begin here? */
static bool may_time(const char *at)
{
    char first = (char)(*at | 0x20), second = (char)(at[1] | 0x20);
    return (first == 'm' && (unsigned char)at[1] == 0xC3) || (first == 's' && (second == 't' || second == 'l')) ||
           (first == 'k' && second == 'l') || (first == 't' && second == 'i');
}

/* "Dato: 3. maj. Sted: Salen. Start kl.: 13.00. Slut kl.: 15.30.", "Mødet begyndte kl. 19 Mødet hævet kl. 21": labels
 * within a line, for times that no line begins with. */
static void labels_within(struct reading *reading, const struct line *here)
{
    enum { MOST = 400 }; /* bytes: the head of a transcript */
    const char *base = reading->body.text.at;
    size_t end = here->end - here->start > MOST ? here->start + MOST : here->end;
    for (const char *space = base + here->start;
         (space = memchr(space, ' ', (size_t)(base + end - space))) != NULL && space + 5 < base + end; space++) {
        size_t at = (size_t)(space - base) + 1;
        if (!may_time(base + at))
            continue;
        struct label_match match = label_at(base + at, base + end);
        size_t value = at + match.value;
        bool time = match.label >= LABEL_TIME && match.label <= LABEL_END && value < end;
        bool figure =
            time && (is_digit(base[value]) || memcmp(base + value, "kl", 2) == 0 || memcmp(base + value, "Kl", 2) == 0);
        if (!figure || (match.gap != GAP_COLON && match.gap != GAP_SPACE) || match.size < 4)
            continue;
        struct span text = reading_cut(reading, value, end < value + 30 ? end : value + 30);
        if (match.label == LABEL_END) {
            char clock[6];
            if (time_at(text.at, text.at + text.size, clock) || time_find(text, clock))
                time_put(reading, &reading->meeting->end, clock);
        } else
            times_of(reading, text, true);
    }
}

/* What a head tells in other ways: a range of times alone, a year before the day, labels within a line, the committee
 * in a title below the roster. */
static void head_again(struct reading *reading, size_t end)
{
    enum { WITHIN_LEAST = 40 }; /* a shorter line has no two labels */
    struct meeting *meeting = reading->meeting;
    for (size_t line = 0; line < end && line < 60 && (!meeting->start.size || !meeting->date.size); line++) {
        struct span text = reading_line(reading, line);
        bool from = span_starts(text, SPAN("Fra kl")) || span_starts(text, SPAN("fra kl"));
        if (!meeting->start.size && text.size && (from ? text.size < 40 : is_digit(*text.at) && is_range(text)))
            times_of(reading, text, true);
        if (!meeting->date.size)
            date_of_year(reading, line);
    }
    for (size_t line = 0; line < end && line < 12 && (!meeting->start.size || !meeting->end.size); line++)
        if (reading->lines.items[line].end - reading->lines.items[line].start > WITHIN_LEAST)
            labels_within(reading, &reading->lines.items[line]);
    for (size_t line = 0; line < end && line < 60 && !meeting->committee.size; line++) {
        const struct line *here = &reading->lines.items[line];
        const struct entity *date = here->label == LABEL_NONE ? date_between(reading, here->start, here->end) : NULL;
        if (!date)
            continue;
        meeting->committee = committee_on(reading, line, end);
        if (meeting->committee.size)
            times_of(reading, text_trim(behind_date(reading, date, here), ","), true);
    }
}

/* "Referat fra kommunalbestyrelsens møde": a name that the title writes small gets its capital. */
static void committee_capital(struct reading *reading)
{
    struct span *name = &reading->meeting->committee;
    bool small = name->size && *name->at >= 'a' && *name->at <= 'z';
    bool wide = name->size > 1 && (unsigned char)*name->at == 0xC3 && (unsigned char)name->at[1] >= 0xA0;
    if (!small && !wide)
        return;
    char *copy = arena_alloc(reading->arena, name->size);
    if (!copy)
        return;
    memcpy(copy, name->at, name->size);
    copy[wide] = (char)(copy[wide] - 0x20);
    *name = (struct span){copy, name->size};
}

/* "Udvalg: Dato: Sted: ... Kulturudvalget 15-maj-2002 Mødelokale 2": labels first; the body stands before the day. */
static void committee_before_day(struct reading *reading, size_t end)
{
    for (size_t line = 0; line < end && line < 20 && !reading->meeting->committee.size; line++) {
        const struct line *here = &reading->lines.items[line];
        const struct entity *date = date_between(reading, here->start, here->end);
        struct span text = date ? reading_cut(reading, here->start, date->start) : (struct span){0};
        size_t from = text.size;
        while (from && text.at[from - 1] != ':')
            from--;
        if (from)
            reading->meeting->committee = committee_of(text_trim(span_cut(text, from, text.size), ""));
    }
}

/* A place that no label names: behind "kl. 17:30 i ...", or the line below the day's. */
static void place_guess(struct reading *reading, size_t end)
{
    struct meeting *meeting = reading->meeting;
    for (size_t line = 0; line < end && line < 20 && !meeting->place.size; line++) {
        const struct line *here = &reading->lines.items[line];
        const struct entity *date = date_between(reading, here->start, here->end);
        char time[6];
        if (!date)
            continue;
        struct span rest = behind_date(reading, date, here);
        size_t at = time_find(rest, time);
        if (!at)
            continue;
        rest = text_trim(span_cut(rest, at, rest.size), "");
        if (span_starts(rest, SPAN("i ")) || span_starts(rest, SPAN("på ")))
            meeting->place = text_trim(span_cut(rest, rest.at[0] == 'i' ? 2 : 4, rest.size), ".");
        else if (!rest.size && line + 1 < end && here[1].label == LABEL_NONE && here[1].end - here[1].start < 90 &&
                 !reading->spots[line + 1].contents) {
            struct span place = reading_line(reading, line + 1);
            meeting->place = span_starts(place, SPAN("i ")) ? span_cut(place, 2, place.size) : place;
        }
    }
}

enum fault head_read(struct reading *reading)
{
    size_t end = head_end(reading);
    struct meeting *meeting = reading->meeting;
    head_lines(reading, end);
    head_again(reading, end);
    if (!meeting->date.size) {
        for (size_t i = 0; i < reading->entities.count && !meeting->date.size; i++)
            if (reading->entities.items[i].type == ENTITY_DATE)
                date_put(reading, reading->entities.items[i].day);
    }
    if (!meeting->committee.size)
        meeting->committee = committee_of_decision(reading);
    if (!meeting->committee.size)
        meeting->committee = committee_proposed_to(reading, end);
    const struct text *text = &reading->body.text;
    bool inner = reading->lines.traces & TRACE_MEETING && text_holds((struct span){text->at, text->size}, ". Mødet");
    committee_before_day(reading, end);
    for (size_t line = 0; line < reading->lines.count; line++)
        times_closing(reading, line, inner);
    place_guess(reading, end);
    committee_capital(reading);
    return FAULT_NONE;
}
