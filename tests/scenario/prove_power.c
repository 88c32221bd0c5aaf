/* prove_power: the power goes. Of the data folder only what was synced is left (support/power.h): a file is as at its
 * last fsync, a folder as at its own. Once before each sync, from the first start to the last commit, then of a load in
 * bulk, then while shards are made anew; at random moments, where some files are luckier than others; and behind a
 * backup and a restore.
 *
 * A test run takes some of them, deploy/prove all. REFERENT_ROUNDS: losses at random moments. Shared by several
 * programs (REFERENT_PART), each has its share of the syncs and of the moments, and a stream of its own for these. */
#include "power.h"
#include "prove.h"

#include "random.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    SHARDS = 2,
    IDS = 24,
    OPS = 60,
    STRIDE = 25,
    REMAKING_STRIDE = 7,
    LOSSES = 8,
    OPS_A_LOSS = 60,
    AFTER_MAX_US = 30000
};

static const char settings[] =
    "shards = 2\ncommit_max_docs = 20\ncommit_min_gap_ms = 0\ncommit_idle_ms = 5\nyoung_documents = 4\n";

/* Many young segments, merged as soon as there are two. */
static const char merging[] = "shards = 2\ncommit_max_docs = 6\ncommit_min_gap_ms = 0\ncommit_idle_ms = 5\n"
                              "young_documents = 2\nyoung_segments = 3\n";

static struct world *powered_with(const char *lines)
{
    char path[300];
    struct world *w = world_empty(lines);
    w->interposed = w->powered = true;
    snprintf(path, sizeof path, "%s/power", w->folder);
    assert_int_equal(mkdir(path, 0700), 0);
    return w;
}

static struct world *powered(void)
{
    return powered_with(settings);
}

static void power_goes(struct world *w, uint64_t *random)
{
    char path[300];
    struct stat there;
    snprintf(path, sizeof path, "%s/power", w->folder);
    if (stat(w->data, &there) == 0)
        power_loss(w->data, path, random);
}

static void power_goes_at_once(struct world *w)
{
    power_goes(w, NULL);
}

static void goes_everywhere(uint64_t seed, bool bulk)
{
    struct proof_deaths deaths = {.seed = proof_seed(seed),
                                  .ids = IDS,
                                  .ops = OPS,
                                  .shards = SHARDS,
                                  .bulk = bulk,
                                  .calls = "fsync,fdatasync",
                                  .begin = powered,
                                  .harm = power_goes_at_once,
                                  .stride = getenv("REFERENT_ROUNDS") ? 1
                                            : bulk                    ? 2 * STRIDE
                                                                      : STRIDE};
    proof_die_everywhere(&deaths);
}

SCENARIO(what_was_not_synced_was_not_promised)
{
    goes_everywhere(20260723, false);
}

SCENARIO(nor_was_it_of_a_bulk_load)
{
    goes_everywhere(20260725, true);
}

SCENARIO(power_goes_again_and_again)
{
    struct proof_part part = proof_part();
    uint64_t seed = proof_seed(20260724) + part.number;
    unsigned losses = (proof_rounds(LOSSES) + part.of - 1) / part.of;
    uint32_t ops = (losses + 1) * OPS_A_LOSS;
    struct world *w = powered_with(merging);
    struct proof *proof = proof_new(w, seed, ops / 3, ops, 1, SHARDS);
    world_restart(w);
    proof_feeder_start(proof, 0);
    for (unsigned i = 1; i <= losses; i++) {
        proof_await(proof, ops * i / (losses + 1));
        proof_rest_us(random_below(&proof->random, AFTER_MAX_US));
        world_kill(w);
        proof_settled(proof);
        power_goes(w, i % 2 ? NULL : &proof->random);
        proof_look(proof, 10);
        world_restart(w);
    }
    proof_finish(proof);
    print_message("losses=%u\n", losses);
    proof_free(&proof);
}

