/* dead letters: what was rejected is on disk before its receipt is here, and can be listed, replayed and dropped. */
#define _GNU_SOURCE
#include "world.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

typedef Referent__V1__DeadLetter DeadLetter;
typedef Referent__V1__DeadListReply DeadListReply;
typedef Referent__V1__DeadGetReply DeadGetReply;

/* ---- asking ------------------------------------------------------------------------------------------------------ */

static const Envelope *ask(struct peer *peer, Envelope *question, Referent__V1__Envelope__PayloadCase expected)
{
    const Envelope *answer = peer_answer(peer, peer_send(peer, question), DEADLINE_MS);
    assert_non_null(answer);
    assert_int_equal(answer->payload_case, expected);
    return answer;
}

static const DeadListReply *list_of(struct peer *peer, uint64_t after, uint32_t limit, const char *rule)
{
    Referent__V1__DeadListRequest request = REFERENT__V1__DEAD_LIST_REQUEST__INIT;
    Envelope envelope = frame_envelope(0);
    request.after = after;
    request.limit = limit;
    request.rule = (char *)rule;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_DEAD_LIST_REQUEST;
    envelope.dead_list_request = &request;
    return ask(peer, &envelope, REFERENT__V1__ENVELOPE__PAYLOAD_DEAD_LIST_REPLY)->dead_list_reply;
}

static const DeadListReply *letters(struct world *w)
{
    return list_of(w->feeder, 0, 0, "");
}

static const DeadGetReply *letter_get(struct world *w, uint64_t number)
{
    Referent__V1__DeadGetRequest request = REFERENT__V1__DEAD_GET_REQUEST__INIT;
    Envelope envelope = frame_envelope(0);
    request.number = number;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_DEAD_GET_REQUEST;
    envelope.dead_get_request = &request;
    return ask(w->feeder, &envelope, REFERENT__V1__ENVELOPE__PAYLOAD_DEAD_GET_REPLY)->dead_get_reply;
}

static Envelope drop_question(Referent__V1__DeadDropRequest *request, uint64_t *numbers, size_t count)
{
    Envelope envelope = frame_envelope(0);
    *request = (Referent__V1__DeadDropRequest)REFERENT__V1__DEAD_DROP_REQUEST__INIT;
    request->n_numbers = count;
    request->numbers = numbers;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_DEAD_DROP_REQUEST;
    envelope.dead_drop_request = request;
    return envelope;
}

static uint64_t drop(struct world *w, uint64_t *numbers, size_t count)
{
    Referent__V1__DeadDropRequest request;
    Envelope envelope = drop_question(&request, numbers, count);
    return ask(w->feeder, &envelope, REFERENT__V1__ENVELOPE__PAYLOAD_DEAD_DROP_REPLY)->dead_drop_reply->dropped;
}

/* The last letter on the list has this id and rule. */
static const DeadLetter *expect_last(struct world *w, const char *id, const char *rule)
{
    const DeadListReply *list = letters(w);
    assert_true(list->done);
    assert_true(list->n_letters > 0);
    const DeadLetter *last = list->letters[list->n_letters - 1];
    assert_string_equal(last->id, id);
    assert_string_equal(last->rule, rule);
    assert_true(strlen(last->reason) > 10);
    assert_int_equal(peer_status(w->searcher)->dead, list->n_letters);
    return last;
}

static void expect_letters(struct world *w, size_t count)
{
    assert_int_equal(letters(w)->n_letters, count);
    assert_int_equal(letters(w)->waiting, count);
    assert_int_equal(peer_status(w->searcher)->dead, count);
}

/* ---- what is kept ------------------------------------------------------------------------------------------------ */

static const DeadLetter *expect_dead(struct world *w, struct fed fed, const char *rule)
{
    expect_rejected(w->feeder, feed(w, fed), rule);
    return expect_last(w, fed.id, rule);
}

