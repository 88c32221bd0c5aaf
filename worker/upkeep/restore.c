/* restore: a backup -> an index of a new lineage. On the thread of the command. */
#include "backup.h"

#include "copying.h"
#include "generation.h"
#include "lineage.h"
#include "manifest.h"
#include "schema.h"
#include "xapian_care.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ARENA_BYTES = 64 << 20 };

struct restore {
    const char *source, *data_dir;
    struct arena *arena;
    struct manifest manifest;
    struct backup_summary *summary;
};

static enum fault path_of(const char *folder, const char *below, char out[static PATH_MAX], struct error *err)
{
    if (snprintf(out, PATH_MAX, "%s/%s", folder, below) >= PATH_MAX)
        return error_set(err, FAULT_REJECT, "restore.target", "a path is too long");
    return FAULT_NONE;
}

static enum fault system_fault(struct error *err, const char *path)
{
    return error_set(err, FAULT_REJECT, "restore.target", "%.160s: %s", path, strerror(errno));
}

/* ---- the target: empty, or what an interrupted restore left */

static bool ours(const char *name)
{
    return strncmp(name, "shard-", 6) == 0 || strncmp(name, "closed-", 7) == 0;
}

static void part_remove(const char *part)
{
    DIR *folder = opendir(part);
    if (folder == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        struct generation alone = {.has_closed = false};
        bool inside = strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
        if (inside && unlinkat(dirfd(folder), entry->d_name, 0) != 0 &&
            snprintf(alone.open, sizeof alone.open, "%s/%s", part, entry->d_name) < (int)sizeof alone.open)
            generation_remove(&alone);
    }
    closedir(folder);
    (void)rmdir(part);
}

static enum fault leftovers_remove(const struct restore *restore, struct error *err)
{
    char path[PATH_MAX];
    DIR *folder = opendir(restore->data_dir);
    if (folder == NULL)
        return system_fault(err, restore->data_dir);
    enum fault fault = FAULT_NONE;
    for (struct dirent *entry; fault == FAULT_NONE && (entry = readdir(folder)) != NULL;) {
        fault = path_of(restore->data_dir, entry->d_name, path, err);
        if (fault == FAULT_NONE && ours(entry->d_name))
            part_remove(path);
        if (fault == FAULT_NONE && strncmp(entry->d_name, "dead.sqlite", 11) == 0)
            (void)unlink(path);
    }
    closedir(folder);
    return fault;
}

/* Nothing but what this restore made itself: its lock, and the sign that it is under way. */
static bool fresh(const char *data_dir)
{
    DIR *folder = opendir(data_dir);
    bool empty = true;
    if (folder == NULL)
        return errno == ENOENT;
    for (struct dirent *entry; empty && (entry = readdir(folder)) != NULL;)
        empty = entry->d_name[0] == '.' || strcmp(entry->d_name, "lock") == 0;
    closedir(folder);
    return empty;
}

static enum fault target_begin(const struct restore *restore, const char *sign, struct error *err)
{
    struct stat about;
    if (stat(sign, &about) == 0)
        TRY(leftovers_remove(restore, err));
    else if (!fresh(restore->data_dir))
        return error_set(err, FAULT_REJECT, "restore.target",
                         "%.120s is not empty; restore into a new folder, or move the old index away",
                         restore->data_dir);
    int file = open(sign, O_WRONLY | O_CREAT | O_CLOEXEC, 0640);
    if (file < 0)
        return system_fault(err, sign);
    close(file);
    return directory_sync(restore->data_dir, err);
}

/* ---- files */

/* The folders that lead to shard-0000/gen-000004/postlist.glass. */
static enum fault folders_make(const struct restore *restore, const char *below, struct error *err)
{
    char path[PATH_MAX];
    for (const char *slash = below; (slash = strchr(slash, '/')) != NULL; slash++) {
        char part[128];
        snprintf(part, sizeof part, "%.*s", (int)(slash - below), below);
        TRY(path_of(restore->data_dir, part, path, err));
        if (mkdir(path, 0750) != 0 && errno != EEXIST)
            return system_fault(err, path);
    }
    return FAULT_NONE;
}

