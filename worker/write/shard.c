/* shard: making, opening and checking the databases of one shard. On its writer's thread. */
#include "shard.h"

#include "lineage.h"
#include "schema.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { SCRATCH_BYTES = 64 * 1024, PROBE_BYTES = 64 * 1024 * 1024 };

static enum fault meta_write(struct database *database, enum schema_key key, const char *value, struct error *err)
{
    return database_meta_set(database, schema_key(key), span_of(value), err);
}

static enum fault meta_number(struct database *database, struct arena *arena, enum schema_key key, uint64_t *number,
                              struct error *err)
{
    struct span value;
    TRY(database_meta(database, 0, arena, schema_key(key), &value, err));
    *number = value.size > 0 ? strtoull(value.at, NULL, 10) : 0;
    return FAULT_NONE;
}

static enum fault meta_digits(struct database *database, enum schema_key key, uint64_t number, struct error *err)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, number);
    return meta_write(database, key, text, err);
}

/* What terms are made by. */
struct rules {
    uint32_t schema, analysis;
};

static const struct rules todays = {SCHEMA_VERSION, ANALYSIS_VERSION};

/* A shard that is being made has none yet. */
static struct rules rules_of(const struct shard *shard)
{
    return shard->schema > 0 ? (struct rules){shard->schema, shard->analysis} : todays;
}

/* What every part says of itself, in one commit, durably. */
static enum fault part_label(const struct shard *shard, const struct shard_part *part, struct rules rules,
                             const char *lineage, uint64_t sequence, struct error *err)
{
    TRY(database_begin(part->database, err));
    TRY(meta_digits(part->database, KEY_SCHEMA, rules.schema, err));
    TRY(meta_digits(part->database, KEY_ANALYSIS, rules.analysis, err));
    TRY(meta_digits(part->database, KEY_SHARDS, shard->shards, err));
    TRY(meta_digits(part->database, KEY_SHARD, shard->number, err));
    TRY(meta_write(part->database, KEY_LINEAGE, lineage, err));
    TRY(meta_digits(part->database, KEY_SEQUENCE, sequence, err));
    TRY(database_commit(part->database, err));
    return directory_sync(part->generation, err);
}

static enum fault part_found(const struct shard *shard, const struct shard_part *part, struct error *err)
{
    char lineage[2 * LINEAGE_BYTES + 1];
    TRY(lineage_make(lineage, err));
    return part_label(shard, part, rules_of(shard), lineage, 0, err);
}

static enum fault part_check(const struct shard *shard, const struct shard_part *part, struct arena *arena,
                             struct error *err)
{
    uint64_t schema, shards, number;
    TRY(meta_number(part->database, arena, KEY_SCHEMA, &schema, err));
    TRY(meta_number(part->database, arena, KEY_SHARDS, &shards, err));
    TRY(meta_number(part->database, arena, KEY_SHARD, &number, err));
    if (schema > SCHEMA_VERSION)
        return error_set(err, FAULT_STOP, "schema.newer",
                         "%.120s has schema %" PRIu64 ", this program knows %d; use a newer referentd", part->path,
                         schema, SCHEMA_VERSION);
    if (shards != shard->shards || number != shard->number)
        return error_set(err, FAULT_STOP, "shards.mismatch",
                         "%.120s is shard %" PRIu64 " of %" PRIu64 ", not %" PRIu32 " of %" PRIu32
                         "; the number of shards is fixed when an index is made",
                         part->path, number, shards, shard->number, shard->shards);
    return FAULT_NONE;
}

/* What stands in the way of a part that was whole once, with the remedy. */
static enum fault part_fault(const struct shard *shard, const struct shard_part *part, enum fault fault,
                             struct error *err)
{
    struct error why = *err;
    if (strcmp(why.rule, "database.damaged") == 0)
        return error_set(err, FAULT_STOP, why.rule,
                         "%.80s is damaged (%.60s): `referent check --repair %.60s` makes it anew from its own text, "
                         "or says what it needs",
                         part->path, why.text, shard->data_dir);
    if (fault == FAULT_RETRY)
        return error_set(err, FAULT_RETRY, why.rule,
                         "another program writes in %.100s; `fuser -v %.100s/flintlock` names it", part->path,
                         part->generation);
    return fault;
}

