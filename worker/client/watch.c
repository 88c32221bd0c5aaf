/* watch: looks that wait until a path rests, and a round for those that do. Thread: the command's. */
#include "watch.h"

#include "clock.h"
#include "sentry.h"
#include "shard_map.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/stat.h>

enum { IDLE_MS = 50, AGAIN_MS = 5000, WRITING_RESTS = 10, BUCKETS = 4096 };

/* A path to look at, in its bucket. */
struct look {
    LIST_ENTRY(look) link;
    size_t root;
    int64_t due_ms;
    char below[];
};
LIST_HEAD(looks, look);

struct watch {
    struct feeding *feeding;
    const struct operands *paths;
    const char **roots; /* absolute, one a path */
    struct sentry *sentry;
    struct looks buckets[BUCKETS];
    int64_t rest_ms;
    uint64_t welcomes; /* greetings that were seen */
    int64_t rescan_ms; /* when everything is looked at; INT64_MAX: not now */
};

/* ---- Looks ---- */

static struct looks *bucket_of(struct watch *watch, const char *below)
{
    return &watch->buckets[id_hash(span_of(below)) % BUCKETS];
}

/* `later`: a look that is there already is moved to due_ms; otherwise it stays, as it may wait for a writer. */
static void look_add(struct watch *watch, size_t root, const char *below, int64_t due_ms, bool later)
{
    struct looks *bucket = bucket_of(watch, below);
    struct look *look;
    LIST_FOREACH(look, bucket, link)
    if (look->root == root && strcmp(look->below, below) == 0) {
        look->due_ms = later ? due_ms : look->due_ms;
        return;
    }
    size_t size = strlen(below) + 1;
    look = malloc(sizeof *look + size);
    if (look == NULL) {
        watch->rescan_ms = due_ms; /* what cannot be remembered is found by looking at everything */
        return;
    }
    look->root = root;
    look->due_ms = due_ms;
    memcpy(look->below, below, size);
    LIST_INSERT_HEAD(bucket, look, link);
}

static void looks_forget(struct watch *watch)
{
    for (size_t i = 0; i < BUCKETS; i++)
        for (struct look *look; (look = LIST_FIRST(&watch->buckets[i])) != NULL;) {
            LIST_REMOVE(look, link);
            free(look);
        }
}

static void saw(void *self, size_t root, const char *below, bool writing)
{
    struct watch *watch = self;
    look_add(watch, root, below, clock_steady_ms() + watch->rest_ms * (writing ? WRITING_RESTS : 1), true);
}

/* ---- One look ---- */

/* A folder that is gone and the files that were in it may be looked at in one round. */
static bool is_listed(const struct round *round, const char *id)
{
    for (size_t i = 0; i < round->things.count; i++)
        if (round->things.items[i].deletion && strcmp(round->things.items[i].id, id) == 0)
            return true;
    return false;
}

/* What the ledger has at or below a path that is gone. */
static enum fault gone_add(struct watch *watch, const struct look *look, struct error *err)
{
    struct feeding *feeding = watch->feeding;
    const char *source = feeding->rules.source;
    char base[REFERENT_ID_MAX_BYTES + 1], after[REFERENT_ID_MAX_BYTES + 2];
    struct ledger_row row;
    bool found;
    int size = snprintf(base, sizeof base, "%s%s%s", source, *source ? "/" : "", look->below);
    if (size >= (int)sizeof base)
        return FAULT_NONE; /* longer than any id */
    TRY(ledger_find(feeding->ledger, base, &row, &found, err));
    snprintf(after, sizeof after, "%s/", base);
    for (bool first = true;; first = false) {
        bool inside = found && (first || strncmp(row.id, after, (size_t)size + 1) == 0);
        if (inside && strcmp(row.root, watch->roots[look->root]) == 0 &&
            (row.status != LEDGER_DELETED || row.intended) && !is_listed(&feeding->round, row.id))
            TRY(round_add_deletion(feeding, &row, err));
        if (!first && !inside)
            return FAULT_NONE;
        char from[REFERENT_ID_MAX_BYTES + 2];
        snprintf(from, sizeof from, "%s", first ? after : row.id);
        TRY(ledger_next(feeding->ledger, from, &row, &found, err));
    }
}

