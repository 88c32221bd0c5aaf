/* check: damage is found and named, and a repair saves what can be read; feeders send the rest again. */
#include "index.h"
#include "world.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SHARDS = 1, FILES = 160 };

#define SETTINGS "shards = 1\ncommit_max_docs = 40\ncommit_min_gap_ms = 1\ncommit_idle_ms = 1\n"

static void files_write(const char *folder)
{
    mkdir(folder, 0700);
    for (unsigned i = 0; i < FILES; i++) {
        char path[400], body[2000];
        snprintf(path, sizeof path, "%s/%04u.md", folder, i);
        int size = snprintf(body, sizeof body,
                            "# Teknisk Udvalg\n\nDato: Onsdag den %u. marts 2021\n\nMedlemmer: Rosa Lyngmose (B)\n\n"
                            "## 1. Vej nummer %u\n\nÅben sag\n\nDer bevilges %u.000 kr. til belægning %x.\n\n%s",
                            1 + i % 28, i, 100 + i % 900, i * 2654435761U,
                            i % 4 == 0 ? "## 2. Salg\n\nLukket sag\n\nPrisen er fortrolig.\n" : "");
        file_write(path, body, (size_t)size);
    }
}

/* Run to the end; the output to free. */
static char *said(struct world *w, const char *const arguments[], int status)
{
    struct process process;
    int ended;
    world_referent_start(w, &process, arguments);
    if (!process_wait(&process, DEADLINE_MS, &ended))
        fail_msg("referent %s does not end", arguments[0]);
    char *out = file_read(process.output), *complaint = file_read(process.complaint);
    if (!WIFEXITED(ended) || WEXITSTATUS(ended) != status)
        fail_msg("wait status 0x%x: %s%s", (unsigned)ended, out, complaint);
    size_t size = strlen(out) + strlen(complaint) + 1;
    char *both = malloc(size);
    assert_non_null(both);
    snprintf(both, size, "%s%s", out, complaint);
    free(out);
    free(complaint);
    return both;
}

static void expect_said(struct world *w, const char *const arguments[], int status, const char *words)
{
    char *out = said(w, arguments, status);
    if (strstr(out, words) == NULL)
        fail_msg("\"%s\" is not in: %s", words, out);
    free(out);
}

static void stop(struct world *w)
{
    world_terminate(w);
    world_drained(w);
}

struct fed_world {
    struct world *w;
    char folder[260], ledger[260];
    char *before;
};

static struct fed_world world_fed(const char *settings)
{
    struct fed_world f = {.w = world_start(settings)};
    snprintf(f.folder, sizeof f.folder, "%s/minutes", f.w->folder);
    snprintf(f.ledger, sizeof f.ledger, "%s/ledger", f.w->folder);
    files_write(f.folder);
    expect_said(f.w, (const char *[]){"feed", "--ledger", f.ledger, f.folder, NULL}, 0, "committed=160 ");
    expect_committed(f.w->feeder, feed(f.w, EDITION("slettet", 3, "Et møde.\n\n1. Sag\n\nGodkendt.\n")));
    expect_committed(f.w->feeder, peer_delete(f.w->feeder, "slettet", 4));
    stop(f.w);
    f.before = index_dump(f.w->data, SHARDS);
    return f;
}

static struct fed_world world_with_files(void)
{
    return world_fed(SETTINGS);
}

static void table_path(const struct fed_world *f, bool closed, const char *table, char out[static 400])
{
    char *generation = index_largest(f->w->data, closed, 0);
    snprintf(out, 400, "%s/%s.glass", generation, table);
    free(generation);
}

/* So much of it is left. */
static void table_cut(const struct fed_world *f, bool closed, const char *table, unsigned percent)
{
    char path[400];
    struct stat about;
    table_path(f, closed, table, path);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(truncate(path, about.st_size * percent / 100 / 8192 * 8192), 0);
}

