/* check: see check.h. On the thread of the command. */
#include "check.h"

#include "generation.h"
#include "old.h"
#include "schema.h"
#include "shard.h"
#include "shard_map.h"
#include "term.h"
#include "version.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE = 1000, DOCUMENT_BYTES = 64 << 20 };
#define ARENA_BYTES ((size_t)2 << 30)

struct check {
    const char *data_dir;
    uint32_t shard, shards;
    void (*tell)(void *self, const struct finding *finding);
    void *self;
    struct check_summary *summary;
    struct old old;
    struct arena *scratch; /* of one meeting at a time */
};

static void find(struct check *check, bool closed, const char *rule, struct span id, const char *text)
{
    const struct finding finding = {check->shard, closed, rule, id, text};
    check->summary->findings++;
    check->tell(check->self, &finding);
}

static void find_fault(struct check *check, bool closed, const char *rule, struct span id, const struct error *why)
{
    find(check, closed, rule, id, why->text);
}

static const struct span whole_part = {"", 0};

/* ---- Xapian's check */

static void xapian_check(struct check *check, bool closed, const char *path)
{
    struct error why;
    char words[CHECK_WORDS_BYTES], text[CHECK_WORDS_BYTES + 64];
    uint64_t errors;
    if (database_check(path, &errors, words, &why) != FAULT_NONE) {
        find_fault(check, closed, "check.xapian", whole_part, &why);
        return;
    }
    for (char *at = words; *at != '\0'; at++)
        *at = *at == '\n' ? ' ' : *at;
    snprintf(text, sizeof text, "%" PRIu64 " errors: %s", errors, words);
    if (errors > 0)
        find(check, closed, "check.xapian", whole_part, text);
}

/* ---- metadata */

static bool meta_number(struct check *check, bool closed, struct database *database, struct arena *arena,
                        enum schema_key key, uint64_t *number)
{
    struct error why;
    struct span value = {"", 0};
    char text[80];
    *number = 0;
    if (database_meta(database, 0, arena, schema_key(key), &value, &why) != FAULT_NONE) {
        find_fault(check, closed, "check.read", whole_part, &why);
        return false;
    }
    if (value.size == 0) {
        snprintf(text, sizeof text, "the metadata have no '%s'", schema_key(key).at);
        find(check, closed, "check.metadata", whole_part, text);
        return false;
    }
    *number = strtoull(value.at, NULL, 10);
    return true;
}

static void metadata_check(struct check *check, bool closed, struct database *database)
{
    struct arena *arena = arena_new(1 << 20);
    uint64_t number, ignored;
    if (arena == NULL)
        return;
    if (meta_number(check, closed, database, arena, KEY_SHARD, &number) && number != check->shard)
        find(check, closed, "check.metadata", whole_part, "it says it is another shard");
    if (meta_number(check, closed, database, arena, KEY_SHARDS, &number) && number != check->shards)
        find(check, closed, "check.metadata", whole_part, "it is of an index with another number of shards");
    if (meta_number(check, closed, database, arena, KEY_SCHEMA, &number) && number > SCHEMA_VERSION)
        find(check, closed, "check.metadata", whole_part, "it is of a newer referent; use that one");
    (void)meta_number(check, closed, database, arena, KEY_ANALYSIS, &ignored);
    (void)meta_number(check, closed, database, arena, KEY_SEQUENCE, &ignored);
    (void)meta_number(check, closed, database, arena, KEY_LINEAGE, &ignored);
    arena_free(&arena);
}

/* ---- meetings */

static void versions_check(struct check *check, struct arena *arena, struct span id, const struct index_record *record)
{
    uint64_t first = 0, stored = 0;
    for (size_t i = 0; i < record->document_count; i++) {
        const struct index_document *document = &record->documents[i];
        struct span slot = {"", 0};
        for (size_t v = 0; v < document->value_count; v++)
            if (document->values[v].slot == SLOT_VERSION)
                slot = document->values[v].bytes;
        uint64_t version = version_read(slot);
        first = i == 0 ? version : first;
        if (version != first) {
            find(check, document->closed, "check.version", id, "its documents are of different versions");
            return;
        }
    }
    struct error why;
    struct source source;
    if (record->document_count > 0 && record_source(arena, record->documents[0].data, &source, &why) == FAULT_NONE)
        stored = source.version;
    if (record->document_count > 0 && stored != first)
        find(check, false, "check.version", id, "its value slot and its data name different versions");
}

static bool deleted(struct check *check, struct arena *arena, struct span id)
{
    struct error why;
    struct span prefix = schema_key(KEY_DELETED), value = {"", 0};
    struct text key = arena_format(arena, "%s%.*s", prefix.at, (int)id.size, id.at);
    return key.at != NULL &&
           database_meta(check->old.open, 0, arena, (struct span){key.at, key.size}, &value, &why) == FAULT_NONE &&
           value.size > 0;
}

static void meeting_check(struct check *check, struct span id)
{
    struct arena *arena = check->scratch;
    struct error why;
    struct old_meeting meeting;
    struct index_record record;
    struct span body;
    arena_reset(arena);
    check->summary->meetings++;
    enum fault fault = old_read(&check->old, arena, id, &meeting, &why);
    if (fault != FAULT_NONE)
        find_fault(check, false, fault == FAULT_REJECT ? "check.gap" : "check.read", id, &why);
    else if (meeting.count > 0 &&
             recall_body(arena, meeting.documents, meeting.count, DOCUMENT_BYTES, &body, &why) != FAULT_NONE)
        find_fault(check, false, "check.meeting", id, &why);
    if (old_record(&check->old, arena, id, &record, &why) != FAULT_NONE)
        find_fault(check, false, "check.read", id, &why);
    else
        versions_check(check, arena, id, &record);
    if (shard_of(id, check->shards) != check->shard)
        find(check, false, "check.shard", id, "it belongs to another shard");
    if (deleted(check, arena, id))
        find(check, false, "check.tombstone", id, "it is there, and it is deleted");
}

