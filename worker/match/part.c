/* part: the lists of a database, moved forward window by window. Pure. */
#include "part.h"

/* ---------------------------------------------------------------- the next document */

static uint32_t any_next(const struct part *part, uint32_t from)
{
    uint32_t least = PART_NONE;
    for (struct part *one = part->first; one != NULL; one = one->next) {
        uint32_t next = part_next(one, from);
        least = next < least ? next : least;
    }
    return least;
}

static uint32_t all_next(const struct part *part, uint32_t from)
{
    for (struct part *one = part->first; one != NULL; one = one->next)
        from = part_next(one, from);
    return from;
}

uint32_t part_next(struct part *part, uint32_t from)
{
    if (from == PART_NONE)
        return PART_NONE;
    switch (part->kind) {
    case SHAPE_LIST:
        list_seek(part->list, &part->place, from);
        return list_ended(part->list, &part->place) ? (uint32_t)PART_NONE : list_docid(part->list, &part->place);
    case SHAPE_ANY: return any_next(part, from);
    case SHAPE_ALL: return all_next(part, from);
    case SHAPE_WITHOUT:
    case SHAPE_MAYBE: return part_next(part->first, from);
    case SHAPE_SAME: /* a list by now */
    case SHAPE_KIND: break;
    }
    return from;
}

/* ---------------------------------------------------------------- the window */

static void list_window(struct part *part, uint32_t begin, uint32_t end)
{
    const struct list *list = part->list;
    float most = 0;
    list_seek(list, &part->place, begin);
    for (uint32_t block = part->place.block; list->blocks[block].first < end; block++)
        most = list->blocks[block].most > most ? list->blocks[block].most : most;
    struct list_place place = part->place;
    list_seek(list, &place, end);
    part->end = place.at;
    part->likely = part->end - part->place.at;
    part->here = part->likely > 0;
    part->most = part->here ? (double)most * part->reach : 0;
}

static void any_window(struct part *part, uint32_t begin, uint32_t end)
{
    uint64_t likely = 0;
    part->most = 0;
    part->here = false;
    for (struct part *one = part->first; one != NULL; one = one->next) {
        part_window(one, begin, end);
        part->here = part->here || one->here;
        part->most += one->here ? one->most : 0;
        likely += one->here ? one->likely : 0;
    }
    part->likely = likely < end - begin ? (uint32_t)likely : end - begin;
}

static void all_window(struct part *part, uint32_t begin, uint32_t end)
{
    part->most = part->weight;
    part->here = true;
    part->likely = end - begin;
    for (struct part *one = part->first; one != NULL && part->here; one = one->next) {
        part_window(one, begin, end);
        part->here = one->here;
        part->most += one->most;
        part->likely = one->likely < part->likely ? one->likely : part->likely;
    }
}

static void pair_window(struct part *part, uint32_t begin, uint32_t end)
{
    struct part *left = part->first, *right = left->next;
    part_window(left, begin, end);
    part->here = left->here;
    part->most = left->most;
    part->likely = left->likely;
    if (!left->here)
        return;
    part_window(right, begin, end);
    part->most += right->here ? right->most : 0;
}

void part_window(struct part *part, uint32_t begin, uint32_t end)
{
    switch (part->kind) {
    case SHAPE_LIST: list_window(part, begin, end); break;
    case SHAPE_SAME: break; /* a list by now */
    case SHAPE_ANY: any_window(part, begin, end); break;
    case SHAPE_ALL: all_window(part, begin, end); break;
    case SHAPE_WITHOUT:
    case SHAPE_MAYBE: pair_window(part, begin, end); break;
    case SHAPE_KIND:
        part->here = true;
        part->most = part->weight;
        part->likely = end - begin;
        break;
    }
}

/* ---------------------------------------------------------------- counting */

bool part_count(const struct part *part, uint64_t *count)
{
    if (part->kind == SHAPE_LIST) {
        *count = part->list->count;
        return true;
    }
    if (part->kind == SHAPE_MAYBE)
        return part_count(part->first, count);
    if (part->kind != SHAPE_ANY)
        return false;
    size_t filled = 0;
    *count = 0;
    for (const struct part *one = part->first; one != NULL; one = one->next) {
        uint64_t here;
        if (!part_count(one, &here))
            return false;
        filled += here > 0;
        *count += here;
    }
    return filled <= 1;
}
