/* plan: shape and lists -> parts. On a search thread. */
#include "plan.h"

#include "weight.h"

#include <stdlib.h>

enum {
    NOW_MAX = 4096,    /* postings that a search decodes without having been asked before: some 0.2 ms; */
    NOW_SHARE = 4,     /* or this part of those that it needs: Xapian would take longer for all of them */
    ONCE_MAX = 200000, /* and that any search decodes, but for a list that is longer by itself */
    LONGEST_SHARE = 8, /* no list takes more than this part of the store */
    POSTING_BYTES = 5
};

/* ---------------------------------------------------------------- lists */

static struct store_key key_of(const struct plan *plan, size_t segment, uint32_t term)
{
    return (struct store_key){&plan->segments[segment], plan->terms.terms[term], plan->terms.weighted[term]};
}

/* Terms that only tell kinds have no list. */
static bool needs_list(const struct shape *shape, uint32_t term)
{
    if (shape->kind == SHAPE_LIST)
        return shape->term == term;
    for (const struct shape *one = shape->first; one != NULL; one = one->next)
        if (needs_list(one, term))
            return true;
    return false;
}

static enum fault postings_read(struct plan *plan, const struct store_key *key, size_t segment,
                                struct list_posting *postings, uint32_t room, uint32_t *count)
{
    TRY(segment_postings(plan->database, segment, key->term, key->weighted ? LIST_COUNTS : LIST_DOCUMENTS, 0, postings,
                         room, count, plan->err));
    return key->weighted ? lengths_fill(store_lengths(plan->store), plan->database, segment, key->segment, postings,
                                        *count, plan->err)
                         : FAULT_NONE;
}

static enum fault list_read(struct plan *plan, size_t segment, uint32_t term, uint32_t frequency, struct kept **out)
{
    struct store_key key = key_of(plan, segment, term);
    struct list_posting *postings = malloc((frequency + (size_t)1) * sizeof *postings);
    uint32_t count = 0;
    if (postings == NULL)
        return FAULT_NONE;
    enum fault fault = frequency > 0 ? postings_read(plan, &key, segment, postings, frequency, &count) : FAULT_NONE;
    struct list *list = fault == FAULT_NONE ? list_new(postings, count, key.weighted, plan->scale) : NULL;
    free(postings);
    *out = list != NULL ? store_keep(plan->store, &key, list) : NULL;
    return fault;
}

/* Lists that the store has not. */
struct missing {
    struct missing_list {
        size_t segment;
        uint32_t term, frequency;
    } * lists;
    size_t count;
    uint64_t postings;
};

static enum fault missing_find(struct plan *plan, const bool *needed, struct missing *out)
{
    uint32_t terms = plan->terms.count;
    out->lists = arena_zero(plan->arena, plan->segment_count * terms + 1, sizeof *out->lists);
    if (out->lists == NULL)
        return arena_full(plan->err);
    for (size_t i = 0; i < plan->segment_count * terms; i++) {
        struct missing_list list = {i / terms, (uint32_t)(i % terms), 0};
        if (plan->kept[i] != NULL || !needed[list.term])
            continue;
        TRY(segment_frequency(plan->database, list.segment, plan->terms.terms[list.term], &list.frequency, plan->err));
        out->lists[out->count++] = list;
        out->postings += list.frequency;
    }
    return FAULT_NONE;
}

/* Postings that are there already. */
static uint64_t postings_kept(const struct plan *plan)
{
    uint64_t postings = 0;
    for (size_t i = 0; i < plan->segment_count * plan->terms.count; i++)
        postings += plan->kept[i] != NULL ? kept_list(plan->kept[i])->count : 0;
    return postings;
}

