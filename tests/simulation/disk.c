/* disk: shards in memory; instead of the shim, and of worker/write/shard.c, inventory.c, young.c and merger.c.
 *
 * What is written stands in `working` until a commit makes it `committed`. As in Xapian a fault may throw away all of
 * `working`, and the next commit then succeeds with nothing. */
#include "simulation.h"

#include "directory.h"
#include "inventory.h"
#include "merger.h"
#include "random.h"
#include "schema.h"
#include "shard_map.h"
#include "version.h"

#include <stdio.h>
#include <stdlib.h>

enum { META_MAX = 48 };

struct row {
    uint32_t documents;
    bool present; /* the meeting's own document */
    bool poison;  /* the commit will refuse it */
    bool touched; /* since the last commit */
    uint64_t version;
    uint64_t written; /* the commit sequence since when it is as it is */
    unsigned char digest[16];
    char tombstone[META_MAX]; /* "" if there is none */
};

struct state {
    struct row rows[SIM_IDS_MAX];
    char sequence[META_MAX];
};

struct database {
    struct state committed, working;
    bool exists;
};

static struct database open_parts[SIM_SHARDS_MAX], closed_parts[SIM_SHARDS_MAX];
/* Young segments; the last one is being made. */
static struct young_disk {
    struct database items[YOUNG_MAX + 1];
    size_t count;
} young_parts[SIM_SHARDS_MAX];
static uint64_t merges;

uint32_t sim_id(struct span id)
{
    for (size_t i = 0; i + 1 < id.size; i++)
        if (id.at[i] == '/')
            return (uint32_t)strtoul(id.at + i + 1, NULL, 10);
    sim_fail("an id of the stream", "%.*s is none", (int)id.size, id.at);
}

uint32_t disk_shard(uint32_t id)
{
    char name[STREAM_ID_MAX];
    stream_id(&(struct op){.id = id}, name);
    return shard_of(span_of(name), sim.plan.shards);
}

/* ---- the run ---- */

void disk_begin(void)
{
    memset(open_parts, 0, sizeof open_parts);
    memset(closed_parts, 0, sizeof closed_parts);
    memset(young_parts, 0, sizeof young_parts);
}

uint64_t disk_merges(void)
{
    return merges;
}

/* The row with the meeting's own document, in whatever database it stands; that of the generation if none has it. */
static const struct row *row_find(uint32_t shard, uint32_t id)
{
    const struct row *base = &open_parts[shard].committed.rows[id], *found = base;
    size_t homes = base->documents > 0;
    for (size_t i = 0; i < young_parts[shard].count; i++) {
        const struct row *row = &young_parts[shard].items[i].committed.rows[id];
        homes += row->documents > 0;
        if (row->documents > 0)
            found = row;
    }
    SIM_PROPERTY(homes <= 1, "id %u stands in %zu databases", id, homes);
    return found;
}

struct sim_row disk_row(uint32_t id)
{
    uint32_t shard = disk_shard(id);
    const struct row *row = row_find(shard, id);
    struct sim_row out = {.open = row->documents,
                          .closed = closed_parts[shard].committed.rows[id].documents,
                          .present = row->present,
                          .deleted = !row->present && row->tombstone[0] != '\0',
                          .written = row->written,
                          .version = row->present ? row->version : strtoull(row->tombstone, NULL, 10)};
    memcpy(out.digest, row->digest, sizeof out.digest);
    return out;
}

uint64_t disk_sequence(uint32_t shard)
{
    return strtoull(open_parts[shard].committed.sequence, NULL, 10);
}

void disk_lineage(uint32_t shard, unsigned char lineage[static LINEAGE_BYTES])
{
    memset(lineage, (int)('A' + shard), LINEAGE_BYTES);
}

static void rows_add(struct database *database, const struct sim_segment *segment, uint64_t sequence)
{
    for (size_t i = 0; i < segment->count; i++) {
        const struct sim_loaded *loaded = &segment->items[i];
        struct row *row = &database->committed.rows[loaded->id];
        row->documents++;
        row->written = sequence;
        if (!loaded->meeting)
            continue;
        row->present = true;
        row->version = loaded->version;
        memcpy(row->digest, loaded->digest, sizeof row->digest);
    }
    database->working = database->committed;
}

