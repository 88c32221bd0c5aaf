/* How long a worker that runs lets one wait, as a client sees it.
 *
 *   service_bench search SEARCH QUESTIONS ROUNDS [ids]
 *   service_bench arrive FEED SEARCH DOCUMENTS GAP_MS
 *
 * search: asks every line of QUESTIONS, ROUNDS times, after one that does not count; prints one time in microseconds
 * and the number of hits a line. With ids: each hit as id and position alone.
 * arrive: sends DOCUMENTS one by one, GAP_MS after the last one was found; prints for each how long its receipt took
 * and how long it took until a search found it, in microseconds. */
#include "referent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 1024, QUESTIONS_MAX = 4096, TIMEOUT_MS = 60000, PAUSE_NS = 2000000 };

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void rest(long nanoseconds)
{
    struct timespec time = {nanoseconds / 1000000000L, nanoseconds % 1000000000L};
    nanosleep(&time, NULL);
}

static void check(enum referent_result result, const struct referent_error *err)
{
    if (result == REFERENT_OK)
        return;
    fprintf(stderr, "service_bench: %s: %s\n", err->rule, err->text);
    exit(1);
}

static size_t questions_read(const char *path, char *questions[QUESTIONS_MAX])
{
    char line[LINE_MAX_BYTES];
    size_t count = 0;
    FILE *file = fopen(path, "r");
    while (file != NULL && count < QUESTIONS_MAX && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        questions[count++] = strdup(line);
    }
    if (file != NULL)
        fclose(file);
    return count;
}

static uint64_t ask(struct referent_searcher *searcher, const struct referent_query *query)
{
    struct referent_error err;
    struct referent_answer *answer = NULL;
    check(referent_search(searcher, query, TIMEOUT_MS, &answer, &err), &err);
    uint64_t total = answer->total;
    referent_answer_free(&answer);
    return total;
}

static int search_run(const char *endpoint, const char *path, unsigned long rounds, bool ids_only)
{
    static char *questions[QUESTIONS_MAX];
    size_t count = questions_read(path, questions);
    struct referent_searcher *searcher = NULL;
    struct referent_error err;
    check(referent_searcher_open(endpoint, &searcher, &err), &err);
    for (unsigned long round = 0; round <= rounds; round++)
        for (size_t i = 0; i < count; i++) {
            double begin = now_us();
            uint64_t total = ask(searcher, &(struct referent_query){.text = questions[i], .ids_only = ids_only});
            if (round > 0)
                printf("%.1f %llu\n", now_us() - begin, (unsigned long long)total);
        }
    referent_searcher_close(&searcher);
    for (size_t i = 0; i < count; i++)
        free(questions[i]);
    return count > 0 ? 0 : 1;
}

/* Literally, so that a word that is not there yet is not mended into another one that is. */
static bool is_found(struct referent_searcher *searcher, const char *word)
{
    return ask(searcher, &(struct referent_query){.text = word, .literal = true}) > 0;
}

/* A word that no other document has: letters only, so that it stays one word. */
static void word_make(char out[32], unsigned long n)
{
    unsigned long value = (unsigned long)getpid() * 100003UL + n;
    size_t size = 0;
    memcpy(out, "zyxq", 4);
    for (size = 4; size < 20; size++, value /= 20)
        out[size] = "bcdfghjklmnpqrtvwxzy"[value % 20];
    out[size] = '\0';
}

static void document_arrive(struct referent_feeder *feeder, struct referent_searcher *searcher, unsigned long n)
{
    char word[32], id[64], body[512];
    struct referent_error err;
    struct referent_receipt receipt;
    word_make(word, n);
    snprintf(id, sizeof id, "arrive/%s.md", word);
    int size = snprintf(body, sizeof body,
                        "# Referat af møde i Byrådet, Lejre Kommune, den 3. maj 2022\n\n## Punkt 1: Skole og vej\n\n"
                        "Byrådet behandler %s.\n\n### Beslutning\n\nGodkendt.\n",
                        word);
    struct referent_document document = {.id = id, .body = body, .body_bytes = (size_t)size};
    double begin = now_us(), received = 0, found = 0;
    enum referent_result result;
    while ((result = referent_feeder_submit(feeder, &document, NULL, &err)) == REFERENT_AGAIN)
        if (referent_feeder_poll(feeder, 1, &receipt, &err) == REFERENT_REJECTED)
            break;
    check(result, &err);
    while (received == 0 || found == 0) {
        if (received == 0 && referent_feeder_poll(feeder, 1, &receipt, &err) == REFERENT_OK)
            received = now_us();
        if (found == 0 && is_found(searcher, word))
            found = now_us();
        else if (found == 0)
            rest(PAUSE_NS);
    }
    printf("%.0f %.0f\n", received - begin, found - begin);
    fflush(stdout);
}

static int arrive_run(const char *feed, const char *search, unsigned long documents, long gap_ms)
{
    struct referent_feeder *feeder = NULL;
    struct referent_searcher *searcher = NULL;
    struct referent_error err;
    check(referent_feeder_open(feed, NULL, &feeder, &err), &err);
    check(referent_searcher_open(search, &searcher, &err), &err);
    for (unsigned long n = 0; n < documents; n++) {
        document_arrive(feeder, searcher, n);
        rest(gap_ms * 1000000L);
    }
    referent_feeder_close(&feeder);
    referent_searcher_close(&searcher);
    return 0;
}

int main(int argc, char **argv)
{
    bool ids_only = argc == 6 && strcmp(argv[5], "ids") == 0;
    if ((argc == 5 || ids_only) && strcmp(argv[1], "search") == 0)
        return search_run(argv[2], argv[3], strtoul(argv[4], NULL, 10), ids_only);
    if (argc == 6 && strcmp(argv[1], "arrive") == 0)
        return arrive_run(argv[2], argv[3], strtoul(argv[4], NULL, 10), strtol(argv[5], NULL, 10));
    fputs("usage: service_bench search SEARCH QUESTIONS ROUNDS [ids]\n"
          "       service_bench arrive FEED SEARCH DOCUMENTS GAP_MS\n",
          stderr);
    return 2;
}