/* May they be decoded now? Either they are few, or all were asked for before. From now on they were. */
static bool missing_wanted(struct plan *plan, const struct missing *missing)
{
    bool asked = true, fit = true;
    for (size_t i = 0; i < missing->count; i++)
        fit = fit && (size_t)missing->lists[i].frequency * POSTING_BYTES < store_bound(plan->store) / LONGEST_SHARE;
    if (!fit || missing->postings <= NOW_MAX || missing->postings < postings_kept(plan) / NOW_SHARE)
        return fit;
    for (size_t i = 0; i < missing->count; i++) {
        struct store_key key = key_of(plan, missing->lists[i].segment, missing->lists[i].term);
        asked = store_asked(plan->store, &key) && asked;
    }
    return asked;
}

/* *ours is false where something is still missing: then Xapian looks once more. */
static enum fault missing_read(struct plan *plan, const struct missing *missing, bool *ours)
{
    uint64_t read = 0;
    *ours = missing_wanted(plan, missing);
    for (size_t i = 0; i < missing->count && *ours; i++) {
        const struct missing_list *list = &missing->lists[i];
        struct kept **kept = &plan->kept[list->segment * plan->terms.count + list->term];
        *ours = read == 0 || read + list->frequency <= ONCE_MAX;
        if (*ours)
            TRY(list_read(plan, list->segment, list->term, list->frequency, kept));
        *ours = *ours && *kept != NULL;
        read += list->frequency;
    }
    return FAULT_NONE;
}

static enum fault lists_take(struct plan *plan, bool *ours)
{
    uint32_t terms = plan->terms.count;
    struct missing missing = {0};
    plan->kept = arena_zero(plan->arena, plan->segment_count * terms + 1, sizeof(struct kept *));
    struct store_key *keys = arena_zero(plan->arena, plan->segment_count * terms + 1, sizeof *keys);
    bool *needed = arena_zero(plan->arena, terms + (size_t)1, sizeof *needed);
    if (plan->kept == NULL || keys == NULL || needed == NULL)
        return arena_full(plan->err);
    for (uint32_t term = 0; term < terms; term++)
        needed[term] = needs_list(plan->shape, term);
    for (size_t i = 0; i < plan->segment_count * terms; i++)
        keys[i] = key_of(plan, i / terms, (uint32_t)(i % terms));
    store_take(plan->store, keys, plan->segment_count * terms, plan->kept);
    TRY(missing_find(plan, needed, &missing));
    return missing_read(plan, &missing, ours);
}

static const struct list *list_of(const struct plan *plan, size_t segment, uint32_t term)
{
    return kept_list(plan->kept[segment * plan->terms.count + term]);
}

/* ---------------------------------------------------------------- lists that weigh as one */

/* The key is made of the keys of its terms; no term begins with NUL. */
static enum fault group_add(struct plan *plan, struct shape *shape)
{
    size_t size = 0;
    for (const struct shape *one = shape->first; one != NULL; one = one->next)
        size += 1 + plan->terms.terms[one->term].size;
    char *key = arena_zero(plan->arena, size, 1), *to = key;
    struct group *group = LIST_PUSH(plan->arena, &plan->groups);
    if (key == NULL || group == NULL)
        return arena_full(plan->err);
    for (const struct shape *one = shape->first; one != NULL; one = one->next) {
        struct span term = plan->terms.terms[one->term];
        memcpy(to + 1, term.at, term.size);
        to += 1 + term.size;
    }
    *group = (struct group){shape, {key, size}};
    shape->term = (uint32_t)plan->groups.count - 1;
    return FAULT_NONE;
}

static enum fault groups_find(struct plan *plan, struct shape *shape)
{
    if (shape->kind == SHAPE_SAME)
        return group_add(plan, shape);
    for (struct shape *one = shape->first; one != NULL; one = one->next)
        TRY(groups_find(plan, one));
    return FAULT_NONE;
}

/* False without memory. */
static bool union_make(struct plan *plan, size_t segment, const struct group *group, struct kept **out)
{
    struct store_key key = {&plan->segments[segment], group->key, true};
    const struct list *lists[SHAPE_TERMS_MAX];
    size_t count = 0;
    for (const struct shape *one = group->shape->first; one != NULL && count < SHAPE_TERMS_MAX; one = one->next)
        lists[count++] = list_of(plan, segment, one->term);
    struct list *list = list_union(lists, count, plan->scale);
    *out = list != NULL ? store_keep(plan->store, &key, list) : NULL;
    return *out != NULL;
}

