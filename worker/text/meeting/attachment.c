/* attachment: the list of what is attached to an item. Pure.
 *
 * Lists are rows ("1<tab>Åben<tab>title<tab>3501/20"), numbered lines ("Bilag 1: title"), or bare titles, with the
 * document's number behind, in brackets or on a line of its own. Converters let the numbers drift down: they belong to
 * the titles that have none yet, in order. */
#include "bytes.h"
#include "decision.h"
#include "words.h"

#include <string.h>

struct files {
    LIST(struct attachment) list;
    size_t filled; /* attachments before this one have their document */
    bool waits;    /* the last title may go on on the next line */
    bool bare;     /* the entries are numbered without a mark: "1 Kort" */
    bool led;      /* a number led the last one */
    bool single;   /* the list is one line */
    size_t before; /* entries of the lists above this one */
};

/* The document or case entities between two clean offsets: the first one of `type`, or NULL. */
const struct entity *entity_within(const struct reading *reading, size_t start, size_t end, enum entity_type type)
{
    size_t low = 0, high = reading->entities.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (reading->entities.items[middle].start < start)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < reading->entities.count && reading->entities.items[low].start < end; low++)
        if (reading->entities.items[low].type == type)
            return &reading->entities.items[low];
    return NULL;
}

/* The title without the bracket that holds the document's number, or without the number behind it. */
static struct span title_cut(const struct reading *reading, struct span text, const struct entity *document)
{
    if (!document)
        return attachment_tail(text_trim(text, ""), false);
    size_t start = document->start - (size_t)(text.at - reading->body.text.at);
    size_t stop = document->end - (size_t)(text.at - reading->body.text.at);
    for (size_t at = start; at > 0 && start - at < 40 && !strchr(")]\t", text.at[at - 1]); at--)
        if (text.at[at - 1] == '(' || text.at[at - 1] == '[')
            return text_trim(span_cut(text, 0, at - 1), "-");
    struct span before = text_trim(span_cut(text, 0, start), "-");
    while (word_ends(before, SPAN("..")) || word_ends(before, SPAN(" ."))) /* "Kort ........ 11223/09" */
        before = text_trim(span_cut(before, 0, before.size - 1), "-");
    if (word_ends(before, SPAN("–")))
        before = text_trim(span_cut(before, 0, before.size - SPAN("–").size), "");
    /* "Dok.nr. 123" behind the title */
    static const char *const tails[] = {"Dok.nr.:",     "Dok.nr.",      "dok.nr.",         "Dok.",    "Dok. nr.",
                                        "dok. nr.",     "DokumentID:",  "Dokumentnr.",     "Dok.nr",  "dok.",
                                        "dok",          "Dok",          "DokID:",          "DokID",   "Dok-id:",
                                        "Dok.id:",      "dok.id",       "Brevid.:",        "Brevid:", "Brevid",
                                        "Dokument nr.", "Dokumentnr.:", "Dokumentnummer:", "ID:",     "Id:"};
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        size_t size = strlen(tails[i]);
        if (before.size > size && memcmp(before.at + before.size - size, tails[i], size) == 0)
            before = text_trim(span_cut(before, 0, before.size - size), "-,");
    }
    return attachment_tail(before.size ? before : text_trim(span_cut(text, stop, text.size), "-.:"), before.size > 0);
}

static bool is_ending(struct span title)
{
    size_t dot = title.size;
    while (dot && title.size - dot < 6 && title.at[dot - 1] != '.')
        dot--;
    return dot && title.size - dot >= 3 && title.size - dot <= 4 && title.at[dot - 1] == '.';
}

static bool file_add(struct reading *reading, struct files *files, struct span title, const struct entity *document)
{
    struct attachment *file = LIST_PUSH(reading->arena, &files->list);
    if (!file)
        return false;
    struct text copy = text_fold(reading->arena, title);
    *file =
        (struct attachment){.title = {copy.at, copy.size}, .document = document ? document->value : (struct span){0}};
    files->waits = !is_ending(title);
    return copy.at != NULL;
}

