/* manifest: lines out and in. */
#include "manifest.h"

#include "copying.h"
#include "directory.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { FORMAT = 1, MANIFEST_MAX_BYTES = 64 << 20, SHARDS_MAX = 10000 };

static enum fault path_of(const char *folder, const char *name, char out[static PATH_MAX], struct error *err)
{
    if (snprintf(out, PATH_MAX, "%s/%s", folder, name) >= PATH_MAX)
        return error_set(err, FAULT_REJECT, "backup.path", "the path of the backup is too long");
    return FAULT_NONE;
}

static enum fault write_fault(struct error *err, const char *path)
{
    return error_set(err, FAULT_REOPEN, "backup.manifest", "%.160s: %s", path, strerror(errno));
}

/* ---- out */

static void lines_print(FILE *out, const struct manifest *manifest)
{
    fprintf(out, "referent-backup %d\nmade %s\nshards %" PRIu32 "\n", FORMAT, manifest->made, manifest->shard_count);
    for (size_t i = 0; i < manifest->shards.count; i++) {
        const struct manifest_shard *shard = &manifest->shards.items[i];
        fprintf(out,
                "shard %" PRIu32 " sequence %" PRIu64 " lineage %s meetings %" PRIu64 " documents %" PRIu64
                " closed %" PRIu64 "\n",
                shard->number, shard->sequence, shard->lineage, shard->meetings, shard->documents, shard->closed);
    }
    for (size_t i = 0; i < manifest->files.count; i++)
        fprintf(out, "file %s %" PRIu64 " %016" PRIx64 "\n", manifest->files.items[i].path.at,
                manifest->files.items[i].bytes, manifest->files.items[i].hash);
}

enum fault manifest_write(const char *folder, const struct manifest *manifest, struct error *err)
{
    char path[PATH_MAX], fresh[PATH_MAX], *lines = NULL;
    size_t size = 0;
    TRY(path_of(folder, "manifest", path, err));
    TRY(path_of(folder, "manifest.new", fresh, err));
    FILE *memory = open_memstream(&lines, &size);
    if (memory == NULL)
        return write_fault(err, path);
    lines_print(memory, manifest);
    bool whole = fclose(memory) == 0;
    FILE *file = whole ? fopen(fresh, "we") : NULL;
    whole = file != NULL && fwrite(lines, 1, size, file) == size &&
            fprintf(file, "end %016" PRIx64 "\n", (uint64_t)XXH3_64bits(lines, size)) > 0;
    whole = file != NULL && fclose(file) == 0 && whole;
    free(lines);
    if (!whole)
        return write_fault(err, fresh);
    TRY(file_sync(fresh, err));
    if (rename(fresh, path) != 0)
        return write_fault(err, path);
    return directory_sync(folder, err);
}

/* ---- in */

static enum fault damaged(struct error *err, const char *what)
{
    return error_set(err, FAULT_REJECT, "backup.damaged", "the manifest is damaged: %s", what);
}

static enum fault file_read(const char *path, struct arena *arena, struct text *text, struct error *err)
{
    uint64_t bytes, hash;
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return error_set(err, FAULT_REJECT, "backup.unfinished",
                         "%.160s: %s; this is no backup, or one that was interrupted", path, strerror(errno));
    fclose(file);
    TRY(file_hash(path, &bytes, &hash, err));
    if (bytes > MANIFEST_MAX_BYTES)
        return damaged(err, "it is too long");
    char *at = arena_alloc(arena, (size_t)bytes + 1);
    file = at != NULL ? fopen(path, "re") : NULL;
    size_t size = file != NULL ? fread(at, 1, (size_t)bytes, file) : 0;
    if (file != NULL)
        fclose(file);
    if (at == NULL)
        return arena_full(err);
    at[size] = '\0';
    *text = (struct text){at, size};
    return size == bytes ? FAULT_NONE : damaged(err, "it cannot be read");
}