static enum fault unions_take(struct plan *plan, struct shape *shape, bool *ours)
{
    TRY(groups_find(plan, shape));
    size_t groups = plan->groups.count, count = plan->segment_count * groups;
    plan->unions = arena_zero(plan->arena, count + 1, sizeof(struct kept *));
    struct store_key *keys = arena_zero(plan->arena, count + 1, sizeof *keys);
    if (plan->unions == NULL || keys == NULL)
        return arena_full(plan->err);
    for (size_t i = 0; i < count; i++)
        keys[i] = (struct store_key){&plan->segments[i / groups], plan->groups.items[i % groups].key, true};
    store_take(plan->store, keys, count, plan->unions);
    for (size_t i = 0; i < count && *ours; i++)
        *ours =
            plan->unions[i] != NULL || union_make(plan, i / groups, &plan->groups.items[i % groups], &plan->unions[i]);
    return FAULT_NONE;
}

static enum fault frequencies_add(struct plan *plan)
{
    plan->frequencies = arena_zero(plan->arena, plan->terms.count + (size_t)1, sizeof *plan->frequencies);
    if (plan->frequencies == NULL)
        return arena_full(plan->err);
    for (size_t segment = 0; segment < plan->segment_count; segment++)
        for (uint32_t term = 0; term < plan->terms.count; term++)
            if (plan->kept[segment * plan->terms.count + term] != NULL)
                plan->frequencies[term] += list_of(plan, segment, term)->count;
    return FAULT_NONE;
}

static void rarest_first(struct shape *shape)
{
    struct shape *sorted = NULL;
    for (struct shape *one = shape->first, *next; one != NULL; one = next) {
        struct shape **at = &sorted;
        next = one->next;
        while (*at != NULL && (*at)->documents <= one->documents)
            at = &(*at)->next;
        one->next = *at;
        *at = one;
    }
    shape->first = sorted;
}

/* Of what must all match, the rarest comes first: it says where the others need to be looked at. The order is the same
 * in all databases and windows, for sums are rounded, and documents that are alike must weigh the same. */
static uint64_t shape_order(const struct plan *plan, struct shape *shape)
{
    uint64_t sum = 0, least = UINT64_MAX;
    for (struct shape *one = shape->first; one != NULL; one = one->next) {
        uint64_t documents = shape_order(plan, one);
        sum += documents;
        least = documents < least ? documents : least;
    }
    switch (shape->kind) {
    case SHAPE_LIST: shape->documents = plan->frequencies[shape->term]; break;
    case SHAPE_ALL: rarest_first(shape), shape->documents = least; break;
    case SHAPE_WITHOUT:
    case SHAPE_MAYBE: shape->documents = shape->first->documents; break;
    default: shape->documents = sum; break;
    }
    return shape->documents;
}

/* ---------------------------------------------------------------- parts */

static enum fault same_weight(const struct plan *plan, size_t segment, const struct shape *shape, double *weight)
{
    size_t count = 0;
    for (const struct shape *one = shape->first; one != NULL; one = one->next)
        count++;
    struct guess *guesses = arena_zero(plan->arena, count, sizeof *guesses);
    if (guesses == NULL)
        return arena_full(plan->err);
    count = 0;
    for (const struct shape *one = shape->first; one != NULL; one = one->next)
        guesses[count++] =
            (struct guess){list_of(plan, segment, one->term)->count, (double)plan->frequencies[one->term]};
    double here = (double)plan->segments[segment].documents, all = (double)plan->documents;
    *weight = weight_most(all, guess_any(guesses, count, here, all), shape->factor, plan->scale.k1);
    return FAULT_NONE;
}

