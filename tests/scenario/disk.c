/* disk: full, broken, read-only, damaged, held by somebody else; and a calendar that steps back. What was promised is
 * kept, nothing is promised that is not there, feeders and operator are told, and when the cause is gone the daemon
 * carries on by itself. */
#define _GNU_SOURCE
#include "shard_map.h"
#include "world.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SHARDS = 2 };
#define TWO_SHARDS "shards = 2\n"

/* ---- feeding ----------------------------------------------------------------------------------------------------- */

/* An id of this shard, made of a word. */
static const char *id_in(uint32_t shard, const char *word)
{
    static char id[64];
    for (unsigned i = 0;; i++) {
        snprintf(id, sizeof id, "%s-%u", word, i);
        if (shard_of(span_of(id), SHARDS) == shard)
            return id;
    }
}

static const Receipt *receipt_of(struct world *w, struct fed fed)
{
    const Envelope *answer = peer_answer(w->feeder, feed(w, fed), DEADLINE_MS);
    assert_non_null(answer);
    assert_int_equal(answer->payload_case, REFERENT__V1__ENVELOPE__PAYLOAD_RECEIPT);
    return answer->receipt;
}

static void put_off(struct world *w, struct fed fed)
{
    const Receipt *receipt = receipt_of(w, fed);
    if (receipt->status != REFERENT__V1__STATUS__STATUS_RETRY)
        fail_msg("%s has status %d: %s %s", fed.id, (int)receipt->status, receipt->rule, receipt->reason);
    assert_true(receipt->retry_after_ms > 0);
    assert_true(strlen(receipt->reason) > 10);
}

/* Fed again, as a feeder does, until it is there. */
static void given_at_last(struct world *w, struct fed fed)
{
    for (int64_t since = now_ms(); now_ms() - since < DEADLINE_MS;) {
        const Receipt *receipt = receipt_of(w, fed);
        bool there = receipt->status == REFERENT__V1__STATUS__STATUS_COMMITTED ||
                     receipt->status == REFERENT__V1__STATUS__STATUS_UNCHANGED;
        if (there)
            return;
        assert_int_equal(receipt->status, REFERENT__V1__STATUS__STATUS_RETRY);
        peer_answer(w->feeder, UINT64_MAX, receipt->retry_after_ms < 200 ? receipt->retry_after_ms : 200);
    }
    fail_msg("%s is never committed", fed.id);
}

/* ---- what is said ------------------------------------------------------------------------------------------------ */

static size_t logged(struct world *w, const char *words)
{
    char *log = world_log(w);
    size_t times = 0;
    for (const char *at = log; (at = strstr(at, words)) != NULL; at += strlen(words))
        times++;
    free(log);
    return times;
}

static bool condition_holds(struct world *w, const char *name)
{
    const StatusReply *status = peer_status(w->searcher);
    for (size_t i = 0; i < status->n_conditions; i++)
        if (strcmp(status->conditions[i]->name, name) == 0)
            return strlen(status->conditions[i]->reason) > 10;
    return false;
}

static void expect_condition(struct world *w, const char *name, bool holds)
{
    for (int64_t since = now_ms(); condition_holds(w, name) != holds;)
        if (now_ms() - since > DEADLINE_MS)
            fail_msg("the condition %s %s", name, holds ? "is not told of" : "does not end");
}

/* ---- commits ----------------------------------------------------------------------------------------------------- */

/* What can go wrong under a commit, one call at a time, for ever. */
static const char *const faults[] = {
    "write @/shard-* 1 - ENOSPC\n",
    "write @/shard-* 2 - ENOSPC\nwrite @/shard-* 1 1 short\n",
    "write @/shard-* 1 - EDQUOT\n",
    "fdatasync @/shard-* 1 - EIO\n",
    "fsync,fdatasync @/shard-* 1 - EIO\n",
    "fsync @/shard-[0-9]*/gen-[0-9]*[0-9] 1 - EIO\n", /* the folder, behind the commit */
    "rename @/shard-*/gen-[0-9]*[0-9]/iamglass 1 - EIO\n",
    "open,write @/shard-* 1 - EROFS\n",
};
enum { FAULTS = sizeof faults / sizeof faults[0] };

