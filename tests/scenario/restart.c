/* restart: kill -9 loses nothing that was acknowledged, and the feeder carries on by itself. */
#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Documents that `referent feed` sends while the daemon is killed. */
enum { FILES = 2000 };

static void minutes_write(const char *folder, unsigned number)
{
    char path[320], body[1600];
    snprintf(path, sizeof path, "%s/%04u.md", folder, number);
    int size = snprintf(body, sizeof body,
                        "# Teknikudvalget\n\nDato: Onsdag den %u. marts 2021\n\nMedlemmer: Rosa Lyngmose (B)\n\n"
                        "## 1. Renovering af vej nummer %u\n\n21/%u\n\nÅben sag\n\n### Indstilling\n\n"
                        "Der bevilges %u.000 kr. til ny belægning og afvanding.\n\n### Beslutning\n\nGodkendt.\n\n"
                        "## 2. Orientering om løbenummer%04u\n\nÅben sag\n\n### Beslutning\n\nTaget til orientering.\n",
                        1 + number % 28, number, 1000 + number, 100 + number % 900, number);
    file_write(path, body, (size_t)size);
}

static uint64_t committed(struct world *w)
{
    return counter(w, "committed");
}

SCENARIO(a_kill_in_the_middle_of_feeding_loses_and_doubles_nothing)
{
    struct world *w = world_start("commit_max_docs = 50\ncommit_min_gap_ms = 10\nbulk_from_documents = 0\n");
    char folder[260], *out;
    struct process feeder;
    int status;
    snprintf(folder, sizeof folder, "%s/minutes", w->folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    for (unsigned i = 0; i < FILES; i++)
        minutes_write(folder, i);
    world_referent_start(w, &feeder, (const char *[]){"feed", "--patience", "80", folder, NULL});
    unsigned kills = getenv("REFERENT_LONG") ? 8 : 2;
    for (unsigned i = 0; i < kills; i++) {
        expect_at_least(w, committed, FILES / (kills + 2));
        world_kill(w);
        world_restart(w);
    }
    if (!process_wait(&feeder, 5 * (int64_t)DEADLINE_MS, &status)) {
        process_kill(&feeder);
        fail_msg("the feeder does not end");
    }
    out = file_read(feeder.output);
    if (status != 0 || strstr(out, "found=2000 ") == NULL || strstr(out, "rejected=0 failed=0") == NULL)
        fail_msg("the feeder ends with wait status 0x%x: %s", (unsigned)status, out);
    free(out);
    assert_int_equal(inventory_count(w), FILES);
    assert_int_equal(meetings(w), FILES);
    expect_found(w, "løbenummer0000", 1);
    expect_found(w, "løbenummer1999", 1);
    const SearchReply *reply = peer_search(w->searcher, (struct asked){.query = "afvanding", .limit = 1});
    assert_true(!reply->total_exact || reply->total == FILES);
    status = world_referent(w, (const char *[]){"feed", folder, NULL}, &out);
    assert_int_equal(status, 0);
    if (strstr(out, "found=2000 committed=0 unchanged=2000 ") == NULL)
        fail_msg("a second feed sends again: %s", out);
    free(out);
    world_terminate(w);
    world_drained(w);
    world_check_shards(w);
}

SCENARIO(what_was_acknowledged_is_there_after_a_kill)
{
    struct world *w = world_start("commit_max_docs = 16\ncommit_min_gap_ms = 0\n");
    enum { FED = 300 };
    for (unsigned i = 0; i < FED; i++) {
        char id[16], body[64];
        snprintf(id, sizeof id, "d%u", i);
        snprintf(body, sizeof body, "Om kvittering kv%u.", i);
        feed(w, (struct fed){.id = id, .body = span_of(body)});
    }
    expect_at_least(w, committed, FED / 3);
    world_kill(w);
    peer_answer(w->feeder, UINT64_MAX, 200); /* takes in receipts that are on their way */
    size_t receipts = peer_receipts(w->feeder);
    world_restart(w);
    for (size_t i = 0; i < receipts; i++) {
        const Receipt *receipt = peer_receipt(w->feeder, i)->receipt;
        if (receipt->status == REFERENT__V1__STATUS__STATUS_COMMITTED && !peer_get(w->searcher, receipt->id)->found)
            fail_msg("%s was acknowledged and is lost", receipt->id);
    }
}

SCENARIO(a_restart_changes_the_instance_and_keeps_the_lineage)
{
    struct world *w = world_start("");
    given(w, MINUTES("a", "Om arvefølge."));
    uint64_t instance = w->welcome->instance;
    const Welcome *before = peer_hello(w->feeder);
    world_kill(w);
    world_restart(w);
    assert_true(w->welcome->instance != instance);
    for (size_t i = 0; i < before->map->n_shards; i++) {
        assert_memory_equal(w->welcome->map->shards[i]->lineage.data, before->map->shards[i]->lineage.data, 16);
        assert_int_equal(w->welcome->map->shards[i]->sequence, before->map->shards[i]->sequence);
    }
    expect_found(w, "arvefølge", 1);
}

TELL(STORY(a_kill_in_the_middle_of_feeding_loses_and_doubles_nothing),
     STORY(what_was_acknowledged_is_there_after_a_kill), STORY(a_restart_changes_the_instance_and_keeps_the_lineage))
