/* prove_power: the power goes. Of the data folder only what was synced is left (support/power.h): a file is as at its
 * last fsync, a folder as at its own. Once before each sync, from the first start to the last commit, then of a load in
 * bulk, then while shards are made anew; at random moments, where some files are luckier than others; and behind a
 * backup and a restore. And before each step that rests on what was made before it, that must be synced.
 *
 * A test run takes some of them, deploy/prove all. REFERENT_ROUNDS: losses at random moments. Shared by several
 * programs (REFERENT_PART), each has its share of the syncs and of the moments, and a stream of its own for these. */
#include "power.h"
#include "prove.h"

#include "random.h"

#include <glob.h>
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
                                            : bulk                    ? 3 * STRIDE
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

/* ---- what is on disk at each step ----------------------------------------------------------------------------------
 */

/* A step rests on what was made before it. A sync that is missing does not show where a later one makes it good, or
 * where the power does not go in between; so the worker dies before each step, and all that the step rests on is asked
 * for, whether the promise would break or not. */
struct step {
    const char *call;     /* of interpose.c; NULL: the receipts */
    const char *kept[10]; /* below the data folder; * is for names */
};

static void expect_kept(const struct world *w, const struct step *step)
{
    char pattern[300], shadow[300];
    snprintf(shadow, sizeof shadow, "%s/power", w->folder);
    for (const char *const *name = step->kept; *name != NULL; name++) {
        glob_t found = {0};
        snprintf(pattern, sizeof pattern, "%s/%s", w->data, *name);
        if (glob(pattern, 0, NULL, &found) != 0)
            fail_msg("before %s: %s is not there", step->call ? step->call : "the receipts", *name);
        for (size_t i = 0; i < found.gl_pathc; i++)
            if (!power_kept(found.gl_pathv[i], shadow))
                fail_msg("before %s: %s is not synced", step->call ? step->call : "the receipts", found.gl_pathv[i]);
        globfree(&found);
    }
}

enum { LOADED = 12 };

static void load(struct world *w, uint64_t sequences[])
{
    char id[20];
    assert_true(peer_hello_load(w->feeder, REFERENT__V1__LOAD__LOAD_BULK, 0)->bulk);
    for (unsigned i = 0; i < LOADED; i++) {
        snprintf(id, sizeof id, "load/%u", i);
        sequences[i] = feed(w, MINUTES(id, "## 1. Havnen\n\nGodkendt.\n\n## 2. Salg\nLukket sag\n\nGodkendt.\n"));
    }
    for (unsigned i = 0; i < LOADED; i++)
        expect_status(w->feeder, sequences[i], REFERENT__V1__STATUS__STATUS_HELD);
}

/* The generation that is made of a load, BUILT to DONE (worker/write/generation.h). */
static const struct step publication[] = {
    {"mkdir @/*/gen-000002/.commit",
     {"shard-0000/gen-000002", "shard-0000/gen-000002/*", "closed-0000/gen-000002", "closed-0000/gen-000002/*"}},
    {"rename @/switch-0000",
     {"shard-0000", "shard-0000/gen-000002", "shard-0000/gen-000002/*", "closed-0000", "closed-0000/gen-000002",
      "closed-0000/gen-000002/*", "switch-0000.new"}},
    {"rename @/closed-0000/XAPIANDB", {"", "switch-0000", "closed-0000/XAPIANDB.new"}},
    {"rename @/shard-0000/XAPIANDB", {"closed-0000", "closed-0000/XAPIANDB", "shard-0000/XAPIANDB.new"}},
    {"unlink @/switch-0000", {"shard-0000", "shard-0000/XAPIANDB"}},
    {NULL, {""}},
};

