/* part: cuts an item into its sections, and finds the one that holds its own decision. Pure. */
#include "agenda.h"
#include "decider.h"
#include "decision.h"
#include "words.h"

#include <string.h>

bool is_recommendation(const struct reading *reading, size_t line)
{
    struct span text = reading_line(reading, line);
    if (text.size > 160 || text.size < 12 || !(reading->lines.items[line].traces & TRACE_PROPOSAL))
        return false;
    char last = text.at[text.size - 1];
    if (last == '.')
        return false;
    bool opens = last == ':' || (text.size > 3 && memcmp(text.at + text.size - 3, " at", 3) == 0) ||
                 (text.size > 5 && memcmp(text.at + text.size - 5, " at:", 4) == 0) ||
                 (last == ',' && text_holds(text, "indstiller,")) || text_holds(text, "indstiller til ");
    return opens && (text_has(text, "indstiller") || text_has(text, "foreslår") || text_has(text, "anbefaler at"));
}

static bool part_open(struct reading *reading, uint32_t line, uint32_t first, uint8_t kind, const struct day *day)
{
    struct part *part = LIST_PUSH(reading->arena, &reading->parts);
    if (!part)
        return false;
    *part = (struct part){.kind = kind, .heading = line, .first = first, .end = first, .body = day != NULL};
    if (day)
        part->day = *day;
    return true;
}

/* A page's head amid a sentence: what stands above breaks off, and what stands below goes on with a small letter or a
 * figure. "... naboerne, hvor / Egebjerg Kommune  Socialudvalget  15-maj-2002 / der i dag ..." */
static bool breaks_sentence(const struct reading *reading, uint32_t line)
{
    uint32_t above = line;
    while (above && reading->lines.items[above - 1].flags & LINE_PAGE)
        above--;
    if (!above || line + 1 >= reading->lines.count || reading->spots[above - 1].heading)
        return false;
    struct span before = reading_line(reading, above - 1), behind = reading_line(reading, line + 1);
    unsigned char next = (unsigned char)*behind.at, second = behind.size > 1 ? (unsigned char)behind.at[1] : 0;
    bool on = (next >= 'a' && next <= 'z') || (next >= '0' && next <= '9') || (next == 0xC3 && second >= 0x9F);
    return on && before.size > 40 && !strchr(".:;!?)", before.at[before.size - 1]);
}

/* "Følgende bilag er vedlagt sagen:", "Supplerende bilag:", "Omdelt på mødet:": words of the clerk's own lead the list.
 */
static bool leads_attachments(const struct line *here, struct span text)
{
    static const struct span handed[] = {WORD("Omdelt på mødet"), WORD("Udleveret på mødet"),
                                         WORD("Fremlagt på mødet")};
    size_t at = 0;
    if (text.size > 80 || text.size < 7 || text.at[text.size - 1] != ':' ||
        (here->label != LABEL_NONE && here->label < LABEL_SECTION))
        return false;
    if (words_start(handed, sizeof handed / sizeof *handed, text))
        return true;
    if (word_ends(text, SPAN(" vedlagt:")) || word_ends(text, SPAN(" vedlagte:")))
        return true;
    for (; at + 5 < text.size; at++)
        if (memcmp(text.at + at + 1, "ilag", 4) == 0 && (text.at[at] | 0x20) == 'b' && (!at || text.at[at - 1] == ' '))
            break;
    bool word = at + 5 < text.size && strchr(" :,", text.at[at + 5]);
    bool number = word && at + 6 < text.size && text.at[at + 6] >= '0' && text.at[at + 6] <= '9';
    /* "I bilag er der redegjort for følgende:" tells of one */
    static const struct span told[] = {WORD("et"), WORD("i"),  WORD("af"), WORD("I"),
                                       WORD("Af"), WORD("se"), WORD("Se")};
    struct span before = text_trim(span_cut(text, 0, at), "");
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        if (span_equal(before, told[i]) ||
            (word_ends(before, told[i]) && before.at[before.size - told[i].size - 1] == ' '))
            return false;
    return word && !number && !text_holds(text, "fremgår") && !text_holds(text, "viser") &&
           !text_holds(text, "beslut") && !text_holds(text, "indstil");
}

/* "Bilag 1: Kort" without a blank line above it: the sentence above is over, or more of its kind follow. */
static bool first_of_list(const struct reading *reading, uint32_t line)
{
    struct span above = line ? reading_line(reading, line - 1) : (struct span){0},
                below = line + 1 < reading->lines.count ? reading_line(reading, line + 1) : (struct span){0};
    return (above.size && strchr(".:", above.at[above.size - 1])) || span_starts(below, SPAN("Bilag 2")) ||
           span_starts(below, SPAN("Bilag nr. 2"));
}