/* How often the daemon has said so. */
static unsigned times_said(const struct world *w, const char *words)
{
    char *log = world_log(w);
    unsigned times = 0;
    for (const char *at = log; (at = strstr(at, words)) != NULL; at++)
        times++;
    free(log);
    return times;
}

/* Every shard is made anew; false: it died before. */
static bool remade(struct world *w, unsigned before)
{
    int status;
    for (int64_t deadline = now_ms() + DEADLINE_MS; now_ms() < deadline;) {
        if (process_wait(&w->daemon, 5, &status))
            return false;
        if (times_said(w, "event=rebuild.done ") == before + SHARDS)
            return true;
    }
    fail_msg("the shards are not made anew");
    return false;
}

/* The same index all the time, more or less far on its way to a new generation. */
SCENARIO(power_goes_while_shards_are_made_anew)
{
    uint64_t seed = proof_seed(20260727);
    struct proof_part part = proof_part();
    unsigned all = getenv("REFERENT_ROUNDS") ? 1 : REMAKING_STRIDE, losses = 0;
    struct world *w = powered();
    struct proof *proof = proof_new(w, seed, IDS, OPS, 1, SHARDS);
    world_restart(w);
    proof_feeder_start(proof, 0);
    proof_await(proof, OPS);
    world_kill(w);
    w->remade = true;
    for (unsigned sync = 1 + all * part.number;; sync += all * part.of, losses++) {
        char rules[200];
        unsigned before = times_said(w, "event=rebuild.done ");
        snprintf(rules, sizeof rules, "fsync,fdatasync @* %u %u kill\n", sync, sync);
        world_rules(w, rules);
        if (world_try(w) && remade(w, before))
            break;
        power_goes(w, NULL);
        proof_look(proof, 1);
    }
    world_rules(w, "");
    world_kill(w);
    power_goes(w, NULL);
    proof_look(proof, 1);
    print_message("losses=%u\n", losses);
    assert_true(losses * part.of > 3);
    w->remade = false;
    world_restart(w);
    proof_finish(proof);
    proof_free(&proof);
}

static void referent_run(struct world *w, const char *command, const char *data, const char *folder)
{
    struct process process;
    int status;
    const char *arguments[] = {command, "--data", data, folder, NULL};
    world_referent_interposed(w, &process, arguments);
    assert_true(process_wait(&process, DEADLINE_MS, &status));
    char *words = file_read(process.complaint);
    if (status != 0)
        fail_msg("%s ends with wait status 0x%x: %s", command, (unsigned)status, words);
    free(words);
}

/* When the command has ended, what it made is on disk. */
SCENARIO(a_backup_and_a_restore_outlive_the_power)
{
    enum { DOCUMENTS = 12 };
    char shadow[300], backup[300], restored[220], id[20];
    struct world *w = powered();
    world_restart(w);
    for (unsigned i = 0; i < DOCUMENTS; i++) {
        snprintf(id, sizeof id, "kept/%u", i);
        given(w, MINUTES(id, "## 1. Havnen\n\nGodkendt.\n\n## 2. Salg\nLukket sag\n\nGodkendt.\n"));
    }
    snprintf(shadow, sizeof shadow, "%s/power", w->folder);
    snprintf(backup, sizeof backup, "%s/backup", w->folder);
    snprintf(restored, sizeof restored, "%.200s/restored", w->folder);
    referent_run(w, "backup", w->data, backup);
    power_loss(backup, shadow, NULL);
    referent_run(w, "restore", restored, backup);
    power_loss(restored, shadow, NULL);
    world_terminate(w);
    world_drained(w);
    snprintf(w->data, sizeof w->data, "%s", restored);
    world_restart(w);
    assert_int_equal(inventory_count(w), DOCUMENTS);
}

TELL(STORY(what_was_not_synced_was_not_promised), STORY(nor_was_it_of_a_bulk_load), STORY(power_goes_again_and_again),
     STORY(power_goes_while_shards_are_made_anew), STORY(a_backup_and_a_restore_outlive_the_power))
