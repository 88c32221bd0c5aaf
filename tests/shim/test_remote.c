/* Searching over remote shards: two shards behind xapian-tcpsrv answer as the same two do from disk, scores, snippets,
 * facets, mended words, wildcards, names and completions included. Nothing of it needs Xapian's spelling table, which
 * is empty over the network. */
#define _XOPEN_SOURCE 700
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "answer.h"
#include "clock.h"
#include "complete.h"
#include "frame.h"
#include "shard.h"
#include "stemmer.h"
#include "temp.h"
#include "term.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

enum { SHARDS = 2, ARENA_BYTES = 64 << 20, WAIT_MS = 20000 };

static char folder[64], here[128], there[128];
static pid_t servers[SHARDS];
static struct language *language;
static struct view *local, *remote;
static struct error err;

static void sound(enum fault fault)
{
    if (fault != FAULT_NONE)
        fail_msg("%s: %s", err.rule, err.text);
}

/* ---- shards with minutes */

static const struct {
    const char *id, *text;
} minutes_fed[] = {
    {"a",
     "Referat\n\nTeknisk Udvalg\n\nMødedato: 3. maj 2012\n\nMedlemmer: Agnete Rosenlund (F), Tormod Brinkhauge "
     "(A)\n\n## 1. Kunstgræsbane ved Klint Skole\n\nSagsnr. 12/4711\n\nDer gives 450.000 kr. til kunstgræsbanen.\n\n"
     "Beslutning\n\nGodkendt.\n\n## 2. Cykelstier langs kysten\n\nSagsnr. 12/4712\n\nDe nye cykelstier koster 1,2 mio. "
     "kr.\n\nBeslutning\n\nUdsat.\n"},
    {"b",
     "Referat\n\nBørneudvalget\n\nMødedato: 4. juni 2013\n\nMedlemmer: Viola Stærmose (V), Tormod Brinkhauge (A)\n\n"
     "## 1. Budgetter for skolerne\n\nSagsnr. 13/100\n\nSkolernes budgetter vokser med 300.000 kr.\n\nBeslutning\n\n"
     "Godkendt.\n"},
    {"c", "Referat\n\nTeknisk Udvalg\n\nMødedato: 5. juni 2013\n\nMedlemmer: Agnete Rosenlund (F)\n\n## 1. "
          "Spildevandsplan\n\n"
          "Sagsnr. 13/200\n\nSpildevandsplanen sendes i høring.\n\nBeslutning\n\nGodkendt.\n"}};

static bool knows(void *self, const char *word)
{
    (void)self;
    return strcmp(word, "kunst") == 0 || strcmp(word, "græs") == 0 || strcmp(word, "bane") == 0;
}

static size_t forms(void *self, const char *word, char out[WORDBOOK_FORMS_MAX][WORDBOOK_WORD_BYTES])
{
    (void)self;
    strcpy(out[0], word);
    return 1;
}

static const struct wordbook words = {.knows = knows, .forms = forms};

static void shards_make(void)
{
    static struct shard shards[SHARDS];
    struct term_builder *builder = term_builder_new(danish_stemmer(), &words, 1000);
    for (uint32_t i = 0; i < SHARDS; i++) {
        sound(shard_open(&shards[i], here, i, SHARDS, &err));
        sound(database_begin(shards[i].open.database, &err));
    }
    for (size_t i = 0; i < sizeof minutes_fed / sizeof *minutes_fed; i++) {
        struct arena *arena = arena_new(ARENA_BYTES);
        struct source source = {.id = span_of(minutes_fed[i].id), .version = 1};
        struct minutes minutes;
        struct index_record record;
        sound(minutes_read(arena, span_of(minutes_fed[i].text), MEDIA_PLAIN, &minutes, &err));
        sound(term_build(builder, arena, arena, &source, &minutes, &record, &err));
        for (size_t n = 0; n < record.document_count; n++)
            sound(database_add(shards[i % SHARDS].open.database, &record.documents[n], &err));
        arena_free(&arena);
    }
    for (uint32_t i = 0; i < SHARDS; i++) {
        sound(database_commit(shards[i].open.database, &err));
        shard_close(&shards[i]);
    }
    term_builder_free(&builder);
}

/* ---- servers */