SCENARIO(whatever_fails_under_a_commit_puts_off_and_passes)
{
    struct world *w = world_interposed(TWO_SHARDS "commit_min_gap_ms = 0\n");
    given(w, MINUTES("før", "Om tiden før."));
    for (unsigned i = 0; i < FAULTS; i++) {
        char id[16], text[64];
        snprintf(id, sizeof id, "under-%u", i);
        snprintf(text, sizeof text, "Om prøvelse%u.", i);
        struct fed fed = {.id = id, .body = span_of(text)};
        world_rules(w, faults[i]);
        put_off(w, fed);
        expect_condition(w, "shard.failing", true);
        expect_found(w, "før", 1);
        world_rules(w, "");
        given_at_last(w, fed);
        expect_condition(w, "shard.failing", false);
        text[strlen(text) - 1] = '\0';
        expect_found(w, strrchr(text, ' ') + 1, 1);
    }
    char *done = world_rules_log(w);
    for (const char *const *call = (const char *const[]){"error write", "short write", "error fdatasync", "error fsync",
                                                         "error rename", "error open", NULL};
         *call; call++)
        if (strstr(done, *call) == NULL)
            fail_msg("no rule has done \"%s\"", *call);
    free(done);
    assert_int_equal(logged(w, "event=shard.failing.begin"), FAULTS); /* a line each, however often it failed */
    assert_int_equal(logged(w, "event=shard.failing.end"), FAULTS);
    world_kill(w);
    world_restart(w);
    assert_int_equal(inventory_count(w), FAULTS + 1);
    expect_found(w, "prøvelse5", 1);
}

SCENARIO(one_shard_that_fails_does_not_hold_up_the_other)
{
    struct world *w = world_interposed(TWO_SHARDS);
    given(w, MINUTES("før", "Om tiden før."));
    world_rules(w, "write @/shard-0001/* 1 - ENOSPC\n");
    put_off(w, MINUTES(id_in(1, "syg"), "Om den syge."));
    for (int i = 0; i < 20; i++) {
        char word[24];
        snprintf(word, sizeof word, "rask%d", i);
        given(w, MINUTES(id_in(0, word), "Om den raske."));
        put_off(w, MINUTES(id_in(1, "syg"), "Om den syge."));
    }
    expect_found(w, "raske", 20);
    assert_int_equal(logged(w, "event=shard.failing.begin"), 1);
    world_rules(w, "");
    given_at_last(w, MINUTES(id_in(1, "syg"), "Om den syge."));
}

/* Nobody feeds when the cause is gone: what is told of the shard and of the dead letters ends all the same. */
SCENARIO(what_is_wrong_ends_without_a_feeder)
{
    struct world *w = world_interposed(TWO_SHARDS);
    given(w, MINUTES("før", "Om tiden før."));
    world_rules(w, "write @/shard-0001/* 1 - ENOSPC\nwrite @/dead.sqlite* 1 - ENOSPC\n");
    put_off(w, MINUTES(id_in(1, "syg"), "Om den syge."));
    put_off(w, MINUTES(id_in(0, "tom"), " "));
    expect_condition(w, "shard.failing", true);
    expect_condition(w, "dead.failing", true);
    const StatusReply *status = peer_status(w->searcher);
    for (size_t i = 0; i < status->n_conditions; i++)
        if (strcmp(status->conditions[i]->name, "shard.failing") == 0)
            assert_non_null(strstr(status->conditions[i]->reason, "shard 1: "));
    uint64_t sequence = status->shards[1]->sequence;
    world_rules(w, "");
    expect_condition(w, "shard.failing", false);
    expect_condition(w, "dead.failing", false);
    assert_int_equal(logged(w, "event=shard.failing.begin"), 1);
    assert_int_equal(logged(w, "rule=document.term"), 0); /* it is the disk, not the document */
    given(w, MINUTES(id_in(1, "syg"), "Om den syge."));
    expect_status(w->feeder, feed(w, MINUTES(id_in(0, "tom"), " ")), REFERENT__V1__STATUS__STATUS_REJECTED);
    assert_true(peer_status(w->searcher)->shards[1]->sequence > sequence);
}

