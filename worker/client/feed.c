/* feed: the command. Files and folders -> one round of feeding (or, with --watch, one after another) -> a line that
 * adds up. */
#include "feeding.h"

#include "snippet.h"
#include "watch.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct feed {
    struct feeding feeding;
    const char *version_from;
    const char *ledger; /* as given */
    struct option_list endings;
    uint64_t rest_ms;
    bool dry_run;
};

/* The files of all paths, and what is gone from them. */
static enum fault round_plan(struct feeding *feeding, const struct operands *paths, struct error *err)
{
    TRY(round_begin(feeding, err));
    const char **roots = arena_zero(feeding->round.walk.arena, paths->count, sizeof *roots);
    if (roots == NULL)
        return error_set(err, FAULT_RETRY, "memory", "out of memory");
    for (size_t i = 0; i < paths->count; i++) {
        TRY(round_add_path(feeding, paths->words[i], err));
        roots[i] = folder_real(feeding, paths->words[i]);
        if (roots[i] == NULL)
            return error_set(err, FAULT_RETRY, "memory", "out of memory");
    }
    if (feeding->round.things.count == 0)
        complain("there is no .md or .txt file to feed here");
    TRY(round_listed(feeding, err));
    return feeding->mirror && feeding->ledger != NULL ? mirror_plan(feeding, roots, paths->count, err) : FAULT_NONE;
}

/* ---- --dry-run ---- */

static void dry_say(const char *what, const char *id)
{
    printf("%s ", what);
    text_render(id, stdout);
    putchar('\n');
}

static int dry_sum_up(struct feeding *feeding)
{
    struct round *round = &feeding->round;
    size_t deletions = 0;
    for (size_t i = 0; i < round->things.count; i++) {
        const struct thing *thing = &round->things.items[i];
        if (thing->fate == SENT)
            dry_say("send", thing->id);
        if (thing->deletion && ++deletions)
            dry_say("delete", thing->id);
    }
    printf("found=%zu send=%zu unchanged=%zu rejected=%zu failed=%zu delete=%zu\n", round->things.count - deletions,
           round->tally[SENT], round->tally[UNCHANGED], round->tally[REJECTED], round->tally[FAILED], deletions);
    return output_finish() && round->tally[FAILED] + round->tally[REJECTED] == 0 ? DONE : FAILURE;
}

static enum fault dry_run(struct feeding *feeding, const struct operands *paths, struct error *err)
{
    TRY(round_plan(feeding, paths, err));
    round_fail_problems(feeding);
    if (feeding->ledger != NULL)
        TRY(ledger_plan(feeding, err));
    TRY(round_digest(feeding, err));
    for (size_t i = 0; i < feeding->round.things.count; i++) {
        struct thing *thing = &feeding->round.things.items[i];
        if (thing->fate == TO_DO && !thing->deletion)
            TRY(ledger_foresee(feeding, thing, err));
    }
    return FAULT_NONE;
}

/* ---- The real run ---- */

static enum fault feed_round(struct feed *feed, const struct operands *paths, struct error *err)
{
    struct feeding *feeding = &feed->feeding;
    if (feeding->watching)
        return watch_run(feeding, paths, feed->rest_ms, err);
    TRY(round_plan(feeding, paths, err));
    round_run(feeding);
    return FAULT_NONE;
}

static int feed_files(struct feed *feed, const struct operands *paths)
{
    struct feeding *feeding = &feed->feeding;
    struct error error;
    enum fault fault = FAULT_NONE;
    if (feed->ledger != NULL || feeding->mirror || feeding->watching)
        fault = ledger_open_named(feed->ledger, feeding->endpoint, feeding->rules.source, paths->words, paths->count,
                                  feed->dry_run, &feeding->ledger, &error);
    if (fault == FAULT_NONE && !feed->dry_run)
        fault = feeding_begin(feeding, &error);
    if (fault == FAULT_NONE)
        fault = feed->dry_run ? dry_run(feeding, paths, &error) : feed_round(feed, paths, &error);
    int exit_code = FAILURE;
    if (fault == FAULT_NONE && feed->dry_run)
        exit_code = dry_sum_up(feeding);
    feeding_end(feeding);
    if (fault != FAULT_NONE)
        complain("%s", error.text);
    if (fault == FAULT_NONE ? !feed->dry_run : feeding->watching && feeding->welcomes > 0)
        exit_code = feeding_sum_up(feeding); /* a watch that ends by a fault has fed for days, maybe */
    if (fault != FAULT_NONE)
        exit_code = FAILURE;
    ledger_close(&feeding->ledger);
    return exit_code;
}

