/* inventory: merges the documents (group terms) and the tombstones (metadata keys) of a shard, both in order of bytes.
 * On the shard's writer thread. */
#include "inventory.h"

#include "schema.h"
#include "term.h"
#include "version.h"

#include <stdlib.h>

static enum fault reader_fresh(const struct shard *shard, struct database **reader, struct error *err)
{
    const char *path = shard->open.path;
    if (*reader == NULL)
        return database_open_read(&path, 1, reader, err);
    return database_refresh(*reader, NULL, err);
}

static struct span prefixed(struct arena *arena, struct span prefix, struct span id)
{
    struct text whole = arena_format(arena, "%.*s%.*s", (int)prefix.size, prefix.at, (int)id.size, id.at);
    return (struct span){whole.at, whole.size};
}

static enum fault names_list(struct database *reader, struct job *job, bool tombstones, size_t limit,
                             struct span_list *out, struct error *err)
{
    struct span prefix = tombstones ? schema_key(KEY_DELETED) : schema_prefix(PREFIX_GROUP);
    struct span after = {0};
    if (job->after.size > 0) {
        after = prefixed(job->arena, prefix, job->after);
        if (after.at == NULL)
            return arena_full(err);
    }
    return tombstones ? database_meta_keys(reader, 0, job->arena, prefix, after, limit, out, err)
                      : database_terms(reader, 0, job->arena, prefix, after, limit, out, err);
}

static enum fault document_entry(struct database *reader, struct arena *arena, struct inventory_entry *entry,
                                 bool *found, struct error *err)
{
    static const uint32_t slots[] = {SLOT_VERSION, SLOT_DIGEST};
    struct span values[2] = {{0}};
    struct span unique = term_unique(arena, entry->id, 0);
    if (unique.at == NULL)
        return arena_full(err);
    TRY(database_find(reader, 0, arena, unique, slots, 2, values, NULL, found, err));
    entry->version = version_read(values[0]);
    entry->digest = values[1];
    return FAULT_NONE;
}

static enum fault tombstone_entry(struct database *reader, struct arena *arena, struct span key,
                                  struct inventory_entry *entry, struct error *err)
{
    struct span value;
    TRY(database_meta(reader, 0, arena, key, &value, err));
    entry->version = value.size > 0 ? strtoull(value.at, NULL, 10) : 0;
    entry->deleted = value.size > 0;
    return FAULT_NONE;
}

static enum fault page_merge(struct database *reader, struct job *job, const struct span_list *documents,
                             const struct span_list *tombstones, size_t limit, struct error *err)
{
    struct inventory_entry *entries = arena_zero(job->arena, limit, sizeof *entries);
    if (entries == NULL)
        return arena_full(err);
    size_t at[2] = {0, 0}, count = 0;
    size_t skip[2] = {schema_prefix(PREFIX_GROUP).size, schema_key(KEY_DELETED).size};
    const struct span_list *lists[2] = {documents, tombstones};
    while (count < limit && (at[0] < documents->count || at[1] < tombstones->count)) {
        struct span ids[2] = {{0}};
        for (int i = 0; i < 2; i++)
            if (at[i] < lists[i]->count)
                ids[i] = span_cut(lists[i]->items[at[i]], skip[i], lists[i]->items[at[i]].size);
        if (ids[0].at != NULL && ids[1].at != NULL && span_equal(ids[0], ids[1])) {
            at[1]++; /* of a deletion that a crash ended (batch.h): the document counts */
            continue;
        }
        int which = ids[0].at == NULL || (ids[1].at != NULL && span_compare(ids[1], ids[0]) < 0);
        struct inventory_entry *entry = &entries[count++];
        entry->id = ids[which];
        bool found = false;
        TRY(which ? tombstone_entry(reader, job->arena, tombstones->items[at[1]], entry, err)
                  : document_entry(reader, job->arena, entry, &found, err));
        at[which]++;
    }
    job->entries = entries;
    job->entry_count = count;
    job->done = at[0] == documents->count && at[1] == tombstones->count && documents->count < limit &&
                tombstones->count < limit;
    return FAULT_NONE;
}

/* Those of the ids that were asked for of which the shard has something. */
static enum fault ids_find(struct database *reader, struct job *job, struct error *err)
{
    struct inventory_entry *entries = arena_zero(job->arena, job->id_count, sizeof *entries);
    if (entries == NULL)
        return arena_full(err);
    for (size_t i = 0; i < job->id_count; i++) {
        struct inventory_entry *entry = &entries[job->entry_count];
        bool found = false;
        *entry = (struct inventory_entry){.id = job->ids[i]};
        TRY(document_entry(reader, job->arena, entry, &found, err));
        if (!found) {
            struct span key = prefixed(job->arena, schema_key(KEY_DELETED), entry->id);
            if (key.at == NULL)
                return arena_full(err);
            TRY(tombstone_entry(reader, job->arena, key, entry, err));
        }
        job->entry_count += found || entry->deleted;
    }
    job->entries = entries;
    job->done = true;
    return FAULT_NONE;
}

static enum fault names_page(struct database *reader, struct job *job, struct error *err)
{
    size_t limit = job->limit == 0 || job->limit > INVENTORY_PAGE_MAX ? INVENTORY_PAGE_MAX : job->limit;
    struct span_list documents, tombstones;
    TRY(names_list(reader, job, false, limit, &documents, err));
    TRY(names_list(reader, job, true, limit, &tombstones, err));
    return page_merge(reader, job, &documents, &tombstones, limit, err);
}

static enum fault page_read(const struct shard *shard, struct database **reader, struct job *job, struct error *err)
{
    struct span sequence;
    TRY(reader_fresh(shard, reader, err));
    TRY(job->id_count > 0 ? ids_find(*reader, job, err) : names_page(*reader, job, err));
    TRY(database_meta(*reader, 0, job->arena, schema_key(KEY_SEQUENCE), &sequence, err));
    job->receipt.sequence = sequence.size > 0 ? strtoull(sequence.at, NULL, 10) : 0;
    memcpy(job->receipt.lineage, shard->lineage, LINEAGE_BYTES);
    return FAULT_NONE;
}

enum fault inventory_page(const struct shard *shard, struct database **reader, struct job *job, struct error *err)
{
    enum fault fault = page_read(shard, reader, job, err);
    if (fault != FAULT_NONE)
        database_close(reader);
    return fault;
}
