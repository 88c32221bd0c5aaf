/* quarantine: a document that takes the worker down can neither stop the others nor take them with it. The daemon is
 * one that dies of certain words (support/poison.c), and is started again whenever it dies. */
#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Little time for a document, so that nobody waits long; memory far above what sanitizers need. */
#define TIGHT "document_max_ms = 1000\nmemory_max_bytes = 1000000000\narena_max_bytes = 67108864\nshards = 2\n"

enum { FILES = 50 };

static void minutes_write(const char *folder, const char *name, const char *word)
{
    char path[320], body[400];
    snprintf(path, sizeof path, "%s/%s.md", folder, name);
    int size = snprintf(body, sizeof body, "# Teknikudvalget\n\n## 1. Orientering om %s\n\nÅben sag\n\nTaget til %s.\n",
                        name, word);
    file_write(path, body, (size_t)size);
}

static void folder_make(struct world *w, char folder[static 260])
{
    snprintf(folder, 260, "%s/minutes", w->folder);
    assert_int_equal(mkdir(folder, 0700), 0);
}

static size_t times_in(const char *text, const char *words)
{
    size_t times = 0;
    for (const char *at = text; (at = strstr(at, words)) != NULL; at += strlen(words))
        times++;
    return times;
}

static size_t logged(struct world *w, const char *words)
{
    char *log = world_log(w);
    size_t times = times_in(log, words);
    free(log);
    return times;
}

/* `referent feed`, or another command, to its end, while the daemon is started again whenever it dies. */
static unsigned run(struct world *w, const char *const arguments[], int expected, char **out)
{
    struct process process;
    int status;
    world_referent_start(w, &process, arguments);
    unsigned deaths = world_supervise(w, &process, 3 * (int64_t)DEADLINE_MS, &status);
    *out = file_read(process.output);
    if (status >> 8 != expected)
        fail_msg("wait status 0x%x: %s", (unsigned)status, *out);
    return deaths;
}

static unsigned number_behind(const char *out, const char *key)
{
    const char *at = strstr(out, key);
    return at ? (unsigned)strtoul(at + strlen(key), NULL, 10) : UINT32_MAX;
}

/* The table of the feeder adds up. What was committed when the worker died is unchanged when it is sent again. */
static void expect_table(char *out, unsigned taken, unsigned rejected)
{
    if (number_behind(out, "found=") != taken + rejected ||
        number_behind(out, "committed=") + number_behind(out, "unchanged=") != taken ||
        number_behind(out, "rejected=") != rejected || number_behind(out, "failed=") != 0)
        fail_msg("%u and %u are expected, not: %s", taken, rejected, out);
    free(out);
}

static void expect_words(char *out, const char *words)
{
    if (strstr(out, words) == NULL)
        fail_msg("\"%s\" is not in: %s", words, out);
    free(out);
}

static uint64_t letter_count(struct world *w, const char *rule)
{
    Referent__V1__DeadListRequest request = REFERENT__V1__DEAD_LIST_REQUEST__INIT;
    Envelope envelope = frame_envelope(0);
    request.rule = (char *)rule;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_DEAD_LIST_REQUEST;
    envelope.dead_list_request = &request;
    const Envelope *answer = peer_ask(w->feeder, &envelope);
    assert_int_equal(answer->payload_case, REFERENT__V1__ENVELOPE__PAYLOAD_DEAD_LIST_REPLY);
    return answer->dead_list_reply->n_letters;
}

/* Fed by itself until it is set aside. */
static unsigned aside_by(struct world *w, const char *name, const char *word, const char *rule)
{
    char folder[260], path[340], *out;
    snprintf(folder, sizeof folder, "%s/%s", w->folder, name);
    uint64_t letters = letter_count(w, rule);
    assert_int_equal(mkdir(folder, 0700), 0);
    minutes_write(folder, "a", "efterretning");
    minutes_write(folder, name, word);
    minutes_write(folder, "z", "efterretning");
    unsigned deaths = run(w, (const char *[]){"feed", "--patience", "80", folder, NULL}, 1, &out);
    expect_table(out, 2, 1);
    assert_int_equal(letter_count(w, rule), letters + 1);
    snprintf(path, sizeof path, "%s/%s.md", folder, name);
    assert_int_equal(remove(path), 0);
    assert_int_equal(run(w, (const char *[]){"delete", "a.md", "z.md", NULL}, 0, &out), 0);
    free(out);
    return deaths;
}