/* Every block is overwritten, whichever of them are in use: that depends on how many commits there were. */
static void table_spoil(const struct fed_world *f, bool closed, const char *table)
{
    char path[400], noise[8192];
    struct stat about;
    table_path(f, closed, table, path);
    assert_int_equal(stat(path, &about), 0);
    memset(noise, 0x5A, sizeof noise);
    int file = open(path, O_WRONLY);
    assert_true(file >= 0);
    for (off_t at = 0; at < about.st_size; at += (off_t)sizeof noise)
        assert_int_equal(pwrite(file, noise, sizeof noise, at), sizeof noise);
    close(file);
}

/* The database still opens and tells what it is, and Xapian's check sees that something is wrong. */
static bool hurt(const char *generation)
{
    struct error err;
    struct database *database = NULL;
    struct arena *arena = arena_new(1 << 20);
    struct span lineage;
    uint64_t errors = 0;
    assert_non_null(arena);
    bool opens = database_open_read(&generation, 1, &database, &err) == FAULT_NONE &&
                 database_meta(database, 0, arena, SPAN("lineage"), &lineage, &err) == FAULT_NONE;
    database_close(&database);
    arena_free(&arena);
    return opens && (database_check(generation, &errors, NULL, &err) != FAULT_NONE || errors > 0);
}

/* The first block in use that is no root is overwritten. */
static void leaf_spoil(const struct fed_world *f, const char *table)
{
    char path[400], noise[8192], before[8192];
    char *generation = index_largest(f->w->data, false, 0);
    table_path(f, false, table, path);
    memset(noise, 0x5A, sizeof noise);
    int file = open(path, O_RDWR);
    assert_true(file >= 0);
    for (off_t i = 0; pread(file, before, sizeof before, i * 8192) == sizeof before; i++) {
        assert_int_equal(pwrite(file, noise, sizeof noise, i * 8192), sizeof noise);
        if (hurt(generation))
            break;
        assert_int_equal(pwrite(file, before, sizeof before, i * 8192), sizeof before);
    }
    close(file);
    assert_true(hurt(generation));
    free(generation);
}

/* After the repair: the index is sound, what is lost is named and comes back by feeding, and then it is what it was. */
static void expect_mended(struct fed_world *f, const char *missing)
{
    char *lineage = index_meta(f->w->data, false, 0, "lineage"), *sent;
    char *out = said(f->w, (const char *[]){"check", "--repair", f->w->data, NULL}, missing ? 1 : 0);
    assert_non_null(strstr(out, "repaired saved="));
    unsigned saved = (unsigned)atoi(strstr(out, "repaired saved=") + strlen("repaired saved="));
    assert_true(missing ? saved < FILES : saved == FILES);
    if (missing)
        assert_non_null(strstr(out, missing));
    free(out);
    expect_said(f->w, (const char *[]){"check", f->w->data, NULL}, 0, "findings=0 ");
    world_check_shards(f->w);
    char *renewed = index_meta(f->w->data, false, 0, "lineage");
    assert_string_not_equal(lineage, renewed);
    world_restart(f->w);
    sent = said(f->w, (const char *[]){"feed", "--ledger", f->ledger, f->folder, NULL}, 0);
    if (strstr(sent, "rejected=0 failed=0") == NULL)
        fail_msg("%s", sent);
    free(sent);
    stop(f->w);
    char *after = index_dump(f->w->data, SHARDS);
    free(lineage);
    free(renewed);
    if (index_differences(f->before, after) > 0)
        fail_msg("the index is not what it was");
    free(after);
    free(f->before);
    world_restart(f->w);
}

SCENARIO(a_sound_index_has_no_findings)
{
    struct fed_world f = world_with_files();
    expect_said(f.w, (const char *[]){"check", f.w->data, NULL}, 0, "shards=1 meetings=160 findings=0 left=0");
    world_restart(f.w);
    expect_said(f.w, (const char *[]){"check", "--data", f.w->data, NULL}, 0, "findings=0 "); /* beside the daemon */
    expect_said(f.w, (const char *[]){"check", "--repair", f.w->data, NULL}, 1, "data.lock");
    expect_said(f.w, (const char *[]){"check", f.folder, NULL}, 1, "check.source");
    free(f.before);
}