/* What is young becomes part of the generation. */
static void young_fold(uint32_t shard)
{
    struct state *state = &open_parts[shard].committed;
    for (uint32_t id = 0; id < SIM_IDS_MAX; id++) {
        const struct row *row = row_find(shard, id);
        if (row != &state->rows[id])
            state->rows[id] = *row;
    }
    young_parts[shard].count = 0;
}

void disk_publish(uint32_t shard, const struct sim_segment *open, const struct sim_segment *closed)
{
    struct state *state = &open_parts[shard].committed;
    uint64_t sequence = disk_sequence(shard) + 1;
    young_fold(shard);
    rows_add(&closed_parts[shard], closed, sequence);
    snprintf(state->sequence, sizeof state->sequence, "%llu", (unsigned long long)sequence);
    rows_add(&open_parts[shard], open, sequence);
}

/* ---- shard.h, inventory.h ---- */

static void row_open(struct shard *shard)
{
    const struct young_disk *young = &young_parts[shard->number];
    for (shard->row.count = 0; shard->row.count < young->count; shard->row.count++)
        shard->row.items[shard->row.count] = (struct young){.stamp = ++shard->row.stamps};
    shard->row.unsure = young->count > 0;
}

enum fault shard_open(struct shard *shard, const char *data_dir, uint32_t number, uint32_t shards, struct error *err)
{
    (void)data_dir;
    (void)err;
    *shard = (struct shard){.number = number, .shards = shards};
    snprintf(shard->open.path, sizeof shard->open.path, "open %u", (unsigned)number);
    snprintf(shard->closed.path, sizeof shard->closed.path, "closed %u", (unsigned)number);
    disk_lineage(number, shard->lineage);
    shard->sequence = disk_sequence(number);
    shard->open.database = &open_parts[number];
    shard->closed.database = closed_parts[number].exists ? &closed_parts[number] : NULL;
    row_open(shard);
    return FAULT_NONE;
}

bool shard_is_current(const struct shard *shard)
{
    (void)shard;
    return true;
}

enum fault inventory_page(const struct shard *shard, struct database **reader, struct job *job, struct error *err)
{
    (void)shard;
    (void)reader;
    (void)job;
    return error_set(err, FAULT_RETRY, "database", "nobody asks for inventories here");
}

void shard_close(struct shard *shard)
{
    open_parts[shard->number].working = open_parts[shard->number].committed;
    closed_parts[shard->number].working = closed_parts[shard->number].committed;
    for (size_t i = 0; i < young_parts[shard->number].count; i++)
        young_parts[shard->number].items[i].working = young_parts[shard->number].items[i].committed;
    shard->row.count = 0;
    shard->open.database = shard->closed.database = NULL;
}

enum fault shard_reopen(struct shard *shard, struct error *err)
{
    shard_close(shard);
    if (sim_happens(sim.plan.reopen_faults))
        return error_set(err, FAULT_REOPEN, "database", "the disk does not answer");
    shard->open.database = &open_parts[shard->number];
    if (closed_parts[shard->number].exists)
        shard->closed.database = &closed_parts[shard->number];
    shard->sequence = disk_sequence(shard->number);
    row_open(shard);
    return FAULT_NONE;
}

enum fault shard_open_closed(struct shard *shard, struct error *err)
{
    if (sim_happens(sim.plan.disk_faults))
        return error_set(err, FAULT_REOPEN, "database", "no space left on device");
    closed_parts[shard->number].exists = true;
    shard->closed.database = &closed_parts[shard->number];
    return FAULT_NONE;
}

enum fault directory_hold(const char *part, int *hold, struct error *err)
{
    (void)part;
    *hold = -1;
    return sim_happens(sim.plan.disk_faults) ? error_set(err, FAULT_REOPEN, "data.hold", "input/output error")
                                             : FAULT_NONE;
}

