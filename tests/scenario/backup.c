/* backup: an index is copied while it is fed, and restored; feeders then send what came later. */
#include "index.h"
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SHARDS = 2, EARLY = 150, FILES = 500 };

#define SETTINGS "shards = 2\ncommit_max_docs = 10\nyoung_documents = 4\ncommit_min_gap_ms = 1\ncommit_idle_ms = 1\n"

static struct fed meeting(char *body, size_t room, const char *id, unsigned number)
{
    int size = snprintf(body, room,
                        "# Teknisk Udvalg\n\nDato: Onsdag den %u. marts 2021\n\nMedlemmer: Rosa Lyngmose (B)\n\n"
                        "## 1. Vej nummer %u\n\nÅben sag\n\nDer bevilges %u.000 kr. til belægning.\n\n## 2. Salg\n\n"
                        "Lukket sag\n\nPrisen er 9.%03u.000 kr.\n",
                        1 + number % 28, number, 100 + number % 900, number % 1000);
    return (struct fed){.id = id, .version = 1 + number, .body = {body, (size_t)size}};
}

static struct fed early(char *body, char *id, unsigned number)
{
    snprintf(id, 40, "tidlig/%04u", number);
    return meeting(body, 2000, id, number);
}

static void files_write(const char *folder, unsigned from, unsigned behind)
{
    mkdir(folder, 0700);
    for (unsigned i = from; i < behind; i++) {
        char path[400], body[2000];
        snprintf(path, sizeof path, "%s/%04u.md", folder, i);
        struct fed fed = meeting(body, sizeof body, "", i);
        file_write(path, fed.body.at, fed.body.size);
    }
}

static void stop(struct world *w)
{
    world_terminate(w);
    world_drained(w);
}

/* Wait for its end, which must be well, or as asked for; it says this. */
static void expect_ended(struct process *process, int status, const char *words)
{
    int ended;
    if (!process_wait(process, DEADLINE_MS, &ended))
        fail_msg("it does not end");
    char *out = file_read(process->output), *complaint = file_read(process->complaint);
    if (!WIFEXITED(ended) || WEXITSTATUS(ended) != status ||
        (strstr(out, words) == NULL && strstr(complaint, words) == NULL))
        fail_msg("wait status 0x%x, and \"%s\" is not in: %s%s", (unsigned)ended, words, out, complaint);
    free(complaint);
    free(out);
}

/* The command succeeds, and its line says this; or it fails, and its complaint does. */
static void expect_said(struct world *w, const char *const arguments[], int status, const char *words)
{
    struct process process;
    world_referent_start(w, &process, arguments);
    expect_ended(&process, status, words);
}

static struct world *world_with_meetings(void)
{
    struct world *w = world_start(SETTINGS);
    uint64_t last[SHARDS * 8] = {0};
    for (unsigned i = 0; i < EARLY; i++) {
        char body[2000], id[40];
        last[i % (SHARDS * 8)] = feed(w, early(body, id, i));
    }
    for (size_t i = 0; i < SHARDS * 8; i++)
        expect_committed(w->feeder, last[i]);
    expect_rejected(w->feeder, feed(w, MINUTES("tom/1", "   ")), "body.empty");
    return w;
}

static void index_replace(struct world *w, const char *backup)
{
    char old[300];
    snprintf(old, sizeof old, "%s/old", w->folder);
    stop(w);
    assert_int_equal(rename(w->data, old), 0);
    expect_said(w, (const char *[]){"restore", "--data", w->data, backup, NULL}, 0, "shards=2 ");
    world_restart(w);
}

static uint64_t committed(struct world *w)
{
    return counter(w, "committed");
}

