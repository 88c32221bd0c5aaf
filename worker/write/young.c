/* young: the row of a shard's young segments. On the shard's writer thread. */
#include "young.h"

#include "builder.h"
#include "shard.h"
#include "xapian_care.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MEMORY_BYTES ((size_t)1 << 30) /* a batch is bounded long before */

void young_name(struct shard *shard, char out[static YOUNG_NAME_BYTES])
{
    enum { NUMBERS = 1000000 };
    snprintf(out, YOUNG_NAME_BYTES, "young-%06u", ++shard->row.numbers % NUMBERS);
}

enum fault young_path(const struct shard *shard, const char *name, char out[static PATH_MAX], struct error *err)
{
    if (snprintf(out, PATH_MAX, "%s/%s", shard->open.path, name) >= PATH_MAX)
        return error_set(err, FAULT_STOP, "data.path", "data_dir is too long");
    return FAULT_NONE;
}

static void segment_drop(const struct shard *shard, const char *name)
{
    char path[PATH_MAX];
    struct error ignored;
    if (young_path(shard, name, path, &ignored) == FAULT_NONE)
        directory_remove(path);
}

/* ---- opening */

static void item_close(struct young *young)
{
    database_close(&young->writable);
    database_close(&young->reader);
}

static enum fault item_open(struct shard *shard, const char *name, struct young *young, struct error *err)
{
    char path[PATH_MAX];
    *young = (struct young){.stamp = ++shard->row.stamps};
    memcpy(young->name, name, sizeof young->name);
    TRY(young_path(shard, name, path, err));
    TRY(database_open_known(path, &young->reader, err));
    young->bytes = directory_bytes(path);
    return FAULT_NONE;
}

/* The greatest number that a folder of the part has; a switch of generations may have left some to be removed. */
static unsigned greatest_number(const char *part)
{
    unsigned greatest = 0, number;
    DIR *folder = opendir(part);
    if (folder == NULL)
        return 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        if (sscanf(entry->d_name, "young-%6u", &number) == 1 && number > greatest)
            greatest = number;
    closedir(folder);
    return greatest;
}

/* What was being made when a fault came, unless it was published after all. */
static void fresh_settle(struct shard *shard, const struct young_names *names)
{
    struct young_row *row = &shard->row;
    bool named = false;
    for (size_t i = 0; i < names->count; i++)
        named = named || strcmp(names->at[i], row->fresh) == 0;
    if (row->fresh[0] != '\0' && !named)
        segment_drop(shard, row->fresh);
    row->fresh[0] = '\0';
}

/* A crash may have come before the folder was synced after a commit. */
enum fault young_open(struct shard *shard, struct error *err)
{
    struct young_row *row = &shard->row;
    struct young_names names;
    char path[PATH_MAX];
    TRY(directory_young(shard->open.path, &names, err));
    fresh_settle(shard, &names);
    if (row->numbers == 0)
        row->numbers = greatest_number(shard->open.path);
    row->moves++;
    for (row->count = 0; row->count < names.count; row->count++) {
        TRY(young_path(shard, names.at[row->count], path, err));
        TRY(item_open(shard, names.at[row->count], &row->items[row->count], err));
        TRY(directory_sync(path, err));
    }
    row->unsure = row->count > 0;
    young_doubt(shard);
    return FAULT_NONE;
}

void young_doubt(const struct shard *shard)
{
    if (shard->row.count > 0)
        database_touch(shard->open.generation);
}

void young_close(struct shard *shard)
{
    struct young_row *row = &shard->row;
    builder_free(&row->builder);
    for (size_t i = 0; i < row->count; i++)
        item_close(&row->items[i]);
    row->count = 0;
}

/* ---- what stands in them */

enum fault young_find(struct shard *shard, struct arena *arena, struct span term, const uint32_t *slots,
                      size_t slot_count, struct span *values, size_t *home, struct error *err)
{
    struct young_row *row = &shard->row;
    bool found = false;
    for (*home = 0; *home < row->count; ++*home) {
        struct young *young = &row->items[*home];
        TRY(database_find(young->writable ? young->writable : young->reader, 0, arena, term, slots, slot_count, values,
                          NULL, &found, err));
        if (found)
            break;
    }
    return FAULT_NONE;
}

