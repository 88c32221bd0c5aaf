/* How fast one core reads minutes: UTF-8 in, entities and meeting out, as the daemon does it.
 *
 *   text_bench [--megabytes N] [--rounds N] [--fragments | --terms] [FILE or FOLDER]...
 *
 * Gold files lose their markup, other files (.md .txt .html) are read as they are. The documents are repeated up to
 * N MB (64), and read as many at once as a reader would take from a full queue; one by one in turn with it, as they are
 * while little comes. Both are taken by CPU time, the best of the rounds; then once more with the clock between the
 * stages for their shares.
 *
 * --terms goes on to the record that an index takes, with the Danish stemmer and dictionary as the daemon has them, and
 * prints milliseconds a document of each part. Caches begin empty in every round, so a few documents look slow. The
 * number behind them is one of all records: programs that print the same make the same.
 *
 * --fragments shows what 1 MB of any repeated fragment costs beside 1 MB of these documents. Nothing is asserted. */
#define _GNU_SOURCE
#include "fragment.h"
#include "gold.h"
#include "reading.h"
#include "record_sum.h"
#include "speller.h"
#include "stemmer.h"
#include "term.h"
#include "utf8.h"

#include <dirent.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, STAGE_CHECK = READING_STAGES, STAGE_MEMORY, STAGES };
static const size_t arena_bytes = (size_t)4 << 30;

struct input {
    struct span bytes;
    enum media_type media;
};

struct load {
    struct arena *arena;
    LIST(struct input) sources;   /* the files */
    LIST(struct input) documents; /* the same repeated, each with bytes of its own */
    size_t bytes;
};

static void give_up(const char *what, const char *why)
{
    fprintf(stderr, "text_bench: %s: %s\n", what, why);
    exit(1);
}

static bool ends_with(const char *path, const char *ending)
{
    size_t size = strlen(path), tail = strlen(ending);
    return size > tail && strcmp(path + size - tail, ending) == 0;
}

static void source_add(struct load *load, const char *path)
{
    struct minutes gold;
    bool html = ends_with(path, ".html"), plain = html || ends_with(path, ".md") || ends_with(path, ".txt");
    struct text file = {NULL, 0};
    if (plain)
        file = file_read(load->arena, path);
    else if (ends_with(path, ".gold") && gold_open(load->arena, path, &gold))
        file = gold.body;
    else
        return;
    struct input *source = LIST_PUSH(load->arena, &load->sources);
    if (file.at == NULL || source == NULL || !utf8_valid((struct span){file.at, file.size}, NULL))
        give_up(path, "cannot be read as UTF-8");
    *source = (struct input){{file.at, file.size}, html ? MEDIA_HTML : plain ? MEDIA_MARKDOWN : MEDIA_PLAIN};
}

static void path_add(struct load *load, const char *path)
{
    struct stat about;
    if (stat(path, &about) != 0)
        give_up(path, "is not there");
    if (!S_ISDIR(about.st_mode)) {
        source_add(load, path);
        return;
    }
    struct dirent **names;
    int count = scandir(path, &names, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char inner[PATH_BYTES];
        snprintf(inner, sizeof inner, "%s/%s", path, names[i]->d_name);
        if (names[i]->d_name[0] != '.')
            source_add(load, inner);
        free(names[i]);
    }
    free(names);
}

/* Every document has its own bytes, so that memory is read as it is in life. */
static void load_repeat(struct load *load, size_t bytes)
{
    if (load->sources.count == 0)
        give_up("nothing to read", "give files or folders of minutes");
    for (size_t i = 0; load->bytes < bytes; i++) {
        struct input source = load->sources.items[i % load->sources.count];
        struct input *document = LIST_PUSH(load->arena, &load->documents);
        struct text copy = arena_copy(load->arena, source.bytes);
        if (document == NULL || copy.at == NULL)
            give_up("no memory", "ask for fewer megabytes");
        *document = (struct input){{copy.at, copy.size}, source.media};
        load->bytes += copy.size;
    }
}

static double now(clockid_t clock)
{
    struct timespec at;
    clock_gettime(clock, &at);
    return (double)at.tv_sec + (double)at.tv_nsec * 1e-9;
}