/* Xapian takes a table that is gone for an empty one, where it needs it rarely. A document without data shows it. */
static enum fault part_probe(struct database *database, struct error *err)
{
    struct arena *arena = arena_new(PROBE_BYTES);
    struct span_list names;
    struct span data;
    bool found = true;
    if (arena == NULL)
        return error_set(err, FAULT_REOPEN, "memory", "out of memory");
    enum fault fault =
        database_terms(database, 0, arena, schema_prefix(PREFIX_GROUP), (struct span){0}, 1, &names, err);
    if (fault == FAULT_NONE && names.count > 0)
        fault = database_find(database, 0, arena, names.items[0], NULL, 0, NULL, &data, &found, err);
    bool hollow = fault == FAULT_NONE && names.count > 0 && (!found || data.size == 0);
    bool cut = fault == FAULT_STOP || (fault == FAULT_REOPEN && strstr(err->text, "EOF reading") != NULL);
    struct error why = *err;
    arena_free(&arena);
    if (hollow || cut)
        return error_set(err, FAULT_STOP, "database.damaged", "%s", cut ? why.text : "a document has no data");
    return fault;
}

/* What a crash left may be published and not on disk yet: it is synced before anything rests on it, because a document
 * that is found there is acknowledged as UNCHANGED. */
static enum fault part_found_again(const struct shard *shard, struct shard_part *part, struct arena *arena,
                                   struct error *err)
{
    enum fault fault = database_open_again(part->generation, &part->database, err);
    if (fault == FAULT_NONE)
        fault = part_probe(part->database, err);
    if (fault != FAULT_NONE)
        return part_fault(shard, part, fault, err);
    TRY(directory_sync(part->generation, err));
    TRY(directory_sync(part->path, err));
    return part_check(shard, part, arena, err);
}

/* Xapian does not open a database that has its tables and not yet their revision. Where no stub names it, that is what
 * a crash left of making it. */
static void unfinished_remove(const struct shard_part *part)
{
    struct generation left = {0};
    char revision[PATH_MAX + 16];
    snprintf(revision, sizeof revision, "%s/iamglass", part->generation);
    if (access(revision, F_OK) == 0)
        return;
    snprintf(left.open, sizeof left.open, "%s", part->generation);
    generation_remove(&left);
}

static enum fault missing_fault(const char *data_dir, uint32_t number, struct error *err)
{
    return error_set(err, FAULT_STOP, "shard.missing",
                     "%.150s/shard-%04u has no database, and others of the index have documents; mount it or restore a "
                     "backup, or let `referent check --repair` make it empty, for feeders to fill",
                     data_dir, (unsigned)number);
}

/* Open a part. A generation that no stub names is what a crash left of making it: nobody was told of it, it is filled
 * again. */
static enum fault part_open(const struct shard *shard, struct shard_part *part, struct arena *arena, struct error *err)
{
    bool named;
    TRY(directory_make(part->path, err));
    TRY(directory_generation(part->path, part->generation, &named, err));
    if (named)
        return part_found_again(shard, part, arena, err);
    if (shard->sequence > 0 && part == &shard->open) /* it was open before */
        return missing_fault(shard->data_dir, shard->number, err);
    unfinished_remove(part);
    TRY(database_open_write(part->generation, &part->database, err));
    TRY(part_found(shard, part, err));
    TRY(directory_publish(part->path, part->generation, NULL, err));
    return directory_sync(shard->data_dir, err); /* else its folder may be gone with the power, and what is in it */
}

static enum fault row_open(struct shard *shard, struct error *err)
{
    enum fault fault = young_open(shard, err);
    for (size_t i = 0; fault == FAULT_NONE && i < shard->row.count; i++)
        fault = part_probe(shard->row.items[i].reader, err);
    return fault == FAULT_NONE ? FAULT_NONE : part_fault(shard, &shard->open, fault, err);
}

