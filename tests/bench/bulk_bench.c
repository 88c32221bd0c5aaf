/* What the bulk builder does with documents that are ready, against stock's WritableDatabase with the same ones through
 * the shim, on one core, in turn. Prints one line a round and a table of medians; nothing is asserted.
 *
 *   bulk_bench [--documents N] [--rounds N] [--batch N] [--levels 0,1,6,13] [--folder DIR] [--stock 0] [--check 0]
 *
 * With the check, as before every publication, the time of Database::check counts too.
 *
 * A document is an agenda item of some 1.3 KB; five of them are one minutes document. */
#define _GNU_SOURCE
#include "builder.h"
#include "collection.h"
#include "xapian_care.h"

#include <dirent.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LEVELS_MAX = 8, ROUNDS_MAX = 64, ITEMS_A_FILE = 5 };

struct options {
    size_t documents, rounds, batch;
    bool stock, check;
    int levels[LEVELS_MAX];
    size_t level_count;
    const char *folder;
};

static double now(clockid_t clock)
{
    struct timespec at;
    clock_gettime(clock, &at);
    return (double)at.tv_sec + (double)at.tv_nsec * 1e-9;
}

static void give_up(const struct error *err)
{
    fprintf(stderr, "%s: %s\n", err->rule, err->text);
    exit(1);
}

static uint64_t folder_bytes(const char *path, bool clear)
{
    uint64_t bytes = 0;
    DIR *folder = opendir(path);
    char name[600];
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        struct stat about;
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] != '.' && stat(name, &about) == 0)
            bytes += (uint64_t)about.st_size;
        if (entry->d_name[0] != '.' && clear)
            unlink(name);
    }
    if (folder != NULL)
        closedir(folder);
    if (clear)
        rmdir(path);
    return bytes;
}

struct result {
    double seconds[ROUNDS_MAX];
    double cpu[ROUNDS_MAX];
    uint64_t bytes;
};

/* Database::check, as publication has it run. */
static void check(const char *path)
{
    struct error err;
    uint64_t errors;
    if (database_check(path, &errors, NULL, &err) != FAULT_NONE)
        give_up(&err);
    if (errors > 0) {
        fprintf(stderr, "the segment has %llu faults\n", (unsigned long long)errors);
        exit(1);
    }
}

static void measure_bulk(struct builder *builder, const struct collection *collection, const char *path,
                         bool with_check, struct result *result, size_t round)
{
    struct error err;
    double start = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID);
    if (builder_begin(builder, path, &err) != FAULT_NONE)
        give_up(&err);
    for (size_t i = 0; i < collection->count; i++)
        if (builder_add(builder, &collection->documents[i], &err) != FAULT_NONE)
            give_up(&err);
    double added = now(CLOCK_MONOTONIC);
    if (builder_finish(builder, NULL, &err) != FAULT_NONE)
        give_up(&err);
    double finished = now(CLOCK_PROCESS_CPUTIME_ID);
    if (with_check)
        check(path);
    result->seconds[round] = now(CLOCK_MONOTONIC) - start;
    result->cpu[round] = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    if (getenv("BULK_BENCH_PARTS") != NULL)
        printf("  add %.3f s, finish and check %.3f s, cpu %.3f s, of it check %.3f s\n", added - start,
               start + result->seconds[round] - added, result->cpu[round], now(CLOCK_PROCESS_CPUTIME_ID) - finished);
    result->bytes = folder_bytes(path, true);
}

static void measure_stock(const struct collection *collection, const char *path, size_t batch, struct result *result,
                          size_t round)
{
    struct error err;
    struct database *database;
    double start = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID);
    if (database_open_write(path, &database, &err) != FAULT_NONE || database_begin(database, &err) != FAULT_NONE)
        give_up(&err);
    for (size_t i = 0; i < collection->count; i++) {
        if (database_add(database, &collection->documents[i], &err) != FAULT_NONE)
            give_up(&err);
        if ((i + 1) % batch == 0 && i + 1 < collection->count &&
            (database_commit(database, &err) != FAULT_NONE || database_begin(database, &err) != FAULT_NONE))
            give_up(&err);
    }
    if (database_commit(database, &err) != FAULT_NONE)
        give_up(&err);
    database_close(&database);
    result->seconds[round] = now(CLOCK_MONOTONIC) - start;
    result->cpu[round] = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    result->bytes = folder_bytes(path, true);
}

