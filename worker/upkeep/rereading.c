/* rereading: names page by page, each of them read, and made a record. */
#include "rereading.h"

#include "clock.h"
#include "log.h"
#include "metric.h"
#include "schema.h"

enum {
    PAGE = 1000,            /* names read at once */
    AGAIN = 50,             /* times a reader may be overtaken on one meeting */
    PROGRESS_MS = 60 * 1000 /* between two lines of the log */
};

static enum fault memory_fault(struct error *err)
{
    return error_set(err, FAULT_REOPEN, "memory", "out of memory");
}

enum fault rereading_goes_on(const struct rereading *reading, struct error *err)
{
    if (!queue_ended(reading->bell))
        return FAULT_NONE;
    return error_set(err, FAULT_RETRY, "rebuild.stopped", "the daemon ends; the next start begins again");
}

/* ---- a meeting */

/* The record of a meeting by today's rules; document_count 0 if it is gone. */
static enum fault meeting_read(struct rereading *reading, struct arena *arena, struct span id,
                               struct index_record *record, struct error *err)
{
    struct old *old = reading->old;
    struct old_meeting meeting;
    struct source source;
    struct minutes minutes;
    *record = (struct index_record){.id = id};
    TRY(old_read(old, arena, id, &meeting, err));
    reading->documents += meeting.count;
    if (meeting.count == 0)
        return FAULT_NONE;
    if (!in_hand_take(&reading->in_hand, id))
        return error_set(err, FAULT_REJECT, "rebuild.deadly", "reading a meeting again has ended the daemon %d times",
                         IN_HAND_LIVES);
    TRY(recall_meeting(arena, meeting.documents, meeting.count, meeting.digest, reading->arena_bytes, &source, &minutes,
                       err));
    return term_build(reading->builder, arena, arena, &source, &minutes, record, err);
}

static enum fault meeting_record(struct rereading *reading, struct arena *arena, struct span id,
                                 struct index_record *record, struct error *err)
{
    enum fault fault = FAULT_REOPEN;
    for (int i = 0; i < AGAIN && fault == FAULT_REOPEN; i++) {
        fault = i > 0 ? old_refresh(reading->old, err) : FAULT_NONE;
        if (fault == FAULT_NONE)
            fault = meeting_read(reading, arena, id, record, err);
        if (fault != FAULT_REJECT || reading->mends)
            continue;
        log_error(LOG_WARN, "rebuild.kept", err);
        reading->kept++;
        fault = old_record(reading->old, arena, id, record, err);
    }
    return fault;
}

static enum fault leave(struct rereading *reading, struct span id, struct error *err)
{
    struct text copy = arena_copy(reading->names, id);
    struct span *left = copy.at != NULL ? LIST_PUSH(reading->names, &reading->left) : NULL;
    if (left == NULL)
        return memory_fault(err);
    *left = (struct span){copy.at, copy.size};
    return FAULT_NONE;
}

static enum fault meeting_make(struct rereading *reading, struct span id, struct error *err)
{
    struct arena *arena = reading->scratch;
    struct index_record record;
    arena_reset(arena);
    enum fault fault = meeting_record(reading, arena, id, &record, err);
    if (fault == FAULT_NONE && record.document_count > 0)
        fault = making_add(reading->making, &record, err);
    if (fault == FAULT_REJECT && !reading->mends)
        fault = leave(reading, id, err);
    metric_add(METRIC_REBUILD_READ, 1);
    reading->meetings++;
    return fault;
}

static void progress_tell(struct rereading *reading)
{
    if (clock_steady_ms() - reading->told_ms < PROGRESS_MS)
        return;
    reading->told_ms = clock_steady_ms();
    log_event(LOG_INFO, "rebuild.progress", "shard=%u meetings=%llu of=%llu", reading->shard,
              (unsigned long long)reading->meetings, (unsigned long long)reading->total);
}

/* ---- names: tombstones and meetings */

