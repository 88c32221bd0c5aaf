/* structured: Meeting -> body and given facts. Pure; on a text thread. */
#include "structured.h"

#include "frame.h"

#include <stdio.h>

struct writing {
    struct arena *arena;
    LIST(char) body;
    bool full;
};

static void put_bytes(struct writing *writing, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size && !writing->full; i++) {
        char *to = writing->body.count < DOCUMENT_MAX_BYTES ? LIST_PUSH(writing->arena, &writing->body) : NULL;
        if (to == NULL)
            writing->full = true;
        else
            *to = bytes[i];
    }
}

static void put(struct writing *writing, const char *string)
{
    put_bytes(writing, string, strlen(string));
}

/* On one line: a heading or a name that brings its own line breaks would begin another section. */
static void put_line(struct writing *writing, const char *string)
{
    for (const char *at = string; *at; at++)
        put_bytes(writing, (unsigned char)*at < ' ' ? " " : at, 1);
}

/* An item's text: its own heading marks would look like items of the meeting. */
static void put_text(struct writing *writing, const char *text)
{
    for (const char *line = text; *line;) {
        size_t size = strcspn(line, "\n");
        size_t marks = strspn(line, "#");
        put_bytes(writing, line + marks, size - marks);
        put(writing, "\n");
        line += size + (line[size] == '\n');
    }
}

static void put_labelled(struct writing *writing, const char *label, const char *value)
{
    if (value[0] == '\0')
        return;
    put(writing, label);
    put_line(writing, value);
    put(writing, "\n\n");
}

static void put_names(struct writing *writing, const char *label, char *const *names, size_t count)
{
    if (count == 0)
        return;
    put(writing, label);
    for (size_t i = 0; i < count; i++) {
        put(writing, i > 0 ? ", " : "");
        put_line(writing, names[i]);
    }
    put(writing, "\n\n");
}

/* "2020-02-05" as minutes write it, so that the text is found by it too. */
static void put_date(struct writing *writing, const char *iso)
{
    static const char *const months[] = {"januar", "februar", "marts",     "april",   "maj",      "juni",
                                         "juli",   "august",  "september", "oktober", "november", "december"};
    unsigned year, month, day;
    char line[64];
    if (sscanf(iso, "%4u-%2u-%2u", &year, &month, &day) != 3 || month < 1 || month > 12)
        return;
    snprintf(line, sizeof line, "Dato: %u. %s %u\n\n", day, months[month - 1], year);
    put(writing, line);
}

static void put_head(struct writing *writing, const Referent__V1__Meeting *meeting)
{
    put_labelled(writing, "# ", meeting->committee);
    put_labelled(writing, "", meeting->municipality);
    put_labelled(writing, "Sted: ", meeting->place);
    put_date(writing, meeting->date);
    put_labelled(writing, "Start kl.: ", meeting->start);
    put_labelled(writing, "Slut kl.: ", meeting->end);
    put_names(writing, "Deltagere: ", meeting->present, meeting->n_present);
    put_names(writing, "Fraværende: ", meeting->absent, meeting->n_absent);
}

static bool is_closed(const Referent__V1__Meeting *meeting, const Referent__V1__Item *item)
{
    return meeting->access == REFERENT__V1__ACCESS__ACCESS_CLOSED ||
           item->access == REFERENT__V1__ACCESS__ACCESS_CLOSED;
}

static void put_item(struct writing *writing, const Referent__V1__Item *from, size_t position, bool closed,
                     struct item *item)
{
    char number[24];
    snprintf(number, sizeof number, "%zu", position);
    item->start = writing->body.count;
    put(writing, "## ");
    item->heading_start = writing->body.count;
    put_line(writing, from->number[0] ? from->number : number);
    put(writing, ". ");
    put_line(writing, from->title);
    item->heading_end = writing->body.count;
    put(writing, "\n\n");
    put_labelled(writing, "", from->kle);
    put_labelled(writing, "", from->case_number);
    put(writing, closed ? "Lukket sag\n\n" : "Åben sag\n\n");
    put_text(writing, from->text);
    put(writing, "\n");
    for (size_t i = 0; i < from->n_attachments; i++) {
        put(writing, i == 0 ? "### Bilag\n\n" : "");
        put_line(writing, from->attachments[i]->title);
        put(writing, from->attachments[i]->document[0] ? "\t" : "");
        put_line(writing, from->attachments[i]->document);
        put(writing, "\n");
    }
    put(writing, "\n");
    item->end = writing->body.count;
}

