/* interpose: a library for LD_PRELOAD that makes calls of the file system fail, wait or end the process, where and when
 * a test wants it. Nothing of the program that is tested knows of it.
 *
 *     LD_PRELOAD=.../libreferent_interpose.so REFERENT_INTERPOSE=/tmp/x/rules program ...
 *
 * The file that REFERENT_INTERPOSE names holds rules, one a line. It may come, change (best by rename, so that nobody
 * reads half of it) and go while the program runs: the next call sees it, and every rule counts from 1 again.
 *
 *     CALLS PATTERN FIRST LAST ACTION
 *
 *     write     /tmp/x/data/shard-[0-9]*          1 - ENOSPC    the disk is full for the shards, as long as this stands
 *     fdatasync /tmp/x/data/shard-0001/[a-z]*     3 3 EIO       the third sync fails, the others do not
 *     rename    /tmp/x/[a-z]*iamglass             2 2 kill      SIGKILL before the second commit is published
 *     rename    /tmp/x/[a-z]*iamglass             2 2 kill-after    or behind it
 *     fsync,fdatasync *                           1 - sleep=200 every sync takes 200 ms longer
 *     statvfs   *                                 1 - free=1000 so many bytes are free
 *     clock     realtime                          1 - shift=-3600000  the calendar goes an hour behind
 *     pread     *.glass                           1 - torn=2    half of a block now, the other half 2 ms later
 *     *         /tmp/x/data/[a-z]*                1 - note      nothing happens; but see the log
 *
 * CALLS    names with commas, or * for all but clock: open (for writing, O_CREAT included), openread, read, write,
 *          fsync, fdatasync, rename, unlink, truncate, mkdir, statvfs, watch (inotify_add_watch), clock. pread and
 *          pwrite are read and write, and may be named so.
 * PATTERN  of fnmatch(3) for the absolute path, where * passes over slashes; of rename's second path.
 * FIRST    LAST  which of the matching calls; - is: for ever.
 * ACTION   an errno (ENOSPC, EIO, EROFS, EDQUOT, EACCES, EINTR); short: half of a write, as a disk that fills up takes;
 *          zeros: a write of nothing but zeros, which says that all is well; torn=MS, of pread; kill, kill-after,
 *          sleep=MS, free=BYTES, shift=MS, note.
 *
 * Each call that a rule acts on is a line "ACTION CALL PATH" in the file REFERENT_INTERPOSE.log, written before it
 * acts; so a first run with `note` tells how many calls there are to be killed at. Of several rules that match, all
 * count and the first that is due acts.
 *
 * It is built without sanitizers. Where the program has AddressSanitizer, set ASAN_OPTIONS=verify_asan_link_order=0.
 * world_interposed and world_rules in world.h do all of this for a scenario. With REFERENT_POWER each sync is told to
 * power_shadow.c, which knows what the loss of power would leave. Calls that glibc makes inside itself (the
 * write behind fprintf) are not seen. */
#define _GNU_SOURCE
#include "power.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { RULES_MAX = 32, FILE_MAX_BYTES = 8192 };

enum action {
    ACT_NONE,
    ACT_ERROR,
    ACT_SHORT,
    ACT_ZEROS,
    ACT_KILL,
    ACT_KILL_AFTER,
    ACT_SLEEP,
    ACT_TORN,
    ACT_FREE,
    ACT_SHIFT,
    ACT_NOTE
};

struct rule {
    char calls[128];
    char pattern[PATH_MAX];
    long first, last, seen;
    enum action action;
    long value; /* an errno, milliseconds or bytes */
};