/* `before`: documents that the shard has when the load begins, so that its generation is merged of two. */
static void publication_dies(const struct step *step, unsigned before)
{
    uint64_t sequences[LOADED];
    char id[20], rules[100];
    int status;
    struct world *w = powered_with("shards = 1\nbulk_idle_ms = 600000\n");
    world_restart(w);
    for (unsigned i = 0; i < before; i++) {
        snprintf(id, sizeof id, "before/%u", i);
        given(w, MINUTES(id, "## 1. Broen\n\nUdsat.\n\n## 2. Køb\nLukket sag\n\nUdsat.\n"));
    }
    load(w, sequences);
    snprintf(rules, sizeof rules, "%s 1 1 kill\n", step->call != NULL ? step->call : "");
    world_rules(w, step->call != NULL ? rules : "");
    peer_flush(w->feeder);
    if (step->call != NULL)
        assert_true(process_wait(&w->daemon, DEADLINE_MS, &status));
    for (unsigned i = 0; step->call == NULL && i < LOADED; i++)
        expect_final(w->feeder, sequences[i], REFERENT__V1__STATUS__STATUS_COMMITTED);
    if (step->call == NULL)
        world_kill(w);
    expect_kept(w, step);
    power_goes(w, NULL);
    world_rules(w, "");
    world_restart(w);
    size_t there = inventory_count(w);
    assert_true(there == before + LOADED || (there == before && step->call != NULL));
    world_close(w);
}

SCENARIO(each_step_of_a_load_rests_on_what_is_synced)
{
    for (size_t i = 0; i < sizeof publication / sizeof publication[0]; i++)
        publication_dies(&publication[i], 0);
    publication_dies(&publication[0], 2);
}

/* The databases that a stub names: how many. */
static unsigned named_kept(const struct world *w, const char *stub)
{
    char path[400], shadow[300], line[100], name[80], at[2][120];
    unsigned named = 0;
    snprintf(path, sizeof path, "%s/shard-0000/%s", w->data, stub);
    FILE *file = fopen(path, "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        assert_int_equal(sscanf(line, "auto %79s", name), 1);
        snprintf(at[0], sizeof at[0], "shard-0000/%s", name);
        snprintf(at[1], sizeof at[1], "shard-0000/%s/*", name);
        expect_kept(w, &(struct step){"rename XAPIANDB", {at[0], at[1]}});
        snprintf(path, sizeof path, "%s/%s", w->data, at[0]);
        snprintf(shadow, sizeof shadow, "%s/power", w->folder);
        if (!power_named(path, shadow))
            fail_msg("before rename XAPIANDB: the name of %s is not synced", path);
        named++;
    }
    if (file != NULL)
        fclose(file);
    return named;
}

/* The worker dies before each publication of a stub: that of a young segment, of a second one, of what they are merged
 * into. Nothing that the new stub names may be lost, the names of the folders included. */
SCENARIO(whatever_a_stub_names_is_synced)
{
    enum { FED = 6, NAMED = 3 };
    static const unsigned before[] = {1, 2, 3}, after[] = {2, 3, 2};
    for (unsigned stub = 0; stub < NAMED; stub++) {
        char rules[80], id[24];
        int status;
        bool alive = true;
        struct world *w = powered_with("shards = 1\ncommit_max_docs = 6\ncommit_idle_ms = 60000\n"
                                       "commit_max_age_ms = 60000\nyoung_documents = 2\nyoung_segments = 3\n");
        snprintf(rules, sizeof rules, "rename @/shard-0000/XAPIANDB %u %u kill\n", stub + 1, stub + 1);
        world_restart(w);
        world_rules(w, rules);
        for (unsigned i = 0; i < 2 * FED && alive; i++) {
            snprintf(id, sizeof id, "m%u", i);
            uint64_t sequence = feed(w, MINUTES(id, "## 1. Havnen\n\nGodkendt.\n"));
            while ((i + 1) % FED == 0 && alive && peer_final(w->feeder, sequence, 20) == NULL)
                alive = !process_wait(&w->daemon, 0, &status);
        }
        assert_true(!alive || process_wait(&w->daemon, DEADLINE_MS, &status));
        assert_int_equal(named_kept(w, "XAPIANDB"), before[stub]);
        assert_int_equal(named_kept(w, "XAPIANDB.new"), after[stub]);
        expect_kept(w, &(struct step){"rename XAPIANDB", {"shard-0000/XAPIANDB.new"}});
        world_close(w);
    }
}

