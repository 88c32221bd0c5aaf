/* renewal: the next generation follows the old one. On the thread of whoever makes it, at last on the writer's. */
#include "renewal.h"

#include "schema.h"
#include "term.h"

enum { PAGE = 256, ARENA_BYTES = 1 << 30, AGAIN = 8 };

enum fault renewal_open(struct renewal *renewal, const struct generation *next, struct error *err)
{
    renewal->next = *next;
    TRY(database_open_write(renewal->next.open, &renewal->open, err));
    return renewal->next.has_closed ? database_open_write(renewal->next.closed, &renewal->closed, err) : FAULT_NONE;
}

void renewal_close(struct renewal *renewal)
{
    database_close(&renewal->open);
    database_close(&renewal->closed);
}

/* ---- batches in the next generation; the closed part is made when it is needed, and begun with the open one */

static enum fault next_begin(struct renewal *renewal, struct error *err)
{
    renewal->open_changed = renewal->closed_changed = false;
    TRY(database_begin(renewal->open, err));
    return renewal->closed != NULL ? database_begin(renewal->closed, err) : FAULT_NONE;
}

/* A commit of nothing is a fault. */
static enum fault part_commit(struct database *database, bool changed, struct error *err)
{
    return changed ? database_commit(database, err) : database_cancel(database, err);
}

static enum fault next_commit(struct renewal *renewal, struct error *err)
{
    if (renewal->closed != NULL)
        TRY(part_commit(renewal->closed, renewal->closed_changed, err));
    return part_commit(renewal->open, renewal->open_changed, err);
}

/* Delete the documents of a meeting, if there are any. */
static enum fault group_delete(struct renewal *renewal, struct span group, struct error *err)
{
    struct database *parts[] = {renewal->open, renewal->closed};
    bool *changed[] = {&renewal->open_changed, &renewal->closed_changed};
    for (int i = 0; i < 2; i++) {
        uint64_t there = 0;
        if (parts[i] != NULL)
            TRY(database_term_freq(parts[i], 0, group, &there, err));
        if (there == 0)
            continue;
        *changed[i] = true;
        TRY(database_delete(parts[i], group, err));
    }
    return FAULT_NONE;
}

static enum fault stone_write(struct renewal *renewal, struct span key, struct span value, struct error *err)
{
    renewal->open_changed = true;
    return database_meta_set(renewal->open, key, value, err);
}

static enum fault closed_make(struct renewal *renewal, struct error *err)
{
    if (renewal->closed != NULL)
        return FAULT_NONE;
    TRY(database_open_write(renewal->next.closed, &renewal->closed, err));
    renewal->next.has_closed = true;
    return database_begin(renewal->closed, err);
}

static enum fault record_put(struct renewal *renewal, const struct index_record *record, struct error *err)
{
    TRY(group_delete(renewal, record->group, err));
    for (size_t i = 0; i < record->document_count; i++) {
        const struct index_document *document = &record->documents[i];
        if (document->closed)
            TRY(closed_make(renewal, err));
        *(document->closed ? &renewal->closed_changed : &renewal->open_changed) = true;
        TRY(database_add(document->closed ? renewal->closed : renewal->open, document, err));
    }
    return FAULT_NONE;
}

/* Put the meeting in the batch that is begun. A reader that a commit overtakes reads again. */
static enum fault meeting_put(struct renewal *renewal, struct span id, struct error *err)
{
    enum fault fault = FAULT_REOPEN;
    struct arena *arena = arena_new(ARENA_BYTES);
    struct index_record record;
    if (arena == NULL)
        return error_set(err, FAULT_REOPEN, "memory", "out of memory");
    for (int i = 0; i < AGAIN && fault == FAULT_REOPEN; i++) {
        fault = i > 0 ? old_refresh(&renewal->old, err) : FAULT_NONE;
        if (fault == FAULT_NONE)
            fault = old_record(&renewal->old, arena, id, &record, err);
    }
    if (fault == FAULT_NONE)
        fault = record_put(renewal, &record, err);
    arena_free(&arena);
    return fault;
}

enum fault renewal_put(struct renewal *renewal, struct span id, struct error *err)
{
    TRY(next_begin(renewal, err));
    TRY(meeting_put(renewal, id, err));
    return next_commit(renewal, err);
}

/* ---- documents that are newer than what was seen */

static enum fault newer_page(struct renewal *renewal, struct arena *arena, uint32_t newest, size_t *changed, bool *more,
                             struct error *err)
{
    struct docid_value *page;
    size_t count;
    struct span last = {NULL, 0};
    TRY(database_newer(renewal->old.open, 0, arena, renewal->seen, SLOT_ID, PAGE, &page, &count, err));
    TRY(old_whole(&renewal->old, err));
    *more = count == PAGE;
    TRY(next_begin(renewal, err));
    for (size_t i = 0; i < count; i++) {
        if (last.at != NULL && span_equal(page[i].value, last))
            continue; /* the documents of a meeting follow one another */
        last = page[i].value;
        TRY(meeting_put(renewal, last, err));
        ++*changed;
    }
    TRY(next_commit(renewal, err));
    renewal->seen = *more ? page[count - 1].docid : newest;
    return FAULT_NONE;
}