/* The story of the issue: fifty documents, of which one crashes the worker, one hangs, one eats its memory. */
SCENARIO(three_poisons_among_fifty_are_set_aside_and_harm_nobody)
{
    struct world *w = world_poisoned(TIGHT);
    char folder[260], name[16], *out;
    folder_make(w, folder);
    for (unsigned i = 0; i < FILES; i++) {
        snprintf(name, sizeof name, "d%02u", i);
        minutes_write(folder, name,
                      i == 11   ? "giftnedbrud"
                      : i == 22 ? "giftevig"
                      : i == 33 ? "giftsulten"
                                : "efterretning");
    }
    run(w, (const char *[]){"feed", "--patience", "80", folder, NULL}, 1, &out);
    expect_table(out, FILES - 3, 3);
    assert_int_equal(letter_count(w, "quarantine.crash"), 1);
    assert_int_equal(letter_count(w, "quarantine.time"), 1);
    assert_int_equal(letter_count(w, "quarantine.memory"), 1);
    assert_int_equal(letter_count(w, ""), 3);
    assert_int_equal(logged(w, "alone=1"), 6); /* two lone deaths each, no more and no fewer */
    const StatusReply *status = peer_status(w->searcher);
    assert_int_equal(status->aside, 3);
    assert_int_equal(status->suspects, 0);
    assert_int_equal(inventory_count(w), FILES - 3);
    expect_found(w, "efterretning", FILES - 3);
    /* The same folder again: nothing dies any more, not even of a restart. */
    world_terminate(w);
    world_drained(w);
    world_restart(w);
    assert_int_equal(run(w, (const char *[]){"feed", "--patience", "80", folder, NULL}, 1, &out), 0);
    expect_words(out, "found=50 committed=0 unchanged=47 superseded=0 rejected=3 failed=0");
    assert_int_equal(letter_count(w, ""), 3);
}

/* Beside those of the first story: before anybody knows the id, on a writer's thread, with no stack left. */
SCENARIO(each_way_to_die_is_seen)
{
    struct world *w = world_poisoned(TIGHT);
    assert_int_equal(aside_by(w, "kuvert", "giftkuvert", "quarantine.crash"), 3);
    assert_int_equal(aside_by(w, "skriv", "giftskriv", "quarantine.crash"), 3);
    assert_int_equal(aside_by(w, "dyb", "giftdyb", "quarantine.crash"), 3);
}

SCENARIO(who_is_late_and_can_be_stopped_takes_nobody_down)
{
    struct world *w = world_poisoned(TIGHT);
    uint64_t neighbour = feed(w, MINUTES("nabo", "Om naboens hæk."));
    expect_rejected(w->feeder, feed(w, MINUTES("sen", "Om giftsen.")), "document.time");
    expect_committed(w->feeder, neighbour);
    given(w, MINUTES("bagefter", "Om livet bagefter."));
}

/* One reader, which has to wait over the first while the others come: so it has all of them in hand at once. */
#define ONE_READER TIGHT "text_threads = 1\n"
enum { CROWD = 24, ODD = 9 };

static void crowd_feed(struct world *w, const char *odd, uint64_t sequences[static CROWD])
{
    (void)feed(w, MINUTES("vent", "Om giftvent."));
    for (size_t i = 0; i < CROWD; i++) {
        char id[16];
        snprintf(id, sizeof id, "d%02zu", i);
        sequences[i] = feed(w, (struct fed){.id = id, .body = span_of(i == ODD ? odd : "Om livet i mængden.")});
    }
}

SCENARIO(who_is_late_among_many_is_told_apart)
{
    struct world *w = world_poisoned(ONE_READER);
    uint64_t sequences[CROWD];
    crowd_feed(w, "Om giftsen.", sequences);
    for (size_t i = 0; i < CROWD; i++)
        if (i == ODD)
            expect_rejected(w->feeder, sequences[i], "document.time");
        else
            expect_committed(w->feeder, sequences[i]);
    expect_found(w, "mængden", CROWD - 1);
}

/* Feed it, let the daemon die of it, start it again; nobody sends it again by himself. */
static void die_of(struct world *w, struct fed fed)
{
    int status;
    feed(w, fed);
    if (!process_wait(&w->daemon, DEADLINE_MS, &status))
        fail_msg("%s does not take the worker down", fed.id);
    world_restart(w);
}

SCENARIO(who_crashes_among_many_is_the_only_suspect)
{
    struct world *w = world_poisoned(ONE_READER);
    uint64_t sequences[CROWD];
    int status;
    crowd_feed(w, "Om giftnedbrud.", sequences);
    if (!process_wait(&w->daemon, DEADLINE_MS, &status))
        fail_msg("the worker does not die");
    world_restart(w);
    assert_int_equal(peer_status(w->searcher)->suspects, 1);
    assert_int_equal(logged(w, "alone=1"), 0);
    die_of(w, MINUTES("d09", "Om giftnedbrud."));
    assert_int_equal(logged(w, "alone=1"), 1);
}

