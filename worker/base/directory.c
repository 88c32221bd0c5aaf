/* directory: folders, stubs and the lock. Called by the thread that opens shards, and by writers after a commit. */
#include "directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char first_generation[] = "gen-000001";

/* What passes by itself, or by what somebody does to the machine; the rest is a mistake that stays. */
static bool passes(int code)
{
    static const int codes[] = {ENOSPC, EDQUOT, EIO, EROFS, ENOMEM, EMFILE, ENFILE, EINTR, EAGAIN};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (code == codes[i])
            return true;
    return false;
}

static enum fault system_fault(struct error *err, const char *rule, const char *path)
{
    return error_set(err, passes(errno) ? FAULT_REOPEN : FAULT_STOP, rule, "%s: %s%s", path, strerror(errno),
                     errno == EROFS ? "; mount it writable, or take --role search" : "");
}

enum fault directory_make(const char *path, struct error *err)
{
    if (mkdir(path, 0750) == 0 || errno == EEXIST)
        return FAULT_NONE;
    return system_fault(err, "data.open", path);
}

enum fault directory_lock(const char *data_dir, int *lock, struct error *err)
{
    char path[PATH_MAX];
    bool there = access(data_dir, F_OK) == 0;
    TRY(directory_make(data_dir, err));
    if (snprintf(path, sizeof path, "%s/lock", data_dir) >= (int)sizeof path)
        return error_set(err, FAULT_STOP, "data.path", "data_dir is too long");
    if (!there) {
        char parent[PATH_MAX + 4];
        snprintf(parent, sizeof parent, "%s/..", data_dir);
        TRY(directory_sync(parent, err));
    }
    *lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (*lock < 0)
        return system_fault(err, "data.open", path);
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(*lock, F_SETLK, &whole) == 0)
        return FAULT_NONE;
    if (errno != EACCES && errno != EAGAIN) {
        enum fault fault = system_fault(err, "data.lock", path);
        directory_unlock(lock);
        return fault;
    }
    bool known = fcntl(*lock, F_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
    directory_unlock(lock);
    return error_set(
        err, FAULT_STOP, "data.lock",
        "process %ld holds the lock of %.120s, another referentd as a rule; stop it or give another data_dir",
        known ? (long)whole.l_pid : 0L, data_dir);
}

void directory_unlock(int *lock)
{
    if (*lock >= 0)
        close(*lock);
    *lock = -1;
}

enum fault directory_hold(const char *part, int *hold, struct error *err)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s/hold", part) >= (int)sizeof path)
        return error_set(err, FAULT_STOP, "data.path", "data_dir is too long");
    *hold = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    int held = -1;
    while (*hold >= 0 && (held = flock(*hold, LOCK_EX)) != 0 && errno == EINTR)
        ;
    if (held == 0)
        return FAULT_NONE;
    enum fault fault = error_set(err, FAULT_REOPEN, "data.hold", "%.120s: %s", path, strerror(errno));
    directory_release(hold);
    return fault;
}

void directory_release(int *hold)
{
    if (*hold >= 0)
        close(*hold);
    *hold = -1;
}

static bool restoring(const char *data_dir)
{
    char path[PATH_MAX];
    struct stat about;
    return snprintf(path, sizeof path, "%s/restoring", data_dir) < (int)sizeof path && stat(path, &about) == 0;
}

enum fault directory_shards(const char *data_dir, uint32_t *shards, struct error *err)
{
    *shards = 0;
    if (restoring(data_dir))
        return error_set(err, FAULT_STOP, "data.restoring",
                         "a restore into %.120s was interrupted; run `referent restore` again", data_dir);
    DIR *folder = opendir(data_dir);
    if (folder == NULL)
        return errno == ENOENT ? FAULT_NONE : system_fault(err, "data.open", data_dir);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        unsigned number;
        int read = 0;
        if (sscanf(entry->d_name, "shard-%4u%n", &number, &read) == 1 && entry->d_name[read] == '\0' && read == 10 &&
            number + 1 > *shards)
            *shards = number + 1;
    }
    closedir(folder);
    return FAULT_NONE;
}

enum fault directory_part(const char *data_dir, bool closed, uint32_t shard, char out[static PATH_MAX],
                          struct error *err)
{
    if (snprintf(out, PATH_MAX, "%s/%s-%04u", data_dir, closed ? "closed" : "shard", shard) >= PATH_MAX - 32)
        return error_set(err, FAULT_STOP, "data.path", "data_dir is too long");
    return FAULT_NONE;
}

static enum fault stub_path(const char *part, const char *suffix, char out[static PATH_MAX], struct error *err)
{
    if (snprintf(out, PATH_MAX, "%s/XAPIANDB%s", part, suffix) >= PATH_MAX)
        return error_set(err, FAULT_STOP, "data.path", "data_dir is too long");
    return FAULT_NONE;
}

enum fault directory_generation(const char *part, char out[static PATH_MAX], bool *exists, struct error *err)
{
    char path[PATH_MAX], line[300], name[256];
    TRY(stub_path(part, "", path, err));
    snprintf(name, sizeof name, "%s", first_generation);
    FILE *stub = fopen(path, "re");
    *exists = stub != NULL;
    if (stub == NULL && errno != ENOENT)
        return system_fault(err, "data.stub", path);
    if (stub != NULL) {
        bool sound = fgets(line, sizeof line, stub) != NULL && sscanf(line, "auto %255s", name) == 1 &&
                     strchr(name, '/') == NULL;
        fclose(stub);
        if (!sound)
            return error_set(err, FAULT_STOP, "data.stub",
                             "%.150s names no generation; `referent check --repair` mends it", path);
    }
    if (snprintf(out, PATH_MAX, "%s/%s", part, name) >= PATH_MAX)
        return error_set(err, FAULT_STOP, "data.path", "data_dir is too long");
    return FAULT_NONE;
}