static int double_compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double median(const double *numbers, size_t count)
{
    double sorted[ROUNDS_MAX];
    memcpy(sorted, numbers, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, double_compare);
    return sorted[count / 2];
}

/* Ratios are taken round by round, so that a machine whose speed drifts spoils none, and of processor time, because
 * others may work on it. */
static void line_print(const char *name, const struct options *options, const struct result *result,
                       const struct result *stock)
{
    double seconds = median(result->seconds, options->rounds), ratios[ROUNDS_MAX];
    for (size_t i = 0; i < options->rounds; i++)
        ratios[i] = stock->cpu[i] / result->cpu[i];
    printf("%-22s %9.0f documents/s %7.0f files/s  cpu %6.2f s  %7.1f MB  ratio %6.2f\n", name,
           (double)options->documents / seconds, (double)options->documents / seconds / ITEMS_A_FILE,
           median(result->cpu, options->rounds), (double)result->bytes / 1e6,
           options->stock ? median(ratios, options->rounds) : 0.0);
}

static void options_read(struct options *options, int argc, char **argv)
{
    *options = (struct options){.documents = 25000,
                                .rounds = 3,
                                .batch = 2500,
                                .stock = true,
                                .check = true,
                                .levels = {0, 1, 6, BUILDER_CODE},
                                .level_count = 4,
                                .folder = "/tmp"};
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--documents") == 0)
            options->documents = strtoul(argv[i + 1], NULL, 10);
        if (strcmp(argv[i], "--rounds") == 0)
            options->rounds = strtoul(argv[i + 1], NULL, 10);
        if (strcmp(argv[i], "--batch") == 0)
            options->batch = strtoul(argv[i + 1], NULL, 10);
        if (strcmp(argv[i], "--stock") == 0)
            options->stock = atoi(argv[i + 1]) != 0;
        if (strcmp(argv[i], "--check") == 0)
            options->check = atoi(argv[i + 1]) != 0;
        if (strcmp(argv[i], "--folder") == 0)
            options->folder = argv[i + 1];
        if (strcmp(argv[i], "--levels") != 0)
            continue;
        options->level_count = 0;
        for (char *at = argv[i + 1]; *at != '\0' && options->level_count < LEVELS_MAX; at += *at == ',')
            options->levels[options->level_count++] = (int)strtol(at, &at, 10);
    }
    if (options->rounds == 0 || options->rounds > ROUNDS_MAX || options->batch == 0) {
        fprintf(stderr, "rounds: 1 to %d; batch: at least 1\n", ROUNDS_MAX);
        exit(2);
    }
}

/* One core for all; the last one, which the machine itself uses least. */
static void core_pin(void)
{
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET((size_t)sysconf(_SC_NPROCESSORS_ONLN) - 1, &cores);
    sched_setaffinity(0, sizeof cores, &cores);
}

int main(int argc, char **argv)
{
    struct options options;
    struct collection collection;
    static struct result stock, bulk[LEVELS_MAX];
    struct builder *builders[LEVELS_MAX];
    char path[512];
    options_read(&options, argc, argv);
    core_pin();
    setenv("XAPIAN_FLUSH_THRESHOLD", "100000000", 1);
    struct arena *arena = arena_new(SIZE_MAX);
    collection_minutes(&collection, arena, 1, options.documents);
    snprintf(path, sizeof path, "%s/bulk_bench.%ld", options.folder, (long)getpid());
    for (size_t i = 0; i < options.level_count; i++)
        builders[i] = builder_new(&(struct builder_options){.memory_bytes = SIZE_MAX, .level = options.levels[i]});
    for (size_t round = 0; round < options.rounds; round++) {
        if (options.stock)
            measure_stock(&collection, path, options.batch, &stock, round);
        for (size_t i = 0; i < options.level_count; i++)
            measure_bulk(builders[i], &collection, path, options.check, &bulk[i], round);
    }
    if (options.stock)
        line_print("stock WritableDatabase", &options, &stock, &stock);
    for (size_t i = 0; i < options.level_count; i++) {
        char name[32];
        if (options.levels[i] == BUILDER_CODE)
            snprintf(name, sizeof name, "builder, one code");
        else
            snprintf(name, sizeof name, "builder, level %d", options.levels[i]);
        line_print(name, &options, &bulk[i], &stock);
        builder_free(&builders[i]);
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("documents in memory %.0f MB, peak %ld MB\n", (double)arena_used(arena) / 1e6, usage.ru_maxrss / 1024);
    arena_free(&arena);
    return 0;
}
