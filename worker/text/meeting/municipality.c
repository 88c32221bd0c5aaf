/* municipality: whose minutes these are, from the organisations that the text names. Pure. */
#include "municipality.h"

#include <string.h>

static const struct municipality municipalities[] = {
#define MUNICIPALITY(code, name, full) {code, name, full, NULL},
#define REGION(code, full, domain)     {code, full, full, domain},
#include "municipality.def"
#undef MUNICIPALITY
#undef REGION
};
enum {
    COUNT = sizeof municipalities / sizeof *municipalities,
    HEAD_MOST = 400,     /* bytes: before them stands whose minutes they are */
    WINDOW_MOST = 200000 /* bytes: further down nothing is looked for */
};

/* The one with this full name ("Stevns Kommune", "Region Sjælland"), or NULL. */
static const struct municipality *municipality_find(struct span name)
{
    unsigned char first = name.size ? (unsigned char)*name.at | 0x20 : 0;
    for (size_t i = 0; i < COUNT; i++) {
        unsigned char own = (unsigned char)*municipalities[i].full | 0x20;
        bool other = first >= 'a' && first <= 'z' && own >= 'a' && own <= 'z' && first != own;
        if (!other && text_alike(name, span_of(municipalities[i].full)))
            return &municipalities[i];
    }
    return NULL;
}

/* How often a name stands in the text as a word, or at the front of one: "gribskov.dk", "Stevnsvej". */
static size_t stem_count(struct span text, const char *stem)
{
    size_t size = strlen(stem), count = 0;
    const char *end = text.at + text.size;
    for (const char *at; count < 50 && (at = text_seek(text, stem, size, false)) != NULL;) {
        count += memcmp(at, stem, size) == 0;
        text = (struct span){at + 1, (size_t)(end - at - 1)};
    }
    return count;
}

/* Do organisations bear the name of one other municipality than `own`, twice at least: "Vejen Forsyning A/S"? */
static bool foreign_houses(const struct reading *reading, size_t own)
{
    size_t houses[COUNT] = {0};
    for (size_t i = 0; i < reading->entities.count; i++) {
        const struct entity *entity = &reading->entities.items[i];
        bool house = entity->type == ENTITY_ORG && strcmp(entity->rule, "org.municipality") != 0;
        for (size_t j = 0; house && j < COUNT; j++) {
            if (*municipalities[j].name != *entity->value.at)
                continue;
            struct span name = span_of(municipalities[j].name);
            if (j != own && municipalities[j].code < 1000 && entity->value.size > name.size + 1 &&
                span_starts(entity->value, name) && entity->value.at[name.size] == ' ' && ++houses[j] > 1)
                return true;
        }
    }
    return false;
}

/* Does the house bear the name in front or at the end: "Vejen Forsyning A/S", "Ældre Sagen Aabenraa"? */
static bool bears(struct span house, struct span name)
{
    if (house.size < name.size + 2)
        return false;
    size_t last = house.size - name.size;
    return (span_starts(house, name) && house.at[name.size] == ' ') ||
           (house.at[last - 1] == ' ' && memcmp(house.at + last, name.at, name.size) == 0);
}

/* How many of the organisations, two at most, bear its name: clubs and works of the place that the minutes are from. */
static size_t houses_of(const struct reading *reading, const struct municipality *municipality)
{
    size_t houses = 0;
    for (size_t i = 0; i < reading->entities.count && houses < 2; i++) {
        const struct entity *entity = &reading->entities.items[i];
        houses += entity->type == ENTITY_ORG && strcmp(entity->rule, "org.municipality") != 0 &&
                  strcmp(entity->rule, "org.region") != 0 && bears(entity->value, span_of(municipality->name));
    }
    return houses;
}

/* "Fælles beredskab for A, B og C Kommune": a joint board is no municipality's. Its head names several, more than once
 * each: before the items and beside the members. */
static bool is_joint(const struct reading *reading, const size_t *counts, const size_t *firsts)
{
    size_t end = reading->items.count ? reading->lines.items[reading->items.items[0].first].start : 0, several = 0;
    for (size_t i = 0; i < COUNT; i++)
        several += counts[i] > 1 && firsts[i] < end && firsts[i] < 1500 && municipalities[i].code < 1000;
    return several > 2;
}

/* "Bestyrelsen for X I/S", "Nordsjællands Beredskab I/S": the board of a partnership. */
static bool is_company(const struct reading *reading)
{
    const struct text *text = &reading->body.text;
    struct span head = {text->at, text->size < 200 ? text->size : 200};
    return text_holds(reading->meeting->committee, "bestyrelsen for ") ||
           text_holds(reading->meeting->committee, "repræsentantskabet") || text_has(head, "I/S");
}

/* Does it open a line or a sentence: "Gribskov Kommune vil pege på"? Whose minutes it is acts in them; neighbours are
 * named by the way, "sammen med Rudersdal Kommune", or several at once. */
