/* item: the facts of every agenda item, out of its parts. Last of the stages. Pure. */
#include "agenda.h"
#include "decider.h"

#include "roster.h"
#include "words.h"

#include <string.h>

/* The first entity of a type between two clean offsets; a case in the item's labels comes before one in its text. */
static struct span first_value(const struct reading *reading, size_t start, size_t end, enum entity_type type,
                               size_t *cursor)
{
    while (*cursor < reading->entities.count && reading->entities.items[*cursor].start < start)
        ++*cursor;
    for (size_t i = *cursor; i < reading->entities.count && reading->entities.items[i].start < end; i++)
        if (reading->entities.items[i].type == type)
            return reading->entities.items[i].value;
    return (struct span){0};
}

bool is_names_only(const struct reading *reading, const struct line *line)
{
    size_t low = sighting_from(reading, line->start), first = low, at = line->start;
    if (low == reading->sightings.count || reading->sightings.items[low].start >= line->end)
        return false;
    for (; at < line->end; low++) {
        const struct sighting *sighting = low < reading->sightings.count ? &reading->sightings.items[low] : NULL;
        size_t stop = sighting && sighting->start < line->end ? sighting->start : line->end;
        if (text_strip(reading_cut(reading, at, stop), ",.;og()").size)
            return false;
        if (stop == line->end)
            break;
        at = sighting->after > sighting->end ? sighting->after : sighting->end;
    }
    return low > first;
}

/* Parts of the item that tell of absences and pages only do not count as words of a decision. */
static bool is_silent(const struct reading *reading, size_t line)
{
    const struct line *here = &reading->lines.items[line];
    bool page = here->flags & LINE_PAGE || here->label == LABEL_NOISE || here->label == LABEL_END;
    bool access = here->label == LABEL_OPEN || here->label == LABEL_CLOSED || here->label == LABEL_CASE ||
                  here->label == LABEL_SIGNED || here->label == LABEL_GROUP_CLOSED || here->label == LABEL_GROUP_OPEN;
    struct span text = line_text(&reading->body, here);
    return page || access || text.size == 0 || is_names_only(reading, here);
}

/* "Fraværende: Ole Bruun (A) Godkendt.", a line of a transcript that lost its line ends: what stands behind those who
 * were away. */
static struct span behind_absent(const struct reading *reading, const struct line *line)
{
    size_t after = line->end;
    for (size_t i = sighting_from(reading, line->start);
         i < reading->sightings.count && reading->sightings.items[i].start < line->end; i++) {
        const struct sighting *sighting = &reading->sightings.items[i];
        size_t end = sighting->after > sighting->end ? sighting->after : sighting->end;
        struct span between = reading_cut(reading, after < end ? after : end, sighting->start);
        if (after != line->end && text_strip(between, ",.;og() ").size)
            break; /* members whom the decision names */
        after = end;
    }
    struct span text = reading_cut(reading, after < line->end ? after : line->end, line->end);
    return text_strip(text, " ,;.");
}

/* The words of a line that count: behind "Beslutning:", and behind those who were away. */
static struct span decision_words(const struct reading *reading, const struct line *line)
{
    if (line->label == LABEL_ABSENT)
        return behind_absent(reading, line);
    if (line->label >= LABEL_SECTION && line->gap == GAP_COLON && line->value < line->end)
        return line_value(&reading->body, line);
    return line_text(&reading->body, line);
}

/* What closes the minutes is no word of the last item's decision: "Næste møde er ...", "Venlig hilsen". */
static bool is_closing(struct span text)
{
    static const struct span heads[] = {WORD("Næste møde"),
                                        WORD("Næste ordinære møde"),
                                        WORD("Venlig hilsen"),
                                        WORD("Med venlig hilsen"),
                                        WORD("Mvh"),
                                        WORD("Referent:"),
                                        WORD("Mødet slut"),
                                        WORD("Mødet hævet"),
                                        WORD("Mødet blev hævet"),
                                        WORD("Mødet blev afsluttet"),
                                        WORD("Referatet er godkendt"),
                                        WORD("Således vedtaget"),
                                        WORD("Referat godkendt"),
                                        WORD("For referatet"),
                                        WORD("Underskrift"),
                                        WORD("De bedste hilsner"),
                                        WORD("Bedste hilsner")};
    return words_start(heads, sizeof heads / sizeof *heads, text) > 0;
}

