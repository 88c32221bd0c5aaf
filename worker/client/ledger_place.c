/* ledger_place: a file of its own for each worker, tenant and set of folders, so that feeders of different folders do
 * not wait for each other. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "ledger.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

static uint64_t mixed(uint64_t hash, const char *text)
{
    return XXH3_64bits_withSeed(text, strlen(text) + 1, hash); /* with the NUL: "a","b" is not "ab","" */
}

/* The last part of a path, for people who look into the folder. */
static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL && slash[1] != '\0' ? slash + 1 : "root";
}

char *ledger_place(const char *endpoint, const char *source, const char *const *paths, size_t count)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    bool has_state = state != NULL && *state == '/'; /* the XDG rule: a relative one is to be ignored */
    if ((!has_state && (home == NULL || *home == '\0')) || count == 0)
        return NULL;
    uint64_t hash = mixed(mixed(0, endpoint), source);
    char *first = NULL, *place = NULL;
    for (size_t i = 0; i < count; i++) {
        char *real = realpath(paths[i], NULL);
        if (real == NULL)
            goto out;
        hash = mixed(hash, real);
        if (first == NULL)
            first = real;
        else
            free(real);
    }
    size_t room = strlen(has_state ? state : home) + strlen(last_part(first)) + 64;
    place = malloc(room);
    if (place != NULL)
        snprintf(place, room, "%s%s/referent/%s-%016" PRIx64 ".ledger", has_state ? state : home,
                 has_state ? "" : "/.local/state", last_part(first), hash);
out:
    free(first);
    return place;
}

enum fault ledger_open_named(const char *name, const char *endpoint, const char *source, const char *const *paths,
                             size_t count, bool look, struct ledger **out, struct error *err)
{
    *out = NULL;
    if (name != NULL && strcmp(name, "auto") != 0)
        return ledger_open(name, look, out, err);
    for (size_t i = 0; i < count; i++)
        if (access(paths[i], F_OK) != 0)
            return error_set(err, FAULT_REJECT, "ledger.place",
                             "%s: %s, so nothing tells which ledger is its own; mount it, or leave it out", paths[i],
                             strerror(errno));
    char *place = ledger_place(endpoint, source, paths, count);
    if (place == NULL)
        return error_set(err, FAULT_REJECT, "ledger.place",
                         "there is no place for a ledger: neither XDG_STATE_HOME nor HOME is set; give --ledger FILE");
    enum fault fault = ledger_open(place, look, out, err);
    free(place);
    return fault;
}