/* Files of a folder that has come get looks of their own: they may be on their way still. */
static enum fault folder_look(struct watch *watch, const struct look *look, const char *path, struct error *err)
{
    struct walk walk;
    TRY(sentry_add(watch->sentry, look->root, path, look->below, err));
    if (!walk_begin(&walk))
        return error_set(err, FAULT_RETRY, "memory", "out of memory");
    struct walk_rules rules = watch->feeding->rules;
    rules.source = "";
    enum fault fault = walk_add_below(&walk, watch->roots[look->root], look->below, &rules, err);
    for (size_t i = 0; fault == FAULT_NONE && i < walk.files.count; i++)
        look_add(watch, look->root, walk.files.items[i].id, clock_steady_ms() + watch->rest_ms, false);
    walk_done(&walk);
    return fault;
}

static enum fault look_do(struct watch *watch, const struct look *look, struct error *err)
{
    struct feeding *feeding = watch->feeding;
    struct stat state;
    const char *path = arena_format(feeding->round.walk.arena, "%s/%s", watch->roots[look->root], look->below).at;
    if (path == NULL)
        return error_set(err, FAULT_RETRY, "memory", "out of memory");
    if (stat(path, &state) != 0)
        return feeding->mirror ? gone_add(watch, look, err) : FAULT_NONE;
    if (S_ISDIR(state.st_mode))
        return folder_look(watch, look, path, err);
    size_t from = feeding->round.walk.files.count;
    TRY(walk_add_below(&feeding->round.walk, watch->roots[look->root], look->below, &feeding->rules, err));
    return round_add_walked(feeding, from, watch->roots[look->root], err);
}

/* A round of what has rested. Looks that a look makes are not due yet. */
static enum fault looks_round(struct watch *watch, struct error *err)
{
    int64_t now_ms = clock_steady_ms();
    bool any = false;
    for (size_t i = 0; i < BUCKETS; i++) {
        struct look *look, *next;
        for (look = LIST_FIRST(&watch->buckets[i]); look != NULL; look = next) {
            next = LIST_NEXT(look, link);
            if (look->due_ms > now_ms)
                continue;
            if (!any)
                TRY(round_begin(watch->feeding, err));
            any = true;
            LIST_REMOVE(look, link);
            enum fault fault = look_do(watch, look, err);
            free(look);
            TRY(fault);
        }
    }
    if (!any || watch->feeding->round.things.count == 0)
        return FAULT_NONE;
    TRY(round_listed(watch->feeding, err));
    round_run(watch->feeding);
    return FAULT_NONE;
}

/* ---- Everything ---- */

/* Files that were written a moment ago wait, like those that are written while we watch. */
static void young_defer(struct watch *watch)
{
    struct round *round = &watch->feeding->round;
    size_t source = strlen(watch->feeding->rules.source), kept = 0;
    for (size_t i = 0; i < round->things.count; i++) {
        struct thing *thing = &round->things.items[i];
        struct stat state;
        bool young = !thing->deletion && thing->problem == NULL && stat(thing->path, &state) == 0 &&
                     clock_calendar_ms() - (int64_t)state.st_mtim.tv_sec * 1000 < watch->rest_ms + 1000;
        size_t root = 0;
        while (young && root + 1 < watch->paths->count && strcmp(watch->roots[root], thing->root) != 0)
            root++;
        if (young) {
            look_add(watch, root, thing->id + source + (source > 0), clock_steady_ms() + watch->rest_ms, false);
            round->tally[TO_DO]--;
        } else {
            round->things.items[kept++] = *thing;
        }
    }
    round->things.count = kept;
}

