/* guard: judgement at the start, watching afterwards. The list of suspects is under `lock`; the flags are atomic. */
#include "guard.h"

#include "clock.h"
#include "condition.h"
#include "limit.h"
#include "log.h"
#include "metric.h"
#include "suspects.h"
#include "thread.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
    TICK_MS = 50,         /* while something is in flight */
    IDLE_TICK_MS = 250,   /* else */
    DISK_EVERY_MS = 1000, /* statvfs may have to wait for a disk */
    WAITING_FACTOR = 10   /* a document that uses no processor may take so many times as long */
};

/* What the guard's thread knows of a reader's turn. */
struct sight {
    uint64_t turn;
    int64_t processor_ms; /* of the thread, when the turn was first seen */
    int64_t seen_ms;      /* of it since, in ticks: a process that was stopped has not aged */
    bool asked;
};

struct guard {
    const struct config *config;
    struct work_file *work;
    size_t readers, writers;
    struct sight *sights;
    uint64_t memory_max_bytes;
    pthread_mutex_t lock; /* of `suspects` and `ending` */
    pthread_cond_t woken;
    struct suspects suspects;
    atomic_size_t suspect_count; /* so that whoever has none need not lock */
    atomic_bool disk_low;
    _Atomic uint64_t disk_free;
    bool ending, started;
    bool unsaved; /* said in the log, until it works again */
    int64_t disk_ms;
    pthread_t thread;
};

/* ---- disk -------------------------------------------------------------------------------------------------------- */

static void disk_error(const struct guard *guard, struct error *err)
{
    error_set(err, FAULT_RETRY, "disk.low",
              "%" PRIu64 " MB are free in data_dir, %" PRIu64 " MB shall stay free (disk_reserve_bytes)",
              atomic_load(&guard->disk_free) >> 20, guard->config->disk_reserve_bytes >> 20);
}

/* What is low must rise by an eighth before it is enough again, so that it does not flutter. */
static void disk_look(struct guard *guard)
{
    uint64_t bytes = 0, reserve = guard->config->disk_reserve_bytes;
    struct error err;
    guard->disk_ms = clock_steady_ms();
    if (reserve == 0 || limit_disk_free(guard->config->data_dir, &bytes, &err) != FAULT_NONE)
        return;
    bool was = atomic_load(&guard->disk_low);
    bool low = bytes < (was ? reserve + reserve / 8 : reserve);
    atomic_store(&guard->disk_free, bytes);
    atomic_store(&guard->disk_low, low);
    if (low) {
        disk_error(guard, &err);
        condition_begin("disk.low", 0, &err);
    } else if (was) {
        condition_end("disk.low", 0);
    }
}

enum fault guard_disk(struct guard *guard, struct error *err)
{
    if (guard == NULL || !atomic_load(&guard->disk_low))
        return FAULT_NONE;
    disk_error(guard, err);
    return FAULT_RETRY;
}

/* ---- time and memory --------------------------------------------------------------------------------------------- */

/* Whoever is to blame is marked; the next life goes on from there. */
_Noreturn static void die(struct guard *guard, enum death reason, const struct work_slot *slot, const char *event,
                          uint64_t amount)
{
    work_mark(guard->work, reason, slot);
    log_event(LOG_ERROR, event,
              "amount=%" PRIu64 " hint=\"the worker ends and must be started again; the document "
              "is run alone then\"",
              amount);
    abort();
}

static void turn_watch(struct guard *guard, size_t reader, int64_t tick_ms)
{
    struct work_slot *slot = guard_reader(guard, reader);
    struct sight *sight = &guard->sights[reader];
    uint64_t turn = work_turn(slot);
    int64_t now_ms, most_ms = (int64_t)guard->config->document_max_ms;
    if (turn % 2 == 0 || !work_processor_ms(slot, &now_ms)) {
        sight->turn = 0;
        return;
    }
    if (turn != sight->turn) {
        *sight = (struct sight){turn, now_ms, 0, false};
        return;
    }
    sight->seen_ms += tick_ms;
    int64_t used_ms = now_ms - sight->processor_ms;
    bool late = used_ms > most_ms || sight->seen_ms > most_ms * WAITING_FACTOR;
    if (late && !sight->asked) {
        work_ask_stop(slot, turn);
        sight->asked = true;
    }
    if (used_ms > most_ms + most_ms / 2 || sight->seen_ms > most_ms * WAITING_FACTOR * 3 / 2)
        die(guard, DEATH_TIME, slot, "document.time", (uint64_t)used_ms);
}

