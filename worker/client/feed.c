/* feed: files -> submissions -> receipts -> a line that adds up. A file is read when there is room for it. */
#include "command.h"

#include "clock.h"
#include "file.h"
#include "snippet.h"
#include "walk.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { POLL_MS = 200, NOTICE_AFTER_MS = 3000, NOTICE_EVERY_MS = 30000 };

/* How each file ended. TO_DO and SENT become FAILED in the end. */
enum fate { TO_DO, SENT, COMMITTED, UNCHANGED, SUPERSEDED, REJECTED, FAILED, FATES };

struct feed {
    const char *endpoint;
    const char *source;
    const char *version_from;
    bool receipts;
    uint64_t patience_s;
    struct walk walk;
    unsigned char *fates; /* of walk.files */
    size_t tally[FATES];
    size_t next; /* the first file that was not offered */
    bool loaded; /* its bytes are in `bytes` */
    struct file_bytes bytes;
    struct referent_feeder *feeder;
    struct progress progress;
    uint64_t cpr_masked;
    size_t moved_count; /* settled when something last moved, and when that was */
    int64_t moved_ms;
    int64_t notice_ms; /* when to say what is waited for */
};

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

/* The second signal ends the program at once. */
static void interrupt_watch(void)
{
    struct sigaction action = {.sa_handler = interrupt, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

/* ---- One file ---- */

static void settle(struct feed *feed, size_t index, enum fate fate)
{
    feed->tally[feed->fates[index]]--;
    feed->fates[index] = (unsigned char)fate;
    feed->tally[fate]++;
}

/* Names come from the disk and reasons may quote documents: neither may drive the terminal. */
static void name_loss(struct feed *feed, const char *fate, const char *name, const char *rule, const char *reason)
{
    progress_clear(&feed->progress);
    fprintf(stderr, "referent: %s ", fate);
    text_render(name, stderr);
    fprintf(stderr, ": %s%s", rule, *rule ? ": " : "");
    text_render(reason, stderr);
    fputc('\n', stderr);
}

static void fail(struct feed *feed, size_t index, const char *reason)
{
    settle(feed, index, FAILED);
    name_loss(feed, "failed", feed->walk.files.items[index].path, "", reason);
}

/* Load the next file that can be fed; false: there is none. */
static bool load_next(struct feed *feed)
{
    for (; !feed->loaded && feed->next < feed->walk.files.count; feed->next++) {
        const struct walk_file *file = &feed->walk.files.items[feed->next];
        struct error error;
        if (file->problem != NULL) {
            fail(feed, feed->next, file->problem);
            continue;
        }
        if (file_read(file->path, REFERENT_DOCUMENT_MAX_BYTES, &feed->bytes, &error) == FAULT_NONE) {
            feed->loaded = true;
            break;
        }
        fail(feed, feed->next, error.text);
    }
    return feed->loaded;
}

/* Offer files until the feeder has no room. */
static void offer(struct feed *feed)
{
    while (!interrupted && load_next(feed)) {
        const struct walk_file *file = &feed->walk.files.items[feed->next];
        struct referent_document document = {.id = file->id,
                                             .version = feed->version_from ? (uint64_t)feed->bytes.mtime_ms : 0,
                                             .source = feed->source,
                                             .media_type = file_media_type(file->path),
                                             .body = feed->bytes.at,
                                             .body_bytes = feed->bytes.size};
        struct referent_error error;
        void *tag = &feed->fates[feed->next];
        enum referent_result result = referent_feeder_submit(feed->feeder, &document, tag, &error);
        if (result == REFERENT_AGAIN)
            return;
        if (result == REFERENT_OK)
            settle(feed, feed->next, SENT);
        else
            fail(feed, feed->next, error.text);
        file_bytes_done(&feed->bytes);
        feed->loaded = false;
        feed->next++;
        if (document.body == NULL)
            return; /* rejected here; its receipt waits */
    }
}

static void note(struct feed *feed, const struct referent_receipt *receipt)
{
    static const enum fate fates[] = {[REFERENT_STATUS_COMMITTED] = COMMITTED,
                                      [REFERENT_STATUS_UNCHANGED] = UNCHANGED,
                                      [REFERENT_STATUS_SUPERSEDED] = SUPERSEDED,
                                      [REFERENT_STATUS_REJECTED] = REJECTED};
    size_t index = (size_t)((unsigned char *)receipt->tag - feed->fates);
    settle(feed, index, fates[receipt->status]);
    feed->cpr_masked += receipt->cpr_masked;
    if (receipt->status == REFERENT_STATUS_REJECTED)
        name_loss(feed, "rejected", receipt->id, receipt->rule, receipt->reason);
    if (!feed->receipts)
        return;
    progress_clear(&feed->progress);
    printf("%s ", referent_status_name(receipt->status));
    text_render(receipt->id, stdout);
    printf(" %" PRIu32 " %" PRIu64 "\n", receipt->shard, receipt->sequence);
}

/* ---- The whole ---- */

static size_t settled(const struct feed *feed)
{
    return feed->walk.files.count - feed->tally[TO_DO] - feed->tally[SENT];
}

/* When nothing moves, say what is waited for. */
static void notice(struct feed *feed, const struct referent_feeder_state *state)
{
    int64_t now_ms = clock_steady_ms();
    if (feed->moved_count != settled(feed) || feed->moved_ms == 0) {
        feed->moved_count = settled(feed);
        feed->moved_ms = now_ms;
        feed->notice_ms = now_ms + NOTICE_AFTER_MS;
    }
    if (now_ms < feed->notice_ms)
        return;
    feed->notice_ms = now_ms + NOTICE_EVERY_MS;
    progress_clear(&feed->progress);
    int64_t still_s = (now_ms - feed->moved_ms) / 1000;
    if (!state->ever_welcome)
        complain("nobody answers at %s yet; start referentd, or set --feed to where it runs", feed->endpoint);
    else if (state->answered_ms_ago < NOTICE_AFTER_MS && *state->put_off_rule)
        complain("put off for %" PRId64 " s, trying again: %s: %s", still_s, state->put_off_rule,
                 state->put_off_reason);
    else
        complain("no final receipt for %" PRId64 " s; still waiting for %s", still_s, feed->endpoint);
}

/* NULL: go on. Otherwise why nothing more will come. */
static const char *given_up(struct feed *feed, enum referent_result result, const struct referent_error *error)
{
    static char reason[320];
    struct referent_feeder_state state;
    referent_feeder_state(feed->feeder, &state);
    if (interrupted)
        return "interrupted before its receipt came";
    if (result != REFERENT_OK && result != REFERENT_AGAIN) {
        snprintf(reason, sizeof reason, "%s: %s", error->rule, error->text);
        return reason;
    }
    notice(feed, &state);
    if (state.answered_ms_ago < feed->patience_s * 1000)
        return NULL;
    snprintf(reason, sizeof reason, "no answer from %s in %" PRIu64 " s; %s", feed->endpoint, feed->patience_s,
             state.ever_welcome ? "feed it again" : "start referentd, or set --feed to where it runs");
    return reason;
}

static void feed_all(struct feed *feed)
{
    const char *reason = NULL;
    progress_begin(&feed->progress, feed->walk.files.count, "documents");
    while (reason == NULL) {
        struct referent_receipt receipt;
        struct referent_error error;
        offer(feed);
        if (settled(feed) == feed->walk.files.count)
            break;
        enum referent_result result = referent_feeder_poll(feed->feeder, POLL_MS, &receipt, &error);
        if (result == REFERENT_OK)
            note(feed, &receipt);
        else
            reason = given_up(feed, result, &error);
        if (interrupted)
            reason = given_up(feed, result, &error);
        progress_show(&feed->progress, settled(feed));
    }
    for (size_t i = 0; i < feed->walk.files.count; i++)
        if (feed->fates[i] == TO_DO || feed->fates[i] == SENT)
            fail(feed, i, feed->walk.files.items[i].problem ? feed->walk.files.items[i].problem : reason);
    progress_clear(&feed->progress);
    file_bytes_done(&feed->bytes);
}

static int sum_up(const struct feed *feed)
{
    if (feed->cpr_masked > 0)
        complain("%" PRIu64 " CPR numbers were masked", feed->cpr_masked);
    const size_t *tally = feed->tally;
    printf("found=%zu committed=%zu unchanged=%zu superseded=%zu rejected=%zu failed=%zu deleted=0\n",
           feed->walk.files.count, tally[COMMITTED], tally[UNCHANGED], tally[SUPERSEDED], tally[REJECTED],
           tally[FAILED]);
    if (!output_finish())
        return FAILURE;
    if (interrupted)
        return INTERRUPTED;
    return tally[REJECTED] + tally[FAILED] == 0 ? DONE : FAILURE;
}

static enum fault list_files(struct feed *feed, const struct operands *paths, const struct walk_rules *rules,
                             struct error *err)
{
    if (!walk_begin(&feed->walk))
        return error_set(err, FAULT_RETRY, "memory", "out of memory");
    for (size_t i = 0; i < paths->count; i++)
        TRY(walk_add(&feed->walk, paths->words[i], rules, err));
    TRY(walk_check_ids(&feed->walk, err));
    size_t count = feed->walk.files.count;
    feed->fates = calloc(count ? count : 1, 1);
    feed->tally[TO_DO] = count;
    if (feed->fates == NULL)
        return error_set(err, FAULT_RETRY, "memory", "out of memory for a list of %zu files", count);
    if (count == 0)
        complain("there is no .md or .txt file to feed here");
    return FAULT_NONE;
}

static int feed_files(struct feed *feed, const struct operands *paths, const struct walk_rules *rules)
{
    int exit_code = FAILURE;
    struct error error;
    struct referent_error refusal;
    struct referent_feeder_options options = {.client = "referent feed"};
    interrupt_watch();
    if (list_files(feed, paths, rules, &error) != FAULT_NONE) {
        complain("%s", error.text);
        goto out;
    }
    if (referent_feeder_open(feed->endpoint, &options, &feed->feeder, &refusal) != REFERENT_OK) {
        exit_code = command_failed(REFERENT_FAILED, feed->endpoint, &refusal);
        goto out;
    }
    feed_all(feed);
    exit_code = sum_up(feed);
out:
    referent_feeder_close(&feed->feeder);
    walk_done(&feed->walk);
    free(feed->fates);
    return exit_code;
}

static bool is_folder(const char *path)
{
    struct stat state;
    return stat(path, &state) == 0 && S_ISDIR(state.st_mode);
}

int feed_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv)
{
    bool help = false;
    struct option_list endings = {0};
    struct feed feed = {.source = "", .patience_s = 60};
    struct walk_rules rules = {.source = ""};
    const struct option_row rows[] = {
        {OPTION_TEXT, "id", 0, &rules.id, "ID", "the id of the document, for a single file", 0, 0},
        {OPTION_TEXT, "source", 0, &feed.source, "NAME", "the tenant: ids begin with NAME/", 0, 0},
        {OPTION_LIST, "ext", 0, &endings, "ENDING", "feed files with this ending too, such as .html", 0, 0},
        {OPTION_TEXT, "version-from", 0, &feed.version_from, "mtime",
         "a document's version is its file's time; else 0, unversioned", 0, 0},
        {OPTION_NUMBER, "patience", 0, &feed.patience_s, "SECONDS", "give up after so long without any answer (60)", 1,
         86400},
        {OPTION_FLAG, "receipts", 0, &feed.receipts, NULL, "print each receipt: status, id, shard, sequence", 0, 0},
        ROW_FEED(&endpoints->feed),
        ROW_HELP(&help),
        ROW_END};
    struct operands paths;
    int exit_code;
    if (!command_begin(self, rows, &help, argc, argv, &paths, &exit_code))
        return exit_code;
    if (paths.count == 0)
        return command_usage(self, "give the files or folders to feed");
    if (rules.id != NULL && paths.count > 1)
        return command_usage(self, "--id names one document; give one file with it");
    if (rules.id != NULL && is_folder(paths.words[0]))
        return command_usage(self, "--id names one document; %s is a folder", paths.words[0]);
    if (feed.version_from != NULL && strcmp(feed.version_from, "mtime") != 0)
        return command_usage(self, "--version-from takes mtime, not '%s'", feed.version_from);
    feed.endpoint = endpoints->feed;
    rules.source = feed.source;
    rules.endings = endings.items;
    rules.ending_count = endings.count;
    return feed_files(&feed, &paths, &rules);
}
