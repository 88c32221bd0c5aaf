/* status: how the worker is. */
#include "command.h"

#include "report.h"
#include "snippet.h"

#include <inttypes.h>

/* What an operator has to know before any number. */
static void trouble_show(const struct referent_worker *worker)
{
    for (size_t i = 0; i < worker->condition_count; i++) {
        text_render(worker->conditions[i].name, stdout);
        fputs(": ", stdout);
        text_render(worker->conditions[i].reason, stdout);
        putchar('\n');
    }
    if (worker->suspects > 0)
        printf("suspects: %" PRIu64 " (in hand when the worker died; they will be run alone)\n", worker->suspects);
    if (worker->aside > 0)
        printf("set aside: %" PRIu64 " (the worker died of them; see referent dead list)\n", worker->aside);
}

static bool worker_show(const struct referent_worker *worker)
{
    char uptime[32];
    uint64_t meetings = 0, documents = 0;
    duration_format(worker->uptime_ms / 1000, uptime, sizeof uptime);
    text_render(worker->server, stdout);
    printf(", up for %s%s\nfeeders: %" PRIu64 ", documents in flight: %" PRIu64 ", dead letters: %" PRIu64 "%s\n",
           uptime, worker->draining ? ", draining" : "", worker->peers, worker->in_flight, worker->dead,
           worker->dead > 0 ? " (see referent dead list)" : "");
    trouble_show(worker);
    if (worker->rebuild_of > 0)
        printf("shards are being made anew: %" PRIu64 " of %" PRIu64 " meetings read\n", worker->rebuild_read,
               worker->rebuild_of);
    printf("\n%5s %12s %12s %10s\n", "shard", "meetings", "documents", "commit");
    for (size_t i = 0; i < worker->shard_count; i++) {
        const struct referent_shard_status *shard = &worker->shards[i];
        printf("%5" PRIu32 " %12" PRIu64 " %12" PRIu64 " %10" PRIu64 "\n", shard->number, shard->meetings,
               shard->documents, shard->sequence);
        meetings += shard->meetings;
        documents += shard->documents;
    }
    printf("%5s %12" PRIu64 " %12" PRIu64 "\n", "all", meetings, documents);
    for (size_t i = 0; i < worker->counter_count; i++) {
        printf("%s%12" PRIu64 "  ", i == 0 ? "\nsince the start\n" : "", worker->counters[i].value);
        text_render(worker->counters[i].name, stdout);
        putchar('\n');
    }
    return output_finish();
}

int status_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv)
{
    bool help = false, json = false;
    uint64_t timeout_s = 10;
    const struct option_row rows[] = {{OPTION_FLAG, "json", 0, &json, NULL, "print one JSON object", 0, 0},
                                      ROW_TIMEOUT(&timeout_s),
                                      ROW_SEARCH(&endpoints->search),
                                      ROW_HELP(&help),
                                      ROW_END};
    struct operands rest;
    int exit_code;
    if (!command_begin(self, rows, &help, argc, argv, &rest, &exit_code))
        return exit_code;
    if (rest.count > 0)
        return command_usage(self, "status takes no operand such as '%s'", rest.words[0]);
    struct referent_searcher *searcher = NULL;
    struct referent_worker *worker = NULL;
    struct referent_error error;
    enum referent_result result = referent_searcher_open(endpoints->search, &searcher, &error);
    if (result == REFERENT_OK)
        result = referent_worker_status(searcher, (int)timeout_s * 1000, &worker, &error);
    referent_searcher_close(&searcher);
    if (result != REFERENT_OK)
        return command_failed(result, endpoints->search, &error);
    bool written = json ? report_print(report_worker(worker)) : worker_show(worker);
    referent_worker_free(&worker);
    return written ? DONE : FAILURE;
}
