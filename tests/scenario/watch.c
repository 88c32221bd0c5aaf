/* watch: a folder is followed: new, changed, renamed and removed files, whole folders, half-written files, and a worker
 * that comes back with another index. */
#define _GNU_SOURCE
#include "world.h"

#include "temp.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char minutes[260], ledger[260];
static struct process watcher;

static const char *at(const char *name)
{
    static char path[2][400];
    static unsigned turn;
    turn ^= 1;
    snprintf(path[turn], sizeof path[turn], "%s/%s", minutes, name);
    return path[turn];
}

static void write_file(const char *name, const char *text)
{
    file_write(at(name), text, strlen(text));
}

static void expect_says(const char *words)
{
    for (int64_t deadline = now_ms() + DEADLINE_MS;;) {
        char *said = file_read(watcher.complaint);
        bool found = strstr(said, words) != NULL;
        free(said);
        if (found)
            return;
        int status;
        if (now_ms() > deadline || process_wait(&watcher, 20, &status))
            fail_msg("the watcher does not say %s", words);
    }
}

static struct world *begin(void)
{
    struct world *w = world_start("commit_max_age_ms = 20\n");
    snprintf(minutes, sizeof minutes, "%s/minutes", w->folder);
    snprintf(ledger, sizeof ledger, "%s/feed.ledger", w->folder);
    assert_int_equal(mkdir(minutes, 0700), 0);
    write_file("there.md", "Her fra begyndelsen.");
    const char *arguments[] = {"feed", "--ledger", ledger, "--watch", "--mirror", "--rest=200", minutes, NULL};
    world_referent_start(w, &watcher, arguments);
    expect_says("watching 1 folders");
    return w;
}

/* Wait until the index holds `id` with this text; NULL: until it does not hold it. */
static void expect_holds(struct world *w, const char *id, const char *text)
{
    for (int64_t deadline = now_ms() + DEADLINE_MS; now_ms() < deadline;) {
        const GetReply *reply = peer_get(w->searcher, id);
        if (text == NULL && !reply->found)
            return;
        if (text != NULL && reply->found &&
            memmem(reply->document->body.data, reply->document->body.len, text, strlen(text)) != NULL)
            return;
        int status;
        if (process_wait(&watcher, 20, &status))
            fail_msg("the watcher ended with wait status 0x%x", (unsigned)status);
    }
    fail_msg("%s does not come to hold %s", id, text ? text : "nothing");
}

/* SIGTERM; the closing line counts no failure. */
static void end(void)
{
    int status;
    process_signal(&watcher, SIGTERM);
    assert_true(process_wait(&watcher, DEADLINE_MS, &status));
    char *out = file_read(watcher.output), *err = file_read(watcher.complaint);
    if (status != 0 || strncmp(out, "found=", 6) != 0 || strstr(out, " rejected=0 failed=0 ") == NULL)
        fail_msg("the watcher ends with wait status 0x%x: %s%s", (unsigned)status, out, err);
    free(out);
    free(err);
}

SCENARIO(what_changes_is_fed)
{
    struct world *w = begin();
    expect_holds(w, "there.md", "begyndelsen");
    write_file("new.md", "Helt ny.");
    expect_holds(w, "new.md", "Helt ny");
    write_file("new.md", "Skrevet om.");
    expect_holds(w, "new.md", "Skrevet om");
    assert_int_equal(rename(at("new.md"), at("other.md")), 0);
    expect_holds(w, "other.md", "Skrevet om");
    expect_holds(w, "new.md", NULL);
    assert_int_equal(unlink(at("there.md")), 0);
    expect_holds(w, "there.md", NULL);
    end();
    assert_int_equal(inventory_count(w), 1);
}

SCENARIO(folders_come_move_and_go)
{
    struct world *w = begin();
    char command[1000];
    assert_int_equal(mkdir(at("2021"), 0700), 0);
    assert_int_equal(mkdir(at("2021/marts"), 0700), 0);
    write_file("2021/marts/a.md", "Den første.");
    expect_holds(w, "2021/marts/a.md", "første");
    write_file("2021/marts/b.md", "Den anden."); /* its folder is watched by now */
    expect_holds(w, "2021/marts/b.md", "anden");
    assert_int_equal(rename(at("2021"), at("arkiv")), 0);
    expect_holds(w, "arkiv/marts/b.md", "anden");
    expect_holds(w, "2021/marts/a.md", NULL);
    expect_holds(w, "2021/marts/b.md", NULL);
    write_file("arkiv/marts/c.md", "Den tredje."); /* under its new name */
    expect_holds(w, "arkiv/marts/c.md", "tredje");
    snprintf(command, sizeof command, "rm -r '%s'", at("arkiv"));
    assert_int_equal(system(command), 0);
    expect_holds(w, "arkiv/marts/a.md", NULL);
    expect_holds(w, "arkiv/marts/c.md", NULL);
    end();
    assert_int_equal(inventory_count(w), 1);
}

SCENARIO(a_half_written_file_waits_until_it_rests)
{
    struct world *w = begin();
    int half = open(at("half.md"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(half >= 0);
    assert_int_equal(write(half, "Kun halvt", 9), 9);
    write_file("later.md", "Hel.");
    expect_holds(w, "later.md", "Hel"); /* begun later, and fed already */
    assert_false(peer_get(w->searcher, "half.md")->found);
    assert_int_equal(write(half, " og nu helt.", 12), 12);
    close(half);
    expect_holds(w, "half.md", "halvt og nu helt");
    end();
}

SCENARIO(a_worker_that_comes_back_empty_is_filled)
{
    struct world *w = begin();
    write_file("two.md", "Nummer to.");
    expect_holds(w, "two.md", "Nummer");
    world_terminate(w);
    world_drained(w);
    temp_remove(w->data);
    write_file("three.md", "Skrevet imens.");
    world_restart(w);
    expect_holds(w, "two.md", "Nummer");
    expect_holds(w, "three.md", "imens");
    expect_holds(w, "there.md", "begyndelsen");
    end();
    assert_int_equal(inventory_count(w), 3);
}

TELL(STORY(what_changes_is_fed), STORY(folders_come_move_and_go), STORY(a_half_written_file_waits_until_it_rests),
     STORY(a_worker_that_comes_back_empty_is_filled))
