/* search_bench REFERENTD DATA [ROUNDS [KIND]]: what the service costs beside bare Xapian, and what threads bring.
 *
 * Six kinds of queries are made from the titles in DATA, which a referentd has filled and no longer holds; KIND
 * measures one of them alone, such as "three words". Each is run in four ways:
 *
 *   hits     on Xapian in this process: the query as the service composes it, get_mset, spies, the data of ten hits
 *   bare     the same, and what makes a reply of it: a highlighted snippet of each hit's text, from MSet::snippet
 *   inside   as the service answers it, in this process: read, composed, run, snippets, facets, coverage
 *   zeromq   by a searcher of libreferent from REFERENTD
 *
 * p50 and p99 stand beside each other, then the ratios of the last to the first two. Then two to eight searchers ask
 * at once, with 1, 2 and 4 search threads. Ratios inside one run mean something; times on another machine do not. */
#include "answer.h"
#include "bare.h"
#include "clock.h"
#include "facet.h"
#include "query.h"
#include "record.h"
#include "referent.h"
#include "speller.h"
#include "text_of.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum way { WAY_HITS, WAY_BARE, WAY_INSIDE, WAY_ZEROMQ, WAYS };

enum {
    QUERIES = 60,
    KINDS = 6,
    WORDS = 12,
    TEXT = 240,
    SHARDS_MAX = 64,
    ARENA = 1 << 28,
    LISTS = 64 << 20, /* as the service has by itself */
    TIMEOUT_MS = 10000,
    LIMIT = 10
};

struct asked {
    char text[TEXT], committee[TEXT];
};

struct bench {
    const char *referentd, *data;
    uint32_t shards;
    size_t rounds;
    struct view *view;
    struct store *lists;
    struct language *language;
    struct bare *bare;
    struct asked kinds[KINDS][QUERIES];
    pid_t pid;
    char endpoint[128];
};

static const char *const names[KINDS] = {"one word", "three words", "phrase", "filter", "range", "facets"};
static const char *const facets[] = {"committee", "year"};

static void check(enum fault fault, const struct error *err)
{
    if (fault == FAULT_NONE)
        return;
    fprintf(stderr, "search_bench: %s: %s\n", err->rule, err->text);
    exit(1);
}

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* ---- queries from titles */

static size_t words_of(char *title, char *words[WORDS])
{
    size_t count = 0;
    for (char *rest = NULL, *word = strtok_r(title, " ,.-:;()\"/", &rest); word != NULL && count < WORDS;
         word = strtok_r(NULL, " ,.-:;()\"/", &rest))
        if (strlen(word) > 3)
            words[count++] = word;
    return count;
}

/* The first two words of the title that stand side by side, the second not a short one. */
static void phrase_make(struct bench *bench, size_t n, const char *title)
{
    enum { SHORT = 3 };
    for (const char *first = title, *space; (space = strchr(first, ' ')) != NULL; first = space + 1) {
        size_t size = strcspn(space + 1, " ,.-:;()\"/");
        bool plain = strcspn(first, ",.-:;()\"/") >= (size_t)(space - first);
        if (!plain || space - first <= SHORT || size <= SHORT)
            continue;
        snprintf(bench->kinds[2][n].text, TEXT, "\"%.*s\"", (int)(space + 1 - first) + (int)size, first);
        return;
    }
}

static void asked_make(struct bench *bench, size_t n, char *title, const char *committee)
{
    char *words[WORDS], whole[TEXT];
    snprintf(whole, sizeof whole, "%s", title);
    size_t count = words_of(title, words), longest = 0;
    for (size_t i = 1; i < count; i++)
        longest = strlen(words[i]) > strlen(words[longest]) ? i : longest;
    for (size_t kind = 0; kind < KINDS; kind++) {
        struct asked *asked = &bench->kinds[kind][n];
        snprintf(asked->text, TEXT, "%s", count > 0 ? words[longest] : "udvalget");
        snprintf(asked->committee, TEXT, "%s", committee);
    }
    if (count > 2)
        snprintf(bench->kinds[1][n].text, TEXT, "%s %s %s", words[0], words[1], words[2]);
    phrase_make(bench, n, whole);
}

