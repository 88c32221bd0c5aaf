/* head: what holds for the whole meeting: committee, day, time, place, municipality. Pure. */
#include "agenda.h"
#include "lookup.h"
#include "opener.h"
#include "words.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

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

/* A figure of the minutes; typewriters have no nought but the letter. */
static int minute_digit(char c)
{
    return is_digit(c) ? c - '0' : c == 'o' || c == 'O' ? 0 : -1;
}

/* A time of day at `at`: 15:30, 16.30, 17:00:00, 19, 19.oo; "HH:MM" in out. Gives its size. */
static size_t time_at(const char *at, const char *end, char out[6])
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

/* The first time in the text; with "kl." before it, or with minutes. Gives the offset behind it, 0 if none. */
static size_t time_find(struct span text, char out[6])
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

static void time_put(struct reading *reading, struct span *slot, const char *time)
{
    if (slot->size)
        return;
    struct text copy = arena_copy(reading->arena, span_of(time));
    *slot = (struct span){copy.at, copy.size};
}

/* Start and, behind a dash, end: "Kl. 19:00-21:00". */
static void times_of(struct reading *reading, struct span text, bool plain)
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

/* Behind the word only an ending: et, ets, en, s. "Byrådssalen" is a room. */
static bool word_over(struct span text, size_t at)
{
    size_t letters = 0;
    while (at + letters < text.size && letters < 5 &&
           (((text.at[at + letters] | 0x20) >= 'a' && (text.at[at + letters] | 0x20) <= 'z') ||
            (text.at[at + letters] & 0x80)))
        letters++;
    return letters <= 3;
}

static const struct span body_words[] = {
#define BODY_WORD(words) WORD(words),
#include "body_word.def"
#undef BODY_WORD
};

/* Does the text hold a word that may name a body of the council? Most lines of the head hold none. */
static bool holds_body(struct span text)
{
    for (size_t at = 0; at < text.size; at++)
        if (affix_kinds_of(&title_kinds, affix_load(text.at + at), 3) & TITLE_BODY &&
            words_start(body_words, sizeof body_words / sizeof *body_words, span_cut(text, at, text.size)))
            return true;
    return false;
}

/* Where the first word that names a body of the council stands, or SIZE_MAX. */
static size_t body_word(struct span text, size_t from)
{
    enum { COUNT = sizeof body_words / sizeof *body_words };
    for (size_t at = from; at < text.size; at++) {
        if (!(affix_kinds_of(&title_kinds, affix_load(text.at + at), 3) & TITLE_BODY))
            continue;
        struct span rest = span_cut(text, at, text.size);
        for (size_t i = 0; i < COUNT; i++)
            if (*body_words[i].at == *rest.at && span_starts(rest, body_words[i]) &&
                word_over(text, at + body_words[i].size))
                return at;
    }
    return SIZE_MAX;
}

/* A word of a title that is no part of the body's name; letters' case aside. */
static bool is_lead_word(struct span word)
{
    static const struct span leads[] = {
#define TITLE_LEAD(word) WORD(word),
#include "title_lead.def"
#undef TITLE_LEAD
    };
    char small[24];
    if (word.size >= sizeof small)
        return false;
    for (size_t i = 0; i < word.size; i++) {
        unsigned char c = (unsigned char)word.at[i];
        bool capital = (c >= 'A' && c <= 'Z') || (i && (unsigned char)word.at[i - 1] == 0xC3 && c >= 0x80 && c <= 0x9E);
        small[i] = (char)(capital ? c | 0x20 : c);
    }
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
        if (span_equal(leads[i], (struct span){small, word.size}))
            return true;
    return false;
}

/* What stands before the body's name in a title: "Udskrift af forhandlingsprotokol for ". */
static size_t title_lead(struct span text)
{
    size_t at = 0;
    for (int round = 0; round < 12; round++) {
        size_t stop = at;
        while (stop < text.size && !strchr(" -:,.", text.at[stop]))
            stop++;
        if (stop >= text.size || text.at[stop] == '-' || !is_lead_word(span_cut(text, at, stop)))
            break;
        for (at = stop; at < text.size; at++) {
            bool dash = at + 2 < text.size && memcmp(text.at + at, "–", 3) == 0;
            at += dash ? 2 : 0;
            if (!dash && !strchr(" -:,.", text.at[at]))
                break;
        }
    }
    return at;
}

