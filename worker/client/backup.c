/* backup and restore: an index copied beside its daemon, and the way back. On the machine of the index. */
#include "backup.h"

#include "command.h"
#include "place.h"

#include <inttypes.h>

static bool summary_show(const char *word, const char *folder, const struct backup_summary *summary)
{
    printf("%s=%s shards=%" PRIu32 " meetings=%" PRIu64 " documents=%" PRIu64 " bytes=%" PRIu64 "\n", word, folder,
           summary->shards, summary->meetings, summary->documents, summary->bytes);
    return output_finish();
}

int backup_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv)
{
    (void)endpoints;
    bool help = false;
    const char *data = place_data();
    const struct option_row rows[] = {ROW_DATA(&data), ROW_HELP(&help), ROW_END};
    struct operands words;
    struct backup_summary summary;
    struct error err;
    int exit_code;
    if (!command_begin(self, rows, &help, argc, argv, &words, &exit_code))
        return exit_code;
    if (words.count != 1)
        return command_usage(self, "give one folder to copy to, which is not there or empty");
    if (backup_make(data, words.words[0], &summary, &err) != FAULT_NONE)
        return place_failed(&err);
    if (summary.longest_hold_ms > 0)
        fprintf(stderr, "referent: the longest wait of a writer was %" PRId64 " ms\n", summary.longest_hold_ms);
    return summary_show("backup", words.words[0], &summary) ? DONE : FAILURE;
}

int restore_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv)
{
    (void)endpoints;
    bool help = false;
    const char *data = place_data();
    const struct option_row rows[] = {ROW_DATA(&data), ROW_HELP(&help), ROW_END};
    struct operands words;
    struct backup_summary summary;
    struct error err;
    int exit_code;
    if (!command_begin(self, rows, &help, argc, argv, &words, &exit_code))
        return exit_code;
    if (words.count != 1)
        return command_usage(self, "give the folder of one backup");
    if (restore_make(words.words[0], data, &summary, &err) != FAULT_NONE)
        return place_failed(&err);
    return summary_show("restored", data, &summary) ? DONE : FAILURE;
}
