/* What the steady path costs behind the text stage: the same records into one shard on one core, in several ways, in
 * turn. Nothing is asserted.
 *
 *   steady_bench FOLDER [--files N] [--rounds N] [--ways stock:512:0,stock:512:400,young:512] [--place DIR] [--keep 1]
 *                [--text 0]
 *
 * stock:B:F  a WritableDatabase through the shim, as worker/write/batch.c does it for new documents; a commit each B
 *            files, changes written to the tables each F Xapian documents (0: at the commit alone)
 * young:B    each B files become a database of their own by the bulk builder; beyond eight, the youngest are merged by
 *            xapian-compact, so that each has at least twice what is younger
 *
 * bulk       all files into one segment by the bulk builder, synced, and checked by Xapian, as for a publication
 * compact    what xapian-compact makes of them: the size that Xapian has for the same postings, values and data
 *
 * --text 0 leaves the stored text out of all records; what it took to pack it stands in the first line either way.
 *
 * Printed for each way: CPU milliseconds a file of every round, their median, the megabytes on disk, and the databases
 * that a reader has to open. */
#define _GNU_SOURCE
#include "builder.h"
#include "minutes.h"
#include "pack.h"
#include "reading.h"
#include "record.h"
#include "speller.h"
#include "stemmer.h"
#include "term.h"
#include "xapian_care.h"
#include "xapian_shim.h"

#include <dirent.h>
#include <ftw.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, WAYS_MAX = 16, ROUNDS_MAX = 32, SEGMENTS_MAX = 9, FILES_MAX = 1000000 };

enum kind { KIND_STOCK, KIND_YOUNG, KIND_BULK, KIND_COMPACT };

struct way {
    char name[48];
    enum kind kind;
    size_t batch, flush;
    double spent[ROUNDS_MAX];
    double megabytes;
    size_t databases;
};

struct bench {
    const char *folder, *place;
    size_t files, rounds, way_count;
    bool keep, textless;
    double packed; /* seconds */
    struct way ways[WAYS_MAX];
    struct arena *arena;
    char **paths;
    size_t path_count;
    struct index_record *records;
    size_t count;
};

static void give_up(const char *what, const char *why)
{
    fprintf(stderr, "steady_bench: %s: %s\n", what, why);
    exit(1);
}

static void check(enum fault fault, const struct error *err)
{
    if (fault != FAULT_NONE)
        give_up(err->rule, err->text);
}