/* Items from all over the index, each the source of one query of a kind. */
static void queries_make(struct bench *bench)
{
    struct error err;
    struct arena *arena = arena_new(ARENA);
    struct query_node all = {.op = QUERY_TERM, .text = SPAN("XTYPEitem")};
    struct search_result *result;
    uint64_t items;
    check(database_frequency(view_database(bench->view), all.text, &items, &err), &err);
    for (size_t n = 0; n < QUERIES; n++) {
        struct search_hit hit;
        char title[TEXT], committee[TEXT];
        struct search search = {.nodes = &all, .node_count = 1, .limit = 1, .collapse_slot = UINT32_MAX};
        search.offset = (uint32_t)(items * n / QUERIES);
        check(database_search(view_database(bench->view), &search, &result, &err), &err);
        check(search_result_hit(result, 0, arena, &hit, &err), &err);
        struct span name = data_field(hit.data, FIELD_TITLE), place = data_field(hit.data, FIELD_COMMITTEE);
        snprintf(title, sizeof title, "%.*s", (int)name.size, name.at);
        snprintf(committee, sizeof committee, "%.*s", (int)place.size, place.at);
        asked_make(bench, n, title, committee);
        search_result_free(&result);
    }
    arena_free(&arena);
}

static void request_fill(size_t kind, const struct asked *asked, char *const committee[1],
                         Referent__V1__SearchRequest *request)
{
    referent__v1__search_request__init(request);
    request->query = (char *)asked->text;
    request->limit = LIMIT;
    request->all_words = true; /* no second query: the same work on both sides */
    if (kind == 3) {
        request->n_committee = 1;
        request->committee = (char **)committee;
    }
    request->has_amount_min = request->has_amount_max = kind == 4;
    request->amount_min_ore = 10000000;
    request->amount_max_ore = 500000000;
    request->n_facets = kind == 5 ? 2 : 0;
    request->facets = (char **)facets;
}

/* ---- the four ways */

struct texts {
    struct text_source source;
    struct error err;
};

static struct span text_give(void *self, size_t part, uint32_t docid, struct span data)
{
    struct texts *texts = self;
    struct span text;
    check(text_of(&texts->source, part, docid, data, &text, &texts->err), &texts->err);
    return text;
}

static double run_bare(struct bench *bench, size_t kind, const struct asked *asked, bool snippets)
{
    enum { SNIPPET = 240 };
    struct error err;
    struct arena *arena = arena_new(ARENA);
    char *committee[1] = {(char *)asked->committee};
    Referent__V1__SearchRequest request;
    struct asking asking = {.arena = arena,
                            .database = view_database(bench->view),
                            .parts = view_parts(bench->view),
                            .names = view_names(bench->view),
                            .language = bench->language,
                            .deadline_ms = clock_steady_ms() + TIMEOUT_MS,
                            .err = &err};
    struct question question = {0};
    struct search search;
    struct texts texts = {
        .source = {.arena = arena, .database = view_database(bench->view), .unpacker = view_unpacker(bench->view)}};
    request_fill(kind, asked, committee, &request);
    question.request = &request;
    check(query_read(&asking, &request, &question), &err);
    check(query_search(&asking, &question, false, &search), &err);
    check(facet_slots(arena, &request, &search.facet_slots, &err), &err);
    search.facet_count = request.n_facets;
    search.check_at_least = request.n_facets > 0 ? UINT32_MAX : LIMIT + 1000;
    double begin = now_us();
    bare_search(bench->bare, &search, SNIPPET, snippets ? text_give : NULL, &texts);
    double spent = now_us() - begin;
    arena_free(&arena);
    return spent;
}

static double run_inside(struct bench *bench, size_t kind, const struct asked *asked)
{
    struct error err;
    char *committee[1] = {(char *)asked->committee};
    Referent__V1__SearchRequest request;
    Referent__V1__SearchReply reply;
    request_fill(kind, asked, committee, &request);
    referent__v1__search_reply__init(&reply);
    double begin = now_us();
    struct arena *arena = arena_new(ARENA);
    check(view_refresh(bench->view, &err), &err);
    check(answer_search(arena, bench->view, bench->language, &request, TIMEOUT_MS, &reply, &err), &err);
    check(view_whole(bench->view, &err), &err);
    view_trust(bench->view);
    arena_free(&arena);
    return now_us() - begin;
}

