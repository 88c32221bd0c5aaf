/* hidden: closed items leave no trace in the open body and the open facts. Pure. */
#include "hidden.h"

#include "phrase.h"

#include <stdlib.h>

enum {
    LINE_REST_BYTES = 120, /* page and case number behind a title in a table of contents; beyond that it is a text */
    ENTRY_HEAD_BYTES = 16, /* number and marks before a title in a table of contents */
    TITLE_HEAD_WORDS = 3   /* so many words of a title, cut off at the end of a line, are that title */
};

/* Spaces over [start, end), line breaks stay. */
static void blank(char *body, size_t start, size_t end)
{
    for (size_t i = start; i < end; i++)
        if (body[i] != '\n' && body[i] != '\r')
            body[i] = ' ';
}

/* Behind a title: the rest of its line, if that is short. */
static size_t line_end(struct span text, size_t at)
{
    const char *end = at < text.size ? memchr(text.at + at, '\n', text.size - at) : NULL;
    size_t line = end != NULL ? (size_t)(end - text.at) : text.size;
    return line - at <= LINE_REST_BYTES ? line : at;
}

/* The title ends here with dots or the line: the contents show its beginning only. */
static bool is_cut_off(struct span text, size_t at)
{
    while (at < text.size && (text.at[at] == ' ' || text.at[at] == '\t' || text.at[at] == '-'))
        at++;
    struct span rest = span_cut(text, at, text.size);
    return rest.size == 0 || *rest.at == '\n' || *rest.at == '\r' || span_starts(rest, SPAN("..")) ||
           span_starts(rest, SPAN("…"));
}

/* The title stands in a line of a table of contents: a number before it, or dots or a page number behind it, and little
 * else. */
static bool is_entry(struct span text, const struct phrase_match *match)
{
    size_t line = match->start;
    bool number = false;
    while (line > 0 && text.at[line - 1] != '\n' && match->start - line <= LINE_REST_BYTES) {
        line--;
        number = number || (text.at[line] >= '0' && text.at[line] <= '9');
    }
    if (match->start - line > ENTRY_HEAD_BYTES)
        return false;
    size_t end = line_end(text, match->end);
    struct span rest = span_cut(text, match->end, end);
    while (rest.size > 0 && (unsigned char)rest.at[rest.size - 1] <= ' ')
        rest.size--;
    bool page = rest.size > 0 && rest.at[rest.size - 1] >= '0' && rest.at[rest.size - 1] <= '9';
    return number || page || span_starts(rest, SPAN(".."));
}

/* The closed items' titles in an open item, which may hold a table of contents that nobody took for one. What merely
 * uses the same words stays: a closed "Orientering" must not take that word from every open item. */
static void blank_entries(const struct phrase_set *titles, char *body, const struct item *item)
{
    struct span text = {body + item->start, item->end - item->start};
    struct phrase_match match;
    struct phrase_scan scan;
    phrase_begin(&scan, titles, text);
    while (phrase_next(&scan, &match)) {
        size_t start = item->start + match.start;
        bool own_heading = start >= item->heading_start && start < item->heading_end;
        if (match.id != PHRASE_NONE && !own_heading && is_entry(text, &match))
            blank(body + item->start, match.start, line_end(text, match.end));
    }
}

/* The closed items' titles in one stretch of text outside items. */
static void blank_titles(const struct phrase_set *titles, char *body, size_t start, size_t end)
{
    struct span text = {body + start, end - start};
    struct phrase_match match;
    struct phrase_scan scan;
    phrase_begin(&scan, titles, text);
    while (phrase_next(&scan, &match)) {
        size_t behind = 0;
        if (match.id != PHRASE_NONE)
            behind = match.end;
        else if (match.words >= TITLE_HEAD_WORDS && is_cut_off(text, match.words_end))
            behind = match.words_end;
        if (behind > 0)
            blank(body + start, match.start, line_end(text, behind));
    }
}

static enum fault collect_titles(const struct minutes *minutes, struct phrase_set *titles, struct error *err)
{
    uint32_t id;
    for (size_t i = 0; i < minutes->meeting.item_count; i++) {
        const struct item *item = &minutes->meeting.items[i];
        if (!item->open && !phrase_add(titles, item->title, &id))
            return arena_full(err);
    }
    return FAULT_NONE;
}

/* Where the open body differs in [start, end). Words that a space parts are one veil. */
static enum fault add_veils(struct arena *arena, struct hidden *hidden, const char *body, size_t start, size_t end,
                            struct error *err)
{
    const char *open = hidden->open_body.at;
    for (size_t at = start; at < end; at++) {
        if (body[at] == open[at])
            continue;
        size_t from = at, behind = at + 1;
        for (; at < end && at <= behind && body[at] != '\n' && body[at] != '\r'; at++)
            if (body[at] != open[at])
                behind = at + 1;
        struct byte_range *veil = LIST_PUSH(arena, &hidden->veils);
        if (veil == NULL)
            return arena_full(err);
        *veil = (struct byte_range){from, behind};
        at = behind;
    }
    return FAULT_NONE;
}

