/* minutes: the whole reading of one document, stage by stage. Pure; called on a text thread.
 *
 *   body -> lines -> agenda -> entities -> tables -> head -> roster -> items -> municipality -> result
 *
 * The last stage merges what was found and leads all offsets back to the given bytes. */
#include "minutes.h"

#include "municipality.h"
#include "reading.h"

#include <stdlib.h>
#include <string.h>

const char *entity_type_name(enum entity_type type)
{
    static const char *const names[ENTITY_TYPES] = {"member", "official", "case", "document", "kle",
                                                    "amount", "date",     "law",  "org",      "item"};
    return names[type];
}

const char *outcome_name(enum outcome outcome)
{
    static const char *const names[] = {"none",      "approved", "recommended", "noted", "discussed",
                                        "postponed", "rejected", "referred",    "other"};
    return names[outcome];
}

const char *section_kind_name(enum section_kind kind)
{
    static const char *const names[] = {"summary",    "recommendation", "decision", "presentation",
                                        "competence", "economy",        "law",      "attachments",
                                        "history",    "other"};
    return names[kind];
}

/* CPR numbers become x, digit by digit: in the clean text at once, so that no later stage copies them. */
static void mask(char *text, size_t start, size_t end)
{
    for (size_t i = start; i < end; i++)
        if (text[i] >= '0' && text[i] <= '9')
            text[i] = 'x';
}

static void cpr_mask_clean(struct reading *reading)
{
    for (size_t i = 0; i < reading->cpr.count; i++)
        mask((char *)reading->body.text.at, reading->cpr.items[i].start, reading->cpr.items[i].end);
}

/* The given bytes with the same spots masked. */
static enum fault cpr_mask_given(struct reading *reading, struct text *masked)
{
    *masked = arena_copy(reading->arena, reading->body.raw);
    if (!masked->at)
        return arena_full(reading->err);
    size_t near = 0;
    for (size_t i = 0; i < reading->cpr.count; i++) {
        struct byte_range *range = LIST_PUSH(reading->arena, &reading->masked);
        if (!range)
            return arena_full(reading->err);
        range->start = body_start(&reading->body, reading->cpr.items[i].start, &near);
        range->end = body_end(&reading->body, reading->cpr.items[i].end, near);
        mask((char *)masked->at, range->start, range->end);
    }
    return FAULT_NONE;
}

static int order_of_ranges(const void *a, const void *b)
{
    const struct byte_range *left = a, *right = b;
    return (left->start > right->start) - (left->start < right->start);
}

static struct entity sighting_entity(const struct reading *reading, const struct sighting *sighting)
{
    const struct person *person = &reading->people.items[sighting->person];
    return (struct entity){.type = person->official ? ENTITY_OFFICIAL : ENTITY_MEMBER,
                           .start = sighting->start,
                           .end = sighting->end,
                           .value = person->name,
                           .party = person->party,
                           .rule = person->official                       ? "official.name"
                                   : sighting->party.size                 ? "member.party"
                                   : person->presence != PRESENCE_UNKNOWN ? "member.roster"
                                                                          : "member.name"};
}

static struct entity item_entity(const struct item *item)
{
    return (struct entity){.type = ENTITY_ITEM,
                           .start = item->heading_start,
                           .end = item->heading_end,
                           .value = item->number,
                           .rule = "item.heading"};
}

/* Sources of entities, each ascending; merged by where they begin. */
struct merge {
    const struct reading *reading;
    size_t found, cell, sighting, item;
    size_t starts[4]; /* where the next one of each source begins; SIZE_MAX: there is none */
};

static size_t merge_start(const struct merge *merge, int source)
{
    const struct reading *reading = merge->reading;
    switch (source) {
    case 0: return merge->found < reading->entities.count ? reading->entities.items[merge->found].start : SIZE_MAX;
    case 1: return merge->cell < reading->cells.count ? reading->cells.items[merge->cell].start : SIZE_MAX;
    case 2:
        return merge->sighting < reading->sightings.count ? reading->sightings.items[merge->sighting].start : SIZE_MAX;
    default:
        return merge->item < reading->meeting->item_count ? reading->meeting->items[merge->item].heading_start
                                                          : SIZE_MAX;
    }
}

