/* backup and restore: an index copied beside its daemon, and the way back. On the machine of the index. */
#include "backup.h"

#include "command.h"
#include "place.h"

#include <inttypes.h>

/* What both commands are told. */
struct place_words {
    const char *data, *folder;
};

/* False: the command ends with *exit_code. */
static bool words_read(const struct command *self, size_t argc, const char **argv, const char *wanted,
                       struct place_words *out, int *exit_code)
{
    bool help = false;
    struct operands words;
    out->data = place_data();
    const struct option_row rows[] = {ROW_DATA(&out->data), ROW_HELP(&help), ROW_END};
    if (!command_begin(self, rows, &help, argc, argv, &words, exit_code))
        return false;
    if (words.count == 1) {
        out->folder = words.words[0];
        return true;
    }
    *exit_code = command_usage(self, "%s", wanted);
    return false;
}

static int summary_show(const char *word, const char *folder, const struct backup_summary *summary)
{
    printf("%s=%s shards=%" PRIu32 " meetings=%" PRIu64 " documents=%" PRIu64 " bytes=%" PRIu64 "\n", word, folder,
           summary->shards, summary->meetings, summary->documents, summary->bytes);
    return output_finish() ? DONE : FAILURE;
}

int backup_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv)
{
    (void)endpoints;
    struct place_words words;
    struct backup_summary summary;
    struct error err;
    int exit_code;
    if (!words_read(self, argc, argv, "give one folder to copy to, which is not there or empty", &words, &exit_code))
        return exit_code;
    if (backup_make(words.data, words.folder, &summary, &err) != FAULT_NONE)
        return place_failed(&err);
    if (summary.longest_hold_ms > 0)
        fprintf(stderr, "referent: the longest wait of a writer was %" PRId64 " ms\n", summary.longest_hold_ms);
    return summary_show("backup", words.folder, &summary);
}

int restore_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv)
{
    (void)endpoints;
    struct place_words words;
    struct backup_summary summary;
    struct error err;
    int exit_code;
    if (!words_read(self, argc, argv, "give the folder of one backup", &words, &exit_code))
        return exit_code;
    if (restore_make(words.folder, words.data, &summary, &err) != FAULT_NONE)
        return place_failed(&err);
    return summary_show("restored", words.data, &summary);
}