static void memory_watch(struct guard *guard)
{
    uint64_t used = limit_memory_used();
    work_memory(guard->work, used);
    if (used > guard->memory_max_bytes)
        die(guard, DEATH_MEMORY, NULL, "memory.limit", used);
}

/* ---- the list ---------------------------------------------------------------------------------------------------- */

/* With the lock. */
static void list_changed(struct guard *guard)
{
    size_t aside = suspects_aside(&guard->suspects);
    atomic_store(&guard->suspect_count, guard->suspects.count);
    metric_set(METRIC_SUSPECTS, guard->suspects.count - aside);
    metric_set(METRIC_ASIDE, aside);
}

/* With the lock. */
static void list_save(struct guard *guard)
{
    struct error err;
    bool failed = suspects_save(&guard->suspects, guard->config->data_dir, &err) != FAULT_NONE;
    if (failed && !guard->unsaved)
        log_error(LOG_WARN, "quarantine.unsaved", &err);
    guard->unsaved = failed;
}

static void aside_error(const struct suspect *suspect, struct error *err)
{
    static const char text[] =
        "the worker has died twice while it had this document alone in hand; it is set aside until "
        "`referent dead replay` tries it again";
    switch (suspect->reason) {
    case DEATH_TIME: error_set(err, FAULT_REJECT, "quarantine.time", "%s", text); break;
    case DEATH_MEMORY: error_set(err, FAULT_REJECT, "quarantine.memory", "%s", text); break;
    default: error_set(err, FAULT_REJECT, "quarantine.crash", "%s", text); break;
    }
}

enum verdict guard_verdict(struct guard *guard, const struct work *work, uint32_t chance, struct error *why)
{
    enum verdict verdict = VERDICT_FREE;
    if (guard == NULL || atomic_load(&guard->suspect_count) == 0)
        return verdict;
    pthread_mutex_lock(&guard->lock);
    if (chance > 0 && suspects_chance(&guard->suspects, work, chance)) {
        list_changed(guard);
        list_save(guard); /* a chance that is forgotten would be given for ever */
    }
    const struct suspect *suspect = suspects_find(&guard->suspects, work);
    if (suspect != NULL && suspect_is_aside(suspect)) {
        verdict = VERDICT_ASIDE;
        aside_error(suspect, why);
    } else if (suspects_have_id(&guard->suspects, work->id_hash)) {
        verdict = VERDICT_ALONE;
    }
    pthread_mutex_unlock(&guard->lock);
    return verdict;
}

void guard_alone(struct guard *guard, const struct work *work)
{
    if (guard != NULL)
        work_alone(guard->work, work);
}

void guard_pass(struct guard *guard, const struct work *work)
{
    if (guard == NULL || atomic_load(&guard->suspect_count) == 0)
        return;
    pthread_mutex_lock(&guard->lock);
    suspects_pass(&guard->suspects, work);
    list_changed(guard);
    pthread_mutex_unlock(&guard->lock);
}

/* ---- the thread -------------------------------------------------------------------------------------------------- */

static int64_t tick(const struct guard *guard)
{
    (void)guard;
    return metric_get(METRIC_IN_FLIGHT) > 0 ? TICK_MS : IDLE_TICK_MS;
}

/* Wait for a tick; false when it is over. */
static bool waited(struct guard *guard, int64_t ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += (long)ms * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&guard->lock);
    while (!guard->ending && pthread_cond_timedwait(&guard->woken, &guard->lock, &until) == 0)
        ;
    bool on = !guard->ending;
    pthread_mutex_unlock(&guard->lock);
    return on;
}

