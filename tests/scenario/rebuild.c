/* rebuild: a shard whose terms were made by older rules is made anew from its stored text, while it is searched and
 * fed; wherever it is interrupted. What comes of it is what feeding the same documents anew makes. */
#include "index.h"
#include "random.h"
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHARDS = 2, MEETINGS = 120 };

#define SETTINGS "shards = 2\ncommit_max_docs = 20\nyoung_documents = 4\ncommit_min_gap_ms = 1\ncommit_idle_ms = 1\n"

/* Some have closed items, some of these a table of contents that names them, some a CPR number. */
static struct fed meeting(char *body, size_t room, const char *id, unsigned number, uint64_t version)
{
    bool closed = number % 3 == 0;
    size_t at =
        (size_t)snprintf(body, room, "# Teknisk Udvalg\n\nDato: Onsdag den %u. marts 2021\n\n", 1 + number % 28);
    if (number % 6 == 0)
        at += (size_t)snprintf(body + at, room - at, "Dagsorden\n1. Vej nummer %u\n2. Salg af grunden nr %u\n\n",
                               number, number);
    at +=
        (size_t)snprintf(body + at, room - at,
                         "Medlemmer: Rosa Lyngmose (B), Tormod Brinkhauge (A)\n\n## 1. Vej nummer %u\n\nÅben sag\n\n"
                         "Der bevilges %u.000 kr. til belægning, udgave%u.%s\n\nBeslutning\n\nGodkendt.\n\n",
                         number, 100 + number, (unsigned)version, number % 5 == 0 ? " Borger 010190-1234 taler." : "");
    if (closed)
        at += (size_t)snprintf(
            body + at, room - at,
            "## 2. Salg af grunden nr %u\n\nLukket sag\n\nFortrolig pris 9.%03u.000 kr. til mægleren.\n", number,
            number);
    return (struct fed){.id = id, .version = version, .body = {body, at}};
}

static void put(struct world *w, unsigned number, uint64_t version)
{
    char body[2000], id[40];
    snprintf(id, sizeof id, "teknik/%04u", number);
    given(w, meeting(body, sizeof body, id, number, version));
}

/* Fed, some of them again, some deleted. */
static struct world *world_with_meetings(void)
{
    struct world *w = world_start(SETTINGS);
    uint64_t last = 0;
    for (unsigned i = 0; i < MEETINGS; i++) {
        char body[2000], id[40];
        snprintf(id, sizeof id, "teknik/%04u", i);
        last = feed(w, meeting(body, sizeof body, id, i, 1));
    }
    expect_committed(w->feeder, last);
    for (unsigned i = 0; i < MEETINGS; i += 7)
        put(w, i, 2);
    for (unsigned i = 0; i < MEETINGS; i += 11) {
        char id[40];
        snprintf(id, sizeof id, "teknik/%04u", i);
        expect_committed(w->feeder, peer_delete(w->feeder, id, 3));
    }
    return w;
}

static void stop(struct world *w)
{
    world_terminate(w);
    world_drained(w);
}

static size_t log_size(const struct world *w)
{
    char *log = world_log(w);
    size_t size = strlen(log);
    free(log);
    return size;
}

/* Since this place in the log every shard was made anew. */
static bool rebuilt(const struct world *w, size_t since)
{
    char *log = world_log(w), line[60];
    bool all = true;
    for (uint32_t i = 0; i < SHARDS && all; i++) {
        snprintf(line, sizeof line, "event=rebuild.done shard=%u ", i);
        all = strstr(log + since, line) != NULL;
    }
    free(log);
    return all;
}

static void expect_rebuilt(struct world *w, size_t since)
{
    for (int64_t deadline = now_ms() + DEADLINE_MS; !rebuilt(w, since);) {
        assert_true(now_ms() < deadline);
        peer_settle(w->feeder);
    }
}

static void expect_same(const char *before, const char *after)
{
    size_t differences = index_differences(before, after);
    if (differences > 0)
        fail_msg("%zu lines differ", differences);
}

SCENARIO(older_rules_are_replaced_while_it_serves)
{
    struct world *w = world_with_meetings();
    uint64_t words = expect_found(w, "belægning", MEETINGS - (MEETINGS + 10) / 11)->total;
    stop(w);
    char *before = index_dump(w->data, SHARDS), *lineage = index_meta(w->data, false, 0, "lineage");
    char *sequence = index_meta(w->data, false, 0, "sequence");
    index_spoil(w->data, SHARDS, "teknik/0001", "Zbelægning", "Zgammelt");
    index_age(w->data, SHARDS, "1");
    char *spoilt = index_dump(w->data, SHARDS);
    assert_true(index_differences(before, spoilt) > 0);
    world_restart(w);
    expect_rebuilt(w, 0);
    expect_found(w, "belægning", words);
    expect_found(w, "gammelt", 0);
    const StatusReply *status = peer_status(w->searcher);
    for (size_t i = 0; i < status->n_shards; i++)
        assert_int_not_equal(status->shards[i]->analysis, 1);
    assert_int_equal(status->rebuild_of, 0);
    /* a tombstone holds, and what is newer than it comes back */
    char body[2000];
    expect_status(w->feeder, feed(w, meeting(body, sizeof body, "teknik/0011", 11, 2)),
                  REFERENT__V1__STATUS__STATUS_SUPERSEDED);
    expect_status(w->feeder, feed(w, meeting(body, sizeof body, "teknik/0007", 7, 2)),
                  REFERENT__V1__STATUS__STATUS_UNCHANGED);
    stop(w);
    char *after = index_dump(w->data, SHARDS), *lineage_after = index_meta(w->data, false, 0, "lineage");
    char *sequence_after = index_meta(w->data, false, 0, "sequence");
    expect_same(before, after);
    assert_string_equal(lineage, lineage_after);
    assert_true(atoi(sequence_after) > atoi(sequence));
    world_restart(w); /* what the old generation left is removed at the latest now */
    for (uint32_t i = 0; i < SHARDS; i++)
        assert_int_equal(index_generations(w->data, i), 2);
    free(before);
    free(spoilt);
    free(after);
    free(lineage);
    free(lineage_after);
    free(sequence);
    free(sequence_after);
}

