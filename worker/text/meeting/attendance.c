/* attendance: who was present, absent or came for somebody, out of the lists and notes of the minutes. Pure.
 *
 * Goes through the lines and hands each list to its reader: what a label leads, names in columns, the answers of single
 * members, the absences that an item's decision names, the signatures below the minutes. */
#include "roster.h"

#include "agenda.h"
#include "words.h"

#include <string.h>

bool attendance_kind(enum label label, enum list_kind *kind)
{
    switch (label) {
    case LABEL_MEMBERS: *kind = LIST_MEMBERS; return true;
    case LABEL_ABSENT: *kind = LIST_ABSENT; return true;
    case LABEL_SUBSTITUTE: *kind = LIST_SUBSTITUTE; return true;
    case LABEL_OFFICIAL: *kind = LIST_OFFICIAL; return true;
    case LABEL_SIGNED: *kind = LIST_SIGNED; return true;
    default: return false;
    }
}

/* "(A)" alone on a line belongs to the member above it. */
static void loose_parties(struct roster *roster, size_t first, size_t end)
{
    struct reading *reading = roster->reading;
    int32_t person = -1;
    for (size_t line = first; line < end; line++) {
        const struct line *here = &reading->lines.items[line];
        size_t i = sighting_from(reading, here->start);
        if (i < reading->sightings.count && reading->sightings.items[i].start < here->end)
            person = reading->sightings.items[i].person;
        struct span text = line_text(&reading->body, here);
        bool bracket = text.size > 2 && text.size < 16 && *text.at == '(' && text.at[text.size - 1] == ')';
        struct span letters = bracket ? span_cut(text, 1, text.size - 1) : (struct span){0};
        if (bracket && person >= 0 && is_party(letters) && !reading->people.items[person].party.size)
            reading->people.items[person].party = letters;
        else if (person >= 0 && text.size < 30 &&
                 (span_starts(text, SPAN("Formand")) || span_starts(text, SPAN("Næstformand"))))
            reading->people.items[person].role = text;
    }
}

/* Is the line inside the decision that this meeting took on its item? Absences of earlier bodies do not count. */
bool in_own_decision(const struct reading *reading, size_t line)
{
    int32_t item = reading->spots[line].item;
    if (item < 0)
        return true;
    const struct draft_item *draft = &reading->items.items[item];
    const struct part *part = part_final(reading, draft);
    if (part && line >= part->first && line < part->end)
        return true;
    /* no decision at all, or a part that names the absent of the meeting */
    for (uint32_t i = 0; i < draft->part_count; i++) {
        const struct part *other = &reading->parts.items[draft->first_part + i];
        if (line >= other->first && line < other->end)
            return !other->body &&
                   (other->kind == NO_SECTION || other->kind == SECTION_OTHER || !part || other->first >= part->end);
    }
    return false;
}

static bool absent_in_item(struct roster *roster, size_t start, size_t end)
{
    struct reading *reading = roster->reading;
    bool came = false;
    for (size_t i = sighting_from(reading, start);
         i < reading->sightings.count && reading->sightings.items[i].start < end; i++) {
        struct sighting *sighting = &reading->sightings.items[i];
        int32_t person =
            roster_put(roster, reading_cut(reading, sighting->start, sighting->end), sighting->party, false);
        if (person < 0)
            return false;
        sighting->person = person;
        size_t before = i > 0 && sighting[-1].end > start ? sighting[-1].end : start;
        came = attendance_came(reading_cut(reading, before, sighting->start), came);
        if (came)
            roster->attendance.items[person].substitute = true;
        else
            roster->attendance.items[person].items++;
    }
    return true;
}

/* "Medlemmer: Fraværende: A, B, C D": both labels first, then both lists; where no comma parts two names the absent
 * begin. Other words of the head stand before the names, so only known first names count. */
static bool joint_list(struct roster *roster, size_t start, size_t end)
{
    struct reading *reading = roster->reading;
    enum list_kind kind = LIST_MEMBERS;
    size_t before = SIZE_MAX;
    for (size_t i = sighting_from(reading, start);
         i < reading->sightings.count && reading->sightings.items[i].start < end; i++) {
        struct sighting *here = &reading->sightings.items[i];
        if (!here->given || sighting_is_place(reading, here))
            continue;
        if (before != SIZE_MAX && here->start - before == 1)
            kind = LIST_ABSENT;
        before = here->after;
        if (!attendance_name(roster, here, kind))
            return false;
    }
    return true;
}

/* Is the line "Fraværende: ..." behind an empty "Medlemmer:"? */
static bool labels_first(const struct reading *reading, size_t line)
{
    const struct line *here = &reading->lines.items[line];
    return line > 0 && here->label == LABEL_ABSENT && here->gap == GAP_COLON && here[-1].label == LABEL_MEMBERS &&
           here[-1].value >= here[-1].end && here->end - here->value > 40;
}

/* A line of the head without a label that matters: what its words tell. Gives the line behind, or 0 if the arena is
 * full. */
static size_t prose_read(struct roster *roster, size_t line)
{
    struct reading *reading = roster->reading;
    const struct line *here = &reading->lines.items[line];
    bool prose = here->label == LABEL_NONE || here->label == LABEL_REMARK ||
                 (here->label == LABEL_BALLOT && here->gap == GAP_SPACE); /* "For N mødte M" */
    if (!prose || reading->spots[line].contents || reading->spots[line].item != NO_ITEM)
        return line + 1;
    if (attendance_answers(reading, here))
        return attendance_names(roster, here->start, here->end, LIST_MEMBERS) ? line + 1 : 0;
    size_t end = attendance_prose_end(reading, line);
    bool cue = false;
    for (size_t i = line; i < end; i++)
        cue = cue || (reading->lines.items[i].flags & LINE_CUE);
    if (cue && !attendance_sentences(roster, here->start, reading->lines.items[end - 1].end))
        return 0;
    return end;
}