static void check(enum fault fault, const struct error *err)
{
    if (fault != FAULT_NONE)
        give_up(err->rule, err->text);
}

/* How many of the documents from `first` on a reader would take at once. */
static size_t group_of(const struct load *load, size_t first)
{
    size_t count = 0, bytes = 0;
    while (first + count < load->documents.count && count < MINUTES_TOGETHER && bytes < MINUTES_TOGETHER_BYTES)
        bytes += load->documents.items[first + count++].bytes.size;
    return count;
}

/* Documents as a reader reads them that finds as many in its queue. */
static void group_read(const struct input *inputs, size_t count, struct arena **arenas,
                       struct minutes_document *documents)
{
    for (size_t i = 0; i < count; i++) {
        if (arenas[i] == NULL || !utf8_valid(inputs[i].bytes, NULL))
            give_up("a document", "is not read");
        documents[i] = (struct minutes_document){.arena = arenas[i], .body = inputs[i].bytes, .media = inputs[i].media};
    }
    minutes_read_many(documents, count, NULL);
    for (size_t i = 0; i < count; i++)
        check(documents[i].fault, &documents[i].err);
}

/* All documents as the daemon reads them, side by side or each by itself. Gives the entities found. */
static size_t load_read(const struct load *load, bool together)
{
    struct arena *arenas[MINUTES_TOGETHER];
    struct minutes_document documents[MINUTES_TOGETHER];
    size_t entities = 0;
    for (size_t i = 0; i < MINUTES_TOGETHER; i++)
        arenas[i] = arena_new(arena_bytes);
    for (size_t first = 0, count; first < load->documents.count; first += count) {
        count = together ? group_of(load, first) : 1;
        group_read(&load->documents.items[first], count, arenas, documents);
        for (size_t i = 0; i < count; i++) {
            entities += documents[i].minutes.entity_count;
            arena_reset(arenas[i]);
        }
    }
    for (size_t i = 0; i < MINUTES_TOGETHER; i++)
        arena_free(&arenas[i]);
    return entities;
}

/* A few documents side by side, stage after stage, so that the clock is asked seldom; adds each stage's seconds. */
static void batch_read(const struct input *documents, size_t count, struct arena **arenas, double *stages)
{
    struct error err = {0};
    struct minutes minutes[MINUTES_TOGETHER];
    struct reading readings[MINUTES_TOGETHER];
    double start = now(CLOCK_PROCESS_CPUTIME_ID);
    for (size_t i = 0; i < count; i++)
        if (!utf8_valid(documents[i].bytes, NULL))
            give_up("a document", "is not read");
    stages[STAGE_CHECK] += now(CLOCK_PROCESS_CPUTIME_ID) - start;
    for (size_t i = 0; i < count; i++)
        check(reading_begin(&readings[i], arenas[i], documents[i].bytes, documents[i].media, &minutes[i], &err), &err);
    for (size_t stage = 0; stage < READING_STAGES; stage++) {
        start = now(CLOCK_PROCESS_CPUTIME_ID);
        for (size_t i = 0; i < count; i++)
            check(reading_stages[stage].run(&readings[i]), &err);
        stages[stage] += now(CLOCK_PROCESS_CPUTIME_ID) - start;
    }
    start = now(CLOCK_PROCESS_CPUTIME_ID);
    for (size_t i = 0; i < count; i++)
        arena_reset(arenas[i]);
    stages[STAGE_MEMORY] += now(CLOCK_PROCESS_CPUTIME_ID) - start;
}

static void line_print(const char *name, double seconds, double whole, size_t bytes)
{
    printf("%-14s %8.1f MB/s  %5.1f %%\n", name, (double)bytes / 1e6 / seconds, seconds / whole * 100);
}