SCENARIO(a_replay_is_one_more_chance_and_not_one_for_ever)
{
    struct world *w = world_poisoned(TIGHT);
    struct fed poison = EDITION("gift.md", 1, "Om giftnedbrud.");
    char *out;
    for (int i = 0; i < 3; i++)
        die_of(w, poison);
    expect_rejected(w->feeder, feed(w, poison), "quarantine.crash");
    expect_rejected(w->feeder, feed(w, poison), "quarantine.crash");
    assert_int_equal(letter_count(w, ""), 1);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(run(w, (const char *[]){"dead", "replay", "--all", NULL}, 1, &out), 1);
        expect_words(out, "rejected=1");
        expect_rejected(w->feeder, feed(w, poison), "quarantine.crash");
        assert_int_equal(letter_count(w, ""), 1);
    }
    /* Put right, it is another content of the same document; its letter goes. */
    poison.version = 2;
    poison.body = SPAN("Om modgift.");
    given(w, poison);
    assert_int_equal(letter_count(w, ""), 0);
}

/* What is replayed after the worker was mended passes. */
SCENARIO(a_mended_worker_takes_what_was_set_aside)
{
    struct world *w = world_poisoned(TIGHT);
    char *out;
    for (int i = 0; i < 3; i++)
        die_of(w, MINUTES("gift.md", "Om giftnedbrud."));
    expect_rejected(w->feeder, feed(w, MINUTES("gift.md", "Om giftnedbrud.")), "quarantine.crash");
    world_terminate(w);
    world_drained(w);
    w->program = world_plain_program();
    world_restart(w);
    assert_int_equal(run(w, (const char *[]){"dead", "replay", "--all", NULL}, 0, &out), 0);
    expect_words(out, "committed=1");
    expect_found(w, "giftnedbrud", 1);
    assert_int_equal(peer_status(w->searcher)->aside, 0);
    assert_int_equal(letter_count(w, ""), 0);
}

/* So many times the document that waits was begun. */
static void expect_reading(struct world *w, size_t times)
{
    for (int64_t since = now_ms(); logged(w, "event=poison.waits") < times;)
        if (now_ms() - since > DEADLINE_MS)
            fail_msg("it is not read");
}

/* kill -9 is not the document's doing, however often it meets the same one. */
SCENARIO(who_is_killed_from_outside_is_suspected_and_cleared)
{
    struct world *w = world_poisoned(TIGHT);
    for (size_t i = 0; i < 4; i++) {
        feed(w, MINUTES("langsom", "Om giftvent."));
        expect_reading(w, i + 1);
        world_kill(w);
        world_restart(w);
        assert_int_equal(peer_status(w->searcher)->suspects, 1);
    }
    uint64_t waited = feed(w, MINUTES("langsom", "Om giftvent."));
    uint64_t other = feed(w, MINUTES("hurtig", "Om hurtige svar."));
    expect_committed(w->feeder, waited);
    expect_committed(w->feeder, other);
    const StatusReply *status = peer_status(w->searcher);
    assert_int_equal(status->suspects + status->aside, 0);
    assert_int_equal(logged(w, "quarantine.alone"), 4);
    expect_status(w->feeder, feed(w, MINUTES("langsom", "Om giftvent.")), REFERENT__V1__STATUS__STATUS_UNCHANGED);
    assert_int_equal(logged(w, "quarantine.alone"), 4);
}

/* Editions of one id keep their order through the lone run of one of them. */
SCENARIO(the_order_of_an_id_holds_around_a_lone_run)
{
    struct world *w = world_poisoned(TIGHT);
    feed(w, MINUTES("sag", "Om giftvent, første udgave."));
    expect_reading(w, 1);
    world_kill(w);
    world_restart(w);
    enum { OTHERS = 40 };
    uint64_t last = 0;
    for (unsigned i = 0; i < OTHERS; i++) {
        char id[16];
        snprintf(id, sizeof id, "anden-%u", i);
        feed(w, (struct fed){.id = id, .body = SPAN("Om noget andet.")});
        if (i == 10)
            feed(w, MINUTES("sag", "Om giftvent, første udgave."));
        if (i == 20)
            last = feed(w, MINUTES("sag", "Om den anden udgave."));
    }
    expect_committed(w->feeder, last);
    expect_receipts(w->feeder, OTHERS + 2);
    expect_found(w, "giftvent", 0);
    expect_found(w, "udgave", 1);
    expect_found(w, "noget", OTHERS);
}

TELL(STORY(three_poisons_among_fifty_are_set_aside_and_harm_nobody), STORY(each_way_to_die_is_seen),
     STORY(who_is_late_and_can_be_stopped_takes_nobody_down), STORY(who_is_late_among_many_is_told_apart),
     STORY(who_crashes_among_many_is_the_only_suspect), STORY(a_replay_is_one_more_chance_and_not_one_for_ever),
     STORY(a_mended_worker_takes_what_was_set_aside), STORY(who_is_killed_from_outside_is_suspected_and_cleared),
     STORY(the_order_of_an_id_holds_around_a_lone_run))