static enum fault read_veils(struct arena *arena, const struct minutes *minutes, struct hidden *hidden,
                             struct error *err)
{
    size_t at = 0;
    for (size_t i = 0; i < hidden->place_count; i++) {
        const struct place *place = &hidden->places[i];
        if (minutes->meeting.items[place->n - 1].open)
            continue;
        if (place->start > at)
            TRY(add_veils(arena, hidden, minutes->body.at, at, place->start, err));
        at = place->end > at ? place->end : at;
    }
    return add_veils(arena, hidden, minutes->body.at, at, minutes->body.size, err);
}

static enum fault open_body(struct arena *arena, const struct minutes *minutes, const struct hidden *hidden, char *body,
                            struct error *err)
{
    struct phrase_set *titles = phrase_new(arena);
    if (titles == NULL)
        return arena_full(err);
    TRY(collect_titles(minutes, titles, err));
    size_t at = 0;
    for (size_t i = 0; i < hidden->place_count; i++) {
        const struct place *place = &hidden->places[i];
        if (place->start > at)
            blank_titles(titles, body, at, place->start);
        const struct item *item = &minutes->meeting.items[place->n - 1];
        if (item->open && item->heading_start > item->start) /* the contents stand above the heading of the first */
            blank_titles(titles, body, item->start, item->heading_start);
        if (item->open)
            blank_entries(titles, body, item);
        else
            blank(body, place->start, place->end);
        at = place->end > at ? place->end : at;
    }
    if (at < minutes->body.size)
        blank_titles(titles, body, at, minutes->body.size);
    return FAULT_NONE;
}

/* ---- facts of the meeting: which of them stand in the open body */

struct seen {
    struct phrase_set *names;
    bool *found; /* by number of the phrase */
};

static bool is_name(const struct entity *entity)
{
    return entity->type == ENTITY_MEMBER || entity->type == ENTITY_OFFICIAL;
}

static bool add(struct seen *seen, struct span name)
{
    uint32_t id;
    return phrase_add(seen->names, name, &id);
}

static bool add_list(struct seen *seen, struct name_list list)
{
    bool added = true;
    for (size_t i = 0; i < list.count && added; i++)
        added = add(seen, list.names[i]);
    return added;
}

/* Every name that may have to be judged, and every name in sight: misspelt ones stand there with the right value. */
static bool add_names(struct seen *seen, const struct hidden *hidden, const struct minutes *minutes)
{
    const struct meeting *meeting = &minutes->meeting;
    bool added = add(seen, meeting->committee) && add(seen, meeting->municipality) && add(seen, meeting->place) &&
                 add_list(seen, meeting->present) && add_list(seen, meeting->absent) &&
                 add_list(seen, meeting->substitutes);
    for (size_t i = 0; i < meeting->person_count && added; i++)
        added = add(seen, meeting->people[i].name);
    for (size_t i = 0; i < minutes->entity_count && added; i++)
        if (is_name(&minutes->entities[i]) && hidden_shows(hidden, minutes, &minutes->entities[i]))
            added = add(seen, minutes->entities[i].value);
    return added;
}

static enum fault seen_read(struct arena *arena, const struct hidden *hidden, const struct minutes *minutes,
                            struct seen *seen, struct error *err)
{
    seen->names = phrase_new(arena);
    if (seen->names == NULL || !add_names(seen, hidden, minutes))
        return arena_full(err);
    seen->found = arena_zero(arena, phrase_limit(seen->names), sizeof *seen->found);
    if (seen->found == NULL)
        return arena_full(err);
    struct phrase_match match;
    struct phrase_scan scan;
    phrase_begin(&scan, seen->names, hidden->open_body);
    while (phrase_next(&scan, &match))
        seen->found[match.id] = true;
    for (size_t i = 0; i < minutes->entity_count; i++) {
        uint32_t id;
        if (!is_name(&minutes->entities[i]) || !hidden_shows(hidden, minutes, &minutes->entities[i]))
            continue;
        if (!phrase_add(seen->names, minutes->entities[i].value, &id))
            return arena_full(err);
        seen->found[id] = true;
    }
    seen->found[PHRASE_NONE] = false;
    return FAULT_NONE;
}

/* The name, or nothing if it is out of sight. */
static struct span in_sight(const struct seen *seen, struct span name)
{
    uint32_t id;
    return phrase_add(seen->names, name, &id) && seen->found[id] ? name : (struct span){"", 0};
}

static enum fault list_in_sight(struct arena *arena, const struct seen *seen, struct name_list *list, struct error *err)
{
    struct span *names = arena_zero(arena, list->count, sizeof *names);
    size_t count = 0;
    if (names == NULL)
        return arena_full(err);
    for (size_t i = 0; i < list->count; i++)
        if (in_sight(seen, list->names[i]).size > 0)
            names[count++] = list->names[i];
    *list = (struct name_list){names, count};
    return FAULT_NONE;
}