/* An organisation where a person was found is none: "Jens Kro" is a man, if he sits on the council. */
static bool covered(const struct reading *reading, const struct entity *org, size_t sighting)
{
    for (size_t i = sighting > 0 ? sighting - 1 : 0;
         i < reading->sightings.count && reading->sightings.items[i].start < org->end; i++)
        if (reading->sightings.items[i].end > org->start && reading->sightings.items[i].person >= 0)
            return true;
    return false;
}

static bool merge_take(struct merge *merge, int source, struct entity *out)
{
    const struct reading *reading = merge->reading;
    if (source == 2) {
        const struct sighting *sighting = &reading->sightings.items[merge->sighting++];
        if (sighting->person < 0)
            return false;
        *out = sighting_entity(reading, sighting);
        return true;
    }
    if (source == 3) {
        *out = item_entity(&reading->meeting->items[merge->item++]);
        return true;
    }
    *out = source == 0 ? reading->entities.items[merge->found++] : reading->cells.items[merge->cell++];
    return out->type != ENTITY_ORG || !covered(reading, out, merge->sighting);
}

/* All entities in reading order, with offsets into the given bytes; one type never overlaps itself. */
static enum fault entities_put(struct reading *reading, struct minutes *out)
{
    size_t most =
        reading->entities.count + reading->cells.count + reading->sightings.count + reading->meeting->item_count;
    struct entity *list = arena_alloc(reading->arena, (most + 1) * sizeof *list);
    struct merge merge = {.reading = reading};
    size_t ends[ENTITY_TYPES] = {0}, count = 0, near = 0;
    if (!list)
        return arena_full(reading->err);
    for (int source = 0; source < 4; source++)
        merge.starts[source] = merge_start(&merge, source);
    for (;;) {
        int best = 0;
        for (int source = 1; source < 4; source++)
            best = merge.starts[source] < merge.starts[best] ? source : best;
        if (merge.starts[best] == SIZE_MAX)
            break;
        struct entity entity;
        bool taken = merge_take(&merge, best, &entity);
        merge.starts[best] = merge_start(&merge, best);
        if (!taken || entity.start < ends[entity.type] || entity.end <= entity.start)
            continue;
        ends[entity.type] = entity.end;
        entity.start = body_start(&reading->body, entity.start, &near);
        entity.end = body_end(&reading->body, entity.end, near);
        list[count++] = entity;
    }
    out->entities = list;
    out->entity_count = count;
    return FAULT_NONE;
}

static void offsets_lead_back(const struct body *body, struct meeting *meeting)
{
    for (size_t i = 0, near = 0; i < meeting->item_count; i++) {
        struct item *item = (struct item *)&meeting->items[i];
        item->start = body_start(body, item->start, &near);
        size_t inside = near;
        item->heading_start = body_start(body, item->heading_start, &inside);
        item->heading_end = body_end(body, item->heading_end, inside);
        for (size_t j = 0; j < item->section_count; j++) {
            struct section *section = (struct section *)&item->sections[j];
            bool empty = section->start >= section->end;
            section->start = body_start(body, section->start, &inside);
            section->end = empty ? section->start : body_end(body, section->end, inside);
        }
        item->end = body_end(body, item->end, inside);
    }
}

static enum fault stage_body(struct reading *reading)
{
    return body_clean(reading->arena, reading->given, reading->media, &reading->body, reading->err);
}

static enum fault stage_lines(struct reading *reading)
{
    return line_split(reading->arena, &reading->body, &reading->lines, reading->err);
}

static enum fault stage_municipality(struct reading *reading)
{
    reading->meeting->municipality = municipality_of(reading);
    return FAULT_NONE;
}

static enum fault stage_result(struct reading *reading)
{
    struct minutes *out = reading->out;
    out->meeting.people = reading->people.items;
    out->meeting.person_count = reading->people.count;
    TRY(entities_put(reading, out));
    TRY(cpr_mask_given(reading, &out->body));
    if (reading->masked.count > 1)
        qsort(reading->masked.items, reading->masked.count, sizeof *reading->masked.items, order_of_ranges);
    out->cpr = reading->masked.items;
    out->cpr_count = reading->masked.count;
    offsets_lead_back(&reading->body, &out->meeting);
    return FAULT_NONE;
}

