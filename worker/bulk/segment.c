/* segment: files, syncs and the rename that makes a database. */
#include "segment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const names[GLASS_TABLES] = {[GLASS_POSTLIST] = "postlist.glass",
                                                [GLASS_DOCDATA] = "docdata.glass",
                                                [GLASS_TERMLIST] = "termlist.glass",
                                                [GLASS_POSITION] = "position.glass"};
static const char version_file[] = "iamglass", version_fresh[] = "iamglass.new";
const char segment_scratch[] = "postings.tmp";

bool segment_init(struct segment *segment, uint32_t block_size)
{
    bool made = true;
    for (int i = 0; i < GLASS_TABLES; i++)
        made = table_init(&segment->tables[i], block_size) && made;
    return made;
}

void segment_done(struct segment *segment)
{
    for (int i = 0; i < GLASS_TABLES; i++)
        table_done(&segment->tables[i]);
}

static enum fault path_of(const struct segment *segment, const char *name, char out[static PATH_MAX], struct error *err)
{
    if (snprintf(out, PATH_MAX, "%s/%s", segment->folder, name) >= PATH_MAX)
        return error_set(err, FAULT_STOP, "bulk.path", "the name of the segment is too long");
    return FAULT_NONE;
}

static enum fault file_remove(const struct segment *segment, const char *name, struct error *err)
{
    char path[PATH_MAX];
    TRY(path_of(segment, name, path, err));
    return unlink(path) == 0 || errno == ENOENT ? FAULT_NONE : file_fault(err, path);
}

static enum fault folder_make(const struct segment *segment, struct error *err)
{
    char path[PATH_MAX];
    TRY(path_of(segment, version_file, path, err));
    if (mkdir(segment->folder, 0750) != 0 && errno != EEXIST)
        return file_fault(err, segment->folder);
    if (access(path, F_OK) == 0)
        return error_set(err, FAULT_REJECT, "bulk.exists", "%s holds a database already", segment->folder);
    TRY(file_remove(segment, version_fresh, err));
    TRY(file_remove(segment, segment_scratch, err));
    for (int i = 0; i < GLASS_TABLES; i++)
        TRY(file_remove(segment, names[i], err));
    return FAULT_NONE;
}

/* Version 4: random but for six bits. */
static enum fault uuid_make(unsigned char uuid[static UUID_BYTES], struct error *err)
{
    if (getrandom(uuid, UUID_BYTES, 0) != UUID_BYTES)
        return file_fault(err, "getrandom");
    uuid[6] = (unsigned char)((uuid[6] & 0x0F) | 0x40);
    uuid[8] = (unsigned char)((uuid[8] & 0x3F) | 0x80);
    return FAULT_NONE;
}

enum fault segment_begin(struct segment *segment, const char *folder, struct error *err)
{
    if (snprintf(segment->folder, sizeof segment->folder, "%s", folder) >= (int)sizeof segment->folder)
        return error_set(err, FAULT_STOP, "bulk.path", "the name of the segment is too long");
    TRY(uuid_make(segment->uuid, err));
    TRY(folder_make(segment, err));
    for (int i = 0; i < GLASS_TABLES; i++) {
        bool steady = i == GLASS_POSTLIST || i == GLASS_TERMLIST;
        TRY(table_begin(&segment->tables[i], segment->folder, names[i], steady, err));
        segment->tables[i].file.unsynced = segment->unsynced;
    }
    return FAULT_NONE;
}

static enum fault folder_sync(const char *path, struct error *err)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return file_fault(err, path);
    enum fault fault = fsync(folder) == 0 ? FAULT_NONE : file_fault(err, path);
    close(folder);
    return fault;
}

/* The folder itself is an entry of the one above, which must last as well. */
static enum fault folders_sync(const struct segment *segment, struct error *err)
{
    char above[PATH_MAX];
    TRY(path_of(segment, "..", above, err));
    TRY(folder_sync(segment->folder, err));
    return folder_sync(above, err);
}

static enum fault version_write(const struct segment *segment, const char *path, const char *bytes, size_t size,
                                struct error *err)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (file < 0)
        return file_fault(err, path);
    enum fault fault = file_write(file, path, bytes, size, 0, err);
    if (fault == FAULT_NONE && !segment->unsynced && fsync(file) != 0)
        fault = file_fault(err, path);
    if (close(file) != 0 && fault == FAULT_NONE)
        fault = file_fault(err, path);
    return fault;
}

static enum fault version_publish(const struct segment *segment, const char *bytes, size_t size, struct error *err)
{
    char fresh[PATH_MAX], path[PATH_MAX];
    TRY(path_of(segment, version_fresh, fresh, err));
    TRY(path_of(segment, version_file, path, err));
    TRY(version_write(segment, fresh, bytes, size, err));
    if (rename(fresh, path) != 0)
        return file_fault(err, path);
    return segment->unsynced ? FAULT_NONE : folders_sync(segment, err);
}

enum fault segment_publish(struct segment *segment, const struct statistics *statistics, uint64_t *bytes,
                           struct error *err)
{
    struct table_root roots[GLASS_TABLES];
    char version[IAMGLASS_MAX_BYTES];
    *bytes = 0;
    for (int i = 0; i < GLASS_TABLES; i++) {
        TRY(table_end(&segment->tables[i], &roots[i], err));
        *bytes += (uint64_t)roots[i].blocks * roots[i].block_size;
    }
    size_t size = iamglass_pack(version, segment->uuid, roots, statistics);
    return version_publish(segment, version, size, err);
}

void segment_drop(struct segment *segment)
{
    file_remove(segment, version_file, NULL);
    file_remove(segment, version_fresh, NULL);
    file_remove(segment, segment_scratch, NULL);
    for (int i = 0; i < GLASS_TABLES; i++)
        table_drop(&segment->tables[i]);
    rmdir(segment->folder);
}
