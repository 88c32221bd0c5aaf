/* mention: entities -> terms and facets. On the text thread. */
#include "mention.h"

#include "filter.h"
#include "normal.h"
#include "range.h"

void mention_begin(struct mention *mention)
{
    mention->member.size = mention->party.size = mention->kle.size = 0;
    mention->has_amount = false;
    mention->largest_ore = INT64_MIN;
}

static void facet_add(struct facet *facet, struct span value)
{
    size_t separator = facet->size > 0;
    if (value.size == 0 || value.size > FACET_MAX_BYTES || facet->size > FACET_MAX_BYTES - value.size - separator)
        return;
    if (separator)
        facet->at[facet->size++] = FACET_SEPARATOR;
    for (size_t i = 0; i < value.size; i++)
        facet->at[facet->size++] = (unsigned char)value.at[i] < 0x20 ? ' ' : value.at[i];
}

/* A boolean term of a value that is normal already. */
static enum fault put(struct mention *mention, enum schema_prefix prefix, struct span normal, bool *fresh)
{
    *fresh = false;
    if (normal.at == NULL)
        return arena_full(mention->err);
    if (normal.size == 0)
        return FAULT_NONE;
    struct span term = term_make(mention->arena, prefix, normal);
    if (term.at == NULL || !dictionary_term(mention->dictionary, term, fresh))
        return arena_full(mention->err);
    return FAULT_NONE;
}

/* The term of a value whose normal form is known. */
static enum fault put_known(struct mention *mention, struct familiar *known, bool *fresh)
{
    *fresh = false;
    if (known->normal.at == NULL)
        return arena_full(mention->err);
    if (known->normal.size == 0)
        return FAULT_NONE;
    if (known->term == 0) {
        struct span term = term_make(mention->arena, known->prefix, known->normal);
        known->term = term.at != NULL ? dictionary_number(mention->dictionary, term) : 0;
    }
    if (known->term == 0 || !dictionary_again(mention->dictionary, known->term, fresh))
        return arena_full(mention->err);
    return FAULT_NONE;
}

typedef struct span normal_function(struct arena *arena, struct span value);

/* What is known of a value, its normal form at least. NULL when the arena is full. */
static struct familiar *known_of(struct mention *mention, enum schema_prefix prefix, struct span value,
                                 normal_function *normal)
{
    struct familiar *known = familiar_of(&mention->familiars, mention->arena, prefix, value);
    if (known != NULL && known->normal.at == NULL)
        known->normal = normal(mention->arena, value);
    return known;
}

static enum fault put_range(struct mention *mention, const struct range_terms *range)
{
    for (size_t i = 0; i < range->count; i++)
        if (!dictionary_term(mention->dictionary, range->terms[i], NULL))
            return arena_full(mention->err);
    return FAULT_NONE;
}

static struct span normal_none(struct arena *arena, struct span value)
{
    (void)arena;
    return value;
}

static normal_function *normal_of(enum schema_prefix prefix)
{
    switch (prefix) {
    case PREFIX_MUNICIPALITY: return normal_municipality;
    case PREFIX_SOURCE:
    case PREFIX_OUTCOME:
    case PREFIX_TYPE: return normal_none;
    default: return normal_fold;
    }
}

enum fault mention_value(struct mention *mention, enum schema_prefix prefix, struct span value)
{
    bool fresh;
    if (value.size == 0)
        return FAULT_NONE;
    struct familiar *known = known_of(mention, prefix, value, normal_of(prefix));
    return known != NULL ? put_known(mention, known, &fresh) : arena_full(mention->err);
}

enum fault mention_party(struct mention *mention, struct span party)
{
    bool fresh;
    if (party.size == 0)
        return FAULT_NONE;
    struct familiar *known = known_of(mention, PREFIX_PARTY, party, normal_party);
    if (known == NULL)
        return arena_full(mention->err);
    TRY(put_known(mention, known, &fresh));
    if (fresh)
        facet_add(&mention->party, known->normal);
    return FAULT_NONE;
}

static enum fault put_name(struct mention *mention, struct span name)
{
    struct familiar *known = familiar_of(&mention->familiars, mention->arena, PREFIX_NAME, name);
    dictionary_gap(mention->dictionary);
    bool put = known != NULL &&
               (known->words.count > 0 ? dictionary_words_again(mention->dictionary, known->words)
                                       : dictionary_words(mention->dictionary, PREFIX_NAME, name, &known->words));
    return put ? FAULT_NONE : arena_full(mention->err);
}

static enum fault put_member(struct mention *mention, struct span name, struct span party, bool *fresh)
{
    *fresh = false;
    if (name.size == 0)
        return FAULT_NONE;
    struct familiar *known = known_of(mention, PREFIX_MEMBER, name, normal_fold);
    if (known == NULL)
        return arena_full(mention->err);
    TRY(put_known(mention, known, fresh));
    if (*fresh)
        facet_add(&mention->member, name);
    return mention_party(mention, party);
}

enum fault mention_person(struct mention *mention, struct span name, struct span party, bool official)
{
    bool fresh;
    if (!official)
        TRY(put_member(mention, name, party, &fresh));
    return put_name(mention, name);
}

enum fault mention_roster(struct mention *mention, struct span name, struct span party)
{
    bool fresh;
    TRY(put_member(mention, name, party, &fresh));
    return fresh ? put_name(mention, name) : FAULT_NONE;
}