static void measure(const struct load *load, size_t rounds)
{
    double best[2], stages[STAGES] = {0}, sum = 0; /* each by itself, together */
    size_t entities = 0;
    for (size_t i = 0; i < rounds * 2; i++) {
        double start = now(CLOCK_PROCESS_CPUTIME_ID);
        entities = load_read(load, i % 2 == 1);
        double seconds = now(CLOCK_PROCESS_CPUTIME_ID) - start;
        best[i % 2] = i < 2 || seconds < best[i % 2] ? seconds : best[i % 2];
    }
    struct arena *arenas[MINUTES_TOGETHER];
    for (size_t i = 0; i < MINUTES_TOGETHER; i++)
        arenas[i] = arena_new(arena_bytes);
    for (size_t i = 0; i < load->documents.count; i += MINUTES_TOGETHER) {
        size_t left = load->documents.count - i;
        batch_read(&load->documents.items[i], left < MINUTES_TOGETHER ? left : MINUTES_TOGETHER, arenas, stages);
    }
    for (size_t i = 0; i < MINUTES_TOGETHER; i++)
        arena_free(&arenas[i]);
    for (size_t i = 0; i < STAGES; i++)
        sum += stages[i];
    printf("%zu documents of %zu files, %.1f MB, %zu entities\n", load->documents.count, load->sources.count,
           (double)load->bytes / 1e6, entities);
    line_print("whole", best[1], best[1], load->bytes);
    line_print("one by one", best[0], best[1], load->bytes);
    line_print("UTF-8 check", stages[STAGE_CHECK], sum, load->bytes);
    for (size_t i = 0; i < READING_STAGES; i++)
        line_print(reading_stages[i].name, stages[i], sum, load->bytes);
    line_print("memory", stages[STAGE_MEMORY], sum, load->bytes);
}

/* ---- up to the record */

enum { PART_READ, PART_TERMS, PART_MEMORY, PARTS };

/* All documents up to the record that outlives the working memory; adds the seconds of each part, or counts the
 * records in. */
static void load_build(const struct load *load, struct term_builder *builder, double parts[static PARTS], uint64_t *sum)
{
    static const struct source fed = {.id = {"2020-02-05-oek", 14}, .version = 1, .media_type = {"text/markdown", 13}};
    struct arena *arenas[MINUTES_TOGETHER], *scratch = arena_new(arena_bytes), *kept = arena_new(arena_bytes);
    struct minutes_document documents[MINUTES_TOGETHER];
    for (size_t i = 0; i < MINUTES_TOGETHER; i++)
        arenas[i] = arena_new(arena_bytes);
    for (size_t first = 0, count; first < load->documents.count; first += count) {
        struct index_record record;
        struct error err;
        double at[PARTS + 1];
        count = group_of(load, first);
        at[0] = now(CLOCK_PROCESS_CPUTIME_ID);
        group_read(&load->documents.items[first], count, arenas, documents);
        at[1] = now(CLOCK_PROCESS_CPUTIME_ID);
        for (size_t i = 0; i < count; i++) {
            check(term_build(builder, scratch, kept, &fed, &documents[i].minutes, &record, &err), &err);
            if (sum != NULL)
                *sum = record_sum(*sum, &record);
            arena_reset(kept);
            arena_reset(scratch);
        }
        at[2] = now(CLOCK_PROCESS_CPUTIME_ID);
        for (size_t i = 0; i < count; i++)
            arena_reset(arenas[i]);
        at[3] = now(CLOCK_PROCESS_CPUTIME_ID);
        for (size_t part = 0; part < PARTS; part++)
            parts[part] += at[part + 1] - at[part];
    }
    for (size_t i = 0; i < MINUTES_TOGETHER; i++)
        arena_free(&arenas[i]);
    arena_free(&kept);
    arena_free(&scratch);
}

/* Once more than the rounds, which are timed: what the records are. */
static void measure_terms(const struct load *load, size_t rounds)
{
    uint64_t records = 0;
    static const char *const names[PARTS] = {"entities", "terms", "memory"};
    double documents = (double)load->documents.count, best[PARTS] = {0}, sum = 0;
    struct error err = {0};
    struct speller *speller;
    check(speller_open(&speller, &err), &err);
    struct wordbook words = speller_wordbook(speller);
    for (size_t i = 0; i <= rounds; i++) {
        double parts[PARTS] = {0};
        struct term_builder *builder = term_builder_new(danish_stemmer(), &words, 0);
        if (builder == NULL)
            give_up("no memory", "for the caches");
        load_build(load, builder, parts, i == rounds ? &records : NULL);
        term_builder_free(&builder);
        for (size_t part = 0; part < PARTS && i < rounds; part++)
            best[part] = i == 0 || parts[part] < best[part] ? parts[part] : best[part];
    }
    speller_close(&speller);
    printf("%zu documents of %.0f bytes\n", load->documents.count, (double)load->bytes / documents);
    for (size_t part = 0; part < PARTS; part++) {
        printf("%-14s %8.3f ms a document\n", names[part], best[part] * 1e3 / documents);
        sum += best[part];
    }
    printf("%-14s %8.3f ms a document\n", "whole", sum * 1e3 / documents);
    printf("%-14s %016" PRIx64 "\n", "records", records);
}

