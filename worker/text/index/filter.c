/* filter: what a user types -> boolean terms. Pure; used by the query side and by term.c. */
#include "filter.h"

#include "digits.h"
#include "normal.h"

#include <inttypes.h>
#include <stdio.h>
#include <strings.h>
#include <xxhash.h>

static const struct {
    const char *name;
    enum filter filter;
} filter_names[] = {
    {"member", FILTER_MEMBER},
    {"medlem", FILTER_MEMBER},
    {"case", FILTER_CASE},
    {"sag", FILTER_CASE},
    {"sagsnr", FILTER_CASE},
    {"committee", FILTER_COMMITTEE},
    {"udvalg", FILTER_COMMITTEE},
    {"municipality", FILTER_MUNICIPALITY},
    {"kommune", FILTER_MUNICIPALITY},
    {"party", FILTER_PARTY},
    {"parti", FILTER_PARTY},
    {"outcome", FILTER_OUTCOME},
    {"udfald", FILTER_OUTCOME},
    {"kle", FILTER_KLE},
    {"emne", FILTER_KLE},
    {"law", FILTER_LAW},
    {"lov", FILTER_LAW},
    {"org", FILTER_ORG},
    {"organisation", FILTER_ORG},
    {"source", FILTER_SOURCE},
    {"kilde", FILTER_SOURCE},
    {"document", FILTER_DOCUMENT},
    {"dokument", FILTER_DOCUMENT},
    {"id", FILTER_DOCUMENT},
    {"type", FILTER_TYPE},
};

bool filter_parse(struct span name, enum filter *filter)
{
    for (size_t i = 0; i < sizeof filter_names / sizeof *filter_names; i++) {
        if (strlen(filter_names[i].name) == name.size && strncasecmp(filter_names[i].name, name.at, name.size) == 0) {
            *filter = filter_names[i].filter;
            return true;
        }
    }
    return false;
}

enum schema_prefix filter_prefix(enum filter filter)
{
    static const enum schema_prefix prefixes[FILTER_COUNT] = {[FILTER_MEMBER] = PREFIX_MEMBER,
                                                              [FILTER_CASE] = PREFIX_CASE,
                                                              [FILTER_COMMITTEE] = PREFIX_COMMITTEE,
                                                              [FILTER_MUNICIPALITY] = PREFIX_MUNICIPALITY,
                                                              [FILTER_PARTY] = PREFIX_PARTY,
                                                              [FILTER_OUTCOME] = PREFIX_OUTCOME,
                                                              [FILTER_KLE] = PREFIX_KLE,
                                                              [FILTER_LAW] = PREFIX_LAW,
                                                              [FILTER_ORG] = PREFIX_ORG,
                                                              [FILTER_SOURCE] = PREFIX_SOURCE,
                                                              [FILTER_DOCUMENT] = PREFIX_GROUP,
                                                              [FILTER_TYPE] = PREFIX_TYPE};
    return prefixes[filter];
}

/* ---- terms */

/* Cut a term that is too long at a character, with the hash of the whole behind it. */
static size_t term_shorten(char *term, size_t size)
{
    enum { TAIL = 17 };
    if (size <= TERM_MAX_BYTES)
        return size;
    char tail[TAIL + 1];
    snprintf(tail, sizeof tail, "~%016" PRIx64, (uint64_t)XXH3_64bits(term, size));
    size = TERM_MAX_BYTES - TAIL;
    while (size > 0 && ((unsigned char)term[size] & 0xC0) == 0x80)
        size--;
    memcpy(term + size, tail, TAIL);
    return size + TAIL;
}

struct span term_make(struct arena *arena, enum schema_prefix prefix, struct span value)
{
    struct span head = schema_prefix(prefix);
    bool capital = value.size > 0 && ((value.at[0] >= 'A' && value.at[0] <= 'Z') || value.at[0] == ':');
    size_t colon = capital && head.size > 1 && head.at[head.size - 1] != ':';
    char *term = value.size < SIZE_MAX - 64 ? arena_alloc(arena, head.size + colon + value.size + 1) : NULL;
    if (term == NULL)
        return (struct span){NULL, 0};
    memcpy(term, head.at, head.size);
    if (colon)
        term[head.size] = ':';
    size_t start = head.size + colon;
    for (size_t i = 0; i < value.size; i++)
        term[start + i] = (unsigned char)value.at[i] < 0x20 ? ' ' : value.at[i];
    return (struct span){term, term_shorten(term, start + value.size)};
}