static double cpu_of(int who)
{
    struct rusage used;
    getrusage(who, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6;
}

/* Finer than that. */
static double cpu_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* ---- records, made before anything is measured */

static void folder_list(struct bench *bench, const char *path)
{
    struct dirent **names;
    int count = scandir(path, &names, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char inner[PATH_BYTES];
        struct stat about;
        snprintf(inner, sizeof inner, "%s/%s", path, names[i]->d_name);
        if (names[i]->d_name[0] != '.' && bench->path_count < bench->files && stat(inner, &about) == 0) {
            if (S_ISDIR(about.st_mode))
                folder_list(bench, inner);
            else
                bench->paths[bench->path_count++] = strdup(inner);
        }
        free(names[i]);
    }
    free(names);
}

static struct span file_bytes(struct arena *arena, const char *path)
{
    struct stat about;
    FILE *file = fopen(path, "r");
    if (file == NULL || fstat(fileno(file), &about) != 0)
        give_up(path, "cannot be read");
    char *bytes = arena_alloc(arena, (size_t)about.st_size + 1);
    size_t size = bytes == NULL ? 0 : fread(bytes, 1, (size_t)about.st_size, file);
    fclose(file);
    if (bytes != NULL)
        bytes[size] = '\0';
    return (struct span){bytes, size};
}

/* What reading the text took beyond all else, which each record pays once. */
static void body_measure(struct bench *bench, struct body_packer *packer, struct span body)
{
    struct error err;
    struct arena *arena = arena_new(SIZE_MAX);
    struct span packed;
    double before = cpu_now();
    check(body_pack(arena, packer, body, &packed, &err), &err);
    bench->packed += cpu_now() - before;
    arena_free(&arena);
}

/* Data without the line of the body. */
static struct span body_drop(struct arena *arena, struct span data)
{
    struct span body = data_field(data, FIELD_BODY);
    if (body.size == 0)
        return data;
    size_t head = (size_t)(body.at - data.at) - strlen("body="), tail = head + strlen("body=") + body.size + 1;
    char *kept = arena_alloc(arena, data.size);
    if (kept == NULL)
        give_up("memory", "is not enough; ask for fewer files");
    tail = tail < data.size ? tail : data.size; /* the last line may end without a break */
    memcpy(kept, data.at, head);
    memcpy(kept + head, data.at + tail, data.size - tail);
    return (struct span){kept, head + data.size - tail};
}

static void bodies_drop(struct arena *arena, struct index_record *record)
{
    struct index_document *documents = arena_zero(arena, record->document_count, sizeof *documents);
    for (size_t i = 0; i < record->document_count; i++) {
        documents[i] = record->documents[i];
        documents[i].data = body_drop(arena, documents[i].data);
    }
    record->documents = documents;
}

static void records_make(struct bench *bench)
{
    struct error err;
    struct body_packer *packer = body_packer_new();
    struct speller *speller;
    check(speller_open(&speller, &err), &err);
    struct wordbook words = speller_wordbook(speller);
    struct term_builder *builder = term_builder_new(danish_stemmer(), &words, 0);
    for (size_t i = 0; i < bench->path_count; i++) {
        struct arena *scratch = arena_new(SIZE_MAX);
        struct minutes minutes;
        struct index_record *record = &bench->records[bench->count++];
        struct source source = {.id = span_of(bench->paths[i]), .media_type = SPAN("text/markdown")};
        check(minutes_read(scratch, file_bytes(scratch, bench->paths[i]), MEDIA_MARKDOWN, &minutes, &err), &err);
        if (source.id.size > 100) /* long temporary folders */
            source.id = span_cut(source.id, source.id.size - 100, source.id.size);
        check(term_build(builder, scratch, bench->arena, &source, &minutes, record, &err), &err);
        body_measure(bench, packer, (struct span){minutes.body.at, minutes.body.size});
        if (bench->textless)
            bodies_drop(bench->arena, record);
        arena_free(&scratch);
    }
    body_packer_free(&packer);
    term_builder_free(&builder);
    speller_close(&speller);
}

/* ---- folders */

static int entry_remove(const char *path, const struct stat *about, int kind, struct FTW *at)
{
    (void)about, (void)kind, (void)at;
    return remove(path);
}

static double measured_bytes;

static int entry_measure(const char *path, const struct stat *about, int kind, struct FTW *at)
{
    (void)path, (void)at;
    measured_bytes += kind == FTW_F ? (double)about->st_size : 0;
    return 0;
}

static double folder_megabytes(const char *path)
{
    measured_bytes = 0;
    nftw(path, entry_measure, 8, FTW_PHYS);
    return measured_bytes / 1e6;
}

/* ---- the ways */

static void stock_run(struct bench *bench, struct way *way, const char *place)
{
    struct error err;
    struct database *database;
    char path[PATH_BYTES], flush[32];
    snprintf(flush, sizeof flush, "%zu", way->flush > 0 ? way->flush : 1000000000);
    setenv("XAPIAN_FLUSH_THRESHOLD", flush, 1);
    snprintf(path, sizeof path, "%s/stock", place);
    check(database_open_write(path, &database, &err), &err);
    for (size_t i = 0; i < bench->count; i++) {
        const struct index_record *record = &bench->records[i];
        struct arena *arena = arena_new(1 << 20);
        static const uint32_t slots[] = {SLOT_VERSION, SLOT_DIGEST};
        struct span values[2], deleted;
        bool found;
        if (i % way->batch == 0)
            check(database_begin(database, &err), &err);
        check(database_find(database, 0, arena, record->documents[0].unique, slots, 2, values, NULL, &found, &err),
              &err);
        check(database_meta(database, 0, arena, record->id, &deleted, &err), &err);
        for (size_t n = 0; n < record->document_count; n++)
            check(database_add(database, &record->documents[n], &err), &err);
        arena_free(&arena);
        if (i + 1 == bench->count || (i + 1) % way->batch == 0) {
            check(database_meta_set(database, SPAN("sequence"), SPAN("1"), &err), &err);
            check(database_commit(database, &err), &err);
        }
    }
    database_close(&database);
    way->databases = 1;
}

struct segments {
    char paths[SEGMENTS_MAX + 1][PATH_BYTES]; /* oldest first */
    double megabytes[SEGMENTS_MAX + 1];
    size_t count;
    unsigned made;
};

static void segment_name(struct segments *segments, const char *place, char out[static PATH_BYTES])
{
    snprintf(out, PATH_BYTES, "%s/young-%06u", place, segments->made++);
}

/* xapian-compact; its arguments end with NULL. */
static void compact(char *const *arguments)
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        execvp(arguments[0], arguments);
        _exit(127);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
        give_up("xapian-compact", "failed");
}

