/* sentry: inotify's watch descriptors -> paths. Linux. */
#define _GNU_SOURCE
#include "sentry.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    EVENTS = IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE |
             IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR,
    DEEPEST = 64 /* a link that leads back up makes paths without end */
};

/* A folder under one of its paths; one that is linked to has several. */
struct place {
    struct place *next;
    size_t root;
    char below[];
};

struct sentry {
    int descriptor;
    struct place **places; /* by watch descriptor */
    size_t capacity, count;
};

enum fault sentry_new(struct sentry **out, struct error *err)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL)
        return error_set(err, FAULT_RETRY, "memory", "out of memory");
    (*out)->descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if ((*out)->descriptor >= 0)
        return FAULT_NONE;
    free(*out);
    *out = NULL;
    return error_set(err, FAULT_RETRY, "watch.limit",
                     "cannot watch folders: %s; raise the sysctl fs.inotify.max_user_instances", strerror(errno));
}

static void places_free(struct sentry *sentry, int watch)
{
    for (struct place *place; (place = sentry->places[watch]) != NULL;) {
        sentry->places[watch] = place->next;
        free(place);
        sentry->count--;
    }
}

void sentry_free(struct sentry **sentry)
{
    if (sentry == NULL || *sentry == NULL)
        return;
    for (size_t i = 0; i < (*sentry)->capacity; i++)
        places_free(*sentry, (int)i);
    close((*sentry)->descriptor);
    free((*sentry)->places);
    free(*sentry);
    *sentry = NULL;
}

size_t sentry_folders(const struct sentry *sentry)
{
    return sentry->count;
}

/* ---- Watching ---- */

static bool room_make(struct sentry *sentry, int watch)
{
    if ((size_t)watch < sentry->capacity)
        return true;
    size_t capacity = (size_t)watch + 64;
    struct place **larger = realloc(sentry->places, capacity * sizeof *larger);
    if (larger == NULL)
        return false;
    memset(larger + sentry->capacity, 0, (capacity - sentry->capacity) * sizeof *larger);
    sentry->places = larger;
    sentry->capacity = capacity;
    return true;
}

static enum fault place_add(struct sentry *sentry, int watch, size_t root, const char *below, struct error *err)
{
    if (!room_make(sentry, watch))
        return error_set(err, FAULT_RETRY, "memory", "out of memory for the folders that are watched");
    for (struct place *place = sentry->places[watch]; place != NULL; place = place->next)
        if (place->root == root && strcmp(place->below, below) == 0)
            return FAULT_NONE;
    size_t size = strlen(below) + 1;
    struct place *place = malloc(sizeof *place + size);
    if (place == NULL)
        return error_set(err, FAULT_RETRY, "memory", "out of memory for the folders that are watched");
    place->root = root;
    memcpy(place->below, below, size);
    place->next = sentry->places[watch];
    sentry->places[watch] = place;
    sentry->count++;
    return FAULT_NONE;
}

static enum fault folder_add(struct sentry *sentry, size_t root, const char *path, const char *below, int depth,
                             struct error *err);

static enum fault folders_below(struct sentry *sentry, size_t root, const char *path, const char *below, int depth,
                                struct error *err)
{
    DIR *folder = opendir(path);
    enum fault fault = FAULT_NONE;
    for (struct dirent *entry; folder != NULL && fault == FAULT_NONE && (entry = readdir(folder)) != NULL;) {
        char inner[PATH_MAX], name[PATH_MAX];
        struct stat state;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name) >= (int)sizeof inner ||
            snprintf(name, sizeof name, "%s%s%s", below, *below ? "/" : "", entry->d_name) >= (int)sizeof name)
            continue;
        if (stat(inner, &state) == 0 && S_ISDIR(state.st_mode))
            fault = folder_add(sentry, root, inner, name, depth + 1, err);
    }
    if (folder != NULL)
        closedir(folder);
    return fault;
}

