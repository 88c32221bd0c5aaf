/* feeding_round: the list of a round, and what all rounds sum up to. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "feeding.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum fault out_of_memory(struct error *err)
{
    return error_set(err, FAULT_RETRY, "memory", "out of memory for the list of files; feed fewer at a time");
}

enum fault round_begin(struct feeding *feeding, struct error *err)
{
    round_end(feeding);
    return walk_begin(&feeding->round.walk) ? FAULT_NONE : out_of_memory(err);
}

void round_end(struct feeding *feeding)
{
    for (int fate = 0; fate < FATES; fate++)
        feeding->total[fate] += feeding->round.tally[fate];
    walk_done(&feeding->round.walk);
    free(feeding->round.sorted);
    feeding->round = (struct round){0};
}

enum fault thing_new(struct feeding *feeding, const struct thing *from, struct error *err)
{
    struct thing *thing = LIST_PUSH(feeding->round.walk.arena, &feeding->round.things);
    if (thing == NULL)
        return out_of_memory(err);
    *thing = *from;
    feeding->round.tally[thing->fate]++;
    return FAULT_NONE;
}

const char *folder_real(struct feeding *feeding, const char *path)
{
    struct stat state;
    if (stat(path, &state) != 0 || !S_ISDIR(state.st_mode))
        return "";
    char *real = realpath(path, NULL);
    const char *kept = real != NULL ? arena_copy(feeding->round.walk.arena, span_of(real)).at : "";
    free(real);
    return kept;
}

enum fault round_add_walked(struct feeding *feeding, size_t from, const char *root, struct error *err)
{
    for (size_t i = from; i < feeding->round.walk.files.count; i++) {
        const struct walk_file *file = &feeding->round.walk.files.items[i];
        TRY(thing_new(
            feeding,
            &(struct thing){.id = file->id, .path = file->path, .root = root, .problem = file->problem, .fate = TO_DO},
            err));
    }
    return FAULT_NONE;
}

enum fault round_add_path(struct feeding *feeding, const char *path, struct error *err)
{
    size_t from = feeding->round.walk.files.count;
    TRY(walk_add(&feeding->round.walk, path, &feeding->rules, err));
    const char *root = folder_real(feeding, path);
    return root != NULL ? round_add_walked(feeding, from, root, err) : out_of_memory(err);
}

enum fault round_add_deletion(struct feeding *feeding, const struct ledger_row *row, struct error *err)
{
    struct arena *arena = feeding->round.walk.arena;
    struct thing thing = {.id = arena_copy(arena, span_of(row->id)).at,
                          .path = arena_copy(arena, span_of(row->path)).at,
                          .root = arena_copy(arena, span_of(row->root)).at,
                          .fate = TO_DO,
                          .deletion = true,
                          .version = row->version};
    if (thing.id == NULL || thing.path == NULL || thing.root == NULL)
        return out_of_memory(err);
    return thing_new(feeding, &thing, err);
}

/* ---- By id ---- */

static int by_id(const void *a, const void *b)
{
    const struct thing *left = *(struct thing *const *)a, *right = *(struct thing *const *)b;
    int order = strcmp(left->id, right->id);
    return order ? order : (left > right) - (left < right); /* the first of the list first */
}

static enum fault double_report(struct feeding *feeding, const struct thing *first, struct thing *second,
                                struct error *err)
{
    if (second->problem != NULL)
        return FAULT_NONE;
    second->problem =
        arena_format(feeding->round.walk.arena, "its id '%s' is that of %s already", second->id, first->path).at;
    return second->problem != NULL ? FAULT_NONE : out_of_memory(err);
}

enum fault round_listed(struct feeding *feeding, struct error *err)
{
    struct round *round = &feeding->round;
    size_t count = round->things.count;
    free(round->sorted);
    round->sorted_count = count;
    round->sorted = calloc(count ? count : 1, sizeof(struct thing *));
    if (round->sorted == NULL)
        return out_of_memory(err);
    for (size_t i = 0; i < count; i++)
        round->sorted[i] = &round->things.items[i];
    qsort(round->sorted, count, sizeof *round->sorted, by_id);
    for (size_t i = 1, first = 0; i < count; i++) {
        if (strcmp(round->sorted[i]->id, round->sorted[first]->id) == 0)
            TRY(double_report(feeding, round->sorted[first], round->sorted[i], err));
        else
            first = i;
    }
    return FAULT_NONE;
}