SCENARIO(what_was_committed_before_is_in_a_backup_made_while_feeding)
{
    struct world *w = world_with_meetings();
    struct process feeder, copier;
    char folder[260], backup[260], ledger[260];
    int status;
    snprintf(folder, sizeof folder, "%s/minutes", w->folder);
    snprintf(backup, sizeof backup, "%s/backup", w->folder);
    snprintf(ledger, sizeof ledger, "%s/ledger", w->folder);
    files_write(folder, 0, FILES);
    world_referent_start(w, &feeder, (const char *[]){"feed", "--ledger", ledger, folder, NULL});
    expect_at_least(w, committed, EARLY + 50);
    world_rules(w, "openread @/*.glass 1 - sleep=10"); /* slow reading, so that much is fed between two files */
    world_referent_interposed(w, &copier, (const char *[]){"backup", "--data", w->data, backup, NULL});
    expect_ended(&copier, 0, "shards=2 ");
    assert_true(process_wait(&feeder, DEADLINE_MS, &status) && status == 0);
    files_write(folder, FILES, FILES + 20); /* what no backup can know */
    expect_said(w, (const char *[]){"feed", "--ledger", ledger, folder, NULL}, 0, "committed=20 ");
    char *lineage = index_meta(w->data, false, 1, "lineage");
    index_replace(w, backup);
    char *renewed = index_meta(w->data, false, 1, "lineage");
    assert_string_not_equal(lineage, renewed);
    world_check_shards(w);
    for (unsigned i = 0; i < EARLY; i++) {
        char body[2000], id[40];
        expect_status(w->feeder, feed(w, early(body, id, i)), REFERENT__V1__STATUS__STATUS_UNCHANGED);
    }
    /* The feeder sees another lineage, compares, and sends what the backup did not know. */
    uint64_t there = meetings(w);
    assert_true(there >= EARLY + 50 && there < EARLY + FILES + 20);
    char counts[60];
    snprintf(counts, sizeof counts, "committed=%llu ", (unsigned long long)(EARLY + FILES + 20 - there));
    expect_said(w, (const char *[]){"feed", "--ledger", ledger, folder, NULL}, 0, counts);
    assert_int_equal(inventory_count(w), EARLY + FILES + 20);
    expect_said(w, (const char *[]){"dead", "list", NULL}, 0, "body.empty");
    free(lineage);
    free(renewed);
}

SCENARIO(a_backup_is_the_index_to_the_byte)
{
    struct world *w = world_with_meetings();
    char backup[260];
    snprintf(backup, sizeof backup, "%s/backup", w->folder);
    expect_committed(w->feeder, peer_delete(w->feeder, "tidlig/0003", 99));
    stop(w);
    assert_true(index_young(w->data, SHARDS) > 0);
    expect_said(w, (const char *[]){"backup", "--data", w->data, backup, NULL}, 0, "meetings=149 ");
    assert_int_equal(index_young(backup, SHARDS), index_young(w->data, SHARDS));
    char *before = index_dump(w->data, SHARDS), *copy = index_dump(backup, SHARDS);
    assert_int_equal(index_differences(before, copy), 0);
    world_restart(w);
    index_replace(w, backup);
    stop(w);
    char *after = index_dump(w->data, SHARDS);
    assert_int_equal(index_differences(before, after), 0);
    free(before);
    free(copy);
    free(after);
}

