/* power_shadow: the daemon's side of power.h, part of the interposer. */
#define _GNU_SOURCE
#include "power.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { COPY_BYTES = 1 << 16 };

struct shadow_entry { /* as getdents64 gives it */
    uint64_t inode;
    int64_t next;
    unsigned short size;
    unsigned char type;
    char name[];
};

static char buffer[COPY_BYTES]; /* the caller has the lock */

bool power_key(int folder, const char *path, char key[static POWER_KEY_MAX], bool *is_folder)
{
    struct statx about;
    if (syscall(SYS_statx, folder, path, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS | STATX_BTIME,
                &about) != 0)
        return false;
    *is_folder = S_ISDIR(about.stx_mode);
    snprintf(key, POWER_KEY_MAX, "%llu-%lld.%u", (unsigned long long)about.stx_ino, (long long)about.stx_btime.tv_sec,
             about.stx_btime.tv_nsec);
    return true;
}

/* A shadow that is not kept would be a test that proves nothing. */
static void must(bool done, const char *what)
{
    if (done)
        return;
    fprintf(stderr, "interpose: the shadow of what is synced cannot be kept: %s\n", what);
    abort();
}

static void names_copy(int from, int to)
{
    long size;
    while ((size = syscall(SYS_getdents64, from, buffer, sizeof buffer)) > 0)
        for (long at = 0; at < size;) {
            const struct shadow_entry *entry = (const struct shadow_entry *)(const void *)(buffer + at);
            char key[POWER_KEY_MAX], line[POWER_KEY_MAX + NAME_MAX + 8];
            bool is_folder;
            at += entry->size;
            if (strcmp(entry->name, ".") == 0 || strcmp(entry->name, "..") == 0 ||
                !power_key(from, entry->name, key, &is_folder))
                continue;
            int length = snprintf(line, sizeof line, "%s %c %s\n", key, is_folder ? 'd' : 'f', entry->name);
            must(syscall(SYS_write, to, line, length) == length, "write");
        }
}

static void bytes_copy(int from, int to)
{
    long size;
    while ((size = syscall(SYS_read, from, buffer, sizeof buffer)) > 0)
        must(syscall(SYS_write, to, buffer, size) == size, "write");
}

void power_synced(int file)
{
    const char *shadow = getenv("REFERENT_POWER");
    char key[POWER_KEY_MAX], self[40], fresh[PATH_MAX], path[PATH_MAX];
    bool is_folder;
    if (shadow == NULL || shadow[0] == '\0' || !power_key(file, "", key, &is_folder))
        return;
    snprintf(self, sizeof self, "/proc/self/fd/%d", file); /* `file` may be open for writing alone */
    snprintf(fresh, sizeof fresh, "%s/fresh", shadow);
    snprintf(path, sizeof path, "%s/%s%s", shadow, key, is_folder ? ".dir" : "");
    long from = syscall(SYS_openat, AT_FDCWD, self, O_RDONLY | O_CLOEXEC);
    long to = syscall(SYS_openat, AT_FDCWD, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    must(from >= 0 && to >= 0, "open");
    (is_folder ? names_copy : bytes_copy)((int)from, (int)to);
    syscall(SYS_close, from);
    syscall(SYS_close, to);
    must(syscall(SYS_renameat, AT_FDCWD, fresh, AT_FDCWD, path) == 0, "rename"); /* whole, or not at all */
}
