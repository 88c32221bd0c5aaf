/* case: where a case was treated, oldest first. */
#include "command.h"

#include "report.h"
#include "show.h"
#include "snippet.h"

#include <inttypes.h>

static void step_show(const struct referent_entry *step, bool color)
{
    bool first = true;
    show_styled("\033[36m", color, *step->date ? step->date : "(no date)");
    fputs("  ", stdout);
    show_fact(step->committee, &first);
    show_fact(step->municipality, &first);
    fputs(first ? "" : "\n            ", stdout);
    show_heading(step, color);
    fputs("\n            ", stdout);
    first = true;
    show_fact(step->outcome, &first);
    show_fact(step->mentioned ? "names the case" : "", &first);
    first = !show_votes(first ? "" : " · ", step) && first;
    show_fact(step->id, &first);
    show_fact(step->url, &first);
    fputs("\n\n", stdout);
}

static bool history_show(const struct referent_case *history, uint64_t offset)
{
    bool color = terminal_color(stdout);
    for (size_t i = 0; i < history->step_count; i++)
        step_show(&history->steps[i], color);
    if (history->step_count > 0)
        printf("%" PRIu64 " found, %" PRIu64 " to %" PRIu64 " shown\n", history->total, offset + 1,
               offset + history->step_count);
    else if (history->total > 0)
        printf("%" PRIu64 " found, none of them beyond --offset %" PRIu64 "\n", history->total, offset);
    else
        puts("nothing found");
    return output_finish();
}

static int case_ask(const struct referent_case_query *query, const char *endpoint, int timeout_ms, bool json)
{
    struct referent_searcher *searcher = NULL;
    struct referent_case *history = NULL;
    struct referent_error error;
    enum referent_result result = referent_searcher_open(endpoint, &searcher, &error);
    if (result == REFERENT_OK)
        result = referent_case_history(searcher, query, timeout_ms, &history, &error);
    referent_searcher_close(&searcher);
    if (result != REFERENT_OK)
        return command_failed(result, endpoint, &error);
    bool written = json ? report_print(report_case(query->number, history)) : history_show(history, query->offset);
    show_coverage(&history->coverage);
    referent_case_free(&history);
    return written ? DONE : FAILURE;
}

int case_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv)
{
    bool help = false, json = false;
    uint64_t limit = 100, offset = 0, timeout_s = 10;
    struct option_list municipality = {.count = 0};
    const struct option_row rows[] = {
        {OPTION_LIST, "municipality", 0, &municipality, "NAME", "only in this municipality", 0, 0},
        {OPTION_NUMBER, "limit", 0, &limit, "N", "so many steps (100)", 1, 1000},
        {OPTION_NUMBER, "offset", 0, &offset, "N", "pass over the first N", 0, 100000},
        {OPTION_FLAG, "json", 0, &json, NULL, "print one JSON object", 0, 0},
        ROW_TIMEOUT(&timeout_s),
        ROW_SEARCH(&endpoints->search),
        ROW_HELP(&help),
        ROW_END};
    struct operands numbers;
    int exit_code;
    if (!command_begin(self, rows, &help, argc, argv, &numbers, &exit_code))
        return exit_code;
    if (numbers.count != 1)
        return command_usage(self, "give one case number, such as 19/11679; quote one with spaces");
    const struct referent_case_query query = {.number = numbers.words[0],
                                              .municipality = {municipality.items, municipality.count},
                                              .limit = (uint32_t)limit,
                                              .offset = (uint32_t)offset};
    return case_ask(&query, endpoints->search, (int)timeout_s * 1000, json);
}