enum fault young_frequency(struct shard *shard, struct span term, uint64_t *documents, struct error *err)
{
    *documents = 0;
    for (size_t i = 0; i < shard->row.count; i++) {
        uint64_t here;
        TRY(database_term_freq(shard->row.items[i].reader, 0, term, &here, err));
        *documents += here;
    }
    return FAULT_NONE;
}

enum fault young_write(struct shard *shard, size_t home, struct database **out, struct error *err)
{
    struct young *young = &shard->row.items[home];
    char path[PATH_MAX];
    if (young->writable == NULL) {
        TRY(young_path(shard, young->name, path, err));
        young->stamp = ++shard->row.stamps; /* whoever merges it has an old state in hand from now on */
        TRY(database_open_again(path, &young->writable, err));
        TRY(database_begin(young->writable, err));
    }
    *out = young->writable;
    return FAULT_NONE;
}

enum fault young_commit(struct shard *shard, struct error *err)
{
    char path[PATH_MAX];
    for (size_t i = 0; i < shard->row.count; i++) {
        struct young *young = &shard->row.items[i];
        if (young->writable == NULL)
            continue;
        TRY(young_path(shard, young->name, path, err));
        TRY(database_commit(young->writable, err));
        TRY(directory_sync(path, err));
        database_close(&young->writable);
        TRY(database_refresh(young->reader, NULL, err));
        young->bytes = directory_bytes(path);
    }
    return FAULT_NONE;
}

/* ---- another one */

enum fault young_begin(struct shard *shard, struct error *err)
{
    struct young_row *row = &shard->row;
    char path[PATH_MAX];
    if (row->builder == NULL)
        row->builder = builder_new(&(struct builder_options){.memory_bytes = MEMORY_BYTES, .level = BUILDER_LEVEL});
    if (row->builder == NULL)
        return error_set(err, FAULT_REOPEN, "memory", "out of memory");
    young_name(shard, row->fresh);
    TRY(young_path(shard, row->fresh, path, err));
    return builder_begin(row->builder, path, err);
}

enum fault young_add(struct shard *shard, const struct index_document *document, struct error *err)
{
    return builder_add(shard->row.builder, document, err);
}

enum fault young_finish(struct shard *shard, struct error *err)
{
    char path[PATH_MAX];
    uint64_t errors;
    TRY(builder_finish(shard->row.builder, NULL, err));
    TRY(young_path(shard, shard->row.fresh, path, err));
    TRY(database_check(path, &errors, NULL, err));
    if (errors > 0)
        return error_set(err, FAULT_REOPEN, "young.check", "%" PRIu64 " faults in %.150s; it was not published", errors,
                         path);
    return FAULT_NONE;
}

static enum fault stub_write(struct shard *shard, const struct young_names *names, struct error *err)
{
    shard->row.moves++;
    return directory_publish(shard->open.path, shard->open.generation, names, err);
}

static void names_of(const struct young_row *row, struct young_names *names)
{
    names->count = row->count;
    for (size_t i = 0; i < row->count; i++)
        memcpy(names->at[i], row->items[i].name, YOUNG_NAME_BYTES);
}

enum fault young_publish(struct shard *shard, struct error *err)
{
    struct young_row *row = &shard->row;
    struct young_names names;
    names_of(row, &names);
    memcpy(names.at[names.count++], row->fresh, YOUNG_NAME_BYTES);
    TRY(item_open(shard, row->fresh, &row->items[row->count], err));
    row->count++;
    TRY(stub_write(shard, &names, err));
    row->fresh[0] = '\0';
    return FAULT_NONE;
}

enum fault young_replace(struct shard *shard, size_t first, size_t count, const char *name, struct error *err)
{
    struct young_row *row = &shard->row;
    struct young merged, old[YOUNG_MAX];
    struct young_names names;
    enum fault fault = item_open(shard, name, &merged, err);
    if (fault != FAULT_NONE) {
        item_close(&merged);
        return fault;
    }
    memcpy(old, &row->items[first], count * sizeof *old);
    row->items[first] = merged;
    memmove(&row->items[first + 1], &row->items[first + count], (row->count - first - count) * sizeof row->items[0]);
    row->count -= count - 1;
    names_of(row, &names);
    memcpy(row->fresh, merged.name, sizeof row->fresh);
    fault = stub_write(shard, &names, err);
    if (fault == FAULT_NONE)
        row->fresh[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        item_close(&old[i]);
        if (fault == FAULT_NONE)
            segment_drop(shard, old[i].name);
    }
    return fault;
}