/* The first closed item makes a part of its own. */
SCENARIO(a_receipt_rests_on_what_is_synced)
{
    static const struct step step = {
        NULL, {"", "closed-0000", "closed-0000/XAPIANDB", "*/gen-000001", "*/gen-000001/*", "shard-0000/XAPIANDB"}};
    struct world *w = powered_with("shards = 1\n");
    world_restart(w);
    given(w, MINUTES("closed", "## 1. Havnen\n\nGodkendt.\n\n## 2. Salg\nLukket sag\n\nGodkendt.\n"));
    world_kill(w);
    expect_kept(w, &step);
}

/* False: the worker has died instead. */
static bool answered(struct world *w, uint64_t sequence)
{
    int status;
    while (peer_final(w->feeder, sequence, 20) == NULL)
        if (process_wait(&w->daemon, 0, &status))
            return false;
    return true;
}

/* A document in the generation, six in a young segment, one of these once more, a load. */
static void live(struct world *w)
{
    uint64_t sequence = 0, sequences[LOADED];
    char id[24];
    if (!answered(w, feed(w, EDITION("old", 1, "## 1. Havnen\n\nGodkendt.\n"))))
        return;
    for (unsigned i = 0; i < 6; i++) {
        snprintf(id, sizeof id, "m%u", i);
        sequence = feed(w, EDITION(id, 1, "## 1. Havnen\n\nGodkendt.\n"));
    }
    if (!answered(w, sequence) || !answered(w, feed(w, EDITION("m1", 2, "## 1. Havnen\n\nUdsat.\n"))))
        return;
    load(w, sequences);
    peer_flush(w->feeder);
    assert_false(answered(w, sequences[0]));
}

/* The worker dies when it has published and not yet synced. The next one finds what nobody was promised, and would say
 * so (UNCHANGED): it syncs it before. */
SCENARIO(what_a_death_left_is_synced_before_it_is_told)
{
    static const struct {
        const char *call, *named;
    } deaths[] = {{"fsync @/shard-0000/gen-000001 1 1", "shard-0000/gen-000001/iamglass"},
                  {"fsync @/shard-0000 2 2", "shard-0000/XAPIANDB"}, /* behind the segment's own */
                  {"fsync @/shard-0000/young-000001 2 2", "shard-0000/young-000001/iamglass"},
                  {"fsync @ 2 2", NULL}}; /* behind the decision */
    for (size_t i = 0; i < sizeof deaths / sizeof deaths[0]; i++) {
        char rules[80], path[300], shadow[300];
        struct world *w = powered_with("shards = 1\ncommit_idle_ms = 50\nyoung_documents = 3\nbulk_idle_ms = 600000\n");
        world_restart(w);
        snprintf(rules, sizeof rules, "%s kill\n", deaths[i].call);
        world_rules(w, rules);
        live(w);
        world_rules(w, "");
        world_restart(w);
        world_kill(w);
        snprintf(shadow, sizeof shadow, "%s/power", w->folder);
        snprintf(path, sizeof path, "%s/%s", w->data, deaths[i].named ? deaths[i].named : "");
        if (deaths[i].named ? !power_named(path, shadow) : !power_kept(path, shadow))
            fail_msg("behind %s: %s is not synced", deaths[i].call, path);
        world_close(w);
    }
}

TELL(STORY(a_receipt_rests_on_what_is_synced), STORY(what_a_death_left_is_synced_before_it_is_told),
     STORY(whatever_a_stub_names_is_synced), STORY(each_step_of_a_load_rests_on_what_is_synced),
     STORY(what_was_not_synced_was_not_promised), STORY(nor_was_it_of_a_bulk_load), STORY(power_goes_again_and_again),
     STORY(power_goes_while_shards_are_made_anew), STORY(a_backup_and_a_restore_outlive_the_power))