static void *run(void *opaque)
{
    struct guard *guard = opaque;
    thread_begin("guard", THREAD_PROMPT);
    for (int64_t ms = tick(guard); waited(guard, ms); ms = tick(guard)) {
        for (size_t i = 0; i < guard->readers; i++)
            turn_watch(guard, i, ms);
        memory_watch(guard);
        if (clock_steady_ms() - guard->disk_ms >= DISK_EVERY_MS)
            disk_look(guard);
        pthread_mutex_lock(&guard->lock);
        list_save(guard);
        pthread_mutex_unlock(&guard->lock);
    }
    return NULL;
}

/* ---- start and stop ---------------------------------------------------------------------------------------------- */

static const char *death_name(const struct last_life *last)
{
    static const char *const names[] = {"unknown", "crash", "memory", "time"};
    return names[last->reason];
}

static enum fault judge(struct guard *guard, const struct last_life *last, struct error *err)
{
    struct error why;
    if (suspects_load(&guard->suspects, guard->config->data_dir, &why) != FAULT_NONE)
        log_error(LOG_WARN, "quarantine.unread", &why);
    if (!suspects_judge(&guard->suspects, last))
        return error_set(err, FAULT_STOP, "memory", "out of memory");
    if (last->died)
        log_event(LOG_WARN, "quarantine.judged", "death=%s alone=%d in_hand=%zu suspects=%zu aside=%zu",
                  death_name(last), last->alone, last->count, guard->suspects.count - suspects_aside(&guard->suspects),
                  suspects_aside(&guard->suspects));
    list_changed(guard);
    list_save(guard);
    return FAULT_NONE;
}

static enum fault work_begin_life(struct guard *guard, struct error *err)
{
    struct work_shape shape = {guard->readers + 1, guard->writers, guard->config->commit_max_docs};
    struct last_life last;
    bool kept;
    TRY(work_open(guard->config->data_dir, shape, guard->config->arena_max_bytes, &guard->work, &last, &kept, err));
    if (!kept)
        log_error(LOG_WARN, "quarantine.unkept", err);
    enum fault fault = judge(guard, &last, err);
    last_life_done(&last);
    work_watch_signals(guard->work);
    return fault;
}

enum fault guard_open(const struct config *config, size_t readers, size_t writers, struct guard **out,
                      struct error *err)
{
    struct guard *guard = calloc(1, sizeof *guard);
    *out = guard;
    if (guard == NULL)
        return error_set(err, FAULT_STOP, "memory", "out of memory");
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&guard->lock, NULL);
    pthread_cond_init(&guard->woken, &attributes);
    pthread_condattr_destroy(&attributes);
    guard->config = config;
    guard->readers = readers;
    guard->writers = writers;
    guard->memory_max_bytes = config->memory_max_bytes ? config->memory_max_bytes : limit_memory_default();
    guard->sights = calloc(readers, sizeof *guard->sights);
    if (guard->sights == NULL)
        return error_set(err, FAULT_STOP, "memory", "out of memory");
    disk_look(guard);
    return work_begin_life(guard, err);
}

enum fault guard_start(struct guard *guard, struct error *err)
{
    guard->started = pthread_create(&guard->thread, NULL, run, guard) == 0;
    return guard->started ? FAULT_NONE : error_set(err, FAULT_STOP, "thread.start", "no thread for the guard");
}

void guard_stop(struct guard **out)
{
    struct guard *guard = out != NULL ? *out : NULL;
    if (guard == NULL)
        return;
    pthread_mutex_lock(&guard->lock);
    guard->ending = true;
    pthread_cond_signal(&guard->woken);
    pthread_mutex_unlock(&guard->lock);
    if (guard->started)
        pthread_join(guard->thread, NULL);
    list_save(guard);
    work_close(&guard->work);
    suspects_done(&guard->suspects);
    pthread_cond_destroy(&guard->woken);
    pthread_mutex_destroy(&guard->lock);
    free(guard->sights);
    free(guard);
    *out = NULL;
}

struct work_slot *guard_intake(struct guard *guard)
{
    return guard != NULL ? work_slot(guard->work, guard->readers) : NULL;
}

struct work_slot *guard_reader(struct guard *guard, size_t number)
{
    return guard != NULL ? work_slot(guard->work, number) : NULL;
}

struct work_slot *guard_writer(struct guard *guard, size_t number)
{
    return guard != NULL ? work_slot(guard->work, guard->readers + 1 + number) : NULL;
}