static bool may_end_title(const char *at)
{
    return *at == '\t' || (*at == ' ' && at[1] == '(') || affix_kinds_of(&title_kinds, affix_load(at), 3) & TITLE_END;
}

/* Where the body's name ends: before a day, a year, a time, a dash with "referat", a comma with a figure. */
static size_t title_tail(struct span text, size_t from)
{
    static const struct span stops[] = {
#define TITLE_TAIL(words) WORD(words),
#include "title_tail.def"
#undef TITLE_TAIL
    };
    enum { COUNT = sizeof stops / sizeof *stops };
    for (size_t at = from; at < text.size; at++) {
        if (may_end_title(text.at + at) && words_start(stops, COUNT, span_cut(text, at, text.size)))
            return at;
        if (at > from && is_digit(text.at[at]) && strchr(" ,-", text.at[at - 1]))
            return at;
    }
    return text.size;
}

/* "Egebjerg Kommune Teknisk Udvalg": the committee stands behind the municipality. */
static struct span behind_municipality(struct span text)
{
    static const struct span stops[] = {WORD(" Kommune "), WORD(" Kommune, "), WORD(" Kommune - "), WORD(" Kommune: "),
                                        WORD(" KOMMUNE "), WORD(" KOMMUNE, "), WORD(" KOMMUNE - "), WORD(" KOMMUNE: ")};
    for (size_t at = 1; at < text.size && at < 40; at++) {
        if (text.at[at] != ' ')
            continue;
        for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
            if (!span_starts(span_cut(text, at, text.size), stops[i]))
                continue;
            size_t behind = at + stops[i].size;
            while (behind < text.size && text.at[behind] == ' ') /* columns wide apart */
                behind++;
            struct span rest = span_cut(text, behind < text.size ? behind : text.size, text.size);
            rest = span_cut(rest, title_lead(rest), rest.size);
            bool capital = rest.size && ((*rest.at >= 'A' && *rest.at <= 'Z') || (unsigned char)*rest.at == 0xC3);
            size_t word = capital ? body_word(rest, 0) : SIZE_MAX;
            if (word < 40)
                return rest;
        }
    }
    return text;
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

/* The name of a body in a line of the head, or empty. */
static struct span committee_of(struct span text, bool labelled)
{
    bool titled =
        span_starts(text, SPAN("Referat")) || span_starts(text, SPAN("REFERAT")) || span_starts(text, SPAN("Møde"));
    if (text.size < 4 || text.size > (titled ? 400u : 140u) ||
        (!labelled && text.at[text.size - 1] == '.' && text.size > 60 && !text_holds(text, "   ")))
        return (struct span){0};
    if (!labelled && !holds_body(text))
        return (struct span){0};
    size_t lead = title_lead(text);
    struct span rest = span_cut(text, lead, text.size);
    if (!rest.size)
        return rest;
    rest = behind_municipality(rest);
    size_t tail = title_tail(rest, 0);
    struct span name = text_trim(span_cut(rest, 0, tail), ",-:");
    if (name.size > 3 && memcmp(name.at + name.size - 3, "–", 3) == 0)
        name = text_trim(span_cut(name, 0, name.size - 3), ",-:");
    unsigned char first = name.size ? (unsigned char)*name.at : 0;
    bool capital = (first >= 'A' && first <= 'Z') || first == 0xC3;
    size_t word = body_word(name, 0);
    if (labelled)
        return name;
    bool small = word != SIZE_MAX && name.at[word] >= 'a' && name.at[word] <= 'z' && word > 0 &&
                 name.at[word - 1] == ' ' && !(word > 4 && memcmp(name.at + word - 4, " og ", 4) == 0);
    /* "Udskrift af byrådets forhandlingsprotokol": behind such a lead the body may be written small */
    bool led = lead && word == 0;
    if ((!capital && !led) || word == SIZE_MAX || small || name.size > 100 || text_holds(name, "fagudvalg") ||
        text_holds(name, "Dagsordener"))
        return (struct span){0};
    return name;
}