/* What the feeder knows of a document: its newest version, and whether it is deleted. */
struct known {
    uint64_t version;
    bool deleted;
};

static void write_something(struct world *w, struct known *known, unsigned number, bool deletion)
{
    char id[40];
    snprintf(id, sizeof id, "teknik/%04u", number);
    known->version = known->version == 0 ? 10 : known->version + 1;
    known->deleted = deletion;
    if (deletion)
        expect_committed(w->feeder, peer_delete(w->feeder, id, known->version));
    else
        put(w, number, known->version);
}

/* Sending the newest state again changes nothing: it is there, or its tombstone is. */
static void expect_known(struct world *w, const struct known *known, unsigned number)
{
    char body[2000], id[40];
    snprintf(id, sizeof id, "teknik/%04u", number);
    expect_status(w->feeder, feed(w, meeting(body, sizeof body, id, number, known->version)),
                  known->deleted ? REFERENT__V1__STATUS__STATUS_SUPERSEDED : REFERENT__V1__STATUS__STATUS_UNCHANGED);
}

/* Everything that can happen to a document happens while the shards are made anew. */
SCENARIO(nothing_that_is_fed_meanwhile_is_lost)
{
    enum { ALL = MEETINGS + 40 };
    struct world *w = world_with_meetings();
    struct known known[ALL] = {{0}};
    uint64_t seed = 5;
    stop(w);
    index_age(w->data, SHARDS, "2");
    w->interposed = true; /* what is made is synced slowly, and nothing else: much is written behind its reader */
    world_rules(w, "fsync @/*/gen-??????.1* 1 - sleep=100");
    world_restart(w);
    for (unsigned writes = 0; writes < 60 || !rebuilt(w, 0); writes++) {
        unsigned number = (unsigned)random_below(&seed, ALL);
        write_something(w, &known[number], number, random_below(&seed, 3) == 0);
    }
    for (unsigned i = 0; i < ALL; i++)
        if (known[i].version > 0)
            expect_known(w, &known[i], i);
    stop(w);
    char *first = index_dump(w->data, SHARDS);
    index_age(w->data, SHARDS, "2"); /* what was written meanwhile is what a rebuild makes of it */
    size_t since = log_size(w);
    world_restart(w);
    expect_rebuilt(w, since);
    stop(w);
    char *second = index_dump(w->data, SHARDS);
    expect_same(first, second);
    free(first);
    free(second);
}

SCENARIO(a_rebuild_that_is_killed_starts_over)
{
    struct world *w = world_with_meetings();
    uint64_t seed = getenv("REFERENT_LONG") ? (uint64_t)now_ms() : 9;
    unsigned kills = getenv("REFERENT_LONG") ? 60 : 8;
    printf("seed %llu\n", (unsigned long long)seed);
    stop(w);
    char *before = index_dump(w->data, SHARDS);
    for (unsigned i = 0; i < kills; i++) {
        if (i % 4 == 0) /* it may be done by then */
            index_age(w->data, SHARDS, "1");
        world_restart(w);
        int64_t end = now_ms() + (int64_t)random_below(&seed, 400);
        while (now_ms() < end)
            expect_found(w, "grunden", 0);
        world_kill(w);
    }
    index_age(w->data, SHARDS, "1");
    size_t since = log_size(w);
    world_restart(w);
    expect_rebuilt(w, since);
    stop(w);
    char *after = index_dump(w->data, SHARDS);
    expect_same(before, after);
    free(before);
    free(after);
}

/* A disk that loses a block and says nothing. */
/* Every shard has the rules of today; the log need not say so, where the daemon was killed before it could. */
static void expect_current(struct world *w)
{
    size_t current = 0;
    for (int64_t deadline = now_ms() + DEADLINE_MS; current < SHARDS;) {
        assert_true(now_ms() < deadline);
        const StatusReply *status = peer_status(w->searcher);
        current = 0;
        for (size_t i = 0; i < status->n_shards; i++)
            current += status->shards[i]->analysis != 1;
    }
}

SCENARIO(what_is_made_badly_is_not_taken)
{
    struct world *w = world_with_meetings();
    stop(w);
    char *before = index_dump(w->data, SHARDS);
    index_age(w->data, SHARDS, "1");
    w->interposed = true;
    world_rules(w, "write @/shard-0000/gen-??????.1/docdata.glass 1 1 zeros");
    world_restart(w);
    world_expect_log(w, "event=rebuild.failed");
    expect_found(w, "belægning", MEETINGS - (MEETINGS + 10) / 11);
    world_kill(w);
    world_rules(w, "");
    world_restart(w);
    expect_current(w); /* the other shard may have been made before */
    stop(w);
    char *after = index_dump(w->data, SHARDS);
    expect_same(before, after);
    free(before);
    free(after);
}

TELL(STORY(older_rules_are_replaced_while_it_serves), STORY(nothing_that_is_fed_meanwhile_is_lost),
     STORY(a_rebuild_that_is_killed_starts_over), STORY(what_is_made_badly_is_not_taken))