/* ---- what was given, beside the body */

static enum fault item_hold(struct arena *arena, const Referent__V1__Item *from, size_t position, bool closed,
                            struct item *item, struct error *err)
{
    struct text number = arena_format(arena, "%zu", position);
    struct attachment *attachments = arena_zero(arena, from->n_attachments + 1, sizeof *attachments);
    if (number.at == NULL || attachments == NULL)
        return arena_full(err);
    for (size_t i = 0; i < from->n_attachments; i++)
        attachments[i] =
            (struct attachment){span_of(from->attachments[i]->title), span_of(from->attachments[i]->document)};
    item->open = !closed;
    item->number = from->number[0] ? span_of(from->number) : (struct span){number.at, number.size};
    item->title = span_of(from->title);
    item->case_number = span_of(from->case_number);
    item->kle = span_of(from->kle);
    item->attachments = attachments;
    item->attachment_count = from->n_attachments;
    item->given = (item->case_number.size > 0 ? GIVEN_CASE : 0U) | (item->kle.size > 0 ? GIVEN_KLE : 0U);
    return FAULT_NONE;
}

static enum fault names_hold(struct arena *arena, char *const *names, size_t count, struct name_list *list,
                             struct error *err)
{
    struct span *spans = arena_zero(arena, count + 1, sizeof *spans);
    if (spans == NULL)
        return arena_full(err);
    for (size_t i = 0; i < count; i++)
        spans[i] = span_of(names[i]);
    *list = (struct name_list){spans, count};
    return FAULT_NONE;
}

static enum fault meeting_hold(struct arena *arena, const Referent__V1__Meeting *from, struct item *items,
                               struct meeting *given, struct error *err)
{
    *given = (struct meeting){.municipality = span_of(from->municipality),
                              .committee = span_of(from->committee),
                              .date = span_of(from->date),
                              .start = span_of(from->start),
                              .end = span_of(from->end),
                              .place = span_of(from->place),
                              .items = items,
                              .item_count = from->n_items};
    for (size_t i = 0; i < from->n_items; i++)
        TRY(item_hold(arena, from->items[i], i + 1, is_closed(from, from->items[i]), &items[i], err));
    TRY(names_hold(arena, from->present, from->n_present, &given->present, err));
    TRY(names_hold(arena, from->absent, from->n_absent, &given->absent, err));
    TRY(names_hold(arena, from->substitutes, from->n_substitutes, &given->substitutes, err));
    given->given = GIVEN_PARTS | (given->municipality.size > 0 ? GIVEN_MUNICIPALITY : 0U) |
                   (given->committee.size > 0 ? GIVEN_COMMITTEE : 0U) | (given->date.size > 0 ? GIVEN_DATE : 0U) |
                   (given->present.count > 0 ? GIVEN_PRESENT : 0U) | (given->absent.count > 0 ? GIVEN_ABSENT : 0U) |
                   (given->substitutes.count > 0 ? GIVEN_SUBSTITUTES : 0U);
    return FAULT_NONE;
}

enum fault structured_write(struct arena *arena, const Referent__V1__Meeting *meeting, struct span *body,
                            struct meeting *given, struct error *err)
{
    struct writing writing = {.arena = arena};
    struct item *items = arena_zero(arena, meeting->n_items + 1, sizeof *items);
    if (items == NULL)
        return arena_full(err);
    put_head(&writing, meeting);
    for (size_t i = 0; i < meeting->n_items; i++)
        put_item(&writing, meeting->items[i], i + 1, is_closed(meeting, meeting->items[i]), &items[i]);
    if (writing.full)
        return error_set(err, FAULT_REJECT, "frame.size", "the meeting written out is above %d bytes",
                         DOCUMENT_MAX_BYTES);
    if (writing.body.count == 0)
        return error_set(err, FAULT_REJECT, "body.empty", "the meeting has neither head nor items");
    *body = (struct span){writing.body.items, writing.body.count};
    return meeting_hold(arena, meeting, items, given, err);
}
