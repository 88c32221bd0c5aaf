/* complete: what a beginning may become. */
#include "command.h"

#include "report.h"
#include "show.h"
#include "snippet.h"

#include <inttypes.h>

static bool completions_show(const struct referent_completions *completions)
{
    for (size_t i = 0; i < completions->count; i++) {
        const struct referent_completion *one = &completions->items[i];
        printf("%-12s %8" PRIu64 "  ", one->kind, one->documents);
        text_render(one->value, stdout);
        putchar('\n');
    }
    return output_finish();
}

static int complete_ask(const char *prefix, const struct option_list *kinds, uint32_t limit, const char *endpoint,
                        int timeout_ms, bool json)
{
    struct referent_searcher *searcher = NULL;
    struct referent_completions *completions = NULL;
    struct referent_error error;
    const struct referent_strings wanted = {kinds->items, kinds->count};
    enum referent_result result = referent_searcher_open(endpoint, &searcher, &error);
    if (result == REFERENT_OK)
        result = referent_complete(searcher, prefix, wanted, limit, timeout_ms, &completions, &error);
    referent_searcher_close(&searcher);
    if (result != REFERENT_OK)
        return command_failed(result, endpoint, &error);
    bool written = json ? report_print(report_completions(completions)) : completions_show(completions);
    show_coverage(&completions->coverage);
    referent_completions_free(&completions);
    return written ? DONE : FAILURE;
}

int complete_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv)
{
    bool help = false, json = false;
    uint64_t limit = 10, timeout_s = 10;
    struct option_list kinds = {.count = 0};
    const struct option_row rows[] = {
        {OPTION_LIST, "kind", 0, &kinds, "KIND", "member, case, committee or municipality; else all", 0, 0},
        {OPTION_NUMBER, "limit", 0, &limit, "N", "at most so many (10)", 1, 100},
        {OPTION_FLAG, "json", 0, &json, NULL, "print one JSON object", 0, 0},
        ROW_TIMEOUT(&timeout_s),
        ROW_SEARCH(&endpoints->search),
        ROW_HELP(&help),
        ROW_END};
    struct operands words;
    int exit_code;
    if (!command_begin(self, rows, &help, argc, argv, &words, &exit_code))
        return exit_code;
    if (words.count != 1 || *words.words[0] == '\0')
        return command_usage(self, "give one beginning, such as 'Mar' or 19/1; quote one with spaces");
    return complete_ask(words.words[0], &kinds, (uint32_t)limit, endpoints->search, (int)timeout_s * 1000, json);
}