static enum fault parts_open(struct shard *shard, struct arena *arena, struct error *err)
{
    bool closed_exists;
    struct span lineage;
    uint64_t schema, analysis;
    TRY(generation_settle(shard->data_dir, shard->number, err));
    TRY(part_open(shard, &shard->open, arena, err));
    TRY(row_open(shard, err));
    TRY(directory_generation(shard->closed.path, shard->closed.generation, &closed_exists, err));
    if (closed_exists)
        TRY(part_open(shard, &shard->closed, arena, err));
    TRY(meta_number(shard->open.database, arena, KEY_SEQUENCE, &shard->sequence, err));
    TRY(meta_number(shard->open.database, arena, KEY_SCHEMA, &schema, err));
    TRY(meta_number(shard->open.database, arena, KEY_ANALYSIS, &analysis, err));
    shard->schema = (uint32_t)schema;
    shard->analysis = (uint32_t)analysis;
    TRY(database_meta(shard->open.database, 0, arena, schema_key(KEY_LINEAGE), &lineage, err));
    lineage_read(lineage, shard->lineage);
    return FAULT_NONE;
}

enum fault shard_open(struct shard *shard, const char *data_dir, uint32_t number, uint32_t shards, struct error *err)
{
    *shard = (struct shard){.number = number, .shards = shards};
    snprintf(shard->data_dir, sizeof shard->data_dir, "%s", data_dir);
    TRY(directory_part(data_dir, false, number, shard->open.path, err));
    TRY(directory_part(data_dir, true, number, shard->closed.path, err));
    TRY(shard_reopen(shard, err));
    generation_clean(data_dir, number);
    return directory_sync(data_dir, err);
}

/* What a shard that was made to its end tells. */
static enum fault total_read(const char *generation, uint32_t *shards, uint64_t *sequence, struct error *err)
{
    uint64_t total = 0;
    struct database *database = NULL;
    struct arena *arena = arena_new(SCRATCH_BYTES);
    if (arena == NULL)
        return error_set(err, FAULT_REOPEN, "memory", "out of memory");
    enum fault fault = database_open_read(&generation, 1, &database, err);
    if (fault == FAULT_NONE)
        fault = meta_number(database, arena, KEY_SHARDS, &total, err);
    if (fault == FAULT_NONE)
        fault = meta_number(database, arena, KEY_SEQUENCE, sequence, err);
    database_close(&database);
    arena_free(&arena);
    *shards = (uint32_t)total;
    return fault;
}

/* How many shards the first one that can be read says there are, how many of these were made, and the number of the
 * first that was not; *used: one that can be read has commits. */
struct census {
    uint32_t total, made, missing;
    bool used;
    struct error why; /* of the last one that cannot be read */
    enum fault fault;
};

static enum fault census_take(const char *data_dir, uint32_t folders, struct census *census, struct error *err)
{
    *census = (struct census){.missing = UINT32_MAX};
    for (uint32_t i = 0; i < folders || i < census->total; i++) {
        char part[PATH_MAX], generation[PATH_MAX];
        uint32_t total = 0;
        uint64_t sequence = 0;
        bool made;
        TRY(directory_part(data_dir, false, i, part, err));
        enum fault fault = directory_generation(part, generation, &made, &census->why);
        made = made || fault != FAULT_NONE;
        census->made += made;
        if (!made && census->missing == UINT32_MAX)
            census->missing = i;
        if (!made)
            continue;
        if (fault == FAULT_NONE)
            fault = total_read(generation, &total, &sequence, &census->why);
        census->fault = fault != FAULT_NONE ? fault : census->fault;
        census->total = census->total > 0 ? census->total : total;
        census->used = census->used || sequence > 0;
    }
    return FAULT_NONE;
}

enum fault shard_census(const char *data_dir, uint32_t *shards, struct error *err)
{
    uint32_t folders;
    struct census census;
    TRY(directory_shards(data_dir, &folders, err));
    TRY(census_take(data_dir, folders, &census, err));
    *shards = census.total > folders ? census.total : folders;
    return FAULT_NONE;
}

enum fault shard_count(const char *data_dir, uint32_t *shards, struct error *err)
{
    uint32_t folders;
    struct census census;
    TRY(directory_shards(data_dir, &folders, err));
    TRY(census_take(data_dir, folders, &census, err));
    *shards = census.total;
    if (census.made > 0 && census.total == 0) {
        *err = census.why;
        return census.fault;
    }
    if (census.used && census.missing < census.total)
        return missing_fault(data_dir, census.missing, err);
    return FAULT_NONE;
}

void shard_close(struct shard *shard)
{
    young_close(shard);
    database_close(&shard->open.database);
    database_close(&shard->closed.database);
}

