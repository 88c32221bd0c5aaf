/* given: a system's facts over what was read. Pure; on a text thread. */
#include "given.h"

#include "schema.h"

struct span given_name(unsigned bit)
{
    switch (bit) {
    case GIVEN_PARTS: return SPAN("parts");
    case GIVEN_COMMITTEE: return schema_field(FIELD_COMMITTEE);
    case GIVEN_MUNICIPALITY: return schema_field(FIELD_MUNICIPALITY);
    case GIVEN_DATE: return schema_field(FIELD_DATE);
    case GIVEN_PRESENT: return schema_field(FIELD_PRESENT);
    case GIVEN_ABSENT: return schema_field(FIELD_ABSENT);
    case GIVEN_SUBSTITUTES: return schema_field(FIELD_SUBSTITUTE);
    case GIVEN_CASE: return schema_field(FIELD_CASE);
    case GIVEN_KLE: return schema_field(FIELD_KLE);
    default: return (struct span){"", 0};
    }
}

unsigned given_read(struct span words)
{
    unsigned given = 0;
    for (size_t at = 0; at < words.size;) {
        const char *space = memchr(words.at + at, ' ', words.size - at);
        size_t end = space != NULL ? (size_t)(space - words.at) : words.size;
        for (unsigned bit = 1; bit <= GIVEN_LAST; bit *= 2)
            if (span_equal(span_cut(words, at, end), given_name(bit)))
                given |= bit;
        at = end + 1;
    }
    return given;
}

/* What was read of the item: outcome, votes, sections. Where the text was cut into several items, because it has
 * headings of its own, the first with a decision speaks for all. */
static const struct item *item_read(const struct meeting *read, const struct item *item)
{
    const struct item *twin = NULL;
    for (size_t i = 0; i < read->item_count; i++) {
        const struct item *here = &read->items[i];
        bool inside = here->heading_start >= item->start && here->heading_start < item->end;
        if (inside && (twin == NULL || (twin->outcome == OUTCOME_NONE && here->outcome != OUTCOME_NONE)))
            twin = here;
    }
    return twin;
}

static void item_hold(const struct meeting *read, const struct item *given, struct item *item)
{
    const struct item *twin = item_read(read, given);
    *item = twin != NULL ? *twin : *given;
    item->start = given->start;
    item->end = given->end;
    item->heading_start = given->heading_start;
    item->heading_end = given->heading_end;
    item->open = given->open;
    item->number = given->number;
    item->title = given->title;
    item->attachments = given->attachments;
    item->attachment_count = given->attachment_count;
    item->given = given->given;
    if ((given->given & GIVEN_CASE) != 0)
        item->case_number = given->case_number;
    if ((given->given & GIVEN_KLE) != 0)
        item->kle = given->kle;
}

static void fact_hold(bool held, struct span given, struct span *fact)
{
    if (held)
        *fact = given;
}

static void list_hold(bool held, struct name_list given, struct name_list *list)
{
    if (held)
        *list = given;
}

enum fault given_hold(struct arena *arena, const struct meeting *given, struct minutes *out, struct error *err)
{
    struct meeting *meeting = &out->meeting;
    unsigned bits = given->given;
    struct item *items = arena_zero(arena, given->item_count + 1, sizeof *items);
    if (items == NULL)
        return arena_full(err);
    for (size_t i = 0; i < given->item_count; i++)
        item_hold(meeting, &given->items[i], &items[i]);
    fact_hold((bits & GIVEN_MUNICIPALITY) != 0, given->municipality, &meeting->municipality);
    fact_hold((bits & GIVEN_COMMITTEE) != 0, given->committee, &meeting->committee);
    fact_hold((bits & GIVEN_DATE) != 0, given->date, &meeting->date);
    fact_hold(given->start.size > 0, given->start, &meeting->start);
    fact_hold(given->end.size > 0, given->end, &meeting->end);
    fact_hold(given->place.size > 0, given->place, &meeting->place);
    list_hold((bits & GIVEN_PRESENT) != 0, given->present, &meeting->present);
    list_hold((bits & GIVEN_ABSENT) != 0, given->absent, &meeting->absent);
    list_hold((bits & GIVEN_SUBSTITUTES) != 0, given->substitutes, &meeting->substitutes);
    meeting->items = items;
    meeting->item_count = given->item_count;
    meeting->given = bits;
    return FAULT_NONE;
}