static double run_zeromq(struct referent_searcher *searcher, size_t kind, const struct asked *asked)
{
    const char *committee = asked->committee;
    struct referent_query query = {.text = asked->text, .limit = LIMIT, .all_words = true};
    struct referent_answer *answer = NULL;
    struct referent_error err;
    if (kind == 3)
        query.committee = (struct referent_strings){&committee, 1};
    query.has_amount_min = query.has_amount_max = kind == 4;
    query.amount_min_ore = 10000000;
    query.amount_max_ore = 500000000;
    if (kind == 5)
        query.facets = (struct referent_strings){facets, 2};
    double begin = now_us();
    if (referent_search(searcher, &query, TIMEOUT_MS, &answer, &err) != REFERENT_OK) {
        fprintf(stderr, "search_bench: %s: %s (%s)\n", err.rule, err.text, asked->text);
        exit(1);
    }
    double spent = now_us() - begin;
    referent_answer_free(&answer);
    return spent;
}

/* ---- the daemon */

static void daemon_stop(struct bench *bench)
{
    if (bench->pid > 0) {
        kill(bench->pid, SIGTERM);
        waitpid(bench->pid, NULL, 0);
    }
    bench->pid = 0;
}

static void daemon_exec(const struct bench *bench, int output, const char *path)
{
    if (dup2(output, STDERR_FILENO) < 0)
        _exit(1);
    execl(bench->referentd, bench->referentd, "--config", path, "--data", bench->data, "--feed", "tcp://127.0.0.1:*",
          "--search", "tcp://127.0.0.1:*", (char *)NULL);
    _exit(1);
}

static void daemon_start(struct bench *bench, unsigned threads)
{
    int ends[2];
    char line[512] = "", path[] = "/tmp/search_bench.XXXXXX", text[64];
    int size = snprintf(text, sizeof text, "search_threads = %u\n", threads), file = mkstemp(path);
    if (file < 0 || write(file, text, (size_t)size) != size || pipe(ends) != 0)
        exit(1);
    close(file);
    bench->pid = fork();
    if (bench->pid == 0)
        daemon_exec(bench, ends[1], path);
    close(ends[1]);
    FILE *log = fdopen(ends[0], "r");
    const char *search = NULL; /* the rest of the log is left in the pipe: warnings are few */
    while (search == NULL && log != NULL && fgets(line, sizeof line, log) != NULL)
        search = strncmp(line, "event=ready", 11) == 0 ? strstr(line, " search=") : NULL;
    unlink(path); /* it is read before the daemon serves */
    if (search == NULL || sscanf(search, " search=%127s", bench->endpoint) != 1) {
        fprintf(stderr, "search_bench: %s does not serve %s: %s\n", bench->referentd, bench->data, line);
        exit(1);
    }
}

static struct referent_searcher *searcher_open(const struct bench *bench)
{
    struct referent_searcher *searcher = NULL;
    struct referent_error err;
    if (referent_searcher_open(bench->endpoint, &searcher, &err) != REFERENT_OK)
        exit(1);
    return searcher;
}

/* ---- figures */

