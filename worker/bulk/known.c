/* known: numbers of the makers of documents -> numbers of the lexicon. Owned by one builder. */
#include "known.h"

#include <stdlib.h>

enum {
    NUMBERS_MAX = 1 << 20, /* 12 MB a map */
    NUMBERS_MIN = 1 << 12,
    STALE_DOCUMENTS = 1024 /* a map that so many did not use goes to another numbering */
};

void known_clear(struct known *known)
{
    for (size_t i = 0; i < KNOWN_MAPS; i++)
        known->maps[i].numbering = 0;
    known->documents = 0;
}

void known_done(struct known *known)
{
    for (size_t i = 0; i < KNOWN_MAPS; i++)
        free(known->maps[i].terms);
    *known = (struct known){.most_bytes = known->most_bytes};
}

bool known_settle(struct known *known, struct lexicon *lexicon)
{
    struct lexicon_count *counts = calloc((size_t)lexicon->count + 1, sizeof *counts);
    if (counts == NULL)
        return false;
    for (size_t i = 0; i < KNOWN_MAPS; i++) {
        struct known_map *map = &known->maps[i];
        for (size_t n = 0; n < map->room && map->numbering != 0; n++) {
            struct known_term *term = &map->terms[n];
            if (term->number == 0)
                continue;
            counts[term->number - 1].count += term->since.count;
            counts[term->number - 1].wdf += term->since.wdf;
            term->since = (struct lexicon_count){0};
        }
    }
    lexicon_add(lexicon, counts);
    free(counts);
    return true;
}

size_t known_bytes(const struct known *known)
{
    size_t bytes = 0;
    for (size_t i = 0; i < KNOWN_MAPS; i++)
        bytes += known->maps[i].room * sizeof(struct known_term);
    return bytes;
}

/* The map of a numbering, or one that nobody needs, or NULL. */
static struct known_map *map_find(struct known *known, uint64_t numbering)
{
    struct known_map *spare = NULL;
    for (size_t i = 0; i < KNOWN_MAPS; i++) {
        struct known_map *map = &known->maps[i];
        if (map->numbering == numbering)
            return map;
        bool stale = map->numbering == 0 || known->documents - map->used > STALE_DOCUMENTS;
        if (stale && (spare == NULL || spare->numbering != 0))
            spare = map;
    }
    return spare;
}

static bool map_grow(const struct known *known, struct known_map *map, size_t most)
{
    size_t room = map->room > 0 ? map->room : NUMBERS_MIN;
    while (room <= most)
        room *= 2;
    if (room == map->room)
        return true;
    if (room - map->room > (known->most_bytes - known_bytes(known)) / sizeof *map->terms)
        return false;
    struct known_term *terms = realloc(map->terms, room * sizeof *terms);
    if (terms == NULL)
        return false;
    memset(terms + map->room, 0, (room - map->room) * sizeof *terms);
    map->terms = terms;
    map->room = room;
    return true;
}

static uint32_t number_most(const struct index_document *document)
{
    uint32_t most = 0;
    for (size_t i = 0; i < document->posting_count; i++)
        most = document->numbers[i] > most ? document->numbers[i] : most;
    return most;
}

struct known_map *known_of(struct known *known, struct lexicon *lexicon, const struct index_document *document)
{
    known->documents++;
    if (document->numbers == NULL || document->numbering == 0)
        return NULL;
    struct known_map *map = map_find(known, document->numbering);
    uint32_t most = number_most(document);
    if (map == NULL || most >= NUMBERS_MAX)
        return NULL;
    bool other = map->numbering != document->numbering;
    if (other && map->numbering != 0 && !known_settle(known, lexicon))
        return NULL;
    if (other)
        map->numbering = 0;
    if (!map_grow(known, map, most))
        return NULL;
    if (other)
        memset(map->terms, 0, map->room * sizeof *map->terms);
    map->numbering = document->numbering;
    map->used = known->documents;
    return map;
}
