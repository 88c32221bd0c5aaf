/* names: terms of a prefix -> a list in memory. On a search thread. */
#include "names.h"

#include "clock.h"

#include <stdlib.h>

enum {
    NAMES_MAX = 500000,   /* of one kind; the country has a tenth as many members */
    IDLE_TIMES = 1000,    /* a list lives so many times as long as making it took, */
    IDLE_MAX_US = 2000000 /* but no longer */
};

struct name {
    uint32_t at; /* in `bytes` */
    uint32_t size;
    uint64_t documents;
};

struct list {
    enum schema_prefix prefix;
    bool made, moved, trusted;
    int64_t made_us, took_us;
    char *bytes;
    size_t bytes_used, bytes_room;
    struct name *names;
    uint32_t *letters; /* of each name, apart: it is what all are told by */
    size_t count, room;
    bool full;
};

struct names {
    struct list lists[SCHEMA_PREFIX_COUNT];
};

struct names *names_new(void)
{
    return calloc(1, sizeof(struct names));
}

static void list_clear(struct list *list)
{
    free(list->bytes);
    free(list->names);
    free(list->letters);
    *list = (struct list){.prefix = list->prefix};
}

void names_trust(struct names *names)
{
    for (size_t i = 0; i < SCHEMA_PREFIX_COUNT; i++)
        names->lists[i].trusted = names->lists[i].made;
}

void names_forget(struct names *names)
{
    for (size_t i = 0; i < SCHEMA_PREFIX_COUNT; i++)
        if (names->lists[i].made && !names->lists[i].trusted)
            list_clear(&names->lists[i]);
}

void names_free(struct names **names)
{
    if (names == NULL || *names == NULL)
        return;
    for (size_t i = 0; i < SCHEMA_PREFIX_COUNT; i++)
        list_clear(&(*names)->lists[i]);
    free(*names);
    *names = NULL;
}

void names_moved(struct names *names)
{
    for (size_t i = 0; i < SCHEMA_PREFIX_COUNT; i++)
        names->lists[i].moved = true;
}

uint32_t names_letters(struct span folded)
{
    uint32_t set = 0;
    for (size_t i = 0; i < folded.size; i++) {
        unsigned char byte = (unsigned char)folded.at[i];
        bool counts = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
        set |= counts ? 1U << (byte % 32) : 0;
    }
    return set;
}

/* ---- making a list */

/* Room for one more; false without memory. */
static bool list_room(struct list *list, size_t bytes)
{
    if (list->bytes_room - list->bytes_used < bytes) {
        size_t room = 2 * list->bytes_room + bytes + 4096;
        char *moved = realloc(list->bytes, room);
        if (moved == NULL)
            return false;
        list->bytes = moved;
        list->bytes_room = room;
    }
    if (list->count < list->room)
        return true;
    size_t room = 2 * list->room + 256;
    struct name *names = realloc(list->names, room * sizeof *names);
    if (names == NULL)
        return false;
    list->names = names;
    uint32_t *letters = realloc(list->letters, room * sizeof *letters);
    if (letters == NULL)
        return false;
    list->letters = letters;
    list->room = room;
    return true;
}

static bool name_take(void *self, struct span term, uint64_t documents)
{
    struct list *list = self;
    struct span name = span_cut(term, schema_prefix(list->prefix).size, term.size);
    if (list->count == NAMES_MAX)
        return false;
    list->full = !list_room(list, name.size);
    if (list->full)
        return false;
    if (name.size > 0)
        memcpy(list->bytes + list->bytes_used, name.at, name.size);
    list->letters[list->count] = names_letters(name);
    list->names[list->count++] = (struct name){(uint32_t)list->bytes_used, (uint32_t)name.size, documents};
    list->bytes_used += name.size;
    return true;
}

static enum fault list_make(struct list *list, struct database *database, struct error *err)
{
    int64_t now = clock_steady_us();
    int64_t lives_us = IDLE_TIMES * list->took_us < IDLE_MAX_US ? IDLE_TIMES * list->took_us : IDLE_MAX_US;
    if (list->made && (!list->moved || now - list->made_us < lives_us))
        return FAULT_NONE;
    list->count = list->bytes_used = 0;
    list->made = list->full = list->trusted = false;
    TRY(database_visit(database, schema_prefix(list->prefix), name_take, list, err));
    if (list->full) {
        list_clear(list);
        return error_set(err, FAULT_REOPEN, "memory", "out of memory for a list of names");
    }
    list->made = true;
    list->moved = false;
    list->made_us = clock_steady_us();
    list->took_us = list->made_us - now;
    return FAULT_NONE;
}

/* ---- looking through it */

enum fault names_visit(struct names *names, struct database *database, enum schema_prefix prefix, uint32_t letters,
                       int missing_max, bool (*visit)(void *self, struct span name, uint64_t documents), void *self,
                       struct error *err)
{
    struct list *list = &names->lists[prefix];
    list->prefix = prefix;
    TRY(list_make(list, database, err));
    for (size_t i = 0; i < list->count; i++) {
        uint32_t missing = letters & ~list->letters[i];
        if (missing != 0 && __builtin_popcount(missing) > missing_max)
            continue;
        const struct name *name = &list->names[i];
        if (!visit(self, (struct span){list->bytes + name->at, name->size}, name->documents))
            break;
    }
    return FAULT_NONE;
}

/* They came in order of bytes. */
enum fault names_has(struct names *names, struct database *database, enum schema_prefix prefix, struct span name,
                     bool *has, struct error *err)
{
    struct list *list = &names->lists[prefix];
    size_t low = 0, high;
    *has = false;
    list->prefix = prefix;
    TRY(list_make(list, database, err));
    for (high = list->count; low < high && !*has;) {
        size_t middle = (low + high) / 2;
        struct span there = {list->bytes + list->names[middle].at, list->names[middle].size};
        int order = span_compare(there, name);
        *has = order == 0;
        low = order < 0 ? middle + 1 : low;
        high = order > 0 ? middle : high;
    }
    return FAULT_NONE;
}
