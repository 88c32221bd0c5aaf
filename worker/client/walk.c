/* walk: folders -> a list of paths and ids. */
#define _DEFAULT_SOURCE /* DT_REG */
#include "walk.h"

#include "file.h"

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A folder that is being walked, to see a symbolic link that leads back into it. */
struct folder {
    const struct folder *parent;
    dev_t device;
    ino_t inode;
};

struct walker {
    struct walk *walk;
    const struct walk_rules *rules;
    struct error *err;
};

bool walk_begin(struct walk *walk)
{
    *walk = (struct walk){.arena = arena_new(SIZE_MAX)};
    return walk->arena != NULL;
}

void walk_done(struct walk *walk)
{
    arena_free(&walk->arena);
}

static enum fault out_of_memory(struct error *err)
{
    return error_set(err, FAULT_RETRY, "memory", "out of memory for the list of files; feed fewer at a time");
}

static enum fault add(const struct walker *walker, const char *path, const char *name, const char *problem)
{
    struct arena *arena = walker->walk->arena;
    const char *source = walker->rules->source;
    const char *base = walker->rules->id ? walker->rules->id : name;
    struct walk_file *file = LIST_PUSH(arena, &walker->walk->files);
    if (file == NULL)
        return out_of_memory(walker->err);
    file->path = arena_copy(arena, span_of(path)).at;
    file->id = arena_format(arena, "%s%s%s", source, *source ? "/" : "", base).at;
    file->problem = problem ? arena_copy(arena, span_of(problem)).at : NULL;
    if (file->path == NULL || file->id == NULL || (problem != NULL && file->problem == NULL))
        return out_of_memory(walker->err);
    return FAULT_NONE;
}

static bool ending_fits(const struct walk_rules *rules, const char *path)
{
    bool fits = file_ends_in(path, ".md") || file_ends_in(path, ".txt");
    for (size_t i = 0; !fits && i < rules->ending_count; i++)
        fits = file_ends_in(path, rules->endings[i]);
    return fits;
}

/* ---- One folder: names first, so that no more than one folder is open at a time ---- */

struct name {
    char *text;
    bool regular; /* the folder says that it is a regular file: nobody has to ask */
};

struct names {
    struct name *items;
    size_t count, capacity;
};

static void names_done(struct names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->items[i].text);
    free(names->items);
}

static bool names_add(struct names *names, const char *name, bool regular)
{
    if (names->count == names->capacity) {
        size_t capacity = names->capacity ? names->capacity * 2 : 64;
        struct name *larger = realloc(names->items, capacity * sizeof *larger);
        if (larger == NULL)
            return false;
        names->items = larger;
        names->capacity = capacity;
    }
    names->items[names->count] = (struct name){strdup(name), regular};
    return names->items[names->count].text != NULL && ++names->count;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct name *)a)->text, ((const struct name *)b)->text);
}

/* 0, or what errno says. */
static int names_read(const char *path, struct names *names)
{
    DIR *folder = opendir(path);
    if (folder == NULL)
        return errno;
    int reason = 0;
    for (;;) {
        errno = 0;
        struct dirent *entry = readdir(folder);
        if (entry == NULL) {
            reason = errno;
            break;
        }
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (!names_add(names, entry->d_name, entry->d_type == DT_REG)) {
            reason = ENOMEM;
            break;
        }
    }
    closedir(folder);
    if (names->count > 1)
        qsort(names->items, names->count, sizeof *names->items, by_name);
    return reason;
}

static char *joined(const char *folder, const char *name)
{
    size_t size = strlen(folder), name_size = strlen(name);
    bool slash = size > 0 && folder[size - 1] != '/';
    char *path = malloc(size + slash + name_size + 1);
    if (path == NULL)
        return NULL;
    memcpy(path, folder, size);
    path[size] = '/';
    memcpy(path + size + slash, name, name_size + 1);
    return path;
}