enum fault shard_reopen(struct shard *shard, struct error *err)
{
    shard_close(shard);
    struct arena *arena = arena_new(SCRATCH_BYTES);
    if (arena == NULL)
        return error_set(err, FAULT_REOPEN, "memory", "out of memory");
    enum fault fault = parts_open(shard, arena, err);
    arena_free(&arena);
    if (fault != FAULT_NONE)
        shard_close(shard);
    return fault;
}

enum fault shard_open_closed(struct shard *shard, struct error *err)
{
    if (shard->closed.database != NULL)
        return FAULT_NONE;
    struct arena *arena = arena_new(SCRATCH_BYTES);
    if (arena == NULL)
        return error_set(err, FAULT_REOPEN, "memory", "out of memory");
    enum fault fault = part_open(shard, &shard->closed, arena, err);
    arena_free(&arena);
    return fault;
}

bool shard_is_current(const struct shard *shard)
{
    return shard->schema == SCHEMA_VERSION && shard->analysis == ANALYSIS_VERSION;
}

/* ---- another generation */

void shard_generation(const struct shard *shard, struct generation *current)
{
    *current = (struct generation){.has_closed = shard->closed.database != NULL};
    memcpy(current->open, shard->open.generation, sizeof current->open);
    memcpy(current->closed, shard->closed.generation, sizeof current->closed);
    current->young.count = shard->row.count;
    for (size_t i = 0; i < shard->row.count; i++)
        memcpy(current->young.at[i], shard->row.items[i].name, YOUNG_NAME_BYTES);
}

/* Open a part of the next generation and write what it says of itself. */
static enum fault next_label(const struct shard *shard, struct rules rules, const char *generation,
                             struct shard_part *part, struct error *err)
{
    char lineage[2 * LINEAGE_BYTES + 1];
    lineage_print(shard->lineage, lineage);
    snprintf(part->generation, sizeof part->generation, "%s", generation);
    TRY(database_open_write(part->generation, &part->database, err));
    TRY(part_label(shard, part, rules, lineage, shard->sequence + 1, err));
    return directory_sync(part->path, err);
}

enum fault shard_switch(struct shard *shard, struct generation *next, bool anew, struct generation *old,
                        struct error *err)
{
    struct rules rules = anew ? todays : rules_of(shard);
    struct shard_part open = shard->open, closed = shard->closed;
    open.database = closed.database = NULL;
    if (old != NULL)
        shard_generation(shard, old);
    next->has_closed = next->has_closed || shard->closed.database != NULL;
    enum fault fault = next_label(shard, rules, next->open, &open, err);
    if (fault == FAULT_NONE && next->has_closed)
        fault = next_label(shard, rules, next->closed, &closed, err);
    if (fault != FAULT_NONE) {
        database_close(&open.database);
        database_close(&closed.database);
        return fault;
    }
    shard_close(shard);
    fault = generation_publish(shard->data_dir, shard->number, next, err);
    if (fault != FAULT_NONE) {
        database_close(&open.database);
        database_close(&closed.database);
        return fault;
    }
    shard->open = open;
    shard->closed = closed;
    shard->row.moves++;
    shard->schema = rules.schema;
    shard->analysis = rules.analysis;
    shard->sequence++;
    return FAULT_NONE;
}

enum fault shard_replace(const char *data_dir, uint32_t number, uint32_t shards, uint64_t sequence,
                         const struct generation *next, struct error *err)
{
    char hex[2 * LINEAGE_BYTES + 1];
    struct shard shard = {.number = number, .shards = shards, .sequence = sequence - 1};
    TRY(lineage_make(hex, err));
    lineage_read((struct span){hex, 2 * LINEAGE_BYTES}, shard.lineage);
    TRY(directory_part(data_dir, false, number, shard.open.path, err));
    TRY(directory_part(data_dir, true, number, shard.closed.path, err));
    enum fault fault = next_label(&shard, todays, next->open, &shard.open, err);
    if (fault == FAULT_NONE && next->has_closed)
        fault = next_label(&shard, todays, next->closed, &shard.closed, err);
    shard_close(&shard);
    return fault == FAULT_NONE ? generation_publish(data_dir, number, next, err) : fault;
}