SCENARIO(what_can_be_made_again_is_no_loss)
{
    static const char *const tables[] = {"position", "termlist"};
    for (size_t i = 0; i < 2; i++) {
        struct fed_world f = world_with_files();
        leaf_spoil(&f, tables[i]);
        expect_said(f.w, (const char *[]){"check", f.w->data, NULL}, 1, "finding=check.");
        expect_mended(&f, NULL);
    }
}

SCENARIO(a_broken_postlist_loses_no_text)
{
    struct fed_world f = world_with_files();
    leaf_spoil(&f, "postlist");
    expect_said(f.w, (const char *[]){"check", f.w->data, NULL}, 1, "finding=check.xapian");
    expect_mended(&f, NULL);
}

SCENARIO(lost_data_are_named_and_come_back)
{
    struct fed_world f = world_with_files();
    leaf_spoil(&f, "docdata");
    expect_said(f.w, (const char *[]){"check", f.w->data, NULL}, 1, "finding=check.");
    expect_mended(&f, "lost id=");
}

/* The same where the documents stand in young segments; one that does not open at all is left out. */
SCENARIO(what_is_young_is_checked_and_mended)
{
    for (int gone = 0; gone < 2; gone++) {
        struct fed_world f = world_fed(SETTINGS "young_documents = 4\n");
        char path[400];
        assert_true(index_young(f.w->data, SHARDS) > 0);
        expect_said(f.w, (const char *[]){"check", f.w->data, NULL}, 0, "findings=0 left=0");
        table_path(&f, false, "iamglass", path);
        *strstr(path, ".glass") = '\0';
        assert_non_null(strstr(path, "/young-"));
        if (gone)
            assert_int_equal(unlink(path), 0);
        else
            leaf_spoil(&f, "docdata");
        expect_said(f.w, (const char *[]){"check", f.w->data, NULL}, 1, "finding=check.");
        expect_mended(&f, gone ? "a young segment, which does not open" : "lost id=");
    }
}

SCENARIO(lost_closed_items_are_named_and_come_back)
{
    struct fed_world f = world_with_files();
    table_spoil(&f, true, "docdata");
    expect_mended(&f, "partial id=");
}

SCENARIO(what_is_lost_for_good_is_said)
{
    struct fed_world f = world_with_files();
    char path[400];
    table_path(&f, false, "postlist", path);
    assert_int_equal(truncate(path, 0), 0);
    table_cut(&f, false, "docdata", 0);
    expect_said(f.w, (const char *[]){"check", "--repair", f.w->data, NULL}, 1, "repair.hopeless");
    char *generation = index_generation(f.w->data, false, 0);
    assert_non_null(strstr(generation, "gen-000001")); /* nothing was changed */
    /* the operator's way out: the index is moved away, and the feeder sends everything again */
    char aside[300];
    snprintf(aside, sizeof aside, "%s/aside", f.w->folder);
    assert_int_equal(rename(f.w->data, aside), 0);
    world_restart(f.w);
    expect_said(f.w, (const char *[]){"feed", "--ledger", f.ledger, f.folder, NULL}, 0, "committed=160 ");
    free(generation);
    free(f.before);
}

/* ---- parts that are gone ---- */

#define TWO "shards = 2\ncommit_max_docs = 40\ncommit_min_gap_ms = 1\ncommit_idle_ms = 1\n"

static void data_path(const struct world *w, const char *below, char out[static 320])
{
    snprintf(out, 320, "%s/%s", w->data, below);
}