/* Names of one kind, page by page: a reader that a commit overtakes reads the page again. */
static enum fault names_page(struct rereading *reading, struct arena *arena, bool tombstones, struct span after,
                             struct span_list *page, struct error *err)
{
    enum fault fault = FAULT_REOPEN;
    for (int i = 0; i < AGAIN && fault == FAULT_REOPEN; i++) {
        fault = i > 0 ? old_refresh(reading->old, err) : FAULT_NONE;
        struct database *open = reading->old->open;
        if (fault == FAULT_NONE && tombstones)
            fault = database_meta_keys(open, 0, arena, schema_key(KEY_DELETED), after, PAGE, page, err);
        else if (fault == FAULT_NONE)
            fault = database_terms(open, 0, arena, schema_prefix(PREFIX_GROUP), after, PAGE, page, err);
        if (fault == FAULT_NONE)
            fault = old_whole(reading->old, err);
    }
    return fault;
}

static enum fault tombstone_make(struct rereading *reading, struct arena *arena, struct span key, struct error *err)
{
    struct span value = {"", 0};
    enum fault fault = FAULT_REOPEN;
    for (int i = 0; i < AGAIN && fault == FAULT_REOPEN; i++) {
        fault = i > 0 ? old_refresh(reading->old, err) : FAULT_NONE;
        if (fault == FAULT_NONE)
            fault = database_meta(reading->old->open, 0, arena, key, &value, err);
        if (fault == FAULT_NONE)
            fault = old_whole(reading->old, err);
    }
    return fault == FAULT_NONE && value.size > 0 ? making_meta(reading->making, key, value, err) : fault;
}

static enum fault name_make(struct rereading *reading, struct arena *arena, bool tombstones, struct span name,
                            struct error *err)
{
    TRY(rereading_goes_on(reading, err));
    if (tombstones)
        return tombstone_make(reading, arena, name, err);
    progress_tell(reading);
    return meeting_make(reading, span_cut(name, schema_prefix(PREFIX_GROUP).size, name.size), err);
}

/* Every tombstone or every meeting. `after` is the last name of the page before, in the arena of that page. */
static enum fault names_make(struct rereading *reading, bool tombstones, struct error *err)
{
    struct arena *before = NULL;
    struct span after = {NULL, 0};
    enum fault fault = FAULT_NONE;
    for (bool more = true; more && fault == FAULT_NONE;) {
        struct arena *arena = arena_new(reading->arena_bytes);
        struct span_list page = {NULL, 0};
        fault = arena != NULL ? names_page(reading, arena, tombstones, after, &page, err) : memory_fault(err);
        more = page.count > 0;
        for (size_t i = 0; i < page.count && fault == FAULT_NONE; i++)
            fault = name_make(reading, arena, tombstones, page.items[i], err);
        if (more)
            after = page.items[page.count - 1];
        arena_free(&before);
        before = arena;
    }
    arena_free(&before);
    return fault;
}

enum fault rereading_all(struct rereading *reading, struct making *making, struct error *err)
{
    reading->making = making;
    TRY(names_make(reading, true, err));
    return names_make(reading, false, err);
}

/* ---- begin and end */

enum fault rereading_open(struct rereading *reading, struct error *err)
{
    reading->told_ms = clock_steady_ms();
    reading->names = arena_new(reading->arena_bytes);
    reading->scratch = arena_new(reading->arena_bytes);
    if (reading->names == NULL || reading->scratch == NULL)
        return memory_fault(err);
    TRY(database_term_freq(reading->old->open, 0, SPAN("XTYPEmeeting"), &reading->total, err));
    metric_add(METRIC_REBUILD_OF, reading->total);
    return in_hand_open(&reading->in_hand, reading->data_dir, reading->shard, err);
}

void rereading_close(struct rereading *reading)
{
    metric_add(METRIC_REBUILD_READ, 0 - reading->meetings);
    metric_add(METRIC_REBUILD_OF, 0 - reading->total);
    in_hand_close(&reading->in_hand);
    arena_free(&reading->names);
    arena_free(&reading->scratch);
}
