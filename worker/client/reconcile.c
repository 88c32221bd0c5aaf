/* reconcile: source, ledger and index side by side, shard by shard; what differs is named, and mended on request. */
#include "feeding.h"

#include "comparison.h"
#include "snippet.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct reconcile {
    struct feeding feeding;
    const char *ledger; /* as given */
    struct option_list endings;
    const char *version_from;
    bool mend;
    struct root {
        const char *path; /* absolute; "": a file, or nothing */
        bool trusted;     /* what is not there is gone */
    } * roots;
    size_t root_count;
    bool all_seen; /* every path could be read, and none is an empty folder */
    struct shadows shadows;
    size_t same, missing, extra, other, stale, rejected;
    size_t elsewhere; /* of other folders, by the ledger: none of our business */
    size_t mended;    /* stale rows that were put right; the rest is in the counts of the round */
    size_t left;      /* extra, and not ours to delete */
    size_t kept;      /* extra, but what is gone cannot be told from what is not to be seen */
    LIST(struct ledger_row) deletions;
};

static void name_difference(const char *what, const char *id)
{
    printf("%s ", what);
    text_render(id, stdout);
    putchar('\n');
}

/* ---- One id ---- */

/* Its content has to be sent, whatever the ledger says. */
static enum fault file_send(struct reconcile *reconcile, struct thing *thing, const struct ledger_row *row,
                            struct error *err)
{
    if (thing->fate != TO_DO)
        thing_settle(&reconcile->feeding, thing, TO_DO);
    if (!reconcile->mend || row == NULL)
        return FAULT_NONE;
    struct ledger_row lost = *row;
    lost.intended = true;
    return ledger_settle(reconcile->feeding.ledger, &lost, err);
}

/* The index holds what the file holds: the ledger may say so. */
static enum fault file_adopt(struct reconcile *reconcile, struct thing *thing,
                             const struct referent_inventory_entry *entry, struct error *err)
{
    struct ledger_row row = {.id = thing->id,
                             .root = thing->root,
                             .path = thing->path,
                             .stamp = thing->stamp,
                             .version = entry->version,
                             .status = LEDGER_UNCHANGED};
    memcpy(row.digest, thing->digest, sizeof row.digest);
    return ledger_settle(reconcile->feeding.ledger, &row, err);
}

/* No worker takes it as it is: the ledger says so, or its id does. */
static bool is_rejected(struct reconcile *reconcile, struct thing *thing, const struct ledger_row *row)
{
    struct error why;
    if (thing_id_check(thing, &why) != FAULT_NONE)
        thing_reject_id(&reconcile->feeding, thing, &why);
    else if (row != NULL && memcmp(row->digest, thing->digest, sizeof row->digest) == 0 &&
             ledger_row_rejects(&reconcile->feeding, row))
        thing_reject(&reconcile->feeding, thing, row);
    return thing->fate == REJECTED;
}

static enum fault file_compare(struct reconcile *reconcile, struct thing *thing,
                               const struct referent_inventory_entry *entry, const struct ledger_row *row,
                               struct error *err)
{
    bool there = entry != NULL && !entry->deleted;
    thing->seen = true;
    if (thing->fate == FAILED)
        return FAULT_NONE; /* named already: it cannot be read */
    if (there && memcmp(entry->digest, thing->digest, sizeof thing->digest) == 0) {
        reconcile->same++;
        thing_settle(&reconcile->feeding, thing, UNCHANGED);
        return reconcile->mend ? file_adopt(reconcile, thing, entry, err) : FAULT_NONE;
    }
    if (is_rejected(reconcile, thing, row)) {
        name_difference("rejected", thing->id);
        reconcile->rejected++;
        return FAULT_NONE;
    }
    name_difference(there ? "other" : "missing", thing->id);
    reconcile->other += there;
    reconcile->missing += !there;
    return file_send(reconcile, thing, row, err);
}