static struct sockaddr_in address_of(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static uint16_t port_free(void)
{
    struct sockaddr_in address = address_of(0);
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    close(listener);
    return ntohs(address.sin_port);
}

static bool port_serves(uint16_t port)
{
    struct sockaddr_in address = address_of(port);
    int caller = socket(AF_INET, SOCK_STREAM, 0);
    bool serves = connect(caller, (struct sockaddr *)&address, sizeof address) == 0;
    close(caller);
    return serves;
}

/* In a session of its own: on SIGTERM it kills its whole process group. */
static void server_start(uint32_t shard)
{
    char path[200], port_text[16], stub[220];
    uint16_t port = port_free();
    int64_t end = clock_steady_ms() + WAIT_MS;
    snprintf(path, sizeof path, "%s/shard-%04u", here, shard);
    snprintf(port_text, sizeof port_text, "%u", port);
    servers[shard] = fork();
    if (servers[shard] == 0) {
        int quiet = open("/dev/null", O_WRONLY); /* it complains of callers that say nothing */
        setsid();
        dup2(quiet, STDERR_FILENO);
        execlp("xapian-tcpsrv", "xapian-tcpsrv", "--quiet", "--interface", "127.0.0.1", "--port", port_text, path,
               (char *)NULL);
        _exit(1);
    }
    while (!port_serves(port))
        assert_true(clock_steady_ms() < end && waitpid(servers[shard], NULL, WNOHANG) == 0);
    snprintf(path, sizeof path, "%s/shard-%04u", there, shard);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(stub, sizeof stub, "%s/XAPIANDB", path);
    FILE *file = fopen(stub, "w");
    assert_non_null(file);
    fprintf(file, "remote 127.0.0.1:%u\n", port);
    fclose(file);
}

static int start(void **state)
{
    (void)state;
    assert_true(temp_make(folder));
    snprintf(here, sizeof here, "%s/here", folder);
    snprintf(there, sizeof there, "%s/there", folder);
    assert_true(mkdir(here, 0700) == 0 && mkdir(there, 0700) == 0);
    shards_make();
    for (uint32_t i = 0; i < SHARDS; i++)
        server_start(i);
    sound(language_open(words, &language, &err));
    local = view_new(here, SHARDS);
    remote = view_new(there, SHARDS);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    view_free(&local);
    view_free(&remote);
    language_close(&language);
    for (uint32_t i = 0; i < SHARDS; i++)
        if (servers[i] > 0) {
            kill(servers[i], SIGTERM);
            waitpid(servers[i], NULL, 0);
        }
    temp_remove(folder);
    return 0;
}

/* ---- the same answers */

static struct span bytes_of(struct arena *arena, const Envelope *answer)
{
    size_t size = frame_size(answer);
    char *bytes = arena_alloc(arena, size);
    frame_pack(answer, bytes);
    return (struct span){bytes, size};
}

static struct span searched(struct view *view, struct arena *arena, char *query, Referent__V1__SearchReply *reply)
{
    static char committee[] = "committee", member[] = "member";
    static char *facets[] = {committee, member};
    Referent__V1__SearchRequest request = REFERENT__V1__SEARCH_REQUEST__INIT;
    Envelope answer = frame_envelope(1);
    request.query = query;
    request.explain = true;
    request.n_facets = 2;
    request.facets = facets;
    referent__v1__search_reply__init(reply);
    sound(view_refresh(view, &err));
    sound(answer_search(arena, view, language, &request, WAIT_MS, reply, &err));
    for (size_t i = 0; i < reply->n_hits;
         i++) /* Xapian 1.4.22 adds it up over local databases, and not over remote ones */
        for (size_t n = 0; n < reply->hits[i]->n_weights; n++)
            reply->hits[i]->weights[n]->most = 0;
    answer.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_SEARCH_REPLY;
    answer.search_reply = reply;
    return bytes_of(arena, &answer);
}

static void questions_are_answered_as_from_disk(void **state)
{
    static const struct {
        char query[64];
        const char *suggestion; /* NULL: any */
        size_t hits;
    } asked[] = {{"kunstgræs", NULL, 1},
                 {"spildevandsplam", "spildevandsplan", 1},
                 {"cykelstiger", "cykelstier", 1},
                 {"kunst*", "", 1},
                 {"Tormod Brinkhage", NULL, 2},
                 {"medlem:rosenlund", "", 2},
                 {"udvalg:teknisk over 1 mio. kr.", "", 1},
                 {"budget skole", NULL, 1},
                 {"\"nye cykelstier\"", "", 1},
                 {"sag 13/200", NULL, 1},
                 {"xyzzy", "", 0}};
    (void)state;
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        struct arena *arena = arena_new(ARENA_BYTES);
        Referent__V1__SearchReply one, other;
        char query[64];
        snprintf(query, sizeof query, "%s", asked[i].query);
        struct span from_disk = searched(local, arena, query, &one), from_far = searched(remote, arena, query, &other);
        print_message("%-32s %zu hits, suggestion '%s'\n", query, other.n_hits, other.suggestion);
        assert_int_equal(other.coverage->answered, SHARDS);
        assert_true(other.n_hits >= asked[i].hits && (asked[i].hits > 0 || other.n_hits == 0));
        if (asked[i].suggestion != NULL)
            assert_string_equal(other.suggestion, asked[i].suggestion);
        assert_true(span_equal(from_disk, from_far));
        arena_free(&arena);
    }
}

static struct span completed(struct view *view, struct arena *arena, char *prefix, size_t *count)
{
    Referent__V1__CompleteRequest request = REFERENT__V1__COMPLETE_REQUEST__INIT;
    Referent__V1__CompleteReply reply = REFERENT__V1__COMPLETE_REPLY__INIT;
    Envelope answer = frame_envelope(1);
    request.prefix = prefix;
    sound(view_refresh(view, &err));
    sound(complete_answer(arena, view, &request, &reply, &err));
    answer.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_COMPLETE_REPLY;
    answer.complete_reply = &reply;
    *count = reply.n_completions;
    return bytes_of(arena, &answer);
}

static void beginnings_are_completed_as_from_disk(void **state)
{
    static const char *const prefixes[] = {"brink", "ag ros", "teknisk", "13/", "12/471"};
    (void)state;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        struct arena *arena = arena_new(ARENA_BYTES);
        char prefix[32];
        size_t one, other;
        snprintf(prefix, sizeof prefix, "%s", prefixes[i]);
        struct span from_disk = completed(local, arena, prefix, &one),
                    from_far = completed(remote, arena, prefix, &other);
        assert_true(one > 0 && one == other);
        assert_true(span_equal(from_disk, from_far));
        arena_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(questions_are_answered_as_from_disk),
        cmocka_unit_test(beginnings_are_completed_as_from_disk),
    };
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, start, stop);
}