static enum fault entities_find(struct reading *reading)
{
    TRY(entity_read(reading));
    cpr_mask_clean(reading);
    return FAULT_NONE;
}

/* Begin again with the masked bytes, as if they had come so: what follows from the digits of a CPR number does not
 * stay, and reading what is stored gives the same again (recall.h). */
static enum fault masked_begin(struct reading *reading)
{
    struct text masked;
    struct reading again;
    TRY(cpr_mask_given(reading, &masked));
    TRY(reading_begin(&again, reading->arena, (struct span){masked.at, masked.size}, reading->media, reading->out,
                      reading->err));
    again.masked.items = reading->masked.items;
    again.masked.count = reading->masked.count;
    again.masked.capacity = reading->masked.capacity;
    *reading = again;
    return FAULT_NONE;
}

/* Masking may bring another number to light; a text that is made to do so again and again is masked all the same, but
 * then what earlier stages saw is left as it is. */
enum { ROUNDS_MAX = 2 };

/* Entities come before anybody copies a part of the text: CPR numbers are masked with them. */
static enum fault stage_entities(struct reading *reading)
{
    TRY(entities_find(reading));
    for (int round = 0; round < ROUNDS_MAX && reading->cpr.count > 0; round++) {
        TRY(masked_begin(reading));
        for (const struct stage *stage = reading_stages; stage->run != stage_entities; stage++)
            TRY(stage->run(reading));
        TRY(entities_find(reading));
    }
    return FAULT_NONE;
}

const struct stage reading_stages[READING_STAGES] = {
    {"body", stage_body},         {"lines", stage_lines}, {"agenda", agenda_read},
    {"entities", stage_entities}, {"tables", table_read}, {"head", head_read},
    {"roster", roster_read},      {"items", item_read},   {"municipality", stage_municipality},
    {"result", stage_result}};

enum fault reading_begin(struct reading *reading, struct arena *arena, struct span body, enum media_type media,
                         struct minutes *out, struct error *err)
{
    *out = (struct minutes){0};
    *reading = (struct reading){
        .arena = arena, .err = err, .given = body, .media = media, .out = out, .meeting = &out->meeting};
    if (body.size >= UINT32_MAX / 2)
        return error_set(err, FAULT_REJECT, "body.size", "%zu bytes are more than a document may have", body.size);
    return FAULT_NONE;
}

/* Its state lives in the document's own arena. */
static enum fault document_begin(struct minutes_document *document, struct reading **reading)
{
    *reading = arena_alloc(document->arena, sizeof **reading);
    if (*reading == NULL)
        return arena_full(&document->err);
    return reading_begin(*reading, document->arena, document->body, document->media, &document->minutes,
                         &document->err);
}

/* At most MINUTES_TOGETHER. */
static void group_read(struct minutes_document *documents, size_t count, const struct minutes_watch *watch)
{
    struct reading *readings[MINUTES_TOGETHER];
    for (size_t stage = 0; stage <= READING_STAGES; stage++)
        for (size_t i = 0; i < count; i++) {
            struct minutes_document *document = &documents[i];
            if (document->fault != FAULT_NONE)
                continue;
            if (watch != NULL)
                watch->touch(watch->self, document);
            document->fault =
                stage == 0 ? document_begin(document, &readings[i]) : reading_stages[stage - 1].run(readings[i]);
        }
}

void minutes_read_many(struct minutes_document *documents, size_t count, const struct minutes_watch *watch)
{
    for (size_t i = 0; i < count; i += MINUTES_TOGETHER)
        group_read(documents + i, count - i < MINUTES_TOGETHER ? count - i : MINUTES_TOGETHER, watch);
}

enum fault minutes_read(struct arena *arena, struct span body, enum media_type media, struct minutes *out,
                        struct error *err)
{
    struct minutes_document document = {.arena = arena, .body = body, .media = media};
    minutes_read_many(&document, 1, NULL);
    *out = document.minutes;
    if (document.fault != FAULT_NONE && err != NULL)
        *err = document.err;
    return document.fault;
}