/* The path that the row came from, or NULL. */
static const struct root *root_of(const struct reconcile *reconcile, const struct ledger_row *row)
{
    for (size_t i = 0; row != NULL && i < reconcile->root_count; i++)
        if (*row->root != '\0' && strcmp(reconcile->roots[i].path, row->root) == 0)
            return &reconcile->roots[i];
    return NULL;
}

/* One ledger may serve several folders. What came from one that is no more is nobody's. */
static bool is_elsewhere(const struct reconcile *reconcile, const struct ledger_row *row)
{
    return row != NULL && *row->root != '\0' && root_of(reconcile, row) == NULL && access(row->root, F_OK) == 0;
}

static bool in_scope(const struct reconcile *reconcile, const char *id)
{
    size_t size = strlen(reconcile->feeding.rules.source);
    return size == 0 || (strncmp(id, reconcile->feeding.rules.source, size) == 0 && id[size] == '/');
}

/* In the index and not among the files. Deletions are added behind the comparison, which looks the round's things up.
 */
static enum fault extra_note(struct reconcile *reconcile, const struct referent_inventory_entry *entry,
                             const struct ledger_row *row, struct error *err)
{
    if (!in_scope(reconcile, entry->id) || shadows_hide(&reconcile->shadows, entry->id))
        return FAULT_NONE;
    if (is_elsewhere(reconcile, row)) {
        reconcile->elsewhere++;
        return FAULT_NONE;
    }
    name_difference("extra", entry->id);
    reconcile->extra++;
    const struct root *root = root_of(reconcile, row);
    bool wanted = root != NULL || reconcile->feeding.mirror, gone = root != NULL ? root->trusted : reconcile->all_seen;
    reconcile->left += !wanted;
    reconcile->kept += wanted && !gone;
    if (!wanted || !gone)
        return FAULT_NONE;
    struct arena *arena = reconcile->feeding.round.walk.arena;
    struct ledger_row *deletion = LIST_PUSH(arena, &reconcile->deletions);
    if (deletion == NULL)
        return error_set(err, FAULT_RETRY, "memory", "out of memory");
    *deletion = (struct ledger_row){.id = arena_copy(arena, span_of(entry->id)).at,
                                    .root = arena_copy(arena, span_of(row != NULL ? row->root : "")).at,
                                    .path = "",
                                    .version = entry->version};
    bool whole = deletion->id != NULL && deletion->root != NULL;
    return whole ? FAULT_NONE : error_set(err, FAULT_RETRY, "memory", "out of memory");
}

static enum fault visit(void *self, const struct referent_inventory_entry *entry, const struct ledger_row *row,
                        struct error *err)
{
    struct reconcile *reconcile = self;
    const char *id = row != NULL ? row->id : entry->id;
    struct thing *thing = round_find(&reconcile->feeding.round, id);
    if (row != NULL && !row->intended && !ledger_row_holds(entry, row)) {
        name_difference("stale", id);
        reconcile->stale++;
        reconcile->mended += reconcile->mend;
    }
    if (thing != NULL)
        return file_compare(reconcile, thing, entry, row, err);
    if (entry != NULL && !entry->deleted)
        return extra_note(reconcile, entry, row, err);
    bool void_row = row != NULL && row->status != LEDGER_DELETED;
    return void_row && reconcile->mend ? ledger_forget(reconcile->feeding.ledger, id, err) : FAULT_NONE;
}

/* ---- The whole ---- */

static enum fault roots_judge(struct reconcile *reconcile, struct error *err)
{
    struct feeding *feeding = &reconcile->feeding;
    TRY(shadows_find(feeding, &reconcile->shadows, err));
    reconcile->all_seen = reconcile->shadows.ids.count == 0;
    for (size_t i = 0; i < reconcile->root_count; i++) {
        struct root *root = &reconcile->roots[i];
        root->trusted = *root->path == '\0' || mirror_trusts(feeding, root->path);
        reconcile->all_seen = reconcile->all_seen && root->trusted;
    }
    return FAULT_NONE;
}

