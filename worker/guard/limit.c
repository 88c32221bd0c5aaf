/* limit: /proc, the control group, statvfs. */
#include "limit.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

uint64_t limit_memory_used(void)
{
    unsigned long resident = 0, shared = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file == NULL)
        return 0;
    bool read = fscanf(file, "%*u %20lu %20lu", &resident, &shared) == 2 && resident >= shared;
    fclose(file);
    return read ? (uint64_t)(resident - shared) * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

/* The control group's bound (version 2), as the process sees it; UINT64_MAX if there is none. A group further up may
 * be tighter, and is not looked for. */
static uint64_t group_max(void)
{
    char line[PATH_MAX], path[PATH_MAX + 64], *end;
    FILE *file = fopen("/proc/self/cgroup", "re");
    bool named = file != NULL && fgets(line, sizeof line, file) != NULL && strncmp(line, "0::", 3) == 0;
    if (file != NULL)
        fclose(file);
    if (!named)
        return UINT64_MAX;
    line[strcspn(line, "\n")] = '\0';
    snprintf(path, sizeof path, "/sys/fs/cgroup%s/memory.max", line + 3);
    file = fopen(path, "re");
    bool read = file != NULL && fgets(line, sizeof line, file) != NULL;
    if (file != NULL)
        fclose(file);
    if (!read)
        return UINT64_MAX;
    uint64_t bytes = strtoull(line, &end, 10);
    return end != line && bytes > 0 ? bytes : UINT64_MAX;
}

uint64_t limit_memory_default(void)
{
    uint64_t machine = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE), group = group_max();
    return (group < machine ? group : machine) / 10 * 9;
}

enum fault limit_disk_free(const char *folder, uint64_t *bytes, struct error *err)
{
    struct statvfs about;
    if (statvfs(folder, &about) != 0)
        return error_set(err, FAULT_RETRY, "disk.unknown", "%.150s: %s", folder, strerror(errno));
    *bytes = (uint64_t)about.f_bavail * about.f_frsize;
    return FAULT_NONE;
}
