/* delete: ids -> deletions -> receipts. */
#include "command.h"

#include "snippet.h"

#include <inttypes.h>
#include <stdlib.h>

enum { POLL_MS = 200 };

struct deletion {
    const char *endpoint;
    const char *source;
    uint64_t version, patience_s;
    const struct operands *ids;
    char **names; /* the ids, with the source before them */
    size_t offered, settled, left;
    struct referent_feeder *feeder;
};

static char *name_new(const char *source, const char *id)
{
    int size = snprintf(NULL, 0, "%s/%s", source, id);
    char *name = malloc((size_t)size + 1);
    if (name != NULL)
        snprintf(name, (size_t)size + 1, "%s%s%s", source, *source ? "/" : "", id);
    return name;
}

static bool names_make(struct deletion *deletion)
{
    deletion->names = calloc(deletion->ids->count, sizeof *deletion->names);
    for (size_t i = 0; deletion->names != NULL && i < deletion->ids->count; i++) {
        deletion->names[i] = name_new(deletion->source, deletion->ids->words[i]);
        if (deletion->names[i] == NULL)
            return false;
    }
    return deletion->names != NULL;
}

static void names_free(struct deletion *deletion)
{
    for (size_t i = 0; deletion->names != NULL && i < deletion->ids->count; i++)
        free(deletion->names[i]);
    free(deletion->names);
}

static void say(FILE *out, const char *what, const char *id, const char *why)
{
    fputs(what, out);
    text_render(id, out);
    fputs(why, out);
}

static void note(struct deletion *deletion, const struct referent_receipt *receipt)
{
    deletion->settled++;
    switch (receipt->status) {
    case REFERENT_STATUS_COMMITTED: say(stdout, "deleted ", receipt->id, "\n"); break;
    case REFERENT_STATUS_UNCHANGED: say(stdout, "deleted already ", receipt->id, "\n"); break;
    case REFERENT_STATUS_SUPERSEDED:
        deletion->left++;
        say(stderr, "referent: kept ", receipt->id, ": a newer version is there; give a larger --version\n");
        break;
    case REFERENT_STATUS_REJECTED:
        deletion->left++;
        say(stderr, "referent: rejected ", receipt->id, ": ");
        say(stderr, receipt->rule, "", ": ");
        say(stderr, "", receipt->reason, "\n");
        break;
    }
}

static void offer(struct deletion *deletion)
{
    struct referent_error error;
    while (deletion->offered < deletion->ids->count &&
           referent_feeder_delete(deletion->feeder, deletion->names[deletion->offered], deletion->version,
                                  deletion->source, NULL, &error) == REFERENT_OK)
        deletion->offered++;
}

static int delete_all(struct deletion *deletion)
{
    struct referent_feeder_state state;
    while (deletion->settled < deletion->ids->count) {
        struct referent_receipt receipt;
        struct referent_error error;
        offer(deletion);
        enum referent_result result = referent_feeder_poll(deletion->feeder, POLL_MS, &receipt, &error);
        referent_feeder_state(deletion->feeder, &state);
        if (result == REFERENT_OK) {
            note(deletion, &receipt);
        } else if (result != REFERENT_AGAIN) {
            complain("%s (%s)", error.text, error.rule);
            return FAILURE;
        } else if (state.answered_ms_ago >= deletion->patience_s * 1000) {
            complain("no answer from %s in %" PRIu64 " s for %zu of %zu documents: %s", deletion->endpoint,
                     deletion->patience_s, deletion->ids->count - deletion->settled, deletion->ids->count,
                     state.ever_welcome ? "delete them again" : "start referentd, or set --feed to where it runs");
            return FAILURE;
        }
    }
    return output_finish() && deletion->left == 0 ? DONE : FAILURE;
}

int delete_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv)
{
    bool help = false;
    struct deletion deletion = {.source = "", .patience_s = 60};
    const struct option_row rows[] = {
        {OPTION_NUMBER, "version", 0, &deletion.version, "N", "the version of the deletion; a newer document stays", 0,
         UINT64_MAX},
        {OPTION_TEXT, "source", 0, &deletion.source, "NAME", "the tenant: ids begin with NAME/", 0, 0},
        {OPTION_NUMBER, "patience", 0, &deletion.patience_s, "SECONDS", "give up after so long without any answer (60)",
         1, 86400},
        ROW_FEED(&endpoints->feed),
        ROW_HELP(&help),
        ROW_END};
    struct operands ids;
    int exit_code;
    if (!command_begin(self, rows, &help, argc, argv, &ids, &exit_code))
        return exit_code;
    if (ids.count == 0)
        return command_usage(self, "give the ids of the documents to delete");
    struct referent_feeder_options options = {.client = "referent delete"};
    struct referent_error error;
    deletion.endpoint = endpoints->feed;
    deletion.ids = &ids;
    enum referent_result result = referent_feeder_open(endpoints->feed, &options, &deletion.feeder, &error);
    if (result != REFERENT_OK)
        exit_code = command_failed(result, endpoints->feed, &error);
    else if (names_make(&deletion))
        exit_code = delete_all(&deletion);
    else
        exit_code = FAILURE;
    referent_feeder_close(&deletion.feeder);
    names_free(&deletion);
    return exit_code;
}