/* A number on a line of its own: of the first title that has none, or of a document without a title. */
static bool number_add(struct reading *reading, struct files *files, const struct entity *document)
{
    while (files->filled < files->list.count && files->list.items[files->filled].document.size)
        files->filled++;
    if (files->filled < files->list.count) {
        files->list.items[files->filled].document = document->value;
        return true;
    }
    return file_add(reading, files, (struct span){"", 0}, document);
}

/* "og tidsplan.docx" goes on with the title of the line before. */
static bool goes_on(const struct files *files, const struct line *line, struct span text)
{
    if (!files->list.count || !files->waits || line->label || !text.size)
        return false;
    unsigned char first = (unsigned char)*text.at, second = text.size > 1 ? (unsigned char)text.at[1] : 0;
    bool small = (first >= 'a' && first <= 'z') || (first == 0xC3 && second >= 0x9F);
    return small && files->list.items[files->list.count - 1].title.size > 25;
}

static bool title_more(struct reading *reading, struct files *files, struct span text)
{
    struct attachment *last = &files->list.items[files->list.count - 1];
    struct text joined =
        arena_format(reading->arena, "%.*s %.*s", (int)last->title.size, last->title.at, (int)text.size, text.at);
    if (!joined.at)
        return false;
    last->title = (struct span){joined.at, joined.size};
    files->waits = false;
    return true;
}

static bool entry_read(struct reading *reading, struct files *files, struct span text)
{
    text = text_trim(text, ",;|");
    size_t bullet = attachment_bullet(text);
    if (!bullet && (span_starts(text, SPAN("- ")) || span_starts(text, SPAN("+ ")) || span_starts(text, SPAN("> "))))
        bullet = 2;
    text = span_cut(text, bullet, text.size);
    if (files->list.count && span_starts(text, SPAN("og ")) && text.size > 4 && (text.at[3] < 'a' || text.at[3] > 'z'))
        text = span_cut(text, 3, text.size); /* "Kort (1/09) og Notat (2/09)" */
    size_t offset = (size_t)(text.at - reading->body.text.at);
    const struct entity *document = entity_within(reading, offset, offset + text.size, ENTITY_DOCUMENT);
    size_t lead = attachment_lead(text, files->list.count + 1, files->bare);
    if (!lead && files->before) /* the numbers begin anew */
        lead = attachment_lead(text, files->list.count - files->before + 1, files->bare);
    struct span title = span_cut(text, lead, text.size);
    unsigned char first = lead < text.size ? (unsigned char)text.at[lead] : 0;
    if (lead && is_digit(*text.at) && first >= 'a' && first <= 'z' && files->list.count && !files->led)
        lead = 0, title = text; /* "3. kvartalsrapport" above "2. udkast" */
    files->led = lead > 0;
    if (document && document->start < offset + lead)
        document = NULL;
    title = title_cut(reading, title, document);
    if (!title.size && document)
        return number_add(reading, files, document);
    return !title.size || file_add(reading, files, text_trim(title, "|,;"), document);
}

static const struct entity *next_document(const struct reading *reading, const struct entity *after, size_t end)
{
    return entity_within(reading, after->end, end, ENTITY_DOCUMENT);
}

/* "779-2011-38911 Kort 779-2011-38915 Notat": numbers that the titles follow without a word, two or more on one line.
 */
static bool numbers_bare(const struct reading *reading, const struct entity *first, size_t offset, size_t end)
{
    const struct entity *second = first && first->start == offset ? next_document(reading, first, end) : NULL;
    const char *base = reading->body.text.at;
    return second && second->start > first->end + 3 && second->end < end && base[first->end] == ' ' &&
           base[second->start - 1] == ' ' && base[second->end] == ' ' &&
           !memchr(base + first->end, '(', second->start - first->end);
}

