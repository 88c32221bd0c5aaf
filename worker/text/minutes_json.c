/* minutes_json: a reading as one JSON object, in the terms of tests/golden/README.md. Pure. */
#include "minutes.h"

#include <stdio.h>
#include <string.h>

struct json {
    struct arena *arena;
    LIST(char) out;
    bool full;
};

static void put_bytes(struct json *json, const char *at, size_t size)
{
    if (json->full)
        return;
    while (json->out.capacity - json->out.count < size + 1) {
        void *items = json->out.items;
        /* doubling: grow asks for room when count reaches the capacity */
        if (!arena_grow(json->arena, &items, &json->out.capacity, json->out.capacity, 1)) {
            json->full = true;
            return;
        }
        json->out.items = items;
    }
    memcpy(json->out.items + json->out.count, at, size);
    json->out.count += size;
}

static void put(struct json *json, const char *text)
{
    put_bytes(json, text, strlen(text));
}

/* The inside of a string. */
static void put_escaped(struct json *json, struct span text)
{
    size_t from = 0;
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        char escape[8];
        snprintf(escape, sizeof escape, c == '"' || c == '\\' ? "\\%c" : "\\u%04x", c);
        put_bytes(json, text.at + from, i - from);
        put(json, escape);
        from = i + 1;
    }
    put_bytes(json, text.at + from, text.size - from);
}

static void put_string(struct json *json, struct span text)
{
    put(json, "\"");
    put_escaped(json, text);
    put(json, "\"");
}

static void put_or_null(struct json *json, const char *key, struct span text)
{
    put(json, key);
    if (text.size)
        put_string(json, text);
    else
        put(json, "null");
}

static void put_number(struct json *json, const char *key, size_t number)
{
    char text[48];
    snprintf(text, sizeof text, "%s%zu", key, number);
    put(json, text);
}

static void put_names(struct json *json, const char *key, struct name_list list)
{
    put(json, key);
    put(json, "[");
    for (size_t i = 0; i < list.count; i++) {
        put(json, i ? "," : "");
        put_string(json, list.names[i]);
    }
    put(json, "]");
}

static void put_entity(struct json *json, const struct entity *entity)
{
    put(json, "{\"type\":\"");
    put(json, entity_type_name(entity->type));
    put_number(json, "\",\"start\":", entity->start);
    put_number(json, ",\"end\":", entity->end);
    put(json, ",\"value\":\"");
    put_escaped(json, entity->value);
    if (entity->type == ENTITY_MEMBER && entity->party.size) {
        put(json, ";");
        put_escaped(json, entity->party);
    }
    put(json, entity->table ? ";table\",\"rule\":\"" : "\",\"rule\":\"");
    put(json, entity->rule);
    put(json, "\"}");
}

static void put_item(struct json *json, const struct item *item)
{
    put_or_null(json, "{\"number\":", item->number);
    put(json, ",\"title\":");
    put_string(json, item->title);
    put(json, item->open ? ",\"open\":true" : ",\"open\":false");
    put_or_null(json, ",\"case\":", item->case_number);
    put_or_null(json, ",\"kle\":", item->kle);
    put(json, ",\"outcome\":\"");
    put(json, outcome_name(item->outcome));
    put(json, "\"");
    if (item->voted) {
        put_names(json, ",\"votes\":{\"for\":", item->votes_for);
        put_names(json, ",\"against\":", item->votes_against);
        put_names(json, ",\"abstain\":", item->votes_abstain);
        put(json, "}");
    }
    put(json, ",\"attachments\":[");
    for (size_t i = 0; i < item->attachment_count; i++) {
        put_or_null(json, i ? ",{\"title\":" : "{\"title\":", item->attachments[i].title);
        put_or_null(json, ",\"document\":", item->attachments[i].document);
        put(json, "}");
    }
    put(json, "]}");
}

static void put_meeting(struct json *json, const struct meeting *meeting)
{
    put_or_null(json, "{\"municipality\":", meeting->municipality);
    put_or_null(json, ",\"committee\":", meeting->committee);
    put_or_null(json, ",\"date\":", meeting->date);
    put_or_null(json, ",\"start\":", meeting->start);
    put_or_null(json, ",\"end\":", meeting->end);
    put_or_null(json, ",\"place\":", meeting->place);
    put_names(json, ",\"present\":", meeting->present);
    put_names(json, ",\"absent\":", meeting->absent);
    put_names(json, ",\"substitutes\":", meeting->substitutes);
    put(json, ",\"items\":[");
    for (size_t i = 0; i < meeting->item_count; i++) {
        put(json, i ? "," : "");
        put_item(json, &meeting->items[i]);
    }
    put(json, "]}");
}

enum fault minutes_json(struct arena *arena, const struct minutes *minutes, struct text *json, struct error *err)
{
    struct json out = {.arena = arena};
    put(&out, "{\"entities\":[");
    for (size_t i = 0; i < minutes->entity_count; i++) {
        put(&out, i ? "," : "");
        put_entity(&out, &minutes->entities[i]);
    }
    put(&out, "],\"meeting\":");
    put_meeting(&out, &minutes->meeting);
    put(&out, "}");
    if (out.full)
        return arena_full(err);
    out.out.items[out.out.count] = 0;
    *json = (struct text){out.out.items, out.out.count};
    return FAULT_NONE;
}