static enum fault folder_add(struct sentry *sentry, size_t root, const char *path, const char *below, int depth,
                             struct error *err)
{
    if (depth > DEEPEST)
        return FAULT_NONE;
    int watch = inotify_add_watch(sentry->descriptor, path, EVENTS);
    if (watch < 0 && (errno == ENOSPC || errno == ENOMEM))
        return error_set(err, FAULT_RETRY, "watch.limit",
                         "the system watches no more folders than %zu; raise the sysctl fs.inotify.max_user_watches",
                         sentry->count);
    if (watch < 0)
        return FAULT_NONE; /* gone, or not ours to read: a look at it says so */
    bool looped = (size_t)watch < sentry->capacity && sentry->places[watch] != NULL && depth > 0 &&
                  strncmp(sentry->places[watch]->below, below, strlen(sentry->places[watch]->below)) == 0 &&
                  strcmp(sentry->places[watch]->below, below) != 0 && sentry->places[watch]->root == root;
    if (looped)
        return FAULT_NONE; /* a link back up: the walk does not follow it either */
    enum fault fault = place_add(sentry, watch, root, below, err);
    return fault != FAULT_NONE ? fault : folders_below(sentry, root, path, below, depth, err);
}

enum fault sentry_add(struct sentry *sentry, size_t root, const char *path, const char *below, struct error *err)
{
    return folder_add(sentry, root, path, below, 0, err);
}

/* ---- Events ---- */

/* A folder that was moved away keeps its watches under its old path: drop them all. Where it went is told anew. */
static void moved_drop(struct sentry *sentry, size_t root, const char *below)
{
    size_t size = strlen(below);
    for (size_t i = 0; i < sentry->capacity; i++) {
        const struct place *place = sentry->places[i];
        bool inside = place != NULL && place->root == root && strncmp(place->below, below, size) == 0 &&
                      (place->below[size] == '/' || place->below[size] == '\0');
        if (inside) {
            inotify_rm_watch(sentry->descriptor, (int)i);
            places_free(sentry, (int)i);
        }
    }
}

static void event_tell(struct sentry *sentry, const struct inotify_event *event, sentry_saw saw, void *self)
{
    bool writing = (event->mask & (IN_CREATE | IN_MODIFY | IN_ATTRIB)) != 0 && (event->mask & IN_ISDIR) == 0;
    struct place *next;
    for (struct place *place = sentry->places[event->wd]; place != NULL; place = next) {
        char below[PATH_MAX];
        size_t root = place->root;
        next = place->next;
        if (event->len == 0 || snprintf(below, sizeof below, "%s%s%s", place->below, *place->below ? "/" : "",
                                        event->name) >= (int)sizeof below)
            continue; /* of the folder itself: its parent tells the same */
        saw(self, root, below, writing);
        if ((event->mask & IN_MOVED_FROM) != 0 && (event->mask & IN_ISDIR) != 0)
            moved_drop(sentry, root, below); /* not this place: it is above */
    }
}

/* The system dropped a watch: its folder is gone. True: it was one that was given, and nobody above it tells. */
static bool watch_end(struct sentry *sentry, int watch)
{
    const struct place *place = sentry->places[watch];
    bool given = place != NULL && *place->below == '\0';
    places_free(sentry, watch);
    return given;
}

void sentry_read(struct sentry *sentry, sentry_saw saw, void *self, bool *lost)
{
    _Alignas(struct inotify_event) char buffer[16 * 1024];
    *lost = false;
    for (ssize_t got; (got = read(sentry->descriptor, buffer, sizeof buffer)) > 0;)
        for (const char *at = buffer; at < buffer + got;) {
            const struct inotify_event *event = (const void *)at;
            at += sizeof *event + event->len;
            bool known = event->wd >= 0 && (size_t)event->wd < sentry->capacity;
            if ((event->mask & IN_Q_OVERFLOW) != 0)
                *lost = true;
            else if (known && (event->mask & IN_IGNORED) != 0)
                *lost = watch_end(sentry, event->wd) || *lost;
            else if (known)
                event_tell(sentry, event, saw, self);
        }
}