static bool walks_already(const struct folder *folder, const struct stat *state)
{
    for (; folder != NULL; folder = folder->parent)
        if (folder->device == state->st_dev && folder->inode == state->st_ino)
            return true;
    return false;
}

static enum fault walk_folder(const struct walker *walker, const struct folder *parent, const char *path,
                              const char *below, const struct stat *state);

/* One entry of a folder: `path` opens it, `below` is its path below the folder that was given. */
static enum fault walk_entry(const struct walker *walker, const struct folder *folder, const char *path,
                             const char *below, bool regular)
{
    struct stat state;
    bool wanted = ending_fits(walker->rules, below);
    if (regular)
        return wanted ? add(walker, path, below, NULL) : FAULT_NONE;
    if (stat(path, &state) != 0) /* a dangling link without our ending is nobody's minutes */
        return wanted ? add(walker, path, below, strerror(errno)) : FAULT_NONE;
    if (S_ISDIR(state.st_mode))
        return walks_already(folder, &state) ? FAULT_NONE : walk_folder(walker, folder, path, below, &state);
    if (!wanted)
        return FAULT_NONE;
    return add(walker, path, below, S_ISREG(state.st_mode) ? NULL : "it is not a regular file");
}

static enum fault walk_folder(const struct walker *walker, const struct folder *parent, const char *path,
                              const char *below, const struct stat *state)
{
    struct folder folder = {parent, state->st_dev, state->st_ino};
    struct names names = {0};
    enum fault fault = FAULT_NONE;
    int reason = names_read(path, &names);
    if (reason != 0)
        fault = add(walker, path, *below ? below : path, strerror(reason));
    for (size_t i = 0; fault == FAULT_NONE && i < names.count; i++) {
        char *inner = joined(path, names.items[i].text), *name = joined(below, names.items[i].text);
        if (inner == NULL || name == NULL)
            fault = out_of_memory(walker->err);
        else
            fault = walk_entry(walker, &folder, inner, name, names.items[i].regular);
        free(inner);
        free(name);
    }
    names_done(&names);
    return fault;
}

enum fault walk_add(struct walk *walk, const char *path, const struct walk_rules *rules, struct error *err)
{
    struct walker walker = {walk, rules, err};
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL && slash[1] != '\0' ? slash + 1 : path;
    struct stat state;
    if (stat(path, &state) != 0)
        return add(&walker, path, name, strerror(errno));
    if (S_ISDIR(state.st_mode))
        return walk_folder(&walker, NULL, path, "", &state);
    return add(&walker, path, name, S_ISREG(state.st_mode) ? NULL : "it is not a regular file");
}

/* Down to `below`, with the folders on the way: a link that leads back into one of them is not followed. */
static enum fault descend(const struct walker *walker, const struct folder *parent, const char *path, const char *below,
                          size_t done)
{
    struct stat state;
    const char *rest = below + done, *slash = strchr(rest, '/');
    char *inner = NULL;
    if (stat(path, &state) != 0 || walks_already(parent, &state))
        return FAULT_NONE;
    struct folder folder = {parent, state.st_dev, state.st_ino};
    size_t size = slash != NULL ? (size_t)(slash - rest) : strlen(rest);
    char *name = strndup(rest, size);
    if (name != NULL)
        inner = joined(path, name);
    enum fault fault = FAULT_NONE;
    if (inner == NULL)
        fault = out_of_memory(walker->err);
    else if (slash != NULL)
        fault = descend(walker, &folder, inner, below, done + size + 1);
    else if (stat(inner, &state) == 0)
        fault = walk_entry(walker, &folder, inner, below, S_ISREG(state.st_mode));
    free(inner);
    free(name);
    return fault;
}

enum fault walk_add_below(struct walk *walk, const char *folder, const char *below, const struct walk_rules *rules,
                          struct error *err)
{
    struct walker walker = {walk, rules, err};
    return descend(&walker, NULL, folder, below, 0);
}
