/* gold: marked-up minutes -> struct minutes, for tests. */
#include "gold.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

struct text file_read(struct arena *arena, const char *path)
{
    struct text none = {NULL, 0};
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return none;
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *bytes = size >= 0 ? arena_alloc(arena, (size_t)size + 1) : NULL;
    bool whole = bytes != NULL && fread(bytes, 1, (size_t)size, file) == (size_t)size;
    fclose(file);
    if (!whole)
        return none;
    bytes[size] = '\0';
    return (struct text){bytes, (size_t)size};
}

static const char *find(struct span where, const char *what)
{
    size_t size = strlen(what);
    for (size_t i = 0; i + size <= where.size; i++)
        if (memcmp(where.at + i, what, size) == 0)
            return where.at + i;
    return NULL;
}

static struct span until(struct span whole, char end)
{
    const char *at = memchr(whole.at, end, whole.size);
    return at != NULL ? (struct span){whole.at, (size_t)(at - whole.at)} : whole;
}

static bool type_of(struct span name, enum entity_type *type)
{
    for (int i = 0; i < ENTITY_TYPES; i++) {
        if (span_equal(name, span_of(entity_type_name((enum entity_type)i)))) {
            *type = (enum entity_type)i;
            return true;
        }
    }
    return false;
}

static int64_t ore_of(const char *decimal)
{
    double kroner = strtod(decimal, NULL);
    return (int64_t)(kroner * 100.0 + (kroner < 0 ? -0.5 : 0.5));
}

static void read_value(struct entity *entity, struct span value)
{
    struct span head = until(value, ';');
    struct span tail = head.size < value.size ? span_cut(value, head.size + 1, value.size) : (struct span){"", 0};
    entity->value = head;
    entity->rule = "gold";
    if (entity->type == ENTITY_MEMBER)
        entity->party = tail;
    if (entity->type == ENTITY_AMOUNT) {
        char decimal[64];
        snprintf(decimal, sizeof decimal, "%.*s", (int)head.size, head.at);
        const char *dots = strstr(decimal, "..");
        entity->low_ore = ore_of(decimal);
        entity->high_ore = dots != NULL ? ore_of(dots + 2) : entity->low_ore;
        entity->table = span_equal(tail, SPAN("table"));
    }
    int year, month, day;
    char date[16];
    snprintf(date, sizeof date, "%.*s", (int)head.size, head.at);
    if (entity->type == ENTITY_DATE && sscanf(date, "%4d-%2d-%2d", &year, &month, &day) == 3)
        entity->day = (struct day){(int16_t)year, (int8_t)month, (int8_t)day};
}

/* {{type value|surface}} at the head of marked: the surface goes to the body. Gives the bytes that were read. */
static size_t read_mark(struct span marked, struct entity *entity, char *body, size_t *size)
{
    const char *close = find(marked, "}}"), *bar = memchr(marked.at, '|', marked.size);
    if (close == NULL || bar == NULL || bar > close)
        return 0;
    struct span head = {marked.at + 2, (size_t)(bar - marked.at) - 2};
    struct span name = until(head, ' ');
    struct span surface = {bar + 1, (size_t)(close - bar) - 1};
    if (name.size == head.size || !type_of(name, &entity->type))
        return 0;
    entity->start = *size;
    memcpy(body + *size, surface.at, surface.size);
    *size += surface.size;
    entity->end = *size;
    read_value(entity, span_cut(head, name.size + 1, head.size));
    return (size_t)(close + 2 - marked.at);
}

static bool read_marked(struct arena *arena, struct span marked, struct minutes *out)
{
    LIST(struct entity) entities = {0};
    char *body = arena_alloc(arena, marked.size + 1);
    size_t size = 0;
    if (body == NULL)
        return false;
    for (size_t at = 0; at < marked.size;) {
        struct span rest = span_cut(marked, at, marked.size);
        if (!span_starts(rest, SPAN("{{"))) {
            body[size++] = marked.at[at++];
            continue;
        }
        struct entity *entity = LIST_PUSH(arena, &entities);
        size_t taken = entity != NULL ? read_mark(rest, entity, body, &size) : 0;
        if (taken == 0)
            return false;
        at += taken;
    }
    body[size] = '\0';
    out->body = (struct text){body, size};
    out->entities = entities.items;
    out->entity_count = entities.count;
    return true;
}

/* ---- META */

static struct span copy_of(struct arena *arena, const json_t *value)
{
    struct text copy = {"", 0};
    if (json_is_string(value))
        copy = arena_copy(arena, (struct span){json_string_value(value), json_string_length(value)});
    return (struct span){copy.at, copy.size};
}

static struct name_list names_of(struct arena *arena, const json_t *list)
{
    size_t count = json_array_size(list);
    struct span *names = arena_zero(arena, count, sizeof *names);
    for (size_t i = 0; names != NULL && i < count; i++)
        names[i] = copy_of(arena, json_array_get(list, i));
    return (struct name_list){names, names != NULL ? count : 0};
}

