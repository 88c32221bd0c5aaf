/* coverage: which shards answered, and which commit of each. On a search thread. */
#include "coverage.h"

#include "schema.h"

#include <stdlib.h>

static enum fault sequences_fill(struct arena *arena, struct view *view, Referent__V1__Coverage *coverage,
                                 struct error *err)
{
    size_t parts = view_parts(view);
    Referent__V1__Coverage__SequencesEntry *entries = arena_zero(arena, parts, sizeof *entries);
    coverage->sequences = arena_zero(arena, parts, sizeof *coverage->sequences);
    if (entries == NULL || coverage->sequences == NULL)
        return arena_full(err);
    for (size_t i = 0; i < parts; i++) {
        struct span value;
        TRY(database_meta(view_database(view), i, arena, schema_key(KEY_SEQUENCE), &value, err));
        referent__v1__coverage__sequences_entry__init(&entries[i]);
        entries[i].key = view_shard(view, i);
        entries[i].value = value.size > 0 ? strtoull(value.at, NULL, 10) : 0;
        coverage->sequences[i] = &entries[i];
    }
    coverage->n_sequences = parts;
    return FAULT_NONE;
}

enum fault coverage_fill(struct arena *arena, struct view *view, Referent__V1__Coverage **out, struct error *err)
{
    Referent__V1__Coverage *coverage = arena_zero(arena, 1, sizeof *coverage);
    uint32_t *missing = arena_zero(arena, view_shards(view), sizeof *missing);
    if (coverage == NULL || missing == NULL)
        return arena_full(err);
    referent__v1__coverage__init(coverage);
    coverage->shards = view_shards(view);
    coverage->answered = (uint32_t)view_parts(view);
    coverage->missing = missing;
    for (uint32_t shard = 0; shard < view_shards(view); shard++) {
        size_t part;
        if (!view_part(view, shard, &part))
            missing[coverage->n_missing++] = shard;
    }
    *out = coverage;
    return sequences_fill(arena, view, coverage, err);
}