/* However long the worker put it off for, a feeder that waits says why. */
SCENARIO(a_feeder_says_why_it_waits)
{
    struct world *w = world_interposed("shards = 1\n");
    struct process feeder;
    char path[300];
    const Receipt *receipt;
    world_rules(w, "open,write @/shard-* 1 - EROFS\n");
    for (int64_t since = now_ms(); (receipt = receipt_of(w, MINUTES("syg", "Om den syge.")))->retry_after_ms < 5000;) {
        if (now_ms() - since > DEADLINE_MS)
            fail_msg("the pause stays %u ms", receipt->retry_after_ms);
        peer_answer(w->feeder, UINT64_MAX, 50);
    }
    snprintf(path, sizeof path, "%s/rask.md", w->folder);
    file_write(path, "Om den raske.", 13);
    world_referent_start(w, &feeder, (const char *[]){"feed", path, NULL});
    for (int64_t since = now_ms();;) {
        char *said = file_read(feeder.complaint);
        bool done = strstr(said, "referent: ") != NULL;
        if (done && (strstr(said, "put off for") == NULL || strstr(said, "Read-only file system") == NULL))
            fail_msg("it says: %s", said);
        free(said);
        if (done)
            break;
        if (now_ms() - since > DEADLINE_MS)
            fail_msg("the feeder says nothing");
        peer_answer(w->feeder, UINT64_MAX, 50);
    }
    process_kill(&feeder);
}

/* A night's run has an end, if it is told when. */
SCENARIO(a_feeder_gives_up_when_it_is_told_to)
{
    struct world *w = world_interposed("shards = 1\n");
    struct process feeder;
    int status;
    char path[300];
    world_rules(w, "open,write @/shard-* 1 - EROFS\n");
    snprintf(path, sizeof path, "%s/rask.md", w->folder);
    file_write(path, "Om den raske.", 13);
    world_referent_start(w, &feeder, (const char *[]){"feed", "--give-up", "3", path, NULL});
    assert_true(process_wait(&feeder, DEADLINE_MS, &status));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    char *said = file_read(feeder.complaint), *sum = file_read(feeder.output);
    assert_non_null(strstr(said, "failed"));
    assert_non_null(strstr(said, "nothing was taken for 3 s: "));
    assert_non_null(strstr(said, "Read-only file system"));
    assert_non_null(strstr(sum, "failed=1"));
    free(said);
    free(sum);
}

SCENARIO(a_kill_before_a_commit_is_published_promises_nothing)
{
    struct world *w = world_interposed("shards = 1\n");
    given(w, MINUTES("før", "Om tiden før."));
    world_rules(w, "rename @/shard-*/gen-[0-9]*[0-9]/iamglass 1 1 kill\n");
    uint64_t sequence = feed(w, MINUTES("under", "Om tordenvejr."));
    int status;
    assert_true(process_wait(&w->daemon, DEADLINE_MS, &status));
    assert_null(peer_answer(w->feeder, sequence, 100));
    world_rules(w, "");
    world_restart(w);
    expect_found(w, "før", 1);
    expect_found(w, "tordenvejr", 0);
    given(w, MINUTES("under", "Om tordenvejr."));
    expect_found(w, "tordenvejr", 1);
}

/* Published, but its folder is not synced when the worker dies: what is found there afterwards is acknowledged only
 * when it is. */
SCENARIO(what_a_crash_left_is_synced_before_it_is_acknowledged)
{
    struct world *w = world_interposed("shards = 1\n");
    int status;
    given(w, MINUTES("før", "Om tiden før."));
    world_rules(w, "rename @/shard-*/gen-[0-9]*[0-9]/iamglass 1 1 kill-after\n");
    feed(w, MINUTES("under", "Om tordenvejr."));
    assert_true(process_wait(&w->daemon, DEADLINE_MS, &status));
    world_rules(w, "fsync @/shard-[0-9]*/gen-[0-9]*[0-9] 1 1 note\n");
    world_restart(w);
    char *done = world_rules_log(w);
    assert_non_null(strstr(done, "note fsync"));
    free(done);
    expect_status(w->feeder, feed(w, MINUTES("under", "Om tordenvejr.")), REFERENT__V1__STATUS__STATUS_UNCHANGED);
}

/* ---- room on the disk -------------------------------------------------------------------------------------------- */

static uint32_t credit_now(struct world *w)
{
    Referent__V1__Hello hello = REFERENT__V1__HELLO__INIT;
    Envelope envelope = frame_envelope(0);
    hello.client = (char *)"spørger";
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_HELLO;
    envelope.hello = &hello;
    const Envelope *answer = peer_ask(w->feeder, &envelope);
    return answer->welcome->credit->messages;
}