static enum fault documents_follow(struct renewal *renewal, size_t *changed, struct error *err)
{
    uint32_t newest;
    bool more = true;
    TRY(database_newest(renewal->old.open, 0, &newest, err));
    TRY(old_whole(&renewal->old, err));
    if (newest == renewal->seen)
        return FAULT_NONE;
    while (more) {
        struct arena *arena = arena_new(ARENA_BYTES);
        if (arena == NULL)
            return error_set(err, FAULT_REOPEN, "memory", "out of memory");
        enum fault fault = newer_page(renewal, arena, newest, changed, &more, err);
        arena_free(&arena);
        TRY(fault);
    }
    return FAULT_NONE;
}

/* ---- tombstones: the lists of both generations side by side, window by window */

struct stones {
    struct database *database;
    struct span_list keys;
    size_t at;
    bool last;       /* no more keys behind this window */
    char after[256]; /* a key has at most 8 + 200 bytes */
    size_t after_size;
};

static enum fault stones_fill(struct stones *stones, struct arena *arena, struct error *err)
{
    struct span after = {stones->after, stones->after_size};
    TRY(database_meta_keys(stones->database, 0, arena, schema_key(KEY_DELETED), after, PAGE, &stones->keys, err));
    stones->at = 0;
    stones->last = stones->keys.count < PAGE;
    return FAULT_NONE;
}

static const struct span *stones_head(const struct stones *stones)
{
    return stones->at < stones->keys.count ? &stones->keys.items[stones->at] : NULL;
}

static void stones_pass(struct stones *stones)
{
    struct span key = stones->keys.items[stones->at++];
    stones->after_size = key.size < sizeof stones->after ? key.size : sizeof stones->after;
    memcpy(stones->after, key.at, stones->after_size);
}

/* A tombstone that the old generation has; the meeting is gone, unless it came back since. */
static enum fault stone_set(struct renewal *renewal, struct arena *arena, struct span key, struct span value,
                            struct error *err)
{
    struct span id = span_cut(key, schema_key(KEY_DELETED).size, key.size);
    struct span group = term_group(arena, id);
    if (group.at == NULL)
        return arena_full(err);
    TRY(stone_write(renewal, key, value, err));
    return group_delete(renewal, group, err);
}

/* The smaller key of both lists, or the one they share. */
static enum fault stone_follow(struct renewal *renewal, struct arena *arena, struct stones *old, struct stones *next,
                               size_t *changed, struct error *err)
{
    const struct span *ours = stones_head(old), *theirs = stones_head(next);
    int order = ours == NULL ? 1 : theirs == NULL ? -1 : span_compare(*ours, *theirs);
    struct span key = order <= 0 ? *ours : *theirs, value = {"", 0}, known = {"", 0};
    if (order <= 0) {
        stones_pass(old);
        TRY(database_meta(old->database, 0, arena, key, &value, err));
    }
    if (order >= 0) {
        stones_pass(next);
        TRY(database_meta(next->database, 0, arena, key, &known, err));
    }
    if (span_equal(value, known))
        return FAULT_NONE;
    ++*changed;
    return value.size > 0 ? stone_set(renewal, arena, key, value, err) : stone_write(renewal, key, value, err);
}

/* Until one of the lists has to be read on, or both are at their end. */
static enum fault window_follow(struct renewal *renewal, struct arena *arena, struct stones *old, struct stones *next,
                                size_t *changed, bool *ended, struct error *err)
{
    TRY(stones_fill(old, arena, err));
    TRY(stones_fill(next, arena, err));
    while ((stones_head(old) != NULL || old->last) && (stones_head(next) != NULL || next->last) &&
           (stones_head(old) != NULL || stones_head(next) != NULL))
        TRY(stone_follow(renewal, arena, old, next, changed, err));
    *ended = stones_head(old) == NULL && stones_head(next) == NULL && old->last && next->last;
    return FAULT_NONE;
}

static enum fault stones_follow(struct renewal *renewal, size_t *changed, struct error *err)
{
    struct stones old = {.database = renewal->old.open}, next = {.database = renewal->open};
    bool ended = false;
    while (!ended) {
        struct arena *arena = arena_new(ARENA_BYTES);
        if (arena == NULL)
            return error_set(err, FAULT_REOPEN, "memory", "out of memory");
        enum fault fault = window_follow(renewal, arena, &old, &next, changed, &ended, err);
        arena_free(&arena);
        TRY(fault);
    }
    return FAULT_NONE;
}

/* Tombstones first: a meeting that came back after its deletion is newer than it. */
static enum fault follow(struct renewal *renewal, size_t *changed, struct error *err)
{
    TRY(next_begin(renewal, err));
    TRY(stones_follow(renewal, changed, err));
    TRY(old_whole(&renewal->old, err));
    TRY(next_commit(renewal, err));
    return documents_follow(renewal, changed, err);
}

enum fault renewal_follow(struct renewal *renewal, size_t *changed, struct error *err)
{
    enum fault fault = FAULT_REOPEN;
    *changed = 0;
    for (int i = 0; i < AGAIN && fault == FAULT_REOPEN; i++) {
        if (i > 0) { /* a reader was overtaken in the middle of a batch: what is put again is the same */
            renewal_close(renewal);
            TRY(renewal_open(renewal, &renewal->next, err));
        }
        fault = old_refresh(&renewal->old, err);
        if (fault == FAULT_NONE)
            fault = follow(renewal, changed, err);
    }
    return fault;
}
