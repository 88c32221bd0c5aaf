/* extract: what is found in one file, as JSON, without a worker. */
#include "command.h"

#include "sample.h"

int extract_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv)
{
    (void)endpoints; /* needs no worker */
    bool help = false;
    const char *media_name = NULL;
    const struct option_row rows[] = {{OPTION_TEXT, "media-type", 0, &media_name, "TYPE",
                                       "text/markdown, text/plain or text/html; else by the file's ending", 0, 0},
                                      ROW_HELP(&help),
                                      ROW_END};
    struct operands files;
    struct error error;
    struct sample sample = {0};
    int exit_code;
    if (!command_begin(self, rows, &help, argc, argv, &files, &exit_code))
        return exit_code;
    if (files.count != 1)
        return command_usage(self, "give one FILE, or - for standard input");
    if (sample_media(&sample, media_name, files.words[0], &error) != FAULT_NONE)
        return command_usage(self, "%s", error.text);
    struct text json = {0};
    exit_code = FAILURE;
    if (sample_read(&sample, files.words[0], &error) != FAULT_NONE ||
        minutes_json(sample.arena, &sample.minutes, &json, &error) != FAULT_NONE) {
        complain("%s (%s)", error.text, error.rule);
    } else {
        fwrite(json.at, 1, json.size, stdout);
        putchar('\n');
        exit_code = output_finish() ? DONE : FAILURE;
    }
    sample_done(&sample);
    return exit_code;
}
