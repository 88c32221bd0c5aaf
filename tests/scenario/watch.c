/* watch: a folder is followed: new, changed, renamed and removed files, whole folders, half-written files, more events
 * than the system keeps, more folders than it watches, and a worker that comes back with another index. */
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
#include <time.h>
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

static const char *const watching[] = {"feed",       "--ledger",   ledger,  "--watch", "--mirror",
                                       "--rest=200", "--receipts", minutes, NULL};

static struct world *prepare(void)
{
    struct world *w = world_start("commit_max_age_ms = 20\n");
    snprintf(minutes, sizeof minutes, "%s/minutes", w->folder);
    snprintf(ledger, sizeof ledger, "%s/feed.ledger", w->folder);
    assert_int_equal(mkdir(minutes, 0700), 0);
    write_file("there.md", "Her fra begyndelsen.");
    return w;
}

static struct world *begin(void)
{
    struct world *w = prepare();
    world_referent_start(w, &watcher, watching);
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

/* How often its receipts name a document as committed. */
static unsigned times_committed(const char *id)
{
    char line[300];
    unsigned times = 0;
    snprintf(line, sizeof line, "committed %s ", id);
    char *out = file_read(watcher.output);
    for (const char *at = out; (at = strstr(at, line)) != NULL; at++)
        times++;
    free(out);
    return times;
}

/* SIGTERM; the closing line counts no failure. */
static void end(void)
{
    int status;
    process_signal(&watcher, SIGTERM);
    assert_true(process_wait(&watcher, DEADLINE_MS, &status));
    char *out = file_read(watcher.output), *err = file_read(watcher.complaint);
    if (status != 0 || strstr(out, "\nfound=") == NULL || strstr(out, " rejected=0 failed=0 ") == NULL)
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

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

/* Opened, written to and closed again and again, as a copy over a slow net does. False: this machine was too slow, and
 * the file rested meanwhile. */
static bool write_in_pieces(const char *name)
{
    int64_t last = now_ms();
    for (int piece = 0; piece < 20; piece++) {
        int file = open(at(name), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        assert_true(file >= 0 && write(file, "stykke ", 7) == 7);
        close(file);
        pause_ms(10);
        if (now_ms() - last > 100)
            return false;
        last = now_ms();
    }
    return true;
}

SCENARIO(a_file_written_in_pieces_is_sent_once)
{
    struct world *w = begin();
    char name[32];
    for (unsigned i = 0;; i++) {
        snprintf(name, sizeof name, "pieces-%u.md", i);
        if (write_in_pieces(name))
            break;
        assert_true(i < 100);
    }
    char whole[20 * 7 + 1] = "";
    for (int piece = 0; piece < 20; piece++)
        memcpy(whole + (size_t)piece * 7, "stykke ", 7);
    expect_holds(w, name, whole);
    end();
    assert_int_equal(times_committed(name), 1);
}

/* A tree that was made elsewhere, and one of its files is being written still. */
SCENARIO(a_folder_that_is_moved_in_is_fed)
{
    struct world *w = begin();
    char outside[400], path[500];
    snprintf(outside, sizeof outside, "%s/outside", w->folder);
    snprintf(path, sizeof path, "%s/2022", outside);
    assert_int_equal(mkdir(outside, 0700), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/early.md", outside);
    file_write(path, "Fra januar.", 11);
    snprintf(path, sizeof path, "%s/2022/late.md", outside);
    int late = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(late >= 0 && write(late, "Begyndt", 7) == 7);
    assert_int_equal(rename(outside, at("moved")), 0);
    expect_holds(w, "moved/early.md", "januar");
    assert_int_equal(write(late, " og endt.", 9), 9);
    close(late);
    expect_holds(w, "moved/2022/late.md", "Begyndt og endt");
    write_file("moved/2022/new.md", "Skrevet siden.");
    expect_holds(w, "moved/2022/new.md", "siden");
    end();
    assert_int_equal(inventory_count(w), 4);
}

/* The watcher stands still while more happens than the system's queue takes: what came last was told to nobody. */
SCENARIO(lost_events_are_made_good)
{
    struct world *w = begin();
    write_file("gone.md", "Bliver slettet.");
    expect_holds(w, "gone.md", "slettet");
    char *limit = file_read("/proc/sys/fs/inotify/max_queued_events");
    long events = strtol(limit, NULL, 10);
    free(limit);
    assert_true(events > 0);
    process_signal(&watcher, SIGSTOP);
    for (long i = 0; i <= events; i++) /* two files in turn, as two events that are alike become one */
        assert_int_equal(utimensat(AT_FDCWD, at(i % 2 ? "there.md" : "gone.md"), NULL, 0), 0);
    write_file("unseen.md", "Skrevet i ubemærkethed.");
    assert_int_equal(mkdir(at("unseen"), 0700), 0);
    write_file("unseen/inner.md", "Også denne.");
    assert_int_equal(unlink(at("gone.md")), 0);
    process_signal(&watcher, SIGCONT);
    expect_holds(w, "unseen.md", "ubemærkethed");
    expect_holds(w, "unseen/inner.md", "denne");
    expect_holds(w, "gone.md", NULL);
    write_file("unseen/later.md", "Mappen følges nu.");
    expect_holds(w, "unseen/later.md", "følges");
    end();
    assert_int_equal(inventory_count(w), 4);
}

/* It ends with the remedy, and whoever starts it again misses nothing. */
SCENARIO(more_folders_than_the_system_watches_are_refused)
{
    struct world *w = prepare();
    int status;
    world_rules(w, "watch */two 1 - ENOSPC");
    world_referent_interposed(w, &watcher, watching);
    expect_says("watching 1 folders");
    assert_int_equal(mkdir(at("one"), 0700), 0);
    write_file("one/a.md", "I den sidste mappe.");
    expect_holds(w, "one/a.md", "sidste");
    assert_int_equal(mkdir(at("two"), 0700), 0);
    write_file("two/b.md", "I en mappe for meget.");
    assert_true(process_wait(&watcher, DEADLINE_MS, &status));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    expect_says("raise the sysctl fs.inotify.max_user_watches");
    char *out = file_read(watcher.output);
    assert_non_null(strstr(out, "found=2 committed=2 ")); /* what it has done till then is told */
    free(out);
    world_referent_interposed(w, &watcher, watching); /* not even the folders that are there */
    assert_true(process_wait(&watcher, DEADLINE_MS, &status));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    world_rules(w, "");
    world_referent_start(w, &watcher, watching);
    expect_says("watching 3 folders");
    expect_holds(w, "two/b.md", "for meget");
    end();
    assert_int_equal(inventory_count(w), 3);
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
     STORY(a_file_written_in_pieces_is_sent_once), STORY(a_folder_that_is_moved_in_is_fed),
     STORY(lost_events_are_made_good), STORY(more_folders_than_the_system_watches_are_refused),
     STORY(a_worker_that_comes_back_empty_is_filled))