/* "Dok. nr. 214410 Ansøgning, dok. nr. 214417 Budget": numbers first, titles behind them. */
static bool numbers_first(struct reading *reading, struct files *files, struct span text, bool *done)
{
    size_t offset = (size_t)(text.at - reading->body.text.at), end = offset + text.size;
    const struct entity *document = entity_within(reading, offset, end, ENTITY_DOCUMENT);
    *done = document && (span_starts(text, SPAN("Dok")) || span_starts(text, SPAN("dok"))) &&
            document->start - offset < 24 && document->end < end;
    bool bare = !*done && numbers_bare(reading, document, offset, end);
    *done = *done || bare;
    while (*done && document) {
        const struct entity *next = next_document(reading, document, end);
        size_t stop = next ? next->start : end;
        while (next && !bare && stop > document->end && (reading->body.text.at[stop] | 0x20) != 'd')
            stop--;
        struct span title = text_trim(reading_cut(reading, document->end, stop), ",;-:");
        if (!file_add(reading, files, title, document))
            return false;
        document = next;
    }
    return true;
}

/* "1 Kort" with "2 Notat" on the next line: numbers without a mark lead the titles. */
static bool numbered_bare(const struct reading *reading, size_t index)
{
    struct span text = reading_line(reading, index),
                next = index + 1 < reading->lines.count ? reading_line(reading, index + 1) : (struct span){0};
    bool first = reading->lines.items[index].label == LABEL_SECTION + SECTION_ATTACHMENTS; /* line_numbers in line.c */
    if (first && reading->lines.items[index].value < reading->lines.items[index].end)
        text = line_value(&reading->body, &reading->lines.items[index]);
    if (span_starts(text, SPAN("01 ")))
        return span_starts(next, SPAN("02 "));
    if (!span_starts(text, SPAN("1 ")))
        return false;
    const struct line *line = &reading->lines.items[index];
    const struct entity *document = entity_within(reading, line->start, line->end, ENTITY_DOCUMENT);
    bool last = index + 1 == reading->lines.count || reading->lines.items[index + 1].blanks; /* the only one */
    bool capital = text.size > 2 && ((text.at[2] >= 'A' && text.at[2] <= 'Z') || (unsigned char)text.at[2] == 0xC3);
    return (first && capital) || (last && capital) || span_starts(next, SPAN("2 ")) ||
           (document && document->end == line->end); /* the only one */
}

/* "13/22 Handicaprådet Brev til DSB" behind three labels: the case and who decides come before the files. */
static struct span behind_values(const struct reading *reading, const struct line *line, struct span text)
{
    static const struct span bodies[] = {WORD("rådet"), WORD("udvalget"), WORD("bestyrelsen"), WORD("Byrådet")};
    if (!line_ends_labels(reading->lines.items, line))
        return text;
    size_t offset = (size_t)(text.at - reading->body.text.at);
    const struct entity *number = entity_within(reading, offset, offset + text.size, ENTITY_CASE);
    if (!number || number->start != offset)
        return text;
    text = text_trim(span_cut(text, number->end - number->start, text.size), "");
    for (size_t at = 0; at <= text.size && at < 80; at++) {
        bool over = at == text.size || text.at[at] == ' ' || text.at[at] == ',';
        for (size_t i = 0; over && i < sizeof bodies / sizeof *bodies; i++)
            if (word_ends(span_cut(text, 0, at), bodies[i]))
                return text_trim(span_cut(text, at, text.size), "");
    }
    return text;
}

/* "| 2 | Kort.pdf | 80118/22 |": a row of a table; its title is the first cell that is no number, no access and no
 * document. */
