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
    bool html = false;
    const char *path = NULL;
    struct error error;
    struct sample sample = {0};
    struct text page = {0};
    int exit_code;
    if (!sample_begin(&sample, self, argc, argv, &html, &path, &exit_code))
        return exit_code;
    exit_code = FAILURE;
    if (explain(&sample, path, html, &page, &error) != FAULT_NONE) {
        complain("%s (%s)", error.text, error.rule);
    } else {
        fwrite(page.at, 1, page.size, stdout);
        exit_code = output_finish() ? DONE : FAILURE;
    }
    sample_done(&sample);
    return exit_code;
}