static enum outcome outcome_of(const json_t *value)
{
    for (int i = OUTCOME_NONE; i <= OUTCOME_OTHER; i++)
        if (json_is_string(value) && strcmp(json_string_value(value), outcome_name((enum outcome)i)) == 0)
            return (enum outcome)i;
    return OUTCOME_NONE;
}

static const struct entity *heading_of(const struct minutes *minutes, struct span number, size_t from)
{
    for (size_t i = 0; i < minutes->entity_count; i++) {
        const struct entity *entity = &minutes->entities[i];
        if (entity->type == ENTITY_ITEM && entity->start >= from && span_equal(entity->value, number))
            return entity;
    }
    return NULL;
}

static size_t next_heading(const struct minutes *minutes, size_t from)
{
    for (size_t i = 0; i < minutes->entity_count; i++)
        if (minutes->entities[i].type == ENTITY_ITEM && minutes->entities[i].start >= from)
            return minutes->entities[i].start;
    return minutes->body.size;
}

static void read_item(struct arena *arena, const json_t *fact, const struct minutes *minutes, size_t from,
                      struct item *item)
{
    const json_t *votes = json_object_get(fact, "votes");
    *item = (struct item){.number = copy_of(arena, json_object_get(fact, "number")),
                          .title = copy_of(arena, json_object_get(fact, "title")),
                          .open = json_is_true(json_object_get(fact, "open")),
                          .case_number = copy_of(arena, json_object_get(fact, "case")),
                          .kle = copy_of(arena, json_object_get(fact, "kle")),
                          .outcome = outcome_of(json_object_get(fact, "outcome")),
                          .voted = votes != NULL,
                          .votes_for = names_of(arena, json_object_get(votes, "for")),
                          .votes_against = names_of(arena, json_object_get(votes, "against")),
                          .votes_abstain = names_of(arena, json_object_get(votes, "abstain"))};
    const struct entity *heading = heading_of(minutes, item->number, from);
    item->start = item->end = item->heading_start = item->heading_end = from;
    if (heading != NULL) {
        item->start = item->heading_start = heading->start;
        item->heading_end = heading->end;
        item->end = next_heading(minutes, heading->end);
    }
}

static bool read_people(struct arena *arena, struct meeting *meeting)
{
    LIST(struct person) people = {0};
    const struct name_list lists[] = {meeting->present, meeting->absent};
    for (size_t l = 0; l < 2; l++) {
        for (size_t i = 0; i < lists[l].count; i++) {
            struct person *person = LIST_PUSH(arena, &people);
            if (person == NULL)
                return false;
            person->name = lists[l].names[i];
            person->presence = l == 0 ? PRESENCE_PRESENT : PRESENCE_ABSENT;
        }
    }
    meeting->people = people.items;
    meeting->person_count = people.count;
    return true;
}

static bool read_meeting(struct arena *arena, const json_t *meta, struct minutes *out)
{
    struct meeting *meeting = &out->meeting;
    const json_t *items = json_object_get(meta, "items");
    size_t count = json_array_size(items);
    struct item *list = arena_zero(arena, count, sizeof *list);
    if (list == NULL)
        return false;
    *meeting = (struct meeting){.municipality = copy_of(arena, json_object_get(meta, "municipality")),
                                .committee = copy_of(arena, json_object_get(meta, "committee")),
                                .date = copy_of(arena, json_object_get(meta, "date")),
                                .start = copy_of(arena, json_object_get(meta, "start")),
                                .end = copy_of(arena, json_object_get(meta, "end")),
                                .place = copy_of(arena, json_object_get(meta, "place")),
                                .present = names_of(arena, json_object_get(meta, "present")),
                                .absent = names_of(arena, json_object_get(meta, "absent")),
                                .substitutes = names_of(arena, json_object_get(meta, "substitutes")),
                                .items = list,
                                .item_count = count};
    size_t from = 0;
    for (size_t i = 0; i < count; i++) {
        read_item(arena, json_array_get(items, i), out, from, &list[i]);
        from = list[i].end;
    }
    return read_people(arena, meeting);
}

bool gold_read(struct arena *arena, struct span gold, struct minutes *out)
{
    *out = (struct minutes){0};
    const char *meta = find(gold, "\n%%%META\n");
    if (meta == NULL || !read_marked(arena, (struct span){gold.at, (size_t)(meta + 1 - gold.at)}, out))
        return false;
    const char *json = meta + strlen("\n%%%META\n");
    json_t *facts = json_loadb(json, gold.size - (size_t)(json - gold.at), 0, NULL);
    bool read = facts != NULL && read_meeting(arena, facts, out);
    json_decref(facts);
    return read;
}

bool gold_open(struct arena *arena, const char *path, struct minutes *out)
{
    struct text file = file_read(arena, path);
    return file.at != NULL && gold_read(arena, (struct span){file.at, file.size}, out);
}