/* What a document gets of the weight, and what the list can weigh at most. */
static void list_give(const struct plan *plan, struct part *part, const struct list *list, double weight)
{
    const double safe = 1 + 1e-9; /* sums are rounded */
    part->kind = SHAPE_LIST;
    part->list = list;
    part->weight = weight;
    part->reach = weight * list_stretch(list, &plan->scale) * safe;
}

static enum fault part_make(const struct plan *plan, size_t segment, const struct shape *shape, struct part **out)
{
    struct part *part = *out = arena_zero(plan->arena, 1, sizeof *part);
    double weight = 0;
    if (part == NULL)
        return arena_full(plan->err);
    part->kind = shape->kind;
    part->weight = shape->factor;
    switch (shape->kind) {
    case SHAPE_LIST:
        if (shape->factor > 0)
            weight = weight_most((double)plan->documents, (double)plan->frequencies[shape->term], shape->factor,
                                 plan->scale.k1);
        list_give(plan, part, list_of(plan, segment, shape->term), weight);
        return FAULT_NONE;
    case SHAPE_SAME:
        TRY(same_weight(plan, segment, shape, &weight));
        list_give(plan, part, kept_list(plan->unions[segment * plan->groups.count + shape->term]), weight);
        return FAULT_NONE;
    case SHAPE_KIND:
        return segment_kind(plan->database, segment, plan->search->kinds, plan->terms.terms[shape->term], &part->words,
                            &part->word_count, plan->err);
    default: break;
    }
    struct part **end = &part->first;
    for (const struct shape *one = shape->first; one != NULL; one = one->next) {
        TRY(part_make(plan, segment, one, end));
        bool none = shape->kind == SHAPE_ANY && (*end)->kind == SHAPE_LIST && (*end)->list->count == 0;
        if (none)
            *end = NULL;
        else
            end = &(*end)->next;
    }
    if (shape->kind == SHAPE_ANY && part->first != NULL && part->first->next == NULL && part->first->kind == SHAPE_LIST)
        *out = part->first;
    return FAULT_NONE;
}

static enum fault parts_make(struct plan *plan)
{
    plan->roots = arena_zero(plan->arena, plan->segment_count + 1, sizeof(struct part *));
    if (plan->roots == NULL)
        return arena_full(plan->err);
    for (size_t segment = 0; segment < plan->segment_count; segment++)
        if (plan->segments[segment].documents > 0)
            TRY(part_make(plan, segment, plan->shape, &plan->roots[segment]));
    return FAULT_NONE;
}

enum fault plan_make(struct plan *plan, bool *ours)
{
    struct shape *shape;
    uint64_t length = 0;
    *ours = false;
    TRY(shape_read(plan->arena, plan->search, &plan->terms, &shape, plan->err));
    if ((plan->shape = shape) == NULL)
        return FAULT_NONE;
    TRY(database_segments(plan->database, plan->search->kinds, plan->arena, &plan->segments, &plan->segment_count,
                          plan->err));
    for (size_t i = 0; i < plan->segment_count; i++) {
        plan->documents += plan->segments[i].documents;
        length += plan->segments[i].length;
    }
    if (plan->documents == 0 || length == 0)
        return FAULT_NONE;
    plan->scale = (struct scale){plan->search->k1, plan->search->b, (double)length / (double)plan->documents};
    *ours = true;
    TRY(lists_take(plan, ours));
    if (*ours)
        TRY(unions_take(plan, shape, ours));
    if (!*ours)
        return FAULT_NONE;
    TRY(frequencies_add(plan));
    shape_order(plan, shape);
    return parts_make(plan);
}

void plan_done(struct plan *plan)
{
    if (plan->kept != NULL)
        store_return(plan->store, plan->kept, plan->segment_count * plan->terms.count);
    if (plan->unions != NULL)
        store_return(plan->store, plan->unions, plan->segment_count * plan->groups.count);
    plan->kept = plan->unions = NULL;
}
