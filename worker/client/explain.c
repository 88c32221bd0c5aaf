/* explain: what is found in one file, marked in its text, and its terms, without a worker. For people who write rules.
 */
#include "command.h"

#include "explain.h"
#include "preview.h"
#include "sample.h"

#include <string.h>

static enum fault explain(struct sample *sample, const char *path, bool html, struct text *page, struct error *err)
{
    struct span terms;
    TRY(sample_read(sample, path, err));
    TRY(preview_terms(sample, path, &terms, err));
    return html ? explain_html(sample->arena, &sample->minutes, span_of(path), terms, page, err)
                : explain_ansi(sample->arena, &sample->minutes, terms, page, err);
}

int explain_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv)
{
    (void)endpoints; /* needs no worker */
    bool help = false, html = false;
    const char *media_name = NULL;
    const struct option_row rows[] = {{OPTION_TEXT, "media-type", 0, &media_name, "TYPE",
                                       "text/markdown, text/plain or text/html; else by the file's ending", 0, 0},
                                      {OPTION_FLAG, "html", 0, &html, NULL, "one HTML page instead of colours", 0, 0},
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
    struct text page = {0};
    exit_code = FAILURE;
    if (explain(&sample, files.words[0], html, &page, &error) != FAULT_NONE) {
        complain("%s (%s)", error.text, error.rule);
    } else {
        fwrite(page.at, 1, page.size, stdout);
        exit_code = output_finish() ? DONE : FAILURE;
    }
    sample_done(&sample);
    return exit_code;
}