static bool row_read(struct reading *reading, struct files *files, struct span text)
{
    size_t offset = (size_t)(text.at - reading->body.text.at);
    const struct entity *document = entity_within(reading, offset, offset + text.size, ENTITY_DOCUMENT);
    for (size_t at = 1; at < text.size;) {
        size_t stop = at;
        while (stop < text.size && text.at[stop] != '|')
            stop++;
        struct span cell = text_trim(span_cut(text, at, stop), "");
        size_t digits = 0, start = offset + at;
        while (digits < cell.size && (is_digit(cell.at[digits]) || strchr(".)", cell.at[digits])))
            digits++;
        bool number = document && document->start >= start && document->end <= offset + stop;
        if (cell.size && digits < cell.size && !number && !attachment_answer(cell)) {
            struct span title = span_cut(cell, attachment_lead(cell, files->list.count + 1, false), cell.size);
            return file_add(reading, files, attachment_tail(text_trim(title, ""), document != NULL), document);
        }
        at = stop + 1;
    }
    return !document || number_add(reading, files, document);
}

/* "Kort, Tidsplan, Brev fra amtet": the one line of a list, with a capital behind every comma. */
static bool is_series(struct span text)
{
    size_t commas = 0;
    for (size_t at = 0; at + 2 < text.size; at++) {
        unsigned char next = text.at[at] == ',' ? (unsigned char)text.at[at + 2] : 'A';
        if (!((next >= 'A' && next <= 'Z') || next == 0xC3))
            return false;
        commas += text.at[at] == ',';
    }
    return commas > 1 && text.at[text.size - 1] != '.';
}

/* "Nr." above "Titel" above "Dok.nr.": the heads of the columns, each on a line of its own, before the first entry. */
static bool in_heads(const struct reading *reading, const struct files *files, size_t index)
{
    if (files->list.count || !attachment_column(reading_line(reading, index)))
        return false;
    return (index + 1 < reading->lines.count && attachment_column(reading_line(reading, index + 1))) ||
           (index && attachment_column(reading_line(reading, index - 1)));
}

/* "Bilagene er udsendt.": a paragraph behind the list. */
static bool is_paragraph(const struct files *files, const struct line *line, struct span text)
{
    if (!files->list.count || !line->blanks || text.at[text.size - 1] != '.' || line->flags & LINE_BULLET)
        return false;
    struct span last = files->list.items[files->list.count - 1].title;
    const char *space = memchr(text.at, ' ', text.size);
    return last.size && last.at[last.size - 1] != '.' && space &&
           memchr(space + 1, ' ', text.size - (size_t)(space + 1 - text.at));
}

/* "Dok.nr. 44120/13" below the title that it belongs to. */
static bool number_below(struct files *files, const struct line *line, const struct entity *document)
{
    if (!document || line->label != LABEL_DOCUMENT || document->start != line->value || document->end != line->end ||
        !files->list.count)
        return false;
    struct attachment *last = &files->list.items[files->list.count - 1];
    if (!last->document.size)
        last->document = document->value;
    return true;
}

static bool line_read(struct reading *reading, struct files *files, size_t index)
{
    const struct line *line = &reading->lines.items[index];
    bool labelled = attachment_labelled(line, line_text(&reading->body, line)) ||
                    (line->label == LABEL_DOCUMENTS && line->value < line->end);
    if (!files->list.count)
        files->bare = numbered_bare(reading, index);
    struct span text = labelled ? line_value(&reading->body, line) : line_text(&reading->body, line);
    text = labelled ? behind_values(reading, line, text) : text;
    files->bare = files->bare || (labelled && !files->list.count && text.size > 3 && span_starts(text, SPAN("1 ")) &&
                                  ((text.at[2] >= 'A' && text.at[2] <= 'Z') || (unsigned char)text.at[2] == 0xC3));
    if (reading->spots[index].contents || line->flags & LINE_PAGE || !text.size ||
        attachment_page_head(reading, line, text))
        return true;
    if (text.size < 40 && line->label != LABEL_NONE && line->label != LABEL_DOCUMENT && line->label < LABEL_SECTION &&
        line->label != LABEL_OFFICIAL && line->gap == GAP_END)
        return true;
    const struct entity *document = entity_within(reading, line->start, line->end, ENTITY_DOCUMENT);
    if (document && document->end - document->start + 1 >= text.size)
        return number_add(reading, files, document);
    if (number_below(files, line, document) || in_heads(reading, files, index) || is_paragraph(files, line, text))
        return true;
    bool done = false;
    if (!numbers_first(reading, files, text, &done))
        return false;
    if (done || (line->label != LABEL_DOCUMENTS && attachment_none(line, text)))
        return true;
    if (*text.at == '|' && text.at[text.size - 1] == '|')
        return row_read(reading, files, text);
    if (goes_on(files, line, text))
        return title_more(reading, files, text);
    bool series = labelled || (files->single && is_series(text));
    for (size_t at = 0, number = files->list.count + 1; at < text.size; number++) {
        size_t stop = at + attachment_next(span_cut(text, at, text.size), 1, series, number + 1);
        if (!entry_read(reading, files, span_cut(text, at, stop)))
            return false;
        at = stop;
    }
    return true;
}