SCENARIO(every_document_that_is_rejected_is_on_the_list)
{
    struct world *w = world_start("");
    struct fed fed = MINUTES("lundsoe/1.md", "Om grænser.");
    const DeadLetter *letter = expect_dead(w, EDITION("tom", 7, ""), "body.empty");
    assert_int_equal(letter->version, 7);
    assert_int_equal(letter->kind, REFERENT__V1__DEAD_KIND__DEAD_KIND_SUBMIT);
    assert_true(letter->time_ms > UINT64_C(1700000000000));
    expect_dead(w, MINUTES("blank", " \n\t "), "body.empty");
    expect_dead(w, MINUTES("latin1", "Sm\xf8rrebr\xf8"), "body.utf8");
    expect_dead(w, MINUTES("", "Om intet."), "id.length");
    expect_dead(w, MINUTES("linje\nskift", "Om linjer."), "id.character");
    fed.source = "klintrup";
    assert_string_equal(expect_dead(w, fed, "source.prefix")->source, "klintrup");
    fed.source = NULL;
    fed.media_type = "image/png";
    expect_dead(w, fed, "media.type");
    given(w, EDITION("sag", 3, "Om den ene sag."));
    expect_dead(w, EDITION("sag", 3, "Om den anden sag."), "version.conflict");
    expect_letters(w, 8);
    expect_found(w, "sag", 1);
}

SCENARIO(an_id_that_is_too_long_is_cut_in_the_list_alone)
{
    struct world *w = world_start("");
    char id[404] = "x";
    for (size_t i = 1; i + 2 < sizeof id; i += 2)
        memcpy(id + i, "å", 2);
    expect_rejected(w->feeder, feed(w, MINUTES(id, "Om for meget.")), "id.length");
    char shown[200];
    memcpy(shown, id, 199); /* the 200th byte is the first of a letter å */
    shown[199] = '\0';
    const DeadLetter *letter = expect_last(w, shown, "id.length");
    const DeadGetReply *copy = letter_get(w, letter->number);
    assert_non_null(memmem(copy->frame.data, copy->frame.len, id, strlen(id)));
    id[201] = '\0';
    expect_rejected(w->feeder, peer_delete(w->feeder, id, 5), "id.length");
    assert_int_equal(expect_last(w, shown, "id.length")->kind, REFERENT__V1__DEAD_KIND__DEAD_KIND_DELETE);
}

SCENARIO(documents_that_cannot_be_decoded_are_kept_as_they_came)
{
    struct world *w = world_start("");
    struct span frame = peer_frame(9001, MINUTES("nabo", "Om noget # helt andet."));
    frame.size -= 1; /* inside the last field: no document, no envelope */
    peer_send_bytes(w->feeder, frame);
    expect_receipts(w->feeder, 1);
    const DeadLetter *letter = expect_last(w, "", "frame.decode");
    assert_int_equal(letter->kind, REFERENT__V1__DEAD_KIND__DEAD_KIND_UNREADABLE);
    const DeadGetReply *copy = letter_get(w, letter->number);
    assert_true(copy->found);
    assert_int_equal(copy->frame.len, frame.size);
    assert_memory_equal(copy->frame.data, frame.at, frame.size);
    free((char *)frame.at);

    struct fed fed = EDITION("kilde", 12, "Om kilder.");
    fed.source = "m\xf8"
                 "de";
    expect_rejected(w->feeder, feed(w, fed), "string.utf8");
    letter = expect_last(w, "kilde", "string.utf8");
    assert_int_equal(letter->version, 12);
    assert_int_equal(letter->kind, REFERENT__V1__DEAD_KIND__DEAD_KIND_SUBMIT);

    size_t size = DOCUMENT_MAX_BYTES + 100 * 1024;
    char *body = malloc(size);
    assert_non_null(body);
    memset(body, 'a', size);
    expect_rejected(w->feeder, feed(w, (struct fed){.id = "for-stor", .body = {body, size}}), "frame.size");
    free(body);
    letter = expect_last(w, "for-stor", "frame.size");
    assert_true(letter->size > size);
    expect_letters(w, 3);
    given(w, MINUTES("hel", "Om den hele sandhed."));
}