/* A list of attachments begins on the line, and no label of a section leads it. */
static bool opens_attachments(const struct reading *reading, uint32_t line)
{
    static const struct span leads[] = {WORD("Bilag 1:"),     WORD("Bilag 1 - "),   WORD("Bilag 1 – "),
                                        WORD("Bilag nr. 1 "), WORD("Bilag nr. 1:"), WORD("Bilag A:"),
                                        WORD("Bilag A - "),   WORD("Bilag A. "),    WORD("Bilag 1, "),
                                        WORD("Bilag 1.1"),    WORD("Bilag 1a")};
    const struct line *here = &reading->lines.items[line];
    struct span text = reading_line(reading, line);
    if (here->label == LABEL_DOCUMENTS)
        return true;
    if (*text.at >= '1' && *text.at <= '9')
        return text.size < 14 && text.size > 6 &&
               (word_ends(text, SPAN(" bilag:")) || (text.size < 9 && word_ends(text, SPAN(" bilag"))));
    if (leads_attachments(here, text))
        return true;
    if (*text.at != 'B' && *text.at != '|')
        return false;
    bool columns =
        here->gap != GAP_COLON && attachment_columns(text) && text_has(text, "Bilag"); /* "Bilag | Dok.nr." */
    bool first = words_start(leads, sizeof leads / sizeof *leads, text) > 0;           /* a list without a head */
    first = first || (span_starts(text, SPAN("Bilag 1 ")) && line + 1 < reading->lines.count &&
                      span_starts(reading_line(reading, line + 1), SPAN("Bilag 2 ")));
    return columns || (first && (here->blanks || first_of_list(reading, line)));
}

/* "KB: Godkendt." */
static bool is_initials(const struct reading *reading, uint32_t line)
{
    struct span text = reading_line(reading, line);
    return initials_at(text.at, text.at + text.size) > 0;
}

/* "Redegørelse", "Tidsplan": words that head sections elsewhere name documents in a list of attachments, amid its
 * entries or at its end. */
static bool is_entry(const struct reading *reading, const struct draft_item *item, uint32_t line)
{
    static const struct span names[] = {WORD("Redegørelse"), WORD("Tidsplan"), WORD("Beskrivelse"), WORD("Udtalelser"),
                                        WORD("Sagsbeskrivelse")};
    const struct line *here = &reading->lines.items[line], *next = here + 1;
    if (here->gap != GAP_END || here->level)
        return false;
    if (here->flags & LINE_BULLET)
        return (here[-1].flags & LINE_BULLET || here[-1].label == LABEL_SECTION + SECTION_ATTACHMENTS);
    struct span text = reading_line(reading, line);
    bool name = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        name = name || span_equal(text, names[i]);
    if (!name || line + 1 >= item->end)
        return name;
    struct span below = reading_line(reading, line + 1);
    bool amid = !here->blanks && !next->blanks && below.size < 60 && below.at[below.size - 1] != '.';
    return amid || next->label >= LABEL_SECTION || next->label == LABEL_ABSENT ||
           span_starts(below, SPAN("Beslutning"));
}

/* The kind of part that a line opens, or NO_SECTION. */
static uint8_t opening(const struct reading *reading, uint32_t line, struct day *day, bool *dated)
{
    const struct line *here = &reading->lines.items[line];
    struct span text = reading_line(reading, line);
    *dated = false;
    if (reading->spots[line].contents || here->flags & LINE_PAGE)
        return NO_SECTION;
    if (decider_at(text.at, text.at + text.size, day) && !breaks_sentence(reading, line)) {
        *dated = true;
        return SECTION_DECISION;
    }
    bool form = here->label == LABEL_SECTION + SECTION_ATTACHMENTS && attachment_form(here, text);
    if (here->label >= LABEL_SECTION && (!(here->flags & LINE_ROW) || here->gap == GAP_COLON || form))
        return (uint8_t)(here->label - LABEL_SECTION);
    if (opens_attachments(reading, line))
        return SECTION_ATTACHMENTS;
    if (here->label == LABEL_NONE && text.size > 1 && !(text.at[1] >= 'a' && text.at[1] <= 'z') &&
        is_initials(reading, line))
        return SECTION_DECISION;
    if (here->traces & TRACE_PROPOSAL && is_recommendation(reading, line))
        return SECTION_RECOMMENDATION;
    /* "Beslutning i Byrådet:" or "Byrådets beslutning:" without a day */
    static const struct span again[] = {WORD("Beslutning for Punkt "), WORD("Beslutning for punkt "),
                                        WORD("Beslutning for Pkt. "), WORD("Beslutning til punkt ")};
    if (*text.at == 'B' && words_start(again, sizeof again / sizeof *again, text)) /* and its title, points and all */
        return SECTION_DECISION;
    bool decision = *text.at == 'B' && text.size < 120 && !span_starts(text, SPAN("Beslutningsr")) &&
                    !span_starts(text, SPAN("Beslutningsgrundlag")) &&
                    (span_starts(text, SPAN("Beslutning")) || span_starts(text, SPAN("BESLUTNING"))) &&
                    (text.at[text.size - 1] == ':' || here->level || !memchr(text.at, '.', text.size));
    bool named = text.size < 90 && text.at[text.size - 1] == ':' && text_has(text, "beslutning");
    if (decision || named)
        return SECTION_DECISION;
    return here->level && !here->label ? SECTION_OTHER : NO_SECTION;
}

