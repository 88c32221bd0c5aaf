/* replay: letters -> submissions -> receipts -> a line that adds up. A letter is fetched when there is room for it. */
#include "dead.h"

#include "snippet.h"

#include <inttypes.h>
#include <stdlib.h>

enum { POLL_MS = 200 };

struct replay {
    struct dead *dead;
    struct referent_feeder *feeder;
    struct referent_dead_copy *copy; /* fetched, not yet offered */
    size_t next;                     /* the first that was not offered */
    size_t settled;
    size_t tally[REFERENT_STATUS_REJECTED + 1];
    size_t failed;
    uint64_t done[REFERENT_DEAD_MAX]; /* numbers whose letters can be dropped */
    size_t done_count;
};

/* Drop what is through, so that an interruption leaves little to be replayed twice (which changes nothing). The worker
 * has taken most of them away by itself. */
static bool done_drop(struct replay *replay)
{
    struct referent_error error;
    uint64_t dropped;
    if (replay->done_count == 0)
        return true;
    enum referent_result result = referent_dead_drop(replay->dead->searcher, replay->done, replay->done_count,
                                                     replay->dead->timeout_ms, &dropped, &error);
    replay->done_count = 0;
    if (result != REFERENT_OK)
        (void)dead_failed(replay->dead, result, &error);
    return result == REFERENT_OK;
}

static void line_print(const char *what, uint64_t number, const char *id, const char *why)
{
    printf("%s %" PRIu64 " ", what, number);
    text_render(id, stdout);
    fputs(*why ? ": " : "", stdout);
    text_render(why, stdout);
    putchar('\n');
}

static bool note(struct replay *replay, const struct referent_receipt *receipt)
{
    uint64_t number = replay->dead->numbers[(size_t)(uintptr_t)receipt->tag];
    char why[400] = "";
    if (receipt->status == REFERENT_STATUS_REJECTED)
        snprintf(why, sizeof why, "%s (%s)", receipt->reason, receipt->rule);
    line_print(referent_status_name(receipt->status), number, receipt->id, why);
    replay->tally[receipt->status]++;
    replay->settled++;
    if (receipt->status != REFERENT_STATUS_REJECTED)
        replay->done[replay->done_count++] = number;
    return replay->done_count < REFERENT_DEAD_MAX || done_drop(replay);
}

/* This letter gets no receipt. */
static void pass_over(struct replay *replay, size_t *tally, const char *what, const char *why)
{
    line_print(what, replay->dead->numbers[replay->next++], replay->copy ? replay->copy->letter.id : "", why);
    (*tally)++;
    replay->settled++;
    referent_dead_copy_free(&replay->copy);
}

static enum referent_result offer(struct replay *replay, struct referent_error *err)
{
    const struct referent_document *document = &replay->copy->document;
    void *tag = (void *)(uintptr_t)replay->next;
    return replay->copy->letter.kind == REFERENT_DEAD_DELETE
               ? referent_feeder_delete(replay->feeder, document->id, document->version, document->source, tag, err)
               : referent_feeder_submit(replay->feeder, document, tag, err);
}

/* Fetch and offer as long as there is room. */
static enum referent_result offer_all(struct replay *replay, struct referent_error *err)
{
    struct dead *dead = replay->dead;
    while (replay->next < dead->count) {
        enum referent_result result = REFERENT_OK;
        if (replay->copy == NULL)
            result =
                referent_dead_get(dead->searcher, dead->numbers[replay->next], dead->timeout_ms, &replay->copy, err);
        if (result == REFERENT_NOT_FOUND) {
            pass_over(replay, &replay->failed, "failed", err->text);
            continue;
        }
        if (result != REFERENT_OK)
            return result;
        if (!replay->copy->readable) {
            pass_over(replay, &replay->tally[REFERENT_STATUS_REJECTED], "rejected", "its frame cannot be read");
            continue;
        }
        result = offer(replay, err);
        if (result != REFERENT_OK)
            return result == REFERENT_AGAIN ? REFERENT_OK : result;
        referent_dead_copy_free(&replay->copy);
        replay->next++;
    }
    return REFERENT_OK;
}

/* Offer what there is room for, then wait a little for a receipt. */
static enum referent_result step(struct replay *replay, struct referent_receipt *receipt, struct referent_error *err)
{
    enum referent_result result = offer_all(replay, err);
    if (result != REFERENT_OK || replay->settled == replay->dead->count)
        return result == REFERENT_OK ? REFERENT_AGAIN : result;
    return referent_feeder_poll(replay->feeder, POLL_MS, receipt, err);
}

/* Nothing has been heard for longer than one is ready to wait. */
static bool patience_ends(const struct replay *replay)
{
    const struct dead *dead = replay->dead;
    struct referent_feeder_state state;
    referent_feeder_state(replay->feeder, &state);
    if (replay->settled == dead->count || state.answered_ms_ago < dead->patience_s * 1000)
        return false;
    complain("no answer from %s in %" PRIu64 " s for %zu of %zu documents: replay them again", dead->endpoint,
             dead->patience_s, dead->count - replay->settled, dead->count);
    return true;
}

static bool replay_all(struct replay *replay)
{
    while (replay->settled < replay->dead->count) {
        struct referent_receipt receipt = {0};
        struct referent_error error;
        enum referent_result result = step(replay, &receipt, &error);
        if (result == REFERENT_OK) {
            if (!note(replay, &receipt))
                return false;
        } else if (result != REFERENT_AGAIN) {
            (void)dead_failed(replay->dead, result, &error);
            return false;
        } else if (patience_ends(replay)) {
            return false;
        }
    }
    return true;
}

int dead_replay(struct dead *dead)
{
    struct replay replay = {.dead = dead};
    struct referent_feeder_options options = {.client = "referent dead replay"};
    struct referent_error error;
    enum referent_result result = referent_feeder_open(dead->endpoint, &options, &replay.feeder, &error);
    if (result != REFERENT_OK)
        return dead_failed(dead, result, &error);
    bool whole = replay_all(&replay);
    whole = done_drop(&replay) && whole;
    referent_dead_copy_free(&replay.copy);
    referent_feeder_close(&replay.feeder);
    size_t rejected = replay.tally[REFERENT_STATUS_REJECTED], failed = replay.failed + dead->count - replay.settled;
    printf("found=%zu committed=%zu unchanged=%zu superseded=%zu rejected=%zu failed=%zu\n", dead->count,
           replay.tally[REFERENT_STATUS_COMMITTED], replay.tally[REFERENT_STATUS_UNCHANGED],
           replay.tally[REFERENT_STATUS_SUPERSEDED], rejected, failed);
    return output_finish() && whole && rejected + failed == 0 ? DONE : FAILURE;
}