static int by_time(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

struct figure {
    double p50, p99;
};

static struct figure figure_of(double *times, size_t count)
{
    qsort(times, count, sizeof *times, by_time);
    return (struct figure){times[count / 2], times[count * 99 / 100]};
}

static double run(struct bench *bench, struct referent_searcher *searcher, enum way way, size_t kind,
                  const struct asked *asked)
{
    switch (way) {
    case WAY_HITS: return run_bare(bench, kind, asked, false);
    case WAY_BARE: return run_bare(bench, kind, asked, true);
    case WAY_INSIDE: return run_inside(bench, kind, asked);
    default: return run_zeromq(searcher, kind, asked);
    }
}

/* The ways take turns, so that whatever else the machine does falls on all alike. */
static void kind_measure(struct bench *bench, struct referent_searcher *searcher, size_t kind)
{
    size_t count = bench->rounds * QUERIES;
    double *times[WAYS];
    struct figure figures[WAYS];
    for (int way = 0; way < WAYS; way++)
        times[way] = calloc(count, sizeof *times[way]);
    for (size_t i = 0; i < count + QUERIES; i++) /* the first round fills the caches */
        for (int way = 0; way < WAYS; way++) {
            double spent = run(bench, searcher, (enum way)way, kind, &bench->kinds[kind][i % QUERIES]);
            if (i >= QUERIES)
                times[way][i - QUERIES] = spent;
        }
    printf("%-12s", names[kind]);
    for (int way = 0; way < WAYS; way++) {
        figures[way] = figure_of(times[way], count);
        free(times[way]);
        printf(" %7.0f %6.0f", figures[way].p50, figures[way].p99);
    }
    printf("  ");
    for (int way = 0; way < WAY_INSIDE; way++)
        printf(" %6.2f %5.2f", figures[WAY_ZEROMQ].p50 / figures[way].p50, figures[WAY_ZEROMQ].p99 / figures[way].p99);
    printf("\n");
}

struct crowd {
    struct bench *bench;
    atomic_size_t answered;
    atomic_bool over;
};

static void *crowd_ask(void *opaque)
{
    struct crowd *crowd = opaque;
    struct referent_searcher *searcher = searcher_open(crowd->bench);
    for (size_t i = (size_t)(uintptr_t)searcher / 64; !atomic_load(&crowd->over); i++) {
        run_zeromq(searcher, i % KINDS, &crowd->bench->kinds[i % KINDS][i / KINDS % QUERIES]);
        atomic_fetch_add(&crowd->answered, 1);
    }
    referent_searcher_close(&searcher);
    return NULL;
}

static double crowd_measure(struct bench *bench, unsigned searchers)
{
    enum { SECONDS = 3, CROWD_MAX = 8 };
    struct crowd crowd = {.bench = bench};
    pthread_t threads[CROWD_MAX];
    for (unsigned i = 0; i < searchers; i++)
        if (pthread_create(&threads[i], NULL, crowd_ask, &crowd) != 0)
            exit(1);
    sleep(SECONDS);
    atomic_store(&crowd.over, true);
    for (unsigned i = 0; i < searchers; i++)
        pthread_join(threads[i], NULL);
    return (double)atomic_load(&crowd.answered) / SECONDS;
}

static uint32_t shards_of(const char *data)
{
    uint32_t shards = 0;
    char path[4096];
    do
        snprintf(path, sizeof path, "%s/shard-%04u", data, shards++);
    while (shards <= SHARDS_MAX && access(path, F_OK) == 0);
    return shards - 1;
}

static void bare_start(struct bench *bench)
{
    static char paths[SHARDS_MAX][4096];
    const char *names_of[SHARDS_MAX];
    for (uint32_t shard = 0; shard < bench->shards; shard++) {
        snprintf(paths[shard], sizeof paths[shard], "%s/shard-%04u", bench->data, shard);
        names_of[shard] = paths[shard];
    }
    bench->bare = bare_open(names_of, bench->shards);
}

int main(int argc, char **argv)
{
    struct error err;
    struct speller *speller = NULL;
    if (argc < 3) {
        fputs("usage: search_bench REFERENTD DATA [ROUNDS [KIND]]\n", stderr);
        return 2;
    }
    static struct bench bench;
    bench.referentd = argv[1];
    bench.data = argv[2];
    bench.rounds = argc > 3 ? strtoul(argv[3], NULL, 10) : 5;
    bench.shards = shards_of(bench.data);
    bench.view = view_new(bench.data, bench.shards);
    bench.lists = store_new(LISTS);
    if (bench.lists == NULL || !view_share(bench.view, bench.lists))
        return 1;
    check(speller_open(&speller, &err), &err);
    check(language_open(speller_wordbook(speller), &bench.language, &err), &err);
    check(view_refresh(bench.view, &err), &err);
    bare_start(&bench);
    queries_make(&bench);
    daemon_start(&bench, 1);
    struct referent_searcher *searcher = searcher_open(&bench);
    printf("%zu searches a kind, %u shards; microseconds p50 p99, then zeromq's ratios\n", bench.rounds * QUERIES,
           (unsigned)bench.shards);
    printf("%-12s %14s %14s %14s %14s    %12s %12s\n", "", "hits", "bare", "inside", "zeromq", "to hits", "to bare");
    for (size_t kind = 0; kind < KINDS; kind++)
        if (argc < 5 || strcmp(argv[4], names[kind]) == 0)
            kind_measure(&bench, searcher, kind);
    referent_searcher_close(&searcher);
    daemon_stop(&bench);
    double first = 0;
    for (unsigned threads = 1; threads <= 4 && argc < 5; threads *= 2) {
        daemon_start(&bench, threads);
        double answered = crowd_measure(&bench, 2 * threads);
        first = first > 0 ? first : answered;
        printf("%u search threads, %u searchers: %.0f searches/s, %.2f times one thread\n", threads, 2 * threads,
               answered, answered / first);
        daemon_stop(&bench);
    }
    bare_close(&bench.bare);
    view_free(&bench.view);
    store_free(&bench.lists);
    language_close(&bench.language);
    speller_close(&speller);
    return 0;
}