SCENARIO(a_disk_that_is_nearly_full_stops_credit_in_time)
{
    struct world *w = world_interposed(TWO_SHARDS "disk_reserve_bytes = 1048576\n");
    char *out;
    given(w, MINUTES("før", "Om tiden før."));
    assert_true(credit_now(w) > 0);
    world_rules(w, "statvfs @* 1 - free=1000000\n");
    expect_condition(w, "disk.low", true);
    assert_int_equal(credit_now(w), 0);
    expect_retry(w->feeder, feed(w, MINUTES("under", "Om trange kår.")), "disk.low");
    expect_retry(w->feeder, peer_delete(w->feeder, "før", 1), "disk.low");
    expect_found(w, "før", 1);
    assert_int_equal(inventory_count(w), 1); /* asking goes on */
    assert_int_equal(world_referent(w, (const char *[]){"status", NULL}, &out), 0);
    assert_non_null(strstr(out, "disk.low: "));
    free(out);
    world_rules(w, "statvfs @* 1 - free=1100000\n"); /* a little more than the reserve is not enough yet */
    peer_answer(w->feeder, UINT64_MAX, 1500);
    assert_true(condition_holds(w, "disk.low"));
    world_rules(w, "statvfs @* 1 - free=2000000\n");
    expect_condition(w, "disk.low", false);
    assert_true(credit_now(w) > 0);
    given(w, MINUTES("under", "Om trange kår."));
    assert_int_equal(logged(w, "event=disk.low.begin"), 1);
    assert_int_equal(logged(w, "event=disk.low.end"), 1);
}