static bool acts(const struct reading *reading, const struct entity *entity)
{
    const char *at = reading->body.text.at + entity->start;
    bool opens = !entity->start || at[-1] == '\n' || (entity->start > 1 && at[-1] == ' ' && at[-2] == '.');
    return opens && !span_starts(reading_cut(reading, entity->end, reading->body.text.size), SPAN(" og "));
}

/* Where it stands; in the table of contents or a heading it is what an item is about, and counts as far down. */
static size_t place_of(const struct reading *reading, const struct entity *entity)
{
    size_t line = line_at(&reading->lines, entity->start);
    bool topic = reading->spots[line].contents || reading->spots[line].item != NO_ITEM;
    return topic && entity->start < HEAD_MOST ? HEAD_MOST : entity->start;
}

/* The regional council and no council of a town: a committee of a region, that names a town by the way. */
static bool is_regional(const struct reading *reading)
{
    const struct text *text = &reading->body.text;
    struct span window = {text->at, text->size > WINDOW_MOST ? WINDOW_MOST : text->size};
    return text_holds(window, "regionsråd") && !text_holds(window, "byråd") &&
           !text_holds(window, "kommunalbestyrelse");
}

struct span municipality_of(const struct reading *reading)
{
    size_t counts[COUNT] = {0}, firsts[COUNT] = {0}, deeds[COUNT] = {0}, towns = 0;
    const struct text *text = &reading->body.text;
    size_t window = text->size > WINDOW_MOST ? WINDOW_MOST : text->size;
    for (size_t i = 0; i < reading->entities.count; i++) {
        const struct entity *entity = &reading->entities.items[i];
        bool named = entity->type == ENTITY_ORG &&
                     (strcmp(entity->rule, "org.municipality") == 0 || strcmp(entity->rule, "org.region") == 0);
        const struct municipality *found = named ? municipality_find(entity->value) : NULL;
        if (!found)
            continue;
        size_t at = (size_t)(found - municipalities);
        if (!counts[at]++)
            firsts[at] = place_of(reading, entity);
        deeds[at] += acts(reading, entity);
        towns += found->code < 1000;
    }
    if (is_joint(reading, counts, firsts))
        return (struct span){0};
    size_t best = COUNT, top = 0, second = 0;
    struct span top_of_page = {text->at, text->size < 600 ? text->size : 600};
    bool house = text_holds(top_of_page, "Regionshus") || text_holds(top_of_page, "Regionsgård");
    bool region = house || text_holds(reading->meeting->committee, "regionsråd") ||
                  text_holds(reading->meeting->committee, "Regional");
    bool regional = region || (towns && is_regional(reading));
    for (size_t i = 0; i < COUNT; i++) {
        bool is_region = municipalities[i].code > 1000;
        /* a region that a municipality's minutes name in passing is not the one that met */
        if (!counts[i] || (is_region && !region && firsts[i] >= HEAD_MOST && (counts[i] < 3 || (towns && !regional))))
            continue;
        size_t score =
            counts[i] * 4 + stem_count((struct span){text->at, window}, municipalities[i].name) +
            (firsts[i] < HEAD_MOST ? 10 : 0) + (deeds[i] ? 1 : 0) +
            (is_region ? 0 : houses_of(reading, &municipalities[i]) * 4) +
            (municipalities[i].domain && stem_count((struct span){text->at, window}, municipalities[i].domain) ? 10
                                                                                                               : 0) +
            (is_region == region ? 1 : 0) * (region ? 20 : 0);
        if (score > top || (score == top && (best == COUNT || firsts[i] < firsts[best]))) {
            second = top;
            top = score;
            best = i;
        } else if (score > second) {
            second = score;
        }
    }
    if (best < COUNT && (house || (regional && !region)) && firsts[best] >= HEAD_MOST &&
        municipalities[best].code < 1000)
        best = COUNT;                                                     /* a town in a region's minutes */
    if (best < COUNT && firsts[best] >= HEAD_MOST && is_company(reading)) /* it belongs to several */
        best = COUNT;
    /* municipalities of before 2007 are in no register: the head of the minutes names them, and it goes before others
     */
    struct span head = {0};
    for (size_t i = 0; i < reading->entities.count && reading->entities.items[i].start < 80 && !head.size; i++) {
        const struct entity *entity = &reading->entities.items[i];
        if (entity->type == ENTITY_ORG && strcmp(entity->rule, "org.municipality") == 0)
            head = entity->value;
    }
    if (head.size && !municipality_find(head))
        return head;
    /* neighbours that are named once each, far down: none of them is the one that met */
    size_t once = 0;
    for (size_t i = 0; i < COUNT; i++)
        once += counts[i] == 1 && firsts[i] >= HEAD_MOST && municipalities[i].code < 1000;
    if (best < COUNT && once > 1 && counts[best] == 1 && firsts[best] >= HEAD_MOST && top <= 6 && second == top)
        return head;
    /* one mention far down is a neighbour's where the houses bear another municipality's name */
    if (best < COUNT && (counts[best] > 1 || firsts[best] < HEAD_MOST || top > 5 || !foreign_houses(reading, best)))
        return span_of(municipalities[best].full);
    return head;
}