/* ---- fragments */

/* The best CPU time of a few rounds over one text. */
static double text_seconds(struct arena *arena, struct text text, enum media_type media, size_t rounds)
{
    double best = 0;
    for (size_t i = 0; i < rounds; i++) {
        struct error err = {0};
        struct minutes minutes;
        double start = now(CLOCK_PROCESS_CPUTIME_ID);
        check(minutes_read(arena, (struct span){text.at, text.size}, media, &minutes, &err), &err);
        double seconds = now(CLOCK_PROCESS_CPUTIME_ID) - start;
        best = i == 0 || seconds < best ? seconds : best;
        arena_reset(arena);
    }
    return best;
}

static void measure_fragments(const struct load *load, size_t rounds)
{
    enum { TEXT_BYTES = 1 << 20 };
    struct arena *texts = arena_new(arena_bytes), *arena = arena_new(arena_bytes);
    double ordinary = 0;
    for (size_t i = 0; i < rounds; i++) {
        double start = now(CLOCK_PROCESS_CPUTIME_ID);
        load_read(load, false);
        double seconds = (now(CLOCK_PROCESS_CPUTIME_ID) - start) * TEXT_BYTES / (double)load->bytes;
        ordinary = i == 0 || seconds < ordinary ? seconds : ordinary;
    }
    printf("%-24s %8.1f MB/s\n", "ordinary text", TEXT_BYTES / 1e6 / ordinary);
    for (size_t i = 0; i < fragment_count; i++) {
        struct text text = fragment_repeat(texts, &fragments[i], TEXT_BYTES);
        if (text.at == NULL)
            give_up("no memory", "for a megabyte");
        double seconds = text_seconds(arena, text, fragments[i].media, rounds);
        printf("%-24s %8.1f MB/s  %6.2f times ordinary text\n", fragments[i].name, TEXT_BYTES / 1e6 / seconds,
               seconds / ordinary);
        fflush(stdout);
        arena_reset(texts);
    }
    arena_free(&texts);
    arena_free(&arena);
}

/* One core; the last one, which the machine itself uses least. */
static void core_pin(void)
{
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET((size_t)sysconf(_SC_NPROCESSORS_ONLN) - 1, &cores);
    sched_setaffinity(0, sizeof cores, &cores);
}

int main(int argc, char **argv)
{
    struct load load = {.arena = arena_new(SIZE_MAX)};
    size_t megabytes = 64, rounds = 3;
    bool worst = false, terms = false;
    for (int i = 1; i < argc; i++) {
        if (i + 1 < argc && strcmp(argv[i], "--megabytes") == 0)
            megabytes = strtoul(argv[++i], NULL, 10);
        else if (i + 1 < argc && strcmp(argv[i], "--rounds") == 0)
            rounds = strtoul(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--fragments") == 0)
            worst = true;
        else if (strcmp(argv[i], "--terms") == 0)
            terms = true;
        else
            path_add(&load, argv[i]);
    }
    if (load.sources.count == 0)
        path_add(&load, GOLDEN_FOLDER);
    if (megabytes == 0 || rounds == 0)
        give_up("--megabytes and --rounds", "must be at least 1");
    core_pin();
    load_repeat(&load, worst ? 1 << 20 : megabytes << 20);
    if (worst)
        measure_fragments(&load, rounds);
    else if (terms)
        measure_terms(&load, rounds);
    else
        measure(&load, rounds);
    arena_free(&load.arena);
    return 0;
}