bool directory_is_young(const char *name)
{
    unsigned number;
    int read = 0;
    return sscanf(name, "young-%6u%n", &number, &read) == 1 && read == 12 && name[read] == '\0';
}

static enum fault young_fault(struct error *err, const char *path)
{
    return error_set(err, FAULT_STOP, "data.stub", "%.150s names what is no young segment", path);
}

/* Lines behind the first. */
static enum fault young_read(FILE *stub, const char *path, struct young_names *young, struct error *err)
{
    char line[300], name[256];
    bool first = true;
    while (fgets(line, sizeof line, stub) != NULL) {
        bool skip = first || line[0] == '\n';
        first = false;
        if (skip)
            continue;
        if (young->count == YOUNG_MAX || sscanf(line, "auto %255s", name) != 1 || !directory_is_young(name))
            return young_fault(err, path);
        memcpy(young->at[young->count++], name, strlen(name) + 1);
    }
    return ferror(stub) ? system_fault(err, "data.stub", path) : FAULT_NONE;
}

enum fault directory_young(const char *part, struct young_names *young, struct error *err)
{
    char path[PATH_MAX];
    *young = (struct young_names){.count = 0};
    TRY(stub_path(part, "", path, err));
    FILE *stub = fopen(path, "re");
    if (stub == NULL)
        return errno == ENOENT ? FAULT_NONE : system_fault(err, "data.stub", path);
    enum fault fault = young_read(stub, path, young, err);
    fclose(stub);
    return fault;
}

static int64_t nanoseconds(struct timespec time)
{
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static struct stub_seen seen_as(int held, const struct stat *about)
{
    return (struct stub_seen){.held = held,
                              .device = (uint64_t)about->st_dev,
                              .inode = (uint64_t)about->st_ino,
                              .bytes = (uint64_t)about->st_size,
                              .written_ns = nanoseconds(about->st_mtim),
                              .changed_ns = nanoseconds(about->st_ctim)};
}

struct stub_seen directory_see(const char *part)
{
    char path[PATH_MAX];
    struct error ignored;
    struct stat about;
    int held = -1;
    if (stub_path(part, "", path, &ignored) == FAULT_NONE)
        held = open(path, O_RDONLY | O_CLOEXEC);
    if (held >= 0 && fstat(held, &about) == 0)
        return seen_as(held, &about);
    if (held >= 0)
        close(held);
    return (struct stub_seen){.held = -1};
}

bool directory_seen(const char *part, const struct stub_seen *seen)
{
    char path[PATH_MAX];
    struct error ignored;
    struct stat about;
    if (stub_path(part, "", path, &ignored) != FAULT_NONE || stat(path, &about) != 0)
        return seen->held < 0;
    struct stub_seen now = seen_as(seen->held, &about);
    return seen->held >= 0 && now.inode == seen->inode && now.device == seen->device && now.bytes == seen->bytes &&
           now.written_ns == seen->written_ns && now.changed_ns == seen->changed_ns;
}

void directory_unsee(struct stub_seen *seen)
{
    if (seen->held >= 0)
        close(seen->held);
    *seen = (struct stub_seen){.held = -1};
}

enum fault directory_sync(const char *path, struct error *err)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0 || fsync(folder) != 0) {
        enum fault fault = system_fault(err, "data.sync", path);
        if (folder >= 0)
            close(folder);
        return fault;
    }
    close(folder);
    return FAULT_NONE;
}

enum fault directory_publish(const char *part, const char *generation, const struct young_names *young,
                             struct error *err)
{
    char path[PATH_MAX], fresh[PATH_MAX];
    TRY(stub_path(part, "", path, err));
    TRY(stub_path(part, ".new", fresh, err));
    const char *name = strrchr(generation, '/');
    FILE *stub = fopen(fresh, "we");
    if (stub == NULL)
        return system_fault(err, "data.stub", fresh);
    bool written = fprintf(stub, "auto %s\n", name + 1) > 0;
    for (size_t i = 0; young != NULL && i < young->count; i++)
        written = written && fprintf(stub, "auto %s\n", young->at[i]) > 0;
    written = written && fflush(stub) == 0 && fsync(fileno(stub)) == 0;
    written = fclose(stub) == 0 && written;
    if (!written || rename(fresh, path) != 0)
        return system_fault(err, "data.stub", path);
    return directory_sync(part, err);
}

/* open() and not openat(): ThreadSanitizer does not see the latter, and takes the number for the file that had it
 * before.
 */
static DIR *folder_open(const char *path)
{
    int at = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *folder = at >= 0 ? fdopendir(at) : NULL;
    if (folder == NULL && at >= 0)
        close(at);
    return folder;
}

static void files_remove(const char *path)
{
    DIR *folder = folder_open(path);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            (void)unlinkat(dirfd(folder), entry->d_name, 0); /* a folder is none of ours: it stays */
    if (folder != NULL)
        closedir(folder);
    (void)rmdir(path);
}

void directory_remove(const char *path)
{
    char commits[PATH_MAX];
    if (snprintf(commits, sizeof commits, "%s/.commit", path) < (int)sizeof commits)
        files_remove(commits);
    files_remove(path);
}

uint64_t directory_bytes(const char *path)
{
    uint64_t bytes = 0;
    struct stat about;
    DIR *folder = opendir(path);
    if (folder == NULL)
        return 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        if (fstatat(dirfd(folder), entry->d_name, &about, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(about.st_mode))
            bytes += (uint64_t)about.st_size;
    closedir(folder);
    return bytes;
}
