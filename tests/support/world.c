/* world: see world.h. */
#define _XOPEN_SOURCE 700 /* nftw, in temp.h */
#include "world.h"

#include "temp.h"

#include <errno.h>
#include <glob.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

enum { ARGUMENTS_MAX = 24 };

static struct world *worlds; /* those of the story that runs */
static bool passed;          /* it came to its end */

void world_passed(void)
{
    passed = true;
}

char *world_log(const struct world *w)
{
    char path[300];
    snprintf(path, sizeof path, "%s/referentd.err", w->folder);
    return file_read(path);
}

/* ---- starting -------------------------------------------------------------------------------------------------- */

/* A loopback address of our own: a daemon that is started again finds its port free, whoever tests beside us. */
static void endpoint_any(char *out, size_t room)
{
    unsigned pid = (unsigned)getpid();
    snprintf(out, room, "tcp://127.%u.%u.%u:*", 64 + (pid >> 16) % 64, (pid >> 8) % 256, pid % 256);
}

struct world *world_empty(const char *settings)
{
    struct world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    if (!temp_make(w->folder))
        fail_msg("cannot make %s: %s", w->folder, strerror(errno));
    w->next = worlds;
    worlds = w;
    w->program = REFERENTD_PATH;
    snprintf(w->data, sizeof w->data, "%s/data", w->folder);
    endpoint_any(w->feed, sizeof w->feed);
    endpoint_any(w->search, sizeof w->search);
    char path[300];
    snprintf(path, sizeof path, "%s/referent.conf", w->folder);
    file_write(path, settings, strlen(settings));
    w->context = zmq_ctx_new();
    assert_non_null(w->context);
    return w;
}

/* argv = program, --config, --data, then arguments; before it env(1), where something is to be set: interposed calls;
 * or no handler of a sanitizer, because a daemon that shall die of a signal is none of its business. */
static void referentd_start(struct world *w, const char *const arguments[])
{
    char config[300], preload[400], rules[340], power[340], asan[400], tsan[400];
    const char *told[] = {getenv("ASAN_OPTIONS"), getenv("TSAN_OPTIONS")};
    const char *argv[ARGUMENTS_MAX] = {"/usr/bin/env", preload,    rules,  power,    asan,   tsan,
                                       w->program,     "--config", config, "--data", w->data};
    enum { PLAIN = 6 }; /* where a command line without env begins */
    size_t count = 11;
    const char *calm = w->deadly ? "handle_segv=0:handle_sigbus=0:handle_abort=0:" : "";
    snprintf(config, sizeof config, "%s/referent.conf", w->folder);
    snprintf(preload, sizeof preload, "LD_PRELOAD=%s", w->interposed ? INTERPOSE_PATH : "");
    snprintf(rules, sizeof rules, "REFERENT_INTERPOSE=%s/rules", w->folder);
    snprintf(power, sizeof power, w->powered ? "REFERENT_POWER=%s/power" : "REFERENT_POWER=", w->folder);
    snprintf(asan, sizeof asan, "ASAN_OPTIONS=verify_asan_link_order=0:%s%s", calm, told[0] ? told[0] : "");
    snprintf(tsan, sizeof tsan, "TSAN_OPTIONS=%s%s", calm, told[1] ? told[1] : "");
    if (w->remade)
        argv[count++] = "--rebuild";
    for (; *arguments && count + 1 < ARGUMENTS_MAX; arguments++)
        argv[count++] = *arguments;
    process_start(&w->daemon, w->folder, "referentd", w->interposed || w->deadly ? argv : argv + PLAIN);
}

static void endpoint_take(const char *line, const char *key, char *out, size_t room)
{
    const char *at = strstr(line, key);
    assert_non_null(at);
    at += strlen(key);
    size_t size = strcspn(at, " \n");
    assert_true(size > 0 && size < room);
    memcpy(out, at, size);
    out[size] = '\0';
}

/* `from` is where the log ended before this start, so that an earlier "ready" is not taken for this one. False: the
 * daemon ended before. */
