/* property: what must hold for every reading of any text; shared by the fuzz targets. */
#ifndef REFERENT_PROPERTY_H
#define REFERENT_PROPERTY_H

#include "arena.h"
#include "minutes.h"
#include "utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

#endif