/* The client waits for credit, and feeds on by itself. */
SCENARIO(a_feeder_waits_out_a_disk_that_is_nearly_full)
{
    struct world *w = world_interposed(TWO_SHARDS "disk_reserve_bytes = 1048576\n");
    struct process feeder;
    int status;
    char folder[260], path[300];
    snprintf(folder, sizeof folder, "%s/minutes", w->folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    snprintf(path, sizeof path, "%s/a.md", folder);
    file_write(path, "Om ventetid.", 12);
    world_rules(w, "statvfs @* 1 - free=1000\n");
    expect_condition(w, "disk.low", true);
    world_referent_start(w, &feeder, (const char *[]){"feed", "--patience", "80", folder, NULL});
    assert_false(process_wait(&feeder, 1500, &status));
    expect_found(w, "ventetid", 0);
    for (int64_t deadline = now_ms() + DEADLINE_MS, said = false; !said;) { /* why, not only that */
        char *words = file_read(feeder.complaint);
        said = strstr(words, "the worker takes nothing now, because its disk is nearly full") != NULL;
        free(words);
        assert_true(said || now_ms() < deadline);
        assert_false(process_wait(&feeder, 50, &status));
    }
    world_rules(w, "");
    assert_true(process_wait(&feeder, DEADLINE_MS, &status));
    assert_int_equal(status, 0);
    expect_found(w, "ventetid", 1);
}

/* ---- starting ---------------------------------------------------------------------------------------------------- */

static void stop(struct world *w)
{
    world_terminate(w);
    world_drained(w);
}

/* It does not start, and says each of these words. */
static void expect_no_start(struct world *w, const char *const words[])
{
    char *before = world_log(w);
    size_t from = strlen(before);
    free(before);
    assert_int_not_equal(world_referentd(w, (const char *[]){"--feed", w->feed, "--search", w->search, NULL}), 0);
    char *log = world_log(w);
    for (; *words; words++)
        if (strstr(log + from, *words) == NULL)
            fail_msg("\"%s\" is not in: %s", *words, log + from);
    free(log);
}

SCENARIO(a_read_only_disk_is_named_at_the_start)
{
    struct world *w = world_interposed(TWO_SHARDS);
    given(w, MINUTES("før", "Om tiden før."));
    stop(w);
    world_rules(w, "open,mkdir @* 1 - EROFS\n");
    expect_no_start(w, (const char *[]){"Read-only file system", "mount it writable", NULL});
    world_rules(w, "");
    world_restart(w);
    expect_found(w, "før", 1);
}

SCENARIO(with_a_full_disk_it_starts_and_answers)
{
    struct world *w = world_interposed(TWO_SHARDS);
    given(w, MINUTES("før", "Om tiden før."));
    stop(w);
    world_rules(w, "write @* 1 - ENOSPC\n");
    world_restart(w);
    expect_found(w, "før", 1);
    put_off(w, MINUTES("under", "Om fulde diske."));
    world_rules(w, "");
    given_at_last(w, MINUTES("under", "Om fulde diske."));
}

SCENARIO(whoever_holds_the_folder_is_named)
{
    struct world *w = world_start(TWO_SHARDS);
    struct world *second = world_empty("");
    char words[40];
    memcpy(second->data, w->data, sizeof w->data);
    snprintf(words, sizeof words, "process %d holds the lock", (int)w->daemon.pid);
    expect_no_start(second, (const char *[]){words, "data_dir", NULL});
    given(w, MINUTES("a", "Om alene hjemme."));
}

static void generation_path(const struct world *w, const char *file, char path[static 320])
{
    snprintf(path, 320, "%s/shard-0001/gen-000001/%s", w->data, file);
}

SCENARIO(a_shard_that_another_program_writes_is_named)
{
    struct world *w = world_start(TWO_SHARDS);
    char path[320];
    stop(w);
    generation_path(w, "flintlock", path);
    int file = open(path, O_RDWR | O_CLOEXEC);
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
    assert_int_equal(fcntl(file, F_OFD_SETLK, &whole), 0);
    expect_no_start(w, (const char *[]){"shard-0001", "another program", "fuser -v", NULL});
    close(file);
    world_restart(w);
}

/* ---- damage ------------------------------------------------------------------------------------------------------ */

struct whole_file {
    char path[320];
    char *bytes;
    size_t size;
};

static struct whole_file file_keep(const char *path)
{
    struct whole_file file;
    struct stat about;
    snprintf(file.path, sizeof file.path, "%s", path);
    assert_int_equal(stat(path, &about), 0);
    file.size = (size_t)about.st_size;
    file.bytes = malloc(file.size + 1);
    FILE *from = fopen(path, "rbe");
    assert_true(file.bytes != NULL && from != NULL);
    assert_int_equal(fread(file.bytes, 1, file.size, from), file.size);
    fclose(from);
    return file;
}

static void file_bring_back(struct whole_file *file)
{
    file_write(file->path, file->bytes, file->size);
    free(file->bytes);
}

/* In place, so that whoever has the file open sees it. */
static void file_put(const char *path, const char *bytes, size_t size)
{
    int file = open(path, O_WRONLY | O_CLOEXEC);
    assert_true(file >= 0);
    assert_int_equal(pwrite(file, bytes, size, 0), (ssize_t)size);
    close(file);
}

SCENARIO(damage_found_at_the_start_is_named_with_its_remedy)
{
    struct world *w = world_start(TWO_SHARDS);
    static const char *const files[] = {"iamglass", "postlist.glass", "docdata.glass"};
    char path[320];
    given(w, MINUTES(id_in(0, "hel"), "Om det hele."));
    given(w, MINUTES(id_in(1, "halv"), "Om det halve."));
    stop(w);
    for (size_t i = 0; i < 2 * sizeof files / sizeof files[0]; i++) {
        generation_path(w, files[i / 2], path);
        struct whole_file kept = file_keep(path);
        if (i % 2 == 0)
            assert_int_equal(truncate(path, 0), 0);
        else
            assert_int_equal(remove(path), 0);
        expect_no_start(w, (const char *[]){"shard-0001 is damaged", "referent check --repair", NULL});
        struct stat about;
        assert_true(stat(path, &about) != 0 || about.st_size == 0); /* nothing was made in its place */
        file_bring_back(&kept);
    }
    generation_path(w, "iamglass", path);
    struct whole_file kept = file_keep(path);
    file_put(path, "not glass", 9);
    expect_no_start(w, (const char *[]){"shard-0001 is damaged", "referent check --repair", NULL});
    file_bring_back(&kept);
    snprintf(path, sizeof path, "%s/shard-0001/XAPIANDB", w->data);
    kept = file_keep(path);
    file_write(path, "?", 1);
    expect_no_start(w, (const char *[]){"shard-0001/XAPIANDB", "referent check --repair", NULL});
    file_bring_back(&kept);
    world_restart(w);
    expect_found(w, "hele", 1);
    expect_found(w, "halve", 1);
}

static uint32_t shards_searched(struct world *w)
{
    return peer_search(w->searcher, (struct asked){.query = "hvad"})->coverage->answered;
}

SCENARIO(damage_found_later_stops_one_shard_and_no_other)
{
    struct world *w = world_start(TWO_SHARDS "search_threads = 1\n");
    enum { FED = 300 };
    char path[320], word[24], zeros[8192] = {0};
    uint64_t last = 0;
    for (unsigned i = 0; i < FED; i++) {
        snprintf(word, sizeof word, "sag%u", i);
        last = feed(w, MINUTES(id_in(1, word), "Om mange ord, der fylder en tabel op med lister."));
    }
    expect_committed(w->feeder, last);
    stop(w); /* and again, so that no block is in memory */
    world_restart(w);
    generation_path(w, "postlist.glass", path);
    struct whole_file kept = file_keep(path);
    for (size_t at = 0; at < kept.size; at += sizeof zeros) {
        int file = open(path, O_WRONLY | O_CLOEXEC);
        assert_int_equal(pwrite(file, zeros, sizeof zeros, (off_t)at), (ssize_t)sizeof zeros);
        close(file);
    }
    put_off(w, MINUTES(id_in(1, "syg"), "Om den syge."));
    expect_condition(w, "shard.failing", true);
    given(w, MINUTES(id_in(0, "rask"), "Om den raske."));
    file_put(path, kept.bytes, kept.size);
    free(kept.bytes);
    given_at_last(w, MINUTES(id_in(1, "syg"), "Om den syge."));
    for (int64_t since = now_ms(); shards_searched(w) < SHARDS;) /* they look again once a second */
        assert_true(now_ms() - since < DEADLINE_MS);
    expect_found(w, "syge", 1);
    expect_found(w, "tabel", FED);
}

/* ---- damage that shows only when something is written ----------------------------------------------------------- */

enum { BLOCK_BYTES = 8192, LEVEL_AT = 4, LEAF = 0, FREE_BLOCKS = 254, ENTRIES_AT = 8 };

/* Every block of this kind is emptied, in place; how many there are. */
static unsigned blocks_spoil(const char *path, unsigned char level)
{
    unsigned char block[BLOCK_BYTES];
    unsigned found = 0;
    int file = open(path, O_RDWR | O_CLOEXEC);
    assert_true(file >= 0);
    for (off_t at = 0; pread(file, block, sizeof block, at) == (ssize_t)sizeof block; at += (off_t)sizeof block) {
        if (block[LEVEL_AT] != level)
            continue;
        memset(block + ENTRIES_AT, 0xFF, sizeof block - ENTRIES_AT);
        assert_int_equal(pwrite(file, block, sizeof block, at), (ssize_t)sizeof block);
        found++;
    }
    close(file);
    return found;
}

enum { MENDED = 120 };

/* Both shards hold meetings of several versions, some with closed items, so their tables have free blocks. */
static struct world *world_with_free_blocks(void)
{
    struct world *w = world_interposed(TWO_SHARDS "commit_max_docs = 20\ncommit_min_gap_ms = 1\n");
    char id[24], body[400];
    uint64_t last = 0;
    for (uint64_t version = 1; version <= 3; version++)
        for (unsigned i = 0; i < MENDED; i++) {
            snprintf(id, sizeof id, "sag-%u", i);
            snprintf(
                body, sizeof body,
                "# Byrådet den 4. maj 2020\n\n## 1. Vej %u\n\nÅben sag\n\nOm belægning, udgave%u, %08x %08x.\n\n%s", i,
                (unsigned)version, i * 2654435761U, i * 40503U,
                i % 4 == 0 ? "## 2. Salg\n\nLukket sag\n\nPrisen er fortrolig.\n" : "");
            last = feed(w, (struct fed){.id = id, .version = version, .body = span_of(body)});
        }
    expect_committed(w->feeder, last);
    given(w, EDITION("tom", 1, "Om en sag, der gik bort."));
    expect_committed(w->feeder, peer_delete(w->feeder, "tom", 2));
    stop(w);
    return w;
}

SCENARIO(a_shard_whose_free_blocks_are_forgotten_mends_itself)
{
    struct world *w = world_with_free_blocks();
    char path[320];
    generation_path(w, "postlist.glass", path);
    assert_true(blocks_spoil(path, FREE_BLOCKS) > 0);
    world_restart(w);
    given_at_last(w, MINUTES(id_in(1, "efter"), "Om tiden efter."));
    expect_condition(w, "shard.failing", false);
    assert_int_equal(logged(w, "event=rebuild.done shard=1"), 1);
    assert_int_equal(logged(w, "event=rebuild.done shard=0"), 0);
    expect_found(w, "udgave3", MENDED);
    expect_found(w, "efter", 1);
    assert_int_equal(receipt_of(w, EDITION("tom", 1, "Om en sag, der gik bort."))->status,
                     REFERENT__V1__STATUS__STATUS_SUPERSEDED); /* what was deleted stays so */
    stop(w);
    world_check_shards(w);
}

SCENARIO(a_shard_that_has_lost_something_is_left_to_the_operator)
{
    struct world *w = world_with_free_blocks();
    char path[320];
    generation_path(w, "postlist.glass", path);
    struct whole_file lists = file_keep(path);
    assert_true(blocks_spoil(path, FREE_BLOCKS) > 0);
    generation_path(w, "termlist.glass", path);
    struct whole_file terms = file_keep(path);
    assert_true(blocks_spoil(path, LEAF) > 1);
    world_restart(w);
    put_off(w, MINUTES(id_in(1, "efter"), "Om tiden efter."));
    for (int64_t since = now_ms(); logged(w, "rule=mend.hopeless") == 0;)
        assert_true(now_ms() - since < DEADLINE_MS);
    expect_condition(w, "shard.failing", true);
    put_off(w, MINUTES(id_in(1, "igen"), "Om tiden efter."));
    given(w, MINUTES(id_in(0, "anden"), "Om den anden."));
    expect_found(w, "udgave3", MENDED); /* searches go on */
    stop(w);
    file_bring_back(&lists);
    file_bring_back(&terms);
}

/* ---- the calendar ------------------------------------------------------------------------------------------------ */

/* Order is by version or by arrival, ages are by a clock that never steps back. */
SCENARIO(a_calendar_that_steps_back_changes_nothing)
{
    struct world *w = world_interposed(TWO_SHARDS "commit_max_age_ms = 200\n");
    given(w, EDITION("sag", 5, "Om den første udgave."));
    given(w, MINUTES("brev", "Om det gamle brev."));
    expect_committed(w->feeder, peer_delete(w->feeder, "væk", 3));
    world_rules(w, "clock realtime 1 - shift=-864000000\n");
    given(w, EDITION("sag", 6, "Om den anden udgave."));
    given(w, MINUTES("brev", "Om det nye brev."));
    expect_status(w->feeder, feed(w, EDITION("væk", 2, "Om genfærd.")), REFERENT__V1__STATUS__STATUS_SUPERSEDED);
    expect_rejected(w->feeder, feed(w, MINUTES("tom", "")), "body.empty");
    stop(w);
    world_restart(w);
    expect_found(w, "første", 0);
    expect_found(w, "anden", 1);
    expect_found(w, "gamle", 0);
    expect_found(w, "nye", 1);
    given(w, EDITION("sag", 7, "Om den tredje udgave."));
    assert_int_equal(peer_status(w->searcher)->dead, 1);
    world_rules(w, "clock realtime 1 - shift=864000000\n");
    given(w, EDITION("sag", 8, "Om den fjerde udgave."));
    expect_found(w, "fjerde", 1);
}

TELL(STORY(whatever_fails_under_a_commit_puts_off_and_passes), STORY(one_shard_that_fails_does_not_hold_up_the_other),
     STORY(what_is_wrong_ends_without_a_feeder), STORY(a_feeder_says_why_it_waits),
     STORY(a_feeder_gives_up_when_it_is_told_to), STORY(a_kill_before_a_commit_is_published_promises_nothing),
     STORY(what_a_crash_left_is_synced_before_it_is_acknowledged),
     STORY(a_disk_that_is_nearly_full_stops_credit_in_time), STORY(a_feeder_waits_out_a_disk_that_is_nearly_full),
     STORY(a_read_only_disk_is_named_at_the_start), STORY(with_a_full_disk_it_starts_and_answers),
     STORY(whoever_holds_the_folder_is_named), STORY(a_shard_that_another_program_writes_is_named),
     STORY(damage_found_at_the_start_is_named_with_its_remedy), STORY(damage_found_later_stops_one_shard_and_no_other),
     STORY(a_shard_whose_free_blocks_are_forgotten_mends_itself),
     STORY(a_shard_that_has_lost_something_is_left_to_the_operator), STORY(a_calendar_that_steps_back_changes_nothing))