static enum fault people_in_sight(struct arena *arena, const struct seen *seen, struct meeting *meeting,
                                  struct error *err)
{
    struct person *people = arena_zero(arena, meeting->person_count, sizeof *people);
    size_t count = 0;
    if (people == NULL)
        return arena_full(err);
    for (size_t i = 0; i < meeting->person_count; i++)
        if (in_sight(seen, meeting->people[i].name).size > 0)
            people[count++] = meeting->people[i];
    meeting->people = people;
    meeting->person_count = count;
    TRY(list_in_sight(arena, seen, &meeting->present, err));
    TRY(list_in_sight(arena, seen, &meeting->absent, err));
    return list_in_sight(arena, seen, &meeting->substitutes, err);
}

/* A time "18:30" stands in the text with a colon, a point or nothing between. */
static bool time_in_sight(struct span text, struct span time)
{
    if (time.size != 5)
        return false;
    for (const char *at = text.at, *end = at + text.size; end - at >= 5; at++) {
        at = memchr(at, time.at[0], (size_t)(end - at) - 4);
        if (at == NULL)
            return false;
        size_t between = at[2] == ':' || at[2] == '.';
        if (at[1] == time.at[1] && memcmp(at + 2 + between, time.at + 3, 2) == 0)
            return true;
    }
    return false;
}

/* False if the day of the meeting is named only out of sight. A feeder's own date stands nowhere and is shown. */
static bool date_in_sight(const struct hidden *hidden, const struct minutes *minutes)
{
    bool anywhere = false;
    for (size_t i = 0; i < minutes->entity_count; i++) {
        const struct entity *entity = &minutes->entities[i];
        if (entity->type != ENTITY_DATE || !span_equal(entity->value, minutes->meeting.date))
            continue;
        if (hidden_shows(hidden, minutes, entity))
            return true;
        anywhere = true;
    }
    return !anywhere;
}

static enum fault open_meeting(struct arena *arena, const struct minutes *minutes, struct hidden *out,
                               struct error *err)
{
    struct seen seen;
    struct meeting *meeting = &out->meeting;
    const struct span none = {"", 0};
    TRY(seen_read(arena, out, minutes, &seen, err));
    meeting->committee = in_sight(&seen, meeting->committee);
    meeting->municipality = in_sight(&seen, meeting->municipality);
    meeting->place = in_sight(&seen, meeting->place);
    meeting->date = date_in_sight(out, minutes) ? meeting->date : none;
    meeting->start = time_in_sight(out->open_body, meeting->start) ? meeting->start : none;
    meeting->end = time_in_sight(out->open_body, meeting->end) ? meeting->end : none;
    return people_in_sight(arena, &seen, meeting, err);
}

bool hidden_shows(const struct hidden *hidden, const struct minutes *minutes, const struct entity *entity)
{
    return !hidden->any || memcmp(minutes->body.at + entity->start, hidden->open_body.at + entity->start,
                                  entity->end - entity->start) == 0;
}

static int order_of_places(const void *a, const void *b)
{
    const struct place *left = a, *right = b;
    if (left->start != right->start)
        return left->start < right->start ? -1 : 1;
    return (left->n > right->n) - (left->n < right->n);
}

static enum fault read_places(struct arena *arena, const struct meeting *meeting, struct hidden *out, struct error *err)
{
    bool ascending = true;
    struct place *places = arena_zero(arena, meeting->item_count, sizeof *places);
    if (places == NULL)
        return arena_full(err);
    for (size_t i = 0; i < meeting->item_count; i++) {
        places[i] = (struct place){meeting->items[i].start, meeting->items[i].end, i + 1};
        ascending = ascending && (i == 0 || places[i - 1].start <= places[i].start);
    }
    if (!ascending)
        qsort(places, meeting->item_count, sizeof *places, order_of_places);
    out->places = places;
    out->place_count = meeting->item_count;
    return FAULT_NONE;
}

enum fault hidden_read(struct arena *arena, const struct minutes *minutes, struct hidden *out, struct error *err)
{
    *out = (struct hidden){.open_body = {minutes->body.at, minutes->body.size}, .meeting = minutes->meeting};
    TRY(read_places(arena, &minutes->meeting, out, err));
    for (size_t i = 0; i < minutes->meeting.item_count && !out->any; i++)
        out->any = !minutes->meeting.items[i].open;
    if (!out->any)
        return FAULT_NONE;
    struct text copy = arena_copy(arena, out->open_body);
    char *body = copy.at != NULL ? (char *)copy.at : NULL;
    if (body == NULL)
        return arena_full(err);
    out->open_body = (struct span){body, copy.size};
    TRY(open_body(arena, minutes, out, body, err));
    TRY(read_veils(arena, minutes, out, err));
    return open_meeting(arena, minutes, out, err);
}
