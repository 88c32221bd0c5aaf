/* old: two readers that see one state. On the thread that makes a new generation. */
#include "old.h"

#include "schema.h"
#include "term.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

enum { SCRATCH_BYTES = 64 * 1024, PATIENCE = 50, PATIENCE_MS = 4 };

static enum fault part_open(const char *path, struct database **database, struct error *err)
{
    return database_open_read(&path, 1, database, err);
}

enum fault old_open_part(const struct generation *generation, struct database **database, struct error *err)
{
    char young[YOUNG_MAX][PATH_MAX];
    const char *paths[1 + YOUNG_MAX] = {generation->open};
    for (size_t i = 0; i < generation->young.count; i++) {
        TRY(generation_young(generation, i, young[i], err));
        paths[i + 1] = young[i];
    }
    const struct database_row row = {paths, 1 + generation->young.count};
    return database_open_rows(&row, 1, database, err);
}

enum fault old_open(struct old *old, const struct generation *generation, struct error *err)
{
    *old = (struct old){.generation = *generation};
    enum fault fault = old_open_part(&old->generation, &old->open, err);
    if (fault == FAULT_NONE)
        fault = old_refresh(old, err);
    if (fault != FAULT_NONE)
        old_close(old);
    return fault;
}

void old_close(struct old *old)
{
    database_close(&old->open);
    database_close(&old->closed);
}

static enum fault sequence_of(struct database *database, uint64_t *sequence, struct error *err)
{
    struct arena *arena = arena_new(SCRATCH_BYTES);
    struct span value = {"", 0};
    if (arena == NULL)
        return error_set(err, FAULT_REOPEN, "memory", "out of memory");
    enum fault fault = database_meta(database, 0, arena, schema_key(KEY_SEQUENCE), &value, err);
    *sequence = fault == FAULT_NONE && value.size > 0 ? strtoull(value.at, NULL, 10) : 0;
    arena_free(&arena);
    return fault;
}

/* The open part first: what it holds is closed already, and the closed part that is read after it has all of that. */
static enum fault parts_refresh(struct old *old, bool *even, struct error *err)
{
    uint64_t open = 0, closed = 0;
    struct stat about;
    TRY(database_refresh(old->open, NULL, err));
    if (old->closed != NULL)
        TRY(database_refresh(old->closed, NULL, err));
    else if (stat(old->generation.closed, &about) == 0)
        TRY(part_open(old->generation.closed, &old->closed, err));
    *even = old->closed == NULL;
    if (*even)
        return FAULT_NONE;
    TRY(sequence_of(old->open, &open, err));
    TRY(sequence_of(old->closed, &closed, err));
    *even = closed <= open;
    return FAULT_NONE;
}

enum fault old_refresh(struct old *old, struct error *err)
{
    bool even = false;
    for (int i = 0; i < PATIENCE && !even; i++) {
        const struct timespec moment = {.tv_nsec = PATIENCE_MS * 1000000L};
        if (i > 0)
            nanosleep(&moment, NULL);
        TRY(parts_refresh(old, &even, err));
    }
    return FAULT_NONE;
}

enum fault old_whole(const struct old *old, struct error *err)
{
    TRY(database_whole(old->open, err));
    return old->closed != NULL ? database_whole(old->closed, err) : FAULT_NONE;
}

static enum fault counts(struct old *old, struct arena *arena, struct span id, struct span *group, uint64_t *open,
                         uint64_t *closed, struct error *err)
{
    *group = term_group(arena, id);
    *open = *closed = 0;
    if (group->at == NULL)
        return arena_full(err);
    TRY(database_term_freq(old->open, 0, *group, open, err));
    return old->closed != NULL ? database_term_freq(old->closed, 0, *group, closed, err) : FAULT_NONE;
}

static enum fault document_read(struct old *old, struct arena *arena, struct span id, size_t n,
                                struct old_meeting *meeting, struct error *err)
{
    static const uint32_t slots[] = {SLOT_DIGEST};
    struct stored_data *document = &meeting->documents[n];
    struct span unique = term_unique(arena, id, n), digest = {"", 0};
    bool found;
    if (unique.at == NULL)
        return arena_full(err);
    TRY(database_find(old->open, 0, arena, unique, slots, 1, &digest, &document->data, &found, err));
    if (n == 0 && found && digest.size == sizeof meeting->digest)
        memcpy(meeting->digest, digest.at, sizeof meeting->digest);
    document->closed = !found;
    if (!found && n > 0 && old->closed != NULL)
        TRY(database_find(old->closed, 0, arena, unique, NULL, 0, NULL, &document->data, &found, err));
    return found ? FAULT_NONE
                 : error_set(err, FAULT_REJECT, "record.gap", "document %zu of %zu of a meeting is missing", n,
                             meeting->count);
}

static enum fault meeting_read(struct old *old, struct arena *arena, struct span id, struct old_meeting *meeting,
                               struct error *err)
{
    struct span group;
    uint64_t open, closed;
    *meeting = (struct old_meeting){.count = 0};
    TRY(counts(old, arena, id, &group, &open, &closed, err));
    if (open == 0)
        return FAULT_NONE; /* what is closed of a meeting that is not there is a crash's, never acknowledged */
    meeting->count = (size_t)(open + closed);
    meeting->documents = arena_zero(arena, meeting->count, sizeof *meeting->documents);
    if (meeting->documents == NULL)
        return arena_full(err);
    for (size_t n = 0; n < meeting->count; n++)
        TRY(document_read(old, arena, id, n, meeting, err));
    return FAULT_NONE;
}

/* What is missing may have been written over. */
static enum fault told(const struct old *old, enum fault fault, struct error *err)
{
    struct error overtaken;
    if ((fault != FAULT_NONE && fault != FAULT_REJECT) || old_whole(old, &overtaken) == FAULT_NONE)
        return fault;
    *err = overtaken;
    return FAULT_REOPEN;
}

enum fault old_read(struct old *old, struct arena *arena, struct span id, struct old_meeting *meeting,
                    struct error *err)
{
    return told(old, meeting_read(old, arena, id, meeting, err), err);
}

static enum fault record_read(struct old *old, struct arena *arena, struct span id, struct index_record *record,
                              struct error *err)
{
    struct span group, prefix = schema_prefix(PREFIX_UNIQUE);
    uint64_t there[2];
    struct database *parts[] = {old->open, old->closed};
    *record = (struct index_record){.id = id};
    TRY(counts(old, arena, id, &group, &there[0], &there[1], err));
    record->group = group;
    if (there[0] == 0)
        return FAULT_NONE;
    struct index_document *all = arena_zero(arena, (size_t)(there[0] + there[1]), sizeof *all);
    if (all == NULL)
        return arena_full(err);
    for (int closed = 0; closed < 2; closed++) {
        struct index_document *documents = NULL;
        size_t count = 0;
        if (there[closed] > 0)
            TRY(database_documents(parts[closed], 0, arena, group, prefix, &documents, &count, err));
        for (size_t i = 0; i < count && record->document_count < there[0] + there[1]; i++) {
            all[record->document_count] = documents[i];
            all[record->document_count++].closed = closed != 0;
        }
    }
    record->documents = all;
    return FAULT_NONE;
}

enum fault old_record(struct old *old, struct arena *arena, struct span id, struct index_record *record,
                      struct error *err)
{
    return told(old, record_read(old, arena, id, record, err), err);
}