static enum fault whole_round(struct watch *watch, struct error *err)
{
    struct feeding *feeding = watch->feeding;
    watch->rescan_ms = INT64_MAX;
    TRY(round_begin(feeding, err));
    for (size_t i = 0; i < watch->paths->count; i++) {
        TRY(sentry_add(watch->sentry, i, watch->roots[i], "", err)); /* first: what comes meanwhile is told */
        size_t from = feeding->round.walk.files.count;
        TRY(walk_add(&feeding->round.walk, watch->roots[i], &feeding->rules, err));
        TRY(round_add_walked(feeding, from, watch->roots[i], err));
    }
    TRY(round_listed(feeding, err));
    if (feeding->mirror)
        TRY(mirror_plan(feeding, watch->roots, watch->paths->count, err));
    young_defer(watch);
    TRY(round_listed(feeding, err));
    round_run(feeding);
    return FAULT_NONE;
}

/* Keep the connection alive; a worker that greets anew may have another index. */
static enum fault idle(struct watch *watch, struct error *err)
{
    struct referent_receipt receipt;
    struct referent_error error;
    const struct referent_shard *shards;
    uint64_t welcomes;
    enum referent_result result = referent_feeder_poll(watch->feeding->feeder, IDLE_MS, &receipt, &error);
    if (result != REFERENT_OK && result != REFERENT_AGAIN)
        return error_set(err, FAULT_STOP, error.rule, "%s", error.text);
    referent_feeder_shards(watch->feeding->feeder, &shards, &welcomes);
    if (welcomes != watch->welcomes)
        watch->rescan_ms = clock_steady_ms();
    watch->welcomes = welcomes;
    return FAULT_NONE;
}

static enum fault watch_loop(struct watch *watch, struct error *err)
{
    const struct referent_shard *shards;
    TRY(whole_round(watch, err));
    referent_feeder_shards(watch->feeding->feeder, &shards, &watch->welcomes);
    complain("watching %zu folders", sentry_folders(watch->sentry));
    while (!feeding_interrupted()) {
        bool lost;
        if (watch->feeding->stopped == FAULT_STOP)
            return error_set(err, FAULT_STOP, "watch.stopped", "the watch ends: see above");
        if (watch->feeding->stopped != FAULT_NONE && watch->rescan_ms == INT64_MAX)
            watch->rescan_ms = clock_steady_ms() + AGAIN_MS;
        sentry_read(watch->sentry, saw, watch, &lost);
        if (lost || clock_steady_ms() >= watch->rescan_ms)
            TRY(whole_round(watch, err));
        else
            TRY(looks_round(watch, err));
        TRY(idle(watch, err));
    }
    return FAULT_NONE;
}

/* The places of the folders, which outlive every round. */
static enum fault roots_find(struct watch *watch, struct arena *arena, struct error *err)
{
    watch->roots = arena_zero(arena, watch->paths->count, sizeof *watch->roots);
    for (size_t i = 0; watch->roots != NULL && i < watch->paths->count; i++) {
        TRY(round_begin(watch->feeding, err));
        const char *real = folder_real(watch->feeding, watch->paths->words[i]);
        watch->roots[i] = real != NULL ? arena_copy(arena, span_of(real)).at : NULL;
        if (watch->roots[i] == NULL)
            break;
    }
    bool whole = watch->roots != NULL && watch->roots[watch->paths->count - 1] != NULL;
    return whole ? FAULT_NONE : error_set(err, FAULT_RETRY, "memory", "out of memory");
}

enum fault watch_run(struct feeding *feeding, const struct operands *paths, uint64_t rest_ms, struct error *err)
{
    struct watch *watch = calloc(1, sizeof *watch);
    struct arena *arena = arena_new(SIZE_MAX);
    enum fault fault = FAULT_NONE;
    if (watch == NULL || arena == NULL) {
        fault = error_set(err, FAULT_RETRY, "memory", "out of memory");
        goto out;
    }
    *watch = (struct watch){.feeding = feeding, .paths = paths, .rest_ms = (int64_t)rest_ms, .rescan_ms = INT64_MAX};
    fault = roots_find(watch, arena, err);
    if (fault == FAULT_NONE)
        fault = sentry_new(&watch->sentry, err);
    if (fault == FAULT_NONE)
        fault = watch_loop(watch, err);
    round_end(feeding);
    looks_forget(watch);
    sentry_free(&watch->sentry);
out:
    arena_free(&arena);
    free(watch);
    return fault;
}