static bool is_folder(const char *path)
{
    struct stat state;
    return stat(path, &state) == 0 && S_ISDIR(state.st_mode);
}

/* What the options may not be together; NULL: nothing is wrong. */
static const char *misuse(const struct feed *feed, const struct operands *paths)
{
    const struct feeding *feeding = &feed->feeding;
    if (paths->count == 0)
        return "give the files or folders to feed";
    if (feeding->rules.id != NULL && paths->count > 1)
        return "--id names one document; give one file with it";
    if (feeding->rules.id != NULL && is_folder(paths->words[0]))
        return "--id names one document; the path is a folder";
    if (feed->version_from != NULL && strcmp(feed->version_from, "mtime") != 0)
        return "--version-from takes mtime";
    if (feeding->watching && feed->dry_run)
        return "--dry-run looks once; leave out --watch";
    for (size_t i = 0; i < paths->count; i++)
        if (feeding->watching && !is_folder(paths->words[i]))
            return "--watch takes folders that are there";
    return NULL;
}

int feed_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv)
{
    bool help = false;
    struct feed feed = {.feeding = {.patience_s = 60, .jobs = 1, .client = "referent feed"}, .rest_ms = 2000};
    struct feeding *feeding = &feed.feeding;
    feeding->rules.source = "";
    const struct option_row rows[] = {
        {OPTION_TEXT, "id", 0, &feeding->rules.id, "ID", "the id of the document, for a single file", 0, 0},
        {OPTION_TEXT, "source", 0, &feeding->rules.source, "NAME", "the tenant: ids begin with NAME/", 0, 0},
        {OPTION_LIST, "ext", 0, &feed.endings, "ENDING", "feed files with this ending too, such as .html", 0, 0},
        {OPTION_TEXT, "version-from", 0, &feed.version_from, "mtime",
         "a document's version is its file's time; else 0, unversioned", 0, 0},
        {OPTION_TEXT, "ledger", 0, &feed.ledger, "FILE",
         "remember in FILE what was fed, send only what changed; auto: a place for these paths", 0, 0},
        {OPTION_FLAG, "mirror", 0, &feeding->mirror, NULL,
         "delete what is gone from the folders (--ledger auto if none is given)", 0, 0},
        {OPTION_FLAG, "allow-empty", 0, &feeding->allow_empty, NULL, "with --mirror: also when a folder is empty", 0,
         0},
        {OPTION_FLAG, "retry-rejected", 0, &feeding->retry_rejected, NULL,
         "with a ledger: send again what was rejected as it is", 0, 0},
        {OPTION_FLAG, "watch", 0, &feeding->watching, NULL,
         "go on with what changes until SIGINT or SIGTERM (--ledger auto if none is given)", 0, 0},
        {OPTION_NUMBER, "rest", 0, &feed.rest_ms, "MS", "with --watch: a file waits until it rested so long (2000)", 10,
         3600000},
        {OPTION_FLAG, "bulk", 0, &feeding->bulk, NULL,
         "load many times faster; nothing can be found before all of it can", 0, 0},
        {OPTION_FLAG, "dry-run", 0, &feed.dry_run, NULL, "say what would be sent and deleted, without a worker", 0, 0},
        {OPTION_NUMBER, "jobs", 0, &feeding->jobs, "N", "so many threads read files (1)", 1, LOADER_JOBS_MAX},
        {OPTION_NUMBER, "patience", 0, &feeding->patience_s, "SECONDS", "give up after so long without any answer (60)",
         1, 86400},
        {OPTION_NUMBER, "give-up", 0, &feeding->give_up_s, "SECONDS",
         "give up after so long in which the worker answers, but takes nothing, as with a full disk (0: never)", 0,
         604800},
        {OPTION_FLAG, "receipts", 0, &feeding->receipts, NULL, "print each receipt: status, id, shard, sequence", 0, 0},
        ROW_FEED(&endpoints->feed),
        ROW_HELP(&help),
        ROW_END};
    struct operands paths;
    int exit_code;
    if (!command_begin(self, rows, &help, argc, argv, &paths, &exit_code))
        return exit_code;
    const char *wrong = misuse(&feed, &paths);
    if (wrong != NULL)
        return command_usage(self, "%s", wrong);
    feeding->endpoint = endpoints->feed;
    feeding->by_mtime = feed.version_from != NULL;
    feeding->rules.endings = feed.endings.items;
    feeding->rules.ending_count = feed.endings.count;
    return feed_files(&feed, &paths);
}