static bool awaited(struct world *w, size_t from, const char *words)
{
    for (int64_t deadline = now_ms() + DEADLINE_MS;;) {
        char *log = world_log(w);
        char *line = strlen(log) >= from ? strstr(log + from, words) : NULL;
        bool whole = line && strchr(line, '\n');
        if (whole && strcmp(words, "event=ready ") == 0) {
            endpoint_take(line, " feed=", w->feed, sizeof w->feed);
            endpoint_take(line, " search=", w->search, sizeof w->search);
        }
        free(log);
        if (whole)
            return true;
        int status;
        if (now_ms() > deadline)
            fail_msg("the daemon does not say %s", words);
        if (w->daemon.pid == 0 || process_wait(&w->daemon, 20, &status))
            return false;
    }
}

static void await(struct world *w, size_t from, const char *words)
{
    if (!awaited(w, from, words))
        fail_msg("the daemon ended before it said %s", words);
}

bool world_try(struct world *w)
{
    char *log = world_log(w);
    size_t from = strlen(log);
    free(log);
    referentd_start(w, (const char *[]){"--feed", w->feed, "--search", w->search, NULL});
    return awaited(w, from, "event=ready ");
}

static void serve(struct world *w)
{
    if (!world_try(w))
        fail_msg("the daemon ended before it was ready");
}

static struct world *started(struct world *w)
{
    serve(w);
    if (w->feeder == NULL) {
        w->feeder = peer_new(w->context, w->feed);
        w->searcher = peer_new(w->context, w->search);
    }
    w->welcome = peer_hello(w->feeder);
    return w;
}

struct world *world_start(const char *settings)
{
    return started(world_empty(settings));
}

struct world *world_interposed(const char *settings)
{
    struct world *w = world_empty(settings);
    w->interposed = true;
    return started(w);
}

struct world *world_poisoned(const char *settings)
{
    struct world *w = world_empty(settings);
    w->program = POISONED_PATH;
    w->deadly = true;
    return started(w);
}

const char *world_plain_program(void)
{
    return REFERENTD_PATH;
}

unsigned world_supervise(struct world *w, struct process *until, int64_t timeout_ms, int *status)
{
    unsigned deaths = 0;
    int end;
    for (int64_t deadline = now_ms() + timeout_ms; !process_wait(until, 50, status);) {
        if (now_ms() > deadline) {
            process_kill(until);
            fail_msg("it does not end within the deadline; the daemon died %u times", deaths);
        }
        if (process_wait(&w->daemon, 0, &end))
            do /* what killed it may come again before it has said that it serves */
                deaths++;
            while (!world_try(w) && now_ms() <= deadline);
    }
    w->welcome = peer_hello(w->feeder);
    return deaths;
}

/* By rename, so that the daemon never reads half of them. */
void world_rules(struct world *w, const char *rules)
{
    char path[300], fresh[300], text[4096];
    size_t size = 0;
    snprintf(path, sizeof path, "%s/rules", w->folder);
    snprintf(fresh, sizeof fresh, "%s/rules.new", w->folder);
    for (; *rules; rules++) {
        int more =
            snprintf(text + size, sizeof text - size, *rules == '@' ? "%s" : "%.1s", *rules == '@' ? w->data : rules);
        size += (size_t)more;
        assert_true(size < sizeof text);
    }
    file_write(fresh, text, size);
    assert_int_equal(rename(fresh, path), 0);
}

char *world_rules_log(const struct world *w)
{
    char path[300];
    snprintf(path, sizeof path, "%s/rules.log", w->folder);
    return file_read(path);
}