static enum fault file_restore(const struct restore *restore, const struct manifest_file *file, struct error *err)
{
    char from[PATH_MAX], to[PATH_MAX];
    uint64_t bytes, hash;
    bool dead = strcmp(file->path.at, "dead.sqlite") == 0;
    TRY(path_of(restore->source, file->path.at, from, err));
    TRY(path_of(restore->data_dir, file->path.at, to, err));
    TRY(folders_make(restore, file->path.at, err));
    TRY(file_copy(from, to, dead ? 0600 : 0640, err));
    TRY(file_hash(to, &bytes, &hash, err));
    if (bytes != file->bytes || hash != file->hash)
        return error_set(err, FAULT_REJECT, "backup.damaged", "%.160s is not what was backed up", from);
    restore->summary->bytes += bytes;
    return file_sync(to, err);
}

/* ---- shards */

/* Find the generation of a part: the manifest names its files. False if the part is not in the backup. */
static bool part_find(const struct restore *restore, bool closed, uint32_t shard, char generation[static PATH_MAX])
{
    char part[32];
    int size = snprintf(part, sizeof part, "%s-%04u/", closed ? "closed" : "shard", shard);
    for (size_t i = 0; i < restore->manifest.files.count; i++) {
        const char *path = restore->manifest.files.items[i].path.at;
        bool here = strncmp(path, part, (size_t)size) == 0 && strncmp(path + size, "gen-", 4) == 0;
        const char *end = here ? strrchr(path, '/') : NULL;
        if (end != NULL)
            return snprintf(generation, PATH_MAX, "%s/%.*s", restore->data_dir, (int)(end - path), path) < PATH_MAX;
    }
    return false;
}

/* The young segments of a shard, in the order of their names; which one stands first is of no consequence. */
static enum fault young_find(const struct restore *restore, uint32_t shard, struct young_names *young,
                             struct error *err)
{
    char part[32], name[YOUNG_NAME_BYTES];
    int size = snprintf(part, sizeof part, "shard-%04u/", shard);
    young->count = 0;
    for (size_t i = 0; i < restore->manifest.files.count; i++) {
        const char *path = restore->manifest.files.items[i].path.at;
        bool known = strncmp(path, part, (size_t)size) != 0;
        snprintf(name, sizeof name, "%.12s", known ? "" : path + size);
        known = known || !directory_is_young(name);
        for (size_t n = 0; n < young->count; n++)
            known = known || strcmp(young->at[n], name) == 0;
        if (!known && young->count == YOUNG_MAX)
            return error_set(err, FAULT_REJECT, "backup.damaged", "shard %" PRIu32 " has too many segments", shard);
        if (!known)
            memcpy(young->at[young->count++], name, sizeof name);
    }
    return FAULT_NONE;
}

static enum fault meta_write(struct database *database, enum schema_key key, const char *value, struct error *err)
{
    return database_meta_set(database, schema_key(key), span_of(value), err);
}

static enum fault identity_write(struct database *database, const char *lineage, const char *sequence,
                                 struct error *err)
{
    TRY(database_begin(database, err));
    TRY(meta_write(database, KEY_LINEAGE, lineage, err));
    TRY(meta_write(database, KEY_SEQUENCE, sequence, err));
    return database_commit(database, err);
}

static enum fault whole_check(const char *path, struct error *err)
{
    uint64_t errors;
    char words[CHECK_WORDS_BYTES];
    TRY(database_check(path, &errors, words, err));
    return errors == 0 ? FAULT_NONE
                       : error_set(err, FAULT_REJECT, "backup.damaged", "%.100s has %" PRIu64 " errors: %s", path,
                                   errors, words);
}

