/* feeding: one round after another. The order of steps is that of ledger.h: intend, sync, send, settle. */
#include "feeding.h"

#include "clock.h"
#include "snippet.h"
#include "submission.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum {
    POLL_MS = 200,
    POLL_READING_MS = 5,
    NOTICE_AFTER_MS = 3000,
    NOTICE_EVERY_MS = 30000,
    GRACE_MS = 3000,
    PUT_OFF_MS = 13000 /* a worker puts off for 8 s at most, and a feeder half as long again */
};

/* What a round sends: files that were read and judged, then deletions. */
struct sending {
    struct feeding *feeding;
    struct read_task *tasks; /* index: the thing's */
    size_t task_count;
    struct loader *loader;
    struct read_file *ready[READ_AHEAD_FILES]; /* judged and intended, to be submitted */
    size_t ready_next, ready_count;
    size_t deletion; /* the first thing that may be a deletion not submitted yet */
};

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

bool feeding_interrupted(void)
{
    return interrupted != 0;
}

/* The second signal ends the program at once. */
static void interrupt_watch(void)
{
    struct sigaction action = {.sa_handler = interrupt, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

enum fault feeding_begin(struct feeding *feeding, struct error *err)
{
    struct referent_feeder_options options = {.client = feeding->client, .bulk = feeding->bulk};
    struct referent_error error;
    interrupt_watch();
    if (referent_feeder_open(feeding->endpoint, &options, &feeding->feeder, &error) == REFERENT_OK)
        return FAULT_NONE;
    return error_set(err, FAULT_REJECT, error.rule, "%s (%s)", error.text, error.rule);
}

void feeding_end(struct feeding *feeding)
{
    round_end(feeding);
    referent_feeder_close(&feeding->feeder);
}

/* ---- One thing ---- */

void thing_settle(struct feeding *feeding, struct thing *thing, enum fate fate)
{
    feeding->round.tally[thing->fate]--;
    thing->fate = fate;
    feeding->round.tally[fate]++;
}

/* Names come from the disk and reasons may quote documents: neither may drive the terminal. */
static void name_loss(struct feeding *feeding, const char *fate, const char *name, const char *rule, const char *reason)
{
    progress_clear(&feeding->progress);
    fprintf(stderr, "referent: %s ", fate);
    text_render(name, stderr);
    fprintf(stderr, ": %s%s", rule, *rule ? ": " : "");
    text_render(reason, stderr);
    fputc('\n', stderr);
}

void thing_fail(struct feeding *feeding, struct thing *thing, const char *reason)
{
    thing_settle(feeding, thing, FAILED);
    name_loss(feeding, thing->deletion ? "failed to delete" : "failed", thing->deletion ? thing->id : thing->path, "",
              reason);
}

void thing_reject(struct feeding *feeding, struct thing *thing, const struct ledger_row *row)
{
    thing_settle(feeding, thing, REJECTED);
    feeding->rejected_before++;
    name_loss(feeding, "rejected before, not sent again:", thing->id, row->rule, row->reason);
}

void thing_reject_id(struct feeding *feeding, struct thing *thing, const struct error *why)
{
    thing_settle(feeding, thing, REJECTED);
    name_loss(feeding, "rejected", thing->id, why->rule, why->text);
}

enum fault thing_id_check(const struct thing *thing, struct error *err)
{
    return id_check(thing->id, err);
}

/* ---- What has come back ---- */

static enum fate fate_of(const struct thing *thing, enum referent_status status)
{
    static const enum fate fates[] = {[REFERENT_STATUS_COMMITTED] = COMMITTED,
                                      [REFERENT_STATUS_UNCHANGED] = UNCHANGED,
                                      [REFERENT_STATUS_SUPERSEDED] = SUPERSEDED,
                                      [REFERENT_STATUS_REJECTED] = REJECTED};
    bool gone = status == REFERENT_STATUS_COMMITTED || status == REFERENT_STATUS_UNCHANGED;
    return thing->deletion && gone ? DELETED : fates[status];
}

static enum fault note(struct feeding *feeding, const struct referent_receipt *receipt, struct error *err)
{
    struct thing *thing = receipt->tag;
    thing_settle(feeding, thing, fate_of(thing, receipt->status));
    feeding->cpr_masked += receipt->cpr_masked;
    if (receipt->status == REFERENT_STATUS_REJECTED)
        name_loss(feeding, "rejected", receipt->id, receipt->rule, receipt->reason);
    if (receipt->status == REFERENT_STATUS_SUPERSEDED && thing->deletion)
        name_loss(feeding, "kept", receipt->id, "version.superseded", "somebody fed a newer version of it");
    if (feeding->receipts) {
        progress_clear(&feeding->progress);
        printf("%s ", thing->fate == DELETED ? "deleted" : referent_status_name(receipt->status));
        text_render(receipt->id, stdout);
        printf(" %" PRIu32 " %" PRIu64 "\n", receipt->shard, receipt->sequence);
    }
    struct error odd;
    if (feeding->ledger == NULL || thing_id_check(thing, &odd) != FAULT_NONE)
        return FAULT_NONE;
    TRY(ledger_note(feeding, thing, receipt, err));
    return ledger_sync_soon(feeding->ledger, clock_steady_ms(), err);
}

/* ---- Sending ---- */

static enum fault loading_begin(struct sending *sending, struct error *err)
{
    struct feeding *feeding = sending->feeding;
    size_t count = feeding->round.things.count;
    sending->tasks = calloc(count ? count : 1, sizeof *sending->tasks);
    if (sending->tasks == NULL)
        return error_set(err, FAULT_RETRY, "memory", "out of memory for a list of %zu files", count);
    for (size_t i = 0; i < count; i++) {
        const struct thing *thing = &feeding->round.things.items[i];
        if (thing->fate == TO_DO && !thing->deletion)
            sending->tasks[sending->task_count++] =
                (struct read_task){i, thing->path, thing->id, feeding->rules.source};
    }
    if (sending->task_count == 0)
        return FAULT_NONE;
    unsigned jobs = (unsigned)(feeding->jobs > 0 ? feeding->jobs : 1);
    // NOLINTNEXTLINE(clang-analyzer-unix.Malloc): sending_done frees the tasks, whatever became of the loader
    return loader_start(sending->tasks, sending->task_count, jobs, feeding->ledger != NULL, &sending->loader, err);
}

/* Deletions are intended at once: they are few, and have no file to wait for. */
static enum fault deletions_intend(struct feeding *feeding, struct error *err)
{
    for (size_t i = 0; i < feeding->round.things.count; i++) {
        const struct thing *thing = &feeding->round.things.items[i];
        if (thing->deletion && thing->fate == TO_DO && feeding->ledger != NULL)
            TRY(ledger_intend(feeding->ledger, thing->id, thing->root, thing->path, thing->version, err));
    }
    return feeding->ledger != NULL ? ledger_sync(feeding->ledger, err) : FAULT_NONE;
}

/* One file has been read: what becomes of it? NULL: it goes no further. */
static enum fault file_judge(struct sending *sending, struct read_file **file, struct error *err)
{
    struct feeding *feeding = sending->feeding;
    struct thing *thing = &feeding->round.things.items[(*file)->index];
    enum fault fault = FAULT_NONE;
    struct error odd;
    bool noted = feeding->ledger != NULL && thing_id_check(thing, &odd) == FAULT_NONE;
    thing->stamp = (*file)->stamp;
    memcpy(thing->digest, (*file)->digest, sizeof thing->digest);
    thing->version = feeding->by_mtime ? (uint64_t)(*file)->bytes.mtime_ms : 0;
    if ((*file)->fault != FAULT_NONE)
        thing_fail(feeding, thing, (*file)->error.text);
    else if (noted)
        fault = ledger_judge(feeding, thing, err);
    if (fault == FAULT_NONE && thing->fate == TO_DO && noted)
        fault = ledger_intend(feeding->ledger, thing->id, thing->root, thing->path, thing->version, err);
    if (fault != FAULT_NONE || thing->fate != TO_DO)
        read_file_free(sending->loader, file);
    return fault;
}

/* Take what has been read, when the last batch is gone; one sync intends all of it. So with a ledger files may gather
 * meanwhile; without one, each leaves as soon as it is read. */
static enum fault batch_take(struct sending *sending, int wait_ms, struct error *err)
{
    if (sending->ready_next < sending->ready_count || sending->loader == NULL)
        return FAULT_NONE;
    sending->ready_next = sending->ready_count = 0;
    struct read_file *file;
    while (sending->ready_count < READ_AHEAD_FILES && (file = loader_take(sending->loader, wait_ms)) != NULL) {
        wait_ms = 0;
        TRY(file_judge(sending, &file, err));
        if (file != NULL)
            sending->ready[sending->ready_count++] = file;
    }
    return sending->feeding->ledger != NULL ? ledger_sync(sending->feeding->ledger, err) : FAULT_NONE;
}

/* False: no room now. */
static bool thing_submit(struct feeding *feeding, struct thing *thing, const struct read_file *file)
{
    struct referent_error error;
    enum referent_result result;
    if (thing->deletion) {
        result =
            referent_feeder_delete(feeding->feeder, thing->id, thing->version, feeding->rules.source, thing, &error);
    } else {
        struct referent_document document = {.id = thing->id,
                                             .version = thing->version,
                                             .source = feeding->rules.source,
                                             .media_type = file_media_type(thing->path),
                                             .body = file->bytes.at,
                                             .body_bytes = file->bytes.size};
        result = referent_feeder_submit(feeding->feeder, &document, thing, &error);
    }
    if (result == REFERENT_AGAIN)
        return false;
    if (result == REFERENT_OK)
        thing_settle(feeding, thing, SENT);
    else
        thing_fail(feeding, thing, error.text);
    return true;
}

static void offer(struct sending *sending)
{
    struct feeding *feeding = sending->feeding;
    for (; sending->ready_next < sending->ready_count; sending->ready_next++) {
        struct read_file **file = &sending->ready[sending->ready_next];
        if (interrupted || !thing_submit(feeding, &feeding->round.things.items[(*file)->index], *file))
            return;
        read_file_free(sending->loader, file);
    }
    for (; sending->deletion < feeding->round.things.count; sending->deletion++) {
        struct thing *thing = &feeding->round.things.items[sending->deletion];
        if (thing->deletion && thing->fate == TO_DO && (interrupted || !thing_submit(feeding, thing, NULL)))
            return;
    }
}

/* ---- Waiting ---- */

static size_t settled(const struct feeding *feeding)
{
    return feeding->round.things.count - feeding->round.tally[TO_DO] - feeding->round.tally[SENT];
}

/* When nothing moves, say what is waited for. */
static void notice(struct feeding *feeding, const struct referent_feeder_state *state)
{
    int64_t now_ms = clock_steady_ms();
    if (feeding->moved_count != settled(feeding) || feeding->moved_ms == 0) {
        feeding->moved_count = settled(feeding);
        feeding->moved_ms = now_ms;
        feeding->notice_ms = now_ms + NOTICE_AFTER_MS;
    }
    if (now_ms < feeding->notice_ms)
        return;
    feeding->notice_ms = now_ms + NOTICE_EVERY_MS;
    progress_clear(&feeding->progress);
    int64_t still_s = (now_ms - feeding->moved_ms) / 1000;
    if (!state->ever_welcome)
        complain("nobody answers at %s yet; start referentd, or set --feed to where it runs", feeding->endpoint);
    else if (state->held > 0)
        complain("%zu documents are loaded; still waiting for them to be published", state->held);
    else if (state->credit_messages == 0 && state->answered_ms_ago < NOTICE_EVERY_MS)
        complain("put off for %" PRId64 " s: the worker takes nothing now, because its disk is nearly full or it is "
                 "stopping; see `referent status`",
                 still_s);
    else if (state->answered_ms_ago < PUT_OFF_MS && *state->put_off_rule)
        complain("put off for %" PRId64 " s, trying again: %s: %s", still_s, state->put_off_rule,
                 state->put_off_reason);
    else
        complain("no final receipt for %" PRId64 " s; still waiting for %s", still_s, feeding->endpoint);
}

/* After a signal nothing more is sent, but what the worker has may still get its receipt: for a moment. */
static bool grace(struct feeding *feeding)
{
    int64_t now_ms = clock_steady_ms();
    if (feeding->grace_ms == 0)
        feeding->grace_ms = now_ms + GRACE_MS;
    return feeding->round.tally[SENT] > 0 && now_ms < feeding->grace_ms;
}

/* Has nothing been settled for as long as the caller wants to wait for a worker that only puts off? */
static bool stalled(const struct feeding *feeding)
{
    return feeding->give_up_s > 0 && clock_steady_ms() - feeding->moved_ms >= (int64_t)feeding->give_up_s * 1000;
}

/* FAULT_NONE: go on. Otherwise why nothing more will come. */
static enum fault going_on(struct feeding *feeding, enum referent_result result, const struct referent_error *error,
                           struct error *err)
{
    struct referent_feeder_state state;
    referent_feeder_state(feeding->feeder, &state);
    if (interrupted && !grace(feeding))
        return error_set(err, FAULT_RETRY, "interrupted", "interrupted before its receipt came");
    if (result != REFERENT_OK && result != REFERENT_AGAIN)
        return error_set(err, FAULT_STOP, error->rule, "%s: %s", error->rule, error->text);
    notice(feeding, &state);
    /* Publishing what is held takes as long as it takes; a worker that is gone is found by silence. */
    bool publishing = state.welcome && state.held > 0;
    if (feeding->watching || publishing)
        return FAULT_NONE;
    if (stalled(feeding))
        return error_set(err, FAULT_RETRY, "give-up", "nothing was taken for %" PRIu64 " s: %s; feed it again",
                         feeding->give_up_s, *state.put_off_rule ? state.put_off_reason : "see `referent status`");
    if (state.answered_ms_ago < feeding->patience_s * 1000)
        return FAULT_NONE;
    return error_set(err, FAULT_RETRY, "patience", "no answer from %s in %" PRIu64 " s; %s", feeding->endpoint,
                     feeding->patience_s,
                     state.ever_welcome ? "feed it again" : "start referentd, or set --feed to where it runs");
}

static enum fault turn(struct feeding *feeding, int timeout_ms, struct error *err)
{
    struct referent_receipt receipt;
    struct referent_error error;
    enum referent_result result = referent_feeder_poll(feeding->feeder, timeout_ms, &receipt, &error);
    if (result == REFERENT_OK)
        TRY(note(feeding, &receipt, err));
    if (result != REFERENT_OK || interrupted)
        TRY(going_on(feeding, result, &error, err));
    struct referent_feeder_state state;
    referent_feeder_state(feeding->feeder, &state);
    progress_show(&feeding->progress, settled(feeding) + state.held); /* they have only to be published */
    return FAULT_NONE;
}

/* Only the worker can say whether the ledger is still true: so it is heard before anything is taken as unchanged. */
enum fault feeding_await(struct feeding *feeding, struct error *err)
{
    for (;;) {
        struct referent_feeder_state state;
        referent_feeder_state(feeding->feeder, &state);
        if (state.ever_welcome)
            return FAULT_NONE;
        TRY(turn(feeding, POLL_READING_MS, err));
    }
}

/* ---- The round ---- */

static void sending_done(struct sending *sending)
{
    for (; sending->ready_next < sending->ready_count; sending->ready_next++)
        read_file_free(sending->loader, &sending->ready[sending->ready_next]);
    loader_stop(&sending->loader);
    free(sending->tasks);
}

static enum fault send_all(struct sending *sending, struct error *err)
{
    struct feeding *feeding = sending->feeding;
    TRY(loading_begin(sending, err));
    TRY(deletions_intend(feeding, err));
    for (;;) {
        bool patient = feeding->ledger == NULL || feeding->round.tally[SENT] == 0;
        TRY(batch_take(sending, patient ? POLL_READING_MS : 0, err));
        offer(sending);
        if (settled(feeding) == feeding->round.things.count)
            return FAULT_NONE;
        bool reading =
            sending->ready_next == sending->ready_count && sending->loader != NULL && !loader_ended(sending->loader);
        if (!reading && feeding->round.tally[SENT] == 0 && sending->ready_next == sending->ready_count &&
            sending->deletion == feeding->round.things.count)
            return error_set(err, FAULT_RETRY, "memory", "out of memory for reading files; feed it again");
        if (feeding->round.tally[TO_DO] == 0)
            referent_feeder_flush(feeding->feeder);
        TRY(turn(feeding, !reading ? POLL_MS : patient ? 0 : POLL_READING_MS, err));
    }
}

static enum fault pass(struct feeding *feeding, struct error *err)
{
    struct sending sending = {.feeding = feeding};
    enum fault fault = send_all(&sending, err);
    sending_done(&sending);
    return fault;
}

static enum fault passes(struct feeding *feeding, struct error *err)
{
    if (feeding->ledger == NULL || feeding->round.things.count == feeding->round.tally[FAILED])
        return pass(feeding, err);
    bool again;
    TRY(feeding_await(feeding, err));
    TRY(ledger_agree(feeding, &again, err));
    TRY(ledger_look(feeding, err));
    TRY(ledger_plan(feeding, err));
    do {
        TRY(pass(feeding, err));
        TRY(ledger_agree(feeding, &again, err));
    } while (again);
    return FAULT_NONE;
}

void round_run(struct feeding *feeding)
{
    struct round *round = &feeding->round;
    struct error error;
    progress_begin(&feeding->progress, round->things.count, "documents");
    round_fail_problems(feeding);
    referent_feeder_announce(feeding->feeder, round->things.count);
    enum fault fault = passes(feeding, &error);
    if (feeding->ledger != NULL) {
        struct error later;
        enum fault synced = ledger_sync(feeding->ledger, &later);
        if (fault == FAULT_NONE && synced != FAULT_NONE)
            complain("%s", later.text);
    }
    feeding->stopped = fault;
    bool said = false;
    for (size_t i = 0; fault != FAULT_NONE && i < round->things.count; i++)
        if (round->things.items[i].fate == TO_DO || round->things.items[i].fate == SENT) {
            thing_fail(feeding, &round->things.items[i], error.text);
            said = true;
        }
    progress_clear(&feeding->progress);
    if (fault != FAULT_NONE && !said && !interrupted)
        complain("%s", error.text);
}