/* The words of a decision, in one piece: lines that count, one to a line, and BODY_PAD NUL bytes. */
static struct text decision_text(struct reading *reading, uint32_t first, uint32_t end)
{
    const struct line *lines = reading->lines.items;
    size_t size = lines[end - 1].end - lines[first].start + 2 * (end - first);
    if (size > 16384) { /* not all of it may fit: count what is needed */
        size = 0;
        for (uint32_t line = first; line < end; line++)
            size += is_silent(reading, line) ? 0 : reading_line(reading, line).size + 2;
    }
    size = size > 16384 ? 16384 : size; /* what was decided stands at the beginning */
    char *out = arena_alloc(reading->arena, size + BODY_PAD);
    size_t used = 0;
    if (!out)
        return (struct text){0};
    for (uint32_t line = first; line < end && used < size; line++) {
        struct span text = decision_words(reading, &lines[line]);
        if (used && is_closing(text))
            break;
        if (!used && lines[line].label == LABEL_NONE)
            text = span_cut(text, initials_at(text.at, text.at + text.size), text.size);
        if (!text.size || used + text.size + 2 > size || is_silent(reading, line))
            continue;
        memcpy(out + used, text.at, text.size);
        used += text.size;
        if (lines[line].blanks || (line + 1 < end && lines[line + 1].blanks))
            out[used++] = '\n';
        out[used++] = '\n';
    }
    memset(out + used, 0, BODY_PAD);
    return (struct text){out, used};
}

/* The lines of the decision: the final part; where an item has no sections at all, all of it. */
static bool decision_lines(const struct reading *reading, const struct draft_item *draft, uint32_t *first,
                           uint32_t *end)
{
    const struct part *part = part_final(reading, draft);
    if (part) {
        *first = part->first;
        *end = part->end;
        return true;
    }
    const struct part *head = &reading->parts.items[draft->first_part];
    bool sections = false;
    for (uint32_t i = 1; i < draft->part_count; i++) {
        uint8_t kind = head[i].kind;
        sections = sections || (kind != SECTION_ATTACHMENTS && kind != SECTION_OTHER);
    }
    *first = head->first;
    *end = head->end;
    return !sections && draft->part_count > 0;
}

/* The last paragraph of the words, as a single line. */
static struct span last_paragraph(struct span all)
{
    all = text_strip(all, " \n");
    size_t from = all.size;
    while (from > 0 && all.at[from - 1] != '\n')
        from--;
    bool apart = from > 1 && all.at[from - 2] == '\n';
    return apart ? span_cut(all, from, all.size) : (struct span){0};
}

/* "Intet.", "Udgik", "Ingen bemærkninger.": nothing was decided. */
static bool is_nothing(struct span text)
{
    static const struct span heads[] = {
        WORD("Intet"),         WORD("Ingen"),       WORD("Udg"),       WORD("Der var ingen"),
        WORD("Der var intet"), WORD("Punktet udg"), WORD("Sagen udg"), WORD("Taget af dagsorden")};
    return text.size && text.size < 60 && words_start(heads, sizeof heads / sizeof *heads, text) > 0;
}

/* "Intet.", "Udgik": an answer that stands alone counts also where no heading says that it is one, and so does who was
 * elected. */
static bool is_answer(struct text words)
{
    static const char *const elected[] = {
        " blev valgt",      " blev udpeget", " genvalgt",        " valgtes",
        "algt blev",        "dpeget blev",   " vælges som",      " udpeges som",
        " blev genudpeget", " udpegedes",    " udpeges til",     " vælges til",
        " er valgt til",    " er valgt som", "onstituerede sig", " blev indstillet som"};
    struct span all = {words.at, words.size};
    size_t paragraph = 0;
    while (paragraph + 1 < all.size && memcmp(all.at + paragraph, "\n\n", 2) != 0)
        paragraph++;
    if (outcome_word(span_cut(all, 0, paragraph + 1)) || span_starts(all, SPAN("Intet ")) ||
        is_nothing(last_paragraph(all)))
        return true;
    for (size_t i = 0; i < sizeof elected / sizeof *elected && all.size < 400; i++)
        if (text_holds(all, elected[i]))
            return true;
    return false;
}

/* "Underskriftsark": the page that is signed decides nothing. */
static bool is_signature(struct span title)
{
    static const struct span heads[] = {WORD("Underskrift"), WORD("UNDERSKRIFT"), WORD("Digital underskrift"),
                                        WORD("Elektronisk underskrift"), WORD("Signatur")};
    return words_start(heads, sizeof heads / sizeof *heads, title) > 0;
}

/* The line begins with the name of a body that decides itself. */
static bool is_own_body(struct span text)
{
    static const struct span bodies[] = {WORD("Regionsrådet "), WORD("Byrådet "), WORD("Amtsrådet "),
                                         WORD("Kommunalbestyrelsen "), WORD("Borgerrepræsentationen ")};
    return words_start(bodies, sizeof bodies / sizeof *bodies, text) > 0;
}

/* "Forretningsudvalget indstiller ... Regionsrådet tiltrådte ...": under one heading an earlier body proposes and the
 * meeting's own body decides; the line that its word begins on, or `first`. */
static uint32_t own_word(const struct reading *reading, uint32_t first, uint32_t end)
{
    uint32_t own = end;
    while (own > first + 1 && !is_own_body(reading_line(reading, own - 1)))
        own--;
    bool proposed = false;
    for (uint32_t line = first; line < own; line++) {
        struct span text = reading_line(reading, line);
        if (proposed && is_own_body(text))
            return line;
        bool capital = (*text.at >= 'A' && *text.at <= 'Z') || (unsigned char)*text.at == 0xC3;
        struct span opening = span_cut(text, 0, text.size < 90 ? text.size : 90);
        proposed = proposed || (capital && text_holds(opening, "udvalg") &&
                                (text_holds(opening, "udvalget indst") || text_holds(opening, "udvalget anbefal") ||
                                 text_holds(opening, "udvalg indst") || text_holds(opening, "udvalg anbefal")));
    }
    return first;
}