static const struct {
    const char *word; /* folded */
    const char *outcome;
} outcomes[] = {
    {"approved", "approved"},
    {"godkendt", "approved"},
    {"vedtaget", "approved"},
    {"bevilget", "approved"},
    {"tiltraadt", "approved"},
    {"recommended", "recommended"},
    {"anbefalet", "recommended"},
    {"anbefales", "recommended"},
    {"indstilles", "recommended"},
    {"indstillet", "recommended"},
    {"noted", "noted"},
    {"efterretning", "noted"},
    {"til efterretning", "noted"},
    {"taget til efterretning", "noted"},
    {"orientering", "noted"},
    {"discussed", "discussed"},
    {"droeftet", "discussed"},
    {"postponed", "postponed"},
    {"udsat", "postponed"},
    {"udskudt", "postponed"},
    {"rejected", "rejected"},
    {"forkastet", "rejected"},
    {"afvist", "rejected"},
    {"ikke godkendt", "rejected"},
    {"referred", "referred"},
    {"oversendt", "referred"},
    {"sendt tilbage", "referred"},
    {"henvist", "referred"},
    {"hoering", "referred"},
    {"other", "other"},
    {"andet", "other"},
    {"none", "none"},
    {"ingen", "none"},
};

static struct span outcome_of(struct span folded)
{
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++)
        if (span_equal(folded, span_of(outcomes[i].word)))
            return span_of(outcomes[i].outcome);
    return (struct span){"", 0};
}

static struct span normal_of(struct arena *arena, enum filter filter, struct span typed)
{
    switch (filter) {
    case FILTER_MEMBER:
    case FILTER_COMMITTEE:
    case FILTER_ORG:
    case FILTER_TYPE: return normal_fold(arena, typed);
    case FILTER_CASE: return normal_case(arena, typed);
    case FILTER_MUNICIPALITY: return normal_municipality(arena, typed);
    case FILTER_PARTY: return normal_party(arena, typed);
    case FILTER_KLE: return normal_kle(arena, typed);
    case FILTER_LAW: return normal_law(arena, typed);
    case FILTER_OUTCOME: {
        struct span folded = normal_fold(arena, typed);
        return folded.at != NULL ? outcome_of(folded) : folded;
    }
    case FILTER_SOURCE:
    case FILTER_DOCUMENT: break;
    }
    return typed;
}

/* "København" is printed as "Københavns Kommune", "Aarhus" as "Aarhus Kommune": with and without s are both meant. */
static struct span genitive_of(struct arena *arena, struct span name)
{
    if (name.size > 1 && name.at[name.size - 1] == 's')
        return span_cut(name, 0, name.size - 1);
    struct text other = arena_format(arena, "%.*ss", (int)name.size, name.at);
    return (struct span){other.at, other.size};
}

enum fault filter_terms(struct arena *arena, enum filter filter, struct span typed, struct term_list *out,
                        struct error *err)
{
    struct span value = normal_of(arena, filter, typed);
    if (value.at == NULL && value.size == 0 && typed.size > 0)
        return arena_full(err);
    if (value.size == 0)
        return error_set(err, FAULT_REJECT, "filter.value", "a filter's value means nothing; see SCHEMA.md for values");
    size_t count = filter == FILTER_MUNICIPALITY ? 2 : 1;
    struct span *terms = arena_zero(arena, count, sizeof *terms);
    if (terms == NULL)
        return arena_full(err);
    terms[0] = term_make(arena, filter_prefix(filter), value);
    if (count == 2) {
        struct span other = genitive_of(arena, value);
        terms[1] = other.at ? term_make(arena, filter_prefix(filter), other) : other;
    }
    for (size_t i = 0; i < count; i++)
        if (terms[i].at == NULL)
            return arena_full(err);
    *out = (struct term_list){terms, count};
    return FAULT_NONE;
}

enum fault filter_date(struct arena *arena, struct day date, struct span *term, struct error *err)
{
    if (date.year < 1 || date.year > 9999)
        return error_set(err, FAULT_REJECT, "filter.value", "a date needs a year from 1 to 9999");
    bool month = date.month > 0, day = month && date.day > 0;
    struct span prefix = schema_prefix(day ? PREFIX_DAY : month ? PREFIX_MONTH : PREFIX_YEAR);
    char *text = arena_alloc(arena, prefix.size + 8);
    if (text == NULL)
        return arena_full(err);
    char *to = digits_fixed(bytes_copy(text, prefix), (unsigned)date.year, 4);
    if (month)
        to = digits_fixed(to, (unsigned)date.month, 2);
    if (day)
        to = digits_fixed(to, (unsigned)date.day, 2);
    *term = (struct span){text, (size_t)(to - text)};
    return FAULT_NONE;
}