void directory_release(int *hold)
{
    (void)hold;
}

enum fault directory_sync(const char *path, struct error *err)
{
    (void)path;
    if (sim_happens(sim.plan.crash_points))
        longjmp(worker_death, 1);
    if (sim_happens(sim.plan.disk_faults))
        return error_set(err, FAULT_STOP, "data.sync", "input/output error");
    return FAULT_NONE;
}

/* ---- xapian_shim.h ---- */

/* A call fails, and takes with it what was not committed. */
static enum fault refused(struct database *database, struct error *err)
{
    if (!sim_happens(sim.plan.disk_faults))
        return FAULT_NONE;
    database->working = database->committed;
    sim_trace("the disk refuses");
    return error_set(err, FAULT_REOPEN, "database", "no space left on device");
}

static enum fault poisoned(struct database *database, struct error *err)
{
    database->working = database->committed;
    return error_set(err, FAULT_REJECT, "term.length", "a term that Xapian does not take");
}

/* Of the scratch database that the format is looked up in, and of no other. */
enum fault database_open_write(const char *path, struct database **out, struct error *err)
{
    (void)path;
    *out = NULL;
    return sim_happens(sim.plan.disk_faults) ? error_set(err, FAULT_REOPEN, "database", "no space left on device")
                                             : FAULT_NONE;
}

void database_close(struct database **database)
{
    *database = NULL;
}

enum fault database_begin(struct database *database, struct error *err)
{
    (void)database;
    (void)err;
    return FAULT_NONE;
}

enum fault database_cancel(struct database *database, struct error *err)
{
    (void)err;
    database->working = database->committed;
    return FAULT_NONE;
}

enum fault database_commit(struct database *database, struct error *err)
{
    TRY(refused(database, err));
    for (uint32_t i = 0; i < SIM_IDS_MAX; i++)
        if (database->working.rows[i].poison)
            return poisoned(database, err);
    if (sim_happens(sim.plan.crash_points))
        longjmp(worker_death, 1);
    for (uint32_t i = 0; i < SIM_IDS_MAX; i++)
        if (database->working.rows[i].touched) {
            database->working.rows[i].written = strtoull(database->working.sequence, NULL, 10);
            database->working.rows[i].touched = false;
        }
    database->committed = database->working;
    if (sim_happens(sim.plan.crash_points))
        longjmp(worker_death, 1);
    return FAULT_NONE;
}

/* The part of a term or key behind its prefix is an id. */
static struct row *row_of(struct database *database, struct span name)
{
    uint32_t id = sim_id(name);
    SIM_PROPERTY(id < SIM_IDS_MAX, "id %u", id);
    return &database->working.rows[id];
}

enum fault database_add(struct database *database, const struct index_document *document, struct error *err)
{
    TRY(refused(database, err));
    struct row *row = row_of(database, document->unique);
    if (span_equal(document->data, SPAN("poison")))
        return poisoned(database, err);
    row->poison = row->poison || span_equal(document->data, SPAN("poison at the commit"));
    row->touched = true;
    row->documents++;
    if (document->value_count == 2) {
        row->present = true;
        row->version = version_read(document->values[0].bytes);
        memcpy(row->digest, document->values[1].bytes.at, sizeof row->digest);
    }
    return FAULT_NONE;
}

enum fault database_delete(struct database *database, struct span term, struct error *err)
{
    TRY(refused(database, err));
    struct row *row = row_of(database, term);
    row->touched = true;
    row->documents = 0;
    row->present = row->poison = false;
    return FAULT_NONE;
}

enum fault database_count(struct database *database, size_t part, uint64_t *documents, struct error *err)
{
    (void)part;
    TRY(refused(database, err));
    *documents = 0;
    for (uint32_t i = 0; i < SIM_IDS_MAX; i++)
        *documents += database->committed.rows[i].documents;
    return FAULT_NONE;
}