/* Merge all segments from number `first` on into one. */
static void segments_merge(struct segments *segments, size_t first, const char *place)
{
    char merged[PATH_BYTES], program[] = "xapian-compact", quiet[] = "--quiet";
    char *arguments[SEGMENTS_MAX + 4] = {program, quiet};
    size_t count = 2;
    segment_name(segments, place, merged);
    for (size_t i = first; i < segments->count; i++)
        arguments[count++] = segments->paths[i];
    arguments[count] = merged;
    compact(arguments);
    for (size_t i = first; i < segments->count; i++)
        nftw(segments->paths[i], entry_remove, 8, FTW_DEPTH | FTW_PHYS);
    memcpy(segments->paths[first], merged, sizeof merged);
    segments->megabytes[first] = folder_megabytes(merged);
    segments->count = first + 1;
}

static void segments_settle(struct segments *segments, const char *place)
{
    if (segments->count < SEGMENTS_MAX)
        return;
    size_t first = segments->count - 1;
    double younger = segments->megabytes[first];
    while (first > 0 && (segments->megabytes[first - 1] < 2 * younger || first + 1 == segments->count))
        younger += segments->megabytes[--first];
    segments_merge(segments, first, place);
}

static void young_run(struct bench *bench, struct way *way, const char *place)
{
    struct error err;
    struct segments segments = {.count = 0};
    struct builder *builder = builder_new(&(struct builder_options){.memory_bytes = SIZE_MAX, .level = BUILDER_LEVEL});
    for (size_t i = 0; i < bench->count; i++) {
        const struct index_record *record = &bench->records[i];
        char *path = segments.paths[segments.count];
        if (i % way->batch == 0) {
            segment_name(&segments, place, path);
            check(builder_begin(builder, path, &err), &err);
        }
        for (size_t n = 0; n < record->document_count; n++)
            check(builder_add(builder, &record->documents[n], &err), &err);
        if (i + 1 < bench->count && (i + 1) % way->batch != 0)
            continue;
        check(builder_finish(builder, NULL, &err), &err);
        segments.megabytes[segments.count++] = folder_megabytes(path);
        segments_settle(&segments, place);
    }
    builder_free(&builder);
    way->databases = segments.count;
}

static void bulk_run(struct bench *bench, struct way *way, const char *place)
{
    struct error err;
    uint64_t faults;
    char path[PATH_BYTES];
    struct builder *builder = builder_new(&(struct builder_options){.memory_bytes = SIZE_MAX, .level = BUILDER_LEVEL});
    snprintf(path, sizeof path, "%s/bulk", place);
    check(builder_begin(builder, path, &err), &err);
    for (size_t i = 0; i < bench->count; i++)
        for (size_t n = 0; n < bench->records[i].document_count; n++)
            check(builder_add(builder, &bench->records[i].documents[n], &err), &err);
    check(builder_finish(builder, NULL, &err), &err);
    check(database_check(path, &faults, NULL, &err), &err);
    if (faults > 0)
        give_up(path, "has faults");
    builder_free(&builder);
    way->databases = 1;
}

static void compact_run(struct bench *bench, struct way *way, const char *place)
{
    char from[PATH_BYTES], to[PATH_BYTES], program[] = "xapian-compact", quiet[] = "--quiet";
    char *arguments[] = {program, quiet, from, to, NULL};
    stock_run(bench, way, place);
    snprintf(from, sizeof from, "%s/stock", place);
    snprintf(to, sizeof to, "%s/compact", place);
    compact(arguments);
    nftw(from, entry_remove, 8, FTW_DEPTH | FTW_PHYS);
}

static void way_run(struct bench *bench, struct way *way, size_t round)
{
    static void (*const runs[])(struct bench *, struct way *, const char *) = {stock_run, young_run, bulk_run,
                                                                               compact_run};
    char place[PATH_BYTES];
    snprintf(place, sizeof place, "%s/steady_bench.%ld.%s", bench->place, (long)getpid(), way->name);
    if (mkdir(place, 0755) != 0)
        give_up(place, "cannot be made");
    double own = cpu_of(RUSAGE_SELF), children = cpu_of(RUSAGE_CHILDREN);
    runs[way->kind](bench, way, place);
    own = cpu_of(RUSAGE_SELF) - own;
    children = cpu_of(RUSAGE_CHILDREN) - children;
    way->spent[round] = (own + children) * 1e3 / (double)bench->count;
    way->megabytes = folder_megabytes(place);
    printf("round %zu  %-20s %6.3f ms a file", round + 1, way->name, way->spent[round]);
    printf(way->kind == KIND_YOUNG ? ", of it merging %.3f\n" : "\n", children * 1e3 / (double)bench->count);
    fflush(stdout);
    if (!bench->keep || round + 1 < bench->rounds)
        nftw(place, entry_remove, 8, FTW_DEPTH | FTW_PHYS);
}