/* What is to be done with one call. */
struct order {
    enum action action;
    long value;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct rule rules[RULES_MAX];
static int rule_count;
static struct stat rules_seen; /* the file as it was read */

static void *next_of(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

/* ---- the file of rules: read by system calls, which nobody interposes ------------------------------------------- */

static bool action_read(const char *word, struct rule *rule)
{
    static const struct {
        const char *word;
        enum action action;
        long value;
    } plain[] = {
        {"ENOSPC", ACT_ERROR, ENOSPC}, {"EIO", ACT_ERROR, EIO},       {"EROFS", ACT_ERROR, EROFS},
        {"EDQUOT", ACT_ERROR, EDQUOT}, {"EACCES", ACT_ERROR, EACCES}, {"EINTR", ACT_ERROR, EINTR},
        {"short", ACT_SHORT, 0},       {"kill", ACT_KILL, 0},         {"kill-after", ACT_KILL_AFTER, 0},
        {"note", ACT_NOTE, 0},         {"zeros", ACT_ZEROS, 0},
    };
    static const struct {
        const char *head;
        enum action action;
    } valued[] = {{"sleep=", ACT_SLEEP}, {"torn=", ACT_TORN}, {"free=", ACT_FREE}, {"shift=", ACT_SHIFT}};
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (strcmp(word, plain[i].word) == 0) {
            rule->action = plain[i].action;
            rule->value = plain[i].value;
            return true;
        }
    for (size_t i = 0; i < sizeof valued / sizeof valued[0]; i++)
        if (strncmp(word, valued[i].head, strlen(valued[i].head)) == 0) {
            rule->action = valued[i].action;
            rule->value = strtol(word + strlen(valued[i].head), NULL, 10);
            return true;
        }
    return false;
}

/* A rule that cannot be read would be a test that proves nothing. */
static void rule_bad(const char *line)
{
    fprintf(stderr, "interpose: this is no rule: %s\n", line);
    abort();
}

static void rules_parse(char *text)
{
    char *rest = NULL;
    rule_count = 0;
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        struct rule *rule = &rules[rule_count];
        char first[16], last[16], action[32];
        if (line[0] == '#')
            continue;
        *rule = (struct rule){0};
        if (rule_count == RULES_MAX - 1 ||
            sscanf(line, "%127s %4095s %15s %15s %31s", rule->calls, rule->pattern, first, last, action) != 5)
            rule_bad(line);
        rule->first = strtol(first, NULL, 10);
        rule->last = strcmp(last, "-") == 0 ? LONG_MAX : strtol(last, NULL, 10);
        if (rule->first < 1 || rule->last < rule->first || !action_read(action, rule))
            rule_bad(line);
        rule_count++;
    }
}

static void rules_refresh(const char *path)
{
    static char text[FILE_MAX_BYTES];
    struct stat now = {0};
    bool there = syscall(SYS_newfstatat, AT_FDCWD, path, &now, 0) == 0;
    if (there && now.st_ino == rules_seen.st_ino && now.st_size == rules_seen.st_size &&
        now.st_mtim.tv_sec == rules_seen.st_mtim.tv_sec && now.st_mtim.tv_nsec == rules_seen.st_mtim.tv_nsec)
        return;
    rule_count = 0;
    rules_seen = now;
    long file = there ? syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    long size = syscall(SYS_read, file, text, sizeof text - 1);
    syscall(SYS_close, file);
    text[size > 0 ? size : 0] = '\0';
    rules_parse(text);
}

/* ---- one call --------------------------------------------------------------------------------------------------- */

static void note(const char *control, enum action action, const char *call, const char *path)
{
    static const char *const names[] = {"",      "error", "short", "zeros", "kill", "kill-after",
                                        "sleep", "torn",  "free",  "shift", "note"};
    char name[PATH_MAX + 8], line[PATH_MAX + 64];
    snprintf(name, sizeof name, "%s.log", control);
    long file = syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    int size = snprintf(line, sizeof line, "%s %s %s\n", names[action], call, path);
    if (file < 0)
        return;
    (void)syscall(SYS_write, file, line, size);
    (void)syscall(SYS_close, file);
}

/* pwrite64 is pwrite is write. */
static bool call_named(const char *calls, const char *call)
{
    size_t size = strlen(call);
    if (strcmp(calls, "*") == 0)
        return strcmp(call, "clock") != 0;
    for (const char *at = calls; *at; at += strcspn(at, ","), at += *at == ',') {
        const char *name = at[0] == 'p' && (strncmp(at, "pw", 2) == 0 || strncmp(at, "pr", 2) == 0) ? at + 1 : at;
        if (strncmp(name, call, size) == 0 && (name[size] == ',' || name[size] == '\0'))
            return true;
    }
    return false;
}

static struct order order_find(const char *call, const char *path)
{
    struct order order = {ACT_NONE, 0};
    for (int i = 0; i < rule_count; i++) {
        struct rule *rule = &rules[i];
        if (!call_named(rule->calls, call) || fnmatch(rule->pattern, path, 0) != 0)
            continue;
        rule->seen++;
        if (order.action == ACT_NONE && rule->seen >= rule->first && rule->seen <= rule->last)
            order = (struct order){rule->action, rule->value};
    }
    return order;
}

static void pause_ms(long ms)
{
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
    (void)syscall(SYS_nanosleep, &pause, NULL);
}

/* What the rules say of this call; an action that comes before the call is done when it returns. */
static struct order ask(const char *call, const char *path)
{
    const char *control = getenv("REFERENT_INTERPOSE");
    struct order order = {ACT_NONE, 0};
    int before = errno;
    if (control == NULL)
        return order;
    pthread_mutex_lock(&lock);
    rules_refresh(control);
    order = order_find(call, path);
    if (order.action != ACT_NONE && strcmp(call, "clock") != 0)
        note(control, order.action, call, path);
    pthread_mutex_unlock(&lock);
    if (order.action == ACT_KILL)
        (void)syscall(SYS_kill, getpid(), SIGKILL);
    if (order.action == ACT_SLEEP)
        pause_ms(order.value);
    errno = order.action == ACT_ERROR ? (int)order.value : before;
    return order;
}

static void path_of(int file, char path[static PATH_MAX])
{
    char name[40];
    snprintf(name, sizeof name, "/proc/self/fd/%d", file);
    long size = syscall(SYS_readlinkat, AT_FDCWD, name, path, PATH_MAX - 1);
    path[size > 0 ? size : 0] = '\0';
}

static struct order ask_file(const char *call, int file)
{
    char path[PATH_MAX];
    if (getenv("REFERENT_INTERPOSE") == NULL)
        return (struct order){ACT_NONE, 0};
    path_of(file, path);
    return ask(call, path);
}

/* Paths that are relative to a folder other than the working one are matched as they are. */
static struct order ask_path(const char *call, const char *path)
{
    char whole[PATH_MAX], here[PATH_MAX];
    if (path[0] == '/' || getcwd(here, sizeof here) == NULL ||
        snprintf(whole, sizeof whole, "%s/%s", here, path) >= (int)sizeof whole)
        return ask(call, path);
    return ask(call, whole);
}

/* Behind the call. */
static void after(struct order order)
{
    if (order.action == ACT_KILL_AFTER)
        (void)syscall(SYS_kill, getpid(), SIGKILL);
}

/* ---- the calls -------------------------------------------------------------------------------------------------- */

/* The function behind ours, found once; the type is that of the name. */
#define REAL(name)                                                                                                     \
    static __typeof__(&(name)) real;                                                                                   \
    if (real == NULL)                                                                                                  \
        real = (__typeof__(&(name)))next_of(#name);

#define ON_FILE(result, name, call, file, parameters, arguments)                                                       \
    result name parameters                                                                                             \
    {                                                                                                                  \
        REAL(name)                                                                                                     \
        struct order order = ask_file(call, file);                                                                     \
        if (order.action == ACT_ERROR)                                                                                 \
            return -1;                                                                                                 \
        result done = real arguments;                                                                                  \
        after(order);                                                                                                  \
        return done;                                                                                                   \
    }

#define ON_PATH(name, call, path, parameters, arguments)                                                               \
    int name parameters                                                                                                \
    {                                                                                                                  \
        REAL(name)                                                                                                     \
        struct order order = ask_path(call, path);                                                                     \
        if (order.action == ACT_ERROR)                                                                                 \
            return -1;                                                                                                 \
        int done = real arguments;                                                                                     \
        after(order);                                                                                                  \
        return done;                                                                                                   \
    }

#define ON_WRITE(name, parameters, arguments)                                                                          \
    ssize_t name parameters                                                                                            \
    {                                                                                                                  \
        REAL(name)                                                                                                     \
        struct order order = ask_file("write", file);                                                                  \
        if (order.action == ACT_ERROR)                                                                                 \
            return -1;                                                                                                 \
        if (order.action == ACT_SHORT && size > 1)                                                                     \
            size /= 2;                                                                                                 \
        char zeros[4096] = {0};                                                                                        \
        if (order.action == ACT_ZEROS) /* whoever writes goes on behind a write that was not whole */                  \
            bytes = zeros, size = size < sizeof zeros ? size : sizeof zeros;                                           \
        ssize_t done = real arguments;                                                                                 \
        after(order);                                                                                                  \
        return done;                                                                                                   \
    }

/* A system copies a block page by page, and whoever writes it meanwhile is in one of them and not in the other. */
#define ON_READ(name, offset)                                                                                          \
    ssize_t name(int file, void *bytes, size_t size, offset at)                                                        \
    {                                                                                                                  \
        REAL(name)                                                                                                     \
        struct order order = ask_file("read", file);                                                                   \
        if (order.action == ACT_ERROR)                                                                                 \
            return -1;                                                                                                 \
        size_t first = order.action == ACT_TORN ? size / 2 : size;                                                     \
        ssize_t done = real(file, bytes, first, at);                                                                   \
        if (done == (ssize_t)first && first < size) {                                                                  \
            pause_ms(order.value);                                                                                     \
            ssize_t rest = real(file, (char *)bytes + first, size - first, at + (offset)first);                        \
            done = rest < 0 ? rest : done + rest;                                                                      \
        }                                                                                                              \
        after(order);                                                                                                  \
        return done;                                                                                                   \
    }

/* What is on disk now survives the loss of power; see power.h. */
#define ON_SYNC(name)                                                                                                  \
    int name(int file)                                                                                                 \
    {                                                                                                                  \
        REAL(name)                                                                                                     \
        struct order order = ask_file(#name, file);                                                                    \
        if (order.action == ACT_ERROR)                                                                                 \
            return -1;                                                                                                 \
        int done = real(file);                                                                                         \
        pthread_mutex_lock(&lock);                                                                                     \
        if (done == 0)                                                                                                 \
            power_synced(file);                                                                                        \
        pthread_mutex_unlock(&lock);                                                                                   \
        after(order);                                                                                                  \
        return done;                                                                                                   \
    }

ON_WRITE(write, (int file, const void *bytes, size_t size), (file, bytes, size))
ON_WRITE(pwrite, (int file, const void *bytes, size_t size, off_t at), (file, bytes, size, at))
ON_WRITE(pwrite64, (int file, const void *bytes, size_t size, off64_t at), (file, bytes, size, at))
ON_FILE(ssize_t, read, "read", file, (int file, void *bytes, size_t size), (file, bytes, size))
ON_READ(pread, off_t)
ON_READ(pread64, off64_t)
ON_SYNC(fsync)
ON_SYNC(fdatasync)
ON_FILE(int, ftruncate, "truncate", file, (int file, off_t size), (file, size))
ON_FILE(int, ftruncate64, "truncate", file, (int file, off64_t size), (file, size))
ON_PATH(rename, "rename", to, (const char *from, const char *to), (from, to))
ON_PATH(unlink, "unlink", path, (const char *path), (path))
ON_PATH(mkdir, "mkdir", path, (const char *path, mode_t mode), (path, mode))
ON_PATH(inotify_add_watch, "watch", path, (int file, const char *path, uint32_t mask), (file, path, mask))

/* Opening to write is a call of its own: a file system that is mounted read-only lets files be read. */
#define ON_OPEN(name, place, pass)                                                                                     \
    int name(place const char *path, int flags, ...)                                                                   \
    {                                                                                                                  \
        REAL(name)                                                                                                     \
        va_list arguments;                                                                                             \
        va_start(arguments, flags);                                                                                    \
        mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;                            \
        va_end(arguments);                                                                                             \
        bool writes = (flags & (O_ACCMODE | O_CREAT | O_TRUNC)) != O_RDONLY;                                           \
        struct order order = ask_path(writes ? "open" : "openread", path);                                             \
        if (order.action == ACT_ERROR)                                                                                 \
            return -1;                                                                                                 \
        int done = real(pass path, flags, mode);                                                                       \
        after(order);                                                                                                  \
        return done;                                                                                                   \
    }
#define NOTHING
#define FOLDER int folder,
#define GIVEN  folder,
ON_OPEN(open, NOTHING, NOTHING)
ON_OPEN(open64, NOTHING, NOTHING)
ON_OPEN(openat, FOLDER, GIVEN)
ON_OPEN(openat64, FOLDER, GIVEN)

#define ON_FOPEN(name)                                                                                                 \
    FILE *name(const char *path, const char *mode)                                                                     \
    {                                                                                                                  \
        REAL(name)                                                                                                     \
        struct order order = ask_path(strpbrk(mode, "wa+") ? "open" : "openread", path);                               \
        FILE *done = order.action == ACT_ERROR ? NULL : real(path, mode);                                              \
        after(order);                                                                                                  \
        return done;                                                                                                   \
    }
ON_FOPEN(fopen)
ON_FOPEN(fopen64)

#define ON_STATVFS(name, type)                                                                                         \
    int name(const char *path, struct type *out)                                                                       \
    {                                                                                                                  \
        REAL(name)                                                                                                     \
        struct order order = ask_path("statvfs", path);                                                                \
        int done = order.action == ACT_ERROR ? -1 : real(path, out);                                                   \
        if (done == 0 && order.action == ACT_FREE)                                                                     \
            out->f_bavail = out->f_bfree = (unsigned long)order.value / out->f_frsize;                                 \
        return done;                                                                                                   \
    }
ON_STATVFS(statvfs, statvfs)
ON_STATVFS(statvfs64, statvfs64)

/* ---- the calendar ----------------------------------------------------------------------------------------------- */

static void shift(struct timespec *now)
{
    struct order order = ask("clock", "realtime");
    if (order.action == ACT_SHIFT)
        now->tv_sec += order.value / 1000;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    REAL(clock_gettime)
    int done = real(clock, now);
    if (done == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        shift(now);
    return done;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec fine;
    (void)zone;
    int done = clock_gettime(CLOCK_REALTIME, &fine);
    *now = (struct timeval){fine.tv_sec, fine.tv_nsec / 1000};
    return done;
}

time_t time(time_t *out)
{
    struct timespec fine;
    clock_gettime(CLOCK_REALTIME, &fine);
    if (out != NULL)
        *out = fine.tv_sec;
    return fine.tv_sec;
}