struct thing *round_find(const struct round *round, const char *id)
{
    size_t low = 0, high = round->sorted_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(round->sorted[middle]->id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < round->sorted_count && strcmp(round->sorted[low]->id, id) == 0;
    return found ? round->sorted[low] : NULL;
}

/* ---- Without a worker ---- */

void round_fail_problems(struct feeding *feeding)
{
    for (size_t i = 0; i < feeding->round.things.count; i++) {
        struct thing *thing = &feeding->round.things.items[i];
        if (thing->fate == TO_DO && thing->problem != NULL)
            thing_fail(feeding, thing, thing->problem);
    }
}

static void digest_take(struct feeding *feeding, const struct read_file *file)
{
    struct thing *thing = &feeding->round.things.items[file->index];
    memcpy(thing->digest, file->digest, sizeof thing->digest);
    thing->stamp = file->stamp;
    if (file->fault != FAULT_NONE)
        thing_fail(feeding, thing, file->error.text);
}

enum fault round_digest(struct feeding *feeding, struct error *err)
{
    struct round *round = &feeding->round;
    struct read_task *tasks = arena_zero(round->walk.arena, round->things.count, sizeof *tasks);
    struct loader *loader;
    size_t count = 0;
    if (tasks == NULL)
        return out_of_memory(err);
    for (size_t i = 0; i < round->things.count; i++) {
        const struct thing *thing = &round->things.items[i];
        if (thing->fate == TO_DO && !thing->deletion)
            tasks[count++] = (struct read_task){i, thing->path, thing->id, feeding->rules.source};
    }
    if (count == 0)
        return FAULT_NONE;
    TRY(loader_start(tasks, count, (unsigned)feeding->jobs, true, &loader, err));
    while (!loader_ended(loader) && !feeding_interrupted()) {
        struct read_file *file = loader_take(loader, 100);
        if (file != NULL)
            digest_take(feeding, file);
        read_file_free(loader, &file);
    }
    loader_stop(&loader);
    return feeding_interrupted() ? error_set(err, FAULT_RETRY, "interrupted", "interrupted while files were read")
                                 : FAULT_NONE;
}

/* ---- What it sums up to ---- */

/* For people: the closing line again, one under the other, so that it can be seen to add up. Where a line has no room
 * for what a number means, all do without. */
static void table_show(size_t found, const size_t *total)
{
    enum { MEANING_COLUMNS = 56 };
    bool wide = terminal_columns() >= MEANING_COLUMNS;
    static const struct {
        const char *name;
        enum fate fate;
        const char *means;
    } rows[] = {{"committed", COMMITTED, "on disk and searchable now"},
                {"unchanged", UNCHANGED, "were there already"},
                {"superseded", SUPERSEDED, "older than what is there"},
                {"rejected", REJECTED, "break a rule, named above"},
                {"failed", FAILED, "left out, named above"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        fprintf(stderr, "  %10zu  %s%*s\n", total[rows[i].fate], rows[i].name,
                wide ? 12 - (int)strlen(rows[i].name) + (int)strlen(rows[i].means) : 0, wide ? rows[i].means : "");
    fprintf(stderr, "  ----------\n  %10zu  found\n", found);
    if (total[DELETED] > 0)
        fprintf(stderr, "  %10zu  deleted%s\n", total[DELETED], wide ? "     were gone from the folder" : "");
}

int feeding_sum_up(const struct feeding *feeding)
{
    const size_t *total = feeding->total;
    size_t found = total[COMMITTED] + total[UNCHANGED] + total[SUPERSEDED] + total[REJECTED] + total[FAILED];
    if (feeding->cpr_masked > 0)
        complain("%" PRIu64 " CPR numbers were masked", feeding->cpr_masked);
    if (feeding->rejected_before > 0)
        complain("%zu of the rejected were not sent again: the worker would reject them as it did before; mend the "
                 "files, or send them with --retry-rejected",
                 feeding->rejected_before);
    if (isatty(STDERR_FILENO) && isatty(STDOUT_FILENO))
        table_show(found, total);
    printf("found=%zu committed=%zu unchanged=%zu superseded=%zu rejected=%zu failed=%zu deleted=%zu\n", found,
           total[COMMITTED], total[UNCHANGED], total[SUPERSEDED], total[REJECTED], total[FAILED], total[DELETED]);
    if (!output_finish())
        return FAILURE;
    if (feeding_interrupted() && !feeding->watching)
        return INTERRUPTED;
    return total[REJECTED] + total[FAILED] == 0 ? DONE : FAILURE;
}
