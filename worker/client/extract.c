/* extract: what is found in one file, as JSON, without a worker. */
#include "command.h"

#include "sample.h"

int extract_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv)
{
    (void)endpoints; /* needs no worker */
    const char *path = NULL;
    struct error error;
    struct sample sample = {0};
    struct text json = {0};
    int exit_code;
    if (!sample_begin(&sample, self, argc, argv, NULL, &path, &exit_code))
        return exit_code;
    exit_code = FAILURE;
    if (sample_read(&sample, path, &error) != FAULT_NONE ||
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
