/* property: what must hold for every reading of any text; shared by the fuzz targets. */
#ifndef REFERENT_PROPERTY_H
#define REFERENT_PROPERTY_H

#include "arena.h"
#include "bytes.h"
#include "minutes.h"
#include "utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PROPERTY(holds)                                                                                                \
    do {                                                                                                               \
        if (!(holds)) {                                                                                                \
            fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #holds);                                  \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

/* The longest valid UTF-8 at the front of the data. */
static inline struct span property_text(const uint8_t *data, size_t size)
{
    struct span bytes = {(const char *)data, size};
    size_t bad = size;
    if (size == 0) /* libFuzzer's empty input has no address */
        return (struct span){"", 0};
    if (!utf8_valid(bytes, &bad))
        bytes.size = bad;
    return bytes;
}

/* A place where a character begins, or the end. */
static inline bool property_boundary(struct span body, size_t at)
{
    return at == body.size || (at < body.size && ((unsigned char)body.at[at] & 0xC0) != 0x80);
}

/* A copy with a NUL behind it in a block of its own, so that the sanitizer sees every byte too far. */
static inline char *property_copy(struct span bytes)
{
    char *copy = malloc(bytes.size + 1);
    PROPERTY(copy != NULL);
    if (bytes.size)
        memcpy(copy, bytes.at, bytes.size);
    copy[bytes.size] = 0;
    return copy;
}

/* The same with BODY_PAD NUL bytes behind it and spaces for its own, as the stages have a clean text. */
static inline char *property_clean(struct span bytes)
{
    char *copy = calloc(1, bytes.size + BODY_PAD);
    PROPERTY(copy != NULL);
    for (size_t i = 0; i < bytes.size; i++)
        copy[i] = (char)(bytes.at[i] ? bytes.at[i] : ' ');
    return copy;
}

/* A part of a text that lies inside it, on characters. */
static inline void property_inside(struct span text, struct span part)
{
    PROPERTY(part.at >= text.at && part.at <= text.at + text.size);
    size_t start = (size_t)(part.at - text.at);
    PROPERTY(part.size <= text.size - start);
    PROPERTY(property_boundary(text, start) && property_boundary(text, start + part.size));
}

static inline void property_entities(struct span body, const struct minutes *minutes)
{
    size_t ends[ENTITY_TYPES] = {0}, last = 0;
    for (size_t i = 0; i < minutes->entity_count; i++) {
        const struct entity *entity = &minutes->entities[i];
        PROPERTY(entity->start < entity->end && entity->end <= body.size);
        PROPERTY(property_boundary(body, entity->start) && property_boundary(body, entity->end));
        PROPERTY(entity->start >= last && entity->start >= ends[entity->type]);
        PROPERTY(entity->value.size > 0 && entity->rule != NULL);
        PROPERTY(utf8_valid(entity->value, NULL));
        last = entity->start;
        ends[entity->type] = entity->end;
    }
}

static inline void property_items(struct span body, const struct meeting *meeting)
{
    size_t last = 0;
    for (size_t i = 0; i < meeting->item_count; i++) {
        const struct item *item = &meeting->items[i];
        PROPERTY(item->start >= last && item->start <= item->end && item->end <= body.size);
        PROPERTY(item->start <= item->heading_start && item->heading_end <= item->end);
        PROPERTY(item->number.size > 0 && utf8_valid(item->title, NULL));
        for (size_t j = 0; j < item->section_count; j++)
            PROPERTY(item->sections[j].start <= item->sections[j].end && item->sections[j].end <= body.size);
        last = item->end;
    }
}

static inline void property_mask(struct span body, const struct minutes *minutes)
{
    PROPERTY(minutes->body.size == body.size && utf8_valid((struct span){minutes->body.at, body.size}, NULL));
    size_t from = 0;
    for (size_t i = 0; i <= minutes->cpr_count; i++) {
        size_t start = i < minutes->cpr_count ? minutes->cpr[i].start : body.size;
        PROPERTY(start >= from && start <= body.size);
        PROPERTY(memcmp(minutes->body.at + from, body.at + from, start - from) == 0);
        from = i < minutes->cpr_count ? minutes->cpr[i].end : start;
        for (size_t at = start; at < from; at++)
            PROPERTY(!(minutes->body.at[at] >= '0' && minutes->body.at[at] <= '9'));
    }
}

/* What holds for any reading of `body`: offsets lie inside it and on characters, entities of one type never overlap,
 * items follow one another, CPR numbers are masked at equal length and nothing else is changed. */
static inline void property_reading(struct span body, const struct minutes *minutes)
{
    property_entities(body, minutes);
    property_items(body, &minutes->meeting);
    property_mask(body, minutes);
}

/* What a target asks of a reading beyond that. */
typedef void property_check(const struct minutes *minutes);

static inline char *property_json(struct span body, enum media_type media, property_check *check)
{
    struct arena *arena = arena_new((size_t)1 << 30);
    struct minutes minutes;
    struct error error = {0};
    struct text json = {0};
    char *copy = NULL;
    PROPERTY(arena != NULL);
    enum fault fault = minutes_read(arena, body, media, &minutes, &error);
    PROPERTY(fault == FAULT_NONE || fault == FAULT_REJECT);
    if (fault == FAULT_NONE) {
        property_reading(body, &minutes);
        if (check)
            check(&minutes);
        PROPERTY(minutes_json(arena, &minutes, &json, &error) == FAULT_NONE);
        copy = property_copy((struct span){json.at, json.size});
    }
    arena_free(&arena);
    return copy;
}

/* Reads the body twice: all of the above holds, both give the same JSON, and neither a text nor its length makes it
 * take long: the bound, in seconds of the processor, is far above what any takes with the sanitizers. */
static inline void property_minutes(struct span body, enum media_type media, property_check *check)
{
    enum { SECONDS = 5, BYTES_A_SECOND = 20000 };
    clock_t began = clock();
    char *first = property_json(body, media, check);
    char *second = property_json(body, media, check);
    PROPERTY((!first && !second) || (first && second && strcmp(first, second) == 0));
    PROPERTY((size_t)((clock() - began) / CLOCKS_PER_SEC) < SECONDS + body.size / BYTES_A_SECOND);
    free(first);
    free(second);
}

/* The same for `data` amid minutes: between `before` and `after`, in a media type. */
static inline void property_framed(const char *before, struct span data, const char *after, enum media_type media,
                                   property_check *check)
{
    size_t lead = strlen(before), size = lead + data.size + strlen(after);
    char *bytes = malloc(size); /* only size bytes are given; what follows must not matter */
    PROPERTY(bytes != NULL);
    memcpy(bytes, before, lead);
    if (data.size)
        memcpy(bytes + lead, data.at, data.size);
    memcpy(bytes + lead + data.size, after, size - lead - data.size);
    property_minutes((struct span){bytes, size}, media, check);
    free(bytes);
}

#endif