/* "1. Afslag på ansøgning": a heading of its own inside a section keeps the section's kind. */
static uint8_t inner_kind(const struct reading *reading, uint8_t kind)
{
    (void)reading;
    return kind == SECTION_DECISION || kind == SECTION_ATTACHMENTS ? (uint8_t)SECTION_OTHER : kind;
}

static enum fault item_parts(struct reading *reading, struct draft_item *item)
{
    item->first_part = (uint32_t)reading->parts.count;
    if (!part_open(reading, item->heading + 1, item->heading + 1, NO_SECTION, NULL))
        return arena_full(reading->err);
    for (uint32_t line = item->heading + 1; line < item->end; line++) {
        struct day day = {0};
        bool dated = false;
        uint8_t kind = opening(reading, line, &day, &dated);
        struct part *last = &reading->parts.items[reading->parts.count - 1];
        const struct line *here = &reading->lines.items[line];
        /* a page's list of files between the title and the case number */
        if (kind == NO_SECTION && line == item->heading + 1 && attachment_files(reading_line(reading, line))) {
            if (!part_open(reading, line, line, SECTION_ATTACHMENTS, NULL))
                return arena_full(reading->err);
            reading->parts.items[reading->parts.count - 1].end = line + 1;
            reading->spots[line].section = SECTION_ATTACHMENTS;
            if (line + 1 < item->end && !part_open(reading, line + 1, line + 1, NO_SECTION, NULL))
                return arena_full(reading->err);
            continue;
        }
        if (kind == SECTION_RECOMMENDATION && last->kind == SECTION_DECISION && here->gap == GAP_COLON &&
            outcome_word(line_value(&reading->body, here))) /* "Forvaltningens indstilling: Godkendt." */
            kind = NO_SECTION;
        if (kind != NO_SECTION && last->kind == SECTION_ATTACHMENTS && here->label >= LABEL_SECTION &&
            is_entry(reading, item, line))
            kind = NO_SECTION;
        if (kind == SECTION_OTHER && here->label < LABEL_SECTION)
            kind = last->kind == NO_SECTION                        ? NO_SECTION
                   : inner_kind(reading, last->kind) == last->kind ? NO_SECTION
                                                                   : SECTION_OTHER;
        if (kind != NO_SECTION) {
            bool value =
                (here->label >= LABEL_SECTION && here->gap == GAP_COLON && here->value < here->end) ||
                (kind == SECTION_ATTACHMENTS && here->label == LABEL_DOCUMENTS && here->value < here->end) ||
                (kind == SECTION_ATTACHMENTS && here->label == LABEL_NONE &&
                 !leads_attachments(here, reading_line(reading, line))) ||
                (kind == SECTION_ATTACHMENTS && attachment_form(here, reading_line(reading, line))) ||
                (kind == SECTION_DECISION && here->label == LABEL_NONE && !dated && is_initials(reading, line));
            if (!part_open(reading, line, line + !value, kind, dated ? &day : NULL))
                return arena_full(reading->err);
            last = &reading->parts.items[reading->parts.count - 1];
        }
        last->end = line + 1;
        if (last->end < last->first)
            last->end = last->first;
        reading->spots[line].section = last->kind;
        reading->spots[line].body = dated;
    }
    item->part_count = (uint32_t)reading->parts.count - item->first_part;
    return FAULT_NONE;
}