/* "15.00.00.g01" and every prefix of it that ends at a point. False when the arena is full. */
static bool kle_terms(struct mention *mention, struct familiar *known)
{
    struct span whole = known->normal;
    size_t count = 1;
    for (size_t i = 1; i < whole.size; i++)
        count += whole.at[i] == '.';
    uint32_t *terms = arena_alloc(mention->arena, count * sizeof *terms);
    if (terms == NULL)
        return false;
    known->words = (struct dictionary_words){terms, count};
    for (size_t size = 1; size <= whole.size; size++) {
        if (size < whole.size && whole.at[size] != '.')
            continue;
        struct span term = term_make(mention->arena, PREFIX_KLE, span_cut(whole, 0, size));
        *terms = term.at != NULL ? dictionary_number(mention->dictionary, term) : 0;
        if (*terms++ == 0)
            return false;
    }
    return true;
}

/* The size of its first part. */
static size_t main_group(struct span kle)
{
    const char *point = memchr(kle.at, '.', kle.size);
    return point != NULL ? (size_t)(point - kle.at) : kle.size;
}

enum fault mention_kle(struct mention *mention, struct span number)
{
    if (number.size == 0)
        return FAULT_NONE;
    struct familiar *known = known_of(mention, PREFIX_KLE, number, normal_kle);
    if (known == NULL || known->normal.at == NULL)
        return arena_full(mention->err);
    struct span whole = known->normal;
    if (whole.size == 0)
        return FAULT_NONE;
    if (known->words.count == 0 && !kle_terms(mention, known))
        return arena_full(mention->err);
    for (size_t i = 0; i < known->words.count; i++) {
        bool fresh;
        if (!dictionary_again(mention->dictionary, known->words.terms[i], &fresh))
            return arena_full(mention->err);
        if (fresh && i == 0 && main_group(whole) == 2)
            facet_add(&mention->kle, span_cut(whole, 0, 2));
    }
    return FAULT_NONE;
}

/* "0-8-0-3-0-0": letter-spaced by typewriter or OCR. */
static bool is_spaced(struct span form)
{
    size_t single = 0;
    for (size_t i = 0; i < form.size; i++)
        single += (i == 0 || form.at[i - 1] == '-') && (i + 1 == form.size || form.at[i + 1] == '-');
    return single > 3;
}

enum fault mention_case(struct mention *mention, struct span surface, struct span value, struct span *form)
{
    bool fresh;
    struct familiar *known = known_of(mention, PREFIX_CASE, value, normal_case);
    struct familiar *written = surface.size > 0 ? known_of(mention, PREFIX_CASE, surface, normal_case) : known;
    if (known == NULL || written == NULL)
        return arena_full(mention->err);
    TRY(put_known(mention, known, &fresh));
    TRY(put_known(mention, written, &fresh));
    struct span from_value = known->normal, from_surface = written->normal;
    *form = from_surface.size > 0 && !is_spaced(from_surface) ? from_surface : from_value;
    /* a case number may begin with its subject: 15.00.00-G01-87-19 */
    return value.size >= 8 && value.at[2] == '.' && value.at[5] == '.' ? mention_kle(mention, value) : FAULT_NONE;
}

/* The act, the act with its paragraph, the whole reference. */
static enum fault mention_law(struct mention *mention, struct span value)
{
    bool fresh;
    struct span paragraph = SPAN("§ ");
    struct span whole = normal_law(mention->arena, value);
    TRY(put(mention, PREFIX_LAW, whole, &fresh));
    for (size_t i = 1; i + paragraph.size < whole.size; i++) {
        if (!span_starts(span_cut(whole, i, whole.size), paragraph))
            continue;
        size_t end = i + paragraph.size;
        while (end < whole.size && whole.at[end] != ' ')
            end++;
        TRY(put(mention, PREFIX_LAW, span_cut(whole, 0, i - 1), &fresh));
        return put(mention, PREFIX_LAW, span_cut(whole, 0, end), &fresh);
    }
    return FAULT_NONE;
}

static enum fault put_point(struct mention *mention, const struct range_point *point)
{
    return dictionary_point(mention->dictionary, point) ? FAULT_NONE : arena_full(mention->err);
}

static enum fault mention_amount(struct mention *mention, const struct entity *entity)
{
    struct range_point point;
    struct range_terms range;
    int64_t larger = entity->low_ore > entity->high_ore ? entity->low_ore : entity->high_ore;
    if (!mention->has_amount || larger > mention->largest_ore)
        mention->largest_ore = larger;
    mention->has_amount = true;
    if (entity->low_ore == entity->high_ore) {
        range_amount_point(entity->low_ore, &point);
        return put_point(mention, &point);
    }
    range_amount_terms(entity->low_ore, entity->high_ore, &range);
    return put_range(mention, &range);
}

static enum fault mention_day(struct mention *mention, struct day day)
{
    struct range_point point;
    return range_day_point(day, &point) ? put_point(mention, &point) : FAULT_NONE;
}

enum fault mention_entity(struct mention *mention, struct span body, const struct entity *entity)
{
    struct span form;
    switch (entity->type) {
    case ENTITY_MEMBER: return mention_person(mention, entity->value, entity->party, false);
    case ENTITY_OFFICIAL: return mention_person(mention, entity->value, entity->party, true);
    case ENTITY_CASE: return mention_case(mention, span_cut(body, entity->start, entity->end), entity->value, &form);
    case ENTITY_KLE: return mention_kle(mention, entity->value);
    case ENTITY_AMOUNT: return mention_amount(mention, entity);
    case ENTITY_DATE: return mention_day(mention, entity->day);
    case ENTITY_LAW: return mention_law(mention, entity->value);
    case ENTITY_ORG: return mention_value(mention, PREFIX_ORG, entity->value);
    case ENTITY_DOCUMENT:
    case ENTITY_ITEM: break; /* found as words of the text; a heading is the title */
    }
    return FAULT_NONE;
}