/* The last line is the hash of those before it; a manifest of another format has no such promise. */
static enum fault end_check(struct text text, struct error *err)
{
    unsigned format;
    uint64_t hash;
    if (sscanf(text.at, "referent-backup %u\n", &format) != 1)
        return damaged(err, "it does not begin as one");
    if (format != FORMAT)
        return error_set(err, FAULT_REJECT, "backup.version", "the backup is of format %u, this program knows %d",
                         format, FORMAT);
    const char *end = NULL;
    for (const char *at = text.at; (at = strstr(at, "\nend ")) != NULL; at++)
        end = at + 1;
    if (end == NULL || sscanf(end, "end %16" SCNx64 "\n", &hash) != 1 ||
        (size_t)(end - text.at) + strlen("end 0123456789abcdef\n") != text.size)
        return damaged(err, "it does not end as one");
    return XXH3_64bits(text.at, (size_t)(end - text.at)) == hash ? FAULT_NONE : damaged(err, "its hash is another");
}

/* How many bytes of the path are PART0000/KIND000000/; 0 if it begins otherwise. */
static size_t folders_size(const char *path, const char *part, const char *kind)
{
    static const char digits[] = "0123456789";
    const char *at = path, *heads[] = {part, kind};
    const size_t counts[] = {4, 6};
    for (int i = 0; i < 2; i++) {
        if (strncmp(at, heads[i], strlen(heads[i])) != 0)
            return 0;
        at += strlen(heads[i]);
        if (strspn(at, digits) != counts[i] || at[counts[i]] != '/')
            return 0;
        at += counts[i] + 1;
    }
    return (size_t)(at - path);
}

/* shard-0000/gen-000001/postlist.glass, shard-0000/young-000007/..., closed-..., or dead.sqlite: nothing that climbs
 * out of a folder. */
static bool path_allowed(const char *path)
{
    if (strcmp(path, "dead.sqlite") == 0)
        return true;
    size_t folders = folders_size(path, "shard-", "gen-");
    folders = folders > 0 ? folders : folders_size(path, "shard-", "young-");
    folders = folders > 0 ? folders : folders_size(path, "closed-", "gen-");
    if (folders == 0)
        return false;
    const char *name = path + folders;
    size_t letters = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.");
    return name[0] != '\0' && name[0] != '.' && name[letters] == '\0';
}

static enum fault shard_take(const char *line, struct arena *arena, struct manifest *manifest, struct error *err)
{
    struct manifest_shard *shard = LIST_PUSH(arena, &manifest->shards);
    if (shard == NULL)
        return arena_full(err);
    int fields =
        sscanf(line,
               "shard %" SCNu32 " sequence %" SCNu64 " lineage %32s meetings %" SCNu64 " documents %" SCNu64
               " closed %" SCNu64,
               &shard->number, &shard->sequence, shard->lineage, &shard->meetings, &shard->documents, &shard->closed);
    return fields == 6 && shard->number == manifest->shards.count - 1 ? FAULT_NONE : damaged(err, "a shard");
}

static enum fault file_take(const char *line, struct arena *arena, struct manifest *manifest, struct error *err)
{
    char path[256];
    struct manifest_file *file = LIST_PUSH(arena, &manifest->files);
    if (file == NULL)
        return arena_full(err);
    if (sscanf(line, "file %255s %" SCNu64 " %16" SCNx64, path, &file->bytes, &file->hash) != 3 || !path_allowed(path))
        return damaged(err, "a file");
    file->path = arena_copy(arena, (struct span){path, strlen(path)});
    return file->path.at != NULL ? FAULT_NONE : arena_full(err);
}

enum fault manifest_read(const char *folder, struct arena *arena, struct manifest *manifest, struct error *err)
{
    char path[PATH_MAX];
    struct text text = {"", 0};
    *manifest = (struct manifest){.shard_count = 0};
    TRY(path_of(folder, "manifest", path, err));
    TRY(file_read(path, arena, &text, err));
    TRY(end_check(text, err));
    for (const char *line = text.at; *line != '\0';) {
        if (strncmp(line, "made ", 5) == 0)
            (void)sscanf(line, "made %31s", manifest->made);
        else if (strncmp(line, "shards ", 7) == 0)
            (void)sscanf(line, "shards %" SCNu32, &manifest->shard_count);
        else if (strncmp(line, "shard ", 6) == 0)
            TRY(shard_take(line, arena, manifest, err));
        else if (strncmp(line, "file ", 5) == 0)
            TRY(file_take(line, arena, manifest, err));
        line += strcspn(line, "\n");
        line += *line == '\n';
    }
    bool counted = manifest->shard_count > 0 && manifest->shard_count <= SHARDS_MAX &&
                   manifest->shards.count == manifest->shard_count;
    return counted ? FAULT_NONE : damaged(err, "it does not name every shard");
}