/* Check it, and make it another index than the one it was copied from. */
static enum fault part_renew(const char *generation, const char *lineage, const char *sequence, struct error *err)
{
    struct database *database = NULL;
    TRY(whole_check(generation, err));
    enum fault fault = database_open_write(generation, &database, err);
    if (fault == FAULT_NONE)
        fault = identity_write(database, lineage, sequence, err);
    database_close(&database);
    return fault == FAULT_NONE ? folder_sync(generation, err) : fault;
}

static enum fault shard_restore(const struct restore *restore, const struct manifest_shard *shard, struct error *err)
{
    char lineage[2 * LINEAGE_BYTES + 1], sequence[24], part[PATH_MAX];
    struct generation generation = {.has_closed = false};
    if (!part_find(restore, false, shard->number, generation.open))
        return error_set(err, FAULT_REJECT, "backup.damaged", "shard %" PRIu32 " is not in the backup", shard->number);
    generation.has_closed = part_find(restore, true, shard->number, generation.closed);
    TRY(lineage_make(lineage, err));
    snprintf(sequence, sizeof sequence, "%" PRIu64, shard->sequence + 1);
    TRY(part_renew(generation.open, lineage, sequence, err));
    TRY(young_find(restore, shard->number, &generation.young, err));
    for (size_t i = 0; i < generation.young.count; i++) {
        TRY(generation_young(&generation, i, part, err));
        TRY(whole_check(part, err));
        TRY(folder_sync(part, err));
    }
    if (generation.has_closed)
        TRY(part_renew(generation.closed, lineage, sequence, err));
    for (int closed = generation.has_closed; closed >= 0; closed--) {
        TRY(directory_part(restore->data_dir, closed != 0, shard->number, part, err));
        TRY(directory_publish(part, closed ? generation.closed : generation.open, closed ? NULL : &generation.young,
                              err));
    }
    restore->summary->meetings += shard->meetings;
    restore->summary->documents += shard->documents + shard->closed;
    return FAULT_NONE;
}

/* ---- the whole */

static enum fault all_restore(struct restore *restore, struct error *err)
{
    char sign[PATH_MAX];
    TRY(path_of(restore->data_dir, "restoring", sign, err));
    TRY(target_begin(restore, sign, err));
    for (size_t i = 0; i < restore->manifest.files.count; i++)
        TRY(file_restore(restore, &restore->manifest.files.items[i], err));
    for (size_t i = 0; i < restore->manifest.shards.count; i++)
        TRY(shard_restore(restore, &restore->manifest.shards.items[i], err));
    restore->summary->shards = restore->manifest.shard_count;
    TRY(directory_sync(restore->data_dir, err));
    if (unlink(sign) != 0)
        return system_fault(err, sign);
    return directory_sync(restore->data_dir, err);
}

/* A folder with an index is refused before its lock is touched, whoever holds it. */
static enum fault target_look(const char *data_dir, struct error *err)
{
    char sign[PATH_MAX];
    struct stat about;
    TRY(path_of(data_dir, "restoring", sign, err));
    if (stat(sign, &about) == 0 || fresh(data_dir))
        return FAULT_NONE;
    return error_set(err, FAULT_REJECT, "restore.target",
                     "%.120s is not empty; restore into a new folder, or move the old index away", data_dir);
}

enum fault restore_make(const char *source, const char *data_dir, struct backup_summary *summary, struct error *err)
{
    int lock = -1;
    *summary = (struct backup_summary){.shards = 0};
    struct restore restore = {
        .source = source, .data_dir = data_dir, .arena = arena_new(ARENA_BYTES), .summary = summary};
    if (restore.arena == NULL)
        return error_set(err, FAULT_REOPEN, "memory", "out of memory");
    enum fault fault = manifest_read(source, restore.arena, &restore.manifest, err);
    if (fault == FAULT_NONE)
        fault = target_look(data_dir, err);
    if (fault == FAULT_NONE)
        fault = directory_lock(data_dir, &lock, err);
    if (fault == FAULT_NONE)
        fault = all_restore(&restore, err);
    directory_unlock(&lock);
    arena_free(&restore.arena);
    return fault;
}