static struct fed_world world_of_two(void)
{
    struct fed_world f = {.w = world_start(TWO)};
    snprintf(f.folder, sizeof f.folder, "%s/minutes", f.w->folder);
    snprintf(f.ledger, sizeof f.ledger, "%s/ledger", f.w->folder);
    files_write(f.folder);
    expect_said(f.w, (const char *[]){"feed", "--ledger", f.ledger, f.folder, NULL}, 0, "committed=160 ");
    stop(f.w);
    return f;
}

static void expect_no_start(struct world *w, const char *words)
{
    assert_int_not_equal(world_referentd(w, (const char *[]){"--feed", w->feed, "--search", w->search, NULL}), 0);
    char *log = world_log(w);
    if (strstr(log, words) == NULL)
        fail_msg("\"%s\" is not in: %s", words, log);
    free(log);
}

/* A disk that is not mounted: nothing is made in its place before somebody says so. */
SCENARIO(a_shard_that_is_gone_is_named_and_made_empty_on_request)
{
    struct fed_world f = world_of_two();
    struct world *w = f.w;
    char part[320], away[320];
    const char *check[] = {"check", w->data, NULL}, *repair[] = {"check", "--repair", w->data, NULL};
    for (int last = 0; last < 2; last++) {
        data_path(w, last ? "shard-0001" : "shard-0000", part);
        data_path(w, "away", away);
        assert_int_equal(rename(part, away), 0);
        expect_no_start(w, "rule=shard.missing");
        assert_int_not_equal(access(part, F_OK), 0);
        expect_said(w, check, 1, "shards=2 ");
        assert_int_equal(rename(away, part), 0);
        expect_said(w, check, 0, " meetings=160 findings=0 ");
    }
    assert_int_equal(rename(part, away), 0);
    assert_int_equal(mkdir(part, 0750), 0); /* a mount point */
    expect_no_start(w, "rule=shard.missing");
    expect_said(w, repair, 1, "lost id=?: all meetings of the shard");
    world_restart(w);
    expect_said(w, (const char *[]){"feed", "--ledger", f.ledger, f.folder, NULL}, 0, "found=160 ");
    assert_int_equal(inventory_count(w), FILES);
    stop(w);
    expect_said(w, check, 0, " meetings=160 findings=0 "); /* what was closed has its meetings again */
}

SCENARIO(a_stub_that_is_lost_is_made_anew)
{
    struct fed_world f = world_of_two();
    struct world *w = f.w;
    char stub[320], other[320];
    const char *repair[] = {"check", "--repair", w->data, NULL};
    data_path(w, "shard-0001/XAPIANDB", stub);
    file_write(stub, "?", 1);
    expect_no_start(w, "rule=data.stub");
    expect_said(w, (const char *[]){"check", w->data, NULL}, 1, "finding=check.open");
    data_path(w, "shard-0001/gen-000077", other);
    assert_int_equal(mkdir(other, 0750), 0);
    expect_said(w, repair, 1, "has lost which of its databases are in use");
    assert_int_equal(rmdir(other), 0);
    expect_said(w, repair, 0, "left=0");
    world_restart(w);
    assert_int_equal(inventory_count(w), FILES);
    stop(w);
    assert_int_equal(remove(stub), 0);
    expect_no_start(w, "rule=shard.missing");
    char part[320];
    data_path(w, "shard-0001/damaged-gen-000001", part);
    assert_int_equal(access(part, F_OK), 0);
    expect_said(w, repair, 0, "left=0");
    world_restart(w);
    assert_int_equal(inventory_count(w), FILES);
}

TELL(STORY(a_shard_that_is_gone_is_named_and_made_empty_on_request), STORY(a_stub_that_is_lost_is_made_anew),
     STORY(a_sound_index_has_no_findings), STORY(what_can_be_made_again_is_no_loss),
     STORY(a_broken_postlist_loses_no_text), STORY(lost_data_are_named_and_come_back),
     STORY(what_is_young_is_checked_and_mended), STORY(lost_closed_items_are_named_and_come_back),
     STORY(what_is_lost_for_good_is_said))