int world_referentd(struct world *w, const char *const arguments[])
{
    int status;
    referentd_start(w, arguments);
    if (!process_wait(&w->daemon, DEADLINE_MS, &status))
        fail_msg("referentd does not end");
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* Behind env(1), like the daemon, if its calls are interposed. */
static void referent_start(struct world *w, struct process *process, bool interposed, const char *const arguments[])
{
    char rules[340], power[340], asan[400];
    const char *told = getenv("ASAN_OPTIONS");
    const char *argv[ARGUMENTS_MAX] = {
        "/usr/bin/env", "LD_PRELOAD=" INTERPOSE_PATH, rules, power, asan, REFERENT_PATH, "--feed", w->feed, "--search",
        w->search};
    enum { PLAIN = 5 };
    static unsigned number;
    char name[40];
    size_t count = 10;
    snprintf(name, sizeof name, "referent-%u", ++number);
    snprintf(rules, sizeof rules, "REFERENT_INTERPOSE=%s/rules", w->folder);
    snprintf(power, sizeof power, w->powered ? "REFERENT_POWER=%s/power" : "REFERENT_POWER=", w->folder);
    snprintf(asan, sizeof asan, "ASAN_OPTIONS=verify_asan_link_order=0:%s", told ? told : "");
    for (; *arguments && count + 1 < ARGUMENTS_MAX; arguments++)
        argv[count++] = *arguments;
    process_start(process, w->folder, name, interposed ? argv : argv + PLAIN);
}

void world_referent_start(struct world *w, struct process *process, const char *const arguments[])
{
    referent_start(w, process, false, arguments);
}

void world_referent_interposed(struct world *w, struct process *process, const char *const arguments[])
{
    referent_start(w, process, true, arguments);
}

int world_referent(struct world *w, const char *const arguments[], char **out)
{
    struct process process;
    int status;
    world_referent_start(w, &process, arguments);
    if (!process_wait(&process, DEADLINE_MS, &status)) {
        process_kill(&process);
        fail_msg("referent %s does not end", arguments[0]);
    }
    if (out)
        *out = file_read(process.output);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

struct peer *world_stranger(struct world *w, const char *endpoint)
{
    return peer_new(w->context, endpoint);
}

struct peer *world_feeder(struct world *w)
{
    struct peer *peer = world_stranger(w, w->feed);
    peer_hello(peer);
    return peer;
}

/* ---- ending ------------------------------------------------------------------------------------------------------ */

void world_kill(struct world *w)
{
    process_kill(&w->daemon);
}

void world_restart(struct world *w)
{
    started(w);
}

void world_terminate(struct world *w)
{
    process_signal(&w->daemon, SIGTERM);
}

void world_drained(struct world *w)
{
    int status;
    if (!process_wait(&w->daemon, DEADLINE_MS, &status))
        fail_msg("the daemon does not end after SIGTERM");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_msg("the daemon ended with wait status 0x%x", (unsigned)status);
}

/* xapian-check takes the stub of a shard, which names its generation, but not the folder the stub is in. */
static bool stub_is_sound(struct world *w, const char *stub)
{
    struct process check;
    int status = -1;
    process_start(&check, w->folder, "xapian-check", (const char *[]){XAPIAN_CHECK_PATH, stub, NULL});
    if (process_wait(&check, DEADLINE_MS, &status) && status == 0)
        return true;
    char *out = file_read(check.output), *err = file_read(check.complaint);
    print_error("xapian-check finds faults in %s\n%s%s\n", stub, out, err);
    free(out);
    free(err);
    return false;
}

static bool shards_are_sound(struct world *w)
{
    char pattern[300];
    glob_t found;
    bool sound = true;
    snprintf(pattern, sizeof pattern, "%s/*/XAPIANDB", w->data);
    if (glob(pattern, 0, NULL, &found) != 0)
        return true; /* none was made */
    for (size_t i = 0; i < found.gl_pathc; i++)
        sound = stub_is_sound(w, found.gl_pathv[i]) && sound;
    globfree(&found);
    return sound;
}

/* Beside a daemon a merge may take a young segment from under the check; damage stays. */
void world_check_shards(struct world *w)
{
    assert_true(shards_are_sound(w) || (w->daemon.pid != 0 && shards_are_sound(w)));
}

static void world_free(struct world *w)
{
    process_kill(&w->daemon);
    peers_free();
    zmq_ctx_term(w->context);
    temp_remove(w->folder);
    free(w);
}

/* What the daemon said, for whoever reads a failed test. */
static void show_log(const struct world *w)
{
    char *log = world_log(w);
    size_t size = strlen(log), shown = 6000; /* print_error would cut it at 1,024 */
    fprintf(stderr, "the daemon's log ends:\n%s\n", size > shown ? log + size - shown : log);
    free(log);
}

static bool ends_well(struct world *w)
{
    int status = 0;
    if (w->daemon.pid != 0) {
        world_terminate(w);
        if (!process_wait(&w->daemon, DEADLINE_MS, &status))
            status = -1;
    }
    if (status != 0)
        print_error("the daemon ended with wait status 0x%x\n", (unsigned)status);
    return status == 0;
}

static bool world_ends_well(struct world *w)
{
    bool well = ends_well(w);
    char *log = world_log(w);
    well = well && strstr(log, "Sanitizer") == NULL && strstr(log, "runtime error:") == NULL;
    free(log);
    if (!well || !passed)
        show_log(w);
    return shards_are_sound(w) && well;
}

void world_close(struct world *w)
{
    struct world **at = &worlds;
    while (*at != w)
        at = &(*at)->next;
    *at = w->next;
    passed = true; /* this part of the story */
    bool well = world_ends_well(w);
    world_free(w);
    passed = false;
    assert_true(well);
}

int world_end(void **state)
{
    (void)state;
    bool well = true;
    while (worlds) {
        struct world *w = worlds;
        worlds = w->next;
        well = world_ends_well(w) && well;
        world_free(w);
    }
    passed = false;
    return well ? 0 : -1;
}

/* ---- looking ----------------------------------------------------------------------------------------------------- */

void world_expect_log(struct world *w, const char *words)
{
    await(w, 0, words);
}

size_t world_daemon_bytes(const struct world *w)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/status", (int)w->daemon.pid);
    char *text = file_read(path);
    char *at = strstr(text, "VmRSS:");
    size_t kilobytes = at ? (size_t)strtoull(at + 6, NULL, 10) : 0;
    free(text);
    assert_true(kilobytes > 0);
    return kilobytes * 1024;
}

uint64_t feed(struct world *w, struct fed fed)
{
    return peer_feed(w->feeder, fed);
}

const Receipt *given(struct world *w, struct fed fed)
{
    return expect_committed(w->feeder, feed(w, fed));
}

const SearchReply *expect_found(struct world *w, const char *query, uint64_t total)
{
    const SearchReply *reply = peer_search(w->searcher, (struct asked){.query = query});
    assert_int_equal(reply->coverage->answered, reply->coverage->shards);
    if (reply->total != total)
        fail_msg("\"%s\" finds %" PRIu64 ", not %" PRIu64, query, reply->total, total);
    return reply;
}

uint64_t counter(struct world *w, const char *name)
{
    const StatusReply *status = peer_status(w->searcher);
    for (size_t i = 0; i < status->n_counters; i++)
        if (strcmp(status->counters[i]->key, name) == 0)
            return status->counters[i]->value;
    return 0;
}

uint64_t in_flight(struct world *w)
{
    return peer_status(w->searcher)->in_flight;
}

uint64_t meetings(struct world *w)
{
    const StatusReply *status = peer_status(w->searcher);
    uint64_t sum = 0;
    for (size_t i = 0; i < status->n_shards; i++)
        sum += status->shards[i]->meetings;
    return sum;
}

void expect_at_least(struct world *w, uint64_t (*read)(struct world *w), uint64_t least)
{
    for (int64_t deadline = now_ms() + DEADLINE_MS; now_ms() < deadline;)
        if (read(w) >= least)
            return;
    fail_msg("%" PRIu64 " is not reached", least);
}

/* ---- inventory --------------------------------------------------------------------------------------------------- */

static const InventoryPage *inventory_page(struct world *w, uint32_t shard, const char *after)
{
    Referent__V1__InventoryRequest request = REFERENT__V1__INVENTORY_REQUEST__INIT;
    Envelope envelope = frame_envelope(0);
    request.shard = shard;
    request.after = (char *)after;
    request.limit = 100;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_INVENTORY_REQUEST;
    envelope.inventory_request = &request;
    const Envelope *answer = peer_answer(w->feeder, peer_send(w->feeder, &envelope), DEADLINE_MS);
    if (answer == NULL || answer->payload_case != REFERENT__V1__ENVELOPE__PAYLOAD_INVENTORY_PAGE)
        fail_msg("no inventory of shard %u", shard);
    return answer->inventory_page;
}

size_t inventory_count(struct world *w)
{
    size_t count = 0;
    for (uint32_t shard = 0; shard < w->welcome->map->shard_count; shard++) {
        const char *after = "";
        for (bool done = false; !done;) {
            const InventoryPage *page = inventory_page(w, shard, after);
            done = page->done;
            assert_true(page->n_entries > 0 || done);
            for (size_t i = 0; i < page->n_entries; i++) {
                if (strcmp(page->entries[i]->id, after) <= 0)
                    fail_msg("the inventory of shard %u repeats or disorders %s", shard, page->entries[i]->id);
                after = page->entries[i]->id;
                count += page->entries[i]->deleted ? 0 : 1;
            }
        }
    }
    return count;
}