/* Does the line end with a lead: "Fraværende med lovligt forfald:"? What it leads stands on the next one. */
static bool leads_on(const struct reading *reading, size_t line)
{
    struct span text = reading_line(reading, line);
    return text.size && text.at[text.size - 1] == ':';
}

/* The lines of a roster, from `line` up to `last`; sentences among them are read as such. Who is neither away nor a
 * substitute by them is there. */
static bool roster_lines(struct roster *roster, size_t line, size_t last, size_t start)
{
    struct reading *reading = roster->reading;
    const struct line *lines = reading->lines.items;
    for (size_t next = line + 1; next <= last; next++) {
        if (next < last && (!attendance_told(reading, &lines[next]) || leads_on(reading, next - 1)))
            continue;
        if (!attendance_names(roster, start, lines[next - 1].end, LIST_MEMBERS))
            return false;
        if (next == last)
            break;
        size_t end = attendance_prose_end(reading, next), first = sighting_from(reading, lines[next].start);
        end = end < last ? end : last;
        if (!attendance_sentences(roster, lines[next].start, lines[end - 1].end))
            return false;
        struct sighting *sighting = &reading->sightings.items[first];
        bool told = sighting->person >= 0 && (roster->attendance.items[sighting->person].absent ||
                                              roster->attendance.items[sighting->person].substitute);
        if (!told && sighting->start == lines[next].start && !attendance_name(roster, sighting, LIST_MEMBERS))
            return false;
        next = end - 1;
        start = lines[next].end;
    }
    return true;
}

/* Names alone at the end of the document, on two lines at least: the signatures. */
static bool signatures_read(struct roster *roster)
{
    struct reading *reading = roster->reading;
    size_t first = reading->lines.count, lines = 0;
    while (first && reading->lines.count - first < 60) {
        const struct line *here = &reading->lines.items[first - 1];
        bool names = is_names_only(reading, here) && !here->label;
        if (!names && !(here->flags & LINE_PAGE))
            break;
        lines += names;
        first--;
    }
    if (lines < 2)
        return true;
    size_t i = sighting_from(reading, reading->lines.items[first].start);
    return reading->sightings.count - i < 4 ||
           attendance_names(roster, reading->lines.items[first].start, reading->body.text.size, LIST_SIGNED);
}

/* The list that the label on `line` leads. Gives the line to go on with, or 0 if the arena is full: a short list's own
 * lines are looked at again, for what their sentences tell. */
static size_t list_read(struct roster *roster, size_t line, enum list_kind kind)
{
    const struct reading *reading = roster->reading;
    const struct line *here = &reading->lines.items[line];
    bool head = reading->spots[line].item == NO_ITEM, later = reading->spots[line].item > 0;
    bool members = kind == LIST_MEMBERS || kind == LIST_OFFICIAL || kind == LIST_SIGNED;
    if (later && (kind == LIST_MEMBERS || kind == LIST_OFFICIAL))
        return line + 1;
    if (kind == LIST_SUBSTITUTE && span_starts(line_value(&reading->body, here), SPAN("Ingen")))
        return line + 1;
    /* "Indkaldt: Som stedfortrædere N og M" */
    struct span value = line_value(&reading->body, here);
    if (kind == LIST_MEMBERS && (span_starts(value, SPAN("Som st")) || span_starts(value, SPAN("Som su"))) &&
        (text_holds(value, "tedfortræder") || text_holds(value, "uppleant"))) {
        kind = LIST_SUBSTITUTE;
        members = false;
    }
    size_t last = members ? roster_end(reading, line) : attendance_short_end(reading, line);
    /* "Mødt for N: M": the words of the label tell as well */
    size_t start = here->gap == GAP_SPACE ? here->start : here->value, end = reading->lines.items[last - 1].end;
    bool own = head || in_own_decision(reading, line), read = true;
    if (head && labels_first(reading, line))
        read = joint_list(roster, start, end);
    else if (own && later && kind == LIST_ABSENT)
        read = absent_in_item(roster, start, end);
    else if (own && kind == LIST_MEMBERS)
        read = roster_lines(roster, line, last, start);
    else if (own)
        read = attendance_names(roster, start, end, kind);
    if (!read)
        return 0;
    if (members)
        loose_parties(roster, line, last);
    return members && last > line + 1 ? last : line + 1;
}

bool attendance_lists(struct roster *roster)
{
    struct reading *reading = roster->reading;
    for (size_t line = 0; line < reading->lines.count; line++) {
        const struct line *here = &reading->lines.items[line];
        enum list_kind kind;
        if (here->label == LABEL_NONE && reading->spots[line].item != NO_ITEM)
            continue; /* most lines: the words of an item */
        size_t behind = attendance_columns(roster, line);
        if (behind != line) {
            if (!behind)
                return false;
            line = behind - 1;
            continue;
        }
        if (attendance_heads(reading, line))
            continue;
        if (!attendance_kind((enum label)here->label, &kind) || reading->spots[line].contents) {
            size_t next = prose_read(roster, line);
            if (!next)
                return false;
            line = next - 1;
            continue;
        }
        line = list_read(roster, line, kind);
        if (!line)
            return false;
        line--;
    }
    return signatures_read(roster) && attendance_open(roster);
}