/* Is there any tombstone? That is all that is asked. */
enum fault database_meta_keys(struct database *database, size_t part, struct arena *arena, struct span prefix,
                              struct span after, size_t limit, struct span_list *out, struct error *err)
{
    static const struct span some = {"a tombstone", 11};
    (void)part;
    (void)arena;
    (void)prefix;
    (void)after;
    (void)limit;
    TRY(refused(database, err));
    *out = (struct span_list){&some, 0};
    for (uint32_t i = 0; i < SIM_IDS_MAX; i++)
        if (database->committed.rows[i].tombstone[0] != '\0')
            out->count = 1;
    return FAULT_NONE;
}

enum fault database_term_freq(struct database *database, size_t part, struct span term, uint64_t *documents,
                              struct error *err)
{
    (void)part;
    TRY(refused(database, err));
    *documents = row_of(database, term)->documents;
    return FAULT_NONE;
}

enum fault database_find(struct database *database, size_t part, struct arena *arena, struct span term,
                         const uint32_t *slots, size_t slot_count, struct span *values, struct span *data, bool *found,
                         struct error *err)
{
    (void)part;
    (void)slots;
    (void)slot_count;
    (void)data;
    TRY(refused(database, err));
    const struct row *row = row_of(database, term);
    *found = row->present;
    if (!row->present)
        return FAULT_NONE;
    unsigned char *bytes = arena_alloc(arena, 24);
    if (bytes == NULL)
        abort();
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)(row->version >> (56 - 8 * i));
    memcpy(bytes + 8, row->digest, 16);
    values[0] = (struct span){(char *)bytes, 8};
    values[1] = (struct span){(char *)bytes + 8, 16};
    return FAULT_NONE;
}

static char *meta_of(struct database *database, struct span key)
{
    return span_equal(key, schema_key(KEY_SEQUENCE)) ? database->working.sequence : row_of(database, key)->tombstone;
}

enum fault database_meta(struct database *database, size_t part, struct arena *arena, struct span key,
                         struct span *value, struct error *err)
{
    (void)part;
    TRY(refused(database, err));
    struct text copy = arena_copy(arena, span_of(meta_of(database, key)));
    *value = (struct span){copy.at, copy.size};
    return FAULT_NONE;
}

enum fault database_meta_set(struct database *database, struct span key, struct span value, struct error *err)
{
    TRY(refused(database, err));
    if (!span_equal(key, schema_key(KEY_SEQUENCE)))
        row_of(database, key)->touched = true;
    snprintf(meta_of(database, key), META_MAX, "%.*s", (int)value.size, value.at ? value.at : "");
    return FAULT_NONE;
}

/* ---- young.h ---- */

enum fault young_find(struct shard *shard, struct arena *arena, struct span term, const uint32_t *slots,
                      size_t slot_count, struct span *values, size_t *home, struct error *err)
{
    bool found = false;
    for (*home = 0; *home < shard->row.count; ++*home) {
        TRY(database_find(&young_parts[shard->number].items[*home], 0, arena, term, slots, slot_count, values, NULL,
                          &found, err));
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
        TRY(database_term_freq(&young_parts[shard->number].items[i], 0, term, &here, err));
        *documents += here;
    }
    return FAULT_NONE;
}

enum fault young_write(struct shard *shard, size_t home, struct database **out, struct error *err)
{
    struct young *young = &shard->row.items[home];
    *out = &young_parts[shard->number].items[home];
    if (young->writable == NULL) {
        young->stamp = ++shard->row.stamps;
        TRY(refused(*out, err));
    }
    young->writable = *out;
    return FAULT_NONE;
}

/* Nobody reads beside the writer here. */
void young_doubt(const struct shard *shard)
{
    (void)shard;
}

enum fault young_commit(struct shard *shard, struct error *err)
{
    const char *sequence = open_parts[shard->number].working.sequence;
    for (size_t i = 0; i < shard->row.count; i++) {
        struct database *database = shard->row.items[i].writable;
        if (database == NULL)
            continue;
        snprintf(database->working.sequence, META_MAX, "%s", sequence);
        TRY(database_commit(database, err));
        shard->row.items[i].writable = NULL;
    }
    return FAULT_NONE;
}