/* Closed items whose meeting is not there. */
static void orphan_check(struct check *check, struct span id)
{
    struct arena *arena = arena_new(1 << 20);
    struct error why;
    uint64_t open = 0;
    struct span group = arena != NULL ? term_group(arena, id) : whole_part;
    if (group.size > 0 && database_term_freq(check->old.open, 0, group, &open, &why) == FAULT_NONE && open == 0)
        find(check, true, "check.orphan", id, "closed items of a meeting that is not there");
    arena_free(&arena);
}

/* Every id of a part. `after` is the last name of the page before, in the arena of that page. */
static void ids_check(struct check *check, bool closed, void (*each)(struct check *check, struct span id))
{
    struct database *database = closed ? check->old.closed : check->old.open;
    struct arena *before = NULL;
    struct span after = {NULL, 0}, prefix = schema_prefix(PREFIX_GROUP);
    for (bool more = true; more;) {
        struct error why;
        struct span_list page = {NULL, 0};
        struct arena *arena = arena_new(16 << 20);
        if (arena != NULL && database_terms(database, 0, arena, prefix, after, PAGE, &page, &why) != FAULT_NONE)
            find_fault(check, closed, "check.read", whole_part, &why);
        more = page.count > 0;
        for (size_t i = 0; i < page.count; i++)
            each(check, span_cut(page.items[i], prefix.size, page.items[i].size));
        if (more)
            after = page.items[page.count - 1];
        arena_free(&before);
        before = arena;
    }
    arena_free(&before);
}

/* ---- a shard */

static enum fault switch_check(struct check *check, struct error *err)
{
    char path[PATH_MAX];
    struct stat about;
    if (snprintf(path, sizeof path, "%s/switch-%04u", check->data_dir, check->shard) >= (int)sizeof path)
        return error_set(err, FAULT_STOP, "data.path", "data_dir is too long");
    if (stat(path, &about) == 0)
        find(check, false, "check.switch", whole_part,
             "a move to another generation was interrupted; start referentd, which finishes it");
    return FAULT_NONE;
}

static void young_check(struct check *check, const struct generation *current)
{
    char path[PATH_MAX];
    struct error why;
    for (size_t i = 0; i < current->young.count; i++)
        if (generation_young(current, i, path, &why) == FAULT_NONE)
            xapian_check(check, false, path);
        else
            find_fault(check, false, "check.open", whole_part, &why);
}

static void generation_check(struct check *check, const struct generation *current)
{
    struct error why;
    xapian_check(check, false, current->open);
    young_check(check, current);
    if (current->has_closed)
        xapian_check(check, true, current->closed);
    if (old_open(&check->old, current, &why) != FAULT_NONE) {
        find_fault(check, false, "check.open", whole_part, &why);
        return;
    }
    metadata_check(check, false, check->old.open);
    ids_check(check, false, meeting_check);
    if (check->old.closed != NULL) {
        metadata_check(check, true, check->old.closed);
        ids_check(check, true, orphan_check);
    }
    old_close(&check->old);
}

enum fault check_shard(const char *data_dir, uint32_t shard, uint32_t shards,
                       void (*tell)(void *self, const struct finding *finding), void *self,
                       struct check_summary *summary, struct error *err)
{
    struct check check = {
        .data_dir = data_dir, .shard = shard, .shards = shards, .tell = tell, .self = self, .summary = summary};
    struct generation current;
    bool exists;
    TRY(switch_check(&check, err));
    enum fault fault = generation_current(data_dir, shard, &current, &exists, err);
    if (fault != FAULT_NONE && strcmp(err->rule, "data.stub") == 0) {
        find_fault(&check, false, "check.open", whole_part, err);
        summary->shards++;
        return FAULT_NONE;
    }
    TRY(fault);
    check.scratch = arena_new(ARENA_BYTES);
    if (check.scratch == NULL)
        return error_set(err, FAULT_REOPEN, "memory", "out of memory");
    if (exists)
        generation_check(&check, &current);
    else
        find(&check, false, "check.open", whole_part, "the shard has no database; it was never made, or is lost");
    summary->shards++;
    arena_free(&check.scratch);
    return FAULT_NONE;
}

enum fault check_run(const char *data_dir, void (*tell)(void *self, const struct finding *finding), void *self,
                     struct check_summary *summary, struct error *err)
{
    uint32_t shards;
    *summary = (struct check_summary){.shards = 0};
    TRY(shard_census(data_dir, &shards, err));
    if (shards == 0)
        return error_set(err, FAULT_REJECT, "check.source", "there is no index in %.120s", data_dir);
    for (uint32_t shard = 0; shard < shards; shard++) {
        char part[PATH_MAX];
        int hold = -1;
        TRY(directory_part(data_dir, false, shard, part, err));
        if (access(part, F_OK) == 0) /* else there is nothing to hold */
            TRY(directory_hold(part, &hold, err));
        enum fault fault = check_shard(data_dir, shard, shards, tell, self, summary, err);
        directory_release(&hold);
        TRY(fault);
    }
    return FAULT_NONE;
}