/* "Byrådets beslutning i mødet", "Beslutning i Byrådet": the body in the heading of the meeting's own decision. */
static struct span committee_of_decision(const struct reading *reading)
{
    for (size_t i = 0; i < reading->parts.count; i++) {
        const struct part *part = &reading->parts.items[i];
        struct span iso = reading->meeting->date;
        bool same = part->body && iso.size == 10 && part->day.day == (iso.at[8] - '0') * 10 + iso.at[9] - '0' &&
                    part->day.month == (iso.at[5] - '0') * 10 + iso.at[6] - '0';
        if (!same)
            continue;
        struct span text = reading_line(reading, part->heading);
        static const char *const leads[] = {"Beslutning i ", "Beslutning fra ", "Beslutning for ", "Beslutning ",
                                            "Behandlet i "};
        for (size_t j = 0; j < sizeof leads / sizeof *leads; j++)
            if (span_starts(text, span_of(leads[j]))) {
                text = span_cut(text, strlen(leads[j]), text.size);
                break;
            }
        struct span name = text_trim(span_cut(text, 0, title_tail(text, 0)), ",-: ");
        if (name.size > 3 && name.at[name.size - 1] == 's' && text_holds(text, "beslutning"))
            name.size--;
        if (name.size > 3)
            return name;
    }
    return (struct span){0};
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

static void head_label(struct reading *reading, size_t line)
{
    const struct line *here = &reading->lines.items[line];
    struct meeting *meeting = reading->meeting;
    struct span value = value_of(reading, line);
    char time[6];
    switch ((enum label)here->label) {
    case LABEL_DATE:
    case LABEL_START:
    case LABEL_TIME: {
        const struct entity *date = date_between(
            reading, here->start, (size_t)(value.at ? value.at - reading->body.text.at : 0) + value.size + 1);
        struct span rest = value;
        if (date) {
            date_put(reading, date->day);
            size_t stop = date->end - (size_t)(value.at - reading->body.text.at);
            rest = stop <= value.size ? span_cut(value, stop, value.size) : value;
        }
        times_of(reading, text_trim(rest, ",:-"), here->label != LABEL_DATE || date);
        break;
    }
    case LABEL_END: {
        const struct entity *date = date_between(
            reading, here->start, (size_t)(value.at ? value.at - reading->body.text.at : 0) + value.size + 1);
        size_t stop = date ? date->end - (size_t)(value.at - reading->body.text.at) : 0;
        if (stop <= value.size && (time_find(span_cut(value, stop, value.size), time) ||
                                   time_at(value.at + stop, value.at + value.size, time)))
            time_put(reading, &meeting->end, time);
        break;
    }
    case LABEL_PLACE:
        /* "Mødelokale 2, Rådhuset": the word is no label but the room */
        if (here->gap == GAP_SPACE && text_holds(reading_line(reading, line), "okale "))
            value = room_of(reading_line(reading, line), value);
        if (!meeting->place.size && value.size < 200)
            meeting->place = value;
        break;
    case LABEL_COMMITTEE: {
        struct span name = committee_of(value, true);
        if (!meeting->committee.size && body_word(name, 0) != SIZE_MAX)
            meeting->committee = name;
        break;
    }
    default: break;
    }
}

/* "sluttede 18.45.": a time right behind the word. */
static bool time_behind(struct span text, char time[6])
{
    size_t at = 0;
    while (at < text.size && ((text.at[at] | 0x20) >= 'a' || text.at[at] & 0x80))
        at++;
    return at + 1 < text.size && text.at[at] == ' ' && time_at(text.at + at + 1, text.at + text.size, time) > 3;
}

/* "Mødet sluttede kl. 20.35", "Mødet begyndte kl. 16.00 og sluttede kl. 20.35", "Mødet hævet kl. 13.03"; `inner`: the
 * text holds such a sentence behind another. */
static void closing_note(struct reading *reading, size_t line, bool inner)
{
    struct span text = reading_line(reading, line);
    const struct line *here = &reading->lines.items[line];
    if (!inner && text.size > 160) {
        text = span_cut(text, text.size - 160, text.size);
    } else if (text.size > 160) { /* the last sentence of a paragraph: "... punkt 3. Mødet blev hævet kl. 15.45." */
        size_t from = text.size - 160;
        for (size_t at = text.size - 8; at > from; at--)
            if (memcmp(text.at + at, ". Mødet", 8) == 0)
                from = at + 2;
        text = span_cut(text, from, text.size);
    } else if (inner) {
        for (size_t at = 8; at + 8 < text.size; at++)
            if (memcmp(text.at + at, ". Mødet", 8) == 0) {
                text = span_cut(text, at + 2, text.size);
                break;
            }
    }
    if (text.size < 8)
        return;
    bool label = here->label == LABEL_END || here->label == LABEL_START;
    if (!label && !(span_starts(text, SPAN("Mødet ")) || span_starts(text, SPAN("Møde "))))
        return;
    struct span value = text_trim(line_value(&reading->body, here), "");
    char plain[6]; /* "Mødet slut 18.40." */
    if (here->label == LABEL_END && value.size > 3 && value.size < 8 &&
        time_at(value.at, value.at + value.size, plain) > 3) {
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

/* "Mødet startet: Mødet sluttet: ... Kl. 15.30 Kl. 18.10": labels first, then both times side by side. */
static void times_side_by_side(struct reading *reading, size_t line)
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

/* "Mødetidspunkt: / Mødet hævet: / ... / Kl. 15.00 / Kl. 17.50": both labels without a value, then both times, each on
 * a line of its own. */
static void times_below(struct reading *reading, size_t end)
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

static bool is_council(struct span name)
{
    return text_holds(name, "yråd") || text_holds(name, "ommunalbestyrelse");
}

/* "Skive Byråd / Teknisk Udvalg": below the council's name, which heads the paper, the committee that met. */
static struct span committee_below(const struct reading *reading, size_t line, size_t end)
{
    const struct line *next = &reading->lines.items[line] + 1;
    if (line + 1 >= end || next->label != LABEL_NONE || next->end - next->start > 60)
        return (struct span){0};
    struct span name = committee_of(reading_line(reading, line + 1), false);
    bool alone = name.size == reading_line(reading, line + 1).size;
    return alone && !is_council(name) ? name : (struct span){0};
}

static void head_lines(struct reading *reading, size_t end)
{
    struct meeting *meeting = reading->meeting;
    size_t mail = mail_end(reading);
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
        if (!meeting->committee.size && may_name) {
            meeting->committee = committee_of(text, false);
            struct span below = is_council(meeting->committee) && meeting->committee.size == text.size
                                    ? committee_below(reading, line, end)
                                    : (struct span){0};
            meeting->committee = below.size ? below : meeting->committee;
        }
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
            reading->meeting->committee = committee_of(text_trim(span_cut(text, from, text.size), ""), false);
    }
}

/* A place that no label names: behind "kl. 17:30 i ...", or the line below the day's. */
static void place_guess(struct reading *reading, size_t end)
{
    struct meeting *meeting = reading->meeting;
    for (size_t line = 0; line < end && line < 20 && !meeting->place.size; line++) {
        const struct line *here = &reading->lines.items[line];
        struct span text = reading_line(reading, line);
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
        (void)text;
    }
}

enum fault head_read(struct reading *reading)
{
    size_t end = head_end(reading);
    struct meeting *meeting = reading->meeting;
    head_lines(reading, end);
    if (!meeting->date.size) {
        for (size_t i = 0; i < reading->entities.count && !meeting->date.size; i++)
            if (reading->entities.items[i].type == ENTITY_DATE)
                date_put(reading, reading->entities.items[i].day);
    }
    if (!meeting->committee.size)
        meeting->committee = committee_of_decision(reading);
    const struct text *text = &reading->body.text;
    bool inner = reading->lines.traces & TRACE_MEETING && text_holds((struct span){text->at, text->size}, ". Mødet");
    committee_before_day(reading, end);
    for (size_t line = 0; line < reading->lines.count; line++)
        closing_note(reading, line, inner);
    place_guess(reading, end);
    return FAULT_NONE;
}
