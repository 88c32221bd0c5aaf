/* referentd: configuration -> threads -> signal -> drain -> exit code. */
#include "log.h"
#include "pipeline.h"

#include <getopt.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

enum { EXIT_USAGE = 2 };

static const char usage[] =
    "usage: referentd [--config FILE] [--data DIR] [--shards N] [--role index,search]\n"
    "                 [--feed ENDPOINT] [--search ENDPOINT] [--rebuild] [--check-config]\n"
    "\n"
    "Take minutes over ZeroMQ, index them in Xapian, answer searches.\n"
    "\n"
    "  --config FILE      read settings from FILE; every key is explained in referent.conf(5)\n"
    "  --data DIR         folder of the index (data_dir)\n"
    "  --shards N         number of shards of a new index (default 4); fixed afterwards\n"
    "  --role ROLES       index, search, or both with a comma (the default)\n"
    "  --feed ENDPOINT    where feeders connect (default tcp://127.0.0.1:7700); port * takes a free one\n"
    "  --search ENDPOINT  where searchers connect (default tcp://127.0.0.1:7701)\n"
    "  --rebuild          make every shard anew from its stored text, while it serves; what was made by other rules\n"
    "                     than this program's is made anew without being asked\n"
    "  --check-config     print the settings in force and exit\n"
    "  --help, --version\n"
    "\n"
    "When it serves, one line on standard error says where: event=ready feed=... search=... shards=...\n"
    "SIGTERM and SIGINT drain: no new documents, commit, receipts out, exit 0.\n";

enum option_code {
    OPT_CONFIG = 1,
    OPT_DATA,
    OPT_SHARDS,
    OPT_ROLE,
    OPT_FEED,
    OPT_SEARCH,
    OPT_REBUILD,
    OPT_CHECK,
    OPT_HELP,
    OPT_VERSION
};

static const struct option options[] = {
    {"config", required_argument, NULL, OPT_CONFIG},
    {"data", required_argument, NULL, OPT_DATA},
    {"shards", required_argument, NULL, OPT_SHARDS},
    {"role", required_argument, NULL, OPT_ROLE},
    {"feed", required_argument, NULL, OPT_FEED},
    {"search", required_argument, NULL, OPT_SEARCH},
    {"rebuild", no_argument, NULL, OPT_REBUILD},
    {"check-config", no_argument, NULL, OPT_CHECK},
    {"help", no_argument, NULL, OPT_HELP},
    {"version", no_argument, NULL, OPT_VERSION},
    {0},
};

static const char *key_of(int code)
{
    switch (code) {
    case OPT_DATA: return "data_dir";
    case OPT_SHARDS: return "shards";
    case OPT_ROLE: return "roles";
    case OPT_FEED: return "feed_endpoint";
    case OPT_SEARCH: return "search_endpoint";
    default: return NULL;
    }
}

/* The file first, then the command line over it, whatever their order. */
static enum fault settings_read(int argc, char **argv, struct config *config, struct error *err)
{
    config_default(config);
    for (int pass = 0; pass < 2; pass++) {
        optind = 1;
        for (int code; (code = getopt_long(argc, argv, "", options, NULL)) != -1;) {
            if (code == '?')
                return error_set(err, FAULT_REJECT, "usage", "see referentd --help");
            if (pass == 0 && code == OPT_CONFIG)
                TRY(config_read(config, optarg, err));
            if (code == OPT_REBUILD)
                config->rebuild_wanted = true;
            if (pass == 1 && key_of(code) != NULL)
                TRY(config_set(config, key_of(code), optarg, err));
        }
    }
    if (optind < argc)
        return error_set(err, FAULT_REJECT, "usage", "'%s' is not an option; see referentd --help", argv[optind]);
    return config_check(config, err);
}

static bool asked_for(int argc, char **argv, int wanted)
{
    bool found = false;
    optind = 1;
    opterr = 0;
    for (int code; (code = getopt_long(argc, argv, "", options, NULL)) != -1;)
        found = found || code == wanted;
    opterr = 1;
    return found;
}

static void settings_print(const struct config *config)
{
    char value[CONFIG_TEXT_MAX];
    for (size_t i = 0; config_key_name(i) != NULL; i++) {
        config_key_value(config, i, value);
        printf("%s = %s\n", config_key_name(i), value);
    }
}

/* Signals are blocked in every thread and taken here alone. */
static void signals_block(sigset_t *waited)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGPIPE, &ignore, NULL); /* Xapian's remote backend and ZeroMQ report it as an error */
    sigaction(SIGXFSZ, &ignore, NULL); /* a file at its limit is a full disk, not the end of the worker */
    sigemptyset(waited);
    sigaddset(waited, SIGTERM);
    sigaddset(waited, SIGINT);
    pthread_sigmask(SIG_BLOCK, waited, NULL);
}

static int serve(const struct config *config)
{
    struct error err;
    struct pipeline *pipeline;
    sigset_t waited;
    int signal_number;
    signals_block(&waited);
    /* Within a transaction Xapian does not commit after so many documents, it writes what it has inverted to its
     * tables. Its maps of terms are then small enough for the processor's caches: a fifth less CPU time than at one go
     * a batch, and less memory. Found by tests/bench/steady_bench.c; see its README. */
    setenv("XAPIAN_FLUSH_THRESHOLD", "400", 1);
    if (pipeline_start(config, &pipeline, &err) != FAULT_NONE) {
        log_error(LOG_ERROR, "start.failed", &err);
        return EXIT_FAILURE;
    }
    log_event(LOG_ALWAYS, "ready", "feed=%s search=%s shards=%u", pipeline_feed_endpoint(pipeline),
              pipeline_search_endpoint(pipeline), pipeline_shards(pipeline));
    sd_notify(0, "READY=1");
    sigwait(&waited, &signal_number);
    sd_notify(0, "STOPPING=1");
    log_event(LOG_INFO, "drain.begin", "signal=%d", signal_number);
    bool answered = pipeline_stop(&pipeline);
    log_event(LOG_INFO, "drain.done", "answered=%s", answered ? "all" : "not-all");
    return answered ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Large blocks grow in place and go back to the system when they are freed. glibc by itself takes larger and larger
 * ones from its heaps instead, where they leave holes: a tenth of the peak of a bulk load. */
static void memory_settle(void)
{
    enum { LARGE_BYTES = 1 << 20 };
    (void)mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
    (void)mallopt(M_TRIM_THRESHOLD, LARGE_BYTES);
}

/* With four shards and all of their young segments open in every view, hundreds of files are: more than the 256 or 1024
 * that a shell gives at first, because programs that call select() could not stand more. This one does not. */
static void descriptors_settle(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
        return;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int argc, char **argv)
{
    struct error err;
    struct config config;
    enum log_level level = LOG_INFO;
    if (asked_for(argc, argv, OPT_HELP)) {
        fputs(usage, stdout);
        return EXIT_SUCCESS;
    }
    if (asked_for(argc, argv, OPT_VERSION)) {
        puts("referentd " REFERENT_VERSION);
        return EXIT_SUCCESS;
    }
    if (settings_read(argc, argv, &config, &err) != FAULT_NONE) {
        fprintf(stderr, "referentd: %s\n", err.text);
        return EXIT_USAGE;
    }
    if (asked_for(argc, argv, OPT_CHECK)) {
        settings_print(&config);
        return EXIT_SUCCESS;
    }
    memory_settle();
    descriptors_settle();
    log_level_parse(config.log_level, &level);
    log_level_set(level);
    return serve(&config);
}