SCENARIO(what_is_no_document_is_not_kept)
{
    struct world *w = world_start("");
    Envelope nothing = frame_envelope(0), future = frame_envelope(0);
    Referent__V1__Ping ping = REFERENT__V1__PING__INIT;
    future.protocol = 2;
    future.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_PING;
    future.ping = &ping;
    expect_rejected(w->feeder, peer_send(w->feeder, &nothing), "frame.empty");
    expect_rejected(w->feeder, peer_send(w->feeder, &future), "protocol.version");
    expect_letters(w, 0);
    assert_false(letter_get(w, 1)->found);
}

SCENARIO(a_letter_is_there_after_the_kill_behind_its_receipt)
{
    struct world *w = world_start("");
    for (unsigned i = 0; i < 5; i++) {
        char id[16];
        snprintf(id, sizeof id, "død/%u", i);
        expect_rejected(w->feeder, feed(w, (struct fed){.id = id, .body = SPAN(" ")}), "body.empty");
        world_kill(w);
        world_restart(w);
        expect_last(w, id, "body.empty");
        expect_letters(w, i + 1);
    }
}

SCENARIO(the_same_every_night_is_one_letter)
{
    struct world *w = world_start("dead_max_count = 2\n");
    expect_dead(w, MINUTES("a", " "), "body.empty");
    expect_dead(w, MINUTES("b", " "), "body.empty");
    for (int night = 0; night < 5; night++)
        expect_rejected(w->feeder, feed(w, MINUTES("b", " ")), "body.empty");
    expect_letters(w, 2);
    assert_int_equal(expect_last(w, "b", "body.empty")->times, 6);
    assert_int_equal(counter(w, "dead_evicted"), 0);
}

SCENARIO(the_oldest_go_and_it_is_said_once)
{
    struct world *w = world_start("dead_max_count = 3\n");
    for (unsigned i = 0; i < 8; i++) {
        char id[16];
        snprintf(id, sizeof id, "tom/%u", i);
        expect_rejected(w->feeder, feed(w, (struct fed){.id = id, .body = SPAN(" ")}), "body.empty");
    }
    expect_letters(w, 3);
    assert_string_equal(letters(w)->letters[0]->id, "tom/5");
    assert_int_equal(counter(w, "dead_evicted"), 5);
    char *log = world_log(w), *first = strstr(log, "event=dead.bound");
    assert_non_null(first);
    assert_null(strstr(first + 1, "event=dead.bound"));
    free(log);
}

SCENARIO(a_flood_of_noise_pushes_no_document_out)
{
    enum { FLOOD = 3000 };
    struct world *w = world_start("dead_max_count = 5\n");
    struct peer *rude = world_stranger(w, w->feed);
    expect_dead(w, MINUTES("tom", " "), "body.empty");
    for (unsigned i = 0; i < FLOOD; i++) {
        char noise[32];
        snprintf(noise, sizeof noise, "\xff\xfe støj %u", i);
        peer_send_bytes(rude, span_of(noise));
    }
    expect_receipts(rude, FLOOD);
    for (size_t i = 0; i < FLOOD; i++) { /* refused, or put off where too much of it is on its way */
        const Receipt *receipt = peer_receipt(rude, i)->receipt;
        assert_true(strcmp(receipt->rule, "frame.decode") == 0 || strcmp(receipt->rule, "credit.beyond") == 0);
    }
    assert_string_equal(letters(w)->letters[0]->id, "tom");
    expect_letters(w, 5);
    given(w, MINUTES("hel", "Om den hele sandhed."));
    peer_free(&rude);
}

/* ---- what clears them -------------------------------------------------------------------------------------------- */