/* The vote may be told right above "Beslutning: ...", at the end of the text: the first line of it. */
static bool votes_above(const struct reading *reading, const struct draft_item *draft, uint32_t *first)
{
    const struct part *final = part_final(reading, draft), *part = final - 1;
    if (final == &reading->parts.items[draft->first_part] || part->body || part->kind == SECTION_HISTORY)
        return false;
    uint32_t line = final->heading;
    while (line > part->first && line > draft->heading + 1) {
        const struct line *above = &reading->lines.items[line - 1];
        struct span text = reading_line(reading, line - 1);
        if (!line_holds(above, TRACE_VOTE, text, " stemte ") && !line_holds(above, TRACE_VOTE, text, "undlod at"))
            break;
        line--;
    }
    *first = line;
    return line < final->heading;
}

static enum fault decision_read(struct reading *reading, const struct draft_item *draft, struct item *item)
{
    uint32_t first = 0, end = 0;
    item->outcome = OUTCOME_NONE;
    if (!decision_lines(reading, draft, &first, &end) || first >= end)
        return FAULT_NONE;
    struct text words = decision_text(reading, own_word(reading, first, end), end);
    if (!words.at)
        return arena_full(reading->err);
    bool whole = !part_final(reading, draft);
    if (whole && is_signature(item->title))
        return FAULT_NONE;
    item->outcome = decision_outcome((struct span){words.at, words.size}, whole);
    if (whole && item->outcome == OUTCOME_OTHER && !is_answer(words))
        item->outcome = OUTCOME_NONE;
    TRY(vote_read(reading, reading->lines.items[first].start, reading->lines.items[end - 1].end, item));
    uint32_t told = first;
    if (!whole && !item->voted && votes_above(reading, draft, &told))
        return vote_read(reading, reading->lines.items[told].start,
                         reading->lines.items[part_final(reading, draft)->heading - 1].end, item);
    return FAULT_NONE;
}

static enum fault sections_put(struct reading *reading, const struct draft_item *draft, struct item *item)
{
    LIST(struct section) list = {0};
    for (uint32_t i = 0; i < draft->part_count; i++) {
        const struct part *part = &reading->parts.items[draft->first_part + i];
        if (part->kind == NO_SECTION && part->first >= part->end)
            continue;
        struct section *section = LIST_PUSH(reading->arena, &list);
        if (!section)
            return arena_full(reading->err);
        const struct line *lines = reading->lines.items;
        size_t heading_end = lines[part->heading].end;
        *section = (struct section){.kind = part->kind == NO_SECTION ? SECTION_OTHER : (enum section_kind)part->kind};
        if (part->kind != NO_SECTION)
            section->heading = text_trim(reading_line(reading, part->heading), ":");
        section->start = part->first < part->end ? lines[part->first].start : heading_end;
        section->end = part->first < part->end ? lines[part->end - 1].end : heading_end;
    }
    item->sections = list.items;
    item->section_count = list.count;
    return FAULT_NONE;
}

static enum fault item_fill(struct reading *reading, size_t index, struct item *item, size_t *cursor)
{
    const struct draft_item *draft = &reading->items.items[index];
    const struct line *lines = reading->lines.items;
    struct text title = text_fold(reading->arena, reading_cut(reading, draft->title_start, draft->title_end));
    struct text number = draft->number.size ? (struct text){draft->number.at, draft->number.size}
                                            : arena_format(reading->arena, "%zu", index + 1);
    if (!title.at || !number.at)
        return arena_full(reading->err);
    item->number = (struct span){number.at, number.size};
    item->title = (struct span){title.at, title.size};
    item->open = draft->open;
    item->start = lines[draft->first].start;
    item->end = lines[draft->end - 1].end;
    item->heading_start = draft->span_start;
    item->heading_end = draft->span_end;
    item->case_number = first_value(reading, item->start, item->end, ENTITY_CASE, cursor);
    item->kle = first_value(reading, item->start, item->end, ENTITY_KLE, cursor);
    TRY(decision_read(reading, draft, item));
    TRY(attachment_read(reading, draft, item));
    return sections_put(reading, draft, item);
}

enum fault item_read(struct reading *reading)
{
    struct item *items = arena_zero(reading->arena, reading->items.count + 1, sizeof *items);
    size_t cursor = 0;
    if (!items)
        return arena_full(reading->err);
    for (size_t i = 0; i < reading->items.count; i++)
        TRY(item_fill(reading, i, &items[i], &cursor));
    reading->meeting->items = items;
    reading->meeting->item_count = reading->items.count;
    return FAULT_NONE;
}