static struct database *fresh_of(struct shard *shard)
{
    return &young_parts[shard->number].items[YOUNG_MAX];
}

enum fault young_begin(struct shard *shard, struct error *err)
{
    *fresh_of(shard) = (struct database){.exists = false};
    return refused(fresh_of(shard), err);
}

enum fault young_add(struct shard *shard, const struct index_document *document, struct error *err)
{
    if (document->data.size > 0) /* either poison */
        return error_set(err, FAULT_REJECT, "document.term", "a term that Xapian does not take");
    return database_add(fresh_of(shard), document, err);
}

enum fault young_finish(struct shard *shard, struct error *err)
{
    return refused(fresh_of(shard), err);
}

enum fault young_publish(struct shard *shard, struct error *err)
{
    struct young_disk *young = &young_parts[shard->number];
    SIM_PROPERTY(young->count < YOUNG_MAX && shard->row.count == young->count, "no room for a young segment");
    snprintf(fresh_of(shard)->working.sequence, META_MAX, "%s", open_parts[shard->number].working.sequence);
    TRY(database_commit(fresh_of(shard), err));
    young->items[young->count++] = *fresh_of(shard);
    shard->row.items[shard->row.count++] = (struct young){.stamp = ++shard->row.stamps};
    if (sim_happens(sim.plan.disk_faults))
        return error_set(err, FAULT_STOP, "data.sync", "input/output error");
    if (sim_happens(sim.plan.crash_points))
        longjmp(worker_death, 1);
    return FAULT_NONE;
}

/* ---- merger.h: the two youngest, as they stood when it began ---- */

struct merger {
    bool runs;
    uint64_t stamps[2];
    struct state merged;
};

struct merger *merger_new(struct queue *bell)
{
    (void)bell;
    return calloc(1, sizeof(struct merger));
}

void merger_free(struct merger **merger)
{
    free(*merger);
    *merger = NULL;
}

bool merger_ready(const struct merger *merger)
{
    return merger->runs && random_below(&sim.random, 4) == 0;
}

bool merger_await(struct merger *merger, int timeout_ms)
{
    (void)timeout_ms;
    return merger->runs;
}

int merger_wait_ms(const struct merger *merger, const struct shard *shard, size_t most)
{
    (void)merger;
    (void)shard;
    (void)most;
    return -1;
}

void merger_start(struct merger *merger, struct shard *shard, size_t most)
{
    const struct young_disk *young = &young_parts[shard->number];
    size_t first = young->count - 2;
    if (merger->runs || young->count < 2 || (young->count < most && random_below(&sim.random, 4) != 0))
        return;
    *merger = (struct merger){.runs = true, .merged = young->items[first].committed};
    for (size_t i = 0; i < 2; i++)
        merger->stamps[i] = shard->row.items[first + i].stamp;
    for (uint32_t id = 0; id < SIM_IDS_MAX; id++)
        if (young->items[first + 1].committed.rows[id].documents > 0)
            merger->merged.rows[id] = young->items[first + 1].committed.rows[id];
}

enum fault merger_take(struct merger *merger, struct shard *shard, bool *taken, struct error *err)
{
    struct young_disk *young = &young_parts[shard->number];
    struct young_row *row = &shard->row;
    merger->runs = false;
    for (size_t i = 0; i + 1 < row->count; i++) {
        if (row->items[i].stamp != merger->stamps[0] || row->items[i + 1].stamp != merger->stamps[1])
            continue;
        young->items[i] = (struct database){.committed = merger->merged, .working = merger->merged};
        memmove(&young->items[i + 1], &young->items[i + 2], (young->count - i - 2) * sizeof young->items[0]);
        memmove(&row->items[i + 1], &row->items[i + 2], (row->count - i - 2) * sizeof row->items[0]);
        row->items[i] = (struct young){.stamp = ++row->stamps};
        young->count--;
        row->count--;
        merges++;
        *taken = true;
        return sim_happens(sim.plan.disk_faults) ? error_set(err, FAULT_STOP, "data.sync", "input/output error")
                                                 : FAULT_NONE;
    }
    return FAULT_NONE;
}