SCENARIO(a_version_that_is_committed_clears_what_is_not_newer)
{
    struct world *w = world_start("");
    expect_dead(w, EDITION("sag", 3, " "), "body.empty");
    expect_dead(w, EDITION("sag", 5, " "), "body.empty");
    expect_dead(w, EDITION("sag", 9, " "), "body.empty");
    expect_dead(w, EDITION("nabo", 1, " "), "body.empty");
    given(w, EDITION("sag", 5, "Om sagen."));
    expect_letters(w, 2);
    assert_int_equal(letters(w)->letters[0]->version, 9);
    expect_committed(w->feeder, peer_delete(w->feeder, "sag", 10));
    expect_letters(w, 1);
    world_kill(w); /* the roll of ids is made again from the store */
    world_restart(w);
    given(w, EDITION("nabo", 2, "Om naboen."));
    expect_letters(w, 0);
}

SCENARIO(the_other_content_of_a_version_stays_while_the_first_comes_again)
{
    struct world *w = world_start("");
    given(w, EDITION("sag", 3, "Om den ene sag."));
    expect_dead(w, EDITION("sag", 3, "Om den anden sag."), "version.conflict");
    expect_status(w->feeder, feed(w, EDITION("sag", 3, "Om den ene sag.")), REFERENT__V1__STATUS__STATUS_UNCHANGED);
    expect_letters(w, 1);
    given(w, EDITION("sag", 4, "Om den anden sag."));
    expect_letters(w, 0);
}

SCENARIO(numbers_are_dropped)
{
    struct world *w = world_start("");
    uint64_t numbers[1001] = {0};
    for (unsigned i = 0; i < 4; i++) {
        char id[16];
        snprintf(id, sizeof id, "tom/%u", i);
        expect_rejected(w->feeder, feed(w, (struct fed){.id = id, .body = SPAN(" ")}), "body.empty");
    }
    const DeadListReply *page = list_of(w->feeder, 0, 3, "body.empty");
    assert_int_equal(page->n_letters, 3);
    assert_false(page->done);
    numbers[0] = page->letters[0]->number;
    numbers[1] = page->letters[2]->number;
    numbers[2] = 4711;
    assert_int_equal(drop(w, numbers, 3), 2);
    expect_letters(w, 2);
    Referent__V1__DeadDropRequest many;
    Envelope envelope = drop_question(&many, numbers, 1001);
    const Envelope *refused = ask(w->feeder, &envelope, REFERENT__V1__ENVELOPE__PAYLOAD_FAILURE);
    assert_string_equal(refused->failure->rule, "dead.numbers");
    assert_false(refused->failure->retry);
    world_kill(w);
    world_restart(w);
    expect_letters(w, 2);
}

/* ---- the command ------------------------------------------------------------------------------------------------- */

/* `referent dead ...` exits so and says this; the rest of what it says, to free. */
static char *dead_says(struct world *w, int status, const char *says, const char *const words[])
{
    char *out;
    int ended = world_referent(w, words, &out);
    if (ended != status || strstr(out, says) == NULL)
        fail_msg("exit status %d, expected %d and '%s':\n%s", ended, status, says, out);
    return out;
}

static void expect_says(struct world *w, int status, const char *says, const char *const words[])
{
    free(dead_says(w, status, says, words));
}

#define WORDS(...) ((const char *[]){"dead", __VA_ARGS__, NULL})

static void settings_change(struct world *w, const char *settings)
{
    char path[300];
    snprintf(path, sizeof path, "%s/referent.conf", w->folder);
    world_terminate(w);
    world_drained(w);
    file_write(path, settings, strlen(settings));
    world_restart(w);
}