/* ---- options and figures */

static void way_add(struct bench *bench, const char *words)
{
    static const char *const kinds[] = {"stock:", "young:", "bulk", "compact"};
    struct way *way = &bench->ways[bench->way_count++];
    const char *first = strchr(words, ':'), *last = strrchr(words, ':');
    bool known = false;
    snprintf(way->name, sizeof way->name, "%s", words);
    for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds && !known; kind++) {
        known = strncmp(words, kinds[kind], strlen(kinds[kind])) == 0;
        way->kind = (enum kind)kind;
    }
    way->batch = way->kind >= KIND_BULK ? 512 : strtoul(first != NULL ? first + 1 : "0", NULL, 10);
    way->flush = way->kind == KIND_STOCK && last != first ? strtoul(last + 1, NULL, 10) : 0;
    if (way->batch == 0 || !known)
        give_up(words, "is no way; stock:FILES:DOCUMENTS, young:FILES, bulk or compact");
}

static void options_read(struct bench *bench, int argc, char **argv)
{
    char ways[512] = "stock:512:0,stock:512:400,young:512", *rest = NULL;
    *bench = (struct bench){.folder = argv[1], .place = "/tmp", .files = FILES_MAX, .rounds = 3};
    for (int i = 2; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--files") == 0)
            bench->files = strtoul(argv[i + 1], NULL, 10);
        if (strcmp(argv[i], "--rounds") == 0)
            bench->rounds = strtoul(argv[i + 1], NULL, 10);
        if (strcmp(argv[i], "--place") == 0)
            bench->place = argv[i + 1];
        if (strcmp(argv[i], "--text") == 0)
            bench->textless = argv[i + 1][0] == '0';
        if (strcmp(argv[i], "--keep") == 0)
            bench->keep = argv[i + 1][0] == '1';
        if (strcmp(argv[i], "--ways") == 0)
            snprintf(ways, sizeof ways, "%s", argv[i + 1]);
    }
    for (char *way = strtok_r(ways, ",", &rest); way != NULL && bench->way_count < WAYS_MAX;
         way = strtok_r(NULL, ",", &rest))
        way_add(bench, way);
    if (bench->rounds == 0 || bench->rounds > ROUNDS_MAX || bench->files > FILES_MAX)
        give_up("--rounds", "1 to 32");
}

static int double_compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static void core_pin(void)
{
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET((size_t)sysconf(_SC_NPROCESSORS_ONLN) - 1, &cores);
    sched_setaffinity(0, sizeof cores, &cores);
}

int main(int argc, char **argv)
{
    static struct bench bench;
    if (argc < 2 || argv[1][0] == '-')
        give_up("usage",
                "steady_bench FOLDER [--files N] [--rounds N] [--ways WAY,...] [--place DIR] [--keep 1] [--text 0]");
    options_read(&bench, argc, argv);
    core_pin();
    bench.arena = arena_new(SIZE_MAX);
    bench.paths = calloc(bench.files, sizeof *bench.paths);
    bench.records = calloc(bench.files, sizeof *bench.records);
    if (bench.arena == NULL || bench.paths == NULL || bench.records == NULL)
        give_up("memory", "is not enough; ask for fewer files");
    folder_list(&bench, bench.folder);
    records_make(&bench);
    printf("%zu files, records of %.0f MB, packing the text %.4f ms a file\n", bench.count,
           (double)arena_used(bench.arena) / 1e6, bench.packed * 1e3 / (double)bench.count);
    for (size_t round = 0; round < bench.rounds; round++)
        for (size_t i = 0; i < bench.way_count; i++)
            way_run(&bench, &bench.ways[i], round);
    for (size_t i = 0; i < bench.way_count; i++) {
        struct way *way = &bench.ways[i];
        qsort(way->spent, bench.rounds, sizeof way->spent[0], double_compare);
        printf("%-20s %6.3f ms a file  %8.1f MB  %zu databases\n", way->name, way->spent[bench.rounds / 2],
               way->megabytes, way->databases);
    }
    for (size_t i = 0; i < bench.path_count; i++)
        free(bench.paths[i]);
    free(bench.paths);
    free(bench.records);
    arena_free(&bench.arena);
    return 0;
}
