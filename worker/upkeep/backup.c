/* backup: an index -> a copy with a manifest. On the thread of the command. */
#include "backup.h"

#include "clock.h"
#include "copying.h"
#include "generation.h"
#include "manifest.h"
#include "schema.h"
#include "store_copy.h"
#include "xapian_care.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { ARENA_BYTES = 64 << 20, FILE_MODE = 0640 };

struct backup {
    const char *data_dir, *target;
    struct arena *arena;
    struct manifest manifest;
    struct backup_summary *summary;
};

/* One folder of files on its way. */
struct folder {
    struct backup *backup;
    const char *from;
    const char *below; /* of the target: shard-0000/gen-000004 */
};

static enum fault target_path(const struct backup *backup, const char *below, char out[static PATH_MAX],
                              struct error *err)
{
    if (snprintf(out, PATH_MAX, "%s/%s", backup->target, below) >= PATH_MAX)
        return error_set(err, FAULT_REJECT, "backup.target", "the path of the backup is too long");
    return FAULT_NONE;
}

static enum fault folder_make(const char *path, struct error *err)
{
    if (mkdir(path, 0750) == 0 || errno == EEXIST)
        return FAULT_NONE;
    return error_set(err, FAULT_REJECT, "backup.target", "%.160s: %s", path, strerror(errno));
}

/* ---- while the shard is held */

static enum fault one_copy(void *self, const char *name, struct error *err)
{
    const struct folder *folder = self;
    char from[PATH_MAX], below[PATH_MAX], to[PATH_MAX];
    if (snprintf(from, sizeof from, "%s/%s", folder->from, name) >= (int)sizeof from ||
        snprintf(below, sizeof below, "%s/%s", folder->below, name) >= (int)sizeof below)
        return error_set(err, FAULT_REJECT, "backup.target", "a path is too long");
    TRY(target_path(folder->backup, below, to, err));
    return file_copy(from, to, FILE_MODE, err);
}

static enum fault part_below(bool closed, uint32_t shard, const char *generation, char part[static 32],
                             char out[static 64])
{
    const char *name = strrchr(generation, '/');
    snprintf(part, 32, "%s-%04u", closed ? "closed" : "shard", shard);
    snprintf(out, 64, "%s/%s", part, name != NULL ? name + 1 : generation);
    return FAULT_NONE;
}

static enum fault part_copy(struct backup *backup, bool closed, uint32_t shard, const char *generation,
                            struct error *err)
{
    char part[32], below[64], path[PATH_MAX];
    TRY(part_below(closed, shard, generation, part, below));
    TRY(target_path(backup, part, path, err));
    TRY(folder_make(path, err));
    TRY(target_path(backup, below, path, err));
    TRY(folder_make(path, err));
    struct folder folder = {backup, generation, below};
    return folder_visit(generation, one_copy, &folder, err);
}

static enum fault generation_copy(struct backup *backup, uint32_t shard, struct generation *current, struct error *err)
{
    bool exists;
    TRY(generation_settle(backup->data_dir, shard, err));
    TRY(generation_current(backup->data_dir, shard, current, &exists, err));
    if (!exists)
        return error_set(err, FAULT_REJECT, "backup.source", "shard %u was never made; start referentd on %.120s once",
                         shard, backup->data_dir);
    TRY(part_copy(backup, false, shard, current->open, err));
    for (size_t i = 0; i < current->young.count; i++) {
        char path[PATH_MAX];
        TRY(generation_young(current, i, path, err));
        TRY(part_copy(backup, false, shard, path, err));
    }
    return current->has_closed ? part_copy(backup, true, shard, current->closed, err) : FAULT_NONE;
}

static enum fault shard_hold(struct backup *backup, uint32_t shard, struct generation *current, struct error *err)
{
    char part[PATH_MAX];
    int hold = -1;
    TRY(directory_part(backup->data_dir, false, shard, part, err));
    TRY(directory_hold(part, &hold, err));
    int64_t begun = clock_steady_ms();
    enum fault fault = generation_copy(backup, shard, current, err);
    directory_release(&hold);
    int64_t held = clock_steady_ms() - begun;
    if (held > backup->summary->longest_hold_ms)
        backup->summary->longest_hold_ms = held;
    return fault;
}

/* ---- what was copied: checked, hashed, synced */

static enum fault one_list(void *self, const char *name, struct error *err)
{
    const struct folder *folder = self;
    struct backup *backup = folder->backup;
    char path[PATH_MAX];
    struct manifest_file *file = LIST_PUSH(backup->arena, &backup->manifest.files);
    if (file == NULL)
        return arena_full(err);
    file->path = arena_format(backup->arena, "%s/%s", folder->below, name);
    if (file->path.at == NULL)
        return arena_full(err);
    TRY(target_path(backup, file->path.at, path, err));
    TRY(file_hash(path, &file->bytes, &file->hash, err));
    backup->summary->bytes += file->bytes;
    return FAULT_NONE;
}

static enum fault database_seal(struct backup *backup, bool closed, uint32_t shard, const char *generation,
                                struct error *err)
{
    char part[32], below[64], path[PATH_MAX], words[CHECK_WORDS_BYTES];
    uint64_t errors;
    TRY(part_below(closed, shard, generation, part, below));
    TRY(target_path(backup, below, path, err));
    TRY(database_check(path, &errors, words, err));
    if (errors > 0)
        return error_set(err, FAULT_REJECT, "check.errors", "%s has %llu errors; see `referent check`: %s", part,
                         (unsigned long long)errors, words);
    struct folder folder = {backup, path, below};
    TRY(folder_visit(path, one_list, &folder, err));
    return folder_sync(path, err);
}

