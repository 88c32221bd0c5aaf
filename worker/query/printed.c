/* printed: folded value -> a document that has it -> its facet. On a search thread. */
#include "printed.h"

#include "normal.h"
#include "record.h"

static uint32_t slot_of(enum schema_prefix prefix)
{
    return prefix == PREFIX_MEMBER         ? SLOT_MEMBER
           : prefix == PREFIX_COMMITTEE    ? SLOT_COMMITTEE
           : prefix == PREFIX_MUNICIPALITY ? SLOT_MUNICIPALITY
                                           : SLOT_CASE;
}

static struct span fold(struct arena *arena, enum schema_prefix prefix, struct span value)
{
    return prefix == PREFIX_MUNICIPALITY ? normal_municipality(arena, value)
           : prefix == PREFIX_CASE       ? normal_case(arena, value)
                                         : normal_fold(arena, value);
}

/* The value among several that folds to `folded`; empty if none does. */
static enum fault value_among(struct arena *arena, enum schema_prefix prefix, struct span joined, struct span folded,
                              struct span *out, struct error *err)
{
    *out = (struct span){"", 0};
    while (joined.size > 0 && out->size == 0) {
        const char *separator = memchr(joined.at, FACET_SEPARATOR, joined.size);
        size_t size = separator ? (size_t)(separator - joined.at) : joined.size;
        struct span value = {joined.at, size}, form = fold(arena, prefix, value);
        if (form.at == NULL)
            return arena_full(err);
        if (span_equal(form, folded))
            *out = value;
        joined = span_cut(joined, separator ? size + 1 : size, joined.size);
    }
    return FAULT_NONE;
}

/* A case number's slot is normalised: what is printed stands in the data. */
static enum fault case_printed(struct arena *arena, struct view *view, size_t part, struct span term, struct span *out,
                               struct error *err)
{
    struct span data, slot;
    bool found;
    uint32_t number = SLOT_CASE;
    TRY(database_find(view_database(view), part, arena, term, &number, 1, &slot, &data, &found, err));
    struct span printed = found ? data_field(data, FIELD_CASE) : (struct span){"", 0};
    if (printed.size > 0)
        *out = printed;
    return FAULT_NONE;
}

enum fault printed_value(struct arena *arena, struct view *view, enum schema_prefix prefix, struct span term,
                         struct span *out, struct error *err)
{
    uint32_t slot = slot_of(prefix);
    struct span folded = span_cut(term, schema_prefix(prefix).size, term.size), found_value = {"", 0};
    *out = folded;
    for (size_t part = 0; part < view_parts(view); part++) {
        struct span joined;
        bool found;
        TRY(database_find(view_database(view), part, arena, term, &slot, 1, &joined, NULL, &found, err));
        if (!found)
            continue;
        TRY(value_among(arena, prefix, joined, folded, &found_value, err));
        if (found_value.size > 0 && prefix == PREFIX_CASE)
            return case_printed(arena, view, part, term, out, err);
        if (found_value.size > 0) {
            *out = found_value;
            return FAULT_NONE;
        }
    }
    return FAULT_NONE;
}
