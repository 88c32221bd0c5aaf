/* get: one stored document. */
#include "command.h"

#include "report.h"
#include "snippet.h"

#include <string.h>
#include <unistd.h>

/* Bytes as they are into a file or pipe; on a terminal nothing in them may drive it. */
static int body_print(const struct referent_document *document)
{
    if (document->meeting != NULL) {
        complain("'%s' was fed as a meeting without a body; --json prints it", document->id);
        return FAILURE;
    }
    if (isatty(STDOUT_FILENO))
        body_render(document->body, document->body_bytes, stdout);
    else
        fwrite(document->body, 1, document->body_bytes, stdout);
    return output_finish() ? DONE : FAILURE;
}

int get_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv)
{
    bool help = false, json = false;
    uint64_t timeout_s = 10;
    const struct option_row rows[] = {
        {OPTION_FLAG, "json", 0, &json, NULL, "print one JSON object: document, meeting, entities", 0, 0},
        ROW_TIMEOUT(&timeout_s),
        ROW_SEARCH(&endpoints->search),
        ROW_HELP(&help),
        ROW_END};
    struct operands ids;
    int exit_code;
    if (!command_begin(self, rows, &help, argc, argv, &ids, &exit_code))
        return exit_code;
    if (ids.count != 1)
        return command_usage(self, "give one ID");
    struct referent_searcher *searcher = NULL;
    struct referent_stored *stored = NULL;
    struct referent_error error;
    enum referent_result result = referent_searcher_open(endpoints->search, &searcher, &error);
    if (result == REFERENT_OK)
        result = referent_get(searcher, ids.words[0], (int)timeout_s * 1000, &stored, &error);
    referent_searcher_close(&searcher);
    if (result == REFERENT_NOT_FOUND) {
        complain("there is no document '%s'; 'referent search' shows ids", ids.words[0]);
        return FAILURE;
    }
    if (result != REFERENT_OK)
        return command_failed(result, endpoints->search, &error);
    exit_code = json ? (report_print(report_stored(stored)) ? DONE : FAILURE) : body_print(&stored->document);
    referent_stored_free(&stored);
    return exit_code;
}