static enum fault stub_make(const struct backup *backup, bool closed, uint32_t shard, const char *generation,
                            const struct young_names *young, struct error *err)
{
    char part[PATH_MAX];
    TRY(directory_part(backup->target, closed, shard, part, err));
    return directory_publish(part, generation, young, err);
}

static enum fault parts_seal(struct backup *backup, uint32_t shard, const struct generation *current, struct error *err)
{
    TRY(database_seal(backup, false, shard, current->open, err));
    for (size_t i = 0; i < current->young.count; i++) {
        char path[PATH_MAX];
        TRY(generation_young(current, i, path, err));
        TRY(database_seal(backup, false, shard, path, err));
    }
    TRY(stub_make(backup, false, shard, current->open, &current->young, err));
    if (!current->has_closed)
        return FAULT_NONE;
    TRY(database_seal(backup, true, shard, current->closed, err));
    return stub_make(backup, true, shard, current->closed, NULL, err);
}

static enum fault meta_take(struct backup *backup, struct database *database, enum schema_key key, struct span *value,
                            struct error *err)
{
    return database_meta(database, 0, backup->arena, schema_key(key), value, err);
}

static enum fault counts_take(struct backup *backup, struct database *open, struct database *closed,
                              struct manifest_shard *shard, struct error *err)
{
    struct span sequence, lineage;
    TRY(meta_take(backup, open, KEY_SEQUENCE, &sequence, err));
    TRY(meta_take(backup, open, KEY_LINEAGE, &lineage, err));
    shard->sequence = sequence.size > 0 ? strtoull(sequence.at, NULL, 10) : 0;
    if (lineage.size != LINEAGE_DIGITS)
        return error_set(err, FAULT_REJECT, "backup.source", "shard %u has no lineage", shard->number);
    memcpy(shard->lineage, lineage.at, LINEAGE_DIGITS);
    TRY(database_term_freq(open, 0, SPAN("XTYPEmeeting"), &shard->meetings, err));
    TRY(database_count(open, 0, &shard->documents, err));
    return closed != NULL ? database_count(closed, 0, &shard->closed, err) : FAULT_NONE;
}

static enum fault shard_describe(struct backup *backup, uint32_t number, bool has_closed, struct error *err)
{
    char parts[2][PATH_MAX];
    struct database *databases[2] = {NULL, NULL};
    struct manifest_shard *shard = LIST_PUSH(backup->arena, &backup->manifest.shards);
    if (shard == NULL)
        return arena_full(err);
    shard->number = number;
    enum fault fault = FAULT_NONE;
    for (int closed = 0; closed < 1 + has_closed && fault == FAULT_NONE; closed++) {
        const char *path = parts[closed];
        fault = directory_part(backup->target, closed != 0, number, parts[closed], err);
        if (fault == FAULT_NONE)
            fault = database_open_read(&path, 1, &databases[closed], err);
    }
    if (fault == FAULT_NONE)
        fault = counts_take(backup, databases[0], databases[1], shard, err);
    database_close(&databases[0]);
    database_close(&databases[1]);
    backup->summary->meetings += shard->meetings;
    backup->summary->documents += shard->documents + shard->closed;
    return fault;
}

static enum fault shard_backup(struct backup *backup, uint32_t shard, struct error *err)
{
    struct generation current;
    TRY(shard_hold(backup, shard, &current, err));
    TRY(parts_seal(backup, shard, &current, err));
    return shard_describe(backup, shard, current.has_closed, err);
}

static enum fault dead_backup(struct backup *backup, struct error *err)
{
    char path[PATH_MAX];
    bool there;
    TRY(target_path(backup, "dead.sqlite", path, err));
    TRY(store_copy(backup->data_dir, path, &there, err));
    if (!there)
        return FAULT_NONE;
    struct manifest_file *file = LIST_PUSH(backup->arena, &backup->manifest.files);
    if (file == NULL)
        return arena_full(err);
    file->path = (struct text){"dead.sqlite", strlen("dead.sqlite")};
    TRY(file_hash(path, &file->bytes, &file->hash, err));
    backup->summary->bytes += file->bytes;
    return file_sync(path, err);
}

/* ---- the whole */

static enum fault all_backup(struct backup *backup, struct error *err)
{
    struct tm now;
    time_t seconds = time(NULL);
    gmtime_r(&seconds, &now);
    strftime(backup->manifest.made, sizeof backup->manifest.made, "%Y-%m-%dT%H:%M:%SZ", &now);
    TRY(directory_shards(backup->data_dir, &backup->manifest.shard_count, err));
    if (backup->manifest.shard_count == 0)
        return error_set(err, FAULT_REJECT, "backup.source", "there is no index in %.120s", backup->data_dir);
    if (!folder_empty(backup->target))
        return error_set(err, FAULT_REJECT, "backup.target", "%.120s is not empty; give a new folder", backup->target);
    TRY(folder_make(backup->target, err));
    for (uint32_t shard = 0; shard < backup->manifest.shard_count; shard++)
        TRY(shard_backup(backup, shard, err));
    TRY(dead_backup(backup, err));
    backup->summary->shards = backup->manifest.shard_count;
    return manifest_write(backup->target, &backup->manifest, err);
}

enum fault backup_make(const char *data_dir, const char *target, struct backup_summary *summary, struct error *err)
{
    *summary = (struct backup_summary){.shards = 0};
    struct backup backup = {
        .data_dir = data_dir, .target = target, .arena = arena_new(ARENA_BYTES), .summary = summary};
    if (backup.arena == NULL)
        return error_set(err, FAULT_REOPEN, "memory", "out of memory");
    enum fault fault = all_backup(&backup, err);
    arena_free(&backup.arena);
    return fault;
}