SCENARIO(what_is_no_whole_backup_is_refused)
{
    struct world *w = world_with_meetings();
    char backup[260], manifest[300], aside[300], target[260], stub[320], generation[340];
    snprintf(backup, sizeof backup, "%s/backup", w->folder);
    snprintf(manifest, sizeof manifest, "%s/manifest", backup);
    snprintf(aside, sizeof aside, "%s/aside", w->folder);
    snprintf(target, sizeof target, "%s/new", w->folder);
    expect_said(w, (const char *[]){"backup", "--data", target, backup, NULL}, 1, "backup.source");
    expect_said(w, (const char *[]){"backup", "--data", w->data, backup, NULL}, 0, "shards=2 ");
    expect_said(w, (const char *[]){"backup", "--data", w->data, backup, NULL}, 1, "backup.target");
    expect_said(w, (const char *[]){"restore", "--data", w->data, backup, NULL}, 1, "restore.target");
    /* interrupted before its last step */
    assert_int_equal(rename(manifest, aside), 0);
    expect_said(w, (const char *[]){"restore", "--data", target, backup, NULL}, 1, "backup.unfinished");
    assert_int_equal(rename(aside, manifest), 0);
    /* a line of the manifest changed */
    char *text = file_read(manifest), *line = strstr(text, "shard 1");
    line[6] = '2';
    file_write(manifest, text, strlen(text));
    expect_said(w, (const char *[]){"restore", "--data", target, backup, NULL}, 1, "backup.damaged");
    line[6] = '1';
    file_write(manifest, text, strlen(text));
    free(text);
    /* a file changed: the restore ends half-way, and the folder is no index until another one ends well */
    char *current = index_generation(backup, false, 1);
    snprintf(generation, sizeof generation, "%s/termlist.glass", current);
    FILE *file = fopen(generation, "r+");
    assert_non_null(file);
    int byte = fgetc(file);
    rewind(file);
    fputc(byte ^ 1, file);
    fclose(file);
    expect_said(w, (const char *[]){"restore", "--data", target, backup, NULL}, 1, "backup.damaged");
    stop(w);
    assert_int_not_equal(world_referentd(w, (const char *[]){"--data", target, NULL}), 0);
    world_expect_log(w, "data.restoring");
    file = fopen(generation, "r+");
    assert_non_null(file);
    fputc(byte, file);
    fclose(file);
    expect_said(w, (const char *[]){"restore", "--data", target, backup, NULL}, 0, "shards=2 ");
    snprintf(stub, sizeof stub, "%s/restoring", target);
    assert_int_not_equal(access(stub, F_OK), 0);
    char *before = index_dump(w->data, SHARDS), *after = index_dump(target, SHARDS);
    assert_int_equal(index_differences(before, after), 0);
    free(before);
    free(after);
    free(current);
    world_restart(w);
}

/* Call 0: before the last file, the dead letters. */
static bool killed_at(struct world *w, unsigned call, const char *backup)
{
    struct process copier;
    char rules[600];
    int status;
    if (call == 0)
        snprintf(rules, sizeof rules, "open %s/dead.sqlite* 1 1 kill", backup);
    else
        snprintf(rules, sizeof rules, "open,fsync,rename %s* %u %u kill", backup, call, call);
    world_rules(w, rules);
    world_referent_interposed(w, &copier, (const char *[]){"backup", "--data", w->data, backup, NULL});
    assert_true(process_wait(&copier, DEADLINE_MS, &status));
    assert_true(WIFSIGNALED(status) || status == 0);
    return WIFSIGNALED(status);
}

/* Before each so manieth call on the copy. What is left is refused, or it is all of the index. */
SCENARIO(a_backup_that_is_killed_is_whole_or_refused)
{
    enum { STRIDE = 13 };
    struct world *w = world_with_meetings();
    char *before = NULL;
    unsigned refused = 0;
    bool killed = true;
    stop(w);
    before = index_dump(w->data, SHARDS);
    for (unsigned call = 0; killed; call += STRIDE) {
        char backup[260], target[260], dead[300];
        snprintf(backup, sizeof backup, "%s/backup-%u", w->folder, call);
        snprintf(target, sizeof target, "%s/new-%u", w->folder, call);
        killed = killed_at(w, call, backup);
        bool whole = world_referent(w, (const char *[]){"restore", "--data", target, backup, NULL}, NULL) == 0;
        assert_true(whole || killed);
        refused += !whole;
        if (!whole)
            continue;
        char *after = index_dump(target, SHARDS);
        assert_int_equal(index_differences(before, after), 0);
        free(after);
        snprintf(dead, sizeof dead, "%s/dead.sqlite", target);
        assert_int_equal(access(dead, F_OK), 0);
    }
    assert_true(refused > 3);
    free(before);
    world_restart(w);
}

TELL(STORY(what_was_committed_before_is_in_a_backup_made_while_feeding), STORY(a_backup_is_the_index_to_the_byte),
     STORY(a_backup_that_is_killed_is_whole_or_refused), STORY(what_is_no_whole_backup_is_refused))