static enum fault files_list(struct reconcile *reconcile, const struct operands *paths, struct error *err)
{
    struct feeding *feeding = &reconcile->feeding;
    TRY(round_begin(feeding, err));
    reconcile->roots = arena_zero(feeding->round.walk.arena, paths->count, sizeof *reconcile->roots);
    if (reconcile->roots == NULL)
        return error_set(err, FAULT_RETRY, "memory", "out of memory");
    for (size_t i = 0; i < paths->count; i++) {
        TRY(round_add_path(feeding, paths->words[i], err));
        reconcile->roots[i].path = folder_real(feeding, paths->words[i]);
        if (reconcile->roots[i].path == NULL)
            return error_set(err, FAULT_RETRY, "memory", "out of memory");
        reconcile->root_count++;
    }
    TRY(round_listed(feeding, err));
    TRY(roots_judge(reconcile, err));
    round_fail_problems(feeding);
    if (feeding->ledger != NULL)
        TRY(ledger_plan(feeding, err));
    return round_digest(feeding, err);
}

static enum fault shards_compare(struct reconcile *reconcile, struct error *err)
{
    struct feeding *feeding = &reconcile->feeding;
    const struct referent_shard *map;
    TRY(feeding_await(feeding, err));
    size_t count = referent_feeder_shards(feeding->feeder, &map, NULL);
    for (uint32_t shard = 0; shard < count; shard++) {
        struct comparison seen;
        TRY(comparison_run(feeding->feeder, feeding->ledger, shard, (uint32_t)count, (int)feeding->patience_s * 1000,
                           visit, reconcile, &seen, err));
        if (reconcile->mend)
            TRY(ledger_shard_agree(feeding->ledger, shard, seen.lineage, seen.sequence, err));
    }
    for (size_t i = 0; i < feeding->round.things.count; i++) {
        struct thing *thing = &feeding->round.things.items[i];
        if (!thing->seen && thing->fate != FAILED)
            TRY(file_compare(reconcile, thing, NULL, NULL, err));
    }
    return FAULT_NONE;
}

static enum fault mend(struct reconcile *reconcile, struct error *err)
{
    struct feeding *feeding = &reconcile->feeding;
    for (size_t i = 0; i < reconcile->deletions.count; i++)
        TRY(round_add_deletion(feeding, &reconcile->deletions.items[i], err));
    TRY(round_listed(feeding, err));
    TRY(ledger_sync(feeding->ledger, err));
    size_t same = feeding->round.tally[UNCHANGED];
    round_run(feeding);
    const size_t *tally = feeding->round.tally;
    reconcile->mended += tally[COMMITTED] + tally[DELETED] + (tally[UNCHANGED] - same);
    if (reconcile->left > 0)
        complain("%zu extra documents are not known to come from here and were left; --mirror deletes them",
                 reconcile->left);
    if (reconcile->kept > 0)
        complain("%zu extra documents were left, because a folder is empty or something could not be read; mount it, "
                 "or give --allow-empty to delete what an empty folder has not got",
                 reconcile->kept);
    return FAULT_NONE;
}

static int sum_up(const struct reconcile *reconcile)
{
    size_t differences =
        reconcile->missing + reconcile->extra + reconcile->other + reconcile->stale + reconcile->rejected;
    size_t failed = reconcile->feeding.round.tally[FAILED];
    if (reconcile->rejected > 0)
        complain("%zu files were rejected as they are: mend them, send them once more with --mend --retry-rejected, or "
                 "look at them with `referent dead list`",
                 reconcile->rejected);
    printf("found=%zu same=%zu missing=%zu other=%zu rejected=%zu extra=%zu stale=%zu failed=%zu mended=%zu "
           "elsewhere=%zu\n",
           reconcile->same + reconcile->missing + reconcile->other + reconcile->rejected + failed, reconcile->same,
           reconcile->missing, reconcile->other, reconcile->rejected, reconcile->extra, reconcile->stale, failed,
           reconcile->mended, reconcile->elsewhere);
    if (!output_finish())
        return FAILURE;
    return failed == 0 && reconcile->mended == differences ? DONE : FAILURE;
}