SCENARIO(a_replay_after_a_fix_gives_ordinary_receipts)
{
    struct world *w = world_start("arena_max_bytes = 1048576\n");
    static char long_text[900000];
    for (size_t i = 0; i + 12 < sizeof long_text; i += 12)
        snprintf(long_text + i, sizeof long_text - i, "ord%08zu ", i);
    struct fed large = {.id = "lang", .version = 4, .body = span_of(long_text)};
    expect_rejected(w->feeder, feed(w, large), "arena.bound");
    expect_rejected(w->feeder, feed(w, MINUTES("tom", " ")), "body.empty");
    expect_says(w, 1, "found=2 committed=0 unchanged=0 superseded=0 rejected=2 failed=0", WORDS("replay", "--all"));
    expect_letters(w, 2);
    assert_int_equal(expect_last(w, "tom", "body.empty")->times, 2);
    settings_change(w, "");
    expect_says(w, 0, "found=1 committed=1 unchanged=0 superseded=0 rejected=0 failed=0",
                WORDS("replay", "--all", "--rule", "arena.bound"));
    expect_found(w, "ord00000000", 1);
    assert_int_equal(peer_get(w->searcher, "lang")->document->version, 4);
    expect_letters(w, 1);
    expect_says(w, 1, "failed 1 : there is no dead letter with this number", WORDS("replay", "1"));
    expect_says(w, 0, "found=1 dropped=1", WORDS("drop", "2"));
    expect_says(w, 1, "found=1 dropped=0", WORDS("drop", "2"));
    assert_int_equal(peer_status(w->searcher)->peers, 1); /* who asks for letters is no feeder */
    expect_letters(w, 0);
    expect_says(w, 0, "found=0 committed=0 unchanged=0 superseded=0 rejected=0 failed=0", WORDS("replay", "--all"));
}

