/* generation: names, the decision, and what is left behind. On the thread that owns the shard. */
#include "generation.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* As directory_generation leaves room for it. */
enum { NAME_MAX_BYTES = 255 };

/* "gen-000004" is 4; anything else 0. */
static unsigned generation_number(const char *name)
{
    unsigned number;
    int read = 0;
    return sscanf(name, "gen-%6u%n", &number, &read) == 1 && name[read] == '\0' ? number : 0;
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static enum fault system_fault(struct error *err, const char *rule, const char *path)
{
    return error_set(err, FAULT_REOPEN, rule, "%.120s: %s", path, strerror(errno));
}

static enum fault path_join(char out[static PATH_MAX], const char *folder, const char *name, struct error *err)
{
    if (snprintf(out, PATH_MAX, "%s/%s", folder, name) >= PATH_MAX)
        return error_set(err, FAULT_STOP, "data.path", "data_dir is too long");
    return FAULT_NONE;
}

static unsigned greatest_number(const char *part)
{
    unsigned greatest = 0;
    DIR *folder = opendir(part);
    if (folder == NULL)
        return 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        if (generation_number(entry->d_name) > greatest)
            greatest = generation_number(entry->d_name);
    closedir(folder);
    return greatest;
}

enum fault generation_next(const char *data_dir, uint32_t shard, struct generation *next, struct error *err)
{
    char parts[2][PATH_MAX], name[32];
    unsigned greatest = 0;
    for (int closed = 0; closed < 2; closed++) {
        TRY(directory_part(data_dir, closed, shard, parts[closed], err));
        if (directory_make(parts[closed], err) != FAULT_NONE)
            return system_fault(err, "generation.folder", parts[closed]);
        unsigned here = greatest_number(parts[closed]);
        greatest = here > greatest ? here : greatest;
    }
    *next = (struct generation){.has_closed = false};
    snprintf(name, sizeof name, "gen-%06u", greatest + 1);
    TRY(path_join(next->open, parts[0], name, err));
    return path_join(next->closed, parts[1], name, err);
}

enum fault generation_current(const char *data_dir, uint32_t shard, struct generation *current, bool *exists,
                              struct error *err)
{
    char part[PATH_MAX];
    TRY(directory_part(data_dir, false, shard, part, err));
    TRY(directory_generation(part, current->open, exists, err));
    TRY(directory_young(part, &current->young, err));
    TRY(directory_part(data_dir, true, shard, part, err));
    return directory_generation(part, current->closed, &current->has_closed, err);
}

/* ---- the decision */

static enum fault switch_path(const char *data_dir, uint32_t shard, const char *suffix, char out[static PATH_MAX],
                              struct error *err)
{
    char name[64];
    snprintf(name, sizeof name, "switch-%04u%s", shard, suffix);
    return path_join(out, data_dir, name, err);
}

static enum fault decision_write(const char *data_dir, uint32_t shard, const struct generation *next, struct error *err)
{
    char path[PATH_MAX], fresh[PATH_MAX];
    TRY(switch_path(data_dir, shard, "", path, err));
    TRY(switch_path(data_dir, shard, ".new", fresh, err));
    FILE *file = fopen(fresh, "we");
    if (file == NULL)
        return system_fault(err, "generation.publish", fresh);
    bool written = fprintf(file, "open %s\n", name_of(next->open)) > 0 &&
                   (!next->has_closed || fprintf(file, "closed %s\n", name_of(next->closed)) > 0) &&
                   fflush(file) == 0 && fsync(fileno(file)) == 0;
    written = fclose(file) == 0 && written;
    if (!written || rename(fresh, path) != 0)
        return system_fault(err, "generation.publish", path);
    return directory_sync(data_dir, err);
}

static enum fault decision_read(const char *data_dir, uint32_t shard, struct generation *next, bool *decided,
                                struct error *err)
{
    char path[PATH_MAX], part[PATH_MAX], word[16], name[NAME_MAX_BYTES + 1];
    TRY(switch_path(data_dir, shard, "", path, err));
    *next = (struct generation){.has_closed = false};
    FILE *file = fopen(path, "re");
    *decided = file != NULL;
    if (file == NULL)
        return errno == ENOENT ? FAULT_NONE : system_fault(err, "generation.publish", path);
    enum fault fault = FAULT_NONE;
    while (fault == FAULT_NONE && fscanf(file, "%15s %255s", word, name) == 2) {
        bool closed = strcmp(word, "closed") == 0;
        fault = directory_part(data_dir, closed, shard, part, err);
        if (fault == FAULT_NONE && generation_number(name) > 0)
            fault = path_join(closed ? next->closed : next->open, part, name, err);
        next->has_closed = next->has_closed || closed;
    }
    fclose(file);
    if (fault == FAULT_NONE && next->open[0] == '\0')
        return error_set(err, FAULT_STOP, "data.stub", "%.120s names no generation", path);
    return fault;
}

static enum fault stub_move(const char *data_dir, uint32_t shard, bool closed, const char *generation,
                            struct error *err)
{
    char part[PATH_MAX];
    TRY(directory_part(data_dir, closed, shard, part, err));
    return directory_publish(part, generation, NULL, err);
}

/* MOVED and DONE. The closed part first, as everywhere. A shard whose new generation has no closed items loses its
 * closed stub, and readers find no closed part. */
static enum fault decision_follow(const char *data_dir, uint32_t shard, const struct generation *next,
                                  struct error *err)
{
    char path[PATH_MAX], part[PATH_MAX], stub[PATH_MAX];
    TRY(switch_path(data_dir, shard, "", path, err));
    TRY(directory_part(data_dir, true, shard, part, err));
    TRY(path_join(stub, part, "XAPIANDB", err));
    if (next->has_closed)
        TRY(stub_move(data_dir, shard, true, next->closed, err));
    else if (unlink(stub) != 0 && errno != ENOENT)
        return system_fault(err, "generation.publish", stub);
    TRY(stub_move(data_dir, shard, false, next->open, err));
    if (unlink(path) != 0 && errno != ENOENT)
        return system_fault(err, "generation.publish", path);
    return directory_sync(data_dir, err);
}

/* What stands in the way may pass (a full disk); the shard waits for it closed. */
static enum fault passing(enum fault fault, struct error *err)
{
    if (fault != FAULT_STOP)
        return fault;
    struct error why = *err;
    return error_set(err, FAULT_REOPEN, "generation.publish", "%s", why.text);
}

enum fault generation_publish(const char *data_dir, uint32_t shard, const struct generation *next, struct error *err)
{
    TRY(passing(decision_write(data_dir, shard, next, err), err));
    return passing(decision_follow(data_dir, shard, next, err), err);
}

enum fault generation_settle(const char *data_dir, uint32_t shard, struct error *err)
{
    struct generation next;
    bool decided;
    TRY(decision_read(data_dir, shard, &next, &decided, err));
    return decided ? passing(decision_follow(data_dir, shard, &next, err), err) : FAULT_NONE;
}

/* ---- files */

enum fault generation_sync(const char *path, struct error *err)
{
    DIR *folder = opendir(path);
    if (folder == NULL)
        return system_fault(err, "generation.sync", path);
    enum fault fault = FAULT_NONE;
    for (struct dirent *entry; fault == FAULT_NONE && (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        int file = openat(dirfd(folder), entry->d_name, O_RDONLY | O_CLOEXEC);
        if (file < 0 || fsync(file) != 0)
            fault = system_fault(err, "generation.sync", path);
        if (file >= 0)
            close(file);
    }
    closedir(folder);
    return fault == FAULT_NONE ? directory_sync(path, err) : fault;
}

/* ---- what is left behind */

enum fault generation_young(const struct generation *generation, size_t i, char out[static PATH_MAX], struct error *err)
{
    size_t folder = (size_t)(name_of(generation->open) - generation->open);
    if (snprintf(out, PATH_MAX, "%.*s%s", (int)folder, generation->open, generation->young.at[i]) >= PATH_MAX)
        return error_set(err, FAULT_STOP, "data.path", "data_dir is too long");
    return FAULT_NONE;
}

void generation_remove(const struct generation *generation)
{
    char path[PATH_MAX];
    struct error ignored;
    directory_remove(generation->open);
    directory_remove(generation->closed);
    for (size_t i = 0; i < generation->young.count; i++)
        if (generation_young(generation, i, path, &ignored) == FAULT_NONE)
            directory_remove(path);
}

static bool young_used(const struct young_names *young, const char *name)
{
    bool used = false;
    for (size_t i = 0; i < young->count; i++)
        used = used || strcmp(young->at[i], name) == 0;
    return used;
}

/* `used` is NULL where the part has no generation. */
static void part_clean(const char *part, const char *used, const struct young_names *young)
{
    char path[PATH_MAX];
    struct error ignored;
    DIR *folder = opendir(part);
    if (folder == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        bool ours = strncmp(entry->d_name, "gen-", 4) == 0; /* and what one is made of, gen-000004.1 */
        bool stale = ours && (used == NULL || strcmp(entry->d_name, used) != 0);
        stale = stale || (strncmp(entry->d_name, "young-", 6) == 0 && !young_used(young, entry->d_name));
        if (stale && path_join(path, part, entry->d_name, &ignored) == FAULT_NONE)
            directory_remove(path);
    }
    closedir(folder);
}

void generation_clean(const char *data_dir, uint32_t shard)
{
    static const struct young_names none = {.count = 0};
    struct generation current, next;
    struct error ignored;
    char part[PATH_MAX];
    bool exists, decided;
    if (decision_read(data_dir, shard, &next, &decided, &ignored) != FAULT_NONE || decided ||
        generation_current(data_dir, shard, &current, &exists, &ignored) != FAULT_NONE || !exists)
        return;
    for (int closed = 0; closed < 2; closed++)
        if (directory_part(data_dir, closed, shard, part, &ignored) == FAULT_NONE) {
            bool used = !closed || current.has_closed;
            part_clean(part, used ? name_of(closed ? current.closed : current.open) : NULL,
                       closed ? &none : &current.young);
            if (closed)
                (void)rmdir(part); /* nothing was ever closed: the folder that generation_next made goes */
        }
}