static int reconcile_paths(struct reconcile *reconcile, const struct operands *paths)
{
    struct feeding *feeding = &reconcile->feeding;
    struct error error;
    enum fault fault = ledger_open_named(reconcile->ledger, feeding->endpoint, feeding->rules.source, paths->words,
                                         paths->count, !reconcile->mend, &feeding->ledger, &error);
    if (fault == FAULT_NONE)
        fault = feeding_begin(feeding, &error);
    if (fault == FAULT_NONE)
        fault = files_list(reconcile, paths, &error);
    if (fault == FAULT_NONE)
        fault = shards_compare(reconcile, &error);
    if (fault == FAULT_NONE && reconcile->mend)
        fault = mend(reconcile, &error);
    int exit_code = FAILURE;
    if (fault == FAULT_NONE)
        exit_code = sum_up(reconcile);
    else
        complain("%s (%s)", error.text, error.rule);
    feeding_end(feeding);
    ledger_close(&feeding->ledger);
    return feeding_interrupted() ? INTERRUPTED : exit_code;
}

int reconcile_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv)
{
    bool help = false;
    struct reconcile reconcile = {.feeding = {.patience_s = 60, .jobs = 1, .client = "referent reconcile"}};
    struct feeding *feeding = &reconcile.feeding;
    feeding->rules.source = "";
    const struct option_row rows[] = {
        {OPTION_FLAG, "mend", 0, &reconcile.mend, NULL, "feed what is missing or other, delete what is extra and ours",
         0, 0},
        {OPTION_FLAG, "mirror", 0, &feeding->mirror, NULL, "with --mend: delete every extra document", 0, 0},
        {OPTION_FLAG, "allow-empty", 0, &feeding->allow_empty, NULL, "with --mend: also when a folder is empty", 0, 0},
        {OPTION_FLAG, "retry-rejected", 0, &feeding->retry_rejected, NULL,
         "with --mend: send again what was rejected as it is", 0, 0},
        {OPTION_TEXT, "ledger", 0, &reconcile.ledger, "FILE", "the ledger of these paths (auto)", 0, 0},
        {OPTION_TEXT, "source", 0, &feeding->rules.source, "NAME", "the tenant: ids begin with NAME/", 0, 0},
        {OPTION_LIST, "ext", 0, &reconcile.endings, "ENDING", "files with this ending too, such as .html", 0, 0},
        {OPTION_TEXT, "version-from", 0, &reconcile.version_from, "mtime",
         "a document's version is its file's time; else 0, unversioned", 0, 0},
        {OPTION_NUMBER, "jobs", 0, &feeding->jobs, "N", "so many threads read files (1)", 1, LOADER_JOBS_MAX},
        {OPTION_NUMBER, "patience", 0, &feeding->patience_s, "SECONDS", "give up after so long without any answer (60)",
         1, 86400},
        ROW_FEED(&endpoints->feed),
        ROW_HELP(&help),
        ROW_END};
    struct operands paths;
    int exit_code;
    if (!command_begin(self, rows, &help, argc, argv, &paths, &exit_code))
        return exit_code;
    if (paths.count == 0)
        return command_usage(self, "give the files or folders to compare");
    if (feeding->mirror && !reconcile.mend)
        return command_usage(self, "--mirror says what --mend may delete; give both");
    if (feeding->allow_empty && !reconcile.mend)
        return command_usage(self, "--allow-empty says what --mend may delete; give both");
    if (feeding->retry_rejected && !reconcile.mend)
        return command_usage(self, "--retry-rejected says what --mend sends; give both");
    if (reconcile.version_from != NULL && strcmp(reconcile.version_from, "mtime") != 0)
        return command_usage(self, "--version-from takes mtime, not '%s'", reconcile.version_from);
    feeding->endpoint = endpoints->feed;
    feeding->by_mtime = reconcile.version_from != NULL;
    feeding->rules.endings = reconcile.endings.items;
    feeding->rules.ending_count = reconcile.endings.count;
    return reconcile_paths(&reconcile, &paths);
}