/* A line on the amendments or votes before the decision. */
static bool leads_to_decision(const struct reading *reading, uint32_t line)
{
    const struct line *here = &reading->lines.items[line];
    struct span text = reading_line(reading, line);
    if (decision_told_at(text.at, text.at + text.size)) /* an earlier body's answer */
        return false;
    return line_holds(here, TRACE_VOTE, text, "stemte") || line_holds(here, TRACE_VOTE, text, "ndringsforslag") ||
           line_holds(here, TRACE_VOTE, text, "undlod");
}

/* "Bilag: Kort, Tidsplan" and below it, a paragraph of its own: "Kommunalbestyrelsen bevilgede det ansøgte." */
static enum fault decision_behind(struct reading *reading, struct draft_item *item, uint32_t last)
{
    const struct part *list = &reading->parts.items[last];
    for (uint32_t line = list->first + 1; line < list->end; line++) {
        struct span text = reading_line(reading, line);
        bool paragraph = reading->lines.items[line].blanks && text.at[text.size - 1] == '.' && text.size < 400;
        if (!paragraph || (!decision_told_at(text.at, text.at + text.size) && !outcome_word(text)))
            continue;
        uint32_t end = list->end;
        reading->parts.items[last].end = line;
        if (!part_open(reading, line, line, SECTION_DECISION, NULL))
            return arena_full(reading->err);
        reading->parts.items[reading->parts.count - 1].end = end;
        for (; line < end; line++)
            reading->spots[line].section = SECTION_DECISION;
        item->part_count++;
        break;
    }
    return FAULT_NONE;
}

/* Where no heading says "Beslutning", the last line that tells what was decided opens the decision, with the votes
 * right above it. */
static enum fault told_decision(struct reading *reading, struct draft_item *item)
{
    uint32_t told = UINT32_MAX, end = item->end, last = item->first_part + item->part_count - 1;
    for (uint32_t i = item->first_part; i <= last; i++)
        if (reading->parts.items[i].kind == SECTION_DECISION && !reading->parts.items[i].body)
            return FAULT_NONE;
    const struct part *part = &reading->parts.items[last];
    if (part->kind == SECTION_ATTACHMENTS)
        return decision_behind(reading, item, last);
    bool proposed = !part->body; /* under an earlier body's day its own decision stands first */
    for (uint32_t line = part->first; line < part->end; line++) {
        struct span text = reading_line(reading, line);
        proposed = proposed || line_holds(&reading->lines.items[line], TRACE_PROPOSAL, text, "indstiller, at");
        if (proposed && decision_told_at(text.at, text.at + text.size))
            told = line;
    }
    if (told == UINT32_MAX)
        return FAULT_NONE;
    uint32_t first = told;
    while (first > part->first && leads_to_decision(reading, first - 1))
        first--;
    reading->parts.items[last].end = first;
    if (!part_open(reading, first, first, SECTION_DECISION, NULL))
        return arena_full(reading->err);
    reading->parts.items[reading->parts.count - 1].end = end;
    for (uint32_t line = first; line < end; line++) {
        reading->spots[line].section = SECTION_DECISION;
        reading->spots[line].body = false;
    }
    item->part_count++;
    return FAULT_NONE;
}

enum fault part_read(struct reading *reading)
{
    for (size_t i = 0; i < reading->items.count; i++) {
        TRY(item_parts(reading, &reading->items.items[i]));
        TRY(told_decision(reading, &reading->items.items[i]));
    }
    return FAULT_NONE;
}

static bool same_day(struct day a, struct span iso)
{
    if (iso.size != 10)
        return false;
    int year = (iso.at[0] - '0') * 1000 + (iso.at[1] - '0') * 100 + (iso.at[2] - '0') * 10 + iso.at[3] - '0';
    int month = (iso.at[5] - '0') * 10 + iso.at[6] - '0', day = (iso.at[8] - '0') * 10 + iso.at[9] - '0';
    return a.year == year && a.month == month && a.day == day;
}

/* The meeting's own decision: headed by its day; else by "Beslutning" alone; else the last of all. */
const struct part *part_final(const struct reading *reading, const struct draft_item *item)
{
    const struct part *own = NULL, *undated = NULL, *last = NULL, *bare = NULL;
    for (uint32_t i = 0; i < item->part_count; i++) {
        const struct part *part = &reading->parts.items[item->first_part + i];
        if (part->kind != SECTION_DECISION)
            continue;
        bool empty = part->first >= part->end;
        if (part->body && same_day(part->day, reading->meeting->date))
            *(empty ? &bare : &own) = part; /* nothing below it: it may be the head of a page */
        else if (!part->body && !empty)
            undated = part;
        if (!empty)
            last = part;
    }
    if (own)
        return own;
    return undated ? undated : bare ? bare : last;
}
