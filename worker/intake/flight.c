/* flight: jobs from their frame to the readers, and from there or the writers to their receipts. */
#include "taking.h"

#include "log.h"
#include "metric.h"
#include "receipt.h"

#include <stdlib.h>

static void job_out(struct intake *intake, struct job *job)
{
    struct error err;
    reply_sent(receipt_send(intake->socket, job, &err), &err);
    struct arena *arena = job->arena;
    arena_free(&arena);
}

/* A quote in an id would end the value. */
void quarantine_log(const char *event, const struct job *job)
{
    char id[ID_MAX_BYTES + 1];
    size_t size = job->id.size < ID_MAX_BYTES ? job->id.size : ID_MAX_BYTES;
    for (size_t i = 0; i < size; i++)
        id[i] = job->id.at[i] == '"' ? '\'' : job->id.at[i];
    id[size] = '\0';
    log_event(LOG_WARN, event, "id=\"%s\" version=%llu", id, (unsigned long long)job->version);
}

/* Has the peer little of its credit left? Whoever writes is told of a change. */
static void pressure_note(struct intake *intake, struct peer *peer)
{
    enum { PARTS = 4, MOST_PARTS = 3 };
    bool pressed =
        peer->in_flight_messages > 0 && (peer->in_flight_messages * PARTS >= peer->credit_messages * MOST_PARTS ||
                                         peer->in_flight_bytes * PARTS >= peer->credit_bytes * MOST_PARTS);
    if (pressed && !peer->pressed)
        atomic_fetch_add(&intake->setup.flow->pressed, 1);
    if (!pressed && peer->pressed)
        atomic_fetch_sub(&intake->setup.flow->pressed, 1);
    peer->pressed = pressed;
}

void job_hold(struct intake *intake, struct peer *peer, struct job *job)
{
    job->peer = peer->number;
    peer->in_flight_messages++;
    peer->in_flight_bytes += job->credit_bytes;
    intake->in_flight_messages++;
    intake->in_flight_bytes += job->credit_bytes;
    pressure_note(intake, peer);
    metric_set(METRIC_IN_FLIGHT, intake->in_flight_messages);
}

static void job_start(struct intake *intake, struct job *job)
{
    if (intake->lane.alone == job) {
        quarantine_log("quarantine.alone", job);
        guard_alone(intake->setup.guard, &job->work);
    }
    atomic_fetch_add(&intake->setup.flow->ahead, 1);
    if (!shelf_push(intake->setup.to_text, job)) /* it holds all that may be in flight */
        abort();
}

static void lane_move(struct intake *intake)
{
    for (struct job *job; (job = lane_next(&intake->lane)) != NULL;)
        job_start(intake, job);
}

static bool shard_ready(struct intake *intake, const struct job *job, uint32_t *wait_ms, struct error *why)
{
    const struct intake_setup *setup = &intake->setup;
    return setup->ready == NULL || job->kind == JOB_INVENTORY ||
           setup->ready(setup->self, job->receipt.shard, wait_ms, why) == FAULT_NONE;
}

/* To the readers, by way of the lane. */
static void job_go(struct intake *intake, struct job *job)
{
    struct error why;
    uint32_t wait_ms = 0;
    enum verdict verdict = VERDICT_FREE;
    if (job->kind != JOB_INVENTORY)
        verdict = guard_verdict(intake->setup.guard, &job->work, job->chance, &why);
    if (verdict == VERDICT_ASIDE)
        quarantine_log("quarantine.aside", job);
    if (verdict == VERDICT_ASIDE || !shard_ready(intake, job, &wait_ms, &why)) {
        job_answer(job, verdict == VERDICT_ASIDE ? RECEIPT_REJECTED : RECEIPT_RETRY, &why, wait_ms);
        job_back(intake, job);
        return;
    }
    job->alone = verdict == VERDICT_ALONE;
    lane_push(&intake->lane, job);
    lane_move(intake);
}

void pace_take(struct intake *intake)
{
    for (struct job *job; (job = pace_next(&intake->pace)) != NULL;)
        job_go(intake, job);
}

void job_in(struct intake *intake, struct peer *peer, struct job *job)
{
    job_hold(intake, peer, job);
    if (!job->bulk && !pace_has(&intake->pace, job->work.id_hash)) {
        job_go(intake, job);
        return;
    }
    pace_push(&intake->pace, job);
    pace_take(intake);
}

/* It came back from reading or writing: whoever waited for that may go. */
static void job_laned(struct intake *intake, struct job *job)
{
    if (lane_back(&intake->lane, job)) {
        guard_alone(intake->setup.guard, NULL);
        if (job->receipt.status != RECEIPT_RETRY)
            guard_pass(intake->setup.guard, &job->work);
    }
    lane_move(intake);
}

void job_back(struct intake *intake, struct job *job)
{
    if (job->paced)
        pace_back(&intake->pace, job);
    if (job->laned)
        job_laned(intake, job);
    if (keeper_take(intake->setup.keeper, job)) /* what is rejected is kept before its receipt leaves */
        return;
    struct peer *peer = peer_known(intake->peers, job->routing, job->peer);
    if (peer != NULL) {
        peer->in_flight_messages--;
        peer->in_flight_bytes -= job->credit_bytes;
        pressure_note(intake, peer);
    }
    intake->in_flight_messages--;
    intake->in_flight_bytes -= job->credit_bytes;
    metric_set(METRIC_IN_FLIGHT, intake->in_flight_messages);
    metric_add(METRIC_CPR_MASKED, job->receipt.cpr_masked);
    intake->publishing.waiting += job->receipt.status == RECEIPT_HELD;
    job_out(intake, job);
}