SCENARIO(a_letter_whose_document_came_in_another_way_is_dropped_by_its_replay)
{
    struct world *w = world_start("");
    expect_dead(w, EDITION("sag", 3, " "), "body.empty");
    given(w, EDITION("anden", 3, "Om den ene sag."));
    expect_dead(w, EDITION("anden", 3, "Om den anden sag."), "version.conflict");
    world_kill(w);
    char path[300];
    snprintf(path, sizeof path, "%s/dead.sqlite", w->data);
    sqlite3 *file; /* as after a restore of the store alone: what is kept is older than the index */
    assert_int_equal(sqlite3_open(path, &file), SQLITE_OK);
    assert_int_equal(sqlite3_exec(file, "CREATE TEMP TABLE kept AS SELECT * FROM letter", NULL, NULL, NULL), SQLITE_OK);
    world_restart(w);
    given(w, EDITION("anden", 4, "Om den anden sag."));
    expect_letters(w, 1);
    assert_int_equal(sqlite3_exec(file, "INSERT INTO letter SELECT * FROM kept WHERE number = 2", NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(file);
    expect_says(w, 0, "superseded 2 anden", WORDS("replay", "2"));
    assert_int_equal(letters(w)->n_letters, 1);
}

SCENARIO(a_list_and_a_letter_are_printed)
{
    struct world *w = world_start("");
    struct fed fed = EDITION("sag.png", 3, "Borger 010190-1234 bor på Hækvej.");
    fed.media_type = "image/png";
    expect_says(w, 0, "dead=0\n", WORDS("list"));
    expect_dead(w, fed, "media.type");
    expect_rejected(w->feeder, peer_delete(w->feeder, "flyt\x1b[2J", 9), "id.character");
    peer_send_bytes(w->feeder, SPAN("\xff\xfe\xfd\xfc not a frame at all"));
    expect_receipts(w->feeder, 3);
    char *list = dead_says(w, 0, "dead=3\n", WORDS("list"));
    assert_non_null(strstr(list, "media.type  sag.png"));
    assert_non_null(strstr(list, "delete: "));
    assert_non_null(strstr(list, "frame.decode  (no id)"));
    assert_null(strchr(list, '\x1b'));
    free(list);
    list = dead_says(w, 0, "{\"waiting\":3,\"letters\":[{\"number\":1,", WORDS("list", "--json"));
    assert_non_null(strstr(list, "\"id\":\"sag.png\",\"source\":\"\",\"version\":3,\"rule\":\"media.type\""));
    assert_null(strstr(list, "010190")); /* a document is shown to whoever asks for it, and nowhere else */
    free(list);
    char *log = world_log(w);
    assert_null(strstr(log, "010190"));
    free(log);
    expect_says(w, 0, "submit, version 3, ", WORDS("show", "1"));
    list = dead_says(w, 0, "", WORDS("show", "1", "--body"));
    assert_string_equal(list, "Borger 010190-1234 bor på Hækvej.");
    free(list);
    expect_says(w, 0, "\"kind\":\"delete\"", WORDS("show", "--json", "2"));
    expect_says(w, 0, "not a frame at all", WORDS("show", "3"));
    expect_says(w, 1, "rejected 3 : its frame cannot be read", WORDS("replay", "3"));
    expect_says(w, 1, "", WORDS("show", "4"));
    char *status;
    assert_int_equal(world_referent(w, (const char *[]){"status", NULL}, &status), 0);
    assert_non_null(strstr(status, "dead letters: 3 (see referent dead list)"));
    free(status);
    assert_int_equal(world_referent(w, (const char *[]){"status", "--json", NULL}, &status), 0);
    assert_non_null(strstr(status, "\"dead\":3"));
    free(status);
    expect_says(w, 0, "found=3 dropped=3", WORDS("drop", "--all"));
    expect_says(w, 0, "dead=0\n", WORDS("list"));
}

SCENARIO(more_letters_than_a_page_are_replayed_and_dropped)
{
    enum { MANY = 1203 };
    struct world *w = world_start("");
    for (unsigned i = 0; i < MANY; i++) {
        char id[32];
        snprintf(id, sizeof id, "tom/%u", i);
        feed(w, (struct fed){.id = id, .body = SPAN(" ")});
    }
    expect_receipts(w->feeder, MANY);
    expect_says(w, 0, "dead=1203\n", WORDS("list"));
    expect_says(w, 1, "found=1203 committed=0 unchanged=0 superseded=0 rejected=1203 failed=0",
                WORDS("replay", "--all"));
    expect_says(w, 0, "found=1203 dropped=1203", WORDS("drop", "--all"));
    expect_letters(w, 0);
}

/* ---- when they cannot be kept ------------------------------------------------------------------------------------ */

/* Another process writes to the store, and does not end. */
static sqlite3 *store_hold(struct world *w)
{
    sqlite3 *other;
    char path[300];
    snprintf(path, sizeof path, "%s/dead.sqlite", w->data);
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    return other;
}

SCENARIO(no_rejection_leaves_without_its_copy)
{
    struct world *w = world_start("");
    expect_dead(w, MINUTES("før", " "), "body.empty");
    sqlite3 *other = store_hold(w);
    expect_retry(w->feeder, feed(w, MINUTES("tom", " ")), "dead.store");
    given(w, MINUTES("hel", "Om den hele sandhed."));
    expect_found(w, "sandhed", 1);
    expect_letters(w, 1); /* they can be read meanwhile */
    world_expect_log(w, "event=dead.failing.begin");
    given(w, MINUTES("før", "Om det, der alligevel kom.")); /* committed, although its letter cannot be cleared */
    sqlite3_close(other);
    expect_rejected(w->feeder, feed(w, MINUTES("tom", " ")), "body.empty");
    expect_last(w, "tom", "body.empty");
    world_expect_log(w, "event=dead.failing.end");
}

SCENARIO(a_full_disk_puts_rejections_off_and_nothing_else)
{
    struct world *w = world_start("shards = 1\n");
    static char noise[3000000];
    uint64_t seed = 7;
    for (size_t i = 0; i < sizeof noise; i++) {
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        noise[i] = (char)(seed >> 33);
    }
    struct fed fed = {.id = "støj", .body = {noise, sizeof noise}};
    struct rlimit limit = {2000000, RLIM_INFINITY};
    assert_int_equal(prlimit(w->daemon.pid, RLIMIT_FSIZE, &limit, NULL), 0);
    expect_retry(w->feeder, feed(w, fed), "dead.store");
    given(w, MINUTES("hel", "Om den hele sandhed."));
    expect_found(w, "sandhed", 1);
    expect_letters(w, 0);
    limit.rlim_cur = RLIM_INFINITY;
    assert_int_equal(prlimit(w->daemon.pid, RLIMIT_FSIZE, &limit, NULL), 0);
    expect_rejected(w->feeder, feed(w, fed), "body.utf8");
    expect_last(w, "støj", "body.utf8");
}

SCENARIO(a_store_that_is_held_at_the_start_is_waited_for)
{
    struct world *w = world_start("");
    expect_dead(w, EDITION("sag", 1, " "), "body.empty");
    world_terminate(w);
    world_drained(w);
    sqlite3 *other;
    char path[300];
    snprintf(path, sizeof path, "%s/dead.sqlite", w->data);
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(other, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; DELETE FROM letter", NULL, NULL, NULL),
        SQLITE_OK);
    world_restart(w);
    world_expect_log(w, "event=dead.failing.begin");
    expect_retry(w->feeder, feed(w, MINUTES("tom", " ")), "dead.store");
    given(w, MINUTES("hel", "Om den hele sandhed."));
    sqlite3_close(other); /* rolled back */
    expect_rejected(w->feeder, feed(w, MINUTES("tom", " ")), "body.empty");
    expect_letters(w, 2);
    given(w, EDITION("sag", 2, "Om sagen.")); /* which ids have letters was not known at the start */
    expect_letters(w, 1);
}

SCENARIO(a_drain_keeps_what_it_rejects)
{
    enum { MANY = 300 };
    struct world *w = world_start("");
    for (unsigned i = 0; i < MANY; i++) {
        char id[32];
        snprintf(id, sizeof id, "tom/%u", i);
        feed(w, (struct fed){.id = id, .body = SPAN(" ")});
    }
    expect_rejected(w->feeder, feed(w, MINUTES("sidste", " ")), "body.empty");
    for (unsigned i = 0; i < MANY; i++)
        peer_delete(w->feeder, "", i);
    world_terminate(w);
    world_drained(w);
    world_restart(w); /* and all receipts of the first daemon are here */
    size_t rejected = 0;
    for (size_t i = 0; i < peer_receipts(w->feeder); i++)
        rejected += peer_receipt(w->feeder, i)->receipt->status == REFERENT__V1__STATUS__STATUS_REJECTED;
    assert_true(rejected > MANY);
    expect_letters(w, rejected);
}

SCENARIO(a_file_that_is_no_store_is_named_at_the_start)
{
    struct world *w = world_empty("");
    char path[300];
    assert_int_equal(mkdir(w->data, 0700), 0);
    snprintf(path, sizeof path, "%s/dead.sqlite", w->data);
    char letter[2000];
    memset(letter, 'x', sizeof letter);
    file_write(path, letter, sizeof letter);
    assert_int_not_equal(
        world_referentd(w, (const char *[]){"--feed", "tcp://127.0.0.1:*", "--search", "tcp://127.0.0.1:*", NULL}), 0);
    char *log = world_log(w);
    assert_non_null(strstr(log, "rule=dead.store"));
    assert_non_null(strstr(log, "move it away"));
    free(log);
}

TELL(STORY(every_document_that_is_rejected_is_on_the_list), STORY(an_id_that_is_too_long_is_cut_in_the_list_alone),
     STORY(documents_that_cannot_be_decoded_are_kept_as_they_came), STORY(what_is_no_document_is_not_kept),
     STORY(a_letter_is_there_after_the_kill_behind_its_receipt), STORY(the_same_every_night_is_one_letter),
     STORY(the_oldest_go_and_it_is_said_once), STORY(a_flood_of_noise_pushes_no_document_out),
     STORY(a_version_that_is_committed_clears_what_is_not_newer),
     STORY(the_other_content_of_a_version_stays_while_the_first_comes_again), STORY(numbers_are_dropped),
     STORY(a_replay_after_a_fix_gives_ordinary_receipts),
     STORY(a_letter_whose_document_came_in_another_way_is_dropped_by_its_replay),
     STORY(a_list_and_a_letter_are_printed), STORY(more_letters_than_a_page_are_replayed_and_dropped),
     STORY(no_rejection_leaves_without_its_copy), STORY(a_full_disk_puts_rejections_off_and_nothing_else),
     STORY(a_store_that_is_held_at_the_start_is_waited_for), STORY(a_drain_keeps_what_it_rejects),
     STORY(a_file_that_is_no_store_is_named_at_the_start))
