/* load: segments in memory; instead of worker/bulk, and of worker/write/publication.c.
 *
 * A segment is a list of documents under the name of its folder. A publication appends them to what is committed, open
 * and closed ones at once, as a compaction and the switch of two stubs do: what stood there already is there twice
 * then, so whoever lets a known id into a session is found out. */
#include "simulation.h"

#include "builder.h"
#include "publication.h"
#include "random.h"
#include "version.h"

#include <stdio.h>
#include <stdlib.h>

enum { SEGMENTS_MAX = 256, PARTS = 2 * SIM_SHARDS_MAX };

struct builder {
    struct sim_segment *segment;
};

static struct sim_segment *segments[PARTS][SEGMENTS_MAX];
static uint64_t publications;

uint64_t load_publications(void)
{
    return publications;
}

/* "open 1" and "closed 1", with " load 7" behind for a segment. */
static unsigned part_of(const char *path)
{
    const char *number = strchr(path, ' ');
    if (number == NULL)
        abort(); /* no part */
    return (unsigned)strtoul(number, NULL, 10) * 2 + (path[0] == 'c');
}

static struct sim_segment **segment_of(const char *path)
{
    const char *number = strstr(path, " load ");
    if (number == NULL)
        abort(); /* no segment */
    unsigned long at = strtoul(number + 6, NULL, 10);
    SIM_PROPERTY(at < SEGMENTS_MAX, "%lu segments", at);
    return &segments[part_of(path)][at];
}

/* ---- publication.h ---- */

enum fault segment_path(const struct shard_part *part, unsigned number, char out[static PATH_MAX], struct error *err)
{
    (void)err;
    snprintf(out, PATH_MAX, "%.20s load %u", part->path, number);
    return FAULT_NONE;
}

static void segment_remove(struct sim_segment **segment)
{
    if (*segment == NULL)
        return;
    free((*segment)->items);
    free(*segment);
    *segment = NULL;
}

void segments_remove(const struct shard_part *part)
{
    for (size_t i = 0; i < SEGMENTS_MAX; i++)
        segment_remove(&segments[part_of(part->path)][i]);
}

static void segment_join(struct sim_segment *all, const struct sim_segment *more)
{
    all->items = realloc(all->items, (all->count + more->count + 1) * sizeof *all->items);
    if (all->items == NULL)
        abort();
    memcpy(all->items + all->count, more->items, more->count * sizeof *more->items);
    all->count += more->count;
}

static struct sim_segment segments_merge(const struct shard_part *part, unsigned count)
{
    struct sim_segment all = {0};
    for (unsigned i = 1; i <= count; i++) {
        const struct sim_segment *segment = segments[part_of(part->path)][i];
        if (segment == NULL || !segment->whole)
            sim_fail("a whole segment", "segment %u of %s is none", i, part->path);
        else
            segment_join(&all, segment);
    }
    return all;
}

/* It happens in one moment. Whoever dies or fails before it has published nothing; behind it everything, told or not.
 */
enum fault publication_run(struct shard *shard, unsigned open, unsigned closed, struct error *err)
{
    if (sim_happens(sim.plan.disk_faults * 10))
        return error_set(err, FAULT_REOPEN, "bulk.write", "no space left on device");
    if (sim_happens(sim.plan.disk_faults * 10)) {
        shard_close(shard);
        return error_set(err, FAULT_REOPEN, "generation.publish", "input/output error");
    }
    if (sim_happens(sim.plan.crash_points))
        longjmp(worker_death, 1);
    struct sim_segment of_open = segments_merge(&shard->open, open), of_closed = segments_merge(&shard->closed, closed);
    sim_trace("shard %u publishes %zu open and %zu closed documents", shard->number, of_open.count, of_closed.count);
    disk_publish(shard->number, &of_open, &of_closed);
    free(of_open.items);
    free(of_closed.items);
    publications++;
    if (sim_happens(sim.plan.crash_points))
        longjmp(worker_death, 1);
    shard->sequence = disk_sequence(shard->number);
    shard->row.count = 0; /* what was young is part of it */
    return FAULT_NONE;
}

/* ---- builder.h ---- */

struct builder *builder_new(const struct builder_options *options)
{
    (void)options;
    return calloc(1, sizeof(struct builder));
}

void builder_free(struct builder **builder)
{
    free(*builder);
    *builder = NULL;
}

enum fault builder_begin(struct builder *builder, const char *folder, struct error *err)
{
    struct sim_segment **segment = segment_of(folder);
    SIM_PROPERTY(*segment == NULL, "%s is there already", folder);
    if (sim_happens(sim.plan.disk_faults))
        return error_set(err, FAULT_REOPEN, "bulk.write", "no space left on device");
    builder->segment = *segment = calloc(1, sizeof **segment);
    if (*segment == NULL)
        abort();
    return FAULT_NONE;
}

enum fault builder_add(struct builder *builder, const struct index_document *document, struct error *err)
{
    struct sim_loaded loaded = {.id = sim_id(document->unique), .meeting = document->value_count == 2};
    if (document->data.size > 0)
        return error_set(err, FAULT_REJECT, "document.term", "a term that Xapian does not take");
    if (sim_happens(sim.plan.disk_faults))
        return error_set(err, FAULT_REOPEN, "bulk.write", "no space left on device");
    if (loaded.meeting) {
        loaded.version = version_read(document->values[0].bytes);
        memcpy(loaded.digest, document->values[1].bytes.at, sizeof loaded.digest);
    }
    segment_join(builder->segment, &(struct sim_segment){.items = &loaded, .count = 1});
    return FAULT_NONE;
}

bool builder_full(const struct builder *builder)
{
    return builder->segment->count >= sim.plan.segment_max;
}

enum fault builder_spill(struct builder *builder, struct error *err)
{
    (void)builder;
    if (sim_happens(sim.plan.disk_faults))
        return error_set(err, FAULT_REOPEN, "bulk.write", "no space left on device");
    return FAULT_NONE;
}

bool builder_is_spent(const struct builder *builder)
{
    return builder->segment->count >= 2 * (size_t)sim.plan.segment_max;
}

uint32_t builder_documents(const struct builder *builder)
{
    return (uint32_t)builder->segment->count;
}

size_t builder_bytes(const struct builder *builder)
{
    return builder->segment->count;
}

enum fault builder_finish(struct builder *builder, struct builder_summary *summary, struct error *err)
{
    *summary = (struct builder_summary){.documents = (uint32_t)builder->segment->count};
    if (sim_happens(sim.plan.disk_faults))
        return error_set(err, FAULT_REOPEN, "bulk.write", "no space left on device");
    builder->segment->whole = true;
    return FAULT_NONE;
}

enum fault builder_guard(const char *stock_folder, struct error *err)
{
    (void)stock_folder;
    (void)err;
    return FAULT_NONE;
}
