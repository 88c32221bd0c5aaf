/* publishing: a ring of lists, some receipts a turn. */
#include "publishing.h"

#include "clock.h"
#include "log.h"

enum { LISTS_MAX = sizeof((struct publishing *)0)->lists / sizeof(struct held *), RECEIPTS_A_TURN = 1024 };
enum { AGAIN_MS = 5, DEAF_MS = 30000, JOB_BYTES = 4096 };

void publishing_done(struct publishing *publishing)
{
    for (; publishing->count > 0; publishing->count--)
        held_free(&publishing->lists[publishing->first++ % LISTS_MAX]);
}

static struct job answer_make(const struct held *held, const struct held_item *item)
{
    struct job job = {.kind = JOB_SUBMIT,
                      .routing = held_routing(held, item),
                      .peer = item->peer,
                      .sequence = item->sequence,
                      .id = held_id(held, item),
                      .version = item->version,
                      .receipt = held->outcome};
    memcpy(job.digest, item->digest, sizeof job.digest);
    if (job.receipt.status == RECEIPT_NONE)
        job.receipt.status = item->status;
    job.receipt.settled = true;
    job.receipt.cpr_masked = item->cpr_masked;
    return job;
}

/* True: this one is done with. */
static bool answer_settle(struct publishing *publishing, const struct job *job, enum fault fault,
                          const struct error *err)
{
    if (fault != FAULT_RETRY) {
        publishing->stuck_ms = 0;
        return true;
    }
    if (job->peer == publishing->deaf)
        return true;
    int64_t now_ms = clock_steady_ms();
    if (publishing->stuck_ms == 0)
        publishing->stuck_ms = now_ms;
    if (now_ms - publishing->stuck_ms < DEAF_MS)
        return false;
    log_error(LOG_WARN, "receipt.lost", err); /* it will ask again, and be told again */
    publishing->deaf = job->peer;
    publishing->stuck_ms = 0;
    return true;
}

/* A full ring would lose receipts, not documents; a writer publishes far more slowly than lists are answered. */
void publishing_add(struct publishing *publishing, struct held *held)
{
    if (publishing->count == LISTS_MAX) {
        publishing->waiting -= held->count;
        held_free(&held);
        return;
    }
    publishing->lists[(publishing->first + publishing->count++) % LISTS_MAX] = held;
}

static void list_next(struct publishing *publishing)
{
    held_free(&publishing->lists[publishing->first]);
    publishing->first = (publishing->first + 1) % LISTS_MAX;
    publishing->count--;
}

void publishing_run(struct publishing *publishing,
                    enum fault (*answer)(void *self, const struct job *job, struct error *err), void *self)
{
    for (int turn = 0; turn < RECEIPTS_A_TURN && publishing->count > 0; turn++) {
        struct error err;
        struct held *held = publishing->lists[publishing->first];
        if (held->sent < held->count) {
            struct job job = answer_make(held, &held->items[held->sent]);
            if (!answer_settle(publishing, &job, answer(self, &job, &err), &err))
                return;
            held->sent++;
            publishing->waiting--;
        }
        if (held->sent == held->count)
            list_next(publishing);
    }
}

int publishing_wait_ms(const struct publishing *publishing, int most_ms)
{
    if (publishing->count == 0)
        return most_ms;
    return publishing->stuck_ms != 0 ? AGAIN_MS : 0;
}

struct job *publishing_job(const struct job *answer)
{
    struct arena *arena = arena_new(JOB_BYTES);
    struct job *job = arena ? arena_zero(arena, 1, sizeof *job) : NULL;
    struct text routing = job ? arena_copy(arena, answer->routing) : (struct text){0};
    struct text id = routing.at ? arena_copy(arena, answer->id) : (struct text){0};
    if (id.at == NULL) {
        arena_free(&arena);
        return NULL;
    }
    *job = *answer;
    job->arena = arena;
    job->routing = (struct span){routing.at, routing.size};
    job->id = (struct span){id.at, id.size};
    return job;
}