/* "application/pdf icon file.pdf": the page's icon leads the name of a file; several may stand on one line. */
static bool icons_read(struct reading *reading, struct files *files, struct span text)
{
    static const char icon[] = " icon ";
    while (text.size > 12) {
        size_t at = 0, size = sizeof icon - 1;
        while (at + size < text.size && memcmp(text.at + at, icon, size) != 0)
            at++;
        if (at + size >= text.size)
            return true;
        at += size;
        size_t stop = at;
        while (stop < text.size &&
               !(text.at[stop] == ' ' && stop + 12 < text.size && memcmp(text.at + stop, " application", 12) == 0))
            stop++;
        if (!file_add(reading, files, text_trim(span_cut(text, at, stop), ""), NULL))
            return false;
        text = span_cut(text, stop, text.size);
    }
    return true;
}

/* A list of all items' attachments behind the last one: its first entry is the heading of an item. */
static bool is_register(const struct reading *reading, const struct draft_item *own, const struct part *part)
{
    if (part->kind != SECTION_ATTACHMENTS || part->first >= part->end)
        return false;
    const struct heading_match *match = reading_heading(reading, part->first);
    struct span text = reading_line(reading, part->first);
    if (match->style == STYLE_NONE || match->title >= text.size)
        return false;
    struct span title = span_cut(text, match->title, text.size);
    for (size_t i = 0; i < reading->items.count; i++) {
        const struct draft_item *item = &reading->items.items[i];
        struct span other = reading_cut(reading, item->title_start, item->title_end);
        if (item != own && other.size > 8 && title.size >= other.size &&
            text_alike(other, span_cut(title, 0, other.size)))
            return true;
    }
    return false;
}

enum fault attachment_read(struct reading *reading, const struct draft_item *draft, struct item *item)
{
    struct files files = {0};
    /* a page's list of files between a title and the same title once more */
    for (uint32_t line = draft->first; line < draft->heading; line++)
        if (attachment_files(reading_line(reading, line)) && !line_read(reading, &files, line))
            return arena_full(reading->err);
    for (uint32_t i = 0; i < draft->part_count; i++) {
        const struct part *part = &reading->parts.items[draft->first_part + i];
        if (is_register(reading, draft, part))
            continue;
        files.before = files.list.count;
        files.single = part->end == part->first + 1;
        for (uint32_t line = part->first; line < part->end; line++) {
            struct span text = reading_line(reading, line);
            if (files.list.count && text_alike(text, reading_cut(reading, draft->title_start, draft->title_end)))
                continue; /* the title once more, behind a list on a line of its own */
            bool icon = text.size < 2000 && span_starts(text, SPAN("application/")),
                 list = part->kind == SECTION_ATTACHMENTS;
            if ((icon && !icons_read(reading, &files, text)) || (!icon && list && !line_read(reading, &files, line)))
                return arena_full(reading->err);
        }
    }
    item->attachments = files.list.items;
    item->attachment_count = files.list.count;
    return FAULT_NONE;
}
